"""A mapping of keys to values: a row for each key, or the whole as JSON."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from core.i18n import N_, _
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.choices import line_edit
from desktop.widgets.icon import Icon
from desktop.widgets.layout import column, row
from desktop.widgets.lines_edit import LinesEdit
from desktop.widgets.setting_controls import Control
from desktop.widgets.text import wrapped

NO_LIMIT = 16777215  # QWIDGETSIZE_MAX, which PySide does not name
KEY_WIDTH, CONCEPT_WIDTH, JSON_LINES = 264, 112, 9
HINTS = (
    ("Expecting property name", N_("a key in quotes is missing")),
    ("Expecting ',' delimiter", N_("a comma is missing")),
    ("Expecting ':' delimiter", N_("a colon is missing")),
    ("Expecting value", N_("a value is missing")),
    ("Unterminated string", N_("a quote is missing at the end of the words")),
    ("Extra data", N_("something stands behind the end")),
    ("Illegal trailing comma", N_("a comma stands before the end")),
)
LITERALS = {"True": "true", "False": "false", "None": "null"}  # as Python writes them


def value_words(value: object) -> str:
    """Return a value as a field shows it: words as they are, unless they look like something."""
    if isinstance(value, str) and value_of(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def value_of(words: str) -> Any:  # noqa: ANN401  # whatever JSON knows
    """Return what words mean: as JSON, also as Python writes it; else the words themselves."""
    try:
        return json.loads(LITERALS.get(words.strip(), words))
    except ValueError:
        return words


def is_unfinished(words: str) -> bool:
    """Tell whether words begin as a list or a mapping, and are none."""
    return words.strip()[:1] in ("[", "{") and isinstance(value_of(words), str)


class _KeyRow(QWidget):
    """A key with its value, and the way to remove both."""

    changed = Signal()
    removed = Signal(object)  # the row

    def __init__(self, key: str, value: str, *, of_concept: bool = False) -> None:
        super().__init__()
        label, width = (_("Concept"), CONCEPT_WIDTH) if of_concept else (_("Key"), KEY_WIDTH)
        self.key = line_edit(key, label, width=width)
        self.value = line_edit(value, _("Value"))
        self.remove = icon_button("x", "")
        for edit in (self.key, self.value):
            edit.textEdited.connect(self._tell)
        self.remove.clicked.connect(lambda: self.removed.emit(self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(row(self.key, (self.value, 1), self.remove))
        self._name()

    def _tell(self) -> None:
        self._name()
        self.changed.emit()

    def _name(self) -> None:
        key = self.key.text().strip()
        self.value.setAccessibleName(_("Value of “{key}”").format(key=key) if key else _("Value"))
        self.remove.set_tip(_("Remove “{key}”").format(key=key) if key else _("Remove this row"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed yet."""
        return not self.key.text().strip() and not self.value.text().strip()


