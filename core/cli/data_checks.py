"""The command that checks the data before training."""

from core import tables
from core.app_folder import MAIN_DATASET
from core.cli.terminal import Add, Answer, Arguments, app_of, with_app
from core.i18n import _
from core.jobs import Job
from core.operations.check_data import CheckRequest, check_data
from core.wording import number


def add_commands(add: Add) -> None:
    """Add it."""
    command = with_app(add("check-data", _run_check_data, "say what is wrong with the data"))
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    command.add_argument("--embedder", choices=("accurate", "fast"), default="")


def _run_check_data(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked():
        result = check_data(app, CheckRequest(arguments.dataset, arguments.embedder), job)
    kinds = [
        {
            "kind": kind.kind,
            "severity": kind.severity,
            "count": kind.n_found,
            "why": kind.why,
            "examples": [{"input_id": key, "text": text} for key, text in kind.examples],
        }
        for kind in result.kinds
    ]
    found = [kind for kind in result.kinds if kind.n_found]
    heads = (_("Found"), _("Times"), _("Severity"))
    rows = [(kind.title, kind.n_found, kind.severity) for kind in found]
    reasons = [f"{kind.title}: {kind.why}" for kind in found]
    clean = _("Nothing found in {n} texts.").format(n=number(result.n_texts))
    text = "\n\n".join([tables.table(heads, rows), "\n".join(reasons)]) if found else clean
    value = {"n_texts": result.n_texts, "embedder": result.embedder, "kinds": kinds}
    return Answer(value, text)
