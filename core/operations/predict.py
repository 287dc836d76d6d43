"""Predict every text of a file, a folder or a dataset into a new file; stopped, it can go on."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.files import Mapping, Problem, Row
from core.files.predicted.lines import Lines
from core.files.predicted.writer import PredictionsFile
from core.i18n import _
from core.jobs import Job
from core.operations.growing_rows import Span, begun_from, write_rows
from core.operations.predict_rows import Rows, rows_of
from core.operations.predict_said import OfBatch, Predictor, Tail, predictor_of
from core.records import ModelVersion
from core.storage.database import transaction
from core.storage.models import find_model_version
from core.storage.predicted_files import note_predicted_file
from core.wording import versioned

FORMAT = 1  # of what is kept; counted up whenever the same rows come to make another file


class OutputIsInputError(UserError):
    """The new file would replace the one that is read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("“{file}” cannot be read and replaced at once.").format(file=path.name),
            next_step=_("Choose another name for the new file."),
        )


def check_is_other(out: Path, path: Path) -> None:
    """Refuse a new file that is the one that is read, however both are written.

    Raises:
        OutputIsInputError: it is; capital letters may be all that their names differ in.
    """
    with suppress(OSError):  # one of them is not there
        if out.samefile(path):
            raise OutputIsInputError(path)


@dataclass(frozen=True)
class PredictRequest:
    """Which model version (0 means the newest), which texts, and where to write.

    Attributes:
        path, mapping: the file or folder, and how it is read; only its text column matters.
        out: the new file; its ending says the format: CSV, TSV, XLSX or JSON Lines.
        dataset: a dataset of the app to predict instead of a file.
        version: of the dataset, as it was frozen; 0 for the texts as they are now.
        resume: go on with what was begun, which must be the same in all else.
    """

    model: str
    path: Path
    out: Path
    mapping: Mapping
    number: int = 0
    dataset: str = ""
    resume: bool = False
    version: int = 0

    @property
    def source(self) -> str:
        """Return in words what is predicted."""
        if self.dataset and self.version:
            return versioned(self.dataset, self.version)
        return self.dataset or self.path.name


@dataclass(frozen=True)
class PredictResult:
    """How many rows were predicted; rows without a text are written without a prediction."""

    out: Path
    n_predicted: int
    n_skipped: int
    counts: dict[str, int]  # how often each concept was the answer
    n_for_people: int = 0  # predicted, and left to people by the thresholds that are kept
    n_unlike: int | None = None  # unlike anything in training; None where the model cannot tell
    changes: Changes = Changes.NOTHING


@dataclass
class _Tally:
    """What has been written so far."""

    n_predicted: int = 0
    n_skipped: int = 0
    n_for_people: int = 0
    n_unlike: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, said: Sequence[Tail], *, n_skipped: int) -> None:
        """Count what was said of some texts, and rows without one."""
        self.n_predicted += len(said)
        self.n_skipped += n_skipped
        for one in said:
            self.counts.update(one.chosen)
            self.n_for_people += one.needs_person
            self.n_unlike += one.is_unlike


class _Predicting:
    """A model that says what stands behind rows (see `Filling`)."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor, self.tally = predictor, _Tally()
        self.most_rows = predictor.most_rows

    @property
    def n_rows(self) -> int:
        return self.tally.n_predicted + self.tally.n_skipped

    def tails(
        self, batch: Sequence[Row | Problem], lines: Lines, job: Job, span: Span
    ) -> list[str]:
        texts = [row.text for row in batch if isinstance(row, Row)]
        said = self._predictor.say(texts, lines, OfBatch(job, *span))
        self.tally.add(said, n_skipped=len(batch) - len(texts))
        tails = iter(said)
        return [next(tails).tail if isinstance(row, Row) else lines.nothing for row in batch]

    def counted(self) -> dict[str, Any]:
        return {**vars(self.tally), "counts": dict(self.tally.counts)}

    def take_up(self, counted: dict[str, Any]) -> None:
        found = _Tally(**counted)
        self.tally = replace(found, counts=Counter(found.counts))


def predict(app: AppFolder, request: PredictRequest, job: Job) -> PredictResult:
    """Write all own columns, then what the model says (see `core.files.predicted.columns`).

    That is `predicted_concepts`, `probability`, `runner_up`, `runner_up_probability` and one
    column `p:<concept>` for each concept; before these `needs_person` where thresholds are kept
    for the version, and `unlike_training` where the model can tell. A text-to-text model writes
    one column, `answer`. Equal texts that stand near each other are predicted once.

    The new file appears when it is whole. Until then it grows aside; stopped, killed or without
    power it can go on with `resume`, and then becomes the same, byte for byte.

    Raises:
        ModelMissingError, ColumnMissingError, DatasetMissingError, VersionMissingError: there is
            no such thing.
        OutputIsInputError: the new file would replace the one that is read.
        NothingToResumeError: nothing was begun, or what it was begun from has changed.
        StoppedByDiskError: the disk is full; it can go on.
        JobCancelled: it was stopped, and can go on if the message says so.
    """
    app.check_outside(request.out)
    if not request.dataset:
        check_is_other(request.out, request.path)
    with app.database() as db:
        version = find_model_version(db, request.model, request.number)
    rows = rows_of(app, request.dataset, request.path, request.mapping, request.version)
    predictor = predictor_of(app, version)
    file = PredictionsFile(
        request.out, rows.columns, predictor.added, rows.mapping, _about(version, rows)
    )
    filling = _Predicting(predictor)
    begun = partial(_note, app, request, version)
    write_rows(file, rows, filling, job, resume=request.resume, begun=begun)
    tally = filling.tally
    n_unlike = tally.n_unlike if predictor.added.tells_unlike else None
    return PredictResult(
        request.out,
        tally.n_predicted,
        tally.n_skipped,
        dict(tally.counts),
        tally.n_for_people,
        n_unlike,
    )


def unfinished(out: Path) -> PredictRequest | None:
    """Return the request that goes on with a file, if a beginning of it was kept."""
    about = begun_from(out)
    if about.get("prediction") != FORMAT:
        return None
    try:
        rows = dict(about["rows"])
        return PredictRequest(
            str(about["model"]),
            Path(rows.get("path", "")),
            out,
            Mapping(**rows.get("mapping", {})),
            int(about["number"]),
            str(rows.get("dataset", "")),
            resume=True,
            version=int(rows.get("version", 0)),
        )
    except (KeyError, TypeError, ValueError, OverflowError):  # it is not one of ours
        return None


def _about(version: ModelVersion, rows: Rows) -> dict[str, Any]:
    """Return all that the new file depends on."""
    return {
        "prediction": FORMAT,
        "model": version.model,
        "number": version.number,
        "folder": version.folder,
        "thresholds": version.thresholds.concepts,
        "rows": rows.about,
    }


def _note(app: AppFolder, request: PredictRequest, version: ModelVersion) -> None:
    """Remember where the file is, so that it is offered again; without room for it, go on."""
    with suppress(UserError), app.database() as db, transaction(db):
        note_predicted_file(
            db,
            path=request.out.resolve(),
            source=request.source,
            text_column=request.mapping.text if not request.dataset else "text",
            model_version_id=version.id,
        )
