"""The state of a training on disk, so that one that was broken off goes on where it was."""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as from_bytes
from safetensors.torch import save as to_bytes
from torch import Tensor

from core.errors import writing_to

FORMAT = 1
N_KEPT = 2
_NUMBERS, _WORDS = "state.safetensors", "state.json"
_PREFIX, _ASIDE = "step-", ".writing-"


@dataclass(frozen=True)
class Checkpoint:
    """A state of a training.

    Attributes:
        words: what JSON can keep: how far it was.
        numbers: the weights that learn, what the optimizer remembers, and the best weights.
    """

    words: Mapping[str, Any]
    numbers: Mapping[str, Tensor]


class Checkpoints:
    """A folder of checkpoints, of which the last two are kept.

    Args:
        folder: of one training; made when the first is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, step: int, checkpoint: Checkpoint) -> None:
        """Write a checkpoint aside, put it in its place in one step, and forget the oldest.

        Raises:
            DiskFullError, NotWritableError: it could not be written; earlier ones stay.
        """
        with writing_to(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            aside = self._folder / f"{_ASIDE}{uuid.uuid4().hex}"
            try:
                _write(aside, checkpoint)
                place = self._folder / f"{_PREFIX}{step:09d}"
                shutil.rmtree(place, ignore_errors=True)
                aside.replace(place)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
        for old in self._newest_first()[N_KEPT:]:
            shutil.rmtree(old, ignore_errors=True)

    def load(self, identity: str) -> Checkpoint | None:
        """Return the newest whole checkpoint of a training, or None.

        Args:
            identity: of the training; one of other texts or settings is passed over.
        """
        for folder in self._newest_first():
            checkpoint = _read(folder)
            if checkpoint is not None and checkpoint.words.get("identity") == identity:
                return checkpoint
        return None

    def _newest_first(self) -> list[Path]:
        for left in self._folder.glob(f"{_ASIDE}*"):  # of a process that was ended midway
            shutil.rmtree(left, ignore_errors=True)
        return sorted(self._folder.glob(f"{_PREFIX}*"), reverse=True)


def _write(folder: Path, checkpoint: Checkpoint) -> None:
    folder.mkdir()
    numbers = to_bytes({k: v.detach().contiguous().cpu() for k, v in checkpoint.numbers.items()})
    words = {**checkpoint.words, "format": FORMAT, "sha256": hashlib.sha256(numbers).hexdigest()}
    _write_through(folder / _NUMBERS, numbers)
    _write_through(folder / _WORDS, json.dumps(words).encode())


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read(folder: Path) -> Checkpoint | None:
    """Return a checkpoint, or None if a file is missing, cut short or changed."""
    try:
        words = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        numbers = (folder / _NUMBERS).read_bytes()
        is_whole = words["sha256"] == hashlib.sha256(numbers).hexdigest()
        if words["format"] != FORMAT or not is_whole:
            return None
        return Checkpoint(words, from_bytes(numbers))
    except (OSError, ValueError, KeyError, TypeError, RecursionError, SafetensorError):
        return None


def on_cpu(tensor: Tensor) -> Tensor:
    """Return a copy of the values in the computer's own memory."""
    return tensor.detach().to("cpu", torch.float32, copy=True)
