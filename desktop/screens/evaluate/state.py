"""What all pages of Evaluate are about: one evaluation, thresholds tried on it, the chosen mark."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from core.learning.marks import Mark
from core.operations.error_budget import KeepThresholdsRequest, keep_thresholds
from core.operations.look_into import RescoreRequest, RescoreResult, rescore
from core.records import Evaluation, ModelVersion, Thresholds
from desktop.asking import Asking
from desktop.session import Session
from desktop.widgets.versions import concept_numbers

REST_MS = 300  # after which a slider that moved is taken to have come to rest


class EvaluationState(QObject):
    """One evaluation of a model version, as the pages look at it.

    Attributes:
        version, evaluation: None while there is none.
        report: its scores, by the thresholds that are being tried.
        thresholds: by concept, as they are tried; those of the version to begin with.
        before: an evaluation to compare with, of the version that was trained before.
        numbers: of the concepts' marks, by name.
        mark: whose texts are shown; None for none.
    """

    shown = Signal()  # another evaluation, or none
    rescored = Signal()  # the report follows other thresholds
    refused = Signal(object)  # the UserError, where the scores cannot follow
    mark_chosen = Signal(object)  # Mark, or None
    kept = Signal()  # the version answers by other thresholds from now on
    evaluation_asked = Signal(object)  # Evaluation, of any version, that is to be shown instead
    tab_asked = Signal(str)  # another page is to be opened: "overview", "mixed_up" …

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.session = session
        self.version: ModelVersion | None = None
        self.evaluation: Evaluation | None = None
        self.before: Evaluation | None = None
        self.report: dict[str, Any] = {}
        self.thresholds: dict[str, float] = {}
        self.numbers: dict[str, int] = {}
        self.mark: Mark | None = None
        self._rescoring = Asking(session)
        self._is_behind = False  # thresholds moved while the scores by others were on their way
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(lambda: self._rescore(has_intervals=True))

    def show(
        self,
        version: ModelVersion | None,
        evaluation: Evaluation | None,
        before: Evaluation | None = None,
    ) -> None:
        """Turn to another evaluation, or to none."""
        self._rescoring.forget()
        self._is_behind = False
        self._rest.stop()
        self.version, self.evaluation, self.before = version, evaluation, before
        self.report = dict(evaluation.report) if evaluation else {}
        self.numbers = concept_numbers(self.session.db, self.names)
        self.thresholds = self.usual_thresholds
        self.mark = None
        self.shown.emit()
        self.mark_chosen.emit(None)

    @property
    def names(self) -> list[str]:
        """The concepts, in the order of the report."""
        return [record["name"] for record in self.report.get("concepts", ())]

    @property
    def is_exclusive(self) -> bool:
        """Whether a text has exactly one concept."""
        return bool(self.report.get("is_exclusive", True))

    @property
    def keeps_texts(self) -> bool:
        """Whether the texts behind the numbers can be shown."""
        return bool(self.evaluation and self.evaluation.folder)

    @property
    def usual_thresholds(self) -> dict[str, float]:
        """The thresholds that the evaluation was made by."""
        records = self.evaluation.report["concepts"] if self.evaluation else ()
        usual = 0.0 if self.is_exclusive else 0.5
        return {record["name"]: record.get("threshold", usual) for record in records}

    @property
    def tries_thresholds(self) -> bool:
        """Whether other thresholds are being tried."""
        return self.thresholds != self.usual_thresholds

    def try_thresholds(self, thresholds: Mapping[str, float]) -> None:
        """Try other thresholds for some concepts; the scores follow at once."""
        if not self.keeps_texts:
            return
        self.thresholds |= thresholds
        self._rescore(has_intervals=False)
        self._rest.start()

    def try_threshold(self, threshold: float) -> None:
        """Try one threshold for all concepts."""
        self.try_thresholds(dict.fromkeys(self.names, threshold))

    def keep_thresholds(self, thresholds: Thresholds) -> None:
        """Let the version answer by other thresholds from now on.

        Raises:
            UserError: it cannot be done now.
        """
        if self.version is None:
            return
        request = KeepThresholdsRequest(self.version.model, self.version.number, thresholds)
        self.version = self.session.do(keep_thresholds, request).model_version
        self.kept.emit()

    def choose(self, mark: Mark | None) -> None:
        """Show the texts behind a mark; None shows none."""
        self.mark = mark
        self.mark_chosen.emit(mark)

    def _rescore(self, *, has_intervals: bool) -> None:
        if self.evaluation is None:
            return
        if self._rescoring.is_answering and not has_intervals:
            self._is_behind = True  # else nothing would be shown until the slider rests
            return
        self._is_behind = False
        request = RescoreRequest(self.evaluation.id, dict(self.thresholds), has_intervals)
        self._rescoring.ask(self._show_scores, rescore, request, refused=self.refused.emit)

    def _show_scores(self, result: RescoreResult) -> None:
        if self._is_behind:
            self._rescore(has_intervals=False)
        self.report = result.report
        self.rescored.emit()
        if self.mark is not None:
            self.mark_chosen.emit(self.mark)
