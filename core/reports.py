"""Reports of our mistakes: where they happened and what was being done, and nothing of the texts.

What an exception says can hold what the analyst typed or imported (“could not convert string to
float: …”), so only the kinds that speak of code alone are quoted.
"""

import errno
import linecache
import platform
import re
import traceback
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import core
from core.i18n import _

OF_CODE_ALONE = (
    AttributeError,
    ImportError,
    NameError,
    NotImplementedError,
    RecursionError,
    ZeroDivisionError,
)
MOST_LINKS = 5  # of a chain of causes
_ROOT = Path(core.__file__).resolve().parent.parent
_FILE = re.compile(r'File "([^"]+)"')


def describe(error: BaseException, doing: str = "") -> str:
    """Return the report of a mistake; its last line names it.

    Args:
        error: what was raised.
        doing: what was being done, in words of the program; no names that the analyst gave.
    """
    head = [made_with()]
    if doing:
        head.append(_("Doing: {what}").format(what=doing))
    return "\n".join([*head, "", *_links(error)])


def made_with() -> str:
    """Return what the program runs on, in a line."""
    try:
        ours = version("textwright")
    except PackageNotFoundError:  # a bare checkout
        ours = "?"
    return f"Textwright {ours}, Python {platform.python_version()}, {platform.platform()}"


def name_of(error: BaseException) -> str:
    """Return the kind of an error with what it says, if that cannot hold a text."""
    kind = type(error).__name__
    if type(error) in OF_CODE_ALONE or isinstance(error, ModuleNotFoundError):
        return f"{kind}: {error}"
    if isinstance(error, OSError) and error.errno:
        return f"{kind}: {errno.errorcode.get(error.errno, error.errno)}"
    of_sqlite = getattr(error, "sqlite_errorname", "")
    return f"{kind}: {of_sqlite}" if of_sqlite else kind


def short_paths(trace: str) -> str:
    """Return a trace whose paths begin at the program or a library, without names of folders."""
    return _FILE.sub(lambda found: f'File "{short_path(found[1])}"', trace)


def short_path(name: str) -> str:
    """Return a path from the program's or a library's folder on."""
    path = Path(name)
    parts = path.parts
    if path.is_relative_to(_ROOT) and "site-packages" not in parts:
        return path.relative_to(_ROOT).as_posix()
    start = parts.index("site-packages") + 1 if "site-packages" in parts else len(parts) - 2
    return Path(*parts[max(start, 0) :]).as_posix()


def _links(error: BaseException) -> Iterator[str]:
    """Yield the error with its causes, the first cause first."""
    chain = [error]
    while len(chain) < MOST_LINKS:
        last = chain[-1]
        before = last.__cause__ or (None if last.__suppress_context__ else last.__context__)
        if before is None or before in chain:
            break
        chain.append(before)
    for link in reversed(chain):
        yield from _frames(link)
        yield name_of(link)


def _frames(error: BaseException) -> Iterator[str]:
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        yield f'  File "{short_path(code.co_filename)}", line {line}, in {code.co_name}'
        source = linecache.getline(code.co_filename, line).strip()
        if source:
            yield f"    {source}"
