"""Training by transformers' Trainer, as the Hugging Face templates ask for it."""

import errno
import gc
import hashlib
import json
import random
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from accelerate import PartialState  # type: ignore[import-untyped]
from accelerate.utils.memory import should_reduce_batch_size  # type: ignore[import-untyped]
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers import PrinterCallback, ProgressCallback, Trainer, TrainingArguments, set_seed
from transformers.trainer import TRAINING_ARGS_NAME
from transformers.utils import logging as library_log
from typing_extensions import override

from core.errors import writing_to
from core.i18n import _
from core.jobs import Job
from core.learning.fine_tuning.hugging_face_arguments import training_arguments
from core.learning.fine_tuning.hugging_face_callback import JobCallback
from core.learning.fine_tuning.hugging_face_checkpoints import newest, seal
from core.learning.fine_tuning.memory import TooLittleMemoryError, is_out_of_memory
from core.learning.settings import Settings

# What torch and safetensors say, as no OSError, when there is no room for a checkpoint.
_DISK_FULL = ("No space left", "PytorchStreamWriter failed", "unexpected pos")

Lesson = Mapping[str, Any]
Inputs = dict[str, Tensor]


@dataclass(frozen=True, kw_only=True)
class Course:
    """What is trained, and with what.

    Attributes:
        settings: with the dictionaries.
        make: returns the network as it is before the first step; the same each time.
        lessons: what it learns from.
        checked: what is kept apart to check with; empty for nothing.
        collate: makes inputs of some lessons, with `labels`.
        base: the folder of the base model.
    """

    settings: Settings
    make: Callable[[], nn.Module]
    lessons: Sequence[Lesson]
    checked: Sequence[Lesson]
    collate: Callable[[Sequence[Lesson]], Inputs]
    base: Path

    @property
    def identity(self) -> str:
        """Return what tells this training from any other."""
        weights = sorted((p.name, p.stat().st_size) for p in self.base.glob("*.safetensors"))
        told = [asdict(self.settings), list(self.lessons), list(self.checked), weights]  # type: ignore[call-overload]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@contextmanager
def quiet() -> Iterator[None]:
    """Keep progress bars, advice and news of later versions out of what the program says."""
    verbosity = library_log.get_verbosity()
    had_bars = library_log.is_progress_bar_enabled()
    library_log.set_verbosity_error()  # type: ignore[no-untyped-call]
    library_log.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        with warnings.catch_warnings():
            # peft reads names of transformers that a later version will no longer have
            warnings.simplefilter("ignore", FutureWarning)
            yield
    finally:
        library_log.set_verbosity(verbosity)
        if had_bars:
            library_log.enable_progress_bar()  # type: ignore[no-untyped-call]


@contextmanager
def own_randomness(seed: int) -> Iterator[None]:
    """Draw from a seed inside, and go on outside as if nothing had been drawn."""
    python, numbers = random.getstate(), np.random.get_state()
    is_strict = torch.are_deterministic_algorithms_enabled()
    devices = range(torch.cuda.device_count())
    with torch.random.fork_rng(devices):
        set_seed(seed)
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(numbers)
            torch.use_deterministic_algorithms(is_strict)


def is_first_process() -> bool:
    """Tell whether this process is the one that writes, of several that train together."""
    return bool(PartialState().is_main_process)


def train(course: Course, job: Job, checkpoints: Path | None = None) -> nn.Module:
    """Teach a network, and return it in its best state where that was looked for, else its last.

    Args:
        course: what is trained; the same one gives the same network again, whether or not it was
            broken off midway and called again with the same folder.
        job: told of steps and losses; `finish` ends it after a step.
        checkpoints: a folder for states to go on from; None keeps none.

    Raises:
        JobCancelled: the analyst asked to stop.
        UserError: a dictionary is refused, memory is short, or the steps were too large.
        DiskFullError, NotWritableError: a checkpoint could not be written.
    """
    with ExitStack() as stack:
        folder = checkpoints or Path(stack.enter_context(TemporaryDirectory(prefix="training-")))
        folder.mkdir(parents=True, exist_ok=True)
        arguments = training_arguments(
            course.settings,
            folder,
            job,
            has_checked=bool(course.checked),
            is_kept=checkpoints is not None,
        )
        stack.enter_context(quiet())
        stack.enter_context(own_randomness(arguments.seed))
        stack.enter_context(writing_to(folder))
        return _Training(course, arguments, job, is_kept=checkpoints is not None).run()


