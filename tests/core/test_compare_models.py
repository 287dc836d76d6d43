"""Models side by side, on the same texts or not at all; and the list of all evaluations."""

from dataclasses import replace

import numpy as np
import pytest

from core.comparison_words import (
    basis_words,
    different_texts,
    f1_verdict,
    names_of,
    place_of,
    verdict,
)
from core.jobs import Job, JobCancelled
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.verdicts import Basis, Difference, Verdict, Versus
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.common_texts import (
    NoConceptInCommonError,
    NothingInCommonError,
    check_concepts,
)
from core.operations.compare_models import (
    CompareDatasetsRequest,
    CompareModelsRequest,
    OverlayRequest,
    TooFewToCompareError,
    compare_datasets,
    compare_models,
    overlay_datasets,
    overlay_models,
)
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.leaderboard import LeaderboardFilter, list_leaderboard
from core.operations.scoring import scored_of
from core.operations.train import TrainRequest, train
from core.records import Method, Thresholds
from core.storage.database import transaction
from core.storage.evaluations import find_own_evaluation, list_evaluations
from core.storage.filters import InputFilter
from core.storage.models import find_model_version, list_model_versions, update_thresholds
from core.storage.versions import list_versions

pytestmark = pytest.mark.usefixtures("fake_embedder")

PLAIN = EmbeddingClassifierSettings(enrich_dataset="Disabled")
MORE = (
    ("win a holiday today", "spam"),
    ("free cash for all", "spam"),
    ("see you at home", "ham"),
    ("win a free prize now", "spam"),
)
BOTH = (("first", 1), ("first", 2))


def add_all(app, texts, dataset="texts"):
    for text, concept in texts:
        add_texts(app, AddTextsRequest((text,), (concept,), (), dataset), Job())


@pytest.fixture
def two_versions(labelled_app):
    """An app with two versions of “first”, of other seeds, and a dataset “more”."""
    for seed in (1, 2):
        settings = EmbeddingClassifierSettings(enrich_dataset="Disabled", seed=seed)
        train(labelled_app, TrainRequest("first", settings=settings), Job())
    add_all(labelled_app, MORE, "more")
    return labelled_app


def compared(app, models=BOTH, job=None, **changes):
    return compare_models(app, CompareModelsRequest(models, **changes), job or Job())


def test_versions_are_compared_on_the_texts_of_their_training(two_versions):
    found = compared(two_versions)
    with two_versions.database() as db:
        own = [find_own_evaluation(db, v.id) for v in reversed(list_model_versions(db))]
    assert [one.evaluation for one in found.columns] == own
    assert not any(one.is_new for one in found.columns)
    assert found.basis.n_texts == 20
    for one in found.columns:  # all texts and concepts are common: the same numbers
        for key in ("top1_accuracy", "macro_avg_f1_score", "macro_avg_roc_auc"):
            assert one.report[key] == pytest.approx(one.evaluation.report[key])
    (versus,) = found.against
    first, second = (one.report["top1_accuracy"] for one in found.columns)
    assert versus.right.value == pytest.approx(second - first)
    assert (versus.n_only_this - versus.n_only_reference) / 20 == pytest.approx(second - first)
    assert [one.title for one in found.settings] == ["Seed"]
    assert found.settings[0].values == ("1", "2")


def test_missing_evaluations_are_made_once_and_texts_learned_from_are_left_out(two_versions):
    found = compared(two_versions, dataset="more")
    assert [one.is_new for one in found.columns] == [True, True]
    assert (found.basis.n_texts, found.basis.n_learned) == (3, 1)
    assert [one.report["n_texts"] for one in found.columns] == [3, 3]
    again = compared(two_versions, dataset="more")
    assert not any(one.is_new for one in again.columns)
    assert [one.evaluation for one in again.columns] == [one.evaluation for one in found.columns]
    assert (again.against, again.basis) == (found.against, found.basis)


