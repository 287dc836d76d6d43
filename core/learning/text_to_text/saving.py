"""Models that write on disk: weights as safetensors, words as JSON, nothing pickled.

What learned beside a base model is kept alone, with the name and identity of the base model;
what learned whole is kept whole. Either way the tokenizer lies beside it.
"""

import errno
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes

from core.errors import UserError
from core.i18n import _
from core.learning.damage import damaged
from core.learning.devices import device_of
from core.learning.settings import (
    settings_from_values,
)
from core.learning.text_to_text.loading import (
    Adapter,
    BaseUnreadableError,
    load_network,
    load_reader,
    merged,
    quiet,
    unreadable,
    with_adapter,
)
from core.learning.text_to_text.model import Base, Frame, TextToText
from core.learning.text_to_text_settings import (
    HuggingFaceLoraTextToTextSettings,
    HuggingFaceTextToTextSettings,
    OwnTextToTextSettings,
    TextToTextSettings,
)

WORDS, ADAPTER = "text_to_text.json", "adapter.safetensors"
FORMAT = 1
_KINDS: dict[str, type[TextToTextSettings]] = {
    "own": OwnTextToTextSettings,
    "hugging-face": HuggingFaceTextToTextSettings,
    "hugging-face-lora": HuggingFaceLoraTextToTextSettings,
}
_TOKENIZER_FILES = (
    *("config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"),
    *("vocab.json", "merges.txt", "spiece.model", "tokenizer.model", "sentencepiece.bpe.model"),
)


class BaseNeededError(UserError):
    """A model keeps only what was learned beside a base model, which is not here."""

    def __init__(self, base: str) -> None:
        super().__init__(
            _("This model needs the base model “{base}”, which is not on this computer.").format(
                base=base
            ),
            next_step=_("Add “{base}” under Base models.").format(base=base),
        )
        self.base = base


def save(model: TextToText, folder: Path) -> None:
    """Write a model into an existing, empty folder.

    Raises:
        OSError: the disk is full, or may not be written to.
    """
    for name in _TOKENIZER_FILES:
        if (model.folder / name).is_file():
            shutil.copyfile(model.folder / name, folder / name)
    if not (folder / "tokenizer.json").is_file():
        whole = model.reader.tokenizer.to_str(pretty=False)
        (folder / "tokenizer.json").write_text(whole, encoding="utf-8")
    words = {
        "format": FORMAT,
        "kind": next(kind for kind, one in _KINDS.items() if type(model.settings) is one),
        "settings": asdict(model.settings),
        "frame": asdict(model.frame),
        "base": asdict(model.base),
        "adapter": None if model.adapter is None else dict(model.adapter.config),
        "report": dict(model.report),
    }
    if model.adapter is not None:
        (folder / ADAPTER).write_bytes(to_bytes(dict(model.adapter.numbers)))
    else:
        _save_network(model, folder)
    (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")


def _save_network(model: TextToText, folder: Path) -> None:
    try:
        with quiet():
            model.network.save_pretrained(folder)
    except SafetensorError as error:  # how it says that a disk is full
        raise OSError(errno.ENOSPC, str(error)) from error
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config.pop("_name_or_path", None)  # a place on this computer
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


def load(folder: Path, base: Path | None = None) -> TextToText:
    """Read a model that `save` wrote; it answers exactly as before.

    Args:
        folder: of the model.
        base: folder of its base model; needed where only what was learned beside it is kept.

    Raises:
        ModelDamagedError: a file is missing, cut short or changed.
        BaseNeededError: the base model is needed and not given.
        BaseUnreadableError: it is given, and damaged.
        DeviceMissingError: the device of its settings is not there.
    """
    words = load_words(folder)
    if words["adapter"] is not None and base is None:
        raise BaseNeededError(str(words["base"]["name"]))
    stands = () if words["adapter"] is None else (BaseUnreadableError,)
    with damaged(folder, *stands):
        model = _assemble(folder, words, base)
    model.network.to(device_of(model.settings.device))  # type: ignore[arg-type]
    return model


def load_words(folder: Path) -> dict[str, Any]:
    """Read what a saved model says of itself, without its weights.

    Raises:
        ModelDamagedError: it cannot be read, or is of a later version.
    """
    with damaged(folder):
        words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        if words["format"] != FORMAT or words["kind"] not in _KINDS:
            raise ValueError(f"format {words['format']}")
        return {name: words[name] for name in ("kind", "settings", "frame", "base", "report")} | {
            "adapter": words["adapter"]
        }


def load_adapter(folder: Path, words: dict[str, Any]) -> Adapter:
    """Read what was learned beside a base model.

    Raises:
        OSError, SafetensorError: it is not there, or damaged.
    """
    return Adapter(words["adapter"], load_file(folder / ADAPTER))


def _assemble(folder: Path, words: dict[str, Any], base: Path | None) -> TextToText:
    adapter = None
    if words["adapter"] is None:
        network = load_network(folder)
    else:
        assert base is not None
        network = load_network(base)
        adapter = load_adapter(folder, words)
        with unreadable(base):
            network = merged(with_adapter(network, adapter))
    return TextToText(
        network=network,
        reader=load_reader(folder),
        settings=settings_from_values(_KINDS[words["kind"]], words["settings"]),
        frame=Frame(**words["frame"]),
        folder=folder,
        base=Base(**words["base"]),
        adapter=adapter,
        report=words["report"],
    )
