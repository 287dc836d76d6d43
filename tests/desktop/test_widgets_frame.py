"""Rail, header, footer, job bar, panels and what yields to a narrow window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QPushButton, QStackedWidget, QWidget

from core.errors import UserError
from desktop.theme.apply import apply_theme
from desktop.widgets.buttons import button
from desktop.widgets.drop_zone import DropZone
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.footer import FooterBar
from desktop.widgets.header import HeaderBar
from desktop.widgets.job_bar import DONE_MS, JobBar
from desktop.widgets.layout import Frame, column, hide_below, row, stack_below, step_body
from desktop.widgets.message_panel import (
    MessagePanel,
    details_fold,
    error_panel,
    field_error,
    success_line,
    what_helps,
)
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.rail import Rail, Step
from desktop.widgets.text import text

THIN = "\u202f"
STEPS = [
    Step("App", "Bank questions", "done"),
    Step("Dataset", "10,003 texts", "now"),
    Step("Concepts", "4 need more texts", "needs"),
    Step("Train"),
]


@pytest.fixture
def rail(qtbot):
    rail = Rail(STEPS)
    qtbot.addWidget(rail)
    rail.resize(216, 680)
    rail.show()
    return rail


def test_steps_are_read_aloud_with_number_name_and_state(rail):
    assert [part.accessibleName() for part in rail._rows] == [
        "Step 1, App, done: Bank questions",
        "Step 2, Dataset, now: 10,003 texts",
        "Step 3, Concepts, needs something: 4 need more texts",
        "Step 4, Train, not yet",
    ]


def test_any_step_can_be_opened_by_mouse_and_keyboard(qtbot, rail):
    with qtbot.waitSignal(rail.step_chosen) as told:
        qtbot.mouseClick(rail._rows[3], Qt.MouseButton.LeftButton)
    assert told.args == [3]
    with qtbot.waitSignal(rail.step_chosen) as told:
        qtbot.keyClick(rail._rows[2], Qt.Key.Key_Space)
    assert told.args == [2]


def test_a_step_can_be_open_and_done_at_once(rail):
    rail.set_current(0)
    assert rail.current == 0
    assert rail.steps[0].state == "done"
    rail.set_steps([*STEPS[:3], Step("Train", "94.1 % right", "done")])
    assert rail.steps[3].note == "94.1 % right"


def test_tools_wait_for_a_model(qtbot, rail):
    tool = rail._tools["evaluate"]
    rail.set_tools_ready({"evaluate": "After training"})
    assert not tool.isEnabled()
    assert tool.toolTip() == "After training"
    rail.set_tools_ready({"predict": "After training"})
    with qtbot.waitSignal(rail.tool_chosen) as told:
        qtbot.mouseClick(tool, Qt.MouseButton.LeftButton)
    assert told.args == ["evaluate"]
    rail.set_current_tool("evaluate")
    assert tool.is_current


def test_the_header_shortens_a_long_name_and_keeps_it_readable(qtbot):
    name = "Kundenpost Rechtsschutzversicherung und Zahlungsbestätigungen 2026"
    header = HeaderBar(name)
    qtbot.addWidget(header)
    assert header.app_button.text() != name
    assert header.app_button.toolTip() == name
    assert name in header.app_button.accessibleName()
    header.set_app("Letters")
    assert header.app_button.text() == "Letters"


def test_the_header_says_whether_everything_is_kept(qtbot):
    header = HeaderBar("Letters")
    qtbot.addWidget(header)
    header.set_saved("Not saved: disk is full", "failed")
    assert header.saved_words() == "Not saved: disk is full"


def test_every_entry_of_the_header_is_heard(qtbot):
    header = HeaderBar("Letters")
    qtbot.addWidget(header)
    signals = (header.rename_asked, header.open_asked, header.folder_asked)
    for action, signal in zip(header.app_menu.actions(), signals, strict=True):
        with qtbot.waitSignal(signal):
            action.trigger()
    with qtbot.waitSignals([header.theme_asked, header.help_asked]):
        header.theme_button.click()
        header.help_button.help_action.trigger()


def test_the_theme_button_shows_where_it_leads(qapp, qtbot):
    header = HeaderBar("Letters")
    qtbot.addWidget(header)
    moon = header.theme_button.icon().pixmap(18).toImage()
    apply_theme(qapp, "dark")
    apply_theme(qapp, "light")
    assert header.theme_button.icon().pixmap(18).toImage() == moon


def test_the_footer_says_how_the_step_stands(qtbot):
    footer = FooterBar(button("Label them"), button("Next: Concepts", "primary"))
    qtbot.addWidget(footer)
    footer.resize(500, 68)
    footer.show()
    assert footer.primary.text() == "Next: Concepts"
    footer.set_note("214 texts have no concept. They are left out of training.", "warn", "info")
    assert footer.note().startswith("214 texts")
    assert footer._note.toolTip() == footer.note()
    assert footer._sign.isVisible()
    footer.set_note("Saved.")
    assert not footer._sign.isVisible()


@pytest.fixture
def job_bar(qtbot):
    bar = JobBar()
    qtbot.addWidget(bar)
    bar.resize(1024, 44)
    return bar


def test_the_job_bar_is_there_only_while_something_runs(qtbot, job_bar):
    assert job_bar.isHidden()
    job_bar.set_job("Adding texts from letters.csv")
    assert job_bar.isVisible()
    assert job_bar.left.text() == "working out the time"
    job_bar.set_progress("Reading rows", 6200, 10_003, 8)
    job_bar.set_waiting(2)
    assert job_bar.counts.text() == "6,200 of 10,003"
    assert job_bar.left.text() == "about 8 s left"
    assert job_bar.waiting.text() == "2 waiting"
    assert job_bar.share == pytest.approx(0.62, abs=0.01)
    assert job_bar.accessibleName() == "Adding texts from letters.csv: Reading rows"
    with qtbot.waitSignal(job_bar.stop_asked):
        job_bar.stop.click()


def test_the_job_bar_says_what_was_done_and_leads_there(qtbot, job_bar):
    job_bar.set_job("Adding texts")
    job_bar.show_done("Added 10,003 texts", "Show them")
    assert job_bar.what.text() == "Added 10,003 texts"
    assert not job_bar.stop.isVisible()
    assert job_bar._away.interval() == DONE_MS == 6000
    with qtbot.waitSignal(job_bar.link_chosen):
        job_bar.link.click()
    job_bar._away.timeout.emit()
    assert job_bar.isHidden()


def test_a_long_name_leaves_room_for_the_stop_button(job_bar):
    job_bar.set_job("Adding texts from " + "kundenpost_" * 40 + ".csv")
    assert job_bar.what.is_elided()
    assert job_bar.stop.geometry().right() < job_bar.width()
    job_bar.set_job("Training")
    assert not job_bar.what.is_elided()
    assert job_bar.what.width() < 100


def test_a_failed_job_stays_until_it_is_read(job_bar):
    job_bar.set_job("Training")
    job_bar.show_failed("The disk is full", "What helps")
    assert not job_bar._away.isActive()
    job_bar.show_stopped()
    assert job_bar.what.text() == "Stopped. Nothing was changed."
    job_bar.set_job("Training again")
    assert not job_bar._away.isActive()
    assert job_bar.stop.isVisible()


def test_the_progress_panel_keeps_the_time_of_each_stage(qtbot):
    panel = ProgressPanel(["Reading texts", "Learning", "Saving"])
    qtbot.addWidget(panel)
    panel.set_progress("Reading texts", 0, 0, seconds_left=None, elapsed_s=0)
    assert panel.headline.text() == "Working"
    panel.set_progress("Learning", 1, 30, seconds_left=20, elapsed_s=24)
    panel.set_progress("Learning", 20, 30, seconds_left=18, elapsed_s=32)
    assert panel.headline.text() == "About 18 s left"
    assert panel.sentence.text() == "Learning: 20 of 30"
    assert panel.bar.share == pytest.approx(32 / 50)
    told = [line.accessibleName() for line in panel.rows.values()]
    assert told[:2] == ["Reading texts, done 24 s", "Learning, running 8 s"]
    panel.set_progress("Checking", 0, 0, seconds_left=None, elapsed_s=33)
    assert list(panel.rows)[-1] == "Checking"


def test_an_empty_screen_offers_ways_to_begin(qtbot):
    ways = [Way("file", "table-2", "Choose a file", "CSV"), Way("type", "pencil", "Type", "One")]
    empty = EmptyState("Add your first texts", "Ten of each kind.", ways, "Drop a file here")
    qtbot.addWidget(empty)
    assert empty.ways[0].accessibleName() == "Choose a file. CSV"
    with qtbot.waitSignal(empty.way_chosen) as told:
        qtbot.keyClick(empty.ways[1], Qt.Key.Key_Space)
    assert told.args == ["type"]


def drag(zone, urls, kind):
    mime = QMimeData()
    mime.setUrls(urls)
    point = QPointF(5, 5) if kind is QDropEvent else QPointF(5, 5).toPoint()
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = kind(point, Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(zone, event)
    return event


def test_dropped_files_arrive_and_addresses_do_not(qtbot, tmp_path):
    zone = DropZone(text("Drop a file here"), 88)
    qtbot.addWidget(zone)
    files = [QUrl.fromLocalFile(str(tmp_path)), QUrl.fromLocalFile(str(tmp_path / "a b.csv"))]
    assert drag(zone, files, QDragEnterEvent).isAccepted()
    assert zone._is_over
    with qtbot.waitSignal(zone.dropped) as told:
        drag(zone, files, QDropEvent)
    assert told.args == [[tmp_path, tmp_path / "a b.csv"]]
    assert not zone._is_over
    with qtbot.assertNotEmitted(zone.dropped):
        drag(zone, [QUrl("mailto:a@example.org")], QDropEvent)
    assert all(isinstance(path, Path) for path in told.args[0])


def test_an_error_says_what_to_do_and_hides_its_details(qtbot):
    error = UserError("The disk is full.", next_step="Free some room.")
    panel = error_panel(error, button("Show folder", "quiet"))
    qtbot.addWidget(panel)
    assert panel.heading.text() == "The disk is full."
    assert panel.meaning.text() == "Free some room."
    assert panel.accessibleName() == "The disk is full. Free some room."
    warning = MessagePanel("warn", "3 rows cannot be added.", details="row 118")
    qtbot.addWidget(warning)
    warning.add_row(text("Row 118"), text("No text in this row"), None)
    for part in (what_helps(["Free 900 MB."]), success_line("Trained"), field_error("Too long")):
        qtbot.addWidget(part)
        assert not part.grab().isNull()


def test_details_can_be_copied(qtbot):
    part = details_fold("Traceback: line 3")
    qtbot.addWidget(part)
    part.findChild(QPushButton).click()
    assert QApplication.clipboard().text() == "Traceback: line 3"


def test_what_yields_is_left_out_of_a_narrow_window_and_comes_back(qtbot):
    inspector, pair = hide_below(text("Inspector"), 1160), stack_below(row(text("a")), 1180)
    frame = Frame(column(inspector, pair))
    qtbot.addWidget(frame)
    frame.resize(1280, 800)
    frame.show()
    assert inspector.isVisible()
    assert pair.layout().direction() == QBoxLayout.Direction.LeftToRight
    frame.resize(1024, 680)
    assert not inspector.isVisible()
    assert pair.layout().direction() == QBoxLayout.Direction.TopToBottom
    frame.resize(1280, 800)
    assert inspector.isVisible()


def test_a_screen_that_comes_later_yields_too(qtbot):
    stack = QStackedWidget()
    frame = Frame(stack)
    qtbot.addWidget(frame)
    frame.resize(1024, 680)
    frame.show()
    late = hide_below(text("Inspector"), 1160)
    stack.addWidget(column(late))
    qtbot.waitUntil(late.isHidden)


def test_a_step_stops_growing_where_lines_would_be_too_long(qtbot):
    work = QWidget()
    body = step_body(work, most=1064)
    qtbot.addWidget(body)
    body.resize(1700, 600)
    body.show()
    assert work.width() == 1064 - 64
