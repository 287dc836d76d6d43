"""The curves of a training while it learns: how well it does, and how far off it still is."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.charts.training import Series, training_curves
from core.i18n import _
from core.jobs import Measure
from desktop.widgets.chart_view import ChartView, sized
from desktop.widgets.text import text, wrapped

LOSS = "Loss"  # how the names of all measures begin of which less is better


def series_of(measures: Sequence[Measure]) -> list[Series]:
    """Return the measures by what is measured, those of the newest run where there were several."""
    points: dict[str, list[tuple[float, float]]] = {}
    for one in measures:
        line = points.setdefault(one.series, [])
        if line and one.step < line[-1][0]:  # another training has begun
            points = {name: [] for name in points}
            line = points[one.series]
        line.append((one.step, one.value))
    return [
        Series(_(name), tuple(line), is_share=not name.startswith(LOSS), look=place)
        for place, (name, line) in enumerate(points.items())
        if line
    ]


class TrainingCurves(QWidget):
    """Two charts, one below the other; one that has nothing to show is left out.

    Attributes:
        scores: of which more is better. losses: of which less is.
    """

    def __init__(self, n_rounds: float = 0.0) -> None:
        """Show nothing until `set_measures` is called; `n_rounds` is the most that there may be."""
        super().__init__()
        self._n_rounds = n_rounds
        self.measures: list[Measure] = []
        self.scores, self.losses = ChartView(), ChartView()
        self.waiting = text(_("The first values come in a moment"), "small", "ink_3")
        self.about = wrapped(
            _(
                "The loss is how far off the model is; it falls while it learns. Once it rises on "
                "texts kept apart, the model only learns by heart, and the training ends."
            ),
            "small",
            "ink_2",
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.about)
        layout.addWidget(self.waiting)
        layout.addWidget(self.scores, 1)
        layout.addWidget(self.losses, 1)
        layout.addStretch(0)
        self.set_measures([])

    def set_measures(self, measures: Sequence[Measure]) -> None:
        """Show these points."""
        self.measures = list(measures)
        series = series_of(measures)
        self.waiting.setVisible(not series)
        for view, are_shares in ((self.scores, True), (self.losses, False)):
            shown = [one for one in series if one.is_share == are_shares]
            view.setVisible(bool(shown))
            if shown:
                self._draw(view, shown)

    def _draw(self, view: ChartView, shown: Sequence[Series]) -> None:
        view.set_chart(
            sized(lambda size: training_curves(shown, size, self._n_rounds)), _("Training")
        )
