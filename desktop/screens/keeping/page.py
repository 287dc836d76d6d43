"""What the screen shows: the backups, what a check found, and what can be done."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from core.operations.check_app import CheckAppResult
from core.operations.check_words import checked_words, fault_words
from core.storage.backups import Backup
from desktop.screens.keeping.table import BackupTable
from desktop.theme.tokens import S2, S4
from desktop.widgets.breadcrumb import Breadcrumb
from desktop.widgets.buttons import Button, button
from desktop.widgets.layout import column, row
from desktop.widgets.message_panel import MessagePanel
from desktop.widgets.notice import Notice
from desktop.widgets.table import TextTable
from desktop.widgets.text import heading, wrapped


class KeepingPage(QWidget):
    """A notice of what was done, what a check found, and the table of backups."""

    copy_asked = Signal(object)  # Backup
    back_asked = Signal(object)  # Backup
    deletion_asked = Signal(object)  # Backup
    repair_asked = Signal()
    salvage_asked = Signal()

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.done, self.failed = Notice("good"), Notice("bad")
        self.backups = BackupTable()
        self.table = TextTable(_("Backups"))
        self.table.setModel(self.backups)
        self.table.set_columns(self.backups.WIDTHS)
        self.copy = button(_("Open as a copy…"), icon_name="copy")
        self.go_back = button(_("Go back to it…"), icon_name="history")
        self.delete = button(_("Delete…"), "danger")
        self.found: MessagePanel | None = None
        self.result: CheckAppResult | None = None
        self.where = Breadcrumb(_("App"), _("Backups and repair"))
        self._place = column(gap=0)
        self._none = column(12, wrapped(_("No backup yet. The first one is made soon.")), None)
        lead = _(
            "Texts, labels, versions and history are backed up by themselves: every half hour if "
            "something changed, and before risky steps. Models are not in a backup; their folders "
            "never change and stay in the app. Backups take a fifth of the free room at most; the "
            "oldest go first. A copy on another disk helps if this one breaks."
        )
        body = column(
            column(self.where, heading(_("Backups and repair"), lead), gap=4),
            *(self.done, self.failed, self._place),
            *((self.table, 1), (self._none, 1), row(self.copy, self.go_back, None, self.delete)),
            gap=12,
            margins=(S4, 14, S4, S2),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(body)
        self.copy.clicked.connect(lambda: self.copy_asked.emit(self.chosen))
        self.go_back.clicked.connect(lambda: self.back_asked.emit(self.chosen))
        self.delete.clicked.connect(lambda: self.deletion_asked.emit(self.chosen))
        self.table.selectionModel().selectionChanged.connect(self._show_chosen)

    @property
    def chosen(self) -> Backup | None:
        """The selected backup."""
        places = self.table.selected_rows()
        return self.backups.backups[places[0]] if places else None

    def show_backups(self, backups: Sequence[Backup]) -> None:
        """Show the backups; the newest is chosen, or the one that was."""
        was = self.chosen
        with QSignalBlocker(self.table.selectionModel()):
            self.backups.show(backups)
        paths = [backup.path for backup in backups]
        self.table.setVisible(bool(backups))
        self._none.setVisible(not backups)
        if backups:
            self.table.selectRow(paths.index(was.path) if was and was.path in paths else 0)
        self._show_chosen()

    def _show_chosen(self) -> None:
        why_not = _("Choose a backup first")
        for part in (self.copy, self.go_back):
            part.set_enabled(enabled=self.chosen is not None, why_not=why_not)
        is_older = self.chosen is not None and self.chosen != self.backups.backups[0]
        why_not = _("The newest backup stays") if self.chosen else why_not
        self.delete.set_enabled(enabled=is_older, why_not=why_not)

    def tell(self, words: str = "", failed: str = "") -> None:
        """Say what was done, or what went wrong."""
        self.done.say(words)
        self.failed.say(failed)

    def show_found(self, result: CheckAppResult | None) -> None:
        """Say what a check found, with what can be done about it; None takes that away."""
        if self.found:
            self.found.deleteLater()
            self.found = None
        self.result = result
        if result is None or result.is_sound:
            return
        what, *others = checked_words(result)
        self.found = MessagePanel(
            "bad" if result.needs_choice else "warn",
            what,
            "\n".join(others),
            actions=self._ways(result),
            details="\n".join(f"{fault_words(f)} {f.detail}".strip() for f in result.faults),
        )
        layout = self._place.layout()
        assert layout is not None
        layout.addWidget(self.found)

    def _ways(self, result: CheckAppResult) -> list[Button]:
        """Return the buttons for what can be done."""
        if result.needs_choice:
            salvage = button(_("Keep what can be read…"))
            salvage.clicked.connect(self.salvage_asked)
            if not result.good:
                return [salvage]
            newest = button(_("Go back to the newest whole backup…"))
            newest.clicked.connect(lambda: self.back_asked.emit(result.good[0]))
            return [newest, salvage]
        if result.kept or result.damaged:  # what could be mended is
            return []
        repair = button(_("Repair"))
        repair.clicked.connect(self.repair_asked)
        return [repair]
