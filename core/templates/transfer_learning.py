"""The quick classifier: a head on embeddings."""

from core.i18n import N_
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.records import EMBEDDING_CLASSIFIER
from core.templates.template import Template

TRANSFER_LEARNING = Template(
    name="transfer_learning",
    title=N_("Transfer learning"),
    purpose=N_("Learns in seconds from ten texts of each concept on."),
    type=EMBEDDING_CLASSIFIER,
    settings=EmbeddingClassifierSettings,
    is_recommended=True,
)
