"""The chosen concept: its own threshold, and what follows from it in words."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.evaluation_words import highlights
from core.i18n import _
from desktop.screens.evaluate.concept_columns import Record
from desktop.theme.tokens import S1
from desktop.widgets.concept_chip import Mark
from desktop.widgets.layout import Hairline, column, row
from desktop.widgets.slider import ShareSlider
from desktop.widgets.text import Elided, text

SLIDER_WIDTH = 380


class OwnThreshold(QWidget):
    """One line below the table.

    Attributes:
        slider: from how sure on the concept counts.
    """

    moved = Signal(str, float)  # concept, threshold

    def __init__(self) -> None:
        """Be about no concept."""
        super().__init__()
        self._concept = ""
        self.mark, self.name = Mark(0), Elided("", "strong", middle=True)
        self.words = Elided("", "small", "ink_2")
        self.slider = ShareSlider("")
        self.slider.setMaximumWidth(SLIDER_WIDTH)
        self.slider.moved.connect(lambda share: self.moved.emit(self._concept, share))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S1)
        layout.addWidget(Hairline())
        words = column(row(self.mark, self.name, gap=6), self.words, gap=0)
        counts = text(_("Counts from"), "small", "ink_2")
        layout.addWidget(row((words, 1), 8, counts, (self.slider, 1)))

    def show_concept(self, record: Record, mark: int, threshold: float) -> None:
        """Be about a concept, by its record in the report."""
        if record["name"] != self._concept:
            self._concept = record["name"]
            self.mark.set_number(mark)
            self.name.setText(self._concept)
            words = _("{concept} counts from").format(concept=self._concept)
            self.slider.set_name(words)
        self.slider.set_share(threshold)
        self.words.setText(highlights({"concepts": [record]})[0].words)
