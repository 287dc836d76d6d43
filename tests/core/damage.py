"""What the tests of keeping share: files of an app, damaged in a certain place."""

import sqlite3
from contextlib import closing


def flip(path, share=0.5, n_bytes=3_000):
    """Turn over bytes of a file, from a share of its length on."""
    content = bytearray(path.read_bytes())
    start = int(len(content) * share)
    for place in range(start, min(start + n_bytes, len(content))):
        content[place] ^= 0xFF
    path.write_bytes(content)


def damage_table(app, name="annotations"):
    """Turn over every byte of the first page of a table or an index."""
    with closing(sqlite3.connect(app.file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        question = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = db.execute(question, [name]).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    content = bytearray(app.file.read_bytes())
    for place in range((page - 1) * size, page * size):
        content[place] ^= 0x5A
    app.file.write_bytes(content)


def replace_bytes(app, old, new):
    """Replace bytes wherever the database file has them."""
    with closing(sqlite3.connect(app.file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert len(old) == len(new)
    content = app.file.read_bytes()
    assert old in content
    app.file.write_bytes(content.replace(old, new))


def files(folder):
    """Return every file below a folder, with its bytes."""
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
