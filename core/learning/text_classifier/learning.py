"""Training step by step: the whole network, or matrices beside it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.i18n import N_, _
from core.jobs import Job
from core.learning.calibration import Calibration, fit_calibration
from core.learning.devices import best_precision, device_of, tokens_per_part
from core.learning.fine_tuning.loop import LEARNING, Plan, Trained, train
from core.learning.fine_tuning.schedule import Group, layer_groups
from core.learning.splits import Ints, Targets, groups_of, stratified_folds
from core.learning.text_classifier.classifier import TextClassifier
from core.learning.text_classifier.earlier import Earlier
from core.learning.text_classifier.lessons import ConceptLessons
from core.learning.text_classifier.network import (
    Network,
    base_network,
    most_positions,
    read_config,
)
from core.learning.text_classifier.reader import Reader, ready
from core.learning.text_classifier.words import load_words
from core.learning.text_classifier_settings import (
    EncoderLoraSettings,
    OwnLoopSettings,
    StepByStepSettings,
)

FEWEST_APART = 20  # texts, below which they say nothing about when to stop
FEWEST_BATCHES = 25  # of a round, as long as a batch has `FEWEST_AT_ONCE` texts
FEWEST_AT_ONCE = 4
HEAD_RATE = 10.0  # times the rate of the network's top: the head starts from nothing
READING = N_("Reading texts")


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What there is to learn.

    Attributes:
        texts: (n_texts,) to learn from.
        targets: (n_texts, n_concepts).
        validation: texts and targets that say when to stop; None leaves it to the training.
        concepts: the columns of the targets.
        is_exclusive: whether a text has one concept.
        base: the folder of the base model.
        earlier: what to go on from, if anything.
        checkpoints: a folder for states to go on from after an interruption.
    """

    texts: Sequence[str]
    targets: Targets
    validation: tuple[Sequence[str], Targets] | None
    concepts: tuple[str, ...]
    is_exclusive: bool
    base: Path
    earlier: Earlier | None = None
    checkpoints: Path | None = None

    def identity(self, settings: OwnLoopSettings) -> str:
        """Return what tells this training from any other."""
        content = hashlib.sha256()
        about = [asdict(settings), self.concepts, self.is_exclusive, str(self.base.resolve())]
        about.append(str(self.earlier.folder) if self.earlier else "")
        content.update(json.dumps(about).encode())
        for texts, targets in ((self.texts, self.targets), self.validation or ((), None)):
            content.update(json.dumps(list(texts)).encode())
            content.update(b"" if targets is None else targets.tobytes())
        return content.hexdigest()


def learn(lesson: Lesson, settings: StepByStepSettings, job: Job) -> TextClassifier:
    """Train the whole network or matrices beside it, and keep the best state.

    Raises:
        JobCancelled: the analyst asked to stop.
        UserError: what was chosen is not there, memory is short, or the steps are too large.
    """
    device = device_of(settings.device)
    config = read_config(lesson.base)
    limit = min(settings.max_tokens, most_positions(config, lesson.base))
    words = load_words(lesson.base, limit)
    learned, apart = _parted(lesson, settings)
    windows = words.read([lesson.texts[i] for i in learned], job, _(READING))
    apart_texts, apart_targets = lesson.validation or (
        [lesson.texts[i] for i in apart],
        lesson.targets[apart],
    )
    apart_windows = words.read(apart_texts, job, _(READING))
    torch.manual_seed(settings.seed)
    network = start(lesson, settings).to(device)
    targets = lesson.targets[learned]
    if isinstance(settings, EncoderLoraSettings):
        adapt(network, settings, lesson.earlier)
    else:
        network.forget_words([*windows, *apart_windows], words.padding)
    plan = plan_of(settings, len(windows), device, lesson.identity(settings))
    lessons = ConceptLessons(
        network,
        windows,
        targets,
        kept_apart=(apart_windows, apart_targets),
        plan=plan,
        padding=words.padding,
        is_exclusive=lesson.is_exclusive,
    )
    groups = groups_to_learn(network, settings)
    trained = train(network, groups, lessons, plan, job, lesson.checkpoints)
    network.remember_words()
    reader = finished(network, lesson, settings, Reader(network, words, config))
    calibration = _calibrated(reader, (apart_texts, apart_targets), lesson, job)
    return TextClassifier(
        concepts=lesson.concepts,
        settings=settings,
        network=reader,
        calibration=calibration,
        stands_on_base=reader.adapter is not None,
        about=_about(trained, len(learned), len(apart_texts)),
    )


