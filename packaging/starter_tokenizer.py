"""The starter's tokenizer: byte-level BPE in which a word has the same parts everywhere."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

END, PAD = "<|end|>", "<|pad|>"
SPACE = "Ġ"  # how byte-level BPE writes a space
VOCABULARY = 8192
SHARE_WITHOUT_SPACE = 0.6


def train_tokenizer(texts: list[str], vocabulary: int = VOCABULARY) -> Tokenizer:
    """Return a tokenizer made from the texts.

    The parts of words are learned without their spaces, and joining a space to a part comes
    last. So `name[Ferrin]` and `the Ferrin` hold the same parts of `Ferrin` but for the first,
    and a small model copies names more easily.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    digits = pre_tokenizers.Digits(individual_digits=True)
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    apart = pre_tokenizers.Split(Regex(" "), "isolated")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([apart, digits, byte_level])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=int(vocabulary * SHARE_WITHOUT_SPACE),
        special_tokens=[END, PAD],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        min_frequency=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, byte_level])
    return _with_spaces(tokenizer, texts, vocabulary)


def _with_spaces(tokenizer: Tokenizer, texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """Return the tokenizer with merges of a space and a part added, the frequent ones first."""
    from tokenizers import Tokenizer

    counts: Counter[str] = Counter()
    for text in texts:
        tokens = tokenizer.encode(text).tokens
        counts.update(part for space, part in itertools.pairwise(tokens) if space == SPACE)
    described = json.loads(tokenizer.to_str())
    model = described["model"]
    # A figure is always alone, and so is a line break or another space.
    joined = [part for part, _ in counts.most_common() if part[0] not in f"{SPACE}Ċ0123456789"]
    for part in joined[: vocabulary - len(model["vocab"])]:
        model["vocab"][SPACE + part] = len(model["vocab"])
        model["merges"].append([SPACE, part])
    return Tokenizer.from_str(json.dumps(described))
