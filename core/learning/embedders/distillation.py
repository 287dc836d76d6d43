"""Makes the vectors of a fast reader from a model that reads in context, without any text."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from core.i18n import _
from core.jobs import Job
from core.learning.embedders.reading import load_tokenizer
from core.learning.embedders.transformer import Transformer

DIM = 384
SMOOTHING = 1e-4
_ROWS = 1 << 16  # turned to their axes at a time: in double precision they take much memory


class Reader(Protocol):
    """What reads tokens for the distillation.

    Attributes:
        words: the vectors with which tokens come in, (n_tokens or more, n_features).
    """

    @property
    def words(self) -> Tensor: ...  # noqa: D102  # see Attributes

    def batches(self, windows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
        """Yield the indices of windows that are read together."""
        ...

    def sum_states(self, windows: Sequence[Sequence[int]]) -> Tensor:
        """Return the sum of each window's last hidden states, (n_windows, n_features)."""
        ...


def distill(folder: Path, job: Job) -> Tensor:
    """Return one vector per token of the built-in model's vocabulary, (n_tokens, DIM).

    Always worked out on the processor in float32: every computer must come to the same vectors,
    because what was learned on top of them travels with the app.

    Raises:
        JobCancelled: the analyst asked to stop.
    """
    tokenizer = load_tokenizer(folder)
    start, end = tokenizer.encode("").ids
    texts = [[start, token, end] for token in range(tokenizer.get_vocab_size())]
    return distill_from(Transformer(folder, torch.device("cpu"), torch.float32), texts, DIM, job)


def distill_from(reader: Reader, texts: Sequence[Sequence[int]], dim: int, job: Job) -> Tensor:
    """Return one vector per token of a model's vocabulary, (n_tokens, dim).

    A token is known by what the model makes of it alone, which has its meaning, and by the vector
    with which it comes in, which tells it from its neighbours; together they do better than either.

    Args:
        reader: the model.
        texts: for each token of the vocabulary it alone, with the marks of start and end.
        dim: of the vectors.
        job: told the tokens.

    Raises:
        JobCancelled: the analyst asked to stop.

    References:
        Tulkens and van Dongen 2024, Model2Vec, github.com/MinishLab/model2vec.
    """
    n_tokens, n_read = len(texts), 0
    states = None
    for batch in reader.batches(texts):
        job.report(_("Preparing the fast reader"), n_read, n_tokens)
        read = reader.sum_states([texts[i] for i in batch])
        states = torch.empty(n_tokens, read.shape[1]) if states is None else states
        states[batch] = read
        n_read += len(batch)
    job.report(_("Preparing the fast reader"), n_tokens, n_tokens)
    if states is None:
        return torch.empty(0, dim)
    meanings = torch.cat([_directions(states), _directions(reader.words[:n_tokens])], 1)
    return principal_components(meanings, dim) * frequency_weights(n_tokens)


def principal_components(vectors: Tensor, dim: int) -> Tensor:
    """Turn vectors to the axes along which they differ most, and keep the first `dim`.

    The sign of an axis, which mathematics leaves open, is the one that makes its largest
    loading positive, so that it is the same on every computer.

    Args:
        vectors: (n_vectors, n_features).
        dim: how many axes to keep, at most n_features.

    Returns:
        (n_vectors, dim), float32, the axis along which they differ most first.
    """
    centred = torch.split(vectors - vectors.mean(0), _ROWS)
    spread = torch.stack([part.double().T @ part.double() for part in centred]).sum(0)
    axes = torch.linalg.eigh(spread).eigenvectors.flip(1)[:, :dim]
    largest = axes.gather(0, axes.abs().argmax(0, keepdim=True))
    turned = axes * largest.sign()
    return torch.cat([torch.matmul(part.double(), turned).float() for part in centred])


def frequency_weights(n_tokens: int) -> Tensor:
    """Return a weight for each token, (n_tokens, 1), in (0, 1]: the more frequent, the smaller.

    A WordPiece vocabulary lists its words roughly from frequent to rare, and the k-th most frequent
    of n words has the probability 1 / (k * H(n)), H(n) the n-th harmonic number.

    References:
        Arora et al. 2017, A Simple but Tough-to-Beat Baseline for Sentence Embeddings, ICLR,
        section 3: weight a / (a + p); Zipf's law for p, as in Model2Vec.
    """
    shares = 1 / torch.arange(1, n_tokens + 1, dtype=torch.float64)
    probabilities = shares / shares.sum()
    return (SMOOTHING / (SMOOTHING + probabilities)).float().unsqueeze(1)


def _directions(vectors: Tensor) -> Tensor:
    """Return the vectors at unit length, moved so that their mean is nothing."""
    units = functional.normalize(vectors)
    return units - units.mean(0)
