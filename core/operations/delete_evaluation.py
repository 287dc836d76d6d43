"""Delete an evaluation of a model version."""

import shutil
from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.storage.database import transaction
from core.storage.evaluations import delete_evaluation as forget
from core.storage.evaluations import find_own_evaluation, get_evaluation


class OwnEvaluationError(UserError):
    """The scores that a training found belong to its model version."""

    def __init__(self) -> None:
        super().__init__(
            _("These scores were found while the model was trained, and stay with it."),
            next_step=_("Choose an evaluation that was made later."),
        )


@dataclass(frozen=True)
class EvaluationDeletion:
    """Which evaluation."""

    evaluation_id: int


@dataclass(frozen=True)
class EvaluationDeleted:
    """It is gone."""

    changes: Changes = Changes.MODELS


def delete_evaluation(app: AppFolder, request: EvaluationDeletion, job: Job) -> EvaluationDeleted:
    """Forget an evaluation, and what the model said of each text of it.

    Raises:
        EvaluationMissingError: there is none.
        OwnEvaluationError: it is the training's own.
    """
    job.report(_("Deleting the evaluation"))
    with app.database() as db, transaction(db):
        evaluation = get_evaluation(db, request.evaluation_id)
        own = find_own_evaluation(db, evaluation.model_version_id)
        if own and own.id == evaluation.id:
            raise OwnEvaluationError
        forget(db, evaluation.id)
    if evaluation.folder:  # what is left of it is cleared away when the app is opened
        shutil.rmtree(app.evaluations / evaluation.folder, ignore_errors=True)
    return EvaluationDeleted()
