import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import SHARE_LABELS, AnnotateRequest, annotate
from core.operations.edit_concepts import ConceptDeletion, NewConcept, edit_concepts
from core.operations.edit_inputs import InputDeletion, edit_inputs
from core.operations.undo import undo
from core.records import Status
from core.storage.about import get_about, update_about
from core.storage.concepts import list_concepts
from core.storage.database import transaction
from core.storage.filters import InputFilter
from core.storage.inputs import get_inputs
from desktop.screens.labelling.options import ONE_CONCEPT
from desktop.screens.labelling.screen import KEYS, LABEL, STATE, LabellingScreen
from desktop.theme.apply import apply_theme

# What the offscreen platform says when a popup opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

K, HELD = Qt.Key, Qt.KeyboardModifier
ARABIC = "السلام عليكم، لم تصل بطاقتي"


@pytest.fixture
def show(qtbot):
    def show(session, width=1060, height=748):
        screen = LabellingScreen(session)
        qtbot.addWidget(screen)
        screen.resize(width, height)
        with qtbot.waitExposed(screen):
            screen.show()
        screen.activateWindow()
        screen.give_keyboard_to_text()
        return screen

    return show


@pytest.fixture
def few(labelled_session):
    """Three concepts with 20 texts each, then 12 texts without a label: 61 to 72."""
    texts = (*(f"a new text {i}" for i in range(10)), ARABIC, "long " * 5000)
    add_texts(labelled_session.app, AddTextsRequest(texts, ()), Job())
    return labelled_session


@pytest.fixture
def screen(show, few):
    return show(few)


@pytest.fixture
def several(screen):
    screen.bar.several.set_value(1)
    return screen


def make_concepts(session, n):
    for i in range(n):
        edit_concepts(session.app, NewConcept(f"concept {i}"), Job())


def press(qtbot, screen, *keys, held=HELD.NoModifier):
    for key in keys:
        qtbot.keyClick(screen.focusWidget() or screen, key, held)


def now(screen, input_id):
    return get_inputs(screen.session.db, [input_id])[0]


def names(screen, ids):
    return [screen.concepts[i].name for i in ids]


def test_it_opens_at_the_first_text_without_a_label(screen):
    assert screen.pane.shown.id == 61
    assert len(screen.queue) == 12
    assert screen.top.place.text() == "1 of 12"
    assert screen.footer.note() == "Saved as you go."
    assert screen.focusWidget() is screen.pane.text


def test_every_button_shows_its_key_and_says_it(screen):
    faces = [key.face for key in screen.bar.keys if key.isVisible()]
    assert [(face.keys, face.name) for face in faces] == [
        *(("1", "delivery"), ("2", "payment"), ("3", "praise"), ("", "New concept"))
    ]
    assert screen.bar.keys[0].accessibleName() == "delivery, keys 1, not chosen, 20 texts"


def test_with_one_concept_per_text_one_key_is_an_answer_and_goes_on(qtbot, screen):
    assert screen.options.one_concept  # no text has several
    press(qtbot, screen, K.Key_2)
    assert names(screen, now(screen, 61).positive) == ["payment"]
    assert screen.pane.shown.id == 62
    assert screen.footer.note() == "Saved: about “payment”."


def test_with_one_concept_per_text_another_choice_replaces_the_first(qtbot, screen):
    press(qtbot, screen, K.Key_2, K.Key_Left, K.Key_1)
    assert names(screen, now(screen, 61).positive) == ["delivery"]


def test_the_same_key_again_takes_it_back_and_stays(qtbot, screen):
    press(qtbot, screen, K.Key_2, K.Key_Backspace, K.Key_2)
    assert now(screen, 61).positive == ()
    assert screen.pane.shown.id == 61


def test_several_concepts_are_chosen_and_enter_goes_on(qtbot, several):
    press(qtbot, several, K.Key_1, K.Key_3)
    assert several.pane.shown.id == 61
    assert [key.face.said for key in several.bar.keys[:3]] == [True, None, True]
    press(qtbot, several, K.Key_Return)
    assert several.pane.shown.id == 62
    assert names(several, now(several, 61).positive) == ["delivery", "praise"]


