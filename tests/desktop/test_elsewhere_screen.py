"""The window copies an app, merges a copy, takes a model along and brings it back."""

from dataclasses import replace

import pytest

from core.jobs import Job
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.edit_inputs import SplitEdit, TargetEdits, edit_inputs
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.import_app import ImportAppRequest, import_app
from core.operations.undo import undo
from core.storage.about import update_about
from core.storage.concepts import list_concepts
from core.storage.inputs import get_inputs
from core.storage.merges import get_merge
from core.storage.models import list_model_versions
from desktop import boxes
from desktop.outcomes import outcome_of
from desktop.screens.elsewhere.screen import ElsewhereScreen
from desktop.screens.start.screen import StartScreen
from tests.desktop.fake_models import keep_model


@pytest.fixture
def screen(qtbot, labelled_session):
    screen = ElsewhereScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.resize(1064, 748)
    screen.show()
    return screen


@pytest.fixture
def copy(labelled_session, tmp_path):
    """A colleague's copy, in which two texts carry another concept."""
    path = tmp_path / "hers.textwright"
    export_app(labelled_session.app, ExportAppRequest(path), Job())
    hers = import_app(ImportAppRequest(path, tmp_path / "hers"), Job()).app
    with hers.database() as db:
        other = list_concepts(db)[1].name
    annotate(hers, AnnotateRequest((1, 2), other, only=True), Job())
    export_app(hers, ExportAppRequest(path), Job())
    return path


@pytest.fixture
def merged(qtbot, screen, copy, monkeypatch):
    """The page that shows the merge with that copy."""
    monkeypatch.setattr(boxes, "choose_file", lambda *_a: copy)
    screen.ways.merge.click()
    qtbot.waitUntil(lambda: screen.stack.currentWidget() is screen.merged)
    return screen.merged


def test_the_app_is_copied_to_the_file_that_is_chosen(qtbot, screen, tmp_path, monkeypatch):
    out = tmp_path / "mine.textwright"
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_a: out)
    screen.ways.copy.click()
    qtbot.waitUntil(out.is_file)


def test_after_a_merge_its_agreement_and_the_texts_to_settle_are_shown(merged):
    page = merged
    assert page.headline.text() == "You both say the same of 96.7\u202f% of 60 texts"
    assert page.left.text() == "2 texts to settle"
    assert page.agreements.count() == 3
    rows = [row[1:] for row in page.disagreements.rows]
    assert rows == [("Labels", "delivery", "payment")] * 2
    assert page.about.isHidden()  # they differ in nothing else


def test_a_text_is_settled_and_leaves_the_list(screen, merged):
    merged.theirs.click()
    db = screen.session.db
    assert screen.merged.left.text() == "1 text to settle"
    names = {concept.id: concept.name for concept in list_concepts(db)}
    assert [names[key] for key in get_inputs(db, [1])[0].positive] == ["payment"]
    screen.merged.ours.click()
    assert screen.merged.left.text() == "Everything is settled"
    screen.back.click()
    assert screen.stack.currentWidget() is screen.ways
    assert screen.ways.merges.count() == 1


def test_all_that_is_open_can_be_chosen_and_settled_at_once(screen, merged, monkeypatch):
    monkeypatch.setattr("desktop.screens.elsewhere.screen.SHOWN", 1)
    screen.look_again()
    assert merged.chosen.text() == "1 text chosen"
    merged.all.click()
    assert merged.chosen.text() == "2 texts chosen"
    merged.theirs.click()
    assert merged.left.text() == "Everything is settled"


def test_many_texts_are_settled_in_the_background(qtbot, screen, merged, monkeypatch):
    monkeypatch.setattr("desktop.screens.elsewhere.screen.MANY", 1)
    merged.all.click()
    merged.theirs.click()
    assert get_merge(screen.session.db, merged.merge.id).n_open == 2
    qtbot.waitUntil(lambda: merged.left.text() == "Everything is settled")
    assert get_merge(screen.session.db, merged.merge.id).n_open == 0


