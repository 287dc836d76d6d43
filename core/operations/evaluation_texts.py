"""The texts behind a number of an evaluation."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.app_folder import AppFolder, app_at
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.learning.decisions import decide, thresholds_of
from core.learning.marks import Mark, texts_behind
from core.operations.scoring import scored_of
from core.records import Evaluation
from core.storage.concepts import list_concepts
from core.storage.database import Database
from core.storage.datasets import get_dataset
from core.storage.evaluations import get_evaluation
from core.storage.inputs import get_inputs
from core.storage.versions import VersionMissingError, find_version, load_version_page


@dataclass(frozen=True)
class EvaluationTextsRequest:
    """Which texts of which evaluation.

    Attributes:
        thresholds: by concept; those that are not named are the usual ones.
        limit: the most texts to return. offset: how many to pass over.
    """

    evaluation_id: int
    mark: Mark
    thresholds: Mapping[str, float] = field(default_factory=dict)
    limit: int = 200
    offset: int = 0


@dataclass(frozen=True)
class EvaluatedText:
    """One text with what people and the model said.

    Attributes:
        said: by people, when it was evaluated.
        now: by people, today; None if the input is gone.
        answered: by the model.
        probability: of the concept that the mark is about.
        best: the model's most probable concepts, with their probabilities.
        is_seen: the model had seen it, exactly or nearly.
    """

    input_id: int
    text: str
    said: tuple[str, ...]
    now: tuple[str, ...] | None
    answered: tuple[str, ...]
    probability: float
    best: tuple[tuple[str, float], ...]
    is_seen: bool


@dataclass(frozen=True)
class EvaluationTextsResult:
    """A page of texts, and how many there are in all."""

    texts: tuple[EvaluatedText, ...]
    n_texts: int
    changes: Changes = Changes.NOTHING


N_BEST = 5


def list_evaluation_texts(
    app: AppFolder, request: EvaluationTextsRequest, job: Job
) -> EvaluationTextsResult:
    """Return the texts behind a mark, the model's surest mistakes first.

    Raises:
        EvaluationMissingError, TextsNotKeptError: there is nothing to find them by.
        AppMissingError: they are in another app, which is not there any more.
    """
    job.report(_("Looking for the texts"))
    with app.database() as db:
        evaluation = get_evaluation(db, request.evaluation_id)
        scored = scored_of(app, evaluation)
        thresholds = thresholds_of(
            scored.concepts, request.thresholds, is_exclusive=scored.is_exclusive
        )
        behind = texts_behind(scored, request.mark, thresholds)
        page = slice(request.offset, request.offset + request.limit)
        some = scored.only(behind.places[page])
        predicted = decide(some.probabilities, thresholds, is_exclusive=some.is_exclusive)
        with source_of(app, db, evaluation) as (source, version_id):
            ids = some.input_ids.tolist()
            frozen = load_version_page(source, version_id, ids)
            now = _labels_now(source, ids)
    order = (-some.probabilities).argsort(axis=1, kind="stable")[:, :N_BEST]
    texts = tuple(
        EvaluatedText(
            input_id=input_id,
            text=frozen[input_id].text if input_id in frozen else "",
            said=named(scored.concepts, some.targets[i] == 1),
            now=now.get(input_id),
            answered=named(scored.concepts, predicted[i]),
            probability=float(behind.probabilities[page][i]),
            best=tuple((scored.concepts[j], float(some.probabilities[i, j])) for j in order[i]),
            is_seen=bool(some.seen[i]),
        )
        for i, input_id in enumerate(ids)
    )
    return EvaluationTextsResult(texts, len(behind.places))


@contextmanager
def source_of(
    app: AppFolder, db: Database, evaluation: Evaluation
) -> Iterator[tuple[Database, int]]:
    """Give the database that the texts are in, and their dataset version there.

    Raises:
        AppMissingError, DatasetMissingError, VersionMissingError: it was another app's, and is not
            there any more; what was frozen after the evaluation is another one of that number.
    """
    if not evaluation.other_app:
        yield db, evaluation.dataset_version_id
        return
    other = app_at(Path(evaluation.other_app), app.patience_s)
    with other.database() as opened:
        dataset = get_dataset(opened, evaluation.dataset)
        version = find_version(opened, dataset, evaluation.dataset_number)
        if version.created > evaluation.created:
            raise VersionMissingError(dataset.name, version.number)
        yield opened, version.id


def _labels_now(db: Database, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    names = {concept.id: concept.name for concept in list_concepts(db)}
    return {
        one.id: tuple(names[key] for key in one.positive if key in names)
        for one in get_inputs(db, ids)
    }


def named(concepts: Sequence[str], which: Sequence[bool]) -> tuple[str, ...]:
    """Return the concepts that are meant."""
    return tuple(name for name, is_meant in zip(concepts, which, strict=True) if is_meant)
