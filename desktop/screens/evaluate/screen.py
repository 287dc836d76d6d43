"""Evaluate: how good a model version is, where it is wrong, and what to do about it."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.evaluation_words import before_words
from core.i18n import N_, _
from core.learning.marks import Learned, Mistakes
from core.operations.delete_evaluation import EvaluationDeletion, delete_evaluation
from core.operations.standing import Standing, find_standing, standing_of
from core.records import Evaluation, ModelVersion
from core.storage.database import TookTooLongError, within
from core.storage.evaluations import list_evaluations
from core.storage.models import get_model_version, list_model_versions
from desktop import boxes
from desktop.asking import Asking
from desktop.screens.evaluate.automatic_page import AutomaticPage
from desktop.screens.evaluate.choosing import Head
from desktop.screens.evaluate.compare_page import ComparePage
from desktop.screens.evaluate.concepts_page import ConceptsPage
from desktop.screens.evaluate.curves_page import CurvesPage
from desktop.screens.evaluate.improving import Improved, Improving
from desktop.screens.evaluate.mixed_up_page import MixedUpPage
from desktop.screens.evaluate.more_labels_page import MoreLabelsPage
from desktop.screens.evaluate.new_evaluation import NewEvaluation
from desktop.screens.evaluate.overview import OverviewPage
from desktop.screens.evaluate.page import Page
from desktop.screens.evaluate.pages import Pages
from desktop.screens.evaluate.standing_words import Act, Offer, banner_of, label_of, offer_of
from desktop.screens.evaluate.state import EvaluationState
from desktop.screens.evaluate.taking_along import ask_report, ask_tables
from desktop.screens.evaluate.written_page import WrittenPage
from desktop.session import Session
from desktop.theme.tokens import S4
from desktop.widgets.buttons import button
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import clip, column, row, step_body
from desktop.widgets.message_panel import error_panel
from desktop.widgets.notice import Notice
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.text import heading
from desktop.widgets.versions import concept_numbers

PAGES: tuple[tuple[str, type[Page]], ...] = (
    (N_("Overview"), OverviewPage),
    (N_("Concepts"), ConceptsPage),
    (N_("Mixed up"), MixedUpPage),
    (N_("Curves"), CurvesPage),
    (N_("Automatic"), AutomaticPage),
    (N_("More labels"), MoreLabelsPage),
    (N_("Compare"), ComparePage),
)
WORK, NEW, EMPTY = range(3)
PATIENCE_S = 0.05
_NOTHING: Act = ""
LOOKS = ("look", "learned")  # what only reads


class EvaluateScreen(StepScreen):
    """Shows an evaluation of a model version, and leads to the next one."""

    SHOWS = (
        Changes.MODELS | Changes.DATASETS | Changes.ANNOTATIONS | Changes.INPUTS | Changes.CONCEPTS
    )

    def __init__(self, session: Session) -> None:
        """Show the newest version's newest evaluation."""
        super().__init__(session)
        self.state = EvaluationState(session, self)
        self.improving = Improving(session, self)
        self.head, self.banner, self.new = Head(), Notice("warn"), NewEvaluation(session)
        self.pages = Pages(self.state, PAGES)
        self.written, self.body = WrittenPage(session), QStackedWidget()
        self.empty = EmptyState(
            _("No model to evaluate yet"),
            _("Once a model is trained, its scores stand here."),
            [Way("train", "play", _("Open Train"), _("See what a training needs"))],
        )
        self.back, self.report, self.other = button(_("Back")), button(_("Report…")), button("")
        self.start = button(_("Evaluate"), "primary", "chart-no-axes-column")
        self.primary = button("", "primary")
        self._buttons = (self.back, self.report, self.other, self.start, self.primary)
        self._standing, self._offer, self._banner_act = Standing(), Offer(""), _NOTHING
        self._comparing = Asking(session)
        self.stack = QStackedWidget()
        for page in (self._work_page(), self.new, self._empty_page()):
            self.stack.addWidget(page)
        self.lay_out(self.stack, FooterBar(*self._buttons))
        self._connect()

    def _work_page(self) -> QWidget:
        top = column(self.head, self.banner, gap=8, margins=(S4, 12, S4, 4))
        for part in (self.pages, self.written):
            self.body.addWidget(part)
        return column(top, (self.body, 1), gap=0)

    def _empty_page(self) -> QWidget:
        middle = row(None, self.empty, None)
        body = column(heading(_("Evaluate")), None, middle, None, None)
        return clip(step_body((body, 1), most=4000))

    def _connect(self) -> None:
        head, state, improving = self.head, self.state, self.improving
        head.versions.version_chosen.connect(self._show_version)
        head.evaluations.evaluation_chosen.connect(self._show_evaluation)
        head.new_asked.connect(self._ask_new)
        head.again_asked.connect(lambda: self._act("evaluate"))
        head.delete_asked.connect(self._delete)
        for asked in (head.report_asked, self.report.clicked):
            asked.connect(lambda: self._take_along(ask_report))
        head.export_asked.connect(lambda: self._take_along(ask_tables))
        head.elsewhere_asked.connect(self._take_elsewhere)
        state.shown.connect(self._look_at_standing)
        state.rescored.connect(self._tell_state)
        state.evaluation_asked.connect(self._open_evaluation)
        improving.changed.connect(self._tell_state)
        improving.improved.connect(self._show_improved)
        improving.failed.connect(self._show_failure)
        self.new.changed.connect(self._tell_state)
        self.empty.way_chosen.connect(self.asked_for)
        self.pages.asked_for.connect(self.asked_for)
        self.back.clicked.connect(self._leave_new)
        self.start.clicked.connect(self._evaluate)
        self.primary.clicked.connect(lambda: self._act(self._offer.act))
        self.other.clicked.connect(lambda: self._act(self._offer.other))
        self.banner.pressed.connect(lambda: self._act(self._banner_act))

    @override
    def first_focus(self) -> QWidget | None:
        page = self.stack.currentIndex()
        if page == EMPTY:
            return self.empty.ways[0]
        if page == NEW:
            return self.new.first_focus()
        if self.body.currentWidget() is self.written:
            return self.written.table
        tabs = self.pages.tabs
        return self.pages.page.first_focus() or tabs.tabs[tabs.value]

    # -- which version, which evaluation ---------------------------------------------------------
    @override
    def look_again(self) -> None:
        versions = self.head.versions
        with QSignalBlocker(versions):
            versions.set_versions(list_model_versions(self.session.db))
            shown, _evaluation = self._shown()
            if self.improving.doing and shown:  # its result is shown in its own time
                versions.choose(shown.id)
        self._show_version()

    def _show_version(self) -> None:
        version, state = self.head.versions.version, self.state
        if version is None:
            self.stack.setCurrentIndex(EMPTY)
            self._tell_state()
            return
        if self.stack.currentIndex() == EMPTY:
            self.stack.setCurrentIndex(WORK)
        self.body.setCurrentWidget(self.written if version.is_writer else self.pages)
        self.head.set_offers(is_writer=version.is_writer)
        if version.is_writer:
            self._show_writer(version)
            return
        is_same = state.version is not None and state.version.id == version.id
        before = state.evaluation.id if is_same and state.evaluation else 0
        evaluations = list_evaluations(self.session.db, version.id)
        home = version.dataset_version_id
        chosen = self.head.evaluations.set_evaluations(evaluations, before, home)
        if chosen and chosen.id == before:
            state.version = version  # its thresholds may be others, and the colours of concepts
            state.numbers = concept_numbers(self.session.db, state.names)
            self._look_at_standing()
        else:
            state.show(version, chosen)

    def _show_writer(self, version: ModelVersion) -> None:
        """Show a model that writes, and the evaluation of it that was shown before."""
        before = self.written.evaluation
        is_same = before is not None and before.model_version_id == version.id
        chosen = self.head.evaluations.set_evaluations(
            list_evaluations(self.session.db, version.id),
            before.id if before and is_same else 0,
            version.dataset_version_id,
        )
        if chosen:
            self.written.show_evaluation(version, chosen)
        self._look_at_standing()
        self._tell_state()

    def _shown(self) -> tuple[ModelVersion | None, Evaluation | None]:
        """Return the version and the evaluation that are shown."""
        if self.body.currentWidget() is self.written:
            return self.written.version, self.written.evaluation
        return self.state.version, self.state.evaluation

    def _show_evaluation(self, evaluation: Evaluation) -> None:
        version, _before = self._shown()
        if version and version.is_writer:
            self.written.show_evaluation(version, evaluation)
            self._look_at_standing()
            return
        self.state.show(self.state.version, evaluation)

    def _open_evaluation(self, evaluation: Evaluation) -> None:
        """Show an evaluation of any version from its beginning."""
        version = get_model_version(self.session.db, evaluation.model_version_id)
        self.state.show(version, evaluation)
        with QSignalBlocker(self.head.versions):
            self.head.versions.choose(version.id)
        self._show_version()
        self.pages.open("overview")
        self.lead_on(self.pages.tabs.tabs[0])

    def _show_improved(self, improved: Improved) -> None:
        """Show what came of it on the tab that is open, beside what there was before."""
        self.stack.setCurrentIndex(WORK)
        if improved.version.is_writer:
            self.written.show_evaluation(improved.version, improved.evaluation)
        else:
            self.state.show(improved.version, improved.evaluation, improved.before)
        with QSignalBlocker(self.head.versions):
            self.head.versions.set_versions(list_model_versions(self.session.db))
            self.head.versions.choose(improved.version.id)
        self._show_version()

    # -- how it stands ---------------------------------------------------------------------------
    def _look_at_standing(self) -> None:
        _version, evaluation = self._shown()
        self._comparing.forget()  # how another one stands
        if evaluation is None:
            return
        try:
            with within(self.session.db, PATIENCE_S):
                self._show_standing(standing_of(self.session.db, evaluation))
        except TookTooLongError:
            self._comparing.ask(self._show_standing, find_standing, evaluation.id)

    def _show_standing(self, standing: Standing) -> None:
        self._standing = standing
        self._tell_state()

    def _tell_state(self) -> None:
        page, (version, evaluation) = self.stack.currentIndex(), self._shown()
        if page == NEW:
            self._tell_new()
        elif version and evaluation and version.is_writer:
            self._tell_writer()
        elif evaluation is None:
            self._show_buttons()
            self.footer.set_note(_("No model is trained yet."))
        else:
            self._tell_evaluation()

    def _tell_new(self) -> None:
        why_not = self.improving.doing or self.new.why_not
        self.start.set_enabled(enabled=not why_not, why_not=why_not)
        self.footer.set_note(why_not)
        self._show_buttons(self.back, self.start)

    def _tell_evaluation(self) -> None:
        report, keeps, doing = self.state.report, self.state.keeps_texts, self.improving.doing
        self._offer = offer = offer_of(report, self._standing, keeps_texts=keeps)
        words, self._banner_act = banner_of(report, self._standing, keeps_texts=keeps)
        self.banner.say(words, label_of(self._banner_act, report) if not doing else "")
        for part, does in ((self.primary, offer.act), (self.other, offer.other)):
            part.setText(label_of(does, report))
            part.set_enabled(enabled=does in LOOKS or not doing, why_not=doing)
        self.head.again.setEnabled(not doing)
        shown = [self.report, *([self.other] if offer.other else [])]
        self._show_buttons(*shown, *([self.primary] if offer.act else []))
        if doing:
            self.footer.set_note(doing)
        else:
            self.footer.set_note(self._before_words() + offer.words, offer.tone, offer.sign)

    def _tell_writer(self) -> None:
        """Offer to train a model that writes once more."""
        doing, stale = self.improving.doing, self._standing.is_stale
        self._offer = Offer("", "train")
        self.primary.setText(_("Train again"))
        self.primary.set_enabled(enabled=not doing, why_not=doing)
        self.head.again.setEnabled(not doing)
        self.banner.say(
            _("The dataset has changed since these scores were found.") if stale else ""
        )
        self._banner_act = _NOTHING
        self._show_buttons(self.report, self.primary)
        self.footer.set_note(doing or _("Add texts with answers, then train again."))

    def _before_words(self) -> str:
        before = self.state.before
        return f"{before_words(before.report, self.state.report)} " if before else ""

    def _show_buttons(self, *shown: QWidget) -> None:
        for one in self._buttons:
            one.setVisible(one in shown)
        self.footer.primary = self.start if self.start in shown else self.primary

    # -- what is done ----------------------------------------------------------------------------
    def _act(self, act: Act) -> None:
        version, evaluation = self._shown()
        if version is None or evaluation is None or (self.improving.doing and act not in LOOKS):
            return
        try:
            if act == "train":
                self.improving.train_again(version, evaluation)
            elif act == "evaluate":
                self.improving.evaluate_again(version, evaluation)
            elif act:
                self.state.choose(Mistakes() if act == "look" else Learned())
        except UserError as error:
            boxes.show_error(self, error)

    def _delete(self) -> None:
        _version, evaluation = self._shown()
        if evaluation is None:
            return
        question, act = _("Delete this evaluation?"), _("Delete evaluation")
        meaning = _("Its scores go, and what the model said of each text. The model stays.")
        if not self._standing.is_own and not boxes.ask(self, question, meaning, act):
            return
        try:
            self.session.do(delete_evaluation, EvaluationDeletion(evaluation.id))
        except UserError as error:  # the training's own stays
            boxes.show_error(self, error)

    def _take_along(self, ask: Callable[..., None]) -> None:
        version, evaluation = self._shown()
        if version and evaluation:
            ask(self, self.session, version, evaluation)

    def _take_elsewhere(self) -> None:
        version, _evaluation = self._shown()
        self.session.to_take = version.id if version else 0
        self.asked_for.emit("elsewhere")

    def _ask_new(self) -> None:
        self.state.choose(None)
        version, _evaluation = self._shown()
        self.stack.setCurrentIndex(NEW)
        self.new.begin(list_model_versions(self.session.db), version.id if version else 0)
        self.lead_on(self.new.first_focus())

    def _leave_new(self) -> None:
        self.stack.setCurrentIndex(WORK)
        self._tell_state()
        self.lead_on(self.head.new if self.head.new.isVisible() else self.head.more)

    def _evaluate(self) -> None:
        version, request = self.new.versions.version, self.new.request()
        if version and request:
            self.new.show_failure(None)
            self.improving.evaluate(version, request)

    def _show_failure(self, error: Exception) -> None:
        if isinstance(error, UserError) and self.stack.currentIndex() == NEW:
            self.new.show_failure(error_panel(error))
        elif isinstance(error, UserError) and self.isVisible():  # the window tells of the others
            boxes.show_error(self, error)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.stack.currentIndex() == NEW:
            self._leave_new()
        else:
            self.state.choose(None)
