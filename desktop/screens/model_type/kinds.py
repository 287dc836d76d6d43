"""What is said of each type of model, and what the app has for it."""

from dataclasses import dataclass

from core.i18n import N_, _, ngettext
from core.records import EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT
from core.storage.counts import LabelCounts, TargetCounts
from desktop.widgets.wording import concepts, counted_texts, number

LABELS = (N_("Good for"), N_("Needs"), N_("You have"), N_("Takes here"), N_("Choose it for"))
HAVE, TAKES = 2, 3  # places among them
FEW_FOR_DEEP = 8  # texts of a concept, with the template for few examples
FEW_PAIRS = 100  # below, a model hardly learns to write


@dataclass(frozen=True)
class Kind:
    """A model type as the comparison shows it."""

    key: str
    icon_name: str
    name: str
    field_name: str  # as the field calls it
    what: str
    facts: tuple[str, ...]  # one per label; "" where the app or the computer says it


KINDS = (
    Kind(
        EMBEDDING_CLASSIFIER,
        "zap",
        N_("Quick classifier"),
        N_("Transfer learning"),
        N_("Learns which concepts a text is about from a few examples of each."),
        (
            N_("Sorting messages, questions, reviews, tickets into concepts"),
            N_("10 texts per concept to start, 50 to be good"),
            "",
            "",
            N_("Almost every first model. Train it again as often as you like."),
        ),
    ),
    Kind(
        TEXT_CLASSIFIER,
        "layers",
        N_("Deep classifier"),
        N_("Fine-tuning"),
        N_("Rereads your texts many times and adapts itself to their language."),
        (
            N_("Fine differences, technical language, large amounts of labelled texts"),
            N_("200 texts per concept, or 8 with the template “Few examples”"),
            "",
            "",
            N_("When the quick one stops getting better. Compare the two under Evaluate."),
        ),
    ),
    Kind(
        TEXT_TO_TEXT,
        "text-cursor-input",
        N_("Text to text"),
        N_("Fine-tuning"),
        N_("Writes a text for a text, as in your examples."),
        (
            N_("Fixed forms: clean spelling, short titles, facts taken out of a text"),
            N_("Texts with their answers, from some hundreds on"),
            "",
            "",
            N_("When the answer is a text and not a concept. Free writing needs a larger model."),
        ),
    ),
)


@dataclass(frozen=True)
class Stock:
    """What the app has to learn from.

    Attributes:
        targets: None where it takes too long to count them.
    """

    labels: LabelCounts
    targets: TargetCounts | None

    @property
    def recommended(self) -> str:
        """The type that these texts are made for."""
        writes = self.targets is not None and self.targets.n_pairs > self.labels.n_labelled
        return TEXT_TO_TEXT if writes else EMBEDDING_CLASSIFIER

    def n_texts(self, key: str) -> int:
        """Return how many texts a model of this type would learn from."""
        if key == TEXT_TO_TEXT and self.targets and self.targets.n_pairs:
            return self.targets.n_learned
        return self.labels.n_learned


def have(key: str, stock: Stock) -> tuple[str, bool]:
    """Return what the app has for a type, and whether that is enough to begin with."""
    if key == TEXT_TO_TEXT:
        return _answers(stock)
    labels = stock.labels
    known = [n for n in labels.concepts.values() if n]
    if len(known) < 2:  # noqa: PLR2004  # nothing to tell apart
        return _("No text has a concept yet.") if not known else _("Only one concept."), False
    words = _("{texts}, {concepts}").format(
        texts=counted_texts(labels.n_learned), concepts=concepts(len(known))
    )
    if key == TEXT_CLASSIFIER and min(known) < FEW_FOR_DEEP:
        few = sum(n < FEW_FOR_DEEP for n in known)
        rest = ngettext("{n} of them has few texts", "{n} of them have few texts", few)
        return f"{words}; {rest.format(n=number(few))}", False
    return words, True


def _answers(stock: Stock) -> tuple[str, bool]:
    if stock.targets is None:
        return _("Many texts; their answers are counted under Settings."), True
    n = stock.targets.n_pairs
    if n:
        words = ngettext("{n} text with its answer", "{n} texts with their answers", n)
        return words.format(n=number(n)), n >= FEW_PAIRS
    if any(stock.labels.concepts.values()):
        return _("No answers. It would learn to write the names of the concepts."), False
    return _("No answers yet."), False


def lacks(key: str, stock: Stock) -> str:
    """Return what keeps a training of this type from starting, and what to do; "" for nothing."""
    known = [n for n in stock.labels.concepts.values() if n]
    if key == TEXT_TO_TEXT and stock.targets is not None and not stock.targets.n_pairs:
        if known:
            return _("Without answers it learns to write the names of the concepts.")
        return _("No text has an answer yet. You can look at the settings all the same.")
    if key != TEXT_TO_TEXT and not known:
        return _("No text has a concept yet. You can look at the settings all the same.")
    return ""
