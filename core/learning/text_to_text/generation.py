"""How an answer is written, as values, and when it turns in circles."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.learning.text_to_text_settings import TextToTextSettings

MOST_BLOCK = 64  # tokens of a phrase that is recognised as repeated
FEWEST_REPEATS = 3
FEWEST_REPEATED = 24  # tokens, all repeats of the phrase together


@dataclass(frozen=True, kw_only=True)
class Generation:
    """How answers are written; the attributes are those of `TextToTextSettings`.

    What stands against repeating counts what is written only: words and phrases of the text may
    be taken over, as answers often have to.
    """

    max_new_tokens: int = 256
    temperature: float = 0.0
    top_p: float = 0.95
    top_k: int = 0
    num_beams: int = 1
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    stop_text: str = "###"
    seed: int = 13

    @classmethod
    def of(cls, settings: TextToTextSettings) -> "Generation":
        """Return what the settings of a model say."""
        return cls(**{name: getattr(settings, name) for name in cls.__dataclass_fields__})


def repeated_tail(tokens: Sequence[int]) -> int:
    """Return how many tokens at the end only repeat what stands before them; 0 for most answers.

    A phrase counts that stands there three times in a row or more, and is of some length together:
    a model that has begun to repeat itself never stops.
    """
    for size in range(1, min(MOST_BLOCK, len(tokens) // FEWEST_REPEATS) + 1):
        block = tokens[-size:]
        repeats = 1
        while block == tokens[-size * (repeats + 1) : -size * repeats]:
            repeats += 1
        if repeats >= FEWEST_REPEATS and repeats * size >= FEWEST_REPEATED:
            return size * (repeats - 1)
    return 0
