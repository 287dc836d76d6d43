"""What a frozen dataset version gives a model to learn from, and what to check it on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.errors import UserError
from core.i18n import _, ngettext
from core.jobs import Job
from core.learning.classifier_settings import ClassifierSettings
from core.learning.splits import Ints, Targets, targets_from_annotations
from core.records import DatasetVersion, FrozenInput, ModelStatus
from core.storage.concepts import ConceptMissingError, get_concept
from core.storage.database import Database
from core.storage.versions import load_broader, load_version


class NoLabelsError(UserError):
    """No text of the dataset carries a concept."""

    status = ModelStatus.MODEL_TRAINING_NO_DATA

    def __init__(self, dataset: str) -> None:
        super().__init__(
            _("No text of “{dataset}” has a concept yet.").format(dataset=dataset),
            next_step=_("Say of some texts what they are about, ten of each kind to begin with."),
        )


@dataclass(frozen=True)
class LabelledTexts:
    """Texts that teach something, and what: targets (n_texts, n_concepts), 1 present, 0 not.

    Attributes:
        input_ids: (n_texts,) their keys.
        is_reviewed: (n_texts,) False where a model's suggestion was accepted and nobody read the
            text: it teaches, but nothing is checked on it. None where all are.
    """

    texts: list[str]
    targets: Targets
    input_ids: Ints
    is_reviewed: NDArray[np.bool_] | None = None

    @property
    def are_read(self) -> NDArray[np.bool_]:
        """Return `is_reviewed`, (n_texts,), where all are, too."""
        return np.ones(len(self.texts), bool) if self.is_reviewed is None else self.is_reviewed


def load_inputs(db: Database, version_id: int, *, count_narrower: bool) -> list[FrozenInput]:
    """Return the inputs of a version; `count_narrower` counts each concept as its broadest."""
    inputs = load_version(db, version_id)
    return as_broader(inputs, load_broader(db, version_id)) if count_narrower else inputs


def as_broader(inputs: Sequence[FrozenInput], broader: Mapping[str, str]) -> list[FrozenInput]:
    """Count every narrower concept as the broadest one above it.

    Who is said not to carry the narrower one may well carry the broader: that is left out.
    """
    return [
        replace(
            one,
            positive=tuple(dict.fromkeys(broadest(name, broader) for name in one.positive)),
            negative=tuple(name for name in one.negative if name not in broader),
        )
        for one in inputs
    ]


def broadest(name: str, broader: Mapping[str, str]) -> str:
    """Return the concept at the top of what a concept is a kind of; itself where it is of none."""
    while name in broader:
        name = broader[name]
    return name


def labelled_texts(inputs: Sequence[FrozenInput], concepts: Sequence[str]) -> LabelledTexts:
    """Return the inputs that a person annotated, and what they say about the concepts."""
    judged = [dict.fromkeys(i.negative, False) | dict.fromkeys(i.positive, True) for i in inputs]
    used, targets = targets_from_annotations(judged, concepts)
    input_ids = np.array([inputs[i].input_id for i in used], np.int64)
    is_reviewed = np.array([inputs[i].is_reviewed for i in used], bool)
    return LabelledTexts([inputs[i].text for i in used], targets, input_ids, is_reviewed)


def scorable_texts(inputs: Sequence[FrozenInput], concepts: Sequence[str]) -> LabelledTexts:
    """Return the labelled inputs that a model with these concepts can be right about.

    Left out are texts whose every concept is one that the model never learned.
    """
    known = set(concepts)
    return labelled_texts(
        [i for i in inputs if not i.positive or known & set(i.positive)], concepts
    )


def to_learn(inputs: Sequence[FrozenInput]) -> list[FrozenInput]:
    """Return the inputs that are not kept for checking."""
    return [i for i in inputs if i.split not in ("test", "validation")]


def to_check(inputs: Sequence[FrozenInput]) -> list[FrozenInput]:
    """Return the inputs kept for checking: those for "test", or else those for "validation".

    Labels that were accepted from a model, unread, would only say that models agree.
    """
    read = [i for i in inputs if i.is_reviewed]
    return [i for i in read if i.split == "test"] or [i for i in read if i.split == "validation"]


def concepts_of(inputs: Sequence[FrozenInput]) -> list[str]:
    """Return the concepts that at least one of the inputs carries, in their first order."""
    return list(dict.fromkeys(name for i in inputs for name in i.positive))


def concepts_to_learn(
    db: Database,
    chosen: Sequence[str],
    inputs: Sequence[FrozenInput],
    version: DatasetVersion,
    settings: ClassifierSettings,
) -> list[str]:
    """Return the chosen concepts, or all that a text to learn from carries.

    Raises:
        ConceptMissingError: one of them, or one to be shown, is not known.
    """
    broader = load_broader(db, version.id) if settings.count_narrower else {}
    asked = dict.fromkeys(broadest(name, broader) for name in chosen)
    known = {concept for i in inputs for concept in (*i.positive, *i.negative)}
    for name in asked:
        if name not in known:
            get_concept(db, name)  # refuses a name that the app does not know
    concepts = list(asked) or concepts_of(to_learn(inputs))
    for name in settings.select_concepts:
        if name not in concepts:
            raise ConceptMissingError(name, concepts)  # or the model would never answer
    return concepts


def note_texts(version: DatasetVersion, labelled: LabelledTexts, job: Job) -> None:
    """Note what a training learns from."""
    n_texts, n_concepts = len(labelled.texts), labelled.targets.shape[1]
    texts = ngettext("{n} labelled text", "{n} labelled texts", n_texts).format(n=n_texts)
    concepts = ngettext("{n} concept", "{n} concepts", n_concepts).format(n=n_concepts)
    words = _("“{dataset}”, version {number}: {texts}, {concepts}")
    job.note(
        words.format(dataset=version.dataset, number=version.number, texts=texts, concepts=concepts)
    )
