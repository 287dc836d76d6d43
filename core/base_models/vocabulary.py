"""How a model cuts words: which files say so, and whether they fit the weights."""

from typing import Any

from core.base_models.errors import BaseModelRefusedError
from core.base_models.plain_json import asks_for_code, read_object
from core.base_models.safetensors import TensorHead
from core.base_models.sources import Source
from core.base_models.weights import Weights
from core.base_models.words import shown
from core.i18n import _

MAX_BYTES = 100_000_000
FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
)
_PIECES = (".model", ".spm")


def count_words(source: Source) -> int:
    """Return how many vectors the word pieces of a model need, its highest number plus one.

    Raises:
        BaseModelRefusedError: nothing says how words are cut, or only a file that says it for
            another program, or it is damaged.
    """
    if "tokenizer.json" in source.sizes:
        return _count_tokenizer(source)
    if "vocab.txt" in source.sizes:
        words = source.read("vocab.txt", MAX_BYTES).count(b"\n") + 1
        return max(words - 1, 1)
    if "vocab.json" in source.sizes and "merges.txt" in source.sizes:
        return _highest(read_object(source, "vocab.json", limit=MAX_BYTES), "vocab.json") + 1
    if any(name.endswith(_PIECES) and "/" not in name for name in source.sizes):
        raise BaseModelRefusedError(
            _("The model says only in an older format (SentencePiece) how it cuts words."),
            next_step=_("Ask for the same model with its tokenizer.json."),
        )
    raise BaseModelRefusedError(
        _("Nothing in the folder says how the model cuts words: there is no tokenizer.json."),
        next_step=_("Copy or download that file into the folder, then try again."),
    )


def check_fit(weights: Weights, ending: str, n_words: int, n_needed: int) -> None:
    """Make sure that there is one vector per word, and a word for none that has no vector.

    Args:
        weights: of the model.
        ending: how the name of the tensor ends that holds the vectors.
        n_words: how many words the model says to have.
        n_needed: how many vectors its word pieces need.

    Raises:
        BaseModelRefusedError: it does not fit, or the vectors are missing.
    """
    table = _table(weights, ending)
    if table is None:
        raise BaseModelRefusedError(
            _("The weights lack the table with the vectors of the word pieces."),
            next_step=_("Copy or download the model once more, then try again."),
        )
    if table.shape[0] != n_words:
        raise BaseModelRefusedError(
            _("The model says it has {said} word pieces, and its weights are for {found}.").format(
                said=n_words, found=table.shape[0]
            ),
            next_step=_("Make sure that all files are of the same model, then try again."),
        )
    if n_needed > n_words:
        raise BaseModelRefusedError(
            _("Its tokenizer knows {needed} word pieces, and its weights are for {found}.").format(
                needed=n_needed, found=n_words
            ),
            next_step=_("Make sure that all files are of the same model, then try again."),
        )


def _table(weights: Weights, ending: str) -> TensorHead | None:
    for name, tensor in weights.tensors.items():
        if (name == ending or name.endswith(f".{ending}")) and len(tensor.shape) == 2:  # noqa: PLR2004
            return tensor
    return None


def _count_tokenizer(source: Source) -> int:
    tokenizer = read_object(source, "tokenizer.json", limit=MAX_BYTES)
    model = tokenizer.get("model")
    pieces = model.get("vocab") if isinstance(model, dict) else None
    added = tokenizer.get("added_tokens") or []
    if not isinstance(added, list) or not all(isinstance(token, dict) for token in added):
        raise _damaged("tokenizer.json")
    numbers = {str(i): token.get("id") for i, token in enumerate(added)}
    highest = _highest(numbers, "tokenizer.json") if numbers else -1
    match pieces:
        case dict() if pieces:
            return max(highest, _highest(pieces, "tokenizer.json")) + 1
        case list() if pieces:
            return max(highest + 1, len(pieces))
    raise _damaged("tokenizer.json")


def _highest(numbers: dict[str, Any], file: str) -> int:
    """Return the highest number that a word has."""
    found = numbers.values()
    if not found or any(type(number) is not int or number < 0 for number in found):
        raise _damaged(file)
    return int(max(found))


def _damaged(file: str) -> BaseModelRefusedError:
    return BaseModelRefusedError(
        _("“{file}” is damaged, or not what its name says.").format(file=shown(file)),
        next_step=_("Copy or download the model once more, then try again."),
    )


def refuse_code(source: Source, names: tuple[str, ...]) -> None:
    """Make sure that none of these JSON files asks for code that came with the model.

    Raises:
        BaseModelRefusedError: one of them does.
    """
    for name in names:
        if asks_for_code(read_object(source, name)):
            raise BaseModelRefusedError(
                _("The model brings a program of its own (“{file}” asks for it).").format(
                    file=shown(name)
                ),
                next_step=_("Choose a model that needs none; programs of others are never run."),
            )
