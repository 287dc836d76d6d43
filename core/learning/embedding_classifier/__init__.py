"""The quick classifier: a linear head on embeddings and n-grams, chosen by cross-validation."""

from core.learning.cross_validated import CrossValidated
from core.learning.damage import ModelDamagedError
from core.learning.embedding_classifier.classifier import EmbeddingClassifier
from core.learning.embedding_classifier.refitting import (
    TooFewForCurveError,
    TooFewReadForCurveError,
    measure_learning_curve,
)
from core.learning.embedding_classifier.saving import load, save
from core.learning.embedding_classifier.training import (
    NoNegativesError,
    NoPositivesError,
    TooFewTextsError,
    cross_validate,
    decide_exclusive,
    fit,
    refuse_unlearnable,
)

__all__ = [
    "CrossValidated",
    "EmbeddingClassifier",
    "ModelDamagedError",
    "NoNegativesError",
    "NoPositivesError",
    "TooFewForCurveError",
    "TooFewReadForCurveError",
    "TooFewTextsError",
    "cross_validate",
    "decide_exclusive",
    "fit",
    "load",
    "measure_learning_curve",
    "refuse_unlearnable",
    "save",
]
