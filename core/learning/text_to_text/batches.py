"""Texts and their answers side by side, as a network takes them, and what it loses on them."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from core.learning.fine_tuning import LOSS_KEPT_APART, Batch, Checked
from core.learning.text_to_text.encoding import IGNORED, Encoded
from core.learning.text_to_text.reading import Reader

# Families whose scores are the product of the last layer and the words, and nothing else: of
# these, only the scores of tokens that count are worked out.
_PLAIN_HEADS = ("gpt_neo", "gpt2", "opt", "llama", "mistral", "qwen2", "qwen3")


def collate(
    encoded: Sequence[Encoded], reader: Reader, *, learns_prompt: bool, device: torch.device
) -> dict[str, Tensor]:
    """Return what a network of transformers is called with, padded on the right.

    Args:
        encoded: texts with their answers.
        reader: of the base model.
        learns_prompt: whether a causal model learns the prompt, too.
        device: where the tensors shall be.

    Returns:
        input_ids, attention_mask and labels, (n_texts, longest) each; labels that do not count
        are `IGNORED`.
    """
    if reader.writes_apart:
        inputs, labels = [e.prompt for e in encoded], [e.answer for e in encoded]
    else:
        inputs = [e.ids for e in encoded]
        labels = [e.labels(learns_prompt=learns_prompt) for e in encoded]
    mask = [(1,) * len(row) for row in inputs]
    rows = {
        "input_ids": _padded(inputs, reader.pad),
        "attention_mask": _padded(mask, 0),
        "labels": _padded(labels, IGNORED),
    }
    return {name: tensor.to(device) for name, tensor in rows.items()}


def _padded(rows: Sequence[Sequence[int]], filling: int) -> Tensor:
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[filling] * (longest - len(row))] for row in rows])


class WritingLessons:
    """What a network that writes learns from, and what it is checked with."""

    def __init__(  # noqa: PLR0913  # a network, what it reads, and where
        self,
        network: nn.Module,
        reader: Reader,
        encoded: Sequence[Encoded],
        checks: Sequence[Encoded],
        *,
        learns_prompt: bool,
        device: torch.device,
        precision: torch.dtype,
        tokens_at_once: int,
    ) -> None:
        self._network, self._reader = network, reader
        self._encoded, self._checks = encoded, sorted(checks, key=lambda e: len(e.ids))
        self._learns_prompt = learns_prompt and not reader.writes_apart
        self._device, self._precision = device, precision
        self._tokens_at_once = tokens_at_once

    @property
    def lengths(self) -> list[int]:
        """Return the tokens of each text with its answer, (n_texts,)."""
        return [len(e.ids) for e in self._encoded]

    def weight(self, rows: Batch) -> float:
        """Return how many tokens of these texts count."""
        return float(sum(self._n_counting(self._encoded[i]) for i in rows))

    def loss(self, rows: Batch) -> Tensor:
        """Return the summed loss of the tokens that count."""
        return self._loss([self._encoded[i] for i in rows])

    def check(self, tick: Callable[[], None]) -> Checked | None:
        """Return the mean loss of a token on the texts kept apart; lower is better."""
        if not self._checks:
            return None
        total = 0.0
        with torch.inference_mode(), self._autocast():
            for part in self._parts():
                total += float(self._loss(part))
                tick()
        mean = total / max(1, sum(map(self._n_counting, self._checks)))
        return Checked(mean, -mean, LOSS_KEPT_APART)

    def _autocast(self) -> torch.autocast:
        is_half = self._precision == torch.bfloat16
        return torch.autocast(self._device.type, torch.bfloat16, enabled=is_half)

    def _parts(self) -> list[list[Encoded]]:
        parts: list[list[Encoded]] = []
        for one in self._checks:
            part = parts[-1] if parts else []
            if part and (len(part) + 1) * len(one.ids) <= self._tokens_at_once:
                part.append(one)
            else:
                parts.append([one])
        return parts

    def _n_counting(self, one: Encoded) -> int:
        """Count tokens that are predicted: nothing stands before the first of a causal model."""
        return len(one.ids) - 1 if self._learns_prompt else len(one.answer)

    def _loss(self, part: Sequence[Encoded]) -> Tensor:
        batch = collate(part, self._reader, learns_prompt=self._learns_prompt, device=self._device)
        labels = batch.pop("labels")
        if self._reader.writes_apart:
            scores = self._network(**batch, labels=labels).logits
            return _summed(scores.flatten(0, 1), labels.flatten())
        counts = labels[:, 1:] != IGNORED
        return _summed(self._scores(batch, counts), labels[:, 1:][counts])

    def _scores(self, batch: dict[str, Tensor], counts: Tensor) -> Tensor:
        """Return the scores of the tokens before those that count, (n_counting, n_words)."""
        plain: Any = getattr(self._network, "get_base_model", lambda: self._network)()
        if plain.config.model_type not in _PLAIN_HEADS:
            whole: Tensor = self._network(**batch, use_cache=False).logits
            return whole[:, :-1][counts]
        read = plain.base_model(**batch, use_cache=False).last_hidden_state
        found: Tensor = plain.get_output_embeddings()(read[:, :-1][counts])
        return found


def _summed(scores: Tensor, labels: Tensor) -> Tensor:
    return nn.functional.cross_entropy(
        scores.float(), labels, ignore_index=IGNORED, reduction="sum"
    )
