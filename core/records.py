"""The vocabulary of Textwright as frozen values.

app             what "Create app" makes: texts, concepts, datasets and models in one folder
input           one text as it came in
concept         a thing a text can be about
annotation      a person said: this input carries this concept (positive) or not (negative)
prediction      a model said so, with a probability
dataset         a named selection of inputs
dataset version the frozen state of a dataset: its texts, annotations and splits
split           what an input is kept for: "train", "validation", "test", or "" (not said)
model           a named line of trainings
model version   one trained state with its settings and scores
embedder        turns a text into a vector, the embedding
head            turns an embedding into logits
logits          scores before softmax or sigmoid; probability: after them, calibrated
evaluation      the scores of a model version, and how they were found
step            one thing that was done, with its name, its origin, and the way back
bin             where deleted inputs wait to be taken out again
finding         what a data check found in a text
job             a long operation, kept so that it is known after a crash
target          the text that a text-to-text model shall write for an input
template        a ready-made recipe for training: fields with their defaults
base model      a network that was trained by others, and that a training starts from
checkpoint      the state of a training that it can go on from
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

EMBEDDING_CLASSIFIER = "embedding-classifier"
TEXT_CLASSIFIER = "text-classifier"
TEXT_TO_TEXT = "text-to-text"

SPLITS = ("train", "validation", "test")


class ModelStatus(IntEnum):
    """The portal's codes for the state of a training."""

    MODEL_TRAINED = 21100
    MODEL_TRAINING = 21101
    MODEL_UNTRAINED = 21102
    MODEL_QUEUED_FOR_TRAINING = 21103
    MODEL_TRAINING_FAILED = 21106
    MODEL_TRAINING_NO_DATA = 21110
    MODEL_TRAINING_NO_POSITIVES = 21111
    MODEL_TRAINING_INSUFFICIENT_DATA = 21117
    MODEL_TRAINING_INVALID_PARAMS = 21118
    MODEL_EVALUATED = 21300
    MODEL_EVALUATING = 21301
    MODEL_NOT_EVALUATED = 21302
    MODEL_EVALUATION_FAILED = 21317


