"""A deep classifier that learns beside the network."""

from core.i18n import N_
from core.learning.text_classifier_settings import EncoderLoraSettings
from core.records import TEXT_CLASSIFIER
from core.templates.template import Template

ENCODER_LORA = Template(
    name="encoder_lora",
    title=N_("Beside the network (LoRA)"),
    purpose=N_("Needs the least memory, for large base models; nearly as exact."),
    type=TEXT_CLASSIFIER,
    settings=EncoderLoraSettings,
)
