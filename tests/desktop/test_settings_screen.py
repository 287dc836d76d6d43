from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from core.changes import Changes
from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.embedding_classifier.recipes import FEW_TEXTS, count_folds
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.edit_concepts import NewConcept, edit_concepts
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.train import TrainRequest
from core.records import EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, ModelVersion
from core.storage.database import transaction
from core.storage.models import add_model_version
from desktop.runner import Task
from desktop.screens.settings.screen import SettingsScreen
from desktop.screens.settings.summary import FEW_ROUNDS_FROM
from desktop.session import Training
from desktop.theme.apply import apply_theme
from desktop.widgets.choices import Segmented, Select
from desktop.widgets.painted import text_width
from desktop.widgets.setting_controls import ChoiceControl

# What the offscreen platform says when a popup opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def show(qtbot):
    def show(session):
        screen = SettingsScreen(session)
        qtbot.addWidget(screen)
        screen.resize(1064, 700)
        with qtbot.waitExposed(screen):
            screen.show()
        return screen

    return show


@pytest.fixture
def screen(show, labelled_session):
    return show(labelled_session)


@pytest.fixture
def started(monkeypatch, labelled_session):
    """Return the requests that a training was started with; none is run."""
    requests = []
    monkeypatch.setattr(
        labelled_session, "train", lambda request, _expected_s: requests.append(request)
    )
    return requests


def add_model(app, model="Letters", kind=EMBEDDING_CLASSIFIER, **values):
    version = freeze_dataset(app, FreezeRequest(), Job()).version
    settings = asdict(EmbeddingClassifierSettings()) | values
    with app.database() as db, transaction(db):
        add_model_version(
            db,
            ModelVersion(
                *(0, model, kind, 0, datetime.now(UTC), version.id),
                settings=settings,
                concepts=(),
                summary={"n_texts": 60, "seconds": 30.0},
                folder="x",
                log="",
            ),
        )


def type_into(qtbot, edit, words):
    edit.selectAll()
    qtbot.keyClicks(edit, words) if words else qtbot.keyClick(edit, Qt.Key.Key_Delete)


def test_the_defaults_can_be_trained_at_once(qtbot, screen, started):
    assert screen.first_focus() is screen.model.edit
    assert screen.model.edit.text() == "Letters"
    assert screen.footer.note() == "All settings are at their defaults."
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.train.click()
    assert asked.args == ["train"]
    assert started == [TrainRequest("Letters", template="transfer_learning")]


def test_what_will_happen_is_told_before_it_does(screen):
    edit_concepts(screen.session.app, NewConcept("complaint"), Job())
    add_texts(screen.session.app, AddTextsRequest(("no label",)), Job())
    screen.session.changed.emit(Changes.CONCEPTS)
    words = screen.summary.words()
    assert "60 texts\n1 without a concept is left out" in words
    assert "3 concepts\nWithout texts: complaint" in words
    assert "Checked in five rounds" in words
    assert "careful guess" in words


def test_the_rounds_are_those_that_the_training_has(screen, monkeypatch):
    assert FEW_ROUNDS_FROM == FEW_TEXTS
    assert (count_folds(FEW_TEXTS), count_folds(FEW_TEXTS + 1)) == (5, 3)
    monkeypatch.setattr("desktop.screens.settings.summary.FEW_ROUNDS_FROM", 59)
    add_texts(screen.session.app, AddTextsRequest(("no label",)), Job())
    screen.session.changed.emit(Changes.INPUTS)
    assert "Checked in three rounds\nEach third" in screen.summary.words()


def test_texts_kept_for_checking_are_told_apart(screen):
    with transaction(screen.session.db):
        screen.session.db.execute("UPDATE inputs SET split = 'test' WHERE id % 4 = 0")
    screen.session.changed.emit(Changes.INPUTS)
    assert "45 texts" in screen.summary.words()
    assert "15 texts for checking" in screen.summary.words()


def test_one_concept_per_text_says_what_the_data_look_like(screen):
    note = screen.rows["concepts_mutually_exclusive"].note
    assert note.text().startswith("In your data: 60 of 60 labelled texts have exactly one")
    add_texts(screen.session.app, AddTextsRequest(("both",), ("praise", "delivery")), Job())
    screen.session.changed.emit(Changes.ANNOTATIONS)
    assert "60 of 61" in note.text()
    assert note.text().endswith("Automatic means “Several”.")


