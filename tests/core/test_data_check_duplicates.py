import numpy as np
import pytest

from core.jobs import Job, JobCancelled
from core.learning.data_check import neighbours as neighbour_search
from core.learning.data_check.duplicates import (
    first_of_equal,
    near_in_meaning,
    near_in_wording,
    numbers_of_texts,
)
from core.learning.data_check.neighbours import nearest
from core.learning.data_check.pairs import Pairs, groups_of_equal, groups_of_similar

WORDS = [f"{a}{b}{c}" for a in "bdfgklmn" for b in ("ai", "o", "u") for c in ("rst", "l", "nd")]


def sentences(n, seed=0, length=15):
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, length)) for _ in range(n)]


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def as_lists(groups):
    return [group.tolist() for group in groups]


def wording(texts, **settings):
    return near_in_wording(texts, first_of_equal(numbers_of_texts(texts, Job())), Job(), **settings)


def test_texts_that_differ_in_case_width_and_spacing_only_are_the_same():
    texts = ["Hello  you", "other", "ｈello\tYOU ", "hello you", "Other"]
    groups = groups_of_equal(numbers_of_texts(texts, Job()))
    assert as_lists(groups) == [[0, 2, 3], [1, 4]]


def test_empty_texts_are_no_duplicates_of_each_other():
    numbers = numbers_of_texts(["", " ", "a", "\n", "a"], Job())
    assert as_lists(groups_of_equal(numbers)) == [[2, 4]]
    assert first_of_equal(numbers).tolist() == [0, 1, 2, 3]


def test_texts_with_one_word_changed_are_near_in_wording():
    texts = sentences(300)
    planted = {}
    for i in range(0, 40, 2):
        words = texts[i].split()
        words[7] = "changed"
        planted[i, len(texts)] = True
        texts.append(" ".join(words))
    pairs = wording(texts)
    found = set(zip(pairs.one.tolist(), pairs.other.tolist(), strict=True))
    assert set(planted) <= found
    assert len(found) == len(planted)
    assert (pairs.similarity >= 0.7).all()
    assert (pairs.similarity < 1).all()


def test_similarity_of_wording_is_the_share_of_common_runs_of_four_characters():
    pairs = wording(["abcdefgh", "abcdefgx"], at_least=0.1)
    # runs of " abcdefgh " and " abcdefgx ": seven each, the first five common
    assert pairs.similarity.tolist() == pytest.approx([5 / 9])


def test_a_higher_similarity_only_filters_the_pairs_that_were_found():
    texts = [*sentences(5), "the cat sat on the mat today", "the cat sat on the mat todaY!"]
    pairs = wording(texts)
    assert len(pairs) == 1
    assert len(pairs.at_least(float(pairs.similarity[0]))) == 1
    assert len(pairs.at_least(0.99)) == 0


@pytest.mark.parametrize("texts", [[], [""], ["one"], ["", " ", "!"], ["a", "b"], ["\ud800", "好"]])
def test_few_short_and_empty_texts_have_no_near_duplicates(texts):
    assert len(wording(texts)) == 0


def test_near_wording_misses_next_to_nothing():
    rng = np.random.default_rng(3)
    texts = [" ".join(rng.choice(WORDS[:12], 5)) for _ in range(1_000)]
    firsts = first_of_equal(numbers_of_texts(texts, Job()))
    runs = [_runs(texts[i]) for i in firsts]
    exact = {
        (int(firsts[i]), int(firsts[j]))
        for i in range(len(runs))
        for j in range(i + 1, len(runs))
        if len(runs[i] & runs[j]) >= 0.7 * len(runs[i] | runs[j])
    }
    pairs = wording(texts)
    found = set(zip(pairs.one.tolist(), pairs.other.tolist(), strict=True))
    assert found <= exact
    assert len(found) >= 0.95 * len(exact) > 0


def _runs(text):
    padded = f" {text} "
    return {padded[i : i + 4] for i in range(len(padded) - 3)}


def test_ten_thousand_equal_texts_make_one_group_and_no_pairs():
    texts = ["always the same"] * 10_000 + ["something else entirely"]
    numbers = numbers_of_texts(texts, Job())
    assert [len(group) for group in groups_of_equal(numbers)] == [10_000]
    assert len(near_in_wording(texts, first_of_equal(numbers), Job())) == 0


