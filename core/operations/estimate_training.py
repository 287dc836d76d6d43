"""How long a training takes on this computer and how much memory: as past ones did, or a guess."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.jobs import Job
from core.learning import costs
from core.learning.settings import Settings
from core.operations.base_of import base_of
from core.operations.training_work import (
    Place,
    Remedy,
    Texts,
    can_learn_beside,
    remedy_of,
    work_of,
)
from core.paths import embedders_folder
from core.records import EMBEDDING_CLASSIFIER, ModelVersion
from core.storage.inputs import find_most_chars
from core.storage.models import list_model_versions

# A careful guess for two cores: what is not measured yet should rather surprise by being quick.
READING_S_PER_CHARACTER = {"accurate": 5e-5, "fast": 2e-6}
LEARNING_S_PER_TEXT = 2e-3
START_S = 6.0  # loading what learns, and reading our own sentences
PREPARING_S = 45.0  # the fast reader, once on a computer
TAKE_TIME = (  # settings of deep trainings that decide how long they take
    *("base_model", "num_train_epochs", "max_tokens", "gradient_checkpointing", "what_learns"),
    *("n_pairs", "lora_rank", "device", "model_config", "trainer_config", "peft_config"),
)
COMPARABLE = 10  # a past training of a tenth of the texts still tells something


# Below so many seconds an estimate is rounded up to steps of so many.
STEPS_S = ((20, 1), (60, 5), (3600, 60))
LONGEST_STEP_S = 600


@dataclass(frozen=True)
class Estimate:
    """What a training will take.

    Attributes:
        seconds: no finer than can be known.
        is_measured: whether a training done here says so.
        n_bytes: of memory that it needs; 0 where it is too little to be told.
        free_bytes: of memory that are free where it works; 0 if not known.
        fits: whether that suffices, as far as it is known.
        device: where the numbers are worked out, in words; "" where it is no question.
        remedies: what helps where the memory does not suffice.
    """

    seconds: int
    is_measured: bool
    n_bytes: int = 0
    free_bytes: int = 0
    fits: bool = True
    device: str = ""
    remedies: tuple[Remedy, ...] = ()
    changes: Changes = Changes.NOTHING


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
        most_chars = find_most_chars(db)
    if request.type == EMBEDDING_CLASSIFIER:
        reads_with = str(getattr(request.settings, "base_embed_model", "accurate"))
        return estimate_training(request.n_texts, request.mean_length, reads_with, past)
    base, place = base_of(request.settings), _place(request.settings)
    length = request.mean_length + request.mean_answer
    texts = Texts(request.n_texts, length, max(most_chars, round(length)))
    work = work_of(request.settings, texts, base, place)
    found = costs.estimate(work)
    measured = _measured(request, base.name, past)
    cures = costs.remedies(work, place.free_bytes, can_lora=can_learn_beside(request.settings))
    known = [remedy_of(cure, changed, request.settings) for cure, changed in cures]
    return Estimate(
        seconds=_rounded_up(measured if measured is not None else START_S + found.seconds),
        is_measured=measured is not None,
        n_bytes=found.memory,
        free_bytes=place.free_bytes,
        fits=not cures,
        device=place.words,
        remedies=tuple(remedy for remedy in known if remedy),
    )


def _place(settings: Settings) -> Place:
    """Return where a training will work, and how much memory is free there."""
    import psutil
    import torch

    from core.learning.devices import best_precision, device_of, device_title

    device = device_of(getattr(settings, "device", "automatic"))
    free = int(psutil.virtual_memory().available)
    if device.type == "cuda":
        free = int(torch.cuda.mem_get_info(device)[0])
    is_half = best_precision(device) == torch.bfloat16
    return Place(device_title(device.type), device.type != "cpu", is_half, free)


def _measured(request: EstimateRequest, base: str, past: Sequence[ModelVersion]) -> float | None:
    """Return the seconds as a past training with the same settings took for a text; None if none.

    What changes nothing about the time may differ.
    """
    now = _that_take_time(vars(request.settings))
    for version in past:
        n_past = int(version.summary.get("n_texts", 0))
        is_alike = version.type == request.type and _that_take_time(version.settings) == now
        is_alike &= version.summary.get("base_model", base) == base
        if is_alike and n_past * COMPARABLE >= max(request.n_texts, 1):
            return float(version.summary.get("seconds", 0.0)) * request.n_texts / n_past
    return None


def _that_take_time(values: Mapping[str, object]) -> dict[str, object]:
    return {name: values.get(name) for name in TAKE_TIME if name in values}


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
