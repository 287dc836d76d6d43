"""All evaluations of all model versions, the best first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.evaluation_words import count_learned
from core.learning.intervals import UNKNOWN, Estimate
from core.records import Evaluation, Method, ModelVersion
from core.storage.database import Database
from core.storage.evaluations import list_evaluations
from core.storage.models import list_model_versions
from core.storage.versions import get_version

KEYS = {  # what may be ranked by: the key in a report, and in the scores of a concept
    "f1": ("macro_avg_f1_score", "f1"),
    "right": ("top1_accuracy", ""),
    "roc_auc": ("macro_avg_roc_auc", "roc_auc"),
    "average_precision": ("macro_avg_average_precision", "average_precision"),
    "precision": ("macro_avg_precision", "precision"),
    "recall": ("macro_avg_recall", "recall"),
}


@dataclass(frozen=True)
class LeaderboardFilter:
    """Which evaluations to list; what is empty is not asked for.

    Attributes:
        dataset: that was evaluated on.
        concept: whose scores to show, without intervals, instead of the means over all.
        by: what to rank by, one of `KEYS`.
    """

    dataset: str = ""
    model_type: str = ""
    concept: str = ""
    by: str = "f1"


@dataclass(frozen=True)
class LeaderboardRow:
    """One evaluation.

    Attributes:
        rank: from 1; equal scores share one. None where the score is undefined.
        trained_on: the dataset and the number of its version that the model learned from.
        scores: by the keys of `KEYS`.
        n_seen: texts that the model had learned from, word for word or nearly.
        same_texts: rows with the same number were found on the same texts.
    """

    rank: int | None
    version: ModelVersion
    evaluation: Evaluation
    trained_on: tuple[str, int]
    scores: dict[str, Estimate]
    n_texts: int
    n_seen: int
    same_texts: int

    @property
    def created(self) -> datetime:
        """When it was found."""
        return self.evaluation.created

    @property
    def method(self) -> Method:
        """How it was found."""
        return self.evaluation.method


def list_leaderboard(
    db: Database, wanted: LeaderboardFilter | None = None
) -> tuple[LeaderboardRow, ...]:
    """Return evaluations by falling score; nothing is computed, only stored reports are read.

    Scores found on different texts are not comparable; `same_texts` says which are.
    """
    wanted = wanted or LeaderboardFilter()
    versions = {version.id: version for version in list_model_versions(db)}
    trained = {
        key: get_version(db, key) for key in {v.dataset_version_id for v in versions.values()}
    }
    kinds: dict[object, int] = {}
    rows = []
    for one in list_evaluations(db):
        version = versions[one.model_version_id]
        if version.is_writer:
            continue  # it has no scores of concepts
        scores = _scores(one.report, wanted.concept)
        if not scores or not _is_wanted(one, version, wanted):
            continue
        frozen = trained[version.dataset_version_id]
        report = one.report
        kind = (one.other_app, one.dataset, one.dataset_number, one.split, report["n_texts"])
        rows.append(
            LeaderboardRow(
                rank=None,
                version=version,
                evaluation=one,
                trained_on=(frozen.dataset, frozen.number),
                scores=scores,
                n_texts=report["n_texts"],
                n_seen=count_learned(report),
                same_texts=kinds.setdefault(kind, len(kinds)),
            )
        )
    return _ranked(rows, wanted.by)


def _is_wanted(one: Evaluation, version: ModelVersion, wanted: LeaderboardFilter) -> bool:
    return wanted.dataset in ("", one.dataset) and wanted.model_type in ("", version.type)


def _scores(report: dict[str, Any], concept: str) -> dict[str, Estimate]:
    """Return the scores of a row; empty where the model does not know the concept."""
    if not concept:
        return {
            name: Estimate(report.get(key), report.get(f"{key}_low"), report.get(f"{key}_high"))
            for name, (key, _own) in KEYS.items()
        }
    for record in report["concepts"]:
        if record["name"] == concept:
            return {
                name: Estimate(record[own], None, None) if record.get(own) is not None else UNKNOWN
                for name, (_key, own) in KEYS.items()
            }
    return {}


def _ranked(rows: Sequence[LeaderboardRow], by: str) -> tuple[LeaderboardRow, ...]:
    def value(row: LeaderboardRow) -> float:
        found = row.scores[by].value
        return -1.0 if found is None else found

    ordered = sorted(rows, key=value, reverse=True)
    values = [value(row) for row in ordered]
    return tuple(
        LeaderboardRow(**(vars(row) | {"rank": None if one < 0 else values.index(one) + 1}))
        for row, one in zip(ordered, values, strict=True)
    )
