"""What to ask for to train a version once more."""

from core.learning.settings import EmbeddingClassifierSettings, settings_from_values
from core.operations.train import TrainRequest
from core.records import ModelVersion
from core.storage.counts import count_version_labels
from core.storage.database import Database
from core.storage.versions import get_version


def request_of(db: Database, version: ModelVersion) -> TrainRequest:
    """Return the request that made a version, for its dataset as it is now.

    A version that predicts every concept there was asks for every concept there is.
    """
    frozen = get_version(db, version.dataset_version_id)
    counts = count_version_labels(db, frozen.id).concepts
    had_all = set(version.concepts) == {name for name, n_texts in counts.items() if n_texts}
    return TrainRequest(
        model=version.model,
        type=version.type,
        dataset=frozen.dataset,
        concepts=() if had_all else version.concepts,
        settings=settings_from_values(EmbeddingClassifierSettings, version.settings),
    )
