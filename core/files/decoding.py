"""From bytes to characters: is a file text at all, and in which encoding."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from io import BufferedReader, TextIOWrapper

from charset_normalizer import from_bytes

from core.files.blobs import Blob, Stream, readable
from core.files.errors import (
    EmptyFileError,
    EncodingUnknownError,
    FormatUnsupportedError,
    NotTextError,
)

WHOLE_BYTES = 4 << 20  # up to here every byte is looked at; of what is packed no more
PIECE_BYTES = 1 << 18
N_PIECES = 16  # of a longer file: head, tail and what lies evenly between
GUESS_BYTES = 1 << 14  # more makes charset-normalizer slower, not surer
FEW_BYTES = 8
BUFFER_BYTES = 1 << 15
LOOKED_AT_BYTES = 4 << 20

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
    *(".ods", ".xlsb", ".doc", ".odt", ".rtf", ".pages", ".numbers", ".ppt", ".pptx", ".msg"),
    *(".xml", ".html", ".htm", ".parquet", ".sqlite", ".db"),
    *(".gz", ".zip", ".7z", ".bz2", ".xz", ".tar", ".rar", ".zst"),
)
SIGNATURES = (
    *((b"PK\x03\x04", ".zip"), (b"\x1f\x8b", ".gz"), (b"\xd0\xcf\x11\xe0", ".doc")),
    *((b"%PDF-", ".pdf"), (b"PAR1", ".parquet"), (b"{\\rtf", ".rtf")),
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


def check_encoding(name: str) -> None:
    """Refuse what is no encoding of text.

    Raises:
        EncodingUnknownError: Python knows none of this name.
    """
    try:
        b"ab".decode(name, MARK_BROKEN)
    except (LookupError, ValueError) as error:
        raise EncodingUnknownError(name) from error


def check_is_text(blob: Blob) -> None:
    """Refuse, by its name and its first bytes, a file that is empty or no text.

    Raises:
        EmptyFileError: there is nothing in it but white space.
        FormatUnsupportedError: a format that is not read.
        NotTextError: too many of its bytes are control characters.
    """
    head = blob.head(PIECE_BYTES)
    signed = [suffix for signature, suffix in SIGNATURES if head.startswith(signature)]
    if signed or blob.suffix in UNSUPPORTED:
        suffix = blob.suffix if blob.suffix in UNSUPPORTED else signed[0]
        raise FormatUnsupportedError(blob.file, suffix)
    if len(head) < PIECE_BYTES and not head.strip():
        raise EmptyFileError(blob.file)
    controls = len(CONTROLS.findall(head))
    if not _wide(head) and controls >= FEW_BYTES and controls > len(head) / 20:
        raise NotTextError(blob.file)


def find_encoding(blob: Blob) -> str:
    """Return Python's name of the encoding: by its mark, then UTF-8 if it fits, then a guess.

    At most 4 MB are looked at, so the time is bounded; a file of one broken character stays
    UTF-8, and the row with that character becomes a problem.
    """
    pieces = _pieces(blob)
    wide = _wide(pieces[0])
    if wide:
        return wide
    n_good, n_bad = 0, 0
    for piece in pieces:
        good, bad = _count_utf8(piece)
        n_good, n_bad = n_good + good, n_bad + bad
    return "utf-8" if n_good >= n_bad else _guess(b"".join(pieces))


@dataclass
class Look:
    """Whether what was looked at goes on behind the look."""

    was_cut: bool = False

    def cut(self) -> None:
        """Note that it does."""
        self.was_cut = True


_LOOK: ContextVar[Look | None] = ContextVar("look", default=None)


@contextmanager
def only_a_look() -> Iterator[Look]:
    """Let rows that are read inside end after `LOOKED_AT_BYTES`: a row, or nothing, may be endless.

    Whoever chooses a file waits for its first rows.
    """
    look = Look()
    token = _LOOK.set(look)
    try:
        yield look
    finally:
        _LOOK.reset(token)


def opened(blob: Blob, encoding: str) -> TextIOWrapper:
    """Begin to read the characters of a blob, for `with`; bytes that are none become `BROKEN`."""
    stream, look = blob.open(), _LOOK.get()
    if look:
        stream.end_after(LOOKED_AT_BYTES, look.cut)
    return _characters(stream, encoding)


def _characters(stream: Stream, encoding: str) -> TextIOWrapper:
    file = BufferedReader(stream, BUFFER_BYTES)
    return TextIOWrapper(file, encoding=encoding, errors=MARK_BROKEN, newline="")


def stream_of(file: TextIOWrapper) -> Stream:
    """Return the bytes below what `opened` returned, which know how much has been read."""
    stream = getattr(file.buffer, "raw", None)
    assert isinstance(stream, Stream)
    return stream


def beginning(blob: Blob, encoding: str, n_chars: int) -> str:
    """Return the first characters of a blob, with its line ends.

    Raises:
        UserError: they cannot be read.
    """
    check_encoding(encoding)
    with readable(blob.file), _characters(blob.open(), encoding) as file:
        return file.read(n_chars)


def _pieces(blob: Blob) -> list[bytes]:
    """Return all bytes, or those of several places; what is packed cannot be leapt through."""
    with readable(blob.file), blob.open() as stream:
        if stream.seekable() and blob.size_bytes > WHOLE_BYTES:
            return [_piece(stream, blob.size_bytes, i) for i in range(N_PIECES)]
        return [BufferedReader(stream).read(WHOLE_BYTES)]


def _piece(stream: Stream, size_bytes: int, i: int) -> bytes:
    stream.seek(i * (size_bytes - PIECE_BYTES) // (N_PIECES - 1))
    return stream.read(PIECE_BYTES) or b""


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
