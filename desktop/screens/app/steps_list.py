"""The way from texts to a model as a calm list: what each of the steps after this one is for."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy
from typing_extensions import override

from core.i18n import N_, _
from desktop.theme.tokens import RADIUS_SMALL, colour
from desktop.widgets.layout import CENTRE
from desktop.widgets.painted import NO_BRUSH, NO_PEN, paint_ring, painter_of, put, put_text

HEIGHT = 45
NAME_X, NAME_WIDTH = 40.0, 120.0
DISC = 22

STEPS = (
    ("dataset", N_("Dataset"), N_("Add your texts: a file, a folder, or typed in.")),
    ("concepts", N_("Concepts"), N_("Say what a text can be about.")),
    ("model_type", N_("Model type"), N_("Choose what kind of model shall learn it.")),
    ("settings", N_("Settings"), N_("Change what you know better; the defaults suit most data.")),
    ("train", N_("Train"), N_("Let this computer learn, and see how well it does.")),
    ("try_text", N_("Try text"), N_("Type any text and read the answer.")),
)


class StepLine(QAbstractButton):
    """One step: its number, its name and what it is for; pressed anywhere, it opens."""

    def __init__(self, number: int, key: str, name: str, note: str) -> None:
        """Show the step."""
        super().__init__()
        self.key, self._number, self._note = key, number, note
        self.setText(name)
        self.setAccessibleName(f"{number}. {name}. {note}")
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return QSize(520, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, height = painter_of(self), self.height() - 1
        if self.underMouse():
            painter.setPen(NO_PEN)
            painter.setBrush(colour("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), RADIUS_SMALL, RADIUS_SMALL)
        painter.fillRect(QRectF(0, height, self.width(), 1), colour("hairline"))
        disc = QRectF(2, (height - DISC) / 2, DISC, DISC)
        painter.setPen(QPen(colour("outline"), 1.25))
        painter.setBrush(NO_BRUSH)
        painter.drawEllipse(disc)
        put(painter, disc, str(self._number), "caption_strong", "ink_2", CENTRE)
        put(painter, QRectF(NAME_X, 0, NAME_WIDTH, height), self.text(), "strong", "ink")
        x = NAME_X + NAME_WIDTH
        note = QRectF(x, 0, self.width() - x - 8, height)
        put_text(painter, note, self._note, "small", "ink_2")
        if self.hasFocus():
            paint_ring(painter, self.rect(), radius=RADIUS_SMALL)


def step_lines() -> list[StepLine]:
    """Return the steps that follow the app, with their numbers in the rail."""
    return [
        StepLine(number, key, _(name), _(note))
        for number, (key, name, note) in enumerate(STEPS, start=2)
    ]
