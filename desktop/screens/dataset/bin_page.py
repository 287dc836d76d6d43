"""The bin: what was deleted, when, and how long it can still be taken out."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.edit_inputs import BinEmptying, InputRestoration, edit_inputs
from core.records import Input
from core.storage.bin import KEPT_DAYS, count_binned, list_binned
from desktop import boxes
from desktop.screens.dataset.input_table import MANY
from desktop.screens.dataset.page import Page
from desktop.session import Session
from desktop.theme.tokens import S4
from desktop.widgets.buttons import button
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import column, row
from desktop.widgets.table import Index, RowsModel, TextTable
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import counted_texts, moment, number

WIDTHS = {1: 160, 2: 120}
SHOWN = 1_000


class BinModel(RowsModel):
    """The newest inputs in the bin."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__((_("Text"), _("Deleted"), _("Kept for")))
        self.binned: list[tuple[Input, datetime]] = []

    def show(self, binned: list[tuple[Input, datetime]]) -> None:
        """Show these."""
        self.beginResetModel()
        self.binned = binned
        self.endResetModel()

    @override
    def count(self) -> int:
        return len(self.binned)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        shown, when = self.binned[index.row()]
        return (shown.text[:1000], moment(when), days_left(when))[index.column()]


def days_left(binned: datetime) -> str:
    """Return how long an input stays in the bin."""
    n_days = max(0, KEPT_DAYS - (datetime.now(UTC) - binned).days)
    if not n_days:
        return _("less than a day")
    return ngettext("{n} day", "{n} days", n_days).format(n=number(n_days))


class BinPage(Page):
    """Takes deleted texts out again, or forgets them for good."""

    left = Signal()

    def __init__(self, session: Session) -> None:
        """Show nothing yet; `look_again` reads the app."""
        super().__init__()
        self.session = session
        self.model, self.table = BinModel(), TextTable(_("Deleted texts"))
        self.table.setModel(self.model)
        self.table.set_columns(WIDTHS)
        self.back = button(_("Dataset"), "link")
        self.empty = button(_("Empty the bin…"), "danger")
        self.chosen = button("")
        self.all = button("", "primary")
        self._nothing = column(16, wrapped(_("The bin is empty."), "body", "ink_2"), None)
        crumbs = row(
            *(self.back, text("/", "small", "ink_3"), text(_("Bin"), "small", "ink_2"), None), gap=6
        )
        lead = _(
            "Deleted texts stay here for {n} days with their labels. Then they are gone for good."
        ).format(n=KEPT_DAYS)
        self.lay_out(
            column(
                *(crumbs, 2, text(_("Bin"), "title"), 4, wrapped(lead, "body", "ink_2"), 12),
                *((self.table, 1), (self._nothing, 1)),
                gap=0,
                margins=(S4, 12, S4, 0),
            ),
            FooterBar(self.empty, self.chosen, self.all),
        )
        self._connect()

    def look_again(self) -> None:
        """Show what is in the bin now."""
        n_all = count_binned(self.session.db)
        self.model.show(list_binned(self.session.db, SHOWN))
        self.table.setVisible(n_all > 0)
        self._nothing.setVisible(not n_all)
        self.all.setText(
            _("Restore all {n}").format(n=number(n_all)) if n_all else _("Restore all")
        )
        for part in (self.empty, self.all):
            part.set_enabled(enabled=n_all > 0, why_not=_("The bin is empty."))
        more = _("The newest {n} are listed.").format(n=number(SHOWN)) if n_all > SHOWN else ""
        words = _("{texts} in the bin.").format(texts=counted_texts(n_all))
        self.footer.set_note(f"{words} {more}".strip() if n_all else _("Nothing to restore."))
        self._show_chosen()

    @override
    def first_focus(self) -> QWidget:
        return self.table if self.model.binned else self.back

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.empty.clicked.connect(self._empty_bin)
        self.chosen.clicked.connect(self._restore_chosen)
        self.all.clicked.connect(lambda: self._restore((), count_binned(self.session.db)))
        self.table.selectionModel().selectionChanged.connect(self._show_chosen)
        self.table.row_opened.connect(self._restore_chosen)
        leave = QShortcut(QKeySequence("Esc"), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.left)

    def _show_chosen(self) -> None:
        n = len(self.table.selected_rows())
        words = ngettext("Restore {n} text", "Restore {n} texts", n).format(n=number(n))
        self.chosen.setText(words if n else _("Restore selected"))
        self.chosen.set_enabled(enabled=n > 0, why_not=_("Select texts in the list first."))

    def _restore_chosen(self) -> None:
        ids = tuple(self.model.binned[row][0].id for row in self.table.selected_rows())
        if ids:
            self._restore(ids, len(ids))

    def _restore(self, ids: tuple[int, ...], n: int) -> None:
        self._do(edit_inputs, InputRestoration(ids), n, _("Restoring texts"))

    def _empty_bin(self) -> None:
        n = count_binned(self.session.db)
        act = ngettext("Delete {n} text for good", "Delete {n} texts for good", n)
        act = act.format(n=number(n))
        meaning = _("This cannot be undone. Versions and backups that were made keep their copies.")
        if boxes.ask(self.window(), f"{act}?", meaning, act):
            self.session.start(edit_inputs, BinEmptying(), title=_("Emptying the bin"))

    def _do(self, operation: Callable[..., object], request: object, n: int, title: str) -> None:
        if n > MANY:
            self.session.start(operation, request, title=title)
            return
        try:
            self.session.do(operation, request)
        except UserError as error:
            boxes.show_error(self.window(), error)
