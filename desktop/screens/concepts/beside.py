"""The details of a concept: beside the list in a wide window, over it where they are asked for."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.screens.concepts.concept_texts import WIDTH, ConceptTexts
from desktop.theme.tokens import FOOTER
from desktop.widgets.layout import Hairline, hide_below, surface

OVER_WIDTH = WIDTH + 1


class Beside:
    """Holds the details in one of two places.

    Attributes:
        dock: the place beside the list; `Frame` hides it in a narrow window.
    """

    def __init__(self, screen: QWidget, details: ConceptTexts, width: int) -> None:
        """Stand in the dock, in windows of at least this width."""
        self._screen, self._details = screen, details
        self.dock, self._in_dock = _place()
        hide_below(self.dock, width)
        self._over, self._in_over = _place(screen)
        surface(self._over, "page").hide()
        self._in_dock.addWidget(details)
        details.close_.hide()

    @property
    def is_over(self) -> bool:
        """Tell whether they stand over the list."""
        return not self._over.isHidden()

    def open(self) -> None:
        """Show them, over the list where there is no room beside it."""
        if self.dock.isHidden():
            self._in_over.addWidget(self._details)
            self._details.close_.show()
            self._over.show()
            self._over.raise_()
            self.place()

    def close(self) -> None:
        """Put them back beside the list."""
        self._over.hide()
        self._in_dock.addWidget(self._details)
        self._details.close_.hide()

    def place(self) -> None:
        """Follow the size of the screen."""
        if self.is_over and not self.dock.isHidden():
            self.close()
        elif self.is_over:
            height, width = self._screen.height() - FOOTER - 1, self._screen.width()
            self._over.setGeometry(width - OVER_WIDTH, 0, OVER_WIDTH, height)


def _place(parent: QWidget | None = None) -> tuple[QWidget, QHBoxLayout]:
    holder = QWidget(parent)
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(Hairline(vertical=True))
    return holder, layout