def test_few_short_words_are_all_visible_and_long_ones_are_a_list(screen):
    assert isinstance(screen.rows["base_embed_model"].control.content, Segmented)
    assert isinstance(screen.rows["concepts_mutually_exclusive"].control.content, Segmented)
    long = tuple((word, f"{word} words that need much room") for word in "abc")
    assert isinstance(ChoiceControl(long, "Words").content, Select)


def test_no_word_of_a_choice_is_shortened(screen):
    for part in screen.rows["concepts_mutually_exclusive"].findChildren(QToolButton):
        assert part.width() >= text_width(part.text(), "small_strong") + 26  # padding and edge


def test_a_changed_setting_is_named_and_goes_back_to_its_default(qtbot, screen, started):
    row = screen.rows["base_embed_model"]
    assert row.reset.isHidden()
    row.control.content.set_value(1)
    assert screen.footer.note() == "1 setting differs from its default."
    screen.train.click()
    assert started[0].settings == EmbeddingClassifierSettings(base_embed_model="fast")
    row.reset.click()
    assert row.control.content.value == 0
    assert screen.footer.note() == "All settings are at their defaults."


def test_folded_settings_say_whether_anything_in_them_was_changed(qtbot, screen, started):
    assert screen.more.is_open() is False
    line = screen.more.findChild(type(screen.more._line))
    assert line.note == "4 settings, all at their defaults"
    screen.more.set_open(is_open=True)
    type_into(qtbot, screen.rows["min_value"].control.edit, "0,5")
    assert line.note == "Changed: Smallest probability shown"
    screen.train.click()
    assert started[0].settings.min_value == 0.5


@pytest.mark.parametrize(
    ("name", "words"), [("seed", "abc"), ("max_concepts", "-1"), ("min_value", "2"), ("seed", "")]
)
def test_a_value_that_is_not_allowed_is_said_at_its_field(qtbot, screen, name, words):
    screen.more.set_open(is_open=True)
    type_into(qtbot, screen.rows[name].control.edit, words)
    assert "number from 0 to" in screen.rows[name].problem()
    assert not screen.train.isEnabled()
    assert screen.train.toolTip() == screen.footer.note()
    screen.rows[name].reset.click()
    assert screen.rows[name].problem() == ""
    assert screen.train.isEnabled()


def test_a_model_needs_a_name(qtbot, screen):
    type_into(qtbot, screen.model.edit, "")
    assert "Type a name" in screen.rows["model"].problem()
    assert not screen.train.isEnabled()


def test_a_known_name_becomes_the_next_version(qtbot, show, labelled_session, started):
    add_model(labelled_session.app, "Letters A")
    add_model(labelled_session.app, "Letters A", seed=7, concepts_mutually_exclusive="true")
    screen = show(labelled_session)
    assert screen.model.edit.text() == "Letters A"
    assert "version 3" in screen.rows["model"].note.text()
    assert screen.draft.values["seed"] == 7
    assert screen.footer.note() == "2 settings differ from their defaults."
    type_into(qtbot, screen.model.edit, "Letters B")
    assert screen.rows["model"].note.isHidden()
    screen.train.click()
    assert started[0].model == "Letters B"


def test_the_name_of_another_type_is_refused(qtbot, show, labelled_session):
    add_model(labelled_session.app, "Deep", TEXT_CLASSIFIER)
    labelled_session.choose_model_type(EMBEDDING_CLASSIFIER)
    screen = show(labelled_session)
    assert screen.model.edit.text() == "Letters"
    type_into(qtbot, screen.model.edit, "Deep")
    assert "another type" in screen.rows["model"].problem()


def test_settings_of_another_textwright_give_way_to_the_defaults(show, labelled_session):
    add_model(labelled_session.app, "Letters A", seed=-1)
    screen = show(labelled_session)
    assert screen.model.edit.text() == "Letters A"
    assert screen.footer.note() == "All settings are at their defaults."


def test_a_past_training_is_the_measure_of_the_time(show, labelled_session):
    add_model(labelled_session.app)
    assert "About 30 s\nAs your last training here" in show(labelled_session).summary.words()


