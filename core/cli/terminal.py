"""What the commands share: an app, an answer, and a job whose caller reads a terminal."""

import argparse
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from core.app_folder import AppFolder, find_app_folder
from core.errors import UserError
from core.i18n import _
from core.jobs import Event, Job, Note, Progress
from core.preferences import recent_apps
from core.wording import out_of

Arguments = argparse.Namespace
BITS_OF_A_KEY = 63
_STEERING = (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F))
_HARMLESS = dict.fromkeys((*_STEERING, *range(8294, 8298)), "�") | {ord("\r"): ""}
QUIET_SECONDS, PARTS = 10, 4


@dataclass(frozen=True)
class Answer:
    """What a command has to say: a value for machines, a text for people; its exit status."""

    value: Any
    text: str
    status: int = 0


class TerminalJob(Job):
    """A job whose caller reads a terminal, or keeps a log: progress on stderr.

    A terminal shows one line that is written over. A log gets a line for each stage, for each
    quarter of one and for each note, once the job has taken `QUIET_SECONDS`.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._is_shown = sys.stderr.isatty()
        self._seconds, self._began = seconds, seconds()
        self._logged = ("", 0)

    def publish(self, event: Event) -> None:
        """Keep the event, and show it."""
        super().publish(event)
        if self._is_shown and isinstance(event, Progress):
            sys.stderr.write(f"\r\033[K{_line(event)}")
        elif not self._is_shown and self._seconds() - self._began >= QUIET_SECONDS:
            self._log(event)

    def _log(self, event: Event) -> None:
        if isinstance(event, Note):
            sys.stderr.write(f"{event.line}\n")
        elif isinstance(event, Progress) and event.stage:
            quarter = PARTS * event.done // event.total if event.total else 0
            if (event.stage, quarter) != self._logged:
                self._logged = (event.stage, quarter)
                sys.stderr.write(f"{_line(event)}\n")
                sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line empty."""
        if self._is_shown:
            sys.stderr.write("\r\033[K")

    def end(self, words: str, status: int) -> int:
        """Say on stderr how it ended; return the exit status."""
        self.clear()
        sys.stderr.write(f"{harmless(words)}\n")
        return status


def harmless(words: str) -> str:
    """Return words without signs by which a stranger's name or text would steer the terminal."""
    return words.translate(_HARMLESS)


def _line(progress: Progress) -> str:
    counts = out_of(progress.done, progress.total) if progress.total else ""
    return f"{progress.stage} {counts}".rstrip()


class UsageError(UserError):
    """A command was typed wrongly."""


class Parser(argparse.ArgumentParser):
    """Refuses what was typed wrongly like anything else that can be put right."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where to read how it is done."""
        next_step = _("See `{command} --help`.").format(command=self.prog)
        message = re.sub(r": invalid \w+ value: ", " cannot be ", message)
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", next_step=next_step)


def answer_words(chosen: Sequence[str], *, needs_person: bool) -> str:
    """Return what a model answered."""
    left = _("Left for a person") if needs_person else _("None of your concepts")
    return ", ".join(chosen) or left


Run = Callable[[Arguments, Job], Answer]
Add = Callable[[str, Run, str], argparse.ArgumentParser]


def with_app(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Let a command be about an app."""
    command.add_argument("app", metavar="APP", help="an app's name or its folder")
    return command


def with_model(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Let a command be about a model of an app, and one of its versions."""
    with_app(command).add_argument("model", metavar="MODEL")
    command.add_argument(
        "--number", type=int, default=0, metavar="N", help="version of the model; else the newest"
    )
    return command


def key(words: str) -> int:
    """Return the key of something that is kept.

    Raises:
        ValueError: it is none that a database could hold.
    """
    number = int(words)
    if number.bit_length() > BITS_OF_A_KEY:
        raise ValueError(words)
    return number


def app_of(arguments: Arguments) -> AppFolder:
    """Return the app that was named.

    Raises:
        AppMissingError: there is none.
    """
    return find_app_folder(arguments.app, recent_apps())
