"""Words by deletion: found, put to the test, and not named where there is nothing to name."""

import math
import re
import time
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.jobs import Job, JobCancelled
from core.learning.explaining import LONGEST_TEXT, Doubt, explain
from core.learning.words import find_words

SENTENCE = "the parcel was with our neighbour on monday and she kept it for us in the hall"
NEUTRAL = SENTENCE.split()


class KnownWords:
    """A model whose log-odds are the sum of known weights of the words in a text."""

    def __init__(self, weights, bias=0.0, others=1):
        self.weights, self.bias, self.others = weights, bias, others
        self.n_asked = self.n_characters = 0

    def odds(self, text):
        return self.bias + sum(n * text.count(word) for word, n in self.weights.items())

    def __call__(self, texts, job):
        job.report("Reading texts", 0, len(texts))
        self.n_asked += len(texts)
        self.n_characters += sum(map(len, texts))
        own = np.array([1 / (1 + math.exp(-self.odds(text))) for text in texts], np.float32)
        rest = np.repeat((1 - own)[:, None] / self.others, self.others, axis=1)
        return np.column_stack([own, rest]).astype(np.float32)


def words_of(text, spans):
    return [text[one.start : one.end] for one in spans]


def test_the_words_that_decide_are_found_and_borne_out():
    text = "the card from monday never arrived and nobody of us knows why it is so"
    found = explain(KnownWords({"card": 2.0, "arrived": 3.0}, -2.0), text, 0, Job(), seed=1)
    assert words_of(text, found.top) == ["arrived", "card"]
    assert [one.importance for one in found.top] == pytest.approx([3.0, 2.0], abs=1e-3)
    assert (found.doubt, found.is_verified, found.is_sure) == (Doubt.NONE, True, True)
    assert found.probability == pytest.approx(1 / (1 + math.exp(-3)), abs=1e-5)
    assert found.probability_without == pytest.approx(1 / (1 + math.exp(2)), abs=1e-5)
    assert found.probability_random == pytest.approx(found.probability)
    assert found.without(found.top[0]) == pytest.approx(0.5, abs=1e-3)


def test_words_against_the_concept_have_negative_weights():
    text = "thank you, but the card that came last week is fine and so is all of it"
    found = explain(KnownWords({"card": 3.0, "fine": -2.0}), text, 0, Job(), seed=1)
    weights = dict(zip(words_of(text, found.spans), found.spans, strict=True))
    assert weights["fine"].importance == pytest.approx(-2.0, abs=1e-3)
    assert weights["week"].importance == pytest.approx(0.0, abs=1e-3)
    assert words_of(text, found.top) == ["card"]
    other = explain(KnownWords({"card": 3.0, "fine": -2.0}), text, 1, Job(), seed=1)
    assert words_of(text, other.top) == ["fine"]


def test_what_saturates_a_probability_still_moves_the_odds():
    text = "prize prize and a cash reward for all of you who call us now or tomorrow night"
    found = explain(KnownWords({"prize": 5.0, "cash": 5.0}), text, 0, Job(), seed=1)
    assert set(words_of(text, found.top)) == {"prize", "cash"}
    assert found.is_sure
    assert found.top_drop == pytest.approx(15.0, abs=0.1)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), seed=st.integers(0, 1000))
def test_taking_out_the_top_lowers_the_score_more_than_taking_out_random_words(data, seed):
    words = data.draw(st.permutations(NEUTRAL))
    telling = data.draw(st.sets(st.sampled_from(NEUTRAL), min_size=1, max_size=3))
    weights = {f" {word} ": 1.0 + i for i, word in enumerate(sorted(telling))}
    text = f" {'  '.join(words)} "
    found = explain(KnownWords(weights, others=4), text, 0, Job(), seed=seed)
    assert {word.strip() for word in words_of(text, found.top)} <= telling
    assert found.top_drop > found.random_drop + 0.4
    assert found.probability_without < found.probability_random
    assert found.is_verified


def test_where_nothing_moves_the_score_nothing_is_named():
    found = explain(KnownWords({}, 2.0), " ".join(NEUTRAL), 0, Job(), seed=1)
    assert (found.doubt, found.is_verified, found.top) == (Doubt.NOTHING_MOVES, False, ())


def test_where_all_words_count_alike_none_is_named():
    text = " ".join(["card"] * 12)
    found = explain(KnownWords({"card": 0.3}), text, 0, Job(), seed=1)
    assert (found.doubt, found.is_verified) == (Doubt.LIKE_OTHERS, False)


@pytest.mark.parametrize("others", [1, 3])
def test_a_model_that_hesitates_decides_by_no_word(others):
    text = "the card from monday never arrived and nobody of us knows why it is so"
    bias = -3.0 if others == 1 else -3.0 - math.log(3)  # so that it ties with each of the others
    found = explain(KnownWords({"card": 3.0}, bias, others), text, 0, Job(), seed=1)
    assert (found.doubt, found.is_sure) == (Doubt.CLOSE_CALL, False)


