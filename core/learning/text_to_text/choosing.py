"""How likely each of some answers is, so that text-to-text can be judged like a classifier."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from core.learning.splits import Floats
from core.learning.text_to_text.reading import Reader
from core.learning.text_to_text.writing import Tick, padded, positions_of

MOST_TOKENS_AT_ONCE = 16_384  # of prompts, once for every choice


def choice_scores(
    network: PreTrainedModel,
    reader: Reader,
    prompts: Sequence[tuple[int, ...]],
    choices: Sequence[Sequence[tuple[int, ...]]],
    tick: Tick,
) -> Floats:
    """Return the mean log-likelihood of the tokens of each choice, (n_texts, n_choices).

    Each prompt is read once; its choices go on from what was remembered. The mean, not the sum:
    else the shortest choice would win (Brown et al. 2020, arXiv:2005.14165, section 2.4).

    Args:
        network: causal or sequence-to-sequence.
        reader: of it.
        prompts: tokens, as `encoding.encode_prompt` makes them.
        choices: the tokens of each choice behind each prompt, end mark included.
        tick: called after each batch; raises `JobCancelled`.
    """
    found = np.empty((len(prompts), len(choices[0]) if choices else 0), np.float32)
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    score = _apart if reader.writes_apart else _behind
    for rows in _packed(order, prompts, choices):
        with torch.inference_mode():
            ids, mask = padded([prompts[i] for i in rows], reader, network.device)
            for column in _columns(len(rows), ids.shape[1], found.shape[1]):
                wanted = [choices[i][j] for i in rows for j in column]
                scores = score(network, ids, mask, wanted)
                found[np.ix_(rows, column)] = scores.reshape(len(rows), -1).float().cpu().numpy()
                tick()
    return found


def _packed(
    order: Sequence[int],
    prompts: Sequence[tuple[int, ...]],
    choices: Sequence[Sequence[tuple[int, ...]]],
) -> list[list[int]]:
    batches: list[list[int]] = []
    for i in order:
        batch = batches[-1] if batches else []
        if batch and (len(batch) + 1) * len(prompts[i]) * len(choices[i]) <= MOST_TOKENS_AT_ONCE:
            batch.append(i)
        else:
            batches.append([i])
    return batches


def _columns(n_rows: int, n_tokens: int, n_choices: int) -> list[list[int]]:
    """Deal the choices of one prompt to several goes where they are too many for one."""
    at_once = max(1, MOST_TOKENS_AT_ONCE // (n_rows * n_tokens))
    return [list(range(i, min(i + at_once, n_choices))) for i in range(0, n_choices, at_once)]


def _behind(
    network: PreTrainedModel, ids: Tensor, mask: Tensor, choices: list[tuple[int, ...]]
) -> Tensor:
    """Score choices that go on where a causal model's prompt ends, (n_rows * n_columns,)."""
    n_each = len(choices) // len(ids)
    read = network(
        input_ids=ids, attention_mask=mask, position_ids=positions_of(mask), use_cache=True
    )
    cache = read.past_key_values
    cache.batch_repeat_interleave(n_each)
    first = read.logits[:, -1:].repeat_interleave(n_each, dim=0)
    labels, real = _right_padded(choices, ids.device)
    if labels.shape[1] == 1:
        return _mean_likelihood(first, labels, real)
    mask = torch.cat([mask.repeat_interleave(n_each, dim=0), real], dim=1)
    rest = network(
        input_ids=labels[:, :-1],
        attention_mask=mask[:, :-1],
        position_ids=positions_of(mask)[:, -labels.shape[1] : -1],
        past_key_values=cache,
        use_cache=True,
    )
    return _mean_likelihood(torch.cat([first, rest.logits], dim=1), labels, real)


def _apart(
    network: PreTrainedModel, ids: Tensor, mask: Tensor, choices: list[tuple[int, ...]]
) -> Tensor:
    """Score choices that a second network writes, (n_rows * n_columns,)."""
    n_each = len(choices) // len(ids)
    encoded = network.get_encoder()(input_ids=ids, attention_mask=mask)
    encoded.last_hidden_state = encoded.last_hidden_state.repeat_interleave(n_each, dim=0)
    labels, real = _right_padded(choices, ids.device)
    start = network.config.to_dict()["decoder_start_token_id"]
    before = torch.cat([torch.full_like(labels[:, :1], start), labels[:, :-1]], dim=1)
    read = network(
        encoder_outputs=encoded,
        attention_mask=mask.repeat_interleave(n_each, dim=0),
        decoder_input_ids=before,
        use_cache=False,
    )
    return _mean_likelihood(read.logits, labels, real)


def _right_padded(rows: list[tuple[int, ...]], device: torch.device) -> tuple[Tensor, Tensor]:
    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows], device=device)
    real = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, real.to(device)


def _mean_likelihood(scores: Tensor, labels: Tensor, real: Tensor) -> Tensor:
    losses = nn.functional.cross_entropy(
        scores.float().flatten(0, 1), labels.flatten(), reduction="none"
    )
    return -(losses.view_as(labels) * real).sum(dim=1) / real.sum(dim=1)
