"""Commands that put models side by side."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from core import tables
from core.cli.terminal import Add, Answer, Arguments, UsageError, app_of, with_app
from core.comparison_words import (
    basis_words,
    different_texts,
    f1_verdict,
    names_of,
    place_of,
    verdict,
)
from core.i18n import N_, _
from core.jobs import Job
from core.learning.verdicts import Difference
from core.operations.compare_models import (
    Compared,
    CompareDatasetsRequest,
    CompareModelsRequest,
    DatasetComparison,
    ModelComparison,
    compare_datasets,
    compare_models,
)
from core.operations.leaderboard import (
    KEYS,
    LeaderboardFilter,
    LeaderboardRow,
    list_leaderboard,
)
from core.records import SPLITS
from core.wording import versioned

SHOWN = (
    ("top1_accuracy", N_("Right answers")),
    ("macro_avg_f1_score", N_("Macro F1")),
    ("macro_avg_precision", N_("Macro precision")),
    ("macro_avg_recall", N_("Macro recall")),
    ("macro_avg_roc_auc", N_("Macro ROC AUC")),
)
PER_CONCEPT = ("n_positive", "precision", "recall", "f1", "roc_auc")


def add_commands(add: Add) -> None:
    """Add them."""
    about = "compare models on one dataset, or one model on several datasets"
    command = with_app(add("compare", _run_compare, about))
    command.add_argument(
        "model", metavar="MODEL", nargs="+", help='"name", or "name:2" for its version 2'
    )
    command.add_argument(
        "--dataset", metavar="NAME", action="append", default=[], help="several with one MODEL"
    )
    command.add_argument("--dataset-version", type=int, default=0, metavar="N")
    command.add_argument("--split", choices=SPLITS, default="")
    command.add_argument("--cross-validate", type=int, default=0, metavar="K")
    command = with_app(add("leaderboard", _run_leaderboard, "list all evaluations, best first"))
    command.add_argument("--dataset", metavar="NAME", default="")
    command.add_argument("--type", default="")
    command.add_argument("--concept", metavar="C", default="")
    command.add_argument("--by", choices=list(KEYS), default="f1")


def _run_compare(arguments: Arguments, job: Job) -> Answer:
    models = [_model_of(word) for word in arguments.model]
    app = app_of(arguments)
    if len(arguments.dataset) <= 1:
        request = CompareModelsRequest(
            models=tuple(models),
            dataset=(arguments.dataset or [""])[0],
            dataset_number=arguments.dataset_version,
            split=arguments.split,
            n_folds=arguments.cross_validate,
        )
        with app.locked():
            return _models_answer(compare_models(app, request, job))
    if len(models) > 1 or arguments.dataset_version:
        raise UsageError(
            _("Several datasets can be compared for one model, each as it is now."),
            next_step=_("Name one model, or one dataset."),
        )
    ((model, number),) = models
    places = tuple((name, 0, arguments.split) for name in arguments.dataset)
    asked = CompareDatasetsRequest(model, places, number, arguments.cross_validate)
    with app.locked():
        return _datasets_answer(compare_datasets(app, asked, job))


def _model_of(word: str) -> tuple[str, int]:
    found = re.fullmatch(r"(.+):(\d+)", word)
    return (found[1], int(found[2])) if found else (word, 0)


def _models_answer(found: ModelComparison) -> Answer:
    versions = [column.version for column in found.columns]
    names = names_of(versions)
    evaluations = [column.evaluation for column in found.columns]
    basis = basis_words(found.basis, names, evaluations)
    verdicts = [
        words(versus, name, names[0])
        for versus, name in zip(found.against, names[1:], strict=True)
        for words in (verdict, f1_verdict)
    ]
    settings = [(one.title, *one.values) for one in found.settings]
    parts = [
        "\n".join(verdicts),
        _headline(_("Model"), names, found.columns),
        tables.table((_("What differs"), *names), settings) if settings else "",
        _concepts(names, found.columns),
        "\n".join(basis),
    ]
    value = {
        "models": [
            {"model": version.model, "version": version.number, **_value(column)}
            for version, column in zip(versions, found.columns, strict=True)
        ],
        "against_first": [
            {
                "n_only_this": one.n_only_this,
                "n_only_first": one.n_only_reference,
                "right": _difference(one.right),
                "macro_f1": _difference(one.f1) if one.f1 else None,
            }
            for one in found.against
        ],
        "basis": asdict(found.basis),
        "settings": {one.title: list(one.values) for one in found.settings},
        "words": [*verdicts, *basis],
    }
    return Answer(value, "\n\n".join(part for part in parts if part))


def _datasets_answer(found: DatasetComparison) -> Answer:
    names = [place_of(column.evaluation) for column in found.columns]
    caution = different_texts(found.n_shared)
    parts = [
        _headline(_("Checked on"), names, found.columns),
        _concepts(names, found.columns),
        caution,
    ]
    columns = [
        {
            "dataset": column.evaluation.dataset,
            "dataset_version": column.evaluation.dataset_number,
            "split": column.evaluation.split,
            **_value(column),
        }
        for column in found.columns
    ]
    value = {"datasets": columns, "n_shared": found.n_shared, "words": [caution]}
    return Answer(value, "\n\n".join(parts))


def _difference(found: Difference) -> dict[str, Any]:
    return asdict(found) | {"verdict": found.verdict}


def _value(column: Compared) -> dict[str, Any]:
    evaluation = column.evaluation
    about = {"evaluation": evaluation.id, "method": evaluation.method, "is_new": column.is_new}
    return about | {"report": column.report}


def _headline(title: str, names: Sequence[str], columns: Sequence[Compared]) -> str:
    """Return the scores of each column with their intervals, one line per column."""
    rows = [
        (name, column.report["n_texts"], *(_with_interval(column.report, key) for key, _t in SHOWN))
        for name, column in zip(names, columns, strict=True)
    ]
    return tables.table((title, _("Texts"), *(_(words) for _key, words in SHOWN)), rows)


def _with_interval(report: dict[str, Any], key: str) -> str:
    if report[key] is None:
        return _("undefined")
    return f"{report[key]:.3f} ({report[f'{key}_low']:.3f}–{report[f'{key}_high']:.3f})"


def _concepts(names: Sequence[str], columns: Sequence[Compared]) -> str:
    """Return the scores of each concept, one line per concept and column."""
    by_name = [{one["name"]: one for one in column.report["concepts"]} for column in columns]
    rows = [
        ("" if i else concept, name, *(records[concept][key] for key in PER_CONCEPT))
        for concept in by_name[0]
        for i, (name, records) in enumerate(zip(names, by_name, strict=True))
    ]
    scores = (_("Precision"), _("Recall"), _("F1"), _("ROC AUC"))
    return tables.table((_("Concept"), "", _("Texts"), *scores), rows)


def _run_leaderboard(arguments: Arguments, _job: Job) -> Answer:
    asked = (arguments.dataset, arguments.type, arguments.concept)
    wanted = LeaderboardFilter(*asked, arguments.by)
    with app_of(arguments).database() as db:
        rows = list_leaderboard(db, wanted)
    if not rows:
        return Answer([], _("No evaluation fits") if any(asked) else _("No evaluations yet"))
    heads = (
        _("Rank"), _("Model"), _("Checked on"), _("How"), _("Texts"), _("Trained on"),
        _("ROC AUC"), _("F1"), _("Recall"), _("Precision"), _("Right answers"),
    )  # fmt: skip
    text = tables.table(heads, [_line(row) for row in rows])
    if len({row.same_texts for row in rows}) > 1:
        text += "\n\n" + _("Scores found on different texts cannot be compared.")
    return Answer([_record(row) for row in rows], text)


def _line(row: LeaderboardRow) -> tuple[object, ...]:
    how = _("cross-validation") if row.evaluation.n_folds else _("stored model")
    keys = ("roc_auc", "f1", "recall", "precision", "right")
    return (
        row.rank,
        versioned(row.version.model, row.version.number),
        place_of(row.evaluation),
        f"{how}, {_('learned from {n}').format(n=row.n_seen)}" if row.n_seen else how,
        row.n_texts,
        versioned(*row.trained_on),
        *(row.scores[key].value for key in keys),
    )


def _record(row: LeaderboardRow) -> dict[str, Any]:
    evaluation = row.evaluation
    return {
        "rank": row.rank,
        "model": row.version.model,
        "version": row.version.number,
        "type": row.version.type,
        "evaluation": evaluation.id,
        "dataset": evaluation.dataset,
        "dataset_version": evaluation.dataset_number,
        "split": evaluation.split,
        "other_app": evaluation.other_app,
        "method": evaluation.method,
        "trained_on": list(row.trained_on),
        "n_texts": row.n_texts,
        "n_seen": row.n_seen,
        "same_texts": row.same_texts,
        "scores": {name: asdict(score) for name, score in row.scores.items()},
    }
