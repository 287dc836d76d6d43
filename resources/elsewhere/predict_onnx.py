"""Says the same without torch: python predict_onnx.py "a text" …

First: pip install onnxruntime tokenizers safetensors

model.onnx takes token numbers and gives probabilities; labels.json says how a text is cut into
tokens. What a text says in its wording goes in as a second input, which `wording` makes.
"""

import json
import re
import sys
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnxruntime
from safetensors.numpy import load_file
from tokenizers import Tokenizer

HERE = Path(__file__).parent
TOLD = json.loads((HERE / "labels.json").read_text(encoding="utf-8"))
LABELS, WINDOW, TERMS = TOLD["labels"], TOLD["window"], {}
MODEL = onnxruntime.InferenceSession(str(HERE / "model.onnx"))
NAMES = [one.name for one in MODEL.get_inputs()]
TOKENIZER = Tokenizer.from_file(str(HERE / "tokenizer.json"))
TOKENIZER.no_padding()
TOKENIZER.no_truncation()
if TOLD["max_tokens"] and not WINDOW:
    TOKENIZER.enable_truncation(TOLD["max_tokens"])
if "wording" in NAMES:
    HEAD = json.loads((HERE / "classifier.json").read_text(encoding="utf-8"))
    TERMS = {kind: {t: i for i, t in enumerate(ts)} for kind, ts in HEAD["terms"].items()}
    NUMBERS = load_file(HERE / "weights.safetensors")


def tokens(text):
    """Return the tokens of a text: in one part, or in windows where the model reads so."""
    if len(text) > 65_536 and WINDOW:
        starts = (round(i * (len(text) - 2_048) / 31) for i in range(32))
        text = " ".join(text[start : start + 2_048] for start in starts)
    text = text.encode("utf-8", "replace").decode()
    if not WINDOW:
        return [TOKENIZER.encode(text, add_special_tokens=TOLD["marks"]).ids or TOLD["nothing"]]
    ids = TOKENIZER.encode(text, add_special_tokens=False).ids
    n = max(1, -(-len(ids) // WINDOW["tokens"]))
    parts = list(pairwise(round(i * len(ids) / n) for i in range(n + 1)))
    if n > 32:
        parts = [parts[round(i * (n - 1) / 31)] for i in range(32)]
    return [[*WINDOW["start"], *ids[a:b], *WINDOW["end"]] or [WINDOW["pad"]] for a, b in parts]


def word_terms(text):
    """Yield words, pairs of neighbours, and pairs with one word in between."""
    words = re.findall(r"\w+|[^\w\s]", text)
    bounded = ["", *words, ""]
    yield from words
    yield from (f"{left} {right}" for left, right in pairwise(bounded))
    yield from (f"{left} * {right}" for left, right in zip(bounded, words[1:], strict=False))


def character_terms(text):
    """Yield the runs of 2 to 5 letters within words, whose ends count as a space."""
    for word in (f" {word} " for word in text.split()):
        for n in range(2, min(5, len(word)) + 1):
            yield from (word[i : i + n] for i in range(len(word) - n + 1))


def wording(text):
    """Return the weight of every known term in a text, (1, n_terms)."""
    text = " ".join(unicodedata.normalize("NFKC", text[:20_000]).casefold().split())
    blocks = []
    for kind, find in (("words", word_terms), ("characters", character_terms)):
        block = np.zeros(len(TERMS[kind]), np.float32)
        for term, n in Counter(find(text)).items():
            if term in TERMS[kind]:
                block[TERMS[kind][term]] = 1 + np.log(n)
        block *= NUMBERS[f"idf-{kind}"]
        blocks.append(block / (np.linalg.norm(block) or 1))
    return np.concatenate(blocks)[None]


def predict(texts):
    """Return the probability of each label of each text, (n_texts, n_labels)."""
    rows = []
    for text in texts:
        given = {}
        if "input_ids" in NAMES:
            parts = tokens(text)
            ids = np.zeros((len(parts), max(map(len, parts))), np.int64)
            mask = np.zeros_like(ids)
            for i, part in enumerate(parts):
                ids[i, : len(part)], mask[i, : len(part)] = part, 1
            ids, mask = (ids[None], mask[None]) if WINDOW else (ids, mask)
            given = {"input_ids": ids, "attention_mask": mask}
        if "wording" in NAMES:
            given["wording"] = wording(text)
        rows.append(MODEL.run(None, given)[0])
    return np.concatenate(rows)


if __name__ == "__main__":
    for text, row in zip(sys.argv[1:], predict(sys.argv[1:]), strict=True):
        found = sorted(zip(row.tolist(), LABELS, strict=True), reverse=True)
        print(text, *(f"{label}: {p:.4f}" for p, label in found), sep="\n  ")
