"""Thresholds of an error budget: found on an evaluation, kept, then used by every prediction."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from core.errors import UserError
from core.files import preview
from core.jobs import Job, JobCancelled
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.scored import SEEN, Scored
from core.operations.answers import answerer
from core.operations.error_budget import (
    BudgetRequest,
    KeepThresholdsRequest,
    NoTextsCheckedError,
    ThresholdsError,
    ToleranceError,
    WorkloadError,
    find_thresholds,
    keep_thresholds,
)
from core.operations.evaluate import EvaluateRequest, evaluate, keep_evaluation
from core.operations.predict import PredictRequest, predict
from core.operations.scoring import Found, report_of
from core.operations.train import TrainRequest, train
from core.operations.try_text import TryRequest, try_text
from core.records import Method, Thresholds
from core.storage.evaluations import EvaluationMissingError, find_own_evaluation
from core.storage.models import find_model_version

PLAIN = EmbeddingClassifierSettings(enrich_dataset="Disabled")
PRIZE, MILK = "claim your free prize", "see you at lunch tomorrow"

pytestmark = pytest.mark.usefixtures("fake_embedder")


def trained(app, **settings):
    train(app, TrainRequest("first", settings=replace(PLAIN, **settings)), Job())
    return version_of(app)


def version_of(app):
    with app.database() as db:
        return find_model_version(db, "first")


def keep(app, job=None, **concepts):
    request = KeepThresholdsRequest("first", thresholds=Thresholds(concepts))
    return keep_thresholds(app, request, job or Job()).model_version


def ask(app, text):
    return try_text(app, TryRequest("first", text), Job())


def check(app, n_texts=400, *, method=Method.STORED_MODEL, seen=0, is_folder_kept=True, sure=0.95):
    """Keep an evaluation of the model: nine of ten answers are sure and right, the tenth neither.

    Those tenths are all spam, and called ham.
    """
    places = np.arange(n_texts)
    right = np.eye(2)[places % 2]
    is_hard = (places % 10 == 0)[:, None]
    said = np.where(is_hard, 0.45 + 0.1 * (1 - right), 1 - sure + (2 * sure - 1) * right)
    version = version_of(app)
    scored = Scored(
        concepts=version.concepts,
        is_exclusive=True,
        input_ids=places + 1,
        targets=right.astype(np.int8),
        probabilities=said.astype(np.float32),
        seen=np.full(n_texts, seen),
        seed=3,
    )
    found = Found(scored, report_of(scored, {}, has_intervals=False) | {"n_left_out": 0})
    with app.database() as db:
        own = find_own_evaluation(db, version.id)
        kept = keep_evaluation(app, db, replace(own, method=method, report=found.report), found)
        if not is_folder_kept:
            db.execute("UPDATE evaluations SET folder = '' WHERE id = ?", [kept.id])
    return kept


def test_the_budget_is_found_on_an_evaluation_and_said_for_as_many_texts_as_asked(labelled_app):
    trained(labelled_app)
    kept = check(labelled_app)
    request = BudgetRequest("first", tolerated_share=0.02, n_texts=10_000, seconds_per_text=36)
    result = find_thresholds(labelled_app, request, Job())
    assert (result.evaluation_id, result.budget.n_checked) == (kept.id, 320)
    assert result.budget.decided_share == pytest.approx(0.9, abs=0.03)
    assert result.budget.wrong.value == 0
    assert result.hours == pytest.approx(100 * result.budget.person_share)
    assert result.words.startswith("Of 10,000 texts about ")
    assert result.thresholds == Thresholds(result.budget.thresholds, 0.02, kept.id)
    assert set(result.budget.thresholds) == {"spam", "ham"}
    limits = result.budget.thresholds
    assert limits["spam"] < 0.55 < limits["ham"] <= 0.95  # what is unsure is always called ham


def test_thresholds_are_found_where_most_texts_were_new_to_the_model(labelled_app):
    trained(labelled_app)
    small, refitted = check(labelled_app, 300), check(labelled_app, method=Method.CROSS_VALIDATION)
    check(labelled_app, 300)  # newer, with fewer texts
    check(labelled_app, 2_000, seen=SEEN)
    check(labelled_app, is_folder_kept=False)
    found = find_thresholds(labelled_app, BudgetRequest("first"), Job())
    assert found.evaluation_id == refitted.id
    newest = check(labelled_app)  # as many
    assert find_thresholds(labelled_app, BudgetRequest("first"), Job()).evaluation_id == newest.id
    with pytest.raises(EvaluationMissingError):
        find_thresholds(labelled_app, BudgetRequest("first", evaluation_id=99), Job())
    request = BudgetRequest("first", evaluation_id=small.id)
    assert find_thresholds(labelled_app, request, Job()).evaluation_id == small.id


def test_what_cannot_be_found_is_two_sentences(labelled_app):
    trained(labelled_app)
    result = find_thresholds(labelled_app, BudgetRequest("first"), Job())
    assert "nothing is decided automatically" in result.words  # 20 texts were checked in training
    seen = check(labelled_app, seen=SEEN)
    with pytest.raises(NoTextsCheckedError):
        find_thresholds(labelled_app, BudgetRequest("first", evaluation_id=seen.id), Job())
    with labelled_app.database() as db:
        db.execute("UPDATE evaluations SET folder = ''")
    with pytest.raises(NoTextsCheckedError, match="first"):
        find_thresholds(labelled_app, BudgetRequest("first"), Job())
    for share in (0, 0.6, float("nan")):
        with pytest.raises(ToleranceError):
            BudgetRequest("first", tolerated_share=share)
    for wrong in ({"n_texts": -1}, {"n_texts": 10**400}, {"seconds_per_text": 0}):
        with pytest.raises(WorkloadError):
            BudgetRequest("first", **wrong)


def test_kept_thresholds_are_used_at_once_and_forgotten_again(labelled_app):
    trained(labelled_app)
    usual = ask(labelled_app, PRIZE)
    assert (usual.chosen, usual.counts_from, usual.needs_person) == (("spam",), (), False)
    version = keep(labelled_app, spam=1.0, ham=0.3)
    assert version == version_of(labelled_app)
    left = ask(labelled_app, PRIZE)
    assert (left.chosen, left.needs_person) == ((), True)
    assert left.counts_from == pytest.approx((1.0, 0.3))
    assert left.predictions == usual.predictions
    assert ask(labelled_app, MILK).chosen == ("ham",)
    keep(labelled_app)
    assert ask(labelled_app, PRIZE) == replace(usual, elapsed_ms=pytest.approx(0, abs=1e5))


def test_an_answer_that_just_reaches_its_threshold_counts(labelled_app):
    trained(labelled_app)
    probability = ask(labelled_app, PRIZE).predictions[0].probability
    keep(labelled_app, spam=probability)
    assert ask(labelled_app, PRIZE).chosen == ("spam",)


def test_models_stay_warm_while_their_thresholds_change(labelled_app):
    version = trained(labelled_app)
    before = answerer(labelled_app, version)
    after = answerer(labelled_app, keep(labelled_app, spam=1.0))
    assert before._model is after._model
    assert after.thresholds.tolist() == [1.0, 0.0]


def test_concepts_that_stand_for_themselves_have_thresholds_of_their_own(labelled_app):
    trained(labelled_app, concepts_mutually_exclusive="false")
    keep(labelled_app, spam=0.0, ham=0.0)
    assert set(ask(labelled_app, PRIZE).chosen) == {"spam", "ham"}
    keep(labelled_app, spam=1.0, ham=1.0)
    assert ask(labelled_app, PRIZE).needs_person


def test_the_second_best_never_stands_in_for_a_best_one_that_is_not_shown(labelled_app):
    trained(labelled_app, select_concepts=("ham",))
    assert ask(labelled_app, PRIZE).chosen == ("ham",)
    keep(labelled_app, spam=0.0, ham=0.0)
    left = ask(labelled_app, PRIZE)
    assert (left.chosen, left.needs_person) == ((), True)
    assert ask(labelled_app, MILK).chosen == ("ham",)


def test_a_text_about_none_of_the_concepts_is_left_to_a_person(labelled_app):
    trained(labelled_app)
    asked = answerer(labelled_app, keep(labelled_app, spam=0.0))
    answer = asked._answer(np.array([0.9, 0.1], np.float32), 0.95)
    assert (answer.chosen, answer.needs_person) == ((), True)
    asked = answerer(labelled_app, keep(labelled_app))
    answer = asked._answer(np.array([0.9, 0.1], np.float32), 0.95)
    assert (answer.chosen, answer.needs_person) == ((), False)


def test_predicted_files_say_what_is_left_to_people_where_thresholds_are_kept(
    labelled_app, tmp_path
):
    trained(labelled_app)
    keep(labelled_app, spam=1.0, ham=0.3)
    path, out = tmp_path / "mails.csv", tmp_path / "out.csv"
    path.write_text(f"text\n{PRIZE}\n{MILK}\n \n", encoding="utf-8")
    request = PredictRequest("first", path, out, preview(path).mapping)
    result = predict(labelled_app, request, Job())
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    ours = ["predicted_concepts", "probability", "runner_up", "runner_up_probability"]
    own = ["text", *ours]
    assert list(rows[0]) == [*own, "needs_person", "p:spam", "p:ham"]
    assert [row["needs_person"] for row in rows] == ["yes", "no", ""][: len(rows)]
    assert [row["predicted_concepts"] for row in rows][:2] == ["", "ham"]
    assert (result.n_predicted, result.n_for_people, result.counts) == (2, 1, {"ham": 1})
    keep(labelled_app)
    assert predict(labelled_app, request, Job()).n_for_people == 0
    assert out.read_text(encoding="utf-8-sig").startswith(",".join([*own, "p:spam", "p:ham"]))


def test_later_evaluations_go_by_the_thresholds(labelled_app):
    trained(labelled_app)
    keep(labelled_app, spam=1.0, ham=1.0)
    found = evaluate(labelled_app, EvaluateRequest("first", dataset="texts"), Job()).evaluation
    assert found.report["decided_share"] < 0.5


@pytest.mark.parametrize("chosen", [{"other": 0.5}, {"spam": 1.1}, {"spam": -0.1}])
def test_thresholds_that_cannot_be_used_are_refused(labelled_app, chosen):
    trained(labelled_app)
    with pytest.raises(ThresholdsError, match="first") as caught:
        keep(labelled_app, **chosen)
    assert isinstance(caught.value, UserError)
    assert version_of(labelled_app).thresholds == Thresholds()


def test_stopping_changes_nothing(labelled_app, impatient):
    trained(labelled_app)
    with pytest.raises(JobCancelled):
        keep(labelled_app, impatient(0), spam=1.0)
    assert version_of(labelled_app).thresholds == Thresholds()
    for patience in (0, 1):
        with pytest.raises(JobCancelled):
            find_thresholds(labelled_app, BudgetRequest("first"), impatient(patience))


def test_commands_say_what_is_left_to_people(labelled_app, run, run_json, tmp_path):
    trained(labelled_app)
    keep(labelled_app, spam=1.0)
    app = labelled_app.path
    assert run("try", app, "first", PRIZE).startswith("Left for a person\n")
    assert run_json("try", app, "first", MILK)["needs_person"] is False
    assert run_json("explain", app, "first", PRIZE)["needs_person"] is True
    path, out = tmp_path / "mails.csv", tmp_path / "out.csv"
    path.write_text(f"text\n{PRIZE}\n{MILK}\n", encoding="utf-8")
    assert "1 text is left for people" in run("predict", app, "first", path, "--out", out)
    assert run_json("predict", app, "first", path, "--out", out)["for_people"] == 1


def test_the_command_finds_keeps_and_forgets(labelled_app, run, run_json, refused):
    trained(labelled_app)
    check(labelled_app)
    app = labelled_app.path
    found = run_json("thresholds", app, "first", "--texts", 200, "--seconds-per-text", 60)
    assert (found["is_kept"], found["is_stored"], found["tolerated_share"]) == (True, False, 0.02)
    assert found["hours"] == pytest.approx(found["person_share"] * 200 / 60)
    assert found["wrong"]["high"] <= 0.02
    assert [concept["name"] for concept in found["concepts"]] == ["spam", "ham"]
    assert version_of(labelled_app).thresholds == Thresholds()
    out = run("thresholds", app, "first", "--keep", "--texts", 200)
    assert out.startswith("Of 200 texts about ")
    assert "Every prediction goes by these thresholds from now on." in out
    assert version_of(labelled_app).thresholds.concepts == found["thresholds"]
    assert run_json("thresholds", app, "first", "--forget") == {"is_stored": False}
    assert version_of(labelled_app).thresholds == Thresholds()
    never = run_json("thresholds", app, "first", "--tolerate", 0.001, "--keep")
    assert (never["is_kept"], never["is_stored"], never["thresholds"]) == (False, False, {})
    refused("thresholds", app, "first", "--tolerate", 2)
    refused("thresholds", app, "first", "--keep", "--forget")
