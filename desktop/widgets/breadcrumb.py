"""Where we are: the page above this one, as a link, and this one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.widgets.buttons import button
from desktop.widgets.text import text


class Breadcrumb(QWidget):
    """Leads back to the page above.

    Attributes:
        back: the link.
    """

    def __init__(self, above: str, here: str) -> None:
        """Name both pages."""
        super().__init__()
        self.back = button(above, "link")
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for part in (self.back, text("/", "small", "ink_3"), text(here, "small")):
            layout.addWidget(part)
        layout.addStretch(1)