def plan_of(
    settings: StepByStepSettings, n_texts: int, device: torch.device, identity: str
) -> Plan:
    """Return how a training goes about it; few texts are learned from in smaller batches."""
    suits_few = max(FEWEST_AT_ONCE, n_texts // FEWEST_BATCHES)
    return Plan(
        n_epochs=settings.num_train_epochs,
        batch_size=min(settings.batch_size, suits_few),
        seed=settings.seed,
        identity=identity,
        device=device,
        precision=best_precision(device),
        tokens_at_once=tokens_per_part(device),
        warmup_share=settings.warmup_percent / 100,
        patience=settings.patience,
        saves_memory=settings.gradient_checkpointing,
    )


def groups_to_learn(network: Network, settings: StepByStepSettings) -> list[Group]:
    """Return the weights that learn, each with its rate."""
    layer_decay = float(getattr(settings, "layer_decay", 1.0))
    groups = layer_groups(
        network.encoder,
        settings.learning_rate,
        layer_decay=layer_decay,
        weight_decay=settings.weight_decay,
    )
    times = 1.0 if isinstance(settings, EncoderLoraSettings) else HEAD_RATE
    rate = settings.learning_rate * times
    weight, bias = network.head.parameters()
    return [*groups, Group((weight,), rate, settings.weight_decay), Group((bias,), rate)]


def adapt(network: Network, settings: EncoderLoraSettings, earlier: Earlier | None) -> None:
    """Put matrices beside the network, those of an earlier version if there is one."""
    from core.learning.fine_tuning.lora import add_lora  # peft takes seconds

    network.requires_grad_(requires_grad=False)
    network.encoder = add_lora(network.encoder, settings)
    network.head.requires_grad_(requires_grad=True)
    if earlier is not None:
        earlier.put_adapter(network.encoder)


def finished(network: Network, lesson: Lesson, settings: OwnLoopSettings, reader: Reader) -> Reader:
    """Return a trained network as it will be loaded: rounded, and with its matrices within."""
    adapter: Mapping[str, Tensor] | None = None
    if isinstance(settings, EncoderLoraSettings):
        from core.learning.fine_tuning.lora import adapter_weights

        adapter = {
            name: weight.detach().cpu().clone()
            for name, weight in adapter_weights(network.encoder).items()
        }
        merge(network)
    device = network.head.weight.device
    return Reader(ready(network, device), reader.words, reader.config, adapter)


def merge(network: Network) -> None:
    """Add the matrices beside a network to it."""
    network.encoder = network.encoder.merge_and_unload()  # type: ignore[operator]


def start(lesson: Lesson, settings: OwnLoopSettings) -> Network:
    """Return the base model, or an earlier version, with a head for these concepts."""
    n_concepts = len(lesson.concepts)
    if lesson.earlier is None:
        network = base_network(lesson.base, n_concepts)
        _lean(network, lesson)
        return network
    return lesson.earlier.network(
        lesson.concepts, lesson.base, keeps_base=isinstance(settings, EncoderLoraSettings)
    )


@torch.no_grad()
def _lean(network: Network, lesson: Lesson) -> None:
    """Let the head start from how common each concept is."""
    shares = lesson.targets.mean(axis=0, dtype=np.float64).clip(1e-3, 1 - 1e-3)
    leaning = np.log(shares) if lesson.is_exclusive else np.log(shares / (1 - shares))
    network.head.bias.copy_(torch.from_numpy(leaning - leaning.mean() * lesson.is_exclusive))


def _parted(lesson: Lesson, settings: StepByStepSettings) -> tuple[Ints, Ints]:
    """Return the positions of the texts to learn from, and of those that say when to stop.

    Each concept is learned from at least one text; equal texts stay together.
    """
    everything = np.arange(len(lesson.texts))
    share = settings.validation_percent / 100
    if lesson.validation is not None or share * len(everything) < FEWEST_APART:
        return everything, everything[:0]
    folds = stratified_folds(
        lesson.targets, groups_of(lesson.texts), max(2, round(1 / share)), settings.seed
    )
    is_apart = folds == 0
    missing = lesson.targets[is_apart].any(axis=0) & ~lesson.targets[~is_apart].any(axis=0)
    is_apart &= ~lesson.targets[:, missing].any(axis=1)
    return np.flatnonzero(~is_apart), np.flatnonzero(is_apart)


def _calibrated(
    reader: Reader, apart: tuple[Sequence[str], Targets], lesson: Lesson, job: Job
) -> Calibration:
    texts, targets = apart
    if not len(texts):
        return Calibration(lesson.is_exclusive)
    shares = targets.astype(np.float32)
    if lesson.is_exclusive:
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
    job.report(_(LEARNING))
    logits = reader.logits(texts, job)
    return fit_calibration(logits, shares, is_exclusive=lesson.is_exclusive)


def _about(trained: Trained, n_learned: int, n_apart: int) -> dict[str, Any]:
    return {
        "n_rounds": round(trained.n_epochs, 2),
        "n_steps": trained.n_steps,
        "texts_at_once": trained.most_texts,
        "n_learned": n_learned,
        "n_validation": n_apart,
        "validation_score": trained.best.value if trained.best else None,
    }
