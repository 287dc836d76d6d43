"""The embedder `accurate`: a sentence transformer that reads every word in its context."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from core.i18n import _
from core.jobs import Job
from core.learning.devices import best_device, best_precision
from core.learning.embedders.embedder import Embeddings
from core.learning.embedders.reading import chunks, load_tokenizer, tokenize, windows
from core.learning.embedders.transformer import Transformer


class SentenceEmbedder:
    """The mean of a text's last hidden states, made unit length; see `Embedder`.

    A text longer than the model's window is read in several: the mean is over all its tokens.

    References:
        Reimers and Gurevych 2019, Sentence-BERT, arXiv:1908.10084, section 3.
    """

    def __init__(
        self, name: str, identity: str, folder: Path, device: torch.device | None = None
    ) -> None:
        device = device or best_device()
        self.name = name
        self.identity = identity
        self._transformer = Transformer(folder, device, best_precision(device))
        self.dim = self._transformer.dim
        self._tokenizer = load_tokenizer(folder)
        self._start, self._end = self._tokenizer.encode("").ids

    @property
    def reading(self) -> dict[str, Any]:
        """Return how a text is cut: tokens of a window beside its marks, and these."""
        start, end = (self._start,), (self._end,)
        return {"tokens": self._transformer.max_tokens - 2, "start": start, "end": end, "pad": 0}

    def cut(self, text: str) -> list[list[int]]:
        """Return the windows of a text, start and end marked."""
        return self._windows([text])[1]

    def encode(self, texts: Sequence[str], job: Job) -> Embeddings:
        """Return the embeddings, (n_texts, dim), each of unit length."""
        embeddings = np.empty((len(texts), self.dim), np.float32)
        done = 0
        for chunk in chunks(texts):
            sums = torch.zeros(len(chunk), self.dim)
            owners, parts = self._windows(chunk)
            n_read, n_tokens = 0, sum(map(len, parts))
            for batch in self._transformer.batches(parts):
                job.report(_("Reading texts"), done + len(chunk) * n_read // n_tokens, len(texts))
                states = self._transformer.sum_states([parts[i] for i in batch])
                sums.index_add_(0, torch.tensor([owners[i] for i in batch]), states.cpu())
                n_read += sum(len(parts[i]) for i in batch)
            embeddings[done : done + len(chunk)] = functional.normalize(sums).numpy()
            done += len(chunk)
        job.report(_("Reading texts"), len(texts), len(texts))
        return embeddings

    def _windows(self, texts: Sequence[str]) -> tuple[list[int], list[list[int]]]:
        """Return every window of every text, start and end marked, and which text it is of."""
        size = self._transformer.max_tokens - 2
        owned = [
            (i, [self._start, *window, self._end])
            for i, ids in enumerate(tokenize(self._tokenizer, texts))
            for window in windows(ids, size)
        ]
        return [i for i, _window in owned], [window for _i, window in owned]
