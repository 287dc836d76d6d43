"""The rows of a file of predictions: the text, the answer, how sure, and what else to know."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from typing_extensions import override

from core.files.predicted.reading import PredictedRow
from core.i18n import _
from desktop.widgets.concept_chip import LONGEST, chip_width
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.painted import text_width
from desktop.widgets.table import (
    CHIPS_ROLE,
    MORE_WIDTH,
    ROOT,
    TONE_ROLE,
    TYPE_ROLE,
    Index,
    RowsModel,
    TextTable,
)
from desktop.widgets.text import tip
from desktop.widgets.wording import percent, percent_aloud

TEXT, ANSWER, SURE, OTHER, NOTE = range(5)
SURE_WIDTH, NOTE_WIDTH, CELL = 92, 124, 16  # pixels; a cell's padding
LEAST_TEXT, LEAST_ANSWER, LEAST_OTHER = 220, 132, 190
ANSWER_SHARE, OTHER_SHARE = 0.28, 0.26  # of the room, at most
USUAL = 0.9  # of the answers have room for their whole name


class ResultsModel(RowsModel):
    """The rows that were fetched so far; it asks for more while there are more."""

    more_asked = Signal(int)  # from which place on

    def __init__(self, parent: QObject | None = None) -> None:
        """Be empty."""
        heads = [_("Text"), _("Answer"), _("Sure"), _("Runner-up"), _("To know")]
        super().__init__(heads, parent)
        self.rows: list[PredictedRow] = []
        self.n_rows = 0
        self.numbers: Mapping[str, int] = {}
        self._asked = -1

    def set_rows(self, rows: Sequence[PredictedRow], n_rows: int) -> None:
        """Hold other rows, the first of `n_rows`."""
        self.beginResetModel()
        self.rows, self.n_rows, self._asked = list(rows), n_rows, -1
        self.endResetModel()

    def add_rows(self, rows: Sequence[PredictedRow]) -> None:
        """Add the next ones."""
        if rows:
            first = len(self.rows)
            self.beginInsertRows(ROOT, first, first + len(rows) - 1)
            self.rows += rows
            self.endInsertRows()

    @override
    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._asked < len(self.rows) < self.n_rows

    @override
    def fetchMore(self, parent: Index) -> None:
        self._asked = len(self.rows)
        self.more_asked.emit(len(self.rows))

    @override
    def count(self) -> int:
        return len(self.rows)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (RIGHT if section == SURE else LEFT) | V_CENTRE

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one, place = self.rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _words(one, place)
            case Qt.ItemDataRole.AccessibleTextRole if place == TEXT:
                return _spoken(one)
            case Qt.ItemDataRole.ToolTipRole:
                return tip(one.text if place == TEXT else _words(one, place))
            case Qt.ItemDataRole.TextAlignmentRole if place == SURE:
                return self.alignment(SURE)
        return self._look(one, place, role)

    def _look(self, one: PredictedRow, place: int, role: int) -> object:
        """Return how a cell is drawn."""
        if role == CHIPS_ROLE and place == ANSWER and one.predicted:
            return [(name, self.numbers.get(name, 0)) for name in one.predicted]
        if role == TONE_ROLE:
            return {NOTE: "warn", ANSWER: "ink_3"}.get(place)
        return "small" if role == TYPE_ROLE and place == TEXT else None


def _words(one: PredictedRow, place: int) -> str:
    match place:
        case 0:
            return " ".join(one.text.split())
        case 1:
            return ", ".join(one.predicted) or _("No answer")
        case 2:
            return percent(one.probability)
        case 3:
            return runner_up_of(one)
    return notes_of(one)


def runner_up_of(one: PredictedRow) -> str:
    """Return the concept that came second, and how sure the model was of it."""
    if not one.runner_up:
        return ""
    return _named(one.runner_up, one.runner_up_probability)


def _named(name: str, probability: float) -> str:
    return f"{name}, {percent(probability)}"


def notes_of(one: PredictedRow) -> str:
    """Return what else is to be known of a row."""
    told = ((one.needs_person, _("For a person")), (one.is_unlike, _("Unlike training")))
    return ", ".join(words for is_so, words in told if is_so)


def _spoken(one: PredictedRow) -> str:
    answer = ", ".join(one.predicted) or _("No answer")
    words = f"{one.text}. {answer}, {percent_aloud(one.probability)}"
    return f"{words}. {notes}" if (notes := notes_of(one)) else words


class ResultsTable(TextTable):
    """One row for each text; the runner-up yields where room is short."""

    def __init__(self) -> None:
        """Be empty."""
        super().__init__(_("Predicted texts"))
        self.rows = ResultsModel(self)
        self.setModel(self.rows)
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.has_notes = True
        self._wanted = (LEAST_ANSWER, LEAST_OTHER)
        self._fit()

    def make_room(
        self, counts: Sequence[tuple[str, int]], *, has_several: bool, has_notes: bool
    ) -> None:
        """Give the columns the room that a file needs.

        Args:
            counts: how often each concept is an answer in it.
            has_several: whether a row may have several, and so "+2" behind the first.
            has_notes: whether a row has anything in the last column, which else is left out.
        """
        usual = _usual_name(counts)
        chip = chip_width(usual, LONGEST) + (MORE_WIDTH if has_several else 0)
        words = text_width(_named(usual, 1.0), "small")
        self._wanted = (round(chip) + CELL, round(words) + CELL + 1)
        self.has_notes = has_notes
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Share the room; the runner-up yields first, then what else there is to know."""
        width = self.viewport().width()
        answer, other = self._wanted
        widths = {SURE: SURE_WIDTH, NOTE: NOTE_WIDTH}
        widths[ANSWER] = max(LEAST_ANSWER, min(answer, round(width * ANSWER_SHARE)))
        widths[OTHER] = max(LEAST_OTHER, min(other, round(width * OTHER_SHARE)))
        hidden = set() if self.has_notes else {NOTE}
        for place in (OTHER, NOTE):
            if width - sum(widths[one] for one in widths.keys() - hidden) < LEAST_TEXT:
                hidden.add(place)
        for place in (OTHER, NOTE):
            self.setColumnHidden(place, place in hidden)
        self.set_columns(widths)


def _usual_name(counts: Sequence[tuple[str, int]]) -> str:
    """Return the longest name but for the few longest ones."""
    by_width = sorted(counts, key=lambda one: text_width(one[0], "caption_strong"))
    left = USUAL * sum(n for _name, n in counts)
    for name, n in by_width:
        left -= n
        if left <= 0:
            return name
    return ""
