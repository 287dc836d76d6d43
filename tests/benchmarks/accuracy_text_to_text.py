"""How good the answers of text-to-text are on public test files: untrained, trained, copying.

    python tests/benchmarks/accuracy_text_to_text.py [--base FOLDER] [--rows N] [--test N]
                                                     [--set key=value]... [SET ...]

Sets are folders of ../shared/data; with `--rows` only so many texts are learned from. All numbers
are per cent: exact match, words in common (F1), ROUGE-L, chrF, BLEU.
"""

import argparse
import csv
import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.jobs import Job  # noqa: E402  # the checkout, wherever this is started
from core.learning.settings import parse_settings  # noqa: E402
from core.learning.text_to_text import (  # noqa: E402
    Pair,
    TextToText,
    copied_from_training,
    fit,
    measure,
)
from core.learning.text_to_text_settings import OwnTextToTextSettings  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
SETS = ("nlupp_slots", "e2e_nlg")
STARTER = ROOT / "resources" / "base_models" / "textwright-starter"
NAMES = {"exact_match": "exact", "token_f1": "F1", "rouge_l": "ROUGE-L", "chrf": "chrF"} | {
    "bleu": "BLEU"
}


def read(name, part, n_rows):
    with (DATA / name / f"{part}.csv").open(encoding="utf-8", newline="") as file:
        pairs = [Pair(row["text"], row["target"]) for row in csv.DictReader(file)]
    return random.Random(555).sample(pairs, n_rows) if 0 < n_rows < len(pairs) else pairs


def line(name, scores):
    cells = " ".join(f"{100 * scores[key]:8.1f}" for key in NAMES)
    print(f"  {name:<22}{cells}", flush=True)


def judge(name, model, pairs):
    texts, targets = [p.text for p in pairs], [p.target for p in pairs]
    began = time.perf_counter()
    answers = model.generate(texts)
    seconds = time.perf_counter() - began
    measured = measure(texts, answers, targets, seed=1)
    line(name, {key: score.value for key, score in measured.scores.items()})
    return measured, answers, seconds


def run(name, args):
    settings = parse_settings(OwnTextToTextSettings, args.set)
    train, test = read(name, "train", args.rows), read(name, "test", args.test)
    print(f"\n{name}: {len(train)} texts to learn from, {len(test)} to judge by")
    print("  " + " " * 22 + " ".join(f"{title:>8}" for title in NAMES.values()))
    base = TextToText.untrained(args.base, settings)
    measured, _answers, _seconds = judge("untrained", base, test)
    line("the text as the answer", measured.copying)
    began, job = time.perf_counter(), Job()
    model = fit(train, settings=settings, base=args.base, job=job)
    learned_s = time.perf_counter() - began
    measured, answers, written_s = judge("trained", model, test)
    targets = [p.target for p in test]
    copied = copied_from_training(answers, [p.target for p in train], targets)
    curve = ", ".join(f"{m.value:.3f}" for m in job.measures if m.series.startswith("Loss on"))
    print(f"  {model.report['n_epochs']:.0f} rounds in {learned_s:.0f} s, loss kept apart {curve}")
    print(
        f"  {len(test)} answers in {written_s:.0f} s; {100 * copied.exact:.0f} % are answers of the"
        f" training, of the right ones {100 * copied.right_exact:.0f} %"
    )
    for i in [*measured.worst[:2], *measured.worst[-2:]]:
        print(f"    {test[i].text}\n      written  {answers[i]}\n      right    {targets[i]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--base", type=Path, default=STARTER)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--test", type=int, default=0)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    args = parser.parse_args()
    for name in args.sets:
        run(name, args)


if __name__ == "__main__":
    main()
