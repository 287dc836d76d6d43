"""What a training does when memory is short: smaller parts, then less kept, then a sentence."""

import gc
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import nn

from core.errors import UserError
from core.i18n import _
from core.jobs import Job

T = TypeVar("T")

# What the allocators of processors and of other devices say; they raise a plain RuntimeError.
_SAYINGS = ("can't allocate memory", "not enough memory", "out of memory", "cannot allocate memory")


class TooLittleMemoryError(UserError):
    """Not even one text at a time fits into memory."""

    def __init__(self) -> None:
        super().__init__(
            _("There is not enough memory to train this base model, one text at a time."),
            next_step=_("Choose a smaller base model, LoRA, or a smaller longest text."),
        )


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that memory was short, whatever device it comes from."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(s in str(error).lower() for s in _SAYINGS)


class Thrift:
    """How thriftily a training uses memory; grows thriftier each time that memory runs out.

    Attributes:
        most_texts: worked out at once; steps are still taken after a whole batch.
        saves_memory: whether what a layer found is worked out again instead of kept.
    """

    def __init__(self, most_texts: int, network: nn.Module, *, saves_memory: bool = False) -> None:
        self.most_texts = most_texts
        self.saves_memory = False
        self._network = network
        if saves_memory:
            self.save_memory()

    def save_memory(self) -> bool:
        """Keep less and work it out again; return whether the network can."""
        able = getattr(self._network, "supports_gradient_checkpointing", False)
        if able and not self.saves_memory:
            self._network.activation_checkpointing_enable({"use_reentrant": False})  # type: ignore[operator]
            self.saves_memory = True
            return True
        return False

    def attempt(self, step: Callable[[int], T], job: Job) -> T:
        """Return what `step(most_texts)` does, tried again with less as long as memory is short.

        Raises:
            TooLittleMemoryError: one text at a time is too much.
        """
        while True:
            try:
                return step(self.most_texts)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
            self._be_thriftier(job)  # outside `except`, which would hold on to what was made

    def _be_thriftier(self, job: Job) -> None:
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if self.most_texts > 1:
            self.most_texts = -(-self.most_texts // 2)
            line = _("Memory was short: from here on, {n} texts at a time.")
            job.note(line.format(n=self.most_texts))
        elif self.save_memory():
            job.note(_("Memory was short: from here on, less is kept and worked out again."))
        else:
            raise TooLittleMemoryError
