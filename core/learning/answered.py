"""Texts with what people said and what a model answered, by thresholds that are settled."""

from dataclasses import dataclass

from core.learning.decisions import Bools, decide
from core.learning.scored import Scored
from core.learning.splits import Floats, Ints


@dataclass(frozen=True)
class Answered:
    """What scores are made of.

    Attributes:
        names: of the columns.
        is_exclusive: whether a text has exactly one concept.
        thresholds: (n_concepts,) from which probability on each concept counts.
        actual: (n_texts, n_concepts) what people said.
        predicted: (n_texts, n_concepts) what the model answered.
        probabilities: (n_texts, n_concepts).
    """

    names: tuple[str, ...]
    is_exclusive: bool
    thresholds: Floats
    actual: Bools
    predicted: Bools
    probabilities: Floats

    def only(self, places: Ints, columns: Ints) -> "Answered":
        """Return some texts, and some concepts; the answers stay what they were among all."""
        return Answered(
            tuple(self.names[i] for i in columns),
            self.is_exclusive,
            self.thresholds[columns],
            self.actual[places][:, columns],
            self.predicted[places][:, columns],
            self.probabilities[places][:, columns],
        )


def answered(scored: Scored, thresholds: Floats) -> Answered:
    """Answer the texts by thresholds, (n_concepts,), as `decisions.decide` takes them."""
    predicted = decide(scored.probabilities, thresholds, is_exclusive=scored.is_exclusive)
    actual = scored.targets == 1
    return Answered(
        scored.concepts, scored.is_exclusive, thresholds, actual, predicted, scored.probabilities
    )
