"""The evaluations of model versions."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from core.errors import UserError
from core.i18n import _
from core.records import Evaluation, Method
from core.storage.database import Database, insert, now


class EvaluationMissingError(UserError):
    """The app has no such evaluation, or no longer."""

    def __init__(self) -> None:
        super().__init__(
            _("This evaluation is not there any more."),
            next_step=_("Choose another one, or evaluate again."),
        )


def add_evaluation(db: Database, evaluation: Evaluation) -> Evaluation:
    """Keep the scores of a model version; return them with key and time."""
    is_ours = not evaluation.other_app
    key = insert(
        db,
        "evaluations",
        model_version_id=evaluation.model_version_id,
        dataset_version_id=evaluation.dataset_version_id if is_ours else None,
        other_app=evaluation.other_app,
        other_dataset="" if is_ours else evaluation.dataset,
        other_number=0 if is_ours else evaluation.dataset_number,
        split=evaluation.split,
        method=evaluation.method,
        n_folds=evaluation.n_folds,
        created=now(),
        report=json.dumps(evaluation.report, ensure_ascii=False),
        folder=evaluation.folder,
    )
    return get_evaluation(db, key)


_EVALUATIONS = """
    SELECT e.id, e.model_version_id, e.dataset_version_id, e.method, e.n_folds, e.created, e.report,
           COALESCE(d.name, e.other_dataset), COALESCE(v.number, e.other_number), e.split,
           e.other_app, e.folder
    FROM evaluations e LEFT JOIN dataset_versions v ON v.id = e.dataset_version_id
    LEFT JOIN datasets d ON d.id = v.dataset_id
"""


def list_evaluations(db: Database, model_version_id: int = 0) -> list[Evaluation]:
    """Return the evaluations of a model version, or of all of them, newest first."""
    rows = db.execute(
        f"{_EVALUATIONS} WHERE :version IN (0, e.model_version_id) ORDER BY e.id DESC",
        {"version": model_version_id},
    )
    return [_evaluation(row) for row in rows]


def get_evaluation(db: Database, evaluation_id: int) -> Evaluation:
    """Return one evaluation by its key.

    Raises:
        EvaluationMissingError: there is none.
    """
    row = db.execute(f"{_EVALUATIONS} WHERE e.id = ?", [evaluation_id]).fetchone()
    if row is None:
        raise EvaluationMissingError
    return _evaluation(row)


def find_own_evaluation(db: Database, model_version_id: int) -> Evaluation | None:
    """Return the scores that the training itself found."""
    evaluations = list_evaluations(db, model_version_id)
    return evaluations[-1] if evaluations else None


def delete_evaluation(db: Database, evaluation_id: int) -> None:
    """Forget an evaluation; its folder is the caller's to remove."""
    db.table("evaluations").delete(evaluation_id)


def forget_evaluation_folders(db: Database, there: Collection[str]) -> None:
    """Let evaluations whose folder is gone stand by their scores alone."""
    for folder in list_evaluation_folders(db) - set(there):
        db.execute("UPDATE evaluations SET folder = '' WHERE folder = ?", [folder])


def list_evaluation_folders(db: Database) -> set[str]:
    """Return the folders below evaluations/ that are in use."""
    rows = db.execute("SELECT folder FROM evaluations WHERE folder <> ''")
    return {folder for (folder,) in rows}


def _evaluation(row: tuple[Any, ...]) -> Evaluation:
    key, model_version_id, version_id, method, n_folds, created, report, *where = row
    dataset, number, split, other_app, folder = where
    return Evaluation(
        id=key,
        model_version_id=model_version_id,
        dataset_version_id=version_id or 0,
        method=Method(method),
        n_folds=n_folds,
        created=datetime.fromisoformat(created),
        report=json.loads(report),
        dataset=dataset,
        dataset_number=number,
        split=split,
        other_app=other_app,
        folder=folder,
    )
