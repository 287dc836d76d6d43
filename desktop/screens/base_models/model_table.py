"""The base models of this computer as a table."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from typing_extensions import override

from core.base_models import BaseModel, kind_words
from core.i18n import _
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.table import Index, RowsModel, TextTable
from desktop.widgets.text import worded
from desktop.widgets.wording import sentence, size

KIND, FAMILY, SIZE, FROM = 1, 2, 3, 4
WIDTHS = {KIND: 172, FAMILY: 112, SIZE: 92, FROM: 164}
NARROW = 780  # pixels; below, the family is left out: the details have it


class BaseModelsModel(RowsModel):
    """A row for each."""

    def __init__(self) -> None:
        """Have no rows yet."""
        heads = (_("Name"), _("What it does"), _("Family"), _("Size"), _("Where from"))
        super().__init__(heads)
        self.models: list[BaseModel] = []

    def set_models(self, models: Sequence[BaseModel]) -> None:
        """Show these."""
        self.beginResetModel()
        self.models = list(models)
        self.endResetModel()

    @override
    def count(self) -> int:
        return len(self.models)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (RIGHT if section == SIZE else LEFT) | V_CENTRE

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return worded(words_of(self.models[index.row()])[index.column()], role)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.alignment(index.column())
        return None


def words_of(model: BaseModel) -> tuple[str, ...]:
    """Return what stands in a row."""
    return (
        model.name,
        sentence(kind_words(model.kind)),
        model.family,
        size(model.n_bytes),
        origin(model),
    )


def origin(model: BaseModel) -> str:
    """Return where a base model is from."""
    return _("Came with Textwright") if model.is_built_in else _("Added by you")


class BaseModelsTable(TextTable):
    """The list; the family gives way where there is little room."""

    def __init__(self) -> None:
        """Be empty."""
        super().__init__(_("Base models"))
        self.rows = BaseModelsModel()
        self.setModel(self.rows)
        self.set_columns(WIDTHS)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(FAMILY, self.width() < NARROW)
