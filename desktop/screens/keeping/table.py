"""The table of backups."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtCore import Qt
from typing_extensions import override

from core.i18n import _
from core.operations.back_up import reason_words
from core.storage.backups import Backup
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.table import Index, RowsModel
from desktop.widgets.text import worded
from desktop.widgets.wording import clock, day, number, sentence, size

Roles = Qt.ItemDataRole


class BackupTable(RowsModel):
    """Backups, newest first."""

    WIDTHS: ClassVar[Mapping[int, int]] = {0: 180, 2: 76, 3: 76, 4: 84, 5: 76, 6: 80}
    NUMBERS = 2

    def __init__(self) -> None:
        """Be empty."""
        heads = _("When"), _("Why"), _("Texts"), _("Labels"), _("Concepts"), _("Models"), _("Size")
        super().__init__(heads)
        self.backups: Sequence[Backup] = ()

    def show(self, backups: Sequence[Backup]) -> None:
        """Show these."""
        self.beginResetModel()
        self.backups = backups
        self.endResetModel()

    @override
    def count(self) -> int:
        return len(self.backups)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (RIGHT if section >= self.NUMBERS else LEFT) | V_CENTRE

    @override
    def hint(self, section: int) -> str:
        is_models = section == self.columnCount() - 2
        return _("Versions of models that it knows; their folders stay in the app.") * is_models

    @override
    def data(self, index: Index, role: int = Roles.DisplayRole) -> object:
        match role:
            case Roles.DisplayRole | Roles.ToolTipRole if index.column() < self.NUMBERS:
                return worded(self._words(self.backups[index.row()])[index.column()], role)
            case Roles.DisplayRole:
                return self._words(self.backups[index.row()])[index.column()]
            case Roles.TextAlignmentRole:
                return self.alignment(index.column())
        return None

    def _words(self, backup: Backup) -> tuple[str, ...]:
        counts = (backup.counts[key] for key in ("texts", "labels", "concepts", "models"))
        return (
            when_words(backup),
            reason_words(backup.reason),
            *map(number, counts),
            size(backup.n_bytes),
        )


def when_words(backup: Backup, *, within: bool = False) -> str:
    """Return the moment of a backup: "Today, 12:04"; within a sentence "today, 12:04"."""
    made = _("{day}, {time}").format(day=day(backup.created), time=clock(backup.created))
    return made if within else sentence(made)
