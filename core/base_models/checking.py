"""Makes sure that a folder holds a base model which is whole, known and harmless.

Nothing of it is loaded by a library before: names, sizes, JSON and the heads of the weights are
read here, a few kilobytes at most models, whatever their size.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.base_models import sentence_modules, vocabulary
from core.base_models.card import CARD, read_card
from core.base_models.declared import LAYERS, check_declared, widest_of
from core.base_models.errors import BaseModelRefusedError
from core.base_models.families import FAMILIES, Family, ModelKind
from core.base_models.plain_json import count_of, read_object
from core.base_models.records import BaseModel
from core.base_models.sentence_modules import Parts
from core.base_models.sources import Source, open_source
from core.base_models.weights import FORMATS, INDEX, Weights, read_weights, refuse_squeezed
from core.base_models.words import folder_name, shown
from core.i18n import _
from core.jobs import Job

CONFIG = "config.json"
CHUNK = 1 << 22
_LICENCES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "NOTICE")
_READER_FILES = (CONFIG, "generation_config.json", *vocabulary.FILES)
_AROUND_FILES = (sentence_modules.MODULES, sentence_modules.LIMITS, sentence_modules.ABOUT)
_LISTS = ("tokenizer.json", "vocab.json", "added_tokens.json", INDEX, sentence_modules.MODULES)
_SAYS_NOTHING_OF_READING = (CARD, *_LICENCES)
MAX_TOKENS = 1_000_000  # above it a tokenizer says that it knows no limit


@dataclass(frozen=True)
class Checked:
    """A model that was found whole, known and harmless.

    Attributes:
        source: where it lies, without folders around it.
        model: what it is, without identity.
        files: those that belong to it; all others are left behind.
        weights: those with weights of the part that reads.
    """

    source: Source
    model: BaseModel
    files: tuple[str, ...]
    weights: tuple[str, ...]


def check_base_model_folder(path: Path, job: Job) -> BaseModel:
    """Return what a folder, or a ZIP of one, holds, having read every byte of its weights.

    Raises:
        BaseModelMissingError: there is nothing at this path.
        BaseModelRefusedError: it holds no base model that can be used here safely.
        JobCancelled: the analyst asked to stop.
    """
    with open_source(path) as source:
        checked = check_source(source, path)
        return identified(checked, read_through(checked, job))


def check_source(source: Source, path: Path) -> Checked:
    """Return what a source holds, from names, sizes and heads alone.

    Raises:
        BaseModelRefusedError: it holds no base model that can be used here safely.
    """
    source = source.unwrapped()
    parts = sentence_modules.read_parts(source)
    inside = source.below(parts.reader) if parts and parts.reader else source
    family, config = _read_config(inside)
    weights = read_weights(inside)
    n_words = count_of(config, "vocab_size") or 0
    vocabulary.check_fit(weights, family.words, n_words, vocabulary.count_words(inside))
    reading = [name for name in _READER_FILES if name in inside.sizes]
    reading += [*weights.files, *([weights.index] if weights.index else [])]
    beside = [*(_AROUND_FILES if parts else ()), *_SAYS_NOTHING_OF_READING]
    names = {
        *(_below(parts, name) for name in reading),
        *(name for name in beside if name in source.sizes),
        *(parts.files if parts else ()),
    }
    vocabulary.refuse_code(source, tuple(name for name in sorted(names) if _may_ask(name)))
    model = _describe(source, path, family, config, weights)
    check_declared(config, weights)
    if parts:
        sentence_modules.check_widths(source, parts, widest_of(weights))
        limit = _limit(source, sentence_modules.LIMITS, "max_seq_length")
        kind = ModelKind.SENTENCE_ENCODER
        limits = _smallest(model.max_tokens, limit)
        model = replace(model, kind=kind, reader=parts.reader, max_tokens=limits)
    limit = _limit(inside, "tokenizer_config.json", "model_max_length")
    model = replace(
        model,
        max_tokens=_smallest(model.max_tokens, limit),
        n_bytes=sum(source.sizes[name] for name in names),
    )
    files = tuple(_below(parts, name) for name in weights.files)
    return Checked(source, model, tuple(sorted(names, key=source.sizes.__getitem__)), files)


def read_through(
    checked: Checked,
    job: Job,
    *,
    take: Callable[[str, bytes], object] | None = None,
    known: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Read every file of a model to its end; return the SHA-256 of each.

    Args:
        checked: the model.
        job: told the bytes.
        take: given a file's name and its next bytes, if somebody wants them.
        known: files that need not be read, with their SHA-256.

    Raises:
        BaseModelRefusedError: a file cannot be read, or is not as long as it was.
        JobCancelled: the analyst asked to stop.
    """
    stage = _("Copying the model") if take else _("Reading the model")
    total, done = checked.model.n_bytes, 0
    found = dict(known)
    for name in checked.files:
        if name in known:
            continue
        digest, start = hashlib.sha256(), done
        with checked.source.open(name) as file:
            while done - start <= checked.source.sizes[name] and (chunk := file.read(CHUNK)):
                job.report(stage, done, total)
                digest.update(chunk)
                if take:
                    take(name, chunk)
                done += len(chunk)
        if done - start != checked.source.sizes[name]:
            raise BaseModelRefusedError(
                _("“{file}” changed while it was read.").format(file=shown(name)),
                next_step=_("Wait until nothing writes to it any more, then try again."),
            )
        found[name] = digest.hexdigest()
    job.report(stage, total, total)
    return found


