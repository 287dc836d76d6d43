"""Train: nothing yet, running, come to nothing, or done with its scores."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.operations.let_go import let_go
from core.operations.repeating import training_again
from core.operations.sweep import SweepResult, kept_sweep
from core.operations.train import ResumeRequest, TrainRequest, TrainResult
from core.operations.written import is_written
from core.records import EMBEDDING_CLASSIFIER, JobRecord, ModelVersion
from core.storage.concepts import list_concepts
from core.storage.courses import Course, find_course
from core.storage.evaluations import list_evaluations
from core.storage.models import list_model_versions
from core.storage.sweeps import find_sweep
from core.templates import settings_of_version
from desktop import boxes
from desktop.screens.train.course_page import CoursePage
from desktop.screens.train.empty import EmptyPage
from desktop.screens.train.ending import EndingPage
from desktop.screens.train.interrupted import InterruptedBar
from desktop.screens.train.log_fold import LogFold
from desktop.screens.train.ranking import RankingPage
from desktop.screens.train.running import RunningPage
from desktop.session import Session, Training
from desktop.theme.tokens import S1, font
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.footer import FooterBar
from desktop.widgets.icon import Icon
from desktop.widgets.layout import clip, column, row, step_body
from desktop.widgets.scores_panel import ScoresPanel
from desktop.widgets.step_screen import StepScreen, put_in_front
from desktop.widgets.text import Elided
from desktop.widgets.versions import VersionSelect
from desktop.widgets.wording import duration
from desktop.widgets.written_scores import WrittenScores

WIDEST = 1640
_STAYING = (EndingPage, RankingPage, CoursePage)  # until the analyst leaves them


class TrainScreen(StepScreen):
    """Follows the training of the session, and shows what trainings have made."""

    SHOWS = Changes.MODELS | Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.JOBS

    def __init__(self, session: Session) -> None:
        """Show the training that runs, or else the newest model."""
        super().__init__(session)
        self.stack = QStackedWidget()
        self.versions = VersionSelect()
        self.scores, self.written = ScoresPanel(session), WrittenScores()
        self.interrupted = InterruptedBar()
        self.settings = button(_("Back to Settings"))
        self.ranking = button(_("Show the ranking"))
        self.course = button(_("Show how it learned"))
        self.back = button(_("Back to the scores"))
        self.open_version = button(_("Show its scores"), "primary")
        self.finish = button(_("Stop and keep the best"), tip=_("Learn no more, and go on"))
        self.stop = button(_("Stop training"), "danger", "square", tip=_("Stop (Ctrl+.)"))
        self.last = button(_("Show last model"))
        self.show_log = button(_("Show log"))
        self.again = button(_("Train again"))
        self.retry = button(_("Train again"), "primary", "rotate-cw")
        self.next = button(_("Next: Try text"), "primary", "arrow-right", trailing=True)
        self._buttons = (
            *(self.settings, self.ranking, self.finish, self.stop, self.last, self.back),
            *(self.course, self.show_log, self.again, self.retry, self.open_version, self.next),
        )
        self._training: Training | None = None
        self._requests: dict[int, TrainRequest] = {}  # what was asked for here, by version
        self.success, self.log = Elided("", "small", "good"), LogFold("")
        self._done = self._done_page()
        self.stack.addWidget(self._done)
        bar = step_body(self.interrupted, most=WIDEST)
        self.interrupted.shown.connect(bar.setVisible)
        bar.hide()
        self.lay_out(column(bar, (self.stack, 1), gap=0), FooterBar(*self._buttons))
        self._connect()
        self._follow()

    def _done_page(self) -> QWidget:
        self.log.hide()
        self.more = icon_button("ellipsis", _("Train again, log and more"))
        self._beside, self._in_menu = self.again, [self.show_log]
        top = row(Icon("circle-check", "good", 18), (self.success, 1), self.versions, self.more)
        shown = column((self.scores, 1), (self.written, 1), gap=0)
        body = column(top, 2, (shown, 1), S1, self.log, gap=0)
        return clip(step_body((body, 1), most=WIDEST))

    def _connect(self) -> None:
        self.session.plan_changed.connect(self._follow)
        self.versions.version_chosen.connect(self._show_chosen)
        self.settings.clicked.connect(lambda: self.asked_for.emit("settings"))
        self.interrupted.resume_asked.connect(self._resume)
        self.interrupted.forget_asked.connect(self._let_go)
        self.ranking.clicked.connect(self._show_ranking_again)
        self.course.clicked.connect(self._show_course)
        self.back.clicked.connect(self._show_scores)
        self.open_version.clicked.connect(self._open_ranked)
        self.finish.clicked.connect(self._finish)
        self.stop.clicked.connect(self._stop)
        self.last.clicked.connect(self._show_last)
        self.show_log.clicked.connect(self._toggle_log)
        self.again.clicked.connect(self._train_again)
        self.more.clicked.connect(self._open_menu)
        self.retry.clicked.connect(self._train_again)
        self.next.clicked.connect(lambda: self.asked_for.emit("try_text"))

    @override
    def first_focus(self) -> QWidget | None:
        shown = self.stack.currentWidget()
        if isinstance(shown, EmptyPage):
            return shown.empty.ways[0]
        if isinstance(shown, RunningPage):
            return self.stop
        if isinstance(shown, RankingPage):
            return shown.table
        return self.next if shown is self._done else self.retry

    # -- which page ------------------------------------------------------------------------------
    @override
    def look_again(self) -> None:
        versions = list_model_versions(self.session.db)
        self.versions.set_versions(versions)
        self.versions.setVisible(len(versions) > 1)
        interrupted = [] if self._is_running() else self.session.interrupted()
        self.interrupted.show_record(next(iter(interrupted), None))
        if self._is_running() or isinstance(self.stack.currentWidget(), _STAYING):
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
        task.updated.connect(self._let_finish)
        task.succeeded.connect(self._show_success)
        task.failed.connect(self._show_ending)
        task.stopped.connect(self._show_ending)
        self.interrupted.show_record(None)
        self._show(page)
        is_deep = training.request.type != EMBEDDING_CLASSIFIER
        finish = (self.finish,) if is_deep and not training.sweep else ()
        self._offer(*finish, self.stop, self.next)
        self._let_finish()
        self.next.set_enabled(enabled=False, why_not=_("The model is not trained yet."))
        self.footer.set_note(_note_of(training))

    def _let_finish(self) -> None:
        """Offer to keep the best once there is one."""
        task = self._training.task if self._training else None
        has_best = task is not None and any(m.series != "Loss" for m in task.measures)
        is_finishing = task is not None and task.is_finishing
        why = _("It ends after this step.") if is_finishing else _("Nothing is checked yet.")
        self.finish.set_enabled(enabled=has_best and not is_finishing, why_not=why)
        if is_finishing and self.finish.isVisibleTo(self):
            self.footer.set_note(_("It learns no more; the best state so far is checked and kept."))

    def _show_success(self, result: TrainResult | SweepResult) -> None:
        if isinstance(result, SweepResult):
            self._show_ranking(result)
            self.look_again()
            return
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
        can_go_on, kept = bool(self.session.interrupted()), ""
        if can_go_on:
            kept = _("What it learned so far is kept: “Go on with it” goes on where it was.")
        elif self._training.sweep:
            kept = _("The versions that were done are kept; you find them under Evaluate.")
        page = EndingPage(model, error, task.log, self.session.app.path, kept=kept)
        page.asked_for.connect(self.asked_for)
        self._show(page)
        others = (self.last,) if list_model_versions(self.session.db) else ()
        self._offer(self.settings, *others, self.retry)
        self.look_again()
        self.lead_on(self.interrupted.resume if can_go_on else self.retry)
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
        own = evaluations[-1] if evaluations else None  # the training's
        writes = own is not None and is_written(own)
        self.scores.setVisible(own is not None and not writes)
        self.written.setVisible(writes)
        if own:
            (self.written if writes else self.scores).show_evaluation(own)
        self.log.set_lines(version.log.splitlines())
        self._show(self._done)
        db, others = self.session.db, [self.again, self.show_log]
        others = [self.course, *others] if find_course(db, version.id) != Course() else others
        others = [self.ranking, *others] if find_sweep(db, version.id) else others
        self._beside, *self._in_menu = others
        self._offer(self._beside, self.next)
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
        primaries = (self.retry, self.open_version)
        self.footer.primary = next((one for one in primaries if one in buttons), self.next)

    # -- several trainings -----------------------------------------------------------------------
    def _show_ranking(self, result: SweepResult) -> None:
        first = result.rows[0].model_version
        page = RankingPage(result, settings_of_version(first).template.fields)
        page.version_chosen.connect(self._open_ranked)
        self._show(page)
        self._offer(self.settings, self.open_version)
        self.footer.set_note(
            _("All of them are kept as versions of “{model}”.").format(model=first.model)
        )
        self.lead_on(page.table)

    def _show_ranking_again(self) -> None:
        """Show the ranking that the version on the page stands in."""
        version = self.versions.version
        result = kept_sweep(self.session.db, version.id) if version else None
        if result and result.rows:
            self._show_ranking(result)

    def _show_course(self) -> None:
        """Show the curves of the version on the page."""
        version = self.versions.version
        if version is None:
            return
        self._show(CoursePage(version, find_course(self.session.db, version.id)))
        self._offer(self.back, self.next)
        self.footer.set_note("")
        self.lead_on(self.back)

    def _show_scores(self) -> None:
        self._show_version()
        self.lead_on(self._beside)

    def _open_ranked(self) -> None:
        """Show the scores of the version that is chosen in the ranking."""
        page = self.stack.currentWidget()
        if isinstance(page, RankingPage):
            self.versions.set_versions(list_model_versions(self.session.db))
            self.versions.choose(page.chosen)
            self._show_version()
            self.lead_on(self._beside)

    # -- what can be done ------------------------------------------------------------------------
    def _stop(self) -> None:
        if self._training:
            self._training.task.stop()

    def _finish(self) -> None:
        if self._training:
            self._training.task.finish()
            self.lead_on(self.stop)

    def _resume(self, record: JobRecord) -> None:
        try:
            self.session.resume(record)
        except UserError as error:
            boxes.show_error(self, error)

    def _let_go(self, record: JobRecord) -> None:
        try:
            self.session.do(let_go, ResumeRequest(record.id))
        except UserError as error:
            boxes.show_error(self, error)

    def menu(self) -> QMenu:
        """Return what else can be done with the version on the page."""
        menu = QMenu(self)
        menu.setFont(font("body"))
        for part in self._in_menu:
            menu.addAction(part.text()).triggered.connect(part.click)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

    def _toggle_log(self) -> None:
        is_open = not self.log.fold.is_open()
        self.log.setVisible(is_open)
        self.log.fold.set_open(is_open=is_open)
        self.show_log.setText(_("Hide log") if is_open else _("Show log"))

    def _train_again(self) -> None:
        training = self._training
        is_ended = isinstance(self.stack.currentWidget(), EndingPage)
        try:
            if is_ended and training and training.sweep:
                self.session.sweep(training.sweep)
            else:
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


def _note_of(training: Training) -> str:
    """Return what stopping would mean."""
    if training.sweep:
        return _("You can go on working in other steps. Stopping keeps the versions that are done.")
    if training.request.type != EMBEDDING_CLASSIFIER:
        return _("You can go on working in other steps. A training that is stopped can go on.")
    return _("You can go on working in other steps. Stopping keeps everything as it was before.")


def _trained_words(version: ModelVersion) -> str:
    seconds = duration(max(1.0, version.summary.get("seconds", 0.0)))
    words = _("“{model}”, version {number}, is trained, in {time}")
    return words.format(model=version.model, number=version.number, time=seconds)
