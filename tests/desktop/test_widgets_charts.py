"""Charts: right numbers, named for screen readers, usable without a mouse."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from core.jobs import Trial
from desktop.widgets.bars import Bar
from desktop.widgets.concept_scores import F1, NAME, PRECISION, WIDTHS, ConceptScore, ConceptScores
from desktop.widgets.confusion_matrix import ConfusionMatrix
from desktop.widgets.interval import Interval, scale_start, score_block
from desktop.widgets.live_curve import LiveCurve, scale_of
from desktop.widgets.painted import text_width
from desktop.widgets.probability_bars import Answer, ProbabilityBars

THIN = "\u202f"
NAMES = ["arrival", "refund", "fee", "limit"]
COUNTS = [[9, 0, 1, 0], [0, 8, 0, 0], [5, 0, 6, 0], [0, 1, 0, 7]]
SCORES = [
    ConceptScore("card_arrival", 0, 0.9, 0.8, 0.847, 0.99, 40),
    ConceptScore("refund", 1, 0.0, 0.0, 0.0, None, 8, never_predicted=True),
    ConceptScore("Balance", 2, 1.0, 0.97, 0.985, 0.999, 120),
]


def test_the_matrix_opens_on_eight_and_can_show_all_77(qtbot):
    counts = [[(i + j) % 7 for j in range(77)] for i in range(77)]
    matrix = ConfusionMatrix([f"concept {i}" for i in range(77)], counts)
    qtbot.addWidget(matrix)
    matrix.resize(600, 420)
    assert len(matrix.shown) == 8
    matrix.show_all(shows_all=True)
    assert matrix.shown == list(range(77))
    last = max(matrix.scene.marks, key=lambda mark: mark.key)
    assert last.key == (76, 76)
    assert last.box.right <= 600
    assert last.box.bottom <= 420
    assert not matrix.grab().isNull()


def test_a_click_on_a_cell_names_its_two_concepts(qtbot):
    matrix = ConfusionMatrix(NAMES, COUNTS)
    qtbot.addWidget(matrix)
    matrix.show_all(shows_all=True)
    matrix.resize(600, 400)
    cell = next(mark for mark in matrix.scene.marks if mark.key == (2, 0))

    with qtbot.waitSignal(matrix.cell_chosen) as told:
        place = QPointF(*cell.box.centre).toPoint()
        qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=place)

    assert told.args == [2, 0]
    assert matrix.accessibleName() == "People said fee, the model said arrival: 5 texts"
    with qtbot.assertNotEmitted(matrix.cell_chosen):
        qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))


def test_the_arrow_keys_go_to_the_next_cell_that_holds_texts(qtbot):
    matrix = ConfusionMatrix(NAMES, COUNTS)
    qtbot.addWidget(matrix)
    matrix.resize(600, 400)
    matrix.show_all(shows_all=True)
    reached = []
    matrix.cell_chosen.connect(lambda *key: reached.append(key))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        qtbot.keyClick(matrix, key)
        qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert reached == [(0, 2), (2, 2), (2, 0)]


def test_few_cells_are_large_and_the_matrix_takes_the_height_it_needs(qtbot):
    matrix = ConfusionMatrix(["yes", "no"], [[7, 1], [2, 9]])
    qtbot.addWidget(matrix)
    matrix.resize(520, 400)
    assert [mark.box.width for mark in matrix.scene.marks] == [102.0] * 4
    assert matrix.maximumHeight() == 26 + 2 * 104 + 30


def test_scores_are_sorted_weakest_first_and_by_any_column(qtbot):
    table = ConceptScores()
    qtbot.addWidget(table)
    table.set_scores(SCORES)
    names = lambda: [score.name for score in table.scores.scores]  # noqa: E731
    assert names() == ["refund", "card_arrival", "Balance"]

    table.horizontalHeader().sectionClicked.emit(NAME)
    assert names() == ["Balance", "card_arrival", "refund"]
    table.horizontalHeader().sectionClicked.emit(PRECISION)
    table.horizontalHeader().sectionClicked.emit(PRECISION)
    assert names() == ["Balance", "card_arrival", "refund"]
    assert table.scores.headerData(PRECISION, Qt.Orientation.Horizontal) == "Precision ↓"
    for column in range(6):
        table.horizontalHeader().sectionClicked.emit(column)


def test_no_head_of_the_scores_is_cut_even_with_its_arrow(qtbot):
    table = ConceptScores()
    qtbot.addWidget(table)
    for column, width in WIDTHS.items():
        table.horizontalHeader().sectionClicked.emit(column)
        head = table.scores.headerData(column, Qt.Orientation.Horizontal)
        assert text_width(head, "caption_strong") <= width - 16


def test_the_model_of_the_scores_is_sound(qtbot, qtmodeltester):
    table = ConceptScores()
    qtbot.addWidget(table)
    table.set_scores(SCORES)
    qtmodeltester.check(table.scores)


def test_a_concept_that_is_never_the_answer_is_called_out(qtbot):
    table = ConceptScores()
    qtbot.addWidget(table)
    table.set_scores(SCORES)
    said = table.scores.data(table.scores.index(0, NAME), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "refund, Never the answer"
    aloud = table.scores.data(table.scores.index(1, F1), Qt.ItemDataRole.AccessibleTextRole)
    assert aloud == "F1 84.7 per cent"


def test_narrow_tables_keep_the_columns_that_matter(qtbot):
    table = ConceptScores()
    qtbot.addWidget(table)
    table.resize(420, 300)
    table.show()
    assert [table.isColumnHidden(i) for i in range(6)] == [False, True, False, False, True, False]
    table.resize(800, 300)
    assert not any(table.isColumnHidden(i) for i in range(6))


def test_a_row_of_the_scores_opens_its_concept(qtbot):
    table = ConceptScores()
    qtbot.addWidget(table)
    table.set_scores(SCORES)
    table.selectRow(1)
    with qtbot.waitSignal(table.concept_chosen) as told:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert told.args == ["card_arrival"]


@pytest.mark.parametrize(("low", "start"), [(0.93, 0.8), (0.8, 0.8), (0.79, 0.6), (0.0, 0.0)])
def test_the_scale_starts_lower_when_a_score_is(low, start):
    assert scale_start(low) == pytest.approx(start)


def test_an_interval_is_said_in_words(qtbot):
    interval = Interval(0.941, 0.93, 0.951, name="Right answers")
    qtbot.addWidget(interval)
    expected = f"Right answers 94.1{THIN}%, 95{THIN}% interval 93.0 to 95.1"
    assert interval.accessibleName() == expected
    block = score_block("Macro F1", 0.94, 0.928, 0.95, hint="Every concept counts the same")
    qtbot.addWidget(block)
    assert not block.grab().isNull()


@pytest.mark.parametrize(("score", "low", "high"), [(1, 1, 1), (0, 0, 0), (0.5, 0.0, 1.0)])
def test_extreme_scores_stay_inside_their_scale(qtbot, score, low, high):
    interval = Interval(score, low, high)
    qtbot.addWidget(interval)
    interval.resize(200, 16)
    assert 0 <= interval._x(low) <= interval._x(high) <= 200


def test_the_curve_shows_the_best_so_far(qtbot):
    curve = LiveCurve()
    qtbot.addWidget(curve)
    assert curve.accessibleName() == "No score yet"
    for name, score in (("embeddings", 0.9), ("words", 0.84), ("both", 0.93)):
        curve.add_trial(Trial(name, score))
    assert curve.best == [0.9, 0.9, 0.93]
    assert curve.accessibleName() == "3 tried, best 93.0 per cent"
    curve.resize(480, 300)
    assert curve.trial_at(curve._x(2)) == Trial("words", 0.84)
    assert curve.trial_at(-50) is None


def test_every_score_fits_the_curves_scale():
    assert scale_of([]) == (0.4, 1.0) or scale_of([])[0] <= 0.5
    assert scale_of([0.93])[0] == pytest.approx(0.9)
    assert scale_of([0.9])[0] < 0.9
    assert scale_of([0.0]) == (0.0, 1.0)


def test_answers_are_read_aloud_with_their_probability(qtbot):
    bars = ProbabilityBars([Answer("card_arrival", 0, 0.962), Answer("refund", 1, 0.0004)])
    qtbot.addWidget(bars)
    assert bars.accessibleName() == "card_arrival, 96.2 per cent; refund, 0.0 per cent"
    assert bars.sizeHint().height() == 2 * 46
    fresh = bars.grab().toImage()
    bars.set_stale(is_stale=True)
    assert bars.grab().toImage() != fresh
    bars.set_answers((), 0.5)
    assert bars.accessibleName() == "No answer yet"


def test_a_bar_moves_to_its_value_and_is_named(qtbot):
    bar = Bar(0.1, name="Progress")
    qtbot.addWidget(bar)
    bar.show()
    bar.set_share(0.68, "warn")
    assert bar.accessibleName() == "Progress, 68.0 per cent"
    qtbot.waitUntil(lambda: bar._shown == pytest.approx(0.68))
