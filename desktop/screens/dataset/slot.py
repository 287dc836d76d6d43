"""A place in a page for what comes and goes."""

from PySide6.QtWidgets import QVBoxLayout, QWidget


class Slot(QWidget):
    """Holds what is put in, or nothing; then it takes no room."""

    def __init__(self, *, gap: int = 0) -> None:
        """Be empty; `gap` is in pixels, between what is put in."""
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(gap)
        self.hide()

    def put(self, *parts: QWidget) -> None:
        """Show these parts in place of what was there."""
        self.clear()
        for part in parts:
            self._layout.addWidget(part)
        self.setVisible(bool(parts))

    def clear(self) -> None:
        """Show nothing."""
        self.hide()
        while item := self._layout.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