def test_where_texts_have_several_concepts_several_is_the_default(show, few):
    annotate(few.app, AnnotateRequest((1,), "praise"), Job())
    assert not show(few).options.one_concept


def test_one_concept_or_several_is_kept_in_the_app(several):
    assert get_about(several.session.db, ONE_CONCEPT) == "0"


def test_moving_on_after_a_choice_is_a_switch(qtbot, several):
    several.top.moves_on.trigger()
    press(qtbot, several, K.Key_1)
    assert several.pane.shown.id == 62


@pytest.mark.parametrize(
    ("key", "text", "held"),
    [
        (K.Key_Exclam, "!", HELD.ShiftModifier),
        (K.Key_1, "1", HELD.ShiftModifier),
        (K.Key_1, "", HELD.AltModifier),
    ],
)
def test_shift_or_alt_and_the_key_say_that_it_is_not(screen, key, text, held):
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(screen.pane.text, QKeyEvent(kind, key, held, text))
    assert names(screen, now(screen, 61).negative) == ["delivery"]
    assert screen.bar.keys[0].face.said is False
    assert screen.pane.shown.id == 61
    assert "is not" in screen.bar.keys[0].accessibleName()


def test_unsure_is_an_answer_that_can_be_taken_back(qtbot, screen):
    press(qtbot, screen, K.Key_U)
    assert now(screen, 61).status is Status.UNSURE
    assert screen.pane.shown.id == 62
    press(qtbot, screen, K.Key_Left)
    assert screen.pane.answer.text() == "Unsure"
    press(qtbot, screen, K.Key_U)
    assert now(screen, 61).status is Status.NONE
    assert screen.pane.shown.id == 61


def test_space_skips_but_leaves_an_answer_alone(qtbot, several):
    press(qtbot, several, K.Key_Space)
    assert now(several, 61).status is Status.SKIPPED
    press(qtbot, several, K.Key_1, K.Key_Space)
    assert now(several, 62).status is Status.NONE
    assert several.pane.shown.id == 63


def test_none_of_these_is_one_key_and_again_takes_it_back(qtbot, screen):
    press(qtbot, screen, K.Key_X)
    assert len(now(screen, 61).negative) == 3
    assert screen.pane.shown.id == 62
    press(qtbot, screen, K.Key_Left)
    assert screen.pane.answer.text() == "None of these"
    press(qtbot, screen, K.Key_X)
    assert not now(screen, 61).is_labelled


def test_a_key_that_is_held_down_answers_once(screen):
    held = QKeyEvent(QEvent.Type.KeyPress, K.Key_1, HELD.NoModifier, "1", True)
    QApplication.sendEvent(screen.pane.text, held)
    assert screen.pane.shown.id == 61


def test_a_note_opens_with_n_and_esc_keeps_it(qtbot, screen):
    press(qtbot, screen, K.Key_N)
    qtbot.keyClicks(screen.focusWidget(), "ask 1 x u")
    press(qtbot, screen, K.Key_Escape)
    assert now(screen, 61).note == "ask 1 x u"
    assert screen.pane.note.text() == "ask 1 x u"
    assert screen.focusWidget() is screen.pane.text
    assert screen.pane.shown.id == 61


def test_ctrl_enter_keeps_a_note_and_does_not_press_the_primary(qtbot, screen):
    press(qtbot, screen, K.Key_N)
    qtbot.keyClicks(screen.focusWidget(), "later")
    override = QKeyEvent(QEvent.Type.ShortcutOverride, K.Key_Return, HELD.ControlModifier)
    QApplication.sendEvent(screen.focusWidget(), override)
    assert override.isAccepted()
    press(qtbot, screen, K.Key_Return, held=HELD.ControlModifier)
    assert now(screen, 61).note == "later"
    assert screen.pane.shown.id == 61


