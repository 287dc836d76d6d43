"""What an app says of itself: its name and a few facts kept as key and value."""

from core.storage.database import Database


def get_about(db: Database, key: str, default: str = "") -> str:
    """Return one fact about the app, or the default where it was never set."""
    row = db.execute("SELECT value FROM about WHERE key = ?", [key]).fetchone()
    return str(row[0]) if row else default


def update_about(db: Database, **facts: str) -> None:
    """Set facts about the app."""
    db.table("about").upsert_all(({"key": k, "value": v} for k, v in facts.items()), pk="key")
