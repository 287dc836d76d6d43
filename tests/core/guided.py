"""A search for inputs that break a reader, led by the lines of ours that they reach.

An input that goes a new way through `core` is kept and harmed further, so that chance works its
way past one check after the other; `tests/core/hostile.py` says how something is harmed. Written
here rather than taken from atheris: inputs are folders and archives whose checksums are made to
fit again, and the tracing that Python has finds the same ways without an instrumented engine.
"""

import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import CodeType, FrameType

from tests.core.hostile import MOST_CPU_S, Case, Files, Tally, harmed, meet

CORE = str(Path(__file__).parent.parent.parent / "core")
MOST_BYTES = 300_000  # of an input that is harmed further
Way = tuple[CodeType, int, int]  # from one line of a function to another


@dataclass
class Search:
    """What a search found.

    Attributes:
        ways: steps from line to line of ours that were gone.
        pool: inputs that each went a new way. failures: by place, what was raised and its input.
    """

    tally: Tally = field(default_factory=Tally)
    ways: set[Way] = field(default_factory=set)
    pool: list[Files] = field(default_factory=list)
    failures: dict[str, Files] = field(default_factory=dict)
    n_tried: int = 0

    @property
    def told(self) -> str:
        """What came of it, in one line."""
        return (
            f"{self.n_tried:6} tried {self.tally.n_read:6} read {self.tally.n_refused:6} refused "
            f"{len(self.pool) - 1:5} new ways, {len(self.failures)} failed"
        )


@contextmanager
def traced(ways: set[Way]) -> Iterator[None]:
    """Note which ways are gone through code of ours."""

    def enter(frame: FrameType, _event: str, _value: object) -> Callable[..., object] | None:
        if not frame.f_code.co_filename.startswith(CORE):
            return None
        code, last = frame.f_code, 0

        def step(frame: FrameType, event: str, _value: object) -> Callable[..., object]:
            nonlocal last
            if event == "line":
                ways.add((code, last, frame.f_lineno))
                last = frame.f_lineno
            return step

        return step

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        yield
    finally:
        sys.settrace(before)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Break off what takes longer than so many seconds of this process.

    Raises:
        TimeoutError: it did.
    """
    if not hasattr(signal, "setitimer"):  # on Windows
        yield
        return

    def break_off(*_about: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, break_off)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def search(case: Case, folder: Path, seconds: float, seed: int) -> Search:
    """Harm an input and what came of it for so many seconds; failures are gathered, not raised."""
    chance, found = Random(seed), Search(pool=[case.files])
    _try(case, folder / "0", case.files, found)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        files = harmed(chance, _chosen(chance, found.pool))
        if chance.randrange(4):
            files = case.mend(files)
        found.n_tried += 1
        n_ways = len(found.ways)
        place = folder / f"{found.n_tried}"
        _try(case, place, files, found)
        shutil.rmtree(place, ignore_errors=True)
        if len(found.ways) > n_ways and sum(map(len, files.values())) < MOST_BYTES:
            found.pool.append(files)
    return found


def keep_failures(name: str, failures: dict[str, Files], folder: Path) -> None:
    """Write what broke a reader below a folder, so that it can be looked at."""
    for n, (where, files) in enumerate(failures.items()):
        place = folder / "broke" / f"{name} {n}"
        for file, content in {**files, "why": where.encode(errors="replace")}.items():
            path = place / (file.replace("/", "+") or "file")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _chosen(chance: Random, pool: list[Files]) -> Files:
    """Return one of the inputs, the new ones more often; now and then with a part of another."""
    files = pool[-1 - int(len(pool) * chance.random() ** 2)]
    if chance.randrange(8) == 0:
        other = chance.choice(pool)
        name = chance.choice(sorted(other))
        files = files | {name: other[name]}
    return files


def _try(case: Case, place: Path, files: Files, found: Search) -> None:
    place.mkdir()
    path = case.write(place, files)
    try:
        with within(MOST_CPU_S * 4), traced(found.ways):  # which is slower than the program
            meet(case.read, path, found.tally)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what we look for
        found.failures.setdefault(_where(error), files)


def _where(error: BaseException) -> str:
    """Return what went wrong and the last line of ours that it went through."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(CORE)]
    place = f"{frames[-1].filename[len(CORE) + 1 :]}:{frames[-1].lineno}" if frames else "the test"
    return f"{type(error).__name__} at {place}: {str(error)[:100]!r}"
