"""The rail: seven steps with their states, the tools that need a model, the promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import N_, _
from desktop.theme.icons import pixmap
from desktop.theme.tokens import HEADER, RADIUS, RAIL, S1, S3, colour, is_dark
from desktop.widgets.icon import Icon
from desktop.widgets.layout import H_CENTRE, Hairline, row, surface
from desktop.widgets.painted import (
    NO_BRUSH,
    NO_PEN,
    inside_edge,
    paint_ring,
    painter_of,
    put,
    put_text,
    text_width,
)
from desktop.widgets.text import text, tip
from desktop.widgets.wordmark import Wordmark

State = Literal["done", "now", "needs", "later"]

STEP_HEIGHT, TOOL_HEIGHT = 48, 36
LINE_X, WORDS_X = 34.0, 58.0
DISC = 10.0

STATES = {
    "done": N_("done"),
    "now": N_("now"),
    "needs": N_("needs something"),
    "later": N_("not yet"),
}
TOOLS = (
    ("labelling", "tags", N_("Label texts")),
    ("explore", "search", N_("Explore")),
    ("data_check", "scan-search", N_("Check data")),
    ("versions", "layers", N_("Versions")),
    ("evaluate", "chart-no-axes-column", N_("Evaluate")),
    ("predict", "file-check-2", N_("Predict files")),
    ("workflows", "workflow", N_("Workflows")),
    ("base_models", "database", N_("Base models")),
)


@dataclass(frozen=True)
class Step:
    """A step as the rail shows it: its name, and how it stands in words and as a sign."""

    name: str
    note: str = ""
    state: State = "later"


class _RailRow(QAbstractButton):
    """A row of the rail with its soft background and its focus ring."""

    def __init__(self, height: int) -> None:
        super().__init__()
        self.setFixedHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.is_current = False

    @override
    def sizeHint(self) -> QSize:
        return QSize(RAIL, self.height())

    def paint_ground(self, painter: QPainter) -> None:
        area = QRectF(self.rect()).adjusted(12, 2, -12, -2)
        tone = ("raised" if is_dark() else "accent_soft") if self.is_current else "hover"
        if self.is_current or (self.underMouse() and self.isEnabled()):
            painter.setPen(NO_PEN)
            painter.setBrush(colour(tone))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        if self.hasFocus():
            paint_ring(painter, area)


class StepRow(_RailRow):
    """A step. Its state is told by the sign's shape and by words, never by colour alone."""

    def __init__(self, number: int, step: Step, *, is_last: bool = False) -> None:
        """Show the step with its number, from 1."""
        super().__init__(STEP_HEIGHT)
        self._number, self._is_last = number, is_last
        self.set_step(step, is_current=False)

    def set_step(self, step: Step, *, is_current: bool) -> None:
        """Show how the step stands and whether it is the open one."""
        self.step, self.is_current = step, is_current
        is_here = is_current and step.state == "later"
        self._state: State = "now" if is_here else step.state
        state, number = _(STATES[self._state]), self._number
        words = _("Step {number}, {name}, {state}: {note}")
        name = words.format(number=number, name=step.name, state=state, note=step.note)
        self.setAccessibleName(name.removesuffix(": "))
        cut = text_width(step.note, "caption") > RAIL - 78
        self.setToolTip(tip(step.note) if cut else "")
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, y = painter_of(self), self.height() / 2
        self.paint_ground(painter)
        self._paint_line(painter, y)
        self._paint_sign(painter, y)
        step = self.step
        tone = "ink" if self.is_current or step.state != "later" else "ink_2"
        room = self.width() - WORDS_X - 20
        put_text(painter, QRectF(WORDS_X, y - 20, room, 22), step.name, "strong", tone)
        tone = "warn" if step.state == "needs" else "ink_3"
        put_text(painter, QRectF(WORDS_X, y, room, 19), step.note, "caption", tone)

    def _paint_line(self, painter: QPainter, y: float) -> None:
        painter.setPen(QPen(colour("hairline"), 1.5))
        if self._number > 1:
            painter.drawLine(QPointF(LINE_X, 0), QPointF(LINE_X, y - DISC - 3))
        if not self._is_last:
            painter.drawLine(QPointF(LINE_X, y + DISC + 3), QPointF(LINE_X, self.height()))

    def _paint_sign(self, painter: QPainter, y: float) -> None:
        ratio, disc = self.devicePixelRatioF(), QRectF(LINE_X - DISC, y - DISC, 20, 20)
        match self._state:
            case "done":
                _paint_disc(painter, disc, "accent_text", 1.5)
                check = pixmap("check", "accent_text", 12, ratio)
                painter.drawPixmap(QPointF(LINE_X - 6, y - 6), check)
            case "needs":
                alert = pixmap("triangle-alert", "warn", 22, ratio)
                painter.drawPixmap(QPointF(LINE_X - 11, y - 11), alert)
            case "now":
                painter.setPen(NO_PEN)
                painter.setBrush(colour("accent"))
                painter.drawEllipse(disc)
                _paint_number(painter, disc, self._number, "on_accent")
            case "later":
                _paint_disc(painter, disc, "outline", 1.25)
                _paint_number(painter, disc, self._number, "ink_3")


