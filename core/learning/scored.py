"""What a model said of texts whose concepts people said: all that an evaluation is made of."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as to_bytes

from core.learning.splits import Floats, Ints, Targets

FILE = "predictions.safetensors"
NOT_SEEN, NEARLY_SEEN, SEEN = range(3)


class ScoredDamagedError(Exception):
    """The file is missing, cut short or changed."""


@dataclass(frozen=True)
class Scored:
    """Texts with what people said of them and what the model said.

    Attributes:
        concepts: the names of the columns.
        is_exclusive: whether a text has exactly one concept.
        input_ids: (n_texts,) their keys in the dataset version.
        targets: (n_texts, n_concepts), 1 where a person said that a text carries a concept.
        probabilities: (n_texts, n_concepts).
        seen: (n_texts,) whether the text (`SEEN`), or nearly the same (`NEARLY_SEEN`), is also
            among those that the model which answered for it had learned from.
        seed: of whatever is drawn at random.
    """

    concepts: tuple[str, ...]
    is_exclusive: bool
    input_ids: Ints
    targets: Targets
    probabilities: Floats
    seen: Ints
    seed: int

    def only(self, places: Ints) -> "Scored":
        """Return the texts at these places."""
        return Scored(
            self.concepts,
            self.is_exclusive,
            self.input_ids[places],
            self.targets[places],
            self.probabilities[places],
            self.seen[places],
            self.seed,
        )


def save_scored(scored: Scored, folder: Path) -> None:
    """Write the arrays into an existing, empty folder; names and settings are kept elsewhere."""
    arrays: dict[str, NDArray[Any]] = {
        "input_ids": scored.input_ids,
        "targets": np.packbits(scored.targets.astype(bool), axis=None),
        "probabilities": np.ascontiguousarray(scored.probabilities, np.float32),
        "seen": scored.seen.astype(np.uint8),
    }
    (folder / FILE).write_bytes(to_bytes(arrays, {"sha256": _checksum(arrays)}))


def _checksum(arrays: Mapping[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return digest.hexdigest()


def load_scored(
    folder: Path, concepts: tuple[str, ...], *, is_exclusive: bool, seed: int
) -> Scored:
    """Read what `save_scored` wrote.

    Raises:
        ScoredDamagedError: the file is missing, cut short, changed, or of other concepts.
    """
    try:
        arrays = _load(folder / FILE)
        probabilities, input_ids = arrays["probabilities"], arrays["input_ids"]
        _check_fit(arrays, len(input_ids), len(concepts))
        bits = np.unpackbits(arrays["targets"], count=probabilities.size)
        return Scored(
            concepts=concepts,
            is_exclusive=is_exclusive,
            input_ids=input_ids,
            targets=bits.reshape(probabilities.shape).astype(np.int8),
            probabilities=probabilities,
            seen=arrays["seen"].astype(np.int64),
            seed=seed,
        )
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ScoredDamagedError(str(folder)) from error


def _load(path: Path) -> dict[str, NDArray[Any]]:
    with safe_open(path, "numpy") as stored:
        arrays = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
        found = _checksum(arrays)
        if (stored.metadata() or {}).get("sha256", found) != found:
            raise ValueError("changed")
    return arrays


def _check_fit(arrays: Mapping[str, NDArray[Any]], n_texts: int, n_concepts: int) -> None:
    wanted = {
        "input_ids": ("int64", (n_texts,)),
        "targets": ("uint8", (-(-n_texts * n_concepts // 8),)),
        "probabilities": ("float32", (n_texts, n_concepts)),
        "seen": ("uint8", (n_texts,)),
    }
    if {name: (str(one.dtype), one.shape) for name, one in arrays.items()} != wanted:
        raise ValueError("other arrays")
