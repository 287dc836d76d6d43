import pytest
from PySide6.QtCore import Qt

from core.jobs import Job
from core.learning import embedders
from core.learning.bounds import Bounds
from core.operations import suggest as suggesting
from core.operations.accept_suggestions import AcceptSuggestionsRequest, accept_suggestions
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.suggest import SuggestRequest, suggest
from core.records import Origin
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from desktop.screens.labelling.helping import EVERY
from desktop.screens.labelling.queue_filter import SEEK
from desktop.screens.labelling.screen import LabellingScreen
from desktop.theme.apply import apply_theme
from tests.core.conftest import FakeEmbedder
from tests.core.fake_classifier import WordClassifier
from tests.desktop.fake_models import keep_model

# What the offscreen platform says when a popup opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

K = Qt.Key


@pytest.fixture(autouse=True)
def _no_weights(monkeypatch):
    monkeypatch.setattr(embedders, "load", lambda _name: FakeEmbedder())


@pytest.fixture
def few(labelled_session):
    """Three concepts with 20 texts each, then 30 of the same kinds without a label: 61 to 90."""
    kinds = ("parcel number {} is late", "I was charged twice, {}", "Thank you {}, the nicest")
    texts = tuple(kind.format(i) for i in range(100, 110) for kind in kinds)
    add_texts(labelled_session.app, AddTextsRequest(texts, ()), Job())
    return labelled_session


@pytest.fixture
def show(qtbot):
    def show(session, order=""):
        screen = LabellingScreen(session)
        screen.options.order = order
        qtbot.addWidget(screen)
        screen.resize(1060, 748)
        with qtbot.waitExposed(screen):
            screen.show()
        screen.activateWindow()
        screen.give_keyboard_to_text()
        if order:
            qtbot.waitUntil(lambda: screen.helping.result is not None)
        return screen

    return show


def press(qtbot, screen, *keys):
    for key in keys:
        qtbot.keyClick(screen.focusWidget() or screen, key)


def labels(screen, input_id):
    (found,) = get_inputs(screen.session.db, [input_id])
    return [screen.concepts[i].name for i in found.positive]


def ghosts(screen):
    return [ghost.name for ghost in screen.page.suggestions.chips.ghosts]


def test_as_they_stand_nothing_is_suggested_and_nothing_runs(show, few):
    screen = show(few)
    assert screen.page.suggestions.isHidden()
    assert few.answers.current is None
    assert [key.face.likely for key in screen.bar.keys if key.isVisible()] == [None] * 4


def test_label_next_puts_other_texts_ahead_and_suggests_a_concept(show, few):
    screen = show(few, "mixed")
    order = [one.input_id for one in screen.helping.result.texts]
    assert [*screen.queue.ids[1:4]] == [key for key in order if key != screen.queue.ids[0]][:3]
    assert sorted(screen.queue.ids) == list(range(61, 91))
    assert len(ghosts(screen)) == 1
    assert "Learns again after 10 texts" in screen.page.suggestions.state.text()
    likely = {k.face.name: k.face.likely for k in screen.bar.keys if k.face.concept}
    assert sum(likely.values()) == pytest.approx(1)


def test_the_full_stop_accepts_what_is_suggested_and_goes_on(qtbot, show, few):
    screen = show(few, "mixed")
    shown, (name,) = screen.pane.shown.id, ghosts(screen)
    press(qtbot, screen, K.Key_Period)
    assert labels(screen, shown) == [name]
    assert screen.pane.shown.id != shown
    assert screen.footer.note() == f"Accepted: {name}."
    with few.app.database() as db:
        assert list(list_input_ids(db, InputFilter(origin=Origin.SUGGESTION))) == [shown]


def test_a_text_that_has_an_answer_is_not_overwritten_by_the_full_stop(qtbot, show, few):
    screen = show(few, "mixed")
    shown = screen.pane.shown.id
    press(qtbot, screen, K.Key_3, K.Key_Left)
    before = labels(screen, shown)
    assert ghosts(screen) == []
    press(qtbot, screen, K.Key_Period)
    assert labels(screen, shown) == before == ["praise"]


def test_a_click_on_a_ghost_takes_it(qtbot, show, few):
    screen = show(few, "mixed")
    shown, (name,) = screen.pane.shown.id, ghosts(screen)
    qtbot.mouseClick(screen.page.suggestions.chips, Qt.MouseButton.LeftButton)
    assert labels(screen, shown) == [name]


