"""Train: nothing yet, running, come to nothing, or done with its scores."""

from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.operations.repeating import training_again
from core.operations.train import TrainRequest, TrainResult
from core.records import ModelVersion
from core.storage.concepts import list_concepts
from core.storage.evaluations import list_evaluations
from core.storage.models import list_model_versions
from desktop import boxes
from desktop.screens.train.empty import EmptyPage
from desktop.screens.train.ending import EndingPage
from desktop.screens.train.log_fold import LogFold
from desktop.screens.train.running import RunningPage
from desktop.session import Session, Training
from desktop.theme.tokens import S1
from desktop.widgets.buttons import button
from desktop.widgets.footer import FooterBar
from desktop.widgets.icon import Icon
from desktop.widgets.layout import clip, column, row, step_body
from desktop.widgets.scores_panel import ScoresPanel
from desktop.widgets.step_screen import StepScreen, put_in_front
from desktop.widgets.text import Elided
from desktop.widgets.versions import VersionSelect
from desktop.widgets.wording import duration

WIDEST = 1640


class TrainScreen(StepScreen):
    """Follows the training of the session, and shows what trainings have made."""

    SHOWS = Changes.MODELS | Changes.CONCEPTS | Changes.ANNOTATIONS

    def __init__(self, session: Session) -> None:
        """Show the training that runs, or else the newest model."""
        super().__init__(session)
        self.stack = QStackedWidget()
        self.versions = VersionSelect()
        self.scores = ScoresPanel(session)
        self.settings = button(_("Back to Settings"))
        self.stop = button(_("Stop training"), "danger", "square", tip=_("Stop (Ctrl+.)"))
        self.last = button(_("Show last model"))
        self.show_log = button(_("Show log"))
        self.again = button(_("Train again"))
        self.retry = button(_("Train again"), "primary", "rotate-cw")
        self.next = button(_("Next: Try text"), "primary", "arrow-right", trailing=True)
        self._buttons = (
            *(self.settings, self.stop, self.last, self.show_log),
            *(self.again, self.retry, self.next),
        )
        self._training: Training | None = None
        self._requests: dict[int, TrainRequest] = {}  # what was asked for here, by version
        self.success, self.log = Elided("", "small", "good"), LogFold("")
        self._done = self._done_page()
        self.stack.addWidget(self._done)
        self.lay_out(self.stack, FooterBar(*self._buttons))
        self._connect()
        self._follow()

    def _done_page(self) -> QWidget:
        self.log.hide()
        top = row(Icon("circle-check", "good", 18), (self.success, 1), self.versions)
        body = column(top, 2, (self.scores, 1), S1, self.log, gap=0)
        return clip(step_body((body, 1), most=WIDEST))

    def _connect(self) -> None:
        self.session.plan_changed.connect(self._follow)
        self.versions.version_chosen.connect(self._show_chosen)
        self.settings.clicked.connect(lambda: self.asked_for.emit("settings"))
        self.stop.clicked.connect(self._stop)
        self.last.clicked.connect(self._show_last)
        self.show_log.clicked.connect(self._toggle_log)
        self.again.clicked.connect(self._train_again)
        self.retry.clicked.connect(self._train_again)
        self.next.clicked.connect(lambda: self.asked_for.emit("try_text"))

    @override
    def first_focus(self) -> QWidget | None:
        shown = self.stack.currentWidget()
        if isinstance(shown, EmptyPage):
            return shown.empty.ways[0]
        if isinstance(shown, RunningPage):
            return self.stop
        return self.next if shown is self._done else self.retry

    # -- which page ------------------------------------------------------------------------------
    @override
    def look_again(self) -> None:
        versions = list_model_versions(self.session.db)
        self.versions.set_versions(versions)
        self.versions.setVisible(len(versions) > 1)
        if self._is_running() or isinstance(self.stack.currentWidget(), EndingPage):
            return
        if versions:
            self._show_version()
        else:
            self._show_empty()

    def _is_running(self) -> bool:
        return self._training is not None and not self._training.task.is_over

    def _follow(self) -> None:
        """Show the training of the session, from the first moment that is noticed."""
        training = self.session.training
        if training is None or training is self._training or training.task.is_over:
            return
        self._training = training
        page, task = RunningPage(training), training.task
        task.updated.connect(page.refresh)
        task.succeeded.connect(self._show_success)
        task.failed.connect(self._show_ending)
        task.stopped.connect(self._show_ending)
        self._show(page)
        self._offer(self.stop, self.next)
        self.next.set_enabled(enabled=False, why_not=_("The model is not trained yet."))
        self.footer.set_note(
            _("You can go on working in other steps. Stopping keeps everything as it was before.")
        )

    def _show_success(self, result: TrainResult) -> None:
        version_id = result.model_version.id
        if self._training:
            self._requests[version_id] = self._training.request
        self.versions.set_versions(list_model_versions(self.session.db))
        self.versions.choose(version_id)
        self.look_again()
        self.lead_on(self.next)

    def _show_ending(self, error: Exception | None = None) -> None:
        if self._training is None:
            return
        task, model = self._training.task, self._training.request.model
        page = EndingPage(model, error, task.log, self.session.app.path)
        page.asked_for.connect(self.asked_for)
        self._show(page)
        others = (self.last,) if list_model_versions(self.session.db) else ()
        self._offer(self.settings, *others, self.retry)
        self.lead_on(self.retry)
        if error is None:
            self.footer.set_note(_("Train again whenever you like."))
            return
        stage = task.progress.stage
        words = _("Ended at “{stage}”. Nothing was lost.") if stage else _("Nothing was lost.")
        self.footer.set_note(words.format(stage=stage), "bad", "circle-x")

    def _show_last(self) -> None:
        self._training = None
        self._show(self._done)
        self.look_again()

    def _show_empty(self) -> None:
        has_labels = any(concept.n_positive for concept in list_concepts(self.session.db))
        page = EmptyPage(has_labels=has_labels)
        page.empty.way_chosen.connect(self.asked_for)
        self._show(page)
        self._offer(self.next)
        self.next.set_enabled(enabled=False, why_not=_("No model is trained yet."))
        self.footer.set_note(_("No model is trained yet."))

    def _show_version(self) -> None:
        version = self.versions.version
        if version is None:
            return
        self.success.setText(_trained_words(version))
        evaluations = list_evaluations(self.session.db, version.id)
        self.scores.setVisible(bool(evaluations))
        if evaluations:
            self.scores.show_evaluation(evaluations[-1])  # the training's own
        self.log.set_lines(version.log.splitlines())
        self._show(self._done)
        self._offer(self.show_log, self.again, self.next)
        self.next.set_enabled(enabled=True)
        words = _("Saved as version {number} of “{model}”.")
        self.footer.set_note(words.format(number=version.number, model=version.model))

    def _show_chosen(self) -> None:
        if self.stack.currentWidget() is self._done:
            self._show_version()

    def _show(self, page: QWidget) -> None:
        put_in_front(self.stack, page, kept=self._done)

    def _offer(self, *buttons: QWidget) -> None:
        for one in self._buttons:
            one.setVisible(one in buttons)
        self.footer.primary = self.retry if self.retry in buttons else self.next

    # -- what can be done ------------------------------------------------------------------------
    def _stop(self) -> None:
        if self._training:
            self._training.task.stop()

    def _toggle_log(self) -> None:
        is_open = not self.log.fold.is_open()
        self.log.setVisible(is_open)
        self.log.fold.set_open(is_open=is_open)
        self.show_log.setText(_("Hide log") if is_open else _("Show log"))

    def _train_again(self) -> None:
        try:
            self.session.train(self._request())
        except UserError as error:
            boxes.show_error(self, error)

    def _request(self) -> TrainRequest:
        """Return what the shown version was made with, or what was asked for in vain."""
        version = self.versions.version
        is_version_shown = self.stack.currentWidget() is self._done and version is not None
        if self._training and not is_version_shown:
            return self._training.request
        assert version is not None  # only then there is a button
        return self._requests.get(version.id) or training_again(self.session.db, version)


def _trained_words(version: ModelVersion) -> str:
    seconds = duration(max(1.0, version.summary.get("seconds", 0.0)))
    words = _("“{model}”, version {number}, is trained, in {time}")
    return words.format(model=version.model, number=version.number, time=seconds)
