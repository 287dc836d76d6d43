"""Commands about what would make a model better."""

from dataclasses import asdict

from core import tables
from core.cli.terminal import Add, Answer, Arguments, app_of, with_model
from core.i18n import _
from core.jobs import Job
from core.learning.growth import LearningCurve
from core.operations.learning_curve import LearningCurveRequest, measure_learning_curve


def add_commands(add: Add) -> None:
    """Add them."""
    about = "say whether more labelling is worth it"
    with_model(add("learning-curve", _run_learning_curve, about))


def _run_learning_curve(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    request = LearningCurveRequest(arguments.model, arguments.number)
    with app.locked():
        result = measure_learning_curve(app, request, job)
    assert result.curve is not None  # it was just measured
    value = result.curve.to_json() | {"advice": [asdict(advice) for advice in result.advice]}
    advice = "\n".join(one.words for one in result.advice)
    return Answer(value, f"{_table(result.curve)}\n\n{advice}")


def _table(curve: LearningCurve) -> str:
    """Return the points and the forecast, each score with its 95 % interval."""
    heads = (_("Texts"), _("Macro F1"), _("95 % from"), _("to"), _("Right answers"),
             _("95 % from"), _("to"), "")  # fmt: skip
    measured = [(p.n_texts, p.f1, p.accuracy, _("measured")) for p in curve.points]
    if curve.f1 and curve.accuracy:
        forecast = (curve.f1.score, curve.accuracy.score, _("forecast"))
        measured.append((curve.f1.n_texts, *forecast))
    rows = [
        (n_texts, f1.value, f1.low, f1.high, right.value, right.low, right.high, how)
        for n_texts, f1, right, how in measured
    ]
    return tables.table(heads, rows)
