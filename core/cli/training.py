"""Commands that train: once, on from an interruption, and over ranges of settings."""

import shlex
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from core import tables
from core.app_folder import MAIN_DATASET, AppFolder, AppInUseError
from core.cli.templates import settings_from_arguments
from core.cli.terminal import Add, Answer, Arguments, app_of, key, with_app
from core.errors import NotWritableError
from core.i18n import _, ngettext
from core.jobs import Job, JobCancelled
from core.learning.hugging_face_settings import doubts_of
from core.learning.settings import value_words
from core.operations.sweep import (
    SweepRequest,
    SweepResult,
    parse_ranges,
    sweep,
    swept_fields,
    values_words,
)
from core.operations.train import (
    MODEL_TYPES,
    ResumeRequest,
    TrainRequest,
    TrainResult,
    is_resumable,
    resume,
    train,
)
from core.operations.train_elsewhere import (
    BringBackRequest,
    TakeAlongRequest,
    bring_training_back,
    take_training_along,
)
from core.records import JobRecord, JobStatus
from core.storage.jobs import list_jobs
from core.storage.models import list_model_versions


def add_commands(add: Add) -> None:
    """Add them."""
    _with_training(add("train", _run_train, "train a model"))
    command = _with_training(add("sweep", _run_sweep, "train over ranges of settings"))
    command.add_argument(
        "--try",
        dest="ranges",
        metavar="KEY=VALUES",
        action="append",
        required=True,
        help="“1|2|3”, or “from:to:step”; may be repeated, every combination is trained",
    )
    command = _with_training(add("take-along", _run_take_along, "train on other computers"))
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="a new one")
    command.add_argument(
        "--processes", type=int, default=1, metavar="N", help="that train together"
    )
    command = with_app(
        add("bring-back", _run_bring_back, "keep a model that was trained elsewhere")
    )
    command.add_argument("folder", type=Path, metavar="FOLDER")
    command = with_app(add("resume", _run_resume, "go on with a training that was interrupted"))
    command.add_argument("job", type=key, metavar="JOB", help="as “jobs” lists it")
    with_app(add("jobs", _run_jobs, "list the trainings, and which of them can go on"))


def _with_training(command: ArgumentParser) -> ArgumentParser:
    with_app(command)
    command.add_argument("--model", required=True, metavar="NAME")
    command.add_argument("--type", choices=MODEL_TYPES, default="", help="else the template's")
    command.add_argument("--template", default="", metavar="NAME", help="as “templates” lists it")
    command.add_argument("--config", type=Path, metavar="FILE", help="settings in YAML or Python")
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    command.add_argument("--version", type=int, default=0, metavar="N", help="of the dataset")
    command.add_argument("--concept", metavar="C", action="append", default=[])
    command.add_argument("--set", metavar="KEY=VALUE", action="append", default=[])
    return command


def _request_of(arguments: Arguments) -> TrainRequest:
    template, settings = settings_from_arguments(
        arguments.type, arguments.template, arguments.config, arguments.set
    )
    for name, doubt in doubts_of(settings).items():
        sys.stderr.write(f"{name}: {doubt}\n")
    return TrainRequest(
        model=arguments.model,
        type=template.type,
        dataset=arguments.dataset,
        version=arguments.version,
        concepts=tuple(arguments.concept),
        settings=settings,
        template=template.name,
    )


def _run_train(arguments: Arguments, job: Job) -> Answer:
    request = _request_of(arguments)
    app = app_of(arguments)
    with app.locked(), _told_what_stays(arguments, app):
        return _answer(train(app, request, job), arguments.app)


