"""Which checkpoints of a Trainer are whole and of this training.

The Trainer writes them file by file. Once all are there, a seal is added: the identity of the
training and a sum of every file. One without it, or with another, is passed over, so that neither
a process that was ended midway nor a changed file is gone on from. What torch itself writes in
them (optimizer, schedule, random numbers) is read by the Trainer with `weights_only`, which
makes tensors and plain values and calls nothing.
"""

import json
from pathlib import Path
from typing import Any

from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from core.asides import flush
from core.seals import digest

SEAL = "whole.json"
_OF_OTHERS = "rng_state_"  # written by each process of several, whenever it comes to it


def seal(folder: Path, identity: str, words: dict[str, Any]) -> None:
    """Note beside a checkpoint that it is whole, and what JSON can keep of its training."""
    sums = {str(path.relative_to(folder)): digest(path) for path in _files(folder)}
    for path in _files(folder):
        flush(path)
    aside = folder / f".{SEAL}"
    aside.write_text(json.dumps({"identity": identity, "sums": sums, **words}), encoding="utf-8")
    flush(aside)
    aside.replace(folder / SEAL)


def newest(folder: Path, identity: str) -> tuple[Path, dict[str, Any]] | None:
    """Return the newest whole checkpoint of a training, with the words of its seal, or None."""
    numbered = [
        (int(number), path)
        for path in folder.glob(f"{PREFIX_CHECKPOINT_DIR}-*")
        if (number := path.name.rpartition("-")[2]).isdigit()
    ]
    for _number, path in sorted(numbered, reverse=True):
        words = _read(path)
        if words is not None and words.get("identity") == identity:
            return path, words
    return None


def _read(folder: Path) -> dict[str, Any] | None:
    try:
        words: dict[str, Any] = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        is_whole = all(digest(folder / name) == told for name, told in words["sums"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return words if is_whole else None


def _files(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith((_OF_OTHERS, SEAL, f".{SEAL}"))
    ]
