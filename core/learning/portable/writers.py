"""Models that write, in the layout of transformers."""

import json
from pathlib import Path
from typing import Any

from core.learning.portable.readers import tokenizer_words, write_json
from core.learning.text_to_text import TextToText
from core.learning.text_to_text.generation import Generation
from core.learning.text_to_text.loading import quiet

_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")


def write_writer(model: TextToText, folder: Path) -> dict[str, Any]:
    """Write the network with all that it learned merged in; return what its script is told."""
    network: Any = model.network
    with quiet():
        network.save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config.pop("_name_or_path", None)
    write_json(folder / "config.json", config)
    _write_tokenizer(model, folder)
    how = Generation.of(model.settings)
    reader = model.reader
    return {
        "template": model.frame.template,
        "writes_apart": reader.writes_apart,
        "before": list(reader.before),
        "after": list(reader.after) if reader.writes_apart else [],
        "end": reader.end,
        "pad": reader.pad,
        "max_new_tokens": how.max_new_tokens,
        "stop": how.stop_text,
    }


def _write_tokenizer(model: TextToText, folder: Path) -> None:
    tokenizer = model.reader.tokenizer
    (folder / _TOKENIZER[0]).write_text(tokenizer.to_str(), encoding="utf-8")
    own = model.folder / _TOKENIZER[1]
    told = tokenizer_words(tokenizer, model.reader.pad, model.reader.limit(1_000_000))
    told["eos_token"] = tokenizer.id_to_token(model.reader.end)
    if own.is_file():
        given = json.loads(own.read_text(encoding="utf-8"))
        told = {"eos_token": told["eos_token"], "pad_token": told["pad_token"], **given}
        told["tokenizer_class"] = "PreTrainedTokenizerFast"
    write_json(folder / _TOKENIZER[1], told)
