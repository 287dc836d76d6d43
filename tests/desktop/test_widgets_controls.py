"""Buttons, fields and choices: nothing cut, everything reachable and named."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QProxyStyle
from typing_extensions import override

from desktop.theme.apply import apply_theme, motion_ms
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.choices import Radio, Segmented, Select, Switch, line_edit
from desktop.widgets.concept_chip import Chip, chip_width
from desktop.widgets.fold import Fold
from desktop.widgets.key_cap import KeyCap
from desktop.widgets.layout import column, row
from desktop.widgets.text import text

KINDS = ("primary", "secondary", "quiet", "link", "danger", "small")
LONG = "balance_not_updated_after_cheque_or_cash_deposit"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("label", ["Add 10,003 texts", "Rechtsschutzversicherung wählen…"])
@pytest.mark.parametrize("icon_name", ["", "plus"])
def test_no_word_on_a_button_is_cut(qtbot, kind, label, icon_name):
    part = button(label, kind, icon_name, trailing=kind == "primary")
    qtbot.addWidget(part)
    part.show()
    room = part.width() - (20 if icon_name else 0)
    assert QFontMetricsF(part.font()).horizontalAdvance(label) <= room
    assert part.height() >= 28


def test_a_button_keeps_its_size_when_it_takes_the_focus(qtbot):
    parts = [button("Train", kind) for kind in KINDS]
    window = row(*parts)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    for part in parts:
        before = part.sizeHint()
        part.setFocus()
        assert part.hasFocus()
        assert part.sizeHint() == before


def test_a_button_is_read_aloud_by_its_bare_label(qtbot):
    part = button("Rename “Tom & Jerry”", "secondary", "pencil")
    qtbot.addWidget(part)
    assert part.text() == "Rename “Tom & Jerry”"
    assert part.accessibleName() == "Rename “Tom & Jerry”"
    picture = icon_button("trash-2", "Delete text")
    qtbot.addWidget(picture)
    assert picture.accessibleName() == picture.toolTip() == "Delete text"


def test_a_button_that_cannot_be_pressed_says_why(qtbot):
    part = button("Train model", "primary")
    qtbot.addWidget(part)
    part.set_enabled(enabled=False, why_not="Two concepts need texts.")
    assert part.toolTip() == "Two concepts need texts."
    part.set_enabled(enabled=True)
    assert part.isEnabled()
    assert part.toolTip() == ""


def test_a_choice_between_words_tells_what_was_chosen(qtbot):
    choice = Segmented(["One", "Several"], name="Concepts per text")
    qtbot.addWidget(choice)
    parts = choice.findChildren(type(choice._group.button(0)))
    assert [part.accessibleName() for part in parts] == [
        "Concepts per text: One",
        "Concepts per text: Several",
    ]

    with qtbot.waitSignal(choice.chosen) as told:
        qtbot.mouseClick(parts[1], Qt.MouseButton.LeftButton)

    assert told.args == [1]
    assert choice.value == 1
    assert choice.focusProxy() is parts[1]  # so that the keyboard can be seen on it
    with qtbot.assertNotEmitted(choice.chosen):
        choice.set_value(1)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_switch_can_be_thrown_with_the_keyboard(qtbot, key):
    switch = Switch(name="First row holds the column names")
    qtbot.addWidget(switch)
    with qtbot.waitSignal(switch.toggled):
        qtbot.keyClick(switch, key)
    assert switch.isChecked()


def test_radios_with_one_parent_exclude_each_other(qtbot):
    one, two = Radio("Quick classifier", on=True), Radio("Deep classifier")
    window = row(one, two)
    qtbot.addWidget(window)
    two.click()
    assert (one.isChecked(), two.isChecked()) == (False, True)


def test_a_long_choice_is_explained(qtbot):
    select = Select("Any concept", LONG, width=120, name="Concept")
    qtbot.addWidget(select)
    select.setCurrentIndex(1)
    assert select.toolTip() == LONG
    assert select.accessibleName() == "Concept"


def test_a_wrong_field_gets_a_red_edge_and_loses_it(qtbot):
    field = line_edit("a/b", "Name of the app", "search", width=220)
    qtbot.addWidget(field)
    field.show()
    before = field.grab().toImage()
    field.set_wrong(wrong=True)
    assert field.grab().toImage() != before
    field.set_wrong(wrong=False)
    assert field.grab().toImage() == before


def test_a_fold_opens_with_a_key_and_says_how_it_stands(qtbot):
    content = text("round 20, 92.6 % right")
    fold = Fold("Log", "last line", content)
    window = column(fold, None)
    qtbot.addWidget(window)
    window.show()
    assert not content.isVisible()

    with qtbot.waitSignal(fold.opened):
        qtbot.keyClick(fold._line, Qt.Key.Key_Return)

    assert fold.is_open()
    assert content.isVisible()
    assert fold._line.accessibleName() == "Log, open. last line"
    fold.set_open(is_open=False)
    qtbot.waitUntil(lambda: not content.isVisible())
    fold.set_note("round 21")
    assert fold._line.accessibleName() == "Log, closed. round 21"


def test_motion_is_off_where_the_system_asks_for_less(qapp):
    class CalmStyle(QProxyStyle):
        @override
        def styleHint(self, hint, option=None, widget=None, returnData=None):
            return 0

    assert motion_ms(CalmStyle(), 120) == 0


def test_a_chip_is_as_wide_as_its_name_and_never_too_wide(qtbot):
    short, long = Chip("card_arrival", 0), Chip(LONG, 9, most=180)
    for chip in (short, long):
        qtbot.addWidget(chip)
    assert short.toolTip() == ""
    assert long.width() <= 181
    assert long.toolTip() == LONG
    assert long.accessibleName() == LONG
    assert chip_width(LONG, 180) <= 181


@pytest.mark.parametrize("how", ["mouse", "key"])
def test_a_concept_can_be_taken_off(qtbot, how):
    chip = Chip("card_arrival", 0, removable=True)
    qtbot.addWidget(chip)
    chip.show()
    with qtbot.waitSignal(chip.removed):
        if how == "key":
            qtbot.keyClick(chip, Qt.Key.Key_Delete)
        else:
            place = chip.rect().center()
            place.setX(chip.width() - 10)
            qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=place)


def test_a_click_on_a_chips_name_takes_nothing_off(qtbot):
    chip = Chip("card_arrival", 0, removable=True)
    qtbot.addWidget(chip)
    with qtbot.assertNotEmitted(chip.removed):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=chip.rect().topLeft())


def test_keys_are_as_wide_as_what_stands_on_them(qtbot):
    caps = [KeyCap("1"), KeyCap("Ctrl Z")]
    for cap in caps:
        qtbot.addWidget(cap)
    assert caps[0].width() == 22 < caps[1].width()


def test_icons_of_fields_and_buttons_survive_a_switch(qapp, qtbot):
    field = line_edit("", "Search", "search")
    qtbot.addWidget(field)
    apply_theme(qapp, "dark")
    apply_theme(qapp, "light")
    assert len(field.actions()) == 1
