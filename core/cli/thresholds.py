"""The command that finds and keeps the thresholds of an error budget."""

from dataclasses import asdict

from core import tables
from core.cli.terminal import Add, Answer, Arguments, app_of, with_model
from core.i18n import _
from core.jobs import Job
from core.operations.error_budget import (
    BudgetRequest,
    BudgetResult,
    KeepThresholdsRequest,
    find_thresholds,
    keep_thresholds,
)


def add_commands(add: Add) -> None:
    """Add it."""
    about = "say what a model may decide alone, so that few of its answers are wrong"
    command = with_model(add("thresholds", _run_thresholds, about))
    command.add_argument(
        "--tolerate", type=float, default=0.02, metavar="SHARE", help="of wrong answers, as 0.02"
    )
    command.add_argument("--texts", type=int, default=0, metavar="N", help="to say it for")
    command.add_argument(
        "--seconds-per-text", type=float, default=30.0, metavar="S", help="that a person takes"
    )
    what = command.add_mutually_exclusive_group()
    what.add_argument("--keep", action="store_true", help="let every prediction go by them")
    what.add_argument("--forget", action="store_true", help="go by the usual ones again")


def _run_thresholds(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    model, number = arguments.model, arguments.number
    if arguments.forget:
        with app.locked():
            keep_thresholds(app, KeepThresholdsRequest(model, number), job)
        return Answer({"is_stored": False}, _("The usual thresholds hold again."))
    request = BudgetRequest(
        model=model,
        number=number,
        tolerated_share=arguments.tolerate,
        n_texts=arguments.texts,
        seconds_per_text=arguments.seconds_per_text,
    )
    result = find_thresholds(app, request, job)
    is_stored = arguments.keep and result.budget.is_kept
    if is_stored:
        with app.locked():
            keep_thresholds(app, KeepThresholdsRequest(model, number, result.thresholds), job)
    return Answer(_value(result) | {"is_stored": is_stored}, _text(result, is_stored=is_stored))


def _value(result: BudgetResult) -> dict[str, object]:
    budget = result.budget
    return {
        "tolerated_share": budget.tolerated_share,
        "is_kept": budget.is_kept,
        "evaluation_id": result.evaluation_id,
        "checked": budget.n_checked,
        "texts_needed": budget.n_needed,
        "thresholds": budget.thresholds,
        "decided_share": budget.decided_share,
        "person_share": budget.person_share,
        "wrong": asdict(budget.wrong),
        "missed_share": budget.missed_share,
        "texts": result.n_texts,
        "hours": result.hours,
        "words": result.words,
        "concepts": [asdict(concept) for concept in budget.concepts],
        "curve": [asdict(step) for step in budget.curve],
    }


def _text(result: BudgetResult, *, is_stored: bool) -> str:
    if not result.budget.is_kept:
        return result.words
    heads = (
        _("Concept"),
        _("Counts from"),
        _("Given"),
        _("Wrong"),
        _("Texts"),
        _("Left or missed"),
    )
    rows = [
        (c.name, c.threshold, c.n_given, c.n_wrong, c.n_texts, c.n_missed)
        for c in result.budget.concepts
    ]
    parts = [result.words, tables.table(heads, rows)]
    if is_stored:
        parts.append(_("Every prediction goes by these thresholds from now on."))
    return "\n\n".join(parts)
