"""The parts of a sentence-transformers folder: what reads, and what is made of it."""

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from core.base_models.declared import numbers_in, refuse_above, widest_of
from core.base_models.errors import BaseModelRefusedError
from core.base_models.plain_json import read_object, read_value
from core.base_models.sources import Source
from core.base_models.weights import WEIGHTS, read_weights
from core.base_models.words import shown
from core.i18n import _

MODULES = "modules.json"
LIMITS = "sentence_bert_config.json"
ABOUT = "config_sentence_transformers.json"
MAX_MODULES = 10
_CLASS = re.compile(
    r"sentence_transformers\.(?:models(?:\.\w+)?|base\.modules(?:\.\w+)?"
    r"|sentence_transformer\.modules(?:\.\w+)?)\.(\w+)"
)
_READER = "Transformer"
# The parts that are known, and the files of each.
_PARTS = {
    "Pooling": ("config.json",),
    "Dense": ("config.json", WEIGHTS),
    "LayerNorm": ("config.json", WEIGHTS),
    "Dropout": ("config.json",),
    "Normalize": (),
}
_FUNCTION = re.compile(r"torch\.nn\.modules\.(activation|linear)\.\w+")
_PATH = re.compile(r"[\w-]*")


@dataclass(frozen=True)
class Parts:
    """What modules.json says.

    Attributes:
        reader: the folder of the part that reads, relative to that of modules.json.
        files: what belongs to the other parts.
    """

    reader: str
    files: tuple[str, ...]


def read_parts(source: Source) -> Parts | None:
    """Return the parts of a sentence-transformers folder; None if it is no such folder.

    Raises:
        BaseModelRefusedError: a part is unknown, lies elsewhere, or lacks a file.
    """
    if MODULES not in source.sizes:
        return None
    listed = read_value(source, MODULES)
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_MODULES:
        _refuse_list()
    kinds = [_kind(part) for part in listed]
    paths = [_path(part) for part in listed]
    if len({str(part.get("name")) for part in listed}) < len(listed):
        _refuse_list()  # of parts with the same name the library keeps only the last
    if kinds[0] != _READER or kinds.count(_READER) != 1 or "Pooling" not in kinds:
        raise BaseModelRefusedError(
            _("The parts of the model are put together in a way that is not known here."),
        )
    files = [
        file
        for kind, path in zip(kinds[1:], paths[1:], strict=True)
        for file in _check_part(source, kind, path)
    ]
    if ABOUT in source.sizes:
        _check_about(read_object(source, ABOUT))
    return Parts(paths[0], tuple(files))


def check_widths(source: Source, parts: Parts, widest: int) -> None:
    """Make sure that no part around the reader is wider than the weights, the widest side given.

    Raises:
        BaseModelRefusedError: one is.
    """
    for file in parts.files:
        folder, _slash, name = file.rpartition("/")
        if name != "config.json":
            continue
        has_weights = f"{folder}/{WEIGHTS}".lstrip("/") in parts.files
        own = widest_of(read_weights(source, folder=folder)) if has_weights else 0
        for key, value in numbers_in(read_object(source, file)):
            refuse_above(key, value, max(widest, own))


def _kind(part: Any) -> str:  # noqa: ANN401  # whatever JSON holds
    if not isinstance(part, dict) or not isinstance(part.get("type"), str):
        _refuse_list()
    found = _CLASS.fullmatch(part["type"])
    if not found or found[1] not in (_READER, *_PARTS):
        raise BaseModelRefusedError(
            _("The model has a part that is not known here: “{kind}”.").format(
                kind=shown(part["type"])
            )
        )
    return found[1]


def _path(part: dict[str, Any]) -> str:
    path = part.get("path")
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise BaseModelRefusedError(
            _("The list of the model's parts points outside its folder: “{path}”.").format(
                path=shown(str(path))
            )
        )
    return path


def _check_part(source: Source, kind: str, path: str) -> list[str]:
    if WEIGHTS in _PARTS[kind]:
        read_weights(source, folder=path)
    files = [f"{path}/{file}" if path else file for file in _PARTS[kind]]
    for file in files:
        if file not in source.sizes:
            raise BaseModelRefusedError(
                _("A part of the model is missing: “{file}”.").format(file=shown(file)),
                next_step=_("Copy or download that file into the folder, then try again."),
            )
    if kind == "Dense":
        _check_function(read_object(source, files[0]))
    return files


def _check_function(config: dict[str, Any]) -> None:
    function = config.get("activation_function", "torch.nn.modules.linear.Identity")
    if not isinstance(function, str) or not _FUNCTION.fullmatch(function):
        raise BaseModelRefusedError(
            _("A part of the model asks for a function that is not known here: “{name}”.").format(
                name=shown(str(function))
            )
        )


def _check_about(about: dict[str, Any]) -> None:
    kind = about.get("model_type", "SentenceTransformer")
    if kind != "SentenceTransformer":
        raise BaseModelRefusedError(
            _(
                "The model compares or searches texts in a way that is not used here: “{kind}”."
            ).format(kind=shown(str(kind)))
        )


def _refuse_list() -> NoReturn:
    raise BaseModelRefusedError(_("The list of the model's parts, “modules.json”, is damaged."))