def test_an_open_note_is_kept_when_one_goes_on(qtbot, screen):
    press(qtbot, screen, K.Key_N)
    qtbot.keyClicks(screen.focusWidget(), "half a")
    screen.next.click()
    assert screen.focusWidget() is screen.pane.text
    assert now(screen, 61).note == "half a"
    assert screen.pane.shown.id == 62
    assert not screen.pane.field.isVisible()


def test_the_arrow_keys_home_and_end_go_through_the_texts(qtbot, screen):
    press(qtbot, screen, K.Key_Right, K.Key_Right)
    assert screen.pane.shown.id == 63
    press(qtbot, screen, K.Key_End)
    assert screen.pane.shown.id == 72
    press(qtbot, screen, K.Key_Home)
    assert screen.pane.shown.id == 61
    assert not screen.previous.isEnabled()


def test_ctrl_g_goes_to_a_number(qtbot, screen):
    press(qtbot, screen, K.Key_G, held=HELD.ControlModifier)
    qtbot.keyClicks(screen.focusWidget(), "7")
    press(qtbot, screen, K.Key_Return)
    assert screen.pane.shown.id == 67
    assert screen.top.place.text() == "7 of 12"
    assert screen.focusWidget() is screen.pane.text


def test_the_bar_never_moves_whatever_the_text(qtbot, screen):
    def places():
        keys = [key.geometry() for key in screen.bar.keys]
        return screen.bar.mapTo(screen, screen.bar.rect().topLeft()), keys

    before = places()
    for _n in range(11):
        press(qtbot, screen, K.Key_Right)
        assert places() == before
    assert screen.pane.shown.text.startswith("long")
    assert screen.pane.text.verticalScrollBar().maximum() > 0
    press(qtbot, screen, K.Key_C)
    press(qtbot, screen, K.Key_N)
    assert places() == before


def test_down_scrolls_a_long_text(qtbot, screen):
    press(qtbot, screen, K.Key_End, K.Key_PageDown, K.Key_Down)
    assert screen.pane.text.verticalScrollBar().value() > 0


def test_of_a_huge_text_the_beginning_is_shown_and_the_rest_on_demand(qtbot, screen):
    press(qtbot, screen, K.Key_End)
    assert len(screen.pane.text.value()) == 20_001
    assert screen.pane.whole.text() == "Show all 24,999 characters"
    screen.pane.whole.click()
    assert len(screen.pane.text.value()) == 24_999
    assert not screen.pane.whole.isVisible()


def test_a_text_is_read_in_its_own_direction(qtbot, screen):
    def direction():
        return screen.pane.text.document().defaultTextOption().textDirection()

    assert direction() == Qt.LayoutDirection.LeftToRight
    screen.go(10)
    assert screen.pane.shown.text == ARABIC
    assert direction() == Qt.LayoutDirection.RightToLeft


def test_two_keys_choose_the_eleventh_and_show_what_can_follow(qtbot, show, few):
    make_concepts(few, 74)
    screen = show(few)
    press(qtbot, screen, K.Key_Q)
    shown = [key.face for key in screen.bar.keys if key.isVisible()]
    assert [face.keys for face in shown] == [f"q{digit}" for digit in "1234567890"][: len(shown)]
    assert all(face.n_down == 1 for face in shown)
    assert "Q is typed" in screen.bar.hints.accessibleName()
    press(qtbot, screen, K.Key_2)
    assert names(screen, now(screen, 61).positive) == ["concept 8"]
    assert "Q is typed" not in screen.bar.hints.accessibleName()


def test_esc_forgets_the_first_of_two_keys(qtbot, show, few):
    make_concepts(few, 74)
    screen = show(few)
    press(qtbot, screen, K.Key_Q, K.Key_Escape, K.Key_2)
    assert names(screen, now(screen, 61).positive) == ["payment"]


