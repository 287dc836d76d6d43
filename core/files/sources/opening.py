"""Tells what kind of file it is, by its beginning before its name, and opens it."""

from pathlib import Path

from core.files.blobs import (
    OLE,
    PDF,
    ZIP,
    Blob,
    file_blob,
    folder_blobs,
    is_zip,
    readable,
    zip_blobs,
)
from core.files.decoding import check_is_text
from core.files.documents import DOCUMENTS, PLAIN
from core.files.errors import (
    DamagedFileError,
    EncryptedFileError,
    FormatUnsupportedError,
    NoTextFilesError,
    SeveralTablesError,
)
from core.files.records import Records
from core.files.sources.base import Source
from core.files.sources.folders import TABLES, FolderSource
from core.files.sources.json_rows import LINES, JsonSource
from core.files.sources.tables import TableSource
from core.files.sources.texts import TextSource
from core.files.sources.workbooks import SheetRows
from core.files.tables import Kind, Mapping

JSON = (".json", *LINES)
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xls", ".xlt")
OFFICE = {"xl/": "workbook", "word/": "document"}  # folders in a ZIP that is no ZIP to people
FEW_NOTES = 2  # documents that may lie beside a table in a ZIP, such as a "read me"


def open_source(path: Path, mapping: Mapping) -> Source:
    """Return the rows of a file or folder.

    Raises:
        UserError: it is missing, empty, of a kind that is not read, or cannot be read.
    """
    if mapping.kind == "folder":
        blobs, closed = (zip_blobs(path), []) if path.is_file() else folder_blobs(path)
        if not any(blob.suffix in DOCUMENTS for blob in blobs):
            raise NoTextFilesError(path.name)
        name = path.stem if path.is_file() else path.resolve().name
        return FolderSource(name, blobs, closed, mapping)
    blob = find_blob(path)
    if mapping.kind == "workbook":
        return TableSource(blob.file, SheetRows(blob, mapping.sheet), mapping)
    if mapping.kind == "json":
        return JsonSource(blob, mapping)
    if mapping.kind == "document" or (mapping.kind == "texts" and mapping.cut != "line"):
        return TextSource(blob, mapping)
    check_is_text(blob)
    return TableSource(blob.file, Records(blob, mapping), mapping)


def find_kind(path: Path) -> Kind:
    """Return what a file or folder is, before anything is known of its columns.

    Raises:
        UserError: it is of a kind that is not read.
    """
    with readable(path.name):  # the system may refuse the name itself
        is_folder = path.is_dir()
    if is_folder or (is_zip(path) and not _office(path) and _table_in(path) is None):
        return "folder"
    blob = find_blob(path)
    head = blob.head(len(PDF))
    if head.startswith(ZIP):
        return _kind_of_office(blob)
    if head.startswith(OLE):
        return _kind_of_old_office(blob)
    if blob.suffix == ".pdf" or head.startswith(PDF):
        return "document"
    if blob.suffix in (".docx", ".xlsx", ".xlsm"):
        raise DamagedFileError(blob.file)
    if blob.suffix in WORKBOOKS and head.lstrip().startswith(b"<"):  # as web sites save them
        raise FormatUnsupportedError(blob.file, ".html")
    if blob.suffix in JSON:
        return "json"
    return "texts" if blob.suffix in PLAIN else "table"


def find_blob(path: Path) -> Blob:
    """Return the file itself, or the one table or document in a ZIP.

    Raises:
        UserError: it cannot be opened.
    """
    table = _table_in(path) if path.is_file() and is_zip(path) and not _office(path) else None
    return table or file_blob(path)


def size_bytes(path: Path) -> int:
    """Return the size of a file, or of all files in a folder."""
    with readable(path.name):
        if path.is_dir():
            return sum(b.size_bytes for b in folder_blobs(path)[0] if b.suffix in DOCUMENTS)
        return path.stat().st_size


def _office(path: Path) -> Kind | None:
    """Return what a file of an office program is that a ZIP is behind."""
    if path.suffix.lower() in (*WORKBOOKS, ".docx"):
        return "document" if path.suffix.lower() == ".docx" else "workbook"
    names = [blob.name for blob in zip_blobs(path)]
    found = [kind for folder, kind in OFFICE.items() if any(n.startswith(folder) for n in names)]
    return found[0] if found and "[Content_Types].xml" in names else None  # type: ignore[return-value]


def _table_in(path: Path) -> Blob | None:
    """Return the file that a ZIP was made for; None if it is a folder of documents."""
    blobs = zip_blobs(path)
    tables = [blob for blob in blobs if blob.suffix in TABLES]
    documents = [blob for blob in blobs if blob.suffix in DOCUMENTS]
    if len(documents) > FEW_NOTES or (documents and not tables):
        return documents[0] if len(blobs) == 1 and "/" not in documents[0].name else None
    if len(tables) > 1:
        raise SeveralTablesError(path.name)
    return tables[0] if tables else None


def _kind_of_office(blob: Blob) -> Kind:
    """Return the kind of what begins like a ZIP and is read as one file."""
    if blob.suffix == ".docx":
        return "document"
    if blob.suffix in WORKBOOKS or blob.suffix not in TABLES:
        return "workbook"
    raise FormatUnsupportedError(blob.file, ".zip")


def _kind_of_old_office(blob: Blob) -> Kind:
    if blob.suffix == ".docx":
        raise EncryptedFileError(blob.file)
    if blob.suffix in WORKBOOKS:
        return "workbook"
    raise FormatUnsupportedError(blob.file, blob.suffix or ".doc")
