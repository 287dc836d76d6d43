"""What a model version says of many texts: asked once, and kept."""

from collections.abc import Sequence

import numpy as np

from core.app_folder import AppFolder
from core.errors import UserError
from core.i18n import _
from core.jobs import Job, PartOfJob
from core.learning.splits import Floats
from core.operations.fitting import load_model, probabilities_of
from core.records import ModelVersion
from core.storage.database import Database, transaction
from core.storage.inputs import text_hash
from core.storage.said import add_said, find_said

CHUNK = 1_024  # texts: what a stopped job has asked stays asked


class ConceptNotTaughtError(UserError):
    """The model does not know the concept."""

    def __init__(self, concept: str, model: str, known: Sequence[str]) -> None:
        super().__init__(
            _("“{model}” was not taught “{concept}”.").format(model=model, concept=concept),
            next_step=_("Choose one of these: {names}.").format(names=", ".join(known)),
        )


def place_of_concept(version: ModelVersion, concept: str) -> int:
    """Return which of a version's concepts this is.

    Raises:
        ConceptNotTaughtError: it is none of them.
    """
    if concept not in version.concepts:
        raise ConceptNotTaughtError(concept, version.model, version.concepts)
    return version.concepts.index(concept)


def what_it_says(
    app: AppFolder, db: Database, version: ModelVersion, texts: Sequence[str], job: Job
) -> Floats:
    """Return the probabilities of a version's concepts, (n_texts, n_concepts).

    Raises:
        ModelDamagedError, BaseModelMissingError, NoConceptsError: it cannot answer.
    """
    kept = find_said(db, version.id, texts)
    missing = [t for t in dict.fromkeys(texts) if text_hash(t) not in kept]
    for start in range(0, len(missing), CHUNK):
        some = missing[start : start + CHUNK]
        part = PartOfJob(
            job, _("Asking the model"), start=start, end=start + len(some), total=len(missing)
        )
        said = probabilities_of(db, load_model(app, version), list(some), part)
        with transaction(db):
            add_said(db, version.id, some, said)
        kept.update(zip(map(text_hash, some), said.astype(np.float16), strict=True))
    if not texts:
        return np.empty((0, len(version.concepts)), np.float32)
    return np.stack([kept[text_hash(text)] for text in texts]).astype(np.float32)
