"""Search: by words, by meaning, by examples, by what a model says, and by filters, together."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.operations.index_texts import load_index_embedder, read_missing
from core.operations.ranking_texts import Ids, Ranking
from core.operations.search_conditions import Conditions
from core.storage.searches import Search

LIMIT = 200


class EmptySearchError(UserError):
    """There is nothing to search for."""

    def __init__(self) -> None:
        super().__init__(
            _("There is nothing to search for."),
            next_step=_("Give words, a text that is like what you look for, or a concept."),
        )


@dataclass(frozen=True)
class SearchRequest:
    """What to search for.

    Attributes:
        limit: how many texts to return, the best first.
        reads_missing: texts that the index lacks are read first; else they are not found by
            meaning, and counted.
    """

    search: Search
    limit: int = LIMIT
    reads_missing: bool = True


@dataclass(frozen=True)
class Found:
    """An input that was found.

    Attributes:
        score: how alike it is in meaning, 1 for the same and 0 for unlike, the mean over all
            texts it is compared with; None where it was not searched for by meaning.
        probability: what the model says of the first concept that was asked for; None without.
    """

    input_id: int
    score: float | None = None
    probability: float | None = None


@dataclass(frozen=True)
class SearchResult:
    """What was found, best first.

    Attributes:
        n_matching: how many inputs match in all; None where the search stopped at its limit.
    """

    found: tuple[Found, ...]
    n_matching: int | None
    changes: Changes = Changes.NOTHING

    @property
    def n_known(self) -> int:
        """How many inputs are known to match, those that were left out included."""
        return max(self.n_matching or 0, len(self.found))

    @property
    def input_ids(self) -> tuple[int, ...]:
        """The inputs alone, in order."""
        return tuple(one.input_id for one in self.found)

    @property
    def scores(self) -> tuple[float, ...]:
        """How alike they are; empty where that was not asked."""
        return tuple(one.score for one in self.found if one.score is not None)


def search_texts(app: AppFolder, request: SearchRequest, job: Job) -> SearchResult:
    """Return the inputs for which every part of a search holds.

    What is alike in meaning stands first; without that, what the model is surest of; without
    that, what came in first.

    Raises:
        EmptySearchError: there is nothing to search for.
        ModelMissingError, ConceptNotTaughtError: the model does not know the concept.
        UnknownEmbedderError, BaseModelError: the index's embedder is not there.
        JobCancelled: the analyst asked to stop.
    """
    job.report(_("Searching"))
    if not request.search.parts:
        raise EmptySearchError
    with app.database() as db:
        conditions = Conditions(app, db, request.search)
        if not request.search.meanings:
            return _without_meaning(conditions, request.limit, job)
        if request.reads_missing:
            read_missing(app, db, job)
        ranking = Ranking(app, db, load_index_embedder(db), request.search.meanings, job)
        return _by_meaning(conditions, ranking, request.limit, job)


def _by_meaning(conditions: Conditions, ranking: Ranking, limit: int, job: Job) -> SearchResult:
    """Take the nearest that match until there are enough."""
    found: list[Found] = []
    is_ended = True
    for ids, scores in ranking.best(conditions.ids(job), limit):
        job.report(_("Searching"), len(found), limit)
        places = np.flatnonzero(conditions.hold(ids))
        kept, probabilities = conditions.said(ids[places], job)
        places = places[kept]
        found += _found(ids[places], scores[places], probabilities[kept])
        if len(found) > limit:
            is_ended = False
            break
    return SearchResult(tuple(found[:limit]), len(found) if is_ended else None)


def _without_meaning(conditions: Conditions, limit: int, job: Job) -> SearchResult:
    """Look at all that match: the order is known only then."""
    ids = conditions.all_ids(job)
    if not conditions.asks_model:
        found = tuple(Found(int(one)) for one in ids[:limit])
        return SearchResult(found, len(ids))
    kept, probabilities = conditions.said(ids, job)
    ids, probabilities = ids[kept], probabilities[kept]
    order = np.argsort(-probabilities * conditions.direction, kind="stable")[:limit]
    nothing = np.full(len(order), np.nan, np.float32)
    found = tuple(_found(ids[order], nothing, probabilities[order]))
    return SearchResult(found, len(ids))


def _found(
    ids: Ids, scores: NDArray[np.float32], probabilities: NDArray[np.float32]
) -> Iterator[Found]:
    for one, score, probability in zip(
        ids.tolist(), scores.tolist(), probabilities.tolist(), strict=True
    ):
        yield Found(one, _known(score), _known(probability))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
