"""Controls that choose: select, segmented, switch, radio; and the one-line field."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
)
from typing_extensions import override

from desktop.theme.icons import icon, pixmap
from desktop.theme.tokens import CONTROL, RADIUS, colour, font
from desktop.widgets.buttons import EnterButton
from desktop.widgets.painted import (
    NO_PEN,
    inside_edge,
    paint_ring,
    painter_of,
    polish_again,
    put_text,
    repaints,
    text_width,
)
from desktop.widgets.text import tip

PART_PADDING = 28  # pixels of a part of a segmented control around its word


class Select(QComboBox):
    """A combo box that draws its own chevron: QSS can only take one from a file."""

    def __init__(self, *items: str, width: int = 0, kind: str = "", name: str = "") -> None:
        """Offer the items; `kind` "filter" has a hairline edge, `name` is for screen readers."""
        super().__init__()
        self.setFont(font("body"))
        self.setProperty("kind", kind)
        self.addItems(items)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view().setFont(font("body"))
        self.currentTextChanged.connect(self._explain)
        self._explain(self.currentText())
        if width:
            self.setFixedWidth(width)

    def _explain(self, value: str) -> None:
        self.setToolTip(tip(value))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, super().minimumSizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        enabled = self.isEnabled()
        quiet = self.property("kind") == "filter" or not enabled
        painter.setPen(QPen(colour("hairline" if quiet else "outline"), 1))
        painter.setBrush(colour("raised" if enabled else "rail"))
        painter.drawRoundedRect(inside_edge(self.rect()), RADIUS, RADIUS)
        area = QRectF(self.rect()).adjusted(12, 0, -32, 0)
        put_text(painter, area, self.currentText(), "body", "ink" if enabled else "ink_3")
        chevron = pixmap("chevron-down", "ink_3", 16, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - 26, self.height() // 2 - 8, chevron)
        if self.hasFocus():
            paint_ring(painter, self.rect())


class Segmented(QFrame):
    """A choice between two or three words, all visible; the arrow keys move it."""

    chosen = Signal(int)

    def __init__(self, labels: Sequence[str], value: int = 0, *, name: str = "") -> None:
        """Offer the labels; the one at `value` is chosen at first."""
        super().__init__()
        self.setProperty("segmented", "true")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        self._group = QButtonGroup(self)
        for i, label in enumerate(labels):
            part = _part(label, name)
            self._group.addButton(part, i)
            layout.addWidget(part)
        self.set_value(value)
        self._group.idToggled.connect(self._tell)

    @property
    def value(self) -> int:
        """The place of the chosen label."""
        return self._group.checkedId()

    def set_value(self, value: int) -> None:
        """Choose the label at this place; `chosen` is emitted if it was another."""
        self._group.button(value).setChecked(True)
        self.setFocusProxy(self._group.button(value))  # the ring is around a part

    def _tell(self, place: int, is_on: bool) -> None:  # noqa: FBT001  # Qt's signal
        if is_on:
            self.setFocusProxy(self._group.button(place))
            self.chosen.emit(place)


def _part(label: str, name: str) -> QToolButton:
    part = QToolButton()
    part.setText(label.replace("&", "&&"))
    part.setAccessibleName(f"{name}: {label}" if name else label)
    part.setCheckable(True)
    part.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    part.setFont(font("small_strong"))
    part.setFixedWidth(math.ceil(text_width(label, "small_strong")) + PART_PADDING)
    return part


class Switch(EnterButton):
    """On or off at once; the knob's place and a tick say it, not only the colour."""

    def __init__(self, *, on: bool = False, name: str = "") -> None:
        """Stand on or off; `name` is what it switches, for screen readers."""
        super().__init__()
        self.setCheckable(True)
        self.setChecked(on)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(46, 30)  # the ring stands outside the track

    @override
    def sizeHint(self) -> QSize:
        return self.size()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, on, enabled = painter_of(self), self.isChecked(), self.isEnabled()
        painter.setPen(NO_PEN)
        painter.setBrush(colour(("accent" if on else "outline") if enabled else "hairline"))
        painter.drawRoundedRect(QRectF(3, 4, 40, 22), 11, 11)
        painter.setBrush(colour("on_accent" if on and enabled else "page"))
        x = 23 if on else 6
        painter.drawEllipse(QRectF(x, 7, 16, 16))
        if on:
            tone = "accent" if enabled else "ink_3"
            check = pixmap("check", tone, 10, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(x + 3, 10), check)
        if self.hasFocus():
            paint_ring(painter, self.rect(), radius=15)


class Radio(QAbstractButton):
    """One of several; those with the same parent exclude each other."""

    def __init__(self, name: str = "", *, on: bool = False) -> None:
        """Stand on or off; `name` is what it chooses, for screen readers."""
        super().__init__()
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setChecked(on)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(28, 28)

    @override
    def sizeHint(self) -> QSize:
        return self.size()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, on, enabled = painter_of(self), self.isChecked(), self.isEnabled()
        tone = "accent" if on else "outline"
        painter.setPen(QPen(colour(tone if enabled else "hairline"), 1.25))
        painter.setBrush(colour("accent" if on and enabled else "page"))
        painter.drawEllipse(QRectF(5, 5, 18, 18))
        if on:
            _paint_dot(painter, "on_accent" if enabled else "ink_3")
        if self.hasFocus():
            paint_ring(painter, self.rect(), radius=14)


def _paint_dot(painter: QPainter, tone: str) -> None:
    painter.setPen(NO_PEN)
    painter.setBrush(colour(tone))
    painter.drawEllipse(QRectF(10.5, 10.5, 7, 7))


class LineEdit(QLineEdit):
    """A field of one line that can be marked as wrong."""

    def __init__(self, value: str, placeholder: str, icon_name: str) -> None:
        """Hold a value; see `line_edit`."""
        super().__init__(value)
        self.setFont(font("body"))
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setFixedHeight(CONTROL)
        self._icon_name = icon_name
        self._action: QAction | None = None
        if icon_name:
            leading = QLineEdit.ActionPosition.LeadingPosition
            self._action = self.addAction(icon(icon_name, "ink_3"), leading)

    def set_wrong(self, *, wrong: bool) -> None:
        """Mark the value as one that cannot stay; the reason stands below the field."""
        self.setProperty("wrong", "true" if wrong else "false")
        polish_again(self)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if repaints(event) and self._action is not None:
            self._action.setIcon(icon(self._icon_name, "ink_3"))


def line_edit(
    value: str = "", placeholder: str = "", icon_name: str = "", width: int = 0
) -> LineEdit:
    """Return a field of one line, with a leading icon if one is named."""
    result = LineEdit(value, placeholder, icon_name)
    if width:
        result.setFixedWidth(width)
    return result
