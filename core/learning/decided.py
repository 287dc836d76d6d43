"""What a model may decide automatically, and how often that is wrong."""

from dataclasses import dataclass

from core.learning.intervals import UNKNOWN, Estimate


@dataclass(frozen=True)
class Step:
    """What follows from one strictness, common to all concepts, on the texts checked.

    Attributes:
        strictness: how surely an answer must be right to be given, in [0, 1].
        decided_share: of the texts that get an answer.
        wrong: the share of the answers given that is wrong; unknown where none are.
    """

    strictness: float
    decided_share: float
    wrong: Estimate


@dataclass(frozen=True)
class ConceptDecided:
    """What is decided about one concept, counted in the texts checked.

    Attributes:
        threshold: the probability from which on it is given; None where nothing is decided.
        n_given: how often it is given. n_wrong: how often that is wrong.
        n_texts: that people gave it to.
        n_missed: of these, how many do not get it automatically.
    """

    name: str
    threshold: float | None
    n_given: int
    n_wrong: int
    n_texts: int
    n_missed: int


@dataclass(frozen=True)
class Budget:
    """Thresholds that keep to a tolerated share of wrong answers, or the news that none do.

    All shares and counts are of the `n_checked` texts that the thresholds were tested on.

    Attributes:
        tolerated_share: of wrong answers among those given.
        is_exclusive: whether a text has exactly one concept.
        n_texts: that the model had not seen; of these, n_checked were tested on.
        chosen: the step that they are; None if there are none.
        concepts: one for each, in the model's order.
        curve: from strict to lax.
        n_needed: about how many texts it would take, all in all, if not kept; None if even a
            million would hardly do, as the model is wrong too often where it is surest.
    """

    tolerated_share: float
    is_exclusive: bool
    n_texts: int
    n_checked: int
    chosen: Step | None
    concepts: tuple[ConceptDecided, ...]
    curve: tuple[Step, ...]
    n_needed: int | None = None

    @property
    def is_kept(self) -> bool:
        """Tell whether there are such thresholds."""
        return self.chosen is not None

    @property
    def missed_share(self) -> float:
        """Return the share of the concepts that people gave, that are not given automatically."""
        n_texts = sum(concept.n_texts for concept in self.concepts)
        return sum(concept.n_missed for concept in self.concepts) / max(n_texts, 1)

    @property
    def decided_share(self) -> float:
        """Return the share of the texts that get an answer."""
        return self.chosen.decided_share if self.chosen else 0.0

    @property
    def person_share(self) -> float:
        """Return the share of the texts that are left for people."""
        return 1 - self.decided_share

    @property
    def wrong(self) -> Estimate:
        """Return the share of wrong answers among those given, with its 95 % interval."""
        return self.chosen.wrong if self.chosen else UNKNOWN

    @property
    def thresholds(self) -> dict[str, float]:
        """Return the thresholds by concept; empty if the budget cannot be kept."""
        return {c.name: c.threshold for c in self.concepts if c.threshold is not None}