def test_an_evaluation_that_is_out_of_date_is_made_again(two_versions):
    compared(two_versions, dataset="more")
    add_all(two_versions, [("claim your cash", "spam")], "more")
    found = compared(two_versions, dataset="more")
    assert all(one.is_new for one in found.columns)
    assert found.basis.n_texts == 4
    older = compared(two_versions, dataset="more", dataset_number=1)
    assert not any(one.is_new for one in older.columns)
    assert older.basis.n_texts == 3


def test_a_model_that_learned_all_of_the_texts_is_said_to_flatter(two_versions):
    found = compared(two_versions, dataset="texts")
    assert (found.basis.n_learned, found.basis.has_learned) == (0, (20, 20))
    names = names_of([one.version for one in found.columns])
    words = basis_words(found.basis, names, [one.evaluation for one in found.columns])
    assert "Version 2 had learned from 20 of these texts: its numbers flatter." in words


def test_rounds_of_cross_validation_differ_and_the_texts_do_not(two_versions):
    found = compared(two_versions, dataset="texts", n_folds=4)
    assert {one.evaluation.method for one in found.columns} == {Method.CROSS_VALIDATION}
    assert (found.basis.n_texts, found.basis.n_learned) == (20, 0)
    words = basis_words(found.basis, ("a", "b"), [one.evaluation for one in found.columns])
    assert "the same 20 texts" in words[0]
    assert "the rounds may differ" in words[0]


def test_after_labels_were_corrected_both_versions_are_judged_by_the_new_ones(labelled_app):
    train(labelled_app, TrainRequest("first", settings=PLAIN), Job())
    wrong = InputFilter(containing="free ringtone")
    annotate(labelled_app, AnnotateRequest(wrong, "ham", only=True), Job())
    train(labelled_app, TrainRequest("first", settings=PLAIN), Job())
    found = compared(labelled_app)
    assert (found.basis.n_texts, found.basis.n_relabelled) == (20, 1)
    for one in found.columns:
        ham = one.report["concepts"][found.basis.concepts.index("ham")]
        assert ham["n_positive"] == 11
    words = basis_words(found.basis, ("a", "b"), [one.evaluation for one in found.columns])
    assert any("labelled anew" in line for line in words)


def test_concepts_that_only_one_model_knows_are_named_and_not_judged(labelled_app):
    train(labelled_app, TrainRequest("first", settings=PLAIN), Job())
    add_all(labelled_app, [("a sonnet of love", "poem"), ("an ode to spring", "poem")])
    train(labelled_app, TrainRequest("second", settings=PLAIN), Job())
    found = compared(labelled_app, (("first", 0), ("second", 0)))
    assert found.basis.concepts == ("spam", "ham")
    assert found.basis.partly_known == {"poem": (1,)}
    assert (found.basis.n_texts, found.basis.n_left_out) == (20, 2)
    assert all(len(one.report["concepts"]) == 2 for one in found.columns)
    names = names_of([one.version for one in found.columns])
    assert names == ("first, version 1", "second, version 1")
    words = basis_words(found.basis, names, [one.evaluation for one in found.columns])
    assert "“poem” (only second, version 1)" in words[-1]


def test_models_of_other_texts_are_not_compared(labelled_app):
    train(labelled_app, TrainRequest("first", settings=PLAIN), Job())
    add_all(labelled_app, MORE, "more")
    train(labelled_app, TrainRequest("second", dataset="more", settings=PLAIN), Job())
    with pytest.raises(NothingInCommonError) as raised:
        compared(labelled_app, (("first", 0), ("second", 0)))
    assert "Choose a dataset" in raised.value.next_step
    assert compared(labelled_app, (("first", 0), ("second", 0)), dataset="more").basis.n_texts == 4


def test_models_that_share_no_concept_by_name_are_said_to_be_that(two_versions):
    with two_versions.database() as db:
        spam, ham = (find_model_version(db, "first", 1), find_model_version(db, "first", 2))
    check_concepts((spam, ham))
    with pytest.raises(NoConceptInCommonError) as raised:
        check_concepts((spam, replace(ham, concepts=("praise",))))
    assert "renamed" in raised.value.next_step


