"""Inputs that would take all memory or time of a program that trusts them."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from core.files.app_file import MANIFEST as APP_MANIFEST
from tests.core.hostile import (
    of_zip,
)
from tests.core.hostile_cases import (
    ROWS,
)
from tests.core.test_files_formats import packed, paragraph, word, workbook
from tests.core.test_files_hostile import LAUGHS

LAUGHING = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30))
CELLS = b'<c r="A1" t="inlineStr"><is><t>&a11;</t></is></c>'
BOMBS = {
    "laughs.yaml": ("a0: &a0 x\n" + LAUGHING).encode(),
    "deep.yaml": b"a: " + b"[" * 300_000,
    "deeper.yaml": b"".join(b" " * n + b"a:\n" for n in range(1_000)),
    "long.yaml": b"a: " + b"x" * 900_000,
    "number.yaml": b"seed: " + b"9" * 900_000,
    "power.py": b"a = 9 ** 9 ** 9 ** 9",
    "times.py": b"a = 'x' * 10 ** 12",
    "twice.py": b"a0 = ['x'] * 9\n"
    + b"".join(b"a%d = [a%d] * 9\n" % (i, i - 1) for i in range(1, 60)),
    "deep.py": b"a = " + b"(" * 90_000,
    "signs.py": b"a = " + b"-" * 90_000 + b"1",
    "sum.py": b"a = " + b"1+" * 60_000 + b"1",
    "number.py": b"a = 1" + b"0" * 100_000,
    "deep.json": b"[" * 3_000_000,
    "open.json": b'{"a":' * 1_000_000,
    "number.json": b'[{"text": "x", "n": ' + b"9" * 1_000_000 + b"}]",
    "e.jsonl": b'{"text": "x", "n": 1e999999999}\n{"text": "\\ud800"}\n',
    "long.csv": b"text,label\n" + b"x" * 10_000_000,
    "quote.csv": b'text,label\n"' + b"x,\n" * 200_000,
    "commas.csv": b"text,label\n" + b"," * 2_000_000,
    "turned.csv": "text,label\n\u202e\u2067gnp.exe\u0000,\u202e\n".encode() * 9,
    "halves.csv": b"text,label\n\xed\xa0\x80,a\n" * 9,
    "zeros.csv.gz": gzip.compress(b"x" * 80_000_000, 1),
}


def _bombs(place: Path) -> list[Path]:
    """Write inputs that would take all memory or time of a program that trusts them."""
    paths = [place / name for name in BOMBS]
    for path in paths:
        path.write_bytes(BOMBS[path.name])
    declared = word(place / "laughs.docx", paragraph("<w:t>&a11;</w:t>"), LAUGHS)
    sheets = of_zip(workbook(place / "plain.xlsx", {"A": ROWS}))
    sheet = "xl/worksheets/sheet1.xml"
    sheets[sheet] = LAUGHS.encode() + sheets[sheet].replace(b"<sheetData>", b"<sheetData>" + CELLS)
    zeros = b"\0" * 300_000_000
    return [
        *paths,
        declared,
        packed(place / "laughs.xlsx", sheets),
        packed(place / "zeros.zip", {"a.csv": zeros}),
        packed(place / "zeros.xlsx", {"xl/workbook.xml": zeros}),
        packed(place / "model.zip", {"config.json": zeros}),
        packed(place / "app.textwright", {APP_MANIFEST: zeros, "app.db": zeros}),
    ]


BOUNDED = """
import resource, sys
from pathlib import Path
from core.base_models import check_base_model_folder
from core.errors import UserError
from core.files import preview, read
from core.files.app_file import open_app_file
from core.jobs import Job
from core.templates import import_template
def most():  # what getrusage tells may be of the process that started this one
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
used = most()
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
def app(path):
    with open_app_file(path):
        pass
def table(path):
    for _row in read(path, preview(path).mapping):
        pass
readers = {".yaml": lambda p: import_template(p, type="text-classifier"), ".textwright": app}
readers[".py"] = readers[".yaml"]
for path in map(Path, sys.argv[1:]):
    reader = readers.get(path.suffix, table)
    if path.name == "model.zip":
        reader = lambda p: check_base_model_folder(p, Job())
    try:
        reader(path)
        told = "read"
    except UserError as error:
        told = f"{error} {error.next_step}"
    except BaseException as error:
        told = f"FAILED {error!r}"[:300]
    print(path.name, told[:300], flush=True)
print("KB", most() - used)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is told otherwise")
@pytest.mark.slow
def test_what_is_made_to_take_all_memory_or_time_takes_little(tmp_path):
    paths = _bombs(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", BOUNDED, *map(str, paths)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    *told, most = done.stdout.splitlines()
    assert not [line for line in told if " FAILED " in line]
    assert len(told) == len(paths)
    assert int(most.split()[1]) < 1_500_000
