"""What a Trainer tells a job, and a job a Trainer."""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import TrainerCallback
from transformers import TrainerControl as Control
from transformers import TrainerState as State
from transformers import TrainingArguments as Args
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR, IntervalStrategy
from typing_extensions import override

from core.i18n import _
from core.jobs import Job
from core.learning.fine_tuning.loop import (
    CHECKPOINT_S,
    LEARNING,
    LOSS,
    LOSS_KEPT_APART,
    DivergedError,
)

_CURVES = {"loss": LOSS, "eval_loss": LOSS_KEPT_APART}


class JobCallback(TrainerCallback):
    """Publishes how far a training is, and ends it when the analyst asks for it.

    Args:
        job: told of every step and every measured loss; its cancel leaves the Trainer as
            `JobCancelled`, its finish lets it end after this step.
        seal: called with the folder of each checkpoint once it is written.
        is_kept: whether checkpoints are written while time goes by, too.
    """

    def __init__(self, job: Job, seal: Callable[[Path], None], *, is_kept: bool) -> None:
        self._job, self._seal, self._is_kept = job, seal, is_kept
        self._saved_s = time.monotonic()

    @override
    def on_step_begin(self, args: Args, state: State, control: Control, **_more: Any) -> None:
        self._job.report(_(LEARNING), state.global_step, state.max_steps)

    @override
    def on_substep_end(self, args: Args, state: State, control: Control, **_more: Any) -> None:
        self._job.report(_(LEARNING), state.global_step, state.max_steps)

    @override
    def on_step_end(self, args: Args, state: State, control: Control, **_more: Any) -> None:
        self._job.report(_(LEARNING), state.global_step, state.max_steps)
        is_last = state.global_step >= state.max_steps
        if self._job.is_finishing and not is_last:
            control.should_training_stop = True
            if args.eval_strategy != IntervalStrategy.NO:
                control.should_evaluate = control.should_save = True
        elif self._is_due(args):
            control.should_save = True

    def _is_due(self, args: Args) -> bool:
        """Tell whether it is time for a checkpoint; several processes have a clock each."""
        is_late = time.monotonic() - self._saved_s >= CHECKPOINT_S
        return self._is_kept and is_late and args.world_size == 1

    @override
    def on_prediction_step(self, args: Args, state: State, control: Control, **_more: Any) -> None:
        self._job.report(_("Checking"))

    @override
    def on_log(
        self,
        args: Args,
        state: State,
        control: Control,
        logs: dict[str, float] | None = None,
        **_more: Any,
    ) -> None:
        for key, series in _CURVES.items():
            value = (logs or {}).get(key)
            if value is None or not state.is_world_process_zero:
                continue
            if not math.isfinite(value):
                raise DivergedError
            self._job.measure(series, float(state.epoch or 0), float(value))

    @override
    def on_save(self, args: Args, state: State, control: Control, **_more: Any) -> None:
        self._saved_s = time.monotonic()
        if state.is_world_process_zero:
            folder = Path(str(args.output_dir))
            self._seal(folder / f"{PREFIX_CHECKPOINT_DIR}-{state.global_step}")
