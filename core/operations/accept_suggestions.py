"""Accept what a model suggested, put the rest up for review, and take it back again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _, ngettext
from core.jobs import Job
from core.learning.bounds import ACCEPT, LEAVE, REVIEW, Bounds, Sorted, sort_out
from core.operations.parts import in_parts
from core.operations.suggest import NotAskedError, Suggestions, suggestions_in
from core.records import Origin
from core.storage import annotations
from core.storage.concepts import add_concepts
from core.storage.database import Database, chunks, transaction
from core.storage.filters import InputFilter, Selection, list_input_ids, selected_ids
from core.storage.suggestions import (
    list_reviews,
    list_text_rows,
    list_unread_ids,
    put_up_for_review,
    update_bounds,
)


@dataclass(frozen=True)
class AcceptSuggestionsRequest:
    """From which probability on suggestions are accepted, and read; None for the kept bounds.

    Attributes:
        is_dry: only count; nothing is written.
    """

    bounds: Bounds | None = None
    is_dry: bool = False


@dataclass(frozen=True)
class FateCounts:
    """How many suggestions of a concept, or texts in all, are accepted, read and left."""

    n_accepted: int = 0
    n_to_review: int = 0
    n_left: int = 0


@dataclass(frozen=True)
class AcceptResult:
    """What was accepted, or would be.

    Attributes:
        texts: in all. concepts: by name, those with a suggestion.
    """

    texts: FateCounts
    concepts: Mapping[str, FateCounts] = field(default_factory=dict)
    changes: Changes = Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.SUGGESTIONS


def accept_suggestions(app: AppFolder, request: AcceptSuggestionsRequest, job: Job) -> AcceptResult:
    """Make labels of what is likely enough, in one step; keep which texts a person is to read.

    The labels say that they come from a model and that nobody read the text: they teach, and no
    score is found on them. Texts that got a label or an answer meanwhile are left alone.

    Raises:
        NotAskedError: no model was asked yet.
    """
    job.report(_("Sorting the suggestions"))
    with app.database() as db:
        found = suggestions_in(db)
        if found is None:
            raise NotAskedError
        bounds = request.bounds or found.bounds
        fates = sorted_by(found, bounds)
        result = AcceptResult(_texts(fates), _concepts(found, fates))
        if request.is_dry:
            return AcceptResult(result.texts, result.concepts, Changes.NOTHING)
        _accept(db, found, fates, job)
        with transaction(db):
            update_bounds(db, bounds.to_json())
            put_up_for_review(db, fates.input_ids[fates.fates == REVIEW].tolist())
    return result


def sorted_by(found: Suggestions, bounds: Bounds) -> Sorted:
    """Return what becomes of suggestions by some bounds."""
    rows = found.rows
    return sort_out(rows.input_ids, rows.concepts, rows.probabilities, found.asked.concepts, bounds)


def _texts(fates: Sorted) -> FateCounts:
    return FateCounts(fates.n_accepted, fates.n_to_review, fates.n_left)


def _concepts(found: Suggestions, fates: Sorted) -> dict[str, FateCounts]:
    return {
        name: FateCounts(int(n[ACCEPT]), int(n[REVIEW]), int(n[LEAVE]))
        for name, n in zip(found.asked.concepts, fates.counts, strict=True)
        if n.any()
    }


def _accept(db: Database, found: Suggestions, fates: Sorted, job: Job) -> None:
    accepted: dict[int, list[str]] = {}
    rows, names = found.rows, found.asked.concepts
    keys = rows.input_ids[fates.is_accepted].tolist()
    for key, concept in zip(keys, rows.concepts[fates.is_accepted].tolist(), strict=True):
        accepted.setdefault(key, []).append(names[concept])
    if not accepted:
        return
    n = len(accepted)
    words = ngettext("accept a suggestion for {n} text", "accept suggestions for {n} texts", n)
    name = words.format(n=f"{n:,}")
    with in_parts(db, list(accepted), name, job, origin=Origin.MODEL) as parts:
        for step_id, some in parts:
            _label(db, {key: accepted[key] for key in some}, step_id)


def _label(db: Database, accepted: Mapping[int, Sequence[str]], step_id: int) -> None:
    by_concept: dict[str, list[int]] = {}
    for key, names in accepted.items():
        for name in names:
            by_concept.setdefault(name, []).append(key)
    for name, concept_id in add_concepts(db, by_concept).items():
        keys = by_concept[name]
        annotations.annotate(db, keys, concept_id, positive=True, step_id=step_id)


@dataclass(frozen=True)
class WithdrawRequest:
    """Of which inputs labels that nobody read are taken back; None means all."""

    inputs: Selection | None = None


@dataclass(frozen=True)
class WithdrawResult:
    """How many texts lost labels; they have their suggestions again."""

    n_inputs: int
    changes: Changes = Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.SUGGESTIONS


def withdraw_accepted(app: AppFolder, request: WithdrawRequest, job: Job) -> WithdrawResult:
    """Make suggestions again of accepted labels that nobody read, in one step."""
    job.report(_("Looking for the texts"))
    with app.database() as db:
        ids = list_unread_ids(db)
        if request.inputs is not None:
            wanted = {*selected_ids(db, request.inputs)}
            ids = [key for key in ids if key in wanted]
        n = len(ids)
        words = ngettext(
            "take back the label of {n} text that nobody read",
            "take back the labels of {n} texts that nobody read",
            n,
        )
        with in_parts(db, ids, words.format(n=f"{n:,}"), job) as parts:
            for _step_id, some in parts:
                annotations.delete_unread(db, some)
    return WithdrawResult(n)


@dataclass(frozen=True)
class Standing:
    """How far the suggestions are.

    Attributes:
        n_to_read: texts that were put up for review. n_read: those a person answered since.
        n_unread: texts with accepted labels that nobody read.
    """

    n_to_read: int = 0
    n_read: int = 0
    n_unread: int = 0
    changes: Changes = Changes.NOTHING

    @property
    def share_read(self) -> float:
        """Return the share of the texts up for review that a person answered, in [0, 1]."""
        return self.n_read / self.n_to_read if self.n_to_read else 1.0

    def to_json(self) -> dict[str, Any]:
        """Return the numbers."""
        return {
            "to_read": self.n_to_read,
            "read": self.n_read,
            "share_read": self.share_read,
            "accepted_unread": self.n_unread,
        }


def standing(db: Database) -> Standing:
    """Return how far the suggestions of an open app are."""
    n_to_read, n_open = len(list_reviews(db)), len(list_reviews(db, only_open=True))
    return Standing(n_to_read, n_to_read - n_open, len(list_unread_ids(db)))


@dataclass(frozen=True)
class SuggestionsSeen:
    """The suggestions for texts that are still open, and how far they are.

    Attributes:
        found: None where no model was asked yet.
        has_open: whether there are texts to ask about.
    """

    found: Suggestions | None
    standing: Standing
    has_open: bool = True
    changes: Changes = Changes.NOTHING


def look_at_suggestions(app: AppFolder, job: Job) -> SuggestionsSeen:
    """Return what was suggested, and how far a person and the bounds are with it."""
    job.report(_("Reading the suggestions"))
    with app.database() as db:
        ids = list_input_ids(db, InputFilter(labelling="unlabelled"))
        rows = (row for some in chunks(ids) for row in list_text_rows(db, some))
        has_open = any(not (row.is_answered or row.has_labels) for row in rows)
        return SuggestionsSeen(suggestions_in(db), standing(db), has_open)
