"""What the model sees of a row: its text inside a prompt, or its own `###` sections as they are.

A row is two columns (text, answer) or one text of sections, of which the last is the answer:
`### Instruction: … ### Human: … ### Assistant: …`, or Alpaca's `### Instruction / ### Input /
### Response`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import Formatter

from core.i18n import _
from core.learning.settings import SettingNotAllowedError

TEXT = "text"
# `### Name:` with the white space behind it; a name is a letter and at most 40 signs more.
_HEADER = re.compile(r"(?<![#\w])###[ \t]*(?P<name>[^\W\d_][\w \-]{0,40}):(?P<gap>[ \t]*\n?)")
_MOST_EXAMPLES = 1_000  # rows that are read to see how they are framed


@dataclass(frozen=True)
class Pair:
    """A text and the answer that the model shall write to it."""

    text: str
    target: str


@dataclass(frozen=True)
class Prompt:
    """What stands before the answer: the text and what is around it; only the text may be cut."""

    before: str
    text: str
    after: str

    def __str__(self) -> str:
        """Return all of it, one after the other."""
        return self.before + self.text + self.after


class PromptTemplateError(SettingNotAllowedError):
    """What is written around a text does not say where the text goes, or says more."""

    def __init__(self, template: str, next_step: str) -> None:
        super().__init__("prompt_template", template, next_step)


def check_template(template: str) -> None:
    """Refuse a prompt template that does not hold {text} once, and no other name.

    Raises:
        PromptTemplateError: {text} is missing or there twice, another name is there, or a brace
            stands alone.
    """
    _halves(template)


def _halves(template: str) -> tuple[str, str]:
    """Return what stands before {text} and what stands after it."""
    halves, n_found = ["", ""], 0
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise PromptTemplateError(
            template, _("Write each brace that is no part of {text} twice: “{{” and “}}”.")
        ) from error
    for words, name, form, conversion in parts:
        halves[min(n_found, 1)] += words
        if name is None:
            continue
        if name != TEXT or form or conversion:
            raise PromptTemplateError(
                template, _("Write {text} where the text goes, and no other name in braces.")
            )
        n_found += 1
    if n_found != 1:
        raise PromptTemplateError(template, _("Write {text} once, where the text goes."))
    return halves[0], halves[1]


def prompt_of(text: str, template: str) -> Prompt:
    """Return what the model sees before its answer.

    A text that has sections itself is shown as it is, without the template around it.

    Raises:
        PromptTemplateError: see `check_template`.
    """
    before, after = _halves(template)
    return Prompt("", text, "") if has_sections(text) else Prompt(before, text, after)


def has_sections(text: str) -> bool:
    """Tell whether a text holds a `### Name:` header."""
    return _HEADER.search(text) is not None


def pair_of(text: str, target: str = "") -> Pair | None:
    """Return the text and its answer, or None where a row has none.

    Args:
        text: of the first column.
        target: of the second; where it is empty, the text's last section is the answer.
    """
    if target.strip():
        return Pair(text, target.strip()) if text.strip() else None
    return _split_at_answer(text)


def _split_at_answer(text: str) -> Pair | None:
    """Split at the last header; what stands before it must be something."""
    headers = list(_HEADER.finditer(text))
    if not headers or not text[: headers[-1].start()].strip():
        return None
    last = headers[-1]
    answer = text[last.end() :].strip()
    # The spaces behind a header belong to the answer's first word, as every tokenizer has it.
    end = last.end() if last["gap"].endswith("\n") else last.end() - len(last["gap"])
    return Pair(text[:end].lstrip(), answer) if answer else None


def answer_header_of(texts: Sequence[str]) -> str:
    """Return the header that most texts with sections end with, as it is written, or "".

    It is put behind a text whose last section is another one, so that the model knows that it is
    its turn.
    """
    counts: dict[str, int] = {}
    for text in texts[:_MOST_EXAMPLES]:
        headers = list(_HEADER.finditer(text))
        if headers and not text[headers[-1].end() :].strip():
            place = headers[-1].start()
            gap = text[len(text[:place].rstrip()) : place]
            header = gap + text[place:]
            counts[header] = counts.get(header, 0) + 1
    return max(counts, key=lambda header: counts[header], default="")


def with_answer_header(text: str, header: str) -> str:
    """Return a text with sections so that it ends with the header of the answer.

    Args:
        text: one without sections is returned as it is.
        header: as `answer_header_of` returns it.
    """
    names = [found["name"] for found in _HEADER.finditer(text)]
    own = _HEADER.search(header)
    if not names or own is None:
        return text
    last = list(_HEADER.finditer(text))[-1]
    if last["name"] == own["name"] and not text[last.end() :].strip():
        return text[: last.start()].rstrip() + header
    return text.rstrip() + header


def template_of(texts: Sequence[str], template: str) -> str:
    """Return the prompt that texts with sections have in common, for those that come without.

    All must have the same headers, and all but one of the sections the same words: then that one
    is where {text} goes. Otherwise the given template stays.
    """
    shapes = [_bodies(text) for text in texts[:_MOST_EXAMPLES]]
    if len(shapes) < 2 or not all(shapes) or len({tuple(s[0::2]) for s in shapes}) > 1:  # noqa: PLR2004
        return template
    bodies = list(zip(*(shape[1::2] for shape in shapes), strict=True))
    varying = [i for i, words in enumerate(bodies) if len({w.strip() for w in words}) > 1]
    if len(varying) != 1:
        return template
    first = shapes[0]
    place = 2 * varying[0] + 1
    body = first[place]
    tail = body[len(body.rstrip()) :]
    head = body[: len(body) - len(body.lstrip())] if body.strip() else ""
    parts = [part.replace("{", "{{").replace("}", "}}") for part in first]
    parts[place] = f"{head}{{{TEXT}}}{tail}"
    return "".join(parts)


def _bodies(text: str) -> list[str]:
    """Return headers and what follows them in turn; what precedes the first follows ""."""
    parts, end = [""], 0
    for header in _HEADER.finditer(text):
        parts += [text[end : header.start()], header[0].rstrip()]
        end = header.end() - len(header["gap"])
    return [*parts, text[end:]] if end else []
