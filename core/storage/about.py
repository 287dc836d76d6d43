"""What an app says of itself: its name and a few facts kept as key and value."""

from core.storage.database import Database, upsert


def get_about(db: Database, key: str, default: str = "") -> str:
    """Return one fact about the app, or the default where it was never set."""
    row = db.execute("SELECT value FROM about WHERE key = ?", [key]).fetchone()
    return str(row[0]) if row else default


def update_about(db: Database, **facts: str) -> None:
    """Set facts about the app."""
    upsert(db, "about", "key", *({"key": key, "value": value} for key, value in facts.items()))


def forget_about(db: Database, key: str) -> None:
    """Forget a fact about the app."""
    db.execute("DELETE FROM about WHERE key = ?", [key])
