import numpy as np
import pytest

from core.learning.sampling import (
    fused,
    least_sure,
    likely_rare,
    mixed,
    random_order,
    typical_of_unseen,
    uncertainty,
    unsure_and_spread,
)


def rng():
    return np.random.default_rng(7)


def unit(vectors):
    vectors = np.asarray(vectors, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def groups(n_each, *, noise=0.05):
    """Three groups of texts, far from each other, the first one the largest."""
    centres = np.eye(3)
    rows = [c + noise * rng().normal(size=(n, 3)) for c, n in zip(centres, n_each, strict=True)]
    return unit(np.concatenate(rows))


def test_the_order_of_chance_takes_no_notice_of_texts_that_come_and_go():
    keys = np.arange(1, 200)
    order = keys[random_order(keys)].tolist()
    fewer = np.setdiff1d(keys, [3, 50, 111])
    assert fewer[random_order(fewer)].tolist() == [k for k in order if k in set(fewer.tolist())]
    assert order != sorted(order)


def test_every_text_is_as_likely_to_come_first_by_chance():
    first = [random_order(np.arange(10), seed)[0] for seed in range(2_000)]
    counts = np.bincount(first, minlength=10)
    assert counts.min() > 140  # 200 are expected; 4.5 standard deviations below
    assert counts.max() < 265


def test_a_lead_of_nothing_is_the_greatest_doubt():
    said = np.array([[0.5, 0.5, 0.0], [0.9, 0.1, 0.0], [0.6, 0.3, 0.1]], np.float32)
    assert uncertainty(said, is_exclusive=True) == pytest.approx([1.0, 0.2, 0.7], abs=1e-6)
    assert least_sure(said, is_exclusive=True).tolist() == [0, 2, 1]


def test_where_a_text_may_have_several_concepts_the_one_nearest_to_one_half_counts():
    said = np.array([[0.99, 0.5], [0.9, 0.1]], np.float32)
    assert uncertainty(said, is_exclusive=False) == pytest.approx([1.0, 0.2], abs=1e-6)


def test_texts_that_are_unsure_for_the_same_reason_do_not_come_together():
    near = groups((30, 30, 30))
    said = np.full((90, 2), 0.5, np.float32)
    chosen = unsure_and_spread(said, near, 3, rng(), is_exclusive=True)
    assert {place // 30 for place in chosen.tolist()} == {0, 1, 2}
    assert len(set(chosen.tolist())) == 3


def test_what_a_model_is_sure_of_is_not_asked():
    near = unit(rng().normal(size=(50, 8)))
    said = np.tile(np.array([[1.0, 0.0]], np.float32), (50, 1))
    said[[4, 9]] = 0.5
    chosen = unsure_and_spread(said, near, 2, rng(), is_exclusive=True)
    assert set(chosen.tolist()) == {4, 9}


def test_without_a_model_every_kind_of_text_is_asked_once_the_commonest_first():
    near = groups((60, 30, 10))
    chosen = typical_of_unseen(near, np.zeros(100, bool), 3, rng())
    assert [0 if i < 60 else 1 if i < 90 else 2 for i in chosen.tolist()] == [0, 1, 2]


def test_a_kind_of_text_with_a_label_waits():
    near = groups((60, 30, 10))
    labelled = np.zeros(100, bool)
    labelled[5] = True
    chosen = typical_of_unseen(near, labelled, 2, rng())
    assert [0 if i < 60 else 1 if i < 90 else 2 for i in chosen.tolist()] == [1, 2]


@pytest.mark.parametrize("n_texts", [0, 1, 2])
def test_hardly_any_texts_are_chosen_from_all_the_same(n_texts):
    near = unit(rng().normal(size=(n_texts, 4))) if n_texts else np.empty((0, 4), np.float32)
    chosen = typical_of_unseen(near, np.zeros(n_texts, bool), 5, rng())
    assert sorted(chosen.tolist()) == list(range(n_texts))


def test_what_may_carry_a_rare_concept_comes_first():
    said = np.array([[0.6, 0.4], [0.4, 0.6], [1.0, 0.0]], np.float32)
    order = likely_rare(said, np.array([100, 1]), is_exclusive=True)
    assert order.tolist() == [1, 0, 2]


def test_two_orders_are_joined_by_rank_whatever_their_scales():
    alike = np.array([0.9, 0.8, 0.0, 0.1], np.float32)
    hits = np.array([0, 500, 1000, 0], np.float32)
    assert np.argsort(-fused(alike, hits))[0] == 1
    assert fused(alike, np.zeros(4, np.float32)).argmax() == 0


def test_one_in_five_is_drawn_by_chance():
    found = mixed(range(100, 140), range(40), 0.2, 20)
    assert [is_random for _place, is_random in found].count(True) == 4
    assert found[4] == (0, True)
    assert found[9] == (1, True)


def test_no_text_comes_twice_and_one_kind_goes_on_where_the_other_is_used_up():
    found = mixed([1, 2], [2, 1, 3, 4], 0.5, 10)
    assert sorted(place for place, _is_random in found) == [1, 2, 3, 4]
    assert mixed([], [], 0.5, 10) == []
