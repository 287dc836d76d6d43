import pytest
from PySide6.QtCore import Qt

from core.jobs import JobCancelled
from core.learning import embedders
from core.operations.finding_kinds import KINDS
from core.operations.undo import undo
from core.storage.concepts import add_concepts
from core.storage.database import transaction
from core.storage.filters import InputFilter
from desktop.screens.data_check.kind_page import LEAST
from desktop.screens.data_check.screen import DataCheckScreen
from desktop.theme.apply import apply_theme
from desktop.widgets.empty_state import WayRow
from tests.core.planted import (
    DISPUTED,
    LEAKED,
    NEAR,
    PERSONAL,
    TopicEmbedder,
    add,
    add_clean,
    add_mixed,
)


@pytest.fixture(autouse=True)
def _embedder(monkeypatch):
    monkeypatch.setattr(embedders, "load", lambda _name: TopicEmbedder())


@pytest.fixture
def shown(qtbot, session):
    """Return a function that shows the screen of the session."""

    def show():
        screen = DataCheckScreen(session)
        qtbot.addWidget(screen)
        screen.resize(1064, 748)
        screen.show()
        return screen

    return show


@pytest.fixture
def screen(session, shown, check):
    """Return the screen with what a check of the mixed texts found."""
    add_mixed(session.app)
    screen = shown()
    check(screen)
    return screen


@pytest.fixture
def check(qtbot):
    """Return a function that checks the data and waits for the end."""

    def check(screen):
        screen.start.click()
        qtbot.waitUntil(lambda: not screen._is_running())

    return check


def rows_of(screen):
    """Return the rows of the kinds that are shown, with their counts as read aloud."""
    return {
        key: part.accessibleName() for key, part in screen.kinds.rows.items() if not part.isHidden()
    }


def choose(screen, key):
    screen.kinds.rows[key].click()
    return screen.page


def side_texts(page):
    return [area.widget().findChildren(type(page._why)) for area in page.comparison.sides]


def test_without_texts_it_leads_to_the_dataset(shown, qtbot):
    screen = shown()
    assert not screen.start.isEnabled()
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.findChild(WayRow).click()
    assert asked.args == ["dataset"]


def test_before_a_check_it_says_what_is_looked_for_and_how_long_it_takes(session, shown):
    add_clean(session.app, 30)
    screen = shown()
    assert screen.start.isVisible()
    assert screen.footer.primary is screen.start
    assert any("30 texts" in part.text() for part in screen.findChildren(type(screen.page._why)))


def test_the_worst_kind_is_shown_first_with_its_texts_side_by_side(screen):
    assert screen.page.kind.key == "leak"
    assert "Mend this, 1" in rows_of(screen)["leak"]
    assert screen.page.table.current_group().inputs[0].text == LEAKED
    assert len(screen.page.comparison.sides) == 2


def test_every_kind_can_be_opened_and_says_why_it_matters(screen):
    for key in rows_of(screen):
        page = choose(screen, key)
        assert page._why.text() == KINDS[key].why
        assert page.model.rowCount()


def test_of_clean_texts_nothing_severe_is_left_to_do_and_the_kinds_are_folded(
    session, shown, check
):
    add_clean(session.app)
    screen = shown()
    check(screen)
    assert not [key for key, kind in KINDS.items() if kind.severity == 0 and key in rows_of(screen)]
    assert "Empty texts" in screen.kinds._clean.text()


def test_where_nothing_at_all_is_found_it_says_that_the_data_is_clean(session, shown, check):
    add_clean(session.app, 30)
    screen = shown()
    check(screen)
    assert not rows_of(screen)
    assert screen._clean.isVisible()
    assert screen.footer.note() == "Nothing is left to do."


def test_the_words_that_differ_are_marked(screen):
    page = choose(screen, "near-duplicate")
    words = [part.text() for parts in side_texts(page) for part in parts]
    assert any(NEAR in one for one in words)
    assert any('underline;font-weight:600">night</span>' in one for one in words)


def test_personal_data_is_marked_in_its_text(screen):
    page = choose(screen, "personal-data")
    ((words, *_rest),) = side_texts(page)
    assert 'font-weight:600">anna.berg@example.org</span>' in words.text()


def test_the_slider_hides_what_is_less_alike(screen, qtbot):
    page = choose(screen, "near-duplicate")
    with qtbot.waitSignal(page.changed):
        page.slider.setValue(100)
    assert page.model.rowCount() == 0
    with qtbot.waitSignal(page.changed):
        page.slider.setValue(LEAST)
    assert page.model.rowCount() == 1


