"""Who has an app open: noted in its folder, so that whoever comes second can be told.

The lock itself is the system's, and goes with the process that holds it. The note is for people,
and for folders that several computers see, where the lock of one means nothing to the others.
"""

import getpass
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from core.i18n import N_, _

NOTE = ".held.json"
WINDOW, COMMAND = "window", "command"
_WORDS = {WINDOW: N_("a window"), COMMAND: N_("a command")}
_LONGEST = 200  # characters of a name, whoever wrote the note
_CLOCK_S = 5.0  # by which a clock that is set moves when processes began

_program = [COMMAND]


def be_the_window() -> None:
    """Say of this process from now on that it is the window."""
    _program[0] = WINDOW


@dataclass(frozen=True)
class Holder:
    """A process that has an app open.

    Attributes:
        program: "window" or "command".
        began: of the process, in seconds since 1970; another one may have its number by now.
        since: when it opened the app, ISO 8601 with the offset of its clock.
    """

    program: str
    user: str
    computer: str
    process: int
    began: float
    since: str

    @property
    def is_here(self) -> bool:
        """Tell whether it was on this computer, in whichever network that is now."""
        return self.computer.partition(".")[0] == platform.node().partition(".")[0]

    @property
    def is_running(self) -> bool:
        """Tell whether it still runs on this computer; a process that has its number is not it."""
        return self.is_here and runs(self.process, self.began)

    def words(self) -> str:
        """Return who it is: "a window of Ada on desk-3, since 12:04"."""
        words = _("{program} of {user} on {computer}, since {since}")
        program = _(_WORDS.get(self.program, _WORDS[COMMAND]))
        return words.format(
            program=program, user=self.user, computer=self.computer, since=_moment(self.since)
        )


def find_holder(folder: Path) -> Holder | None:
    """Return who noted last that the app in a folder is open; None where nobody did."""
    try:
        told = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        holder = Holder(**{field.name: told[field.name] for field in fields(Holder)})
        names = (holder.program, holder.user, holder.computer, holder.since)
        is_sound = all(isinstance(name, str) and len(name) <= _LONGEST for name in names)
        is_sound = is_sound and type(holder.process) is int and isinstance(holder.began, float)
        return holder if is_sound and datetime.fromisoformat(holder.since) else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def forget_holder(folder: Path) -> None:
    """Take the note away, whoever wrote it."""
    with suppress(OSError):
        (folder / NOTE).unlink()


@contextmanager
def noted(folder: Path) -> Iterator[None]:
    """Note for a block that this process has the app open, where that can be written."""
    ours = this_process()
    with suppress(OSError):
        (folder / NOTE).write_text(json.dumps(asdict(ours), indent=1), encoding="utf-8")
    try:
        yield
    finally:
        if find_holder(folder) == ours:
            forget_holder(folder)


def this_process() -> Holder:
    """Return this process, as others shall be told of it."""
    return Holder(
        _program[0],
        _user()[:_LONGEST],
        platform.node()[:_LONGEST],
        os.getpid(),
        began(os.getpid()),
        datetime.now().astimezone().isoformat(timespec="seconds"),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a process may run for nobody that has a name
        return _("somebody")


def runs(process: int, began_at: float) -> bool:
    """Tell whether a process runs here that began then; another one may have its number by now."""
    found = began(process)
    return found > 0 and abs(found - began_at) < _CLOCK_S


def began(process: int) -> float:
    """Return when a process of this computer began; 0 where it does not run."""
    import psutil  # only where an app is opened

    try:
        return float(psutil.Process(process).create_time())
    except (psutil.Error, ValueError, OverflowError):  # no process can have that number
        return 0.0


def _moment(since: str) -> str:
    local = datetime.fromisoformat(since).astimezone()
    is_today = local.date() == datetime.now().astimezone().date()
    return local.strftime("%H:%M" if is_today else "%Y-%m-%d, %H:%M")
