import numpy as np
import pytest

from core.jobs import Job, JobCancelled
from core.learning.data_check.balance import balance
from core.learning.data_check.contradictions import Contradiction, contradictions
from core.learning.data_check.doubtful_labels import doubtful_labels
from core.learning.data_check.leaks import leaks
from core.learning.data_check.out_of_fold import out_of_fold
from core.learning.data_check.pairs import Pairs


def pairs_of(*pairs):
    columns = zip(*pairs, strict=True) if pairs else ((), (), ())
    one, other, similarity = columns
    return Pairs(np.array(one, np.int64), np.array(other, np.int64), np.float32(similarity))


def labels_of(*rows):
    return np.array(rows, dtype=np.int8)


def test_the_same_text_with_a_concept_and_without_it_is_a_contradiction():
    labels = labels_of([1, 0], [-1, 1], [0, 0], [1, 0])
    found = contradictions(labels, np.array([0, 0, 0, 1]), pairs_of(), is_exclusive=False)
    assert found == [Contradiction((0, 1), (0,), 1.0)]


def test_the_same_text_with_two_concepts_is_a_contradiction_only_if_they_exclude_each_other():
    labels, numbers = labels_of([1, 0, 0], [0, 1, 0]), np.array([0, 0])
    assert contradictions(labels, numbers, pairs_of(), is_exclusive=False) == []
    found = contradictions(labels, numbers, pairs_of(), is_exclusive=True)
    assert found == [Contradiction((0, 1), (0, 1), 1.0)]


def test_similar_texts_with_contradicting_labels_are_found_the_most_similar_first():
    labels = labels_of([0, 0], [1, 0], [-1, 0], [0, 1], [0, -1])
    numbers = np.array([0, 0, 1, 2, 3])
    pairs = pairs_of((0, 2, 0.8), (3, 4, 0.9), (2, 3, 0.95))
    found = contradictions(labels, numbers, pairs, is_exclusive=False)
    # text 1 is the copy of text 0 that has a label
    assert [f.texts for f in found] == [(3, 4), (1, 2)]
    assert [f.concepts for f in found] == [(1,), (0,)]


def test_agreeing_and_missing_labels_are_no_contradiction():
    labels = labels_of([1, 0], [1, 0], [0, 0], [1, -1])
    numbers = np.array([0, 0, 0, 1])
    for is_exclusive in (False, True):
        found = contradictions(labels, numbers, pairs_of((0, 3, 0.9)), is_exclusive=is_exclusive)
        assert found == []


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (4, 0), (4, 3)])
def test_without_labels_nothing_contradicts(shape):
    labels = np.zeros(shape, np.int8)
    numbers = np.zeros(shape[0], np.int64)
    assert contradictions(labels, numbers, pairs_of(), is_exclusive=True) == []


def test_ten_thousand_equal_texts_with_one_wrong_label_are_one_finding():
    labels = np.ones((10_000, 1), np.int8)
    labels[5_000] = -1
    found = contradictions(labels, np.zeros(10_000, np.int64), pairs_of(), is_exclusive=False)
    assert [len(f.texts) for f in found] == [10_000]


def clusters(n, n_concepts=6, seed=0, spread=0.12):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(n_concepts, 64))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    actual = rng.integers(0, n_concepts, n)
    vectors = centres[actual] + spread * rng.normal(size=(n, 64))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float16), actual, rng


def test_wrong_labels_are_doubted_and_the_right_concept_is_suggested():
    vectors, actual, rng = clusters(2_000)
    wrong = rng.random(2_000) < 0.05
    given = np.where(wrong, (actual + rng.integers(1, 6, 2_000)) % 6, actual)
    targets = np.eye(6, dtype=np.int8)[given]
    found = out_of_fold(vectors, targets, np.arange(2_000), Job(), is_exclusive=True)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)
    doubts = doubtful_labels(found, targets, is_exclusive=True)
    hits = wrong[doubts.texts]
    assert hits.sum() >= 0.8 * wrong.sum()
    assert hits.mean() >= 0.5
    assert (doubts.given == given[doubts.texts]).all()
    assert (doubts.suggested == actual[doubts.texts])[hits].mean() > 0.95
    assert (np.diff(doubts.margin) <= 0).all()


def test_wrong_labels_are_doubted_where_a_text_may_have_several_concepts():
    vectors, actual, rng = clusters(2_000, seed=1)
    carried = np.eye(6, dtype=bool)[actual]
    carried[:, 5] |= carried[:, 0]  # the last concept goes with the first
    wrong = rng.random((2_000, 6)) < 0.01
    targets = (carried ^ wrong).astype(np.int8)
    found = out_of_fold(vectors, targets, np.arange(2_000), Job(), is_exclusive=False)
    doubts = doubtful_labels(found, targets, is_exclusive=False)
    concepts = np.where(doubts.given >= 0, doubts.given, doubts.suggested)
    hits = wrong[doubts.texts, concepts]
    assert hits.sum() >= 0.8 * wrong.sum()
    assert hits.mean() >= 0.5
    assert ((doubts.given >= 0) ^ (doubts.suggested >= 0)).all()


