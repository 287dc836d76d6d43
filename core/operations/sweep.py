"""Train a model several times with different settings, one version for each, and rank them."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.settings import (
    Kind,
    Setting,
    parse_values,
    settings_from_values,
    value_words,
)
from core.operations.freeze_dataset import chosen_version
from core.operations.train import TrainRequest, is_resumable, train
from core.operations.written import is_written
from core.records import DatasetVersion, Evaluation, ModelVersion
from core.storage.database import Database, transaction
from core.storage.evaluations import find_own_evaluation
from core.storage.jobs import list_jobs
from core.storage.models import get_model_version
from core.storage.sweeps import add_sweep, add_sweep_run, find_sweep, update_failed
from core.storage.versions import delete_version, is_version_used
from core.templates import find_template

MOST_RUNS = 100


class RangeError(UserError):
    """A range was not written as one."""

    def __init__(self, words: str) -> None:
        super().__init__(
            _("“{words}” is no range of a setting.").format(words=words),
            next_step=_("Write the values as {list}, or from, to and step as {range}.").format(
                list="name=1|2|3", range="name=1:10:3"
            ),
        )


class TooManyRunsError(UserError):
    """The ranges together ask for more trainings than anybody waits for."""

    def __init__(self, n_runs: int) -> None:
        super().__init__(
            _("These ranges make {n} trainings; {most} is the most.").format(
                n=n_runs, most=MOST_RUNS
            ),
            next_step=_("Take fewer values."),
        )


@dataclass(frozen=True)
class SweepRequest:
    """A training, and the settings that differ from run to run.

    Attributes:
        values: by setting, what it is given; every combination is one run.
    """

    training: TrainRequest
    values: Mapping[str, tuple[object, ...]]

    def __post_init__(self) -> None:
        """Refuse what cannot be trained, before anything starts; a value twice counts once."""
        values = {name: distinct(found) for name, found in self.values.items()}
        object.__setattr__(self, "values", values)
        n_runs = math.prod(map(len, self.values.values()))
        if n_runs > MOST_RUNS:
            raise TooManyRunsError(n_runs)
        self.runs()

    def runs(self) -> list[tuple[dict[str, object], TrainRequest]]:
        """Return the trainings, each with the values that set it apart.

        Raises:
            SettingUnknownError, SettingNotAllowedError: a value is none that a setting can have.
        """
        own = vars(self.training.settings)
        kind = type(self.training.settings)
        found = []
        for combination in itertools.product(*self.values.values()):
            chosen = dict(zip(self.values, combination, strict=True))
            settings = settings_from_values(kind, {**own, **chosen})
            found.append((chosen, replace(self.training, settings=settings)))
        return found


@dataclass(frozen=True)
class SweepRow:
    """One run: what set it apart, the version that came of it, and what it is ranked by."""

    values: dict[str, object]
    model_version: ModelVersion
    evaluation: Evaluation
    score: float


@dataclass(frozen=True)
class SweepResult:
    """The runs, the best first, and those that failed with the reason."""

    rows: tuple[SweepRow, ...]
    failed: tuple[tuple[dict[str, object], str], ...]
    changes: Changes = Changes.MODELS | Changes.DATASETS | Changes.JOBS


def parse_ranges(
    settings: Sequence[Setting], words: Sequence[str]
) -> dict[str, tuple[object, ...]]:
    """Read `name=1|2|3` and `name=from:to:step`, as typed on a command line.

    The values of a setting that is named twice are joined; a value twice counts once.

    Raises:
        RangeError: a word is neither.
        SettingUnknownError: a name is no setting.
    """
    by_name = {setting.name: setting for setting in settings}
    found: dict[str, tuple[object, ...]] = {}
    for word in words:
        name, equals, rest = word.partition("=")
        if not equals or not rest.strip():
            raise RangeError(word)
        setting = by_name.get(name.strip())
        is_number = setting is not None and setting.declaration.kind == Kind.NUMBER
        parts = _steps(rest, word) if is_number and rest.count(":") == 2 else rest.split("|")  # noqa: PLR2004
        values = [parse_values(settings, [f"{name.strip()}={part}"]) for part in parts]
        told = [next(iter(value.values())) for value in values]
        found[name.strip()] = distinct([*found.get(name.strip(), ()), *told])
    return found


def distinct(values: Sequence[object]) -> tuple[object, ...]:
    """Return the values, each once, in their first order; they may be dictionaries."""
    return tuple(value for i, value in enumerate(values) if value not in values[:i])


def _steps(rest: str, word: str) -> list[str]:
    """Return the numbers from the first to the second by the third, both ends included."""
    try:
        low, high, step = (float(part) for part in rest.split(":"))
        n = int((high - low) / step + 1e-9) + 1
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise RangeError(word) from error
    if n < 1 or step <= 0:
        raise RangeError(word)
    if n > MOST_RUNS:
        raise TooManyRunsError(n)
    return [f"{low + i * step:.12g}" for i in range(n)]


def sweep(app: AppFolder, request: SweepRequest, job: Job) -> SweepResult:
    """Train every combination on the same frozen texts; versions that are done stay when stopped.

    Asked to finish, it keeps the best of the run that goes on, and begins no other.

    Raises:
        UserError: every run failed; the reason of the first.
    """
    with _frozen(app, request.training) as frozen:
        return _sweep(app, request, frozen, job)


@contextmanager
def _frozen(app: AppFolder, training: TrainRequest) -> Iterator[DatasetVersion]:
    """Give the version to learn from; a new one goes if nothing came of it and nothing can."""
    with app.database() as db:
        frozen = chosen_version(db, training.dataset, training.version)
        try:
            yield frozen.version
        except BaseException:
            if frozen.is_new and not _is_needed(app, db, frozen.version.id):
                with transaction(db):
                    delete_version(db, frozen.version.id)
            raise


def _is_needed(app: AppFolder, db: Database, version_id: int) -> bool:
    """Tell whether something was trained on a version, or a training can go on with it."""
    goes_on = (
        is_resumable(app, job) and job.request.get("dataset_version_id") == version_id
        for job in list_jobs(db)
    )
    return is_version_used(db, version_id) or any(goes_on)


def _sweep(app: AppFolder, request: SweepRequest, frozen: DatasetVersion, job: Job) -> SweepResult:
    rows: list[SweepRow] = []
    failed: list[tuple[dict[str, object], UserError]] = []
    runs, sweep_id = request.runs(), 0
    for number, (values, run) in enumerate(runs, start=1):
        told = values_words(values)
        job.note(_("Run {n} of {total}: {values}").format(n=number, total=len(runs), values=told))
        try:
            result = train(app, replace(run, version=frozen.number), job)
        except UserError as error:
            job.note(f"{error} {error.next_step}")
            failed.append((values, error))
            continue
        with app.database() as db, transaction(db):
            sweep_id = sweep_id or add_sweep(db)
            add_sweep_run(db, sweep_id, result.model_version.id, values)
        rows.append(_row(values, result.model_version, result.evaluation))
        job.tried(told, rows[-1].score)
        if job.is_finishing:  # this run kept its best; the others would end before they began
            break
    if not rows:
        raise failed[0][1]
    reasons = tuple((values, str(error)) for values, error in failed)
    with app.database() as db, transaction(db):
        update_failed(db, sweep_id, reasons)
    return _ranked(rows, reasons)


def kept_sweep(db: Database, model_version_id: int) -> SweepResult | None:
    """Return the ranking that a version stands in; None where it was trained alone."""
    kept = find_sweep(db, model_version_id)
    if kept is None:
        return None
    own = {key: find_own_evaluation(db, key) for key in kept.runs}
    rows = [
        _row(values, get_model_version(db, key), evaluation)
        for key, values in kept.runs.items()
        if (evaluation := own[key])
    ]
    return _ranked(rows, kept.failed)


def _ranked(rows: list[SweepRow], failed: tuple[tuple[dict[str, object], str], ...]) -> SweepResult:
    return SweepResult(tuple(sorted(rows, key=lambda row: -row.score)), failed)


def values_words(values: Mapping[str, object]) -> str:
    """Return what sets a run apart, as "name = value"."""
    return ", ".join(f"{name} = {value_words(value)}" for name, value in values.items())


def _row(values: dict[str, object], version: ModelVersion, evaluation: Evaluation) -> SweepRow:
    key = "token_f1" if is_written(evaluation) else "macro_avg_f1_score"
    return SweepRow(values, version, evaluation, float(evaluation.report.get(key) or 0))


def swept_fields(request: TrainRequest) -> tuple[Setting, ...]:
    """Return the settings of a training's template, whose values a sweep may change."""
    return find_template(request.type, request.template).fields
