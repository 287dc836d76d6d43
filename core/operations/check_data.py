"""Look through a dataset for everything that is wrong with its texts and labels."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from core.app_folder import MAIN_DATASET, AppFolder
from core.base_models import BaseModelError
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.splits import Targets
from core.operations.finding_kinds import KINDS
from core.operations.read_embeddings import read_embeddings
from core.storage.concepts import list_concepts
from core.storage.data_checks import (
    CONCEPT_KINDS,
    CheckedInputs,
    NewFinding,
    add_check,
    add_findings,
    count_groups,
    delete_check,
    end_check,
    get_check,
    get_groups,
    labels_state,
    list_groups,
    read_checked_inputs,
    read_labels,
    reading,
)
from core.storage.database import Database, transaction
from core.storage.datasets import get_dataset
from core.storage.embeddings import find_embeddings
from core.storage.inputs import get_inputs
from core.storage.steps import find_last_step_id

if TYPE_CHECKING:
    from core.learning.data_check.check import Found
    from core.learning.embedders import Embedder

N_EXAMPLES = 5
ASKED_FOR_CACHED, CACHED_SHARE = 500, 0.9


class NothingToCheckError(UserError):
    """The dataset has no texts."""

    def __init__(self, dataset: str) -> None:
        super().__init__(
            _("“{dataset}” has no texts to check.").format(dataset=dataset),
            next_step=_("Add texts first."),
        )


@dataclass(frozen=True)
class CheckRequest:
    """Which dataset, and from where on something is a finding.

    Attributes:
        embedder: "accurate" or "fast"; "" takes the one that has read the texts already, or else
            "fast".
        least_similar, similar: of near duplicates that are told; and of texts that should have
            the same labels and stand on one side, in [0, 1].
    """

    dataset: str = MAIN_DATASET
    embedder: str = ""
    least_similar: float = 0.8
    similar: float = 0.95
    fewest_texts: int = 10


@dataclass(frozen=True)
class KindResult:
    """What was found of a kind; `examples` are the first texts, or concepts: (id, text or name)."""

    kind: str
    title: str
    why: str
    severity: str
    n_found: int
    examples: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """What a check found; all kinds that were looked for are there, the worst first.

    Attributes:
        embedder: what read the texts; "" where none is installed, and so less was looked for.
    """

    check_id: int
    n_texts: int
    seconds: float
    embedder: str
    kinds: tuple[KindResult, ...]
    changes: Changes = Changes.NOTHING


def check_data(app: AppFolder, request: CheckRequest, job: Job) -> CheckResult:
    """Check a dataset and keep what is found in the place of its last check; no step of undo.

    Raises:
        DatasetMissingError: there is no such dataset.
        NothingToCheckError: it has no texts.
    """
    began = time.monotonic()
    with app.database() as db:
        dataset_id = get_dataset(db, request.dataset).id
        job.report(_("Reading the dataset"))
        read = _Read(db, dataset_id)
        if not read.inputs.ids:
            raise NothingToCheckError(request.dataset)
        embedder = _embedder(db, request.embedder, read.inputs.texts)
        with transaction(db):
            check_id = add_check(db, dataset_id, read.last_step_id)
        try:
            n_found = _write(db, check_id, read.found(request, db, embedder, job), read)
        except BaseException:
            with transaction(db):
                delete_check(db, check_id)
            raise
        summary = {
            "n_texts": len(read.inputs.ids),
            "seconds": round(time.monotonic() - began, 1),
            "embedder": embedder.name if embedder else "",
            "kinds": n_found,
            "is_exclusive": read.is_exclusive,
        }
        with transaction(db):
            end_check(db, check_id, summary)
        return result_of(db, check_id)


def result_of(db: Database, check_id: int) -> CheckResult:
    """Return what a check found, as it holds now."""
    check = get_check(db, check_id)
    assert check is not None  # it has just been written
    kinds = []
    for key, kind in KINDS.items():
        if key not in check.summary["kinds"]:
            continue
        n_open = count_groups(db, check, key)["open"]
        examples = _examples(db, check_id, key) if n_open else ()
        severity = kind.severity.name.lower()
        kinds.append(KindResult(key, kind.title, kind.why, severity, n_open, examples))
    facts = {name: check.summary[name] for name in ("n_texts", "seconds", "embedder")}
    return CheckResult(check_id, kinds=tuple(kinds), **facts)


def _examples(db: Database, check_id: int, kind: str) -> tuple[tuple[int, str], ...]:
    check = get_check(db, check_id)
    assert check is not None
    groups = get_groups(db, check, kind, list_groups(db, check, kind)[:N_EXAMPLES])
    ids = [i for group in groups for i in group.input_ids][:N_EXAMPLES]
    if kind in CONCEPT_KINDS:
        names = {concept.id: concept.name for concept in list_concepts(db)}
        return tuple((i, names[i]) for i in ids)
    return tuple((item.id, item.text) for item in get_inputs(db, ids))


class _Read:
    """A dataset as it was at one moment, by columns.

    Attributes:
        is_exclusive: whether a text has one concept at most; known once `found` was begun.
    """

    is_exclusive = False

    def __init__(self, db: Database, dataset_id: int) -> None:
        with reading(db):
            self.inputs: CheckedInputs = read_checked_inputs(db, dataset_id)
            self._labels = read_labels(db, dataset_id)
            self.last_step_id = find_last_step_id(db)
            self._concepts = {concept.id: concept for concept in list_concepts(db)}
        used = {concept_id for _input, concept_id, _positive in self._labels}
        self._columns = [
            i for i, concept in self._concepts.items() if i in used or not concept.n_positive
        ]

    def found(
        self, request: CheckRequest, db: Database, embedder: "Embedder | None", job: Job
    ) -> Iterator["Found"]:
        """Yield what is found, kind by kind."""
        from core.learning.data_check.check import (
            CheckedTexts,
            Limits,
            check_texts,
            is_exclusive,
        )

        labels = self._table()
        self.is_exclusive = is_exclusive(labels)
        checked = CheckedTexts(
            self.inputs.texts,
            labels,
            self.inputs.splits,
            [bool(status) for status in self.inputs.statuses],
            partial(read_embeddings, db, embedder) if embedder else None,
        )
        limits = Limits(
            least_similar=request.least_similar,
            similar=request.similar,
            fewest_texts=request.fewest_texts,
        )
        return check_texts(checked, limits, job)

    def _table(self) -> Targets:
        """Return what is said of each input, (n_texts, n_concepts)."""
        table = np.zeros((len(self.inputs.ids), len(self._columns)), np.int8)
        if self._labels:
            said = np.array(self._labels, np.int64)
            rows = np.searchsorted(np.array(self.inputs.ids), said[:, 0])
            columns = np.searchsorted(np.array(self._columns), said[:, 1])
            table[rows, columns] = np.where(said[:, 2] > 0, 1, -1)
        return table

    def rows_of(self, found: "Found") -> Iterator[NewFinding]:
        """Yield what is kept of findings: keys of inputs and concepts for their places."""
        details = {n: self._detail(found.details[n]) for n in found.details}
        state = self._state_of(found.kind)
        columns = (found.numbers.tolist(), found.members.tolist(), found.scores.tolist())
        for number, member, score in zip(*columns, strict=True):
            detail = details.get(number, "{}")
            if found.kind in CONCEPT_KINDS:
                key, text_id = self._columns[member], 0
            else:
                key, text_id = self.inputs.ids[member], self.inputs.text_ids[member]
            yield NewFinding(number, key, text_id, state(member), score, detail)

    def _detail(self, detail: Mapping[str, Any]) -> str:
        """Return the detail with concepts by key instead of column; 0 for none."""
        kept = dict(detail)
        for name in ("given", "suggested", "largest"):
            if name in kept:
                kept[name] = self._columns[kept[name]] if kept[name] >= 0 else 0
        if "concepts" in kept:
            kept["concepts"] = [self._columns[column] for column in kept["concepts"]]
        return json.dumps(kept, ensure_ascii=False)

    def _state_of(self, kind: str) -> Callable[[int], str]:
        """Return what tells whether a finding of a kind still holds."""
        match kind:
            case "contradiction" | "doubtful-label":
                labels: dict[int, list[tuple[int, int]]] = {}
                for input_id, concept_id, positive in self._labels:
                    labels.setdefault(input_id, []).append((concept_id, positive))
                ids, statuses = self.inputs.ids, self.inputs.statuses
                return lambda i: labels_state(statuses[i], labels.get(ids[i], ()))
            case "leak":
                return self.inputs.splits.__getitem__
            case "unlabelled":
                return lambda _i: "0"
            case "few-texts" | "imbalance":
                counts = [self._concepts[key].n_positive for key in self._columns]
                return lambda column: str(counts[column])
        return lambda _i: ""


def _write(db: Database, check_id: int, found: Iterator["Found"], read: _Read) -> dict[str, int]:
    """Keep what is found; return how many findings there are of each kind that was looked for."""
    n_found = {}
    for each in found:
        n_found[each.kind] = each.n_groups
        add_findings(db, check_id, each.kind, read.rows_of(each))
    return n_found


def _embedder(db: Database, name: str, texts: Sequence[str]) -> "Embedder | None":
    """Return what reads the texts; None where the base embedding model is not installed."""
    from core.learning import embedders  # torch

    try:
        if name:
            return embedders.load(name)
        some = list(dict.fromkeys(texts[:: max(1, len(texts) // ASKED_FOR_CACHED)]))
        for known in embedders.NAMES:
            embedder = embedders.load(known)
            kept = find_embeddings(db, embedder.identity, some, embedder.dim)
            if len(kept) >= CACHED_SHARE * len(some):
                return embedder
        return embedders.load("fast")
    except BaseModelError:
        return None
