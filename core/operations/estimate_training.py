"""How long a training takes on this computer and how much memory: as past ones did, or a guess."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.app_folder import AppFolder
from core.changes import Changes
from core.jobs import Job
from core.learning.settings import Settings
from core.paths import embedders_folder
from core.records import EMBEDDING_CLASSIFIER, ModelVersion
from core.storage.models import list_model_versions

# A careful guess for two cores: what is not measured yet should rather surprise by being quick.
READING_S_PER_CHARACTER = {"accurate": 5e-5, "fast": 2e-6}
LEARNING_S_PER_TEXT = 2e-3
START_S = 6.0  # loading what learns, and reading our own sentences
PREPARING_S = 45.0  # the fast reader, once on a computer
COMPARABLE = 10  # a past training of a tenth of the texts still tells something


# Below so many seconds an estimate is rounded up to steps of so many.
STEPS_S = ((20, 1), (60, 5), (3600, 60))
LONGEST_STEP_S = 600


@dataclass(frozen=True)
class Remedy:
    """A change of settings with which a training needs less memory; `words` say it on a button."""

    words: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Estimate:
    """What a training will take.

    Attributes:
        seconds: no finer than can be known.
        is_measured: whether a training done here says so.
        n_bytes: of memory that it needs; 0 where it is too little to be told.
        free_bytes: of memory that there are where it works; 0 if not known.
        device: where the numbers are worked out, in words; "" where it is no question.
        remedies: what helps where the memory does not suffice.
    """

    seconds: int
    is_measured: bool
    n_bytes: int = 0
    free_bytes: int = 0
    device: str = ""
    remedies: tuple[Remedy, ...] = ()
    changes: Changes = field(default=Changes.NOTHING, repr=False)

    @property
    def fits(self) -> bool:
        """Whether the memory suffices, as far as that is known."""
        return not self.free_bytes or self.n_bytes <= self.free_bytes


@dataclass(frozen=True)
class EstimateRequest:
    """The training that is thought of.

    Attributes:
        n_texts: the texts to learn from.
        mean_length: characters of a text. mean_answer: of an answer that is a text.
        n_concepts: to tell apart; 0 where the model writes.
    """

    type: str
    settings: Settings
    n_texts: int
    mean_length: float
    mean_answer: float = 0.0
    n_concepts: int = 0


def estimate(app: AppFolder, request: EstimateRequest, job: Job) -> Estimate:
    """Say what a training of any type will take on this computer.

    Raises:
        BaseModelMissingError: its base model is not here.
        DeviceMissingError: the device that is chosen is not here.
    """
    job.report("")
    with app.database() as db:
        past = list_model_versions(db)
    if request.type == EMBEDDING_CLASSIFIER:
        reads_with = str(getattr(request.settings, "base_embed_model", "accurate"))
        return estimate_training(request.n_texts, request.mean_length, reads_with, past)
    raise NotImplementedError


def estimate_training(
    n_texts: int, mean_length: float, base_embed_model: str, past: Sequence[ModelVersion]
) -> Estimate:
    """Say how long the training of a quick classifier will take.

    Args:
        n_texts: the texts to learn from.
        mean_length: characters of a text.
        base_embed_model: what reads the texts; only trainings with the same one are compared.
        past: the model versions of the app, newest first.
    """
    for version in past:
        n_past = int(version.summary.get("n_texts", 0))
        is_alike = version.settings.get("base_embed_model") == base_embed_model
        if is_alike and n_past * COMPARABLE >= max(n_texts, 1):
            seconds = float(version.summary.get("seconds", 0.0)) * n_texts / n_past
            return Estimate(_rounded_up(seconds), is_measured=True)
    reading_s = READING_S_PER_CHARACTER.get(base_embed_model, 5e-5) * mean_length
    seconds = START_S + n_texts * (reading_s + LEARNING_S_PER_TEXT)
    if base_embed_model == "fast" and not any(embedders_folder().glob("fast-*")):
        seconds += PREPARING_S
    return Estimate(_rounded_up(seconds), is_measured=False)


def _rounded_up(seconds: float) -> int:
    step = next((step for below, step in STEPS_S if seconds < below), LONGEST_STEP_S)
    return max(1, math.ceil(seconds / step) * step)