def test_concepts_that_stand_for_themselves_tie_with_not_being_an_answer():
    def independent(texts, _job):
        return np.array([[0.51 if "card" in t else 0.1, 0.97] for t in texts], np.float32)

    text = "my card is lost somewhere here"
    assert explain(independent, text, 0, Job(), seed=1).doubt is Doubt.CLOSE_CALL
    assert explain(independent, text, 1, Job(), seed=1).doubt is Doubt.NOTHING_MOVES


def test_two_runs_say_the_same():
    text = "my card never arrived " + " ".join(NEUTRAL * 30)
    one, other = (explain(KnownWords({"card": 3.0}), text, 0, Job(), seed=7) for _i in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("the cafe\u0301 was closed all day long", "cafe\u0301"),
        ("well 🎉👩🏽\u200d💻🎉 done to all of you there", "🎉👩🏽\u200d💻🎉"),
        ("لم تصل بِطاقَتي الجديدة حتى الآن", "بِطاقَتي"),
        ("我的卡还没有到，请帮我查一下", "卡"),
        ("ราคาแพงมากเกินไปสำหรับฉัน", None),
        ("it hasn't come, nor has the well-known one", "hasn't"),
        ("e\u0301te\u0301 हिन्दी में लिखा हुआ", "हिन्दी"),
    ],
)
def test_spans_are_places_in_the_text_whatever_the_script(text, word):
    words = [text[start:end] for start, end in find_words(text)]
    assert all(words)
    assert "".join(words) == re.sub(r"[\s,，]", "", text)
    assert not any(unicodedata.combining(one[0]) for one in words)
    if word is None:
        assert len(words) > 3
        return
    found = explain(KnownWords({word: 4.0}), text, 0, Job(), seed=1)
    assert words_of(text, found.top) == [word]


def test_scripts_without_spaces_are_taken_in_short_runs():
    assert len(find_words("我的卡还没有到")) == 7
    assert len(find_words("クレジットカード")) == 1
    assert max(end - start for start, end in find_words("สวัสดีครับผมชื่อสมชาย")) <= 9  # with marks


@pytest.mark.parametrize("text", ["", "   ", "...!?", "card", " card. "])
def test_of_less_than_two_words_none_is_said_to_have_decided(text):
    found = explain(KnownWords({"card": 3.0}), text, 0, Job(), seed=1)
    assert (found.doubt, found.is_verified) == (Doubt.NO_OTHERS, False)
    assert words_of(text, found.spans) == (["card"] if "card" in text else [])


def test_of_two_words_one_can_decide():
    found = explain(KnownWords({"card": 3.0}), "card please", 0, Job(), seed=1)
    assert (words_of("card please", found.top), found.is_verified) == (["card"], True)


@pytest.mark.parametrize("n_words", [200, 1_000, 4_000])
def test_a_long_text_is_read_a_bounded_number_of_times_and_its_words_are_found(n_words):
    words = [f"word{i}" for i in range(n_words)]
    words[n_words // 3] = "CARD"  # no other word has anything of it
    text = " ".join(words)
    model = KnownWords({"CARD": 4.0})
    found = explain(model, text, 0, Job(), seed=1)
    assert "CARD" in words_of(text, found.top)[0]
    assert len(words_of(text, found.top)[0].split()) <= (4 if n_words <= 1_000 else 20)
    assert found.is_verified
    assert model.n_asked <= 100
    assert model.n_characters <= max(270_000, 32 * len(text))
    ends = [one.end for one in found.spans]
    assert all(one.start >= end for end, one in zip(ends, found.spans[1:], strict=False))


def test_twenty_thousand_characters_take_no_time_of_our_own():
    text = "我的卡还没有到 and the card " * 1_000
    began = time.perf_counter()
    found = explain(KnownWords({"nothing": 1.0}, 2.0), text[:20_000], 0, Job(), seed=1)
    assert time.perf_counter() - began < 2
    assert found.doubt is Doubt.NOTHING_MOVES


def test_a_text_like_a_book_is_not_explained():
    model = KnownWords({"card": 3.0})
    found = explain(model, "card " * LONGEST_TEXT, 0, Job(), seed=1)
    assert (found.doubt, found.spans) == (Doubt.TOO_LONG, ())


@pytest.mark.parametrize("patience", [0, 1, 2])
def test_it_can_be_stopped_between_the_questions(impatient, patience):
    text = " ".join(f"word{i}" for i in range(300))
    with pytest.raises(JobCancelled):
        explain(KnownWords({"word7 ": 3.0}), text, 0, impatient(patience), seed=1)


def test_progress_is_that_of_the_whole():
    class Listening(Job):
        def report(self, stage, done=0, total=0):
            super().report(stage, done, total)
            told.append(done / total)

    told = []
    text = " ".join(f"word{i}" for i in range(300))
    explain(KnownWords({"word7 ": 3.0}), text, 0, Listening(), seed=1)
    assert told == sorted(told)
    assert told[-1] <= 1
