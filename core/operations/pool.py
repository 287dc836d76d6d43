"""The texts that "label next" chooses from, read once: features, labels, and a random order."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.app_folder import AppFolder
from core.jobs import Job
from core.learning.sampling import random_order
from core.learning.splits import Floats, Ints, Targets, normalised
from core.operations.read_embeddings import read_embeddings
from core.storage.concepts import ConceptMissingError
from core.storage.database import Database
from core.storage.filters import InputFilter, list_input_ids
from core.storage.suggestions import (
    TextRow,
    list_labels,
    list_open_ids,
    list_text_rows,
    load_texts,
)

if TYPE_CHECKING:
    from core.learning.embedders import Embedder
    from core.learning.embedding_classifier.steering import Features

MOST_TEXTS = 8_000  # chosen from: a random part of more; reading them takes half a minute, once
MOST_LEARNED = 3_000  # labelled texts that are read besides
STEP = 1_000  # texts by which the part grows, so that it mostly stays the same


@dataclass(frozen=True)
class Pool:
    """Texts to choose from together with those to learn from, in the order of chance.

    Attributes:
        input_ids: (n_texts,). texts: their texts.
        open: (n_texts,) whether a text can be chosen.
        is_answered: (n_texts,) whether a person answered, having read it.
        rows: (n_labelled,) places of the texts that are learned from.
        labels: by place, what was said: (concept, whether it carries it).
        n_sampled: the first texts of the order that are all answered: a random sample of those
            that were asked for, however each of them came to be labelled.
        n_open: how many texts could be chosen, in the pool or not.
    """

    input_ids: Ints
    texts: Sequence[str]
    features: "Features"
    open: NDArray[np.bool_]
    is_answered: NDArray[np.bool_]
    rows: Ints
    labels: dict[int, list[tuple[int, bool]]]
    n_sampled: int
    n_open: int
    asked_for: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))

    @property
    def is_exclusive(self) -> bool:
        """Tell whether no text carries several concepts."""
        return all(sum(said for _c, said in each) <= 1 for each in self.labels.values())

    def targets(self) -> tuple[list[int], Targets]:
        """Return the concepts, and what the texts to learn from carry, (n_labelled, n_concepts)."""
        concepts = sorted({c for each in self.labels.values() for c, said in each if said})
        columns = {concept: i for i, concept in enumerate(concepts)}
        targets = np.zeros((len(self.rows), len(concepts)), np.int8)
        for row, place in enumerate(self.rows.tolist()):
            for concept, said in self.labels[place]:
                if said:
                    targets[row, columns[concept]] = 1
        return concepts, targets

    def carries(self, concept: str, names: dict[int, str]) -> NDArray[np.bool_]:
        """Return which of the texts to learn from carry a concept, (n_labelled,).

        Raises:
            ConceptMissingError: there is no such concept.
        """
        key = next((key for key, name in names.items() if name == concept), None)
        if key is None:
            raise ConceptMissingError(concept, list(names.values()))
        return np.array([(key, True) in self.labels[place] for place in self.rows.tolist()], bool)

    def drawn(self) -> list[int]:
        """Return the places that chance asks for next, in its order."""
        wanted = self.asked_for & ~self.is_answered
        return [int(place) for place in np.flatnonzero(wanted)]

    def sampled(self) -> tuple[int, dict[int, int]]:
        """Return how many texts are a random sample, and how many of them carry each concept.

        Where a person was unsure or passed over a text, it counts for nothing.
        """
        mine = [place for place in range(self.n_sampled) if self.labels.get(place)]
        counts = Counter(c for place in mine for c, said in self.labels[place] if said)
        return len(mine), dict(counts)

    def likeness(
        self, like: Sequence[str], is_it: NDArray[np.bool_], embedder: str, job: Job
    ) -> Floats:
        """Return how like examples, and the texts known to be alike, each text is, (n_texts,)."""
        from core.learning import embedders  # torch
        from core.learning.embedding_classifier.steering import seen_from

        examples = [self.features.near[self.rows[is_it]]]
        if like:
            read = embedders.load(embedder).encode(list(like), job)
            examples.append(seen_from(self.features, read))
        together = np.concatenate(examples)
        if not len(together):
            return np.zeros(len(self.texts), np.float32)
        return np.asarray(self.features.near @ together.mean(axis=0), np.float32)

    def hits(self, words: str) -> Floats:
        """Return the share of some words that each text has, each from its beginning on."""
        sought = normalised(words).split()
        if not sought:
            return np.zeros(len(self.texts), np.float32)
        padded = [f" {normalised(text)}" for text in self.texts]
        found = [sum(f" {word}" in text for word in sought) for text in padded]
        return np.array(found, np.float32) / np.float32(len(sought))


def read_pool(app: AppFolder, db: Database, wanted: InputFilter, embedder: str, job: Job) -> Pool:
    """Read the texts to choose from, and those that were labelled so far."""
    from core.learning import embedders  # torch

    asked, choosable = _asked(db, wanted)
    rows, n_sampled, n_open = _rows(db, asked, choosable)
    keys = np.array([row.input_id for row in rows], np.int64)
    labels = _labels(db, rows)
    texts = load_texts(db, [row.text_id for row in rows])
    features = _WARM.features(app, db, embedders.load(embedder), rows, texts, job)
    is_open = np.isin(keys, choosable) & np.array(
        [not (row.is_answered or row.has_labels) for row in rows], bool
    )
    return Pool(
        input_ids=keys,
        texts=texts,
        features=features,
        open=is_open,
        is_answered=np.array([row.is_answered for row in rows], bool),
        rows=np.array(sorted(labels), np.int64),
        labels=labels,
        n_sampled=n_sampled,
        n_open=n_open,
        asked_for=np.isin(keys, asked),
    )


def _asked(db: Database, wanted: InputFilter) -> tuple[Ints, Ints]:
    """Return the texts that estimates are about, in the order of chance, and those to choose."""
    everything = np.array(list_input_ids(db, replace(wanted, labelling="")), np.int64)
    choosable = np.array(list_input_ids(db, wanted), np.int64)
    return everything[random_order(everything)], choosable


def _rows(db: Database, asked: Ints, choosable: Ints) -> tuple[list[TextRow], int, int]:
    """Return the texts to read: the first by chance, then the labelled ones that are not there."""
    unsaid = np.array(list_open_ids(db), np.int64)
    n_open = int(np.isin(choosable, unsaid).sum())
    n_answered = len(asked) - int(np.isin(asked, unsaid).sum())
    n_first = MOST_TEXTS + -(-n_answered // STEP) * STEP
    first = asked[:n_first]
    labelled = np.array(list_input_ids(db, InputFilter(labelling="labelled")), np.int64)
    others = labelled[~np.isin(labelled, first)]
    others = others[random_order(others)][:MOST_LEARNED]
    rows = list_text_rows(db, np.concatenate([first, others]).tolist())
    n_sampled = next((i for i, row in enumerate(rows) if not row.is_answered), len(rows))
    return rows, min(n_sampled, len(first)), n_open


def _labels(db: Database, rows: Sequence[TextRow]) -> dict[int, list[tuple[int, bool]]]:
    """Return by place what a person said; what was accepted from a model teaches nothing new."""
    places = {row.input_id: place for place, row in enumerate(rows) if row.is_answered}
    found: dict[int, list[tuple[int, bool]]] = {}
    for input_id, concept, said in list_labels(db, list(places)):
        found.setdefault(places[input_id], []).append((concept, said))
    return found


class _Warm:
    """Keeps the features of the last pool: only labels change while somebody labels."""

    def __init__(self) -> None:
        self._key = b""
        self._features: Features | None = None

    def features(
        self,
        app: AppFolder,
        db: Database,
        embedder: "Embedder",
        rows: Sequence[TextRow],
        texts: Sequence[str],
        job: Job,
    ) -> "Features":
        """Return the features of texts, read anew where they are others than last time."""
        from core.learning.embedding_classifier.steering import read_features

        ids = np.array([row.text_id for row in rows], np.int64)
        name = f"{app.path}\n{embedder.identity}\n".encode()
        key = hashlib.blake2b(name + ids.tobytes()).digest()
        if self._features is None or key != self._key:
            embeddings = read_embeddings(db, embedder, texts, job)
            self._features, self._key = read_features(texts, embeddings, job), key
        return self._features


_WARM = _Warm()
