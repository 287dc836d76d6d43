"""Which functions of ours read what comes from outside the program: found in the source."""

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CORE = Path(__file__).parent.parent.parent / "core"
READING = {  # what is called
    *("json.loads", "json.load", "yaml.parse", "yaml.safe_load", "ast.parse", "ast.literal_eval"),
    *("zipfile.ZipFile", "csv.reader", "zlib.decompressobj", ".PdfDocument", ".extract_raw_text"),
    *(".load_workbook", ".open_workbook", ".from_str", ".from_file", ".read_text", ".read_bytes"),
    *("safe_open", "load_file", "from_bytes"),
}
Function = tuple[str, str]  # its file below core/, and its qualified name


def reading_functions() -> set[Function]:
    """Return the functions that parse something, or read a whole file."""
    found = set()
    for path in CORE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {(path.relative_to(CORE).as_posix(), name) for name in _reading(tree, "")}
    return found


def _reading(node: ast.AST, inside: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        name = inside
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            name = f"{inside}.{child.name}" if inside else child.name
        elif isinstance(child, ast.Call) and inside and _called(child) & READING:
            yield inside
        yield from _reading(child, name)


def _called(call: ast.Call) -> set[str]:
    if isinstance(call.func, ast.Name):
        return {call.func.id}
    if not isinstance(call.func, ast.Attribute):
        return set()
    whose, name = getattr(call.func.value, "id", ""), call.func.attr
    return set() if whose == "resources" else {f"{whose}.{name}", f".{name}"}


@contextmanager
def noted(functions: set[Function]) -> Iterator[None]:
    """Note which functions of ours are called."""

    def note(frame, event, _value):
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(f"{CORE}/"):
            name = code.co_qualname.replace(".<locals>", "")
            functions.add((code.co_filename[len(f"{CORE}/") :], name))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)
