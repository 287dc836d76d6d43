"""How a file is cut into rows and cells, guessed and changeable: header, separators, encoding."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.files import Preview
from core.i18n import N_, _
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
        self.one_text = Switch(name=_("The whole file is one text"))
        self.one_text.toggled.connect(lambda on: self.changed.emit({"is_one_text": on}))
        self.separator = Select(name=_("What parts several concepts in one cell"), width=144)
        self.delimiter = Select(name=_("What parts the columns"), width=200)
        self.encoding = Select(name=_("Encoding"), width=288)
        for select, key in (
            (self.separator, "separator"),
            (self.delimiter, "delimiter"),
            (self.encoding, "encoding"),
        ):
            select.activated.connect(
                lambda _i, select=select, key=key: self.changed.emit({key: select.currentData()})
            )
        self._header = row(self.header, text(_("First row holds the column names"), "small"), 16)
        self._one_text = row(self.one_text, text(_("The whole file is one text"), "small"), 24)
        words = _("Several concepts in one cell are separated by")
        self._separator = row(text(words, "small", "ink_2"), self.separator, gap=10)
        self._delimiter = row(
            text(_("Columns are separated by"), "small", "ink_2"), self.delimiter, 24
        )
        encoding = row(text(_("Encoding"), "small", "ink_2"), self.encoding)
        self.more = Fold(_("Read it differently"), "", row(self._delimiter, encoding, None, gap=10))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(row(self._header, self._one_text, self._separator, None, gap=10))

    def show_file(self, seen: Preview) -> None:
        """Show how a file is read now."""
        mapping = seen.mapping
        is_file = mapping.kind != "folder"
        for switch, on in (
            (self.header, mapping.has_header),
            (self.one_text, mapping.is_one_text),
        ):
            with QSignalBlocker(switch):
                switch.setChecked(on)
            switch.update()
        self._header.setVisible(is_file and not mapping.is_one_text)
        self._one_text.setVisible(seen.path.suffix.lower() == ".txt")
        self._separator.setVisible(bool(mapping.concepts) and not mapping.values and is_file)
        self.more.setVisible(is_file)
        self._delimiter.setVisible(not mapping.is_one_text)
        _offer(self.separator, SEPARATORS, mapping.separator)
        _offer(self.delimiter, DELIMITERS, mapping.delimiter)
        _offer(self.encoding, ENCODINGS, mapping.encoding.lower())


def _offer(select: Select, known: Sequence[tuple[str, str]], chosen: str) -> None:
    """Offer what is known, and what was chosen or found though it is not among it."""
    offered = [(value, _(label)) for value, label in known]
    if chosen not in (value for value, _label in offered):
        offered.append((chosen, encoding_name(chosen)))
    with QSignalBlocker(select):
        select.clear()
        for value, label in offered:
            select.addItem(label, value)
        select.setCurrentIndex([value for value, _label in offered].index(chosen))
    select.update()
