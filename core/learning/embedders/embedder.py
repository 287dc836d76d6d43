"""What every embedder can do, whatever it is made of."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.jobs import Job

Embeddings = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors whose angles tell how close the texts are in meaning.

    Attributes:
        name: how the analyst's settings call it.
        identity: under which embeddings may be kept; changes with the weights and the method,
            and is the same on every computer.
        dim: length of an embedding.
    """

    @property
    def name(self) -> str: ...  # noqa: D102  # see Attributes

    @property
    def identity(self) -> str: ...  # noqa: D102

    @property
    def dim(self) -> int: ...  # noqa: D102

    def encode(self, texts: Sequence[str], job: Job) -> Embeddings:
        """Return the embeddings, (n_texts, dim), each of unit length.

        A text has the same embedding whatever other texts come with it.

        Raises:
            JobCancelled: the analyst asked to stop.
            UserError: the weights are missing or damaged.
        """
        ...
