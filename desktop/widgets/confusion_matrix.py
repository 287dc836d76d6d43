"""What gets mixed up: rows are what people said, columns what the model said."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from typing_extensions import override

from core.charts.matrix import Matrix, matrix, matrix_height
from core.charts.mixed_up import Counts, most_mixed_up
from core.charts.scene import Scene
from core.i18n import _
from desktop.widgets.chart_view import ChartView

LEAST_SHARE, MOST_HEIGHT = 0.8, 516  # of the height that would be best; pixels


class ConfusionMatrix(ChartView):
    """The concepts that are mixed up most, or all; as high as its cells can be at its width."""

    cell_chosen = Signal(int, int)  # what people said, what the model said

    def __init__(self, names: Sequence[str] = (), counts: Counts = ()) -> None:
        """Show the concepts that are mixed up most; see `set_matrix`."""
        self._matrix, self._shows_all = Matrix((), ()), False
        self.shown: list[int] = []
        super().__init__(self._draw_matrix, _("What gets mixed up"))
        self.set_matrix(names, counts)
        self.mark_chosen.connect(lambda key: self.cell_chosen.emit(*key))

    def set_matrix(self, names: Sequence[str], counts: Counts) -> None:
        """Show another matrix.

        Args:
            names: (n_concepts,) in the order of the rows and columns.
            counts: (n_concepts, n_concepts) texts, rows what people said.
        """
        self._matrix = Matrix(tuple(names), tuple(tuple(line) for line in counts))
        self.show_all(shows_all=self._shows_all)

    def show_all(self, *, shows_all: bool) -> None:
        """Show every concept in its own order, or only those that are mixed up most."""
        self._shows_all = shows_all
        everything = list(range(len(self._matrix.names)))
        self.shown = everything if shows_all else most_mixed_up(self._matrix.counts)
        self._matrix = replace(self._matrix, shown=tuple(self.shown))
        self.set_chosen(None)
        self.set_chart(self._draw_matrix, _("What gets mixed up"))
        self._fit()

    def words(self, person: int, model: int) -> str:
        """Return what a cell says, with both names in full."""
        return self._matrix.words(person, model)

    def _draw_matrix(self, width: int, height: int) -> Scene:
        return matrix(self._matrix, (width, height))

    def _fit(self) -> None:
        best = min(MOST_HEIGHT, matrix_height(len(self.shown), self.width()))
        self.setMinimumHeight(round(best * LEAST_SHARE))
        self.setMaximumHeight(best)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
