import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu

from core.changes import Changes
from core.errors import NotWritableError
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.edit_concepts import (
    BroaderEdit,
    CodebookEdit,
    ConceptEdit,
    NewConcept,
    SynonymEdit,
    edit_concepts,
)
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.undo import undo
from core.records import Concept
from core.storage.concepts import get_concept, list_concepts, list_synonyms
from desktop import boxes
from desktop.screens.concepts import screen as screen_module
from desktop.screens.concepts.alike import alike
from desktop.screens.concepts.palette import Palette, mark_number, mark_place
from desktop.screens.concepts.rows import (
    ORDERS,
    ROW_ROLE,
    TREE,
    Group,
    advice,
    arranged,
    as_tree,
    spoken,
)
from desktop.screens.concepts.screen import ConceptsScreen
from desktop.theme.apply import apply_theme
from desktop.widgets.concept_chip import Chip
from desktop.widgets.concept_picker import ConceptPicker

# What the offscreen platform says when a popup opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def show(qtbot):
    def show(session, width=1000):
        screen = ConceptsScreen(session)
        qtbot.addWidget(screen)
        screen.resize(width, 700)
        with qtbot.waitExposed(screen):
            screen.show()
        return screen

    return show


@pytest.fixture
def screen(show, labelled_session):
    return show(labelled_session)


def names(screen):
    return [row.name for row in screen.list.rows.rows if isinstance(row, Concept)]


def centre_of(screen, name, part):
    concept = get_concept(screen.session.db, name)
    return getattr(screen.list.places_of(concept.id), part).center().toPoint()


def click(qtbot, screen, name, part, click_with=None):
    at = centre_of(screen, name, part)
    (click_with or qtbot.mouseClick)(screen.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_concepts_stand_in_two_groups_those_with_few_texts_first():
    known = [Concept(1, "b", "", 0, 60), Concept(2, "a", "", 1, 8), Concept(3, "c", "", 2, 0)]
    rows = arranged(known)
    assert [getattr(row, "name", "") or row.title for row in rows] == [
        *("Need more texts", "c", "a", "Have enough texts", "b")
    ]
    assert [row.note for row in rows if isinstance(row, Group)] == ["2 concepts", "1 concept"]


def test_concepts_are_searched_by_name_and_definition_and_sorted():
    known = [Concept(1, "Bee", "", 0, 2), Concept(2, "ant", "small BEEtle", 1, 9)]
    by_name = [title for title, _key in ORDERS].index("By name")
    assert [row.name for row in arranged(known, "bee", by_name)[1:]] == ["ant", "Bee"]
    assert [row.name for row in arranged(known, "ANT")[1:]] == ["ant"]
    assert arranged(known, "zebra") == []


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "No texts yet; left out of training"),
        (1, "1 text; 50 would be better"),
        (49, "49 texts; 50 would be better"),
        (50, ""),
    ],
)
def test_advice_says_what_would_be_better(n, words):
    assert advice(Concept(1, "praise", "", 0, n)) == words


def test_a_screen_reader_hears_name_texts_advice_and_definition():
    heard = spoken(Concept(1, "praise", "Says thank you", 0, 8))
    assert heard == "praise. 8 texts. 8 texts; 50 would be better. Says thank you"


def test_without_concepts_the_screen_says_where_they_come_from(qtbot, show, session):
    screen = show(session)
    assert screen.stack.currentWidget().isAncestorOf(screen.empty)
    assert not screen.next.isEnabled()
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.empty.ways[0].click()
    assert asked.args == ["dataset"]
    screen.empty.ways[1].click()
    qtbot.keyClicks(screen.new_row.edit, "praise")
    qtbot.keyClick(screen.new_row.edit, Qt.Key.Key_Return)
    assert names(screen) == ["praise"]
    assert "No text has a concept yet" in screen.footer.note()
    assert not screen.next.isEnabled()


def test_the_footer_counts_concepts_with_few_texts_and_lets_one_go_on(qtbot, screen):
    assert screen.footer.note() == (
        "3 of 3 concepts have few texts. You can go on and add more later."
    )
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.next.click()
    assert asked.args == ["model_type"]


