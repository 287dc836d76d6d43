import time

import numpy as np
import pytest

from core.learning.bounds import ACCEPT, LEAVE, REVIEW, Bounds, BoundsError, sort_out

NAMES = ("refund", "praise")


def sorted_of(rows, bounds):
    ids, concepts, likely = zip(*rows, strict=True)
    return sort_out(np.array(ids), np.array(concepts), np.array(likely, np.float32), NAMES, bounds)


def test_two_bounds_part_texts_into_three():
    found = sorted_of([(1, 0, 0.95), (2, 1, 0.7), (3, 0, 0.2)], Bounds(0.9, 0.5))
    assert found.fates.tolist() == [ACCEPT, REVIEW, LEAVE]
    assert (found.n_accepted, found.n_to_review, found.n_left) == (1, 1, 1)
    assert found.counts.tolist() == [[1, 0, 1], [0, 1, 0]]


def test_a_bound_itself_counts():
    found = sorted_of([(1, 0, 0.9), (2, 0, 0.5)], Bounds(0.9, 0.5))
    assert found.fates.tolist() == [ACCEPT, REVIEW]


def test_a_concept_can_have_its_own_bounds():
    own = Bounds(0.9, 0.5, {"praise": (0.6, 0.1)})
    found = sorted_of([(1, 0, 0.7), (2, 1, 0.7), (3, 1, 0.2)], own)
    assert found.fates.tolist() == [REVIEW, ACCEPT, REVIEW]


def test_a_text_is_accepted_whole_or_not_at_all():
    found = sorted_of([(1, 0, 0.95), (1, 1, 0.7), (2, 0, 0.95), (2, 1, 0.1)], Bounds(0.9, 0.5))
    assert found.fates.tolist() == [REVIEW, ACCEPT]
    assert found.is_accepted.tolist() == [False, False, True, False]


@pytest.mark.parametrize(("accept", "review"), [(0.4, 0.5), (1.1, 0.5), (0.5, -0.1)])
def test_bounds_that_cannot_be_are_refused(accept, review):
    with pytest.raises(BoundsError):
        Bounds(accept, review)
    with pytest.raises(BoundsError):
        Bounds(concepts={"praise": (accept, review)})


def test_bounds_are_kept_as_they_are():
    own = Bounds(0.8, 0.3, {"praise": (0.6, 0.1)})
    assert Bounds.from_json(own.to_json()) == own
    assert Bounds.from_json({}) == Bounds()


def test_nothing_suggested_is_nothing_to_sort():
    empty = np.empty(0, np.int64)
    assert sort_out(empty, empty, empty.astype(np.float32), NAMES, Bounds()).n_left == 0


def test_half_a_million_suggestions_are_sorted_while_a_slider_moves():
    keys = np.arange(500_000)
    likely = np.random.default_rng(1).random(500_000).astype(np.float32)
    began = time.process_time()
    found = sort_out(keys, keys % 2, likely, NAMES, Bounds())
    assert time.process_time() - began < 1  # a tenth of it; the machine may be busy
    assert found.n_accepted + found.n_to_review + found.n_left == 500_000
