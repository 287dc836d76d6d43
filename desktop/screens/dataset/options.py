"""How a file is cut into rows and cells, guessed and changeable: header, separators, encoding."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.files import Preview
from core.i18n import N_, _
from desktop.screens.dataset.look import Look
from desktop.widgets.choices import Select, Switch
from desktop.widgets.fold import Fold
from desktop.widgets.layout import row
from desktop.widgets.text import text

SEPARATORS = (
    ("", N_("nothing")),
    ("|", N_("|  (bar)")),
    (";", N_(";  (semicolon)")),
    (",", N_(",  (comma)")),
    ("/", N_("/  (slash)")),
)
DELIMITERS = (
    (",", N_("Commas")),
    (";", N_("Semicolons")),
    ("\t", N_("Tabs")),
    ("|", N_("Bars")),
    ("", N_("Nothing: one column")),
)
CUTS = (
    ("line", N_("each line")),
    ("paragraph", N_("each paragraph")),
    ("file", N_("the whole file")),
)
ENCODINGS = (
    ("utf-8", N_("UTF-8")),
    ("utf-16", N_("UTF-16")),
    ("cp1252", N_("Western European (Windows-1252)")),
    ("iso8859-15", N_("Western European (ISO 8859-15)")),
    ("cp1250", N_("Central European (Windows-1250)")),
    ("cp1251", N_("Cyrillic (Windows-1251)")),
    ("cp1253", N_("Greek (Windows-1253)")),
    ("cp1256", N_("Arabic (Windows-1256)")),
    ("shift_jis", N_("Japanese (Shift JIS)")),
    ("gb18030", N_("Chinese (GB 18030)")),
    ("big5", N_("Chinese (Big5)")),
    ("euc_kr", N_("Korean (EUC-KR)")),
    ("mac_roman", N_("Western European (old Macintosh)")),
)


def encoding_name(encoding: str) -> str:
    """Return an encoding as people call it."""
    plain = encoding.lower().replace("_sig", "")
    return _(dict(ENCODINGS).get(plain, encoding.upper()))


class ReadingOptions(QWidget):
    """The options of a file; `changed` carries the one that was chosen, by its name.

    Attributes:
        more: what is rarely wrong, folded; for its owner to place.
    """

    changed = Signal(dict)

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.header = Switch(name=_("First row holds the column names"))
        self.header.toggled.connect(lambda on: self.changed.emit({"has_header": on}))
        self.sheet = self._select("sheet", _("Sheet"), 200)
        self.cut = self._select("cut", _("What one text is"), 168)
        self.separator = self._select("separator", _("What parts several concepts in a cell"), 144)
        self.yes_value = self._select("yes_value", _("What the two values are"), 260)
        self.delimiter = self._select("delimiter", _("What parts the columns"), 200)
        self.encoding = self._select("encoding", _("Encoding"), 288)
        self._header = row(self.header, text(_("First row holds the column names"), "small"), 16)
        self._sheet = _labelled(_("Sheet"), self.sheet)
        self._cut = _labelled(_("One text is"), self.cut)
        self._separator = _labelled(_("Concepts in one cell are separated by"), self.separator)
        self._yes_value = _labelled(_("The two values are"), self.yes_value)
        self._delimiter = _labelled(_("Columns are separated by"), self.delimiter)
        encoding = _labelled(_("Encoding"), self.encoding)
        self.more = Fold(_("Read it differently"), "", row(self._delimiter, encoding, None, gap=10))
        self._first = row(self._header, self._separator, None, gap=10)
        self._second = row(self._sheet, self._cut, self._yes_value, None, gap=10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._first)
        layout.addWidget(self._second)

    def show_file(self, seen: Preview, look: Look) -> None:
        """Show how a file is read now."""
        mapping, kind = seen.mapping, seen.kind
        with QSignalBlocker(self.header):
            self.header.setChecked(mapping.has_header)
        self.header.update()
        is_table = kind in {"table", "workbook"} or (kind == "texts" and mapping.cut == "line")
        has_names = bool(mapping.concepts or mapping.not_concepts) and not any(mapping.values)
        for part, is_wanted in (
            (self._header, is_table),
            (self._sheet, len(seen.sheets) > 1),
            (self._cut, kind in {"texts", "document", "folder"}),
            (self._separator, has_names and kind != "folder" and not mapping.yes_value),
            (self._yes_value, bool(look.two_values)),
            (self._delimiter, kind == "table" or (kind == "texts" and mapping.cut == "line")),
            (self.more, bool(mapping.encoding)),
        ):
            part.setVisible(is_wanted)
        for line, parts in (
            (self._first, (self._header, self._separator)),
            (self._second, (self._sheet, self._cut, self._yes_value)),
        ):
            line.setVisible(not all(part.isHidden() for part in parts))
        _offer(self.sheet, [(name, name) for name in seen.sheets], mapping.sheet)
        _offer(self.cut, _translated(CUTS), mapping.cut)
        _offer(self.separator, _translated(SEPARATORS), mapping.separator)
        _offer(self.yes_value, _readings(look.two_values), mapping.yes_value)
        _offer(self.delimiter, _translated(DELIMITERS), mapping.delimiter)
        _offer(self.encoding, _translated(ENCODINGS), mapping.encoding.lower())

    def _select(self, key: str, name: str, width: int) -> Select:
        select = Select(name=name, width=width)
        select.activated.connect(lambda _i: self.changed.emit({key: select.currentData()}))
        return select


def _labelled(words: str, select: Select) -> QWidget:
    return row(text(words, "small", "ink_2"), select, 16, gap=10)


def _readings(values: Sequence[str]) -> list[tuple[str, str]]:
    """Return what two values can mean: two concepts, or one of them yes and the other no."""
    words = _("yes (“{yes}”) and no")
    return [("", _("two concepts")), *((value, words.format(yes=value)) for value in values)]


def _translated(known: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(value, _(label)) for value, label in known]


def _offer(select: Select, known: Sequence[tuple[str, str]], chosen: str) -> None:
    """Offer what is known, and what was chosen or found though it is not among it."""
    offered = [*known]
    if chosen not in (value for value, _label in offered):
        offered.append((chosen, encoding_name(chosen)))
    with QSignalBlocker(select):
        select.clear()
        for value, label in offered:
            select.addItem(label, value)
        select.setCurrentIndex([value for value, _label in offered].index(chosen))
    select.update()
