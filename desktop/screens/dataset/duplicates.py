"""Rows that are there already, by id or by text: counted, with what shall become of them."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from core.i18n import _, ngettext
from core.operations.import_texts import ImportResult
from core.operations.importer import SameId, SameText
from desktop.widgets.choices import Segmented
from desktop.widgets.icon import Icon
from desktop.widgets.layout import row
from desktop.widgets.text import Elided
from desktop.widgets.wording import number

KEEP = 1
POLICIES: tuple[SameId, ...] = ("skip", "keep", "merge")


class DuplicatesPanel(QFrame):
    """Asks what becomes of them, where there are some; `changed` when it is answered anew."""

    changed = Signal()

    def __init__(self) -> None:
        """Ask nothing yet."""
        super().__init__()
        self.setProperty("box", "soft")
        leave, merge = _("Leave out"), _("Merge labels")
        ids, texts = (leave, _("Add without id"), merge), (leave, _("Add again"), merge)
        self.same_id = Segmented(ids, name=_("Rows whose id is taken"))
        self.same_text = Segmented(texts, 1, name=_("Rows whose text came before"))
        self._ids, self._texts = Elided("", "strong"), Elided("", "strong")
        self._id_line = _line(self._ids, self.same_id)
        self._text_line = _line(self._texts, self.same_text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 16, 12)
        layout.setSpacing(8)
        for line in (self._id_line, self._text_line):
            layout.addWidget(line)
        for choice in (self.same_id, self.same_text):
            choice.chosen.connect(self.changed)
        self._is_advised = False
        self.hide()

    def reset(self) -> None:
        """Forget what another file had."""
        self._is_advised = False
        for choice, value in ((self.same_id, 0), (self.same_text, 1)):
            with QSignalBlocker(choice):
                choice.set_value(value)
        self.hide()

    def policy(self) -> tuple[SameId, SameText]:
        """Return what becomes of rows whose id, and whose text, is there already."""
        return POLICIES[self.same_id.value], POLICIES[self.same_text.value]

    def show_counts(self, check: ImportResult) -> None:
        """Ask about what there is."""
        words = ngettext(
            "{n} row has an id that came before, here or in this file.",
            "{n} rows have an id that came before, here or in this file.",
            check.n_same_id,
        )
        if check.n_other_text:
            words = ngettext(
                "{n} row has an id that came before, with another text.",
                "{n} rows have an id that came before, {other} of them with another text.",
                check.n_same_id,
            )
        self._ids.setText(words.format(n=number(check.n_same_id), other=number(check.n_other_text)))
        words = ngettext(
            "{n} row has a text that came before, here or in this file.",
            "{n} rows have a text that came before, here or in this file.",
            check.n_same_text,
        )
        self._texts.setText(words.format(n=number(check.n_same_text)))
        self._id_line.setVisible(check.n_same_id > 0)
        self._text_line.setVisible(check.n_same_text > 0)
        self.setVisible(check.n_same_id + check.n_same_text > 0)
        if not self._is_advised and check.n_other_text * 2 > check.n_same_id:
            self._is_advised = True
            self.same_id.set_value(KEEP)  # the ids are those of another list of texts


def _line(words: Elided, choice: Segmented) -> QWidget:
    return row(Icon("copy", "ink_2", 18), (words, 1), choice, gap=10)
