"""Whether one model is better than another on the same texts."""

import numpy as np
import pytest
from scipy.stats import binom

from core.learning.answered import Answered
from core.learning.paired import compare, holm, mcnemar
from core.learning.verdicts import Verdict


def answers(actual, said):
    """A model that said a concept of each text."""
    n_concepts = actual.shape[1]
    return Answered(
        names=tuple(f"c{i}" for i in range(n_concepts)),
        is_exclusive=True,
        thresholds=np.zeros(n_concepts, np.float32),
        actual=actual,
        predicted=np.eye(n_concepts, dtype=bool)[said],
        probabilities=np.zeros(actual.shape, np.float32),
    )


def guesses(random, truth, skill, n_concepts):
    """Right by skill, else anything."""
    said = random.integers(0, n_concepts, len(truth))
    return np.where(random.random(len(truth)) < skill, truth, said)


def test_mcnemar_is_the_exact_binomial_test_on_texts_that_tell_the_models_apart():
    right = np.array([True] * 12 + [False] * 3 + [True] * 50)
    other = np.array([False] * 12 + [True] * 3 + [True] * 50)
    expected = 2 * binom.cdf(3, 15, 0.5)
    assert mcnemar(right, other) == pytest.approx(expected)
    assert mcnemar(other, right) == pytest.approx(expected)
    assert mcnemar(right, right) == 1


def test_holm_corrects_as_in_the_worked_example():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_a_model_that_is_clearly_better_is_called_better_and_the_other_worse():
    random = np.random.default_rng(3)
    truth = random.integers(0, 4, 500)
    actual = np.eye(4, dtype=bool)[truth]
    weak, strong = (answers(actual, guesses(random, truth, skill, 4)) for skill in (0.5, 0.8))
    (up,), (down,) = compare(weak, [strong], 1), compare(strong, [weak], 1)
    assert up.right.verdict == up.f1.verdict == Verdict.BETTER
    assert down.right.verdict == down.f1.verdict == Verdict.WORSE
    assert (up.n_only_this, up.n_only_reference) == (down.n_only_reference, down.n_only_this)
    assert up.right.value == pytest.approx((up.n_only_this - up.n_only_reference) / 500)
    for difference in (up.right, up.f1):
        assert 0 < difference.low < difference.value < difference.high < 1


def test_the_same_model_twice_is_no_difference_with_room_for_what_was_not_seen():
    truth = np.arange(60) % 3
    model = answers(np.eye(3, dtype=bool)[truth], np.roll(truth, 1))
    (found,) = compare(model, [model], 1)
    for difference in (found.right, found.f1):
        assert difference.verdict is Verdict.NO_CLEAR_DIFFERENCE
        assert (difference.value, difference.p_value) == (0, 1)
        assert -0.1 < difference.low < 0 < difference.high < 0.1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n_texts", "n_concepts", "tail"), [(200, 4, 0), (60, 8, 1.5)], ids=["balanced", "rare"]
)
def test_equally_good_models_differ_clearly_in_at_most_one_run_of_twenty(n_texts, n_concepts, tail):
    runs, wrong = 400, 0
    shares = np.arange(1, n_concepts + 1, dtype=float) ** -tail
    for seed in range(runs):
        random = np.random.default_rng(seed)
        truth = random.choice(n_concepts, n_texts, p=shares / shares.sum())
        actual = np.eye(n_concepts, dtype=bool)[truth]
        one, other = (
            answers(actual, guesses(random, truth, 0.75, n_concepts)) for _model in range(2)
        )
        (found,) = compare(one, [other], seed)
        verdicts = {found.right.verdict, found.f1.verdict}
        wrong += verdicts != {Verdict.NO_CLEAR_DIFFERENCE}
    assert wrong <= 0.05 * runs


@pytest.mark.slow
def test_many_equally_good_models_hold_together():
    runs, wrong = 60, 0
    for seed in range(runs):
        random = np.random.default_rng(seed)
        truth = random.integers(0, 3, 120)
        actual = np.eye(3, dtype=bool)[truth]
        first, *others = (answers(actual, guesses(random, truth, 0.7, 3)) for _model in range(6))
        wrong += any(
            one.right.verdict is not Verdict.NO_CLEAR_DIFFERENCE
            for one in compare(first, others, seed)
        )
    assert wrong <= 0.05 * runs


def test_several_concepts_per_text_count_as_right_only_together():
    actual = np.array([[1, 1], [1, 0], [0, 0], [0, 1]] * 25, bool)
    half = actual.copy()
    half[::4, 1] = False  # one of two concepts is not enough
    settings = (("a", "b"), False, np.full(2, 0.5, np.float32))
    whole = Answered(*settings, actual, actual, actual.astype(np.float32))
    part = Answered(*settings, actual, half, half.astype(np.float32))
    (found,) = compare(whole, [part], 1)
    assert (found.n_only_this, found.n_only_reference) == (0, 25)
    assert found.right.verdict is Verdict.WORSE


def test_nothing_said_and_nothing_there_has_no_f1():
    nothing = np.zeros((5, 2), bool)
    model = Answered(("a", "b"), False, np.full(2, 0.5), nothing, nothing, nothing * 0.1)
    (found,) = compare(model, [model], 1)
    assert found.f1 is None
    assert found.right.verdict is Verdict.NO_CLEAR_DIFFERENCE


def test_other_texts_are_a_mistake_of_the_caller():
    one, other = (answers(np.eye(3, dtype=bool)[[i]], [0]) for i in (0, 1))
    with pytest.raises(ValueError, match="same texts"):
        compare(one, [other], 1)
    empty = answers(np.zeros((0, 3), bool), np.zeros(0, int))
    with pytest.raises(ValueError, match="no texts"):
        compare(empty, [empty], 1)
