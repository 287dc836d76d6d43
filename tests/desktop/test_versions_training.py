"""What the settings of a training take from versions and from the relations of concepts."""

import pytest

from core.app_folder import MAIN_DATASET
from core.jobs import Job
from core.operations.edit_concepts import BroaderEdit, NewConcept, edit_concepts
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.storage.concepts import get_concept
from desktop.screens.settings.screen import SettingsScreen


@pytest.fixture
def show(qtbot):
    def show(session):
        screen = SettingsScreen(session)
        qtbot.addWidget(screen)
        with qtbot.waitExposed(screen):
            screen.show()
        return screen

    return show


@pytest.fixture
def related_session(labelled_session):
    """Return the session with version 1 frozen before delivery became a kind of complaint."""
    app, db = labelled_session.app, labelled_session.db
    freeze_dataset(app, FreezeRequest(), Job())
    edit_concepts(app, NewConcept("complaint"), Job())
    above = get_concept(db, "complaint").id
    for name in ("delivery", "payment"):
        edit_concepts(app, BroaderEdit(get_concept(db, name).id, above), Job())
    return labelled_session


def test_another_screen_says_which_version_to_train_from(show, related_session):
    screen = show(related_session)
    assert screen.draft.version == 0
    screen.hide()
    related_session.train_from = (MAIN_DATASET, 1)
    screen.show()
    assert screen.draft.version == 1
    assert screen.source.currentText().startswith("Version 1")
    assert related_session.train_from is None


def test_counting_narrower_concepts_is_offered_only_where_there_are_relations(
    show, related_session
):
    screen = show(related_session)
    assert not screen.rows["count_narrower"].isHidden()
    screen.source.activated.emit(1)  # version 1, frozen before
    assert screen.rows["count_narrower"].isHidden()


def test_the_plan_counts_narrower_concepts_as_broader_ones(show, related_session):
    screen = show(related_session)
    assert "Without texts: complaint" in screen.summary.words()
    screen.rows["count_narrower"].control.changed.emit(True)
    assert screen._offered.labels.concepts == {"complaint": 40, "praise": 20}
    assert "2 concepts" in screen.summary.words()
    screen.rows["count_narrower"].control.changed.emit(False)
    assert screen._offered.labels.concepts["delivery"] == 20
