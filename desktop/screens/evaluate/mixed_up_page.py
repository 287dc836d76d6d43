"""What gets mixed up, or occurs together: a matrix, whose every field leads to its texts."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.charts.matrix import Key, Kind, Matrix, Mode, matrix, matrix_height
from core.charts.mixed_up import MOST, most_mixed_up
from core.charts.scene import Scene
from core.errors import UserError
from core.evaluation_words import mix_ups
from core.i18n import _
from core.learning.curves import Matrices
from core.learning.marks import Cell, Mark, Together
from core.operations.look_into import MatricesResult, compare_concepts
from core.operations.scoring import TextsNotKeptError
from desktop.asking import Asking
from desktop.screens.evaluate.page import Page
from desktop.screens.evaluate.pairs_table import PairsTable
from desktop.screens.evaluate.state import EvaluationState
from desktop.theme.tokens import S2
from desktop.widgets.buttons import button
from desktop.widgets.chart_view import ChartView, no_chart
from desktop.widgets.choices import Segmented
from desktop.widgets.layout import TOP, column, row
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import number

MODES: tuple[Mode, ...] = ("counts", "shares", "mean probability")
COUNTS, SHARES, MEANS = range(3)
NARROWEST, WITH_PAIRS, PAIRS_WIDTH, LARGEST = 440, 940, 380, 720  # pixels


class MixedUpPage(Page):
    """The matrix, and the pairs that are mixed up most."""

    def __init__(self, state: EvaluationState) -> None:
        """Show the concepts that are most alike first."""
        super().__init__(state)
        self._asking = Asking(state.session)
        self._matrices: Matrices | None = None
        self._shows_all = False
        modes = (_("Counts"), _("Shares"), _("Mean probability"))
        self.mode = Segmented(modes, name=_("What stands in a field"))
        self.toggle = button("", "link")
        self.meaning = wrapped("", "small", "ink_2")
        self.view = ChartView()
        self.pairs = PairsTable()
        self._side = column(text(_("Mixed up most"), "strong"), 4, (self.pairs, 1), gap=0)
        self._side.setFixedWidth(PAIRS_WIDTH)
        self._lay_out()
        self.mode.chosen.connect(lambda _mode: self.look())
        self.toggle.clicked.connect(self._toggle)
        self.view.mark_chosen.connect(self._choose)
        self.pairs.pair_chosen.connect(lambda *pair: state.choose(Cell(*pair)))
        state.mark_chosen.connect(self._follow_mark)
        state.shown.connect(self._forget)

    def _lay_out(self) -> None:
        main = column(self.view, None, gap=0)
        work = row((main, 1), (self._side, TOP), gap=24)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        layout.addWidget(row(self.mode, 8, self.toggle, None))
        layout.addWidget(self.meaning)
        layout.addWidget(work, 1)

    @override
    def first_focus(self) -> QWidget | None:
        return self.view

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, super().minimumSizeHint().height())  # without the pairs

    @override
    def look(self) -> None:
        is_exclusive, needs = self.state.is_exclusive, self.mode.value == MEANS
        self.meaning.setText(self._meaning())
        self._side.setVisible(is_exclusive and self.width() >= WITH_PAIRS)
        found = mix_ups(self.state.report) if self.state.report else []
        self.pairs.set_pairs([(one.person, one.model, one.count) for one in found])
        if (needs or not is_exclusive) and self._matrices is None:
            if self.state.evaluation and self.state.keeps_texts:
                request = self.state.evaluation.id
                self._asking.ask(self._keep, compare_concepts, request, refused=self._show_problem)
            elif self.state.evaluation:
                self._show_problem(TextsNotKeptError())
            self._draw(None)
            return
        self._draw(self._matrix())

    def _forget(self) -> None:
        self._asking.forget()
        self._matrices, self._shows_all = None, False

    def _keep(self, result: MatricesResult) -> None:
        self._matrices = result.matrices
        self.look()

    def _show_problem(self, error: UserError) -> None:
        self.meaning.setText(f"{error} {error.next_step}")

    def _toggle(self) -> None:
        self._shows_all = not self._shows_all
        self.look()

    # -- what is drawn ---------------------------------------------------------------------------
    def _confusion(self) -> list[list[int]]:
        return self.state.report["confusion"] if self.state.is_exclusive else []

    def _matrix(self) -> Matrix:
        names, means = tuple(self.state.names), self._matrices
        counts, mode = self._confusion(), MODES[self.mode.value]
        kind: Kind = "confusion"
        if not self.state.is_exclusive and means:
            counts = [list(line) for line in means.together]
            kind = "confusion" if self.mode.value == MEANS else "together"
        totals = [record["n_positive"] for record in self.state.report["concepts"]]
        return Matrix(
            names,
            tuple(map(tuple, counts)),
            mode,
            kind,
            totals=tuple(totals),
            means=means.mean_probability if means else None,
            before=self._before() if mode == "counts" and kind == "confusion" else None,
            shown=None if self._shows_all else tuple(most_mixed_up(counts)),
        )

    def _before(self) -> tuple[tuple[int, ...], ...] | None:
        """Return the matrix before, where it is of the same concepts."""
        if self.state.before is None:
            return None
        report = self.state.before.report
        if [record["name"] for record in report["concepts"]] != self.state.names:
            return None
        return tuple(map(tuple, report["confusion"]))

    def _draw(self, shown: Matrix | None) -> None:
        n_concepts = len(self.state.names)
        self.toggle.setVisible(n_concepts > MOST)
        words = _("The {n} most alike") if self._shows_all else _("All {n}")
        n = MOST if self._shows_all else n_concepts
        self.toggle.setText(words.format(n=number(n)))
        if shown is None:
            self.view.set_chart(no_chart)
            return

        def draw(width: int, height: int) -> Scene:
            return matrix(shown, (min(width, LARGEST), height))

        self.view.set_chart(draw, _("Mixed up"))
        self._fit()
        self._follow_mark(self.state.mark)

    def _fit(self) -> None:
        """Be as high as the cells make it, so that nothing hangs in the air beneath."""
        n_shown = len(self.state.names) if self._shows_all else min(MOST, len(self.state.names))
        width = min(self.view.width(), LARGEST)
        self.view.setFixedHeight(max(200, matrix_height(n_shown, width)))

    def _meaning(self) -> str:
        if self.mode.value == MEANS:
            return _(
                "How probable the model finds the concept across, on average, for texts that "
                "people gave the concept down the side."
            )
        if not self.state.is_exclusive:
            return _("How often people gave a text both concepts; a text may have several.")
        if self.state.before is not None and self._before() is not None:
            return _("Before → now. Choose a field to see its texts.")
        return _("Choose a field to see its texts.")

    # -- what is chosen --------------------------------------------------------------------------
    def _choose(self, key: Key) -> None:
        self.state.choose(self._mark_of(key))

    def _mark_of(self, key: Key) -> Mark:
        one, other = (self.state.names[place] for place in key)
        is_together = not self.state.is_exclusive and self.mode.value != MEANS
        return Together(one, other) if is_together else Cell(one, other)

    def _follow_mark(self, mark: Mark | None) -> None:
        match mark:
            case Cell(one, other) | Together(one, other) if {one, other} <= {*self.state.names}:
                names = self.state.names
                self.view.set_chosen((names.index(one), names.index(other)))
            case _:
                self.view.set_chosen(None)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.setVisible(self.state.is_exclusive and self.width() >= WITH_PAIRS)
        if self.state.evaluation:
            self._fit()
