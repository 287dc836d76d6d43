"""Make labels, or a dataset, of a file of predictions; one step that can be undone."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from core.app_folder import MAIN_DATASET, AppFolder
from core.changes import Changes
from core.errors import UserError
from core.files.predicted.reading import PredictedReader, PredictedRow
from core.i18n import _
from core.jobs import Job
from core.operations.look_into_predictions import ALL, ALMOST, PredictionFilter
from core.operations.predict_rows import KEY
from core.records import Input, Origin
from core.storage.annotations import annotate
from core.storage.concepts import add_concepts
from core.storage.database import Database, expect_many_writes, transaction
from core.storage.datasets import add_dataset, add_to_dataset
from core.storage.imports import add_import, delete_import, end_import
from core.storage.inputs import NewInput, add_inputs, find_inputs_of_texts, get_inputs
from core.storage.names import storable
from core.storage.search import index_all_texts
from core.storage.steps import recorded_in_parts
from core.storage.undo_log import log_new_inputs, recording
from core.wording import alphabetical, estimate

BATCH = 5_000


class NothingToUseError(UserError):
    """No row would be used."""

    def __init__(self) -> None:
        super().__init__(
            _("No text of these would be added or labelled."),
            next_step=_("Lower the probability, or choose other texts."),
        )


@dataclass(frozen=True)
class UseRequest:
    """Which rows become what.

    Attributes:
        path, text: the file of predictions, and the column of its texts ("" to guess it).
        accept_from: the probability from which on what the model said becomes a label.
        wanted: only these rows.
        dataset: that all these texts are in afterwards; "" leaves them where they are, and adds
            none.
        adds_texts: whether texts that are new to the app are added, labelled or not; else only
            texts that the app has are labelled.
    """

    path: Path
    text: str = ""
    accept_from: float = 0.9
    wanted: PredictionFilter = ALL
    dataset: str = MAIN_DATASET
    adds_texts: bool = True


@dataclass(frozen=True)
class UseResult:
    """What came of it.

    Attributes:
        n_added: texts that were new. n_labelled: texts, new or not, that got labels.
        n_kept: texts that had a label or an answer already; nothing was said over that.
        n_below: texts of which the model was not sure enough, or that have no answer.
    """

    n_added: int
    n_labelled: int
    n_kept: int
    n_below: int
    dataset: str = MAIN_DATASET
    changes: Changes = Changes.INPUTS | Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.DATASETS


def use_predictions(app: AppFolder, request: UseRequest, job: Job) -> UseResult:
    """Label texts as a model said, from a probability on; what a person said always stays.

    The labels are marked as accepted from a model, unread. Stopped, nothing of it is.

    Raises:
        NoPredictionsError: the file has no such columns.
        NothingToUseError: no text would be added or labelled.
    """
    reader = PredictedReader(request.path, request.text)
    source = storable(request.path.name)
    name = _("use predictions of {file}").format(file=source)
    with app.database() as db:
        expect_many_writes(db)
        with recorded_in_parts(db, name, job, Origin.MODEL) as step_id:
            with transaction(db):
                import_id = add_import(db, source, step_id)
            try:
                use = _Use(db, request, source, step_id, import_id)
                for n_read, rows in _batches(reader):
                    n_all = estimate(n_read, reader.share_read)
                    job.report(_("Labelling texts"), n_read, n_all)
                    with transaction(db):
                        use.add(rows, reader)
                if not use.n_added + use.n_labelled + use.n_joined:
                    raise NothingToUseError
                for n_left in index_all_texts(db):
                    job.report(_("Making them searchable"), 0, n_left)
                with transaction(db):
                    end_import(db, import_id, use.n_added)
            except BaseException:
                with suppress(UserError):
                    delete_import(db, import_id)
                raise
    return UseResult(use.n_added, use.n_labelled, use.n_kept, use.n_below, request.dataset)


def is_wanted(row: PredictedRow, wanted: PredictionFilter) -> bool:
    """Tell whether a row is among those that are meant."""
    return (
        wanted.low - ALMOST <= row.probability <= wanted.high + ALMOST
        and (not wanted.concept or wanted.concept in row.predicted)
        and not (wanted.is_none and row.predicted)
        and (row.needs_person or not wanted.needs_person)
        and (row.is_unlike or not wanted.is_unlike)
    )


class _Use:
    """Adds and labels the rows of a file, batch by batch."""

    def __init__(
        self, db: Database, request: UseRequest, source: str, step_id: int, import_id: int
    ) -> None:
        self.n_added = self.n_labelled = self.n_kept = self.n_below = self.n_joined = 0
        self._db, self._request, self._source = db, request, source
        self._step_id, self._import_id = step_id, import_id

    def add(self, rows: Sequence[PredictedRow], reader: PredictedReader) -> None:
        """Use the rows of a batch that are wanted."""
        meant = [row for row in rows if is_wanted(row, self._request.wanted)]
        self.n_below += sum(not self._concepts(row) for row in meant)
        there = self._there(meant, reader)
        names = {name for row in meant for name in self._concepts(row)}
        with recording(self._db, self._step_id):
            ids = add_concepts(self._db, sorted(names, key=alphabetical))
            name = self._request.dataset
            dataset_id = add_dataset(self._db, name) if name else 0
            self._label(meant, there, ids, dataset_id)
        if self._request.adds_texts and dataset_id:
            new = {row.text: row for row in meant if row.text not in there}
            self._add(list(new.values()), ids, dataset_id)

    def _concepts(self, row: PredictedRow) -> tuple[str, ...]:
        """Return what becomes a label."""
        return row.predicted if row.probability >= self._request.accept_from - ALMOST else ()

    def _there(
        self, rows: Sequence[PredictedRow], reader: PredictedReader
    ) -> dict[str, list[Input]]:
        """Return the inputs of the app that the rows are about, by text."""
        keys = set(find_inputs_of_texts(self._db, [row.text for row in rows]).values())
        if KEY in reader.columns.own:
            place = reader.columns.own.index(KEY)
            keys |= {int(row.own[place]) for row in rows if row.own[place].isdecimal()}
        texts = {row.text for row in rows}
        there: dict[str, list[Input]] = {}
        for found in get_inputs(self._db, sorted(keys)):
            if found.text in texts:
                there.setdefault(found.text, []).append(found)
        return there

    def _label(
        self,
        rows: Sequence[PredictedRow],
        there: dict[str, list[Input]],
        ids: dict[str, int],
        dataset_id: int,
    ) -> None:
        said = {row.text: self._concepts(row) for row in rows if row.text in there}
        free: dict[str, list[int]] = {}
        for text, concepts in said.items():
            is_free = [found.id for found in there[text] if found.is_open]
            self.n_kept += len(there[text]) - len(is_free)
            self.n_labelled += len(is_free) if concepts else 0
            for concept in concepts:
                free.setdefault(concept, []).extend(is_free)
        for concept, keys in free.items():
            annotate(self._db, keys, ids[concept], positive=True, step_id=self._step_id)
        if dataset_id:
            keys = [found.id for text in said for found in there[text]]
            self.n_joined += len(keys)
            add_to_dataset(self._db, dataset_id, keys)

    def _add(self, rows: Sequence[PredictedRow], ids: dict[str, int], dataset_id: int) -> None:
        new = [
            NewInput(
                text=row.text,
                source=self._source,
                concepts=tuple((ids[name], True) for name in self._concepts(row)),
            )
            for row in rows
        ]
        if not new:
            return
        added = add_inputs(self._db, new, dataset_id, self._step_id, self._import_id)
        log_new_inputs(self._db, self._step_id, added)
        self.n_added += len(new)
        self.n_labelled += sum(bool(item.concepts) for item in new)


def _batches(reader: PredictedReader) -> Iterator[tuple[int, list[PredictedRow]]]:
    rows = iter(reader)
    n_read = 0
    while batch := list(islice(rows, BATCH)):
        n_read += len(batch)
        yield n_read, batch
