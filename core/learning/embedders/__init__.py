"""From texts to embeddings: `accurate` reads words in context, `fast` looks them up."""

from functools import cache, partial
from pathlib import Path

from core.errors import UserError
from core.i18n import _
from core.learning.embedders.base_model import SHA256, base_model_folder, check_base_model
from core.learning.embedders.distillation import DIM, distill
from core.learning.embedders.embedder import Embedder, Embeddings
from core.learning.embedders.reading import load_tokenizer
from core.learning.embedders.sentence_transformer import SentenceEmbedder
from core.learning.embedders.static import StaticEmbedder
from core.paths import embedders_folder

__all__ = ["NAMES", "Embedder", "Embeddings", "base_model_folder", "check_base_model", "load"]
NAMES = ("accurate", "fast")
_METHOD = 1  # counted up whenever the same weights come to give other embeddings


class UnknownEmbedderError(UserError):
    """No embedder of this name is known."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is no base embedding model “{name}”.").format(name=name),
            next_step=_("Choose one of these: {names}.").format(names=", ".join(NAMES)),
        )
        self.name = name


def load(name: str, *, home: Path | None = None) -> Embedder:
    """Return an embedder; the same one, kept warm, whenever it is asked for again.

    Args:
        name: one of `NAMES`.
        home: where what this computer prepares is kept; Textwright's own folder if None.

    Raises:
        UnknownEmbedderError: there is none of that name.
        BaseModelError: the built-in base embedding model is missing or damaged.
    """
    match name:
        case "accurate":
            return _load_accurate()
        case "fast":
            return _load_fast(home / "embedders" if home else embedders_folder())
    raise UnknownEmbedderError(name)


@cache
def _load_accurate() -> Embedder:
    return SentenceEmbedder("accurate", _identity("accurate"), _whole_base_model())


@cache
def _load_fast(prepared: Path) -> Embedder:
    base = _whole_base_model()
    file = prepared / f"{_identity('fast')}.safetensors"
    return StaticEmbedder(file, DIM, load_tokenizer(base), partial(distill, base))


def _whole_base_model() -> Path:
    folder = base_model_folder()
    check_base_model(folder)
    return folder


def _identity(name: str) -> str:
    return f"{name}-{SHA256[:12]}-{_METHOD}"