class JobStatus(StrEnum):
    """How a job stands."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Method(StrEnum):
    """How an evaluation found its scores."""

    STORED_MODEL = "stored-model"  # the model itself, on texts kept apart from it
    HELD_OUT = "held-out"  # the model itself, on a part that the training kept apart
    CROSS_VALIDATION = "cross-validation"  # refitted models of the same recipe


class Origin(StrEnum):
    """Who or what did a step, and so set its labels."""

    PERSON = "person"
    IMPORT = "import"
    DATA_CHECK = "data-check"
    SUGGESTION = "suggestion"  # a person read the text, and accepted what a model suggested
    MODEL = "model"  # what a model suggested was accepted with many others; nobody read the text
    UNKNOWN = "unknown"  # before steps were kept


class Status(StrEnum):
    """What a person answered where no concept was chosen."""

    NONE = ""
    UNSURE = "unsure"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Concept:
    """A concept with how many inputs carry it, and how many were said not to."""

    id: int
    name: str
    definition: str
    colour: int  # the number of its colour and shape; a theme looks it up
    n_positive: int = 0
    n_negative: int = 0
    shortcut: str = ""  # the keys that choose it when labelling: "1", "a", "g h"
    examples: tuple[str, ...] = ()
    broader_id: int = 0  # the concept that it is a kind of; 0 for none


@dataclass(frozen=True)
class Input:
    """One text with what is known about it."""

    id: int
    text: str
    source: str
    split: str
    external_id: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    positive: tuple[int, ...] = ()  # ids of its concepts
    negative: tuple[int, ...] = ()
    status: Status = Status.NONE
    note: str = ""
    added: str = ""  # ISO 8601
    target: str = ""  # the text that a model shall write for it; "" for none

    @property
    def is_labelled(self) -> bool:
        """Tell whether a person said anything of it, be it "none of these"."""
        return bool(self.positive or self.negative)

    @property
    def is_open(self) -> bool:
        """Tell whether it has no label and no answer, be it "unsure"."""
        return not self.is_labelled and self.status == Status.NONE


@dataclass(frozen=True)
class Step:
    """One thing that was done."""

    id: int
    name: str  # as in "Undo: {name}"
    origin: Origin
    at: datetime


@dataclass(frozen=True)
class LabelEvent:
    """What was said of a concept of an input, from when on, and by whom or what."""

    concept: str
    is_positive: bool | None  # None: it was taken back
    step: Step | None  # None: before steps were kept


@dataclass(frozen=True)
class Dataset:
    """A named selection of inputs."""

    id: int
    name: str
    n_inputs: int
    n_unlabelled: int  # nobody said anything of them
    description: str = ""


@dataclass(frozen=True)
class DatasetVersion:
    """A dataset as it was at one moment."""

    id: int
    dataset: str
    number: int
    created: datetime
    description: str
    n_inputs: int
    n_labelled: int
    n_concepts: int


@dataclass(frozen=True)
class FrozenInput:
    """One input of a dataset version: its text then, its split, its annotations by concept name."""

    input_id: int
    text: str
    split: str
    positive: tuple[str, ...]
    negative: tuple[str, ...]
    target: str = ""
    is_reviewed: bool = True  # False: a label of it was accepted from a model, unread


class ExportRow(NamedTuple):
    """One input with its annotations by concept name; a named tuple because there are millions.

    Attributes:
        external_id: the file's own id of the text, or "".
        positive: the concepts that it carries.
        negative: the concepts that it was said not to carry.
        split: "train", "test", "validation" or "".
        added: when it came in, in ISO 8601.
        target: the text that a model shall write for it, or "".
    """

    external_id: str
    text: str
    positive: tuple[str, ...]
    negative: tuple[str, ...]
    split: str
    source: str
    note: str
    metadata: dict[str, str]
    added: str
    target: str = ""


@dataclass(frozen=True)
class Thresholds:
    """From which probability on concepts count, as somebody chose it.

    Attributes:
        concepts: by name; empty for the usual ones.
        tolerated_share: of wrong answers among those given, that they keep to; None where they
            were chosen by hand.
        evaluation_id: that they were found on.
    """

    concepts: dict[str, float] = field(default_factory=dict)
    tolerated_share: float | None = None
    evaluation_id: int = 0


@dataclass(frozen=True)
class ModelVersion:
    """One trained state of a model."""

    id: int
    model: str
    type: str
    number: int
    created: datetime
    dataset_version_id: int
    settings: dict[str, Any]
    concepts: tuple[str, ...]
    summary: dict[str, Any]  # what the training found: head, texts, seconds
    folder: str  # below the app's models/
    log: str
    thresholds: Thresholds = field(default_factory=Thresholds)
    template: str = ""  # the shipped one whose settings these are; "" before there were any

    @property
    def is_writer(self) -> bool:
        """Tell whether it answers with texts of its own rather than with concepts."""
        return self.type == TEXT_TO_TEXT and not self.concepts


@dataclass(frozen=True)
class Evaluation:
    """The scores of a model version on a dataset version.

    Attributes:
        dataset_version_id: 0 where the dataset belongs to another app.
        n_folds: 0 for the stored model.
        report: `core.learning.metrics.Report.to_json()`, and how the texts were chosen.
        split: "train", "validation" or "test"; "" for all texts.
        other_app: the folder of the app whose dataset it is; "" for this app.
        folder: below the app's evaluations/, with what was said of each text; "" if not kept.
    """

    id: int
    model_version_id: int
    dataset_version_id: int
    method: Method
    n_folds: int
    created: datetime
    report: dict[str, Any]
    dataset: str = ""
    dataset_number: int = 0
    split: str = ""
    other_app: str = ""
    folder: str = ""


@dataclass(frozen=True)
class JobRecord:
    """A job as the app remembers it."""

    id: int
    kind: str
    title: str
    status: JobStatus
    code: int
    message: str
    started: datetime
    ended: datetime | None
    log: str
    request: dict[str, Any] = field(default_factory=dict)  # empty where it cannot go on
    folder: str = ""  # below the app's jobs/, with its checkpoints


@dataclass(frozen=True)
class Prediction:
    """What a model says about a concept of a text."""

    concept: str
    probability: float
