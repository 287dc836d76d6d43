"""The embedder of an added base model: whatever its family, read by the library it was made for."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from core.base_models import BaseModel, BaseModelError, ModelKind
from core.errors import UserError
from core.i18n import _
from core.jobs import Job, JobCancelled
from core.learning.devices import best_device, best_precision, tokens_per_batch
from core.learning.embedders.embedder import Embeddings
from core.learning.embedders.reading import chunks, tokenize, windows

_USUAL_TOKENS = 512  # in a window, where the model names no limit
_MOST_TOKENS = 8_192
_log = logging.getLogger(__name__)
_UNLOADED = (KeyboardInterrupt, SystemExit, GeneratorExit, JobCancelled, UserError)


class LibraryEmbedder:
    """What sentence-transformers makes of a text, made unit length; see `Embedder`.

    All parts that the model's folder names do their work: pooling, dense layers, normalizing. A
    model without such parts gives the mean of its last hidden states. A text longer than the
    model's window is read in several; their embeddings count by their number of tokens.
    """

    def __init__(
        self, name: str, identity: str, model: BaseModel, device: torch.device | None = None
    ) -> None:
        device = device or best_device()
        self.name = name
        self.identity = identity
        self._reader = LibraryReader(model, device, best_precision(device))
        self.dim = self._reader.dim

    @property
    def reading(self) -> dict[str, Any]:
        """Return how a text is cut: tokens of a window beside its marks, and these."""
        return self._reader.reading

    @property
    def tokenizer(self) -> Tokenizer:
        """Return what cuts texts into tokens."""
        return self._reader.tokenizer

    def cut(self, text: str) -> list[list[int]]:
        """Return the windows of a text, start and end marked."""
        return self._windows([text])[1]

    def encode(self, texts: Sequence[str], job: Job) -> Embeddings:
        """Return the embeddings, (n_texts, dim), each of unit length."""
        embeddings = np.empty((len(texts), self.dim), np.float32)
        done = 0
        for chunk in chunks(texts):
            sums = torch.zeros(len(chunk), self.dim)
            owners, parts = self._windows(chunk)
            n_read, n_tokens = 0, sum(map(len, parts))
            for batch in self._reader.batches(parts):
                job.report(_("Reading texts"), done + len(chunk) * n_read // n_tokens, len(texts))
                lengths = torch.tensor([len(parts[i]) for i in batch])
                read = self._reader.embed([parts[i] for i in batch]) * lengths.unsqueeze(1)
                sums.index_add_(0, torch.tensor([owners[i] for i in batch]), read)
                n_read += int(lengths.sum())
            embeddings[done : done + len(chunk)] = functional.normalize(sums).numpy()
            done += len(chunk)
        job.report(_("Reading texts"), len(texts), len(texts))
        return embeddings

    def _windows(self, texts: Sequence[str]) -> tuple[list[int], list[list[int]]]:
        """Return every window of every text, start and end marked, and which text it is of."""
        reader = self._reader
        owned = [
            (i, reader.marked(window))
            for i, ids in enumerate(tokenize(reader.tokenizer, texts))
            for window in windows(ids, reader.n_free)
        ]
        return [i for i, _window in owned], [window for _i, window in owned]


class LibraryReader:
    """Reads windows of tokens with sentence-transformers.

    Attributes:
        dim: length of an embedding.
        tokenizer: without padding and cutting.
        n_free: the most tokens in a window beside its marks.
    """

    def __init__(self, model: BaseModel, device: torch.device, precision: torch.dtype) -> None:
        self._device = device
        with loading(model):
            self._model = _load(model, device, precision).eval()
            slow = self._model.tokenizer
            self.tokenizer = Tokenizer.from_str(slow.backend_tokenizer.to_str())
            self.dim = int(self._model.get_embedding_dimension() or model.hidden_size)
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self._start, self._end = _marks(self.tokenizer)
        n_marks = len(self._start) + len(self._end)
        limit = min(model.max_tokens or _USUAL_TOKENS, _MOST_TOKENS)
        self.n_free = max(limit - n_marks, 1)
        self._pad = slow.pad_token_id or 0
        self._has_types = "token_type_ids" in slow.model_input_names

    @property
    def words(self) -> Tensor:
        """The vectors with which tokens come in, (n_tokens, n_features), float32."""
        first: Any = self._model[0]
        weight: Tensor = first.model.get_input_embeddings().weight
        return weight.detach().float().cpu()

    @property
    def reading(self) -> dict[str, Any]:
        """Return how a text is cut: tokens of a window beside its marks, and these."""
        marks = {"start": tuple(self._start), "end": tuple(self._end)}
        return {"tokens": self.n_free, "pad": self._pad, **marks}

    def marked(self, window: list[int]) -> list[int]:
        """Return a window with the marks of its start and end."""
        return [*self._start, *window, *self._end] or [self._pad]

    def batches(self, parts: Sequence[Sequence[int]]) -> Iterator[list[int]]:
        """Yield the indices of windows that are read together: longest first, of similar length."""
        batch: list[int] = []
        for i in sorted(range(len(parts)), key=lambda i: -len(parts[i])):
            longest = len(parts[batch[0]]) if batch else 0
            if batch and (len(batch) + 1) * longest > tokens_per_batch(self._device):
                yield batch
                batch = []
            batch.append(i)
        if batch:
            yield batch

    @torch.inference_mode()
    def embed(self, parts: Sequence[Sequence[int]]) -> Tensor:
        """Return the embedding of each window, (n_windows, dim), float32, on the processor."""
        made: Tensor = self._model(self._features(parts))["sentence_embedding"]
        return made.float().cpu()

    @torch.inference_mode()
    def sum_states(self, parts: Sequence[Sequence[int]]) -> Tensor:
        """Return the sum of each window's last hidden states, (n_windows, n_features), float32."""
        features = self._features(parts)
        mask = features["attention_mask"].unsqueeze(2)
        states: Tensor = self._model[0](features)["token_embeddings"]
        return (states.float() * mask).sum(1).cpu()

    def _features(self, parts: Sequence[Sequence[int]]) -> dict[str, Tensor]:
        """Return the windows side by side, the shorter ones padded behind."""
        lengths = torch.tensor([len(part) for part in parts])
        ids = torch.full((len(parts), int(lengths.max())), self._pad)
        for row, part in zip(ids, parts, strict=True):
            row[: len(part)] = torch.tensor(part)
        mask = (torch.arange(ids.shape[1]) < lengths.unsqueeze(1)).long()
        features = {"input_ids": ids, "attention_mask": mask}
        if self._has_types:
            features["token_type_ids"] = torch.zeros_like(ids)
        return {name: value.to(self._device) for name, value in features.items()}


