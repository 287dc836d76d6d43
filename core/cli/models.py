"""Commands that list, check and use models."""

from typing import Any

from core import tables
from core.app_folder import find_app_folder
from core.cli.terminal import (
    Add,
    Answer,
    Arguments,
    answer_words,
    app_of,
    key,
    with_app,
    with_model,
)
from core.comparison_words import place_of
from core.evaluation_words import method_words
from core.i18n import _
from core.jobs import Job
from core.operations.delete_evaluation import EvaluationDeletion, delete_evaluation
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.evaluation_needs import is_stale
from core.operations.try_text import TryRequest, try_text
from core.preferences import recent_apps
from core.records import SPLITS, Evaluation
from core.storage.evaluations import find_own_evaluation, list_evaluations
from core.storage.models import find_model_version, list_model_versions
from core.written_words import MEASURES


def add_commands(add: Add) -> None:
    """Add them."""
    with_app(add("models", _run_models, "list the trained models"))
    command = with_model(add("evaluate", _run_evaluate, "score a model"))
    command.add_argument("--dataset", metavar="NAME", default="")
    command.add_argument("--dataset-version", type=int, default=0, metavar="N")
    command.add_argument("--split", choices=SPLITS, default="", help="only texts kept for this")
    command.add_argument("--app", dest="other_app", metavar="OTHER", help="that has the dataset")
    command.add_argument("--cross-validate", type=int, default=0, metavar="K")
    command = with_model(add("evaluations", _run_evaluations, "list the evaluations of a model"))
    command = with_app(add("delete-evaluation", _run_delete, "delete an evaluation"))
    command.add_argument("evaluation", type=key, metavar="ID", help="as “evaluations” lists it")
    command = with_app(add("try", _run_try, "ask a model about a text"))
    command.add_argument("model", metavar="MODEL")
    command.add_argument("text", metavar="TEXT")


def _run_models(arguments: Arguments, _job: Job) -> Answer:
    with app_of(arguments).database() as db:
        versions = list_model_versions(db)
        own = [find_own_evaluation(db, version.id) for version in versions]
    reports = [evaluation.report if evaluation else {} for evaluation in own]
    heads = [_("Model"), _("Version"), _("Type"), _("Trained"), _("Right answers"), _("Macro F1")]
    keys = ["model", "version", "type", "created", "top1_accuracy", "macro_avg_f1_score"]
    rows = [
        [
            version.model,
            version.number,
            version.type,
            f"{version.created:%Y-%m-%d %H:%M}",
            *(report.get(score) for score in keys[4:]),
        ]
        for version, report in zip(versions, reports, strict=True)
    ]
    if any(version.is_writer for version in versions):  # their scores are of texts
        measures = ("exact_match", "token_f1")
        heads += [_(MEASURES[name]) for name in measures]
        keys += measures
        for row, report in zip(rows, reports, strict=True):
            row += [report.get(name) for name in measures]
    status = {"status": "MODEL_TRAINED"}
    value = [dict(zip(keys, row, strict=True)) | status for row in rows]
    return Answer(value, tables.table(heads, rows) if rows else _("No models yet"))


def _run_evaluate(arguments: Arguments, job: Job) -> Answer:
    other = find_app_folder(arguments.other_app, recent_apps()) if arguments.other_app else None
    request = EvaluateRequest(
        model=arguments.model,
        number=arguments.number,
        dataset=arguments.dataset,
        dataset_number=arguments.dataset_version,
        split=arguments.split,
        other_app=other.path if other else None,
        n_folds=arguments.cross_validate,
    )
    app = app_of(arguments)
    with app.locked():
        evaluation = evaluate(app, request, job).evaluation
    return Answer(_about(evaluation) | evaluation.report, tables.scores(evaluation))


def _about(evaluation: Evaluation) -> dict[str, Any]:
    """Return what an evaluation is of, and how it was made."""
    return {
        "evaluation": evaluation.id,
        "created": evaluation.created.isoformat(),
        "dataset": evaluation.dataset,
        "dataset_version": evaluation.dataset_number,
        "split": evaluation.split,
        "other_app": evaluation.other_app,
        "method": evaluation.method,
        "n_folds": evaluation.n_folds,
    }


def _run_evaluations(arguments: Arguments, _job: Job) -> Answer:
    with app_of(arguments).database() as db:
        version = find_model_version(db, arguments.model, arguments.number)
        found = list_evaluations(db, version.id)
        are_stale = [is_stale(db, one) for one in found]
    heads = (
        _("ID"), _("Made"), _("Checked on"), _("How"), _("Texts"), _("Right answers"),
        _("Macro F1"), "",
    )  # fmt: skip
    rows = [
        (
            one.id,
            f"{one.created:%Y-%m-%d %H:%M}",
            place_of(one),
            method_words(one).lower(),
            one.report["n_texts"],
            one.report.get("top1_accuracy"),
            one.report.get("macro_avg_f1_score"),
            _("the dataset has changed since") if stale else "",
        )
        for one, stale in zip(found, are_stale, strict=True)
    ]
    value = [
        _about(one)
        | {"is_stale": stale, "n_texts": one.report["n_texts"]}
        | {key: one.report.get(key) for key in ("top1_accuracy", "macro_avg_f1_score")}
        for one, stale in zip(found, are_stale, strict=True)
    ]
    return Answer(value, tables.table(heads, rows))


def _run_delete(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked():
        delete_evaluation(app, EvaluationDeletion(arguments.evaluation), job)
    return Answer({"deleted": arguments.evaluation}, _("The evaluation is deleted"))


def _run_try(arguments: Arguments, job: Job) -> Answer:
    result = try_text(app_of(arguments), TryRequest(arguments.model, arguments.text), job)
    heads = (_("Concept"), _("Probability"))
    rows = [(p.concept, p.probability) for p in result.predictions]
    answer = answer_words(result.chosen, needs_person=result.needs_person)
    value = {
        "chosen": list(result.chosen),
        "needs_person": result.needs_person,
        "predictions": [{"concept": c, "probability": p} for c, p in rows],
        "neighbours": [
            {"text": n.text, "concepts": list(n.concepts), "similarity": n.similarity}
            for n in result.neighbours
        ],
    }
    return Answer(value, f"{answer}\n\n{tables.table(heads, rows)}")