def test_a_frozen_version_is_learned_from_as_it_was(screen, started):
    freeze_dataset(screen.session.app, FreezeRequest(), Job())
    add_texts(screen.session.app, AddTextsRequest(("new",), ("complaint",)), Job())
    screen.session.changed.emit(Changes.DATASETS | Changes.CONCEPTS)
    assert screen.concepts.chooser.text() == "All 4 concepts"
    screen.source.setCurrentIndex(1)
    screen.source.activated.emit(1)
    assert screen.concepts.chooser.text() == "All 3 concepts"
    screen.train.click()
    assert (started[0].dataset, started[0].version) == ("texts", 1)


def test_concepts_are_chosen_by_ticks_with_a_filter(qtbot, screen, started):
    chooser = screen.concepts.chooser
    assert chooser.text() == "All 3 concepts"
    chooser.click()
    popup = chooser.popup
    qtbot.keyClicks(popup.search, "pra")
    popup.list.setCurrentIndex(popup.ticks.index(0))
    qtbot.keyClick(popup.list, Qt.Key.Key_Space)
    popup.close()
    assert chooser.text() == "2 of 3 concepts"
    screen.train.click()
    assert started[0].concepts == ("delivery", "payment")


def test_a_model_needs_two_concepts(qtbot, screen):
    chooser = screen.concepts.chooser
    chooser.click()
    chooser.popup.none.click()
    assert chooser.text() == "None chosen"
    assert "at least two" in screen.rows["concepts"].problem()
    assert not screen.train.isEnabled()
    chooser.popup.every.click()
    assert chooser.text() == "All 3 concepts"
    assert screen.train.isEnabled()


def test_concepts_shown_in_answers_are_a_list_where_empty_means_all(screen, started):
    chooser = screen.rows["select_concepts"].control.chooser
    chooser._take({"praise"})
    assert screen.draft.values["select_concepts"] == ("praise",)
    chooser._take({"praise", "delivery", "payment"})
    assert screen.draft.values["select_concepts"] == ()


def test_too_little_data_keeps_the_training_from_starting(show, session):
    screen = show(session)
    assert screen.footer.note() == "No text to learn from has a concept yet."
    assert not screen.train.isEnabled()
    assert "No texts to learn from" in screen.summary.words()
    add_texts(session.app, AddTextsRequest(("one", "two"), ("praise",)), Job())
    session.changed.emit(Changes.ANNOTATIONS)
    assert screen.footer.note().startswith("Only one concept has texts")


def test_values_stay_while_other_screens_are_looked_at(qtbot, screen):
    type_into(qtbot, screen.model.edit, "Mine")
    screen.hide()
    screen.session.changed.emit(Changes.ANNOTATIONS)
    screen.show()
    assert screen.model.edit.text() == "Mine"


def test_a_running_training_is_mentioned(screen):
    task = Task("Training", None, screen.session.jobs)
    screen.session.training = Training(TrainRequest("Letters"), task)
    screen.session.plan_changed.emit()
    assert "starts after it" in screen.footer.note()
    assert screen.train.isEnabled()
    task.is_over = True
    screen.session.plan_changed.emit()
    assert screen.footer.note() == "All settings are at their defaults."


def test_back_leads_to_the_model_type(qtbot, screen):
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.back.click()
    assert asked.args == ["model_type"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_part_is_drawn_in_both_themes(qapp, screen, theme):
    apply_theme(qapp, theme)
    screen.more.set_open(is_open=True)
    screen._change(replace(screen.draft, model=""))
    screen.concepts.chooser.open()
    assert not screen.concepts.chooser.popup.grab().isNull()
    assert not screen.grab().isNull()


def test_of_few_texts_a_deep_model_is_recommended_to_learn_from_few_examples(
    show, labelled_session
):
    labelled_session.choose_model_type(TEXT_CLASSIFIER)
    screen = show(labelled_session)
    assert screen.draft.template.name == "contrastive_few_shot"  # 20 texts of each concept
    select = screen.template.select
    marked = [i for i in range(select.count()) if "recommended" in select.itemText(i)]
    assert [screen.template.templates[i].name for i in marked] == ["contrastive_few_shot"]
    assert screen.rows["template"].about.text().startswith("Recommended.")
