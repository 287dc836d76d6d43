"""Whether the analyst's work is kept: what the header says, and why if it is not."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from typing_extensions import override

from core.app_folder import AppMissingError
from core.changes import Changes
from core.errors import DiskFullError, NotWritableError, UserError
from core.i18n import _
from core.operations.back_up import EVERY_S, BackUpRequest, back_up
from core.operations.check_app import check_app
from core.operations.check_data import check_data
from core.operations.compare_models import compare_datasets, compare_models
from core.operations.draw_map import draw_map
from core.operations.evaluate import evaluate
from core.operations.export_app import export_app
from core.operations.export_evaluation import export_evaluation
from core.operations.export_inputs import export_inputs
from core.operations.export_model import export_model
from core.operations.find_topics import find_topics
from core.operations.index_texts import index_texts
from core.operations.learning_curve import measure_learning_curve
from core.operations.let_go import let_go
from core.operations.predict import predict
from core.operations.save_evaluation_texts import save_evaluation_texts
from core.operations.save_predictions import save_predictions
from core.operations.save_rejected import save_rejected
from core.operations.settle import export_disagreements
from core.operations.suggest import suggest
from core.operations.sweep import sweep
from core.operations.train import resume, train
from core.operations.write_report import write_report
from core.storage.database import AppBusyError, AppDamagedError, AppUnreachableError
from core.storage.thinning import Reason
from desktop.runner import Task
from desktop.session import Session
from desktop.widgets.header import Saved
from desktop.widgets.wording import clock

LOOK_MS = 2_000
NOT_KEPT = (
    DiskFullError,
    NotWritableError,
    AppBusyError,
    AppUnreachableError,
    AppMissingError,
    AppDamagedError,
)
# These read what the analyst made, which is kept; they write files, or what follows from it.
CHANGES_NO_TEXTS = (
    train,
    resume,
    sweep,
    let_go,
    evaluate,
    predict,
    suggest,
    check_data,
    find_topics,
    draw_map,
    index_texts,
    measure_learning_curve,
    compare_models,
    compare_datasets,
    save_predictions,
    save_evaluation_texts,
    save_rejected,
    write_report,
    export_evaluation,
    export_disagreements,
    export_inputs,
    export_model,
    export_app,
    back_up,
    check_app,
)


class SavedSession(Session):
    """A session that knows whether the last change was kept."""

    saved_changed = Signal()
    came_back = Signal()  # the folder was gone, and another one is in its place

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401  # those of a session
        """Open the app: all of it is on the disk."""
        super().__init__(*arguments)
        self._file = _file_at(self.app.file)
        self._gone: UserError | None = None
        self._is_half_done = False  # what failed may have left a part
        self._watch = QTimer(self, interval=LOOK_MS)
        self._watch.timeout.connect(self.look_at_folder)
        self._watch.start()
        self._moment = datetime.now()
        self._problem: UserError | None = None
        self._no_backup: Exception | None = None
        self.changed.connect(self._note_change)

    @override
    def do(self, operation: Callable[..., Any], *arguments: object) -> Any:
        try:
            result = super().do(operation, *arguments)
        except UserError as error:
            self._note_failure(error)
            raise
        self._note_kept(result)
        return result

    @override
    def start(self, operation: Callable[..., Any], *arguments: object, title: str) -> Task:
        task = super().start(operation, *arguments, title=title)
        if operation not in CHANGES_NO_TEXTS:
            task.failed.connect(self._note_failure)
            task.succeeded.connect(self._note_kept)
        return task

    def saved(self) -> tuple[str, Saved]:
        """Return what the header says of saving, and how it stands."""
        if problem := self._problem or self._gone:
            return _("Not saved: {reason}").format(reason=_reason(problem)), "failed"
        task = self.jobs.current
        if task and task.title and task.request.operation not in CHANGES_NO_TEXTS:
            return _("Saving…"), "saving"
        if self._no_backup:
            words = _("Saved {time}, but not backed up: {reason}")
            said = words.format(time=clock(self._moment), reason=_reason(self._no_backup))
            return said, "failed"
        return _("All changes saved {time}").format(time=clock(self._moment)), "saved"

    def look_at_folder(self) -> None:
        """See whether the app's file is still where it was, or there again."""
        found = _file_at(self.app.file)
        if found and found != self._file:
            is_writing = self.jobs.current and self.jobs.current.title
            if not is_writing:  # else it puts another file in place itself, and tells of it
                self._watch.stop()
                self.came_back.emit()
            return
        if found and self._is_half_done:
            self._take_back()
        gone = None if found else AppUnreachableError(self.app.file)
        if bool(gone) != bool(self._gone):
            self._gone = gone
            self.saved_changed.emit()

    def _take_back(self) -> None:
        """Take back what a job left that could not even do so itself, once there is room for it."""
        if self.jobs.current and self.jobs.current.title:
            return
        problem = self._problem
        with suppress(UserError):
            self.app.recover()
            self._is_half_done = False
            self.changed.emit(~Changes.NOTHING)
            self._problem = problem  # what was to be done is not done
            self.saved_changed.emit()

    @override
    def close(self) -> None:
        self._watch.stop()
        super().close()

    def back_up_by_itself(self) -> Task:
        """Back up in the background what changed; it waits behind no training."""
        request = BackUpRequest(Reason.TIME, only_if_changed=True, every_s=EVERY_S)
        is_busy = self.jobs.current and self.jobs.current.title
        runner = self.answers if is_busy else self.jobs
        task = self._own(runner.start(back_up, self.app, request))
        task.succeeded.connect(lambda _result: self._note_backup(None))
        task.succeeded.connect(self._spread)
        task.failed.connect(self._note_backup)
        return task

    def _note_backup(self, problem: Exception | None) -> None:
        self._no_backup = problem
        self.saved_changed.emit()

    def _note_change(self, changes: Changes) -> None:
        if changes & Changes.BACKUPS:
            self._no_backup = None
        if changes & ~Changes.BACKUPS:
            self._moment = datetime.now()
        self.saved_changed.emit()

    def _note_kept(self, result: object) -> None:
        """What the analyst changed was kept; what ends meanwhile keeps nothing of what failed."""
        if getattr(result, "changes", Changes.NOTHING) & ~Changes.BACKUPS:
            self._problem = None
            self.saved_changed.emit()

    def _note_failure(self, error: Exception) -> None:
        if isinstance(error, NOT_KEPT):
            self._problem, self._is_half_done = error, True
        self.saved_changed.emit()


def _file_at(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one that takes its place; None where there is none."""
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_dev, told.st_ino


def _reason(error: Exception) -> str:
    if not isinstance(error, UserError):
        return _("something is broken on our side")
    if isinstance(error, AppUnreachableError):
        return _("the app's folder cannot be reached any more; connect its disk or put it back")
    return _("the disk is full") if isinstance(error, DiskFullError) else str(error).rstrip(".")