def test_one_click_settles_all_of_a_kind_and_undo_brings_them_back(screen, session):
    page = choose(screen, "exact-duplicate")
    assert screen.cure_all.text() == "Keep one of each: all 3"
    screen.cure_all.click()
    assert page.model.rowCount() == 1
    assert "1 finding is left: its labels are in dispute." in screen.footer.note()
    session.do(undo)
    assert page.model.rowCount() == 3


def test_a_remedy_for_the_chosen_finding_leaves_the_others(screen):
    page = choose(screen, "exact-duplicate")
    page.table.choose(1)
    page.cures[0].click()
    assert page.model.rowCount() == 2


def test_settled_findings_are_in_a_list_of_their_own(screen):
    page = choose(screen, "empty")
    screen.cure_all.click()
    assert page.model.rowCount() == 0
    assert "Settled" in rows_of(screen)["empty"]
    page.state.setCurrentIndex(1)
    assert page.model.rowCount() == 1
    assert page.model.index(0, 0).data() == "In the bin"


def test_what_is_fine_is_put_aside_and_can_be_taken_back(screen):
    page = choose(screen, "contradiction")
    page.dismiss.click()
    assert page.model.rowCount() == 0
    page.state.setCurrentIndex(2)
    assert page.model.rowCount() == 1
    page.dismiss.click()
    page.state.setCurrentIndex(0)
    assert page.model.rowCount() == 1


def test_the_texts_of_a_finding_can_be_shown_in_the_dataset(screen, session, qtbot):
    page = choose(screen, "contradiction")
    with qtbot.waitSignal(screen.asked_for) as asked:
        page.show_them.click()
    assert asked.args == ["dataset"]
    assert len(session.to_show.ids) == 3


def test_texts_without_a_label_lead_to_labelling(screen, session, qtbot):
    choose(screen, "unlabelled")
    with qtbot.waitSignal(screen.asked_for) as asked:
        screen.cure_all.click()
    assert asked.args == ["labelling"]
    assert session.to_label == InputFilter(dataset_id=1, labelling="unlabelled")


def test_it_says_when_the_data_has_changed_since(screen):
    assert "changed since" not in screen._when.text()
    choose(screen, "personal-data")
    screen.cure_all.click()
    assert "The data has changed since." in screen._when.text()


def test_a_check_that_was_made_before_is_there_when_the_app_is_opened(screen, shown):
    again = shown()
    assert rows_of(again) == rows_of(screen)


def test_rows_are_reached_by_the_keyboard(screen, qtbot):
    page = choose(screen, "exact-duplicate")
    page.table.setFocus()
    first = page.table.current_group()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.table.current_group() is not first


def test_it_is_drawn_in_both_themes_and_sizes_with_any_text(
    qtbot, qapp, session, shown, check, screenshots
):
    add_mixed(session.app)
    arabic = "أين طلبي؟ لم يصل بعد، أرجو المساعدة في أقرب وقت ممكن"
    name = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenbescheid"
    add(session.app, [(arabic, (name,), "train"), (f"{arabic} شكرا", ("praise",), "test")])
    add(session.app, [(f"<b>{PERSONAL}</b>" * 40, (name,), ""), (DISPUTED, (name,), "")])
    with session.app.database() as db, transaction(db):
        add_concepts(db, [f"concept {i}" for i in range(77)])
    screen = shown()
    check(screen)
    for theme in ("dark", "light"):
        apply_theme(qapp, theme)
        for key in rows_of(screen):
            choose(screen, key)
            for size in ((1064, 748), (808, 628)):
                screen.resize(*size)
                qapp.processEvents()
                picture = screen.grab()
                assert not picture.isNull()
            if screenshots:
                screenshots(screen, f"data-check-{key}-{theme}")


def test_a_stopped_check_says_so_and_offers_it_again(session, shown, check, monkeypatch):
    def stops(_app, _request, _job):
        raise JobCancelled

    monkeypatch.setattr("desktop.screens.data_check.screen.check_data", stops)
    add_clean(session.app, 30)
    screen = shown()
    check(screen)
    assert screen.footer.note() == "Stopped. Nothing was changed."
    assert screen.start.isVisible()


def test_nothing_is_read_for_rows_that_are_not_shown(session, shown, check):
    add(session.app, [(f"unlabelled text number {i} " * 3, (), "") for i in range(1_000)])
    screen = shown()
    check(screen)
    page = choose(screen, "unlabelled")
    assert page.model.rowCount() == 1_000
    assert len(page.model._pages) <= 2
