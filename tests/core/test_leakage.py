"""Texts that a model had learned from are found among those that it is checked on."""

import random

import numpy as np
import pytest

from core.jobs import Job, JobCancelled
from core.learning.leakage import seen_across, seen_among
from core.learning.scored import NEARLY_SEEN, NOT_SEEN, SEEN


def made_up(n_texts, seed):
    words = random.Random(seed)
    known = ["".join(words.choices("etaoinshrdlu", k=words.randint(3, 9))) for _ in range(2_000)]
    return [" ".join(words.choices(known, k=14)) for _ in range(n_texts)]


def test_a_text_counts_as_seen_whatever_its_case_width_and_spaces():
    learned = ["Where is my parcel", "Thank you"]
    checked = ["where  IS my\tparcel ", "ｗｈｅｒｅ is my parcel", "Thank you", "Who are you"]
    found = seen_among(checked, learned, Job())
    assert found.tolist() == [SEEN, SEEN, SEEN, NOT_SEEN]


def test_a_text_of_which_a_word_was_changed_counts_as_nearly_seen():
    learned = ["my card was declined at the station this morning and I was charged twice for it"]
    checked = [
        "my card was declined at the station this morning and I was charged twice for that",
        "my card arrived this morning",
    ]
    assert seen_among(checked, learned, Job()).tolist() == [NEARLY_SEEN, NOT_SEEN]


def test_texts_that_repeat_only_among_the_checked_were_not_seen():
    assert seen_among(["the same", "the same"], ["another"], Job()).tolist() == [NOT_SEEN] * 2
    assert seen_among(["a text"], ["twice", "twice"], Job()).tolist() == [NOT_SEEN]


def test_in_cross_validation_only_texts_of_other_folds_were_seen():
    texts = ["win a prize", "win a prize", "see you", "SEE you", "on my own"]
    folds = np.array([0, 0, 0, 1, 1])
    found = seen_across(texts, folds, Job())
    assert found.tolist() == [NOT_SEEN, NOT_SEEN, SEEN, SEEN, NOT_SEEN]


def test_nearly_the_same_text_in_another_fold_was_nearly_seen():
    one = "my card was declined at the station this morning and I was charged twice for it"
    other = one.replace("for it", "for that")
    assert seen_across([one, other], np.array([0, 1]), Job()).tolist() == [NEARLY_SEEN] * 2
    assert seen_across([one, other], np.array([1, 1]), Job()).tolist() == [NOT_SEEN] * 2


@pytest.mark.parametrize(
    ("checked", "learned"), [([], []), ([], ["a"]), (["a"], []), (["", " ", "a"], ["b", ""])]
)
def test_empty_texts_and_empty_sides_are_no_fault(checked, learned):
    found = seen_among(checked, learned, Job())
    assert len(found) == len(checked)
    assert (found != NEARLY_SEEN).all()
    assert seen_across(checked, np.zeros(len(checked), np.int64), Job()).tolist() == [
        NOT_SEEN
    ] * len(checked)


def test_all_of_the_seven_per_cent_that_were_planted_are_found_and_no_others():
    learned, checked = made_up(1_000, 1), made_up(1_000, 2)
    words = random.Random(3)
    planted = words.sample(range(1_000), 70)
    for i, place in enumerate(planted):
        text = learned[words.randrange(1_000)]
        checked[place] = text.upper() if i < 40 else f"{text} {checked[place].split()[0]}"
    found = seen_among(checked, learned, Job())
    assert (found[planted[:40]] == SEEN).all()
    assert (found[planted[40:]] == NEARLY_SEEN).all()
    assert (found != NOT_SEEN).sum() == 70


@pytest.mark.parametrize("patience", [0, 1])
def test_the_search_can_be_stopped(impatient, patience):
    with pytest.raises(JobCancelled):
        seen_among(made_up(300, 1), made_up(300, 2), impatient(patience))
