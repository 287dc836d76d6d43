"""What every page of the dataset screen is: its work above its own footer."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import Hairline


class Page(QWidget):
    """A page that takes the whole step.

    Attributes:
        footer: how it stands, and its buttons.
    """

    footer: FooterBar

    def lay_out(self, work: QWidget, footer: FooterBar) -> None:
        """Put the work above its footer."""
        self.footer = footer
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(work, 1)
        layout.addWidget(Hairline())
        layout.addWidget(footer)

    def first_focus(self) -> QWidget | None:
        """Return what takes the keyboard when the page opens."""
        return self.footer.primary
