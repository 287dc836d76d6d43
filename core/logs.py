"""The program's own log: what went wrong, without texts of the analyst."""

import logging
from logging.handlers import RotatingFileHandler

from core.paths import logs_folder

SIZE_BYTES = 1_000_000
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def open_log() -> None:
    """Write warnings and errors of this process to the log folder, at most two files of 1 MB."""
    try:
        logs_folder().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            logs_folder() / "textwright.log", maxBytes=SIZE_BYTES, backupCount=1, encoding="utf-8"
        )
    except OSError:  # a home that cannot be written to must not keep the window from opening
        return
    handler.setFormatter(logging.Formatter(FORMAT))
    logging.getLogger().addHandler(handler)
