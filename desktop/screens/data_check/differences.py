"""Which words of two texts differ."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

Spans = list[tuple[int, int]]

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
SHOWN_LETTERS = 1_500
AROUND = 300  # letters before the first marked place of a text that is longer


def differences(one: str, other: str) -> tuple[Spans, Spans]:
    """Return where the words stand that differ, in each of the texts."""
    left, right = (list(TOKEN.finditer(text)) for text in (one, other))
    words = [match.group() for match in left], [match.group() for match in right]
    marks: tuple[Spans, Spans] = ([], [])
    for verb, i, i_end, j, j_end in SequenceMatcher(None, *words).get_opcodes():
        if verb == "equal":
            continue
        for spans, tokens, begin, end in ((marks[0], left, i, i_end), (marks[1], right, j, j_end)):
            start = begin
            while end - start > 1 and tokens[start].group().isspace():
                start += 1  # the space before a word stands out only where it is alone
            if start < end:
                spans.append((tokens[start].start(), tokens[end - 1].end()))
    return marks


def shown_differences(one: str, other: str) -> tuple[Spans, Spans]:
    """Return where texts of any length differ, from shortly before the first difference on."""
    pairs = enumerate(zip(one, other, strict=False))
    first = next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))
    start = max(0, first - AROUND)
    parts = (text[start : start + SHOWN_LETTERS] for text in (one, other))
    left, right = (
        [(begin + start, end + start) for begin, end in spans] for spans in differences(*parts)
    )
    return left, right


def excerpt(text: str, marks: Sequence[tuple[int, int]] = ()) -> tuple[str, Spans]:
    """Return as much of a text as is shown, from shortly before the first mark, and the marks."""
    start = 0
    if len(text) > SHOWN_LETTERS and marks:
        start = max(0, marks[0][0] - AROUND)
    end = min(len(text), start + SHOWN_LETTERS)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    inside = [(a + shift, min(b, end) + shift) for a, b in marks if start <= a < end]
    return f"{before}{text[start:end]}{after}", inside
