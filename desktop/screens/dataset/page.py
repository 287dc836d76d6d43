"""What every page of the dataset screen is: its work above its own footer."""

from PySide6.QtWidgets import QWidget

from desktop.widgets.footer import FooterBar, stand_above


class Page(QWidget):
    """A page that takes the whole step.

    Attributes:
        footer: how it stands, and its buttons.
    """

    footer: FooterBar

    def lay_out(self, work: QWidget, footer: FooterBar) -> None:
        """Put the work above its footer."""
        self.footer = footer
        stand_above(footer, work, self)

    def first_focus(self) -> QWidget | None:
        """Return what takes the keyboard when the page opens."""
        return self.footer.primary