def _paint_disc(painter: QPainter, disc: QRectF, role: str, width: float) -> None:
    painter.setPen(QPen(colour(role), width))
    painter.setBrush(NO_BRUSH)
    painter.drawEllipse(inside_edge(disc))


def _paint_number(painter: QPainter, disc: QRectF, number: int, tone: str) -> None:
    put(painter, disc, str(number), "caption_strong", tone, H_CENTRE)


class ToolRow(_RailRow):
    """A tool below the steps; it can be opened once there is something to work on."""

    def __init__(self, icon_name: str, label: str) -> None:
        """Show the tool's picture and name."""
        super().__init__(TOOL_HEIGHT)
        self._icon_name, self._label = icon_name, label
        self.setAccessibleName(label)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        self.paint_ground(painter)
        tone = ("ink" if self.is_current else "ink_2") if self.isEnabled() else "ink_3"
        picture = pixmap(self._icon_name, tone, 16, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(LINE_X - 8, (self.height() - 16) / 2), picture)
        room = QRectF(WORDS_X, 0, self.width() - WORDS_X - 20, self.height())
        put(painter, room, self._label, "small", tone)


class Rail(QWidget):
    """Where the analyst is and how every step stands; any step can be opened at any time."""

    step_chosen = Signal(int)  # from 0
    tool_chosen = Signal(str)  # its key among `TOOLS`

    def __init__(self, steps: Sequence[Step]) -> None:
        """Show the steps, the first one open."""
        super().__init__()
        self.setFixedWidth(RAIL)
        surface(self, "rail")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        brand = row(Wordmark(), None, margins=(S3, 0, 16, 0))
        brand.setFixedHeight(HEADER)
        layout.addWidget(brand)
        layout.addSpacing(S1)
        self._current = 0
        self._rows = [self._step_row(i, step, len(steps)) for i, step in enumerate(steps)]
        self._tools = {key: self._tool_row(key, sign, name) for key, sign, name in TOOLS}
        for part in self._rows:
            layout.addWidget(part)
        layout.addSpacing(10)
        layout.addWidget(row(Hairline(), margins=(S3, 0, S3, 0)))
        layout.addSpacing(6)
        for tool in self._tools.values():
            layout.addWidget(tool)
        layout.addStretch(1)
        layout.addWidget(_promise())
        self.set_current(0)
        self.set_tools_ready({})

    def _step_row(self, place: int, step: Step, n_steps: int) -> StepRow:
        result = StepRow(place + 1, step, is_last=place == n_steps - 1)
        result.clicked.connect(lambda: self.step_chosen.emit(place))
        return result

    def _tool_row(self, key: str, sign: str, name: str) -> ToolRow:
        result = ToolRow(sign, _(name))
        result.clicked.connect(lambda: self.tool_chosen.emit(key))
        return result

    @property
    def steps(self) -> list[Step]:
        """The steps as they are shown."""
        return [part.step for part in self._rows]

    @property
    def current(self) -> int:
        """The place of the open step, from 0; -1 while a tool is open."""
        return self._current

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show how the same steps stand now."""
        for i, (part, step) in enumerate(zip(self._rows, steps, strict=True)):
            part.set_step(step, is_current=i == self._current)

    def set_current(self, current: int) -> None:
        """Mark the open step; -1 marks none."""
        self._current = current
        self.set_steps(self.steps)

    def set_tools_ready(self, why_not: Mapping[str, str]) -> None:
        """Let the tools be opened, but for those that wait for what is said."""
        for key, tool in self._tools.items():
            tool.setEnabled(not why_not.get(key))
            tool.setToolTip(why_not.get(key, ""))

    def set_current_tool(self, key: str) -> None:
        """Mark the open tool; "" marks none."""
        for name, tool in self._tools.items():
            tool.is_current = name == key
            tool.update()


def _promise() -> QWidget:
    words = text(_("Stays on this computer"), "caption", "ink_3")
    return row(Icon("shield-check", "ink_3", 16), words, None, gap=14, margins=(26, 0, 8, 18))
