"""A deep classifier whose whole network learns."""

from core.i18n import N_
from core.learning.text_classifier_settings import FullFineTuningSettings
from core.records import TEXT_CLASSIFIER
from core.templates.template import Template

FULL_FINE_TUNING = Template(
    name="full_fine_tuning",
    title=N_("The whole network"),
    purpose=N_("The most exact where there are 200 texts of each concept or more."),
    type=TEXT_CLASSIFIER,
    settings=FullFineTuningSettings,
    is_recommended=True,
)
