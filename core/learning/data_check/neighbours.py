"""The texts nearest in meaning to each text: found once, used by several checks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from core.i18n import _
from core.jobs import Job
from core.learning.splits import Floats, Ints

N_NEAREST = 10
ALL_WITH_ALL = 20_000  # texts up to which every pair is compared
N_PROBED = 16  # cells in which a text is looked for; 99.4 % of near pairs where nothing clusters
ROUNDS = 4  # of k-means; the cells need not be perfect
LEARNED_FROM = 40  # texts per cell
PRODUCTS_AT_ONCE = 10_000_000  # 40 MB, a twentieth of a second
NOWHERE = -2.0  # below every cosine


@dataclass(frozen=True)
class Neighbours:
    """The k texts nearest to each text, nearest first, itself left out.

    Attributes:
        texts: (n_texts, k) their numbers; -1 where fewer were found.
        similarities: (n_texts, k) their cosines in [-1, 1]; -2 where fewer were found.
    """

    texts: Ints
    similarities: Floats


def nearest(
    embeddings: NDArray[Any],
    job: Job,
    *,
    k: int = N_NEAREST,
    seed: int = 0,
) -> Neighbours:
    """Find the texts nearest to each text.

    Up to 20,000 texts are compared all with all. More are sorted into as many cells as the root
    of their number (k-means by cosine), and each is compared with the texts of the 16 cells
    nearest to it (an inverted file, as in Sivic and Zisserman 2003, Video Google).

    Args:
        embeddings: (n_texts, dim) of any kind of float; need not be of unit length.
        job: told after every cell.
        k: how many; fewer columns come back if there are not as many other texts.
        seed: decides where the cells begin.
    """
    vectors = torch.nn.functional.normalize(torch.tensor(embeddings, dtype=torch.float32))
    search = _Search(vectors, max(0, min(k, len(vectors) - 1)))
    for done, (members, asking) in enumerate(cells := list(_cells(vectors, job, seed))):
        job.report(_("Comparing texts"), done, len(cells))
        search.among(members, asking, job)
    return search.found()


def _cells(vectors: Tensor, job: Job, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the texts of each cell, and the texts to be compared with them."""
    if len(vectors) <= ALL_WITH_ALL:
        everything = torch.arange(len(vectors))
        yield everything, everything
        return
    centres = _centres(vectors, round(len(vectors) ** 0.5), job, seed)
    parts = _split(vectors, PRODUCTS_AT_ONCE // len(centres))
    tracked = job.track(parts, _("Sorting texts"))
    probed = torch.cat([(part @ centres.T).topk(N_PROBED).indices for part in tracked])
    members = _by_cell(probed[:, 0], len(centres))
    asking = _by_cell(probed.flatten(), len(centres))
    for inside, asked in zip(members, asking, strict=True):
        yield inside, asked // N_PROBED


def _by_cell(cells: Tensor, n_cells: int) -> tuple[Tensor, ...]:
    """Return the positions at which each cell is named."""
    counts = torch.bincount(cells, minlength=n_cells)
    return _split(cells.argsort(stable=True), counts.tolist())


def _split(values: Tensor, sizes: int | list[int]) -> tuple[Tensor, ...]:
    parts: tuple[Tensor, ...] = torch.split(values, sizes)
    return parts


def _centres(vectors: Tensor, n_cells: int, job: Job, seed: int) -> Tensor:
    """Run a few rounds of k-means by cosine on a part of the texts, (n_cells, dim)."""
    shuffled = torch.randperm(len(vectors), generator=torch.Generator().manual_seed(seed))
    sample = vectors[shuffled[: n_cells * LEARNED_FROM]]
    centres = sample[:n_cells]
    for _round in range(ROUNDS):
        parts = _split(sample, PRODUCTS_AT_ONCE // n_cells)
        tracked = job.track(parts, _("Sorting texts"))
        own = torch.cat([(part @ centres.T).argmax(dim=1) for part in tracked])
        sums = torch.zeros_like(centres).index_add_(0, own, sample)
        is_empty = sums.norm(dim=1, keepdim=True) == 0
        centres = torch.where(is_empty, centres, torch.nn.functional.normalize(sums))
    return centres


class _Search:
    """The nearest texts seen so far."""

    def __init__(self, vectors: Tensor, k: int) -> None:
        self._vectors = vectors
        self._texts = torch.full((len(vectors), k), -1, dtype=torch.int64)
        self._similarities = torch.full((len(vectors), k), NOWHERE)

    def among(self, members: Tensor, asking: Tensor, job: Job) -> None:
        """Compare some texts with the members of a cell."""
        k = self._texts.shape[1]
        if not len(members) or not k:
            return
        cell = self._vectors[members].T
        for some in _split(asking, max(1, PRODUCTS_AT_ONCE // len(members))):
            job.report(job.progress.stage, job.progress.done, job.progress.total)
            similarities, places = (self._vectors[some] @ cell).topk(min(k + 1, len(members)))
            found = members[places]
            similarities[found == some[:, None]] = NOWHERE
            both = torch.cat([self._similarities[some], similarities], dim=1)
            texts = torch.cat([self._texts[some], found], dim=1)
            self._similarities[some], best = both.topk(k)
            self._texts[some] = texts.gather(1, best)

    def found(self) -> Neighbours:
        """Return what was found."""
        texts = self._texts.masked_fill(self._similarities == NOWHERE, -1)
        similarities = self._similarities.clamp(max=1.0)
        return Neighbours(texts.numpy(), similarities.numpy())
