"""What a model said of each text is kept bit for bit, or called damaged."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.learning.scored import FILE, Scored, ScoredDamagedError, load_scored, save_scored


def made(n_texts=7, n_concepts=3, seed=1):
    random = np.random.default_rng(seed)
    return Scored(
        concepts=tuple(f"c{i}" for i in range(n_concepts)),
        is_exclusive=False,
        input_ids=random.integers(1, 2**62, n_texts),
        targets=random.integers(0, 2, (n_texts, n_concepts)).astype(np.int8),
        probabilities=random.random((n_texts, n_concepts), np.float32),
        seen=random.integers(0, 3, n_texts),
        seed=13,
    )


def loaded(folder, scored, **changes):
    wanted = {"concepts": scored.concepts, "is_exclusive": False, "seed": 13} | changes
    return load_scored(folder, wanted.pop("concepts"), **wanted)


def check_same(one, other):
    for name in ("input_ids", "targets", "probabilities", "seen"):
        ours, theirs = getattr(one, name), getattr(other, name)
        assert ours.dtype == theirs.dtype
        assert ours.shape == theirs.shape
        assert ours.tobytes() == theirs.tobytes()
    for name in ("concepts", "is_exclusive", "seed"):
        assert getattr(one, name) == getattr(other, name)


@given(n_texts=st.integers(0, 40), n_concepts=st.integers(1, 20), seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_what_is_saved_comes_back_bit_for_bit(tmp_path_factory, n_texts, n_concepts, seed):
    folder, scored = tmp_path_factory.mktemp("kept"), made(n_texts, n_concepts, seed)
    save_scored(scored, folder)
    check_same(loaded(folder, scored), scored)


def test_some_of_the_texts_are_saved_like_all(tmp_path):
    some = made(20).only(np.array([3, 1, 17]))
    save_scored(some, tmp_path)
    check_same(loaded(tmp_path, some), some)


def test_probabilities_in_another_order_in_memory_come_back_the_same(tmp_path):
    scored = made(9)
    turned = Scored(
        scored.concepts,
        scored.is_exclusive,
        scored.input_ids,
        scored.targets,
        np.asfortranarray(scored.probabilities),
        scored.seen,
        scored.seed,
    )
    save_scored(turned, tmp_path)
    check_same(loaded(tmp_path, scored), scored)


def test_a_missing_file_is_called_damaged(tmp_path):
    with pytest.raises(ScoredDamagedError):
        loaded(tmp_path, made())


@pytest.mark.parametrize("kept_share", [0, 0.01, 0.3, 0.9, 0.999])
def test_a_file_that_was_cut_short_is_called_damaged(tmp_path, kept_share):
    save_scored(made(200), tmp_path)
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[: int(len(whole) * kept_share)])
    with pytest.raises(ScoredDamagedError):
        loaded(tmp_path, made(200))


@pytest.mark.parametrize("rubbish", [b"", b"{}", b"\0" * 64, b"\xff" * 64, b"not of ours" * 9])
def test_another_file_in_its_place_is_called_damaged(tmp_path, rubbish):
    (tmp_path / FILE).write_bytes(rubbish)
    with pytest.raises(ScoredDamagedError):
        loaded(tmp_path, made())


def test_a_file_of_other_concepts_is_called_damaged(tmp_path):
    save_scored(made(n_concepts=3), tmp_path)
    with pytest.raises(ScoredDamagedError):
        loaded(tmp_path, made(), concepts=("c0", "c1"))


@pytest.mark.parametrize("place", range(0, 1_000, 37))
def test_a_single_bit_that_has_turned_is_called_damaged(tmp_path, place):
    save_scored(made(200), tmp_path)
    content = bytearray((tmp_path / FILE).read_bytes())
    content[-1 - place] ^= 1  # of the arrays, which fill the end
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ScoredDamagedError):
        loaded(tmp_path, made(200))


def test_arrays_of_another_kind_are_called_damaged(tmp_path):
    scored = made(8)
    save_scored(Scored(**(vars(scored) | {"input_ids": np.ones(8, np.float32)})), tmp_path)
    with pytest.raises(ScoredDamagedError):
        loaded(tmp_path, scored)


def test_arrays_that_do_not_fit_each_other_are_called_damaged(tmp_path):
    scored = made(8)
    for name in ("seen", "targets"):
        values = getattr(scored, name)[:3]
        save_scored(Scored(**(vars(scored) | {name: values})), tmp_path)
        with pytest.raises(ScoredDamagedError):
            loaded(tmp_path, scored)
