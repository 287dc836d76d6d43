"""Training on few texts: those of one concept are drawn together, others apart; then a head."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from core.i18n import _
from core.jobs import Job
from core.learning import embedding_classifier
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.devices import best_precision, device_of
from core.learning.embedding_classifier.recipes import Recipe
from core.learning.fine_tuning.batches import Batch
from core.learning.fine_tuning.loop import Checked, Plan, train
from core.learning.fine_tuning.schedule import Group, learning
from core.learning.splits import Floats, rarest_concept
from core.learning.text_classifier.classifier import TextClassifier
from core.learning.text_classifier.learning import READING, Lesson, start
from core.learning.text_classifier.network import (
    Network,
    most_positions,
    read_config,
    words_of,
)
from core.learning.text_classifier.reader import Reader, ready
from core.learning.text_classifier.words import load_words
from core.learning.text_classifier_settings import ContrastiveSettings

TEMPERATURE = 0.1  # how much the nearest texts of other concepts count above far ones
COMPANIONS = 4  # of a concept that come to a batch together
# The network has seen the texts, so that cross-validation would trust its vectors too much: on four
# data sets this mixture, fixed, was as often right and its probabilities were closer to the truth.
RECIPE = Recipe(1.0, has_ngrams=True, strength=10.0)


class ContrastiveLessons:
    """Texts whose concepts say which of them belong together; see `fine_tuning.Lessons`.

    All pairs within a batch are compared, so a batch is never worked out in parts.
    """

    def __init__(
        self, network: Network, windows: list[list[int]], targets: Floats, padding: int
    ) -> None:
        self.lengths = [len(window) for window in windows]
        self._network, self._windows, self._padding = network, windows, padding
        self._alike = torch.from_numpy(likeness(targets))

    def weight(self, rows: Batch) -> float:
        """Return the number of texts."""
        return len(rows)

    def loss(self, rows: Batch) -> Tensor:
        """Return the summed surprise at which texts belong to which.

        References:
            Khosla et al. 2020, Supervised Contrastive Learning, arXiv:2004.11362, equation 2.
        """
        vectors = self._network.vectors([self._windows[i] for i in rows], self._padding)
        with torch.autocast(vectors.device.type, enabled=False):
            return contrast(functional.normalize(vectors), self._alike[rows][:, rows])

    def check(self, tick: Callable[[], None]) -> Checked | None:
        """Return None: of few texts, none are kept apart."""
        tick()
        return None


def likeness(targets: Floats) -> Floats:
    """Return how much two texts share of their concepts, (n_texts, n_texts) in [0, 1].

    Texts about none of the concepts are like nothing.
    """
    present = targets.astype(np.float32)
    shared = present @ present.T
    sizes = present.sum(axis=1)
    either = sizes[:, None] + sizes[None] - shared
    return np.asarray(shared / np.maximum(either, 1), dtype=np.float32)


def contrast(vectors: Tensor, alike: Tensor) -> Tensor:
    """Return the summed surprise at each text's companions among all others of a batch.

    Args:
        vectors: (n_texts, dim) of unit length.
        alike: (n_texts, n_texts) from `likeness`.
    """
    itself = torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
    closeness = (vectors @ vectors.T / TEMPERATURE).masked_fill(itself, -1e9)
    wanted = alike.to(vectors.device).masked_fill(itself, 0)
    shares = wanted / wanted.sum(1, keepdim=True).clamp(min=1e-9)
    return -(shares * closeness.log_softmax(1)).sum()


def learn(lesson: Lesson, settings: ContrastiveSettings, job: Job) -> TextClassifier:
    """Draw texts of one concept together, then fit a head to what the network makes of them.

    Raises:
        JobCancelled: the analyst asked to stop.
        UserError: what was chosen is not there, or memory is short.
    """
    device = device_of(settings.device)
    config = read_config(lesson.base)
    words = load_words(lesson.base, min(settings.max_tokens, most_positions(config, lesson.base)))
    windows = words.read(lesson.texts, job, _(READING))
    torch.manual_seed(settings.seed)
    network = start(lesson, settings).to(device)
    words_of(network).requires_grad_(requires_grad=False)  # few texts, few words: the others stay
    plan = _plan(settings, lesson, device)
    lessons = ContrastiveLessons(network, windows, lesson.targets.astype(np.float32), words.padding)
    groups = [Group(learning(network.encoder.parameters()), settings.learning_rate)]
    trained = train(network, groups, lessons, plan, job, lesson.checkpoints)
    reader = Reader(ready(network, device), words, config)
    head = _head(reader, lesson, settings, job)
    return TextClassifier(
        concepts=lesson.concepts,
        settings=settings,
        network=reader,
        calibration=head.calibration,
        head=head,
        about={"n_rounds": round(trained.n_epochs, 2), "n_steps": trained.n_steps},
    )


def draw_groups(targets: Floats, batch_size: int, *, seed: int, epoch: int) -> list[Batch]:
    """Deal texts to batches in which every text has companions, a few of its concept at least.

    Args:
        targets: (n_texts, n_concepts).
        batch_size: texts of a batch; the last one may be smaller.
        seed: of the training.
        epoch: the round over the texts.
    """
    random = np.random.default_rng((seed, epoch))
    rarest = rarest_concept(targets.astype(np.int8))
    groups: list[Batch] = []
    for concept in np.unique(rarest):
        own = random.permutation(np.flatnonzero(rarest == concept)).tolist()
        groups += [own[i : i + COMPANIONS] for i in range(0, len(own), COMPANIONS)]
    order = [i for g in random.permutation(len(groups)) for i in groups[g]]
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]


def _plan(settings: ContrastiveSettings, lesson: Lesson, device: torch.device) -> Plan:
    targets = lesson.targets.astype(np.float32)
    return Plan(
        n_epochs=settings.n_epochs(len(lesson.texts)),
        batch_size=settings.batch_size,
        seed=settings.seed,
        identity=lesson.identity(settings),
        device=device,
        precision=best_precision(device),
        tokens_at_once=settings.batch_size * settings.max_tokens,
        draw=lambda epoch: draw_groups(
            targets, settings.batch_size, seed=settings.seed, epoch=epoch
        ),
    )


def _head(
    reader: Reader, lesson: Lesson, settings: ContrastiveSettings, job: Job
) -> embedding_classifier.EmbeddingClassifier:
    """Return what decides, from the vectors of the trained network and from the wording."""
    return embedding_classifier.fit(
        lesson.texts,
        reader.vectors(lesson.texts, job),
        lesson.targets,
        concepts=lesson.concepts,
        settings=EmbeddingClassifierSettings(
            concepts_mutually_exclusive="true" if lesson.is_exclusive else "false",
            seed=settings.seed,
            enrich_dataset="Disabled",
        ),
        job=job,
        recipe=RECIPE,
    )
