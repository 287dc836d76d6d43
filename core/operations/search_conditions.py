"""What has to hold of a text to be found, apart from what it means."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.app_folder import AppFolder
from core.i18n import _
from core.jobs import Job
from core.learning.splits import Floats
from core.operations.asked_of_model import place_of_concept, what_it_says
from core.operations.ranking_texts import Ids
from core.records import ModelVersion
from core.storage.database import Database, chunks
from core.storage.filters import InputFilter, list_input_ids
from core.storage.models import find_classifier_version
from core.storage.searches import Predicted, Search
from core.storage.vectors import get_texts_of_inputs

Bools = NDArray[np.bool_]
AT_ONCE = 4_096


class Conditions:
    """The filters of a search, and what it asks models."""

    def __init__(self, app: AppFolder, db: Database, search: Search) -> None:
        """Look the models up.

        Raises:
            ModelMissingError, ConceptNotTaughtError: there is no such model, or concept of it.
        """
        self._app, self._db = app, db
        self._wanted = search.filters(is_negated=False)
        self._unwanted = search.filters(is_negated=True)
        self._examples = np.array([m.input_id for m in search.meanings if m.input_id], np.int64)
        self._asked: list[tuple[Predicted, ModelVersion, int]] = []
        for part in search.predicted:
            version = find_classifier_version(db, part.model, part.number)
            self._asked.append((part, version, place_of_concept(version, part.concept)))
        self._ids: Ids | None = None
        self._is_narrowed = bool(self._wanted or self._unwanted)

    @property
    def asks_model(self) -> bool:
        """Whether a model has to be asked."""
        return bool(self._asked)

    @property
    def direction(self) -> int:
        """1 where the surest stand first, -1 where the least sure do."""
        return -1 if self._asked and self._asked[0][0].is_negated else 1

    def ids(self, job: Job) -> Ids | None:
        """Return the inputs that the filters leave, ascending; None where nothing narrows."""
        if self._ids is None and self._is_narrowed:
            job.report(_("Searching"))
            self._ids = self._filtered()
        return self._ids

    def all_ids(self, job: Job) -> Ids:
        """Return the inputs that the filters leave, ascending."""
        ids = self.ids(job)
        return _as_ids(list_input_ids(self._db)) if ids is None else ids

    def hold(self, ids: Ids) -> Bools:
        """Tell which inputs the filters leave; an example itself is not found."""
        holds = ~np.isin(ids, self._examples)
        if self._ids is not None:
            places = np.searchsorted(self._ids, ids)
            inside = places < len(self._ids)
            holds[~inside] = False
            holds[inside] &= self._ids[places[inside]] == ids[inside]
        return holds

    def said(self, ids: Ids, job: Job) -> tuple[Bools, Floats]:
        """Tell of which inputs the models say what is asked, and how surely the first one does.

        Returns:
            (n_ids,) whether it holds; (n_ids,) the probability of the concept asked first, no
            number where nothing is asked.
        """
        holds, first = np.ones(len(ids), bool), np.full(len(ids), np.nan, np.float32)
        for n, (part, version, place) in enumerate(self._asked):
            said = self._probabilities(ids, version, place, job)
            holds &= (said < part.above) if part.is_negated else (said >= part.above)
            if n == 0:
                first = said
        return holds, first

    def _probabilities(self, ids: Ids, version: ModelVersion, place: int, job: Job) -> Floats:
        said = np.zeros(len(ids), np.float32)
        for start, some in enumerate(chunks(ids.tolist(), AT_ONCE)):
            job.report(_("Asking the model"), start * AT_ONCE, len(ids))
            known = get_texts_of_inputs(self._db, some)
            texts = [known.get(one, "") for one in some]
            answers = what_it_says(self._app, self._db, version, texts, job)
            said[start * AT_ONCE : start * AT_ONCE + len(some)] = answers[:, place]
        return said

    def _filtered(self) -> Ids:
        found = [self._listed(one) for one in self._wanted]
        ids = found[0] if found else self._listed(InputFilter())
        for other in found[1:]:
            ids = np.intersect1d(ids, other, assume_unique=True)
        for left_out in self._unwanted:
            ids = np.setdiff1d(ids, self._listed(left_out), assume_unique=True)
        return ids

    def _listed(self, wanted: InputFilter) -> Ids:
        return _as_ids(list_input_ids(self._db, wanted))


def _as_ids(ids: Sequence[int]) -> Ids:
    if isinstance(ids, range):
        return np.arange(ids.start, ids.stop, dtype=np.int64)
    return np.array(ids, np.int64)
