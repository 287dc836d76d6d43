"""What every model that answers with concepts can do, whatever trained it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from core.jobs import Job
from core.learning.classifier_settings import ClassifierSettings
from core.learning.decisions import Bools
from core.learning.splits import Floats


class Classifier(Protocol):
    """Turns texts into probabilities of concepts.

    Attributes:
        concepts: the columns of what it predicts.
        settings: that it was trained with.
        is_exclusive: whether a text has exactly one concept, so that its probabilities sum to 1.
        needs_embeddings: whether predicting takes embeddings; if not, they may be None.
        reads_embeddings: whether anything that it can say takes embeddings.
    """

    @property
    def concepts(self) -> tuple[str, ...]: ...  # noqa: D102  # see Attributes

    @property
    def settings(self) -> ClassifierSettings: ...  # noqa: D102

    @property
    def is_exclusive(self) -> bool: ...  # noqa: D102

    @property
    def needs_embeddings(self) -> bool: ...  # noqa: D102

    @property
    def reads_embeddings(self) -> bool: ...  # noqa: D102

    def probabilities(self, texts: Sequence[str], embeddings: Floats | None, job: Job) -> Floats:
        """Predict every concept of every text, (n_texts, n_concepts), calibrated."""
        ...

    def none_shares(self, embeddings: Floats) -> Floats:
        """Return how surely each text is about none of the concepts, (n_texts,) in [0, 1]."""
        ...

    def are_unlike(self, embeddings: Floats) -> Bools | None:
        """Tell which texts are unlike anything in training, (n_texts,); None if it cannot tell."""
        ...

    def save(self, folder: Path) -> None:
        """Write the model into an existing, empty folder."""
        ...
