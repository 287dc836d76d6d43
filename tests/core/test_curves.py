"""The curves behind an evaluation, against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from core.learning import curves
from core.learning.intervals import wilson
from core.learning.macro_curves import macro_average
from core.learning.metrics import report
from core.learning.scored import Scored

SHARES = st.integers(0, 20).map(lambda n: n / 20)  # with many ties


@st.composite
def predictions(draw):
    """Return whether texts carry a concept, and what was said of them."""
    said = draw(st.lists(st.tuples(st.booleans(), SHARES), min_size=1, max_size=60))
    actual, probabilities = zip(*said, strict=True)
    return np.array(actual, bool), np.array(probabilities, np.float32)


def check_points(curve, thresholds, x, y):
    """Every point is one of scikit-learn's, and only those on the same spot are left out."""
    kept = [list(thresholds).index(one) for one in curve.thresholds]
    np.testing.assert_allclose(curve.x, x[kept])
    np.testing.assert_allclose(curve.y, y[kept])
    spots = set(zip(x.tolist(), y.tolist(), strict=True))
    assert set(zip(x[kept].tolist(), y[kept].tolist(), strict=True)) == spots
    assert (kept[0], kept[-1]) == (0, len(x) - 1)


@given(predictions())
@settings(max_examples=200, deadline=None)
def test_roc_and_its_area_are_those_of_scikit_learn(found):
    actual, said = found
    curve = curves.roc(actual, said)
    if actual.all() or not actual.any():
        assert curve is None
        return
    fpr, tpr, thresholds = reference.roc_curve(actual, said, drop_intermediate=False)
    assert curve.area == pytest.approx(reference.roc_auc_score(actual, said))
    check_points(curve, thresholds, fpr, tpr)


@given(predictions())
@settings(max_examples=200, deadline=None)
def test_precision_recall_and_its_area_are_those_of_scikit_learn(found):
    actual, said = found
    curve = curves.precision_recall(actual, said)
    if not actual.any():
        assert curve is None
        return
    precision, recall, thresholds = reference.precision_recall_curve(actual, said)
    assert curve.area == pytest.approx(reference.average_precision_score(actual, said))
    recall, precision = recall[-2::-1], precision[-2::-1]  # without the made-up last point
    check_points(curve, thresholds[::-1], recall, precision)


@given(predictions())
@settings(max_examples=100, deadline=None)
def test_curves_only_rise_and_end_with_every_text(found):
    actual, said = found
    for curve in curves.both(actual, said):
        if curve is None:
            continue
        assert list(curve.thresholds) == sorted(curve.thresholds, reverse=True)
        assert list(curve.x) == sorted(curve.x)
        assert curve.x[-1] == 1
        assert 0 <= curve.area <= 1


def test_a_long_curve_is_thinned_to_what_can_be_seen_and_keeps_its_area():
    random = np.random.default_rng(1)
    actual = random.random(50_000) < 0.3
    said = (random.random(50_000) * 0.7 + 0.3 * actual).astype(np.float32)
    for curve, area in zip(
        curves.both(actual, said),
        (reference.roc_auc_score(actual, said), reference.average_precision_score(actual, said)),
        strict=True,
    ):
        assert len(curve.x) < 3_000
        assert curve.area == pytest.approx(area)
        steps = np.abs(np.diff(curve.x)), np.abs(np.diff(curve.y))
        assert max(steps[0].max(), np.median(steps[1])) < 0.01


def scored_of(actual, said, *, is_exclusive=False):
    actual, said = np.atleast_2d(actual), np.atleast_2d(said)
    return Scored(
        concepts=tuple(f"c{i}" for i in range(actual.shape[1])),
        is_exclusive=is_exclusive,
        input_ids=np.arange(len(actual)),
        targets=actual.astype(np.int8),
        probabilities=said.astype(np.float32),
        seen=np.zeros(len(actual), np.int64),
        seed=1,
    )


