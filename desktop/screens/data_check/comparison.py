"""The texts of one finding side by side, with what differs or what is meant marked."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _, ngettext
from core.operations.finding_kinds import FindingKind
from core.records import Concept, Input
from desktop.screens.data_check.differences import (
    Spans,
    excerpt,
    shown_differences,
)
from desktop.screens.data_check.group_table import ShownGroup
from desktop.screens.data_check.sentences import long_words, split_name
from desktop.theme.tokens import S1, S2
from desktop.widgets.concept_chip import Chip
from desktop.widgets.layout import Hairline, clip, column, row
from desktop.widgets.marked import marked_html
from desktop.widgets.painted import repaints
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import number

MOST_SHOWN = 12  # other copies of a text
MOST_CHIPS = 2
WIDEST = 4_000
HEAD = 28


class Comparison(QWidget):
    """Shows a finding: one text with its marks, or the first and beside it the others."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self._shown: tuple[FindingKind, ShownGroup, Mapping[int, Concept]] | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._parts: QWidget | None = None
        self.sides: list[QScrollArea] = []

    def show_group(
        self, kind: FindingKind, shown: ShownGroup | None, concepts: Mapping[int, Concept]
    ) -> None:
        """Show a finding, or nothing."""
        self._shown = (kind, shown, concepts) if shown else None
        self._build()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and repaints(event):
            self._build()

    def _build(self) -> None:
        if self._parts is not None:
            self._layout.removeWidget(self._parts)
            self._parts.hide()
            self._parts.deleteLater()
            self._parts, self.sides = None, []
        if self._shown is None:
            return
        kind, shown, concepts = self._shown
        if shown.concept or not shown.inputs:
            words = long_words(kind, shown.group.findings[0].detail, concepts)
            self._parts = column(wrapped(words, "body", "ink_2"), None)
        elif len(shown.inputs) > 1:
            self._parts = self._side_by_side(shown.inputs, concepts)
        else:
            self._parts = self._single(kind, shown, concepts)
        self._layout.addWidget(self._parts)

    def _single(
        self, kind: FindingKind, shown: ShownGroup, concepts: Mapping[int, Concept]
    ) -> QWidget:
        detail = shown.group.findings[0].detail
        spans = [(start, end) for _kind, start, end in detail.get("spans", ())]
        (item,) = shown.inputs
        is_as_found = shown.group.findings[0].is_standing
        card = _card(item, spans if is_as_found else [], concepts)
        words = long_words(kind, detail, concepts)
        said = [wrapped(words, "strong")] if words else []
        return self._scrolled(column(*said, card, None, gap=S1))

    def _side_by_side(self, inputs: Sequence[Input], concepts: Mapping[int, Concept]) -> QWidget:
        first, others = inputs[0], inputs[1 : 1 + MOST_SHOWN]
        left: Spans = []
        cards: list[QWidget] = []
        for other in others:
            here, there = shown_differences(first.text, other.text)
            left = left or here
            if cards:
                cards.append(Hairline())
            cards.append(_card(other, there, concepts))
        n_more = len(inputs) - 1 - len(others)
        if n_more:
            words = ngettext("and {n} more copy", "and {n} more copies", n_more)
            cards.append(text(words.format(n=number(n_more)), "small", "ink_2"))
        one = self._scrolled(column(_card(first, left, concepts), None, gap=S1))
        rest = self._scrolled(column(*cards, None, gap=S1))
        holder = QWidget()
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        layout.addWidget(one, 1)
        layout.addWidget(Hairline(vertical=True))
        layout.addWidget(rest, 1)
        return holder

    def _scrolled(self, content: QWidget) -> QScrollArea:
        area = clip(content)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setAccessibleName(_("Text of the finding"))
        self.sides.append(area)
        return area


def _card(item: Input, marks: Spans, concepts: Mapping[int, Concept]) -> QWidget:
    """Return a text with its marks, its concepts, and what it is kept for."""
    shown, inside = excerpt(item.text, marks)
    body = wrapped(marked_html(shown, inside), html=True)
    body.set_measure(WIDEST)
    body.setAccessibleName(shown)
    body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    known = [concepts[i] for i in item.positive if i in concepts]
    chips = [Chip(each.name, each.colour, most=160) for each in known[:MOST_CHIPS]]
    more = len(known) - len(chips)
    signs: list[QWidget] = [*chips]
    if more:
        signs.append(text(f"+{more}", "caption_strong", "ink_2"))
    if not known:
        signs.append(text(_("No concept yet"), "caption", "ink_2"))
    side = text(split_name(item.split), "caption", "ink_2")
    head = row(*signs, None, side, margins=(0, 0, S1, 0))
    head.setFixedHeight(HEAD)
    return column(head, body, gap=4)