def test_shift_with_the_second_key_says_that_it_is_not(qtbot, show, few):
    make_concepts(few, 74)
    screen = show(few)
    press(qtbot, screen, K.Key_Q)
    press(qtbot, screen, K.Key_1, held=HELD.ShiftModifier)
    assert names(screen, now(screen, 61).negative) == ["concept 7"]


@pytest.mark.parametrize("n", [74, 197])
def test_any_of_many_concepts_is_found_by_typing_its_name(qtbot, show, few, n):
    make_concepts(few, n)
    screen = show(few)
    press(qtbot, screen, K.Key_Slash)
    qtbot.keyClicks(screen.focusWidget(), f"CONCEPT {n - 1}")
    assert screen.bar.keys[0].face.is_marked
    press(qtbot, screen, K.Key_Return)
    assert names(screen, now(screen, 61).positive) == [f"concept {n - 1}"]
    assert screen.focusWidget() is screen.pane.text
    assert screen.bar.search.text() == ""


def test_in_the_find_field_arrows_move_and_shift_enter_says_not(qtbot, show, few):
    make_concepts(few, 20)
    screen = show(few)
    press(qtbot, screen, K.Key_F)
    qtbot.keyClicks(screen.focusWidget(), "concept 1")
    press(qtbot, screen, K.Key_Down)
    press(qtbot, screen, K.Key_Return, held=HELD.ShiftModifier)
    assert names(screen, now(screen, 61).negative) == ["concept 10"]


def test_many_concepts_are_paged_by_keys_and_buttons(qtbot, show, few):
    make_concepts(few, 74)
    screen = show(few)
    assert screen.bar.pages.text().startswith("1 of ")
    press(qtbot, screen, K.Key_PageDown, held=HELD.ControlModifier)
    assert screen.bar.pages.text().startswith("2 of ")
    screen.bar.back.click()
    assert screen.bar.keys[0].face.keys == "1"


def test_plus_makes_a_concept_and_chooses_it(qtbot, several):
    press(qtbot, several, K.Key_Plus)
    qtbot.keyClicks(several.focusWidget(), " complaint ")
    press(qtbot, several, K.Key_Return)
    assert names(several, now(several, 61).positive) == ["complaint"]
    assert several.bar.keys[3].face.keys == "4"


def test_without_concepts_the_first_is_made_here(qtbot, show, session):
    add_texts(session.app, AddTextsRequest(("one", "two"), ()), Job())
    screen = show(session)
    assert screen.focusWidget() is screen.bar.search
    assert screen.bar.note.text() == "Name the first concept and press Enter."
    qtbot.keyClicks(screen.focusWidget(), "praise")
    press(qtbot, screen, K.Key_Return)
    assert names(screen, now(screen, 1).positive) == ["praise"]
    press(qtbot, screen, K.Key_1)
    assert names(screen, now(screen, 2).positive) == ["praise"]


def test_without_texts_it_leads_to_the_dataset(qtbot, show, session):
    screen = show(session)
    assert screen.stack.currentIndex() == STATE
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.states.state.ways[0].click()
    assert asked.args == ["dataset"]


def test_behind_the_last_text_it_says_what_is_left(qtbot, screen):
    press(qtbot, screen, *[K.Key_1] * 10, K.Key_U, K.Key_Space)
    assert screen.stack.currentIndex() == STATE
    ways = [way.text() for way in screen.states.state.ways]
    assert ways == [
        *("Look at the one you are unsure of", "Look at the one you skipped", "Train a model")
    ]
    screen.states.state.ways[0].click()
    assert screen.pane.shown.id == 71
    assert screen.top.place.text() == "1 of 1"


def test_from_the_end_one_can_go_back(qtbot, screen):
    press(qtbot, screen, K.Key_End, K.Key_Return)
    assert screen.stack.currentIndex() == STATE
    press(qtbot, screen, K.Key_Left)
    assert screen.pane.shown.id == 72
    assert screen.stack.currentIndex() == LABEL


