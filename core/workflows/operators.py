"""What each operator does to the outputs before it: one function per kind, no model, no app."""

import hashlib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from core.learning.data_check.languages import ranked_languages
from core.records import Prediction
from core.workflows.expressions import matches
from core.workflows.node_settings import (
    CleanerSettings,
    ConceptFilterSettings,
    ExpressionSettings,
    KeywordSettings,
    LanguageSettings,
    NodeSettings,
    PromptSettings,
    SampleSettings,
    SplitterSettings,
    ThresholdSettings,
)
from core.workflows.nodes import PLACES, words_of
from core.workflows.texts import cleaned, parts_of
from core.workflows.values import Carries, Output

Concepts = tuple[Prediction, ...]
_CLOSE = 1e-9
COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "=": lambda a, b: math.isclose(a, b, abs_tol=_CLOSE),
}


def classify_part(text: str, settings: NodeSettings) -> Concepts:
    """Return the concepts that an operator finds in one part of a text, the surest first."""
    match settings:
        case ExpressionSettings(expressions=expressions, ignores_case=ignores_case):
            found = [
                c
                for c, e in expressions.items()
                if matches(str(e), text, ignores_case=ignores_case)
            ]
            return tuple(Prediction(concept, 1.0) for concept in found)
        case KeywordSettings():
            return _by_words(text, settings)
        case LanguageSettings(top_k=top_k, threshold=threshold):
            ranked = ranked_languages(text, top_k)
            return tuple(Prediction(code, p) for code, p in ranked if p >= threshold)
    raise TypeError(settings)


def change_parts(parts: Sequence[str], settings: NodeSettings) -> tuple[str, ...]:
    """Return what an operator makes of the parts of a text; empty where nothing is left."""
    match settings:
        case CleanerSettings():
            return tuple(done for part in parts if (done := cleaned(part, settings)))
        case SplitterSettings(max_chars=max_chars):
            return tuple(piece for part in parts for piece in parts_of(part, max_chars))
        case PromptSettings(prompt_template=template):
            return tuple(_prompted(template, part) for part in parts)
    raise TypeError(settings)


def narrow(concepts: Concepts, settings: NodeSettings) -> Concepts:
    """Return the concepts that an operator lets through."""
    match settings:
        case ThresholdSettings(comparison=comparison, value=value, concepts=own, others=others):
            compare = COMPARE[comparison]
            return tuple(
                p
                for p in concepts
                if (p.concept in own or not own or others == "value")
                and compare(p.probability, float(own.get(p.concept, value)))
            )
        case ConceptFilterSettings(what=what, concepts=names):
            is_kept = what == "keep"
            if not names:
                return concepts
            return tuple(p for p in concepts if (p.concept in names) == is_kept)
    raise TypeError(settings)


def is_sampled(text: str, settings: SampleSettings) -> bool:
    """Tell whether a text is in a sample; the same text always is, whatever comes with it."""
    digest = hashlib.sha256(f"{settings.seed}\0{text}".encode(errors="replace")).digest()
    return int.from_bytes(digest[:8]) < settings.share * 2**64


def rolled_up(parts: Sequence[Concepts], how: str) -> Concepts:
    """Return the concepts of a whole text: of each the highest of its parts, or their mean.

    A concept that a part does not have counts as 0 there.
    """
    if len(parts) == 1:
        return parts[0]
    found: dict[str, float] = {}
    for concepts in parts:
        for p in concepts:
            before = found.get(p.concept, 0.0)
            share = p.probability / len(parts)
            found[p.concept] = before + share if how == "mean" else max(before, p.probability)
    ranked = sorted(found.items(), key=lambda pair: -pair[1])
    return tuple(Prediction(concept, probability) for concept, probability in ranked)


def merged(outputs: Sequence[Output]) -> Output:
    """Return as one what several nodes made of the same text."""
    if len(outputs) == 1:
        return outputs[0]
    first = outputs[0]
    if first.carries == Carries.CONCEPTS:
        concepts = rolled_up([output.concepts for output in outputs], "max")
        return Output(Carries.CONCEPTS, first.parts, concepts)
    if first.carries == Carries.EMBEDDING:
        return first
    parts = tuple(part for output in outputs for part in output.parts)
    return Output(Carries.TEXT, parts, roll_up=first.roll_up)


def _prompted(template: str, text: str) -> str:
    place = next(place for place in PLACES if place in template)
    return text.join(template.split(place))


def _by_words(text: str, settings: KeywordSettings) -> Concepts:
    found = []
    for concept, value in settings.words.items():
        words = _pattern_of(tuple(words_of(value)), settings.whole_words, settings.ignores_case)
        is_each = [pattern.search(text) is not None for pattern in words]
        if all(is_each) if settings.match == "all" else any(is_each):
            found.append(Prediction(concept, 1.0))
    return tuple(found)


@lru_cache(maxsize=256)
def _pattern_of(
    words: tuple[str, ...],
    whole: bool,  # noqa: FBT001  # for the cache
    ignores_case: bool,  # noqa: FBT001
) -> tuple["re.Pattern[str]", ...]:
    flags = re.IGNORECASE if ignores_case else 0
    edge = (r"(?<!\w)", r"(?!\w)") if whole else ("", "")
    return tuple(
        re.compile(edge[0] + re.escape(word).replace(r"\ ", r"\s+") + edge[1], flags)
        for word in words
    )
