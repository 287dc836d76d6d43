"""Says the same as Textwright: python predict.py "a text" …

First: pip install -r requirements.txt
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

HERE = Path(__file__).parent
TOLD = json.loads((HERE / "labels.json").read_text(encoding="utf-8"))
LABELS = TOLD["labels"]
TOKENIZER = AutoTokenizer.from_pretrained(HERE, local_files_only=True)
NETWORK = AutoModelForSequenceClassification.from_pretrained(
    HERE, local_files_only=True, use_safetensors=True, dtype=torch.float32
).eval()


@torch.no_grad()
def predict(texts):
    """Return the probability of each label of each text, (n_texts, n_labels)."""
    rows = []
    for start in range(0, len(texts), 32):
        some = list(texts[start : start + 32])
        ids = TOKENIZER(
            some, truncation=True, max_length=TOLD["max_tokens"], padding=True, return_tensors="pt"
        )
        logits = NETWORK(input_ids=ids["input_ids"], attention_mask=ids["attention_mask"]).logits
        logits = logits * TOLD["slope"] + TOLD["offset"]
        rows += [logits.softmax(1) if TOLD["one_label_per_text"] else logits.sigmoid()]
    return torch.cat(rows).numpy()


if __name__ == "__main__":
    for text, row in zip(sys.argv[1:], predict(sys.argv[1:]), strict=True):
        found = sorted(zip(row.tolist(), LABELS, strict=True), reverse=True)
        print(text, *(f"{label}: {p:.4f}" for p, label in found), sep="\n  ")
