"""Trainings over ranges of settings: which versions came of each, and what set them apart."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.storage.database import Database, insert, now

Failed = Sequence[tuple[Mapping[str, object], str]]


@dataclass(frozen=True)
class KeptSweep:
    """The runs of a sweep by the key of their version, and those that failed with the reason."""

    runs: dict[int, dict[str, object]]
    failed: tuple[tuple[dict[str, object], str], ...]


def add_sweep(db: Database) -> int:
    """Note that several trainings belong together; return the key."""
    return insert(db, "sweeps", created=now(), failed="[]")


def add_sweep_run(
    db: Database, sweep_id: int, model_version_id: int, tried: Mapping[str, object]
) -> None:
    """Note that a version came of a sweep, and the values that set it apart."""
    db.execute(
        "INSERT INTO sweep_runs (model_version_id, sweep_id, tried) VALUES (?, ?, ?)",
        [model_version_id, sweep_id, json.dumps(tried, ensure_ascii=False)],
    )


def update_failed(db: Database, sweep_id: int, failed: Failed) -> None:
    """Note which runs of a sweep came to nothing, and why."""
    db.table("sweeps").update(sweep_id, {"failed": json.dumps(list(failed), ensure_ascii=False)})


def find_sweep(db: Database, model_version_id: int) -> KeptSweep | None:
    """Return the sweep that a version came of, as far as its versions are still there."""
    row = db.execute(
        "SELECT s.id, s.failed FROM sweep_runs r JOIN sweeps s ON s.id = r.sweep_id"
        " WHERE r.model_version_id = ?",
        [model_version_id],
    ).fetchone()
    if row is None:
        return None
    runs = db.execute(
        "SELECT model_version_id, tried FROM sweep_runs WHERE sweep_id = ? ORDER BY 1", [row[0]]
    )
    return KeptSweep(
        {version_id: _values(json.loads(tried)) for version_id, tried in runs},
        tuple((_values(tried), why) for tried, why in json.loads(row[1])),
    )


def _values(kept: Mapping[str, Any]) -> dict[str, object]:
    """Return values as settings have them: lists of names are tuples there."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in kept.items()}
