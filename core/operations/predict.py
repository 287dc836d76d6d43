"""Predict every text of a file into a new file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.files import AnswersWriter, Mapping, PredictionsWriter, Problem, Reader, Row, read
from core.i18n import _
from core.jobs import Job, PartOfJob
from core.operations.answers import Answerer, answerer
from core.operations.fitting import load_writer
from core.records import ModelVersion
from core.storage.models import find_model_version

BATCH = 4_096  # rows that are read, predicted and written together
WRITTEN_AT_ONCE = 256  # rows of a model that writes
STEPS = 1_000  # of progress


class OutputIsInputError(UserError):
    """The new file would replace the one that is read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("“{file}” cannot be read and replaced at once.").format(file=path.name),
            next_step=_("Choose another name for the new file."),
        )


@dataclass(frozen=True)
class PredictRequest:
    """Which model version (0 means the newest), which file, and where to write.

    Attributes:
        mapping: how the file is read; only its text column matters.
    """

    model: str
    path: Path
    out: Path
    mapping: Mapping
    number: int = 0


@dataclass(frozen=True)
class PredictResult:
    """How many rows were predicted; rows without a text are written without a prediction."""

    out: Path
    n_predicted: int
    n_skipped: int
    counts: dict[str, int]  # how often each concept was the answer
    n_for_people: int = 0  # predicted, and left to people by the thresholds that are kept
    changes: Changes = Changes.NOTHING


@dataclass
class _Tally:
    """What has been written so far."""

    n_predicted: int = 0
    n_skipped: int = 0
    n_for_people: int = 0
    counts: Counter[str] = field(default_factory=Counter)


def predict(app: AppFolder, request: PredictRequest, job: Job) -> PredictResult:
    """Write the file's own columns, then `predicted_concepts`, `probability`, `p:<concept>`.

    A text-to-text model writes one column behind them, `answer`.

    Where thresholds are kept for the version, `needs_person` stands behind `probability`: "yes"
    for what they leave to people. Without thresholds nobody said what may be decided, and the
    file is as it was before there were any.

    The new file appears when it is whole, or not at all.

    Raises:
        ModelMissingError, ColumnMissingError: there is no such thing.
        OutputIsInputError: the new file would replace the one that is read.
    """
    app.check_outside(request.out)
    if request.out.resolve() == request.path.resolve():
        raise OutputIsInputError(request.path)
    with app.database() as db:
        version = find_model_version(db, request.model, request.number)
    reader = read(request.path, request.mapping)
    tally = _Tally()
    if version.is_writer:
        _write_answers(app, request, version, reader, tally, job)
    else:
        _write_predictions(app, request, version, reader, tally, job)
    return PredictResult(
        out=request.out,
        n_predicted=tally.n_predicted,
        n_skipped=tally.n_skipped,
        counts=dict(tally.counts),
        n_for_people=tally.n_for_people,
    )


def _write_answers(
    app: AppFolder,
    request: PredictRequest,
    version: ModelVersion,
    reader: Reader,
    tally: _Tally,
    job: Job,
) -> None:
    """Write what a text-to-text model makes of each text."""
    model = load_writer(app, version)
    with AnswersWriter(request.out, reader.columns, request.mapping) as writer:
        for batch, start, end in _batches(reader, WRITTEN_AT_ONCE):
            part = PartOfJob(job, _("Writing answers"), start=start, end=end, total=STEPS)
            answers = iter(model.generate([r.text for r in batch if isinstance(r, Row)], job=part))
            for row in batch:
                is_text = isinstance(row, Row)
                writer.write(row, next(answers) if is_text else "")
                tally.n_predicted += is_text
                tally.n_skipped += not is_text


def _write_predictions(
    app: AppFolder,
    request: PredictRequest,
    version: ModelVersion,
    reader: Reader,
    tally: _Tally,
    job: Job,
) -> None:
    """Write the concepts of each text."""
    asked = answerer(app, version)
    with PredictionsWriter(
        request.out,
        reader.columns,
        asked.concepts,
        request.mapping,
        tells_people=asked.has_thresholds,
    ) as writer:
        for batch, start, end in _batches(reader, BATCH):
            part = PartOfJob(job, _("Reading texts"), start=start, end=end, total=STEPS)
            _write(writer, batch, asked, tally, part)


def _batches(reader: Reader, size: int) -> Iterator[tuple[list[Row | Problem], int, int]]:
    """Yield rows with how far the file was read before and after them, in steps."""
    start = 0
    for batch in reader.batches(size):
        end = round(reader.share_read * STEPS)
        yield batch, start, end
        start = end


def _write(
    writer: PredictionsWriter,
    batch: list[Row | Problem],
    asked: Answerer,
    tally: _Tally,
    job: Job,
) -> None:
    texts = [row.text for row in batch if isinstance(row, Row)]
    answers = iter(asked.answer(texts, job))
    for row in batch:
        if isinstance(row, Problem):
            writer.write(row)
            tally.n_skipped += 1
        else:
            answer = next(answers)
            probabilities = answer.probabilities.tolist()
            writer.write(row, answer.chosen, probabilities, needs_person=answer.needs_person)
            tally.n_predicted += 1
            tally.n_for_people += answer.needs_person
            tally.counts.update(answer.chosen)
