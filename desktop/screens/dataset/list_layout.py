"""How the list's page is laid out, and how the inspector yields in a narrow window."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.i18n import _
from desktop.theme.tokens import CONTROL, INSPECTOR, S2, S4
from desktop.widgets.buttons import button
from desktop.widgets.drop_zone import DropZone
from desktop.widgets.footer import FooterBar
from desktop.widgets.icon import Icon
from desktop.widgets.layout import Hairline, column, hide_below, row, surface
from desktop.widgets.text import text, wrapped

if TYPE_CHECKING:
    from desktop.screens.dataset.list_page import ListPage

NARROW = 1160  # below, the inspector leaves the list its room
OVER_WIDTH = 360


class ListLayout:
    """The places on the page.

    Attributes:
        clear: a link that is shown where nothing matches.
        over_list: the line over the list: counts, or what can be done to several texts.
    """

    def __init__(self, page: "ListPage") -> None:
        """Put the page's parts in their places."""
        self._page = page
        self.clear = button(_("Clear the filters"), "link")
        self._none = wrapped("", "body", "ink_2")
        self._nothing = column(32, self._none, row(self.clear, None), None, gap=4)
        self.over_list = QStackedWidget()
        self.over_list.setFixedHeight(CONTROL)
        for part in (page.counts, page.bulk):
            self.over_list.addWidget(part)
        title = row(
            *(text(_("Dataset"), "title"), page.chooser, page.version, None),
            *(page.freeze, page.menu.button),
            gap=12,
        )
        left = column(
            *(title, 12, self._drop_zone(), 12, page.filters, 6, self.over_list, 2),
            *((page.table, 1), (self._nothing, 1)),
            gap=0,
            margins=(S4, 12, S2, 0),
        )
        self._dock = hide_below(QWidget(), NARROW)
        self._dock.setFixedWidth(INSPECTOR)
        self._dock_layout = QVBoxLayout(self._dock)
        self._dock_layout.setContentsMargins(0, 0, 0, 0)
        self._dock_layout.addWidget(page.inspector)
        line = hide_below(Hairline(vertical=True), NARROW)
        page.lay_out(row((left, 1), line, self._dock, gap=0), FooterBar(page.label_them, page.next))
        self._over = QWidget(page)
        surface(self._over, "page").hide()
        self._over_layout = QHBoxLayout(self._over)
        self._over_layout.setContentsMargins(0, 0, 0, 0)
        self._over_layout.setSpacing(0)
        self._over_layout.addWidget(Hairline(vertical=True))

    def show_bar(self, *, is_bulk: bool) -> None:
        """Have the line over the list say what can be done to several texts."""
        self.over_list.setCurrentWidget(self._page.bulk if is_bulk else self._page.counts)

    def show_whether_empty(self, *, is_empty: bool, is_narrowed: bool) -> None:
        """Say why nothing is listed, if nothing is."""
        self._none.setText(
            _("No text matches. Search for less, or clear the filters.")
            if is_narrowed
            else _("No texts yet. They appear here as soon as they are added.")
        )
        self.clear.setVisible(is_narrowed)
        self._page.table.setVisible(not is_empty)
        self._nothing.setVisible(is_empty)

    # -- the inspector over the list, where the window is narrow ----------------------------------
    def open_inspector(self) -> None:
        """Give the inspector the keyboard; in a narrow window it comes up over the list."""
        inspector = self._page.inspector
        if not self._dock.isHidden():
            inspector.reading.setFocus()
            return
        self._over_layout.addWidget(inspector, 1)
        inspector.set_closable(closable=True)
        self._place_over()
        self._over.show()
        self._over.raise_()
        inspector.add.setFocus()

    def follow_size(self) -> None:
        """Keep the inspector at the edge, or put it back where there is room again."""
        if self._over.isHidden():
            return
        if self._dock.isHidden():
            self._place_over()
        else:
            self.close_over()

    def close_over(self) -> None:
        """Put the inspector back beside the list."""
        self._dock_layout.addWidget(self._page.inspector)
        self._page.inspector.set_closable(closable=False)
        self._over.hide()
        self._page.table.setFocus()

    def _place_over(self) -> None:
        page = self._page
        height = page.height() - page.footer.height() - 1
        self._over.setGeometry(page.width() - OVER_WIDTH, 0, OVER_WIDTH, height)

    def _drop_zone(self) -> DropZone:
        page = self._page
        file, folder = button(_("choose a file"), "link"), button(_("a folder"), "link")
        typed = button(_("type a text"), "link")
        page.ways = {"file": file, "folder": folder, "text": typed}
        for key, way in page.ways.items():
            way.clicked.connect(lambda _on=False, key=key: page.way_chosen.emit(key))
        zone = DropZone(
            row(
                *(Icon("file-plus-2", "ink_2", 18), 2),
                *(text(_("Drop files anywhere, or"), "small", "ink_2"), file),
                *(text(_("or"), "small", "ink_2"), folder),
                *(text(_("or"), "small", "ink_2"), typed, None),
                gap=5,
            ),
            48,
        )
        zone.dropped.connect(page.dropped)
        return zone
