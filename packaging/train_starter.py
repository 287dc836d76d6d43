"""Train the small language model that ships with Textwright, from nothing.

python3 packaging/train_starter.py --data FOLDER --out resources/base_models/textwright-starter

FOLDER holds the public sets that are read beside our own text (banking77/train.csv and so on);
without it the starter learns from our own text only.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import math
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starter_model import new_model
from starter_text import Lines, Row, documents, read_lines, rows
from starter_tokenizer import END, PAD, VOCABULARY, train_tokenizer

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer
    from transformers import GPTNeoForCausalLM

TOKENIZER_DOCUMENTS = 25_000
LENGTH = 256  # tokens in a row; the positions are drawn from twice as many
POSITIONS = 512
SHARE_FROM_ZERO = 0.6
SAVE_EVERY_S = 240.0
LARGEST_GRADIENT = 1.0
NOT_LEARNED, CHUNK = -100, 256


@dataclass(frozen=True)
class Plan:
    """How large the starter becomes, and how it learns."""

    minutes: float = 60.0
    steps: int = 0  # more than 0: so many steps, whatever time they take
    device: str = "cpu"
    seed: int = 13
    vocabulary: int = VOCABULARY
    tokenizer_documents: int = TOKENIZER_DOCUMENTS
    hidden: int = 320
    layers: int = 6
    heads: int = 5
    batch: int = 8
    rate: float = 1e-3
    warm_up: int = 150


def train(plan: Plan, data: Path | None, out: Path) -> dict[str, float]:
    """Train a starter, keep it in `out`, and return what was measured at the end."""
    import torch

    torch.manual_seed(plan.seed)
    lines = read_lines(data)
    print(f"{len(lines.own)} lines of our own, {len(lines.public)} public ones", flush=True)
    if not lines.public:
        print("No public sets here: learning from our own text only.", flush=True)
    tokenizer = _tokenizer(plan, lines)
    with torch.device(plan.device):
        model = _model(plan, tokenizer)
    print(f"{sum(part.numel() for part in model.parameters()):,} weights", flush=True)
    _save_tokenizer(tokenizer, out)
    rng = random.Random(plan.seed)
    source = rows(documents(lines, rng), tokenizer, LENGTH, rng)
    _learn(model, plan, source, out)
    save(model, out)
    return measure(model, tokenizer, lines, plan.device)


def _tokenizer(plan: Plan, lines: Lines) -> Tokenizer:
    source = documents(lines, random.Random(plan.seed + 1))
    some = itertools.islice(source, plan.tokenizer_documents)
    texts = ["".join(text for text, _ in document) for document in some]
    return train_tokenizer(texts, plan.vocabulary)


def _model(plan: Plan, tokenizer: Tokenizer) -> GPTNeoForCausalLM:
    from transformers import GPTNeoConfig

    end = tokenizer.token_to_id(END)
    config = GPTNeoConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=plan.hidden,
        num_layers=plan.layers,
        num_heads=plan.heads,
        attention_types=[[["global", "local"], plan.layers // 2]],
        max_position_embeddings=POSITIONS,
        window_size=LENGTH,
        activation_function="relu",
        attention_dropout=0.0,
        resid_dropout=0.0,
        embed_dropout=0.0,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=tokenizer.token_to_id(PAD),
    )
    return new_model(config)


def _learn(model: GPTNeoForCausalLM, plan: Plan, source: Iterator[Row], out: Path) -> None:
    import torch

    decayed = [part for part in model.parameters() if part.dim() > 1]
    others = [part for part in model.parameters() if part.dim() == 1]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), fused=True)
    started = saved = time.monotonic()
    smooth, step = 0.0, 0
    with _quick_attention(model):
        while True:
            done = (
                step / plan.steps
                if plan.steps
                else (time.monotonic() - started) / (plan.minutes * 60)
            )
            if done >= 1:
                break
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * _factor(step, done, plan.warm_up)
            loss = _loss(model, _batch(source, plan), plan.device)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), LARGEST_GRADIENT)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            smooth = loss.item() if step == 1 else 0.98 * smooth + 0.02 * loss.item()
            if step % 100 == 0:
                speed = step * plan.batch * LENGTH / (time.monotonic() - started)
                print(f"{done:6.1%} step {step} loss {smooth:.3f} {speed:.0f} tokens/s", flush=True)
            if time.monotonic() - saved > SAVE_EVERY_S:
                saved = time.monotonic()
                save(model, out)


def _factor(step: int, done: float, warm_up: int) -> float:
    """Return the share of the learning rate: a warm-up, then half a cosine down to 3 %."""
    return min(1.0, (step + 1) / max(1, warm_up)) * (
        0.03 + 0.97 * (1 + math.cos(math.pi * done)) / 2
    )


def _batch(source: Iterator[Row], plan: Plan) -> tuple[list[list[int]], list[list[bool]]]:
    tokens, learned = zip(*itertools.islice(source, plan.batch), strict=True)
    return list(tokens), list(learned)


def _loss(
    model: GPTNeoForCausalLM, batch: tuple[list[list[int]], list[list[bool]]], device: str
) -> torch.Tensor:
    """Return the mean loss over the tokens to be learned; places begin at a random position."""
    import torch

    tokens = torch.tensor(batch[0], device=device)
    learned = torch.tensor(batch[1], device=device)[:, 1:]
    starts = torch.randint(0, POSITIONS - LENGTH, (len(tokens), 1), device=device)
    starts[torch.rand(len(tokens), 1, device=device) < SHARE_FROM_ZERO] = 0
    places = starts + torch.arange(tokens.shape[1], device=device)
    wanted = torch.where(learned, tokens[:, 1:], NOT_LEARNED).flatten()
    # A multiple of a fixed number: for each new shape the processor's kernels are made anew.
    chosen = torch.argsort(learned.flatten().int(), descending=True, stable=True)
    chosen = chosen[: -(-int(learned.sum()) // CHUNK) * CHUNK]
    with torch.autocast(torch.device(device).type, dtype=torch.bfloat16):
        hidden = model.transformer(input_ids=tokens, position_ids=places, use_cache=False)[0]
        scores = model.lm_head(hidden[:, :-1].flatten(0, 1)[chosen])
    return torch.nn.functional.cross_entropy(
        scores.float(), wanted[chosen], ignore_index=NOT_LEARNED
    )


@contextlib.contextmanager
def _quick_attention(model: GPTNeoForCausalLM) -> Iterator[None]:
    """Let the layers use the fused attention: in rows of one window all layers see everything.

    GPT-Neo does not divide the scores by the root of the head size, and learning without that
    ends with heads that look at one token only. So it is divided here, and `save` puts the
    divisor into the weights.
    """
    from torch.nn.functional import scaled_dot_product_attention

    def attend(query: Any, key: Any, value: Any, _mask: Any = None) -> tuple[Any, None]:  # noqa: ANN401
        return scaled_dot_product_attention(query, key, value, is_causal=True), None

    blocks: Any = model.transformer.h
    layers = [block.attn.attention for block in blocks]
    for layer in layers:
        layer._attn = attend  # noqa: SLF001
    try:
        yield
    finally:
        for layer in layers:
            del layer._attn  # noqa: SLF001


def save(model: GPTNeoForCausalLM, out: Path) -> None:
    """Keep the weights in half precision, the scores' divisor in them; see `_quick_attention`."""
    head = model.config.hidden_size // model.config.num_heads
    halved = {
        name: (part / head**0.5 if "q_proj" in name else part).detach().cpu().half()
        for name, part in model.state_dict().items()
        if name != "lm_head.weight"  # the embeddings once more
    }
    with tempfile.TemporaryDirectory(dir=out.parent) as aside:
        model.save_pretrained(aside, state_dict=halved)
        _into(Path(aside), out)


