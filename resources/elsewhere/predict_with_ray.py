"""Predict files that outgrow one computer, on a Ray cluster of any size.

    python predict_with_ray.py FILES --text COLUMN --out FOLDER [--workers N] [--batch 256]

FILES are CSV or Parquet: a file, a folder, or any place that all computers of the cluster see.
The results are Parquet files in FOLDER: all columns of FILES, then one column "p:LABEL" for each
label and "label", the likeliest; a model that writes adds "answer".

Once: pip install -r requirements.txt "ray[data]". On a cluster, this folder must be in the same
place on every computer; start Ray there, and set RAY_ADDRESS.
"""

import argparse
import os
import sys
from pathlib import Path

import ray

HERE = str(Path(__file__).resolve().parent)


class Predictor:
    """One copy of the model, which Ray keeps loaded and gives a batch after the other."""

    def __init__(self, column):
        sys.path.insert(0, HERE)
        import predict

        self.column, self.model = column, predict

    def __call__(self, batch):
        said = self.model.predict(["" if t is None else str(t) for t in batch[self.column]])
        if self.model.LABELS is None:
            return {**batch, "answer": said}
        batch |= {f"p:{label}": said[:, i] for i, label in enumerate(self.model.LABELS)}
        return {**batch, "label": [self.model.LABELS[i] for i in said.argmax(axis=1)]}


def main():
    """Read what was asked for, and let Ray do it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--text", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--workers", type=int, default=0, help="copies of the model")
    parser.add_argument("--batch", type=int, default=256, help="texts at a time")
    asked = parser.parse_args()
    if not ray.is_initialized():
        here = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": (asked.workers or 1) + 1}
        ray.init(log_to_driver=False, **here)
    read = ray.data.read_csv if asked.files[0].endswith(".csv") else ray.data.read_parquet
    free = int(ray.cluster_resources().get("CPU", 2)) - 1  # one is left to read and write
    workers = max(1, min(asked.workers or free, free))
    read(asked.files).repartition(4 * workers).map_batches(
        Predictor,
        fn_constructor_args=(asked.text,),
        batch_size=asked.batch,
        batch_format="numpy",
        compute=ray.data.ActorPoolStrategy(size=workers),
    ).write_parquet(asked.out)


if __name__ == "__main__":
    main()
