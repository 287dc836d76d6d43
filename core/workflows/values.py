"""What goes from node to node of a workflow."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from core.jobs import Job
from core.learning.splits import Floats
from core.records import Prediction


class Carries(StrEnum):
    """What the output of a node is."""

    TEXT = "text"
    CONCEPTS = "concepts"
    EMBEDDING = "embedding"


@dataclass(frozen=True)
class Output:
    """What a node made of one text.

    Attributes:
        carries: which of the following it is about.
        parts: the text, in one part or several; also where an embedding was made of them.
        concepts: the most probable first.
        embedding: (dim,), of unit length.
        roll_up: how concepts of several parts become those of the whole: "max" or "mean".
    """

    carries: Carries
    parts: tuple[str, ...] = ()
    concepts: tuple[Prediction, ...] = ()
    embedding: Floats | None = field(default=None, compare=False)
    roll_up: str = "max"

    @property
    def text(self) -> str:
        """The parts as one text."""
        return "\n\n".join(self.parts)


Outputs = list[Output | None]  # one for each text; None where the text was dropped


@dataclass(frozen=True)
class Said:
    """What a classifier says of one text.

    Attributes:
        concepts: all of its concepts, the most probable first.
        chosen: those that count as its answer.
    """

    concepts: tuple[Prediction, ...]
    chosen: frozenset[str]


class Tools(Protocol):
    """What runs models: the engine hands it in, so that a workflow knows no app."""

    def embed(self, embedder: str, texts: Sequence[str], job: Job) -> Floats:
        """Return the embeddings of texts, (n_texts, dim)."""
        ...

    def classify(self, model: str, texts: Sequence[str], job: Job) -> list[Said]:
        """Return what a classifier says of each text; the model is "name:number"."""
        ...

    def write(self, model: str, texts: Sequence[str], job: Job) -> list[str]:
        """Return what a text-to-text model writes for each text."""
        ...
