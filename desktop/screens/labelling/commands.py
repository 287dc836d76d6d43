"""Keys into acts of the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from core.i18n import _
from desktop.screens.labelling.keys import KeyReader, is_no, typed_keys

if TYPE_CHECKING:
    from desktop.screens.labelling.screen import LabellingScreen

Act = Callable[[], object]
K = Qt.Key
FIRST_KEYS = 10


class Commands:
    """Reads the keys that nobody else wanted."""

    def __init__(self, screen: LabellingScreen) -> None:
        """Act on a screen."""
        self._screen = screen
        self._reader = KeyReader()
        self._is_no = False
        self._n_concepts = 0
        bar = screen.bar
        self._moves: dict[int, Act] = {
            K.Key_Left: lambda: screen.go(screen.queue.place - 1),
            K.Key_Backspace: lambda: screen.go(screen.queue.place - 1),
            K.Key_Right: screen.go_on,
            K.Key_Home: lambda: screen.go(0),
            K.Key_End: lambda: screen.go(len(screen.queue) - 1),
        }
        self._acts: dict[int, Act] = {
            K.Key_Return: screen.go_on,
            K.Key_Enter: screen.go_on,
            K.Key_Space: screen.skip_text,
            K.Key_Insert: lambda: bar.begin_find(is_naming=True),
            K.Key_Plus: lambda: bar.begin_find(is_naming=True),
            K.Key_Slash: bar.begin_find,
            K.Key_Question: screen.overlay.open,
            K.Key_Period: screen.helping.accept,
        }
        self._letters: dict[str, Act] = {
            "c": screen.toggle_codebook,
            "f": bar.begin_find,
            "n": screen.pane.open_note,
            "u": screen.say_unsure,
            "x": screen.say_none,
        }
        self._with_control: dict[int, Act] = {
            K.Key_G: screen.top.open_jump,
            K.Key_F: screen.top.filter.open,
            K.Key_PageDown: lambda: bar.turn(1),
            K.Key_PageUp: lambda: bar.turn(-1),
        }
        self.forget()

    def set_shortcuts(self, shortcuts: Mapping[int, str]) -> None:
        """Know the keys of the concepts."""
        self._reader.set_shortcuts(shortcuts)
        self._n_concepts = len(shortcuts)
        self.forget()

    def forget(self) -> None:
        """Forget the first of two keys."""
        self._reader.pending = ""
        self._show_pending()

    def run(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; return False where it stands for nothing here."""
        key = event.key()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return _done(self._with_control.get(key))
        if key in self._moves and self._screen.is_going_through:
            self.forget()
            return _done(self._moves[key])
        if not self._screen.is_labelling:
            return False
        if key == K.Key_Escape and self._reader.pending:
            return _done(self.forget)
        return self._run_on_text(event)

    def _run_on_text(self, event: QKeyEvent) -> bool:
        keys = typed_keys(event)
        if event.isAutoRepeat() and (keys or event.key() in self._acts):
            return True  # a key that is held down does not answer text after text
        if not keys:
            act = self._acts.get(event.key())
            if act:
                self.forget()
            return _done(act)
        self._is_no = is_no(event) or (self._is_no and bool(self._reader.pending))
        found = self._reader.read(keys)
        self._show_pending()
        if found is None:
            return _done(next((self._letters[k] for k in keys if k in self._letters), None))
        if found:
            self._screen.choose(found, not self._is_no)
        return True

    def _show_pending(self) -> None:
        pending = self._reader.pending
        self._screen.bar.set_pending(pending)
        self._screen.bar.set_hints(_hints_after(pending) if pending else self._hints())

    def _hints(self) -> tuple[str, ...]:
        if not self._n_concepts:
            return (_("[Space] skip"), _("[?] all keys"))
        last = str(min(self._n_concepts, FIRST_KEYS) % FIRST_KEYS)
        choose = _("[1] to [{last}] choose").format(last=last) if last != "1" else _("[1] choose")
        return (
            choose,
            _("[Shift] [1] is not"),
            _("[X] none of these"),
            _("[U] unsure"),
            _("[Space] skip"),
            _("[N] note"),
            _("[Ctrl Z] undo"),
            _("[?] all keys"),
        )


def _hints_after(pending: str) -> tuple[str, ...]:
    typed = _("[{key}] is typed: the second key chooses one of the marked concepts")
    return (typed.format(key=pending.upper()), _("[Esc] forgets it"))


def _done(act: Act | None) -> bool:
    if act:
        act()
    return act is not None
