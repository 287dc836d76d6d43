"""What the starter reads: documents of our own and of free public sets, packed for training."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starter_sentences import passage
from starter_tasks import Piece, task_document
from starter_tokenizer import END

if TYPE_CHECKING:
    from tokenizers import Tokenizer

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
# Licences that let the text be learned from and the result be given away; train files only.
PUBLIC = ("banking77", "clickbait", "sms_spam")  # CC BY 4.0, MIT, CC BY 4.0
OWN_SAMPLES = ("bank-questions", "spam-or-not", "what-is-asked")
HELD_OUT_EVERY = 20  # of our own lines, one in so many is kept for measuring
SHARE_TASKS, SHARE_PASSAGES, SHARE_PUBLIC = 0.62, 0.22, 0.13
SHARE_READ_PROMPTS = 0.25


@dataclass(frozen=True)
class Lines:
    """Lines that are read from files."""

    own: list[str]
    held_out: list[str]
    public: list[str]


def read_lines(data: Path | None) -> Lines:
    """Return our own lines, and the public ones where their folder is there."""
    own = (RESOURCES / "negatives" / "general.txt").read_text("utf-8").splitlines()
    for name in OWN_SAMPLES:
        own += _texts(RESOURCES / "samples" / f"{name}.csv")
    own = [line for line in own if line.strip()]
    public: list[str] = []
    for name in PUBLIC if data else ():
        path = Path(data or "", name, "train.csv")
        public += _texts(path) if path.is_file() else []
    kept = [line for place, line in enumerate(own) if place % HELD_OUT_EVERY]
    return Lines(kept, own[::HELD_OUT_EVERY], public)


def _texts(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [" ".join(row["text"].split()) for row in csv.DictReader(file)]


def documents(lines: Lines, rng: random.Random) -> Iterator[list[Piece]]:
    """Yield documents without end: tasks, running text, and lines from the files."""
    while True:
        draw = rng.random()
        if draw < SHARE_TASKS:
            yield task_document(rng)
        elif draw < SHARE_TASKS + SHARE_PASSAGES:
            yield [(passage(rng), True)]
        elif draw < SHARE_TASKS + SHARE_PASSAGES + SHARE_PUBLIC and lines.public:
            yield [("\n".join(rng.choices(lines.public, k=rng.randint(1, 5))), True)]
        else:
            yield [("\n".join(rng.choices(lines.own, k=rng.randint(1, 5))), True)]


def end_of(tokenizer: Tokenizer) -> int:
    """Return the number of the token that ends a document."""
    number = tokenizer.token_to_id(END)
    if number is None:
        raise ValueError(f"the tokenizer has no {END}")
    return number


Row = tuple[list[int], list[bool]]


def rows(
    source: Iterator[list[Piece]], tokenizer: Tokenizer, length: int, rng: random.Random
) -> Iterator[Row]:
    """Yield rows of `length` tokens, and which of the tokens are to be learned.

    A row begins with a document and holds as many as fit; the last one is cut. What is given
    is learned in some documents only, for most of it is chance; answers always.
    """
    end = end_of(tokenizer)
    tokens: list[int] = []
    learned: list[bool] = []
    while True:
        document = next(source)
        encoded = tokenizer.encode_batch([text for text, _ in document])
        every = rng.random() < SHARE_READ_PROMPTS
        for part, (_, answer) in zip(encoded, document, strict=True):
            tokens += part.ids
            learned += [answer or every] * len(part.ids)
        tokens.append(end)
        learned.append(True)
        if len(tokens) >= length:
            yield tokens[:length], learned[:length]
            tokens, learned = [], []
