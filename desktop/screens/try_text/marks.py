"""Marks for the words that spoke for a concept, by how much they did."""

from collections.abc import Sequence

from core.learning.explaining import WordSpan
from desktop.widgets.highlight_edit import TextMark


def marks_of(text: str, spans: Sequence[WordSpan], shift: int = 0) -> list[TextMark]:
    """Return marks for the words that spoke for a concept, the weightiest with weight 1.

    Args:
        text: that is shown.
        spans: places in what was explained.
        shift: where in the text that begins, in characters.
    """
    spoke_for = [one for one in spans if one.importance > 0]
    most = max((one.importance for one in spoke_for), default=1.0)
    return [
        TextMark(
            start=_n_units(text[: shift + one.start]),
            length=_n_units(text[shift + one.start : shift + one.end]),
            weight=one.importance / most,
        )
        for one in spoke_for
    ]


def _n_units(text: str) -> int:
    """Return how long Qt says a text is: it counts characters beyond the first plane twice."""
    return len(text) + sum(character > "\uffff" for character in text)
