"""A file that grows aside and survives a stop, a kill and a power cut; it appears when whole.

Beside it lies its journal: one line of JSON that says what the file is about, and one for every
time that all before it was safe on the disk. What was written behind the last of these is cut off
when the work goes on, so that it goes on from a state that it was really in.
"""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from core.asides import flush
from core.errors import writing_to

State = Mapping[str, Any]
MOST_NOTES = 200  # in a journal, which is read while somebody waits


def aside_of(path: Path) -> Path:
    """Return where a file grows before it appears."""
    return path.with_name(f".{path.name}.predicting")


def journal_of(path: Path) -> Path:
    """Return where it is noted how far a file has grown."""
    return path.with_name(f".{path.name}.journal")


def read_journal(path: Path) -> list[dict[str, Any]]:
    """Return what is noted of a file that is not whole, in its order; empty if there is none."""
    found: list[dict[str, Any]] = []
    with suppress(OSError, ValueError):  # the last line may be torn
        for line in journal_of(path).read_bytes().splitlines():
            note = json.loads(line)
            if not isinstance(note, dict):
                break
            found.append(note)
    return found


def forget(path: Path) -> None:
    """Remove what was written of a file that is not whole."""
    journal = journal_of(path)
    for left in (aside_of(path), journal, journal.with_name(f"{journal.name}.new")):
        with suppress(OSError):
            left.unlink()


class GrowingFile:
    """Bytes that are added one after the other.

    Attributes:
        state: what was noted last; None before anything was.
    """

    def __init__(self, path: Path, about: State) -> None:
        self._path, self._about = path, about
        self._aside: BinaryIO | None = None
        self._journal: BinaryIO | None = None
        self.state: State | None = None
        self._n_notes = 0

    def begin(self, header: bytes) -> None:
        """Begin anew.

        Raises:
            UserError: the disk is full, or the place cannot be written to.
        """
        with writing_to(self._path):
            self._aside = aside_of(self._path).open("wb")
            self._begin_journal(self._about)
            self._aside.write(header)

    def go_on(self) -> State | None:
        """Go on from the last safe state and return it; None where nothing can go on.

        Raises:
            UserError: the place cannot be written to.
        """
        about, *states = read_journal(self._path) or [{}]
        size = _size(aside_of(self._path))
        state: State | None = next((one for one in reversed(states) if one["bytes"] <= size), None)
        if about != json.loads(json.dumps(self._about)) or state is None:
            return None
        with writing_to(self._path):
            os.truncate(aside_of(self._path), state["bytes"])
            self._aside = aside_of(self._path).open("ab")
            self._begin_journal(self._about, state)
        self.state = state
        return state

    def add(self, content: bytes) -> None:
        """Add bytes, which are not safe yet."""
        assert self._aside is not None
        with writing_to(self._path):
            self._aside.write(content)

    def keep(self, state: State) -> None:
        """See all that was added onto the disk, and note how far it is."""
        assert self._aside is not None
        with writing_to(self._path):
            self._aside.flush()
            os.fsync(self._aside.fileno())
            self.state = {**state, "bytes": self._aside.tell()}
            self._n_notes += 1
            if self._n_notes % MOST_NOTES:
                self._note(self.state)
            else:
                self._begin_journal(self._about, self.state)

    def leave(self) -> None:
        """Close it as it is; where nothing is worth going on from, nothing stays."""
        for file in (self._aside, self._journal):
            if file is not None:
                with suppress(OSError):  # of a full disk: what could not be flushed is cut off
                    file.close()
        if self.state is None and self._aside is not None:
            forget(self._path)

    def finish(self, pack: Callable[[Path], None] | None = None) -> None:
        """Put the file in its place; `pack` may make another one of what was written."""
        assert self._aside is not None
        aside = aside_of(self._path)
        with writing_to(self._path):
            self._aside.flush()
            os.fsync(self._aside.fileno())
            self._aside.close()
            if pack is None:
                aside.replace(self._path)
            else:
                pack(aside)
            with suppress(OSError):  # not every file system can
                flush(self._path.parent)
        if self._journal is not None:
            self._journal.close()
        forget(self._path)

    def _begin_journal(self, *notes: State) -> None:
        """Write a new journal in the place of an older one, which stays until then."""
        journal = journal_of(self._path)
        new = journal.with_name(f"{journal.name}.new")
        if self._journal is not None:
            self._journal.close()
        with new.open("wb") as self._journal:
            for note in notes:
                self._note(note)
        new.replace(journal)
        self._journal = journal.open("ab")

    def _note(self, state: State) -> None:
        assert self._journal is not None
        self._journal.write(json.dumps(state).encode() + b"\n")
        self._journal.flush()
        os.fsync(self._journal.fileno())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
