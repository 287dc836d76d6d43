"""Whether the window ended as it should: a mark is there while it runs, and goes when it ends.

The mark says which process it is of, and nothing else.
"""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from core.holder import began, runs
from core.paths import logs_folder, make_private

MARK = "running-{process}.json"


def note_start() -> None:
    """Leave a mark of this process."""
    with suppress(OSError):
        make_private(logs_folder())
        _mark().write_text(json.dumps({"began": began(os.getpid())}), encoding="utf-8")


def note_end() -> None:
    """Take the mark of this process away: it ends as it should."""
    with suppress(OSError):
        _mark().unlink()


def take_lost() -> bool:
    """Tell whether a window was ended since the last look without ending itself; told once.

    Windows that run are left alone; a process that has the number of one that is gone is not it.
    """
    is_lost = False
    for path in logs_folder().glob(MARK.format(process="*")):
        with suppress(OSError, ValueError, TypeError, KeyError, IndexError, RecursionError):
            process = int(path.stem.partition("-")[2])
            told = json.loads(path.read_text(encoding="utf-8"))
            if runs(process, told["began"]):
                continue
        with suppress(OSError):
            path.unlink()
            is_lost = True
    return is_lost


def last_saved(app: Path) -> datetime | None:
    """Return when something was last kept in the app of a folder; None where nobody can tell."""
    moments = []
    for name in ("app.db", "app.db-wal"):
        with suppress(OSError):
            moments.append((app / name).stat().st_mtime)
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


def _mark() -> Path:
    return logs_folder() / MARK.format(process=os.getpid())
