"""From texts to embeddings: read in context, or faster by looking words up.

`accurate` is the built-in base model, `fast` is distilled from it here. The name of an added base
model that reads texts works like `accurate`, and `fast:NAME` is distilled from that one.
"""

from functools import cache, lru_cache, partial
from pathlib import Path

import torch

from core.base_models import (
    READER,
    SHA256,
    BaseModel,
    BaseModelMissingError,
    base_model_folder,
    check_base_model,
    find_base_model,
    list_base_models,
)
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.embedders.distillation import DIM, distill, distill_from
from core.learning.embedders.embedder import Embedder, Embeddings
from core.learning.embedders.own_pass import can_read
from core.learning.embedders.reading import load_tokenizer
from core.learning.embedders.sentence_transformer import SentenceEmbedder
from core.learning.embedders.static import StaticEmbedder
from core.paths import embedders_folder

__all__ = [
    "FAST_OF",
    "NAMES",
    "Embedder",
    "Embeddings",
    "NotAReaderError",
    "UnknownEmbedderError",
    "base_model_folder",
    "check_base_model",
    "fast_file",
    "list_names",
    "load",
]
NAMES = ("accurate", "fast")
FAST_OF = "fast:"  # before the name of a base model, its distilled version
_WARM = 2  # added models that stay in memory
_METHOD = 1  # counted up whenever the same weights come to give other embeddings


class UnknownEmbedderError(UserError):
    """No embedder of this name is known."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is no base embedding model “{name}”.").format(name=name),
            next_step=_("Choose one of these: {names}.").format(names=", ".join(list_names())),
        )
        self.name = name


class NotAReaderError(UserError):
    """The base model writes texts and makes no embeddings."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” writes texts; it cannot be used to read them.").format(name=name),
            next_step=_("Choose one of these: {names}.").format(names=", ".join(list_names())),
        )
        self.name = name


def list_names() -> list[str]:
    """Return the names that `load` knows, but for the distilled versions of added models."""
    added = [model.name for model in list_base_models() if model.reads_texts]
    return [*NAMES, *(name for name in added if name != READER)]


def load(name: str, *, home: Path | None = None) -> Embedder:
    """Return an embedder; the same one, kept warm, whenever it is asked for again.

    Args:
        name: one of `NAMES`, the name of a base model that reads texts, or that after `FAST_OF`.
        home: where what this computer prepares is kept; Textwright's own folder if None.

    Raises:
        UnknownEmbedderError: there is none of that name.
        NotAReaderError: the base model of that name does not read.
        BaseModelError: the base model is missing or damaged.
    """
    is_fast = name == "fast" or name.startswith(FAST_OF)
    prepared = home / "embedders" if home else embedders_folder()
    base = name.removeprefix(FAST_OF)
    if base in NAMES or base.casefold() == READER.casefold():
        return _load_fast(prepared) if is_fast else _load_accurate()
    try:
        model = find_base_model(base)
    except BaseModelMissingError as error:
        raise UnknownEmbedderError(name) from error
    if not model.reads_texts:
        raise NotAReaderError(name)
    if model.name == READER:
        return _load_fast(prepared) if is_fast else _load_accurate()
    return _load_fast_of(model, prepared) if is_fast else _load_added(model)


def fast_file(identity: str) -> str:
    """Return the name of the file with the vectors distilled from a base model."""
    return f"fast-{identity}-{_METHOD}.safetensors"


@cache
def _load_accurate() -> Embedder:
    return SentenceEmbedder("accurate", f"accurate-{SHA256[:12]}-{_METHOD}", _whole_base_model())


@cache
def _load_fast(prepared: Path) -> Embedder:
    base = _whole_base_model()
    file = prepared / fast_file(SHA256[:12])
    return StaticEmbedder(file, DIM, load_tokenizer(base), partial(distill, base))


@lru_cache(maxsize=_WARM)
def _load_added(model: BaseModel) -> Embedder:
    identity = f"read-{model.identity}-{_METHOD}"
    if can_read(model):
        return SentenceEmbedder(model.name, identity, model.folder)
    from core.learning.embedders.library import LibraryEmbedder  # two seconds to import

    return LibraryEmbedder(model.name, identity, model)


@lru_cache(maxsize=_WARM)
def _load_fast_of(model: BaseModel, prepared: Path) -> Embedder:
    file = prepared / fast_file(model.identity)
    dim = min(DIM, model.hidden_size)
    name = f"{FAST_OF}{model.name}"
    tokenizer = load_tokenizer(model.model_folder)
    return StaticEmbedder(file, dim, tokenizer, partial(_distill_added, model, dim), name)


def _distill_added(model: BaseModel, dim: int, job: Job) -> torch.Tensor:
    from core.learning.embedders.library import LibraryReader  # two seconds to import

    job.report(_("Preparing the fast reader"))
    reader = LibraryReader(model, torch.device("cpu"), torch.float32)
    n_tokens = min(model.n_words, reader.tokenizer.get_vocab_size())
    texts = [reader.marked([token]) for token in range(n_tokens)]
    return distill_from(reader, texts, dim, job)


def _whole_base_model() -> Path:
    folder = base_model_folder()
    check_base_model(folder)
    return folder
