"""From an evaluation to the next one: train again or evaluate again, then look at both."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from core.i18n import _
from core.operations.evaluate import EvaluateRequest, EvaluateResult, evaluate
from core.operations.repeating import evaluating_again, is_own, training_again
from core.operations.train import TrainResult
from core.records import Evaluation, ModelVersion
from desktop.runner import Task
from desktop.session import Session
from desktop.widgets.versions import version_name


@dataclass(frozen=True)
class Improved:
    """What came of it, and what there was before."""

    version: ModelVersion
    evaluation: Evaluation
    before: Evaluation | None


class Improving(QObject):
    """Trains or evaluates, one at a time, and tells what came of it.

    Attributes:
        doing: what runs, in one sentence; "" while nothing does.
    """

    changed = Signal()  # something began or ended
    improved = Signal(object)  # Improved
    failed = Signal(object)  # the exception

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        """Do nothing yet."""
        super().__init__(parent)
        self._session = session
        self.doing = ""

    def train_again(self, version: ModelVersion, before: Evaluation) -> Task:
        """Train the model with its settings on its dataset as it is now, and check it as before.

        Raises:
            UserError: the settings are not allowed any more.
        """
        db = self._session.db
        request, was_own = training_again(db, version), is_own(db, before)
        task = self._session.train(request)

        def go_on(result: TrainResult) -> None:
            if was_own:
                self._tell(result.model_version, result.evaluation, before)
                return
            again = evaluating_again(self._session.db, result.model_version, before)
            self.evaluate(result.model_version, again, before)

        self._follow(task, _("The model is being trained again; its scores follow."))
        task.succeeded.connect(go_on)
        return task

    def evaluate_again(self, version: ModelVersion, before: Evaluation) -> Task:
        """Check a version as it was before, on the labels as they are now."""
        return self.evaluate(version, evaluating_again(self._session.db, version, before), before)

    def evaluate(
        self, version: ModelVersion, request: EvaluateRequest, before: Evaluation | None = None
    ) -> Task:
        """Check a version; `before` is shown beside what comes of it."""
        title = _("Evaluating “{model}”").format(model=version_name(version))
        task = self._session.start(evaluate, request, title=title)

        def tell(result: EvaluateResult) -> None:
            self._tell(version, result.evaluation, before)

        self._follow(task, _("The model is being evaluated. You can go on working."))
        task.succeeded.connect(tell)
        return task

    def _follow(self, task: Task, doing: str) -> None:
        self.doing = doing
        self.changed.emit()
        task.failed.connect(self._fail)
        task.stopped.connect(self._end)

    def _tell(
        self, version: ModelVersion, evaluation: Evaluation, before: Evaluation | None
    ) -> None:
        self._end()
        self.improved.emit(Improved(version, evaluation, before))

    def _fail(self, error: Exception) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        self.doing = ""
        self.changed.emit()