class MappingControl(Control):
    """Keys with values, as a library takes them.

    What cannot be read as a mapping is told as the words themselves, which the setting refuses;
    `said` is what is wrong with it.
    """

    def __init__(self, name: str) -> None:
        """Be empty until a value is set."""
        self._name = name
        self._of_concepts = self._is_words = False
        self.rows: list[_KeyRow] = []
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(6)
        self.add = button(_("Add a key"), "link", "plus")
        self.as_json = button(_("Edit as JSON"), "link")
        self.as_rows = button(_("Edit as rows"), "link")
        self.json = LinesEdit(_("{field} as JSON").format(field=name), JSON_LINES, "mono")
        self.said = wrapped("", "small", "bad")
        self._said_row = row(Icon("circle-alert", "bad", 14), (self.said, 1), gap=6)
        super().__init__(self._content())
        self.setMinimumWidth(0)
        self.setMaximumWidth(NO_LIMIT)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.setStretch(0, NO_LIMIT)
        self.add.clicked.connect(self._add_empty)
        self.as_json.clicked.connect(lambda: self._show_json(is_json=True))
        self.as_rows.clicked.connect(lambda: self._show_json(is_json=False))
        self.json.changed.connect(self._tell)
        self._say("")

    def _content(self) -> QWidget:
        holder = QWidget()
        holder.setLayout(self._list)
        self._rows_page = column(holder, row(self.add, None, self.as_json), gap=6)
        self._json_page = column(self.json, row(None, self.as_rows), gap=6)
        self._json_page.hide()
        content = column(self._rows_page, self._json_page, self._said_row, gap=4)
        content.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        return content

    def hold_concepts(self, *, are_words: bool) -> None:
        """Have concepts as keys, in a narrow place; `are_words`: values are as they are typed."""
        self._of_concepts, self._is_words = True, are_words
        self.add.setText(_("Add a concept"))

    def _value(self, words: str) -> Any:  # noqa: ANN401  # whatever JSON knows
        return words if self._is_words else value_of(words)

    def _words(self, value: object) -> str:
        if not self._is_words:
            return value_words(value)
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)

    @property
    def is_json(self) -> bool:
        """Whether the whole is edited as JSON."""
        return not self._json_page.isHidden()

    def read(self) -> object:
        """Return the mapping, or the words where they are none."""
        if self.is_json:
            return self._read_json()
        filled = [one for one in self.rows if not one.is_empty]
        for one in filled:
            one.key.set_wrong(wrong=False)
            one.value.set_wrong(wrong=False)
        problem = self._problem_of(filled)
        self._say(problem)
        if problem:
            return problem
        return {one.key.text().strip(): self._value(one.value.text()) for one in filled}

    def _problem_of(self, filled: list[_KeyRow]) -> str:
        counts = Counter(one.key.text().strip() for one in filled)
        for one in filled:
            key = one.key.text().strip()
            if not key or counts[key] > 1:
                one.key.set_wrong(wrong=True)
                return _("“{key}” is there twice.").format(key=key) if key else _("Name the key.")
            if not self._is_words and is_unfinished(one.value.text()):
                one.value.set_wrong(wrong=True)
                return _("The value of “{key}” is not complete.").format(key=key)
        return ""

    def _read_json(self) -> object:
        try:
            value = json.loads(self.json.text() or "{}")
        except json.JSONDecodeError as error:
            hint = next((_(words) for start, words in HINTS if error.msg.startswith(start)), "")
            said = _("Line {line}: {hint}.").format(
                line=error.lineno, hint=hint or _("this is no JSON")
            )
            self.json.set_wrong(wrong=True, line=error.lineno)
            self._say(said)
            return self.json.text()
        is_mapping = isinstance(value, dict)
        self.json.set_wrong(wrong=not is_mapping)
        self._say("" if is_mapping else _("Write the keys with their values in braces: {…}."))
        return value if is_mapping else self.json.text()

    def _say(self, problem: str) -> None:
        self.said.setText(problem)
        self._said_row.setVisible(bool(problem))

    def mark(self, key: str) -> None:
        """Mark the key that the engine refuses."""
        for one in self.rows:
            one.key.set_wrong(wrong=bool(key) and one.key.text().strip() == key)

    def set_value(self, value: object) -> None:
        """Show a value; nothing is told, and what means the same is left as it was typed."""
        if not isinstance(value, Mapping) or self.read() == value:
            return
        for one in list(self.rows):
            self._forget(one)
        for key, content in value.items():
            self._add(key, self._words(content))
        self.json.set_text(json.dumps(dict(value), indent=2, ensure_ascii=False))
        self.read()

    def _add(self, key: str, value: str) -> _KeyRow:
        added = _KeyRow(key, value, of_concept=self._of_concepts)
        added.changed.connect(self._tell)
        added.removed.connect(self._remove)
        self.rows.append(added)
        self._list.addWidget(added)
        return added

    def _add_empty(self) -> None:
        self._add("", "").key.setFocus()

    def _remove(self, one: _KeyRow) -> None:
        place = self.rows.index(one)
        self._forget(one)
        left = self.rows[min(place, len(self.rows) - 1)] if self.rows else None
        (left.remove if left else self.add).setFocus()
        self._tell()

    def _forget(self, one: _KeyRow) -> None:
        self.rows.remove(one)
        self._list.removeWidget(one)
        one.hide()
        one.deleteLater()

    def _show_json(self, *, is_json: bool) -> None:
        value = self.read()
        if not isinstance(value, dict):
            return  # it would be lost
        self._rows_page.setVisible(not is_json)
        self._json_page.setVisible(is_json)
        if is_json:
            self.json.set_text(json.dumps(value, indent=2, ensure_ascii=False))
        else:
            self._show_rows(value)
        (self.json if is_json else self.as_json).setFocus()

    def _show_rows(self, value: Mapping[str, Any]) -> None:
        for one in list(self.rows):
            self._forget(one)
        for key, content in value.items():
            self._add(key, self._words(content))

    def _tell(self) -> None:
        self.changed.emit(self.read())
