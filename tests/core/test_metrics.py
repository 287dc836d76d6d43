import json

import numpy as np
import pytest
from sklearn import metrics as reference

from core.learning.answered import Answered
from core.learning.metrics import report
from core.learning.metrics import score as score_answers
from core.learning.ranking import rank_scores
from core.learning.resampling import outcomes_of, sparse


def made(seed, *, exclusive, n_texts=None, n_concepts=None):
    random = np.random.default_rng(seed)
    n_texts = n_texts or int(random.integers(2, 60))
    n_concepts = n_concepts or int(random.integers(2, 6))
    if exclusive:
        targets = np.eye(n_concepts, dtype=np.int8)[random.integers(0, n_concepts, n_texts)]
    else:
        targets = (random.random((n_texts, n_concepts)) < 0.3).astype(np.int8)
    probabilities = (0.5 * targets + random.random(targets.shape)).round(1).astype(np.float32)
    if exclusive:
        probabilities /= np.maximum(probabilities.sum(axis=1, keepdims=True), 0.1)
    return targets, probabilities / probabilities.max().clip(min=1)


def reported(targets, probabilities, *, exclusive):
    names = [f"concept {i}" for i in range(targets.shape[1])]
    return report(targets, probabilities, exclusive=exclusive, names=names, seed=1)


@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize("seed", range(40))
def test_scores_agree_with_scikit_learn(seed, exclusive):
    targets, probabilities = made(seed, exclusive=exclusive)
    predicted = (probabilities >= np.float32(0.5)).astype(int)
    if exclusive:
        predicted = np.eye(targets.shape[1], dtype=int)[probabilities.argmax(axis=1)]
    found = reported(targets, probabilities, exclusive=exclusive)

    assert found.accuracy.value == pytest.approx(np.mean((targets == predicted).all(axis=1)))
    present = (targets.any(axis=0) | predicted.any(axis=0)).nonzero()[0]
    for name in ("precision", "f1"):
        score = getattr(reference, f"{name}_score")
        per_concept = score(targets, predicted, average=None, zero_division=0)
        value = getattr(found, name).value
        assert value == (pytest.approx(per_concept[present].mean()) if len(present) else None)
        weighted = score(targets, predicted, average="weighted", zero_division=0)
        assert getattr(found, f"weighted_{name}").value == (
            pytest.approx(weighted) if targets.any() else None
        )
    has_texts = targets.any(axis=0)
    recalls = reference.recall_score(targets, predicted, average=None, zero_division=0)
    if has_texts.any():
        assert found.recall.value == pytest.approx(recalls[has_texts].mean())
    for i, concept in enumerate(found.concepts):
        actual, said = targets[:, i], probabilities[:, i]
        if 0 < actual.sum() < len(actual):
            assert concept.roc_auc == pytest.approx(reference.roc_auc_score(actual, said))
        else:
            assert concept.roc_auc is None
        if actual.any():
            expected = reference.average_precision_score(actual, said)
            assert concept.average_precision == pytest.approx(expected)
        matrix = reference.confusion_matrix(actual, predicted[:, i], labels=[0, 1])
        assert [[concept.fn, concept.tp]] == matrix[1:].tolist()
        assert concept.fp == matrix[0, 1]


@pytest.mark.parametrize("seed", range(40))
def test_the_confusion_matrix_is_that_of_scikit_learn(seed):
    targets, probabilities = made(seed, exclusive=True)
    both = targets.argmax(axis=1), probabilities.argmax(axis=1)
    expected = reference.confusion_matrix(*both, labels=range(targets.shape[1]))
    found = reported(targets, probabilities, exclusive=True)
    assert [list(row) for row in found.confusion] == expected.tolist()


def test_a_concept_that_is_never_predicted_is_called_out_and_counts_as_nothing():
    targets = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.int8)
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4]], np.float32)
    found = reported(targets, probabilities, exclusive=True)
    never = found.concepts[1]
    assert never.never_predicted
    assert (never.precision, never.recall, never.f1) == (None, 0.0, 0.0)
    assert found.precision.value == pytest.approx(0.25)  # the mean of 0.5 and 0
    assert found.f1.value == pytest.approx((2 / 3) / 2)


def test_a_roc_auc_that_is_undefined_is_counted():
    targets = np.array([[1, 0, 1], [1, 0, 0]], np.int8)
    found = reported(targets, np.array([[0.9, 0.2, 0.9], [0.8, 0.1, 0.3]]), exclusive=False)
    assert [concept.roc_auc for concept in found.concepts] == [None, None, 1.0]
    assert (found.n_undefined, found.roc_auc.value) == (2, 1.0)
    assert not found.concepts[1].never_predicted  # nothing was there to be found


def test_intervals_hold_the_value_and_narrow_with_more_texts():
    few, many = (
        reported(*made(3, exclusive=True, n_texts=n, n_concepts=3), exclusive=True)
        for n in (60, 6_000)
    )
    for name in ("accuracy", "precision", "recall", "f1", "roc_auc", "average_precision"):
        widths = []
        for found in (few, many):
            estimate = getattr(found, name)
            assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
            widths.append(estimate.high - estimate.low)
        assert widths[1] < widths[0] / 4


def test_intervals_are_as_wide_as_repeated_samples_differ():
    def drawn(seed):
        return reported(*made(seed, exclusive=True, n_texts=400, n_concepts=3), exclusive=True)

    found = [drawn(seed) for seed in range(100)]
    for name in ("f1", "roc_auc", "average_precision"):
        values = [getattr(one, name).value for one in found]
        stated = np.mean([getattr(one, name).high - getattr(one, name).low for one in found])
        assert stated / (2 * 1.96 * np.std(values)) == pytest.approx(1, abs=0.25)


