"""Choosing some of many concepts: a field that says how many, and a filtered list of ticks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.i18n import _, ngettext
from desktop.theme.icons import pixmap
from desktop.theme.tokens import CONTROL, RADIUS, RADIUS_SMALL, colour
from desktop.widgets.buttons import button
from desktop.widgets.choices import line_edit
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.layout import RIGHT, boxed, column, row, surface
from desktop.widgets.painted import NO_PEN, inside_edge, paint_ring, painter_of, put, put_text
from desktop.widgets.text import tip
from desktop.widgets.tick import BOX, paint_box
from desktop.widgets.wording import concepts, number, texts

Index = QModelIndex | QPersistentModelIndex
OFFER_ROLE = Qt.ItemDataRole.UserRole + 1

ROW_HEIGHT, ROWS_SHOWN = 34, 9
POPUP_WIDTH = 400
COUNT_WIDTH = 56


@dataclass(frozen=True)
class Offer:
    """A concept that can be chosen: its name, its mark, its texts."""

    name: str
    colour: int
    n_texts: int


class _Ticks(QAbstractListModel):
    """The offers that the filter lets through, with their ticks."""

    def __init__(self, offers: Sequence[Offer], ticked: set[str], parent: QObject) -> None:
        super().__init__(parent)
        self._offers, self.ticked = offers, ticked
        self.shown = list(offers)

    def filter(self, words: str) -> None:
        folded = words.casefold().strip()
        self.beginResetModel()
        self.shown = [offer for offer in self._offers if folded in offer.name.casefold()]
        self.endResetModel()

    def turn(self, index: Index) -> None:
        self.ticked ^= {self.shown[index.row()].name}
        self.dataChanged.emit(index, index)

    def set_shown(self, *, ticked: bool) -> None:
        names = {offer.name for offer in self.shown}
        self.ticked = self.ticked | names if ticked else self.ticked - names
        self.dataChanged.emit(self.index(0), self.index(len(self.shown) - 1))

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt has it
        return 0 if parent.isValid() else len(self.shown)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        offer, roles, states = self.shown[index.row()], Qt.ItemDataRole, Qt.CheckState
        match role:
            case _ if role == OFFER_ROLE:
                return offer
            case roles.DisplayRole | roles.ToolTipRole:
                return tip(offer.name) if role == roles.ToolTipRole else offer.name
            case roles.CheckStateRole:
                return states.Checked if offer.name in self.ticked else states.Unchecked
            case roles.AccessibleTextRole:
                state = _("chosen") if offer.name in self.ticked else _("not chosen")
                return f"{offer.name}, {state}, {texts(offer.n_texts)}"
        return None


class _TickDelegate(QStyledItemDelegate):
    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        flags = QStyle.StateFlag
        if state & (flags.State_Selected | flags.State_MouseOver):
            painter.setPen(NO_PEN)
            painter.setBrush(colour("accent_soft" if state & flags.State_Selected else "hover"))
            painter.drawRoundedRect(QRectF(area), RADIUS_SMALL, RADIUS_SMALL)
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        box = QRectF(area.x() + 8, area.center().y() - 8.5, BOX, BOX)
        paint_box(painter, box, is_ticked=ticked)
        _paint_offer(painter, QRectF(area).adjusted(36, 0, -10, 0), index.data(OFFER_ROLE))
        painter.restore()


def _paint_offer(painter: QPainter, area: QRectF, offer: Offer) -> None:
    paint_mark(painter, area.x(), area.center().y(), offer.colour, 10)
    name = area.adjusted(20, 0, -COUNT_WIDTH, 0)
    tone = "ink" if offer.n_texts else "ink_3"
    put_text(painter, name, offer.name, "body", tone, Qt.TextElideMode.ElideMiddle)
    put(painter, area, number(offer.n_texts), "small", "ink_3", RIGHT)


class _TickList(QListView):
    """A list whose rows are ticked by a click, Space or Enter."""

    def __init__(self, ticks: _Ticks) -> None:
        super().__init__()
        self._ticks = ticks
        self.setModel(ticks)
        self.setItemDelegate(_TickDelegate(self))
        surface(self, "clear")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Concepts"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFixedHeight(ROW_HEIGHT * min(max(len(ticks.shown), 2), ROWS_SHOWN))
        self.clicked.connect(ticks.turn)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        turning = {keys.Key_Space, keys.Key_Return, keys.Key_Enter}
        if event.key() in turning and self.currentIndex().isValid():
            self._ticks.turn(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _Popup(QWidget):
    """The filter, the list, and all or none at once; every tick counts from then on."""

    chosen = Signal(object)

    def __init__(self, offers: Sequence[Offer], ticked: set[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)  # for its round corners
        self.setFixedWidth(POPUP_WIDTH)
        self.ticks = _Ticks(offers, ticked, self)
        self.search = line_edit("", _("Search concepts"), "search")
        self.list = _TickList(self.ticks)
        self.every, self.none = button(_("Choose all"), "link"), button(_("Choose none"), "link")
        self.search.textChanged.connect(self.ticks.filter)
        self.every.clicked.connect(lambda: self.ticks.set_shown(ticked=True))
        self.none.clicked.connect(lambda: self.ticks.set_shown(ticked=False))
        self.ticks.dataChanged.connect(lambda: self.chosen.emit(set(self.ticks.ticked)))
        links = row(self.every, self.none, None, gap=16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        content = column(self.search, links, self.list, gap=8, margins=(12, 12, 12, 12))
        layout.addWidget(boxed("field", content))


class ConceptChooser(QAbstractButton):
    """A field that says how many of the concepts are chosen, and opens the list."""

    chosen = Signal(object)  # the names in their order, or None for all

    def __init__(self, name: str, width: int) -> None:
        """Offer nothing at first; `name` is for screen readers."""
        super().__init__()
        self._name, self._offers = name, list[Offer]()
        self._chosen: tuple[str, ...] | None = None
        self.popup: _Popup | None = None
        self.setFixedSize(width, CONTROL)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self.open)
        self._tell()

    def offer(self, offers: Sequence[Offer]) -> None:
        """Offer these concepts."""
        self._offers = list(offers)
        self._tell()

    def choose(self, names: tuple[str, ...] | None) -> None:
        """Show these as chosen; None means all."""
        self._chosen = names
        self._tell()

    def open(self) -> None:
        """Open the list below the field."""
        names = [offer.name for offer in self._offers]
        ticked = set(names if self._chosen is None else self._chosen)
        self.popup = _Popup(self._offers, ticked, self)
        self.popup.chosen.connect(self._take)
        self.popup.destroyed.connect(self._forget)
        self.popup.adjustSize()
        self.popup.move(self._popup_place(self.popup.size()))
        self.popup.show()
        self.popup.search.setFocus()

    def _popup_place(self, size: QSize) -> QPoint:
        within = self.screen().availableGeometry()
        place = self.mapToGlobal(QPoint(self.width() - size.width(), self.height() + 2))
        if place.y() + size.height() > within.bottom():
            place.setY(max(within.top(), self.mapToGlobal(QPoint(0, -2)).y() - size.height()))
        return QPoint(max(place.x(), within.left()), place.y())

    def _forget(self) -> None:
        self.popup = None

    def _take(self, ticked: set[str]) -> None:
        names = tuple(offer.name for offer in self._offers if offer.name in ticked)
        self.choose(None if len(names) == len(self._offers) else names)
        self.chosen.emit(self._chosen)

    def _tell(self) -> None:
        total = len(self._offers)
        if self._chosen is None:
            words = ngettext("All: {concepts}", "All {concepts}", total)
            self.setText(words.format(concepts=concepts(total)) if total else concepts(0))
        elif not self._chosen:
            self.setText(_("None chosen"))
        else:
            words = _("{n} of {concepts}")
            self.setText(words.format(n=number(len(self._chosen)), concepts=concepts(total)))
        self.setAccessibleName(f"{self._name}: {self.text()}")
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_of(self)
        painter.setPen(QPen(colour("outline"), 1))
        painter.setBrush(colour("raised"))
        painter.drawRoundedRect(inside_edge(self.rect()), RADIUS, RADIUS)
        put_text(painter, QRectF(self.rect()).adjusted(12, 0, -32, 0), self.text())
        chevron = pixmap("chevron-down", "ink_3", 16, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(self.width() - 26, self.height() / 2 - 8), chevron)
        if self.hasFocus():
            paint_ring(painter, self.rect())
