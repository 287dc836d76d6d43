"""How the rows of a file become inputs: new, there already, or not to be taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from core.app_folder import MAIN_DATASET
from core.files import Problem, Row
from core.i18n import _
from core.storage.annotations import annotate
from core.storage.concepts import add_concepts
from core.storage.database import Database
from core.storage.datasets import add_dataset, add_to_dataset
from core.storage.imports import add_problems
from core.storage.inputs import (
    NewInput,
    add_inputs,
    add_texts,
    count_texts,
    find_external_ids,
    find_inputs_of_texts,
    update_targets,
)
from core.storage.undo_log import log_new_inputs, recording
from core.wording import alphabetical

SameId = Literal["skip", "keep", "merge"]
SameText = Literal["keep", "skip", "merge"]


@dataclass(frozen=True)
class ImportPolicy:
    """Where rows go, and what becomes of those that are there already."""

    dataset: str = MAIN_DATASET
    same_id: SameId = "skip"
    same_text: SameText = "keep"


@dataclass
class Tally:
    """What has come in so far, or would.

    Attributes:
        n_same_id: rows whose id was there already, whatever became of them.
        n_other_text: those of them whose text is new; counted where texts are looked for.
        n_same_text: the same of the text; counted where it matters or nothing is written.
        n_targets: rows to be added or merged that say what a model shall write.
        n_bare: rows to be added that say neither that nor a concept.
        concepts: the names that rows to be added or merged say.
    """

    n_read: int = 0
    n_added: int = 0
    n_unlabelled: int = 0
    n_repeated: int = 0
    n_merged: int = 0
    n_same_id: int = 0
    n_other_text: int = 0
    n_same_text: int = 0
    n_targets: int = 0
    n_bare: int = 0
    concepts: set[str] = field(default_factory=set)


@dataclass
class Batch:
    """What becomes of the rows of a batch.

    Attributes:
        merged: rows with the input that takes their labels, or (negative, from -1 on) the place
            in `new` of the row that does.
    """

    new: list[Row] = field(default_factory=list)
    merged: list[tuple[int, Row]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Importer:
    """Adds the rows of one file, batch by batch; without an import it only sorts them out."""

    def __init__(
        self,
        db: Database,
        policy: ImportPolicy,
        source: str,
        import_id: int = 0,
        step_id: int = 0,
    ) -> None:
        self.tally = Tally()
        self.import_id = import_id
        self._db = db
        self._policy = policy
        self._source = source
        self._step_id = step_id
        self._looks_for_texts = policy.same_text != "keep" or not import_id
        self._seen: set[int] = set()  # hashes of ids and texts, where nothing is written

    def add(self, rows: Sequence[Row | Problem]) -> None:
        """Add the rows of a batch that can be taken; keep the others as problems."""
        batch = self.sort_out(rows)
        db, step_id = self._db, self._step_id
        said = _said(batch)
        names = {name for concepts in said for name, _positive in concepts}
        with recording(db, step_id):
            dataset_id = add_dataset(db, self._policy.dataset)
            names_in_order = sorted(names, key=alphabetical)
            ids = add_concepts(db, names_in_order)  # anew: the window may have changed them
        by_id = {c: tuple({ids[name]: p for name, p in c}.items()) for c in said}
        new = [self._input(row, by_id[row.concepts]) for row in batch.new]
        n_texts = count_texts(db)
        if any(item.target for item in new):  # which are texts, too, but not repeated ones
            add_texts(db, [item.text for item in new])
            self.tally.n_repeated += len(new) - (count_texts(db) - n_texts)
            added = add_inputs(db, new, dataset_id, step_id, self.import_id)
        else:
            added = add_inputs(db, new, dataset_id, step_id, self.import_id)
            self.tally.n_repeated += len(added) - (count_texts(db) - n_texts)
        log_new_inputs(db, step_id, added)
        if batch.merged:
            takers = [(k if k > 0 else added[-k - 1], row) for k, row in batch.merged]
            with recording(db, step_id):
                for input_id, row in takers:
                    self._merge(input_id, by_id[row.concepts], dataset_id)
                update_targets(db, [(key, row.target) for key, row in takers if row.target])
        add_problems(db, self.import_id, ((p.number, p.reason, p.cells) for p in batch.problems))

    def sort_out(self, rows: Sequence[Row | Problem]) -> Batch:
        """Say what becomes of every row of a batch, and count it."""
        batch = Batch(problems=[row for row in rows if isinstance(row, Problem)])
        good = [row for row in rows if isinstance(row, Row)]
        ids = find_external_ids(self._db, [row.external_id for row in good if row.external_id])
        texts = {}
        if self._looks_for_texts:
            texts = find_inputs_of_texts(self._db, [row.text for row in good])
        for row in good:
            self._sort_out(row, batch, ids, texts)
        batch.problems.sort()
        self.tally.n_read += len(rows)
        self.tally.n_added += len(batch.new)
        self.tally.n_merged += len(batch.merged)
        self.tally.n_unlabelled += sum(not row.concepts for row in batch.new)
        self.tally.n_bare += sum(not row.concepts and not row.target for row in batch.new)
        self.tally.n_targets += sum(bool(row.target) for row in _taken(batch))
        self.tally.concepts.update(name for said in _said(batch) for name, _positive in said)
        return batch

    def _sort_out(self, row: Row, batch: Batch, ids: dict[str, int], texts: dict[str, int]) -> None:
        """Put a row where it belongs; `ids` and `texts` say which input, or row, has them."""
        if (key := row.external_id) and self._is_known(key, ids):
            self.tally.n_same_id += 1
            self.tally.n_other_text += not self._is_known(row.text, texts)
            reason = _("The id “{id}” is taken, in this app or further up; give it another one.")
            if self._leave_out(
                row, batch, self._policy.same_id, ids.get(key), reason.format(id=key)
            ):
                return
            row = row._replace(external_id="")
        policy = self._policy.same_text
        if self._looks_for_texts and self._is_known(row.text, texts):
            self.tally.n_same_text += 1
            reason = _("The same text is in this app already, or further up.")
            if self._leave_out(row, batch, policy, texts.get(row.text), reason):
                return
            self.tally.n_repeated += not self.import_id
        batch.new.append(row)
        place = -len(batch.new)
        if row.external_id:
            ids[row.external_id] = place
        if self._looks_for_texts:
            texts.setdefault(row.text, place)
        if not self.import_id:
            self._seen |= {hash(row.external_id), hash(row.text)}

    def _is_known(self, key: str, known: dict[str, int]) -> bool:
        return key in known or (not self.import_id and hash(key) in self._seen)

    def _leave_out(
        self, row: Row, batch: Batch, policy: str, target: int | None, reason: str
    ) -> bool:
        """Do what is wanted with a row that is there already; False if it is to be added."""
        if policy == "skip":
            batch.problems.append(
                Problem(row.number, reason, " | ".join(row.cells)[:500], row.cells)
            )
        elif policy == "merge":
            batch.merged.append((target or 0, row))
        return policy != "keep"

    def _input(self, row: Row, concepts: tuple[tuple[int, bool], ...]) -> NewInput:
        return NewInput(
            row.text,
            self._source,
            row.external_id,
            row.split,
            row.metadata,
            concepts,
            row.note,
            row.target,
        )

    def _merge(
        self, input_id: int, concepts: tuple[tuple[int, bool], ...], dataset_id: int
    ) -> None:
        for concept_id, positive in concepts:
            annotate(self._db, [input_id], concept_id, positive=positive, step_id=self._step_id)
        add_to_dataset(self._db, dataset_id, [input_id])


def _said(batch: Batch) -> set[tuple[tuple[str, bool], ...]]:
    """Return what the rows that come in say of concepts."""
    return {row.concepts for row in _taken(batch)}


def _taken(batch: Batch) -> list[Row]:
    """Return the rows that come in, as an input or as part of one."""
    return [*batch.new, *(row for _place, row in batch.merged)]
