"""Words that somebody planted are shown as they stand: no markup, no picture, no endless time."""

import time

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QPlainTextEdit,
    QTextEdit,
    QToolTip,
    QWidget,
)

from core.app_folder import create_app_folder
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.edit_concepts import ConceptEdit, edit_concepts
from core.storage.concepts import list_concepts
from core.storage.database import transaction
from core.storage.filters import InputFilter, add_saved_filter
from core.storage.searches import SavedSearch, Search, Words, add_saved_search
from desktop.saving import SavedSession
from desktop.workspace import SCREENS, Workspace
from tests.desktop import fake_models
from tests.desktop.inline_runner import InlineRunner

MARK = "<img src=x><b>marker</b>"
NAMES = tuple(f"{name} {MARK}" for name in ("delivery", "payment", "praise"))
TOWER = "Z" + "\u0321\u0322\u0327\u0336\u0353\u0359" * 200
WORST = {
    "markup": f"{MARK} <script>alert(1)</script> <a href='file:///etc/passwd'>here</a>",
    "control": "".join(map(chr, range(32))) + "\x7f\x9b31m",
    "turned": "\u202eexe.gnp \u2067\u2066 left",
    "tower": TOWER * 20,
    "family": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 400,
    "long": "x" * 999_990,
    "wide": "\ufdfd" * 2_000,
    "arabic": "\u0627\u0644\u0633\u0644\u0627\u0645 " * 400,
    "lines": "\n" * 20_000 + "end",
}
MOST_S = 6.0  # for one screen, whatever else the computer does


@pytest.fixture
def window_of(qtbot):
    """Return a function that shows the workspace of an app; all are closed afterwards."""
    opened = []

    def window_of(app):
        session = SavedSession(app, InlineRunner(), InlineRunner())
        workspace = Workspace(session)
        opened.append((workspace, session))
        qtbot.addWidget(workspace)
        workspace.resize(1280, 800)
        workspace.show()
        return workspace

    yield window_of
    for workspace, session in opened:
        workspace.hide()
        session.close()
        session.jobs.close()
        session.answers.close()


@pytest.fixture
def marked_app(tmp_path, monkeypatch):
    """An app in which everything that has a name has markup in it."""
    monkeypatch.setattr(fake_models, "NAMES", NAMES)
    app = create_app_folder(f"App {MARK}", tmp_path / "app")
    for name in NAMES:
        texts = tuple(f"{MARK} text {i} of {name}" for i in range(20))
        add_texts(app, AddTextsRequest(texts, (name,)), Job())
    add_texts(app, AddTextsRequest((f"unlabelled {MARK}",)), Job())
    fake_models.keep_scored_model(app, model=f"Model {MARK}")
    with app.database() as db:
        for concept in list_concepts(db):
            edit = ConceptEdit(concept.id, concept.name, f"Means {MARK}", concept.colour)
            edit_concepts(app, edit, Job())
        with transaction(db):
            add_saved_filter(db, f"Filter {MARK}", InputFilter(containing=MARK))
            add_saved_search(db, SavedSearch(f"Search {MARK}", Search((Words(MARK),))))
    return app


def shown_as_markup(window: QWidget) -> list[str]:
    """Return what of a window Qt takes for markup although somebody else's words are in it."""
    found = []
    for one in (window, *window.findChildren(QWidget)):
        where = f"{type(one).__module__}.{type(one).__name__}"
        if isinstance(one, QLabel) and _is_read_as_markup(QLabel.text(one), one.textFormat()):
            found.append(f"{where}: {QLabel.text(one)[:200]}")
        if isinstance(one, QTextEdit) and _brings_more(one.document()):
            found.append(f"{where}: {one.toHtml()[-300:]}")
        if _is_read_as_markup(one.toolTip(), Qt.TextFormat.AutoText):
            found.append(f"{where} tooltip: {one.toolTip()[:200]}")
        for action in one.actions():
            if _is_read_as_markup(action.toolTip(), Qt.TextFormat.AutoText):
                found.append(f"{where} action: {action.toolTip()[:200]}")
        if isinstance(one, QAbstractItemView) and one.model():
            found += [f"{where} cell: {tip[:200]}" for tip in _tips(one.model())]
    return found


def _is_read_as_markup(words: str, format_: Qt.TextFormat) -> bool:
    """Tell whether Qt would make a picture or bold letters of words."""
    if format_ == Qt.TextFormat.PlainText or "marker" not in words:
        return False
    if format_ == Qt.TextFormat.AutoText and not Qt.mightBeRichText(words):
        return False
    document = QTextDocument()
    document.setHtml(words)
    return _brings_more(document) or MARK not in document.toPlainText().replace("\u2028", " ")


def _brings_more(document: QTextDocument) -> bool:
    html = document.toHtml()
    return "<img" in html or "<a " in html or ">marker<" in html


def _tips(model):
    roles = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.StatusTipRole)
    is_list = isinstance(model, QAbstractListModel)
    for row in range(min(model.rowCount(QModelIndex()), 30)):
        for column in range(1 if is_list else model.columnCount(QModelIndex())):
            for role in roles:
                tip = model.index(row, column).data(role)
                if isinstance(tip, str) and _is_read_as_markup(tip, Qt.TextFormat.AutoText):
                    yield tip


def test_markup_in_names_and_texts_is_shown_as_it_stands_on_every_screen(
    qtbot, window_of, marked_app
):
    workspace = window_of(marked_app)
    found, n_seen = [], 0
    for name in SCREENS:
        screen = workspace.open(name)
        for _round in range(3):
            QApplication.processEvents()
        found += [f"{name}: {one}" for one in shown_as_markup(screen)]
        labels = filter(_says, screen.findChildren(QWidget))
        n_seen += sum("marker" in str(one.text()) for one in labels)
    assert found + shown_as_markup(workspace.header) + shown_as_markup(workspace.rail) == []
    assert n_seen > 10  # the words were there to be seen


def _says(widget: QWidget) -> bool:
    return callable(getattr(widget, "text", None)) and not isinstance(widget, QPlainTextEdit)


def test_a_tooltip_of_ours_shows_markup_as_it_stands():
    from desktop.widgets.text import tip

    for words in (MARK, f"{MARK} " * 50, "a < b", "<", "&lt;b&gt;", f"line\n{MARK}"):
        document = QTextDocument()
        if Qt.mightBeRichText(tip(words)):
            document.setHtml(tip(words))
        else:
            document.setPlainText(tip(words))
        shown = " ".join(document.toPlainText().split())
        assert " ".join(words.split()).startswith(shown)
        assert len(shown) > min(len(words), 900) - 5
    assert QToolTip.text() == ""


@pytest.mark.parametrize(
    "kinds",
    [tuple(WORST), *(pytest.param((kind,), marks=pytest.mark.slow) for kind in WORST)],
    ids=lambda kinds: kinds[0] if kinds[1:] == () else "all",
)
def test_the_strangest_texts_are_shown_on_every_screen_in_bounded_time(
    qtbot, window_of, app, kinds
):
    for concept in ("a", "b", ""):
        texts = tuple(f"{concept or 'none'} {WORST[kind]}" for kind in kinds)
        add_texts(app, AddTextsRequest(texts, (concept,) if concept else ()), Job())
    workspace = window_of(app)
    for name in ("dataset", "concepts", "labelling", "data_check", "versions", "app", "settings"):
        begun = time.process_time()
        screen = workspace.open(name)
        for _round in range(3):
            QApplication.processEvents()
        assert not screen.grab().isNull()
        assert time.process_time() - begun < MOST_S, name
