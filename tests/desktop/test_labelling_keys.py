import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from desktop.screens.labelling.hints import hint_width, parts_of, plain
from desktop.screens.labelling.keys import MAC, ROWS, KeyReader, is_no, typed_keys
from desktop.screens.labelling.queue import Pace
from desktop.screens.labelling.text_pane import is_read_from_right

K, HELD = Qt.Key, Qt.KeyboardModifier


def pressed(key, text="", held=HELD.NoModifier, code=0, virtual=0):
    return QKeyEvent(QEvent.Type.KeyPress, key, held, code, virtual, 0, text)


@pytest.fixture
def on_linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.parametrize(
    ("event", "keys"),
    [
        (pressed(K.Key_1, "1", code=10), ("1",)),
        (pressed(K.Key_Exclam, "!", HELD.ShiftModifier, 10), ("1",)),  # American
        (pressed(K.Key_Ampersand, "&", code=10), ("1",)),  # French: digits need Shift
        (pressed(K.Key_1, "1", HELD.ShiftModifier, 10), ("1",)),
        (pressed(K.Key_Slash, "/", HELD.ShiftModifier, 16), ("7",)),  # German
        (pressed(K.Key_Y, "y", code=52), ("y",)),  # German: Y is where Z is elsewhere
        (pressed(K.Key_Q, "Q", HELD.ShiftModifier, 24), ("q",)),
        (pressed(0x0439, "й", code=24), ("й", "q")),  # Russian
        (pressed(K.Key_1, "1", HELD.KeypadModifier), ("1",)),
        (pressed(K.Key_Space, " ", code=65), ()),
        (pressed(K.Key_Plus, "+", HELD.ShiftModifier, 21), ()),
    ],
)
@pytest.mark.usefixtures("on_linux")
def test_a_key_is_known_on_every_keyboard(event, keys):
    assert typed_keys(event) == keys


def test_the_digit_row_is_known_by_its_place_on_every_system(monkeypatch):
    event = pressed(K.Key_Exclam, "!", HELD.ShiftModifier, 2)
    monkeypatch.setattr(sys, "platform", "win32")
    assert typed_keys(event) == ("1",)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert typed_keys(pressed(K.Key_Exclam, "!", HELD.ShiftModifier, 0, 18)) == ("1",)
    assert {MAC.index(digit) for digit in "1234567890"} == {18, 19, 20, 21, 23, 22, 26, 28, 25, 29}


@pytest.mark.usefixtures("on_linux")
def test_where_no_place_is_known_the_american_signs_stand_for_digits():
    assert typed_keys(pressed(K.Key_Exclam, "!", HELD.ShiftModifier)) == ("1",)
    assert typed_keys(pressed(K.Key_ParenRight, ")", HELD.ShiftModifier)) == ("0",)


@pytest.mark.parametrize("held", [HELD.ShiftModifier, HELD.AltModifier])
def test_shift_and_alt_say_no(held):
    assert is_no(pressed(K.Key_1, "1", held))
    assert not is_no(pressed(K.Key_1, "1"))


def test_the_rows_have_no_key_twice():
    assert len(set("".join(ROWS.values()))) == 36


@pytest.fixture
def reader():
    reader = KeyReader()
    reader.set_shortcuts({7: "1", 8: "q1", 9: "q2", 10: "й"})
    return reader


def test_one_key_chooses_at_once(reader):
    assert reader.read(("1",)) == 7
    assert reader.pending == ""


def test_the_first_of_two_keys_waits_for_the_second(reader):
    assert reader.read(("q",)) == 0
    assert reader.pending == "q"
    assert reader.read(("2",)) == 9
    assert reader.pending == ""


def test_a_second_key_that_leads_nowhere_chooses_nothing(reader):
    reader.read(("q",))
    assert reader.read(("5",)) == 0
    assert reader.pending == ""
    assert reader.read(("1",)) == 7


def test_after_a_first_key_a_digit_of_its_own_is_no_choice(reader):
    reader.set_shortcuts({7: "3", 8: "q1"})
    reader.read(("q",))
    assert reader.read(("3",)) == 0


def test_a_key_that_begins_nothing_may_mean_something_else(reader):
    assert reader.read(("u",)) is None


def test_a_letter_of_another_script_is_tried_before_its_place(reader):
    assert reader.read(("й", "q")) == 10


def test_hints_have_caps_and_words():
    assert parts_of("[1] to [8] choose") == [("1", ""), ("", "to"), ("8", ""), ("", "choose")]
    assert plain("[Space] skip") == "Space skip"
    assert hint_width("[1] choose") > 40


@pytest.mark.parametrize(
    ("value", "is_right"),
    [
        ("Where is it?", False),
        ("أين بطاقتي؟", True),
        ("שלום card", True),
        ("12 – Hello سلام", False),
        ("+49 … سلام", True),
        ("123", False),
        ("", False),
    ],
)
def test_the_first_letter_with_a_direction_says_from_where_a_text_is_read(value, is_right):
    assert is_read_from_right(value) is is_right


def test_the_time_left_goes_by_the_own_pace_and_only_after_a_few_answers():
    pace = Pace()
    for seconds in (1, 2, 2, 90):
        pace.add(seconds)
    assert pace.seconds_for(10) is None
    pace.add(3)
    assert pace.seconds_for(10) == 20
    for _n in range(30):
        pace.add(1)
    assert pace.seconds_for(10) == 10