def test_it_learns_again_after_a_few_answers_and_nobody_waits(qtbot, show, few):
    screen = show(few, "mixed")
    first = screen.helping.result
    for _answer in range(EVERY):
        press(qtbot, screen, K.Key_1)
        assert screen.pane.shown is not None
    qtbot.waitUntil(lambda: screen.helping.result is not first)
    assert screen.helping.result.n_learned == 60 + EVERY
    assert screen.queue.place == EVERY  # what was gone through stays where it is
    assert screen.helping.result.n_open == 30 - EVERY


def test_texts_that_come_by_chance_have_a_sign(show, few):
    screen = show(few, "random")
    assert screen.page.suggestions.sign.isVisible()
    assert screen.helping.strategy == "random"
    unsure = show(few, "uncertain")
    chosen = next(one for one in unsure.helping.result.texts if not one.is_random)
    unsure.go([*unsure.queue.ids].index(chosen.input_id))
    assert unsure.page.suggestions.sign.isHidden()


def test_texts_about_one_concept_can_be_looked_for(qtbot, show, few):
    screen = show(few)
    panel = screen.top.filter
    panel.open()
    panel.order.setCurrentIndex(panel.order.count() - 1)
    assert panel.strategy == SEEK
    panel.sought.setCurrentText("payment")
    panel.hints.setText("charged twice")
    panel.take.click()
    qtbot.waitUntil(lambda: screen.helping.result is not None)
    found = [one.text for one in screen.helping.result.texts[:8]]
    assert all("charged" in text for text in found)


def test_how_texts_are_ordered_is_kept_with_the_app(show, few):
    show(few).options.order = "rare"
    again = show(few, "rare")
    assert again.top.filter.strategy == "rare"
    assert again.top.filter.button.text() == "What may be rare"


def test_suggestions_that_are_kept_are_shown_as_texts_stand(qtbot, show, few, monkeypatch):
    monkeypatch.setattr(suggesting, "load_model", lambda *_: WordClassifier())
    (new,) = add_texts(few.app, AddTextsRequest(("praise 0.6",), ()), Job()).input_ids
    keep_model(few.app)
    suggest(few.app, SuggestRequest("Letters 1"), Job())
    accept_suggestions(few.app, AcceptSuggestionsRequest(Bounds(0.9, 0.5)), Job())
    few.to_label = InputFilter(ids=(new,))
    screen = show(few)
    assert ghosts(screen) == ["praise"]
    press(qtbot, screen, K.Key_Period)
    assert labels(screen, new) == ["praise"]


def test_a_label_that_nobody_read_is_confirmed_by_the_full_stop(qtbot, show, few, monkeypatch):
    monkeypatch.setattr(suggesting, "load_model", lambda *_: WordClassifier())
    (new,) = add_texts(few.app, AddTextsRequest(("praise 0.95",), ()), Job()).input_ids
    keep_model(few.app)
    suggest(few.app, SuggestRequest("Letters 1"), Job())
    accept_suggestions(few.app, AcceptSuggestionsRequest(), Job())
    few.to_label = InputFilter(ids=(new,))
    screen = show(few)
    assert screen.page.suggestions.nothing.text().startswith("A model set this label.")
    press(qtbot, screen, K.Key_Period)
    assert labels(screen, new) == ["praise"]
    with few.app.database() as db:
        assert list(list_input_ids(db, InputFilter(origin=Origin.SUGGESTION))) == [new]
        assert not list_input_ids(db, InputFilter(origin=Origin.MODEL))


def test_a_trained_model_can_suggest(qtbot, show, few, monkeypatch):
    monkeypatch.setattr(suggesting, "load_model", lambda *_: WordClassifier())
    keep_model(few.app)
    add_texts(few.app, AddTextsRequest(("payment 0.8",), ()), Job())
    screen = show(few)
    screen.top.menu.aboutToShow.emit()
    actions = {action.text(): action for action in screen.top.sources.actions()}
    assert list(actions) == ["The labels so far", "Letters 1, version 1", "Nowhere"]
    actions["Letters 1, version 1"].trigger()
    screen.go(30)
    qtbot.waitUntil(lambda: ghosts(screen) == ["payment"])
    actions["Nowhere"].trigger()
    assert ghosts(screen) == []


def test_all_suggestions_are_a_page_of_their_own(qtbot, show, few):
    screen = show(few)
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.top.suggestions.click()
    assert asked.args == ["suggestions"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_row_is_drawn_in_both_themes(qapp, show, few, theme):
    apply_theme(qapp, theme)
    assert not show(few, "mixed").grab().isNull()
