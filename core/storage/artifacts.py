"""Model folders of an app, and what an interrupted training left of them."""

import re
import shutil
from collections.abc import Collection
from pathlib import Path

from core.asides import delete_asides, written_aside

__all__ = ["delete_asides", "delete_leftovers", "written_aside"]


def delete_leftovers(parent: Path, known: Collection[str]) -> None:
    """Remove what an interrupted writing left behind: folders aside, and those nobody knows."""
    delete_asides(parent, known)
    for path in parent.iterdir() if parent.is_dir() else ():
        if re.fullmatch("[0-9a-f]{32}", path.name) and path.name not in known:
            shutil.rmtree(path, ignore_errors=True)