@contextmanager
def loading(model: BaseModel) -> Iterator[None]:
    """Let the libraries load quietly, and say in words what they have against a model.

    Raises:
        BaseModelError: they cannot load it.
    """
    voices: Any = transformers.logging  # as good as untyped
    verbosity = voices.get_verbosity()
    voices.set_verbosity_error()
    voices.disable_progress_bar()
    try:
        yield
    except _UNLOADED:
        raise
    except BaseException as error:  # a tokenizer in Rust that panics raises no Exception
        _log.debug("Loading %s failed", model.name, exc_info=True)
        raise BaseModelError(
            _("“{name}” is whole, but the program cannot load it.").format(name=model.name),
            model.folder,
            next_step=_("Choose another base model, or another version of this one."),
        ) from error
    finally:
        voices.set_verbosity(verbosity)


def _load(model: BaseModel, device: torch.device, precision: torch.dtype) -> SentenceTransformer:
    options = {"use_safetensors": True, "dtype": precision}
    if model.kind == ModelKind.SENTENCE_ENCODER:
        return SentenceTransformer(
            str(model.folder),
            device=str(device),
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs=options,
        )
    reader = Transformer(
        str(model.model_folder), model_kwargs={**options, "local_files_only": True}
    )
    mean = Pooling(model.hidden_size, pooling_mode="mean")
    return SentenceTransformer(modules=[reader, mean], device=str(device))


def _marks(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """Return the tokens that mark the start and the end of every text."""
    read = tokenizer.encode("a")
    first = next((i for i, mark in enumerate(read.special_tokens_mask) if not mark), len(read.ids))
    last = len(tokenizer.encode("a", add_special_tokens=False).ids) + first
    return read.ids[:first], read.ids[last:]
