"""Where files of predictions were written, so that they are offered again."""

from dataclasses import dataclass
from pathlib import Path

from core.storage.database import Database, now

MOST = 50  # that are remembered


@dataclass(frozen=True)
class PredictedFile:
    """A file that was begun; it may be whole, unfinished, or gone from where it was.

    Attributes:
        source: the file, folder or dataset that was predicted.
        text_column: the column of the texts.
        model, number: the version that predicted it.
        began: ISO 8601.
    """

    path: Path
    source: str
    text_column: str
    model: str
    number: int
    began: str


def note_predicted_file(
    db: Database, *, path: Path, source: str, text_column: str, model_version_id: int
) -> None:
    """Remember a file as the newest; the oldest is forgotten where there are too many."""
    db.execute("DELETE FROM predicted_files WHERE path = ?", [str(path)])
    db.execute(
        "INSERT INTO predicted_files (path, source, text_column, model_version_id, began) "
        "VALUES (?, ?, ?, ?, ?)",
        [str(path), source, text_column, model_version_id, now()],
    )
    db.execute(
        "DELETE FROM predicted_files WHERE id NOT IN "
        "(SELECT id FROM predicted_files ORDER BY id DESC LIMIT ?)",
        [MOST],
    )


def list_predicted_files(db: Database) -> list[PredictedFile]:
    """Return the files that were begun, newest first."""
    rows = db.execute(
        "SELECT f.path, f.source, f.text_column, m.name, v.number, f.began "
        "FROM predicted_files f JOIN model_versions v ON v.id = f.model_version_id "
        "JOIN models m ON m.id = v.model_id ORDER BY f.id DESC"
    )
    return [PredictedFile(Path(row[0]), *row[1:]) for row in rows]


def forget_predicted_files(db: Database) -> None:
    """Offer none of them any more."""
    db.execute("DELETE FROM predicted_files")


def forget_predicted_file(db: Database, path: Path) -> None:
    """Offer a file no more."""
    db.execute("DELETE FROM predicted_files WHERE path = ?", [str(path)])
