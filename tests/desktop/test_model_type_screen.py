import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from core.jobs import Job
from core.operations import estimate_training
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.estimate_training import Estimate
from core.records import EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT
from core.storage.database import transaction
from core.storage.inputs import update_targets
from desktop.screens.model_type import screen as module
from desktop.screens.model_type.screen import ModelTypeScreen
from desktop.theme.apply import apply_theme


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """Wait for the answers to be counted, however busy the machine is."""
    monkeypatch.setattr(module, "PATIENCE_S", 60.0)


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """Return the estimates that are asked for; deep trainings take two hours."""
    requests = []

    def estimate(app, request, job):
        requests.append(request)
        if request.type == EMBEDDING_CLASSIFIER:
            return estimate_training.estimate(app, request, job)
        return Estimate(7200, is_measured=False)

    monkeypatch.setattr(module, "estimate", estimate)
    return requests


@pytest.fixture
def show(qtbot):
    def show(session):
        screen = ModelTypeScreen(session)
        qtbot.addWidget(screen)
        screen.resize(1064, 680)
        with qtbot.waitExposed(screen):
            screen.show()
        return screen

    return show


def give_answers(session, n=60):
    with transaction(session.db):
        update_targets(session.db, [(key, f"answer {key}") for key in range(1, n + 1)])


def is_told(screen):
    return all("Working" not in takes.text() for takes in screen.takes.values())


def test_every_type_can_be_chosen_and_the_quick_classifier_is_recommended(show, labelled_session):
    screen = show(labelled_session)
    assert screen.radios[EMBEDDING_CLASSIFIER].isChecked()
    assert screen.first_focus() is screen.radios[EMBEDDING_CLASSIFIER]
    assert all(radio.isEnabled() for radio in screen.radios.values())
    words = [label.text() for label in screen.findChildren(QLabel)]
    assert words.count("Recommended") == 1


def test_each_type_has_its_name_in_the_field_beneath(show, labelled_session):
    words = [label.text() for label in show(labelled_session).findChildren(QLabel)]
    assert "Transfer learning · embedding-classifier" in words
    assert "Fine-tuning · text-classifier" in words
    assert "Fine-tuning · text-to-text" in words


def test_the_time_is_for_the_texts_of_this_app_and_says_what_it_is_worth(
    qtbot, show, labelled_session, asked
):
    screen = show(labelled_session)
    qtbot.waitUntil(lambda: is_told(screen))
    quick = screen.takes[EMBEDDING_CLASSIFIER].text()
    assert quick == "About 7 s for your 60 texts (a careful guess)"
    assert screen.takes[TEXT_CLASSIFIER].text().startswith("About 2 h for your 60 texts")
    assert {request.n_texts for request in asked} == {60}


def test_without_labels_no_time_is_made_up(show, session, asked):
    screen = show(session)
    assert screen.takes[EMBEDDING_CLASSIFIER].text() == "Known once some texts have a concept"
    assert screen.takes[TEXT_TO_TEXT].text() == "Known once some texts have an answer"
    assert "No text has a concept yet" in screen.footer.note()
    assert asked == []


def test_what_the_app_has_is_told_for_each_type(show, labelled_session):
    add_texts(labelled_session.app, AddTextsRequest(("rare",), ("complaint",)), Job())
    screen = show(labelled_session)
    assert screen.have[EMBEDDING_CLASSIFIER].text() == "61 texts, 4 concepts"
    assert screen.have[TEXT_CLASSIFIER].text() == "61 texts, 4 concepts; 1 of them has few texts"
    assert screen.have[TEXT_TO_TEXT].text().startswith("No answers.")


def test_without_answers_the_way_to_bring_them_is_offered(qtbot, show, labelled_session):
    screen = show(labelled_session)
    screen.radios[TEXT_TO_TEXT].click()
    assert "names of the concepts" in screen.footer.note()
    with qtbot.waitSignal(screen.asked_for) as asked_for:
        screen.bring.click()
    assert asked_for.args == ["dataset"]


def test_texts_with_answers_make_text_to_text_the_recommended_one(show, session, asked):
    add_texts(session.app, AddTextsRequest(("one", "two")), Job())
    give_answers(session, 2)
    screen = show(session)
    assert screen.radios[TEXT_TO_TEXT].isChecked()
    assert screen.have[TEXT_TO_TEXT].text() == "2 texts with their answers"
    assert screen.bring.isHidden()
    assert screen.footer.note().startswith("The times are for this computer")


def test_going_on_keeps_the_choice(qtbot, show, labelled_session):
    screen = show(labelled_session)
    screen.radios[TEXT_CLASSIFIER].click()
    with qtbot.waitSignals([screen.asked_for, labelled_session.plan_changed]):
        screen.next.click()
    assert labelled_session.model_type == TEXT_CLASSIFIER


def test_a_column_is_chosen_by_its_head_and_by_the_keys(qtbot, show, labelled_session):
    screen = show(labelled_session)
    qtbot.mouseClick(screen._heads[TEXT_TO_TEXT], Qt.MouseButton.LeftButton)
    assert screen.chosen == TEXT_TO_TEXT
    screen.radios[TEXT_TO_TEXT].setFocus()
    qtbot.keyClick(screen.radios[TEXT_TO_TEXT], Qt.Key.Key_Left)
    assert screen.chosen == TEXT_CLASSIFIER


def test_back_leads_to_the_concepts(qtbot, show, labelled_session):
    screen = show(labelled_session)
    with qtbot.waitSignal(screen.asked_for) as asked_for:
        screen.back.click()
    assert asked_for.args == ["concepts"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_part_is_drawn_in_both_themes(qapp, show, labelled_session, theme):
    apply_theme(qapp, theme)
    screen = show(labelled_session)
    screen.radios[TEXT_TO_TEXT].click()
    assert not screen.grab().isNull()
