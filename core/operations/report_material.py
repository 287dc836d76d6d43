"""All that a report of an evaluation is made of, found in the app once."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.app_folder import AppFolder, AppMissingError
from core.i18n import _
from core.jobs import Job
from core.learning.marks import Mistakes
from core.learning.scored import Scored
from core.operations.evaluation_needs import is_stale
from core.operations.evaluation_texts import (
    EvaluatedText,
    EvaluationTextsRequest,
    list_evaluation_texts,
    source_of,
)
from core.operations.scoring import TextsNotKeptError, scored_of
from core.operations.written import WrittenRow, is_written, written_rows
from core.records import Concept, Evaluation, ModelVersion
from core.storage.about import get_about
from core.storage.concepts import list_concepts
from core.storage.database import Database
from core.storage.datasets import DatasetMissingError
from core.storage.evaluations import get_evaluation, list_evaluations
from core.storage.models import find_model_version, get_model_version
from core.storage.version_hash import hash_version
from core.storage.versions import VersionMissingError, get_version

N_EXAMPLES = 10
GONE = (AppMissingError, DatasetMissingError, VersionMissingError)  # with the other app


@dataclass(frozen=True)
class Tested:
    """What an evaluation was made on.

    Attributes:
        frozen: when the dataset version was. content_hash: of all that it holds.
    """

    frozen: datetime
    content_hash: str


@dataclass(frozen=True)
class Material:
    """What there is to tell of an evaluation.

    Attributes:
        concepts: those that the model knows and the app still has.
        scored: what was said of each text; None where it is not kept.
        mistakes: the model's surest. tested: None where it was another app's that is gone.
        rows: what a model that writes wrote, worst first; empty where that is not kept.
    """

    app_name: str
    version: ModelVersion
    evaluation: Evaluation
    concepts: tuple[Concept, ...]
    scored: Scored | None
    mistakes: tuple[EvaluatedText, ...]
    tested: Tested | None
    is_stale: bool
    rows: tuple[WrittenRow, ...] = ()

    @property
    def report(self) -> Mapping[str, Any]:
        """Return the scores."""
        return self.evaluation.report

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the scored concepts."""
        return tuple(record["name"] for record in self.report["concepts"])


def find_evaluation(
    db: Database, model: str, number: int = 0, evaluation_id: int = 0
) -> tuple[ModelVersion, Evaluation]:
    """Return the evaluation that is meant, and its model version.

    Args:
        db: the app's.
        model: the name of a model, passed over where the evaluation is known.
        number: of its version; 0 means the newest.
        evaluation_id: 0 means the newest of that version.

    Raises:
        ModelMissingError, EvaluationMissingError: there is none.
    """
    if evaluation_id:
        evaluation = get_evaluation(db, evaluation_id)
        return get_model_version(db, evaluation.model_version_id), evaluation
    version = find_model_version(db, model, number)
    newest = next(iter(list_evaluations(db, version.id)), None)
    return version, newest or get_evaluation(db, 0)


def gather(app: AppFolder, version: ModelVersion, evaluation: Evaluation, job: Job) -> Material:
    """Find all that there is to tell of an evaluation."""
    scored: Scored | None = None
    mistakes: tuple[EvaluatedText, ...] = ()
    rows: tuple[WrittenRow, ...] = ()
    if is_written(evaluation):
        with suppress(TextsNotKeptError):
            rows = tuple(written_rows(app, evaluation))
    else:
        with suppress(TextsNotKeptError):  # an older program made it; its numbers are told alone
            scored = scored_of(app, evaluation)
        chosen = thresholds_in(evaluation.report)
        request = EvaluationTextsRequest(evaluation.id, Mistakes(), chosen, limit=N_EXAMPLES)
        with suppress(TextsNotKeptError, *GONE):
            mistakes = list_evaluation_texts(app, request, job).texts
    job.report(_("Reading the dataset"))
    with app.database() as db:
        known = set(version.concepts)
        return Material(
            app_name=get_about(db, "name", app.path.name),
            version=version,
            evaluation=evaluation,
            concepts=tuple(c for c in list_concepts(db) if c.name in known),
            scored=scored,
            mistakes=mistakes,
            tested=_tested(app, db, evaluation),
            is_stale=is_stale(db, evaluation),
            rows=rows,
        )


def thresholds_in(report: Mapping[str, Any]) -> dict[str, float]:
    """Return from which probability on each concept counted, as far as a report tells."""
    return {r["name"]: r["threshold"] for r in report["concepts"] if "threshold" in r}


def _tested(app: AppFolder, db: Database, evaluation: Evaluation) -> Tested | None:
    with suppress(*GONE), source_of(app, db, evaluation) as (source, version_id):
        frozen = get_version(source, version_id)
        return Tested(frozen.created, hash_version(source, version_id))
    return None
