"""The deep classifier: a network that learns itself, by one of several ways to train it."""

from core.learning.text_classifier.classifier import TextClassifier
from core.learning.text_classifier.earlier import CannotGoOnError
from core.learning.text_classifier.saving import load, save
from core.learning.text_classifier.training import cross_validate, fit
from core.learning.text_classifier.words import unusable

__all__ = [
    "CannotGoOnError",
    "TextClassifier",
    "cross_validate",
    "fit",
    "load",
    "save",
    "unusable",
]
