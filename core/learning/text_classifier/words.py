"""From texts to tokens for a network: marked as its family marks them, too long ones cut."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from core.jobs import Job
from core.learning.splits import Ints

TOKENIZER = "tokenizer.json"
TEXTS_AT_ONCE = 1_000
CHARACTERS_PER_TOKEN = 40  # that are read at most; what follows would be cut off anyway
_INVISIBLE = ("C", "Z")  # control and format characters, and every kind of space


class Words:
    """A tokenizer that cuts at a length.

    Attributes:
        padding: the token that shorter texts are filled up with.
        max_tokens: of a text, its marks included.
    """

    def __init__(self, tokenizer: Tokenizer, max_tokens: int, padding: int = 0) -> None:
        self.padding = padding
        self.max_tokens = max_tokens
        self._content = tokenizer.to_str()
        self._tokenizer = tokenizer
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)
        (self._nothing,) = [encoding.ids for encoding in tokenizer.encode_batch_fast([""])]

    def read(self, texts: Sequence[str], job: Job, stage: str) -> list[list[int]]:
        """Return the tokens of each text; at least one each."""
        found: list[list[int]] = []
        longest = self.max_tokens * CHARACTERS_PER_TOKEN
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            job.report(stage, start, len(texts))
            some = [
                text[:longest].encode("utf-8", "replace").decode("utf-8")
                for text in texts[start : start + TEXTS_AT_ONCE]
            ]
            found += [encoding.ids for encoding in self._tokenizer.encode_batch_fast(some)]
        return [ids or self._nothing or [self.padding] for ids in found]

    def save(self, folder: Path) -> None:
        """Write the tokenizer beside a network."""
        (folder / TOKENIZER).write_text(self._content, encoding="utf-8")


def load_words(folder: Path, max_tokens: int) -> Words:
    """Read the tokenizer of a base model or of a trained network.

    Raises:
        OSError, ValueError: it is missing or damaged.
    """
    path = folder / TOKENIZER
    if path.exists():
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # what tokenizers raises has no class of its own
            raise ValueError(str(error)) from error
    else:
        from transformers import AutoTokenizer  # takes a second

        tokenizer = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        ).backend_tokenizer
    return Words(tokenizer, max_tokens, _padding(tokenizer))


def unusable(texts: Sequence[str]) -> Ints:
    """Return the positions of texts without a single character that can be seen."""
    return np.array([i for i, text in enumerate(texts) if not _is_seen(text)], dtype=np.int64)


def _is_seen(text: str) -> bool:
    return any(unicodedata.category(character)[0] not in _INVISIBLE for character in text)


def _padding(tokenizer: Tokenizer) -> int:
    """Return the token for padding, by the names that the families give it."""
    for name in ("[PAD]", "<pad>", "<|endoftext|>", "</s>", "<|pad|>"):
        number = tokenizer.token_to_id(name)
        if number is not None:
            return int(number)
    return 0
