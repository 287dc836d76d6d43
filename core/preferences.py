"""What one person prefers on this computer: a sparse JSON file, replaced whole."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from core.asides import new_aside
from core.errors import UserError, writing_to
from core.paths import home, make_private
from core.places import warning_of

MAX_RECENT = 12
MAX_MAPPINGS = 50
MAX_WARNED = 100


@dataclass(frozen=True)
class Preferences:
    """All preferences with their defaults."""

    theme: str = "system"  # light, dark or system
    recent: tuple[str, ...] = ()  # folders of apps, the newest first
    mappings: dict[str, dict[str, Any]] = field(default_factory=dict)  # by signature, newest last
    warned: tuple[str, ...] = ()  # folders of apps whose place was warned of, the newest first


def read_preferences() -> Preferences:
    """Return the preferences; what is missing or damaged has its default."""
    try:
        stored = json.loads(_file().read_text(encoding="utf-8"))
        known = {f.name: stored[f.name] for f in fields(Preferences) if f.name in stored}
        preferences = Preferences(**known)
        mappings = {k: v for k, v in preferences.mappings.items() if isinstance(v, dict)}
        recent = tuple(str(path) for path in preferences.recent)
        warned = tuple(str(path) for path in preferences.warned)
        return replace(preferences, recent=recent, mappings=mappings, warned=warned)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return Preferences()


def write_preferences(preferences: Preferences) -> None:
    """Keep the preferences that differ from their defaults.

    Raises:
        NotWritableError, DiskFullError: they cannot be kept.
    """
    changed = {k: v for k, v in asdict(preferences).items() if v != getattr(Preferences(), k)}
    path = _file()
    with writing_to(path):
        make_private(path.parent)
        aside = new_aside(path.parent)
        try:
            aside.write_text(json.dumps(changed, indent=1), encoding="utf-8")
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def remember_app(path: Path) -> None:
    """Put an app's folder at the head of the recent ones, where preferences can be written."""
    preferences = read_preferences()
    others = [folder for folder in preferences.recent if folder != str(path)]
    with suppress(UserError):  # the app itself is there
        write_preferences(replace(preferences, recent=(str(path), *others)[:MAX_RECENT]))


def warn_once(path: Path) -> str:
    """Return what speaks against the place of an app, "" if nothing or if it was said before."""
    preferences = read_preferences()
    words = "" if str(path) in preferences.warned else warning_of(path)
    if words:
        warned = (str(path), *preferences.warned)[:MAX_WARNED]
        with suppress(UserError):  # it is only said again then
            write_preferences(replace(preferences, warned=warned))
    return words


def remember_mapping(signature: str, mapping: dict[str, Any]) -> None:
    """Keep which column is what in files with this signature, where preferences can be written."""
    preferences = read_preferences()
    mappings = {k: v for k, v in preferences.mappings.items() if k != signature}
    newest = dict([*mappings.items(), (signature, mapping)][-MAX_MAPPINGS:])
    with suppress(UserError):  # it is only guessed again then
        write_preferences(replace(preferences, mappings=newest))


def remembered_mapping(signature: str) -> dict[str, Any] | None:
    """Return what was kept for files with this signature, or None."""
    return read_preferences().mappings.get(signature)


def recent_apps() -> tuple[Path, ...]:
    """Return the folders of recent apps that are still there."""
    return tuple(filter(_has_app, map(Path, read_preferences().recent)))


def _has_app(folder: Path) -> bool:
    try:
        return (folder / "app.db").is_file()
    except OSError:  # of a name that the system does not take, or a disk that does not answer
        return False


def _file() -> Path:
    return home() / "preferences.json"