def test_a_new_concept_is_selected_and_the_row_waits_for_the_next(qtbot, screen):
    screen.add.click()
    qtbot.keyClicks(screen.new_row.edit, "  complaint ")
    screen.new_row.add.click()
    assert screen.list.current().name == "complaint"
    assert screen.new_row.edit.text() == ""
    qtbot.keyClick(screen.new_row.edit, Qt.Key.Key_Escape)
    assert screen.new_row.isHidden()
    assert "complaint" in names(screen)


@pytest.mark.parametrize(
    ("name", "problem"), [("praise", "already"), ("  ", "Type a name"), ("x" * 201, "shorter")]
)
def test_a_name_that_cannot_be_is_refused_at_its_field(screen, name, problem):
    screen.add.click()
    screen.new_row.edit.setText(name)
    screen.new_row.add.click()
    assert problem in screen.new_row.hint.text()
    assert len(list_concepts(screen.session.db)) == 3


def test_f2_renames_in_place(qtbot, screen):
    screen.list.choose(get_concept(screen.session.db, "praise").id)
    qtbot.keyClick(screen.list, Qt.Key.Key_F2)
    assert screen.field.edit.selectedText() == "praise"
    screen.field.edit.setText("thanks")
    qtbot.keyClick(screen.field.edit, Qt.Key.Key_Return)
    assert "thanks" in names(screen)
    assert screen.field.isHidden()
    assert screen.list.hasFocus()
    assert screen.list.current().name == "thanks"


def test_a_taken_name_stays_in_the_field_with_the_reason(qtbot, screen):
    screen.edit(get_concept(screen.session.db, "praise"), "name")
    screen.field.edit.setText("payment")
    qtbot.keyClick(screen.field.edit, Qt.Key.Key_Return)
    assert not screen.field.isHidden()
    assert "“payment” already" in screen.field.hint.text()
    qtbot.keyClick(screen.field.edit, Qt.Key.Key_Escape)
    assert sorted(names(screen)) == ["delivery", "payment", "praise"]


def test_clicking_the_missing_definition_adds_one_and_leaving_the_field_keeps_it(qtbot, screen):
    click(qtbot, screen, "praise", "definition")
    qtbot.keyClicks(screen.field.edit, "Says thank you")
    screen.search.setFocus()
    assert get_concept(screen.session.db, "praise").definition == "Says thank you"


def test_a_double_click_renames(qtbot, screen):
    click(qtbot, screen, "delivery", "name", qtbot.mouseDClick)
    assert screen.field.edit.text() == "delivery"


def test_the_more_menu_offers_every_verb(qtbot, screen):
    click(qtbot, screen, "delivery", "more")
    menu = screen.findChild(QMenu)
    verbs = [action.text() for action in menu.actions() if action.text()]
    assert verbs == [
        *("Rename", "Change the definition", "Colour and shape", "Examples, relations and texts"),
        *("Is a kind of…", "Means the same as…", "Merge with…", "Delete"),
    ]
    menu.actions()[1].trigger()
    assert screen.field.edit.accessibleName() == "Definition of the concept"
    menu.close()


def test_the_menu_key_opens_the_menu_of_the_selected_concept(qtbot, screen):
    screen.list.choose(get_concept(screen.session.db, "praise").id)
    reason = QContextMenuEvent.Reason.Keyboard
    with qtbot.waitSignal(screen.list.menu_asked) as asked:
        screen.list.contextMenuEvent(QContextMenuEvent(reason, QPoint(0, 0), QPoint(0, 0)))
    assert asked.args[0].name == "praise"


def test_a_mark_is_chosen_from_the_palette_and_stored_as_its_number(qtbot, screen):
    click(qtbot, screen, "payment", "mark")
    palette = screen.findChild(Palette)
    qtbot.keyClick(palette.grid, Qt.Key.Key_Right)
    qtbot.keyClick(palette.grid, Qt.Key.Key_Down)
    expected = mark_place(get_concept(screen.session.db, "payment").colour)
    qtbot.keyClick(palette.grid, Qt.Key.Key_Return)
    chosen = mark_place(get_concept(screen.session.db, "payment").colour)
    assert chosen == (expected[0] + 1, (expected[1] + 1) % 4)


