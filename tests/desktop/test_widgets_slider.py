"""The slider of shares: by hand, by keys, by a typed number, and read aloud."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from desktop.theme.apply import apply_theme
from desktop.widgets.slider import EDGE, ShareSlider


@pytest.fixture
def slider(qtbot):
    slider = ShareSlider("Counts from", 0.7, usual=0.5)
    qtbot.addWidget(slider)
    slider.resize(400, 36)
    with qtbot.waitActive(slider):
        slider.show()
        slider.activateWindow()
    slider.setFocus()
    return slider


def at(slider, share):
    width = slider.track.width() - 2 * EDGE
    return QPoint(round(EDGE + share * width), slider.track.height() // 2)


@pytest.mark.parametrize(
    ("key", "share"),
    [
        (Qt.Key.Key_Right, 0.71),
        (Qt.Key.Key_Left, 0.69),
        (Qt.Key.Key_PageUp, 0.80),
        (Qt.Key.Key_PageDown, 0.60),
        (Qt.Key.Key_Home, 0.0),
        (Qt.Key.Key_End, 1.0),
    ],
)
def test_keys_move_by_one_by_ten_and_to_the_ends(qtbot, slider, key, share):
    with qtbot.waitSignals([slider.moved, slider.rested]):
        qtbot.keyClick(slider.track, key)
    assert slider.share == share
    assert slider.field.value() == round(100 * share)


def test_the_pointer_leads_the_knob_and_it_rests_where_it_is_let_go(qtbot, slider):
    moves, rests = [], []
    slider.moved.connect(moves.append)
    slider.rested.connect(rests.append)
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(slider.track, left, pos=at(slider, 0.2))
    qtbot.mouseMove(slider.track, at(slider, 0.4))
    assert (moves, rests) == ([0.2, 0.4], [])
    qtbot.mouseRelease(slider.track, left, pos=at(slider, 0.4))
    assert rests == [0.4]


def test_a_hand_on_the_knob_is_not_overruled(qtbot, slider):
    qtbot.mousePress(slider.track, Qt.MouseButton.LeftButton, pos=at(slider, 0.2))
    slider.set_share(0.9)
    assert slider.share == 0.2


def test_a_number_is_typed(qtbot, slider):
    slider.field.selectAll()
    with qtbot.waitSignal(slider.moved) as told:
        qtbot.keyClicks(slider.field, "85")
        qtbot.keyClick(slider.field, Qt.Key.Key_Return)
    assert told.args == [0.85]
    assert slider.track.value() == 85


def test_what_is_set_tells_nobody(qtbot, slider):
    with qtbot.assertNotEmitted(slider.moved):
        slider.set_share(0.3)
    assert (slider.share, slider.field.value()) == (0.3, 30)


def test_name_and_value_are_read_aloud(slider):
    assert slider.track.accessibleName() == "Counts from, 70\u202f%"
    assert slider.field.accessibleName() == "Counts from, in per cent"
    assert slider.track.toolTip() == "The line is at the usual value, 50\u202f%."
    slider.set_share(0.4, is_mixed=True)
    assert slider.track.accessibleName() == "Counts from, different values"
    assert slider.field.text() == "–"


def test_several_values_become_one_as_soon_as_it_moves(qtbot, slider):
    slider.set_share(0.4, is_mixed=True)
    qtbot.keyClick(slider.track, Qt.Key.Key_Right)
    assert slider.track.accessibleName() == "Counts from, 41\u202f%"
    assert slider.field.minimum() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", [1, 2])
def test_it_is_drawn_in_every_state(qapp, slider, theme, scale):
    apply_theme(qapp, theme)
    pictures = []
    for share, is_mixed, is_on in ((0.0, False, True), (1.0, True, True), (0.5, False, False)):
        slider.set_share(share, is_mixed=is_mixed)
        slider.setEnabled(is_on)
        image = QImage(slider.size() * scale, QImage.Format.Format_ARGB32)
        image.setDevicePixelRatio(scale)
        slider.render(image)
        pictures.append(bytes(image.constBits()))
    assert len(set(pictures)) == 3
