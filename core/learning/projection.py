"""A map of texts: each a point, those that are alike close to each other."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.i18n import _
from core.jobs import Job
from core.learning.splits import Floats

LAID_OUT = 1_500  # texts that are laid out; the others stand among those most like them
PERPLEXITY = 30.0  # about how many neighbours of each text are kept close
HALVINGS, ENOUGH = 40, 1e-4
ROUNDS, PULLED_TOGETHER = 300, 100
PULL = 12.0
EARLY_MOMENTUM, MOMENTUM = 0.5, 0.8
GROWN, SHRUNK, LEAST_GAIN = 0.2, 0.8, 0.01
NEIGHBOURS, SHARPNESS = 3, 25.0
ROWS = 20_000
FEWEST = 5
TINY = 1e-12


def lay_out(vectors: NDArray[Any], chances: NDArray[np.uint64], job: Job) -> Floats:
    """Return a place for each text, (n_texts, 2), in [0, 1].

    Up to 1,500 texts, chosen by their chances, are laid out by t-SNE (van der Maaten and Hinton
    2008), which begins with their two main directions and has no chance in it. The others stand
    between the three of these that they are most like.

    Args:
        vectors: (n_texts, dim) of unit length, each text once.
        chances: (n_texts,) a number of 64 bits for each text, the same wherever it comes.
        job: told after every round.
    """
    chosen = np.argsort(chances, kind="stable")[:LAID_OUT]
    sample = torch.from_numpy(vectors[chosen].astype(np.float32))
    sample = torch.nn.functional.normalize(sample - sample.mean(dim=0))
    places = _main_directions(sample)
    if len(sample) > FEWEST:
        places = _t_sne(sample, places, job)
    points = np.empty((len(vectors), 2), np.float32)
    mean = torch.from_numpy(vectors[chosen].astype(np.float32)).mean(dim=0)
    for start in range(0, len(vectors), ROWS):
        job.report(_("Placing the other texts"), start, len(vectors))
        rows = torch.from_numpy(vectors[start : start + ROWS].astype(np.float32)) - mean
        points[start : start + ROWS] = _between(rows, sample, places).numpy()
    points[chosen] = places.numpy()
    return _in_unit(points)


def _main_directions(sample: torch.Tensor) -> torch.Tensor:
    """Return the places of texts along the two directions in which they differ most."""
    _values, directions = torch.linalg.eigh(sample.T @ sample)
    two = directions[:, -2:].flip(1)
    signs = two.gather(0, two.abs().argmax(dim=0, keepdim=True)).sign()
    places: torch.Tensor = sample @ (two * signs)
    return places


def _t_sne(sample: torch.Tensor, places: torch.Tensor, job: Job) -> torch.Tensor:
    likely = _neighbourhoods(sample)
    n = len(sample)
    rate = max(n / PULL / 4, 50.0)
    places = places / places.std().clamp(min=TINY) * 1e-4
    moved, gains = torch.zeros_like(places), torch.ones_like(places)
    room = torch.empty_like(likely), torch.empty_like(likely)
    for done in range(ROUNDS):
        job.report(_("Laying out the map"), done, ROUNDS)
        is_early = done < PULLED_TOGETHER
        slope = _slope(likely, PULL if is_early else 1.0, places, room)
        turned = (slope > 0) != (moved > 0)
        gains = torch.where(turned, gains + GROWN, gains * SHRUNK).clamp(min=LEAST_GAIN)
        moved = (EARLY_MOMENTUM if is_early else MOMENTUM) * moved - rate * gains * slope
        places = places + moved
    return places


def _slope(
    likely: torch.Tensor,
    pull: float,
    places: torch.Tensor,
    room: tuple[torch.Tensor, torch.Tensor],
) -> torch.Tensor:
    """Return by how much each place should move away, (n_texts, 2).

    All is worked out in the two tables of `room`: making new ones takes longer than filling them.
    """
    near, pulls = room
    squares = (places * places).sum(dim=1)
    torch.mm(places, places.T, out=near)
    near.mul_(-2).add_(squares[:, None]).add_(squares[None, :] + 1).clamp_(min=1.0).reciprocal_()
    near.fill_diagonal_(0)
    torch.mul(near, -1 / float(near.sum()), out=pulls)
    pulls.add_(likely, alpha=pull).mul_(near)
    return 4 * (pulls.sum(dim=1, keepdim=True) * places - pulls @ places)


def _neighbourhoods(sample: torch.Tensor) -> torch.Tensor:
    """Return how likely two texts are neighbours, (n_texts, n_texts), all together 1.

    The width around each text is found by halving, so that it has about 30 neighbours.
    """
    n = len(sample)
    distances = (2 - 2 * sample @ sample.T).clamp(min=0)
    distances.fill_diagonal_(float("inf"))
    wanted = float(np.log(min(PERPLEXITY, (n - 1) / 3)))
    low, high = torch.zeros(n), torch.full((n,), float("inf"))
    width = torch.ones(n)
    finite = distances.masked_fill(distances.isinf(), 0)
    for _halving in range(HALVINGS):
        weights = torch.exp(-distances * width[:, None])
        sums = weights.sum(dim=1).clamp(min=TINY)
        spread = sums.log() + width * (weights * finite).sum(dim=1) / sums
        if (spread - wanted).abs().max() < ENOUGH:
            break
        is_wide = spread > wanted
        low = torch.where(is_wide, width, low)
        high = torch.where(is_wide, high, width)
        width = torch.where(high.isinf(), width * 2, (low + high) / 2)
    likely = torch.exp(-distances * width[:, None])
    likely = likely / likely.sum(dim=1, keepdim=True).clamp(min=TINY)
    both = likely + likely.T
    return both / both.sum()


def _between(rows: torch.Tensor, sample: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    cosines = torch.nn.functional.normalize(rows) @ sample.T
    best, who = cosines.topk(min(NEIGHBOURS, len(sample)), dim=1)
    weights = torch.softmax(best * SHARPNESS, dim=1)
    return (weights[:, :, None] * places[who]).sum(dim=1)


def _in_unit(points: Floats) -> Floats:
    """Return points within [0, 1], as wide as high units."""
    low, high = points.min(axis=0), points.max(axis=0)
    scale = max(float((high - low).max()), TINY)
    unit: Floats = ((points - (low + high) / 2) / scale + 0.5).astype(np.float32)
    return unit.clip(0, 1)
