"""What an evaluation needs, said before it starts; and whether one is still up to date."""

from dataclasses import dataclass

from core.i18n import _, ngettext
from core.records import Evaluation, ModelVersion
from core.storage.database import Database
from core.storage.datasets import get_dataset
from core.storage.versions import find_current_version
from core.wording import counted_texts, number

ENOUGH_TEXTS, FEWEST_CONCEPTS = 10, 2


@dataclass(frozen=True)
class Needs:
    """How an evaluation would stand.

    Attributes:
        problem: why it cannot be made; "" if it can.
        cautions: why its numbers would be rough.
    """

    problem: str = ""
    cautions: tuple[str, ...] = ()


def needs_of(counts: dict[str, int], version: ModelVersion) -> Needs:
    """Judge the texts that a model is to be checked on.

    Args:
        counts: by concept, how many texts carry it.
        version: whose concepts are meant.
    """
    known = {name: counts.get(name, 0) for name in version.concepts}
    n_present = sum(n > 0 for n in known.values())
    if not n_present:
        return Needs(_("No text there has a concept that the model knows."))
    cautions = []
    if len(known) >= FEWEST_CONCEPTS > n_present:
        cautions.append(_("Only one concept has texts there, so nothing can be mixed up."))
    rare = {name: n for name, n in known.items() if 0 < n < ENOUGH_TEXTS}
    if rare:
        words = ngettext(
            "{n} concept has fewer than {texts}; its scores will be rough.",
            "{n} concepts have fewer than {texts} each; their scores will be rough.",
            len(rare),
        )
        cautions.append(words.format(n=number(len(rare)), texts=counted_texts(ENOUGH_TEXTS)))
    absent = sum(n == 0 for n in known.values())
    if absent:
        words = ngettext(
            "{n} concept has no texts there and gets no score.",
            "{n} concepts have no texts there and get no scores.",
            absent,
        )
        cautions.append(words.format(n=number(absent)))
    return Needs(cautions=tuple(cautions))


def is_stale(db: Database, evaluation: Evaluation) -> bool:
    """Tell whether the dataset has changed since the evaluation; unknown of another app's."""
    if evaluation.other_app:
        return False
    current = find_current_version(db, get_dataset(db, evaluation.dataset))
    return current is None or current.id != evaluation.dataset_version_id