def test_thresholds_that_a_version_answers_by_count(two_versions):
    with two_versions.database() as db, transaction(db):
        version = find_model_version(db, "first", 2)
        update_thresholds(db, version.id, Thresholds({"spam": 1.0, "ham": 1.0}))
    found = compared(two_versions)
    assert found.columns[1].report["decided_share"] == 0
    (versus,) = found.against
    assert versus.n_only_this == 0 < versus.n_only_reference
    assert versus.right.verdict is Verdict.WORSE
    assert "Own thresholds" in [one.title for one in found.settings]


def test_one_model_on_two_datasets_has_no_verdict_and_says_why(two_versions):
    places = (("more", 0, ""), ("texts", 0, ""))
    found = compare_datasets(two_versions, CompareDatasetsRequest("first", places), Job())
    assert [place_of(one.evaluation) for one in found.columns] == [
        "more, version 1",
        "texts, version 1",
    ]
    assert [one.report["n_texts"] for one in found.columns] == [4, 20]
    for one in found.columns:
        for key in ("top1_accuracy", "macro_avg_f1_score_low", "n_seen", "without_seen"):
            assert one.report[key] == one.evaluation.report[key]
    assert found.n_shared == 0
    assert "different texts" in different_texts(found.n_shared)
    assert "7 texts are in all" in different_texts(7)


def test_two_versions_of_a_dataset_share_their_texts(two_versions):
    compared(two_versions, dataset="more")
    add_all(two_versions, [("claim your cash", "spam")], "more")
    places = (("more", 1, ""), ("more", 0, ""))
    found = compare_datasets(two_versions, CompareDatasetsRequest("first", places), Job())
    assert ([one.report["n_texts"] for one in found.columns], found.n_shared) == ([4, 5], 4)


def test_curves_of_a_concept_are_laid_over_each_other(two_versions):
    found = compared(two_versions)
    ids = tuple(one.evaluation.id for one in found.columns)
    for overlay in (overlay_models, overlay_datasets):
        drawn = overlay(two_versions, OverlayRequest(ids, "spam"), Job())
        for i, one in enumerate(found.columns):
            spam = one.report["concepts"][found.basis.concepts.index("spam")]
            assert drawn.roc[i].area == pytest.approx(spam["roc_auc"])
            assert drawn.precision_recall[i].area == pytest.approx(spam["average_precision"])
    for one in found.columns:
        assert one.roc.area == pytest.approx(one.report["macro_avg_roc_auc"])
    with pytest.raises(ValueError, match="not in"):
        overlay_models(two_versions, OverlayRequest(ids, "nothing"), Job())


@pytest.mark.parametrize("models", [(), (("a", 0),), (("a", 0), ("a", 0)), (("a", 0),) * 21])
def test_two_to_twenty_different_models_are_compared(models):
    with pytest.raises(TooFewToCompareError) as raised:
        CompareModelsRequest(models)
    assert raised.value.next_step


def test_the_newest_version_is_not_compared_with_itself_under_its_number(two_versions):
    with pytest.raises(TooFewToCompareError):
        compare_models(two_versions, CompareModelsRequest((("first", 2), ("first", 0))), Job())


def test_a_stopped_comparison_keeps_whole_evaluations_only(two_versions, impatient):
    with two_versions.database() as db:
        n_before = len(list_evaluations(db))
    for patience in range(200):
        try:
            compared(two_versions, job=impatient(patience), dataset="more")
        except JobCancelled:
            with two_versions.database() as db:
                for one in list_evaluations(db):
                    assert len(scored_of(two_versions, one).input_ids) == one.report["n_texts"]
                datasets = list_versions(db, 2)
                assert len(datasets) == (len(list_evaluations(db)) > n_before)
        else:
            break
    assert patience > 3


