"""Our own training loop: whatever is learned, texts and their lessons in, the best state out."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from core.errors import UserError
from core.i18n import N_, _
from core.jobs import Job
from core.learning.fine_tuning.batches import Batch, draw_batches, parts_of
from core.learning.fine_tuning.checkpoints import Checkpoint, Checkpoints, on_cpu
from core.learning.fine_tuning.memory import Thrift, TooLittleMemoryError, is_out_of_memory
from core.learning.fine_tuning.schedule import Group, rate_factor

LEARNING = N_("Learning")
LOSS = N_("Loss")
SCORE = N_("Score on texts kept apart")
LOSS_KEPT_APART = N_("Loss on texts kept apart")

MOST_NORM = 1.0  # of all gradients together; what is longer is shortened
SMOOTHING_STEPS = 20
CHECKPOINT_S = 120.0
CHECKPOINT_SHARE = 0.04  # of the time that writing them may take, at the ends of short rounds
MOST_BROKEN_STEPS = 10  # in a row, with numbers that are none


class DivergedError(UserError):
    """The steps were so large that nothing sensible is left."""

    def __init__(self) -> None:
        super().__init__(
            _("The training broke down: its steps were too large."),
            next_step=_("Choose a smaller learning rate, a tenth for example, and train again."),
        )


@dataclass(frozen=True)
class Checked:
    """What a state is worth on texts that it does not learn from.

    Attributes:
        value: what the analyst is shown.
        rank: what is compared, higher is better.
        series: the curve that the value is a point of.
    """

    value: float
    rank: float
    series: str = SCORE


class Lessons(Protocol):
    """What a network learns from, and what it is checked with."""

    @property
    def lengths(self) -> Sequence[int]:
        """Return the tokens of each text, (n_texts,)."""
        ...

    def weight(self, rows: Batch) -> float:
        """Return how much these texts count together: their number, or that of their tokens."""
        ...

    def loss(self, rows: Batch) -> Tensor:
        """Return the summed loss of these texts, so that a batch can be worked out in parts."""
        ...

    def check(self, tick: Callable[[], None]) -> Checked | None:
        """Return what the state is worth now, or None where nothing was kept apart.

        Args:
            tick: to be called every half second; raises `JobCancelled`.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a training goes about it.

    Attributes:
        n_epochs: most rounds over the texts.
        batch_size: texts of a step.
        seed: decides the order of the texts and what is left out at random.
        identity: of the texts and settings; a checkpoint of another training is not gone on from.
        device: where the numbers are worked out.
        precision: bfloat16 works out products in it; the weights always stay float32.
        tokens_at_once: a step of more of them is worked out in parts.
        warmup_share: of the steps, in which the rate rises.
        patience: checks without gain before it ends.
        checks_per_epoch: how often the state is checked in a round.
        saves_memory: whether what a layer found is worked out again from the start.
        draw: draws the batches of a round, in place of the usual way; always as many.
    """

    n_epochs: int
    batch_size: int
    seed: int
    identity: str
    device: torch.device
    precision: torch.dtype
    tokens_at_once: int
    warmup_share: float = 0.1
    patience: int = 2
    checks_per_epoch: int = 1
    saves_memory: bool = False
    draw: Callable[[int], list[Batch]] | None = None

    def batches(self, lengths: Sequence[int], epoch: int) -> list[Batch]:
        """Return the batches of a round over texts of these lengths."""
        if self.draw is not None:
            return self.draw(epoch)
        return draw_batches(lengths, self.batch_size, seed=self.seed, epoch=epoch)


@dataclass(frozen=True)
class Trained:
    """How a training went; the network holds its best state.

    Attributes:
        n_steps: that were taken, the ones before an interruption included.
        n_epochs: the same in rounds.
        best: of the state that was kept; None if nothing was checked.
        most_texts: that fitted into memory at once.
    """

    n_steps: int
    n_epochs: float
    best: Checked | None
    most_texts: int


def train(
    network: nn.Module,
    groups: Sequence[Group],
    lessons: Lessons,
    plan: Plan,
    job: Job,
    checkpoints: Path | None = None,
) -> Trained:
    """Teach a network, and leave it in the best state that was found.

    The same plan, lessons and start give the same network again, whether or not the training was
    broken off midway and called again with the same folder.

    Args:
        network: on the plan's device, in float32.
        groups: the weights that learn.
        lessons: what it learns from.
        plan: how.
        job: told of every step and every check; `finish` ends it with the best state so far.
        checkpoints: a folder for states to go on from; None keeps none.

    Raises:
        JobCancelled: the analyst asked to stop.
        TooLittleMemoryError: not even one text at a time fits.
        DivergedError: the steps were too large.
        DiskFullError, NotWritableError: a checkpoint could not be written.
    """
    devices = [plan.device] if plan.device.type == "cuda" else []
    with torch.random.fork_rng(devices):
        return _Training(network, groups, lessons, plan, job, checkpoints).run()


class _Training:
    def __init__(
        self,
        network: nn.Module,
        groups: Sequence[Group],
        lessons: Lessons,
        plan: Plan,
        job: Job,
        checkpoints: Path | None,
    ) -> None:
        self._network, self._lessons, self._plan, self._job = network, lessons, plan, job
        self._weights = [p for group in groups for p in group.parameters]
        self._rates = [group.rate for group in groups]
        self._optimizer = torch.optim.AdamW(
            [{"params": g.parameters, "lr": g.rate, "weight_decay": g.decay} for g in groups],
            fused=True,
        )
        self._thrift = Thrift(plan.batch_size, network, saves_memory=plan.saves_memory)
        self._per_epoch = len(plan.batches(lessons.lengths, 0))
        self._n_steps = self._per_epoch * plan.n_epochs
        self._check_every = max(1, math.ceil(self._per_epoch / plan.checks_per_epoch))
        self._folder = Checkpoints(checkpoints) if checkpoints else None
        self._saved_at, self._saving_s = time.monotonic(), 0.0
        self._step, self._since_best, self._n_broken = 0, 0, 0
        self._smoothed = math.nan
        self._best: Checked | None = None
        self._best_weights: list[Tensor] = []

    def run(self) -> Trained:
        """Learn until the last round, until nothing is gained, or until the analyst asks."""
        self._resume()
        is_checked = True
        while self._step < self._n_steps and self._since_best < self._plan.patience:
            for batch in self._batches_left():
                self._learn(batch)
                is_checked = self._look_up()
                if self._since_best >= self._plan.patience or self._job.is_finishing:
                    break
            if self._job.is_finishing:
                break
        if not is_checked:
            self._check()
        self._restore_best()
        self._network.eval()
        return Trained(
            self._step, self._step / self._per_epoch, self._best, self._thrift.most_texts
        )

    def _batches_left(self) -> Iterator[Batch]:
        """Yield the batches of this round that were not learned from yet."""
        epoch, done = divmod(self._step, self._per_epoch)
        yield from self._plan.batches(self._lessons.lengths, epoch)[done:]

    def _learn(self, batch: Batch) -> None:
        self._network.train()
        loss = self._thrift.attempt(lambda most_texts: self._grow(batch, most_texts), self._job)
        factor = rate_factor(self._step, self._n_steps, self._plan.warmup_share)
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * factor
        norm = nn.utils.clip_grad_norm_(self._weights, MOST_NORM)
        if bool(torch.isfinite(norm)):
            self._n_broken = 0
            self._move()
            share = min(1.0, max(1 / SMOOTHING_STEPS, 1 / (self._step + 1)))
            before = loss if math.isnan(self._smoothed) else self._smoothed
            self._smoothed = before + share * (loss - before)
        else:
            self._n_broken += 1
            if self._n_broken >= MOST_BROKEN_STEPS:
                raise DivergedError
        self._optimizer.zero_grad()
        self._step += 1

    def _grow(self, batch: Batch, most_texts: int) -> float:
        """Find the gradients of a batch, in parts; return its mean loss."""
        plan, lessons = self._plan, self._lessons
        self._optimizer.zero_grad()
        # so that a step is the same after an interruption
        torch.manual_seed(int(np.random.SeedSequence((plan.seed, self._step)).generate_state(1)[0]))
        parts = parts_of(
            batch, lessons.lengths, most_texts=most_texts, most_tokens=plan.tokens_at_once
        )
        weight = max(lessons.weight(batch), 1e-9)
        total = 0.0
        for part in parts:
            self._tick()
            with torch.autocast(
                plan.device.type, torch.bfloat16, enabled=plan.precision == torch.bfloat16
            ):
                loss = lessons.loss(part) / weight
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        return total

    def _move(self) -> None:
        try:
            self._optimizer.step()
        except (RuntimeError, MemoryError) as error:
            if is_out_of_memory(error):  # what it remembers of each weight does not fit
                raise TooLittleMemoryError from error
            raise

    def _look_up(self) -> bool:
        """Publish, check and save what is due after a step; return whether it was checked."""
        self._tick()
        is_end = self._step % self._per_epoch == 0
        if self._step % SMOOTHING_STEPS == 0 or is_end:
            self._job.measure(LOSS, self._step / self._per_epoch, self._smoothed)
        is_due = is_end or (self._step % self._per_epoch) % self._check_every == 0
        if is_due:
            self._check()
        if self._folder and self._is_time_to_save(is_end=is_end):
            self._save()
        return is_due

    def _check(self) -> None:
        self._network.eval()
        checked = self._lessons.check(self._tick)
        if checked is None:
            return
        self._job.measure(checked.series, self._step / self._per_epoch, checked.value)
        is_first = self._best is None or math.isnan(self._best.rank)
        if is_first or (self._best and checked.rank > self._best.rank):
            self._best, self._since_best = checked, 0
            self._best_weights = [on_cpu(weight) for weight in self._weights]
        else:
            self._since_best += 1

    def _tick(self) -> None:
        self._job.report(_(LEARNING), self._step, self._n_steps)

    @torch.no_grad()
    def _restore_best(self) -> None:
        for weight, best in zip(self._weights, self._best_weights, strict=False):
            weight.copy_(best)

    def _is_time_to_save(self, *, is_end: bool) -> bool:
        if self._step >= self._n_steps:
            return False
        worked_s = time.monotonic() - self._saved_at
        is_cheap = self._saving_s <= CHECKPOINT_SHARE * worked_s
        return worked_s >= CHECKPOINT_S or (is_end and is_cheap)

    def _save(self) -> None:
        assert self._folder is not None
        began = time.monotonic()
        best = self._best
        words = {
            "identity": self._plan.identity,
            "step": self._step,
            "since_best": self._since_best,
            "smoothed": None if math.isnan(self._smoothed) else self._smoothed,
            "best": None if best is None else [best.value, best.rank, best.series],
            "most_texts": self._thrift.most_texts,
            "saves_memory": self._thrift.saves_memory,
        }
        self._folder.save(self._step, Checkpoint(words, self._numbers()))
        self._saved_at = time.monotonic()
        self._saving_s = self._saved_at - began

    def _numbers(self) -> dict[str, Tensor]:
        numbers: dict[str, Tensor] = {}
        for i, weight in enumerate(self._weights):
            numbers[f"weight.{i}"] = weight
            for key, value in self._optimizer.state.get(weight, {}).items():
                numbers[f"{key}.{i}"] = torch.as_tensor(value)
        return numbers | {f"best.{i}": weight for i, weight in enumerate(self._best_weights)}

    @torch.no_grad()
    def _resume(self) -> None:
        """Go on from the newest whole checkpoint, if there is one of this training."""
        found = self._folder.load(self._plan.identity) if self._folder else None
        if found is None:
            return
        words, numbers = found.words, found.numbers
        self._step, self._since_best = words["step"], words["since_best"]
        self._smoothed = math.nan if words["smoothed"] is None else words["smoothed"]
        self._best = None if words["best"] is None else Checked(*words["best"])
        self._thrift.most_texts = words["most_texts"]
        if words["saves_memory"]:
            self._thrift.save_memory()
        for i, weight in enumerate(self._weights):
            weight.copy_(numbers[f"weight.{i}"])
            state = {
                key: numbers[f"{key}.{i}"].to(weight.device)
                for key in ("step", "exp_avg", "exp_avg_sq")
                if f"{key}.{i}" in numbers
            }
            if state:
                self._optimizer.state[weight] = state
        if "best.0" in numbers:
            self._best_weights = [numbers[f"best.{i}"] for i in range(len(self._weights))]
        done = self._step / self._per_epoch
        self._job.note(_("Going on after {n:.1f} rounds over the texts.").format(n=done))
