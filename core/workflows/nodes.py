"""The kinds of node that a workflow is built of, each with its settings and what it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import UserError
from core.i18n import N_, _
from core.workflows.expressions import compiled
from core.workflows.node_settings import (
    CleanerSettings,
    ConceptFilterSettings,
    EmbedderSettings,
    ExpressionSettings,
    KeywordSettings,
    LabelSettings,
    LanguageSettings,
    ModelSettings,
    NodeSettings,
    PromptSettings,
    SampleSettings,
    SplitterSettings,
    ThresholdSettings,
)
from core.workflows.values import Carries

TEXT, CONCEPTS, EMBEDDING = Carries.TEXT, Carries.CONCEPTS, Carries.EMBEDDING
MODEL, EMBEDDER, LABELS = "model", "text-embedder", "annotation-writer"
PLACES = ("{text}", "{data.text.raw}")  # of the text in a prompt; the second is the portal's


class NodeKindMissingError(UserError):
    """There is no such kind of node."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is no kind of step “{name}” here.").format(name=name[:60]),
            next_step=_("Choose one of these: {known}.").format(known=", ".join(KINDS)),
        )


@dataclass(frozen=True)
class NodeKind:
    """What a node does.

    Attributes:
        name: the portal's type of model for it, or ours.
        short: what the ids of its nodes begin with.
        title: shown; translated there, like `about`.
        takes: what its inputs may carry.
        gives: what it carries itself; None where that depends on its model or its inputs.
        icon: of `resources/icons`.
    """

    name: str
    short: str
    title: str
    about: str
    takes: tuple[Carries, ...]
    gives: Carries | None
    settings: type[NodeSettings]
    icon: str


_ALL = (
    NodeKind(
        EMBEDDER, "reader", N_("Base model"), N_("Reads a text, for search, topics and the map."),
        (TEXT,), EMBEDDING, EmbedderSettings, "scan-search",
    ),
    NodeKind(
        MODEL, "model", N_("Your model"), N_("Asks a model that you trained."),
        (TEXT, EMBEDDING), None, ModelSettings, "sparkles",
    ),
    NodeKind(
        "concept-thresholder", "threshold", N_("Compare probabilities"),
        N_("Keeps concepts by their probability; a text with none left goes no further."),
        (CONCEPTS,), CONCEPTS, ThresholdSettings, "sliders-horizontal",
    ),
    NodeKind(
        "concept-filter", "concepts", N_("Keep or drop concepts"),
        N_("Lets some concepts through, by their names."),
        (CONCEPTS,), CONCEPTS, ConceptFilterSettings, "list-filter",
    ),
    NodeKind(
        "regex-based-classifier", "patterns", N_("Find patterns"),
        N_("Gives a concept where a pattern is found."),
        (TEXT,), CONCEPTS, ExpressionSettings, "text-cursor-input",
    ),
    NodeKind(
        "keyword-filter-operator", "keywords", N_("Find words"),
        N_("Gives a concept where words are found."),
        (TEXT,), CONCEPTS, KeywordSettings, "search",
    ),
    NodeKind(
        "language-id-operator", "language", N_("Tell the language"),
        N_("Gives the language of a text as a concept, such as “en”."),
        (TEXT,), CONCEPTS, LanguageSettings, "file-text",
    ),
    NodeKind(
        "random-sample", "sample", N_("Random sample"), N_("Lets a share of the texts through."),
        (TEXT, CONCEPTS, EMBEDDING), None, SampleSettings, "shapes",
    ),
    NodeKind(
        "text-cleaner", "cleaner", N_("Clean texts"),
        N_("Takes out spaces, addresses, quoted mail."),
        (TEXT,), TEXT, CleanerSettings, "pencil-line",
    ),
    NodeKind(
        "text-splitter", "splitter", N_("Cut long texts"),
        N_("Cuts a text into parts; concepts of the parts become those of the whole."),
        (TEXT,), TEXT, SplitterSettings, "scissors",
    ),
    NodeKind(
        "prompter", "prompt", N_("Write a prompt"),
        N_("Puts words around a text, for a text-to-text model."),
        (TEXT,), TEXT, PromptSettings, "pencil",
    ),
    NodeKind(
        LABELS, "labels", N_("Write as labels"),
        N_("Labels the texts of a dataset with the concepts; undo takes it back."),
        (CONCEPTS,), CONCEPTS, LabelSettings, "tag",
    ),
)  # fmt: skip
KINDS: Mapping[str, NodeKind] = {kind.name: kind for kind in _ALL}


def find_kind(name: str) -> NodeKind:
    """Return the kind of node of this name.

    Raises:
        NodeKindMissingError: there is none.
    """
    if name not in KINDS:
        raise NodeKindMissingError(name)
    return KINDS[name]


def missing(kind: str, settings: NodeSettings) -> str:
    """Return what has to be set before a node can run, as a sentence; "" if nothing has to.

    Raises:
        ExpressionError: an expression is none.
    """
    match settings:
        case ModelSettings(model=""):
            return _("Choose a model.")
        case ThresholdSettings(concepts=concepts):
            return _missing_values(concepts)
        case ExpressionSettings(expressions=expressions):
            for expression in expressions.values():
                compiled(str(expression), ignores_case=settings.ignores_case)
            filled = all(str(expression) for expression in expressions.values())
            return "" if expressions and filled else _("Give a concept and its pattern.")
        case KeywordSettings(words=words):
            filled = bool(words) and all(words_of(value) for value in words.values())
            return "" if filled else _("Give a concept and its words.")
        case PromptSettings(prompt_template=template):
            return "" if any(p in template for p in PLACES) else _("Put {text} into the prompt.")
    return ""


def _missing_values(concepts: Mapping[str, Any]) -> str:
    for value in concepts.values():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 <= value <= 1:
            return _("Give each concept a value from 0 to 1.")
    return ""


def words_of(value: object) -> list[str]:
    """Return the words that tell a concept: of a list, or parted by commas."""
    given = value if isinstance(value, list | tuple) else str(value).split(",")
    return [word for one in given if (word := " ".join(str(one).split()))]
