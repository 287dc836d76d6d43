import csv
import re

import pytest
from PySide6.QtCore import Qt

from core import resources
from core.learning.explaining import Doubt, Explanation, WordSpan
from core.learning.marks import Cell, Learned, Mistakes, Outcome, Range, Together
from core.operations.explain import ExplainResult
from core.records import Prediction
from core.storage.inputs import get_inputs
from desktop import boxes
from desktop.screens.evaluate.mark_words import order_of, words_of
from desktop.screens.evaluate.state import EvaluationState
from desktop.screens.evaluate.texts_panel import TextsPanel
from desktop.screens.evaluate.texts_reader import SHORT, TALL
from desktop.theme.tokens import colour
from tests.desktop.fake_models import keep_model, keep_scored_model

MIXED_UP = Cell("delivery", "payment")


@pytest.fixture
def state(labelled_session):
    state = EvaluationState(labelled_session)
    state.show(*keep_scored_model(labelled_session.app))
    return state


@pytest.fixture
def panel(qtbot, state):
    panel = TextsPanel(state)
    qtbot.addWidget(panel)
    panel.resize(panel.width(), 700)
    return panel


def choose(qtbot, panel, mark):
    with qtbot.waitSignal(panel.table.rows.modelReset):
        panel.state.choose(mark)
    qtbot.waitUntil(lambda: not panel._asking.is_waiting)


def labels(state, input_id):
    (one,) = get_inputs(state.session.db, [input_id])
    names = {concept.id: concept.name for concept in list_all(state)}
    return tuple(names[key] for key in one.positive)


def list_all(state):
    from core.storage.concepts import list_concepts

    return list_concepts(state.session.db)


def test_a_mark_opens_its_texts_and_esc_closes_them(qtbot, panel):
    assert panel.isHidden()
    choose(qtbot, panel, MIXED_UP)
    assert not panel.isHidden()
    n = panel.state.report["confusion"][0][1]
    assert (panel.table.rows.count(), panel.count.text()) == (
        n,
        f"{n} texts, the surest mistakes first",
    )
    assert panel.title.text() == "People said “delivery”, the model said “payment”"
    with qtbot.waitSignal(panel.left, raising=False, timeout=1):
        qtbot.keyClick(panel.table, Qt.Key.Key_Escape)
    assert panel.isHidden()


@pytest.mark.parametrize(
    ("mark", "order"),
    [
        (Cell("payment", "payment"), "the least sure first"),
        (Cell("payment", ""), "the least sure first"),
        (Outcome("payment", "found"), "the least sure first"),
        (Together("payment", "delivery"), "the least sure first"),
        (Range("", 0.5, 0.6), "the surest first"),
        (Learned(), "the surest first"),
        (Outcome("payment", "missed"), "the surest mistakes first"),
        (Mistakes(), "the surest mistakes first"),
    ],
)
def test_which_texts_come_first_is_said_as_it_is(mark, order):
    assert order_of(mark) == order


def test_while_the_texts_are_found_nothing_empty_is_shown_and_the_keyboard_waits(qtbot, panel):
    panel.show()
    panel.state.choose(MIXED_UP)
    assert panel.count.text() == "Finding the texts…"
    assert panel.reader.isHidden()
    assert panel.window().focusWidget() is panel.table
    qtbot.waitUntil(lambda: not panel._asking.is_waiting)
    assert not panel.reader.isHidden()


def test_one_key_gives_a_text_the_label_of_the_model_and_goes_on(qtbot, panel):
    choose(qtbot, panel, MIXED_UP)
    first = panel.table.current
    qtbot.keyClick(panel.table, Qt.Key.Key_M)
    assert labels(panel.state, first.input_id) == ("payment",)
    qtbot.waitUntil(lambda: not panel._asking.is_waiting)
    assert panel.table.currentIndex().row() == 1
    assert panel.table.rows.texts[0].now == ("payment",)
    panel.table.selectRow(0)
    assert not panel.reader.believe.isEnabled()  # it has that label now


def test_what_was_corrected_can_be_taken_back(qtbot, panel):
    from core.operations.undo import undo

    choose(qtbot, panel, MIXED_UP)
    first = panel.table.current.input_id
    panel.believe()
    panel.state.session.do(undo)
    assert labels(panel.state, first) == ("delivery",)
    qtbot.waitUntil(lambda: panel.table.rows.texts[0].now == ("delivery",))


def test_another_concept_can_be_chosen(qtbot, panel):
    choose(qtbot, panel, MIXED_UP)
    first = panel.table.current.input_id
    panel._say("praise")
    assert labels(panel.state, first) == ("praise",)


def test_every_key_that_help_names_does_what_it_says(qtbot, panel, monkeypatch):
    _before, _head, after = resources.read_text("help.html").partition(
        "texts of an evaluation</h2>"
    )
    told = {
        "M": "believe",
        "C": "choose_other",
        "K": "keep",
        "W": "explain",
        "O": "open",
        "S": "save",
    }
    assert re.findall(r"<kbd>(\w)</kbd>", after.partition("</table>")[0]) == list(told)
    choose(qtbot, panel, MIXED_UP)
    done = []
    for act in told.values():
        monkeypatch.setattr(panel, act, lambda act=act: done.append(act))
    for key in told:
        qtbot.keyClick(panel.table, getattr(Qt.Key, f"Key_{key}"))
    assert done == list(told.values())
    assert panel.reader._area.height() == SHORT
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert panel.reader._area.height() == TALL


