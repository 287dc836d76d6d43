"""Writes that fail: every write below a folder can be counted, and the n-th one be refused.

Files fail where the operating system would refuse them, databases where SQLite would: in the
middle of what writes, when it is committed, and when the file is made. A fault that lasts is a
disk that stays full; one that does not is a moment's.
"""

import builtins
import errno
import gc
import io
import os
import re
import sqlite3
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOM = (errno.ENOSPC, sqlite3.SQLITE_FULL, "database or disk is full")
IO = (errno.EIO, sqlite3.SQLITE_IOERR, "disk I/O error")
RIGHT = (errno.EACCES, sqlite3.SQLITE_READONLY, "attempt to write a readonly database")
KINDS = {"room": ROOM, "io": IO, "right": RIGHT}
WRITES = re.compile(  # what is temporary waits in memory
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE (?!TEMP)|DROP TABLE|ALTER|COMMIT|VACUUM"
    r"|BEGIN IMMEDIATE|PRAGMA (journal_mode|wal_checkpoint))",
    re.I,
)


class Faults:
    """Counts the writes below a folder, and refuses the n-th one, or all from there on.

    Attributes:
        at: the number of the write that is refused, from 1 on; 0: none.
        n: how many writes there were. where: what was refused.
    """

    def __init__(self, root, at=0, kind="room", *, lasts=False):
        self.root, self.at, self.kind, self.lasts = str(root), at, kind, lasts
        self.n, self.where, self.is_over = 0, "", False

    def is_due(self, what):
        """Count a write; tell whether it is to be refused."""
        if self.is_over:
            return False
        self.n += 1
        is_due = self.at and (self.n == self.at or (self.lasts and self.n > self.at))
        if is_due and not self.where:
            self.where = what
        return bool(is_due)

    def file(self, what, path):
        """Count a write to a file, and refuse it if it is its turn."""
        is_ours = not isinstance(path, str | bytes | os.PathLike) or self._is_below(path)
        if is_ours and self.is_due(f"{what} {path}"):
            raise OSError(KINDS[self.kind][0], os.strerror(KINDS[self.kind][0]), str(path))

    def statement(self, connection, sql):
        """Count what writes to a database, and refuse it as SQLite would."""
        if not WRITES.match(sql) or not self.is_due(f"SQL {sql[:60]}"):
            return
        _number, code, words = KINDS[self.kind]
        if code == sqlite3.SQLITE_FULL and connection.in_transaction:
            sqlite3.Connection.execute(connection, "ROLLBACK")  # so does SQLite
        error = sqlite3.OperationalError(words)
        error.sqlite_errorcode = code
        raise error

    def _is_below(self, path):
        return str(Path(os.fsdecode(path)).absolute()).startswith(self.root)


@contextmanager
def failing(faults):
    """Let every write of the block go through these faults."""
    with pytest.MonkeyPatch.context() as patch:
        _patch_files(patch, faults)
        _patch_databases(patch, faults)
        patch.setattr(sys, "unraisablehook", lambda _told: None)  # files that are closed too late
        try:
            yield faults
        finally:
            faults.is_over = True
            gc.collect()  # archives that were given up close themselves, and cannot


def _patch_files(patch, faults):
    opened = io.open

    def open_(file, mode="r", buffering=-1, *words, **named):
        is_written = set(mode) & set("wax+") and not isinstance(file, int)
        if not is_written or not faults._is_below(file):
            return opened(file, mode, buffering, *words, **named)
        faults.file("open", file)
        return _opened(file, mode, faults, *words, **named)

    patch.setattr(io, "open", open_)
    patch.setattr(builtins, "open", open_)
    for name in ("mkdir", "fsync", "link", "symlink", "truncate"):
        patch.setattr(os, name, _first(name, getattr(os, name), faults))
    for name in ("rename", "replace"):
        patch.setattr(os, name, _first(name, getattr(os, name), faults))
    if hasattr(os, "sendfile"):
        patch.setattr(os, "sendfile", _first("copy", os.sendfile, faults))


def _first(name, does, faults):
    def checked(place, *words, **named):
        faults.file(name, place)
        return does(place, *words, **named)

    return checked


def _opened(file, mode, faults, *words, opener=None, **named):
    """Open a file whose bytes are refused when they leave for the disk, as they would be."""

    class Raw(io.FileIO):
        def write(self, chunk):
            faults.file("write", file)
            return super().write(chunk)

    raw = Raw(file, mode.replace("b", "").replace("t", ""), opener=opener)
    buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
    if "b" in mode:
        return buffered
    text = io.TextIOWrapper(buffered, *words, **named)
    text.mode = mode
    return text


def _patch_databases(patch, faults):
    class Failing(sqlite3.Connection):
        def execute(self, sql, *words):
            faults.statement(self, sql)
            return super().execute(sql, *words)

        def executemany(self, sql, *words):
            faults.statement(self, sql)
            return super().executemany(sql, *words)

        def executescript(self, sql):
            faults.statement(self, "CREATE")
            return super().executescript(sql)

        def backup(self, target, **named):
            faults.statement(target, "INSERT a copy")
            return super().backup(target, **named)

    connect = sqlite3.connect

    def connected(path, *words, **named):
        if path == ":memory:" or not faults._is_below(path):
            return connect(path, *words, **named)
        return connect(path, *words, factory=Failing, **named)

    patch.setattr(sqlite3, "connect", connected)
