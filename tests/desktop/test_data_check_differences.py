import pytest

from desktop.screens.data_check.differences import (
    SHOWN_LETTERS,
    differences,
    excerpt,
    shown_differences,
)
from desktop.widgets.marked import marked_html


def words_at(text, spans):
    return [text[start:end] for start, end in spans]


def test_only_the_words_that_differ_are_marked():
    one, other = "The parcel is late again.", "The letter is late."
    left, right = differences(one, other)
    assert words_at(one, left) == ["parcel", "again"]
    assert words_at(other, right) == ["letter"]


def test_equal_texts_have_no_marks():
    assert differences("the same", "the same") == ([], [])


def test_a_difference_far_down_in_a_long_text_is_shown():
    one, other = f"{'word ' * 2_000}end", f"{'word ' * 2_000}finish"
    left, right = shown_differences(one, other)
    assert words_at(one, left) == ["end"]
    shown, marks = excerpt(other, right)
    assert words_at(shown, marks) == ["finish"]
    assert shown.startswith("… ")


def test_a_long_text_is_shortened_to_what_can_be_read():
    shown, marks = excerpt("x" * 100_000)
    assert len(shown) == SHOWN_LETTERS + 2
    assert marks == []


def test_somebodys_markup_is_shown_as_it_is():
    assert marked_html("<b>&", [(0, 3)]).count("&lt;b&gt;</span>&amp;") == 1


def test_text_from_right_to_left_is_shown_so():
    assert 'dir="rtl"' in marked_html("שלום", [])


@pytest.mark.parametrize("letter", ["a ", "。", "é", " "])
def test_texts_of_one_letter_are_compared_roughly_rather_than_for_ever(letter):
    _left, right = shown_differences(letter * 5_000, f"{letter}!" * 5_000)
    assert right
