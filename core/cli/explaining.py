"""The command that says which words of a text decided."""

from collections.abc import Iterable
from dataclasses import asdict

from core import tables
from core.cli.terminal import Add, Answer, Arguments, answer_words, app_of, with_model
from core.i18n import _
from core.jobs import Job
from core.learning.explaining import Doubt, WordSpan
from core.operations.explain import ExplainRequest, ExplainResult, explain

SHOWN = 8
SLIGHTEST = 0.05  # nats; words that weigh less are left out of the table


def add_commands(add: Add) -> None:
    """Add it."""
    command = with_model(add("explain", _run_explain, "say which words of a text decided"))
    command.add_argument("text", metavar="TEXT")
    command.add_argument("--concept", metavar="C", default="", help="instead of the likeliest")


def _run_explain(arguments: Arguments, job: Job) -> Answer:
    request = ExplainRequest(
        arguments.model, arguments.text, arguments.number, concept=arguments.concept
    )
    result = explain(app_of(arguments), request, job)
    return Answer(_value(result), _text(result))


def _value(result: ExplainResult) -> dict[str, object]:
    found = result.explanation
    return {
        "chosen": list(result.chosen),
        "needs_person": result.needs_person,
        **asdict(result.prediction),
        "is_sure": found.is_sure,
        "is_verified": found.is_verified,
        "doubt": str(found.doubt),
        "verdict": result.verdict,
        "probability_without_top": found.probability_without,
        "probability_without_random": found.probability_random,
        "top_drop": found.top_drop,
        "random_drop": found.random_drop,
        "top": _records(result, found.top),
        "spans": _records(result, found.spans),
        "neighbours": [asdict(one) for one in result.neighbours],
    }


def _records(result: ExplainResult, spans: Iterable[WordSpan]) -> list[dict[str, object]]:
    return [
        {"words": result.text[one.start : one.end], **asdict(one)}
        | {"probability_without": result.explanation.without(one)}
        for one in spans
    ]


def _text(result: ExplainResult) -> str:
    found = result.explanation
    about = _("About “{concept}”: {probability:.3f}")
    by_weight = sorted(found.spans, key=lambda one: -one.importance)
    spoke_for = [one for one in by_weight if one.importance > SLIGHTEST]
    against = [one for one in reversed(by_weight) if one.importance < -SLIGHTEST]
    parts = [
        answer_words(result.chosen, needs_person=result.needs_person),
        about.format(concept=result.prediction.concept, probability=result.prediction.probability),
        _words(result, _("Spoke for it"), spoke_for),
        _words(result, _("Spoke against it"), against),
        _check(result),
        _neighbours(result),
    ]
    return "\n\n".join(part for part in parts if part)


def _words(result: ExplainResult, title: str, spans: list[WordSpan]) -> str:
    heads = (title, _("Weight"), _("Probability without"))
    rows = [
        (result.text[one.start : one.end], one.importance, result.explanation.without(one))
        for one in spans[:SHOWN]
    ]
    return tables.table(heads, rows) if rows else ""


def _check(result: ExplainResult) -> str:
    found = result.explanation
    if not found.top or found.doubt is Doubt.NO_OTHERS:
        return result.verdict
    numbers = _(
        "Without {words}: {without:.3f}. Without as many random words: {random:.3f}."
    ).format(
        words=", ".join(f"“{result.text[one.start : one.end]}”" for one in found.top),
        without=found.probability_without,
        random=found.probability_random,
    )
    return f"{result.verdict}\n{numbers}"


def _neighbours(result: ExplainResult) -> str:
    heads = (_("Nearest labelled texts"), _("Concepts"), _("Alike"))
    rows = [(one.text, ", ".join(one.concepts), one.similarity) for one in result.neighbours]
    return tables.table(heads, rows) if rows else ""
