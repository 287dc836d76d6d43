"""The line where a step ends: how it stands on the left, where to go on the right."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.tokens import FOOTER, S4
from desktop.widgets.buttons import Button
from desktop.widgets.icon import Icon
from desktop.widgets.layout import Hairline
from desktop.widgets.text import Elided

GAP = 12


class FooterBar(QWidget):
    """One sentence on how the step stands, at most two secondary buttons, then the primary.

    Attributes:
        primary: the one way on; disabled while the sentence says what is missing.
    """

    def __init__(self, *buttons: Button) -> None:
        """Hold the buttons; the last one is the primary."""
        super().__init__()
        self.setFixedHeight(FOOTER)
        self.primary: Button | None = buttons[-1] if buttons else None
        self._sign, self._note = Icon("circle-alert", "warn", 16), Elided("", "small", "ink_2")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(S4, 0, S4, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self._sign)
        layout.addWidget(self._note, 1)
        for part in buttons:
            layout.addWidget(part)
        self.set_note("")

    def set_note(self, note: str, tone: str = "ink_2", sign: str = "") -> None:
        """Say how the step stands, with a sign if it needs something.

        Args:
            note: one sentence; where it does not fit, its tooltip has the whole.
            tone: ink_2, good, warn or bad.
            sign: an icon of `resources/icons`; "" for none.
        """
        self._note.setText(note)
        self._note.set_tone(tone)
        self._sign.setVisible(bool(sign))
        if sign:
            self._sign.set_icon(sign, tone)

    def note(self) -> str:
        """Return the sentence."""
        return self._note.text()


def stand_above(footer: FooterBar, work: QWidget, holder: QWidget) -> None:
    """Lay the work out in its holder, above its footer."""
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(work, 1)
    layout.addWidget(Hairline())
    layout.addWidget(footer)
