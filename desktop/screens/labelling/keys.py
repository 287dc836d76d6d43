"""Which key was pressed, whatever the keyboard's layout, and which concept it chooses."""

import sys
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

K = Qt.Key
ROWS = {10: "1234567890", 24: "qwertyuiop", 38: "asdfghjkl", 52: "zxcvbnm"}
"""Each row by the code that X and Wayland give its first key; Windows counts from 8 less."""
WINDOWS = 8
MAC = "asdfhgzxcv§bqweryt123465=97-80]ou[ip\rlj'k;\\,/nm"  # the place in it is the key's code
SHIFTED = "!@#$%^&*()"  # of "1234567890" where nobody knows the place of a key
HELD = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier


def is_no(event: QKeyEvent) -> bool:
    """Say whether the key is held together with Shift or Alt, which means "is not"."""
    return bool(event.modifiers() & HELD)


def typed_keys(event: QKeyEvent) -> tuple[str, ...]:
    """Return what a key may stand for, the likeliest first; () where it is no letter or digit.

    The digit row is known by its place: Shift+1 is a “!” here and an “&” there, and elsewhere
    digits are typed with Shift. A letter is the one that is printed on the key; where that is
    not a Latin one, its place counts as well.
    """
    place, key = _place(event), event.key()
    if place.isdigit():
        return (place,)
    if K.Key_A <= key <= K.Key_Z or K.Key_0 <= key <= K.Key_9:
        return (chr(key).lower(),)
    text = event.text().lower()
    if not place and text and text in SHIFTED and is_no(event):
        return (str((SHIFTED.index(text) + 1) % 10),)
    return tuple(one for one in (text, place) if len(one) == 1 and one.isalnum())


def _place(event: QKeyEvent) -> str:
    """Return what a key of this place is on an American keyboard; "" where nobody knows."""
    if sys.platform == "darwin":
        code = event.nativeVirtualKey()
        found = MAC[code] if 0 < code < len(MAC) else ""
        return found if found.isalnum() else ""
    code = event.nativeScanCode() + (WINDOWS if sys.platform == "win32" else 0)
    for first, row in ROWS.items():
        if first <= code < first + len(row):
            return row[code - first]
    return ""


class KeyReader:
    """Puts keys together: one of a digit chooses at once, of two keys the first waits.

    Attributes:
        pending: the first of two keys, while the second is waited for.
    """

    def __init__(self) -> None:
        """Know no keys."""
        self._concepts: Mapping[str, int] = {}
        self.pending = ""

    def set_shortcuts(self, shortcuts: Mapping[int, str]) -> None:
        """Know the keys of every concept, by its id."""
        self._concepts = {keys: concept_id for concept_id, keys in shortcuts.items() if keys}

    def read(self, keys: tuple[str, ...]) -> int | None:
        """Take the next key, given as what it may stand for.

        Returns:
            The concept that is chosen now; 0 where another key is waited for, or where a second
            key chose nothing; None where the key begins nothing, and so may mean something else.
        """
        before, self.pending = self.pending, ""
        for start in dict.fromkeys((before, "")):
            for key in keys:
                keys_so_far = start + key
                if start == before and keys_so_far in self._concepts:
                    return self._concepts[keys_so_far]
                if any(known.startswith(keys_so_far) for known in self._concepts):
                    self.pending = keys_so_far if keys_so_far not in self._concepts else ""
                    return 0
        return 0 if before and keys else None
