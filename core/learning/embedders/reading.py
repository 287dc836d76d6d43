"""From texts to tokens: in chunks of bounded size, long texts in windows, none of them cut."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from tokenizers import Tokenizer

MAX_WINDOWS = 32
MAX_CHARACTERS = 65_536  # more than fills `MAX_WINDOWS` windows in any script
_CHUNK_CHARACTERS = 500_000
_CHUNK_TEXTS = 10_000


def load_tokenizer(folder: Path) -> Tokenizer:
    """Return the folder's tokenizer without the padding and the cutting that it came with."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def tokenize(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the token ids of each text, without marks for its start and end."""
    readable = [_excerpt(text).encode("utf-8", "replace").decode("utf-8") for text in texts]
    encodings = tokenizer.encode_batch_fast(readable, add_special_tokens=False)
    return [encoding.ids for encoding in encodings]


def chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the texts in order, so many at a time as can be tokenized in a moment."""
    start = n_characters = 0
    for end, text in enumerate(texts):
        n_characters += min(len(text), MAX_CHARACTERS)
        if end > start and (n_characters > _CHUNK_CHARACTERS or end - start == _CHUNK_TEXTS):
            yield texts[start:end]
            start, n_characters = end, min(len(text), MAX_CHARACTERS)
    if len(texts) > start:
        yield texts[start:]


def windows(ids: list[int], size: int) -> list[list[int]]:
    """Split a text's tokens into equally long windows of at most `size` tokens.

    A text of more than `MAX_WINDOWS` windows is represented by so many, spread evenly over it.
    """
    n_windows = max(1, -(-len(ids) // size))
    parts = list(pairwise(_spread(len(ids) + 1, n_windows + 1)))
    if n_windows > MAX_WINDOWS:
        parts = [parts[i] for i in _spread(n_windows, MAX_WINDOWS)]
    return [ids[start:end] for start, end in parts]


def _excerpt(text: str) -> str:
    """Return a text that is far too long as `MAX_WINDOWS` pieces, spread evenly over it."""
    if len(text) <= MAX_CHARACTERS:
        return text
    length = MAX_CHARACTERS // MAX_WINDOWS
    starts = _spread(len(text) - length + 1, MAX_WINDOWS)
    return " ".join(text[start : start + length] for start in starts)


def _spread(n: int, k: int) -> list[int]:
    """Return k of the indices in [0, n), spread evenly, first and last among them."""
    return [round(i * (n - 1) / (k - 1)) for i in range(k)]
