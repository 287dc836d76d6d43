"""A training on its way: time left, stages, curves, log."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import N_, _
from core.records import EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT
from desktop.screens.train.log_fold import LogFold
from desktop.session import Training
from desktop.theme.tokens import S2, S6
from desktop.widgets.layout import column, row, step_body
from desktop.widgets.live_curve import LiveCurve
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.text import heading, text, wrapped
from desktop.widgets.training_curves import TrainingCurves
from desktop.widgets.wording import number

CLOCK_MS = 1000  # the seconds go on while nothing is reported
WIDEST = 1640
FREEZING, LEARNING, SAVING = N_("Freezing the dataset"), N_("Learning"), N_("Saving the model")
STAGES = {
    EMBEDDING_CLASSIFIER: (FREEZING, N_("Reading texts"), LEARNING, N_("Checking"), SAVING),
    TEXT_CLASSIFIER: (FREEZING, LEARNING, N_("Checking"), SAVING),
    TEXT_TO_TEXT: (
        *(FREEZING, N_("Reading the base model"), LEARNING),
        *(N_("Writing answers"), N_("Comparing answers"), SAVING),
    ),
}


class RunningPage(QWidget):
    """Shows a training while it runs, from whatever moment on.

    Attributes:
        curve: the candidates of a quick training, of a sweep too. curves: of the others.
    """

    def __init__(self, training: Training) -> None:
        """Show how far it is; `refresh` shows how far it is now."""
        super().__init__()
        self._training, self._task = training, training.task
        request = training.request
        self.progress = ProgressPanel([_(stage) for stage in STAGES[request.type]])
        self.curve = LiveCurve()
        self.curves = TrainingCurves(float(getattr(request.settings, "num_train_epochs", 0)))
        self.log = LogFold(request.model)
        is_quick = request.type == EMBEDDING_CLASSIFIER
        self.curves.setVisible(not is_quick)
        right = self._candidates() if is_quick else self._measured()
        work = row(self.progress, (right, 1), gap=S6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        body = column(heading(self._title()), S2, (work, 1), S2, self.log, gap=0)
        layout.addWidget(step_body((body, 1), most=WIDEST))
        self._clock = QTimer(self, interval=CLOCK_MS)
        self._clock.timeout.connect(self.refresh)
        for stage, moment in self._task.stages:  # those that began before this page was there
            self._show_stage(stage, moment - self._task.began)
        self.refresh()

    def _title(self) -> str:
        model = self._training.request.model
        if self._training.sweep:
            words = _("Trying {n} settings of “{model}”")
            return words.format(n=number(len(self._training.sweep.runs())), model=model)
        return _("Training “{model}”").format(model=model)

    def _candidates(self) -> QWidget:
        return column(
            text(_("Candidates tried, best score so far"), "heading"),
            2,
            wrapped(_("Each is scored on texts that it has not seen."), "small", "ink_2"),
            12,
            (self.curve, 1),
            gap=0,
        )

    def _measured(self) -> QWidget:
        self.curve.hide()
        title = text(_("How it learns"), "heading")
        if self._training.sweep:
            title = text(_("How the one that runs now learns"), "heading")
        return column(title, 2, (self.curves, 1), gap=0)

    def refresh(self) -> None:
        """Show how far the training is."""
        task = self._task
        if task.is_waiting:
            self.progress.headline.setText(_("Waiting"))
            self.progress.sentence.setText(_("It begins when what runs now is done."))
        elif not task.progress.stage:
            self.progress.headline.setText(_("Starting"))
            self.progress.sentence.setText("")
        else:
            self.progress.set_progress(
                task.progress.stage,
                task.progress.done,
                task.progress.total,
                seconds_left=None if task.is_finishing else self._training.seconds_left,
                elapsed_s=task.seconds,
            )
        if len(task.trials) != len(self.curve.trials):
            self.curve.set_trials(task.trials)
        if len(task.measures) != len(self.curves.measures):
            self.curves.set_measures(task.measures)
        if len(task.log) != len(self.log.lines):
            self.log.set_lines(task.log)

    def _show_stage(self, stage: str, elapsed_s: float) -> None:
        self.progress.set_progress(stage, 0, 0, seconds_left=None, elapsed_s=elapsed_s)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()
