"""What came of trying several settings: the versions, the best first."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _, ngettext
from core.learning.settings import Setting
from core.operations.sweep import SweepResult, SweepRow
from core.operations.written import is_written
from desktop.theme.tokens import S2
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE, column, step_body
from desktop.widgets.message_panel import MessagePanel
from desktop.widgets.table import TONE_ROLE, Index, RowsModel, TextTable
from desktop.widgets.text import heading, text, worded, wrapped
from desktop.widgets.wording import duration, number, percent

PLACE_WIDTH, NUMBER_WIDTH, VERSION_WIDTH = 64, 112, 128
SHOWN_FAILED = 5


class RankingModel(RowsModel):
    """Place, what was tried, the score, how long it took, and the version."""

    def __init__(self) -> None:
        """Have no rows yet."""
        super().__init__([_("Place"), _("What was tried"), _("Score"), _("Took"), _("Version")])
        self.rows: tuple[SweepRow, ...] = ()
        self._titles: dict[str, Setting] = {}

    def set_rows(self, rows: Sequence[SweepRow], settings: Sequence[Setting]) -> None:
        """Show these runs; the settings say how their values are called."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self._titles = {setting.name: setting for setting in settings}
        self.heads[2] = _score_name(self.rows)
        self.endResetModel()

    @override
    def count(self) -> int:
        return len(self.rows)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (RIGHT if section in (0, 2, 3) else LEFT) | V_CENTRE

    def words(self, place: int, section: int) -> str:
        """Return what stands in a cell."""
        row = self.rows[place]
        version = row.model_version
        return (
            number(place + 1),
            tried(row.values, self._titles),
            percent(row.score),
            duration(max(1.0, float(version.summary.get("seconds", 0.0)))),
            _("version {n}").format(n=number(version.number)),
        )[section]

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        roles = Qt.ItemDataRole
        if role in (roles.DisplayRole, roles.ToolTipRole):
            return worded(self.words(index.row(), index.column()), role)
        if role == roles.TextAlignmentRole:
            return self.alignment(index.column())
        if role == TONE_ROLE:
            return "ink" if index.column() in (1, 2) else "ink_2"
        return None


def tried(values: dict[str, object], settings: dict[str, Setting]) -> str:
    """Return the values of a run as the form calls them."""
    return ", ".join(f"{_title(name, settings)}: {_value(name, v, settings)}"
                     for name, v in values.items())  # fmt: skip


def _title(name: str, settings: dict[str, Setting]) -> str:
    return _(settings[name].declaration.title) if name in settings else name


def _value(name: str, value: object, settings: dict[str, Setting]) -> str:
    if isinstance(value, bool):
        return _("On") if value else _("Off")
    choices = dict(settings[name].declaration.choices) if name in settings else {}
    if isinstance(value, float):
        return f"{value:g}"
    return _(choices[value]) if isinstance(value, str) and value in choices else str(value)


def _score_name(rows: Sequence[SweepRow]) -> str:
    if rows and is_written(rows[0].evaluation):
        return _("Words in common")
    return _("Macro F1")


class RankingPage(QWidget):
    """The runs as a table; a row opens its version.

    Attributes:
        table: the runs, the best first.
    """

    version_chosen = Signal(int)  # its key

    def __init__(self, result: SweepResult, settings: Sequence[Setting]) -> None:
        """Show what came of the runs."""
        super().__init__()
        self.table, self.rows = TextTable(_("Versions, the best first")), RankingModel()
        self.rows.set_rows(result.rows, settings)
        self.table.setModel(self.rows)
        self.table.set_columns({0: PLACE_WIDTH, 2: NUMBER_WIDTH, 3: NUMBER_WIDTH, 4: VERSION_WIDTH})
        self.table.selectRow(0)
        self.table.row_opened.connect(
            lambda place: self.version_chosen.emit(self.rows.rows[place].model_version.id)
        )
        n = len(result.rows)
        title = ngettext("{n} version was trained", "{n} versions were trained", n)
        lead = _("The best stands first. Open one to see all of its scores.")
        parts: list[QWidget] = [heading(title.format(n=number(n)), lead)]
        if n > 1 and result.rows[0].score - result.rows[1].score < CLOSE:
            parts.append(wrapped(_("The first two are nearly alike; it may be chance."), "small"))
        if result.failed:
            parts.append(_failed(result, {s.name: s for s in settings}))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        body = column(*parts, (self.table, 1), gap=S2)
        layout.addWidget(step_body((body, 1), most=1240))

    @property
    def chosen(self) -> int:
        """The key of the selected version."""
        index: QModelIndex = self.table.currentIndex()
        return self.rows.rows[max(0, index.row())].model_version.id


CLOSE = 0.01  # a difference of scores that a few texts more or less can make


def _failed(result: SweepResult, settings: dict[str, Setting]) -> MessagePanel:
    n = len(result.failed)
    title = ngettext("{n} training failed.", "{n} trainings failed.", n).format(n=number(n))
    panel = MessagePanel("warn", title)
    for values, reason in result.failed[:SHOWN_FAILED]:
        panel.add_row((wrapped(f"{tried(dict(values), settings)}. {reason}", "small"), 1))
    if n > SHOWN_FAILED:
        panel.add_row(text(_("and {n} more").format(n=number(n - SHOWN_FAILED)), "small", "ink_2"))
    return panel
