"""What can be set of each kind of node, declared once: form, checks, help, files read it."""

from dataclasses import dataclass
from typing import Any

from core.i18n import N_
from core.learning.deep_settings import mapping
from core.learning.settings import Kind, Settings, declare

COMPARISONS = (
    (">", N_("more than")),
    (">=", N_("at least")),
    ("<", N_("less than")),
    ("<=", N_("at most")),
    ("=", N_("exactly")),
)
_HOW = (("keep", N_("Leave")), ("remove", N_("Remove")), ("mark", N_("Mark")))


class NodeSettings(Settings):
    """Base of the settings of all nodes."""


@dataclass(frozen=True, kw_only=True)
class EmbedderSettings(NodeSettings):
    """A base embedding model."""

    embedder: str = declare(
        "accurate",
        N_("Reads texts with"),
        N_("Search, topics and the map use what it makes of a text."),
        choices=(("accurate", N_("Accurate")), ("fast", N_("Fast"))),
        is_open=True,
    )


@dataclass(frozen=True, kw_only=True)
class ModelSettings(NodeSettings):
    """A trained model of the app."""

    model: str = declare("", N_("Model"), N_("One version of a trained model."), kind=Kind.VERSION)
    keep: str = declare(
        "all",
        N_("Hand on"),
        N_("All concepts with their probabilities, or only those that the model answers with."),
        choices=(("all", N_("All concepts")), ("answer", N_("The answer"))),
    )
    min_value: float = declare(
        0.0, N_("Smallest probability"), N_("Concepts below it are left out."), low=0, high=1,
        is_advanced=True,
    )  # fmt: skip
    max_concepts: int = declare(
        0, N_("Most concepts"), N_("How many are handed on; 0 means all."), low=0, high=10_000,
        is_advanced=True,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ThresholdSettings(NodeSettings):
    """A comparison of probabilities."""

    comparison: str = declare(
        ">=", N_("Keep a concept if it is"), N_("Compares its probability."), choices=COMPARISONS
    )
    value: float = declare(
        0.5, N_("This value"), N_("From 0 to 1, for every concept."), low=0, high=1
    )
    concepts: dict[str, Any] = mapping(
        {},
        N_("Values of their own"),
        N_("Concepts with another value, such as “complaint” with 0.8."),
    )
    others: str = declare(
        "value",
        N_("Concepts not named above"),
        N_("Whether they go by the value for all, or are left out."),
        choices=(("value", N_("By the value")), ("drop", N_("Left out"))),
        is_advanced=True,
    )


@dataclass(frozen=True, kw_only=True)
class ConceptFilterSettings(NodeSettings):
    """Some of the concepts."""

    what: str = declare(
        "keep",
        N_("These concepts are"),
        N_("A text without any concept left goes no further."),
        choices=(("keep", N_("Kept")), ("drop", N_("Dropped"))),
    )
    concepts: tuple[str, ...] = declare((), N_("Concepts"), N_("Names of concepts."))


@dataclass(frozen=True, kw_only=True)
class ExpressionSettings(NodeSettings):
    """Concepts by regular expressions."""

    expressions: dict[str, Any] = mapping(
        {},
        N_("Patterns"),
        N_("Each concept with the pattern of its texts, written as a regular expression."),
    )
    ignores_case: bool = declare(
        True,  # noqa: FBT003  # the default
        N_("Ignore case"),
        N_("“Refund” also finds “refund”."),
    )


@dataclass(frozen=True, kw_only=True)
class KeywordSettings(NodeSettings):
    """Concepts by words."""

    words: dict[str, Any] = mapping(
        {}, N_("Words"), N_("Each concept with the words that tell it, parted by commas.")
    )
    match: str = declare(
        "any",
        N_("A text needs"),
        N_("One of the words, or all of them."),
        choices=(("any", N_("One of them")), ("all", N_("All of them"))),
    )
    whole_words: bool = declare(
        True,  # noqa: FBT003
        N_("Whole words only"),
        N_("“card” does not find “cardboard”. Turn it off for scripts without spaces."),
    )
    ignores_case: bool = declare(
        True,  # noqa: FBT003
        N_("Ignore case"),
        N_("“Refund” also finds “refund”."),
    )


@dataclass(frozen=True, kw_only=True)
class LanguageSettings(NodeSettings):
    """Languages as concepts."""

    top_k: int = declare(
        1, N_("Most languages"), N_("How many are named for a text."), low=1, high=10
    )
    threshold: float = declare(
        0.5, N_("Smallest probability"), N_("Languages below it are left out."), low=0, high=1
    )


@dataclass(frozen=True, kw_only=True)
class SampleSettings(NodeSettings):
    """A share of the texts."""

    share: float = declare(
        0.1, N_("Share that goes on"), N_("From 0 to 1; 0.1 is one text in ten."), low=0, high=1
    )
    seed: int = declare(
        555, N_("Seed"), N_("The same number takes the same texts again."), low=0, high=2**31 - 1
    )


@dataclass(frozen=True, kw_only=True)
class CleanerSettings(NodeSettings):
    """What is taken out of a text."""

    spaces: bool = declare(
        True,  # noqa: FBT003
        N_("Tidy spaces"),
        N_("Several spaces become one, and several empty lines one."),
    )
    quoted_mail: bool = declare(
        True,  # noqa: FBT003
        N_("Take out quoted mail"),
        N_("Lines that begin with “>”, and the line above them that says who wrote it."),
    )
    signature: bool = declare(
        False,  # noqa: FBT003
        N_("Cut off the signature"),
        N_("From the last line with two hyphens on."),
    )
    tags: bool = declare(
        False,  # noqa: FBT003
        N_("Take out HTML tags"),
        N_("Such as “<br>”."),
    )
    urls: str = declare(
        "keep", N_("Addresses of pages"), N_("Marked, each becomes the word “URL”."), choices=_HOW
    )
    addresses: str = declare(
        "keep", N_("Addresses of mail"), N_("Marked, each becomes “ADDRESS”."), choices=_HOW
    )
    case: str = declare(
        "keep",
        N_("Letters"),
        N_("Whether all become small or large."),
        choices=(("keep", N_("Leave")), ("lower", N_("Small")), ("upper", N_("Large"))),
    )


@dataclass(frozen=True, kw_only=True)
class SplitterSettings(NodeSettings):
    """How a long text is cut."""

    max_chars: int = declare(
        1_000,
        N_("Longest part"),
        N_("In characters; a part ends with a paragraph, a sentence or a word."),
        low=50,
        high=100_000,
    )
    roll_up: str = declare(
        "max",
        N_("Concepts of the whole text"),
        N_("The highest probability of any part, or the mean of all parts."),
        choices=(("max", N_("Highest")), ("mean", N_("Mean"))),
    )


@dataclass(frozen=True, kw_only=True)
class PromptSettings(NodeSettings):
    """Words around a text."""

    prompt_template: str = declare(
        "Say what is wrong in one sentence.\n\n{text}",
        N_("Prompt"),
        N_("What a text-to-text model is asked; the text takes the place of {text}."),
    )


@dataclass(frozen=True, kw_only=True)
class LabelSettings(NodeSettings):
    """How concepts become labels."""

    skip_labelled: bool = declare(
        True,  # noqa: FBT003
        N_("Leave labelled texts alone"),
        N_("Only texts that nobody said anything of get labels."),
    )
