"""The texts behind a mark as a list: what it says, what people said, what the model said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyleOptionViewItem
from typing_extensions import override

from core.i18n import _
from core.operations.evaluation_texts import EvaluatedText
from desktop.theme.tokens import colour, font
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.painted import put, put_text, reading_direction, text_width
from desktop.widgets.table import ROOT, Index, RowDelegate, RowsModel, TextTable
from desktop.widgets.text import tip
from desktop.widgets.wording import percent, percent_aloud

TEXT_ROLE = Qt.ItemDataRole.UserRole + 20
LINES, LINE_HEIGHT, PADDING, SAID_HEIGHT = 2, 19, 10, 20
ROW_HEIGHT = 2 * PADDING + LINES * LINE_HEIGHT + 2 * SAID_HEIGHT + 4
READ_LETTERS = 400


class TextsModel(RowsModel):
    """The texts that were fetched so far; it asks for more while there are more."""

    more_asked = Signal(int)  # from which place on

    def __init__(self, parent: QObject | None = None) -> None:
        """Be empty."""
        super().__init__([_("Texts")], parent)
        self.texts: list[EvaluatedText] = []
        self.n_texts = 0
        self.kept: set[int] = set()  # whose label somebody said is right
        self._asked = -1

    def set_texts(self, texts: Sequence[EvaluatedText], n_texts: int) -> None:
        """Hold other texts, the first of `n_texts`."""
        self.beginResetModel()
        self.texts, self.n_texts, self._asked = list(texts), n_texts, -1
        self.endResetModel()

    def add_texts(self, texts: Sequence[EvaluatedText]) -> None:
        """Add the next ones."""
        if texts:
            first = len(self.texts)
            self.beginInsertRows(ROOT, first, first + len(texts) - 1)
            self.texts += texts
            self.endInsertRows()

    def keep(self, place: int) -> None:
        """Note that the label of a text is right."""
        self.kept.add(self.texts[place].input_id)
        self.dataChanged.emit(self.index(place, 0), self.index(place, 0))

    @override
    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._asked < len(self.texts) < self.n_texts

    @override
    def fetchMore(self, parent: Index) -> None:
        self._asked = len(self.texts)
        self.more_asked.emit(len(self.texts))

    @override
    def count(self) -> int:
        return len(self.texts)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.texts[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken(one)
            case Qt.ItemDataRole.ToolTipRole:
                return tip(one.text)
            case _ if role == TEXT_ROLE:
                return one
        return None


def spoken(one: EvaluatedText) -> str:
    """Return a text with what was said of it, for a screen reader."""
    words = _("{text}. People said {said}, the model said {answered}, {share}")
    said = ", ".join(one.said) or _("none")
    answered = ", ".join(one.answered) or _("no answer")
    return words.format(
        text=one.text[:READ_LETTERS], said=said, answered=answered,
        share=percent_aloud(one.probability),
    )  # fmt: skip


@dataclass(frozen=True)
class _Said:
    """A line beneath a text: who said what, and a note on it."""

    who: str
    concepts: tuple[str, ...]
    note: str = ""
    tone: str = "ink_2"


def _by_people(one: EvaluatedText, *, is_kept: bool) -> _Said:
    is_corrected = one.now is not None and set(one.now) != set(one.said)
    said = one.now if is_corrected and one.now is not None else one.said
    note, tone = (_("learned from"), "warn") if one.is_seen else ("", "ink_2")
    if is_corrected:
        note, tone = _("corrected"), "good"
    elif is_kept:
        note, tone = _("is right"), "good"
    concepts = _differing_first(said, one.answered) or (_("none of them"),)
    return _Said(_("People"), concepts, note, tone)


def _differing_first(said: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Begin with what the others did not say: long lines are cut."""
    return tuple(sorted(said, key=lambda name: name in others))


class _TextDelegate(RowDelegate):
    """Draws two lines of the text and, beneath, who said what."""

    def __init__(self, parent: "TextsTable") -> None:
        super().__init__(parent)
        self._table = parent

    @override
    def paint_cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        one: EvaluatedText = index.data(TEXT_ROLE)
        area = area.adjusted(0, PADDING, 0, -PADDING)
        height = LINES * LINE_HEIGHT
        paint_lines(painter, QRectF(area.x(), area.y(), area.width(), height), one.text)
        line = QRectF(area.x(), area.y() + height + 4, area.width(), SAID_HEIGHT)
        is_kept = one.input_id in self._table.rows.kept
        self._paint_line(painter, line, _by_people(one, is_kept=is_kept))
        line.translate(0, SAID_HEIGHT)
        answered = _differing_first(one.answered, one.said) or (_("no answer"),)
        self._paint_line(painter, line, _Said(_("Model"), answered, percent(one.probability)))

    def _paint_line(self, painter: QPainter, line: QRectF, said: "_Said") -> None:
        put(painter, line, said.who, "caption", "ink_3")
        x = line.x() + self._table.who_width
        number = self._table.numbers.get(said.concepts[0])
        if number is not None:
            paint_mark(painter, x, line.center().y(), number)
            x += 15
        room = text_width(said.note, "caption") + 10 if said.note else 0
        name = QRectF(x, line.y(), line.right() - x - room, line.height())
        words = " · ".join(said.concepts)
        put_text(painter, name, words, "small", "ink", Qt.TextElideMode.ElideMiddle)
        at = QRectF(line.right() - room + 10, line.y(), room, line.height())
        put(painter, at, said.note, "caption", said.tone)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW_HEIGHT)


def paint_lines(painter: QPainter, area: QRectF, value: str) -> None:
    """Draw the beginning of a text on as many lines as the area has room for."""
    words = " ".join(value[: 4 * READ_LETTERS].split())
    layout = QTextLayout(words, font("body"))
    layout.setTextOption(_wrapping(value))
    layout.beginLayout()
    y, n_lines = 0.0, int(area.height() // LINE_HEIGHT)
    painter.setPen(colour("ink"))
    for i in range(n_lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(area.width())
        is_last = i == n_lines - 1 and line.textStart() + line.textLength() < len(words)
        if is_last:
            rest = words[line.textStart() :]
            put_text(painter, QRectF(area.x(), area.y() + y, area.width(), LINE_HEIGHT), rest)
            break
        line.draw(painter, area.topLeft() + QRectF(0, y, 0, 0).topLeft())
        y += LINE_HEIGHT
    layout.endLayout()


def _wrapping(value: str) -> QTextOption:
    option = reading_direction(value)
    option.setWrapMode(option.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


class TextsTable(TextTable):
    """One text per row."""

    def __init__(self) -> None:
        """Be empty."""
        super().__init__(_("Texts behind the number"))
        self.numbers: Mapping[str, int] = {}
        self.who_width = max(text_width(who, "caption") for who in (_("People"), _("Model"))) + 12
        self.rows = TextsModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_TextDelegate(self))
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.set_columns({})
        self.horizontalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)

    @property
    def current(self) -> EvaluatedText | None:
        """The text that is chosen."""
        place = self.currentIndex().row()
        return self.rows.texts[place] if 0 <= place < len(self.rows.texts) else None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isalpha():  # Qt would look for a row that begins with it
            event.ignore()
        else:
            super().keyPressEvent(event)
