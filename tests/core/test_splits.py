import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.jobs import Job, JobCancelled
from core.learning.splits import (
    cross_validate,
    groups_of,
    stratified_folds,
    targets_from_annotations,
)


@pytest.mark.parametrize(
    ("judged", "row"),
    [
        ({"a": True}, [1, 0, 0]),  # a positive, and so a negative for every other concept
        ({"a": True, "b": True}, [1, 1, 0]),
        ({"a": True, "b": False}, [1, 0, 0]),  # an explicit negative changes nothing
        ({"b": False}, [0, 0, 0]),  # a negative alone is a negative for all
        ({"elsewhere": True}, [0, 0, 0]),  # carries only what the model does not know
    ],
)
def test_what_a_label_means(judged, row):
    used, targets = targets_from_annotations([judged], ["a", "b", "c"])
    assert used.tolist() == [0]
    assert targets.tolist() == [row]


def test_a_text_without_annotations_teaches_nothing():
    used, targets = targets_from_annotations([{}, {"b": True}, {}], ["a", "b"])
    assert used.tolist() == [1]
    assert targets.tolist() == [[0, 1]]


def test_texts_that_differ_in_case_width_and_spacing_only_are_equal():
    assert groups_of(["Hello  you", "ｈello\tYOU ", "hello", "Hello  you"]).tolist() == [0, 0, 1, 0]


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(1, 5), st.integers(1, 40))
def test_folds_keep_equal_texts_together_and_spread_concepts(seed, n_folds, n_concepts, n_texts):
    random = np.random.default_rng(seed)
    targets = np.eye(n_concepts, dtype=np.int8)[random.integers(0, n_concepts, n_texts)]
    groups = np.arange(n_texts)
    folds = stratified_folds(targets, groups, n_folds, seed)
    for column in targets.T:
        per_fold = np.bincount(folds[column == 1], minlength=n_folds)
        assert per_fold.max() - per_fold.min() <= 1

    groups = random.integers(0, max(n_texts // 2, 1), n_texts)
    folds = stratified_folds(targets, groups, n_folds, seed)
    assert all(len(set(folds[groups == group])) == 1 for group in np.unique(groups))
    assert np.array_equal(folds, stratified_folds(targets, groups, n_folds, seed))


def test_no_text_is_predicted_by_a_model_that_has_seen_it():
    folds = np.array([0, 1, 2, 0, 1])

    def learn(learned):
        return lambda checked: np.array([[float(i in learned), i] for i in checked], np.float32)

    answer = cross_validate(folds, learn, Job())
    assert answer[:, 0].tolist() == [0, 0, 0, 0, 0]
    assert answer[:, 1].tolist() == [0, 1, 2, 3, 4]


def test_cross_validation_can_be_stopped_between_folds():
    job = Job()

    def learn(_learned):
        job.cancel()
        return lambda checked: np.zeros((len(checked), 1), np.float32)

    with pytest.raises(JobCancelled):
        cross_validate(np.array([0, 1]), learn, job)
