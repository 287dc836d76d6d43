"""What the model will see of one text and its answer, exactly, before anything is trained."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from core.learning.text_to_text.encoding import Encoded, encode
from core.learning.text_to_text.prompts import Pair, Prompt, prompt_of
from core.learning.text_to_text.reading import Reader
from core.learning.text_to_text_settings import TextToTextSettings


class SpanKind(StrEnum):
    """What a part of the view is."""

    FRAME = "frame"  # what the template puts around every text
    TEXT = "text"
    ANSWER = "answer"
    END = "end"  # the mark by which the model learns to stop


@dataclass(frozen=True)
class Span:
    """A part of what the model sees.

    Attributes:
        kind: what it is.
        text: its characters.
        is_cut: whether the model never sees it, as there is no room.
        is_learned: whether the model learns to write it.
    """

    kind: SpanKind
    text: str
    is_cut: bool
    is_learned: bool


@dataclass(frozen=True)
class TrainingView:
    """What the model sees, part by part, and counted.

    Attributes:
        spans: the parts, in order; joined without the end mark they are prompt and answer.
        n_prompt_tokens, n_answer_tokens: what the model sees, the answer with its end mark.
        n_learned_tokens: of these, what it learns to write.
        limit: the most tokens that it takes; for both together, or each of them where the answer
            is written by a second network.
        ids, labels: the tokens, one after the other, and what each counts as.
    """

    spans: tuple[Span, ...]
    n_prompt_tokens: int
    n_answer_tokens: int
    n_learned_tokens: int
    limit: int
    ids: tuple[int, ...]
    labels: tuple[int, ...]


def preview(pair: Pair, tokenizer_folder: Path, settings: TextToTextSettings) -> TrainingView:
    """Return what a training with these settings makes of a text and its answer; at once.

    Args:
        pair: the text and its answer.
        tokenizer_folder: of the base model.
        settings: of the training.

    Raises:
        TokenizerMissingError: the folder does not say how a text becomes tokens.
    """
    return view_of(pair, Reader.cached(tokenizer_folder), settings)


def view_of(pair: Pair, reader: Reader, settings: TextToTextSettings) -> TrainingView:
    """Return what `preview` does, for a base model that is already being read with."""
    template, max_tokens = settings.prompt_template, settings.max_tokens
    encoded = encode(pair, reader, template=template, max_tokens=max_tokens)
    learns_prompt = settings.learns_prompt and not reader.writes_apart
    labels = encoded.labels(learns_prompt=learns_prompt)
    spans = [
        *_prompt_spans(prompt_of(pair.text, template), encoded, learns_prompt),
        *_answer_spans(pair.target, encoded),
    ]
    if encoded.has_end:
        mark = reader.tokenizer.id_to_token(reader.end) or ""
        spans.append(Span(SpanKind.END, mark, is_cut=False, is_learned=True))
    return TrainingView(
        spans=tuple(spans),
        n_prompt_tokens=len(encoded.prompt),
        n_answer_tokens=len(encoded.answer),
        n_learned_tokens=len(encoded.ids) if learns_prompt else len(encoded.answer),
        limit=reader.limit(max_tokens),
        ids=encoded.ids,
        labels=labels,
    )


def _prompt_spans(prompt: Prompt, encoded: Encoded, learns: bool) -> list[Span]:  # noqa: FBT001
    """Part the prompt where its text begins and ends, and where it is cut."""
    start, end = len(prompt.before), len(prompt.before) + len(prompt.text)
    cut_start, cut_end = encoded.prompt_cut
    whole = str(prompt)
    places = sorted({0, start, end, len(whole), cut_start, cut_end})
    spans = []
    for a, b in pairwise(places):
        is_cut = cut_start <= a and b <= cut_end
        kind = SpanKind.TEXT if start <= a and b <= end else SpanKind.FRAME
        spans.append(Span(kind, whole[a:b], is_cut, learns and not is_cut))
    return spans


def _answer_spans(target: str, encoded: Encoded) -> list[Span]:
    kept, cut = target[: encoded.answer_end], target[encoded.answer_end :]
    spans = [Span(SpanKind.ANSWER, kept, is_cut=False, is_learned=True)]
    if cut and not encoded.has_end:
        spans.append(Span(SpanKind.ANSWER, cut, is_cut=True, is_learned=False))
    return [span for span in spans if span.text]
