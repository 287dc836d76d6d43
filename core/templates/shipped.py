"""The templates that ship, and the way from what a kept model was trained with back to them."""

from collections.abc import Collection
from statistics import median

from core.errors import UserError
from core.i18n import _
from core.records import TEXT_CLASSIFIER
from core.templates.contrastive import CONTRASTIVE
from core.templates.encoder_lora import ENCODER_LORA
from core.templates.full_fine_tuning import FULL_FINE_TUNING
from core.templates.hugging_face import (
    CLASSIFIER_ADVANCED,
    CLASSIFIER_NEO_2P7B,
    CLASSIFIER_NEO_125M,
    TEXT_TO_TEXT_ADVANCED,
    TEXT_TO_TEXT_NEO_2P7B,
    TEXT_TO_TEXT_NEO_125M,
)
from core.templates.template import Template
from core.templates.transfer_learning import TRANSFER_LEARNING
from core.templates.types import ModelTypeMissingError
from core.templates.writer import WRITER

FEW_EXAMPLES = 50  # texts of the usual concept, below which a whole network is taught too little
SHIPPED = (
    TRANSFER_LEARNING,
    FULL_FINE_TUNING,
    CONTRASTIVE,
    ENCODER_LORA,
    CLASSIFIER_ADVANCED,
    CLASSIFIER_NEO_125M,
    CLASSIFIER_NEO_2P7B,
    WRITER,
    TEXT_TO_TEXT_ADVANCED,
    TEXT_TO_TEXT_NEO_125M,
    TEXT_TO_TEXT_NEO_2P7B,
)


class TemplateMissingError(UserError):
    """There is no template of that name for models of that type."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            _("There is no such template: “{name}”.").format(name=name),
            next_step=_("Choose one of: {names}.").format(names=", ".join(dict.fromkeys(known))),
        )


def default_template(type: str) -> Template:  # noqa: A002  # the field's word
    """Return the template that suits most for a type of model.

    Raises:
        ModelTypeMissingError: there is no such type.
    """
    for template in SHIPPED:
        if template.type == type and template.is_recommended:
            return template
    raise ModelTypeMissingError(type)


def suited_template(type: str, counts: Collection[int]) -> Template:  # noqa: A002
    """Return the template that suits texts: of few for each concept, the one for few examples.

    Args:
        type: of model.
        counts: texts to learn each concept from.

    Raises:
        ModelTypeMissingError: there is no such type.
    """
    learned = [n for n in counts if n]
    if type == TEXT_CLASSIFIER and learned and median(learned) < FEW_EXAMPLES:
        return CONTRASTIVE
    return default_template(type)


def shipped_template(type: str, name: str) -> Template:  # noqa: A002
    """Return what kept settings were made with; "" is what there was before templates."""
    known = {template.name: template for template in SHIPPED if template.type == type}
    return known.get(name) or default_template(type)
