"""How fast text-to-text learns and answers, against transformers on the same texts.

    python tests/benchmarks/speed_text_to_text.py [--base FOLDER] [--rows N] [--set NAME]

Both learn from the same tokens at the same batch size, one round after a warm-up; transformers'
Trainer sorts by length, too, and works in bfloat16 where we do. Times are those of the processor
as well as of the clock, as a busy machine distorts the latter.
"""

import argparse
import sys
import tempfile
import time
import warnings
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
from transformers.utils import logging

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.jobs import Job  # noqa: E402  # the checkout, wherever this is started
from core.learning.devices import best_precision  # noqa: E402
from core.learning.text_to_text import Reader, TextToText, encode, fit  # noqa: E402
from core.learning.text_to_text.batches import collate  # noqa: E402
from core.learning.text_to_text_settings import OwnTextToTextSettings  # noqa: E402
from tests.benchmarks.accuracy_text_to_text import STARTER, read  # noqa: E402

CPU = torch.device("cpu")


def timed(work):
    clock, processor = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - clock, time.process_time() - processor


def ours(pairs, base, settings):
    return timed(lambda: fit(pairs, settings=settings, base=base, job=Job()))


def theirs(encoded, reader, base, settings):
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, local_files_only=True)
    rows = [{"one": one, "input_ids": one.ids} for one in encoded]
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model,
            TrainingArguments(
                output_dir=folder,
                num_train_epochs=1,
                per_device_train_batch_size=settings.batch_size,
                train_sampling_strategy="group_by_length",
                learning_rate=1e-4,
                save_strategy="no",
                report_to=[],
                use_cpu=True,
                disable_tqdm=True,
                bf16=best_precision(CPU) == torch.bfloat16,
                remove_unused_columns=False,
                dataloader_pin_memory=False,
                logging_strategy="no",
            ),
            train_dataset=rows,
            data_collator=lambda some: collate(
                [row["one"] for row in some], reader, learns_prompt=False, device=CPU
            ),
        )
        return timed(trainer.train)


def learn(pairs, base):
    settings = OwnTextToTextSettings(
        num_train_epochs=1, validation_percent=0, device="cpu", what_learns="everything"
    )
    reader = Reader.of_folder(base)
    encoded = [
        encode(p, reader, template=settings.prompt_template, max_tokens=settings.max_tokens)
        for p in pairs
    ]
    n_tokens = sum(len(one.ids) for one in encoded)
    ours(pairs[:64], base, settings)
    _model, clock, processor = ours(pairs, base, settings)
    _log, their_clock, their_processor = theirs(encoded, reader, base, settings)
    print(f"learning, tokens per second of the clock (of the processor), {len(pairs)} texts")
    print(f"  ours     {n_tokens / clock:8.0f} ({n_tokens / processor:.0f})")
    print(f"  Trainer  {n_tokens / their_clock:8.0f} ({n_tokens / their_processor:.0f})")


def answer(pairs, base):
    texts = [pair.text for pair in pairs]
    settings = OwnTextToTextSettings(max_new_tokens=48, stop_text="", device="cpu")
    model = TextToText.untrained(base, settings)
    many, clock, processor = timed(lambda: model.generate(texts))
    single, one_clock, one_processor = timed(lambda: [model.generate([t])[0] for t in texts])
    same = sum(a == b for a, b in zip(many, single, strict=True))
    print(f"answering {len(texts)} texts, seconds of the clock (of the processor)")
    print(f"  many at a time  {clock:6.1f} ({processor:.1f})")
    print(f"  one by one      {one_clock:6.1f} ({one_processor:.1f}); {same} answers are the same")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", type=Path, default=STARTER)
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--set", default="e2e_nlg")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.set_verbosity_error()
    pairs = read(args.set, "train", args.rows)
    learn(pairs, args.base)
    answer(pairs[:96], args.base)


if __name__ == "__main__":
    main()
