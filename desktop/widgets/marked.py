"""A text as markup with some of its places marked."""

from collections.abc import Iterable
from html import escape

from core.charts.scene import is_right_to_left
from desktop.theme.tokens import colour


def marked_html(text: str, marks: Iterable[tuple[int, int]], tint: str = "warn_soft") -> str:
    """Return a text as markup; what is marked is bold, underlined and on a tint.

    Args:
        text: of any kind; nothing in it is read as markup.
        marks: where its marked places begin and end, rising.
        tint: the colour's role.
    """
    ground = colour(tint).name()
    opening = f'<span style="background-color:{ground};text-decoration:underline;font-weight:600">'
    parts, place = [], 0
    for start, end in marks:
        parts += [escape(text[place:start]), opening, escape(text[start:end]), "</span>"]
        place = end
    parts.append(escape(text[place:]))
    direction = "rtl" if is_right_to_left(text) else "ltr"
    return f'<div dir="{direction}">{"".join(parts)}</div>'.replace("\n", "<br>")
