"""Every part is drawn: light and dark, at scale 1 and 2, empty, long, right-to-left, disabled."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QStandardItemModel
from PySide6.QtWidgets import QWidget

from core.jobs import Trial
from desktop.theme.apply import apply_theme
from desktop.widgets.bars import Bar
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.choices import Radio, Segmented, Select, Switch, line_edit
from desktop.widgets.concept_chip import Chip, Mark
from desktop.widgets.concept_scores import ConceptScore, ConceptScores
from desktop.widgets.confusion_matrix import ConfusionMatrix
from desktop.widgets.drop_zone import DropZone
from desktop.widgets.empty_state import EmptyState, SlipsPicture, Way
from desktop.widgets.fold import Fold
from desktop.widgets.footer import FooterBar
from desktop.widgets.header import HeaderBar
from desktop.widgets.highlight_edit import HighlightEdit, ReadingText, TextMark
from desktop.widgets.icon import Icon, Spinner
from desktop.widgets.interval import Interval, score_block
from desktop.widgets.job_bar import JobBar
from desktop.widgets.key_cap import KeyCap
from desktop.widgets.layout import Hairline, boxed, clip, column, surface
from desktop.widgets.live_curve import LiveCurve
from desktop.widgets.message_panel import MessagePanel, what_helps
from desktop.widgets.probability_bars import Answer, ProbabilityBars
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.rail import Rail, Step
from desktop.widgets.table import CHIPS_ROLE, TextTable
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.wordmark import Wordmark

VALUES = {
    "empty": "",
    "short": "card_arrival",
    "long": "balance_not_updated_after_cheque_or_cash_deposit & <b>more</b> " * 20,
    "right to left": "لم تصل بطاقتي الجديدة حتى الآن، متى يمكنني توقع استلامها؟",
}


def running_job_bar(value):
    bar = JobBar()
    bar.set_job(value[:40])
    bar.set_progress(value, 1, 3, None)
    return bar


def ended_job_bar(value):
    bar = JobBar()
    bar.show_failed(value[:40], "Show them")
    return bar


def rail(value):
    states = ("done", "now", "needs", "later")
    result = Rail([Step(value or "App", value, state) for state in states])
    result.set_tools_ready({"predict": "After training"})
    return result


def header(value):
    result = HeaderBar(value)
    result.set_saved(value[:60], "failed")
    return result


def footer(value):
    result = FooterBar(button("Skip"), button("Next: Train", "primary", "arrow-right"))
    result.set_note(value, "warn", "circle-alert")
    return result


def progress(value):
    result = ProgressPanel([value] if value else [])
    result.set_progress(value or "Learning", 1, 2, seconds_left=3, elapsed_s=4)
    return result


def table(value):
    result = TextTable(value)
    model = QStandardItemModel(3, 2, result)
    model.setHorizontalHeaderLabels(["Text", "Concepts"])
    for i in range(3):
        model.setData(model.index(i, 0), value)
        chips = [(value, i), (value, 40)] if i else []
        model.setData(model.index(i, 1), chips, CHIPS_ROLE)
    result.setModel(model)
    result.set_columns({1: 120})
    result.selectRow(1)
    return result


def scores(value):
    result = ConceptScores()
    result.set_scores(
        [ConceptScore(value, i, 0.5, 0.5, i / 4, None, 3, never_predicted=not i) for i in range(4)]
    )
    return result


def matrix(value):
    n_concepts = 8 if value else 0
    counts = [[int(i == j) * 9 + i * j % 3 for j in range(n_concepts)] for i in range(n_concepts)]
    return ConfusionMatrix([value] * n_concepts, counts)


def curve(value):
    result = LiveCurve()
    result.set_trials([Trial(value, 0.5 + i / 20) for i in range(9)] if value else [], 9)
    return result


def editor(value):
    result = HighlightEdit("Type or paste a text")
    result.set_value(value)
    result.set_marks([TextMark(2, 9, 0.8), TextMark(5000, 3, 0.1)], 7)
    return result


def panel(value):
    result = MessagePanel(
        "bad", value, value, actions=(button("Show folder"),), details=value or "x"
    )
    result.add_row(text("Row 7"), Elided(value))
    return result


MAKERS = {
    "bar": lambda value: Bar(min(1.0, len(value) / 50), "warn", name=value, target=0.25),
    "box": lambda value: boxed("good", surface(wrapped(value), "clear")),
    "chip": lambda value: Chip(value, 5, most=160, removable=True),
    "clip": lambda value: clip(column(wrapped(value), Hairline(), Hairline(vertical=True))),
    "curve": curve,
    "drop zone": lambda value: DropZone(Elided(value), 88),
    "editor": editor,
    "elided": lambda value: Elided(value, middle=True),
    "empty": lambda value: EmptyState(value, value, [Way("a", "table-2", value, value)], value),
    "ended job": ended_job_bar,
    "field": lambda value: line_edit(value, value, "search", width=200),
    "fold": lambda value: Fold(value, value, text("inside"), is_open=True),
    "footer": footer,
    "header": header,
    "help": lambda value: what_helps([value, value]),
    "icon": lambda _value: Icon("check", "good", 24),
    "icon button": lambda value: icon_button("pencil", value),
    "interval": lambda value: Interval(0.7, 0.1, 1.0, name=value),
    "key": KeyCap,
    "mark": lambda value: Mark(len(value), 12),
    "matrix": matrix,
    "panel": panel,
    "primary": lambda value: button(value, "primary", "play", trailing=True),
    "probabilities": lambda value: ProbabilityBars([Answer(value, i, 0.3 * i) for i in range(3)]),
    "progress": progress,
    "radio": lambda value: Radio(value, on=True),
    "rail": rail,
    "reading": ReadingText,
    "running job": running_job_bar,
    "score": lambda value: score_block(value, 0.9, 0.8, 0.95),
    "scores": scores,
    "segmented": lambda value: Segmented([value, "Several"]),
    "select": lambda value: Select(value, kind="filter"),
    "slips": lambda _value: SlipsPicture(),
    "spinner": lambda _value: Spinner(),
    "switch": lambda value: Switch(on=True, name=value),
    "table": table,
    "wordmark": lambda _value: Wordmark(1.1),
}


@pytest.fixture
def dark_then_light(qapp):
    apply_theme(qapp, "dark")
    yield
    apply_theme(qapp, "light")


def draw(widget, ratio):
    """Return the widget's picture at so many device pixels per logical pixel."""
    picture = QImage(widget.size() * ratio, QImage.Format.Format_ARGB32)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    widget.render(picture)
    return picture


