"""The map as it was drawn, with what each text belongs to now."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.storage.concepts import list_concepts
from core.storage.database import Database
from core.storage.maps import TextMap, find_map
from core.storage.topics import find_topic_run
from core.storage.vectors import list_positive_pairs

MOST_GROUPS = 12  # a colour for each
NO_GROUP = -1

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class MapLook:
    """Whether texts are told apart by their topic, or by a concept that they carry."""

    by: Literal["topics", "concepts"] = "topics"


@dataclass(frozen=True)
class MapGroup:
    """Texts that belong together: a name, the number of their mark, and how many they are."""

    name: str
    number: int
    n_inputs: int


@dataclass(frozen=True)
class MapStand:
    """What the map shows; no map was drawn where `drawn` is None.

    Attributes:
        groups: the largest ones, the largest first.
        group_of: (n_inputs,) the place of each input's group; -1 for none of them.
        has_topics: the texts were sorted into topics.
    """

    drawn: TextMap | None
    groups: tuple[MapGroup, ...] = ()
    group_of: NDArray[np.int8] | None = None
    has_topics: bool = False
    changes: Changes = Changes.NOTHING


def look_at_map(app: AppFolder, request: MapLook, job: Job) -> MapStand:
    """Tell where each text stands, and what it belongs to now."""
    job.report(_("Looking at the map"))
    with app.database() as db:
        drawn = find_map(db)
        if drawn is None:
            return MapStand(None)
        has_topics = find_topic_run(db) is not None
        if request.by == "concepts":
            groups, group_of = _by_concept(db, drawn)
        else:
            groups, group_of = _by_topic(db, drawn)
    return MapStand(drawn, groups, group_of, has_topics=has_topics)


def _by_topic(db: Database, drawn: TextMap) -> tuple[tuple[MapGroup, ...], NDArray[np.int8]]:
    run = find_topic_run(db)
    numbers = np.zeros(len(drawn.input_ids), np.int64)
    if run is None:
        return _grouped(numbers, [])
    _ids, here, there = np.intersect1d(
        drawn.input_ids, run.input_ids, assume_unique=True, return_indices=True
    )
    numbers[here] = run.numbers[there]
    largest = sorted(run.topics, key=lambda topic: -topic.n_inputs)[:MOST_GROUPS]
    groups = [
        (topic.number, MapGroup(topic.name, place, topic.n_inputs))
        for place, topic in enumerate(largest)
    ]
    return _grouped(numbers, groups)


def _by_concept(db: Database, drawn: TextMap) -> tuple[tuple[MapGroup, ...], NDArray[np.int8]]:
    inputs, keys = list_positive_pairs(db)
    is_here = np.isin(inputs, drawn.input_ids)
    said = np.zeros(len(drawn.input_ids), np.int64)
    said[np.searchsorted(drawn.input_ids, inputs[is_here])] = keys[is_here]
    known = {concept.id: concept for concept in list_concepts(db)}
    counts = Counter(said[said > 0].tolist()).most_common(MOST_GROUPS)
    groups = [
        (key, MapGroup(known[key].name, known[key].colour, n)) for key, n in counts if key in known
    ]
    return _grouped(said, groups)


def _grouped(
    keys: Ids, groups: list[tuple[int, MapGroup]]
) -> tuple[tuple[MapGroup, ...], NDArray[np.int8]]:
    group_of = np.full(len(keys), NO_GROUP, np.int8)
    for place, (key, _group) in enumerate(groups):
        group_of[keys == key] = place
    return tuple(group for _key, group in groups), group_of
