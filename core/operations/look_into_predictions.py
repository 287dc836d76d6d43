"""Look into a file of predictions: which rows are about what, how sure, and left to whom."""

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Literal
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from core.app_folder import AppFolder
from core.files.errors import FileMissingError
from core.files.predicted.reading import PredictedColumns, PredictedReader, PredictedRow
from core.i18n import _
from core.jobs import Job
from core.wording import estimate

N_BINS = 20
REPORTED_ROWS = 2_000
ALMOST = 1e-6  # as it was written, a probability has six digits
SHOWN_CHARS = 2_000  # of a text in a list

Order = Literal["file", "surest", "least-sure"]


@dataclass(frozen=True)
class PredictionFilter:
    """Which rows are meant; what is left as it is does not narrow.

    Attributes:
        concept: that is the answer; `is_none` for rows with no answer at all.
        needs_person, is_unlike: only rows of which this is so.
        low, high: the probability, both included.
    """

    concept: str = ""
    is_none: bool = False
    needs_person: bool = False
    is_unlike: bool = False
    low: float = 0.0
    high: float = 1.0


ALL = PredictionFilter()


@dataclass(frozen=True)
class LookRequest:
    """Which file, and which of its rows.

    Attributes:
        text: the column of the texts; "" to guess it.
        start, most: which part of the rows that were found is returned.
    """

    path: Path
    text: str = ""
    wanted: PredictionFilter = ALL
    order: Order = "file"
    start: int = 0
    most: int = 200


@dataclass(frozen=True)
class LookResult:
    """What was found.

    Attributes:
        columns: what the file holds.
        n_rows: with a prediction. n_without: those without a text, or that could not be read.
        n_found: rows that match. rows: the part of them that was asked for.
        counts: how often each concept is the answer, in the whole file, most often first.
        n_none, n_for_people, n_unlike: rows of the whole file.
        decided, left: (20,) rows that match, by their probability: those with an answer, and
            those without one.
    """

    columns: PredictedColumns
    n_rows: int
    n_without: int
    n_found: int
    rows: tuple[PredictedRow, ...]
    counts: tuple[tuple[str, int], ...]
    n_none: int
    n_for_people: int
    n_unlike: int
    decided: tuple[int, ...]
    left: tuple[int, ...]


def look_into_predictions(_app: AppFolder, request: LookRequest, job: Job) -> LookResult:
    """Read a file of predictions once, then answer from memory for as long as it stays the same.

    Raises:
        NoPredictionsError: the file has no such columns.
        UserError: it cannot be read.
    """
    try:
        state = request.path.stat()
    except OSError as error:
        raise FileMissingError(request.path.name) from error
    key = (request.path.resolve(), request.text, state.st_mtime_ns, state.st_size)
    if key not in _KNOWN:
        _KNOWN.clear()
        _KNOWN[key] = _Index(request.path, request.text, job)
    return _KNOWN[key].look(request)


class _Index:
    """What is asked of the rows, as arrays; the rows themselves wait on the disk."""

    def __init__(self, path: Path, text: str, job: Job) -> None:
        reader = PredictedReader(path, text)
        self._columns = reader.columns
        self._file = TemporaryFile()  # noqa: SIM115  # lives as long as the index
        finalize(self, self._file.close)
        self._places, answers = array("q"), array("i")
        probabilities, flags, n_answers = array("f"), array("b"), array("i")
        known: dict[str, int] = {}
        for n_read, row in enumerate(reader):
            if n_read % REPORTED_ROWS == 0:
                n_all = estimate(n_read, reader.share_read)
                job.report(_("Reading predictions"), n_read, n_all)
            self._places.append(self._file.tell())
            self._file.write(json.dumps(_shown(row)).encode() + b"\n")
            probabilities.append(row.probability)
            flags.append(row.needs_person + 2 * row.is_unlike)
            n_answers.append(len(row.predicted))
            answers.extend(known.setdefault(name, len(known)) for name in row.predicted)
        self._probabilities = np.array(probabilities, np.float32)
        self._flags = np.array(flags, np.int8)
        self._n_answers = np.array(n_answers, np.int32)
        self._answers = np.array(answers, np.int32)
        self._rows_of_answers = np.repeat(np.arange(len(n_answers)), self._n_answers)
        self._known, self._n_without = known, reader.n_without

    def look(self, request: LookRequest) -> LookResult:
        """Return the rows that were asked for, with what is counted of all."""
        found = np.flatnonzero(self._match(request.wanted))
        sure = self._probabilities[found]
        if request.order != "file":
            found = found[
                np.argsort(sure if request.order == "least-sure" else -sure, kind="stable")
            ]
        n_of = np.bincount(self._answers, minlength=len(self._known)).tolist()
        counts = sorted(zip(self._known, n_of, strict=True), key=lambda one: -one[1])
        decided, left = self._bins(found)
        return LookResult(
            columns=self._columns,
            n_rows=len(self._places),
            n_without=self._n_without,
            n_found=len(found),
            rows=self._rows(found[request.start : request.start + request.most].tolist()),
            counts=tuple(counts),
            n_none=int((self._n_answers == 0).sum()),
            n_for_people=int((self._flags & 1 > 0).sum()),
            n_unlike=int((self._flags & 2 > 0).sum()),
            decided=decided,
            left=left,
        )

    def _match(self, wanted: PredictionFilter) -> NDArray[np.bool_]:
        match = (self._probabilities >= np.float32(wanted.low) - ALMOST) & (
            self._probabilities <= np.float32(wanted.high) + ALMOST
        )
        if wanted.needs_person:
            match &= self._flags & 1 > 0
        if wanted.is_unlike:
            match &= self._flags & 2 > 0
        if wanted.is_none:
            match &= self._n_answers == 0
        if wanted.concept:
            rows = self._rows_of_answers[self._answers == self._known.get(wanted.concept, -1)]
            carries = np.zeros(len(match), bool)
            carries[rows] = True
            match &= carries
        return np.asarray(match)

    def _bins(self, found: NDArray[np.int64]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        places = np.minimum((self._probabilities[found] * N_BINS).astype(int), N_BINS - 1)
        is_decided = self._n_answers[found] > 0
        counted = [
            np.bincount(places[which], minlength=N_BINS) for which in (is_decided, ~is_decided)
        ]
        return tuple(counted[0].tolist()), tuple(counted[1].tolist())

    def _rows(self, places: Sequence[int]) -> tuple[PredictedRow, ...]:
        rows = []
        for i in places:
            self._file.seek(self._places[i])
            number, text, own, predicted, *others = json.loads(self._file.readline())
            rows.append(PredictedRow(number, text, tuple(own), tuple(predicted), *others))
        return tuple(rows)


_KNOWN: dict[tuple[Path, str, int, int], _Index] = {}  # the file that was looked into last


def _shown(row: PredictedRow) -> PredictedRow:
    own = tuple(cell[:SHOWN_CHARS] for cell in row.own)
    return row._replace(text=row.text[:SHOWN_CHARS], own=own)
