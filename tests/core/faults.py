"""What the tests of faults share: an app as one value, and other processes."""

import subprocess
import sys
from pathlib import Path

from core.files import preview
from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.tidy_up import tidy_up
from core.operations.train import TrainRequest

ROOT = Path(__file__).resolve().parents[2]
TRAIN = TrainRequest(model="first", settings=EmbeddingClassifierSettings(enrich_dataset="Disabled"))
# What may grow without the app being another: caches, the log of jobs, ids that never come again.
CACHES = ("jobs", "embedders", "embeddings", "sqlite_sequence")
# A training freezes its texts first; such a version may stay, it holds nothing of its own.
BUT_VERSIONS = (
    *CACHES,
    *("dataset_versions", "version_inputs", "version_concepts", "version_annotations"),
)


def state(app, besides=CACHES):
    """Return all that an app holds: every row of every table, every file of every model.

    What nobody can get back is cleared away first; how the search index is laid out is its own.
    """
    tidy_up(app, Job())
    with app.database() as db:
        tables = [
            t for t in db.table_names() if t not in besides and not t.startswith("texts_fts_")
        ]
        rows = {t: db.execute(f"SELECT * FROM {t}").fetchall() for t in tables}
    files = [path for path in app.models.rglob("*") if path.is_file()]
    return rows | {path.name: path.read_bytes() for path in files}


def bring_in(app, path, job=None):
    return import_texts(app, ImportRequest(path, preview(path).mapping), job or Job())


def run_python(*words, env=None):
    """Run Python in a process of its own; return how it ended and what it said."""
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, env=env)
