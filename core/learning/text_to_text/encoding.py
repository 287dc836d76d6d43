"""From a text and its answer to the tokens that the model learns from; what is too long is cut.

The preview shows, and every training takes, what `encode` returns. Of the text its middle is cut,
since what matters mostly stands at its ends; of the answer its end.
"""

from dataclasses import dataclass

from core.learning.text_to_text.prompts import Pair, Prompt, prompt_of
from core.learning.text_to_text.reading import Reader

IGNORED = -100  # a label that no loss counts: torch's and transformers' own
Place = tuple[int, int]


@dataclass(frozen=True)
class Encoded:
    """One text with its answer as the model learns from them.

    Attributes:
        prompt: tokens before the answer, with the marks around them.
        answer: tokens of the answer, and the end mark unless the answer is cut.
        prompt_cut: the characters of the prompt that are left out, or (0, 0).
        n_before_cut: how many of the prompt's tokens stand before those.
        answer_end: how many characters of the answer are kept.
        has_end: whether the model learns that the answer ends here.
    """

    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    prompt_cut: Place
    n_before_cut: int
    answer_end: int
    has_end: bool

    @property
    def ids(self) -> tuple[int, ...]:
        """Return the tokens one after the other, as a causal model sees them."""
        return self.prompt + self.answer

    def labels(self, *, learns_prompt: bool) -> tuple[int, ...]:
        """Return what each of `ids` counts as: itself, or `IGNORED`."""
        if learns_prompt:
            return self.ids
        return (IGNORED,) * len(self.prompt) + self.answer


@dataclass(frozen=True)
class _Tokens:
    """Tokens with the characters that each stands for."""

    ids: tuple[int, ...]
    places: tuple[Place, ...]

    def __len__(self) -> int:
        return len(self.ids)


