"""The types of model that can be trained, in the analyst's words."""

from dataclasses import dataclass

from core.errors import UserError
from core.i18n import N_, _
from core.learning.text_classifier_settings import READS, READS_OR_WRITES
from core.learning.text_to_text_settings import WRITES
from core.records import EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT


@dataclass(frozen=True)
class ModelType:
    """A type of model; title and purpose are translated where they are shown.

    Attributes:
        fits: the kinds of base model that its trainings can start from.
    """

    name: str
    title: str
    purpose: str
    fits: tuple[str, ...]


MODEL_TYPES = (
    ModelType(
        EMBEDDING_CLASSIFIER,
        N_("Quick classifier"),
        N_("Learns which concepts a text is about from a few examples of each."),
        READS,
    ),
    ModelType(
        TEXT_CLASSIFIER,
        N_("Deep classifier"),
        N_("Rereads your texts many times and adapts itself to their language."),
        READS_OR_WRITES,
    ),
    ModelType(
        TEXT_TO_TEXT,
        N_("Text to text"),
        N_("Writes a text for a text, as in your examples."),
        WRITES,
    ),
)


class ModelTypeMissingError(UserError):
    """There is no type of model of that name."""

    def __init__(self, name: str) -> None:
        known = ", ".join(one.name for one in MODEL_TYPES)
        super().__init__(
            _("There is no model type “{name}”.").format(name=name),
            next_step=_("Choose one of: {names}.").format(names=known),
        )


def find_model_type(name: str) -> ModelType:
    """Return the type of model of this name.

    Raises:
        ModelTypeMissingError: there is none.
    """
    for one in MODEL_TYPES:
        if one.name == name:
            return one
    raise ModelTypeMissingError(name)
