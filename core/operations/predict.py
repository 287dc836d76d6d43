"""Predict every text of a file into a new file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.files import Mapping, PredictionsWriter, Problem, Reader, Row, read
from core.i18n import _
from core.jobs import Job, PartOfJob
from core.operations.answers import Answerer, answerer
from core.storage.models import find_model_version

BATCH = 4_096  # rows that are read, predicted and written together
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
    asked = answerer(app, version)
    reader = read(request.path, request.mapping)
    tally = _Tally()
    with PredictionsWriter(
        request.out,
        reader.columns,
        asked.concepts,
        request.mapping,
        tells_people=asked.has_thresholds,
    ) as writer:
        for batch, start, end in _batches(reader):
            part = PartOfJob(job, _("Reading texts"), start=start, end=end, total=STEPS)
            _write(writer, batch, asked, tally, part)
    return PredictResult(
        out=request.out,
        n_predicted=tally.n_predicted,
        n_skipped=tally.n_skipped,
        counts=dict(tally.counts),
        n_for_people=tally.n_for_people,
    )


def _batches(reader: Reader) -> Iterator[tuple[list[Row | Problem], int, int]]:
    """Yield rows with how far the file was read before and after them, in steps."""
    start = 0
    for batch in reader.batches(BATCH):
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
