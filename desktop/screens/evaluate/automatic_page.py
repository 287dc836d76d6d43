"""What may be decided automatically, if only so much of it may be wrong."""

import math
from collections.abc import Hashable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from core.charts.coverage import CoveragePoint, coverage
from core.charts.scene import Scene
from core.errors import UserError
from core.evaluation_words import method_words
from core.i18n import _
from core.learning.decided import Budget
from core.learning.marks import Outcome
from core.operations.error_budget import BudgetRequest, BudgetResult, find_thresholds
from core.records import Thresholds
from desktop import boxes
from desktop.asking import Asking
from desktop.screens.evaluate.budget_figures import BudgetFigures
from desktop.screens.evaluate.budget_form import BudgetForm
from desktop.screens.evaluate.concept_columns import DECIDED, NAME
from desktop.screens.evaluate.concept_table import ConceptTable
from desktop.screens.evaluate.page import Page
from desktop.screens.evaluate.state import EvaluationState
from desktop.screens.evaluate.threshold_words import in_use, is_kept
from desktop.theme.tokens import ROW, S2, S4
from desktop.widgets.buttons import button
from desktop.widgets.chart_view import ChartView, no_chart
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, column, row
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import counted_texts, number

HEAD_BESIDE, SIDE_BY_SIDE, NARROWEST = 780, 860, 460  # pixels
CHART_HEIGHT, HIGHEST, HEAD, MEASURE = 280, 440, 36, 960
FEWEST_ROWS, MOST_ROOM = 6, 1000
TENTHS = 1_000  # of a per cent in 1


