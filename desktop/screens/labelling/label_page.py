"""The text with the codebook beside it, above the bar that never moves."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.screens.labelling.bar import ConceptBar
from desktop.screens.labelling.codebook import Codebook
from desktop.screens.labelling.suggestion_row import SuggestionRow
from desktop.screens.labelling.text_pane import TextPane
from desktop.theme.tokens import S4
from desktop.widgets.layout import Hairline, column, row


class LabelPage(QWidget):
    """What is seen while there is a text to label."""

    def __init__(self) -> None:
        """Show no text yet."""
        super().__init__()
        self.pane, self.bar, self.codebook = TextPane(), ConceptBar(), Codebook()
        self.suggestions = SuggestionRow()
        self.suggestions.hide()
        self._beside = row(Hairline(vertical=True), self.codebook, gap=0)
        upper = row((self.pane, 1), self._beside, gap=0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(upper, 1)
        layout.addWidget(self.suggestions)
        layout.addWidget(Hairline())
        layout.addWidget(column(self.bar, margins=(S4, 8, S4, 8)))

    @property
    def shows_codebook(self) -> bool:
        """Whether the codebook is open."""
        return not self._beside.isHidden()

    def show_codebook(self, *, shown: bool) -> None:
        """Open or close the codebook; the bar stays where it is."""
        self._beside.setVisible(shown)
