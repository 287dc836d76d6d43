"""Labels: height by width, other people's texts in their own direction and never as markup."""

import pytest
from PySide6.QtCore import Qt

from core.charts.scene import is_right_to_left
from desktop.widgets.layout import column
from desktop.widgets.painted import reading_direction, shortened, text_width
from desktop.widgets.text import Elided, heading, text, tip, wrapped

ARABIC = "لم تصل بطاقتي الجديدة حتى الآن"
LONG = "Everything that the analyst wrote is kept, and nothing of it leaves this computer. " * 6


@pytest.mark.parametrize("width", [160, 320, 640])
def test_running_text_is_as_high_as_its_width_makes_it(qtbot, width):
    label = wrapped(LONG)
    window = column(label, None)
    qtbot.addWidget(window)
    window.resize(width, 900)
    window.show()

    assert label.width() == width
    assert label.height() == label.heightForWidth(width)
    n_lines = text_width(LONG, "body") / width
    assert label.height() > n_lines * label.fontMetrics().height()


def test_running_text_grows_and_shrinks_with_its_words(qtbot):
    label = wrapped("Short.")
    window = column(label, None)
    qtbot.addWidget(window)
    window.resize(300, 600)
    window.show()
    low = label.height()

    label.setText(LONG)
    assert label.height() > 4 * low
    label.setText("Short.")
    assert label.height() == low


def test_running_text_is_never_wider_than_can_be_read(qtbot):
    label = wrapped(LONG)
    window = column(label, None)
    qtbot.addWidget(window)
    window.resize(1600, 400)
    window.show()
    assert label.contentsRect().width() == 720


def test_somebodys_text_is_shown_as_it_is(qtbot):
    cheeky = "<b>bold</b> & <img src=x>"
    for label in (text(cheeky), wrapped(cheeky), Elided(cheeky)):
        qtbot.addWidget(label)
        assert label.text() == cheeky
    assert text(cheeky).textFormat() == Qt.TextFormat.PlainText
    assert "&lt;b&gt;" in tip(cheeky)
    assert tip("card_arrival") == "card_arrival"
    assert len(tip("x" * 1_000_000)) < 2000


@pytest.mark.parametrize(("value", "is_rtl"), [(ARABIC, True), ("שלום", True), ("Hello", False)])
def test_a_text_is_read_in_the_direction_of_its_letters(value, is_rtl):
    assert is_right_to_left(value) is is_rtl
    expected = Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight
    assert reading_direction(value).textDirection() == expected


def test_a_line_too_long_is_shortened_and_explained(qtbot):
    name = "balance_not_updated_after_cheque_or_cash_deposit"
    label = Elided(name, middle=True)
    window = column(label)
    qtbot.addWidget(window)
    window.resize(120, 40)
    window.show()

    assert label.is_elided()
    assert label.toolTip() == name
    assert label.accessibleName() == name
    window.resize(900, 40)
    assert not label.is_elided()
    assert label.toolTip() == ""


def test_concept_names_are_shortened_in_the_middle(qapp):
    shown = shortened("balance_not_updated_after_bank_transfer", "caption", 120)
    assert shown.startswith("bal")
    assert shown.endswith("fer")


def test_a_huge_text_is_measured_in_an_instant(qtbot):
    label = Elided("word " * 2_000_000)
    qtbot.addWidget(label)
    label.resize(300, 20)
    assert not label.grab().isNull()


def test_a_tone_can_change(qtbot):
    label = text("Saved", tone="ink_3")
    qtbot.addWidget(label)
    label.ensurePolished()
    before = label.palette().windowText().color()
    label.set_tone("bad")
    assert label.palette().windowText().color() != before


def test_a_heading_holds_title_lead_and_actions(qtbot):
    action = text("Action")
    holder = heading("Concepts", "What a text can be about.", action)
    qtbot.addWidget(holder)
    assert action.window() is holder
