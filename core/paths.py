"""Where apps, preferences, templates and prepared readers are kept on this computer."""

import os
import stat
from pathlib import Path

from platformdirs import user_data_path


def home() -> Path:
    """Return Textwright's own folder; `TEXTWRIGHT_HOME` moves it."""
    moved = os.environ.get("TEXTWRIGHT_HOME")
    return Path(moved).expanduser() if moved else user_data_path("Textwright", appauthor=False)


def apps_folder() -> Path:
    """Return the folder in which new apps are made."""
    return home() / "apps"


def embedders_folder() -> Path:
    """Return the folder of the embedders that this computer prepared for itself."""
    return home() / "embedders"


def base_models_folder() -> Path:
    """Return the folder of the base models that were added to this computer."""
    return home() / "base_models"


def templates_folder() -> Path:
    """Return the folder of the templates that the analyst made."""
    return home() / "templates"


def logs_folder() -> Path:
    """Return the folder of the program's own log."""
    return home() / "logs"


def make_private(folder: Path) -> Path:
    """Make a folder, if it is not there, that only its owner can look into; return it.

    On Windows the profile that it lies in keeps others out.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if os.name != "nt":
        folder.chmod(stat.S_IRWXU)
    return folder
