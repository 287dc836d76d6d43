"""Writes as Textwright does: python predict.py "a text" …

First: pip install -r requirements.txt
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

HERE = Path(__file__).parent
TOLD = json.loads((HERE / "prompt.json").read_text(encoding="utf-8"))
FAMILY = AutoModelForSeq2SeqLM if TOLD["writes_apart"] else AutoModelForCausalLM
TOKENIZER = AutoTokenizer.from_pretrained(HERE, local_files_only=True)
NETWORK = FAMILY.from_pretrained(
    HERE, local_files_only=True, use_safetensors=True, dtype=torch.float32
).eval()
LABELS = None  # it answers in words of its own


@torch.no_grad()
def predict(texts):
    """Return the answer to each text, the likeliest word after the other."""
    answers = []
    for text in texts:
        prompt = text if "###" in text else TOLD["template"].format(text=text)
        ids = TOKENIZER.encode(prompt, add_special_tokens=False)
        ids = torch.tensor([[*TOLD["before"], *ids, *TOLD["after"]]])
        written = NETWORK.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=TOLD["max_new_tokens"],
            eos_token_id=TOLD["end"],
            pad_token_id=TOLD["pad"],
        )[0]
        new = written if TOLD["writes_apart"] else written[ids.shape[1] :]
        answer = TOKENIZER.decode(new, skip_special_tokens=True)
        answers.append(answer.split(TOLD["stop"])[0].strip() if TOLD["stop"] else answer.strip())
    return answers


if __name__ == "__main__":
    for text, answer in zip(sys.argv[1:], predict(sys.argv[1:]), strict=True):
        print(text, answer, sep="\n  ")
