"""Says the same as Textwright: python predict.py "a text" …

First: pip install -r requirements.txt

Three things are added up here, which is why it is longer than ten lines: what a text means
(its embedding, of a long text in several windows), its words and letters, and how surely it is
about none of the labels. Each is one function.
"""

import json
import re
import sys
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

HERE = Path(__file__).parent
TOLD = json.loads((HERE / "labels.json").read_text(encoding="utf-8"))
HEAD = json.loads((HERE / "classifier.json").read_text(encoding="utf-8"))
NUMBERS = load_file(HERE / "weights.safetensors")
LABELS, WINDOW, SCALE = TOLD["labels"], TOLD["window"], HEAD["recipe"]["embedding_scale"]
READER = SentenceTransformer(
    str(HERE), local_files_only=True, model_kwargs={"dtype": "float32", "use_safetensors": True}
)
TOKENIZER = Tokenizer.from_file(str(HERE / "tokenizer.json")) if WINDOW else None
if WINDOW:
    TOKENIZER.no_truncation()
    TOKENIZER.no_padding()
N_MEANING = len(NUMBERS["centre"]) if SCALE else 0
TERMS = {kind: {t: i for i, t in enumerate(ts)} for kind, ts in (HEAD["terms"] or {}).items()}


def windows(text):
    """Return the tokens of a text in equally long parts that the reader takes."""
    if len(text) > 65_536:
        starts = (round(i * (len(text) - 2_048) / 31) for i in range(32))
        text = " ".join(text[start : start + 2_048] for start in starts)
    text = text.encode("utf-8", "replace").decode()
    ids = TOKENIZER.encode(text, add_special_tokens=False).ids
    n = max(1, -(-len(ids) // WINDOW["tokens"]))
    parts = list(pairwise(round(i * len(ids) / n) for i in range(n + 1)))
    if n > 32:
        parts = [parts[round(i * (n - 1) / 31)] for i in range(32)]
    around = WINDOW["start"], WINDOW["end"]
    return [[*around[0], *ids[a:b], *around[1]] or [WINDOW["pad"]] for a, b in parts]


@torch.no_grad()
def meaning(texts):
    """Return the embedding of each text, (n_texts, n_numbers), each of length 1."""
    if not WINDOW:
        some = [text.encode("utf-8", "replace").decode() for text in texts]
        if not TOLD["marks"]:  # nothing stands around a text, so that one may have no token at all
            some = [text if text.strip() else "." for text in some]
        return READER.encode(some, normalize_embeddings=True, show_progress_bar=False)
    owned = [(i, part) for i, text in enumerate(texts) for part in windows(text)]
    owned.sort(key=lambda one: len(one[1]))
    total = np.zeros((len(texts), len(NUMBERS["centre"])), np.float32)
    for start in range(0, len(owned), 32):
        owners, parts = zip(*owned[start : start + 32], strict=True)
        sizes = torch.tensor([len(part) for part in parts])
        ids = torch.full((len(parts), int(sizes.max())), WINDOW["pad"])
        for row, part in zip(ids, parts, strict=True):
            row[: len(part)] = torch.tensor(part)
        mask = (torch.arange(ids.shape[1]) < sizes[:, None]).long()
        batch = {"input_ids": ids.to(READER.device), "attention_mask": mask.to(READER.device)}
        for part in list(READER)[: WINDOW["n_parts"]]:
            batch = part(batch)
        vectors = batch["sentence_embedding"].cpu().numpy()
        np.add.at(total, list(owners), vectors * sizes.numpy()[:, None])
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


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
    """Return the columns of the known terms of a text, and the weight of each."""
    text = " ".join(unicodedata.normalize("NFKC", text[:20_000]).casefold().split())
    columns, weights, first = [], [], 0
    for kind, find in (("words", word_terms), ("characters", character_terms)):
        known = {
            TERMS[kind][term]: n for term, n in Counter(find(text)).items() if term in TERMS[kind]
        }
        values = 1 + np.log(np.array(list(known.values()), np.float32))
        values *= NUMBERS[f"idf-{kind}"][list(known)]
        columns += [first + column for column in known]
        weights += (values / (np.linalg.norm(values) or 1)).tolist()
        first += len(TERMS[kind])
    return columns, np.array(weights, np.float32)


def sigmoid(x):
    """Return the logistic function of each number."""
    return 0.5 * (1 + np.tanh(0.5 * x))


def predict(texts):
    """Return the probability of each label of each text, (n_texts, n_labels)."""
    weights, none = NUMBERS["weights"], np.zeros((len(texts), 1), np.float32)
    logits = np.repeat(weights[-1:], len(texts), axis=0)
    if SCALE:
        near = meaning(texts) - NUMBERS["centre"]
        near /= np.maximum(np.linalg.norm(near, axis=1, keepdims=True), 1e-6)
        logits += SCALE * near @ weights[:N_MEANING]
        if "gate" in NUMBERS:
            none = sigmoid(near @ NUMBERS["gate"][:-1] + NUMBERS["gate"][-1])
    for i, text in enumerate(texts if TERMS else ()):
        columns, values = wording(text)
        logits[i] += values @ weights[N_MEANING:][columns]
    logits = TOLD["slope"] * logits + TOLD["offset"]
    if not TOLD["one_label_per_text"]:
        return (1 - none) * sigmoid(logits)
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (1 - none) * shares / shares.sum(axis=1, keepdims=True) + none / len(LABELS)


if __name__ == "__main__":
    for text, row in zip(sys.argv[1:], predict(sys.argv[1:]), strict=True):
        found = sorted(zip(row.tolist(), LABELS, strict=True), reverse=True)
        print(text, *(f"{label}: {p:.4f}" for p, label in found), sep="\n  ")
