"""What the tests of hostile input share: how something valid is harmed, and what must come of it.

An input is its files by name, `{"": content}` if it is one file. A harm is drawn by
hypothesis, with no chance of its own, so that a failure comes again: bytes are flipped, cut,
repeated or swapped, or a value inside JSON gives way to one that nobody expects there.
"""

import json
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.errors import UserError

MOST_CPU_S = 30  # for one input of a few kB, whatever else the computer does
MOST_CHARS = 2_000  # of a sentence
LONG = "x" * 100_000
SCALARS = (
    *(None, True, 0, -1, 10**30, 1e308, float("nan"), float("inf"), 0.5, 1 << 62, 10**400),
    *("", "\ud800", "\u202egnp.exe", "\0", "..", "../../x", "/dev/zero", "a:b", LONG, "1e999"),
)
STRANGE = (
    *SCALARS,
    *([], {}, [1], [[]], {"": ""}, {"a": {"a": {"a": 1}}}, ["\udfff"], [None], [{}], {"id": []}),
)
WORDS = re.compile(rb"[A-Za-z0-9_.+-]+|[^A-Za-z0-9_.+\s-]")
DEEP = b"[" * 100_000
BITES = (b"\0", b"\xff\xfe", b'"', b"<", b"&a;", b"[" * 3_000, b"9" * 5_000, b"\r", b"\xed\xa0\x80")

PLAN = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
Files = dict[str, bytes]


@dataclass(frozen=True)
class Case:
    """One kind of input.

    Attributes:
        files: a valid one.
        write: puts files into an empty folder and returns where the input is.
        read: does all that the program does with it.
        mend: makes checksums fit again, so that what is harmed is looked at and not only refused.
    """

    files: Files
    write: Callable[[Path, Files], Path]
    read: Callable[[Path], object]
    mend: Callable[[Files], Files] = field(default=lambda files: files)


@dataclass
class Tally:
    """What came of the inputs."""

    n_read: int = 0
    n_refused: int = 0


def attack(case: Case, folder: Path, n: int) -> Tally:
    """Harm a case in `n` ways; every one is read, or refused as the analyst must be told."""
    tally = Tally()
    places = iter(range(n * 10))
    case.read(case.write(_new(folder, places), case.files))  # what is not harmed is read

    @settings(PLAN, max_examples=n)
    @given(st.randoms(use_true_random=False))
    def one(chance):
        files = harmed(chance, case.files)
        if chance.randrange(4):  # else what does not fit its checksum
            files = case.mend(files)
        path = case.write(_new(folder, places), files)
        meet(case.read, path, tally)

    one()
    return tally


def _new(folder, places):
    place = folder / f"{next(places)}"
    place.mkdir()
    return place


def meet(read: Callable[[Path], object], path: Path, tally: Tally) -> None:
    """Read an input that may be anything.

    Raises:
        Exception: it was neither read nor refused in two sentences, or took far too long.
    """
    begun = time.process_time()
    try:
        read(path)
        tally.n_read += 1
    except UserError as error:
        tally.n_refused += 1
        for words in (str(error), error.next_step):
            assert words.endswith(".")
            assert len(words) < MOST_CHARS
            assert words.encode()
    assert time.process_time() - begun < MOST_CPU_S


def harmed(chance: Random, files: Files) -> Files:
    """Return files with one to three of them harmed, or gone, or under another's name."""
    files = dict(files)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        name = chance.choice(sorted(files))
        verb = chance.randrange(12)
        if verb == 0 and len(files) > 1:
            del files[name]
        elif verb == 1 and len(files) > 1:
            files[name] = files[chance.choice(sorted(files))]
        elif verb < 8 and (value := _json(files[name])) is not None:
            files[name] = json.dumps(_replaced(chance, value)).encode()
        elif verb < 8 and chance.randrange(2):
            files[name] = _reworded(chance, files[name])
        else:
            files[name] = wounded(chance, files[name])
    return files


def _json(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _reworded(chance: Random, content: bytes) -> bytes:
    """Return a text of any format with one of its words, numbers or signs as another."""
    words = list(islice(WORDS.finditer(content), 5_000))
    if not words:
        return content
    found = chance.choice(words)
    other = chance.choice(words).group() if chance.randrange(2) else _strange_word(chance)
    return content[: found.start()] + other + content[found.end() :]


def _strange_word(chance: Random) -> bytes:
    return str(chance.choice((*SCALARS, -1.5, "true", "2026-11-28", "1" * 400))).encode(
        errors="surrogatepass"
    )


def wounded(chance: Random, content: bytes) -> bytes:
    """Return bytes flipped, cut, repeated, swapped or with something strange put in."""
    start = chance.randrange(max(1, len(content)))
    end = start + chance.choice((1, 2, 4, 16, 200, 5_000))
    before, piece, after = content[:start], content[start:end], content[end:]
    flipped = bytes(byte ^ chance.randrange(1, 256) for byte in piece[:4])
    strange = chance.choice(BITES)
    middle = chance.choice(
        (flipped, b"", piece * 2, piece * 50, piece[::-1], strange, strange + piece)
    )
    whole = before + middle + after
    return chance.choice((whole, whole, whole, whole, whole, before, after + piece + before, DEEP))


def _replaced(chance: Random, value: object) -> object:
    """Return JSON with one of its values, wherever it lies, replaced, left out or renamed."""
    places = list(_places(value))
    if not places:
        return chance.choice(STRANGE)
    holder, key = chance.choice(places)
    strange = chance.choice(STRANGE)
    match chance.randrange(10):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[str(strange)[:500]] = holder.pop(key)
        case 2:
            holder[key] = [holder[key]]
        case 3 if isinstance(holder, list):
            holder.append(holder[key])
        case 4:
            return json.loads("[" * 300 + "]" * 300) if chance.randrange(2) else holder[key]
        case _:
            holder[key] = strange
    return value


def _places(value: object):
    pairs = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(islice(value, 50))
    for key, inner in list(pairs):
        yield value, key
        yield from _places(inner)


def as_file(name: str) -> Callable[[Path, Files], Path]:
    """Return how an input of one file is written under a name."""

    def write(folder: Path, files: Files) -> Path:
        (folder / name).write_bytes(files[""])
        return folder / name

    return write


def as_folder(folder: Path, files: Files) -> Path:
    """Write files below a folder."""
    place = folder / "brought"
    place.mkdir()
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return place


def _as_zip(name: str, folder: Path, files: Files) -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in files.items():
            archive.writestr(member, content)
    return folder / name


def as_zip(name: str) -> Callable[[Path, Files], Path]:
    """Return how files are packed as a ZIP of a name."""
    return partial(_as_zip, name)


def of_zip(path: Path) -> Files:
    """Return the files in a ZIP."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def of_folder(folder: Path) -> Files:
    """Return the files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
