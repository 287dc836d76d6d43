"""A small writer of the workbooks of before 2007, which no library of ours writes."""

import struct
from pathlib import Path

SECTOR, LEAST = 512, 4096  # bytes; what is shorter would lie in smaller sectors
FREE, END, IS_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
BOF, BOUNDSHEET, CODEPAGE, LABEL, NUMBER, DONE = 0x809, 0x85, 0x42, 0x204, 0x203, 0x0A
BOOK, SHEET = 5, 16


def old_workbook(path: Path, rows: list[list[object]]) -> Path:
    """Write a `.xls` of one sheet whose cells are words and numbers."""
    content = _book(rows)
    content += bytes(max(LEAST, -len(content) % SECTOR + len(content)) - len(content))
    n_sectors = len(content) // SECTOR
    links = [IS_FAT, END, *range(3, 2 + n_sectors), END]
    fat = struct.pack("<128I", *links, *[FREE] * (128 - len(links)))
    folder = _entry("Root Entry", 5, END, 0, child=1) + _entry("Book", 2, 2, len(content))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, LEAST, END, 0, END, 0)
    header += struct.pack("<109I", 0, *[FREE] * 108)
    path.write_bytes(header + fat + folder.ljust(SECTOR, b"\0") + content)
    return path


def _book(rows: list[list[object]]) -> bytes:
    head = _record(BOF, struct.pack("<HHHH", 0x500, BOOK, 0, 0))
    head += _record(CODEPAGE, struct.pack("<H", 1252))
    named = struct.pack("<BB", 0, 0) + b"\5Texts"
    start = len(head) + 4 + 4 + len(named) + 4
    head += _record(BOUNDSHEET, struct.pack("<I", start) + named) + _record(DONE)
    cells = [_cell(r, c, cell) for r, row in enumerate(rows) for c, cell in enumerate(row)]
    sheet = _record(BOF, struct.pack("<HHHH", 0x500, SHEET, 0, 0))
    return head + sheet + b"".join(cells) + _record(DONE)


def _cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, int | float):
        return _record(NUMBER, place + struct.pack("<d", value))
    words = str(value).encode("cp1252")
    return _record(LABEL, place + struct.pack("<H", len(words)) + words)


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    words = (name + "\0").encode("utf-16-le")
    about = struct.pack("<HBBIII", len(words), kind, 1, FREE, FREE, child)
    return words.ljust(64, b"\0") + about + bytes(36) + struct.pack("<IQ", start, size)
