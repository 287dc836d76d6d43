"""How well each concept is recognised, by thresholds that can be tried and kept."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.errors import UserError
from core.i18n import _, ngettext
from core.records import Thresholds
from desktop import boxes
from desktop.screens.evaluate.concept_table import ConceptTable
from desktop.screens.evaluate.live_figures import LiveFigures
from desktop.screens.evaluate.own_threshold import OwnThreshold
from desktop.screens.evaluate.page import Page
from desktop.screens.evaluate.state import EvaluationState
from desktop.screens.evaluate.threshold_words import (
    in_use,
    is_kept,
    meaning,
    shared_threshold,
    usual_threshold,
)
from desktop.theme.tokens import ROW, S2
from desktop.widgets.buttons import button
from desktop.widgets.icon import Icon
from desktop.widgets.layout import column, row
from desktop.widgets.slider import ShareSlider
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.wording import concepts, number

SLIDER_WIDTH, FEWEST_ROWS, HEAD, MOST_ROOM = 380, 3, 36, 1000


class ConceptsPage(Page):
    """The threshold of all concepts, the scores that follow it, and every concept with its own.

    Attributes:
        slider: the threshold of all concepts. meaning: what it means.
        figures: the scores of all. table: the concepts. own: the chosen one.
        back, keep: what can be done with the thresholds that are tried.
    """

    def __init__(self, state: EvaluationState) -> None:
        """Show nothing yet."""
        super().__init__(state)
        self.title, self.slider = text("", "heading"), ShareSlider("")
        self.slider.setMaximumWidth(SLIDER_WIDTH)
        self.meaning, self.in_use = wrapped("", "small"), Elided("", "small", "ink_3")
        self.back = button(_("Back to the usual"), "small")
        self.keep = button(_("Use these thresholds"), "small")
        self.figures, self.table, self.own = LiveFigures(), ConceptTable(), OwnThreshold()
        self.note = text("", "small", "ink_3")
        self.silent = Elided("", "small", "warn")
        self._sign = Icon("triangle-alert", "warn", 14)
        self._lay_out()
        self.slider.moved.connect(state.try_threshold)
        self.own.moved.connect(lambda concept, share: state.try_thresholds({concept: share}))
        self.table.concept_chosen.connect(lambda _name: self._show_own())
        self.table.concept_opened.connect(self.own.slider.setFocus)
        self.table.outcome_chosen.connect(state.choose)
        self.back.clicked.connect(lambda: state.try_threshold(self._usual))
        self.keep.clicked.connect(self._keep)
        state.kept.connect(self._show_acts)
        state.refused.connect(self._show_problem)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        head = column(
            row(self.title, None, self.back, self.keep),
            row((self.slider, 3), (column(self.meaning, self.in_use, gap=2), 4), gap=S2),
            gap=4,
        )
        by_concept = row(text(_("By concept"), "heading"), self.note, self._sign, (self.silent, 1))
        for part in (head, self.figures):
            layout.addWidget(part)
        layout.addWidget(column(by_concept, (self.table, MOST_ROOM), self.own, None, gap=4), 1)

    @override
    def first_focus(self) -> QWidget | None:
        return self.slider if self.state.keeps_texts else self.table

    @override
    def look(self) -> None:
        state = self.state
        if not state.report:
            return
        title = _("An answer counts from") if state.is_exclusive else _("A concept counts from")
        self.title.setText(title)
        self.slider.set_name(title)
        for slider in (self.slider, self.own.slider):
            slider.set_usual(self._usual)
            slider.setEnabled(state.keeps_texts)
        self.table.rows.leads_on = state.keeps_texts
        self.table.set_records(self._records(), state.numbers)
        n_rows = len(state.names)
        self.table.setMinimumHeight(HEAD + min(n_rows, FEWEST_ROWS) * ROW)
        self.table.setMaximumHeight(HEAD + n_rows * ROW)
        self.note.setText(concepts(n_rows))
        self._show_rest()

    @override
    def follow(self) -> None:
        is_at_rest = self.state.report.get("decided_share_high") is not None
        self.table.rows.follow(self._records(), is_at_rest=is_at_rest)
        self._show_rest()

    @property
    def _usual(self) -> float:
        return usual_threshold(is_exclusive=self.state.is_exclusive)

    def _records(self) -> list[dict[str, object]]:
        """Return the concepts with the thresholds that are tried: old evaluations kept none."""
        tried = self.state.thresholds
        return [r | {"threshold": tried[r["name"]]} for r in self.state.report["concepts"]]

    def _show_rest(self) -> None:
        state = self.state
        share = shared_threshold(state.thresholds)
        average = sum(state.thresholds.values()) / max(len(state.thresholds), 1)
        self.slider.set_share(average if share is None else share, is_mixed=share is None)
        words = meaning(state.report, state.thresholds)
        if not state.keeps_texts:
            words = _("Evaluate again to try other thresholds: what was said is not kept.")
        self.meaning.setText(words)
        self.figures.set_report(state.report)
        self._show_silent()
        self._show_own()
        self._show_acts()

    def _show_silent(self) -> None:
        silent = [r["name"] for r in self.state.report["concepts"] if r["never_predicted"]]
        words = ngettext(
            "{n} concept is never the answer: {names}",
            "{n} concepts are never the answer: {names}",
            len(silent),
        )
        shown = words.format(n=number(len(silent)), names=", ".join(silent))
        self.silent.setText(shown if silent else "")
        self._sign.setVisible(bool(silent))

    def _show_own(self) -> None:
        place = self.table.rows.place_of(self.table.concept)
        if place < 0:
            return
        record = self.table.rows.records[place]
        name = record["name"]
        self.own.show_concept(record, self.state.numbers[name], self.state.thresholds[name])

    def _show_problem(self, error: UserError) -> None:
        self.meaning.setText(f"{error} {error.next_step}")

    def _keep(self) -> None:
        """Keep what is tried; the usual thresholds are kept as none."""
        state = self.state
        is_usual = shared_threshold(state.thresholds) == self._usual
        chosen = {} if is_usual else dict(state.thresholds)
        evaluation_id = state.evaluation.id if state.evaluation and chosen else 0
        try:
            state.keep_thresholds(Thresholds(chosen, evaluation_id=evaluation_id))
        except UserError as error:
            boxes.show_error(self, error)

    def _show_acts(self) -> None:
        state = self.state
        if state.version is None:
            return
        kept, is_exclusive = state.version.thresholds, state.is_exclusive
        self.in_use.setText(in_use(kept, state.thresholds, is_exclusive=is_exclusive))
        self.back.setEnabled(shared_threshold(state.thresholds) != self._usual)
        is_new = not is_kept(kept, state.thresholds, is_exclusive=is_exclusive)
        self.keep.setEnabled(is_new and state.keeps_texts)
