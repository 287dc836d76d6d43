import numpy as np
import pytest

from core.learning.calibration import (
    Calibration,
    expected_calibration_error,
    fit_calibration,
    sigmoid,
)


def drawn(n_texts, n_concepts, seed=0):
    """Return logits, and one-hot targets drawn with exactly the probabilities they say."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (n_texts, n_concepts)).astype(np.float32)
    shares = Calibration(is_exclusive=True).probabilities(logits)
    concepts = (random.random((n_texts, 1)) > shares.cumsum(axis=1)).sum(axis=1)
    return logits, np.eye(n_concepts, dtype=np.float32)[concepts.clip(max=n_concepts - 1)]


@pytest.mark.parametrize("exaggeration", [0.25, 1.0, 4.0])
def test_exaggerated_logits_are_brought_back(exaggeration):
    logits, targets = drawn(4_000, 5)
    found = fit_calibration(logits * exaggeration, targets, is_exclusive=True)
    assert found.slope == pytest.approx(1 / exaggeration, rel=0.1)
    probabilities = found.probabilities(logits * np.float32(exaggeration))
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert expected_calibration_error(probabilities, targets.argmax(axis=1)) < 0.03


def test_independent_concepts_are_calibrated_with_slope_and_offset():
    random = np.random.default_rng(1)
    logits = random.normal(0, 2, (5_000, 3)).astype(np.float32)
    targets = (random.random(logits.shape) < sigmoid(logits)).astype(np.float32)
    found = fit_calibration(2 * logits + 1, targets, is_exclusive=False)
    assert (found.slope, found.offset) == pytest.approx((0.5, -0.5), abs=0.07)


def test_a_handful_of_texts_changes_little():
    logits, targets = drawn(3, 2)
    assert 0.5 < fit_calibration(logits, 1 - targets, is_exclusive=True).slope <= 1.2


def test_huge_logits_do_not_overflow():
    logits = np.array([[1e6, -1e6]], np.float32)
    assert Calibration(is_exclusive=True).probabilities(logits).tolist() == [[1, 0]]
    assert Calibration(is_exclusive=False).probabilities(logits).tolist() == [[1, 0]]


def test_a_model_that_is_as_sure_as_it_is_right_has_no_calibration_error():
    probabilities = np.array([[0.75, 0.25]] * 4, np.float32)
    assert expected_calibration_error(probabilities, np.array([0, 0, 0, 1])) == pytest.approx(0)
    with pytest.raises(ValueError, match="4 predictions for 1 texts"):
        expected_calibration_error(probabilities, np.array([0]))