def encode(pair: Pair, reader: Reader, *, template: str, max_tokens: int) -> Encoded:
    """Return the tokens of a text and its answer, cut to what the model takes.

    A causal model has one limit for both: of what its prompt leaves free, the answer may always
    have half. A sequence-to-sequence model has it for each.

    Args:
        pair: the text and its answer.
        reader: of the base model.
        template: see `prompt_of`.
        max_tokens: the most tokens of both, and no more than the model takes.

    Raises:
        PromptTemplateError: see `prompts.check_template`.
    """
    prompt = prompt_of(pair.text, template)
    tokens = _read(str(prompt), reader)
    answer = answer_tokens(pair.target, str(prompt), reader)
    limit = reader.limit(max_tokens)
    if reader.writes_apart:
        around = len(reader.before) + len(reader.after)
        kept = _shorten(tokens, prompt, limit - around)
        return _encoded(kept, answer, limit - 1, reader)
    room = limit - len(reader.before) - 1
    n_text = len(_inside(tokens, prompt))
    free = room - (len(tokens) - n_text)
    most = max(free // 2, free - n_text)
    kept = _shorten(tokens, prompt, room - min(len(answer), most))
    return _encoded(kept, answer, room - len(kept.tokens), reader)


def encode_prompt(
    text: str, reader: Reader, *, template: str, max_tokens: int, reserved: int
) -> tuple[int, ...]:
    """Return the tokens that an answer is written to, cut in the middle where they are too many.

    Args:
        text: what the analyst gives.
        reader: of the base model.
        template: see `prompt_of`.
        max_tokens: the most tokens of text and answer.
        reserved: tokens that are kept free for the answer of a causal model.
    """
    prompt = prompt_of(text, template)
    tokens = _read(str(prompt), reader)
    room = reader.limit(max_tokens) - len(reader.before)
    room -= len(reader.after) if reader.writes_apart else reserved
    return _around(_shorten(tokens, prompt, room).tokens.ids, reader)


def answer_tokens(target: str, prompt: str, reader: Reader) -> _Tokens:
    """Return the tokens of an answer; a space parts it from a prompt that ends in a word."""
    joint = "" if reader.writes_apart or not prompt or prompt[-1].isspace() else reader.joint
    tokens = _read(joint + target, reader)
    places = tuple((max(a - len(joint), 0), max(b - len(joint), 0)) for a, b in tokens.places)
    return _Tokens(tokens.ids, places)


def least_tokens(template: str, reader: Reader) -> int:
    """Return how many tokens the prompt has without a text in it."""
    prompt = prompt_of("", template)
    return len(_read(prompt.before, reader)) + len(_read(prompt.after, reader))


@dataclass(frozen=True)
class _Kept:
    tokens: _Tokens
    n_first: int
    cut: Place


def _read(text: str, reader: Reader) -> _Tokens:
    readable = text.encode("utf-8", "replace").decode("utf-8")  # halves of characters become "?"
    found = reader.tokenizer.encode(readable, add_special_tokens=False)
    return _Tokens(tuple(found.ids), tuple(found.offsets))


def _shorten(tokens: _Tokens, prompt: Prompt, room: int) -> _Kept:
    """Leave tokens out of the middle of the prompt's text until there are no more than `room`.

    What is around the text stays, and no character is torn apart: the bytes of one may be several
    tokens.
    """
    too_many = len(tokens) - max(room, 0)
    if too_many <= 0:
        return _Kept(tokens, len(tokens), (0, 0))
    start, end = len(prompt.before), len(prompt.before) + len(prompt.text)
    inside = _inside(tokens, prompt)
    if not inside:
        return _Kept(tokens, len(tokens), (0, 0))
    n_kept = max(len(inside) - too_many, 0)
    first = inside[0] + (n_kept + 1) // 2
    last = inside[-1] + 1 - n_kept // 2
    while first > inside[0] and _is_torn(tokens, first):
        first -= 1
    while last <= inside[-1] and _is_torn(tokens, last):
        last += 1
    kept_start = tokens.places[first - 1][1] if first else start
    kept_end = tokens.places[last][0] if last < len(tokens) else end
    kept = _Tokens(
        tokens.ids[:first] + tokens.ids[last:], tokens.places[:first] + tokens.places[last:]
    )
    return _Kept(kept, first, (min(kept_start, kept_end), kept_end))


def _inside(tokens: _Tokens, prompt: Prompt) -> list[int]:
    """Return which tokens stand for the text alone, not for what is around it."""
    start, end = len(prompt.before), len(prompt.before) + len(prompt.text)
    return [i for i, (a, b) in enumerate(tokens.places) if a >= start and b <= end]


def _is_torn(tokens: _Tokens, place: int) -> bool:
    """Tell whether the tokens on both sides of a place stand for the same character."""
    if not 0 < place < len(tokens):
        return False
    return tokens.places[place][0] < tokens.places[place - 1][1]


def _encoded(kept: _Kept, answer: _Tokens, room: int, reader: Reader) -> Encoded:
    """Put the marks around, and cut the answer to its room; what is cut has no end mark."""
    start, after = (reader.before, reader.after) if reader.writes_apart else ((), ())
    ending = after if after and after[-1] == reader.end else (*after, reader.end)
    room -= len(start) + len(ending) - 1
    n_kept = min(len(answer), max(room, 0))
    has_end = n_kept == len(answer)
    while not has_end and _is_torn(answer, n_kept):
        n_kept -= 1
    written = (*start, *answer.ids[:n_kept], *(ending if has_end else ()))
    return Encoded(
        prompt=_around(kept.tokens.ids, reader),
        answer=written,
        prompt_cut=kept.cut,
        n_before_cut=len(reader.before) + kept.n_first,
        answer_end=answer.places[n_kept - 1][1] if n_kept else 0,
        has_end=has_end,
    )


def _around(ids: tuple[int, ...], reader: Reader) -> tuple[int, ...]:
    return reader.before + ids + (reader.after if reader.writes_apart else ())
