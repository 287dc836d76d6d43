"""Text-to-text in our own way, on the starter model that ships or any other base model."""

from core.i18n import N_
from core.learning.text_to_text_settings import OwnTextToTextSettings
from core.records import TEXT_TO_TEXT
from core.templates.template import Template

WRITER = Template(
    name="writer",
    title=N_("Write as in your examples"),
    purpose=N_("Works from the first day with the small starter model; larger ones write better."),
    type=TEXT_TO_TEXT,
    settings=OwnTextToTextSettings,
    is_recommended=True,
)
