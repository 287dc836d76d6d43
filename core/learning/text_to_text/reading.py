"""How a base model reads: its tokenizer and its limits, from a folder, without torch."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

from core.errors import UserError
from core.i18n import _

_NO_LIMIT = 1_000_000  # a longer one is how transformers writes "none"
_ANY_LENGTH = ("t5", "mt5", "umt5", "longt5", "byt5")  # their positions count from each other


class TokenizerMissingError(UserError):
    """A model's folder does not say how a text becomes tokens."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("The model in “{folder}” does not say how it reads texts.").format(
                folder=folder.name
            ),
            next_step=_("Add a base model whose folder holds a tokenizer.json."),
        )


@dataclass(frozen=True)
class Reader:
    """Reads texts as one base model does.

    Attributes:
        tokenizer: which neither pads nor cuts.
        before, after: the marks that it puts around a text.
        end: the mark that ends an answer. pad: what fills up shorter texts.
        writes_apart: whether the answer is written by a second network, which the first one reads
            to (sequence-to-sequence); else it goes on where the prompt ends (causal).
        positions: the most tokens that the model takes, or None.
        joint: what stands between a prompt that ends in a word and its answer.
    """

    tokenizer: Tokenizer
    before: tuple[int, ...]
    after: tuple[int, ...]
    end: int
    pad: int
    writes_apart: bool
    positions: int | None
    joint: str

    @classmethod
    def cached(cls, folder: Path) -> "Reader":
        """Return what `of_folder` does, from memory while the folder stays as it is."""
        whole = folder / "tokenizer.json"
        return _of_folder(folder, whole.stat().st_mtime_ns if whole.is_file() else 0)

    @classmethod
    def of_folder(cls, folder: Path) -> "Reader":
        """Read the tokenizer and the limits of a model's folder.

        Raises:
            TokenizerMissingError: there is no tokenizer, or none that can be read.
        """
        config = _json(folder / "config.json")
        try:
            tokenizer = _tokenizer(folder, config)
            return cls.of(tokenizer, config, _json(folder / "tokenizer_config.json"))
        except (OSError, ValueError, KeyError) as error:
            raise TokenizerMissingError(folder) from error
        except Exception as error:  # tokenizers raises nothing narrower
            if type(error) is not Exception:
                raise
            raise TokenizerMissingError(folder) from error

    @classmethod
    def of(cls, tokenizer: Tokenizer, config: dict[str, Any], words: dict[str, Any]) -> "Reader":
        """Make a reader of a tokenizer, a model's config and its tokenizer's config.

        Raises:
            ValueError: no token ends an answer.
        """
        tokenizer.no_padding()
        tokenizer.no_truncation()
        before, after = _marks_around(tokenizer)
        end = _mark(tokenizer, words.get("eos_token"), config.get("eos_token_id"))
        if end is None:
            end = after[-1] if after else None
        if end is None:
            raise ValueError("no end mark")
        pad = _mark(tokenizer, words.get("pad_token"), config.get("pad_token_id"))
        return cls(
            tokenizer=tokenizer,
            before=before,
            after=after,
            end=end,
            pad=end if pad is None else pad,
            writes_apart=bool(config.get("is_encoder_decoder")),
            positions=_positions(config, words),
            joint=_joint(tokenizer),
        )

    def limit(self, max_tokens: int) -> int:
        """Return how many tokens a text and its answer may have: the model's limit or this one."""
        return min(max_tokens, self.positions or max_tokens)

    def write(self, tokens: Sequence[int]) -> str:
        """Return the words of tokens, without marks."""
        return str(self.tokenizer.decode(list(tokens), skip_special_tokens=True))


@lru_cache(maxsize=4)
def _of_folder(folder: Path, _changed: int) -> Reader:
    return Reader.of_folder(folder)


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _tokenizer(folder: Path, config: dict[str, Any]) -> Tokenizer:
    whole = folder / "tokenizer.json"
    if whole.is_file():
        return Tokenizer.from_str(whole.read_text(encoding="utf-8"))
    return _byte_pairs(folder, config)


def _byte_pairs(folder: Path, config: dict[str, Any]) -> Tokenizer:
    """Read the two files that GPT-2, GPT-Neo, OPT and BART come with where no other is there."""
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    lines = (folder / "merges.txt").read_text(encoding="utf-8").split("\n")
    pairs = [line.split() for line in lines if line and not line.startswith("#version")]
    merges = [(first, second) for first, second in pairs]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    marks = [
        _content(value)
        for key, value in _json(folder / "special_tokens_map.json").items()
        if key.endswith("_token")
    ]
    tokenizer.add_special_tokens(
        [AddedToken(mark, normalized=False) for mark in dict.fromkeys(marks) if mark in vocabulary]
    )
    start = config.get("bos_token_id")
    if _json(folder / "tokenizer_config.json").get("add_bos_token") and start is not None:
        _begin_with(tokenizer, int(start))
    return tokenizer


def _begin_with(tokenizer: Tokenizer, start: int) -> None:
    mark = tokenizer.id_to_token(start)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{mark} $A", pair=f"{mark} $A {mark} $B", special_tokens=[(mark, start)]
    )


def _content(mark: object) -> str:
    """Return the words of a token, which a config writes alone or with its properties."""
    return str(mark.get("content", "")) if isinstance(mark, dict) else str(mark or "")


def _mark(tokenizer: Tokenizer, name: object, number: object) -> int | None:
    """Return the number of a mark: the tokenizer's own word for it, else the model's."""
    found = tokenizer.token_to_id(_content(name)) if name else None
    if found is None and isinstance(number, list):
        number = number[0] if number else None
    return int(found) if found is not None else number if isinstance(number, int) else None


def _marks_around(tokenizer: Tokenizer) -> tuple[tuple[int, ...], tuple[int, ...]]:
    alone = tokenizer.encode("a", add_special_tokens=False).ids
    whole = tokenizer.encode("a").ids
    for place in range(len(whole) - len(alone) + 1):
        if whole[place : place + len(alone)] == alone:
            return tuple(whole[:place]), tuple(whole[place + len(alone) :])
    return (), ()


def _positions(config: dict[str, Any], words: dict[str, Any]) -> int | None:
    limits = [words.get("model_max_length")]
    if config.get("model_type") not in _ANY_LENGTH:
        limits += [config.get("max_position_embeddings"), config.get("n_positions")]
    known = [int(limit) for limit in limits if isinstance(limit, int | float)]
    known = [limit for limit in known if 0 < limit < _NO_LIMIT]
    return min(known, default=None)


def _joint(tokenizer: Tokenizer) -> str:
    """Return a space, unless the tokenizer puts one before a text by itself."""
    first = tokenizer.encode("a", add_special_tokens=False).tokens[:1]
    return "" if first and first[0][:1] in "▁Ġ" else " "
