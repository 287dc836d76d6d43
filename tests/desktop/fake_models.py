"""Trained models with made-up scores: what screens show needs no weights."""

from dataclasses import asdict, replace
from datetime import UTC, datetime

import numpy as np

from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.scored import SEEN, Scored
from core.learning.text_to_text_settings import OwnTextToTextSettings
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.kept_said import kept_said
from core.operations.scoring import report_of
from core.operations.training_data import labelled_texts
from core.operations.written import Written
from core.records import EMBEDDING_CLASSIFIER, TEXT_TO_TEXT, Evaluation, Method, ModelVersion
from core.storage.database import transaction
from core.storage.evaluations import add_evaluation
from core.storage.models import add_model_version
from core.storage.versions import load_version
from core.written_words import MEASURES, WRITTEN

NAMES = ("delivery", "payment", "praise")
COUNTS = ((19, 1, 0), (4, 16, 0), (0, 0, 20))


def a_report(counts=COUNTS, names=NAMES, **others):
    """Return a report as an evaluation keeps it; `counts[i][j]`: said to be i, answered j."""
    n_texts, n_correct = sum(map(sum, counts)), sum(row[i] for i, row in enumerate(counts))
    records = [_record(name, i, counts) for i, name in enumerate(names)]
    scores = {"top1_accuracy": n_correct / n_texts}
    for key, part in (("f1_score", "f1"), ("precision", "precision"), ("recall", "recall")):
        scores[f"macro_avg_{key}"] = sum(r[part] or 0 for r in records) / len(records)
    scores["macro_avg_roc_auc"] = 0.99
    ends = {f"{key}_low": max(0.0, score - 0.03) for key, score in scores.items()}
    ends |= {f"{key}_high": min(1.0, score + 0.03) for key, score in scores.items()}
    return {
        **scores,
        **ends,
        "concepts": records,
        "confusion": [list(row) for row in counts],
        "n_texts": n_texts,
        "n_seen": 0,
        "n_left_out": 0,
        "is_exclusive": True,
        **others,
    }


def _record(name, i, counts):
    tp, n_positive = counts[i][i], sum(counts[i])
    n_predicted = sum(row[i] for row in counts)
    return {
        "name": name,
        "precision": tp / n_predicted if n_predicted else None,
        "recall": tp / n_positive if n_positive else None,
        "f1": 2 * tp / (n_predicted + n_positive) if n_predicted + n_positive else None,
        "roc_auc": 0.98,
        "average_precision": 0.97,
        "n_positive": n_positive,
        "n_predicted": n_predicted,
        "tp": tp,
        "fp": n_predicted - tp,
        "fn": n_positive - tp,
        "never_predicted": not n_predicted,
    }


def keep_model(app, report=None, *, model="Letters 1", settings=None):
    """Keep a trained version with one evaluation, by cross-validation; return both."""
    report = report or a_report()
    frozen = freeze_dataset(app, FreezeRequest(), Job()).version
    version = ModelVersion(
        id=0,
        model=model,
        type=EMBEDDING_CLASSIFIER,
        number=0,
        created=datetime.now(UTC),
        dataset_version_id=frozen.id,
        settings=asdict(settings or EmbeddingClassifierSettings()),
        concepts=tuple(record["name"] for record in report["concepts"]),
        summary={"seconds": 49.0, "n_texts": report["n_texts"], "is_exclusive": True},
        folder="none",
        log="60 labelled texts\nLearned from: words",
    )
    with app.database() as db, transaction(db):
        kept = add_model_version(db, version)
    return kept, keep_evaluation(app, kept, report)


def keep_writer(app, *, model="Replies", rows=(), **scores):
    """Keep a version that writes, with an evaluation of what it wrote; return both."""
    frozen = freeze_dataset(app, FreezeRequest(), Job()).version
    settings = OwnTextToTextSettings()
    version = ModelVersion(
        id=0,
        model=model,
        type=TEXT_TO_TEXT,
        number=0,
        created=datetime.now(UTC),
        dataset_version_id=frozen.id,
        settings=asdict(settings),
        concepts=(),
        summary={"seconds": 75.0, "n_texts": 120, "base_model": settings.base_model},
        folder="none",
        log="120 texts with answers",
        template="writer",
    )
    with app.database() as db, transaction(db):
        kept = add_model_version(db, version)
    written = Written(tuple(rows), a_written_report(len(rows), **scores))
    evaluation = Evaluation(
        id=0,
        model_version_id=kept.id,
        dataset_version_id=frozen.id,
        method=Method.HELD_OUT,
        n_folds=0,
        created=datetime.now(UTC),
        report=written.report,
    )
    with app.database() as db, kept_said(app, written) as folder, transaction(db):
        return kept, add_evaluation(db, replace(evaluation, folder=folder))


def a_written_report(n_texts=8, warning="", **scores):
    """Return a report of written answers as an evaluation keeps it."""
    found = dict.fromkeys(MEASURES, 0.62) | scores
    ends = {f"{key}_low": value - 0.05 for key, value in found.items()}
    ends |= {f"{key}_high": value + 0.05 for key, value in found.items()}
    return {
        "kind": WRITTEN,
        "n_texts": n_texts,
        "seed": 13,
        **found,
        **ends,
        "copying": dict.fromkeys(MEASURES, 0.31),
        "untrained": dict.fromkeys(MEASURES, 0.08),
        "copied": {"exact": 0.1, "near": 0.0, "right_exact": 0.1, "wrong_exact": 0.0, "rows": []},
        "warning": warning,
    }


def keep_evaluation(app, version, report, method=Method.CROSS_VALIDATION, n_folds=5):
    """Keep one more evaluation of a version, and return it."""
    evaluation = Evaluation(
        id=0,
        model_version_id=version.id,
        dataset_version_id=version.dataset_version_id,
        method=method,
        n_folds=n_folds,
        created=datetime.now(UTC),
        report=report,
    )
    with app.database() as db, transaction(db):
        return add_evaluation(db, evaluation)


def keep_scored_model(app, n_wrong=5, *, model="Letters 1", is_exclusive=True, seed=3, doubt=0.0):
    """Keep a trained version whose evaluation keeps its texts; every `n_wrong`th answer is wrong.

    With a `doubt`, wrong answers are less sure by so many logits.
    The first text of each concept is one that the model had learned from.
    """
    frozen = freeze_dataset(app, FreezeRequest(), Job()).version
    with app.database() as db:
        labelled = labelled_texts(load_version(db, frozen.id), NAMES)
    random = np.random.default_rng(seed)
    targets = labelled.targets
    is_wrong = np.arange(len(targets))[:, None] % n_wrong == 0
    aims = np.where(is_wrong, np.roll(targets, 1, 1), targets)
    logits = (2 - doubt * is_wrong) * aims + random.random(targets.shape)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    seen = np.where(np.arange(len(targets)) % 20 == 0, SEEN, 0)
    ids = labelled.input_ids
    scored = Scored(NAMES, is_exclusive, ids, targets, probabilities.astype("f4"), seen, 13)
    report = report_of(scored, {}) | {"n_left_out": 0}
    version, plain = keep_model(app, report, model=model)
    evaluation = Evaluation(
        id=0,
        model_version_id=version.id,
        dataset_version_id=frozen.id,
        method=Method.CROSS_VALIDATION,
        n_folds=5,
        created=datetime.now(UTC),
        report=report,
    )
    with app.database() as db, kept_said(app, scored) as folder, transaction(db):
        kept = add_evaluation(db, replace(evaluation, folder=folder))
        db.execute("DELETE FROM evaluations WHERE id = ?", [plain.id])
    return version, kept
