"""Whether a model version is better than the one before it, on the texts that both answered."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.learning.verdicts import Basis, Versus
from core.operations.common_texts import common_texts
from core.storage.evaluations import get_evaluation
from core.storage.models import get_model_version


@dataclass(frozen=True)
class JudgeRequest:
    """Two evaluations: of the version before, and of the one that came after."""

    before_id: int
    after_id: int


@dataclass(frozen=True)
class Judgement:
    """What can be said of the later version beside the earlier one."""

    versus: Versus
    basis: Basis
    changes: Changes = Changes.NOTHING


def judge_improvement(app: AppFolder, request: JudgeRequest, job: Job) -> Judgement:
    """Compare two versions on the texts that both evaluations share, by their newest labels.

    Raises:
        EvaluationMissingError, TextsNotKeptError, NothingInCommonError: there is nothing to
            compare.
    """
    from core.learning.paired import compare

    job.report(_("Comparing"))
    with app.database() as db:
        evaluations = [get_evaluation(db, key) for key in (request.before_id, request.after_id)]
        versions = [get_model_version(db, one.model_version_id) for one in evaluations]
        common = common_texts(app, db, evaluations, versions)
    before, after = common.answers
    (versus,) = compare(before, [after], common.basis.seed)
    return Judgement(versus, common.basis)
