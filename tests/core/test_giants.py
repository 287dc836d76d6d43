"""Files as large as somebody can make them: read or refused, stopped at once, in little memory."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core.errors import UserError
from core.files import Row, preview, read
from core.jobs import Job, JobCancelled
from core.operations.import_texts import ImportRequest, import_texts

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is told otherwise")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
MOST_KB = 700_000  # more than before
BOUNDED = """
import resource, sys, time
from pathlib import Path
from core.errors import UserError
from core.files import Problem, preview, read
def most():  # what getrusage tells may be of the process that started this one
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
used = most()
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
for path in map(Path, sys.argv[1:]):
    begun, rows, problems = time.process_time(), 0, 0
    try:
        for row in read(path, preview(path).mapping):
            rows, problems = rows + 1, problems + isinstance(row, Problem)
        told = f"{rows} rows, {problems} of them told as problems"
    except UserError as error:
        told = f"refused: {error}"
    except BaseException as error:
        told = f"FAILED {error!r}"[:300]
    print(f"{path.name:16} {time.process_time() - begun:6.1f} s  {told[:200]}", flush=True)
print("KB", most() - used)
"""


def filled(path: Path, head: bytes, piece: bytes, n_bytes: int, tail: bytes = b"") -> Path:
    """Write a file that repeats a piece."""
    block = piece * max(1, (1 << 20) // len(piece))
    with path.open("wb") as file:
        file.write(head)
        for _block in range(n_bytes // len(block)):
            file.write(block)
        file.write(tail)
    return path


def sparse(path: Path, head: bytes, n_bytes: int) -> Path:
    """Write a file of zeros that takes no room."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(n_bytes)
    return path