@pytest.fixture
def shown(qtbot):
    """Return a function that makes a part and shows it in a window that lives as long as a test."""
    windows = []

    def show(name, value):
        widget = MAKERS[name](value)
        window = column(widget)
        windows.append(window)
        qtbot.addWidget(window)
        window.resize(QSize(520, 360).expandedTo(window.minimumSizeHint()))
        window.show()
        return widget

    return show


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("name", MAKERS)
def test_a_part_is_drawn_light_at_both_scales(shown, name, value):
    widget = shown(name, value)
    assert not draw(widget, 1).isNull()
    assert draw(widget, 2).width() == 2 * widget.width()


@pytest.mark.usefixtures("dark_then_light")
@pytest.mark.parametrize("value", ["", VALUES["long"]], ids=["empty", "long"])
def test_every_part_is_drawn_dark_and_disabled(shown, value):
    for name in MAKERS:  # in one test: changing the theme takes longer than drawing
        widget = shown(name, value)
        draw(widget, 2)
        widget.setEnabled(False)
        draw(widget, 1)


@pytest.mark.parametrize("name", ["rail", "table", "matrix", "select", "switch", "radio", "fold"])
def test_the_keyboard_can_be_seen(qtbot, shown, name):
    widget = shown(name, VALUES["short"])
    window = widget.window()
    with qtbot.waitActive(window):
        window.activateWindow()
    target = widget
    if widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
        parts = widget.findChildren(QWidget)
        target = next(part for part in parts if part.focusPolicy() != Qt.FocusPolicy.NoFocus)
    target.clearFocus()
    before = draw(widget, 1)
    target.setFocus()
    assert target.hasFocus()
    assert draw(widget, 1) != before