class AutomaticPage(Page):
    """The error budget: asked for in a sentence, answered in one, and kept if it pleases.

    Attributes:
        form: the sentence that asks. words: the one that answers.
        result: what was found last; None while nothing is.
        chart: wrong answers against what is decided. table: the concepts.
        use, forget: keep the thresholds in the version, or none.
    """

    def __init__(self, state: EvaluationState) -> None:
        """Show nothing yet."""
        super().__init__(state)
        self._asking = Asking(state.session)
        self._asked: BudgetRequest | None = None
        self._version_id = 0
        self.result: BudgetResult | None = None
        self.form, self.figures = BudgetForm(), BudgetFigures()
        self.words, self.found_on = wrapped("", "body"), wrapped("", "small", "ink_3")
        self.words.set_measure(MEASURE)
        self._sign = Icon("triangle-alert", "warn", 18)
        self.in_use = wrapped("", "small", "ink_2")
        self.use, self.forget = button(_("Use these thresholds")), button(_("Forget them"))
        self.chart = ChartView()
        self.chart.setMinimumHeight(CHART_HEIGHT)
        self.chart.setMaximumHeight(HIGHEST)
        self.table = ConceptTable(DECIDED, "n_wrong", name=_("Decided by concept"))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        acts = row(self.forget, self.use, None)
        self.in_use.setFixedWidth(acts.sizeHint().width())
        self._head = row((self.form, 1), column(acts, self.in_use, None, gap=4), gap=S2)
        self._by_concept = column(text(_("By concept"), "heading"), (self.table, MOST_ROOM), None)
        chart = column((self.chart, MOST_ROOM), None)
        self._parts = row((chart, 5), (self._by_concept, 6), gap=S4)
        for part in (self._head, self._parts):
            part.setMinimumWidth(NARROWEST)  # else a wide page could not become narrow
        for part in (
            self._head,
            row((self._sign, TOP), (self.words, 1)),
            self.figures,
            self._parts,
            self.found_on,
        ):
            layout.addWidget(part, 1 if part is self._parts else 0)
        for part in (self._sign, self.figures, self._parts):
            part.hide()  # until there is an answer

    def _connect(self) -> None:
        self.form.changed.connect(self._ask)
        self.use.clicked.connect(self._use)
        self.forget.clicked.connect(lambda: self._keep(Thresholds()))
        self.chart.mark_chosen.connect(self._tolerate)
        self.table.outcome_chosen.connect(self._open)
        self.table.concept_opened.connect(self._open_row)
        self.state.kept.connect(self._show_acts)

    @override
    def first_focus(self) -> QWidget | None:
        return self.form.tolerated

    @override
    def look(self) -> None:
        version = self.state.version
        if version and version.id != self._version_id:
            self._version_id = version.id
            if version.thresholds.tolerated_share is not None:
                self.form.set_tolerated(version.thresholds.tolerated_share)
        self._ask()

    @override
    def follow(self) -> None:
        """Nothing here depends on what is tried on other pages."""

    # -- asking ----------------------------------------------------------------------------------
    def _ask(self) -> None:
        version, evaluation = self.state.version, self.state.evaluation
        if version is None or evaluation is None:
            return
        if not self.state.keeps_texts:
            self._show_nothing(_("Evaluate again: what was said of each text is not kept."))
            return
        request = self.form.request(version, evaluation)
        if request != self._asked:
            self._asked = request
            self._asking.ask(self._show, find_thresholds, request, refused=self._show_problem)
            self._show_acts()

    def _show_problem(self, error: UserError) -> None:
        self._show_nothing(f"{error} {error.next_step}")

    # -- what was found --------------------------------------------------------------------------
    def _show_nothing(self, words: str) -> None:
        """Say why there is no answer."""
        self._asking.forget()
        self._asked = self.result = None
        self._say(words, is_good=False)
        self.chart.set_chart(no_chart)
        self._parts.hide()
        self.found_on.setText("")

    def _show(self, result: BudgetResult) -> None:
        self.result, budget = result, result.budget
        self._say(result.words, is_good=budget.is_kept)
        self.figures.set_result(result, self.form.seconds.value())
        self._draw(budget)
        records = [vars(concept) for concept in budget.concepts]
        self.table.rows.leads_on = True
        self.table.set_records(records, self.state.numbers)
        if not self.table.hasFocus():  # what was chosen before may stand anywhere now
            self.table.setCurrentIndex(self.table.rows.index(0, NAME))
        n_rows = len(records)
        self.table.setMinimumHeight(HEAD + min(n_rows, FEWEST_ROWS) * ROW)
        self.table.setMaximumHeight(HEAD + n_rows * ROW)
        self._by_concept.setVisible(budget.is_kept)
        self._parts.show()
        self._show_found_on(budget)
        self._show_acts()

    def _say(self, words: str, *, is_good: bool) -> None:
        self.words.setText(words)
        self._sign.setVisible(not is_good)
        self.figures.setVisible(is_good)
        self._show_acts()

    def _draw(self, budget: Budget) -> None:
        points = [
            CoveragePoint(
                step.strictness,
                step.decided_share,
                step.wrong.value,
                step.wrong.low,
                step.wrong.high,
            )
            for step in budget.curve
        ]
        chosen = budget.chosen.strictness if budget.chosen else None

        def draw(width: int, height: int) -> Scene:
            return coverage(points, chosen, budget.tolerated_share, (width, height))

        self.chart.set_chart(draw, _("Decided automatically"))
        self.chart.set_chosen(chosen)

    def _show_found_on(self, budget: Budget) -> None:
        evaluation = self.state.evaluation
        if evaluation is None:
            return
        words = _(
            "{method}: {texts} that the model had not seen. {n_proposed} of them proposed the "
            "thresholds, the other {n} tested them and are what is counted here. A count leads to "
            "its texts among all {n_all}, a dot of the chart tolerates more or less."
        )
        self.found_on.setText(
            words.format(
                method=method_words(evaluation),
                texts=counted_texts(budget.n_texts),
                n_proposed=number(budget.n_texts - budget.n_checked),
                n=number(budget.n_checked),
                n_all=number(evaluation.report["n_texts"]),
            )
        )

    # -- what can be done with it ----------------------------------------------------------------
    def _show_acts(self) -> None:
        version, result = self.state.version, self.result
        if version is None:
            return
        kept, is_exclusive = version.thresholds, self.state.is_exclusive
        found = result.budget.thresholds if result and result.budget.is_kept else {}
        is_used = bool(found) and is_kept(kept, found, is_exclusive=is_exclusive)
        is_waiting = self._asking.is_waiting
        words = in_use(kept, found, is_exclusive=is_exclusive)
        self.in_use.setText(_("Finding thresholds…") if is_waiting else words)
        self.use.setEnabled(bool(found) and not is_used and not is_waiting)
        self.forget.setEnabled(bool(kept.concepts))

    def _use(self) -> None:
        if self.result:
            self._keep(self.result.thresholds)

    def _keep(self, thresholds: Thresholds) -> None:
        try:
            self.state.keep_thresholds(thresholds)
        except UserError as error:
            boxes.show_error(self, error)

    def _tolerate(self, strictness: Hashable) -> None:
        """Tolerate as much as a dot of the chart takes."""
        curve = self.result.budget.curve if self.result else ()
        for step in curve:
            if step.strictness == strictness and step.wrong.high is not None:
                self.form.set_tolerated(math.ceil(step.wrong.high * TENTHS) / TENTHS)

    def _open_row(self) -> None:
        """Open the texts of the chosen concept: those that are wrong, if there are any."""
        for record in self.table.rows.records:
            if record["name"] == self.table.concept:
                name = record["name"]
                self._open(Outcome(name, "wrong" if record["n_wrong"] else "found"))

    def _open(self, outcome: Outcome) -> None:
        """Show texts by the thresholds that were found."""
        if self.result and self.result.budget.is_kept:
            self.state.try_thresholds(self.result.budget.thresholds)
            self.state.choose(outcome)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        for part, width in ((self._head, HEAD_BESIDE), (self._parts, SIDE_BY_SIDE)):
            layout, fits = part.layout(), self.width() >= width
            if isinstance(layout, QBoxLayout):
                layout.setDirection(directions.LeftToRight if fits else directions.TopToBottom)
