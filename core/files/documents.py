"""The words of a document: plain text, Markdown, Word, PDF.

The libraries are imported where they are needed, so that a window starts without them.
"""

import re
from collections.abc import Iterator
from typing import Any

from core.files.blobs import OLE, Blob, check_parts, readable, sound
from core.files.decoding import beginning, check_is_text, find_encoding
from core.files.errors import EncryptedFileError, NoWordsError
from core.files.records import MAX_RECORD_CHARS

PLAIN = (".txt", ".md", ".markdown", ".text")
DOCUMENTS = (*PLAIN, ".docx", ".pdf")
MAX_DOCUMENT_BYTES = 256 << 20
MAX_WORD_BYTES = 1 << 25  # of XML, unpacked; mammoth holds many times as much
SENTENCE_END = re.compile(r"[.!?:;…\"”)]\s*$")
SHORT_LINE = 0.8  # of the longest line of a page
HYPHENS = re.compile("[\ufffe\x02]\\s*")  # how PDFium says that a word goes on in the next line


def text_of(blob: Blob, encoding: str = "") -> str:
    """Return all words of a document, paragraphs parted by blank lines where it has any.

    Args:
        blob: the document.
        encoding: of plain text; "" to find it.

    Raises:
        UserError: it is empty, encrypted, damaged, has no words, or is no document.
    """
    if blob.suffix == ".docx" or (blob.suffix not in PLAIN and _is_word(blob)):
        return _word_text(blob)
    if blob.head(len(b"%PDF-")) == b"%PDF-" or blob.suffix == ".pdf":
        return _pdf_text(blob)
    check_is_text(blob)
    return beginning(blob, encoding or find_encoding(blob), MAX_RECORD_CHARS)


def _is_word(blob: Blob) -> bool:
    return blob.head(2) == b"PK"


def _word_text(blob: Blob) -> str:
    from mammoth import docx

    if blob.head(len(OLE)) == OLE:
        raise EncryptedFileError(blob.file)
    content = blob.whole(MAX_DOCUMENT_BYTES)
    check_parts(content, blob.file, MAX_WORD_BYTES)
    with sound(blob.file):
        text = "".join(_word_pieces(docx.read(content).value)).strip()
    if not text:
        raise NoWordsError(blob.file)
    return text


def _word_pieces(element: Any) -> Iterator[str]:  # noqa: ANN401  # mammoth has no types
    """Yield the words of a part of a Word document, with its line breaks, which mammoth drops."""
    from mammoth import documents as word

    if isinstance(element, word.Text):
        yield element.value
    elif isinstance(element, word.Tab):
        yield "\t"
    elif isinstance(element, word.Break):
        yield "\n"
    else:
        for child in getattr(element, "children", ()):
            yield from _word_pieces(child)
        if isinstance(element, word.Paragraph):
            yield "\n\n"


def _pdf_text(blob: Blob) -> str:
    import pypdfium2

    content = blob.whole(MAX_DOCUMENT_BYTES).getvalue()
    with readable(blob.file), sound(blob.file):
        try:
            pdf = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
                raise EncryptedFileError(blob.file) from error
            raise
        with pdf:
            text = "\n\n".join(_paragraphs(_pdf_lines(pdf)))
    if not text:
        raise NoWordsError(blob.file)
    return text


def _pdf_lines(pdf: Any) -> Iterator[tuple[str, int]]:  # noqa: ANN401  # it has no types
    """Yield the lines of all pages, each with the length of the longest one on its page."""
    n_chars = 0
    for page in pdf:
        words = page.get_textpage()
        lines = HYPHENS.sub("", words.get_text_bounded()).splitlines()
        words.close()
        page.close()
        longest = max(map(len, lines), default=0)
        yield from ((line.strip(), longest) for line in lines)
        n_chars += sum(map(len, lines))
        if n_chars > MAX_RECORD_CHARS:
            return


def _paragraphs(lines: Iterator[tuple[str, int]]) -> Iterator[str]:
    """Yield the paragraphs: they end at a blank line, or in a short line that ends a sentence."""
    held: list[str] = []
    for line, longest in lines:
        held += [line] * bool(line)
        is_last = bool(SENTENCE_END.search(line)) and len(line) < SHORT_LINE * longest
        if held and (is_last or not line):
            yield "\n".join(held)
            held = []
    if held:
        yield "\n".join(held)
