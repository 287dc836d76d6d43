"""Numbers as the analyst reads them."""

import pytest

from core import wording
from core.wording import NumberStyle, alphabetical, style_in_use, use_style

THIN = wording.THIN


@pytest.fixture
def style():
    """Write numbers in another style until the test ends."""
    before = style_in_use()
    yield use_style
    use_style(before)


def test_numbers_are_english_until_another_style_is_in_use(style):
    assert wording.number(10_003) == "10,003"
    assert wording.decimal(1234.56) == "1,234.6"
    style(NumberStyle(group=".", point=","))
    assert wording.number(-1_210_003) == "-1.210.003"
    assert wording.decimal(1234.56, 2) == "1.234,56"
    assert wording.percent(0.941) == f"94,1{THIN}%"
    assert wording.size(1_200) == "1,2 kB"
    assert wording.versioned("mails", 1_000) == "mails, version 1.000"


def test_halves_are_rounded_as_people_do_it():
    assert [wording.decimal(value) for value in (6.25, 6.35, 0.0)] == ["6.3", "6.3", "0.0"]
    assert [wording.decimal(value, 0) for value in (0.5, 1.5, 2.5)] == ["1", "2", "3"]


def test_an_interval_is_said_in_per_cent():
    assert wording.interval_words(0.93, 0.951) == f"95{THIN}% interval 93.0 to 95.1"


@pytest.mark.parametrize(
    ("share", "decimals", "words"),
    [
        (0.941, 1, f"94.1{THIN}%"),
        (0.68, 0, f"68{THIN}%"),
        (0.0004, 1, f"under 0.1{THIN}%"),
        (0.99996, 1, f"over 99.9{THIN}%"),
        (0.0, 1, f"0.0{THIN}%"),
        (1.0, 1, f"100.0{THIN}%"),
        (1.0, 0, f"100{THIN}%"),
    ],
)
def test_shares_are_said_in_per_cent(share, decimals, words):
    assert wording.percent(share, decimals) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "working out the time"),
        (0.2, "about 1 s left"),
        (7.4, "about 8 s left"),
        (19.5, "about 20 s left"),
        (41, "about 45 s left"),
        (58, "about 1 min left"),
        (61, "about 2 min left"),
        (3601, "about 1 h 10 min left"),
        (9600, "about 2 h 40 min left"),
    ],
)
def test_the_time_left_is_only_as_exact_as_it_can_be_known(seconds, words):
    assert wording.time_left(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.021, "21 ms"),
        (49, "49 s"),
        (65, "1 min 5 s"),
        (120, "2 min"),
        (3599.7, "1 h"),
        (9600, "2 h 40 min"),
        (90_000, "1 day 1 h"),
        (176_400, "2 days 1 h"),
    ],
)
def test_durations_name_their_two_largest_units(seconds, words):
    assert wording.duration(seconds) == words


@pytest.mark.parametrize(
    ("n_bytes", "words"),
    [
        (1, "1 byte"),
        (640, "640 bytes"),
        (1_200, "1.2 kB"),
        (310_000_000, "310 MB"),
        (1_200_000_000, "1.2 GB"),
        (3_400_000_000_000, "3.4 TB"),
    ],
)
def test_sizes_have_two_digits_or_more(n_bytes, words):
    assert wording.size(n_bytes) == words


def test_counts_agree_and_nothing_is_said_in_words():
    assert [wording.texts(n) for n in (0, 1, 10_003)] == ["No texts yet", "1 text", "10,003 texts"]
    assert [wording.concepts(n) for n in (0, 1, 2)] == [
        "No concepts yet",
        "1 concept",
        "2 concepts",
    ]
    assert wording.out_of(6200, 10_003) == "6,200 of 10,003"
    assert wording.out_of(6200, 0) == "6,200"
    assert wording.out_of(0, 0) == ""


def test_names_stand_in_the_order_of_a_dictionary():
    names = ["zebra", "Refund", "activate", "Ärger", "Éclair", "anger", "eclair"]
    expected = ["activate", "anger", "Ärger", "eclair", "Éclair", "Refund", "zebra"]
    assert sorted(names, key=alphabetical) == expected