def identified(checked: Checked, found: dict[str, str]) -> BaseModel:
    """Return the model with what the SHA-256 of its files say of it."""
    whole, *others = [found[name] for name in checked.weights]
    if others:
        whole = _digest(whole, *others)
    rest = [
        f"{name} {found[name]}"
        for name in sorted(checked.files)
        if name not in (*checked.weights, *_SAYS_NOTHING_OF_READING)
    ]
    return replace(
        checked.model,
        weights=whole,
        identity=f"{whole[:12]}-{_digest(*rest)[:8]}",
        sizes=tuple((name, checked.source.sizes[name]) for name in checked.weights),
    )


def _read_config(source: Source) -> tuple[Family, dict[str, Any]]:
    if CONFIG not in source.sizes:
        if any(name.endswith(FORMATS) for name in source.sizes):
            read_weights(source)
        raise BaseModelRefusedError(
            _("There is no config.json in it, so this is not the folder of a model."),
            next_step=_("Choose the folder that holds config.json and the weights."),
        )
    config = read_object(source, CONFIG)
    vocabulary.refuse_code(source, (CONFIG,))
    if config.get("quantization_config") or config.get("compression_config"):
        refuse_squeezed()
    kind = config.get("model_type")
    family = FAMILIES.get(kind) if isinstance(kind, str) else None
    if family is None:
        titles = sorted({family.title for family in FAMILIES.values()}, key=str.lower)
        raise BaseModelRefusedError(
            _("The model is of a kind that is not known here: “{kind}”.").format(
                kind=shown(str(kind))
            ),
            next_step=_("Choose a model of one of these families: {titles}.").format(
                titles=", ".join(titles)
            ),
        )
    return family, config


def _describe(
    source: Source, path: Path, family: Family, config: dict[str, Any], weights: Weights
) -> BaseModel:
    hidden = count_of(config, "hidden_size", "n_embd", "d_model", "dim")
    layers = count_of(config, *LAYERS)
    if hidden is None or layers is None:
        raise BaseModelRefusedError(
            _("config.json does not say how large the model is."),
            next_step=_("Copy or download config.json once more, then try again."),
        )
    positions = count_of(config, "max_position_embeddings", "n_positions", "n_ctx") or 0
    card = read_card(source)
    name = folder_name(source.name) or family.title
    return BaseModel(
        name=name,
        title=name,
        kind=family.kind,
        family=family.title,
        model_type=config["model_type"],
        folder=path,
        reader="",
        n_parameters=weights.n_parameters,
        n_bytes=0,
        max_tokens=max(positions - family.n_unusable, 0),
        hidden_size=hidden,
        n_layers=layers,
        n_words=count_of(config, "vocab_size") or 0,
        precision=weights.precision,
        languages=card.languages,
        licence=card.licence,
        is_built_in=False,
        weights="",
        identity="",
        sizes=(),
    )


def _below(parts: Parts | None, name: str) -> str:
    return f"{parts.reader}/{name}" if parts and parts.reader else name


def _may_ask(name: str) -> bool:
    """Tell whether a file can ask for code; in the others a key is a word of the vocabulary."""
    return name.endswith(".json") and name.rpartition("/")[2] not in _LISTS


def _limit(source: Source, file: str, key: str) -> int:
    """Return a limit that a file names, 0 for none."""
    limit = count_of(read_object(source, file), key) if file in source.sizes else None
    return limit if limit and limit < MAX_TOKENS else 0


def _smallest(*limits: int) -> int:
    return min((limit for limit in limits if limit), default=0)


def _digest(*lines: str) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