def test_the_leaderboard_ranks_all_evaluations_by_any_score(two_versions):
    compared(two_versions, dataset="more")
    with two_versions.database() as db:
        rows = list_leaderboard(db)
        assert len(rows) == 4
        f1 = [row.scores["f1"].value for row in rows]
        assert f1 == sorted(f1, reverse=True)
        assert [row.rank for row in rows] == [f1.index(value) + 1 for value in f1]
        for row in rows:
            report = row.evaluation.report
            assert row.scores["roc_auc"].low == report["macro_avg_roc_auc_low"]
            assert row.trained_on == ("texts", 1)
            assert (row.n_texts, row.n_seen) == (report["n_texts"], report["n_seen"])
        assert len({row.same_texts for row in rows}) == 2
        on_more = list_leaderboard(db, LeaderboardFilter(dataset="more", by="recall"))
        assert {row.evaluation.dataset for row in on_more} == {"more"}
        spam = list_leaderboard(db, LeaderboardFilter(concept="spam"))
        for row in spam:
            (record,) = (c for c in row.evaluation.report["concepts"] if c["name"] == "spam")
            assert row.scores["precision"].value == record["precision"]
            assert row.scores["right"].value is None
        assert list_leaderboard(db, LeaderboardFilter(model_type="text-to-text")) == ()
        assert list_leaderboard(db, LeaderboardFilter(concept="nothing")) == ()


def test_an_undefined_score_has_no_rank(two_versions):
    add_all(two_versions, [("win", "spam")], "only")
    evaluate(two_versions, EvaluateRequest("first", dataset="only"), Job())
    with two_versions.database() as db:
        rows = list_leaderboard(db, LeaderboardFilter(by="roc_auc"))
    assert [row.rank for row in rows].count(None) == 1
    assert rows[-1].rank is None


def versus(more, less, p_value, value):
    difference = Difference(value, value - 0.01, value + 0.01, p_value)
    return Versus(1958, more, less, difference, difference)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            versus(31, 12, 0.006, 0.0097),
            "Version 2 is better than Version 1: of 1,958 texts, it alone is right on 31, "
            "Version 1 alone on 12.",
        ),
        (
            versus(12, 31, 0.006, -0.0097),
            "Version 2 is worse than Version 1: of 1,958 texts, it alone is right on 12, "
            "Version 1 alone on 31.",
        ),
        (
            versus(12, 9, 0.66, 0.0015),
            "No clear difference between Version 2 and Version 1: of 1,958 texts, the one alone "
            "is right on 12, the other alone on 9, which chance explains.",
        ),
        (
            versus(0, 0, 1.0, 0.0),
            "No difference between Version 2 and Version 1: of 1,958 texts, both are right on "
            "the same.",
        ),
    ],
)
def test_a_verdict_is_a_sentence_with_its_counts(found, words):
    assert verdict(found, "Version 2", "Version 1") == words


def test_a_difference_in_macro_f1_has_a_sign_and_an_interval():
    words = f1_verdict(versus(31, 12, 0.006, 0.021), "B", "A")
    assert words == (
        "By macro F1, B is better than A: +2.1 points (95\u202f% interval +1.1 to +3.1)."
    )
    assert "−2.1 points" in f1_verdict(versus(12, 31, 0.006, -0.021), "B", "A")
    nothing = Versus(3, 0, 0, Difference(0, -0.1, 0.1, 1), None)
    assert f1_verdict(nothing, "B", "A") == "Macro F1 is undefined here."


def test_what_was_left_out_is_counted_in_words():
    basis = Basis(("a",), {f"c{i}": (0,) for i in range(7)}, 50, 1, 2, 1_000, (0, 0), 1, 13)
    words = basis_words(basis, ("A", "B"), [])
    assert any("1 text is left out: not all" in line for line in words)
    assert any("1,000 texts are left out: at least one" in line for line in words)
    assert any("2 texts are left out: their wording" in line for line in words)
    assert words[-1].endswith("2 more.")
    assert not np.any([line.count("{") for line in words])
