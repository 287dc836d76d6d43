"""Model folders of an app, and what an interrupted training left of them."""

import re
import shutil
from collections.abc import Collection
from pathlib import Path

from core.asides import ASIDE, delete_asides, written_aside

__all__ = ["delete_asides", "delete_leftovers", "list_leftovers", "written_aside"]


def list_leftovers(parent: Path, known: Collection[str]) -> list[Path]:
    """Return what an interrupted writing left behind: folders aside, and those nobody knows."""
    return [
        path
        for path in (parent.iterdir() if parent.is_dir() else ())
        if path.name not in known
        and (path.name.startswith(ASIDE) or re.fullmatch("[0-9a-f]{32}", path.name))
    ]


def delete_leftovers(parent: Path, known: Collection[str]) -> None:
    """Remove what an interrupted writing left behind."""
    for path in list_leftovers(parent, known):
        shutil.rmtree(path, ignore_errors=True)
