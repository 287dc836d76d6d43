"""The rules of the house that no linter holds."""

import ast
import os
import re
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = sorted(chain((ROOT / "core").rglob("*.py"), (ROOT / "desktop").rglob("*.py")))
SOURCES = sorted([*PROGRAM, *(ROOT / "packaging").rglob("*.py")])
TOP_LEVEL = {
    "LICENSE", "README.md", "core", "desktop", "packaging", "pyproject.toml", "resources", "tests",
}  # fmt: skip
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
SQL = re.compile(
    r"\bSELECT\s.+\sFROM\s|\bINSERT (OR \w+ )?INTO\s|\bUPDATE\s+\w+\s+SET\s|\bDELETE FROM\s"
    r"|\b(CREATE|DROP|ALTER) (TABLE|INDEX|TRIGGER|VIEW)\s|\bPRAGMA\s",
    re.DOTALL,
)
# Written in two pieces, so that this file obeys its own rule; SVG's own name is an address.
ADDRESS = re.compile("https?:" + r"//(?!www\.w3\.org/|example\.(?:org|com)\b)[\w.]+")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|work|Users|opt|mnt|tmp)/" + r"\w")


def run_python(code, **environ):
    """Run code in a fresh Python at the repository's root."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def our_files():
    """List the files git knows or would know; in a bare copy, all but dotfiles."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if listed.returncode == 0:
            return [ROOT / name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]
    everything = chain(ROOT.glob("[!.]*"), ROOT.glob("[!.]*/**/*"))
    return [p for p in everything if p.is_file() and "__pycache__" not in p.parts]


def texts_of_ours():
    """Yield our text files with their content, but no licences, pictures and fonts."""
    for path in our_files():
        if re.search("licen[cs]e|OFL", path.name, re.IGNORECASE):
            continue
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_the_imported_core_and_desktop_are_the_ones_of_this_checkout():
    modules = [name_of(p.with_suffix("")).replace("/", ".") for p in PROGRAM]
    modules = [m.removesuffix(".__init__") for m in modules if not m.endswith("__main__")]
    code = f"""
import importlib, pathlib, sys
for module in {modules!r}:
    importlib.import_module(module)
root = pathlib.Path({str(ROOT)!r})
for name, module in list(sys.modules.items()):
    if name.split(".")[0] in ("core", "desktop"):
        assert pathlib.Path(module.__spec__.origin or module.__path__[0]).is_relative_to(root), name
"""
    ended = run_python(code)
    assert ended.returncode == 0, ended.stderr


def test_the_window_starts_without_the_libraries_that_learn():
    ended = run_python(
        "import sys, desktop.application, desktop.workspace\n"
        "print({'torch', 'transformers', 'sklearn', 'sentence_transformers', 'scipy'}"
        " & set(sys.modules))"
    )
    assert ended.stdout == "set()\n", ended.stderr


def test_the_library_packaging_is_not_hidden_by_our_folder():
    ended = run_python("import packaging.version")
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("folder", ["packaging", "tests"])
def test_folders_that_would_hide_a_library_are_no_packages(folder):
    assert not list((ROOT / folder).rglob("__init__.py"))


def test_every_folder_of_the_program_is_a_package():
    folders = {path.parent for path in PROGRAM}
    assert not [name_of(f) for f in folders if not (f / "__init__.py").exists()]


def test_the_top_level_holds_only_the_agreed_names():
    names = {path.relative_to(ROOT).parts[0] for path in our_files()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def _code_without_prose(path):
    """Return the source without comments and docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = ""
    return ast.unparse(tree)


def test_sql_is_written_in_core_storage_alone():
    elsewhere = [p for p in PROGRAM if not p.is_relative_to(ROOT / "core" / "storage")]
    assert not [name_of(p) for p in elsewhere if SQL.search(_code_without_prose(p))]


def test_no_file_names_an_address_on_the_network():
    found = {name_of(path): ADDRESS.findall(text) for path, text in texts_of_ours()}
    assert not {name: addresses for name, addresses in found.items() if addresses}


def test_no_file_names_a_place_on_the_machine_it_was_written_on():
    found = {name_of(path): MACHINE_PATH.findall(text) for path, text in texts_of_ours()}
    assert not {name: paths for name, paths in found.items() if paths}


def test_files_are_short_enough_to_be_read():
    lines = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in SOURCES}
    assert not {name: count for name, count in lines.items() if count > MAX_FILE_LINES}


def test_functions_are_short_enough_to_be_read():
    long = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    long[f"{name_of(path)}:{node.name}"] = lines
    assert not long


def test_qt_survives_twenty_thousand_calls_that_return_nothing():
    # PySide6 6.12.0 on Python 3.11 loses a reference to None at each, and aborts.
    ended = run_python(
        "from PySide6.QtWidgets import QApplication, QLabel\n"
        "program = QApplication([])\n"
        "label = QLabel()\n"
        "for i in range(20_000):\n"
        "    label.setText(str(i))\n"
        "print(label.text())"
    )
    assert (ended.returncode, ended.stdout) == (0, "19999\n"), ended.stderr


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="needs the X server Xvfb")
def test_a_window_opens_on_an_x_server():
    # Offscreen tests are green even where the libraries of the xcb platform are missing.
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    try:
        os.close(writing)
        with os.fdopen(reading) as answered:
            display = answered.readline().strip()
        ended = run_python(
            "from PySide6.QtWidgets import QApplication, QLabel\n"
            "program = QApplication([])\n"
            "label = QLabel('Textwright')\n"
            "label.show()\n"
            "program.processEvents()\n"
            "print(program.platformName(), label.grab().isNull())",
            DISPLAY=f":{display}",
            QT_QPA_PLATFORM="xcb",
        )
    finally:
        server.terminate()
        server.wait()
    assert ended.stdout == "xcb False\n", ended.stderr
