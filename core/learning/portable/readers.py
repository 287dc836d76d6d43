"""What turns texts into embeddings, as a sentence-transformers folder."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as to_bytes
from tokenizers import Tokenizer

from core.base_models import WEIGHTS, ModelKind, base_model_folder, find_base_model
from core.base_models.records import RECORD
from core.jobs import Job
from core.learning import embedders
from core.learning.devices import in_float32
from core.learning.embedders.library import LibraryEmbedder
from core.learning.embedders.sentence_transformer import SentenceEmbedder
from core.learning.embedders.static import StaticEmbedder

MODULES = "modules.json"
TOKENIZER = "tokenizer.json"
_OWN_PARTS = 2  # of a plain BERT: reading and its mean; unit length comes after all windows
_SUFFIXES = (".json", ".safetensors", ".txt", ".jinja")
_NOT = (RECORD, "data_config.json")
_TYPES = "sentence_transformers.models"  # as versions before and after 6 know them


@dataclass(frozen=True)
class Window:
    """How a text is cut into tokens.

    Attributes:
        tokens: of a window beside its marks; 0 where a text is read in one.
        start, end: the marks of a window. pad: what fills shorter ones up.
        n_parts: of the folder's modules that read a window.
        max_tokens: where a text is read in one, the most tokens, marks included; 0 for any.
        marks: whether marks are put around a text that is read in one.
        nothing: the tokens of a text without any.
    """

    tokens: int = 0
    start: tuple[int, ...] = ()
    end: tuple[int, ...] = ()
    pad: int = 0
    n_parts: int = 0
    max_tokens: int = 0
    marks: bool = True
    nothing: tuple[int, ...] = (0,)

    def told(self) -> dict[str, Any]:
        """Return what the script is told."""
        window = None
        if self.tokens:
            keys = ("tokens", "start", "end", "pad", "n_parts")
            window = {key: getattr(self, key) for key in keys}
        rest = {"max_tokens": self.max_tokens, "marks": self.marks, "nothing": list(self.nothing)}
        return {"window": window, "pad": self.pad, **rest}


def write_reader(name: str, folder: Path) -> Window:
    """Write what reads texts for a quick classifier; return how it cuts them.

    Raises:
        UnknownEmbedderError, BaseModelError: it is not on this computer.
    """
    embedder = exact_embedder(name)
    if isinstance(embedder, StaticEmbedder):
        return _write_static(embedder, folder)
    if isinstance(embedder, SentenceEmbedder):
        _copy(_folder_of(name), folder)
        _write_mean(folder, embedder.dim, is_normalized=True)
        return Window(**embedder.reading, n_parts=_OWN_PARTS)
    model = find_base_model(name)
    _copy(model.folder, folder)
    if model.kind != ModelKind.SENTENCE_ENCODER:
        _write_mean(folder, embedder.dim, is_normalized=False)
    if not (folder / TOKENIZER).exists():
        (folder / TOKENIZER).write_text(embedder.tokenizer.to_str(), encoding="utf-8")
    n_parts = len(json.loads((folder / MODULES).read_text(encoding="utf-8")))
    return Window(**embedder.reading, n_parts=n_parts)


def exact_embedder(name: str) -> SentenceEmbedder | LibraryEmbedder | StaticEmbedder:
    """Return an embedder of the processor that works in full precision, made for this once.

    Raises:
        UnknownEmbedderError, BaseModelError: it is not on this computer.
    """
    known, processor = embedders.load(name), torch.device("cpu")
    if isinstance(known, StaticEmbedder):
        return known
    with in_float32():
        if isinstance(known, SentenceEmbedder):
            return SentenceEmbedder(name, known.identity, _folder_of(name), processor)
        return LibraryEmbedder(name, known.identity, find_base_model(name), processor)


def write_modules(folder: Path, parts: Sequence[tuple[str, str]]) -> None:
    """Name the parts of a sentence-transformers folder: pairs of a path and a kind."""
    listed = [
        {"idx": i, "name": str(i), "path": path, "type": f"{_TYPES}.{kind}"}
        for i, (path, kind) in enumerate(parts)
    ]
    write_json(folder / MODULES, listed)
    for path, _kind in parts[1:]:
        (folder / path).mkdir(exist_ok=True)


def write_pooling(folder: Path, dim: int, mode: str = "mean") -> None:
    """Write how the states of a text become one vector: their mean, the first or the last."""
    kinds = {"mean": "mean_tokens", "first": "cls_token", "last": "lasttoken"}
    told = {f"pooling_mode_{kind}": kind == kinds[mode] for kind in kinds.values()}
    write_json(folder / "config.json", {"word_embedding_dimension": dim, **told})


def write_json(path: Path, value: object) -> None:
    """Write a value as JSON."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def _write_mean(folder: Path, dim: int, *, is_normalized: bool) -> None:
    parts = [("", "Transformer"), ("1_Pooling", "Pooling")]
    write_modules(folder, [*parts, ("2_Normalize", "Normalize")] if is_normalized else parts)
    write_pooling(folder / "1_Pooling", dim)


def _write_static(embedder: StaticEmbedder, folder: Path) -> Window:
    vectors, tokenizer = embedder.parts(Job())
    write_modules(folder, [("0_StaticEmbedding", "StaticEmbedding"), ("1_Normalize", "Normalize")])
    inside = folder / "0_StaticEmbedding"
    inside.mkdir()
    (inside / WEIGHTS).write_bytes(to_bytes({"embedding.weight": vectors.contiguous()}))
    for place in (inside, folder):
        (place / TOKENIZER).write_text(tokenizer.to_str(), encoding="utf-8")
    nothing = tokenizer.encode(".", add_special_tokens=False).ids or [0]
    return Window(marks=False, nothing=tuple(nothing))


def _folder_of(name: str) -> Path:
    return base_model_folder() if name == "accurate" else find_base_model(name).folder


def _copy(source: Path, folder: Path) -> None:
    """Copy the files of a base model that say how it reads; it was checked when it came in."""
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        hides = any(part.startswith((".", "__")) for part in name.parts)
        if path.is_file() and not hides and name.suffix in _SUFFIXES and name.name not in _NOT:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)


def tokenizer_words(tokenizer: Tokenizer, padding: int, max_tokens: int) -> dict[str, Any]:
    """Return what `tokenizer_config.json` says of a tokenizer whose file says the rest."""
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "pad_token": tokenizer.id_to_token(padding),
        "model_max_length": max_tokens,
        "model_input_names": ["input_ids", "attention_mask"],
    }