def _save_tokenizer(tokenizer: Tokenizer, out: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    out.mkdir(parents=True, exist_ok=True)
    wrapped = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token=END,
        eos_token=END,
        pad_token=PAD,
        model_max_length=POSITIONS,
        clean_up_tokenization_spaces=False,
    )
    with tempfile.TemporaryDirectory(dir=out.parent) as aside:
        wrapped.save_pretrained(aside)
        _into(Path(aside), out)


def _into(aside: Path, out: Path) -> None:
    for path in aside.iterdir():
        path.chmod(0o644)
        path.replace(out / path.name)


def measure(
    model: GPTNeoForCausalLM, tokenizer: Tokenizer, lines: Lines, device: str
) -> dict[str, float]:
    """Return the perplexity on text that was not learned: tasks' answers, sentences, lines."""
    import torch

    rng = random.Random(2024)
    kinds = {
        "answers": (document for document in documents(lines, rng) if len(document) > 1),
        "passages": (doc for doc in documents(Lines([""], [], []), rng) if len(doc[0][0]) > 80),  # noqa: PLR2004
        "held_out_lines": ([(line, True)] for line in itertools.cycle(lines.held_out)),
    }
    found = {}
    for kind, source in kinds.items():
        taken = itertools.islice(rows(iter(source), tokenizer, LENGTH, rng), 16)
        tokens, learned = zip(*taken, strict=True)
        torch.manual_seed(0)
        with torch.inference_mode(), _quick_attention(model):
            loss = _loss(model, (list(tokens), list(learned)), device).item()
        found[kind] = round(math.exp(loss), 3)
    return found


def main(argv: list[str]) -> int:
    """Train with what the command line says and print what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of the public sets")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=Plan.minutes)
    parser.add_argument("--steps", type=int, default=0, help="so many steps instead of minutes")
    parser.add_argument("--device", help="cpu or cuda; cuda where there is one")
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--threads", type=int, default=2)
    order = parser.parse_args(argv)
    import torch

    torch.set_num_threads(order.threads)
    device = order.device or ("cuda" if torch.cuda.is_available() else "cpu")
    plan = Plan(minutes=order.minutes, steps=order.steps, device=device, seed=order.seed)
    print(json.dumps(train(plan, order.data, order.out)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
