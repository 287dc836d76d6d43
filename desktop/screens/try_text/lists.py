"""The lists under the field: labelled texts that are near, or examples to try."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from core.operations.neighbours import Neighbour
from desktop.theme.icons import pixmap
from desktop.theme.tokens import RADIUS_SMALL, colour
from desktop.widgets.concept_chip import Chip
from desktop.widgets.layout import RIGHT, Hairline, Item, column, row
from desktop.widgets.painted import paint_ring, painter_of, put_text
from desktop.widgets.text import Elided, text, tip
from desktop.widgets.wording import percent

ROW_HEIGHT, CHIP_WIDTH, ALIKE_WIDTH = 43, 190, 44


class NeighbourRow(QWidget):
    """A labelled text with its concept, and how alike it is."""

    def __init__(self, neighbour: Neighbour, numbers: Mapping[str, int]) -> None:
        """Show the text; `numbers` are those of the concepts' marks."""
        super().__init__()
        names = neighbour.concepts
        chips: list[Item] = [
            Chip(name, numbers.get(name, 0), most=CHIP_WIDTH) for name in names[:1]
        ]
        if len(names) > 1:
            more = text(f"+{len(names) - 1}", "caption_strong", "ink_2")
            more.setToolTip(tip("\n".join(names)))
            chips.append(more)
        share = percent(max(0.0, neighbour.similarity), 0)
        alike = text(share, "small", "ink_2", align=RIGHT, width=ALIKE_WIDTH)
        line = row((Elided(neighbour.text), 1), 8, *chips, alike)
        line.setFixedHeight(ROW_HEIGHT)
        self.setAccessibleName(_("{text}, {share} alike").format(text=neighbour.text, share=share))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(line)
        layout.addWidget(Hairline())


class NearList(QWidget):
    """The labelled texts that are nearest to the one that is tried."""

    def __init__(self) -> None:
        """Be empty."""
        super().__init__()
        self.rows: list[NeighbourRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        head = row(
            text(_("Nearest labelled texts"), "heading"), None, text(_("Alike"), "caption", "ink_3")
        )
        self._layout.addWidget(column(head, Hairline()))

    def set_neighbours(self, neighbours: Sequence[Neighbour], numbers: Mapping[str, int]) -> None:
        """Show other texts, the nearest first."""
        for old in self.rows:
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = [NeighbourRow(neighbour, numbers) for neighbour in neighbours]
        for new in self.rows:
            self._layout.addWidget(new)
        self.setVisible(bool(self.rows))


class ExampleRow(QAbstractButton):
    """A text that can be tried by pressing it."""

    def __init__(self, value: str) -> None:
        """Offer a text."""
        super().__init__()
        self.value = value
        self.setAccessibleName(_("Try: {text}").format(text=value))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(ROW_HEIGHT)
        self.setToolTip(tip(value))

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, ROW_HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, width = painter_of(self), self.width()
        if self.underMouse():
            painter.fillRect(self.rect(), colour("hover"))
        put_text(painter, QRectF(4, 0, width - 40, self.height()), self.value, "body", "ink_2")
        arrow = pixmap("corner-down-left", "ink_3", 16, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(width - 22, (self.height() - 16) / 2), arrow)
        if self.hasFocus():
            paint_ring(painter, self.rect(), radius=RADIUS_SMALL)


class ExampleList(QWidget):
    """Texts of the app to try while the field is empty."""

    chosen = Signal(str)

    def __init__(self) -> None:
        """Be empty."""
        super().__init__()
        self.rows: list[ExampleRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(column(text(_("Or try one of your texts"), "heading"), Hairline()))

    def set_examples(self, values: Sequence[str]) -> None:
        """Offer these texts; none hides the list."""
        if values and [one.value for one in self.rows] == list(values):
            return
        for old in self.rows:
            self._layout.removeWidget(old)
            old.deleteLater()
        self.rows = [ExampleRow(value) for value in values]
        for new in self.rows:
            new.clicked.connect(lambda _checked=False, value=new.value: self.chosen.emit(value))
            self._layout.addWidget(new)
        self.setVisible(bool(values))
