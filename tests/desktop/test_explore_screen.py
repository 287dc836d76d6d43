import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from core.errors import UserError
from core.learning import embedders
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.keep_search import keep_search
from core.operations.look_at_map import MapGroup, MapStand
from core.operations.look_at_topics import TopicStand, TopicsView
from core.operations.search_texts import LIMIT
from core.storage.datasets import list_datasets
from core.storage.filters import InputFilter, count_inputs
from core.storage.searches import (
    Meaning,
    Narrowed,
    Predicted,
    SavedSearch,
    Search,
    Words,
    get_saved_search,
)
from core.storage.topics import Topic
from desktop import boxes
from desktop.screens.dataset.screen import DatasetScreen
from desktop.screens.explore.map_page import LINE, MapPage
from desktop.screens.explore.map_points import Points
from desktop.screens.explore.map_view import MapView
from desktop.screens.explore.part_words import merged, pieces_of, words_of
from desktop.screens.explore.screen import MAP, RESULTS, TOPICS, ExploreScreen
from desktop.screens.explore.topics_page import TopicsPage
from desktop.screens.explore.topics_table import TopicsTable
from tests.core.conftest import FakeEmbedder


@pytest.fixture(autouse=True)
def _fake(monkeypatch):
    embedder = FakeEmbedder()
    monkeypatch.setattr(embedders, "load", lambda _name: embedder)


@pytest.fixture
def screen(qtbot, labelled_session):
    screen = ExploreScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.resize(1_040, 700)
    screen.show()
    return screen


def found(screen):
    return [row.shown.text for row in screen.results.table.results.rows]


def is_quiet(screen):
    session = screen.session
    return not (
        session.jobs.current or session.jobs.waiting or session.answers.current
        or session.answers.waiting
    )  # fmt: skip


def search(qtbot, screen, typed):
    qtbot.keyClicks(screen.query.field, typed)
    qtbot.keyClick(screen.query.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_quiet(screen))


def test_a_sentence_finds_the_texts_that_mean_it_once_all_are_read(qtbot, screen):
    search(qtbot, screen, "parcel number 7 has not arrived")
    assert found(screen)[0] == "parcel number 7 has not arrived, where is it?"
    table = screen.results.table
    assert not table.isColumnHidden(2)
    assert float(table.results.index(0, 2).data()) > float(table.results.index(30, 2).data())
    assert screen.results.count.text() == "60 texts match"


def test_while_it_is_searched_nobody_is_asked_what_to_look_for(screen):
    assert screen.results.empty.isVisible()
    screen.results.show_words("Searching…")
    assert not screen.results.empty.isVisible()


def test_more_like_this_and_unlike_this_are_added_to_the_search(qtbot, screen):
    search(qtbot, screen, "parcel number 7 has not arrived")
    screen.results.table.setFocus()
    qtbot.keyClick(screen.results.table, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: is_quiet(screen))
    parts = screen.query.search.parts
    assert [part.is_negated for part in parts] == [False, True]
    assert parts[1].input_id
    assert parts[1].text not in found(screen)


