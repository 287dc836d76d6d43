"""Says the same as Textwright: python predict.py "a text" …

First: pip install -r requirements.txt
"""

import json
import sys
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

HERE = Path(__file__).parent
TOLD = json.loads((HERE / "labels.json").read_text(encoding="utf-8"))
LABELS = TOLD["labels"]
NETWORK = SentenceTransformer(
    str(HERE), local_files_only=True, model_kwargs={"dtype": "float32", "use_safetensors": True}
)


def predict(texts):
    """Return the probability of each label of each text, (n_texts, n_labels)."""
    cleaned = [text.encode("utf-8", "replace").decode() for text in texts]
    logits = NETWORK.encode(cleaned, show_progress_bar=False) * TOLD["slope"] + TOLD["offset"]
    if not TOLD["one_label_per_text"]:
        return 1 / (1 + np.exp(-logits))
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


if __name__ == "__main__":
    for text, row in zip(sys.argv[1:], predict(sys.argv[1:]), strict=True):
        found = sorted(zip(row.tolist(), LABELS, strict=True), reverse=True)
        print(text, *(f"{label}: {p:.4f}" for p, label in found), sep="\n  ")
