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

from filelock import FileLock, Timeout

from core.asides import flush
from core.errors import UserError, writing_to
from core.i18n import _

State = Mapping[str, Any]
MOST_BYTES = 1 << 62  # that a file can have
MOST_NOTES = 200  # in a journal, which is read while somebody waits


class BusyFileError(UserError):
    """Somebody else writes the same new file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("“{file}” is being written already.").format(file=path.name),
            next_step=_("Wait until that is done, or choose another name for the new file."),
        )


def aside_of(path: Path) -> Path:
    """Return where a file grows before it appears."""
    return path.with_name(f".{path.name}.predicting")


def journal_of(path: Path) -> Path:
    """Return where it is noted how far a file has grown."""
    return path.with_name(f".{path.name}.journal")


def read_journal(path: Path) -> list[dict[str, Any]]:
    """Return what is noted of a file that is not whole, in its order; empty if there is none.

    A journal alone is what a file left that was put in its place when the program was killed.
    """
    found: list[dict[str, Any]] = []
    if not aside_of(path).exists():
        return found
    with suppress(OSError, ValueError, RecursionError):  # the last line may be torn
        for line in journal_of(path).read_bytes().splitlines():
            note = json.loads(line)
            if not isinstance(note, dict) or (found and not _is_state(note)):
                break
            found.append(note)
    return found


def _is_state(note: dict[str, Any]) -> bool:
    counts = note.get("bytes"), note.get("rows", 0)
    return all(isinstance(count, int) and 0 <= count < MOST_BYTES for count in counts)


def forget(path: Path) -> None:
    """Remove what was written of a file that is not whole."""
    journal = journal_of(path)
    for left in (journal, aside_of(path), journal.with_name(f"{journal.name}.new")):
        with suppress(OSError):
            left.unlink()


class GrowingFile:
    """Bytes that are added one after the other.

    Attributes:
        state: what was noted last; None before anything was.
    """

    def __init__(self, path: Path, about: State) -> None:
        self._path, self._about = path, about
        self._lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=0)
        self._aside: BinaryIO | None = None
        self._journal: BinaryIO | None = None
        self.state: State | None = None
        self._n_notes = 0

    def begin(self, header: bytes) -> None:
        """Begin anew.

        Raises:
            UserError: the disk is full, the place cannot be written to, or somebody else does.
        """
        self._take()
        with writing_to(self._path):
            self._aside = aside_of(self._path).open("wb")
            self._begin_journal(self._about)
            self._aside.write(header)

    def go_on(self) -> State | None:
        """Go on from the last safe state and return it; None where nothing can go on.

        Raises:
            UserError: the place cannot be written to, or somebody else writes there.
        """
        self._take()
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
        if self._lock.is_locked:
            Path(self._lock.lock_file).unlink(missing_ok=True)
            self._lock.release()

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

    def _take(self) -> None:
        """Keep everybody else from writing the same file."""
        with writing_to(self._path):
            if not self._path.parent.is_dir():  # the lock would make it
                raise FileNotFoundError(self._path.parent)
            try:
                self._lock.acquire()
            except Timeout as error:
                raise BusyFileError(self._path) from error

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
