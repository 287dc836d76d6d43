"""What a training will take: bytes and seconds, told before it starts, and what would need less.

Nothing heavy is imported here: free memory is passed in, as psutil and torch count it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from core.i18n import N_, _

STATES = 12  # bytes a weight that learns takes beside itself: a gradient and two moments, float32
PROGRAM = 700_000_000  # the program with its libraries, once it learns
SLACK = 1.15  # what allocators keep and lists take
KEPT = 34.0  # values that a layer keeps per token and hidden value, worked out in half precision
KEPT_THRIFTY = 2.0  # of these, where the rest is worked out again
THRIFTY_TIME = 1.33
HALF_SPEED, FULL_SPEED = 1.5e11, 5e10  # multiplications and additions a second of two cores
GRAPHICS_SPEED = 3e13
FLOPS = 6  # per weight and token: two to read, four to learn
MATCHED = 0.9  # of free memory that a training may take


class Remedy(StrEnum):
    """What lets a training fit into memory, the least painful first."""

    SMALLER_BATCH = "smaller-batch"
    SAVE_MEMORY = "save-memory"
    SHORTER_TEXTS = "shorter-texts"
    LORA = "lora"
    SMALLER_MODEL = "smaller-model"


_WORDS = {
    Remedy.SMALLER_BATCH: N_("Work out fewer texts at a time; what is learned stays the same."),
    Remedy.SAVE_MEMORY: N_("Keep less and work it out again; takes a third longer."),
    Remedy.SHORTER_TEXTS: N_("Cut texts off earlier."),
    Remedy.LORA: N_("Let matrices beside the network learn instead of the network (LoRA)."),
    Remedy.SMALLER_MODEL: N_("Choose a smaller base model."),
}


@dataclass(frozen=True, kw_only=True)
class Work:
    """What is to be learned by what.

    Attributes:
        n_parameters: weights of the base model.
        trained_share: of them that learn, in [0, 1]; of LoRA, what is added.
        hidden_size: length of a hidden state.
        n_layers: of the base model.
        n_heads: of attention; what is kept of it grows with the square of a text's tokens.
        batch_size: texts worked out at once.
        n_tokens: of the longest texts, as they are cut off.
        mean_tokens: of a text on average; decides the time.
        n_texts: to learn from.
        n_epochs: rounds over them.
        is_half: whether products are worked out in bfloat16.
        is_graphics: whether a graphics processor works them out.
        saves_memory: whether less is kept and worked out again.
        tokens_at_once: a batch with more is worked out in parts.
        words_share: of the weights, those of words, which most steps do not touch.
    """

    n_parameters: int
    trained_share: float = 1.0
    hidden_size: int
    n_layers: int
    n_heads: int = 12
    batch_size: int
    n_tokens: int
    mean_tokens: float
    n_texts: int
    n_epochs: int
    is_half: bool = False
    is_graphics: bool = False
    saves_memory: bool = False
    tokens_at_once: int = 2_048
    words_share: float = 0.0


@dataclass(frozen=True)
class Costs:
    """An estimate.

    Attributes:
        memory: bytes at the peak, on the device that works.
        disk: bytes of the checkpoints that are kept on the way.
        seconds: of the whole training, if nothing ends it earlier.
    """

    memory: int
    disk: int
    seconds: float


def estimate(work: Work, *, speed: float = 0.0) -> Costs:
    """Estimate what a training takes.

    Args:
        work: what is to be learned.
        speed: multiplications and additions a second, as measured here; 0 guesses carefully.
    """
    learning = work.n_parameters * work.trained_share
    weights = 4.0 * work.n_parameters + STATES * learning + 4.0 * learning  # the best is kept, too
    if work.is_half:
        weights += 2.0 * work.n_parameters * (1 - work.words_share)
    memory = SLACK * (weights + _kept(work)) + (0 if work.is_graphics else PROGRAM)
    disk = 2 * 4 * 4.0 * learning
    return Costs(int(memory), int(disk), _seconds(work, speed))


def remedies(work: Work, free_memory: int, *, can_lora: bool = True) -> list[tuple[Remedy, Work]]:
    """Return what lets a training fit that does not, the least painful first, each on its own.

    Args:
        work: as it is asked for.
        free_memory: bytes that a training may take.
        can_lora: whether the training could learn beside the network instead.

    Returns:
        Each remedy that is enough alone, with the work that it leaves; where none is, all of
        them with what they leave together; `SMALLER_MODEL` where that is too much. Empty if it
        fits as it is.
    """
    if fits(work, free_memory):
        return []
    tried: list[tuple[Remedy, Callable[[Work], Work]]] = [
        (Remedy.SMALLER_BATCH, _halved),
        (Remedy.SAVE_MEMORY, lambda w: replace(w, saves_memory=True)),
        (Remedy.SHORTER_TEXTS, _shortened),
    ]
    if can_lora and work.trained_share > _LORA_SHARE:
        tried.append((Remedy.LORA, lambda w: replace(w, trained_share=_LORA_SHARE)))
    found = []
    for remedy, change in tried:
        changed = change(work)
        while not fits(changed, free_memory) and change(changed) != changed:
            changed = change(changed)
        if fits(changed, free_memory):
            found.append((remedy, changed))
    return found or _together(work, tried, free_memory)


def _together(
    work: Work, tried: list[tuple[Remedy, Callable[[Work], Work]]], free_memory: int
) -> list[tuple[Remedy, Work]]:
    """Return remedies one after the other until the work fits."""
    used = []
    for remedy, change in reversed(tried):  # what saves most comes first
        used.append(remedy)
        while not fits(work, free_memory) and change(work) != work:
            work = change(work)
        if fits(work, free_memory):
            return [(each, work) for each in used]
    return [(Remedy.SMALLER_MODEL, work)]


def fits(work: Work, free_memory: int) -> bool:
    """Tell whether a training leaves a little of the free memory."""
    return estimate(work).memory <= MATCHED * free_memory


def remedy_words(remedy: Remedy) -> str:
    """Return what a remedy is, in a sentence."""
    return _(_WORDS[remedy])


_LORA_SHARE = 0.02
_FEWEST_TOKENS = 32


def _halved(work: Work) -> Work:
    return replace(work, batch_size=max(1, work.batch_size // 2))


def _shortened(work: Work) -> Work:
    n_tokens = max(min(_FEWEST_TOKENS, work.n_tokens), work.n_tokens // 2)
    return replace(work, n_tokens=n_tokens, mean_tokens=min(work.mean_tokens, n_tokens))


def _kept(work: Work) -> float:
    """Return the bytes that a step keeps until its gradients are found."""
    at_once = min(work.batch_size * work.n_tokens, max(work.tokens_at_once, work.n_tokens))
    size = 2.0 if work.is_half else 4.0
    per_layer = at_once * work.hidden_size * KEPT * size
    attention = at_once * work.n_tokens * work.n_heads * 2.0 * size
    if work.saves_memory:
        few = at_once * work.hidden_size * KEPT_THRIFTY * size
        return work.n_layers * few + per_layer + attention
    return work.n_layers * (per_layer + attention)


def _seconds(work: Work, speed: float) -> float:
    if not speed:
        speed = HALF_SPEED if work.is_half else FULL_SPEED
        speed = GRAPHICS_SPEED if work.is_graphics else speed
    tokens = work.n_texts * work.mean_tokens * work.n_epochs
    read = work.n_parameters * (1 - work.words_share)
    flops = FLOPS * read * tokens
    return flops / speed * (THRIFTY_TIME if work.saves_memory else 1.0)
