"""The concepts as keys at the lower edge, always in the same place, whatever the text."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import Concept
from desktop.screens.labelling.concept_key import HEIGHT, NEW, ConceptKey, Face
from desktop.screens.labelling.hints import Hints
from desktop.screens.labelling.keys import is_no
from desktop.widgets.buttons import icon_button
from desktop.widgets.choices import LineEdit, Segmented
from desktop.widgets.layout import column, row
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import out_of

GAP = 8
MOST_COLUMNS = ((1240, 4), (860, 3), (0, 2))  # from this width on
FIND_WIDTH = 190
ROOMY = 860  # pixels, below which the line above the keys says less
FEW = 10  # concepts, up to which nobody needs to search


class FindField(LineEdit):
    """A field that narrows the keys; Enter chooses the marked one, Esc goes back to the text."""

    confirmed = Signal(bool)  # whether the text is about it
    moved = Signal(int)
    left = Signal()
    focused = Signal(bool)

    def __init__(self) -> None:
        """Be empty."""
        super().__init__("", "", "search")
        self.setFixedWidth(FIND_WIDTH)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)  # noqa: FBT003  # a signal's value

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)  # noqa: FBT003  # a signal's value

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        steps = {keys.Key_Down: 1, keys.Key_Up: -1}
        if event.key() == keys.Key_Escape:
            self.left.emit()
        elif event.key() in {keys.Key_Return, keys.Key_Enter}:
            self.confirmed.emit(not is_no(event))
        elif event.key() in steps:
            self.moved.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
        event.accept()  # nothing that is typed here is a key of the screen


class ConceptBar(QWidget):
    """Keys in a grid that pages when there are many, with a field to find one by its name."""

    chosen = Signal(int, bool)  # a concept; whether the text is about it
    named = Signal(str)  # a concept to make
    looked_at = Signal(int)
    left = Signal()  # the find field was left

    def __init__(self) -> None:
        """Show no concepts yet."""
        super().__init__()
        self._concepts: list[Concept] = []
        self._shortcuts: Mapping[int, str] = {}
        self._said: dict[int, bool] = {}
        self._likely: dict[int, float] = {}
        self._pending, self._page, self._marked = "", 0, 0
        self._is_finding = self._is_naming = self._is_one = False
        self._most_rows = 3
        self._usual_hints: Sequence[str] = ()
        self.keys: list[ConceptKey] = []
        self.heading = text(_("What is this text about?"), "heading")
        self.note = Elided("", "small", "ink_2")
        self.search = FindField()
        self.several = Segmented((_("One concept"), _("Several")), name=_("Concepts per text"))
        self.back = icon_button("chevron-left", _("Concepts before (Ctrl+Page Up)"))
        self.on = icon_button("chevron-right", _("More concepts (Ctrl+Page Down)"))
        self.pages = text("", "small", "ink_2")
        self.pager = row(self.back, self.pages, self.on, gap=2)
        self._grid = QWidget()
        self.hints = Hints()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        head = row(
            *(self.heading, 2, (row((self.note, 1)), 1), self.search, self.pager, self.several),
            gap=GAP,
        )
        head.setFixedHeight(36)
        layout.addWidget(column(head, 4, self._grid, 2, self.hints, gap=4))
        self._connect()

    def _connect(self) -> None:
        self.back.clicked.connect(lambda: self.turn(-1))
        self.on.clicked.connect(lambda: self.turn(1))
        self.search.textChanged.connect(lambda _words: self._narrow())
        self.search.moved.connect(self._move_mark)
        self.search.confirmed.connect(self._take_marked)
        self.search.left.connect(self.leave_find)
        self.search.focused.connect(lambda _is_in: self._show_hints())
        for part in (self.back, self.on):
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._name_search()

    def set_concepts(self, concepts: Sequence[Concept], shortcuts: Mapping[int, str]) -> None:
        """Show these concepts with their keys."""
        self._concepts, self._shortcuts = list(concepts), shortcuts
        if not concepts or not self._is_finding:
            self._is_naming = not concepts
            self._name_search()
        self._lay_out()

    def set_one_concept(self, *, is_one: bool) -> None:
        """Say whether one concept is to be chosen, or all that fit."""
        self._is_one = is_one
        self.several.set_value(0 if is_one else 1)
        self._show()

    def set_said(self, positive: Sequence[int], negative: Sequence[int]) -> None:
        """Show what was said of a text."""
        self._said = dict.fromkeys(negative, False) | dict.fromkeys(positive, True)
        self._show()

    def set_likely(self, likely: Mapping[int, float]) -> None:
        """Show how likely a model finds the concepts for the text."""
        if likely != self._likely:
            self._likely = dict(likely)
            self._show()

    def set_pending(self, keys: str) -> None:
        """Mark the concepts whose keys begin like that; "" for none."""
        if keys != self._pending:
            self._pending, self._page = keys, 0
            self._show()

    def set_hints(self, hints: Sequence[str]) -> None:
        """Say what the keys do, as long as none is typed into the field."""
        self._usual_hints = hints
        self._show_hints()

    def _show_hints(self) -> None:
        hints = self._usual_hints
        if self.search.hasFocus() and self._is_naming:
            hints = (_("[Enter] make it"), _("[Esc] back"))
        elif self.search.hasFocus():
            is_not, another = _("[Shift] [Enter] is not"), _("[↑] [↓] another")
            hints = (_("[Enter] choose"), is_not, another, _("[Esc] back"))
        self.hints.set_hints(hints)

    def set_most_rows(self, rows: int) -> None:
        """Show at most so many rows."""
        self._most_rows = rows
        self._lay_out()

    def turn(self, step: int) -> None:
        """Turn to another page."""
        self._page = (self._page + step) % self._n_pages()
        self._show()

    def turn_to(self, concept_id: int) -> None:
        """Turn to the page of a concept."""
        place = next((i for i, c in enumerate(self._concepts) if c.id == concept_id), 0)
        self._page = place // self._capacity()
        self._show()

    def begin_find(self, *, is_naming: bool = False) -> None:
        """Give the keyboard to the field, to find a concept, or to name a new one."""
        self._is_finding, self._is_naming = True, is_naming or not self._concepts
        self._narrow()
        self.search.setFocus()

    def leave_find(self) -> None:
        """Forget what was typed, and go back to the text."""
        self._is_finding, self._is_naming = False, not self._concepts
        self.left.emit()  # first: Qt would hand the keyboard of a hidden field to a button
        self.search.clear()
        self._narrow()

    def _narrow(self) -> None:
        self._page = self._marked = 0
        self._name_search()
        self._show()

    def _name_search(self) -> None:
        words = _("Name of the new concept") if self._is_naming else _("Find a concept")
        self.search.setPlaceholderText(words)
        self.search.setAccessibleName(words)

    def _move_mark(self, step: int) -> None:
        n_items = len(self._items())
        self._marked = (self._marked + step) % n_items
        self._page = self._marked // self._capacity()
        self._show()

    def _take_marked(self, is_it: bool) -> None:  # noqa: FBT001  # a signal's value
        item = self._items()[self._marked]
        typed = " ".join(self.search.text().split())
        if item is None and not typed:
            return
        self.leave_find()
        if item is None:
            self.named.emit(typed)
        else:
            self.chosen.emit(item.id, is_it)

    def _typed(self) -> str:
        return " ".join(self.search.text().split()).casefold()

    def _items(self) -> list[Concept | None]:
        """Return what there is to choose now; None is the way to make a concept."""
        typed = self._typed()
        if typed and self._is_naming:
            return [None, *(c for c in self._concepts if typed in c.name.casefold())]
        if typed:
            found = [c for c in self._concepts if typed in c.name.casefold()]
            found.sort(key=lambda concept: not concept.name.casefold().startswith(typed))
            return [*found, *([None] if all(c.name.casefold() != typed for c in found) else [])]
        if self._pending and self._is_paged():
            return [c for c in self._concepts if self._n_down(c)]
        return [*self._concepts, None]

    def _n_down(self, concept: Concept) -> int:
        keys = self._shortcuts.get(concept.id, "")
        return len(self._pending) if self._pending and keys.startswith(self._pending) else 0

    def _columns(self) -> int:
        return next(n for width, n in MOST_COLUMNS if self.width() >= width)

    def _rows(self) -> int:
        return min(-(-(len(self._concepts) + 1) // self._columns()), self._most_rows)

    def _capacity(self) -> int:
        return self._rows() * self._columns()

    def _is_paged(self) -> bool:
        return len(self._concepts) + 1 > self._capacity()

    def _n_pages(self) -> int:
        return max(1, -(-len(self._items()) // self._capacity()))

    def _lay_out(self) -> None:
        n_rows, n_columns = self._rows(), self._columns()
        while len(self.keys) < n_rows * n_columns:
            self._add_key()
        height = n_rows * (HEIGHT + GAP) - GAP
        if self._grid.height() != height:
            self._grid.setFixedHeight(height)
        width = (self.width() + GAP) / n_columns
        for place, key in enumerate(self.keys):
            i, j = divmod(place, n_columns)
            left, right = round(j * width), round((j + 1) * width) - GAP
            key.setGeometry(left, i * (HEIGHT + GAP), right - left, HEIGHT)
        self._show()

    def _add_key(self) -> None:
        key = ConceptKey(self._grid)
        key.chosen.connect(self._choose)
        key.looked_at.connect(self.looked_at)
        self.keys.append(key)

    def _choose(self, concept_id: int, is_it: bool) -> None:  # noqa: FBT001  # a signal's value
        if concept_id != NEW:
            self.chosen.emit(concept_id, is_it)
        elif self._typed():
            self._marked = self._items().index(None)
            self._take_marked(True)  # noqa: FBT003  # as the signal gives it
        else:
            self.begin_find(is_naming=True)

    def _show(self) -> None:
        items, capacity = self._items(), self._capacity()
        n_pages = self._n_pages()
        self._page = min(self._page, n_pages - 1)
        start = self._page * capacity
        for place, key in enumerate(self.keys):
            is_used = place < capacity and start + place < len(items)
            if is_used:
                key.show_face(self._face(items[start + place], start + place))
            if key.isHidden() == is_used:
                key.setVisible(is_used)
        self.pager.setVisible(self._is_paged())
        self.pages.setText(out_of(self._page + 1, n_pages))
        for part in (self.back, self.on):
            part.setEnabled(n_pages > 1)
        n_concepts = len(self._concepts)
        if self.note.text() != self._advice():
            self.note.setText(self._advice())
        self.note.setVisible(self.width() >= ROOMY or not self._is_paged())
        self.search.setVisible(self._is_finding or self._is_paged() or not FEW >= n_concepts > 0)

    def _advice(self) -> str:
        if not self._concepts:
            return _("Name the first concept and press Enter.")
        return _("Choose the one that fits.") if self._is_one else _("Choose all that fit.")

    def _face(self, concept: Concept | None, place: int) -> Face:
        is_marked = place == self._marked and bool(self._typed())
        if concept is None:
            name = " ".join(self.search.text().split())
            label = _("Make “{name}”").format(name=name) if name else _("New concept")
            return Face(None, label=label, is_marked=is_marked, is_dim=bool(self._pending))
        n_down = self._n_down(concept)
        return Face(
            concept,
            self._shortcuts.get(concept.id, ""),
            self._said.get(concept.id),
            n_down=n_down,
            is_marked=is_marked,
            is_dim=bool(self._pending) and not n_down,
            likely=self._likely.get(concept.id),
        )

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
