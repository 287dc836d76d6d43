"""A text whose words are marked by how much they spoke for a concept."""

from collections.abc import Sequence

from core.i18n import _
from core.learning.explaining import WordSpan
from desktop.widgets.highlight_edit import ReadingText, TextMark


class MarkedText(ReadingText):
    """A text to read; the words that spoke for a concept are marked, grey if that is unsure."""

    def set_text(self, text: str, spans: Sequence[WordSpan], number: int, *, is_sure: bool) -> None:
        """Show another text.

        Args:
            text: as it was explained.
            spans: the words to mark; those that did not speak for the concept are not marked.
            number: of the concept's colour.
            is_sure: whether the words were borne out.
        """
        self.set_value(text)
        self.set_marks(marks_of(text, spans), number, is_sure=is_sure)
        words = ", ".join(text[one.start : one.end] for one in spans if one.importance > 0)
        marked = _("Marked: {words}").format(words=words)
        self.setAccessibleDescription(marked if words else "")


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
