import pytest

from core.records import Concept
from core.shortcuts import ShortcutError, check_shortcuts, keys_from, shortcuts_of


def concepts(n, **given):
    return [Concept(i, f"c{i}", "", 0, shortcut=given.get(f"c{i}", "")) for i in range(1, n + 1)]


def test_the_first_ten_concepts_have_a_digit_each():
    assert "".join(shortcuts_of(concepts(10)).values()) == "1234567890"


def test_from_the_eleventh_on_two_keys_follow_each_other():
    keys = list(shortcuts_of(concepts(77)).values())
    assert keys[10:12] == ["q1", "q2"]
    assert keys[20] == "w1"
    assert keys[-1] == "y7"


@pytest.mark.parametrize("n", [3, 77, 200])
def test_no_keys_are_the_beginning_of_others(n):
    keys = list(shortcuts_of(concepts(n)).values())
    assert all(keys)
    assert not [a for a in keys for b in keys if a is not b and b.startswith(a)]
    check_shortcuts([Concept(i, str(i), "", 0, shortcut=k) for i, k in enumerate(keys)])


def test_more_concepts_than_keys_leave_the_last_ones_without():
    keys = shortcuts_of(concepts(250))
    assert keys[1] == "1"
    assert keys[250] == ""


def test_giving_one_concept_keys_of_its_own_moves_no_other_but_who_had_them():
    before, after = shortcuts_of(concepts(5)), shortcuts_of(concepts(5, c4="1"))
    assert after == before | {4: "1", 1: "4"}


def test_a_letter_that_is_given_leaves_no_pair_that_begins_with_it():
    keys = shortcuts_of(concepts(20, c1="q"))
    assert keys[1] == "q"
    assert not [k for k in keys.values() if k.startswith("q") and k != "q"]


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"c1": "a", "c2": "a"}, "“a” chooses both “c2” and “c1”."),
        ({"c1": "g", "c2": "gh"}, "“gh” of “c2” and “g” of “c1” begin alike."),
        ({"c1": "n"}, "“n” cannot be used as keys."),
        ({"c1": "abc"}, "“abc” cannot be used as keys."),
        ({"c1": "+"}, "“+” cannot be used as keys."),
        ({"c1": "A"}, "“A” cannot be used as keys."),
    ],
)
def test_keys_that_cannot_be_told_apart_are_refused_with_a_sentence(given, what):
    with pytest.raises(ShortcutError) as refused:
        check_shortcuts(concepts(3, **given))
    assert str(refused.value) == what
    assert refused.value.next_step


def test_keys_are_kept_as_small_letters_without_spaces():
    assert keys_from(" Q 1 ") == "q1"
