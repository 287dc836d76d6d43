"""How the scores of model versions grew with the texts learned from."""

import json
from collections.abc import Mapping
from typing import Any

from core.storage.database import Database, now


def add_learning_curve(db: Database, model_version_id: int, curve: Mapping[str, Any]) -> None:
    """Keep the learning curve of a model version, in place of an earlier one.

    Args:
        db: the app's database.
        model_version_id: the key of the version.
        curve: `core.learning.learning_curve.LearningCurve.to_json()`.
    """
    db.execute(
        "INSERT OR REPLACE INTO learning_curves (model_version_id, created, curve)"
        " VALUES (?, ?, ?)",
        [model_version_id, now(), json.dumps(curve)],
    )


def find_learning_curve(db: Database, model_version_id: int) -> dict[str, Any] | None:
    """Return the learning curve of a model version as it was kept, or None if there is none."""
    row = db.execute(
        "SELECT curve FROM learning_curves WHERE model_version_id = ?", [model_version_id]
    ).fetchone()
    kept: dict[str, Any] | None = None if row is None else json.loads(row[0])
    return kept