def test_a_chip_turns_its_part_round_and_its_cross_takes_it_away(qtbot, screen):
    screen.query.way.set_value(1)
    search(qtbot, screen, "parcel")
    assert len(found(screen)) == 20
    (chip,) = screen.query.chips.chips
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: is_quiet(screen))
    assert len(found(screen)) == 40
    (chip,) = screen.query.chips.chips
    assert chip.text() == "Without: parcel"
    cross = QPoint(chip.width() - 10, chip.height() // 2)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=cross)
    assert screen.query.search == Search()
    assert found(screen) == []


def test_words_are_marked_where_they_stand(qtbot, screen):
    screen.query.way.set_value(1)
    search(qtbot, screen, "parcel")
    assert screen.results.table.results.index(0, 0).data(Qt.ItemDataRole.UserRole + 10) == [(0, 6)]


def test_filters_are_parts_that_can_be_negated_one_by_one(qtbot, screen):
    wanted = InputFilter(has=(1, 2), split="test", min_chars=3)
    pieces = pieces_of(wanted)
    assert len(pieces) == 4
    assert merged(pieces) == wanted
    screen.query.panel.chosen.emit(InputFilter(has=(1,)))
    qtbot.waitUntil(lambda: is_quiet(screen))
    assert len(found(screen)) == 20
    screen.query.chips.turned.emit(0)
    qtbot.waitUntil(lambda: is_quiet(screen))
    assert len(found(screen)) == 40
    assert words_of(screen.query.search.parts[0], screen.query.concepts) == "Not: delivery"


def test_each_kind_of_part_is_told_in_words():
    assert words_of(Predicted("spam", 0.8, "M"), {}) == "spam from 80\u202f% on"
    assert words_of(Predicted("spam", 0.8, "M", is_negated=True), {}) == "spam under 80\u202f%"
    assert words_of(Meaning("win", is_negated=True), {}) == "Unlike: “win”"
    assert words_of(Narrowed(InputFilter(split="test"), is_negated=True), {}) == "Not: Split: Test"


def test_what_was_found_is_labelled_together_and_taken_back(qtbot, screen):
    screen.query.way.set_value(1)
    search(qtbot, screen, "parcel")
    screen.results.table.selectAll()
    assert screen.footer.note() == "20 texts are selected."
    screen.picker.picked.emit("late")
    (late,) = [c for c in screen.query.concepts.values() if c.name == "late"]
    assert count_inputs(screen.session.db, InputFilter(has=(late.id,))) == 20
    assert screen.footer.note().startswith("Done: label 20 texts as late.")


def test_a_search_is_saved_opened_again_and_frozen_as_a_dataset(qtbot, screen, monkeypatch):
    screen.query.way.set_value(1)
    search(qtbot, screen, "parcel")
    monkeypatch.setattr(boxes, "ask_text", lambda *_a, **_k: "Parcels")
    screen.results.save.click()
    assert get_saved_search(screen.session.db, "Parcels").search == Search((Words("parcel"),))
    screen.results.freeze.click()
    assert [d.n_inputs for d in list_datasets(screen.session.db) if d.name == "Parcels"] == [20]
    saved = get_saved_search(screen.session.db, "Parcels")
    screen.query.set_search(Search())
    screen.query._take(saved)
    assert len(found(screen)) == 20
    assert saved.is_frozen


def test_a_dataset_of_a_search_has_all_that_was_found_not_only_what_is_listed(
    qtbot, screen, monkeypatch
):
    texts = tuple(f"a letter from {i}" for i in range(LIMIT + 10))
    screen.session.do(add_texts, AddTextsRequest(texts))
    screen.query.way.set_value(1)
    search(qtbot, screen, "letter")
    assert len(found(screen)) == LIMIT
    monkeypatch.setattr(boxes, "ask_text", lambda *_a, **_k: "Letters")
    screen.results.freeze.click()
    qtbot.waitUntil(lambda: is_quiet(screen))
    kept = [d.n_inputs for d in list_datasets(screen.session.db) if d.name == "Letters"]
    assert kept == [LIMIT + 10]


def test_selected_texts_open_in_the_dataset(qtbot, screen):
    screen.query.way.set_value(1)
    search(qtbot, screen, "parcel")
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.open.click()
    assert asked.args == ["dataset"]
    assert len(screen.session.to_show.ids) == 1


def test_the_dataset_asks_for_texts_like_one(qtbot, labelled_session):
    dataset = DatasetScreen(labelled_session)
    qtbot.addWidget(dataset)
    dataset.show()
    dataset.list.table.selectRow(2)
    with qtbot.waitSignal(dataset.asked_for) as asked:
        dataset.list.verbs.actions["like"].trigger()
    assert asked.args == ["explore"]
    screen = ExploreScreen(labelled_session)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitUntil(lambda: is_quiet(screen) and bool(found(screen)))
    assert screen.query.search.parts[0].input_id == 3
    assert labelled_session.to_explore is None


def test_topics_are_found_listed_and_labelled(qtbot, screen):
    screen.tabs.set_value(TOPICS)
    qtbot.waitUntil(lambda: is_quiet(screen))
    assert screen.topics.count.text() == "The texts have not been sorted into topics yet."
    screen.topics.sort.click()
    qtbot.waitUntil(lambda: is_quiet(screen) and screen.topics.table.topics.count() > 0)
    assert screen.topics.table.topics.count() == 3
    assert len(screen.topics.texts.results.rows) == 5
    assert 15 <= len(screen.ids()) <= 20
    screen.topics.since.setCurrentIndex(1)
    qtbot.waitUntil(lambda: is_quiet(screen))
    assert not screen.topics.table.isColumnHidden(3)


def test_the_map_is_drawn_and_what_is_outlined_on_it_is_labelled(qtbot, screen):
    screen.tabs.set_value(MAP)
    screen.map.draw.click()
    assert not screen.map.draw.isEnabled()  # while it is being drawn
    qtbot.waitUntil(lambda: is_quiet(screen) and len(screen.map.view.points) > 0)
    assert screen.map.draw.isEnabled()
    screen.map.by.set_value(1)
    qtbot.waitUntil(lambda: is_quiet(screen))
    assert [one.name for one in screen.map.legend.groups] == ["delivery", "payment", "praise"]
    view = screen.map.view
    corners = [QPointF(view.width() * x, view.height() * y) for x, y in
               ((0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99))]  # fmt: skip
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=corners[0].toPoint())
    for corner in corners[1:]:
        qtbot.mouseMove(view, corner.toPoint())
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=corners[3].toPoint())
    assert len(screen.ids()) == 60
    assert len(screen.map.texts.results.rows) == 60
    assert screen.map.texts.horizontalHeader().isVisible()
    screen.picker.picked.emit("letter")
    assert count_inputs(screen.session.db, InputFilter(has=(4,))) == 60


