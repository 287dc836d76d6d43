"""The text that is labelled: in reading size, its own direction, with its note."""

import unicodedata

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _, ngettext
from core.records import Input, Status
from core.storage.search import hits_in
from desktop.screens.labelling.area_field import AreaField
from desktop.theme.tokens import S3, S4, colour
from desktop.widgets.buttons import button
from desktop.widgets.highlight_edit import ReadingText
from desktop.widgets.icon import Icon
from desktop.widgets.layout import column, row
from desktop.widgets.text import MEASURE, Elided, text
from desktop.widgets.wording import number

SHOWN_CHARS = 20_000  # a longer text would hold up the keys; its beginning is shown first
NOTE_HEIGHT = 84
MARKED_CHARS, MOST_HITS = 20_000, 200
SIGNS = {
    Status.UNSURE: ("circle-help", "warn"),
    Status.SKIPPED: ("circle-dashed", "ink_2"),
    Status.NONE: ("circle-check", "ink_2"),
}
SCROLLS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def is_read_from_right(value: str) -> bool:
    """Say whether the first letter with a direction is read from the right."""
    strong = (unicodedata.bidirectional(letter) for letter in value[:SHOWN_CHARS])
    return next((kind for kind in strong if kind in {"L", "R", "AL"}), "L") != "L"


class LabelText(ReadingText):
    """The text; up and down scroll it, all other keys belong to the screen."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__("", "reading", name=_("Text to label"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_text(self, shown: str, words: str) -> None:
        """Show a text from its beginning, with the words that were searched for marked."""
        option = QTextOption()
        directions = Qt.LayoutDirection
        is_right = is_read_from_right(shown)
        option.setTextDirection(directions.RightToLeft if is_right else directions.LeftToRight)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)
        self.set_value(shown)
        self.setAccessibleDescription(shown[:1000])
        hits = hits_in(shown[:MARKED_CHARS], words)[:MOST_HITS] if words else []
        self.setExtraSelections([self._marked(*hit) for hit in hits])
        self.verticalScrollBar().setValue(0)

    def _marked(self, start: int, end: int) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(_in_utf16(self.toPlainText(), start))
        keep = QTextCursor.MoveMode.KeepAnchor
        cursor.setPosition(_in_utf16(self.toPlainText(), end), keep)
        marked = QTextCharFormat()
        marked.setBackground(colour("accent_soft"))
        marked.setFontUnderline(True)
        selection.cursor, selection.format = cursor, marked
        return selection

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if held and event.key() in {Qt.Key.Key_C, Qt.Key.Key_A}:
            super().keyPressEvent(event)
        elif not held and event.key() in SCROLLS:
            step = bar.pageStep() if event.key() in SCROLLS[2:] else bar.singleStep() * 2
            bar.setValue(bar.value() + (step if event.key() in SCROLLS[1::2] else -step))
        else:
            event.ignore()


def _in_utf16(value: str, place: int) -> int:
    return len(value[:place].encode("utf-16-le")) // 2


class TextPane(QWidget):
    """Where the text came from, how it was answered, the text, and the note on it."""

    note_written = Signal(int, str)  # the input, its note
    left = Signal()  # the note was closed

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.shown: Input | None = None
        self.caption = Elided("", "small", "ink_2")
        self.sign, self.answer = Icon("circle-help", "warn", 15), text("", "small", "ink_2")
        self._said = row(self.sign, self.answer, gap=6)
        self.twins = text("", "small", "ink_2")
        self.text = LabelText()
        self.note = button("", "link", "pencil-line")
        self.whole = button("", "link")
        self.field = AreaField(_("Note on this text"), NOTE_HEIGHT)
        self.hint = text(_("Ctrl+Enter or Esc keeps the note."), "caption", "ink_3")
        for link in (self.note, self.whole):
            link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for part in (self.field, self.hint, self.note, self.whole):
            part.hide()
        inner = column(
            row((self.caption, 1), self.twins, self._said, gap=16),
            *(10, (self.text, 1), 8, row(self.whole, 16, self.note, None), self.field, self.hint),
            gap=0,
        )
        inner.setMaximumWidth(MEASURE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S4, S3, S4, 12)
        layout.addWidget(row((QWidget(), 1), (inner, MEASURE), (QWidget(), 1), gap=0))
        self.field.kept.connect(self.close_note)
        self.field.left.connect(self.close_note)
        self.note.clicked.connect(self.open_note)
        self.whole.clicked.connect(self._show_whole)

    def show_input(self, shown: Input, words: str, n_twins: int) -> None:
        """Show a text; the same one again keeps what is seen of it."""
        if self.shown is None or (shown.id, shown.text) != (self.shown.id, self.shown.text):
            self.keep_note()
            is_long = len(shown.text) > SHOWN_CHARS
            self.text.show_text(shown.text[:SHOWN_CHARS] + ("…" if is_long else ""), words)
            n_chars = number(len(shown.text))
            self.whole.setText(_("Show all {n} characters").format(n=n_chars))
            self.whole.setVisible(is_long)
        self.shown = shown
        name = shown.external_id or number(shown.id)
        parts = [_("Text {name}").format(name=name), shown.source]
        self.caption.setText("  ·  ".join(part for part in parts if part))
        also = ngettext("also {n} identical text", "also {n} identical texts", n_twins)
        self.twins.setText(also.format(n=number(n_twins)))
        self.twins.setVisible(n_twins > 0)
        self._show_answer(shown)
        self._show_note()

    def _show_answer(self, shown: Input) -> None:
        words = {
            Status.UNSURE: _("Unsure"),
            Status.SKIPPED: _("Skipped"),
            Status.NONE: _("None of these") if shown.negative and not shown.positive else "",
        }[shown.status]
        icon_name, tone = SIGNS[shown.status]
        self.answer.setText(words)
        self.answer.set_tone(tone)
        self.sign.set_icon(icon_name, tone)
        self._said.setVisible(bool(words))

    def _show_note(self) -> None:
        note = " ".join(self.shown.note.split()) if self.shown else ""
        self.note.setText(note if len(note) <= 80 else f"{note[:79]}…")  # noqa: PLR2004  # letters
        self.note.setAccessibleName(_("Note: {note}").format(note=note))
        self.note.setVisible(bool(note) and self.field.isHidden())

    def _show_whole(self) -> None:
        if self.shown:
            at = self.text.verticalScrollBar().value()
            self.text.show_text(self.shown.text, "")
            self.text.verticalScrollBar().setValue(at)
            self.whole.hide()

    def open_note(self) -> None:
        """Show the note as a field, with the keyboard in it."""
        if self.shown:
            self.field.set_value(self.shown.note)
            for part in (self.field, self.hint):
                part.show()
            self.note.hide()
            self.field.setFocus()

    def close_note(self) -> None:
        """Keep what the field says, and give the keyboard back."""
        self.keep_note()
        self.left.emit()

    def keep_note(self) -> None:
        """Keep what the field says, if it is open."""
        if self.field.isHidden():
            return
        if self.field.edit.hasFocus():
            self.text.setFocus()  # or Qt would hand the keyboard to the next button
        for part in (self.field, self.hint):
            part.hide()
        if self.shown and self.field.value().strip() != self.shown.note:
            self.note_written.emit(self.shown.id, self.field.value().strip())
        self._show_note()
