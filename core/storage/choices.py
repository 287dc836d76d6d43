"""What is chosen once for the whole app, by a key."""

import json
from typing import Any

from core.storage.database import Database


def get_choice(db: Database, key: str) -> Any | None:  # noqa: ANN401  # whatever was kept
    """Return what was chosen; None where nobody chose."""
    row = db.execute("SELECT value FROM choices WHERE key = ?", [key]).fetchone()
    return json.loads(row[0]) if row else None


def set_choice(db: Database, key: str, value: Any) -> None:  # noqa: ANN401  # what JSON can hold
    """Choose; None leaves it to the program again."""
    if value is None:
        db.execute("DELETE FROM choices WHERE key = ?", [key])
        return
    db.execute("INSERT OR REPLACE INTO choices VALUES (?, ?)", [key, json.dumps(value)])
