"""Topics that were found before: what they were called and numbered, they stay."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.i18n import _
from core.learning.splits import Floats
from core.storage.topics import TopicRun

LEAST_SHARED = 0.25  # of the texts that two topics have together, for them to be the same one
IN_NAME = 3  # words


def names_of(words: Sequence[tuple[str, ...]]) -> list[str]:
    """Return a name for each topic by its words: as many as tell it from the others."""
    names = [_name(own, IN_NAME) for own in words]
    for most in range(IN_NAME + 1, IN_NAME + 4):
        taken = Counter(names)
        names = [
            _name(own, most) if taken[name] > 1 else name
            for own, name in zip(words, names, strict=True)
        ]
    return names


def with_known_numbers(run: TopicRun, last: TopicRun | None) -> TopicRun:
    """Give topics that were found before the number and name they had.

    Topics are matched one to one so that they share as much as possible (the assignment
    problem); two that share less than a quarter of their texts are not the same.
    """
    if last is None or not last.topics or not run.topics:
        return run
    shares = _shares(run, last)
    from scipy.optimize import linear_sum_assignment  # half a second to import

    pairs = zip(*linear_sum_assignment(-shares), strict=True)
    known = {int(new): int(old) for new, old in pairs if shares[new, old] >= LEAST_SHARED}
    free = max(topic.number for topic in last.topics)
    topics, numbers = [], np.zeros(len(run.topics) + 1, np.int32)
    for place, topic in enumerate(run.topics):
        if place in known:
            before = last.topics[known[place]]
            kept = replace(topic, number=before.number, name=before.name)
        else:
            free += 1
            kept = replace(topic, number=free)
        topics.append(kept)
        numbers[topic.number] = kept.number
    return replace(run, topics=tuple(topics), numbers=numbers[run.numbers])


def _shares(run: TopicRun, last: TopicRun) -> Floats:
    """Return how much each topic shares with each of before: of both together, in [0, 1]."""
    _ids, here, there = np.intersect1d(
        run.input_ids, last.input_ids, assume_unique=True, return_indices=True
    )
    place_of = {topic.number: place for place, topic in enumerate(last.topics)}
    olds = np.array([place_of.get(int(n), -1) for n in last.numbers[there]], np.int64)
    news = run.numbers[here].astype(np.int64) - 1
    both = (news >= 0) & (olds >= 0)
    shared = np.zeros((len(run.topics), len(last.topics)))
    np.add.at(shared, (news[both], olds[both]), 1)
    n_new = np.bincount(news[news >= 0], minlength=len(run.topics))[:, None]
    n_old = np.bincount(olds[olds >= 0], minlength=len(last.topics))[None, :]
    return (shared / np.maximum(n_new + n_old - shared, 1)).astype(np.float32)


def _name(words: tuple[str, ...], most: int) -> str:
    return " · ".join(words[:most]) or _("Without words of its own")
