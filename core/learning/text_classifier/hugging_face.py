"""Deep classifiers that the Hugging Face templates train: their networks, and how they answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peft import PeftModel
from torch import Tensor, nn
from transformers import AutoModelForSequenceClassification, PreTrainedTokenizerBase

from core.i18n import _
from core.jobs import Job
from core.learning.devices import device_here, tokens_per_batch
from core.learning.fine_tuning.batches import padded, parts_of
from core.learning.fine_tuning.hugging_face import Course, Lesson
from core.learning.fine_tuning.hugging_face import train as run
from core.learning.fine_tuning.hugging_face_networks import (
    config_of,
    load_network,
    make_network,
    most_tokens,
    save_network,
    tokenizer_of,
)
from core.learning.hugging_face_settings import MULTI, SINGLE, learns_one_concept
from core.learning.splits import Floats, Targets
from core.learning.text_classifier.reader import unit_length
from core.learning.text_classifier_settings import HuggingFaceClassifierSettings

TASK = "SEQ_CLS"
MOST_TEXTS = 64  # answered at once
TEXTS_READ_AT_ONCE = 1_000


@dataclass(frozen=True)
class HuggingFaceNetwork:
    """A trained network with how it reads.

    Attributes:
        network: of transformers, with a head of one output a concept.
        tokenizer: that it reads with.
        is_exclusive: whether a text has exactly one concept: softmax of the logits, else sigmoid.
        max_tokens: of a text; what is longer is cut off at its end.
    """

    network: nn.Module
    tokenizer: PreTrainedTokenizerBase
    is_exclusive: bool
    max_tokens: int

    def logits(self, texts: Sequence[str], job: Job) -> Floats:
        """Return what the network says of every text, (n_texts, n_concepts)."""
        return self._made(texts, self._say, self.n_concepts, job)

    def vectors(self, texts: Sequence[str], job: Job) -> Floats:
        """Return what the network makes of every text, (n_texts, dim), each of unit length.

        That is the mean over its tokens of the last hidden states, of the encoder where there
        are an encoder and a decoder.
        """
        return unit_length(self._made(texts, self._mean, self.dim, job))

    def _say(self, ids: Tensor, mask: Tensor) -> Tensor:
        logits: Tensor = self.network(input_ids=ids, attention_mask=mask).logits
        return logits

    def _mean(self, ids: Tensor, mask: Tensor) -> Tensor:
        states = _reading_part(self.network)(input_ids=ids, attention_mask=mask)
        counts = mask[:, :, None].float()
        means: Tensor = (states.last_hidden_state.float() * counts).sum(1) / counts.sum(1)
        return means

    @torch.inference_mode()
    def _made(
        self, texts: Sequence[str], make: Callable[[Tensor, Tensor], Tensor], n: int, job: Job
    ) -> Floats:
        """Return what is made of every text, (n_texts, n)."""
        device = next(self.network.parameters()).device
        read = _read(self.tokenizer, texts, self.max_tokens, job)
        lengths = [len(ids) for ids in read]
        parts = parts_of(
            list(range(len(read))),
            lengths,
            most_texts=MOST_TEXTS,
            most_tokens=tokens_per_batch(device),
        )
        found: list[tuple[list[int], Floats]] = []
        for rows in job.track(parts, _("Predicting")):
            pad = int(self.tokenizer.pad_token_id or 0)
            ids, mask = padded([read[row] for row in rows], pad, device)
            found.append((rows, make(ids, mask).float().cpu().numpy()))
        answer = np.empty((len(texts), n), np.float32)
        for rows, values in found:
            answer[rows] = values
        return answer

    @property
    def n_concepts(self) -> int:
        """Return how many concepts it knows."""
        return int(self.network.config.num_labels)  # type: ignore[union-attr, arg-type]

    @property
    def dim(self) -> int:
        """Return the length of the vectors."""
        return int(self.network.config.hidden_size)  # type: ignore[union-attr, arg-type]

    def save(self, folder: Path) -> None:
        """Write network and tokenizer into an existing folder; `load` reads them."""
        save_network(self.network, self.tokenizer, folder)


def _reading_part(network: nn.Module) -> nn.Module:
    """Return what reads in a network, without its head; of an adapted one with what was added."""
    whole = network.get_base_model() if isinstance(network, PeftModel) else network
    is_two_part = bool(whole.config.is_encoder_decoder)  # type: ignore[union-attr]
    part: nn.Module = whole.get_encoder() if is_two_part else whole.base_model  # type: ignore[operator, assignment]
    return part


def train(  # noqa: PLR0913  # as every kind of deep classifier is trained
    texts: Sequence[str],
    targets: Targets,
    *,
    concepts: Sequence[str],
    settings: HuggingFaceClassifierSettings,
    base: Path,
    job: Job,
    checkpoints: Path | None = None,
    validation: tuple[Sequence[str], Targets] | None = None,
    start_from: Path | None = None,
) -> HuggingFaceNetwork:
    """Train a base model as the dictionaries say; what is given is as for `training.fit`.

    Where a text has exactly one concept, one with none teaches nothing, and one with several
    counts once for each. Without validation, the last state is taken for the best.

    Raises:
        JobCancelled: the analyst asked to stop.
        UserError: a dictionary is refused, or memory is short.
    """
    is_exclusive = learns_one_concept(settings, len(concepts))
    asked = settings.model_config.get("problem_type")
    if asked and (asked == SINGLE) != is_exclusive:
        job.note(_("“problem_type” follows how many concepts a text has."))
    tokenizer = tokenizer_of(base, settings)
    max_tokens = most_tokens(tokenizer, config_of(base))
    head = _head(concepts, tokenizer, is_exclusive=is_exclusive)
    lessons = [
        _lessons(_read(tokenizer, some, max_tokens, job), theirs, is_exclusive=is_exclusive)
        for some, theirs in ((texts, targets), validation or ((), targets[:0]))
    ]
    kind = AutoModelForSequenceClassification
    make = partial(make_network, kind, base, settings, task=TASK, start_from=start_from, **head)
    course = Course(
        settings=settings,
        make=make,
        lessons=lessons[0],
        checked=lessons[1],
        collate=_collate(int(tokenizer.pad_token_id or 0), is_exclusive=is_exclusive),
        base=base,
    )
    return HuggingFaceNetwork(run(course, job, checkpoints), tokenizer, is_exclusive, max_tokens)


def load(
    folder: Path,
    *,
    concepts: Sequence[str],
    settings: HuggingFaceClassifierSettings,
    base: Path | None,
) -> HuggingFaceNetwork:
    """Read what `HuggingFaceNetwork.save` wrote; it answers exactly as before.

    Args:
        folder: of the trained model.
        concepts: that it was trained for.
        settings: that it was trained with.
        base: the folder of its base model; needed where only an adapter was kept.

    Raises:
        WeightsDamagedError: a file is missing, cut short or changed.
    """
    is_exclusive = learns_one_concept(settings, len(concepts))
    tokenizer = tokenizer_of(folder, settings)
    network = load_network(
        AutoModelForSequenceClassification,
        folder,
        base,
        settings,
        task=TASK,
        **_head(concepts, tokenizer, is_exclusive=is_exclusive),
    )
    network = network.to(device_here(settings.device))
    return HuggingFaceNetwork(
        network,
        tokenizer,
        is_exclusive,
        most_tokens(tokenizer, network.config),  # type: ignore[arg-type]
    )


def _head(
    concepts: Sequence[str], tokenizer: PreTrainedTokenizerBase, *, is_exclusive: bool
) -> dict[str, Any]:
    """Return what the config of a network with a head for these concepts says."""
    return {
        "num_labels": len(concepts),
        "id2label": dict(enumerate(concepts)),
        "label2id": {concept: i for i, concept in enumerate(concepts)},
        "problem_type": SINGLE if is_exclusive else MULTI,
        "pad_token_id": tokenizer.pad_token_id,
    }


def _read(
    tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], max_tokens: int, job: Job
) -> list[list[int]]:
    """Return the tokens of each text; one without any has the mark that fills up."""
    read: list[list[int]] = []
    for start in range(0, len(texts), TEXTS_READ_AT_ONCE):
        job.report(_("Reading"), start, len(texts))
        some = list(texts[start : start + TEXTS_READ_AT_ONCE])
        read += tokenizer(some, truncation=True, max_length=max_tokens)["input_ids"]
    filler = int(tokenizer.pad_token_id or 0)
    return [ids or [filler] for ids in read]


def _lessons(
    read: Sequence[list[int]], targets: Targets, *, is_exclusive: bool
) -> list[dict[str, Any]]:
    if not is_exclusive:
        rows = np.asarray(targets, np.float32).tolist()
        return [{"ids": ids, "label": row} for ids, row in zip(read, rows, strict=True)]
    return [
        {"ids": ids, "label": int(column)}
        for ids, row in zip(read, np.asarray(targets), strict=True)
        for column in np.flatnonzero(row)
    ]


def _collate(pad: int, *, is_exclusive: bool) -> Callable[[Sequence[Lesson]], dict[str, Tensor]]:
    def collate(lessons: Sequence[Lesson]) -> dict[str, Tensor]:
        ids, mask = padded([lesson["ids"] for lesson in lessons], pad, torch.device("cpu"))
        kind = torch.int64 if is_exclusive else torch.float32
        labels = torch.tensor([lesson["label"] for lesson in lessons], dtype=kind)
        return {"input_ids": ids, "attention_mask": mask, "labels": labels}

    return collate
