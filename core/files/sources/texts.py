"""A file that is text throughout: cut into texts, or one text from its first word to its last."""

import re
from collections.abc import Iterator

from core.files.blobs import Blob
from core.files.documents import text_of
from core.files.records import Record
from core.files.tables import Cut, Mapping, Problem

BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


class TextSource:
    """The texts of one document, numbered from 1."""

    columns = ("text",)

    def __init__(self, blob: Blob, mapping: Mapping) -> None:
        self._text = text_of(blob, mapping.encoding)
        self._cut = mapping.cut
        self.share_read = 0.0

    def __iter__(self) -> Iterator[Record | Problem]:
        """Yield one row per text."""
        n_chars = 0
        for number, text in enumerate(cut_text(self._text, self._cut), start=1):
            yield number, [text]
            n_chars += len(text)
            self.share_read = min(1.0, n_chars / max(1, len(self._text)))
        self.share_read = 1.0


def cut_text(text: str, cut: Cut) -> list[str]:
    """Return the texts in a document, at least one; blank lines and paragraphs are left out."""
    if cut == "file":
        return [text]
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    pieces = plain.split("\n") if cut == "line" else BLANK_LINES.split(plain)
    return [piece.strip() for piece in pieces if piece.strip()] or [text]