def test_a_label_that_is_right_stays_and_the_next_text_is_looked_at(qtbot, panel):
    choose(qtbot, panel, MIXED_UP)
    first = panel.table.current.input_id
    qtbot.keyClick(panel.table, Qt.Key.Key_K)
    assert panel.table.currentIndex().row() == 1
    assert labels(panel.state, first) == ("delivery",)
    assert panel.table.rows.kept == {first}


def test_a_text_can_be_opened_in_the_dataset(qtbot, panel):
    choose(qtbot, panel, Mistakes())
    with qtbot.waitSignal(panel.asked_for) as asked:
        qtbot.keyClick(panel.table, Qt.Key.Key_O)
    assert asked.args == ["dataset"]
    assert panel.state.session.to_show.ids == (panel.table.current.input_id,)


def test_all_texts_of_a_mark_can_be_saved(qtbot, panel, tmp_path, monkeypatch):
    path = tmp_path / "mistakes.csv"
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_a, **_k: path)
    choose(qtbot, panel, Mistakes())
    qtbot.keyClick(panel.table, Qt.Key.Key_S)
    qtbot.waitUntil(path.exists)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == [one.text for one in panel.table.rows.texts]
    assert all(row["concepts"] != row["predicted_concepts"] for row in rows)


def test_where_texts_have_several_concepts_only_the_one_in_question_changes(
    qtbot, labelled_session
):
    state = EvaluationState(labelled_session)
    state.show(*keep_scored_model(labelled_session.app, is_exclusive=False))
    panel = TextsPanel(state)
    qtbot.addWidget(panel)
    choose(qtbot, panel, Outcome("payment", "wrong"))
    first = panel.table.current
    assert first.said == ("delivery",)
    panel.believe()
    assert set(labels(state, first.input_id)) == {"delivery", "payment"}


def test_without_kept_texts_it_says_what_to_do(qtbot, panel):
    panel.state.show(*keep_model(panel.state.session.app, model="Old"))
    panel.state.choose(Mistakes())
    qtbot.waitUntil(lambda: not panel.problem.isHidden())
    assert "Evaluate again" in panel.problem.text()
    assert panel.reader.isHidden()


def test_other_thresholds_change_the_texts(qtbot, panel):
    choose(qtbot, panel, Cell("delivery", "delivery"))
    before = panel.table.rows.count()
    panel.state.try_threshold(0.99)
    qtbot.waitUntil(lambda: panel.table.rows.n_texts == 0)
    assert before > 0


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (Cell("a", "a"), "“a”, rightly found"),
        (Cell("a", ""), "“a”, left for a person"),
        (Outcome("a", "missed"), "“a”, missed by the model"),
        (Mistakes(), "All wrong answers"),
        (Learned(), "Texts that the model had learned from"),
    ],
)
def test_every_mark_is_told_in_words(mark, words):
    assert words_of(mark) == words


@pytest.fixture
def explained(monkeypatch):
    """Explain without a model, by the first word; return the requests and what is doubted."""
    requests, doubts = [], [Doubt.NONE]

    def fake_explain(app, request, job):
        requests.append(request)
        word = WordSpan(0, request.text.index(" "), 2.0)
        found = Explanation((word,), (word,), doubts[0], True, 0.9, 0.2, 0.8, 2.0, 0.1)
        said = Prediction(request.concept, 0.9)
        return ExplainResult(request.text, (request.concept,), said, found, ())

    monkeypatch.setattr("desktop.screens.evaluate.texts_panel.explain", fake_explain)
    return requests, doubts


def test_one_key_marks_the_words_that_spoke_for_the_answer(qtbot, panel, explained):
    requests, _doubts = explained
    choose(qtbot, panel, MIXED_UP)
    text = panel.table.current.text
    qtbot.keyClick(panel.table, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: "decided it" in panel.reader.verdict.text())
    assert (requests[0].text, requests[0].concept) == (text, "payment")
    first_word = text.split()[0]
    assert f">{first_word}</span>" in panel.reader.words.text()
    assert panel.reader.verdict.text().startswith("“payment”, 90.0")
    panel.table.selectRow(1)  # another text begins without marks
    assert "<span" not in panel.reader.words.text()
    assert panel.reader.verdict.isHidden()


def test_words_that_nothing_bears_out_are_grey(qtbot, panel, explained):
    choose(qtbot, panel, MIXED_UP)
    panel.reader.why.click()
    qtbot.waitUntil(lambda: "<span" in panel.reader.words.text())
    sure = panel.reader.words.text()
    explained[1][0] = Doubt.LIKE_OTHERS
    panel.reader.why.click()
    qtbot.waitUntil(lambda: "No single words" in panel.reader.verdict.text())
    assert colour("hairline").name() in panel.reader.words.text()
    assert colour("hairline").name() not in sure


def test_a_text_with_markup_in_it_is_shown_as_it_is(qtbot, panel):
    reader = panel.reader
    reader.show_why("<b>5 < 6</b>", ((0, 3),))
    assert "&lt;b&gt;</span>5 &lt; 6&lt;/b&gt;" in reader.words.text()