@given(predictions())
@settings(max_examples=200, deadline=None)
def test_every_prediction_lies_in_one_bin_and_one_bar(found):
    actual, said = found
    scored = scored_of(actual[:, None], said[:, None])
    bins, bars = curves.reliability(scored, 0), curves.histogram(scored, 0)
    assert sum(one.n for one in bins) == sum(bars.right) + sum(bars.wrong) == len(said)
    for one in bins:
        top = np.inf if one.high == 1 else np.float32(one.high)
        inside = (said >= np.float32(one.low)) & (said < top)
        assert one.n == inside.sum() > 0
        assert one.stated == pytest.approx(said[inside].mean(), abs=1e-6)
        assert one.right == pytest.approx(actual[inside].mean())
        assert (one.right_low, one.right_high) == pytest.approx(
            tuple(wilson(one.right, one.n).clip(0, 1))
        )
        assert one.right_low <= one.right <= one.right_high
    for i, (right, wrong) in enumerate(zip(bars.right, bars.wrong, strict=True)):
        top = np.inf if bars.edges[i + 1] == 1 else np.float32(bars.edges[i + 1])
        inside = (said >= np.float32(bars.edges[i])) & (said < top)
        assert (right, wrong) == ((inside & actual).sum(), (inside & ~actual).sum())


def test_reliability_agrees_with_scikit_learn():
    from sklearn.calibration import calibration_curve

    random = np.random.default_rng(4)
    said = random.random(5_000).astype(np.float32)
    actual = random.random(5_000) < said**2
    right, stated = calibration_curve(actual, said, n_bins=10)
    bins = curves.reliability(scored_of(actual[:, None], said[:, None]), 0)
    assert [one.right for one in bins] == pytest.approx(right)
    assert [one.stated for one in bins] == pytest.approx(stated, abs=1e-6)


def test_of_exclusive_concepts_the_best_answer_is_judged():
    said = np.array([[0.7, 0.3], [0.6, 0.4], [0.1, 0.9]])
    scored = scored_of([[1, 0], [0, 1], [0, 1]], said, is_exclusive=True)
    bins = curves.reliability(scored)
    assert [(one.low, one.n, one.right) for one in bins] == [(0.6, 1, 0), (0.7, 1, 1), (0.9, 1, 1)]


def test_matrices_hold_means_and_counts():
    random = np.random.default_rng(2)
    targets = random.random((80, 4)) < 0.4
    targets[:, 3] = False
    said = random.random((80, 4)).astype(np.float32)
    found = curves.matrices(scored_of(targets, said))
    for i in range(3):
        assert found.mean_probability[i] == pytest.approx(said[targets[:, i]].mean(axis=0))
    assert found.mean_probability[3] == (None,) * 4
    expected = [[int((targets[:, i] & targets[:, j]).sum()) for j in range(4)] for i in range(4)]
    assert [list(row) for row in found.together] == expected


def test_the_macro_average_has_the_areas_of_the_report_and_runs_between_the_concepts():
    random = np.random.default_rng(7)
    targets = (random.random((400, 3)) < 0.3).astype(np.int8)
    said = (0.4 * targets + 0.6 * random.random(targets.shape)).astype(np.float32)
    roc, found = macro_average(targets == 1, said)
    told = report(targets, said, exclusive=False, names="abc", seed=1, has_intervals=False)
    assert roc.area == pytest.approx(told.roc_auc.value)
    assert found.area == pytest.approx(told.average_precision.value)
    assert np.trapezoid(roc.y, roc.x) == pytest.approx(roc.area, abs=0.01)
    assert np.trapezoid(found.y, found.x) == pytest.approx(found.area, abs=0.02)
    assert list(roc.y) == sorted(roc.y)
    assert roc.thresholds == ()


def test_a_concept_without_texts_has_no_part_in_the_macro_average():
    actual = np.array([[1, 0], [0, 0]], bool)
    said = np.array([[0.9, 0.2], [0.1, 0.3]], np.float32)
    roc, found = macro_average(actual, said)
    assert (roc.area, found.area) == (1, 1)
    assert macro_average(actual[:, 1:], said[:, 1:]) == (None, None)
