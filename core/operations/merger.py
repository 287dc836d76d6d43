"""Texts, labels and concepts of a copy on their way into an app."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.app_folder import MAIN_DATASET
from core.learning.agreement import Tally
from core.records import Concept, Input, Status
from core.storage.annotations import annotate, delete_unread, list_unread
from core.storage.concepts import (
    ConceptRelationError,
    add_concepts,
    add_synonym,
    list_concepts,
    list_synonyms,
    update_broader,
    update_codebook,
    update_concept,
)
from core.storage.database import Database
from core.storage.datasets import add_dataset, add_to_dataset
from core.storage.inputs import (
    NewInput,
    add_inputs,
    find_external_ids,
    get_inputs,
    update_metadata,
    update_note,
    update_splits,
    update_status,
    update_targets,
)
from core.storage.merges import (
    Theirs,
    add_disagreements,
    find_all_inputs_of_texts,
    list_memberships,
)
from core.storage.undo_log import log_new_inputs, recording

_NOT_INDEXED = 0  # an import that there never is: what comes is made searchable at the end


@dataclass
class Merger:
    """Merges a copy, some inputs after the other; counts what it does.

    Attributes:
        db: of this app. source: of the copy.
        differing: texts in which both differ, for each of `KINDS`; n_differing: in any.
        names: of all concepts, by the key that they have here.
    """

    db: Database
    source: Database
    merge_id: int
    step_id: int
    n_added: int = 0
    n_matched: int = 0
    n_labelled: int = 0
    n_concepts: int = 0
    n_differing: int = 0
    differing: Counter[str] = field(default_factory=Counter)
    tally: Tally = field(default_factory=Tally)
    names: dict[int, str] = field(default_factory=dict)
    _here: dict[int, int] = field(default_factory=dict)  # concepts: their key -> ours
    _taken: set[int] = field(default_factory=set)  # inputs of ours that have their counterpart

    def merge_concepts(self) -> None:
        """Make the concepts that are new, and tell of all what was not told yet."""
        theirs, ours = list_concepts(self.source), {c.name: c for c in list_concepts(self.db)}
        made = add_concepts(self.db, [concept.name for concept in theirs])
        self._here = {concept.id: made[concept.name] for concept in theirs}
        self.n_concepts = sum(concept.name not in ours for concept in theirs)
        for concept in theirs:
            self._describe(concept, ours.get(concept.name))
        for key, others in list_synonyms(self.source).items():
            for other in others:
                add_synonym(self.db, self._here[key], self._here[other])
        self.names = {concept.id: concept.name for concept in list_concepts(self.db)}

    def merge_inputs(self, ids: Sequence[int]) -> None:
        """Merge some inputs of the copy, inside a transaction."""
        pairs, new = self._sort_out(_as_read(self.source, get_inputs(self.source, ids)))
        memberships = list_memberships(self.source, ids)
        self._add(new, memberships)
        with recording(self.db, self.step_id):
            delete_unread(self.db, [key for key, one in pairs if one.is_labelled])
            ours = {one.id: one for one in get_inputs(self.db, [key for key, _one in pairs])}
            said = []
            for key, one in pairs:
                theirs = self._compare(ours[key], one)
                if theirs.kinds:
                    said.append((key, theirs))
                    self.differing.update(theirs.kinds)
                self._complete(ours[key], one)
                for name in memberships.get(one.id, ()):
                    add_to_dataset(self.db, add_dataset(self.db, name), [key])
            add_disagreements(self.db, self.merge_id, said)
        self.n_differing += len(said)
        self.n_matched += len(pairs)

    def _describe(self, theirs: Concept, ours: Concept | None) -> None:
        key = self._here[theirs.id]
        if theirs.definition and not (ours and ours.definition):
            colour = ours.colour if ours else self._colour_of(key)
            update_concept(
                self.db, key, name=theirs.name, definition=theirs.definition, colour=colour
            )
        if theirs.examples and not (ours and ours.examples):
            update_codebook(self.db, key, theirs.examples)
        if theirs.broader_id and not (ours and ours.broader_id):
            try:
                update_broader(self.db, key, self._here[theirs.broader_id])
            except ConceptRelationError:
                return  # here the broader one is a kind of this one, and that stands

    def _colour_of(self, key: int) -> int:
        return next(concept.colour for concept in list_concepts(self.db) if concept.id == key)

    def _sort_out(self, theirs: Sequence[Input]) -> tuple[list[tuple[int, Input]], list[Input]]:
        """Return pairs of an input of ours and its counterpart, and what has none here."""
        by_text = find_all_inputs_of_texts(self.db, [one.text for one in theirs])
        by_id = find_external_ids(self.db, [o.external_id for o in theirs if o.external_id])
        pairs, new = [], []
        for one in theirs:
            free = [key for key in by_text.get(one.text, ()) if key not in self._taken]
            named = by_id.get(one.external_id, 0)
            key = named if named in free else next(iter(free), 0)
            if key:
                self._taken.add(key)
                pairs.append((key, one))
            else:
                new.append(one)
        return pairs, new

    def _add(self, new: Sequence[Input], memberships: dict[int, list[str]]) -> None:
        """Add inputs with all that is known of them, to the datasets that they are in."""
        ids = find_external_ids(self.db, [one.external_id for one in new if one.external_id])
        by_dataset: defaultdict[str, list[Input]] = defaultdict(list)
        for one in new:
            by_dataset[next(iter(memberships.get(one.id, ())), MAIN_DATASET)].append(one)
        for name, some in by_dataset.items():
            with recording(self.db, self.step_id):
                dataset_id = add_dataset(self.db, name)
                names = {one for row in some for one in memberships.get(row.id, ())}
                others = {one: add_dataset(self.db, one) for one in sorted(names)}
            rows = [self._new(one, is_free=one.external_id not in ids) for one in some]
            added = add_inputs(self.db, rows, dataset_id, self.step_id, _NOT_INDEXED)
            for key, one in zip(added, some, strict=True):
                for other in memberships.get(one.id, ())[1:]:
                    add_to_dataset(self.db, others[other], [key])
                if one.status != Status.NONE:
                    update_status(self.db, [key], one.status)
            log_new_inputs(self.db, self.step_id, added)
            self._taken.update(added)
            self.n_added += len(added)

    def _new(self, one: Input, *, is_free: bool) -> NewInput:
        said = [*((c, True) for c in one.positive), *((c, False) for c in one.negative)]
        return NewInput(
            one.text,
            one.source,
            one.external_id if is_free else "",
            one.split,
            one.metadata,
            tuple((self._here[key], positive) for key, positive in said),
            one.note,
            one.target,
        )

    def _compare(self, mine: Input, theirs: Input) -> Theirs:
        """Take over what is missing of the labels; return in what both differ."""
        labels = self._compare_labels(mine, theirs)
        return Theirs(
            labels,
            theirs.target if mine.target not in ("", theirs.target) else "",
            theirs.split if mine.split not in ("", theirs.split) else "",
            denied=() if labels is None else tuple(self._concepts(theirs.negative)),
        )

    def _compare_labels(self, mine: Input, theirs: Input) -> tuple[int, ...] | None:
        """Compare the labels of a text, and take over what is missing; return other ones."""
        if not theirs.is_labelled:
            return None
        positive = self._concepts(theirs.positive)
        if mine.is_labelled and not self.tally.add(mine.positive, positive):
            return tuple(positive)
        known = {*mine.positive, *mine.negative}
        denied = [key for key in self._concepts(theirs.negative) if key not in known]
        if not mine.is_labelled:
            self.n_labelled += 1
            for key in positive:
                annotate(self.db, [mine.id], key, positive=True, step_id=self.step_id)
            update_status(self.db, [mine.id], Status.NONE)
        for key in denied:
            annotate(self.db, [mine.id], key, positive=False, step_id=self.step_id)
        return None

    def _complete(self, mine: Input, theirs: Input) -> None:
        """Take over what is told of a text there and not here; what both tell stays as here."""
        db = self.db
        if theirs.split and not mine.split:
            update_splits(db, [(mine.id, theirs.split)])
        if theirs.target and not mine.target:
            update_targets(db, [(mine.id, theirs.target)])
        if theirs.note and theirs.note not in mine.note:
            update_note(db, mine.id, f"{mine.note}\n{theirs.note}".strip())
        if theirs.status != Status.NONE and mine.is_open:
            update_status(db, [mine.id], theirs.status)
        for name, value in theirs.metadata.items():
            if name not in mine.metadata:
                update_metadata(db, [mine.id], name, value)

    def _concepts(self, keys: Sequence[int]) -> list[int]:
        return [self._here[key] for key in keys]


def _as_read(db: Database, inputs: Sequence[Input]) -> list[Input]:
    """Return inputs without labels where one was accepted from a model that nobody read.

    Nobody said them, so that they are no labels of a person's here, nor count as agreement.
    """
    unread = {*list_unread(db, [one.id for one in inputs])}
    return [replace(one, positive=(), negative=()) if one.id in unread else one for one in inputs]