def test_a_report_survives_json_under_the_portals_names():
    found = reported(*made(5, exclusive=False), exclusive=False)
    values = json.loads(json.dumps(found.to_json()))
    for name in ("roc_auc", "f1_score", "precision", "recall"):
        assert {f"macro_avg_{name}{end}" for end in ("", "_low", "_high")} <= values.keys()
    assert values["accuracy_kind"] == "exact_match"
    assert {"top1_accuracy", "top1_accuracy_low", "top1_accuracy_high"} <= values.keys()
    assert values["concepts"][1]["name"] == found.concepts[1].name
    assert values["confusion"] == [list(row) for row in found.confusion]


def test_the_same_seed_gives_the_same_report():
    made_up = made(7, exclusive=True)
    assert reported(*made_up, exclusive=True) == reported(*made_up, exclusive=True)


def test_nothing_to_score_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="targets"):
        report(np.zeros((0, 2), np.int8), np.zeros((0, 2)), exclusive=True, names="ab", seed=1)


def test_ten_right_of_ten_do_not_prove_that_all_will_be():
    targets = np.tile(np.eye(2, dtype=np.int8), (5, 1))
    found = report(targets, targets.astype(np.float32), exclusive=True, names=("a", "b"), seed=1)
    for score in (found.accuracy, found.f1, found.roc_auc):
        assert score.value == 1
        assert 0.6 < score.low < 0.8
        assert score.high == pytest.approx(1)


@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize("seed", range(10))
def test_weighted_rank_scores_agree_with_scikit_learn(seed, exclusive):
    targets, probabilities = made(seed, exclusive=exclusive, n_texts=80)
    found = reported(targets, probabilities, exclusive=exclusive)
    both = targets.any(axis=0) & ~targets.all(axis=0)
    actual, said = targets[:, both], probabilities[:, both]
    expected = reference.roc_auc_score(actual, said, average="weighted")
    assert found.weighted_roc_auc.value == pytest.approx(expected)
    carried = targets.any(axis=0)
    expected = reference.average_precision_score(
        targets[:, carried], probabilities[:, carried], average="weighted"
    )
    assert found.weighted_average_precision.value == pytest.approx(expected)


@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize("seed", range(10))
def test_thresholds_decide_what_is_answered_and_what_is_left_to_people(seed, exclusive):
    targets, probabilities = made(seed, exclusive=exclusive, n_texts=60, n_concepts=3)
    thresholds = np.array([0.3, 0.55, 0.8], np.float32)
    found = report(
        targets, probabilities, exclusive=exclusive, names="abc", seed=1, thresholds=thresholds
    )
    predicted = probabilities >= thresholds
    if exclusive:
        predicted &= np.eye(3, dtype=bool)[probabilities.argmax(axis=1)]
    assert found.decided_share.value == pytest.approx(predicted.any(axis=1).mean())
    if predicted.any():
        assert found.decided_right.value == pytest.approx(targets[predicted].mean())
    else:
        assert found.decided_right.value is None
    assert [one.n_predicted for one in found.concepts] == predicted.sum(axis=0).tolist()
    assert [one.threshold for one in found.concepts] == pytest.approx(thresholds.tolist())
    expected = reference.recall_score(targets, predicted, average=None, zero_division=0)
    recalls = [one.recall for one in found.concepts]
    assert [r for r in recalls if r is not None] == pytest.approx(
        expected[targets.any(axis=0)].tolist()
    )


@pytest.mark.parametrize("exclusive", [True, False])
def test_without_intervals_the_values_are_the_same(exclusive):
    targets, probabilities = made(11, exclusive=exclusive, n_texts=50)
    names = [f"concept {i}" for i in range(targets.shape[1])]
    whole, quick = (
        report(
            targets, probabilities, exclusive=exclusive, names=names, seed=1, has_intervals=wanted
        ).to_json()
        for wanted in (True, False)
    )
    for key, value in quick.items():
        if key.endswith(("_low", "_high")):
            assert value is None
            assert whole[key] is not None
        else:
            assert value == whole[key]


def test_rank_scores_that_are_known_are_not_counted_again():
    targets, probabilities = made(12, exclusive=False, n_texts=50, n_concepts=3)
    half = np.full(3, 0.5, np.float32)
    answers = Answered(
        ("a", "b", "c"), False, half, targets == 1, probabilities >= half, probabilities
    )
    known = rank_scores(targets == 1, probabilities)
    assert score_answers(answers, 1, ranked=known) == score_answers(answers, 1)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["accuracy", "f1", "roc_auc", "average_precision"])
def test_intervals_hold_the_truth_about_nineteen_times_in_twenty(name):
    def drawn(seed, n_texts):
        return reported(*made(seed, exclusive=True, n_texts=n_texts, n_concepts=3), exclusive=True)

    truth = getattr(drawn(0, 60_000), name).value
    estimates = [getattr(drawn(seed, 300), name) for seed in range(1, 161)]
    held = sum(one.low <= truth <= one.high for one in estimates)
    assert 0.9 <= held / len(estimates) <= 0.995


def test_places_that_are_true_are_kept_as_a_matrix_of_few():
    random = np.random.default_rng(1)
    for shape in ((0, 3), (5, 1), (40, 7)):
        values = random.random(shape) < 0.2
        assert (sparse(values).toarray() == values).all()
    actual, predicted = (random.random((30, 4)) < 0.4 for _side in range(2))
    expected = np.hstack(
        [
            actual & predicted,
            predicted,
            actual,
            (actual == predicted).all(axis=1, keepdims=True),
            predicted.any(axis=1, keepdims=True),
        ]
    )
    assert (outcomes_of(actual, predicted).toarray() == expected.T).all()
