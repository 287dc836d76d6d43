"""The line above the text: where we are, which texts, how far, and what can be switched."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QIntValidator, QKeyEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from desktop.screens.labelling.queue_filter import QueueFilter
from desktop.theme.tokens import S4, font
from desktop.widgets.bars import Bar
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.choices import LineEdit
from desktop.widgets.layout import row
from desktop.widgets.text import text
from desktop.widgets.wording import number, out_of, time_left

LEAST_BAR, BAR_WIDTH, JUMP_WIDTH = 24, 140, 96


class JumpField(LineEdit):
    """Takes the number of a text; Enter goes there, Esc stays."""

    taken = Signal(int)
    left = Signal()

    def __init__(self) -> None:
        """Wait hidden."""
        super().__init__("", _("Go to number"), "")
        self.setFixedWidth(JUMP_WIDTH)
        self.hide()

    def open(self, most: int) -> None:
        """Ask for a number from 1 to `most`."""
        self.clear()
        self.setValidator(QIntValidator(1, most, self))
        self.show()
        self.setFocus()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.hasAcceptableInput():
            self.taken.emit(int(self.text()))
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
        event.accept()


class TopRow(QWidget):
    """Breadcrumb, filter, progress, codebook and options."""

    dataset_asked = Signal()
    jump_asked = Signal(int)  # a place, from 0
    left = Signal()  # the keyboard goes back to the text
    codebook_asked = Signal()
    keys_asked = Signal()
    help_asked = Signal()
    option_changed = Signal(str, bool)
    suggestions_asked = Signal()  # the page with all suggestions
    source_chosen = Signal(str)  # where suggestions come from, as `Options` keeps it

    def __init__(self) -> None:
        """Show no progress yet."""
        super().__init__()
        self._total = 0
        self.dataset = button(_("Dataset"), "link")
        self.filter = QueueFilter(self)
        self.place = button("", "quiet", tip=_("Go to a number (Ctrl+G)"))
        self.jump = JumpField()
        self.bar = Bar(0.0, name=_("Progress"))
        self.bar.setMinimumWidth(LEAST_BAR)
        self.bar.setMaximumWidth(BAR_WIDTH)
        self.left_over = text("", "small", "ink_2")
        self.suggestions = icon_button("sparkles", _("Suggestions for all texts"))
        self.codebook = icon_button("list", _("Codebook (C)"))
        self.options = icon_button("ellipsis", _("Options"))
        self.menu = QMenu(self)
        self.moves_on = self._switch("moves_on", _("Move on after a choice"))
        self.shares = self._switch("shares_labels", _("Same labels for identical texts"))
        self._fill_menu()
        progress = row(self.place, self.jump, self.bar, 4, self.left_over, gap=4)
        self.progress = progress
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S4, 10, S4 - 8, 2)
        layout.addWidget(
            row(
                *(self.dataset, text("/", "small", "ink_3"), text(_("Label texts"), "small")),
                *(None, self.filter.button, progress),
                *(self.suggestions, self.codebook, self.options),
                gap=8,
            )
        )
        self._connect()

    def _connect(self) -> None:
        for part in (self.dataset, self.place, self.suggestions, self.codebook, self.options):
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.dataset.clicked.connect(self.dataset_asked)
        self.place.clicked.connect(self.open_jump)
        self.jump.taken.connect(self._jump)
        self.jump.left.connect(self.close_jump)
        self.suggestions.clicked.connect(self.suggestions_asked)
        self.codebook.clicked.connect(self.codebook_asked)
        self.options.clicked.connect(self.open_menu)

    def _switch(self, name: str, label: str) -> QAction:
        action = self.menu.addAction(label)
        action.setCheckable(True)
        action.triggered.connect(lambda is_on: self.option_changed.emit(name, is_on))
        return action

    def set_sources(self, sources: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer where suggestions may come from: pairs of a key and its words."""
        self.sources.clear()
        for key, words in sources:
            action = self.sources.addAction(words)
            action.setCheckable(True)
            action.setChecked(key == chosen)
            action.triggered.connect(lambda _is_on, key=key: self.source_chosen.emit(key))

    def _fill_menu(self) -> None:
        self.menu.setFont(font("body"))
        self.sources = self.menu.addMenu(_("Suggestions come from"))
        self.sources.setFont(font("body"))
        self.menu.addSeparator()
        self.menu.addAction(_("Keys…")).triggered.connect(self.keys_asked)
        self.menu.addAction(_("All keys (?)")).triggered.connect(self.help_asked)

    def set_options(self, *, moves_on: bool, can_stay: bool, shares: bool) -> None:
        """Show how the switches stand; with one concept per text a choice always moves on."""
        self.moves_on.setChecked(moves_on)
        self.moves_on.setEnabled(can_stay)
        self.shares.setChecked(shares)

    def set_progress(self, place: int, total: int, seconds: float | None) -> None:
        """Say how far we are; `place` counts from 1."""
        self._total = total
        self.progress.setVisible(total > 0)
        self.place.setText(out_of(place, total) if total else "")
        self.place.setAccessibleName(
            _("Text {place} of {total}, go to a number").format(
                place=number(place), total=number(total)
            )
        )
        self.bar.set_share(place / total if total else 0.0)
        self.left_over.setText(time_left(seconds) if seconds else "")

    def open_jump(self) -> None:
        """Ask for the number of a text."""
        if self._total:
            self.place.hide()
            self.jump.open(self._total)

    def close_jump(self) -> None:
        """Show the progress again."""
        self.jump.hide()
        self.place.show()
        self.left.emit()

    def open_menu(self) -> None:
        """Show the options below their button."""
        below = QPoint(self.options.width() - self.menu.sizeHint().width(), self.options.height())
        self.menu.popup(self.options.mapToGlobal(below))

    def _jump(self, place: int) -> None:
        self.close_jump()
        self.jump_asked.emit(place - 1)
