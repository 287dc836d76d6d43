"""The pages of an evaluation under their tabs, and beside them the texts behind a mark."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid
from typing_extensions import override

from core.i18n import _
from core.learning.marks import Mark
from desktop.screens.evaluate.page import Page
from desktop.screens.evaluate.state import EvaluationState
from desktop.screens.evaluate.texts_panel import WIDTH, TextsPanel
from desktop.theme.tokens import S2, S4
from desktop.widgets.layout import Hairline, clip, column, row
from desktop.widgets.tabs import PADDING, Tabs

WIDEST, WIDEST_ALONE = 1704, 720


class Pages(QWidget):
    """Shows the page of the open tab, and the texts while a mark is chosen.

    Attributes:
        tabs: the names of the pages. panel: the texts.
    """

    asked_for = Signal(str)  # a screen

    def __init__(self, state: EvaluationState, kinds: Sequence[tuple[str, type[Page]]]) -> None:
        """Show the first page; the others are made when they are first opened."""
        super().__init__()
        self._state, self._kinds = state, kinds
        self._made: dict[str, Page] = {}
        self._areas: list[QScrollArea] = []
        self._came_from: QWidget | None = None
        self.tabs = Tabs([_(label) for label, _kind in kinds], name=_("Parts of the evaluation"))
        state.mark_chosen.connect(self._note_focus)  # before the texts take the keyboard
        self.panel = TextsPanel(state)
        self._stack, self._line = QStackedWidget(), Hairline(vertical=True)
        self._rest = QWidget()  # beside texts that stand alone
        beside = row((self._stack, 1), self._line, self.panel, (self._rest, 1), gap=0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(row(self.tabs, margins=(S4 - PADDING, 0, S4, 0)))
        layout.addWidget(Hairline())
        layout.addWidget(beside, 1)
        self.tabs.chosen.connect(self._open)
        state.tab_asked.connect(self.open)
        state.mark_chosen.connect(lambda _mark: self._make_room())
        state.shown.connect(self._begin_at_the_top)
        self.panel.left.connect(self._go_back)
        self.panel.asked_for.connect(self.asked_for)
        self._open(0)

    @property
    def page(self) -> Page:
        """The open page."""
        return self._made[_key(self._kinds[self.tabs.value][1])]

    def open(self, key: str) -> None:
        """Open a page by its key: "overview", "mixed_up" …; one that is not there stays shut."""
        keys = [_key(kind) for _label, kind in self._kinds]
        if key in keys:
            place = keys.index(key)
            self.tabs.set_value(place)
            (self.page.first_focus() or self.tabs.tabs[place]).setFocus()

    def _open(self, place: int) -> None:
        kind = self._kinds[place][1]
        key = _key(kind)
        if key not in self._made:
            self._made[key] = kind(self._state)
            inner = column((self._made[key], 1), margins=(S4, S2, S4, S2))
            inner.setMaximumWidth(WIDEST)
            self._areas.append(clip(row((inner, WIDEST), (QWidget(), 1), gap=0)))
            self._stack.addWidget(self._areas[-1])
        self._stack.setCurrentIndex(list(self._made).index(key))
        self._make_room()

    def _begin_at_the_top(self) -> None:
        """Show of another evaluation its first words."""
        for area in self._areas:
            area.verticalScrollBar().setValue(0)

    def _note_focus(self, mark: Mark | None) -> None:
        focused = self.window().focusWidget()
        if mark is not None and focused and not self.panel.isAncestorOf(focused):
            self._came_from = focused

    def _make_room(self) -> None:
        """Show page and texts side by side, or where that is too narrow the texts alone."""
        has_mark = self._state.mark is not None
        is_alone = has_mark and self._narrowest() > self.width() - WIDTH
        self._stack.setVisible(not is_alone)
        self._rest.setVisible(is_alone)
        self._line.setVisible(has_mark and not is_alone)
        self.panel.widen(min(self.width(), WIDEST_ALONE) if is_alone else WIDTH)

    def _narrowest(self) -> int:
        """Return how few pixels the open page can do with."""
        return self.page.minimumSizeHint().width() + 2 * S4

    def _go_back(self) -> None:
        self._make_room()  # what stood alone shows the page again
        part = self._came_from
        if part is not None and isValid(part) and part.isVisible():
            part.setFocus()
        else:
            self.tabs.tabs[self.tabs.value].setFocus()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()


def _key(kind: type[Page]) -> str:
    """Return the key of a page, which its file is named after: "mixed_up" of mixed_up_page.py."""
    return kind.__module__.rpartition(".")[2].removesuffix("_page")