def test_the_confident_joint_of_a_small_example():
    probabilities = np.array(
        [[0.9, 0.1], [0.8, 0.2], [0.2, 0.8], [0.1, 0.9], [0.4, 0.6]], np.float32
    )
    targets = np.eye(2, dtype=np.int8)[[0, 0, 0, 1, 1]]
    # thresholds: 0.633 and 0.75; the third text is confidently of the second concept
    doubts = doubtful_labels(probabilities, targets, is_exclusive=True)
    assert (doubts.texts.tolist(), doubts.given.tolist(), doubts.suggested.tolist()) == (
        [2], [0], [1],
    )  # fmt: skip
    assert doubts.self_confidence.tolist() == pytest.approx([0.2])
    assert doubts.margin.tolist() == pytest.approx([0.6])


def test_hardly_a_right_label_is_doubted():
    vectors, actual, _rng = clusters(1_000)
    targets = np.eye(6, dtype=np.int8)[actual]
    found = out_of_fold(vectors, targets, np.arange(1_000), Job(), is_exclusive=True)
    assert len(doubtful_labels(found, targets, is_exclusive=True).texts) <= 10


@pytest.mark.parametrize("is_exclusive", [False, True])
@pytest.mark.parametrize(("n_texts", "n_concepts"), [(0, 3), (1, 3), (2, 2), (5, 1), (3, 0)])
def test_too_few_labels_give_no_doubts_and_no_errors(n_texts, n_concepts, is_exclusive):
    targets = np.zeros((n_texts, n_concepts), np.int8)
    targets[:, :1] = 1
    vectors, numbers = np.eye(8, dtype=np.float16)[:n_texts], np.arange(n_texts)
    found = out_of_fold(vectors, targets, numbers, Job(), is_exclusive=is_exclusive)
    assert found.shape == targets.shape
    assert np.isfinite(found).all()
    assert len(doubtful_labels(found, targets, is_exclusive=is_exclusive).texts) == 0


def test_texts_without_a_label_are_not_doubted_where_concepts_exclude_each_other():
    probabilities = np.full((4, 2), 0.5, np.float32)
    doubts = doubtful_labels(probabilities, np.zeros((4, 2), np.int8), is_exclusive=True)
    assert len(doubts.texts) == 0


def test_predicting_out_of_fold_can_be_stopped(impatient):
    vectors, actual, _rng = clusters(100)
    with pytest.raises(JobCancelled):
        out_of_fold(
            vectors, np.eye(6, dtype=np.int8)[actual], actual, impatient(2), is_exclusive=True
        )


def test_texts_for_testing_that_are_in_training_are_found():
    splits = ["train", "test", "validation", "test", "", "train"]
    numbers = np.array([0, 0, 1, 2, 0, 3])
    pairs = pairs_of((2, 5, 0.8), (0, 2, 0.9), (3, 4, 0.95))
    found = leaks(splits, numbers, pairs.at_least(0.7))
    # 3 is as near as 0.95 to a copy of text 0, which is in training
    expected = ([1, 3, 2], [0, 0, 0])
    assert (found.one.tolist(), found.other.tolist()) == expected
    assert found.similarity.tolist() == pytest.approx([1, 0.95, 0.9])
    assert leaks(splits, numbers, pairs.at_least(1.0)).one.tolist() == [1]


@pytest.mark.parametrize(
    "splits", [[], [""], ["train"], ["test"], ["train", "train"], ["", "test"]]
)
def test_without_two_sides_nothing_leaks(splits):
    assert len(leaks(splits, np.zeros(len(splits), np.int64), pairs_of())) == 0


def test_rare_concepts_imbalance_and_missing_labels_are_counted():
    labels = np.zeros((100, 3), np.int8)
    labels[:60, 0], labels[60:66, 1], labels[66:70, 1] = 1, 1, -1
    found = balance(labels)
    assert found.n_per_concept.tolist() == [60, 6, 0]
    assert found.too_few.tolist() == [2, 1]
    assert found.ratio == 10
    assert (found.n_unlabelled, found.unlabelled_share) == (30, 0.3)


@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (3, 0)])
def test_balance_of_nothing(shape):
    found = balance(np.zeros(shape, np.int8))
    assert found.ratio == 1
    assert found.n_unlabelled == shape[0]
    assert len(found.too_few) == shape[1]
