"""Textwright on the command line: everything that the window can do, offline."""

import argparse
import io
import json
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from core import tables
from core.app_folder import MAIN_DATASET, AppFolder, app_name, find_app_folder
from core.errors import UserError
from core.files import Mapping, preview, with_columns, with_options
from core.i18n import _
from core.jobs import Event, Job, JobCancelled, Progress
from core.learning.settings import EmbeddingClassifierSettings, parse_settings
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.create_app import CreateAppRequest, create_app
from core.operations.create_sample import SampleRequest, create_sample, find_sample
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.predict import PredictRequest, predict
from core.operations.train import TrainRequest, train
from core.operations.try_text import TryRequest, try_text
from core.paths import logs_folder
from core.preferences import recent_apps
from core.records import EMBEDDING_CLASSIFIER
from core.sample_loop import run_sample_loop
from core.storage.concepts import list_concepts
from core.storage.models import find_own_evaluation, list_model_versions

Arguments = argparse.Namespace


@dataclass(frozen=True)
class Answer:
    """What a command has to say: a value for machines, a text for people."""

    value: Any
    text: str


class TerminalJob(Job):
    """A job whose caller reads a terminal: one line of progress, on stderr."""

    def __init__(self) -> None:
        super().__init__()
        self._is_shown = sys.stderr.isatty()

    def publish(self, event: Event) -> None:
        """Keep the event; show progress on one line that is written over."""
        super().publish(event)
        if self._is_shown and isinstance(event, Progress):
            counts = f" {event.done} / {event.total}" if event.total else ""
            sys.stderr.write(f"\r\033[K{event.stage}{counts}")

    def clear(self) -> None:
        """Leave the line empty."""
        if self._is_shown:
            sys.stderr.write("\r\033[K")

    def end(self, words: str, status: int) -> int:
        """Say on stderr how it ended; return the exit status."""
        self.clear()
        sys.stderr.write(f"{words}\n")
        return status


class UsageError(UserError):
    """A command was typed wrongly."""


class Parser(argparse.ArgumentParser):
    """Refuses what was typed wrongly like anything else that can be put right."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where to read how it is done."""
        next_step = _("See `{command} --help`.").format(command=self.prog)
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", next_step=next_step)


def main(argv: list[str] | None = None) -> int:
    """Run one command; return 1, with the next step on stderr, if the user can put it right."""
    job = TerminalJob()
    try:
        arguments = _parser().parse_args(argv)
        answer: Answer = arguments.run(arguments, job)
    except UserError as error:
        return job.end(f"{error}\n{error.next_step}", 1)
    except (KeyboardInterrupt, JobCancelled):
        return job.end(_("Stopped. Nothing was changed."), 130)
    except Exception:  # noqa: BLE001  # nobody who types a command can read a traceback
        return job.end(_broken(traceback.format_exc()), 1)
    job.clear()
    return _say(json.dumps(answer.value, indent=2) if arguments.json else answer.text)


