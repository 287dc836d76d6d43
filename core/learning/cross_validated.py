"""What models said of texts that they had not seen."""

from dataclasses import dataclass

from core.learning.splits import Floats, Ints


@dataclass(frozen=True)
class CrossValidated:
    """What models of the same recipe said of texts that they had not seen.

    Attributes:
        probabilities: (n_texts, n_concepts).
        folds: (n_texts,) in which round a text was checked.
        n_folds: the number of rounds.
    """

    probabilities: Floats
    folds: Ints
    n_folds: int
