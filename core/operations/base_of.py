"""Which base model a training starts from, and which one a trained model stands on."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import UserError
from core.i18n import _
from core.learning.settings import Kind, Settings, declared
from core.records import ModelVersion

if TYPE_CHECKING:
    from core.base_models import BaseModel

BASE_FILE = "base.json"  # beside weights that are worth something only together with a base model
_KEYS = ("pretrained_model_name_or_path", "pretrained_model_name")


class BaseNotNamedError(UserError):
    """The settings do not say which base model is meant."""

    def __init__(self) -> None:
        super().__init__(
            _("The settings name no base model."),
            next_step=_("Give “{key}” in “model_config”.").format(key=_KEYS[0]),
        )


class BaseModelUnfitError(UserError):
    """The settings name a base model that this template cannot start from."""

    def __init__(self, name: str, fitting: list[str]) -> None:
        others = _("Choose one of: {names}.").format(names=", ".join(fitting))
        super().__init__(
            _("A training with this template cannot start from “{name}”.").format(name=name),
            next_step=others if fitting else _("Add one that suits it under Base models."),
        )


class BaseModelChangedError(UserError):
    """A base model has the name of the one that a model was trained with, and other weights."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("The base model “{name}” is not the one that this model was trained with.").format(
                name=name
            ),
            next_step=_("Bring back the base model of that time under Base models."),
        )


def base_name(settings: Settings) -> str:
    """Return the name of the base model in settings, as the analyst gave it.

    Raises:
        BaseNotNamedError: dictionaries do not name one.
    """
    own = getattr(settings, "base_model", "")
    if own:
        return str(own)
    config: Mapping[str, Any] = getattr(settings, "model_config", {})
    name = next((config[key] for key in _KEYS if config.get(key)), "")
    if not isinstance(name, str) or not name:
        raise BaseNotNamedError
    return name


def base_of(settings: Settings) -> "BaseModel":
    """Return the base model that settings name.

    Raises:
        BaseNotNamedError, BaseModelMissingError: there is none, or not here.
        BaseModelUnfitError: the template is made for other kinds of base model.
    """
    from core.base_models import find_base_model, list_base_models

    base = find_base_model(base_name(settings))
    chosen = (one.declaration for one in declared(type(settings)))
    fits = [kind for one in chosen if one.kind == Kind.BASE_MODEL for kind in one.fits]
    if fits and base.kind not in fits:
        raise BaseModelUnfitError(
            base.name, [one.name for one in list_base_models() if one.kind in fits]
        )
    return base


def base_beside(folder: Path) -> Path | None:
    """Return the folder of the base model that a trained model stands on; None if on none.

    Raises:
        BaseModelMissingError: it is not on this computer.
        BaseModelChangedError: its weights are others now.
    """
    from core.base_models import find_base_model

    name, identity = named_beside(folder)
    if not name:
        return None
    base = find_base_model(name)
    if base.identity != identity:
        raise BaseModelChangedError(name)
    return base.folder


def named_beside(folder: Path) -> tuple[str, object]:
    """Return name and identity of the base model that a trained model stands on; "" for none."""
    try:
        told = json.loads((folder / BASE_FILE).read_text(encoding="utf-8"))
        return str(told["name"]), told["identity"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "", None  # it has all its weights, or is damaged, which loading tells


def missing_bases(models: Path, versions: Sequence[ModelVersion]) -> tuple[str, ...]:
    """Return the base models that trained models stand on and that are not on this computer.

    Args:
        models: the folder of theirs.
        versions: of them.
    """
    from core.base_models import list_base_models

    here = {base.name.casefold() for base in list_base_models()}
    needed = {named_beside(models / version.folder)[0] for version in versions}
    readers = (str(version.settings.get("base_embed_model", "")) for version in versions)
    needed |= {name.rpartition(":")[2] for name in readers} - {"accurate", "fast"}
    return tuple(sorted(name for name in needed if name and name.casefold() not in here))


def keep_base(folder: Path, base: "BaseModel") -> None:
    """Note beside a model's weights which base model they stand on."""
    told = json.dumps({"name": base.name, "identity": base.identity}, ensure_ascii=False)
    (folder / BASE_FILE).write_text(told, encoding="utf-8")
