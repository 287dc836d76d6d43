"""Makes the vectors of `fast` from the model behind `accurate`, without any text."""

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from core.i18n import _
from core.jobs import Job
from core.learning.embedders.reading import load_tokenizer
from core.learning.embedders.transformer import Transformer

DIM = 384
SMOOTHING = 1e-4


def distill(folder: Path, job: Job) -> Tensor:
    """Return one vector per token of the model's vocabulary, (n_tokens, DIM).

    A token is known by what the model makes of it alone, which has its meaning, and by the vector
    with which it comes in, which tells it from its neighbours; together they do better than either.

    Always worked out on the processor in float32: every computer must come to the same vectors,
    because what was learned on top of them travels with the app.

    Raises:
        JobCancelled: the analyst asked to stop.

    References:
        Tulkens and van Dongen 2024, Model2Vec, github.com/MinishLab/model2vec.
    """
    transformer = Transformer(folder, torch.device("cpu"), torch.float32)
    tokenizer = load_tokenizer(folder)
    start, end = tokenizer.encode("").ids
    n_tokens = tokenizer.get_vocab_size()
    texts = [[start, token, end] for token in range(n_tokens)]
    states = torch.empty(n_tokens, transformer.dim)
    for batch in transformer.batches(texts):
        job.report(_("Preparing the fast reader"), batch[0], n_tokens)
        states[batch] = transformer.sum_states([texts[i] for i in batch])
    job.report(_("Preparing the fast reader"), n_tokens, n_tokens)
    meanings = [_directions(states), _directions(transformer.words)]
    return principal_components(torch.cat(meanings, 1), DIM) * frequency_weights(n_tokens)


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
    centred = (vectors - vectors.mean(0)).double()
    axes = torch.linalg.eigh(centred.T @ centred).eigenvectors.flip(1)[:, :dim]
    largest = axes.gather(0, axes.abs().argmax(0, keepdim=True))
    return torch.matmul(centred, axes * largest.sign()).float()


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
