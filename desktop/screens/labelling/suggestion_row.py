"""The quiet line above the keys: what is suggested, which key takes it, why this text comes."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from core.records import Prediction
from desktop.theme.tokens import S4, colour
from desktop.widgets.concept_chip import HEIGHT as CHIP
from desktop.widgets.concept_chip import paint_mark
from desktop.widgets.icon import Icon
from desktop.widgets.key_cap import cap_width, paint_cap
from desktop.widgets.layout import row
from desktop.widgets.painted import inside_edge, painter_of, put, shortened, text_width
from desktop.widgets.text import Elided, text, tip
from desktop.widgets.wording import percent, percent_aloud

HEIGHT = 36
KEY = "."
MOST_NAME = 200.0  # pixels of a concept's name
SHOWN = 3  # chips
AROUND = 23 + 10  # pixels of a chip beside its words
GAP = 8


@dataclass(frozen=True)
class Ghost:
    """A concept that is suggested: not a label yet."""

    name: str
    number: int
    probability: float

    @property
    def width(self) -> float:
        """How many pixels its chip takes."""
        return (
            AROUND
            + text_width(self.shown, "caption_strong")
            + 6
            + text_width(percent(self.probability), "caption")
        )

    @property
    def shown(self) -> str:
        """Its name, as far as there is room."""
        return shortened(self.name, "caption_strong", MOST_NAME)


class GhostChips(QWidget):
    """Chips with a dashed edge, and the key that makes labels of them; a click takes one."""

    taken = Signal(str)  # the concept

    def __init__(self) -> None:
        """Suggest nothing."""
        super().__init__()
        self.ghosts: tuple[Ghost, ...] = ()
        self._n_meant = 0
        self.setFixedHeight(HEIGHT)

    def set_ghosts(self, ghosts: Sequence[Ghost], n_meant: int) -> None:
        """Show what is suggested; the key takes the first `n_meant`."""
        shown = tuple(ghosts[:SHOWN])
        if (shown, n_meant) == (self.ghosts, self._n_meant):
            return
        self.ghosts, self._n_meant = shown, n_meant
        said = (f"{g.name}, {percent_aloud(g.probability)}" for g in shown)
        words = _("Suggested: {concepts}. The full stop accepts it.")
        self.setAccessibleName(words.format(concepts="; ".join(said)) if shown else "")
        self.setToolTip(tip(", ".join(g.name for g in shown)))
        width = sum(g.width + GAP for g in shown) + cap_width(KEY) + GAP
        width += text_width(self._accept_words(), "small") + 4
        self.setFixedWidth(int(width) if shown else 0)
        self.update()

    def _accept_words(self) -> str:
        return _("accepts it") if self._n_meant == 1 else _("accepts them")

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        x = 0.0
        for ghost in self.ghosts:
            if x <= event.position().x() < x + ghost.width:
                self.taken.emit(ghost.name)
            x += ghost.width + GAP

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, x, middle = painter_of(self), 0.0, self.height() / 2
        for place, ghost in enumerate(self.ghosts):
            self._paint_ghost(painter, QRectF(x, middle - CHIP / 2, ghost.width, CHIP), ghost)
            x += ghost.width + GAP
            if place + 1 == self._n_meant:
                x += paint_cap(painter, x, middle, KEY) + 6
                words = self._accept_words()
                width = text_width(words, "small") + 4
                put(painter, QRectF(x, 0, width, self.height()), words, "small", "ink_2")
                x += width + GAP

    def _paint_ghost(self, painter: QPainter, area: QRectF, ghost: Ghost) -> None:
        painter.setPen(QPen(colour("outline"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(inside_edge(area), CHIP / 2, CHIP / 2)
        paint_mark(painter, area.x() + 9, area.center().y(), ghost.number)
        name = area.adjusted(23, 0, 0, 0)
        put(painter, name, ghost.shown, "caption_strong", "ink_2")
        likely = area.adjusted(23 + text_width(ghost.shown, "caption_strong") + 6, 0, 4, 0)
        put(painter, likely, percent(ghost.probability), "caption", "ink_2")


class SuggestionRow(QWidget):
    """Ghost chips on the left; on the right why this text comes, and how far the help is."""

    taken = Signal(str)

    def __init__(self) -> None:
        """Suggest nothing."""
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.chips = GhostChips()
        self.nothing = Elided("", "small", "ink_3")
        self.chance = text(_("Chosen at random"), "caption", "ink_2")
        self.sign = row(Icon("sparkles", "ink_2", 14), self.chance, gap=4)
        why = _("One in five comes by chance alone. How common each concept is, is told by these.")
        self.sign.setToolTip(tip(why))
        self.sign.setAccessibleName(f"{_('Chosen at random')}. {why}")
        self.state = Elided("", "caption", "ink_3")
        self.around = row((self.state, 1))  # tells the details where the line itself tells nothing
        layout = QHBoxLayout(self)
        layout.setContentsMargins(S4, 0, S4, 0)
        layout.setSpacing(12)
        layout.addWidget(self.chips)
        layout.addWidget(self.nothing, 1)
        layout.addStretch(1)
        layout.addWidget(self.sign)
        layout.addWidget(self.around)
        self.chips.taken.connect(self.taken)
        self.set_suggested((), {}, 0)
        self.set_random(is_random=False)

    def set_suggested(
        self, predictions: Sequence[Prediction], numbers: dict[str, int], n_meant: int
    ) -> None:
        """Show what is suggested, the likeliest first; the key takes the first `n_meant`."""
        ghosts = [
            Ghost(said.concept, numbers.get(said.concept, place), said.probability)
            for place, said in enumerate(predictions[: max(1, n_meant)])
        ]
        self.chips.set_ghosts(ghosts, n_meant)
        self.chips.setVisible(bool(ghosts))
        self.nothing.setVisible(not ghosts)

    def set_nothing(self, words: str) -> None:
        """Say why nothing is suggested."""
        self.nothing.setText(words)

    def set_random(self, *, is_random: bool) -> None:
        """Say whether chance alone chose the text."""
        self.sign.setVisible(is_random)

    def set_state(self, words: str, details: str) -> None:
        """Say how far the help is; the details are told where the pointer rests."""
        self.state.setText(words)
        self.around.setToolTip(tip(details))
        self.state.setAccessibleName(" ".join(part for part in (words, details) if part))
