"""The embedder `fast`: one ready vector per vocabulary token, so that reading is looking up."""

import errno
import hashlib
import os
import uuid
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from core.errors import DiskFullError, NotWritableError
from core.i18n import _
from core.jobs import Job
from core.learning.embedders.embedder import Embeddings
from core.learning.embedders.reading import chunks, tokenize

_EMPTY = "."  # what a text without any token is read as, since it must have a direction too


class StaticEmbedder:
    """The mean of a text's token vectors, made unit length; see `Embedder`.

    The vectors come from their file; where that is missing or damaged, `prepare` makes them once.
    """

    def __init__(
        self,
        file: Path,
        dim: int,
        tokenizer: Tokenizer,
        prepare: Callable[[Job], Tensor],
        name: str = "fast",
    ) -> None:
        self.name = name
        self.identity = file.stem
        self.dim = dim
        self._file = file
        self._tokenizer = tokenizer
        self._prepare = prepare
        self._vectors: Tensor | None = None

    def encode(self, texts: Sequence[str], job: Job) -> Embeddings:
        """Return the embeddings, (n_texts, dim), each of unit length."""
        vectors = self._ready_vectors(job)
        nothing = self._tokenizer.encode(_EMPTY, add_special_tokens=False).ids or [0]
        embeddings = np.empty((len(texts), self.dim), np.float32)
        done = 0
        for chunk in chunks(texts):
            job.report(_("Reading texts"), done, len(texts))
            bags = [ids or nothing for ids in tokenize(self._tokenizer, chunk)]
            starts = np.cumsum([0, *map(len, bags[:-1])])
            flat = np.fromiter(chain.from_iterable(bags), np.int64)
            means = functional.embedding_bag(
                torch.from_numpy(flat), vectors, torch.from_numpy(starts), mode="mean"
            )
            embeddings[done : done + len(chunk)] = functional.normalize(means).numpy()
            done += len(chunk)
        job.report(_("Reading texts"), len(texts), len(texts))
        return embeddings

    def cut(self, text: str) -> list[list[int]]:
        """Return the tokens of a text, in one part."""
        nothing = self._tokenizer.encode(_EMPTY, add_special_tokens=False).ids or [0]
        return [tokenize(self._tokenizer, [text])[0] or nothing]

    def parts(self, job: Job) -> tuple[Tensor, Tokenizer]:
        """Return the vector of each token, (n_tokens, dim), and what cuts texts into tokens."""
        return self._ready_vectors(job), self._tokenizer

    def _ready_vectors(self, job: Job) -> Tensor:
        if self._vectors is None:
            vectors = read_vectors(self._file)
            if vectors is None:
                vectors = self._prepare(job).half()
                write_vectors(self._file, vectors)
            self._vectors = vectors.float()
        return self._vectors


def read_vectors(file: Path) -> Tensor | None:
    """Return a file's token vectors, (n_tokens, dim), or None if it is missing or damaged."""
    try:
        with safe_open(file, framework="pt") as stored:
            vectors: Tensor = stored.get_tensor("vectors").clone()
            checksum = (stored.metadata() or {}).get("sha256")
    except (OSError, SafetensorError):
        return None
    return vectors if checksum == _checksum(vectors) else None


def write_vectors(file: Path, vectors: Tensor) -> None:
    """Write token vectors aside, then put the file in its place in one step.

    Raises:
        DiskFullError: there was no room; nothing is left behind.
        NotWritableError: the file's folder may not be written to.
    """
    aside = file.parent / f".writing-{uuid.uuid4().hex}"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as writing:
            writing.write(save({"vectors": vectors}, {"sha256": _checksum(vectors)}))
            writing.flush()
            os.fsync(writing.fileno())
        aside.replace(file)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFullError(file) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise NotWritableError(str(file.parent)) from error
        raise
    finally:
        aside.unlink(missing_ok=True)


def _checksum(vectors: Tensor) -> str:
    return hashlib.sha256(vectors.contiguous().numpy().data).hexdigest()