def test_what_the_marks_stand_for_is_never_over_what_is_selected(qtbot):
    page = MapPage()
    qtbot.addWidget(page)
    page.legend.show_groups(tuple(MapGroup(f"t{i}", 9, i) for i in range(12)), "Others  3")
    page._work.show()
    page.resize(1064, 380)
    page.show()
    page._begin.hide()
    side = page.names.parentWidget()
    assert page.names.geometry().bottom() < page.chosen.geometry().top()
    assert page.texts.geometry().bottom() <= side.height()
    page.resize(1064, 900)
    assert page.names.height() == page.legend.height() == 13 * LINE


def test_the_map_is_used_with_the_keyboard_alone(qtbot):
    view = MapView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    places = np.array([[0.5, 0.5], [0.52, 0.5], [0.9, 0.9]], np.float32)
    view.show_points(Points(np.array([4, 5, 6]), places))
    view.show()
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert view.ids() == (4, 5)
    for _step in range(20):
        qtbot.keyClick(view, Qt.Key.Key_Right)
        qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert view.ids() == (4, 5, 6)
    assert view.accessibleName() == "Map of 3 texts, 3 selected"
    with qtbot.waitSignal(view.opened):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.ids() == ()


def test_too_few_texts_for_topics_are_told_at_their_place(qtbot, session):
    screen = ExploreScreen(session)
    qtbot.addWidget(screen)
    screen.show()
    screen.tabs.set_value(TOPICS)
    screen.topics.sort.click()
    qtbot.waitUntil(lambda: is_quiet(screen))
    assert screen.problem.words.text().startswith("0 different texts cannot be sorted")
    assert screen.tabs.value == TOPICS
    assert RESULTS == 0


def test_a_frozen_search_of_the_command_line_is_offered(qtbot, screen):
    keep_search_request = SavedSearch("Two", Search((Words("parcel"),)), True, (1, 2))
    screen.session.do(keep_search, keep_search_request)
    screen.query._take(get_saved_search(screen.session.db, "Two"))
    assert len(found(screen)) == 2


@pytest.mark.parametrize(
    ("make", "nothing"), [(MapPage, MapStand(None)), (TopicsPage, TopicsView(None))]
)
def test_what_is_being_done_is_said_however_often_one_looks_again(qtbot, make, nothing):
    page = make()
    qtbot.addWidget(page)
    page.show()
    assert page.empty.isVisible()
    page.show_words("Drawing the map…")
    page.show_view(nothing, None, {})  # another screen was looked at meanwhile
    assert page.count.text() == "Drawing the map…"
    assert not page.empty.isVisible()
    page.show_words("")
    assert page.count.text().endswith("yet.")
    assert page.empty.isVisible()


def test_a_wide_list_of_topics_gives_the_concepts_what_the_names_do_not_need(qtbot):
    table = TopicsTable()
    qtbot.addWidget(table)
    table.resize(1600, 300)
    table.show()
    topic = Topic(0, "card · work", ("card", "work"), 10, (1,))
    table.show_stands(
        [TopicStand(topic, 10, 0.5, (("card_not_working", 1.0),), 10)], compares=False
    )
    assert table.columnWidth(2) > 900
    table.resize(700, 300)
    assert table.columnWidth(0) >= 200


def test_a_search_goes_on_while_the_topics_are_looked_at(qtbot, screen):
    search(qtbot, screen, "parcel number 7 has not arrived")
    screen.query.add(Meaning("an invoice"))
    screen.tabs.set_value(TOPICS)
    qtbot.waitUntil(lambda: is_quiet(screen))
    assert screen.results.count.text() == "60 texts match"


def test_a_frozen_search_stays_while_texts_are_read(qtbot, screen):
    screen.query.add(Meaning("an invoice"))
    (first,) = screen.session.db.execute("SELECT id FROM inputs LIMIT 1").fetchone()
    screen._show_frozen(
        SavedSearch("kept", screen.query.search, is_frozen=True, input_ids=(first,))
    )
    qtbot.waitUntil(lambda: is_quiet(screen))
    screen._end_reading()
    qtbot.waitUntil(lambda: is_quiet(screen))
    assert len(found(screen)) == 1


def test_what_was_found_stays_where_topics_cannot_be_made(qtbot, screen):
    search(qtbot, screen, "parcel number 7 has not arrived")
    screen._refuse(UserError("There are too few texts.", next_step="Add some."))
    assert screen.problem.isVisible()
    assert len(found(screen)) == 60
