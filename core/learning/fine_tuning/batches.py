"""Which texts are learned from together: drawn anew each round, those of a length side by side."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

Ids = Sequence[int]
Batch = list[int]

POOL = 50  # batches within which texts are sorted by length


def draw_batches(lengths: Ids, batch_size: int, *, seed: int, epoch: int) -> list[Batch]:
    """Deal all texts to batches of similar length, in an order that only seed and epoch decide.

    Args:
        lengths: (n_texts,) in tokens.
        batch_size: texts in a batch; the last one of a pool may be smaller.
        seed: of the training.
        epoch: the round over the texts, from 0.

    Returns:
        The positions of the texts in each batch; every text is in exactly one.
    """
    random = np.random.default_rng((seed, epoch))
    order = random.permutation(len(lengths))
    length_of = np.asarray(lengths)
    batches: list[Batch] = []
    for start in range(0, len(order), POOL * batch_size):
        pool = order[start : start + POOL * batch_size]
        pool = pool[np.argsort(length_of[pool], kind="stable")]
        batches += [pool[i : i + batch_size].tolist() for i in range(0, len(pool), batch_size)]
    return [batches[i] for i in random.permutation(len(batches))]


def parts_of(batch: Batch, lengths: Ids, *, most_texts: int, most_tokens: int) -> list[Batch]:
    """Split a batch into parts that are worked out one after the other, of similar length.

    Args:
        batch: positions of texts.
        lengths: (n_texts,) in tokens, of all texts.
        most_texts: of a part.
        most_tokens: of a part once it is padded, if it has more than one text.
    """
    parts: list[Batch] = []
    for i in sorted(batch, key=lambda i: lengths[i]):
        part = parts[-1] if parts else []
        fits = len(part) < most_texts and (len(part) + 1) * lengths[i] <= most_tokens
        if part and fits:
            part.append(i)
        else:
            parts.append([i])
    return parts


def padded(windows: Sequence[Ids], padding: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return windows of tokens as one matrix, (n_windows, longest), and its mask, 1 or 0."""
    longest = max(map(len, windows))
    ids = np.full((len(windows), longest), padding, np.int64)
    mask = np.zeros((len(windows), longest), np.int64)
    for row, window in enumerate(windows):
        ids[row, : len(window)] = window
        mask[row, : len(window)] = 1
    return torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device)