@dataclass(frozen=True)
class _Thrift:
    """How thriftily memory is used."""

    texts: int
    accumulated: int
    saves_memory: bool


class _Training:
    def __init__(
        self, course: Course, arguments: TrainingArguments, job: Job, *, is_kept: bool
    ) -> None:
        self._course, self._arguments, self._job = course, arguments, job
        self._is_kept = is_kept
        self._identity = course.identity
        self._thrift = _Thrift(
            arguments.per_device_train_batch_size,
            arguments.gradient_accumulation_steps,
            bool(arguments.activation_checkpointing),
        )

    def run(self) -> nn.Module:
        while True:
            found = newest(Path(str(self._arguments.output_dir)), self._identity)
            if found is not None:
                self._thrift = _Thrift(*found[1]["thrift"])
            try:
                return self._attempt(None if found is None else found[0])
            except (RuntimeError, MemoryError, SafetensorError) as error:
                if any(saying in str(error) for saying in _DISK_FULL):
                    raise OSError(errno.ENOSPC, str(error)) from error
                if not (is_out_of_memory(error) or should_reduce_batch_size(error)):
                    raise
                if self._arguments.world_size > 1:
                    raise TooLittleMemoryError from error  # the others would wait for ever
            self._be_thriftier()  # outside `except`, which would hold on to what was made

    def _attempt(self, start: Path | None) -> nn.Module:
        arguments = self._thrifty_arguments()
        set_seed(arguments.seed)
        self._job.report(_("Reading the base model"))
        trainer = _JobTrainer(
            model=self._course.make(),
            args=arguments,
            data_collator=self._course.collate,
            train_dataset=_Texts(self._course.lessons),
            eval_dataset=_Texts(self._course.checked) if self._course.checked else None,
            callbacks=[JobCallback(self._job, self._seal, is_kept=self._is_kept)],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.remove_callback(ProgressCallback)
        if start is not None:
            self._job.note(_("Going on from where the training was broken off."))
        trainer.train(resume_from_checkpoint=None if start is None else str(start))
        network: nn.Module = trainer.accelerator.unwrap_model(
            trainer.model, keep_fp32_wrapper=False
        )
        return network.eval()

    def _thrifty_arguments(self) -> TrainingArguments:
        return replace(
            self._arguments,
            per_device_train_batch_size=self._thrift.texts,
            gradient_accumulation_steps=self._thrift.accumulated,
            activation_checkpointing=self._thrift.saves_memory,
        )

    def _seal(self, folder: Path) -> None:
        thrift = [self._thrift.texts, self._thrift.accumulated, self._thrift.saves_memory]
        seal(folder, self._identity, {"thrift": thrift})

    def _be_thriftier(self) -> None:
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        old = self._thrift
        if old.texts > 1:
            texts = old.texts // 2
            accumulated = round(old.texts * old.accumulated / texts)
            self._thrift = _Thrift(texts, accumulated, old.saves_memory)
            self._job.note(
                _("Memory was short: from here on, {n} texts at a time.").format(n=texts)
            )
        elif not old.saves_memory:
            self._thrift = replace(old, saves_memory=True)
            self._job.note(_("Memory was short: from here on, less is kept and worked out again."))
        else:
            raise TooLittleMemoryError


class _JobTrainer(Trainer):
    @override
    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
        """Write the weights, but not the arguments, which the library would pickle."""
        super()._save(output_dir, state_dict)
        (Path(output_dir or str(self.args.output_dir)) / TRAINING_ARGS_NAME).unlink(missing_ok=True)


class _Texts(torch.utils.data.Dataset[Lesson]):
    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self._lessons = lessons

    def __len__(self) -> int:
        return len(self._lessons)

    def __getitem__(self, place: int) -> Lesson:
        return self._lessons[place]
