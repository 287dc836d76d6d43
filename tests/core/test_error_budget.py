"""The promise of an error budget: at most so many wrong answers, and not needlessly few answers."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.stats import binomtest

from core.budget_words import budget_words
from core.learning import error_budget
from core.learning.decisions import decide, thresholds_of
from core.learning.error_budget import find_budget
from core.learning.scored import NEARLY_SEEN, NOT_SEEN, SEEN, Scored
from core.learning.strictness import answers_of, fit_strictness

N_RUNS, N_FRESH = 200, 20_000


def a_scored(probabilities, targets, *, is_exclusive=True, seed=0):
    n_texts, n_concepts = targets.shape
    return Scored(
        concepts=tuple(f"c{i}" for i in range(n_concepts)),
        is_exclusive=is_exclusive,
        input_ids=np.arange(n_texts),
        targets=targets.astype(np.int8),
        probabilities=probabilities.astype(np.float32),
        seen=np.full(n_texts, NOT_SEEN),
        seed=seed,
    )


def exclusive(n_texts, seed, *, heat=1.0, tilt=0.0, n_concepts=5):
    """Draw texts of concepts of which the first is `n_concepts` times as frequent as the last.

    Args:
        heat: how far logits are stretched; 1 is calibrated, more is too sure of itself.
        tilt: how much too sure it is of the last concept, and too modest about the first.
    """
    random = np.random.default_rng(seed)
    shares = 1 / np.arange(1, n_concepts + 1)
    logits = random.normal(size=(n_texts, n_concepts)) * random.gamma(2, 3, (n_texts, 1))
    logits += np.log(shares)
    actual = (logits + random.gumbel(size=logits.shape)).argmax(axis=1)
    stated = heat * logits + np.linspace(-tilt, tilt, n_concepts)
    exponents = np.exp(stated - stated.max(axis=1, keepdims=True))
    probabilities = exponents / exponents.sum(axis=1, keepdims=True)
    return a_scored(probabilities, np.eye(n_concepts)[actual], seed=seed)


def several(n_texts, seed, *, heat=1.0, tilt=0.0, together=0.0, n_concepts=6):
    """Draw texts that may carry several concepts, the last ones rarely.

    Args:
        heat, tilt: as above. together: share of texts whose answers are all right or wrong by
            the same chance.
    """
    random = np.random.default_rng(seed)
    logits = random.normal(size=(n_texts, n_concepts)) * 7 - np.linspace(3, 9, n_concepts)
    own = random.random((n_texts, n_concepts))
    luck = np.where(random.random((n_texts, 1)) < together, own[:, :1], own)
    targets = luck < 1 / (1 + np.exp(-logits))
    stated = heat * logits + np.linspace(-tilt, tilt, n_concepts)
    return a_scored(1 / (1 + np.exp(-stated)), targets, is_exclusive=False, seed=seed)


def done_with(scored, chosen):
    """Return the share of texts that get an answer, and the share of answers that is wrong."""
    limits = thresholds_of(scored.concepts, chosen, is_exclusive=scored.is_exclusive)
    given = decide(scored.probabilities, limits, is_exclusive=scored.is_exclusive)
    wrong = given & (scored.targets == 0)
    return given.any(axis=1).mean(), wrong.sum() / max(given.sum(), 1)


def best_common(scored, tolerated_share):
    """Return the share decided by the laxest common threshold, for one who knows all texts."""
    answers = answers_of(scored)
    order = np.argsort(-answers.probabilities)
    wrong = np.cumsum(~answers.is_right[order]) / np.arange(1, len(order) + 1)
    last = np.flatnonzero(wrong <= tolerated_share)[-1]
    threshold = float(answers.probabilities[order[last]])
    return done_with(scored, dict.fromkeys(scored.concepts, threshold))[0]


def slow(*values):
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.mark.parametrize(
    ("draw", "kind", "n_texts", "tolerated_share", "worth"),
    [
        (exclusive, {}, 400, 0.05, 0.0),
        (exclusive, {}, 2_000, 0.05, 0.85),
        slow(exclusive, {"heat": 2.5, "tilt": 2.0}, 3_000, 0.02, 0.85),
        slow(exclusive, {"heat": 0.5, "n_concepts": 30}, 3_000, 0.05, 0.75),
        slow(several, {"heat": 2.0, "tilt": 2.0}, 600, 0.05, 0.85),
        (several, {"heat": 2.0, "together": 1.0}, 600, 0.05, 0.8),
    ],
)
def test_the_promise_is_kept_on_new_texts_and_most_of_what_could_be_is_decided(
    draw, kind, n_texts, tolerated_share, worth
):
    fresh = draw(N_FRESH, 10_000, **kind)
    found = [find_budget(draw(n_texts, i, **kind), tolerated_share) for i in range(N_RUNS)]
    done = np.array([done_with(fresh, b.thresholds) if b.is_kept else (0, 0) for b in found])
    assert np.mean(done[:, 1] <= tolerated_share) >= 0.9
    assert done[:, 0].mean() >= worth * best_common(fresh, tolerated_share)


def test_concepts_that_a_model_misjudges_get_thresholds_of_their_own():
    kind = {"heat": 1.0, "tilt": 3.0}
    fresh = exclusive(N_FRESH, 10_000, **kind)
    found = find_budget(exclusive(4_000, 1, **kind), 0.05)
    limits = list(found.thresholds.values())
    assert limits[-1] > limits[0] + 0.2  # too sure of the last one, too modest about the first
    assert done_with(fresh, found.thresholds)[0] > best_common(fresh, 0.05)


def test_the_same_texts_give_the_same_thresholds():
    assert find_budget(exclusive(500, 3), 0.05) == find_budget(exclusive(500, 3), 0.05)


def test_the_numbers_are_those_of_the_texts_that_were_checked():
    scored = exclusive(1_000, 5)
    budget = find_budget(scored, 0.05)
    n_given = sum(concept.n_given for concept in budget.concepts)
    n_wrong = sum(concept.n_wrong for concept in budget.concepts)
    assert (budget.n_texts, budget.n_checked) == (1_000, 800)
    assert budget.decided_share == n_given / 800
    assert budget.person_share == 1 - n_given / 800
    exact = binomtest(n_wrong, n_given).proportion_ci(0.95)
    assert budget.wrong.value == n_wrong / n_given
    assert (budget.wrong.low, budget.wrong.high) == pytest.approx((exact.low, exact.high))
    assert budget.wrong.high <= 0.05
    assert budget.chosen in budget.curve
    shares = [step.decided_share for step in budget.curve]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert budget.missed_share == sum(c.n_missed for c in budget.concepts) / 800


def test_texts_that_the_model_had_seen_are_left_out():
    scored = exclusive(1_000, 5)
    both = (scored, replace(scored, targets=1 - scored.targets))
    joined = replace(
        scored,
        input_ids=np.arange(3_000),
        targets=np.concatenate([both[0].targets, both[1].targets, both[1].targets]),
        probabilities=np.tile(scored.probabilities, (3, 1)),
        seen=np.repeat([NOT_SEEN, NEARLY_SEEN, SEEN], 1_000),
    )
    assert find_budget(joined, 0.05) == find_budget(scored, 0.05)


@pytest.mark.parametrize(("draw", "n_texts"), [*product((exclusive, several), (0, 1, 3, 40))])
def test_too_few_texts_decide_nothing_and_say_how_many_it_takes(draw, n_texts):
    budget = find_budget(draw(n_texts, 0), 0.02)
    assert not budget.is_kept
    assert (budget.decided_share, budget.person_share, budget.thresholds) == (0, 1, {})
    assert budget.wrong.value is None
    assert all(c.n_given == 0 and c.n_missed == c.n_texts for c in budget.concepts)
    words = budget_words(budget, 1_000, 30)
    assert "nothing is decided automatically" in words
    assert budget.n_needed is None or budget.n_needed > n_texts


def test_as_many_texts_as_it_is_said_to_take_mostly_do():
    needed = find_budget(exclusive(150, 1), 0.02).n_needed
    found = [find_budget(exclusive(needed, i), 0.02).is_kept for i in range(20)]
    assert sum(found) >= 14


def test_a_model_that_is_always_right_decides_everything():
    right = np.eye(3)[np.arange(400) % 3]
    budget = find_budget(a_scored(0.1 + 0.7 * right, right), 0.02)
    assert (budget.decided_share, budget.wrong.value, budget.missed_share) == (1, 0, 0)
    assert 0 < budget.wrong.high <= 0.02


def test_a_model_that_is_always_wrong_decides_nothing_however_sure_it_is():
    right = np.eye(3)[np.arange(400) % 3]
    budget = find_budget(a_scored(0.005 + 0.985 * right, np.roll(right, 1, axis=1)), 0.05)
    assert not budget.is_kept
    assert budget.n_needed is None
    assert "surest" in budget_words(budget, 100, 30)


@pytest.mark.parametrize("is_exclusive", [True, False])
def test_one_concept_is_decided_like_any_other(is_exclusive):
    carries = np.arange(500)[:, None] % 2 == 0
    said = np.where(carries, 0.9, 0.1)
    only = np.ones((500, 1)) if is_exclusive else carries
    budget = find_budget(a_scored(said, only, is_exclusive=is_exclusive), 0.05)
    assert budget.decided_share == pytest.approx(1.0 if is_exclusive else 0.5, abs=0.05)


def test_mistakes_that_come_together_count_as_one():
    places = np.array([0, 0, 0, 1, 2, 2])
    answers = replace(
        answers_of(several(10, 0)),
        places=places,
        columns=np.array([0, 1, 2, 0, 0, 1]),
        probabilities=np.full(6, 0.9, np.float32),
        is_right=np.array([False, False, False, True, True, True]),
    )
    counts = error_budget._count(answers, np.full((1, 6), 0.5, np.float32))
    all_wrong = (9 + 1 + 4) / 6
    assert (counts.given[0], counts.wrong[0], counts.n_texts[0]) == (6, 3, 3)
    assert counts.bunched[0] == pytest.approx((9 + all_wrong) / (3 + 1))


def test_strictness_finds_what_was_planted():
    answers = answers_of(exclusive(50_000, 0, heat=2.0, tilt=2.0))
    found = fit_strictness(answers, 5)
    stated = found.sureness(answers)
    for column in range(5):
        of_it = answers.columns == column
        sure = 1 / (1 + np.exp(-stated[of_it]))
        assert sure.mean() == pytest.approx(answers.is_right[of_it].mean(), abs=0.01)
    back = found.thresholds(stated[:100])[np.arange(100), answers.columns[:100]]
    middle = (answers.probabilities[:100] > 1e-4) & (answers.probabilities[:100] < 1 - 1e-4)
    np.testing.assert_allclose(back[middle], answers.probabilities[:100][middle], rtol=1e-4)


def test_a_budget_is_said_in_sentences():
    budget = find_budget(exclusive(2_000, 5), 0.05)
    chosen = replace(budget.chosen, decided_share=0.7896)
    chosen = replace(chosen, wrong=replace(chosen.wrong, value=0.0112))
    budget = replace(budget, chosen=chosen, tolerated_share=0.02)
    assert budget_words(budget, 10_000, 30) == (
        "Of 10,000 texts about 7,900 are decided automatically, about 1.1\u202f% of them wrong "
        "(at most 2\u202f%). 2,100 are left for people: about 17.5 hours at 30 s a text."
    )
    assert budget_words(budget, 10, 30).endswith(
        "2 are left for people: about 1 min at 30 s a text."
    )
    everything = replace(budget, chosen=replace(chosen, decided_share=1.0))
    assert budget_words(everything, 10, 30).endswith("None is left for people.")
    several_ = replace(budget, is_exclusive=False)
    assert "get concepts automatically" in budget_words(several_, 10, 30)
    assert budget_words(several_, 10, 30).endswith("are not found so.")