def test_every_mark_has_one_place_in_the_palette():
    assert sorted(mark_number(x, y) for x in range(12) for y in range(4)) == list(range(48))
    assert all(mark_number(*mark_place(number)) == number for number in range(48))


def test_deleting_asks_nothing_and_says_what_it_took_and_how_it_comes_back(qtbot, screen):
    freeze_dataset(screen.session.app, FreezeRequest(), Job())
    screen.list.choose(get_concept(screen.session.db, "praise").id)
    qtbot.keyClick(screen.list, Qt.Key.Key_Delete)
    assert "praise" not in names(screen)
    assert screen.footer.note() == (
        "Deleted “praise”; 20 texts had it. 1 frozen version keeps it as it was. "
        "Ctrl+Z takes it back."
    )
    screen.session.do(undo)
    assert "praise" in names(screen)


def test_what_cannot_be_written_is_said(qtbot, screen, monkeypatch):
    def refuse(*_arguments):
        raise NotWritableError("here")

    shown = []
    monkeypatch.setattr(screen.session, "do", refuse)
    monkeypatch.setattr(boxes, "show_error", lambda _parent, error: shown.append(str(error)))
    screen.list.choose(get_concept(screen.session.db, "praise").id)
    qtbot.keyClick(screen.list, Qt.Key.Key_Delete)
    assert shown == ["“here” cannot be written to."]


def test_searching_narrows_and_escape_clears(qtbot, screen):
    screen.search.setFocus()
    qtbot.keyClicks(screen.search, "pay")
    assert names(screen) == ["payment"]
    qtbot.keyClicks(screen.search, "zzz")
    assert screen.nothing_found.isVisible()
    assert "“payzzz”" in screen.nothing_found.text()
    qtbot.keyClick(screen.search, Qt.Key.Key_Escape)
    assert len(names(screen)) == 3


def test_news_keep_the_selection_and_the_place(screen):
    chosen = get_concept(screen.session.db, "praise")
    screen.list.choose(chosen.id)
    many = AddTextsRequest(tuple(f"thanks {i}" for i in range(40)), ("praise",))
    add_texts(screen.session.app, many, Job())
    screen.session.changed.emit(Changes.ANNOTATIONS)
    assert screen.list.current().n_positive == 60
    assert "2 of 3 concepts" in screen.footer.note()


def test_the_arrow_keys_pass_the_heads_of_groups_by(qtbot, screen):
    add_texts(
        screen.session.app,
        AddTextsRequest(tuple("a" * i for i in range(1, 40)), ("praise",)),
        Job(),
    )
    screen.session.changed.emit(Changes.ANNOTATIONS)
    screen.list.setFocus()
    screen.list.choose(get_concept(screen.session.db, "payment").id)
    qtbot.keyClick(screen.list, Qt.Key.Key_Down)
    assert screen.list.current().name == "praise"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_five_hundred_concepts_and_long_names_are_drawn(qapp, show, session, theme):
    apply_theme(qapp, theme)
    names = ("x" * 200, "شكوى من التوصيل", "Lob & <b>", *(f"concept {i}" for i in range(500)))
    add_texts(session.app, AddTextsRequest(("one",), names), Job())
    edit_concepts(session.app, ConceptEdit(1, "x" * 200, "y " * 400, 47), Job())
    edit_concepts(session.app, NewConcept("without texts"), Job())
    screen = show(session, 808)
    assert screen.list.model().rowCount() == 505
    index = screen.list.model().index(2)
    assert screen.list.visualRect(index).height() == 56
    assert isinstance(index.data(ROW_ROLE), Concept)
    screen.list.scrollToBottom()
    assert not screen.grab().isNull()


def test_where_there_is_room_the_texts_of_the_selected_concept_stand_beside(screen):
    screen.list.choose(get_concept(screen.session.db, "praise").id)
    assert screen.texts.isVisible()
    assert screen.texts.texts.rowCount() == 20
    assert "visit" in screen.texts.texts.stringList()[0]