def test_it_goes_through_the_texts_that_it_was_opened_for(show, few):
    few.to_label = InputFilter(ids=(3, 5, 8))
    screen = show(few)
    assert list(screen.queue.ids) == [3, 5, 8]


def test_another_wish_of_the_dataset_list_begins_anew(screen):
    screen.hide()
    screen.session.to_label = InputFilter(ids=(3, 5))
    screen.show()
    assert screen.pane.shown.id == 3
    screen.hide()
    screen.go(1)
    screen.show()
    assert screen.pane.shown.id == 5


def test_the_queue_is_filtered_by_answer_concept_and_words(qtbot, screen):
    panel = screen.top.filter
    press(qtbot, screen, K.Key_F, held=HELD.ControlModifier)
    panel.labelling.setCurrentIndex(1)
    panel.concept.setCurrentIndex(panel.concept.findText("payment"))
    panel.words.setText("order 7")
    panel.take.click()
    assert len(screen.queue) == 1
    assert "order 7" in screen.pane.shown.text
    assert screen.pane.text.extraSelections()
    assert "payment" in panel.button.accessibleName()
    panel.words.setText("nowhere")
    panel.take.click()
    assert screen.states.state.ways[0].text() == "Go through all texts"
    screen.states.state.ways[0].click()
    assert len(screen.queue) == 72


def test_a_text_that_is_labelled_stays_at_its_place(qtbot, screen):
    press(qtbot, screen, K.Key_1, K.Key_2, K.Key_Left, K.Key_Left)
    assert screen.pane.shown.id == 61
    assert screen.bar.keys[0].face.said is True


def test_undo_leads_back_to_the_text_it_is_about(qtbot, screen):
    press(qtbot, screen, K.Key_1, K.Key_2)
    screen.session.do(undo)
    assert screen.pane.shown.id == 62
    assert [key.face.said for key in screen.bar.keys[:3]] == [None] * 3


def test_texts_that_are_deleted_meanwhile_drop_out(screen):
    screen.go(2)
    screen.session.do(edit_inputs, InputDeletion((62, 63)))
    assert screen.pane.shown.id == 64
    assert screen.top.place.text() == "2 of 10"


def test_a_concept_that_is_deleted_leaves_the_bar(screen):
    praise = list_concepts(screen.session.db)[2]
    screen.session.do(edit_concepts, ConceptDeletion(praise.id))
    assert [key.face.name for key in screen.bar.keys[:3]] == ["delivery", "payment", "New concept"]


def test_identical_texts_are_counted_where_they_share_labels(show, few):
    add_texts(few.app, AddTextsRequest(("a new text 0",) * 2, ()), Job())
    with transaction(few.db):
        update_about(few.db, **{SHARE_LABELS: "1"})
    screen = show(few)
    assert screen.pane.twins.text() == "also 2 identical texts"
    screen.choose(1)
    assert now(screen, 74).positive == (1,)


def test_a_name_that_cannot_be_is_refused_in_the_footer(several):
    several.make_concept("x" * 300)
    assert "1 to 200 characters" in several.footer.note()


def test_the_time_left_is_said_after_a_few_answers(qtbot, screen):
    press(qtbot, screen, *[K.Key_1] * 4)
    assert screen.top.left_over.text() == ""
    press(qtbot, screen, K.Key_1)
    assert screen.top.left_over.text().startswith("about ")


def test_c_shows_and_hides_the_codebook_and_the_app_remembers(qtbot, show, screen):
    assert not screen.codebook.isVisible()
    press(qtbot, screen, K.Key_C)
    assert screen.codebook.isVisible()
    assert show(screen.session).codebook.isVisible()


def test_the_codebook_is_written_in_place(qtbot, several):
    press(qtbot, several, K.Key_C, K.Key_2)
    assert several.codebook.name.text() == "payment"
    several.codebook.edit.click()
    qtbot.keyClicks(several.focusWidget(), "Money 1")
    several.codebook.examples_field.set_value("charged twice\n\n refund ")
    press(qtbot, several, K.Key_Return, held=HELD.ControlModifier)
    concept = list_concepts(several.session.db)[1]
    assert (concept.definition, concept.examples) == ("Money 1", ("charged twice", "refund"))
    several.codebook.add.click()
    assert list_concepts(several.session.db)[1].examples[-1] == "a new text 0"
    assert several.focusWidget() is several.pane.text


