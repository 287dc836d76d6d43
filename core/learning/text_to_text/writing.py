"""Writing answers: token by token, many texts at a time, or piece by piece for one that waits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import torch
from tokenizers.decoders import DecodeStream
from torch import LongTensor, Tensor
from transformers import GenerationConfig, PreTrainedModel
from transformers.generation.logits_process import (
    LogitsProcessor,
    LogitsProcessorList,
    NoRepeatNGramLogitsProcessor,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)
from transformers.generation.stopping_criteria import StoppingCriteria, StoppingCriteriaList

from core.learning.text_to_text.generation import Generation, repeated_tail
from core.learning.text_to_text.reading import Reader

COLDEST = 1e-3  # a temperature below it only ever draws the likeliest, or overflows
MOST_AT_ONCE = 48  # answers; more are no quicker on a processor
MOST_TOKENS_AT_ONCE = 16_384  # of prompts and answers: what the cache holds
_SHRINK = 0.75  # the share of unfinished answers from which on the others are dropped

Tick = Callable[[], None]


@dataclass
class Answer:
    """An answer while it is written.

    Attributes:
        reader: of the model.
        how: it is written.
        most: tokens.
        ends: tokens that end it.
        ids: its tokens so far. text: its words so far.
        is_done: whether it is finished.
        ending: why it ended before the model ended it: "longest" or "repeats"; else "".
    """

    reader: Reader
    how: Generation
    most: int
    ends: frozenset[int]
    ids: list[int] = field(default_factory=list)
    text: str = ""
    is_done: bool = False
    ending: str = ""
    _stream: DecodeStream = field(default_factory=lambda: DecodeStream(skip_special_tokens=True))

    def add(self, token: int) -> None:
        """Add a token; characters appear only once all of their bytes are there."""
        if token in self.ends:
            self.is_done = True
            return
        self.ids.append(token)
        self.text += self._stream.step(self.reader.tokenizer, token) or ""
        stop = self.how.stop_text
        n_repeated = repeated_tail(self.ids)
        if stop and stop in self.text:
            self.text = self.text[: self.text.index(stop)]
            self.is_done = True
        elif n_repeated:
            self.ids = self.ids[:-n_repeated]
            self.text = self.reader.write(self.ids)
            self.is_done, self.ending = True, "repeats"
        elif len(self.ids) >= self.most:
            self.is_done, self.ending = True, "longest"

    @property
    def words(self) -> str:
        """Return the answer as it is given."""
        return self.text.strip()

    @property
    def certain(self) -> str:
        """Return what will stay whatever follows: no half of a stop text, no space at the end."""
        text = self.text.lstrip()
        stop = self.how.stop_text
        for n_begun in range(min(len(stop), len(text)), 0, -1):
            if text.endswith(stop[:n_begun]):
                text = text[:-n_begun]
                break
        return text.rstrip()


class Pen:
    """Writes answers with a network."""

    def __init__(self, network: PreTrainedModel, reader: Reader) -> None:
        self._network, self._reader = network, reader
        self._device = network.device

    def write(
        self, prompts: Sequence[tuple[int, ...]], how: Generation, tick: Callable[[int], None]
    ) -> list[str]:
        """Return an answer to each prompt.

        Args:
            prompts: tokens, as `encoding.encode_prompt` makes them.
            how: they are answered.
            tick: told after each token how many answers are done; raises `JobCancelled`.
        """
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        answers = [""] * len(prompts)
        n_done = 0
        for rows in _packed(order, prompts, how):
            started = n_done
            found = self._answer([prompts[i] for i in rows], how, lambda n: tick(started + n))  # noqa: B023
            for i, answer in zip(rows, found, strict=True):
                answers[i] = answer.words
            n_done += len(rows)
            tick(n_done)
        return answers

    def stream(
        self, prompt: tuple[int, ...], how: Generation, piece: Callable[[str], None], tick: Tick
    ) -> Answer:
        """Return the answer to a prompt, and hand on what is certain of it as it is written.

        Args:
            prompt: as in `write`.
            how: it is answered.
            piece: given each next piece; all together they are the answer, or begin with it
                where it turned in circles.
            tick: called after each token; raises `JobCancelled`.
        """
        shown = ""

        def show(answer: Answer) -> None:
            nonlocal shown
            certain = answer.words if answer.is_done else answer.certain
            if len(certain) > len(shown) and certain.startswith(shown):
                piece(certain[len(shown) :])
                shown = certain

        [answer] = self._answer([prompt], how, lambda _n: tick(), show)
        show(answer)
        return answer

    def _answer(
        self,
        prompts: Sequence[tuple[int, ...]],
        how: Generation,
        tick: Callable[[int], None],
        show: Callable[[Answer], None] | None = None,
    ) -> list[Answer]:
        longest = max(map(len, prompts))
        most = how.max_new_tokens
        if self._reader.positions is not None and not self._reader.writes_apart:
            most = max(1, min(most, self._reader.positions - longest))
        ends = frozenset(_ends(self._network, self._reader))
        answers = [Answer(self._reader, how, most, ends) for _prompt in prompts]
        with torch.inference_mode():
            if how.num_beams > 1:
                self._weigh_beams(prompts, answers, tick)
            else:
                self._go_on(prompts, answers, tick, show)
        return answers

    def _go_on(
        self,
        prompts: Sequence[tuple[int, ...]],
        answers: list[Answer],
        tick: Callable[[int], None],
        show: Callable[[Answer], None] | None,
    ) -> None:
        """Write the next token of each answer until all are done."""
        choose = _Choice(answers[0].how, self._device)
        step = _Steps(self._network, *padded(prompts, self._reader, self._device))
        open_rows = list(range(len(answers)))
        written = torch.zeros((len(answers), 0), dtype=torch.long, device=self._device)
        scores = step.begin(self._reader.writes_apart)
        while True:
            tokens = choose(written, scores)
            written = torch.cat([written, tokens[:, None]], dim=1)
            for row, token in zip(open_rows, tokens.tolist(), strict=True):
                if not answers[row].is_done:
                    answers[row].add(token)
            if show:
                show(answers[0])
            tick(sum(answer.is_done for answer in answers))
            left = [i for i, row in enumerate(open_rows) if not answers[row].is_done]
            if not left:
                return
            if len(left) <= _SHRINK * len(open_rows):
                open_rows = [open_rows[i] for i in left]
                kept = torch.tensor(left, device=self._device)
                written, tokens = written[kept], tokens[kept]
                step.keep(kept)
            scores = step.next(tokens)

    def _weigh_beams(
        self,
        prompts: Sequence[tuple[int, ...]],
        answers: list[Answer],
        tick: Callable[[int], None],
    ) -> None:
        """Let transformers weigh several beginnings of each answer side by side."""
        how = answers[0].how
        ids, mask = padded(prompts, self._reader, self._device)
        skipped = 1 if self._reader.writes_apart else ids.shape[1]
        processors = _against_repeating(how)
        config = GenerationConfig(  # type: ignore[no-untyped-call]
            num_beams=how.num_beams,
            max_new_tokens=answers[0].most,
            early_stopping=True,
            eos_token_id=sorted(answers[0].ends),
            pad_token_id=self._reader.pad,
            decoder_start_token_id=self._network.config.to_dict().get("decoder_start_token_id"),
            **_freedom(how),
        )
        with torch.random.fork_rng([self._device] if self._device.type == "cuda" else []):
            torch.manual_seed(how.seed)
            found = self._network.generate(  # type: ignore[operator]  # a mixin's
                input_ids=ids,
                attention_mask=mask,
                generation_config=config,
                logits_processor=LogitsProcessorList([_OfWritten(p, skipped) for p in processors]),
                stopping_criteria=StoppingCriteriaList([_Patience(lambda: tick(0))]),
            )
        for answer, row in zip(answers, found[:, skipped:].tolist(), strict=True):
            for token in row:
                if not answer.is_done:
                    answer.add(token)


class _Steps:
    """A network that remembers what it read, and the rows of a batch in it."""

    def __init__(self, network: PreTrainedModel, ids: Tensor, mask: Tensor) -> None:
        self._network, self._ids, self._mask = network, ids, mask
        self._encoded: Any = None
        self._cache: Any = None

    def begin(self, writes_apart: bool) -> Tensor:  # noqa: FBT001
        """Read the prompts; return (n_rows, n_words) scores of the first tokens."""
        if writes_apart:
            self._encoded = self._network.get_encoder()(
                input_ids=self._ids, attention_mask=self._mask
            )
            start = self._network.config.to_dict()["decoder_start_token_id"]
            return self._forward(
                decoder_input_ids=torch.full_like(self._ids[:, :1], start),
                encoder_outputs=self._encoded,
                attention_mask=self._mask,
            )
        return self._forward(
            input_ids=self._ids, attention_mask=self._mask, position_ids=positions_of(self._mask)
        )

    def next(self, tokens: Tensor) -> Tensor:
        """Read the tokens that were chosen, (n_rows,); return scores of those that follow."""
        if self._encoded is not None:
            return self._forward(
                decoder_input_ids=tokens[:, None],
                encoder_outputs=self._encoded,
                attention_mask=self._mask,
                past_key_values=self._cache,
            )
        self._mask = torch.cat([self._mask, torch.ones_like(self._mask[:, :1])], dim=1)
        return self._forward(
            input_ids=tokens[:, None],
            attention_mask=self._mask,
            position_ids=positions_of(self._mask)[:, -1:],
            past_key_values=self._cache,
        )

    def keep(self, rows: Tensor) -> None:
        """Forget all rows but these."""
        self._mask = self._mask[rows]
        self._cache.batch_select_indices(rows)
        if self._encoded is not None:
            self._encoded.last_hidden_state = self._encoded.last_hidden_state[rows]

    def _forward(self, **inputs: Any) -> Tensor:  # noqa: ANN401
        found = self._network(**inputs, use_cache=True)
        self._cache = found.past_key_values
        scores: Tensor = found.logits[:, -1].float()
        return scores


class _Choice:
    """Chooses the next token of each row."""

    def __init__(self, how: Generation, device: torch.device) -> None:
        self._is_free = how.temperature >= COLDEST
        self._processors = LogitsProcessorList(_against_repeating(how))
        if self._is_free:
            self._processors += _warpers(how)
        self._random = torch.Generator(device).manual_seed(how.seed)

    def __call__(self, written: Tensor, scores: Tensor) -> Tensor:
        """Return the tokens, (n_rows,), for (n_rows, n_words) scores."""
        scores = self._processors(cast(LongTensor, written), scores)
        if not self._is_free:
            return scores.argmax(dim=-1)
        shares = scores.softmax(dim=-1)
        return torch.multinomial(shares, 1, generator=self._random)[:, 0]


class _OfWritten(LogitsProcessor):
    """Shows a processor what is written only, not the prompt before it."""

    def __init__(self, processor: LogitsProcessor, n_prompt: int) -> None:
        self._processor, self._n_prompt = processor, n_prompt

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        found: Tensor = self._processor(input_ids[:, self._n_prompt :], scores)
        return found


class _Patience(StoppingCriteria):
    """Never stops, but lets the analyst."""

    def __init__(self, tick: Tick) -> None:
        self._tick = tick

    def __call__(self, input_ids: Tensor, scores: Tensor, **_more: Any) -> Tensor:  # noqa: ANN401
        self._tick()
        return torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)


def _against_repeating(how: Generation) -> list[LogitsProcessor]:
    processors: list[LogitsProcessor] = []
    if how.repetition_penalty > 1:
        processors.append(RepetitionPenaltyLogitsProcessor(how.repetition_penalty))
    if how.no_repeat_ngram_size:
        processors.append(NoRepeatNGramLogitsProcessor(how.no_repeat_ngram_size))
    return processors


def _warpers(how: Generation) -> list[LogitsProcessor]:
    warpers: list[LogitsProcessor] = [TemperatureLogitsWarper(float(how.temperature))]
    if how.top_k:
        warpers.append(TopKLogitsWarper(how.top_k))
    if how.top_p < 1:
        warpers.append(TopPLogitsWarper(how.top_p))
    return warpers


def _freedom(how: Generation) -> dict[str, Any]:
    if how.temperature < COLDEST:
        return {"do_sample": False}
    return {
        "do_sample": True,
        "temperature": float(how.temperature),
        "top_k": how.top_k,
        "top_p": how.top_p,
    }


def _ends(network: PreTrainedModel, reader: Reader) -> list[int]:
    """Return all tokens that end an answer: ours, and those that the model came with."""
    own = network.generation_config.eos_token_id if network.generation_config else None
    return [reader.end, *(own if isinstance(own, list) else [own] if own is not None else [])]


def _packed(
    order: Sequence[int], prompts: Sequence[tuple[int, ...]], how: Generation
) -> list[list[int]]:
    """Deal texts of similar length to batches that fit into memory."""
    batches: list[list[int]] = []
    for i in order:
        batch = batches[-1] if batches else []
        size = (len(batch) + 1) * (len(prompts[i]) + how.max_new_tokens) * how.num_beams
        if batch and len(batch) < MOST_AT_ONCE and size <= MOST_TOKENS_AT_ONCE:
            batch.append(i)
        else:
            batches.append([i])
    return batches[::-1]  # the longest first: if memory is short, it is at once


def padded(
    prompts: Sequence[Sequence[int]], reader: Reader, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Return prompts as one matrix, (n_rows, longest), and which of its tokens are real.

    Those of a causal model all end at the same place, as their answers go on there; those of a
    network that only reads all begin at the same place, as it counts from there.
    """
    longest = max(map(len, prompts))
    ids = torch.full((len(prompts), longest), reader.pad, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        start = 0 if reader.writes_apart else longest - len(prompt)
        ids[row, start : start + len(prompt)] = torch.tensor(prompt, dtype=torch.long)
        mask[row, start : start + len(prompt)] = 1
    return ids.to(device), mask.to(device)


def positions_of(mask: Tensor) -> Tensor:
    """Return the place of each token among the real ones of its row, from 0."""
    return (mask.cumsum(dim=-1) - 1).clamp(min=0)
