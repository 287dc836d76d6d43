"""Commands that let text-to-text models write."""

from core.cli.terminal import Add, Answer, Arguments, app_of, with_model
from core.i18n import _
from core.jobs import Job
from core.learning.settings import parse_values
from core.operations.generate import HOW, GenerateRequest, generate
from core.storage.models import find_model_version
from core.templates import shipped_template
from core.written_words import ENDINGS


def add_commands(add: Add) -> None:
    """Add them."""
    command = with_model(add("generate", _run_generate, "let a text-to-text model answer a text"))
    command.add_argument("text", metavar="TEXT")
    command.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help=f"how it answers: {', '.join(HOW)}",
    )
    command.add_argument("--untrained", action="store_true", help="ask its base model, too")


def _run_generate(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.database() as db:
        version = find_model_version(db, arguments.model, arguments.number)
    fields = shipped_template(version.type, version.template).fields
    known = [setting for setting in fields if setting.name in HOW]
    request = GenerateRequest(
        version.model,
        arguments.text,
        version.number,
        how=parse_values(known, arguments.set),
        asks_untrained=arguments.untrained,
    )
    result = generate(app, request, job)
    value = {
        "answer": result.answer,
        "untrained": result.untrained,
        "prompt": result.prompt,
        "elapsed_ms": result.elapsed_ms,
        "ending": result.ending,
    }
    words = result.answer
    if result.ending:
        words += f"\n\n{_(ENDINGS[result.ending])}"
    if not arguments.untrained:
        return Answer(value, words)
    before = _("Before the training:")
    return Answer(value, f"{words}\n\n{before}\n{result.untrained}")
