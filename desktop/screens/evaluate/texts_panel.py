"""The texts behind a mark, beside the page: read them, and correct a label with one key."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.learning.marks import Mark
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.evaluation_texts import (
    EvaluatedText,
    EvaluationTextsRequest,
    EvaluationTextsResult,
    list_evaluation_texts,
)
from core.operations.explain import ExplainRequest, ExplainResult, explain
from core.operations.save_evaluation_texts import SaveTextsRequest, save_evaluation_texts
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter
from desktop import boxes
from desktop.asking import Asking
from desktop.screens.evaluate.correcting import believing_the_model, concept_of, saying
from desktop.screens.evaluate.mark_words import order_of, words_of
from desktop.screens.evaluate.state import EvaluationState
from desktop.screens.evaluate.texts_reader import TextReader
from desktop.screens.evaluate.texts_table import TextsTable
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.concept_picker import ConceptPicker
from desktop.widgets.layout import Hairline, column, row
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import counted_texts, number, percent

WIDTH = 380
PAGE = 200


class TextsPanel(QWidget):
    """Shows itself while a mark is chosen; Esc closes it.

    Keys: M gives a text the label that the model gave, C another, K keeps the label, W marks the
    words that spoke for the answer, O opens the text in the dataset, S saves all of these texts.
    """

    left = Signal()  # closed; the keyboard goes back to where it was
    asked_for = Signal(str)  # a screen

    def __init__(self, state: EvaluationState) -> None:
        """Be hidden until a mark is chosen."""
        super().__init__()
        self.state = state
        self._mark: Mark | None = None
        self._asking, self._more = Asking(state.session), Asking(state.session)
        self._explaining = Asking(state.session)
        self.title = wrapped("", "strong", width=WIDTH - 44)
        self.count = text("", "small", "ink_2")
        self.close_button = icon_button("x", _("Close (Esc)"))
        self.table = TextsTable()
        self.reader = TextReader()
        self.problem = wrapped("", "small", "warn")
        self.save_button = button(_("Save these…"), "link", tip=_("Save these texts (S)"))
        self.picker = ConceptPicker(self)
        self._lay_out()
        self.widen(WIDTH)
        self._connect()
        self.problem.hide()
        self.hide()

    def _lay_out(self) -> None:
        head = column(
            row((self.title, 1), self.close_button, gap=4),
            row(self.count, None, self.save_button),
            self.problem,
            gap=2,
            margins=(16, 12, 8, 8),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (head, Hairline()):
            layout.addWidget(part)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.reader)

    def _connect(self) -> None:
        self.state.mark_chosen.connect(self._show_mark)
        self.state.session.changed.connect(self._hear)
        self.table.rows.more_asked.connect(self._ask_more)
        self.table.selectionModel().currentRowChanged.connect(lambda *_a: self._show_text())
        self.table.row_opened.connect(lambda _place: self.reader.toggle())
        self.close_button.clicked.connect(lambda: self.state.choose(None))
        self.save_button.clicked.connect(self.save)
        self.reader.believe.clicked.connect(self.believe)
        self.reader.other.clicked.connect(self.choose_other)
        self.reader.keep.clicked.connect(self.keep)
        self.reader.why.clicked.connect(self.explain)
        self.reader.open.clicked.connect(self.open)
        self.picker.picked.connect(self._say)

    def widen(self, width: int) -> None:
        """Be this wide, in pixels."""
        self.setFixedWidth(width)
        self.title.setFixedWidth(width - 44)

    # -- which texts -----------------------------------------------------------------------------
    def _show_mark(self, mark: Mark | None) -> None:
        is_another = mark != self._mark
        self._mark = mark
        self._asking.forget()
        self._more.forget()
        had_focus = self.isAncestorOf(self.window().focusWidget() or self.window())
        self.setVisible(mark is not None)
        if mark is None:
            if had_focus:
                self.left.emit()
            return
        self.title.setText(words_of(mark))
        self.table.numbers = self.state.numbers
        if is_another:
            self.table.rows.set_texts((), 0)
            self.count.setText(_("Finding the texts…"))
            self._show_text()
            self.table.setFocus()  # at once: later the analyst may be elsewhere
        self._ask(is_another=is_another)

    def _ask(self, *, is_another: bool) -> None:
        self._asking.ask(
            lambda found: self._show_texts(found, is_another=is_another),
            list_evaluation_texts,
            self._request(0, PAGE if is_another else max(PAGE, len(self.table.rows.texts))),
            refused=self._show_problem,
        )

    def _request(self, offset: int, limit: int) -> EvaluationTextsRequest:
        evaluation, mark = self.state.evaluation, self._mark
        assert evaluation is not None
        assert mark is not None
        return EvaluationTextsRequest(
            evaluation.id, mark, dict(self.state.thresholds), limit, offset
        )

    def _ask_more(self, place: int) -> None:
        if self._mark is not None:
            self._more.ask(
                lambda found: self.table.rows.add_texts(found.texts),
                list_evaluation_texts,
                self._request(place, PAGE),
            )

    def _show_texts(self, found: EvaluationTextsResult, *, is_another: bool) -> None:
        place = 0 if is_another else max(0, self.table.currentIndex().row())
        self.problem.hide()
        self.table.rows.set_texts(found.texts, found.n_texts)
        order = f", {order_of(self._mark)}" if self._mark and found.n_texts > 1 else ""
        self.count.setText(counted_texts(found.n_texts) + order)
        self.save_button.setEnabled(found.n_texts > 0)
        if found.texts:
            self.table.selectRow(min(place, len(found.texts) - 1))
        self._show_text()

    def _show_problem(self, error: UserError) -> None:
        self.table.rows.set_texts((), 0)
        self.count.setText("")
        self.save_button.setEnabled(False)
        self.problem.setText(f"{error} {error.next_step}")
        self.problem.show()
        self._show_text()

    def _show_text(self) -> None:
        self._explaining.forget()
        one = self.table.current
        self.reader.setVisible(one is not None)
        if one is not None:
            is_ours = not (self.state.evaluation and self.state.evaluation.other_app)
            self.reader.show_text(one, self._belief(), can_correct=is_ours and one.now is not None)

    def _hear(self, changes: Changes) -> None:
        if changes & (Changes.ANNOTATIONS | Changes.INPUTS) and self._mark is not None:
            self._ask(is_another=False)

    # -- what is done ----------------------------------------------------------------------------
    def _belief(self) -> AnnotateRequest | None:
        one, mark = self.table.current, self._mark
        if one is None or mark is None:
            return None
        return believing_the_model(one, mark, is_exclusive=self.state.is_exclusive)

    def believe(self) -> None:
        """Give the text the label that the model gave, and go on to the next."""
        if request := self._belief():
            self._annotate(request)

    def choose_other(self) -> None:
        """Let the analyst choose the right concept."""
        one = self.table.current
        if one is not None:
            concepts = list_concepts(self.state.session.db)
            self.picker.open_below(self.reader.other, concepts, one.now or one.said)

    def keep(self) -> None:
        """Say that the label is right, and go on to the next."""
        if self.table.current is not None:
            self.table.rows.keep(self.table.currentIndex().row())
            self._go_on()

    def explain(self) -> None:
        """Mark the words that spoke for the model's answer."""
        one, version, mark = self.table.current, self.state.version, self._mark
        if one is None or version is None or mark is None or not one.text:
            return
        concept = concept_of(mark) or (*one.answered, one.best[0][0])[0]
        self.reader.show_why(one.text, verdict=_("Taking words out to see what changes…"))
        request = ExplainRequest(version.model, one.text, version.number, concept, n_neighbours=0)
        self._explaining.ask(
            lambda result: self._show_why(one, result),
            explain,
            request,
            refused=lambda error: self.reader.show_why(
                one.text, verdict=f"{error} {error.next_step}"
            ),
        )

    def _show_why(self, one: EvaluatedText, result: ExplainResult) -> None:
        """Show the words, unless another text is being read by now."""
        if one is not self.table.current:
            return
        found, shift = result.explanation, max(0, one.text.find(result.text))
        marks = sorted((shift + word.start, shift + word.end) for word in found.top)
        share = percent(result.prediction.probability)
        words = _("“{concept}”, {share}. {verdict}").format(
            concept=result.prediction.concept, share=share, verdict=result.verdict
        )
        self.reader.show_why(one.text, marks, words, is_sure=found.is_sure)

    def open(self) -> None:
        """Show the text in the dataset."""
        one = self.table.current
        if one is not None and self.reader.open.isEnabled():
            self.state.session.to_show = InputFilter(ids=(one.input_id,))
            self.asked_for.emit("dataset")

    def save(self) -> None:
        """Save all of these texts as CSV."""
        if self._mark is None or not self.save_button.isEnabled():
            return
        kinds = _("Tables (*.csv)")
        path = boxes.choose_save_file(self, _("Save these texts"), _("texts.csv"), kinds)
        if path is not None:
            request = SaveTextsRequest(self._request(0, PAGE), Path(path))
            title = _("Saving {n} texts").format(n=number(self.table.rows.n_texts))
            self.state.session.start(save_evaluation_texts, request, title=title)

    def _say(self, concept: str) -> None:
        if one := self.table.current:
            self._annotate(saying(one, concept, is_exclusive=self.state.is_exclusive))

    def _annotate(self, request: AnnotateRequest) -> None:
        self._go_on()
        try:
            self.state.session.do(annotate, request)
        except UserError as error:
            boxes.show_error(self, error)
        self.table.setFocus()

    def _go_on(self) -> None:
        place = self.table.currentIndex().row() + 1
        if place < self.table.rows.count():
            self.table.selectRow(place)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        acts: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_M: self.believe,
            Qt.Key.Key_C: self.choose_other,
            Qt.Key.Key_K: self.keep,
            Qt.Key.Key_O: self.open,
            Qt.Key.Key_W: self.explain,
            Qt.Key.Key_S: self.save,
            Qt.Key.Key_Escape: lambda: self.state.choose(None),
        }
        act = acts.get(Qt.Key(event.key()))
        if act and not event.modifiers():
            act()
        else:
            super().keyPressEvent(event)
