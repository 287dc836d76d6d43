"""Which embedder a name means: one of this computer's, or a deep classifier of the app."""

from typing import TYPE_CHECKING

from core.app_folder import AppFolder
from core.base_models import find_base_model
from core.errors import UserError
from core.i18n import _
from core.operations.fitting import load_model
from core.records import TEXT_CLASSIFIER, ModelVersion
from core.storage.database import Database, path_of
from core.storage.models import find_model_version

if TYPE_CHECKING:
    from core.learning.embedders import Embedder

SHIPPED = ("accurate", "fast")  # come with Textwright
OF_MODEL = "model:"  # before "name:number" of a deep classifier, whose network reads


class NotAnEncoderError(UserError):
    """The model has no network that reads texts."""

    def __init__(self, model: str) -> None:
        super().__init__(
            _("“{model}” has no network of its own that reads texts.").format(model=model),
            next_step=_("Choose a deep classifier, or a base model."),
        )


def embedder_name(version: ModelVersion) -> str:
    """Return what the network of a deep classifier is called as an embedder."""
    return f"{OF_MODEL}{version.model}:{version.number}"


def check_embedder(db: Database, name: str) -> None:
    """See to it that there is an embedder of a name, without loading it.

    Raises:
        BaseModelMissingError: there is no such base model.
        ModelMissingError, NotAnEncoderError: there is no such deep classifier.
    """
    if name.startswith(OF_MODEL):
        _version_of(db, name)
    elif name not in SHIPPED:
        find_base_model(name)


def load_embedder(db: Database, name: str) -> "Embedder":
    """Return the embedder of a name, ready to read.

    Args:
        db: of the app whose models may be meant.
        name: of a base embedding model, or `embedder_name` of a version.

    Raises:
        UnknownEmbedderError, NotAReaderError, BaseModelError: there is no such base model.
        ModelMissingError, NotAnEncoderError: there is no such deep classifier.
    """
    if not name.startswith(OF_MODEL):
        from core.learning import embedders  # torch

        return embedders.load(name)
    version = _version_of(db, name)
    from core.learning.text_classifier.as_embedder import embedder_of  # torch

    found = embedder_of(load_model(AppFolder(path_of(db).parent), version), name, version.folder)
    if found is None:
        raise NotAnEncoderError(version.model)
    return found


def _version_of(db: Database, name: str) -> ModelVersion:
    model, _colon, number = name.removeprefix(OF_MODEL).rpartition(":")
    if not number.isdecimal():
        raise NotAnEncoderError(name)
    version = find_model_version(db, model, int(number))
    if version.type != TEXT_CLASSIFIER:
        raise NotAnEncoderError(model)
    return version
