"""How a dataset stands with its targets: whether it has any, and how many texts lack one."""

from dataclasses import dataclass

from core.i18n import _, ngettext
from core.storage.database import Database
from core.storage.filters import InputFilter, count_inputs, has_targets
from desktop.widgets.wording import number


@dataclass(frozen=True)
class TargetStand:
    """The targets of the texts that are listed.

    Attributes:
        has_targets: any text of the app has one, or had one in a version.
        n_targets: texts of the dataset that have one.
        is_all_there_is: they have targets, and nobody has labelled one of them.
    """

    has_targets: bool = False
    n_targets: int = 0
    is_all_there_is: bool = False


def stand_of_targets(
    db: Database, dataset_id: int, n_inputs: int, n_unlabelled: int
) -> TargetStand:
    """Return how a dataset stands; 0 for all texts of the app."""
    if not has_targets(db):
        return TargetStand()
    n_targets = count_inputs(db, InputFilter(dataset_id=dataset_id, has_target="yes"))
    return TargetStand(
        has_targets=True,
        n_targets=n_targets,
        is_all_there_is=n_targets > 0 and n_unlabelled == n_inputs,
    )


def target_words(n_missing: int) -> tuple[str, str, str]:
    """Return what the footer says of texts without a target: sentence, tone, sign."""
    if not n_missing:
        return _("Every text has an answer."), "ink_2", ""
    words = ngettext(
        "{n} text has no answer yet. It is left out of training.",
        "{n} texts have no answer yet. They are left out of training.",
        n_missing,
    )
    return words.format(n=number(n_missing)), "warn", "circle-alert"
