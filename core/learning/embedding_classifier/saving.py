"""Quick classifiers on disk: numbers as safetensors, words as JSON, nothing pickled."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from safetensors.numpy import save as to_bytes

from core.learning.calibration import Calibration
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.damage import damaged
from core.learning.embedding_classifier.classifier import EmbeddingClassifier
from core.learning.embedding_classifier.gate import Gate
from core.learning.embedding_classifier.ngrams import NgramSpace, Vocabulary
from core.learning.embedding_classifier.recipes import Recipe
from core.learning.familiar import Familiar
from core.learning.settings import settings_from_values
from core.learning.splits import Floats

WEIGHTS, WORDS = "weights.safetensors", "classifier.json"
FORMAT = 1


def save(model: EmbeddingClassifier, folder: Path) -> None:
    """Write a model into an existing, empty folder."""
    numbers: dict[str, NDArray[Any]] = {"centre": model.centre, "weights": model.weights}
    words: dict[str, Any] = {
        "format": FORMAT,
        "concepts": model.concepts,
        "settings": asdict(model.settings),
        "recipe": asdict(model.recipe),
        "calibration": asdict(model.calibration),
        "terms": None,
    }
    if model.gate is not None:
        numbers["gate"] = model.gate.weights
    if model.familiar is not None:
        numbers["familiar"] = model.familiar.texts
        words["familiar"] = model.familiar.limit
    if model.ngrams is not None:
        kinds = (model.ngrams.words, model.ngrams.characters)
        words["terms"] = {kind.kind: kind.terms for kind in kinds}
        numbers |= {f"idf-{kind.kind}": kind.idf for kind in kinds}
    # `save_file` would report a full disk as an error of its own
    (folder / WEIGHTS).write_bytes(
        to_bytes({k: np.ascontiguousarray(v) for k, v in numbers.items()})
    )
    (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> EmbeddingClassifier:
    """Read a model that `save` wrote; it answers exactly as before.

    Raises:
        ModelDamagedError: a file is missing, cut short or changed.
    """
    with damaged(folder):
        words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        return _assemble(words, load_file(folder / WEIGHTS))


def _assemble(words: dict[str, Any], numbers: dict[str, Floats]) -> EmbeddingClassifier:
    if words["format"] != FORMAT:
        raise ValueError(f"format {words['format']}")
    model = EmbeddingClassifier(
        concepts=tuple(words["concepts"]),
        settings=settings_from_values(EmbeddingClassifierSettings, words["settings"]),
        recipe=Recipe(**words["recipe"]),
        centre=numbers["centre"],
        ngrams=_ngrams(words["terms"], numbers) if words["terms"] else None,
        weights=numbers["weights"],
        calibration=Calibration(**words["calibration"]),
        gate=Gate(numbers["gate"]) if "gate" in numbers else None,
        familiar=Familiar(numbers["familiar"].astype(np.float16), words["familiar"])
        if "familiar" in words
        else None,
    )
    if model.weights.shape != _expected_shape(model):
        raise ValueError(f"weights of shape {model.weights.shape}")
    return model


def _ngrams(terms: dict[str, list[str]], numbers: dict[str, Floats]) -> NgramSpace:
    kinds = {}
    for kind in ("words", "characters"):
        idf = numbers[f"idf-{kind}"]
        if len(idf) != len(terms[kind]):
            raise ValueError(f"{len(idf)} weights for {len(terms[kind])} {kind}")
        kinds[kind] = Vocabulary(kind, tuple(terms[kind]), idf)
    return NgramSpace(**kinds)


def _expected_shape(model: EmbeddingClassifier) -> tuple[int, int]:
    n_features = len(model.centre) if model.recipe.embedding_scale else 0
    if model.ngrams is not None:
        n_features += model.ngrams.n_terms
    return n_features + 1, len(model.concepts)
