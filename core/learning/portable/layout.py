"""Which layout a model gets, and the words beside it that its script reads."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from core.learning.calibration import Calibration
from core.learning.embedding_classifier import EmbeddingClassifier
from core.learning.portable.networks import (
    write_contrastive,
    write_network,
    write_sequence_classifier,
)
from core.learning.portable.readers import Window, write_reader
from core.learning.portable.writers import write_writer
from core.learning.text_classifier import TextClassifier
from core.learning.text_classifier.reader import Reader
from core.learning.text_to_text import TextToText
from core.learning.text_to_text.as_classifier import WritingClassifier

LABELS, PROMPT = "labels.json", "prompt.json"
SENTENCES, LOGITS, SEQUENCE, WRITER = "sentences", "logits", "sequence", "writer"
_LIBRARIES = {
    SENTENCES: ("sentence-transformers", "safetensors", "tokenizers", "torch", "numpy"),
    LOGITS: ("sentence-transformers", "torch", "numpy"),
    SEQUENCE: ("transformers", "torch", "numpy"),
    WRITER: ("transformers", "torch"),
}
_LIBRARIES_OF_ONNX = ("onnxruntime", "safetensors", "tokenizers", "numpy")


@dataclass(frozen=True)
class Plain:
    """What was written.

    Attributes:
        kind: which script reads it: `SENTENCES`, `LOGITS`, `SEQUENCE` or `WRITER`.
        told: what `labels.json` or `prompt.json` says.
        libraries: that the script needs.
    """

    kind: str
    told: Mapping[str, Any]
    libraries: tuple[str, ...]


def write_plain(model: Any, folder: Path, thresholds: Mapping[str, float]) -> Plain:  # noqa: ANN401
    """Write a trained model into an existing, empty folder, in the layout of public libraries.

    Args:
        model: an `EmbeddingClassifier`, `TextClassifier` or `TextToText`.
        folder: existing and empty.
        thresholds: that somebody chose for its concepts; empty for the usual ones.

    Raises:
        OSError: the disk is full, or may not be written to.
        BaseModelError: what the model reads with is not here.
    """
    if isinstance(model, WritingClassifier):
        model = model.writer
    if isinstance(model, TextToText):
        return _keep(folder, PROMPT, WRITER, write_writer(model, folder))
    if isinstance(model, EmbeddingClassifier):
        window = write_reader(model.settings.base_embed_model, folder)
        model.save(folder)
        told = _told(model.concepts, model.calibration, thresholds, window)
        return _keep(folder, LABELS, SENTENCES, told)
    assert isinstance(model, TextClassifier)
    return _write_deep(model, folder, thresholds)


def requirements(plain: Plain, *, has_onnx: bool) -> list[str]:
    """Return what pip is told, a line for each library, with what is known to be compatible.

    From the version that the model was written and checked with, up to the next that may break
    with it: the next major one, or the next minor one of a library that has not reached 1.
    """
    names = [*plain.libraries, *(_LIBRARIES_OF_ONNX if has_onnx else ())]
    return [_required(name) for name in dict.fromkeys(names)]


def _required(name: str) -> str:
    try:
        here = version(name).partition("+")[0]  # "+cpu" is a build of ours, not of everybody's
        major, minor = (int(part) for part in here.split(".")[:2])
    except (PackageNotFoundError, ValueError):
        return name
    below = f"{major + 1}" if major else f"0.{minor + 1}"
    return f"{name}>={here},<{below}"


def _write_deep(model: TextClassifier, folder: Path, thresholds: Mapping[str, float]) -> Plain:
    if not isinstance(model.network, Reader):
        reads = write_sequence_classifier(model.network, model.concepts, folder)
        kind = SEQUENCE
    elif model.head is not None:
        reads = write_contrastive(model.network, folder)
        model.head.save(folder)
        told = _told(model.concepts, model.head.calibration, thresholds, reads)
        return _keep(folder, LABELS, SENTENCES, told)
    else:
        reads, kind = write_network(model.network, folder), LOGITS
    return _keep(folder, LABELS, kind, _told(model.concepts, model.calibration, thresholds, reads))


def _told(
    concepts: tuple[str, ...],
    calibration: Calibration,
    thresholds: Mapping[str, float],
    reads: Window,
) -> dict[str, Any]:
    return {
        "labels": list(concepts),
        "one_label_per_text": calibration.is_exclusive,
        "slope": calibration.slope,
        "offset": calibration.offset,
        "thresholds": {name: thresholds[name] for name in concepts if name in thresholds},
        **reads.told(),
    }


def _keep(folder: Path, name: str, kind: str, told: dict[str, Any]) -> Plain:
    words = json.dumps(told, ensure_ascii=False, indent=1)
    (folder / name).write_text(words, encoding="utf-8")
    return Plain(kind, told, _LIBRARIES[kind])
