"""The scores that follow a threshold: each by its name, its figure, and its interval at rest."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from core.i18n import N_, _
from core.learning.intervals import Estimate
from desktop.theme.tokens import S2
from desktop.widgets.layout import Hairline
from desktop.widgets.painted import painter_of, put, put_text, text_width
from desktop.widgets.text import tip
from desktop.widgets.wording import decimal, interval_words, percent

NAME_LINE, VALUE_LINE, INTERVAL_LINE, LEAST_WIDTH = 20, 34, 18, 40  # pixels
HEIGHT = NAME_LINE + VALUE_LINE + INTERVAL_LINE
ALL_WIDTH = 760  # below which precision and recall, that F1 is made of, are left out

FIGURES = (
    ("macro_avg_precision", N_("Macro precision"), N_("Precision of every concept, all alike")),
    ("macro_avg_recall", N_("Macro recall"), N_("Recall of every concept, all alike")),
    ("macro_avg_f1_score", N_("Macro F1"), N_("F1 of every concept, all alike")),
)
PARTS_OF_F1 = (2, 3)  # places
ONE = (
    ("decided_right", N_("Right, where decided"), N_("Of the texts that get an answer")),
    ("decided_share", N_("Decided"), N_("Texts that get an answer; the others go to people")),
)
SEVERAL = (
    ("decided_right", N_("Right, of those given"), N_("Of all concepts that texts get")),
    ("decided_share", N_("With a concept"), N_("Texts that get one concept or more")),
)


class LiveFigure(QWidget):
    """One score; it is painted, so that it can change sixty times a second and nothing moves."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self._name, self.value, self.interval, self._short = "", "", "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)

    def set_score(self, report: Mapping[str, Any], key: str, name: str, hint: str) -> None:
        """Show a score of a report, without its interval where that is not known."""
        scores = (report.get(f"{key}{end}") for end in ("", "_low", "_high"))
        self.set_estimate(Estimate(*scores), name, hint)

    def set_estimate(self, estimate: Estimate, name: str, hint: str) -> None:
        """Show a score with its interval."""
        score, low, high = estimate.value, estimate.low, estimate.high
        interval, short = "", ""
        if low is not None and high is not None:
            interval = interval_words(low, high)
            ends = _("{low} to {high}")
            short = ends.format(low=decimal(low * 100), high=decimal(high * 100))
        value = _("Not known") if score is None else percent(score)
        self.set_words(name, value, interval, short=short, hint=hint)

    def set_words(
        self, name: str, value: str, below: str, *, short: str = "", hint: str = ""
    ) -> None:
        """Show a figure with a line below it, or a shorter one where that does not fit."""
        self._name, self.value, self.interval, self._short = name, value, below, short or below
        self.setAccessibleName(", ".join(filter(None, (f"{name} {value}", below))))
        self.setToolTip(tip(hint))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(4 * LEAST_WIDTH, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, width = painter_of(self), self.width()
        put_text(painter, QRectF(0, 0, width, NAME_LINE), self._name, "small", "ink_2")
        put(painter, QRectF(0, NAME_LINE, width, VALUE_LINE), self.value, "title", "ink")
        fits = text_width(self.interval, "caption") <= width
        area = QRectF(0, NAME_LINE + VALUE_LINE, width, INTERVAL_LINE)
        put_text(painter, area, self.interval if fits else self._short, "caption", "ink_3")


class LiveFigures(QWidget):
    """How right answers are by the thresholds that are tried, and how many there are.

    Attributes:
        figures: right of those decided, decided, macro precision, recall and F1.
    """

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.figures = [LiveFigure() for _score in (*ONE, *FIGURES)]
        self._yielding: list[QWidget] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        for i, figure in enumerate(self.figures):
            line = Hairline(vertical=True)
            line.setVisible(i > 0)
            layout.addWidget(line)
            layout.addWidget(figure, 1)
            self._yielding += [line, figure] if i in PARTS_OF_F1 else []

    def set_report(self, report: Mapping[str, Any]) -> None:
        """Follow a report."""
        scores = (*(ONE if report["is_exclusive"] else SEVERAL), *FIGURES)
        for figure, (key, name, hint) in zip(self.figures, scores, strict=True):
            figure.set_score(report, key, _(name), _(hint))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for part in self._yielding:
            part.setVisible(self.width() >= ALL_WIDTH)
