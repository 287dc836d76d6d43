"""The program's own log, and the traces of what ended it; both without texts of the analyst."""

import faulthandler
import logging
import os
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from typing_extensions import override

from core.paths import home, logs_folder, make_private
from core.reports import describe, made_with, short_path, short_paths

SIZE_BYTES = 1_000_000
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
OURS = ("core", "desktop")
TRACE = "ended-{process}.txt"

_trace: TextIO | None = None  # kept open: whatever ends the process writes to it


class _Discreet(logging.Formatter):
    """Keeps what our own code says, and of others only who spoke: they may quote a text."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        # Another handler has told the error in its own words already.
        values: dict[str, object] = {"exc_text": None}
        if record.name.partition(".")[0] not in OURS:
            said = f"a message at {short_path(record.pathname)}:{record.lineno}"
            values |= {"msg": said, "args": (), "stack_info": None}
        return super().format(logging.makeLogRecord({**record.__dict__, **values}))

    @override
    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        return describe(error) if isinstance(error, BaseException) else ""


def open_log() -> None:
    """Write warnings and errors of this process to the log folder, at most two files of 1 MB."""
    try:
        make_private(home())
        make_private(logs_folder())
        handler = RotatingFileHandler(
            logs_folder() / "textwright.log", maxBytes=SIZE_BYTES, backupCount=1, encoding="utf-8"
        )
    except OSError:  # a home that cannot be written to must not keep the window from opening
        return
    handler.setFormatter(_Discreet(FORMAT))
    logging.getLogger().addHandler(handler)


def watch_for_end() -> None:
    """Let whatever ends this process, deep in a library, leave where it happened."""
    global _trace  # noqa: PLW0603  # a process ends once
    with suppress(OSError):
        make_private(logs_folder())
        path = logs_folder() / TRACE.format(process=os.getpid())
        _trace = path.open("w", encoding="utf-8")
        faulthandler.enable(_trace)


def stop_watching() -> None:
    """Note that this process ends as it should."""
    global _trace  # noqa: PLW0603
    if _trace:
        faulthandler.disable()
        _trace.close()
        Path(_trace.name).unlink(missing_ok=True)
        _trace = None


def take_last_end() -> str:
    """Return the report of the processes that were ended since the last look, "" for none.

    It is told once: the traces are removed.
    """
    traces: list[str] = []
    for path in sorted(logs_folder().glob(TRACE.format(process="*"))):
        import psutil  # only where there is something to look at

        with suppress(OSError, ValueError):
            if not psutil.pid_exists(int(path.stem.partition("-")[2])):
                traces.append(path.read_text(encoding="utf-8", errors="replace").strip())
                path.unlink()
    told = [short_paths(trace) for trace in traces if trace]
    return "\n\n".join([made_with(), *told]) if told else ""
