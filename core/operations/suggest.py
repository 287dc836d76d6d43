"""Ask a model about all texts without a label, and keep what it suggests; no label is set."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job, PartOfJob
from core.learning.bounds import Bounds
from core.learning.classifier import Classifier
from core.learning.splits import Floats
from core.operations.fitting import load_model, probabilities_of
from core.records import ModelVersion, Prediction
from core.storage.database import Database, transaction
from core.storage.filters import InputFilter, list_input_ids
from core.storage.models import find_classifier_version
from core.storage.suggestions import (
    SuggestionRound,
    SuggestionRows,
    add_round,
    find_round,
    list_suggestions,
    list_text_rows,
    load_texts,
)

EVERYTHING = InputFilter()
BATCH = 2_000  # texts asked at once
MOST_CONCEPTS = 10  # kept of a text, where it may have several
LEAST = 0.05  # probability below which nobody would want to see one of several


class NothingToSuggestError(UserError):
    """Every text has a label or an answer."""

    def __init__(self) -> None:
        super().__init__(
            _("Every one of these texts has a label or an answer."),
            next_step=_("Add texts without labels, or choose other texts."),
        )


class NotAskedError(UserError):
    """No model was asked for suggestions yet."""

    def __init__(self) -> None:
        super().__init__(
            _("No model was asked for suggestions yet."),
            next_step=_("Choose a model and ask it first."),
        )


@dataclass(frozen=True)
class SuggestRequest:
    """Which model version (0 means the newest), and of which texts those without a label."""

    model: str
    number: int = 0
    wanted: InputFilter = EVERYTHING


@dataclass(frozen=True)
class SuggestResult:
    """How many texts were asked about, and how many suggestions there are."""

    n_inputs: int
    n_suggestions: int
    changes: Changes = Changes.SUGGESTIONS


def suggest(app: AppFolder, request: SuggestRequest, job: Job) -> SuggestResult:
    """Keep what a model suggests for texts without a label, in the place of earlier suggestions.

    Of exclusive concepts the likeliest is kept, of others all that are not far from likely.
    Stopped, the earlier suggestions stay.

    Raises:
        ModelMissingError: there is no such model.
        NothingToSuggestError: no text is without a label.
    """
    with app.database() as db:
        version = find_classifier_version(db, request.model, request.number)
        rows = list_text_rows(db, list_input_ids(db, request.wanted))
        open_ = [row for row in rows if not (row.is_answered or row.has_labels)]
        if not open_:
            raise NothingToSuggestError
        model = load_model(app, version)
        found = _Found()
        for start in range(0, len(open_), BATCH):
            some = open_[start : start + BATCH]
            end = start + len(some)
            part = PartOfJob(job, _("Reading texts"), start=start, end=end, total=len(open_))
            texts = load_texts(db, [row.text_id for row in some])
            said = probabilities_of(db, model, texts, part)
            found.add([row.input_id for row in some], said, is_exclusive=model.is_exclusive)
            job.report(_("Reading texts"), end, len(open_))
        with transaction(db):
            add_round(db, _round(version, model), found.rows())
    return SuggestResult(len(open_), len(found.input_ids))


class _Found:
    """Gathers suggestions."""

    def __init__(self) -> None:
        self.input_ids, self.concepts, self.likely = array("q"), array("q"), array("f")

    def add(self, input_ids: Sequence[int], said: Floats, *, is_exclusive: bool) -> None:
        for place, i in _worth_keeping(said, is_exclusive=is_exclusive):
            self.input_ids.append(input_ids[place])
            self.concepts.append(i)
            self.likely.append(float(said[place, i]))

    def rows(self) -> SuggestionRows:
        return SuggestionRows(
            np.array(self.input_ids, np.int64),
            np.array(self.concepts, np.int64),
            np.array(self.likely, np.float32),
        )


def _worth_keeping(said: Floats, *, is_exclusive: bool) -> Iterator[tuple[int, int]]:
    """Yield (place of a text, place of a concept)."""
    most = 1 if is_exclusive else MOST_CONCEPTS
    best = np.argsort(-said, axis=1, kind="stable")[:, :most]
    for place, row in enumerate(best.tolist()):
        for rank, i in enumerate(row):
            if rank == 0 or said[place, i] >= LEAST:
                yield place, i


def _round(version: ModelVersion, model: Classifier) -> SuggestionRound:
    return SuggestionRound(
        version.model,
        version.number,
        tuple(model.concepts),
        is_exclusive=model.is_exclusive,
        bounds=usual_bounds(version).to_json(),
    )


def usual_bounds(version: ModelVersion) -> Bounds:
    """Return what is accepted where nobody said: what the thresholds of the version promise."""
    usual = Bounds()
    kept = version.thresholds.concepts
    own = {name: (limit, min(limit, usual.review)) for name, limit in kept.items() if limit > 0}
    return Bounds(usual.accept, usual.review, own)


@dataclass(frozen=True)
class Suggestions:
    """What was suggested for texts that are still open, for whoever sorts it out."""

    asked: SuggestionRound
    rows: SuggestionRows
    changes: Changes = Changes.NOTHING

    @property
    def bounds(self) -> Bounds:
        """The bounds that are kept."""
        return Bounds.from_json(self.asked.bounds)


def suggestions_in(db: Database) -> Suggestions | None:
    """Return the suggestions of the model that was asked last; None if none was."""
    asked = find_round(db)
    return Suggestions(asked, list_suggestions(db)) if asked else None


@dataclass(frozen=True)
class LookAheadRequest:
    """Which texts come next, and which model version is to suggest something for them."""

    input_ids: tuple[int, ...]
    model: str
    number: int = 0


@dataclass(frozen=True)
class LookAheadResult:
    """By text, the likeliest concepts, the best first."""

    predictions: dict[int, tuple[Prediction, ...]]
    is_exclusive: bool
    changes: Changes = Changes.NOTHING


def look_ahead(app: AppFolder, request: LookAheadRequest, job: Job) -> LookAheadResult:
    """Return what a model suggests for the texts that come next; nothing is kept.

    Raises:
        ModelMissingError: there is no such model.
    """
    with app.database() as db:
        version = find_classifier_version(db, request.model, request.number)
        model = load_model(app, version)
        rows = list_text_rows(db, request.input_ids)
        texts = load_texts(db, [row.text_id for row in rows])
        said = probabilities_of(db, model, texts, job)
    keys = [row.input_id for row in rows]
    return LookAheadResult(predictions_of(keys, said, model.concepts), model.is_exclusive)


def predictions_of(
    input_ids: Sequence[int], said: Floats, concepts: Sequence[str]
) -> dict[int, tuple[Prediction, ...]]:
    """Return by text the likeliest concepts of probabilities, (n_texts, n_concepts)."""
    best = np.argsort(-said, axis=1, kind="stable")[:, :MOST_CONCEPTS]
    return {
        key: tuple(Prediction(concepts[i], float(said[place, i])) for i in best[place].tolist())
        for place, key in enumerate(input_ids)
    }
