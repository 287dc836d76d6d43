"""The network of a deep classifier as an embedder: what it makes of a text, without its head."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.jobs import Job
from core.learning.classifier import Classifier
from core.learning.splits import Floats
from core.learning.text_classifier.classifier import ReadsTexts, TextClassifier
from core.learning.text_classifier.network import Network
from core.learning.text_classifier.reader import Reader


@dataclass(frozen=True)
class EncoderEmbedder:
    """Reads texts as a deep classifier does, and takes the mean over the tokens of a text.

    Attributes:
        name: how choices call it.
        identity: under which its embeddings may be kept; that of the trained version.
    """

    name: str
    identity: str
    reader: ReadsTexts

    @property
    def dim(self) -> int:
        """Length of an embedding."""
        return self.reader.dim

    def encode(self, texts: Sequence[str], job: Job) -> Floats:
        """Return the embeddings of texts, (n_texts, dim), each of unit length."""
        if not texts:
            return np.empty((0, self.dim), np.float32)
        return self.reader.vectors(texts, job)


def embedder_of(model: Classifier, name: str, identity: str) -> EncoderEmbedder | None:
    """Return a deep classifier as an embedder; None if the model is none.

    Args:
        model: as it was loaded.
        name: how choices call it.
        identity: of the trained version; nothing else has it.
    """
    if not isinstance(model, TextClassifier):
        return None
    network = model.network
    reader = _with_means(network) if isinstance(network, Reader) else network
    return EncoderEmbedder(name, f"version-{identity}", reader)


def _with_means(reader: Reader) -> Reader:
    """Return a reader whose vectors are means over the tokens; the weights are shared."""
    if reader.network.pooling == "mean":
        return reader
    network = reader.network
    other = Network(network.encoder, "mean", network.head.in_features, network.head.out_features)
    other.head = network.head
    return replace(reader, network=other.eval())
