"""What can read texts for search, by the names that the window shows."""

from collections.abc import Sequence

from core.base_models import BaseModel, ModelKind
from core.i18n import _
from core.learning.settings import declared
from core.operations.model_embedder import embedder_name
from core.records import TEXT_CLASSIFIER, ModelVersion
from core.workflows.node_settings import EmbedderSettings
from desktop.widgets.versions import short_name

FIT = (ModelKind.SENTENCE_ENCODER, ModelKind.ENCODER)


def offered_readers(
    bases: Sequence[BaseModel], versions: Sequence[ModelVersion]
) -> list[tuple[str, str]]:
    """Return the embedders that there are, each with its title: ours, added ones, the app's own."""
    ours = declared(EmbedderSettings)[0].declaration.choices
    added = [(one.name, one.name) for one in bases if one.kind in FIT and not one.is_built_in]
    deep = [one for one in versions if one.type == TEXT_CLASSIFIER]
    return [
        *((value, _(title)) for value, title in ours),
        *added,
        *((embedder_name(one), short_name(one)) for one in deep),
    ]