def _run_resume(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked(), _told_what_stays(arguments, app, arguments.job):
        return _answer(resume(app, ResumeRequest(arguments.job), job), arguments.app)


@contextmanager
def _told_what_stays(arguments: Arguments, app: AppFolder, going_on: int = 0) -> Iterator[None]:
    """Let a training that is stopped end in words on what is kept of it, if anything is.

    Args:
        arguments: of the command.
        app: that it is about.
        going_on: the job that it goes on with, 0 for none.
    """
    with app.database() as db:
        known = {one.id for one in list_jobs(db)} - {going_on}
        models = {one.id for one in list_model_versions(db)}
    try:
        yield
    except (KeyboardInterrupt, JobCancelled) as stopped:
        with app.database() as db:
            left = [j for j in list_jobs(db) if j.id not in known and is_resumable(app, j)]
            n_done = sum(one.id not in models for one in list_model_versions(db))
        words = [_("Stopped.")] if n_done or left else []
        if n_done:
            words.append(
                ngettext(
                    "{n} version that was trained before stays.",
                    "{n} versions that were trained before stay.",
                    n_done,
                ).format(n=n_done)
            )
        for one in left:
            command = shlex.join(["textwright-cli", "resume", arguments.app, str(one.id)])
            words.append(_("The training can go on later: {command}").format(command=command))
        raise JobCancelled(" ".join(words)) from stopped


def _run_take_along(arguments: Arguments, job: Job) -> Answer:
    request = TakeAlongRequest(_request_of(arguments), arguments.out, arguments.processes)
    app = app_of(arguments)
    with app.locked():
        result = take_training_along(app, request, job)
    command = shlex.join(result.command)
    words = _("Written. In {folder}, run:\n\n{command}\n\nThen bring the model back from there.")
    value = {"out": str(result.out), "command": list(result.command)}
    return Answer(value, words.format(folder=result.out, command=command))


def _run_bring_back(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked():
        result = bring_training_back(app, BringBackRequest(arguments.folder), job)
    return _answer(result, arguments.app)


def _answer(result: TrainResult, app: str) -> Answer:
    version = result.model_version
    head = _("“{model}”, version {number}, is trained in {seconds:.1f} s").format(
        model=version.model, number=version.number, seconds=version.summary["seconds"]
    )
    value = {"model": version.model, "version": version.number, "status": "MODEL_TRAINED"}
    value |= {"summary": version.summary, "evaluation": result.evaluation.report}
    command = shlex.join(["textwright-cli", "predict", app, version.model])
    after = _("Next: {command}").format(command=f"{command} FILE --out FILE")
    return Answer(value, f"{head}\n\n{tables.scores(result.evaluation)}\n\n{after}")


def _run_sweep(arguments: Arguments, job: Job) -> Answer:
    training = _request_of(arguments)
    request = SweepRequest(training, parse_ranges(swept_fields(training), arguments.ranges))
    app = app_of(arguments)
    with app.locked(), _told_what_stays(arguments, app):
        result = sweep(app, request, job)
    heads = (_("Rank"), _("Version"), *request.values, _("Score"))
    rows = [
        (rank, row.model_version.number, *map(value_words, row.values.values()), row.score)
        for rank, row in enumerate(result.rows, start=1)
    ]
    told = [tables.table(heads, rows)]
    told += [f"{values_words(values)}: {why}" for values, why in result.failed]
    return Answer(_sweep_value(result), "\n".join(told))


def _sweep_value(result: SweepResult) -> dict[str, Any]:
    return {
        "runs": [
            {
                "version": row.model_version.number,
                "values": row.values,
                "score": row.score,
                "evaluation": row.evaluation.report,
            }
            for row in result.rows
        ],
        "failed": [{"values": values, "why": why} for values, why in result.failed],
    }


def _run_jobs(arguments: Arguments, _job: Job) -> Answer:
    app = app_of(arguments)
    with suppress(AppInUseError, NotWritableError), app.locked():
        pass  # notes how those ended that were killed, so that they can go on
    with app.database() as db:
        jobs = list_jobs(db)
    heads = (_("Job"), _("Started"), _("What"), _("Can go on"), _("How it ended"))
    rows = [
        (
            one.id,
            f"{one.started:%Y-%m-%d %H:%M}",
            one.title,
            _("yes") if is_resumable(app, one) else "",
            _how_it_ended(one),
        )
        for one in jobs
    ]
    value = [
        {
            "job": one.id,
            "title": one.title,
            "status": one.status,
            "code": one.code,
            "message": one.message,
            "started": one.started.isoformat(),
            "can_go_on": is_resumable(app, one),
        }
        for one in jobs
    ]
    said = tables.table(heads, rows, is_last_whole=True)
    return Answer(value, said if rows else _("No jobs yet"))


def _how_it_ended(record: JobRecord) -> str:
    if record.status == JobStatus.RUNNING:
        return _("is running")  # what stands there is how it was interrupted before
    return record.message or _("done")