def _say(text: str) -> int:
    """Write an answer, whatever the terminal can show of it, for as long as somebody reads."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _broken(report: str) -> str:
    """Keep the report of a bug; return what to say."""
    path = logs_folder() / "report.txt"
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(report, encoding="utf-8", errors="replace")
    words = _("Something is broken on our side: {what}\nSend us the report in {path}.")
    return words.format(what=report.strip().rpartition("\n")[2], path=path)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="textwright-cli", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, run: Callable[[Arguments, Job], Answer], about: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=about, description=about)
        command.add_argument("--json", action="store_true", help="print JSON for machines")
        command.set_defaults(run=run)
        return command

    _add_app_commands(add)
    _add_text_commands(add)
    _add_model_commands(add)
    add("loop", _run_loop, "run the whole loop on a sample, in a temporary folder")
    return parser


Add = Callable[[str, Callable[[Arguments, Job], Answer], str], argparse.ArgumentParser]


def _add_app_commands(add: Add) -> None:
    command = add("create-app", _run_create_app, "create an app")
    command.add_argument("name", metavar="NAME")
    command.add_argument("--folder", type=Path, metavar="DIR", help="an empty folder to keep it in")
    command = add("sample", _run_sample, "make a ready sample app")
    command.add_argument("name", metavar="NAME", help="a sample's name, or a name for the new app")
    command.add_argument("--of", metavar="SAMPLE", default="", help="whose texts it shall have")
    command.add_argument("--folder", type=Path, metavar="DIR", help="an empty folder to keep it in")


def _run_create_app(arguments: Arguments, job: Job) -> Answer:
    app = create_app(CreateAppRequest(arguments.name, arguments.folder), job)
    name = app_name(app.path)
    text = _("“{name}” is created in {path}").format(name=name, path=app.path)
    return Answer({"name": name, "folder": str(app.path)}, text)


def _run_sample(arguments: Arguments, job: Job) -> Answer:
    sample = find_sample(arguments.of or arguments.name, is_needed=bool(arguments.of))
    request = SampleRequest(sample.name, arguments.name, arguments.folder)
    app = create_sample(request, job)
    text = _("“{name}” is ready in {path}: {n_texts} texts, {n_concepts} concepts").format(
        name=arguments.name,
        path=app.path,
        n_texts=sample.n_texts,
        n_concepts=sample.n_concepts,
    )
    value = {"name": arguments.name, "folder": str(app.path), "sample": sample.name}
    return Answer(value | {"n_texts": sample.n_texts, "n_concepts": sample.n_concepts}, text)


def _add_text_commands(add: Add) -> None:
    command = _with_app(add("import", _run_import, "add the texts of a file or folder"))
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--text", metavar="COL", help="column of the text")
    command.add_argument(
        "--concepts", metavar="COL", action="append", help="column of the concepts; may be repeated"
    )
    command.add_argument("--separator", metavar="SEP", help="parts several concepts in one cell")
    command.add_argument("--split", metavar="COL", help="column that says train or test")
    command.add_argument("--id", metavar="COL", help="column of the file's own ids")
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    command = _with_app(add("add", _run_add, "add one text"))
    command.add_argument("text", metavar="TEXT")
    command.add_argument("--concept", metavar="C", action="append", default=[], help="it is this")
    command.add_argument("--not", dest="absent", metavar="C", action="append", default=[])
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    _with_app(add("concepts", _run_concepts, "list the concepts"))
    command = _with_app(add("freeze", _run_freeze, "freeze a version of a dataset"))
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    command.add_argument("--description", default="")


def _with_app(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("app", metavar="APP", help="an app's name or its folder")
    return command


def _app(arguments: Arguments) -> AppFolder:
    return find_app_folder(arguments.app, recent_apps())


def _mapping(path: Path, arguments: Arguments) -> Mapping:
    """Guess how a file is read, then believe what was said."""
    seen = preview(path)
    roles = {name: getattr(arguments, name, None) for name in ("text", "concepts", "split", "id")}
    if any(role is not None for role in roles.values()):
        seen = with_columns(seen, **roles)
    separator = getattr(arguments, "separator", None)
    if separator is not None:
        seen = with_options(seen, separator=separator)
    return seen.mapping


def _run_import(arguments: Arguments, job: Job) -> Answer:
    app = _app(arguments)
    mapping = _mapping(arguments.file, arguments)
    with app.locked():
        result = import_texts(app, ImportRequest(arguments.file, mapping, arguments.dataset), job)
    lines = [
        _("{added} texts added, {left_out} rows left out").format(
            added=result.n_added, left_out=result.n_problems
        )
    ]
    lines += [
        _("Row {number}: {reason}").format(number=p.number, reason=p.reason)
        for p in result.problems
    ]
    problems = [{"row": p.number, "reason": p.reason, "text": p.row} for p in result.problems]
    counts = {"added": result.n_added, "left_out": result.n_problems}
    return Answer(
        counts | {"unlabelled": result.n_unlabelled, "problems": problems}, "\n".join(lines)
    )


def _run_add(arguments: Arguments, job: Job) -> Answer:
    app = _app(arguments)
    request = AddTextsRequest(
        (arguments.text,), tuple(arguments.concept), tuple(arguments.absent), arguments.dataset
    )
    with app.locked():
        result = add_texts(app, request, job)
    return Answer({"input_id": result.input_ids[0]}, _("1 text added"))


def _run_concepts(arguments: Arguments, _job: Job) -> Answer:
    with _app(arguments).database() as db:
        concepts = list_concepts(db)
    heads = (_("Concept"), _("Texts"), _("Texts that are not"), _("Definition"))
    rows = [(c.name, c.n_positive, c.n_negative, c.definition) for c in concepts]
    keys = ("name", "positive", "negative", "definition")
    return Answer([dict(zip(keys, row, strict=True)) for row in rows], tables.table(heads, rows))


def _run_freeze(arguments: Arguments, job: Job) -> Answer:
    app = _app(arguments)
    with app.locked():
        result = freeze_dataset(app, FreezeRequest(arguments.dataset, arguments.description), job)
    version = result.version
    text = _("Version {number} of “{dataset}”: {n} texts, {labelled} of them labelled").format(
        number=version.number,
        dataset=version.dataset,
        n=version.n_inputs,
        labelled=version.n_labelled,
    )
    value = {"dataset": version.dataset, "version": version.number, "is_new": result.is_new}
    return Answer(value | {"inputs": version.n_inputs, "labelled": version.n_labelled}, text)


def _add_model_commands(add: Add) -> None:
    command = _with_app(add("train", _run_train, "train a model"))
    command.add_argument("--model", required=True, metavar="NAME")
    command.add_argument("--type", default=EMBEDDING_CLASSIFIER)
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    command.add_argument("--version", type=int, default=0, metavar="N", help="of the dataset")
    command.add_argument("--concept", metavar="C", action="append", default=[])
    command.add_argument("--set", metavar="KEY=VALUE", action="append", default=[])
    _with_app(add("models", _run_models, "list the trained models"))
    command = _with_app(add("evaluate", _run_evaluate, "score a model"))
    command.add_argument("model", metavar="MODEL")
    command.add_argument("--number", type=int, default=0, metavar="N", help="version of the model")
    command.add_argument("--dataset", metavar="NAME", default="")
    command.add_argument("--cross-validate", type=int, default=0, metavar="K")
    command = _with_app(add("try", _run_try, "ask a model about a text"))
    command.add_argument("model", metavar="MODEL")
    command.add_argument("text", metavar="TEXT")
    command = _with_app(add("predict", _run_predict, "predict every text of a file"))
    command.add_argument("model", metavar="MODEL")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--out", type=Path, required=True, metavar="FILE")
    command.add_argument("--text", metavar="COL", help="column of the text")


def _run_train(arguments: Arguments, job: Job) -> Answer:
    request = TrainRequest(
        model=arguments.model,
        type=arguments.type,
        dataset=arguments.dataset,
        version=arguments.version,
        concepts=tuple(arguments.concept),
        settings=parse_settings(EmbeddingClassifierSettings, arguments.set),
    )
    app = _app(arguments)
    with app.locked():
        result = train(app, request, job)
    version = result.model_version
    head = _("“{model}”, version {number}, is trained in {seconds:.1f} s").format(
        model=version.model, number=version.number, seconds=version.summary["seconds"]
    )
    value = {"model": version.model, "version": version.number, "status": "MODEL_TRAINED"}
    value |= {"summary": version.summary, "evaluation": result.evaluation.report}
    return Answer(value, f"{head}\n\n{tables.scores(result.evaluation)}")


def _run_models(arguments: Arguments, _job: Job) -> Answer:
    with _app(arguments).database() as db:
        versions = list_model_versions(db)
        own = [find_own_evaluation(db, version.id) for version in versions]
    reports = [evaluation.report if evaluation else {} for evaluation in own]
    heads = (_("Model"), _("Version"), _("Type"), _("Trained"), _("Right answers"), _("Macro F1"))
    rows = [
        (
            version.model,
            version.number,
            version.type,
            f"{version.created:%Y-%m-%d %H:%M}",
            report.get("top1_accuracy"),
            report.get("macro_avg_f1_score"),
        )
        for version, report in zip(versions, reports, strict=True)
    ]
    keys = ("model", "version", "type", "created", "top1_accuracy", "macro_avg_f1_score")
    status = {"status": "MODEL_TRAINED"}
    value = [dict(zip(keys, row, strict=True)) | status for row in rows]
    return Answer(value, tables.table(heads, rows) if rows else _("No models yet"))


def _run_evaluate(arguments: Arguments, job: Job) -> Answer:
    request = EvaluateRequest(
        arguments.model, arguments.number, arguments.dataset, arguments.cross_validate
    )
    app = _app(arguments)
    with app.locked():
        evaluation = evaluate(app, request, job).evaluation
    value = {"method": evaluation.method, "n_folds": evaluation.n_folds} | evaluation.report
    return Answer(value, tables.scores(evaluation))


def _run_try(arguments: Arguments, job: Job) -> Answer:
    result = try_text(_app(arguments), TryRequest(arguments.model, arguments.text), job)
    heads = (_("Concept"), _("Probability"))
    rows = [(p.concept, p.probability) for p in result.predictions]
    answer = ", ".join(result.chosen) or _("None of your concepts")
    value = {
        "chosen": list(result.chosen),
        "predictions": [{"concept": c, "probability": p} for c, p in rows],
        "neighbours": [
            {"text": n.text, "concepts": list(n.concepts), "similarity": n.similarity}
            for n in result.neighbours
        ],
    }
    return Answer(value, f"{answer}\n\n{tables.table(heads, rows)}")


def _run_predict(arguments: Arguments, job: Job) -> Answer:
    mapping = _mapping(arguments.file, arguments)
    request = PredictRequest(arguments.model, arguments.file, arguments.out, mapping)
    result = predict(_app(arguments), request, job)
    text = _("{n} texts predicted into {path}; {skipped} rows could not be read").format(
        n=result.n_predicted, path=result.out, skipped=result.n_skipped
    )
    value = {"out": str(result.out), "predicted": result.n_predicted}
    return Answer(value | {"skipped": result.n_skipped, "counts": result.counts}, text)


def _run_loop(_arguments: Arguments, job: Job) -> Answer:
    loop = run_sample_loop(job)
    lines = [loop.headline, "", tables.scores(loop.evaluation), ""]
    lines += [_("“{text}” → {answer}").format(text=t, answer=a) for t, a in loop.predictions]
    value = {"evaluation": loop.evaluation.report, "predictions": dict(loop.predictions)}
    return Answer(value, "\n".join(lines))
