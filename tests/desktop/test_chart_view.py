"""A chart in the window: chosen by mouse and keys, read as a table, saved as a file."""

import csv
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip

from core.charts.colours import DARK, LIGHT
from core.charts.histogram import Scores, histogram
from core.charts.intervals import ScoreRow, intervals
from core.charts.matrix import Matrix, matrix
from core.charts.scene import TYPE
from desktop import boxes
from desktop.theme import tokens
from desktop.theme.apply import apply_theme
from desktop.widgets.chart_table import cell_words
from desktop.widgets.chart_view import ChartView, no_chart
from desktop.widgets.scene_painter import scene_image
from tests.core.test_charts import SCENES

THIN = "\u202f"
COUNTS = ((9, 0, 1), (0, 8, 0), (5, 0, 6))
NAMES = ("arrival", "refund", "fee")
KEYS = Qt.Key


def draw_matrix(width, height):
    return matrix(Matrix(NAMES, COUNTS), (width, height))


@pytest.fixture
def show(qtbot):
    """Return a function that shows a chart in a window of its own."""

    def shown(draw=draw_matrix, size=(520, 320)):
        view = ChartView(draw, "Mixed up")
        qtbot.addWidget(view)
        view.resize(*size)
        with qtbot.waitExposed(view):
            view.show()
        return view

    return shown


@pytest.fixture
def saved_to(monkeypatch, tmp_path):
    """Return where files are saved, and answer for the analyst."""
    asked = []

    def answer(_parent, _title, suggestion, _kinds=""):
        asked.append(suggestion)
        return tmp_path / suggestion

    monkeypatch.setattr(boxes, "choose_save_file", answer)
    return tmp_path, asked


def middle_of(view, key):
    mark = next(mark for mark in view.scene.marks if mark.key == key)
    return QPointF(*mark.box.centre).toPoint()


def act(view, words):
    menu = view.menu()
    next(action for action in menu.actions() if action.text() == words).trigger()


def test_a_click_on_a_mark_tells_its_key_and_one_beside_it_nothing(show, qtbot):
    view = show()
    with qtbot.waitSignal(view.mark_chosen) as told:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle_of(view, (2, 0)))
    assert told.args == [(2, 0)]
    assert view.accessibleName() == "People said fee, the model said arrival: 5 texts"
    with qtbot.assertNotEmitted(view.mark_chosen):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
        qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=middle_of(view, (0, 0)))


@pytest.mark.parametrize(
    ("keys", "reached"),
    [
        ((), (0, 0)),
        ((KEYS.Key_Right,), (0, 2)),
        ((KEYS.Key_Right, KEYS.Key_Down), (2, 2)),
        ((KEYS.Key_Right, KEYS.Key_Down, KEYS.Key_Left), (2, 0)),
        ((KEYS.Key_Up, KEYS.Key_Left), (0, 0)),
        ((KEYS.Key_End,), (2, 2)),
        ((KEYS.Key_End, KEYS.Key_PageUp), (2, 0)),
        ((KEYS.Key_PageDown, KEYS.Key_PageDown, KEYS.Key_Home), (0, 0)),
    ],
)
def test_keys_move_between_marks_where_they_stand(show, qtbot, keys, reached):
    view = show()
    view.setFocus()
    for key in keys:
        qtbot.keyClick(view, key)
    for choose in (KEYS.Key_Return, KEYS.Key_Space):
        with qtbot.waitSignal(view.mark_chosen) as told:
            qtbot.keyClick(view, choose)
        assert told.args == [reached]


@pytest.mark.parametrize("name", SCENES)
def test_every_mark_can_be_reached_with_keys(qtbot, name):
    view = ChartView(lambda width, height: SCENES[name]((width, height)))
    qtbot.addWidget(view)
    view.resize(560, 400)
    marks = view.scene.marks[:300]
    seen = []
    for _mark in marks:
        seen.append(view.focused)
        qtbot.keyClick(view, KEYS.Key_PageDown)
    assert seen == list(marks)


def test_focus_and_what_is_chosen_can_be_seen(show, qtbot):
    view = show()
    view.clearFocus()
    plain = view.grab().toImage()
    view.set_chosen((2, 0))
    chosen = view.grab().toImage()
    view.setFocus()
    focused = view.grab().toImage()
    assert plain != chosen
    assert chosen != focused
    qtbot.keyClick(view, KEYS.Key_Up)
    assert view.grab().toImage() != focused


def test_the_mark_under_the_mouse_is_lit_and_says_what_it_is(show, qtbot, monkeypatch):
    view = show()
    said = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, words, _on: said.append(words))
    plain = view.grab().toImage()
    place = middle_of(view, (0, 2))
    qtbot.mouseMove(view, QPoint(1, 1))
    qtbot.mouseMove(view, place)
    qtbot.waitUntil(lambda: view.cursor().shape() == Qt.CursorShape.PointingHandCursor)
    assert view.grab().toImage() != plain
    hint = QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place))
    view.event(hint)
    assert said == ["People said arrival, the model said fee: 1 text"]


def test_a_chart_without_marks_is_named_and_takes_any_key(show, qtbot):
    view = show(lambda width, height: histogram(Scores((0.0, 1.0), (0,), (0,)), (width, height)))
    with qtbot.assertNotEmitted(view.mark_chosen):
        for key in (KEYS.Key_Right, KEYS.Key_Home, KEYS.Key_Return):
            qtbot.keyClick(view, key)
    assert view.accessibleName().startswith("Texts by probability")


