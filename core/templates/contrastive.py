"""A deep classifier for few texts: pairs within and across concepts, then a head."""

from core.i18n import N_
from core.learning.text_classifier_settings import ContrastiveSettings
from core.records import TEXT_CLASSIFIER
from core.templates.template import Template

CONTRASTIVE = Template(
    name="contrastive_few_shot",
    title=N_("Few examples"),
    purpose=N_("Compares texts in pairs; good from 8 texts of each concept on."),
    type=TEXT_CLASSIFIER,
    settings=ContrastiveSettings,
)
