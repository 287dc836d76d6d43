"""Commands about an app as a whole."""

from pathlib import Path

from core import tables
from core.app_folder import app_name
from core.cli.terminal import Add, Answer, Arguments, app_of, with_app
from core.i18n import _
from core.jobs import Job
from core.operations.create_app import CreateAppRequest, create_app
from core.operations.create_sample import SampleRequest, create_sample, find_sample
from core.operations.undo import redo, undo
from core.preferences import warn_once
from core.sample_loop import run_sample_loop
from core.self_test import SelfTestRequest, SelfTestResult, self_test
from core.wording import number
from core.worker import run_apart


def add_commands(add: Add) -> None:
    """Add them."""
    command = add("create-app", _run_create_app, "create an app")
    command.add_argument("name", metavar="NAME")
    command.add_argument("--folder", type=Path, metavar="DIR", help="an empty folder to keep it in")
    command.add_argument("--base", default="", metavar="NAME", help="what reads every text")
    command = add("sample", _run_sample, "make a ready sample app")
    command.add_argument("name", metavar="NAME", help="a sample's name, or a name for the new app")
    command.add_argument("--of", metavar="SAMPLE", default="", help="whose texts it shall have")
    command.add_argument("--folder", type=Path, metavar="DIR", help="an empty folder to keep it in")
    with_app(add("undo", _run_undo, "take back what was done last"))
    with_app(add("redo", _run_redo, "do again what was taken back"))
    command = add("self-test", _run_self_test, "run the whole loop, and say what was tried")
    command.add_argument(
        "--offline", action="store_true", help="forbid the network, and count who asks for it"
    )
    add("loop", _run_loop, "run the whole loop on a sample, in a temporary folder")


def _run_create_app(arguments: Arguments, job: Job) -> Answer:
    app = create_app(CreateAppRequest(arguments.name, arguments.folder, arguments.base), job)
    name = app_name(app.path)
    text = _("“{name}” is created in {path}").format(name=name, path=app.path)
    warning = warn_once(app.path)
    value = {"name": name, "folder": str(app.path), "warning": warning or None}
    return Answer(value, f"{text}\n{warning}".strip())


def _run_sample(arguments: Arguments, job: Job) -> Answer:
    sample = find_sample(arguments.of or arguments.name, is_needed=bool(arguments.of))
    request = SampleRequest(sample.name, arguments.name, arguments.folder)
    app = create_sample(request, job)
    words = _("“{name}” is ready in {path}: {n_texts} texts, {n_concepts} concepts")
    if sample.n_targets:
        words = _("“{name}” is ready in {path}: {n_texts} texts, {n_targets} with an answer")
    text = words.format(
        name=arguments.name,
        path=app.path,
        n_texts=number(sample.n_texts),
        n_concepts=number(sample.n_concepts),
        n_targets=number(sample.n_targets),
    )
    value = {"name": arguments.name, "folder": str(app.path), "sample": sample.name}
    value |= {"n_texts": sample.n_texts, "n_concepts": sample.n_concepts}
    return Answer(value | {"n_targets": sample.n_targets}, text)


def _run_undo(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked():
        result = undo(app, job)
    return Answer({"step": result.step.name}, result.words)


def _run_redo(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked():
        result = redo(app, job)
    return Answer({"step": result.step.name}, result.words)


def _run_self_test(arguments: Arguments, job: Job) -> Answer:
    request = SelfTestRequest(is_offline=arguments.offline)
    result: SelfTestResult = run_apart(self_test, request, job=job)
    status = 0 if result.has_passed else 1
    return Answer(result.value(), "\n".join(result.lines()), status)


def _run_loop(_arguments: Arguments, job: Job) -> Answer:
    loop = run_sample_loop(job)
    lines = [loop.headline, "", tables.scores(loop.evaluation), ""]
    lines += [_("“{text}” → {answer}").format(text=t, answer=a) for t, a in loop.predictions]
    value = {"evaluation": loop.evaluation.report, "predictions": dict(loop.predictions)}
    return Answer(value, "\n".join(lines))