def test_the_codebook_follows_the_list_and_the_pointer(qtbot, screen):
    press(qtbot, screen, K.Key_C)
    screen.codebook.list.setCurrentIndex(screen.codebook.model.index(2))
    assert screen.codebook.name.text() == "praise"
    screen.bar.looked_at.emit(screen.bar.keys[0].concept_id)
    assert screen.codebook.name.text() == "delivery"


def test_keys_are_changed_and_conflicts_are_refused_at_the_field(qtbot, screen):
    screen.open_keys()
    assert screen.stack.currentIndex() == KEYS
    first, second, third = screen.keys_page.rows.values()
    qtbot.keyClicks(first.field, "g")
    qtbot.keyClick(first.field, K.Key_Return)
    assert list_concepts(screen.session.db)[0].shortcut == "g"
    qtbot.keyClicks(second.field, "g h")
    qtbot.keyClick(second.field, K.Key_Return)
    assert second.problem.startswith("“gh” of “payment” and “g” of “delivery” begin alike.")
    assert list_concepts(screen.session.db)[1].shortcut == ""
    assert third.field.placeholderText() == "3"
    screen.next.click()
    press(qtbot, screen, K.Key_G)
    assert names(screen, now(screen, 61).positive) == ["delivery"]
    screen.open_keys()
    screen.keys_page.usual.click()
    assert list_concepts(screen.session.db)[0].shortcut == ""


def test_the_question_mark_shows_all_keys_and_any_key_hides_them(qtbot, screen):
    press(qtbot, screen, K.Key_Question)
    assert screen.overlay.isVisible()
    press(qtbot, screen, K.Key_1)
    assert not screen.overlay.isVisible()
    assert screen.pane.shown.id == 61
    assert screen.focusWidget() is screen.pane.text


def test_a_click_on_a_key_chooses_and_with_shift_says_not(qtbot, several):
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(several.bar.keys[0], left)
    qtbot.mouseClick(several.bar.keys[1], left, HELD.ShiftModifier)
    found = now(several, 61)
    assert (names(several, found.positive), names(several, found.negative)) == (
        *(["delivery"], ["payment"]),
    )
    assert several.focusWidget() is several.pane.text


def test_a_key_reached_by_tab_is_pressed_by_space_and_keeps_the_keyboard(qtbot, screen):
    screen.bar.keys[1].setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, screen, K.Key_Space)
    assert names(screen, now(screen, 61).positive) == ["payment"]
    assert screen.focusWidget() is screen.bar.keys[1]
    press(qtbot, screen, K.Key_1)
    assert names(screen, now(screen, 62).positive) == ["delivery"]


def test_everything_that_takes_the_keyboard_has_a_name(qtbot, screen):
    press(qtbot, screen, K.Key_C)
    nameless = [
        part
        for part in screen.findChildren(QWidget)
        if part.isVisible()
        and part.focusPolicy() & Qt.FocusPolicy.TabFocus
        and part.focusProxy() is None
        and not part.accessibleName()
    ]
    assert not nameless


@pytest.fixture(params=["light", "dark"])
def theme(request, qapp):
    apply_theme(qapp, request.param)
    return request.param


@pytest.mark.parametrize("n", [0, 74])
def test_it_is_drawn_in_both_themes(qtbot, show, few, screenshots, theme, n):
    make_concepts(few, n)
    screen = show(few)
    press(qtbot, screen, K.Key_C, K.Key_U, K.Key_Left)
    assert not screen.grab().isNull()
    if screenshots:
        screenshots(screen, f"labelling-{n + 3}-{theme}")
    press(qtbot, screen, K.Key_Question)
    assert not screen.grab().isNull()
