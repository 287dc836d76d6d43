"""A base model as a value, and the small file in which it is remembered."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from core.base_models.families import ModelKind

RECORD = "base_model.json"
VERSION = 1


@dataclass(frozen=True)
class BaseModel:
    """A model that others are made from.

    Attributes:
        name: of its folder; what people and settings call it.
        title: how it is introduced; the name, where nobody wrote a better one.
        kind: what it can do. family: as it is known. model_type: the family's key.
        folder: where it lies. reader: the folder inside, relative, with config.json and weights;
            empty unless an older sentence-transformers folder keeps them apart.
        n_parameters: learned numbers. n_bytes: on the disk. precision: of the numbers there.
        max_tokens: the most word pieces it reads at a time, marks included; 0 if it has no limit.
        hidden_size: numbers in a state. n_layers: of one half, where it has two.
        n_words: word pieces it has vectors for.
        languages, licence: as its card says; empty where it does not.
        is_built_in: it came with the program.
        weights: SHA-256 of its weights. identity: stands for the weights and all that says how
            they read; the same on every computer, so what was made with it may be kept under it.
        sizes: bytes of each file with weights, to notice that one was changed.
    """

    name: str
    title: str
    kind: ModelKind
    family: str
    model_type: str
    folder: Path
    reader: str
    n_parameters: int
    n_bytes: int
    max_tokens: int
    hidden_size: int
    n_layers: int
    n_words: int
    precision: str
    languages: tuple[str, ...]
    licence: str
    is_built_in: bool
    weights: str
    identity: str
    sizes: tuple[tuple[str, int], ...]

    @property
    def model_folder(self) -> Path:
        """The folder with config.json, tokenizer and weights."""
        return self.folder / self.reader

    @property
    def reads_texts(self) -> bool:
        """Whether it turns texts into embeddings."""
        return self.kind in (ModelKind.ENCODER, ModelKind.SENTENCE_ENCODER)

    @property
    def writes_texts(self) -> bool:
        """Whether it goes on with a text, or answers it."""
        return self.kind in (ModelKind.CAUSAL, ModelKind.SEQUENCE_TO_SEQUENCE)


_PLACED = ("name", "folder", "is_built_in")  # told by where the record lies


def to_json(model: BaseModel) -> dict[str, Any]:
    """Return the model as plain values, without where it lies."""
    values = asdict(model)
    return {key: value for key, value in values.items() if key not in _PLACED}


def write_record(model: BaseModel, folder: Path) -> None:
    """Remember a model beside its weights."""
    value = {"version": VERSION} | to_json(model)
    text = json.dumps(value, indent=1, ensure_ascii=True)
    (folder / RECORD).write_text(text, encoding="utf-8")


def read_record(folder: Path, *, is_built_in: bool = False) -> BaseModel | None:
    """Return the model that is remembered in a folder; None if none is, or not readably."""
    try:
        value = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        if value.pop("version") != VERSION:
            return None
        value["kind"] = ModelKind(value["kind"])
        value["languages"] = tuple(value["languages"])
        value["sizes"] = tuple((name, size) for name, size in value["sizes"])
        if value.keys() != {field.name for field in fields(BaseModel)} - {*_PLACED}:
            return None
        return BaseModel(name=folder.name, folder=folder, is_built_in=is_built_in, **value)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
