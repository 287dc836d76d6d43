import pytest

from core.records import Method
from desktop.widgets.scores_panel import STRONG, ScoresPanel
from desktop.widgets.versions import VersionSelect, concept_numbers
from tests.desktop.fake_models import NAMES, a_report, keep_evaluation, keep_model


@pytest.fixture
def show(qtbot, labelled_session):
    def show(report=None, **how):
        version, evaluation = keep_model(labelled_session.app)
        if report or how:
            report = report or a_report()
            evaluation = keep_evaluation(labelled_session.app, version, report, **how)
        panel = ScoresPanel(labelled_session)
        qtbot.addWidget(panel)
        panel.resize(1000, 700)
        panel.show_evaluation(evaluation)
        panel.show()
        return panel

    return show


def test_cross_validation_is_said_to_be_of_models_trained_again(show):
    assert show().lead.text() == (
        "Each of 60 texts was answered by one of 5 models that were trained again without it. "
        "The first answer was right 55 times. "
        f"It is least sure between {STRONG}delivery</span> and {STRONG}payment</span>."
    )


def test_the_stored_model_on_unseen_texts_is_said_to_be_that(show):
    panel = show(method=Method.STORED_MODEL, n_folds=0)
    assert "The stored model was checked on 60 texts that it had never seen." in panel.lead.text()


def test_texts_that_were_learned_from_are_warned_of(show):
    panel = show(a_report(n_seen=60), method=Method.STORED_MODEL, n_folds=0)
    assert "never seen" not in panel.lead.text()
    words = panel.warnings.layout().itemAt(0).widget().heading.text()
    assert words == (
        "60 of 60 texts were also learned from, word for word or nearly. The scores flatter."
    )


def test_several_concepts_are_right_only_all_together(show):
    panel = show(a_report(is_exclusive=False))
    assert panel.headline.text() == "All concepts right about 92 times in 100"
    assert "Exactly the right concepts were named 55 times." in panel.lead.text()
    assert panel.mixed_up.isHidden()


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([[2, 0], [0, 2]], "Right every time"),
        ([[0, 2], [2, 0]], "Not right once"),
        ([[999, 1], [0, 1000]], "Right more than 99 times in 100"),
    ],
)
def test_the_headline_never_rounds_to_all_or_nothing(show, counts, words):
    assert show(a_report(counts, NAMES[:2])).headline.text() == words


def test_concepts_stand_weakest_first_and_one_never_answered_is_called_out(show):
    panel = show(a_report([[20, 0, 0], [0, 15, 5], [0, 20, 0]]))
    scores = panel.table.scores.scores
    assert [score.name for score in scores] == ["praise", "payment", "delivery"]
    panel = show(a_report([[20, 0, 0], [0, 20, 0], [0, 20, 0]]))
    assert [score.never_predicted for score in panel.table.scores.scores] == [True, False, False]


def test_a_concept_without_a_text_to_check_is_told_apart_from_a_weak_one(show):
    panel = show(a_report([[20, 0, 0], [0, 20, 0], [0, 0, 0]]))
    assert len(panel.table.scores.scores) == 2
    assert panel.table_note.text() == "2 concepts, weakest first; 1 had no text to check"


def test_scores_that_are_not_known_say_so(show):
    ends = {f"macro_avg_roc_auc{end}": None for end in ("", "_low", "_high")}
    panel = show(a_report(**ends))
    layout = panel.figures.layout()
    shown = layout.itemAt(layout.count() - 1).widget()
    assert "Not known" in [child.text() for child in shown.children() if hasattr(child, "text")]


def test_of_many_concepts_the_eight_most_mixed_up_are_shown_first(show):
    names = [f"concept {i}" for i in range(77)]
    counts = [[9 * (i == j) + (j == (i + 1) % 77) for j in range(77)] for i in range(77)]
    panel = show(a_report(counts, names))
    assert len(panel.matrix.shown) == 8
    assert panel.all_mixed_up.text() == "All 77"
    panel.all_mixed_up.click()
    assert len(panel.matrix.shown) == 77
    panel.all_mixed_up.click()
    assert len(panel.matrix.shown) == 8


def test_a_cell_is_read_in_words(show):
    panel = show()
    panel.matrix.cell_chosen.emit(1, 0)
    assert panel.cell_words.text() == "People said payment, the model said delivery: 4 texts"


def test_the_chosen_concept_is_told_in_detail(show, qtbot):
    panel = show()
    with qtbot.waitExposed(panel.detail):
        panel.detail.show()
    panel.table.clicked.emit(panel.table.scores.index(0, 0))
    words = [child.text() for child in panel.detail.findChildren(type(panel.lead))]
    assert words[0] == "Found 16 of 20 texts. Given wrongly to 1 other text."
    assert "I was charged twice for order 1, give me my money back." in words


def test_a_newer_version_takes_the_place_of_the_newest_but_not_of_a_chosen_one(
    qtbot, labelled_session
):
    app = labelled_session.app
    first, _evaluation = keep_model(app)
    second, _evaluation = keep_model(app)
    select = VersionSelect()
    qtbot.addWidget(select)
    select.set_versions([first])
    select.set_versions([second, first])
    assert select.version == second
    select.choose(first.id)
    third, _evaluation = keep_model(app)
    select.set_versions([third, second, first])
    assert select.version == first


def test_a_long_name_of_a_model_leaves_its_number_readable(qtbot, labelled_session):
    version, _evaluation = keep_model(labelled_session.app, model="m" * 80)
    select = VersionSelect()
    qtbot.addWidget(select)
    select.set_versions([version])
    assert select.currentText().endswith(", version 1")
    assert select.toolTip().count("m") >= 80


def test_a_deleted_concept_keeps_a_mark(labelled_session):
    numbers = concept_numbers(labelled_session.db, ["praise", "gone"])
    assert numbers == {"praise": 2, "gone": 1}
