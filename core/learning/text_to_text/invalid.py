"""Rows that a text-to-text model cannot learn from, and why."""

from collections.abc import Sequence
from enum import StrEnum

from core.i18n import N_
from core.learning.text_to_text.encoding import encode
from core.learning.text_to_text.prompts import Pair, check_template, has_sections, pair_of
from core.learning.text_to_text.reading import Reader


class Fault(StrEnum):
    """What is wrong with a row."""

    EMPTY_TEXT = "empty-text"
    EMPTY_ANSWER = "empty-answer"
    NO_ANSWER_SECTION = "no-answer-section"
    UNREADABLE = "unreadable"
    TOO_LONG = "too-long"


FAULT_WORDS = {
    Fault.EMPTY_TEXT: N_("The text is empty."),
    Fault.EMPTY_ANSWER: N_("The answer is empty."),
    Fault.NO_ANSWER_SECTION: N_("There is no answer: no second column, and no “###” section."),
    Fault.UNREADABLE: N_("The text holds characters that are none."),
    Fault.TOO_LONG: N_("Too long: even after cutting, no text or no answer is left."),
}


def faults_of(
    rows: Sequence[tuple[str, str]],
    *,
    template: str,
    max_tokens: int,
    reader: Reader | None = None,
) -> dict[int, Fault]:
    """Return what is wrong, by the place of the row; rows that are fine are left out.

    Args:
        rows: texts with their answers, "" where the answer is the text's last section.
        template: see `prompts.prompt_of`.
        max_tokens: see `encoding.encode`.
        reader: of the base model; None leaves out what is too long.

    Raises:
        PromptTemplateError: see `prompts.check_template`.
    """
    check_template(template)
    has_answers = any(target.strip() for _text, target in rows)
    found = {}
    for place, (text, target) in enumerate(rows):
        fault = _fault(text, target, has_answers=has_answers)
        pair = pair_of(text, target)
        if fault is None and pair is not None and reader is not None:
            fault = _length_fault(pair, reader, template, max_tokens)
        if fault is not None:
            found[place] = fault
    return found


def _fault(text: str, target: str, *, has_answers: bool) -> Fault | None:
    if not text.strip():
        return Fault.EMPTY_TEXT
    if _is_torn(text) or _is_torn(target):
        return Fault.UNREADABLE
    if pair_of(text, target) is not None:
        return None
    if has_sections(text):
        ends_empty = text.rstrip().endswith(":") and pair_of(text.rstrip() + " x") is not None
        return Fault.EMPTY_ANSWER if ends_empty else Fault.NO_ANSWER_SECTION
    return Fault.EMPTY_ANSWER if has_answers else Fault.NO_ANSWER_SECTION


def _is_torn(text: str) -> bool:
    """Tell whether a text holds half of a character, which no file can be written with."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def _length_fault(pair: Pair, reader: Reader, template: str, max_tokens: int) -> Fault | None:
    encoded = encode(pair, reader, template=template, max_tokens=max_tokens)
    start, end = encoded.prompt_cut
    is_all_cut = end - start >= len(pair.text)
    n_tokens = len(encoded.prompt if reader.writes_apart else encoded.ids)
    too_many = n_tokens > reader.limit(max_tokens)
    return Fault.TOO_LONG if is_all_cut or too_many or not encoded.answer_end else None
