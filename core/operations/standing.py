"""How an evaluation stands today: whether labels have changed since, and what that means."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.operations.evaluation_needs import is_stale
from core.operations.repeating import checked_split, is_own, learns_from
from core.records import Evaluation
from core.storage.corrections import count_relabelled
from core.storage.database import Database
from core.storage.evaluations import get_evaluation
from core.storage.models import get_model_version


@dataclass(frozen=True)
class Standing:
    """How an evaluation stands.

    Attributes:
        is_own: it was made while the model was trained.
        is_stale: its dataset has changed since.
        n_corrected: of its texts, those that have other concepts by now.
        learns: training again would learn from those.
    """

    is_own: bool = False
    is_stale: bool = False
    n_corrected: int = 0
    learns: bool = False
    changes: Changes = Changes.NOTHING


def standing_of(db: Database, evaluation: Evaluation) -> Standing:
    """Return how an evaluation stands; what another app did to its labels is not known."""
    own = is_own(db, evaluation)
    if not is_stale(db, evaluation):
        return Standing(is_own=own)
    split = checked_split(db, evaluation)
    version = get_model_version(db, evaluation.model_version_id)
    return Standing(
        is_own=own,
        is_stale=True,
        n_corrected=count_relabelled(db, evaluation.dataset_version_id, split),
        learns=learns_from(db, version, evaluation),
    )


def find_standing(app: AppFolder, evaluation_id: int, job: Job) -> Standing:
    """Return the same in the background.

    Raises:
        EvaluationMissingError: there is no such evaluation.
    """
    job.report(_("Comparing labels"))
    with app.database() as db:
        return standing_of(db, get_evaluation(db, evaluation_id))
