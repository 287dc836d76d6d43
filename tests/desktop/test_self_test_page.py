"""The offline self-test in the window: its steps, what it found, the report; and the way there."""

import pytest
from PySide6.QtWidgets import QApplication

from core.errors import UserError
from core.offline import Attempt
from core.self_test import STEPS, LoopStep, SelfTestResult
from desktop import main_window
from desktop.main_window import MainWindow
from desktop.screens.self_test import page as module
from desktop.screens.self_test.page import SelfTestPage
from desktop.theme.apply import apply_theme
from tests.desktop.inline_runner import InlineRunner


def found(*attempts, n_failed=0):
    done = [LoopStep(what, 1.0 + i, "120 texts") for i, what in enumerate(STEPS)]
    if n_failed:
        done = [*done[:3], LoopStep(STEPS[3], 2.0, "The disk is full.", has_passed=False)]
    return SelfTestResult(tuple(done), True, True, tuple(attempts), 0, {})


@pytest.fixture
def page(qtbot):
    page = SelfTestPage(new_runner=InlineRunner)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    with qtbot.waitExposed(page):
        page.show()
    yield page
    page.close_process()


def run(qtbot, monkeypatch, page, outcome):
    """Press the button; the test finds the outcome, or raises it."""

    def self_test(_request, job):
        for done, what in enumerate(STEPS):
            job.report(what, done, len(STEPS))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(module, "self_test", self_test)
    with qtbot.waitSignal(page.ended):
        page.begin.click()
        assert page.stop.isVisible()
        assert not page.begin.isVisible()


def test_a_test_that_passes_says_so_step_by_step_and_can_be_copied(
    qtbot, monkeypatch, page, screenshots
):
    assert not page.copy.isVisible()
    run(qtbot, monkeypatch, page, found())
    assert page.message.heading.text() == "Everything works, and nothing asked for the network."
    assert page.rows[1].name.text() == "Import texts: 120 texts"
    assert "done 2 s" in page.rows[1].accessibleName()
    assert "gave this test no network at all" in page.how.text()
    assert page.copy.hasFocus()
    page.copy.click()
    assert QApplication.clipboard().text() == "\n".join(found().lines())
    for theme in ("light", "dark") if screenshots else ():
        apply_theme(QApplication.instance(), theme)
        qtbot.wait(100)
        screenshots(page, f"self-test-{theme}")


def test_whoever_asked_for_the_network_is_named(qtbot, monkeypatch, page, screenshots):
    attempt = Attempt("socket.connect", "('192.0.2.1', 80)", "library/file.py:12")
    run(qtbot, monkeypatch, page, found(attempt))
    assert page.message.heading.text() == "Something asked for the network 1 time."
    assert "socket.connect ('192.0.2.1', 80) in library/file.py:12" in page.how.text()
    if screenshots:
        qtbot.wait(100)
        screenshots(page, "self-test-asked-light")


def test_a_step_that_fails_has_a_cross_and_its_reason(qtbot, monkeypatch, page):
    run(qtbot, monkeypatch, page, found(n_failed=1))
    assert page.message.heading.text() == "The self-test did not come to its end."
    assert page.rows[3].name.text() == "Train a model: The disk is full."
    assert "failed" in page.rows[3].accessibleName()


def test_it_can_be_run_again_after_it_was_refused(qtbot, monkeypatch, page):
    run(qtbot, monkeypatch, page, UserError("It cannot be done.", next_step="Do it later."))
    assert page.message.meaning.text() == "Do it later."
    assert page.begin.hasFocus()
    run(qtbot, monkeypatch, page, found())
    assert page.result.has_passed


@pytest.fixture
def window(qtbot, monkeypatch):
    monkeypatch.setattr(main_window, "JobRunner", InlineRunner)
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


def test_the_menu_of_help_leads_to_it_and_back(window, app):
    window.start._help_button.self_test_action.trigger()
    assert window._stack.currentWidget() is window.self_test
    window._leave_self_test()
    assert window._stack.currentWidget() is window.start
    window.open_path(app.path)
    window.workspace.header.help_button.self_test_action.trigger()
    assert window.self_test.begin.hasFocus()
    window._leave_self_test()
    assert window._stack.currentWidget() is window.workspace