def test_another_chart_takes_the_place_of_the_first_and_keeps_what_is_chosen(show):
    view = show()
    view.set_chosen((0, 0))
    before = view.grab().toImage()
    view.set_chart(lambda w, h: matrix(Matrix(NAMES, COUNTS[::-1]), (w, h)))
    assert view.grab().toImage() != before
    assert view.accessibleName() == "People said arrival, the model said arrival: 5 texts"


def test_a_chart_of_many_rows_asks_for_the_height_it_needs(show):
    rows = [ScoreRow(f"model {i}", i / 20, key=i) for i in range(20)]
    view = show(lambda width, height: intervals(rows, (width, height)), (520, 200))
    assert view.minimumHeight() == view.scene.height > 600
    view.set_chart(draw_matrix)
    assert view.minimumHeight() < 600


def test_the_data_can_be_read_as_a_table_and_the_chart_comes_back(show):
    view = show()
    act(view, "Show as table")
    assert view.table.isVisible()
    rows = view.table.rows
    assert [rows.head(i) for i in range(4)] == list(view.scene.table.heads)
    cells = [rows.data(rows.index(3, i)) for i in range(4)]
    assert cells == ["fee", "arrival", "5", f"45.5{THIN}%"]
    act(view, "Show as chart")
    assert not view.table.isVisible()


def test_the_table_follows_the_chart_and_its_model_is_sound(show, qtmodeltester):
    view = show()
    view.show_table(shows_table=True)
    view.set_chart(lambda w, h: matrix(Matrix(("only",), ((3,),)), (w, h)))
    assert view.table.rows.rowCount() == 1
    qtmodeltester.check(view.table.rows)


@pytest.mark.parametrize(
    ("cell", "words"),
    [(None, "Not known"), ("fee", "fee"), (10003, "10,003"), (0.941, f"94.1{THIN}%")],
)
def test_a_cell_is_read_in_words(cell, words):
    assert cell_words(cell) == words


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_picture_is_twice_as_large_and_in_the_theme_in_use(show, qapp, saved_to, theme):
    apply_theme(qapp, theme.name)
    folder, asked = saved_to
    view = show()
    act(view, "Save as PNG…")
    assert asked == ["Mixed up.png"]
    image = QImage(str(folder / "Mixed up.png"))
    assert (image.width(), image.height()) == (2 * view.width(), 2 * view.height())
    assert image.pixelColor(2, 2).name().upper() == theme.page
    assert [path.name for path in folder.iterdir()] == ["Mixed up.png"]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_drawing_has_the_theme_in_use_and_the_numbers(show, qapp, saved_to, theme):
    apply_theme(qapp, theme.name)
    folder, _asked = saved_to
    act(show(), "Save as SVG…")
    written = (folder / "Mixed up.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(written.encode())
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"arrival", "refund", "9", "5"} <= set(texts)
    assert theme.accent in written


def test_the_data_is_saved_as_a_table(show, saved_to):
    folder, _asked = saved_to
    act(show(), "Save as CSV…")
    with (folder / "Mixed up.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["People said", "The model said", "Texts", "Share of the row"]
    assert rows[1:3] == [["arrival", "arrival", "9", "0.9"], ["arrival", "fee", "1", "0.1"]]


def test_nothing_is_written_if_the_analyst_thinks_better_of_it(show, monkeypatch, tmp_path):
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_: None)
    act(show(), "Save as PNG…")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", ["Save as PNG…", "Save as SVG…", "Save as CSV…"])
def test_a_place_that_cannot_be_written_to_is_named(show, monkeypatch, tmp_path, words):
    gone = tmp_path / "gone" / "chart.file"
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_: gone)
    said = []
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: said.append(str(error)))
    act(show(), words)
    assert len(said) == 1
    assert str(gone) in said[0]


def test_the_menu_opens_from_its_button_and_from_the_chart(show, qtbot, qapp):
    view = show()
    for open_menu in (view.more.click, lambda: view._open_menu(QPoint(5, 5))):
        open_menu()
        menu = qapp.activePopupWidget()
        words = [action.text() for action in menu.actions() if not action.isSeparator()]
        assert words == ["Show as table", "Save as PNG…", "Save as SVG…", "Save as CSV…"]
        menu.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("name", SCENES)
def test_every_chart_can_be_painted(qapp, theme, ratio, name):
    apply_theme(qapp, theme)
    scene = SCENES[name]((560, 400))
    image = scene_image(scene, ratio)
    assert (image.width(), image.height()) == (scene.width * ratio, scene.height * ratio)
    blank = QImage(image.size(), image.format())
    blank.setDevicePixelRatio(ratio)
    blank.fill(tokens.colour("page"))
    assert image != blank or not scene.items


def test_types_in_charts_are_those_of_the_window():
    for role, (size, weight) in TYPE.items():
        assert tokens.TYPE[role][:2] == (size, weight)


def test_a_chart_of_nothing_says_so_and_shows_the_keyboard_on_it(show):
    view = show(no_chart)
    blank, words = QImage(view.size(), QImage.Format.Format_RGB32), view.grab().toImage()
    blank.fill(words.pixel(view.width() - 2, view.height() - 2))
    assert words.convertToFormat(blank.format()) != blank
    view.clearFocus()
    assert view.grab().toImage() != words


def test_a_chart_of_nothing_offers_nothing_to_save(show):
    view = show(no_chart)
    assert view.more.isHidden()
    view._open_menu(QPoint(5, 5))
    assert QApplication.activePopupWidget() is None
    view.set_chart(draw_matrix, "Mixed up")
    assert not view.more.isHidden()