def test_texts_from_one_template_make_few_pairs_and_one_group():
    texts = [f"thank you for your order number {i:04} which we will send out" for i in range(2_000)]
    pairs = wording(texts)
    assert len(pairs) < 100 * len(texts)
    groups = groups_of_similar(np.arange(len(texts)), pairs)
    assert len(groups[0]) > 0.99 * len(texts)


def test_vectors_that_are_close_are_near_in_meaning():
    rng = np.random.default_rng(0)
    vectors = unit(rng.normal(size=(500, 48)))
    vectors[400:420] = unit(vectors[:20] + 0.01 * rng.normal(size=(20, 48)))
    pairs = near_in_meaning(nearest(vectors.astype(np.float16), Job()), np.arange(500) * 2)
    assert pairs.one.tolist() == list(range(0, 40, 2))
    assert pairs.other.tolist() == list(range(800, 840, 2))
    assert (pairs.similarity > 0.95).all()
    assert (pairs.similarity <= 1).all()


def test_nearest_texts_are_those_of_all_pairs():
    vectors = unit(np.random.default_rng(1).normal(size=(200, 16)))
    found = nearest(vectors, Job(), k=3)
    products = vectors @ vectors.T
    np.fill_diagonal(products, -2)
    assert (found.texts == np.argsort(-products, axis=1)[:, :3]).all()
    np.testing.assert_allclose(found.similarities, -np.sort(-products, axis=1)[:, :3], atol=1e-5)


def test_many_texts_are_compared_in_cells_and_hardly_a_near_one_is_missed(monkeypatch):
    rng = np.random.default_rng(2)
    vectors = unit(
        rng.normal(size=(30, 64))[rng.integers(0, 30, 6_000)] + rng.normal(size=(6_000, 64))
    )
    exact = nearest(vectors, Job())
    monkeypatch.setattr(neighbour_search, "ALL_WITH_ALL", 1_000)
    quick = nearest(vectors, Job())
    in_both = (quick.texts[:, :, None] == exact.texts[:, None, :]).any(axis=1)
    assert in_both[:, 0].mean() > 0.99
    assert in_both.mean() > 0.95


def test_equal_vectors_in_their_thousands_are_no_trouble(monkeypatch):
    monkeypatch.setattr(neighbour_search, "ALL_WITH_ALL", 1_000)
    found = nearest(np.ones((3_000, 8), np.float16), Job())
    assert found.texts.shape == (3_000, 10)
    assert (found.texts >= 0).all()
    assert (found.texts != np.arange(3_000)[:, None]).all()
    assert len(near_in_meaning(found, np.arange(3_000))) <= 30_000


@pytest.mark.parametrize(("n_texts", "k"), [(0, 0), (1, 0), (2, 1), (3, 2)])
def test_as_many_neighbours_as_there_are_other_texts(n_texts, k):
    found = nearest(np.eye(4, dtype=np.float16)[:n_texts], Job())
    assert found.texts.shape == found.similarities.shape == (n_texts, k)
    assert len(near_in_meaning(found, np.arange(n_texts))) == 0


def test_the_vector_of_nothing_is_near_nothing():
    vectors = np.zeros((3, 4), np.float32)
    vectors[0, 0] = 1
    assert len(near_in_meaning(nearest(vectors, Job()), np.arange(3))) == 0


def test_equality_and_pairs_together_make_groups():
    numbers = np.array([0, 1, 0, 2, 3, 4])
    pairs = Pairs(np.array([0, 3]), np.array([1, 4]), np.array([0.8, 0.9], np.float32))
    assert as_lists(groups_of_similar(numbers, pairs)) == [[0, 1, 2], [3, 4]]
    assert as_lists(groups_of_similar(numbers, pairs.at_least(0.85))) == [[0, 2], [3, 4]]
    none = pairs.at_least(1.0)
    assert groups_of_similar(np.empty(0, np.int64), none) == []


@pytest.mark.parametrize("patience", [0, 1, 3])
def test_the_search_for_duplicates_can_be_stopped(impatient, patience):
    texts = sentences(50)
    with pytest.raises(JobCancelled):
        near_in_wording(texts, np.arange(50), impatient(patience))
    with pytest.raises(JobCancelled):
        numbers_of_texts(texts, impatient(0))
    with pytest.raises(JobCancelled):
        nearest(np.eye(50), impatient(min(patience, 1)))
