"""A trained network, ready to answer: rounded as it is kept, so that a loaded one says the same."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.i18n import _
from core.jobs import Job
from core.learning.devices import best_precision, tokens_per_batch
from core.learning.fine_tuning.batches import Batch, Ids, parts_of
from core.learning.splits import Floats
from core.learning.text_classifier.network import Network
from core.learning.text_classifier.words import Words

KEPT_AS = torch.bfloat16  # what is kept of the encoder; the head stays exact
TEXTS_AT_ONCE = 256


@dataclass(frozen=True)
class Reader:
    """A network that learns no more, with its tokenizer.

    Attributes:
        network: in the precision of the device.
        words: what it reads with.
        config: what it is made like.
        adapter: what was learned beside a base model, by name; None if the network is its own.
    """

    network: Network
    words: Words
    config: Mapping[str, Any]
    adapter: Mapping[str, Tensor] | None = None

    def logits(self, texts: Sequence[str], job: Job) -> Floats:
        """Return what the head says of every text, (n_texts, n_concepts)."""
        n_concepts = self.network.head.out_features
        return self._read(texts, self.network, n_concepts, job)

    def vectors(self, texts: Sequence[str], job: Job) -> Floats:
        """Return what the encoder makes of every text, (n_texts, dim), each of unit length."""
        return unit_length(self._read(texts, self.network.vectors, self.dim, job))

    @property
    def dim(self) -> int:
        """Return the length of the vectors."""
        return int(self.network.head.in_features)

    @torch.inference_mode()
    def _read(
        self,
        texts: Sequence[str],
        read: Callable[[Sequence[Ids], int], Tensor],
        n_columns: int,
        job: Job,
    ) -> Floats:
        answer = np.empty((len(texts), n_columns), np.float32)
        windows = self.words.read(texts, job, _("Predicting"))
        done = 0
        for rows in self._parts(windows):
            job.report(_("Predicting"), done, len(texts))
            said = read([windows[i] for i in rows], self.words.padding)
            answer[rows] = said.float().cpu().numpy()
            done += len(rows)
        return answer

    def _parts(self, windows: Sequence[Ids]) -> Iterator[Batch]:
        yield from parts_of(
            list(range(len(windows))),
            [len(window) for window in windows],
            most_texts=TEXTS_AT_ONCE,
            most_tokens=tokens_per_batch(self.network.head.weight.device),
        )


def unit_length(vectors: Floats) -> Floats:
    """Return vectors, (n_texts, dim), each made of unit length."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-9)), dtype=np.float32)


def ready(network: Network, device: torch.device) -> Network:
    """Round a trained network to what is kept of it, and make it ready to answer on a device."""
    network.eval().requires_grad_(requires_grad=False)
    network.encoder.to(device, KEPT_AS).to(best_precision(device))
    network.head.to(device)
    return network
