"""What the job bar says when something is done, and where it can be looked at."""

from dataclasses import dataclass

from core.i18n import _, ngettext
from core.operations.evaluate import EvaluateResult
from core.operations.freeze_dataset import FreezeResult
from core.operations.import_texts import ImportResult
from core.operations.predict import PredictResult
from core.operations.train import TrainResult
from desktop.widgets.wording import number


@dataclass(frozen=True)
class Outcome:
    """One sentence; `link` leads to the `screen` that shows it, where there is one."""

    words: str
    link: str = ""
    screen: str = ""


def outcome_of(title: str, result: object) -> Outcome:
    """Return what came of a job, by what it returned.

    Args:
        title: what was being done, for results that say nothing themselves.
        result: what the operation returned.
    """
    match result:
        case ImportResult():
            words = ngettext("Added {n} text.", "Added {n} texts.", result.n_added)
            return Outcome(words.format(n=number(result.n_added)), _("Show them"), "dataset")
        case TrainResult():
            version = result.model_version
            words = _("“{model}”, version {number}, is trained.")
            said = words.format(model=version.model, number=version.number)
            return Outcome(said, _("Show its scores"), "train")
        case EvaluateResult():
            return Outcome(_("The model is evaluated."), _("Show its scores"), "evaluate")
        case PredictResult():
            words = ngettext("Predicted {n} text.", "Predicted {n} texts.", result.n_predicted)
            said = words.format(n=number(result.n_predicted))
            return Outcome(said, _("Show the file"), "predict")
        case FreezeResult():
            n = result.version.number
            return Outcome(_("Version {n} of the dataset is kept.").format(n=n))
    return Outcome(_("Done: {what}").format(what=title))
