"""A classifier without weights: a word in a text says what it is about, and how surely."""

import re

import numpy as np

from core.learning.classifier_settings import EmbeddingClassifierSettings

CONCEPTS = ("delivery", "payment", "praise")


class WordClassifier:
    """Reads "delivery 0.95" in a text as a concept and its probability."""

    settings = EmbeddingClassifierSettings()
    needs_embeddings = reads_embeddings = False

    def __init__(self, *, is_exclusive=True, concepts=CONCEPTS):
        self.is_exclusive, self.concepts = is_exclusive, concepts

    def probabilities(self, texts, _embeddings, job):
        rows = np.zeros((len(texts), len(self.concepts)), np.float32)
        for row, text in zip(rows, job.track(texts, "Predicting"), strict=True):
            for concept, likely in re.findall(r"(\w+) (0\.\d+)", text):
                row[self.concepts.index(concept)] = float(likely)
        return rows

    def none_shares(self, embeddings):
        return np.zeros(len(embeddings), np.float32)
