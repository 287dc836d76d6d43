"""How long a training takes on this computer: as past ones did, or else a careful guess."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.paths import embedders_folder
from core.records import ModelVersion

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
class Estimate:
    """Seconds, no finer than can be known, and whether a training done here says so."""

    seconds: int
    is_measured: bool


def estimate_training(
    n_texts: int, mean_length: float, base_embed_model: str, past: Sequence[ModelVersion]
) -> Estimate:
    """Say how long a training will take.

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
