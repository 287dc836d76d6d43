"""From bytes to characters: is a file text at all, and in which encoding."""

import codecs
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from charset_normalizer import from_bytes

from core.files.errors import (
    EmptyFileError,
    EncodingUnknownError,
    EncodingWrongError,
    FileMissingError,
    FileUnreadableError,
    FormatUnsupportedError,
    NotTextError,
)

WHOLE_BYTES = 4 << 20  # up to here every byte is looked at
PIECE_BYTES = 1 << 18
N_PIECES = 16  # of a longer file: head, tail and what lies evenly between
GUESS_BYTES = 1 << 14  # more makes charset-normalizer slower, not surer
FEW_BYTES = 8

BROKEN = "\udcff"  # stands for bytes that are no character; no sound text holds it
MARK_BROKEN = "textwright-mark-broken"

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("koi8_r", "cp932", "euc_jp", "gb18030", "big5", "cp949", "mac_roman", "cp850"),
]
UNSUPPORTED = (
    *(".xlsx", ".xlsm", ".xls", ".ods", ".doc", ".docx", ".odt", ".rtf", ".pdf"),
    *(".json", ".jsonl", ".ndjson", ".xml", ".html", ".parquet"),
    *(".gz", ".zip", ".7z", ".bz2", ".xz", ".tar"),
)
SIGNATURES = (
    *((b"PK\x03\x04", ".zip"), (b"\x1f\x8b", ".gz"), (b"\xd0\xcf\x11\xe0", ".xls")),
    *((b"%PDF-", ".pdf"), (b"PAR1", ".parquet")),
)
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
ESCAPED = re.compile("[\udc80-\udcff]")
HIGH = re.compile(rb"[\x80-\xff]")
CONTINUATIONS = re.compile(rb"\A[\x80-\xbf]{1,3}")


def _mark_broken(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return BROKEN, error.end
    raise error


codecs.register_error(MARK_BROKEN, _mark_broken)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say in the analyst's words what the operating system has against reading a file."""
    try:
        yield
    except FileNotFoundError as error:
        raise FileMissingError(path.name) from error
    except OSError as error:
        raise FileUnreadableError(path.name, error.strerror or "") from error
    except UnicodeError as error:
        raise EncodingWrongError(path.name) from error


def check_encoding(name: str) -> None:
    """Refuse what is no encoding of text.

    Raises:
        EncodingUnknownError: Python knows none of this name.
    """
    try:
        b"ab".decode(name, MARK_BROKEN)
    except (LookupError, ValueError) as error:
        raise EncodingUnknownError(name) from error


def check_is_text(path: Path) -> None:
    """Refuse, by its name and its first bytes, a file that is empty or no text.

    Raises:
        EmptyFileError: there is nothing in it but white space.
        FormatUnsupportedError: a workbook, JSON, an archive, a PDF.
        NotTextError: too many of its bytes are control characters.
    """
    with readable(path), path.open("rb") as file:
        head = file.read(PIECE_BYTES)
    signed = [suffix for signature, suffix in SIGNATURES if head.startswith(signature)]
    suffix = path.suffix.lower()
    if signed or suffix in UNSUPPORTED:
        raise FormatUnsupportedError(path.name, suffix if suffix in UNSUPPORTED else signed[0])
    if len(head) < PIECE_BYTES and not head.strip():
        raise EmptyFileError(path.name)
    controls = len(CONTROLS.findall(head))
    if not _wide(head) and controls >= FEW_BYTES and controls > len(head) / 20:
        raise NotTextError(path.name)


def find_encoding(path: Path) -> str:
    """Return Python's name of the encoding: by its mark, then UTF-8 if it fits, then a guess.

    At most 4 MB are looked at, so the time is bounded; a file of one broken character stays
    UTF-8, and the row with that character becomes a problem.
    """
    with readable(path):
        pieces = list(_pieces(path))
    wide = _wide(pieces[0])
    if wide:
        return wide
    n_good, n_bad = 0, 0
    for piece in pieces:
        good, bad = _count_utf8(piece)
        n_good, n_bad = n_good + good, n_bad + bad
    return "utf-8" if n_good >= n_bad else _guess(b"".join(pieces))


def _pieces(path: Path) -> Iterator[bytes]:
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        if size_bytes <= WHOLE_BYTES:
            yield file.read()
            return
        for i in range(N_PIECES):
            file.seek(i * (size_bytes - PIECE_BYTES) // (N_PIECES - 1), os.SEEK_SET)
            yield file.read(PIECE_BYTES)


def _wide(head: bytes) -> str:
    """Return the encoding that a mark or a regular pattern of NUL bytes gives away, or ""."""
    for bom, name in BOMS:
        if head.startswith(bom):
            return name
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        here, there = head[first::2], head[1 - first :: 2]
        if here.count(0) > len(here) / 2 and there.count(0) < len(there) / 20:
            return name
    return ""


def _count_utf8(piece: bytes) -> tuple[int, int]:
    """Return how many characters beyond ASCII are valid UTF-8, and how many bytes are not."""
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(
        CONTINUATIONS.sub(b"", piece)
    )
    n_bad = len(ESCAPED.findall(text))
    return len(text) - len(text.encode("ascii", "ignore")) - n_bad, n_bad


def _guess(content: bytes) -> str:
    """Return the likeliest encoding of those in which office programs saved before UTF-8."""
    lines, n_bytes = [], 0
    for line in content.splitlines(keepends=True):
        if not line.isascii():
            lines.append(line)
            n_bytes += len(line)
        if n_bytes > GUESS_BYTES:
            break
    sample = b"".join(lines)[: 2 * GUESS_BYTES]
    if len(HIGH.findall(sample)) < FEW_BYTES:
        return "cp1252"
    matches = list(from_bytes(sample, cp_isolation=LEGACY))
    if not matches:
        return "cp1252"
    best = matches[0]
    western = next((match for match in matches if match.encoding == "cp1252"), None)
    if western and western.chaos <= best.chaos + 0.02 and western.coherence > best.coherence - 0.1:
        return "cp1252"
    return best.encoding
