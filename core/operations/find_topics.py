"""Sort the texts into topics, named by their words; the same ones again keep number and name."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _, ngettext
from core.jobs import Job
from core.operations.index_texts import load_index_embedder, read_missing
from core.operations.known_topics import names_of, with_known_numbers
from core.operations.texts_once import TextsOnce, texts_once
from core.storage.database import Database, transaction
from core.storage.filters import InputFilter
from core.storage.topics import Ids, Topic, TopicRun, add_topic_run, find_topic_run
from core.storage.vectors import get_texts_of_inputs

if TYPE_CHECKING:
    from core.learning.topics import Sorted

FEWEST = 10  # texts that can be sorted into anything
LEAST_TOPICS, MOST_TOPICS = 2, 200
EVERYTHING = InputFilter()
AT_ONCE = 5_000
TYPICAL, NAMED = 5, 8  # texts and words that are kept of a topic
NAMED_FROM = 2_000  # texts of a topic whose words are counted
HARDLY_CHANGED = 0.25  # share of other texts up to which the last topics are gone on from


class TooFewToSortError(UserError):
    """There are hardly any texts."""

    def __init__(self, found: int) -> None:
        super().__init__(
            ngettext(
                "{n} text cannot be sorted into topics.",
                "{n} different texts cannot be sorted into topics.",
                found,
            ).format(n=found),
            next_step=_("Add texts, or narrow less, until there are {n}.").format(n=FEWEST),
        )


class TopicNumberError(UserError):
    """The number of topics is none."""

    def __init__(self) -> None:
        super().__init__(
            _("There can be 2 to {n} topics.").format(n=MOST_TOPICS),
            next_step=_("Choose a number between, or let it be found."),
        )


@dataclass(frozen=True)
class TopicsRequest:
    """Which inputs to sort, and into how many topics; 0 finds the number.

    Raises:
        TopicNumberError: there cannot be so many, or so few.
    """

    wanted: InputFilter = EVERYTHING
    number: int = 0

    def __post_init__(self) -> None:
        if self.number and not LEAST_TOPICS <= self.number <= MOST_TOPICS:
            raise TopicNumberError


@dataclass(frozen=True)
class TopicsResult:
    """How many topics were found, and how many texts belong to none of them."""

    n_topics: int
    n_inputs: int
    n_without: int
    changes: Changes = Changes.NOTHING


def find_topics(app: AppFolder, request: TopicsRequest, job: Job) -> TopicsResult:
    """Sort texts into topics by what they mean, and keep what came of it.

    The same texts are sorted into the same topics. Where the last run had nearly the same ones,
    its topics are gone on from, so that a few more texts leave numbers and names as they are.

    Raises:
        TooFewToSortError: there are hardly any texts.
        JobCancelled: the analyst asked to stop; the last run stays.
    """
    from core.learning.topics import chances_of, sort_texts  # torch

    with app.database() as db:
        read_missing(app, db, job)
        identity = load_index_embedder(db).identity
        texts = texts_once(db, identity, request.wanted, job)
        if len(texts.hashes) < FEWEST:
            raise TooFewToSortError(len(texts.hashes))
        last = find_topic_run(db)
        is_asked_again = last and (last.wanted, last.asked) == (request.wanted, request.number)
        is_same = last and (last.embedder, last.digest) == (identity, texts.digest)
        if last and is_asked_again and is_same:
            return _result(last)
        found = sort_texts(
            texts.vectors,
            chances_of(texts.hashes),
            job,
            number=request.number,
            start=_start(last, identity, texts.input_ids) if last and is_asked_again else None,
        )
        run = with_known_numbers(_run_of(db, request, texts, found, identity, job), last)
        with transaction(db):
            add_topic_run(db, run)
    return _result(run)


def _result(run: TopicRun) -> TopicsResult:
    return TopicsResult(len(run.topics), len(run.input_ids), int((run.numbers == 0).sum()))


def _start(last: TopicRun, identity: str, input_ids: Ids) -> "Sorted | None":
    """Return the topics of the last run, where it had nearly the same inputs."""
    from core.learning.topics import Sorted  # torch

    n_shared = len(np.intersect1d(last.input_ids, input_ids, assume_unique=True))
    n_other = len(last.input_ids) + len(input_ids) - 2 * n_shared
    is_other = last.embedder != identity or not last.topics
    if is_other or n_other > HARDLY_CHANGED * max(len(input_ids), 1):
        return None
    nothing = np.empty(0, np.int64)
    return Sorted(
        nothing, np.empty(0, np.float32), last.centres[:-1], last.centres[-1], last.silhouette
    )


def _run_of(
    db: Database,
    request: TopicsRequest,
    texts: TextsOnce,
    found: "Sorted",
    identity: str,
    job: Job,
) -> TopicRun:
    """Return a run with topics numbered by their size."""
    topics, likeness = found.topics[texts.text_of], found.likeness[texts.text_of]
    members = [_members(topics, likeness, n) for n in range(len(found.centres))]
    words = _words(db, texts.input_ids, members, job)
    names = names_of(words)
    return TopicRun(
        wanted=request.wanted,
        asked=request.number,
        embedder=identity,
        digest=texts.digest,
        silhouette=found.silhouette,
        topics=tuple(
            Topic(n + 1, names[n], words[n], len(own), _typical(own, texts))
            for n, own in enumerate(members)
        ),
        centres=np.concatenate([found.centres, found.mean[None]]),
        input_ids=texts.input_ids,
        numbers=(topics + 1).astype(np.int32),
    )


def _members(topics: Ids, likeness: NDArray[np.float32], number: int) -> Ids:
    """Return the places of a topic's inputs, those nearest to its middle first."""
    own = np.flatnonzero(topics == number)
    return own[np.argsort(-likeness[own], kind="stable")]


def _typical(own: Ids, texts: TextsOnce) -> tuple[int, ...]:
    """Return the inputs nearest to the middle, each text once."""
    _texts, first = np.unique(texts.text_of[own[:AT_ONCE]], return_index=True)
    return tuple(texts.input_ids[own[np.sort(first)[:TYPICAL]]].tolist())


def _words(db: Database, input_ids: Ids, members: list[Ids], job: Job) -> list[tuple[str, ...]]:
    """Return the words that set each topic apart, counted in its most typical texts."""
    from core.learning.topic_words import TopicWords

    counted = TopicWords(len(members))
    for number, own in enumerate(members):
        job.report(_("Naming topics"), number, len(members))
        texts = get_texts_of_inputs(db, input_ids[own[:NAMED_FROM]].tolist())
        counted.add(texts.values(), [number] * len(texts))
    return counted.best(NAMED)
