"""An app and a session for the tests of the window; operations run in this process."""

import gc

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from core.app_folder import create_app_folder
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from desktop.session import Session
from desktop.theme.apply import apply_theme
from tests.desktop.inline_runner import InlineRunner

PATIENT = (  # what asks at once where that is quick, and else in the background
    "finding",
    "screens.data_check.screen",
    "screens.dataset.counts_line",
    "screens.evaluate.places_table",
    "screens.evaluate.screen",
    "screens.labelling.options",
    "screens.labelling.states",
)

TEXTS = {
    "delivery": "parcel number {} has not arrived, where is it?",
    "payment": "I was charged twice for order {}, give me my money back.",
    "praise": "Thank you, visit {} was the nicest this year.",
}


@pytest.fixture(autouse=True)
def _theme(qapp):
    """Show every window in the light theme, with our own fonts."""
    apply_theme(qapp, "light")


@pytest.fixture(autouse=True)
def _collected_between_tests():
    """Let Python collect between tests only.

    Windows that are tested go by the hundred, those of the program stay: one that is collected in
    the middle of a signal takes Qt with it.
    """
    gc.disable()
    yield
    gc.enable()
    gc.collect(1)


@pytest.fixture(autouse=True)
def _no_key_is_held(qapp):
    """Let go of the keys that a test pressed: Qt takes Ctrl for held until the next event."""
    yield
    if qapp.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        QTest.keyClick(QWidget(), Qt.Key.Key_Control)


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """Let a window that is tested wait for its database, however busy the machine is."""
    for module in PATIENT:
        monkeypatch.setattr(f"desktop.{module}.PATIENCE_S", 60.0)


@pytest.fixture
def app(tmp_path):
    """Return an app without texts."""
    return create_app_folder("Letters", tmp_path / "letters")


@pytest.fixture
def session(app, qapp):
    """Return the app, open."""
    yield from opened(app)


@pytest.fixture
def labelled_session(app, qapp):
    """Return the app, open, with 60 texts in three concepts."""
    for concept, sentence in TEXTS.items():
        texts = tuple(sentence.format(i) for i in range(1, 21))
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    yield from opened(app)


def opened(app):
    """Yield a session of the app, and close it."""
    session = Session(app, InlineRunner(), InlineRunner())
    yield session
    session.close()
    session.jobs.close()
    session.answers.close()