# -- trees, synonyms, examples -----------------------------------------------------------------
def key_of(screen, name):
    return get_concept(screen.session.db, name).id


def do(screen, request):
    screen.session.do(edit_concepts, request)


def pick(qtbot, screen, name):
    picker = screen.list.window().findChildren(ConceptPicker)[-1]
    picker.search.setText(name)
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)


def chips(screen):
    return [chip.name for chip in screen.texts.about._content.findChildren(Chip)]


def test_a_tree_stands_by_name_with_kinds_below_what_they_are_kinds_of():
    known = [
        Concept(1, "b", "", 0),
        Concept(2, "a", "", 0, broader_id=1),
        Concept(3, "c", "", 0, broader_id=2),
        Concept(4, "A0", "", 0),
    ]
    rows, depths = as_tree(known)
    assert [row.name for row in rows[1:]] == ["A0", "b", "a", "c"]
    assert depths == {4: 0, 1: 0, 2: 1, 3: 2}
    found, _depths = as_tree(known, "c")
    assert [row.name for row in found[1:]] == ["b", "a", "c"]
    assert as_tree(known, "zebra") == ([], {})


def test_the_keyboard_walks_the_tree_and_moves_concepts_in_it(qtbot, screen):
    screen.order.setCurrentIndex(TREE)
    assert names(screen) == ["delivery", "payment", "praise"]
    screen.list.choose(key_of(screen, "payment"))
    alt = Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(screen.list, Qt.Key.Key_Right, alt)
    assert get_concept(screen.session.db, "payment").broader_id == key_of(screen, "delivery")
    assert screen.list.current().name == "payment"
    qtbot.keyClick(screen.list, Qt.Key.Key_Left)
    assert screen.list.current().name == "delivery"
    qtbot.keyClick(screen.list, Qt.Key.Key_Right)
    assert screen.list.current().name == "payment"
    qtbot.keyClick(screen.list, Qt.Key.Key_Left, alt)
    assert get_concept(screen.session.db, "payment").broader_id == 0


def test_what_a_concept_is_a_kind_of_is_chosen_and_cannot_be_below_it(qtbot, screen):
    do(screen, BroaderEdit(key_of(screen, "payment"), key_of(screen, "praise")))
    screen.relating.choose_broader(get_concept(screen.session.db, "praise"), screen.add)
    picker = screen.list.window().findChildren(ConceptPicker)[-1]
    assert picker.offered() == ["delivery"]
    pick(qtbot, screen, "delivery")
    assert get_concept(screen.session.db, "praise").broader_id == key_of(screen, "delivery")


def test_a_broader_concept_is_made_on_the_spot(qtbot, screen):
    screen.relating.choose_broader(get_concept(screen.session.db, "praise"), screen.add)
    pick(qtbot, screen, "feedback")
    assert get_concept(screen.session.db, "praise").broader_id == key_of(screen, "feedback")


def test_synonyms_are_shown_on_both_sides_and_taken_off_on_either(qtbot, screen):
    screen.list.choose(key_of(screen, "praise"))
    screen.relating.choose_synonym(screen.list.current(), screen.add)
    pick(qtbot, screen, "payment")
    assert chips(screen) == ["payment"]
    screen.list.choose(key_of(screen, "payment"))
    assert chips(screen) == ["praise"]
    screen.texts.about._content.findChildren(Chip)[0].removed.emit()
    assert list_synonyms(screen.session.db) == {}
    assert chips(screen) == []


def test_examples_are_added_and_taken_off_beside_the_list(qtbot, screen):
    screen.list.choose(key_of(screen, "praise"))
    example = screen.texts.about.example
    example.setFocus()
    qtbot.keyClicks(example, "well done")
    qtbot.keyClick(example, Qt.Key.Key_Return)
    assert get_concept(screen.session.db, "praise").examples == ("well done",)
    assert example.hasFocus()
    assert example.text() == ""
    screen.texts.about.examples_changed.emit(screen.list.current(), ())
    assert get_concept(screen.session.db, "praise").examples == ()


