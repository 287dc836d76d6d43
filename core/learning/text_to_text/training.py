"""Training a model that writes: every weight of a small one, matrices beside a large one."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedModel

from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.devices import best_precision, device_of, tokens_per_part
from core.learning.fine_tuning import Group, Plan, Trained, train
from core.learning.fine_tuning.lora import adapter_weights, add_lora
from core.learning.text_to_text.batches import WritingLessons
from core.learning.text_to_text.encoding import Encoded, encode
from core.learning.text_to_text.loading import (
    adapter_of,
    load_network,
    load_reader,
    merged,
    quiet,
    with_adapter,
)
from core.learning.text_to_text.model import Base, Frame, TextToText, trained_frame
from core.learning.text_to_text.prompts import Pair
from core.learning.text_to_text.reading import Reader
from core.learning.text_to_text.saving import load_adapter, load_words
from core.learning.text_to_text_settings import (
    HuggingFaceTextToTextSettings,
    OwnTextToTextSettings,
    TextToTextSettings,
)

SMALL = 50_000_000  # weights; a network of fewer learns as a whole
WEIGHT_DECAY = 0.01
LORA_RATE = 5e-4
_RATE_AT_10M, _LOWEST_RATE, _HIGHEST_RATE = 1e-3, 2e-5, 1e-3


class TooFewPairsError(UserError):
    """There is nothing to learn from."""

    def __init__(self) -> None:
        super().__init__(
            _("No text has an answer to learn from."),
            next_step=_("Give each text an answer: a second column, or a last “###” section."),
        )


def fit(  # noqa: PLR0913  # what to learn from, how, and from where
    pairs: Sequence[Pair],
    *,
    settings: TextToTextSettings,
    base: Path,
    job: Job,
    base_identity: tuple[str, str] | None = None,
    checkpoints: Path | None = None,
    validation: Sequence[Pair] | None = None,
    start_from: Path | None = None,
) -> TextToText:
    """Train a model that writes the answers to texts; `prompts.pair_of` makes the pairs.

    `base` is the folder of the base model, `base_identity` its name and identity; `checkpoints` a
    folder for states to go on from after an interruption; `validation` are pairs that say when to
    stop, None takes a part of `pairs`; `start_from` is the folder of an earlier version of ours.

    Raises:
        TooFewPairsError: there is no pair.
        BaseUnreadableError, TokenizerMissingError, ModelDamagedError: what it stands on is broken.
        DeviceMissingError, TooLittleMemoryError, DivergedError, DiskFullError, NotWritableError:
            see `fine_tuning.train`.
    """
    if not pairs:
        raise TooFewPairsError
    if isinstance(settings, HuggingFaceTextToTextSettings):
        from core.learning.text_to_text import hugging_face  # accelerate takes a second

        return hugging_face.fit(
            pairs, settings=settings, base=base, job=job, base_identity=base_identity,
            checkpoints=checkpoints, validation=validation, start_from=start_from,
        )  # fmt: skip
    assert isinstance(settings, OwnTextToTextSettings)
    start = _Start(base, Base(*(base_identity or (base.name, ""))), start_from, settings, job)
    return _fit(start, pairs, validation, checkpoints, job)


def _fit(
    start: "_Start",
    pairs: Sequence[Pair],
    validation: Sequence[Pair] | None,
    checkpoints: Path | None,
    job: Job,
) -> TextToText:
    """Train by our own loop."""
    device, settings = start.device, start.settings
    learned, kept = (pairs, validation) if validation is not None else split(pairs, settings)
    encoded = _encode_all(learned, start.reader, settings, job)
    checks = _encode_all(kept, start.reader, settings, job)
    lessons = WritingLessons(
        start.network,
        start.reader,
        encoded,
        checks,
        learns_prompt=settings.learns_prompt,
        device=device,
        precision=best_precision(device),
        tokens_at_once=tokens_per_part(device),
    )
    asked = _identity(pairs, validation, settings, start.base.identity, start.start_from)
    plan = _plan(settings, device, asked)
    trained = train(start.network, start.groups, lessons, plan, job, checkpoints)
    longest = max(len(one.answer) for one in encoded)
    frame = trained_frame([pair.text for pair in learned], settings, longest)
    return start.finished(settings, frame, start.base, trained)


class _Start:
    """The network as a training begins with it, and what of it learns."""

    def __init__(
        self,
        base: Path,
        called: Base,
        start_from: Path | None,
        settings: OwnTextToTextSettings,
        job: Job,
    ) -> None:
        job.report(_("Reading the base model"))
        self.base, self.settings, self.start_from = called, settings, start_from
        self.device = device_of(settings.device)
        words = load_words(start_from) if start_from else None
        self._has_own_weights = words is not None and words["adapter"] is None
        self.folder = start_from if start_from and self._has_own_weights else base
        self.reader = load_reader(self.folder)
        network = load_network(self.folder)
        self._is_lora = learns_beside(settings, network)
        self.network: torch.nn.Module = network
        if start_from and words is not None and words["adapter"] is not None:
            earlier = with_adapter(network, load_adapter(start_from, words))
            self.network = earlier if self._is_lora else merged(earlier)
        elif self._is_lora:
            task = "SEQ_2_SEQ_LM" if self.reader.writes_apart else "CAUSAL_LM"
            with quiet(), torch.random.fork_rng([]):
                torch.manual_seed(settings.seed)
                self.network = add_lora(network, settings, task=task)
        self.network.to(self.device)
        self.groups = self._groups(settings, sum(p.numel() for p in network.parameters()))

    def _groups(self, settings: OwnTextToTextSettings, n_parameters: int) -> list[Group]:
        if self._is_lora:
            rate = settings.learning_rate or LORA_RATE
            return [Group(tuple(adapter_weights(self.network).values()), rate)]
        self.network.requires_grad_()
        rate = settings.learning_rate or suiting_rate(n_parameters)
        weights = list(self.network.parameters())
        return [
            Group(tuple(p for p in weights if p.ndim > 1), rate, WEIGHT_DECAY),
            Group(tuple(p for p in weights if p.ndim <= 1), rate),
        ]

    def finished(
        self, settings: OwnTextToTextSettings, frame: Frame, base: Base, trained: Trained
    ) -> TextToText:
        """Return the model that the training made."""
        adapter = adapter_of(self.network) if self._is_lora else None
        network = merged(self.network) if self._is_lora else self.network.eval()
        assert isinstance(network, PreTrainedModel)
        return TextToText(
            network=network.requires_grad_(requires_grad=False),
            reader=self.reader,
            settings=settings,
            frame=frame,
            folder=self.folder,
            base=base,
            adapter=None if self._has_own_weights else adapter,
            report={
                "n_steps": trained.n_steps,
                "n_epochs": trained.n_epochs,
                "loss_kept_apart": trained.best.value if trained.best else None,
                "most_texts": trained.most_texts,
            },
        )


def learns_beside(settings: OwnTextToTextSettings, network: torch.nn.Module) -> bool:
    """Tell whether matrices beside the network learn, and not the network itself."""
    if settings.what_learns == "automatic":
        return sum(p.numel() for p in network.parameters()) >= SMALL
    return settings.what_learns == "lora"


def suiting_rate(n_parameters: int) -> float:
    """Return the learning rate that suits a network of so many weights, all of which learn.

    Tried at 10 million weights, on one set; from there it falls with the root of the size.
    """
    rate = _RATE_AT_10M * (10_000_000 / max(n_parameters, 1)) ** 0.5
    return float(min(max(rate, _LOWEST_RATE), _HIGHEST_RATE))


def split(pairs: Sequence[Pair], settings: OwnTextToTextSettings) -> tuple[list[Pair], list[Pair]]:
    """Take a part of the pairs away that says when to stop; pairs of one text stay together.

    Returns:
        Those to learn from, never none, and those kept apart.
    """
    texts = list(dict.fromkeys(pair.text for pair in pairs))
    n_kept = min(round(len(texts) * settings.validation_percent / 100), len(texts) - 1)
    order = np.random.default_rng(settings.seed).permutation(len(texts))
    kept = {texts[i] for i in order[:n_kept]}
    return [p for p in pairs if p.text not in kept], [p for p in pairs if p.text in kept]


def _encode_all(
    pairs: Sequence[Pair], reader: Reader, settings: OwnTextToTextSettings, job: Job
) -> list[Encoded]:
    return [
        encode(pair, reader, template=settings.prompt_template, max_tokens=settings.max_tokens)
        for pair in job.track(pairs, _("Reading texts"))
    ]


def _plan(settings: OwnTextToTextSettings, device: torch.device, identity: str) -> Plan:
    return Plan(
        n_epochs=settings.num_train_epochs,
        batch_size=settings.batch_size,
        seed=settings.seed,
        identity=identity,
        device=device,
        precision=best_precision(device),
        tokens_at_once=tokens_per_part(device),
        patience=settings.patience,
        saves_memory=settings.gradient_checkpointing,
    )


def _identity(
    pairs: Sequence[Pair],
    validation: Sequence[Pair] | None,
    settings: OwnTextToTextSettings,
    base_identity: str,
    start_from: Path | None,
) -> str:
    """Return what tells this training from every other one."""
    rows = [[p.text, p.target] for p in pairs]
    kept = None if validation is None else [[p.text, p.target] for p in validation]
    start = start_from.name if start_from else ""
    whole = json.dumps([rows, kept, asdict(settings), base_identity, start])
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
