import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu

from core.changes import Changes
from core.errors import NotWritableError
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.edit_concepts import ConceptEdit, NewConcept, edit_concepts
from core.records import Concept
from core.storage.concepts import get_concept, list_concepts
from desktop import boxes
from desktop.screens.concepts.palette import Palette, mark_number, mark_place
from desktop.screens.concepts.rows import ORDERS, ROW_ROLE, Group, advice, arranged, spoken
from desktop.screens.concepts.screen import ConceptsScreen
from desktop.theme.apply import apply_theme

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
    assert verbs == ["Rename", "Change the definition", "Colour and shape", "Delete…"]
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


def test_deleting_says_how_many_texts_stay_and_asks(qtbot, screen, monkeypatch):
    asked = []

    def ask(_parent, question, meaning, act):
        asked.append((question, meaning, act))
        return len(asked) > 1

    monkeypatch.setattr(boxes, "ask", ask)
    screen.list.choose(get_concept(screen.session.db, "praise").id)
    qtbot.keyClick(screen.list, Qt.Key.Key_Delete)
    assert "praise" in names(screen)
    qtbot.keyClick(screen.list, Qt.Key.Key_Delete)
    assert "praise" not in names(screen)
    question, meaning, act = asked[0]
    assert question == "Delete the concept “praise”?"
    assert meaning.startswith("20 texts carry it. The texts stay, without this concept.")
    assert act == "Delete concept"


def test_what_cannot_be_written_is_said(qtbot, screen, monkeypatch):
    def refuse(*_arguments):
        raise NotWritableError("here")

    shown = []
    monkeypatch.setattr(screen.session, "do", refuse)
    monkeypatch.setattr(boxes, "ask", lambda *_question: True)
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
