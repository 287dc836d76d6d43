"""The list of concepts: drawn, not built of widgets, so that 500 of them scroll smoothly."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import (
    QItemSelectionModel,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

from core.i18n import _
from core.records import Concept
from desktop.screens.concepts.rows import (
    DEPTH_ROLE,
    KEYS_ROLE,
    ROW_ROLE,
    ConceptModel,
    Group,
    Index,
    Row,
    advice,
    needs_more,
)
from desktop.steps import ENOUGH_TEXTS
from desktop.theme.icons import pixmap
from desktop.theme.tokens import ROW_TWO_LINES, colour, font
from desktop.widgets.bars import NEUTRAL, THICK, TICK, paint_bar
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.key_cap import cap_width, paint_cap
from desktop.widgets.layout import RIGHT
from desktop.widgets.painted import paint_ring, put, put_text
from desktop.widgets.wording import number

PADDING = 12  # the ground of a row reaches so far beyond its content
FULL_TEXTS = 200  # a bar of this many texts is full
INDENT, DEEPEST = 24, 6  # pixels; levels of the tree that are told apart
HEAD_HEIGHT, LATER_HEAD_HEIGHT = 40, 52
MARK, COUNT, ADVICE, MORE, GAP = 27, 52, 232, 30, 12
BAR, BAR_NARROW, NARROW = 168, 84, 860
ROOM_FOR_KEYS = 160


@dataclass(frozen=True)
class Places:
    """Where the parts of a row are."""

    mark: QRectF
    name: QRectF
    definition: QRectF
    bar: QRectF
    count: QRectF
    advice: QRectF
    more: QRectF


def places(row: QRect, depth: int = 0) -> Places:
    """Divide a row; where it is narrow, the bar gives way before the name does."""
    shift = min(depth, DEEPEST) * INDENT
    area = QRectF(row).adjusted(PADDING, 0, -PADDING, -1)
    middle, bar_width = area.center().y(), BAR if row.width() >= NARROW else BAR_NARROW
    more = QRectF(area.right() - MORE, middle - MORE / 2, MORE, MORE)
    told = QRectF(more.x() - GAP - ADVICE, area.y(), ADVICE, area.height())
    count = QRectF(told.x() - GAP - COUNT, area.y(), COUNT, area.height())
    bar = QRectF(count.x() - bar_width, middle - THICK / 2, bar_width, THICK)
    left = area.x() + MARK + shift
    words = QRectF(left, area.y(), bar.x() - GAP - left, area.height())
    return Places(
        mark=QRectF(area.x() - 4 + shift, middle - 14, 28, 28),
        name=QRectF(words.x(), middle - 20, words.width(), 21),
        definition=QRectF(words.x(), middle + 1, words.width(), 19),
        bar=bar,
        count=count,
        advice=told,
        more=more,
    )


class ConceptDelegate(QStyledItemDelegate):
    """Draws heads of groups and rows of concepts.

    Attributes:
        edited_id: the concept over whose words a field stands; 0 for none.
        is_choosing: whether several are being chosen, each with a tick.
    """

    edited_id, is_choosing = 0, False

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(ROW_ROLE)
        if isinstance(row, Group):
            return QSize(100, HEAD_HEIGHT if row.is_first else LATER_HEAD_HEIGHT)
        return QSize(100, ROW_TWO_LINES)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        row = index.data(ROW_ROLE)
        if isinstance(row, Group):
            _paint_head(painter, area, row)
        else:
            at, keys = places(area, index.data(DEPTH_ROLE)), index.data(KEYS_ROLE)
            _paint_ground(painter, area, state, is_choosing=self.is_choosing)
            _paint_concept(painter, at, row, "" if row.id == self.edited_id else keys,
                           with_words=row.id != self.edited_id)  # fmt: skip
            is_chosen = bool(state & QStyle.StateFlag.State_Selected)
            sign = "ellipsis" if not self.is_choosing else "check" if is_chosen else "square"
            tone = "accent_text" if sign == "check" else "ink_2"
            picture = pixmap(sign, tone, 18, painter.device().devicePixelRatioF())
            painter.drawPixmap(at.more.center() - QPointF(9, 9), picture)
        painter.restore()


def _paint_head(painter: QPainter, area: QRect, group: Group) -> None:
    line = QRectF(area).adjusted(PADDING, area.height() - HEAD_HEIGHT, -PADDING, -1)
    painter.setFont(font("small_strong"))
    width = painter.fontMetrics().horizontalAdvance(group.title)
    put(painter, line, group.title, "small_strong", "ink")
    put(painter, line.adjusted(width + 10, 0, 0, 0), group.note, "small", "ink_3")
    if group.is_first:
        head = _("Texts; the tick is at {enough}").format(enough=ENOUGH_TEXTS)
        put(painter, line.adjusted(places(area).bar.x() - line.x(), 0, 0, 0), head)
    painter.fillRect(QRectF(line.x(), line.bottom(), line.width(), 1), colour("hairline"))


def _paint_ground(
    painter: QPainter, area: QRect, state: QStyle.StateFlag, *, is_choosing: bool
) -> None:
    ground, flags = QRectF(area), QStyle.StateFlag
    if is_choosing and state & flags.State_HasFocus:
        paint_ring(painter, ground)
    current = flags.State_Selected if is_choosing else flags.State_Selected | flags.State_HasFocus
    if state & current:
        painter.fillRect(ground, colour("accent_soft"))
        tone = "accent" if state & flags.State_Active else "outline"
        painter.fillRect(QRectF(ground.x(), ground.y(), 3, ground.height()), colour(tone))
    elif state & flags.State_MouseOver:
        painter.fillRect(ground, colour("hover"))
    line = QRectF(ground.x() + PADDING, ground.bottom() - 1, ground.width() - 2 * PADDING, 1)
    painter.fillRect(line, colour("hairline"))


def _paint_concept(
    painter: QPainter, at: Places, concept: Concept, keys: str, *, with_words: bool
) -> None:
    paint_mark(painter, at.mark.x() + 7, at.mark.center().y(), concept.colour, 11)
    name, about = at.name, at.definition
    if keys and name.width() > ROOM_FOR_KEYS:
        label = " ".join(keys)
        width = cap_width(label)
        paint_cap(painter, name.right() - width, at.bar.center().y(), label, tone="ink_3")
        name, about = (area.adjusted(0, 0, -width - GAP, 0) for area in (name, about))
    if with_words:
        put_text(painter, name, concept.name, "strong", mode=Qt.TextElideMode.ElideMiddle)
        definition = concept.definition or _("Add a definition…")
        tone = "ink_2" if concept.definition else "ink_3"
        put_text(painter, about, definition, "small", tone)
    is_low = needs_more(concept)
    share, role = concept.n_positive / FULL_TEXTS, "warn" if is_low else "accent"
    paint_bar(painter, at.bar, share, role, 1.0 if is_low else NEUTRAL)
    tick = at.bar.x() + at.bar.width() * ENOUGH_TEXTS / FULL_TEXTS
    top = at.bar.center().y() - TICK / 2
    painter.fillRect(QRectF(tick, top, 1.5, TICK), colour("ink_2"))
    put(painter, at.count, number(concept.n_positive), "strong", "ink", RIGHT)
    _paint_advice(painter, at, concept)


def _paint_advice(painter: QPainter, at: Places, concept: Concept) -> None:
    ratio = painter.device().devicePixelRatioF()
    if words := advice(concept):
        sign = pixmap("triangle-alert", "warn", 15, ratio)
        painter.drawPixmap(QPointF(at.advice.x(), at.advice.center().y() - 7.5), sign)
        put_text(painter, at.advice.adjusted(21, 0, 0, 0), words, "small", "warn")


class ConceptList(QListView):
    """Concepts that can be renamed, defined, marked and deleted where they stand."""

    chosen = Signal(object)  # Concept, or None
    edit_asked = Signal(object, str)  # Concept, "name" or "definition"
    mark_asked = Signal(object, QPoint)  # Concept, where to open the palette
    menu_asked = Signal(object, QPoint)
    deletion_asked = Signal(object)
    shift_asked = Signal(object, int)  # Concept, 1 to stand below the one above it, -1 to leave it
    several_chosen = Signal()

    def __init__(self, model: ConceptModel) -> None:
        """Show the rows of a model."""
        super().__init__()
        self.rows = model
        self.setModel(model)
        self._delegate = ConceptDelegate(self)
        self.setItemDelegate(self._delegate)
        self.selectionModel().selectionChanged.connect(self._tell_several)
        self.setAccessibleName(_("Concepts"))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)

    def show_rows(self, rows: list[Row], depths: Mapping[int, int] = MappingProxyType({})) -> None:
        """Show other rows; what was selected and seen stays so where it is still there."""
        current, top = self.current(), self.verticalScrollBar().value()
        self.rows.set_rows(rows, depths)
        self.choose(current.id if current else 0, scroll=False)
        if not self.currentIndex().isValid():
            self.chosen.emit(None)
        self.doItemsLayout()
        self.verticalScrollBar().setValue(top)

    def current(self) -> Concept | None:
        """Return the selected concept."""
        row = self.currentIndex().data(ROW_ROLE)
        return row if isinstance(row, Concept) else None

    def choose(self, concept_id: int, *, scroll: bool = True) -> None:
        """Select a concept if it is shown."""
        place = self.rows.place_of(concept_id)
        if place >= 0:
            index = self.rows.index(place)
            if self._delegate.is_choosing:
                keep = QItemSelectionModel.SelectionFlag.NoUpdate
                self.selectionModel().setCurrentIndex(index, keep)
            else:
                self.setCurrentIndex(index)
            if scroll:
                self.scrollTo(index)

    def make_room(self, concept_id: int) -> None:
        """Leave out the words of a concept, over which a field stands; 0 for none."""
        self._delegate.edited_id = concept_id
        self.viewport().update()

    def places_of(self, concept_id: int) -> Places | None:
        """Return where the parts of a concept's row are now, or None where it is not shown."""
        place = self.rows.place_of(concept_id)
        return None if place < 0 else self._places(self.rows.index(place))

    def _places(self, index: Index) -> Places:
        return places(self.visualRect(index), index.data(DEPTH_ROLE))

    def choose_several(self, ids: Collection[int]) -> None:
        """Let each click choose one more, beginning with these."""
        self._delegate.is_choosing = True
        self.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        with QSignalBlocker(self.selectionModel()):
            self.clearSelection()
            for place, row in enumerate(self.rows.rows):
                if isinstance(row, Concept) and row.id in ids:
                    select = QItemSelectionModel.SelectionFlag.Select
                    self.selectionModel().select(self.rows.index(place), select)
        self.viewport().update()

    def choose_one(self) -> None:
        """Let a click choose one instead of the other, as usual."""
        self._delegate.is_choosing = False
        current = self.current()
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.clearSelection()
        self.choose(current.id if current else 0)

    def selected(self) -> list[Concept]:
        """Return the chosen concepts that are shown."""
        rows = (index.data(ROW_ROLE) for index in self.selectedIndexes())
        return [row for row in rows if isinstance(row, Concept)]

    def _tell_several(self) -> None:
        if self._delegate.is_choosing:
            self.several_chosen.emit()

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.chosen.emit(self.current())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        concept, at = self._under(event.position().toPoint())
        is_left = event.button() == Qt.MouseButton.LeftButton and not self._delegate.is_choosing
        if concept is None or at is None or not is_left:
            return
        here = event.position()
        if at.more.contains(here):
            self._ask_menu(concept, at)
        elif at.mark.contains(here):
            below = at.mark.bottomLeft().toPoint()
            self.mark_asked.emit(concept, self.viewport().mapToGlobal(below))
        elif at.definition.contains(here) and not concept.definition:
            self.edit_asked.emit(concept, "definition")

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        concept, at = self._under(event.position().toPoint())
        if concept is None or at is None or self._delegate.is_choosing:
            super().mouseDoubleClickEvent(event)
            return
        if at.name.contains(event.position()):
            self.edit_asked.emit(concept, "name")
        elif at.definition.contains(event.position()):
            self.edit_asked.emit(concept, "definition")

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        concept, at = self._under(event.position().toPoint())
        over = concept and at and (at.more, at.mark)
        is_hand = bool(over) and any(area.contains(event.position()) for area in over or ())
        shapes = Qt.CursorShape
        self.viewport().setCursor(shapes.PointingHandCursor if is_hand else shapes.ArrowCursor)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        concept, at = self._under(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            concept = self.current()
            at = self.places_of(concept.id) if concept else None
        if concept and at:
            self._ask_menu(concept, at)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        concept, keys = self.current(), Qt.Key
        at = self.places_of(concept.id) if concept else None
        if concept is None or at is None or self._delegate.is_choosing:
            super().keyPressEvent(event)
        elif self.rows.depths and event.key() in {keys.Key_Left, keys.Key_Right}:
            self._walk(concept, 1 if event.key() == keys.Key_Right else -1, event)
        elif event.key() == keys.Key_F2:
            self.edit_asked.emit(concept, "name")
        elif event.key() == keys.Key_Delete:
            self.deletion_asked.emit(concept)
        elif event.key() in {keys.Key_Return, keys.Key_Enter} and not event.modifiers():
            self._ask_menu(concept, at)
        else:
            super().keyPressEvent(event)

    def _walk(self, concept: Concept, step: int, event: QKeyEvent) -> None:
        """Go to the first kind of a concept or to what it is a kind of; with Alt, move it there."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.shift_asked.emit(concept, step)
        elif step < 0:
            self.choose(concept.broader_id)
        else:
            kinds = (row for row in self.rows.rows if isinstance(row, Concept))
            self.choose(next((row.id for row in kinds if row.broader_id == concept.id), 0))

    def _under(self, point: QPoint) -> tuple[Concept | None, Places | None]:
        index = self.indexAt(point)
        row = index.data(ROW_ROLE)
        return (row, self._places(index)) if isinstance(row, Concept) else (None, None)

    def _ask_menu(self, concept: Concept, at: Places) -> None:
        self.choose(concept.id, scroll=False)
        below = at.more.bottomLeft().toPoint()
        self.menu_asked.emit(concept, self.viewport().mapToGlobal(below))
