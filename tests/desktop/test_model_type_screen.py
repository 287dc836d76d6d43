import pytest
from PySide6.QtWidgets import QLabel

from core.records import EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT
from desktop.screens.model_type.screen import ModelTypeScreen


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


def test_only_the_quick_classifier_can_be_chosen_and_it_is(show, labelled_session):
    screen = show(labelled_session)
    assert screen.radios[EMBEDDING_CLASSIFIER].isChecked()
    assert screen.first_focus() is screen.radios[EMBEDDING_CLASSIFIER]
    for later in (TEXT_CLASSIFIER, TEXT_TO_TEXT):
        assert not screen.radios[later].isEnabled()
        assert "comes later" in screen.radios[later].accessibleName()


def test_each_type_has_its_name_in_the_field_beneath(show, labelled_session):
    words = [label.text() for label in show(labelled_session).findChildren(QLabel)]
    assert "Transfer learning · embedding-classifier" in words
    assert "Fine-tuning · text-classifier" in words
    assert words.count("Comes later") == 2


def test_the_time_is_for_the_texts_of_this_app_and_says_where_it_is_from(show, labelled_session):
    screen = show(labelled_session)
    assert screen.takes.text() == "About 7 s for your 60 texts"
    assert "careful guess" in screen.footer.note()


def test_without_labels_no_time_is_made_up(show, session):
    screen = show(session)
    assert screen.takes.text() == "Known once some texts have a concept"
    assert "No text has a concept yet" in screen.footer.note()


def test_going_on_keeps_the_choice(qtbot, show, labelled_session):
    screen = show(labelled_session)
    with qtbot.waitSignals([screen.asked_for, labelled_session.plan_changed]):
        screen.next.click()
    assert labelled_session.model_type == EMBEDDING_CLASSIFIER


def test_back_leads_to_the_concepts(qtbot, show, labelled_session):
    screen = show(labelled_session)
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.back.click()
    assert asked.args == ["concepts"]
