"""Our own training loop, which the deep classifier and text-to-text share."""

from core.learning.fine_tuning.batches import Batch, draw_batches, padded, parts_of
from core.learning.fine_tuning.loop import (
    LOSS_KEPT_APART,
    SCORE,
    Checked,
    DivergedError,
    Lessons,
    Plan,
    Trained,
    train,
)
from core.learning.fine_tuning.memory import TooLittleMemoryError, is_out_of_memory
from core.learning.fine_tuning.schedule import Group, layer_groups, learning, rate_factor

__all__ = [
    "LOSS_KEPT_APART",
    "SCORE",
    "Batch",
    "Checked",
    "DivergedError",
    "Group",
    "Lessons",
    "Plan",
    "TooLittleMemoryError",
    "Trained",
    "draw_batches",
    "is_out_of_memory",
    "layer_groups",
    "learning",
    "padded",
    "parts_of",
    "rate_factor",
    "train",
]
