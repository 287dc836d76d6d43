"""Topics as a list: their words, how many texts, which concepts, and how they grew."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from typing_extensions import override

from core.i18n import _
from core.operations.look_at_topics import TopicStand
from desktop.widgets.bars import paint_bar
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.painted import put, text_width
from desktop.widgets.table import Index, RowDelegate, RowsModel, TextTable
from desktop.widgets.text import tip
from desktop.widgets.wording import number, percent

NAME, TEXTS, CONCEPTS, CHANGE = range(4)
WIDTHS = {TEXTS: 200, CHANGE: 150}
LEAST_NAME, MOST_NAME, AROUND = 200, 0.5, 20  # pixels, of what the others leave, pixels
SHARE_ROLE = Qt.ItemDataRole.UserRole + 10
BAR, COUNT_WIDTH = 6.0, 64.0


class TopicsModel(RowsModel):
    """Topics as they stand."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Have none."""
        heads = (_("Topic"), _("Texts"), _("Concepts of its labelled texts"), _("Share since"))
        super().__init__(heads, parent)
        self.stands: list[TopicStand] = []

    def show(self, stands: Sequence[TopicStand]) -> None:
        """Show these."""
        self.beginResetModel()
        self.stands = list(stands)
        self.endResetModel()

    @override
    def count(self) -> int:
        return len(self.stands)

    @override
    def alignment(self, _section: int) -> Qt.AlignmentFlag:
        return (RIGHT if _section == CHANGE else LEFT) | V_CENTRE

    @override
    def hint(self, _section: int) -> str:
        if _section != CHANGE:
            return ""
        return _("Its share of the texts since that day, and before")

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one, column = self.stands[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _words(one, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self.alignment(column)
            case Qt.ItemDataRole.ToolTipRole if column == NAME:
                return tip(", ".join(one.topic.words))
            case _ if role == SHARE_ROLE and column == TEXTS:
                most = max((stand.n_inputs for stand in self.stands), default=1)
                return one.n_inputs / max(most, 1)
        return None


def _words(one: TopicStand, column: int) -> str:
    if column == NAME:
        return one.topic.name
    if column == TEXTS:
        return f"{number(one.n_inputs)}  {percent(one.share)}"
    if column == CONCEPTS:
        if not one.n_labelled:
            return _("Not labelled yet")
        return ", ".join(f"{name} {percent(share, 0)}" for name, share in one.concepts)
    arrow = "↑" if one.change > 0 else "↓" if one.change < 0 else "="
    words = _("{now}, before {before}")
    told = words.format(now=percent(one.share_since), before=percent(one.share_before))
    return f"{arrow} {told}"


class _TopicDelegate(RowDelegate):
    """Draws a bar beside the number of texts."""

    @override
    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        if index.column() != TEXTS:
            super().paint_cell(painter, area, index)
            return
        count, _sign, share = str(index.data()).partition("  ")
        put(painter, area, count, "small_strong", "ink")
        put(painter, area, share, "small", "ink_2", RIGHT)
        bar = area.adjusted(COUNT_WIDTH, (area.height() - BAR) / 2, -58, 0)
        bar.setHeight(BAR)
        paint_bar(painter, bar, index.data(SHARE_ROLE), alpha=0.75)


class TopicsTable(TextTable):
    """Shows topics; one can be chosen."""

    def __init__(self) -> None:
        """Be empty."""
        super().__init__(_("Topics"))
        self.topics = TopicsModel(self)
        self.setItemDelegate(_TopicDelegate(self))
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.setModel(self.topics)
        self._fit()

    def show_stands(self, stands: Sequence[TopicStand], *, compares: bool) -> None:
        """Show topics; the one that was chosen stays chosen."""
        before = self.chosen.topic.number if self.chosen else None
        self.topics.show(stands)
        self.setColumnHidden(CHANGE, not compares)
        self._fit()
        places = [i for i, one in enumerate(stands) if one.topic.number == before]
        if stands:
            self.selectRow(places[0] if places else 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the names what they need; the rest is for the concepts."""
        others = sum(width for one, width in WIDTHS.items() if not self.isColumnHidden(one))
        room = self.viewport().width() - others
        names = (text_width(one.topic.name, "body") for one in self.topics.stands)
        wanted = round(max(names, default=0)) + AROUND
        name = max(LEAST_NAME, min(wanted, round(room * MOST_NAME)))
        self.set_columns({**WIDTHS, NAME: name})

    @property
    def chosen(self) -> TopicStand | None:
        """The topic that is chosen."""
        rows = self.selected_rows()
        return self.topics.stands[rows[0]] if rows and rows[0] < self.topics.count() else None
