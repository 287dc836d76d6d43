"""What to ask for to train a version once more, or to evaluate it once more in the same way."""

from pathlib import Path

from core.learning.settings import settings_from_values
from core.operations.evaluate import EvaluateRequest
from core.operations.train import TrainRequest
from core.records import Evaluation, ModelVersion
from core.storage.counts import KEPT_APART, count_version_labels, count_version_positives
from core.storage.database import Database
from core.storage.evaluations import find_own_evaluation
from core.storage.versions import get_version
from core.templates import shipped_template


def training_again(db: Database, version: ModelVersion) -> TrainRequest:
    """Return the request that made a version, for its dataset as it is now.

    A version that predicts every concept there was asks for every concept there is.
    """
    frozen = get_version(db, version.dataset_version_id)
    counts = count_version_labels(db, frozen.id).concepts
    template = shipped_template(version.type, version.template)
    had_all = set(version.concepts) == {name for name, n_texts in counts.items() if n_texts}
    return TrainRequest(
        model=version.model,
        type=version.type,
        dataset=frozen.dataset,
        concepts=() if had_all else version.concepts,
        settings=settings_from_values(template.settings, version.settings),
        template=template.name,
    )


def evaluating_again(
    db: Database, version: ModelVersion, evaluation: Evaluation
) -> EvaluateRequest:
    """Return the request to check a version as an evaluation was made, on the labels of now.

    What a training made on texts kept apart is repeated on the same split.
    """
    return EvaluateRequest(
        version.model,
        version.number,
        dataset=evaluation.dataset,
        split=checked_split(db, evaluation),
        other_app=Path(evaluation.other_app) if evaluation.other_app else None,
        n_folds=evaluation.n_folds,
    )


def is_own(db: Database, evaluation: Evaluation) -> bool:
    """Tell whether an evaluation was made while its model version was trained."""
    own = find_own_evaluation(db, evaluation.model_version_id)
    return own is not None and own.id == evaluation.id


def learns_from(db: Database, version: ModelVersion, evaluation: Evaluation) -> bool:
    """Tell whether training a version again learns from the texts that it was checked on."""
    learned = get_version(db, version.dataset_version_id)
    is_apart = checked_split(db, evaluation) in KEPT_APART
    return not evaluation.other_app and evaluation.dataset == learned.dataset and not is_apart


def checked_split(db: Database, evaluation: Evaluation) -> str:
    """Return the split whose texts were checked, "" for all; a training checks those kept apart."""
    if evaluation.split or evaluation.n_folds or not is_own(db, evaluation):
        return evaluation.split
    version_id = evaluation.dataset_version_id
    return next((s for s in KEPT_APART if count_version_positives(db, version_id, s)), "")
