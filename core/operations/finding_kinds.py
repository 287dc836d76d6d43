"""What a data check can find: what it is called, why it matters, and what can be done about it."""

from dataclasses import dataclass
from enum import IntEnum

from core.i18n import N_, _


class Severity(IntEnum):
    """How much a kind of finding matters, the worst first."""

    MEND = 0
    LOOK = 1
    KNOW = 2


SEVERITIES = {
    Severity.MEND: N_("Mend this"),
    Severity.LOOK: N_("Take a look"),
    Severity.KNOW: N_("Good to know"),
}


@dataclass(frozen=True)
class Cure:
    """A remedy: its key, what its button says, and what it does in one sentence."""

    key: str
    label: str
    meaning: str


KEEP_ONE = Cure(
    "keep-one",
    N_("Keep one of each"),
    N_("Keeps the first, gives it the labels of the others, and puts those into the bin."),
)
UNSURE = Cure(
    "unsure", N_("Mark as unsure"), N_("Clears the labels and marks the texts as unsure.")
)
MAJORITY = Cure(
    "majority",
    N_("Take the majority’s label"),
    N_("Gives all copies the label that most of them have; where it is a tie, nothing changes."),
)
SUGGESTION = Cure(
    "suggestion", N_("Take the suggestion"), N_("Changes the label to the one suggested.")
)
CLEAR = Cure(
    "clear", N_("Clear the labels"), N_("Takes the labels off, so that you can decide anew.")
)
HOLD_OUT = Cure(
    "hold-out",
    N_("Move out of training"),
    N_("Moves the copies used for training to the side of the text kept for checking."),
)
BIN_TRAINING = Cure(
    "bin-training",
    N_("Bin the training copies"),
    N_("Puts the copies used for training into the bin; the text kept for checking stays."),
)
MASK = Cure(
    "mask",
    N_("Mask in the text"),
    N_("Replaces each place by its kind in brackets, like [e-mail]."),
)
BIN = Cure(
    "bin", N_("Put into the bin"), N_("Puts the texts into the bin, where they stay 30 days.")
)
TAKE_OUT = Cure(
    "take-out",
    N_("Take out of the dataset"),
    N_("Takes the texts out of this dataset; they stay in the app."),
)


@dataclass(frozen=True)
class FindingKind:
    """A kind of finding; its texts are said by the properties, in the language in use.

    Attributes:
        key: as stored.
        cures: what can be done at one click, the sensible default first.
        can_label: the labelling screen helps.
    """

    key: str
    name: str
    reason: str
    severity: Severity
    cures: tuple[Cure, ...] = ()
    can_label: bool = False

    @property
    def title(self) -> str:
        """What it is called."""
        return _(self.name)

    @property
    def why(self) -> str:
        """Why it matters, in one sentence."""
        return _(self.reason)


KINDS = {
    kind.key: kind
    for kind in (
        FindingKind(
            "leak",
            N_("Training and test mixed"),
            N_("A text kept for checking is also in training: the scores flatter the model."),
            Severity.MEND,
            (HOLD_OUT, BIN_TRAINING),
        ),
        FindingKind(
            "contradiction",
            N_("Contradicting labels"),
            N_("The same text, or nearly the same, has different labels: one of them is wrong."),
            Severity.MEND,
            (UNSURE, MAJORITY),
        ),
        FindingKind(
            "personal-data",
            N_("Personal data"),
            N_("Addresses and numbers of people end up in versions, exports and models."),
            Severity.MEND,
            (MASK,),
        ),
        FindingKind(
            "exact-duplicate",
            N_("Exact duplicates"),
            N_("Copies count several times, and you label the same thing twice."),
            Severity.MEND,
            (KEEP_ONE,),
        ),
        FindingKind(
            "empty",
            N_("Empty texts"),
            N_("A text without a letter or digit teaches nothing, or something wrong."),
            Severity.MEND,
            (BIN, TAKE_OUT),
        ),
        FindingKind(
            "doubtful-label",
            N_("Doubtful labels"),
            N_("A model that has not seen these labels expects others: slips are likely."),
            Severity.LOOK,
            (SUGGESTION, CLEAR),
        ),
        FindingKind(
            "near-duplicate",
            N_("Near duplicates"),
            N_("Texts that say almost the same add little, and flatter the scores."),
            Severity.LOOK,
            (KEEP_ONE,),
        ),
        FindingKind(
            "few-texts",
            N_("Concepts with few texts"),
            N_("With fewer than ten texts a concept is hardly learned, and its score is a guess."),
            Severity.LOOK,
            can_label=True,
        ),
        FindingKind(
            "imbalance",
            N_("Uneven concepts"),
            N_("A model prefers what it has seen most, and overlooks rare concepts."),
            Severity.LOOK,
            can_label=True,
        ),
        FindingKind(
            "too-short",
            N_("Very short texts"),
            N_("A few letters rarely say what a text is about."),
            Severity.LOOK,
            (BIN, TAKE_OUT),
        ),
        FindingKind(
            "language",
            N_("Other languages"),
            N_("What is learned in one language helps little in another."),
            Severity.LOOK,
            (TAKE_OUT, BIN),
        ),
        FindingKind(
            "script",
            N_("Other scripts"),
            N_("Words in another script share nothing with those of the other texts."),
            Severity.LOOK,
            (TAKE_OUT, BIN),
        ),
        FindingKind(
            "off-topic",
            N_("Off topic"),
            N_("These texts resemble no others here; often they came in by mistake."),
            Severity.LOOK,
            (TAKE_OUT, BIN),
        ),
        FindingKind(
            "unlabelled",
            N_("Texts without a label"),
            N_("Nothing is learned from a text that nobody has said anything of."),
            Severity.KNOW,
            can_label=True,
        ),
        FindingKind(
            "too-long",
            N_("Very long texts"),
            N_("The model reads only parts of them; what they are about may stand in the rest."),
            Severity.KNOW,
        ),
    )
}
CURES = {cure.key: cure for kind in KINDS.values() for cure in kind.cures}
NEEDS_EMBEDDER = ("doubtful-label", "off-topic")
