"""How answers are scored: the known measures, copying the text, and copying from the training."""

import pytest
from torchmetrics.functional.text import chrf_score, sacre_bleu_score

from core.learning.text_to_text import copied_from_training, measure
from core.learning.text_to_text.measures import token_f1

TEXTS = ["name[The Eagle], food[Thai]", "name[Zizzi], area[Mitte]", "Wo ist es?", "leer"]
RIGHT = [
    "The Eagle serves Thai food, and it is cheap.",
    "Zizzi is a pub in the middle of the town.",
    "Es liegt  schön am Fluß.",
    "Nothing is known of it so far.",
]
WRITTEN = [
    "The Eagle serves Thai food, and it is cheap.",
    "Zizzi is a pub near the river.",
    "Es liegt scho\u0308n am Fluß.",
    "",
]


@pytest.fixture(scope="module")
def scored():
    return measure(TEXTS, WRITTEN, RIGHT, seed=1)


def test_white_space_and_composed_letters_do_not_count(scored):
    assert scored.rows["exact_match"] == (1, 0, 1, 0)
    assert scored.scores["exact_match"].value == 0.5


def test_letters_and_phrases_are_scored_as_torchmetrics_scores_them():
    # without the empty answer, whose right one torchmetrics forgets to count among the letters
    scored = measure(TEXTS[:3], WRITTEN[:3], RIGHT[:3], seed=1)
    written = [" ".join(text.replace("o\u0308", "ö").split()) for text in WRITTEN[:3]]
    right = [[" ".join(text.split())] for text in RIGHT[:3]]
    chrf, each = chrf_score(written, right, n_word_order=0, return_sentence_level_score=True)
    assert scored.scores["chrf"].value == pytest.approx(float(chrf), abs=1e-5)
    assert scored.rows["chrf"] == pytest.approx(each.tolist(), abs=1e-5)
    bleu = float(sacre_bleu_score(written, right))
    assert scored.scores["bleu"].value == pytest.approx(bleu, abs=1e-5)


def test_all_measures_lie_within_their_intervals_and_between_none_and_all(scored):
    for name, score in scored.scores.items():
        assert 0 <= score.low <= score.value <= score.high <= 1, name
    for values in scored.rows.values():
        assert all(0 <= value <= 1 for value in values)


def test_words_in_common_are_counted_whatever_their_order():
    assert token_f1("a b c d", "d c b a") == 1
    assert token_f1("a b", "b c") == pytest.approx(0.5)
    assert token_f1("", "") == 1
    assert token_f1("", "a") == 0


def test_the_longest_run_counts_words_of_any_script():
    rows = measure(["x"], ["привет мир"], ["привет мир"], seed=1).rows
    assert rows["rouge_l"] == (1,)


def test_the_worst_answers_come_first(scored):
    assert scored.worst[0] == 3
    assert set(scored.worst[2:]) == {0, 2}


def test_copying_the_text_is_scored_beside_the_answers(scored):
    assert scored.copying["exact_match"] == 0
    assert 0 < scored.copying["chrf"] < scored.scores["chrf"].value
    assert measure(RIGHT, WRITTEN, RIGHT, seed=1).copying["exact_match"] == 1


def test_answers_to_nothing_cannot_be_scored():
    with pytest.raises(ValueError, match="0 answers"):
        measure([], [], [], seed=1)


def test_answers_that_are_those_of_the_training_are_counted_and_warned_of():
    learned = ["the card is late today", "the parcel is here"]
    targets = [f"order {i} is on its way" for i in range(9)] + ["the parcel is here"]
    found = copied_from_training(["the card is late today"] * 9 + targets[9:], learned, targets)
    assert (found.exact, found.wrong_exact, found.right_exact) == (1.0, 0.9, 0.1)
    assert found.rows == tuple(range(9))
    assert "90" in found.warning


def test_nearly_copied_answers_are_counted_too_and_right_ones_are_no_reason_to_warn():
    learned = ["the card is late today because of the snow on all the roads"]
    near = "the card is late today because of the snow on the roads"
    found = copied_from_training([near], learned, [near])
    assert (found.exact, found.near) == (0, 1)
    same = copied_from_training(learned * 20, learned, learned * 20)
    assert (same.exact, same.warning) == (1, "")
