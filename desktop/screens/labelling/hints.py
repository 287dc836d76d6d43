"""The line below the bar: keys, and what they do."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop.widgets.key_cap import cap_width, paint_cap
from desktop.widgets.painted import painter_of, put, text_width

HEIGHT = 26
GAP, BETWEEN = 6, 24
PARTS = re.compile(r"\[([^\]]+)\]|([^\[]+)")


def parts_of(hint: str) -> list[tuple[str, str]]:
    """Return a hint's caps and words: "[1] to [8] choose" has two of each, as pairs with a ""."""
    return [(cap, words.strip()) for cap, words in PARTS.findall(hint) if cap or words.strip()]


def plain(hint: str) -> str:
    """Return a hint as it is read aloud."""
    return " ".join(cap or words for cap, words in parts_of(hint))


def hint_width(hint: str) -> float:
    """Return how many pixels a hint takes."""
    widths = [
        cap_width(cap) if cap else text_width(words, "small") for cap, words in parts_of(hint)
    ]
    return sum(widths) + GAP * (len(widths) - 1)


class Hints(QWidget):
    """Hints side by side, in the middle; where room is short, all but the first and last yield."""

    def __init__(self) -> None:
        """Be empty."""
        super().__init__()
        self.hints: tuple[str, ...] = ()
        self.setFixedHeight(HEIGHT)

    def set_hints(self, hints: Sequence[str]) -> None:
        """Show other hints: key caps stand in brackets."""
        if tuple(hints) != self.hints:
            self.hints = tuple(hints)
            self.setAccessibleName("; ".join(map(plain, hints)))
            self.update()

    def shown(self) -> list[str]:
        """Return the hints that there is room for."""
        fitting = list(self.hints)
        while len(fitting) > 2 and self._width(fitting) > self.width():  # noqa: PLR2004  # the two
            fitting.pop(-2)
        return fitting

    def _width(self, hints: Sequence[str]) -> float:
        return sum(map(hint_width, hints)) + BETWEEN * (len(hints) - 1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, hints = painter_of(self), self.shown()
        x, middle = max(0.0, (self.width() - self._width(hints)) / 2), self.height() / 2
        for hint in hints:
            for cap, words in parts_of(hint):
                if cap:
                    x += paint_cap(painter, x, middle, cap) + GAP
                else:
                    width = text_width(words, "small")
                    put(painter, QRectF(x, 0, width + 2, self.height()), words, "small", "ink_2")
                    x += width + GAP
            x += BETWEEN - GAP
