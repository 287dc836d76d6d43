"""What gets mixed up: rows are what people said, columns what the model said."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from core.i18n import _
from desktop.theme.tokens import colour
from desktop.widgets.layout import H_CENTRE, LEFT, RIGHT
from desktop.widgets.painted import NO_PEN, paint_ring, painter_of, put, shortened
from desktop.widgets.text import tip
from desktop.widgets.wording import counted_texts, number

MOST = 8  # concepts that are shown at first
TOP_SPACE, BOTTOM_SPACE, LABEL_WIDTH, NUMBER_WIDTH = 26, 28, 176, 32
LARGEST, WITH_NUMBER, WITH_NAME = 44.0, 22.0, 14.0  # pixels of a cell
HALF = 0.5
SLIP_ROLE = "concept:1"  # ember

Counts = Sequence[Sequence[int]]
MOVES = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
CHOOSE_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


def most_mixed_up(counts: Counts, most: int = MOST) -> list[int]:
    """Return the concepts that are mixed up most often, those alike next to one another.

    Args:
        counts: (n_concepts, n_concepts) texts, rows what people said, columns what the model said.
        most: how many to return; fewer if there are fewer.
    """
    n_concepts = len(counts)
    slips = [(counts[i][j] + counts[j][i], i, j) for i in range(n_concepts) for j in range(i)]
    ranked = [place for slip in sorted(slips, reverse=True) for place in slip[1:]]
    chosen = list(dict.fromkeys([*ranked, *range(n_concepts)]))[:most]
    return _alike_together(chosen, counts)


def _alike_together(chosen: list[int], counts: Counts) -> list[int]:
    rest, result = chosen[1:], chosen[:1]
    while rest:
        last = result[-1]
        nearest = max(rest, key=lambda i: counts[last][i] + counts[i][last])
        rest.remove(nearest)
        result.append(nearest)
    return result


class ConfusionMatrix(QWidget):
    """Right answers in accent, slips in ember, none blank; a click lists the texts of a cell."""

    cell_chosen = Signal(int, int)  # what people said, what the model said

    def __init__(self, names: Sequence[str] = (), counts: Counts = ()) -> None:
        """Show the concepts that are mixed up most; see `set_matrix`."""
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(TOP_SPACE + BOTTOM_SPACE + 160)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._shows_all = False
        self.set_matrix(names, counts)

    def set_matrix(self, names: Sequence[str], counts: Counts) -> None:
        """Show another matrix.

        Args:
            names: (n_concepts,) in the order of the rows and columns.
            counts: (n_concepts, n_concepts) texts, rows what people said.
        """
        self._names, self._counts = list(names), [list(line) for line in counts]
        self._row_totals = [sum(line) for line in self._counts]
        self._choose()

    def show_all(self, *, shows_all: bool) -> None:
        """Show every concept in its own order, or only those that are mixed up most."""
        self._shows_all = shows_all
        self._choose()

    def _choose(self) -> None:
        everything = list(range(len(self._names)))
        self.shown = everything if self._shows_all else most_mixed_up(self._counts)
        self._focus = (0, 0)
        self._tell()
        self.update()

    def words(self, person: int, model: int) -> str:
        """Return what a cell says, with both names in full."""
        said = _("People said {person}, the model said {model}: {texts}")
        return said.format(
            person=self._names[person],
            model=self._names[model],
            texts=counted_texts(self._counts[person][model]),
        )

    def _tell(self) -> None:
        if self.shown:
            row, col = self._focus
            self.setAccessibleName(self.words(self.shown[row], self.shown[col]))
        else:
            self.setAccessibleName(_("Nothing to compare yet"))

    @override
    def sizeHint(self) -> QSize:
        return QSize(520, TOP_SPACE + BOTTOM_SPACE + MOST * 42)

    def _left(self) -> float:
        labels = LABEL_WIDTH if self._room(LABEL_WIDTH + NUMBER_WIDTH) >= WITH_NAME else 0
        return labels + NUMBER_WIDTH

    def _room(self, left: float) -> float:
        n_shown = max(1, len(self.shown))
        height = self.height() - TOP_SPACE - BOTTOM_SPACE
        return max(1.0, min((self.width() - left) / n_shown, height / n_shown, LARGEST))

    def _cell(self) -> float:
        return self._room(self._left())

    def cell_area(self, row: int, col: int) -> QRectF:
        """Return where a shown cell is drawn."""
        cell = self._cell()
        gap = 1.0 if cell >= WITH_NUMBER else 0.0
        area = QRectF(self._left() + col * cell, TOP_SPACE + row * cell, cell, cell)
        return area.adjusted(gap, gap, -gap, -gap)

    def _cell_at(self, point: QPointF) -> tuple[int, int] | None:
        cell = self._cell()
        row = int((point.y() - TOP_SPACE) // cell)
        col = int((point.x() - self._left()) // cell)
        inside = 0 <= row < len(self.shown) and 0 <= col < len(self.shown)
        return (row, col) if inside else None

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            if place := self._cell_at(QPointF(event.pos())):
                row, col = place
                words = self.words(self.shown[row], self.shown[col])
                QToolTip.showText(event.globalPos(), tip(words), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if place := self._cell_at(event.position()):
            self._focus = place
            self._choose_cell()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = MOVES.get(Qt.Key(event.key()))
        if move and self.shown:
            last = len(self.shown) - 1
            row, col = (at + by for at, by in zip(self._focus, move, strict=True))
            self._focus = (min(max(row, 0), last), min(max(col, 0), last))
            self._tell()
            self.update()
        elif event.key() in CHOOSE_KEYS and self.shown:
            self._choose_cell()
        else:
            super().keyPressEvent(event)

    def _choose_cell(self) -> None:
        row, col = self._focus
        self._tell()
        self.update()
        self.cell_chosen.emit(self.shown[row], self.shown[col])

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        if not self.shown:
            return
        self._paint_heads(painter)
        if self._cell() < WITH_NUMBER:  # too many to draw the blank ones
            edge = self._cell() * len(self.shown)
            painter.fillRect(QRectF(self._left(), TOP_SPACE, edge, edge), colour("rail"))
        for row, person in enumerate(self.shown):
            for col, model in enumerate(self.shown):
                self._paint_cell(painter, self.cell_area(row, col), person, model)
        if self.hasFocus():
            paint_ring(painter, self.cell_area(*self._focus), radius=4, tone="ink")

    def _paint_cell(self, painter: QPainter, area: QRectF, person: int, model: int) -> None:
        count, is_large = self._counts[person][model], self._cell() >= WITH_NUMBER
        if not (count or is_large):
            return
        share = count / max(1, self._row_totals[person])
        tone = "ink"
        painter.setPen(NO_PEN)
        if not count:
            painter.setBrush(colour("rail"))
        elif person == model:  # in two bands, so that the number is readable on both
            tone = "on_accent" if share >= HALF else "ink"
            painter.setBrush(colour("accent", (0.6 if share >= HALF else 0.2) + 0.4 * share))
        else:
            painter.setBrush(colour(SLIP_ROLE, 0.16 + min(0.4, share * 3)))
        radius = 3 if is_large else 0
        painter.drawRoundedRect(area, radius, radius)
        if count and is_large:
            put(painter, area, number(count), "caption_strong", tone, H_CENTRE)

    def _paint_heads(self, painter: QPainter) -> None:
        left, cell, width = self._left(), self._cell(), self.width()
        with_names = left > NUMBER_WIDTH
        under = QRectF(left, TOP_SPACE + len(self.shown) * cell + 6, width - left, 20)
        put(painter, under, _("Across: what the model said"), align=LEFT)
        if with_names:
            corner = QRectF(0, 0, LABEL_WIDTH - 8, TOP_SPACE - 4)
            down = shortened(_("Down: what people said"), "caption", LABEL_WIDTH - 8)
            put(painter, corner, down, align=RIGHT)
        every = 1 if cell >= WITH_NAME else 10
        for i, place in enumerate(self.shown):
            if i % every == 0:
                label, at = str(i + 1), i * cell + cell / 2
                across = QRectF(left + at - 20, 0, 40, TOP_SPACE - 4)
                put(painter, across, label, align=H_CENTRE)
                down_area = QRectF(left - NUMBER_WIDTH, TOP_SPACE + at - 10, NUMBER_WIDTH - 10, 20)
                put(painter, down_area, label, align=RIGHT)
            if with_names:
                area = QRectF(0, TOP_SPACE + i * cell, LABEL_WIDTH - 8, cell)
                name = shortened(self._names[place], "caption", area.width())
                put(painter, area, name, "caption", "ink_2", RIGHT)