def giants(folder: Path, n_bytes: int):
    """Yield files of so many bytes that are one line, one cell, one value, or nothing at all."""
    x = b"some words "
    yield filled(folder / "line.csv", b"text,label\none,a\n", x, n_bytes, b",b\ntwo,b\n")
    yield filled(folder / "cell.csv", b'text,label\n"', x, n_bytes, b'",a\ntwo,b\n')
    yield filled(folder / "word.txt", b"one\n", b"x", n_bytes, b"\ntwo\n")
    yield filled(folder / "line.tsv", b"text\tlabel\none\ta\n", x, n_bytes, b"\tb\n")
    yield filled(folder / "line.jsonl", b'{"text": "one"}\n{"text": "', x, n_bytes, b'"}\n')
    yield filled(folder / "value.json", b'[{"text": "one"}, {"text": "', x, n_bytes, b'"}]')
    yield filled(folder / "number.json", b'[{"text": "one", "n": ', b"9", n_bytes, b"}]")
    yield filled(folder / "deep.jsonl", b'{"text": "one"}\n', b"[", n_bytes)
    yield filled(folder / "commas.csv", b"text,label\none,a\n", b",", n_bytes, b"\ntwo,b\n")
    yield sparse(folder / "zeros.csv", b"text,label\none,a\n", n_bytes)
    yield sparse(folder / "zeros.txt", b"one\n", n_bytes)
    yield filled(folder / "empty.csv", b"text,label\n", b"\n", n_bytes // 20, b"one,a\n")


def in_little_memory(paths, tell=None) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BOUNDED, *map(str, paths)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    *told, most = done.stdout.splitlines()
    if tell:
        tell(done.stdout.rstrip())
    assert not [line for line in told if "FAILED" in line]
    assert int(most.split()[1]) < MOST_KB


@LINUX
def test_lines_and_cells_of_many_megabytes_are_read_or_refused_in_little_memory(tmp_path):
    in_little_memory(list(giants(tmp_path, 40 << 20))[:1])


@LINUX
@pytest.mark.slow
def test_lines_cells_and_values_of_a_gigabyte_are_read_or_refused_in_little_memory(tmp_path, tell):
    for path in giants(tmp_path, 1 << 30):
        in_little_memory([path], tell)
        path.unlink()


def test_a_table_of_ten_thousand_columns_is_read(tmp_path):
    path = tmp_path / "wide.csv"
    names = ["text", "label", *(f"c{i}" for i in range(10_000))]
    rows = [[f"text {i}", "ab"[i % 2], *("x" for _name in names[2:])] for i in range(3)]
    path.write_text("\n".join(",".join(row) for row in [names, *rows]))
    assert [row.text for row in read(path, preview(path).mapping)] == ["text 0", "text 1", "text 2"]


NUMBERS = [
    "1e999999",
    "-1e999999",
    "9" * 5_000,
    "0x" + "f" * 400,
    "NaN",
    "1_0",
    "\u0663",
    "1e-9999",
]


def test_numbers_without_end_are_words_or_a_problem(tmp_path):
    table, lines = tmp_path / "a.csv", tmp_path / "a.jsonl"
    table.write_text("id,text,label\n" + "".join(f"{n},text {n},{n}\n" for n in NUMBERS))
    lines.write_text("".join(f'{{"text": "t", "n": {n}}}\n' for n in NUMBERS))
    for path in (table, lines):
        assert len(list(read(path, preview(path).mapping))) == len(NUMBERS)


def test_json_that_is_nested_a_hundred_thousand_deep_is_one_problem(tmp_path):
    path = tmp_path / "a.jsonl"
    deep = "[" * 100_000 + "]" * 100_000
    path.write_text(f'{{"text": "one"}}\n{{"text": {deep}}}\n{{"text": "two", "more": {deep}}}\n')
    assert [isinstance(row, Row) for row in read(path, preview(path).mapping)] == [
        True,
        False,
        False,
    ]


STRANGE = [
    "a\nb.txt",
    "\u202egnp.txt",
    "\t.txt",
    "<b>x.txt",
    "%s{0}.txt",
    "a" * 200 + ".txt",
    "-rf.txt",
]


@POSIX
def test_files_of_strange_names_are_read_and_named_on_one_line(app, tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    for number, name in enumerate(STRANGE):
        (folder / name).write_text(f"text number {number}")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")).write_text("text without a name")
    os.mkfifo(folder / "pipe.txt")
    (folder / "endless.txt").symlink_to("/dev/zero")
    (folder / "other.txt").symlink_to("/etc/hostname")
    (folder / "up").symlink_to("..")
    texts = {row.text for row in read(folder, preview(folder).mapping) if isinstance(row, Row)}
    assert {f"text number {i}" for i in range(len(STRANGE))} <= texts
    result = import_texts(app, ImportRequest(folder, preview(folder).mapping), Job())
    assert result.n_added >= len(STRANGE)
    for name in STRANGE:
        empty = tmp_path / name
        empty.write_bytes(b"")
        with pytest.raises(UserError) as refused:
            preview(empty)
        assert str(refused.value).isprintable()
        assert len(str(refused.value).splitlines()) == 1


@POSIX
@pytest.mark.parametrize("what", ["grows", "shrinks", "vanishes"])
def test_a_file_that_changes_while_it_is_read_is_read_or_refused(app, tmp_path, what):
    path = tmp_path / "a.csv"
    row = "some words of a text that are many,a\n"
    path.write_text("text,label\n" + row * 60_000)
    mapping = preview(path).mapping
    rows = iter(read(path, mapping))
    next(rows)
    if what == "grows":
        with path.open("a") as file:
            file.write(row * 1_000)
    elif what == "shrinks":
        os.truncate(path, 100_000)
    else:
        path.unlink()
    n_rows = 1 + sum(isinstance(one, Row) for one in rows)
    assert 1_000 < n_rows <= 61_000
    if what == "vanishes":
        with pytest.raises(UserError):
            import_texts(app, ImportRequest(path, mapping), Job())


class StoppedSoon(Job):
    """A job that somebody stops half a second after it began."""

    def __init__(self):
        super().__init__()
        self._timer = threading.Timer(0.5, self.cancel)
        self._timer.start()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["line.csv", "line.jsonl", "word.txt", "empty.csv", "value.json"])
def test_an_import_of_a_giant_is_stopped_within_seconds(app, tmp_path, name):

    path = next(p for p in giants(tmp_path, 300 << 20) if p.name == name or p.unlink())
    mapping = preview(path).mapping
    job, begun = StoppedSoon(), time.process_time()
    with pytest.raises(JobCancelled):
        import_texts(app, ImportRequest(path, mapping), job)
    assert time.process_time() - begun < 15


def test_a_journal_of_strange_json_is_no_endless_text(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "\ud800" * 1_000}) + "\n" + json.dumps({"text": "two"}))
    rows = list(read(path, preview(path).mapping))
    assert all(row.text.encode() for row in rows if isinstance(row, Row))


def test_an_endless_line_of_json_is_one_problem_and_those_behind_it_keep_their_numbers(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("core.files.sources.json_rows.MAX_RECORD_CHARS", 1 << 12)
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "one"}\n{"text": "' + "x" * 50_000 + '"}\n{"text": "three"}\n{\n')
    rows = list(read(path, preview(path).mapping))
    assert [isinstance(row, Row) for row in rows] == [True, False, True, False]
    assert rows[3].number == 4


def test_whoever_chooses_a_giant_does_not_wait_for_its_end(tmp_path):
    for path in giants(tmp_path, 60 << 20):
        begun = time.process_time()
        try:
            seen = preview(path)
        except UserError:
            assert path.name in ("number.json", "zeros.csv", "zeros.txt")
        else:
            assert seen.n_rows is None
            assert len(seen.rows) <= 1
            assert not seen.problems
        assert time.process_time() - begun < 6  # of a busy computer
        path.unlink()


def test_rows_in_front_of_an_endless_one_are_shown_and_guessed(tmp_path):
    path = tmp_path / "a.csv"
    row = b"some words of a text that are many,b\n"
    filled(path, b"text,label\n" + row * 20, b"some words ", 6 << 20, b",b\n")
    seen = preview(path)
    assert (len(seen.rows), seen.n_rows, seen.problems) == (20, None, ())
    assert (seen.mapping.text, seen.mapping.concepts) == ("text", ("label",))
    assert len(list(read(path, seen.mapping))) == 21
