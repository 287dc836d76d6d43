"""What one person prefers on this computer: a sparse JSON file, replaced whole."""

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from core.paths import home

MAX_RECENT = 12


@dataclass(frozen=True)
class Preferences:
    """All preferences with their defaults."""

    theme: str = "system"  # light, dark or system
    recent: tuple[str, ...] = ()  # folders of apps, the newest first


def read_preferences() -> Preferences:
    """Return the preferences; what is missing or damaged has its default."""
    try:
        stored = json.loads(_file().read_text(encoding="utf-8"))
        known = {f.name: stored[f.name] for f in fields(Preferences) if f.name in stored}
        preferences = Preferences(**known)
        return replace(preferences, recent=tuple(str(path) for path in preferences.recent))
    except (OSError, ValueError, TypeError):
        return Preferences()


def write_preferences(preferences: Preferences) -> None:
    """Keep the preferences that differ from their defaults."""
    changed = {k: v for k, v in asdict(preferences).items() if v != getattr(Preferences(), k)}
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.tmp")
    aside.write_text(json.dumps(changed, ensure_ascii=False, indent=1), encoding="utf-8")
    aside.replace(path)


def remember_app(path: Path) -> None:
    """Put an app's folder at the head of the recent ones."""
    preferences = read_preferences()
    others = [folder for folder in preferences.recent if folder != str(path)]
    write_preferences(replace(preferences, recent=(str(path), *others)[:MAX_RECENT]))


def recent_apps() -> tuple[Path, ...]:
    """Return the folders of recent apps that are still there."""
    folders = (Path(folder) for folder in read_preferences().recent)
    return tuple(folder for folder in folders if (folder / "app.db").is_file())


def _file() -> Path:
    return home() / "preferences.json"
