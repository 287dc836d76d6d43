"""Topics as they stand now: how many texts, which concepts, and what came in since a day."""

from dataclasses import dataclass

import numpy as np

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.operations.ranking_texts import Ids
from core.storage.concepts import list_concepts
from core.storage.database import Database
from core.storage.filters import InputFilter, selected_ids
from core.storage.topics import Numbers, Topic, TopicRun, find_topic_run
from core.storage.vectors import list_positive_pairs

MOST_CONCEPTS = 3  # that are told of a topic


@dataclass(frozen=True)
class LookRequest:
    """From which day on texts are new, in ISO 8601; "" tells nothing of that."""

    since: str = ""


@dataclass(frozen=True)
class TopicStand:
    """A topic now.

    Attributes:
        topic: its number, name and words, as they were found.
        n_inputs: of it that are still there.
        share: of all sorted inputs, in [0, 1].
        concepts: the most frequent ones with their share of its labelled inputs.
        n_labelled: of its inputs that carry a concept.
        n_since: that came in since the day. share_since: of all that did. share_before: of all
            that were there before.
    """

    topic: Topic
    n_inputs: int
    share: float
    concepts: tuple[tuple[str, float], ...]
    n_labelled: int
    n_since: int = 0
    share_since: float = 0.0
    share_before: float = 0.0

    @property
    def change(self) -> float:
        """By how much its share grew since the day, from -1 to 1."""
        return self.share_since - self.share_before


@dataclass(frozen=True)
class TopicsView:
    """All topics, the largest first, or those that grew most; None where none were found yet.

    Attributes:
        n_inputs: that were sorted and are still there. n_without: of them in no topic.
        n_unsorted: that match the run's filter now and were not sorted.
        n_since: of them that came in since the day.
    """

    stands: tuple[TopicStand, ...] | None
    n_inputs: int = 0
    n_without: int = 0
    n_unsorted: int = 0
    n_since: int = 0
    changes: Changes = Changes.NOTHING


def look_at_topics(app: AppFolder, request: LookRequest, job: Job) -> TopicsView:
    """Tell how the topics of the last run stand now."""
    job.report(_("Looking at the topics"))
    with app.database() as db:
        run = find_topic_run(db)
        if run is None:
            return TopicsView(None)
        now = np.array(selected_ids(db, run.wanted), np.int64)
        is_here = np.isin(run.input_ids, now)
        ids, numbers = run.input_ids[is_here], run.numbers[is_here]
        is_new = np.zeros(len(ids), bool)
        if request.since:
            new = np.array(selected_ids(db, InputFilter(added_from=request.since)), np.int64)
            is_new = np.isin(ids, new)
        shares = _concept_shares(db, run, ids, numbers)
    stands = [
        _stand(topic, numbers == topic.number, is_new, shares.get(topic.number, ((), 0)))
        for topic in run.topics
    ]
    by = (lambda one: -one.change) if request.since else (lambda one: -one.n_inputs)
    return TopicsView(
        tuple(sorted(stands, key=by)),
        len(ids),
        int((numbers == 0).sum()),
        len(now) - len(ids),
        int(is_new.sum()),
    )


def _stand(
    topic: Topic,
    is_own: np.ndarray[tuple[int], np.dtype[np.bool_]],
    is_new: np.ndarray[tuple[int], np.dtype[np.bool_]],
    concepts: tuple[tuple[tuple[str, float], ...], int],
) -> TopicStand:
    n_new, n_since = int(is_new.sum()), int((is_own & is_new).sum())
    n_own = int(is_own.sum())
    return TopicStand(
        topic,
        n_own,
        n_own / max(len(is_own), 1),
        *concepts,
        n_since,
        n_since / max(n_new, 1),
        (n_own - n_since) / max(len(is_own) - n_new, 1),
    )


def _concept_shares(
    db: Database, run: TopicRun, ids: Ids, numbers: Numbers
) -> dict[int, tuple[tuple[tuple[str, float], ...], int]]:
    """Return the most frequent concepts of each topic, and how many of its inputs have one."""
    concepts = list_concepts(db)
    inputs, keys = list_positive_pairs(db)
    is_known = np.isin(inputs, ids)
    places, keys = np.searchsorted(ids, inputs[is_known]), keys[is_known]
    found = {}
    for topic in run.topics:
        own = numbers[places] == topic.number
        n_labelled = len(np.unique(places[own]))
        counts = {c.name: int((keys[own] == c.id).sum()) for c in concepts}
        best = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_CONCEPTS]
        told = tuple((name, n / max(n_labelled, 1)) for name, n in best if n)
        found[topic.number] = told, n_labelled
    return found
