"""What a screen is given: the open app, the two runners, and the news of what changed."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.app_folder import AppFolder, app_name
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.operations.sweep import SweepRequest, sweep
from core.operations.tidy_up import tidy_up
from core.operations.train import (
    ResumeRequest,
    TrainRequest,
    is_resumable,
    request_of,
    resume,
    train,
)
from core.preferences import remember_app
from core.records import JobRecord
from core.storage.about import get_about, update_about
from core.storage.database import transaction
from core.storage.filters import InputFilter
from core.storage.jobs import list_jobs
from core.storage.searches import Search
from core.storage.versions import get_version
from core.wording import number
from desktop.runner import JobRunner, Task

WINDOW_PATIENCE_S = 1.0


@dataclass(frozen=True)
class Training:
    """A training that was started here: what was asked for, and how it goes.

    Attributes:
        expected_s: how long it was thought to take; 0 if nobody said.
        sweep: what is tried, where it is several trainings. job_id: the job that it goes on with.
    """

    request: TrainRequest
    task: Task
    expected_s: float = 0
    sweep: SweepRequest | None = None
    job_id: int = 0

    @property
    def seconds_left(self) -> float | None:
        """How long it still takes: as expected, but never less than the stage tells."""
        of_stage, rest = self.task.seconds_left, self.expected_s - self.task.seconds
        return max(of_stage or 0, rest) if rest > 0 else of_stage


class Session(QObject):
    """One open app. `changed` carries what an operation touched; who shows it looks again.

    Attributes:
        app: the folder, for operations. db: a connection for reading and for quick verbs.
        jobs: runs what writes, one after the other. answers: runs what only reads.
        model_type: what Model type chose. training: the training that runs or ran last.
    to_label: the texts that the labelling screen goes through. to_show: those that the list of
        the dataset shows when it comes up next; None leaves it as it is. to_explore: what
        Explore searches for when it comes up next.
    to_export, train_from: the dataset and version (0: as it is now) that the export page and
        the settings begin with when they come up next.
    to_take: the key of the model version that Elsewhere offers when it comes up next; 0: any.
    """

    changed = Signal(object)  # Changes
    plan_changed = Signal()  # model type or training
    replaced = Signal()  # the database is another file now: the app has to be opened anew

    def __init__(
        self, app: AppFolder, jobs: JobRunner, answers: JobRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.app = app
        self.name = app_name(app.path)
        self.jobs = jobs
        self.answers = answers
        self.model_type = ""
        self.training: Training | None = None
        self.to_label = InputFilter()
        self.to_show: InputFilter | None = None
        self.to_explore: Search | None = None
        self.to_export: tuple[str, int] | None = None
        self.train_from: tuple[str, int] | None = None
        self.to_take = 0
        self._tasks: set[Task] = set()
        self._held = ExitStack()
        self._held.enter_context(app.locked())
        self.db = self._held.enter_context(app.database())
        self.model_type = get_about(self.db, "model_type")
        jobs.lost.connect(self._recover)
        remember_app(Path(app.path))

    def start(self, operation: Callable[..., Any], *arguments: object, title: str) -> Task:
        """Run `operation(app, *arguments, job)` in the background; its changes become news."""
        task = self.jobs.start(operation, self.app, *arguments, title=title)
        task.succeeded.connect(self._spread)
        return self._own(task)

    def tidy_up(self) -> None:
        """Clear away in the background what nobody can get back."""
        self._own(self.jobs.start(tidy_up, self.app))

    def begin_again(self, task: Task) -> Task:
        """Start a job once more whose process was lost; its changes become news, too."""
        _app, *arguments = task.request.arguments
        if task.request.operation is train:
            return self.train(arguments[0])
        if task.request.operation is sweep:
            return self.sweep(arguments[0])
        return self.start(task.request.operation, *arguments, title=task.title)

    def ask(self, operation: Callable[..., Any], *arguments: object) -> Task:
        """Run an operation that only reads; it never waits behind a training."""
        return self._own(self.answers.start(operation, self.app, *arguments))

    def do(self, operation: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
        """Run a quick verb at once, in this process; return its result.

        Raises:
            AppBusyError: a job writes so much just now that the window would stand still.
        """
        result = operation(replace(self.app, patience_s=WINDOW_PATIENCE_S), *arguments, Job())
        self._spread(result)
        return result

    def choose_model_type(self, name: str) -> None:
        """Keep what kind of model the next training makes."""
        self.model_type = name
        with transaction(self.db):
            update_about(self.db, model_type=name)
        self.plan_changed.emit()

    def train(self, request: TrainRequest, expected_s: float = 0) -> Task:
        """Start a training, and keep it at hand for every screen that shows it."""
        title = _("Training “{model}”").format(model=request.model)
        return self._follow(Training(request, self.start(train, request, title=title), expected_s))

    def sweep(self, request: SweepRequest, expected_s: float = 0) -> Task:
        """Start trainings with several settings, one after the other."""
        words = _("Trying {n} settings of “{model}”")
        model = request.training.model
        title = words.format(n=number(len(request.runs())), model=model)
        task = self.start(sweep, request, title=title)
        return self._follow(Training(request.training, task, expected_s, sweep=request))

    def resume(self, record: JobRecord) -> Task:
        """Go on with a training that was interrupted.

        Raises:
            UserError: what it was asked for is not known any more.
        """
        version = get_version(self.db, record.request["dataset_version_id"])
        request = request_of(record.request, version)
        task = self.start(resume, ResumeRequest(record.id), title=record.title)
        return self._follow(Training(request, task, job_id=record.id))

    def interrupted(self) -> list[JobRecord]:
        """Return the trainings that were interrupted and can go on, newest first."""
        running = self.training.job_id if self.training and not self.training.task.is_over else 0
        records = [one for one in list_jobs(self.db, with_folder=True) if one.id != running]
        return [one for one in records if is_resumable(self.app, one)]

    def _follow(self, training: Training) -> Task:
        self.training = training
        training.task.updated.connect(self.plan_changed)
        training.task.ended.connect(self.plan_changed)
        self.plan_changed.emit()
        return training.task

    def close(self) -> None:
        """Let go of the app; what still runs for it is stopped, and nobody hears of it."""
        for task in list(self._tasks):
            task.blockSignals(True)  # noqa: FBT003  # Qt's own signature
            task.stop()
        self.jobs.lost.disconnect(self._recover)
        self._held.close()

    def _own(self, task: Task) -> Task:
        self._tasks.add(task)
        task.ended.connect(lambda: self._tasks.discard(task))
        return task

    def _spread(self, result: object) -> None:
        self.changed.emit(getattr(result, "changes", Changes.NOTHING))

    def _recover(self) -> None:
        self.app.recover()
        self.changed.emit(~Changes.NOTHING)