def test_in_a_narrow_window_the_details_open_over_the_list(qtbot, show, labelled_session):
    edit_concepts(labelled_session.app, CodebookEdit(3, ("well done",)), Job())
    screen = show(labelled_session, 900)
    screen.beside.dock.hide()  # as the window's frame does
    screen.list.choose(3)
    screen._open_details()
    assert screen.beside.is_over
    assert screen.texts.isVisible()
    assert screen.texts.keys.text() == "Key 3"
    screen.texts.close_.click()
    assert not screen.beside.is_over
    screen._open_details()
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert not screen.beside.is_over


# -- merging -----------------------------------------------------------------------------------
def test_merging_says_what_it_touches_before_and_what_it_did_after(qtbot, screen):
    freeze_dataset(screen.session.app, FreezeRequest(), Job())
    screen.list.choose(key_of(screen, "payment"))
    screen.merge.click()
    assert not screen.relating.bar.merge.isEnabled()
    click(qtbot, screen, "praise", "name")
    assert screen.relating.bar.told.text() == (
        "20 labels move to “payment”. These go: praise. 1 frozen version keeps it as it was."
    )
    screen.relating.bar.target.setCurrentIndex(1)
    screen.relating.bar.merge.click()
    assert names(screen) == ["delivery", "praise"]
    assert screen.footer.note() == "Merged into “praise”: 20 labels moved. Ctrl+Z takes it back."
    assert get_concept(screen.session.db, "praise").n_positive == 40
    screen.session.do(undo)
    assert len(names(screen)) == 3


def test_what_is_chosen_to_be_merged_survives_a_search(qtbot, screen):
    screen.merge.click()
    click(qtbot, screen, "praise", "name")
    screen.search.setText("deliv")
    click(qtbot, screen, "delivery", "name")
    screen.search.clear()
    assert {concept.name for concept in screen.list.selected()} == {"praise", "delivery"}
    assert len(screen.relating.bar.concepts) == 2
    qtbot.keyClick(screen.list, Qt.Key.Key_Escape)
    assert screen.relating.bar.isHidden()
    assert len(names(screen)) == 3


def test_many_labels_are_moved_in_the_background(qtbot, screen, monkeypatch):
    monkeypatch.setattr(screen_module, "MANY", 5)
    screen.relating.begin_merging(*list_concepts(screen.session.db)[:2])
    screen.relating.bar.merge.click()
    qtbot.waitUntil(lambda: len(names(screen)) == 2)
    assert "20 labels moved" in screen.footer.note()


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("Delivery", "delivery", True),
        ("card arrival", "card_arrival", True),
        ("payment", "payments", True),
        ("payment", "paiment", True),
        ("concept 1", "concept 2", False),
        ("cat", "car", False),
        ("praise", "payment", False),
        ("!?", "..", True),
    ],
)
def test_names_that_are_nearly_the_same_are_found(one, other, is_alike):
    known = [Concept(1, one, "", 0, 9), Concept(2, other, "", 0, 3)]
    assert alike(known, {}) == ([(known[1], known[0])] if is_alike else [])
    assert alike(known, {1: [2], 2: [1]}) == []


def test_names_that_look_alike_are_hinted_and_merged_with_one_click(qtbot, screen):
    assert screen.relating.hint.isHidden()
    texts = AddTextsRequest(("thanks",), ("Praise",))
    add_texts(screen.session.app, texts, Job())
    screen.session.changed.emit(Changes.CONCEPTS)
    hint = screen.relating.hint
    assert hint.words.text() == "“Praise” looks like “praise”. Merging moves 1 label."
    hint.merge.click()
    assert "Praise" not in names(screen)
    assert get_concept(screen.session.db, "praise").n_positive == 21
    assert hint.isHidden()
    screen.session.do(undo)
    hint.differ.click()
    assert hint.isHidden()
    do(screen, SynonymEdit(key_of(screen, "delivery"), key_of(screen, "payment")))
    assert hint.isHidden()