def test_answers_and_splits_are_shown_and_settled_alone(qtbot, screen, copy, monkeypatch, tmp_path):
    session = screen.session
    hers = import_app(ImportAppRequest(copy, tmp_path / "hers2"), Job()).app
    for app, answer, split in ((session.app, "pay", "train"), (hers, "ship", "test")):
        edit_inputs(app, TargetEdits(((1, answer),)), Job())
        edit_inputs(app, SplitEdit((1, 3), split), Job())
    monkeypatch.setattr(boxes, "choose_folder", lambda *_a: hers.path)
    screen.ways.merge_folder.click()
    page = screen.merged
    qtbot.waitUntil(lambda: screen.stack.currentWidget() is page)
    assert page.disagreements.rows[0][1:] == (
        "Labels, Answer, Split",
        "delivery; “pay”; Train",
        "payment; “ship”; Test",
    )
    places = range(page.about.count())
    assert [page.about.itemText(place) for place in places] == [
        "Everything (3)",
        "Labels (2)",
        "Answers (1)",
        "Splits (2)",
    ]
    page.about.setCurrentIndex(3)
    assert [row[1:] for row in page.disagreements.rows] == [("Split", "Train", "Test")] * 2
    assert not page.both.isEnabled()
    page.all.click()
    page.theirs.click()
    assert get_inputs(session.db, [1, 3])[1].split == "test"
    assert page.left.text() == "2 texts to settle"
    assert page.about.currentText() == "Everything (2)"
    assert page.about.count() == 3


@pytest.mark.parametrize("is_sure", [True, False])
def test_an_app_that_is_no_copy_is_asked_about(qtbot, screen, copy, monkeypatch, tmp_path, is_sure):
    hers = import_app(ImportAppRequest(copy, tmp_path / "hers2"), Job()).app
    with hers.database() as db:
        update_about(db, created="2001-01-01T00:00:00+00:00")
    asked = []
    monkeypatch.setattr(boxes, "ask", lambda _p, *words: asked.append(words) or is_sure)
    monkeypatch.setattr(boxes, "choose_folder", lambda *_a: hers.path)
    screen.ways.merge_folder.click()
    qtbot.waitUntil(lambda: bool(asked))
    assert "60 texts, of which 60 are in this app" in asked[0][1]
    if is_sure:
        qtbot.waitUntil(lambda: screen.stack.currentWidget() is screen.merged)
    else:
        assert screen.stack.currentWidget() is screen.ways


def test_a_merge_that_is_undone_is_not_shown_any_more(screen, merged):
    screen.session.do(undo)
    assert screen.stack.currentWidget() is screen.ways
    assert screen.ways.merges.count() == 0


def test_the_texts_to_settle_are_written_as_a_table(qtbot, merged, monkeypatch, tmp_path):
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_a: tmp_path / "open.csv")
    merged.save.click()
    qtbot.waitUntil((tmp_path / "open.csv").is_file)
    assert "delivery" in (tmp_path / "open.csv").read_text(encoding="utf-8-sig")


def test_without_a_model_nothing_can_be_taken_along(screen):
    assert not screen.ways.take.isEnabled()
    assert screen.ways.bring.isEnabled()


def test_a_model_is_taken_along_and_comes_back(screen, tmp_path, monkeypatch):
    session = screen.session
    keep_model(session.app)
    screen.look_again()
    asked = []
    monkeypatch.setattr(session, "start", lambda *a, title: asked.append((*a, title)))
    monkeypatch.setattr(boxes, "choose_folder", lambda *_a: tmp_path)
    screen.ways.examples.click()
    screen.ways.take.click()
    request = asked[0][1]
    name = list_model_versions(session.db)[0].model
    assert (request.model, request.has_examples, request.to.parent) == (name, False, tmp_path)
    screen.ways.bring_folder.click()
    assert asked[1][1].path == tmp_path


def test_a_long_name_of_a_model_leaves_room_for_its_version(screen, monkeypatch):
    keep_model(screen.session.app)
    versions = list_model_versions(screen.session.db)
    screen.ways.show_models([replace(versions[0], model="Questions " * 8)])
    shown = screen.ways.chooser.currentText()
    assert shown.endswith(", version 1")
    assert len(shown) < 60


def test_the_model_that_evaluate_shows_is_offered(screen):
    session = screen.session
    keep_model(session.app)
    keep_model(session.app)
    screen.look_again()
    screen.hide()
    session.to_take = 1
    screen.show()
    assert screen.ways.version.id == 1


def test_a_merge_is_told_in_one_sentence(labelled_session, copy):
    from core.operations.merge_app import MergeAppRequest, merge_app

    result = merge_app(labelled_session.app, MergeAppRequest(copy), Job())
    assert outcome_of("", result).words == "Merged: 0 new texts, 2 to settle."
    with labelled_session.app.database() as db:
        assert get_merge(db, result.merge_id).n_open == 2


def test_the_start_screen_asks_for_a_file(qtbot, monkeypatch, tmp_path):
    start = StartScreen()
    qtbot.addWidget(start)
    monkeypatch.setattr(boxes, "choose_file", lambda *_a: tmp_path / "a.textwright")
    with qtbot.waitSignal(start.file_asked) as asked:
        start.file_button.click()
    assert asked.args == [tmp_path / "a.textwright"]
