"""Try text: the answer appears while the analyst types."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.explain import ExplainRequest
from core.operations.generate import GenerateRequest
from core.operations.try_text import TryRequest, TryResult, try_text
from core.records import ModelVersion
from core.storage.concepts import list_concepts
from core.storage.models import list_model_versions
from core.storage.versions import get_version
from desktop import boxes
from desktop.runner import BugError, Task
from desktop.screens.try_text.answer_panel import AnswerPanel, fade
from desktop.screens.try_text.examples import examples_of
from desktop.screens.try_text.feedback import WIDTH, Feedback
from desktop.screens.try_text.how_form import HowForm
from desktop.screens.try_text.lists import ExampleList, NearList
from desktop.screens.try_text.text_well import TextWell
from desktop.screens.try_text.why import Why
from desktop.screens.try_text.written_answer import WrittenAnswer
from desktop.session import Session
from desktop.theme.tokens import S2
from desktop.widgets.buttons import button
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.footer import FooterBar
from desktop.widgets.icon import Spinner
from desktop.widgets.layout import Hairline, clip, column, row, step_body
from desktop.widgets.message_panel import field_error
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.text import heading, text, wrapped
from desktop.widgets.versions import VersionSelect, concept_numbers

PAUSE_MS = 300  # after the last key
WIDEST = 1704  # as the pages of Evaluate
HINT, WAITING, ANSWER, PROBLEM, HOW = range(5)


class TryTextScreen(StepScreen):
    """Asks a model version about what stands in the field."""

    SHOWS = Changes.MODELS | Changes.CONCEPTS | Changes.INPUTS

    def __init__(self, session: Session) -> None:
        """Ask the newest model."""
        super().__init__(session)
        self.versions = VersionSelect()
        self.well = TextWell()
        self.why = Why(session, self.well.edit)
        self.near, self.examples = NearList(), ExampleList()
        self.answer, self.feedback = AnswerPanel(), Feedback()
        self.written, self.how = WrittenAnswer(session), HowForm()
        self.predict = button(_("Predict a file"))
        self.next = button(_("Evaluate"), "primary", "arrow-right", trailing=True)
        self.empty = EmptyState(
            _("No model to try yet"),
            _("Once a model is trained, it answers here while you type."),
            [Way("train", "play", _("Open Train"), _("See what a training needs"))],
        )
        self._numbers: dict[str, int] = {}
        self._task: Task | None = None
        self._is_unanswered = False  # it was left before the answer came
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self.side = self._side()
        self.stack = QStackedWidget()
        for page in (self._work_page(), self._empty_page()):
            self.stack.addWidget(page)
        self.lay_out(self.stack, FooterBar(self.predict, self.next))
        self._connect()
        self._begin_anew()

    def _work_page(self) -> QWidget:
        left = column(self.well, self.why, S2, self.written, self.near, self.examples, None, gap=0)
        right = column((self.side, 1), gap=0)
        right.setFixedWidth(WIDTH)
        work = row((left, 1), 28, Hairline(vertical=True), 28, right, gap=0)
        title = heading(_("Try text"), "", self.versions)
        return clip(step_body(title, (work, 1), gap=S2, most=WIDEST))

    def _empty_page(self) -> QWidget:
        middle = row(None, self.empty, None)
        body = column(heading(_("Try text")), None, middle, None, None)
        return clip(step_body((body, 1), most=4000))

    def _side(self) -> QStackedWidget:
        hint = wrapped(_("The answer appears here while you type."), "body", "ink_3")
        waiting = row(Spinner(16), text(_("The model is reading"), "body", "ink_2"), None)
        answer = column(
            *(self.answer, 20, Hairline(), S2, self.feedback, S2, None, self.answer.answered), gap=0
        )
        self._problem = column(None, gap=0)
        result = QStackedWidget()
        for page in (column(hint, None), column(waiting, None), answer, self._problem, self.how):
            result.addWidget(page)
        return result

    def _connect(self) -> None:
        self._pause.timeout.connect(self._ask)
        self.well.changed.connect(self._wait)
        self.versions.version_chosen.connect(self._change_version)
        self.examples.chosen.connect(self._try_example)
        self.answer.bars.chosen.connect(self._explain)
        self.feedback.told.connect(self._keep)
        self.written.kept.connect(self._keep_written)
        self.written.again.clicked.connect(self._ask)
        self.how.changed.connect(self._ask_again)
        self.empty.way_chosen.connect(self.asked_for)
        self.predict.clicked.connect(lambda: self.asked_for.emit("predict"))
        self.next.clicked.connect(lambda: self.asked_for.emit("evaluate"))

    @override
    def first_focus(self) -> QWidget | None:
        return self.well.edit if self.versions.version else self.empty.ways[0]

    @override
    def look_again(self) -> None:
        self.versions.set_versions(list_model_versions(self.session.db))
        version = self.versions.version
        self._show_kind()
        self.stack.setCurrentIndex(0 if version else 1)
        for one in (self.predict, self.next):
            one.set_enabled(enabled=version is not None, why_not=_("No model is trained yet."))
        kept = _("Nothing you type here is kept unless you add it.")
        self.footer.set_note(kept if version else _("No model is trained yet."))
        self._show_examples()

    def _show_kind(self) -> None:
        """Show what fits the chosen version: concepts, or a text that it writes."""
        version = self.versions.version
        self._numbers = concept_numbers(self.session.db, version.concepts) if version else {}
        is_writer = version is not None and version.is_writer
        if version and is_writer:
            self.how.set_version(version)
        self.written.setVisible(is_writer)
        self.near.setVisible(not is_writer and bool(self.near.rows))
        if is_writer != (self.side.currentIndex() == HOW):
            self._begin_anew()

    def _show_examples(self) -> None:
        is_empty = not self.well.value().strip()
        self.examples.set_examples(examples_of(self.session.db) if is_empty else [])

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_unanswered:
            self._ask()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Ask and hear nothing while away; the app may be closed before the answer comes."""
        super().hideEvent(event)
        is_asking = self._task is not None and not self._task.is_over
        is_asking = is_asking or self.why.is_asking or self.written.is_asking
        self._is_unanswered = is_asking or self._pause.isActive()
        self._pause.stop()
        self._forget_task()

    # -- asking ----------------------------------------------------------------------------------
    def _wait(self, value: str) -> None:
        """Ask when the analyst pauses; the answer to the older text fades."""
        if not value.strip():
            self._begin_anew()
        else:
            self._set_stale(is_stale=True)
            self.why.stop()
            self._pause.start()
        self._show_examples()

    def _set_stale(self, *, is_stale: bool) -> None:
        """Fade an answer that is not the one to what stands in the field; it cannot be kept."""
        self.answer.set_stale(is_stale=is_stale)
        fade(self.near, is_faded=is_stale)
        fade(self.why, is_faded=is_stale)
        self.feedback.setEnabled(not is_stale)

    def _begin_anew(self) -> None:
        self._pause.stop()
        self._forget_task()
        self.answer.result = None
        self.why.forget()
        self.near.set_neighbours((), {})
        self.written.forget()
        version = self.versions.version
        self.side.setCurrentIndex(HOW if version and version.is_writer else HINT)

    def _change_version(self) -> None:
        self._show_kind()
        if self.well.value().strip():
            self._set_stale(is_stale=True)
            self._ask()

    def _try_example(self, value: str) -> None:
        self.well.set_value(value)
        self._pause.stop()
        self._ask()
        self.well.edit.setFocus()

    def _ask(self) -> None:
        version = self.versions.version
        if version is None:
            return
        self._forget_task()
        self._is_unanswered = False
        if version.is_writer:
            self._ask_writer(version)
            return
        request = TryRequest(version.model, self.well.value(), version.number)
        self._task = self.session.ask(try_text, request)
        self._task.succeeded.connect(self._show_answer)
        self._task.failed.connect(self._show_problem)
        if self.answer.result is None:
            self.side.setCurrentIndex(WAITING)

    def _ask_writer(self, version: ModelVersion) -> None:
        """Let a text-to-text model write, unless how it shall answer is not clear."""
        value = self.well.value()
        if not value.strip() or self.how.is_wrong:
            return
        how, compares = self.how.how(), self.how.compares.isChecked()
        request = GenerateRequest(version.model, value, version.number, how, compares)
        self.written.ask(request)

    def _ask_again(self) -> None:
        """Answer the same text in another way."""
        if self.well.value().strip():
            self._ask()

    def _forget_task(self) -> None:
        """Stop the older questions; whatever still comes of them is not shown."""
        self.why.stop()
        self.written.drop()
        task, self._task = self._task, None
        if task and not task.is_over:
            task.succeeded.disconnect(self._show_answer)
            task.failed.disconnect(self._show_problem)
            task.stop()

    def _show_answer(self, result: TryResult) -> None:
        self.answer.show_answer(result, self._numbers)
        self._set_stale(is_stale=self._pause.isActive())
        self.near.set_neighbours(result.neighbours, self._numbers)
        self.feedback.ask(result, list_concepts(self.session.db))
        self.side.setCurrentIndex(ANSWER)
        likely = [*result.chosen, *(one.concept for one in result.predictions)]
        if likely:
            self._explain(likely[0])
        else:
            self.why.forget()

    def _explain(self, concept: str) -> None:
        """Mark the words that spoke for a concept."""
        version = self.versions.version
        if version is None or self._pause.isActive():
            return
        value, number = self.well.value(), self._numbers.get(concept, 0)
        request = ExplainRequest(version.model, value, version.number, concept, n_neighbours=0)
        self.answer.bars.set_marked(concept)
        self.why.ask(request, number)

    def _show_problem(self, error: Exception) -> None:
        if isinstance(error, BugError):
            boxes.show_error(self, error)
        step = error.next_step if isinstance(error, UserError) else ""
        self.answer.result = None
        self.why.forget()
        page = column(field_error(f"{error} {step}".strip()), None, gap=0)
        self.side.removeWidget(self._problem)
        self._problem.deleteLater()
        self._problem = page
        self.side.insertWidget(PROBLEM, page)
        self.side.setCurrentIndex(PROBLEM)

    # -- keeping ---------------------------------------------------------------------------------
    def _keep_written(self, answer: str) -> None:
        """Add the text with its answer to the dataset that the model was trained on."""
        version = self.versions.version
        if version is None:
            return
        dataset = get_version(self.session.db, version.dataset_version_id).dataset
        request = AddTextsRequest((self.well.value(),), dataset=dataset, targets=(answer,))
        try:
            self.session.do(add_texts, request)
        except UserError as error:
            boxes.show_error(self, error)
            return
        self.written.thank(_("Added with this answer. The next training learns from it."))
        self.well.edit.setFocus()

    def _keep(self, positive: tuple[str, ...], negative: tuple[str, ...]) -> None:
        """Add the text to the dataset that the model was trained on."""
        version = self.versions.version
        if version is None:
            return
        dataset = get_version(self.session.db, version.dataset_version_id).dataset
        request = AddTextsRequest((self.well.value(),), positive, negative, dataset)
        try:
            self.session.do(add_texts, request)
        except UserError as error:
            boxes.show_error(self, error)
            return
        names = ", ".join(positive) or _("none of your concepts")
        thanks = _("Added to the dataset: {concepts}. The next training learns from it.")
        self.feedback.thank(thanks.format(concepts=names))
        self.well.edit.setFocus()
