"""Text-to-text from the data to the answer, with a tiny network in place of a real one."""

import csv
import json

import pytest

from core.base_models import add_base_model
from core.files import preview
from core.jobs import Job
from core.learning import text_to_text
from core.learning.text_to_text_settings import OwnTextToTextSettings
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.evaluation_needs import find_needs
from core.operations.fit_text_to_text import (
    OneConceptError,
    SeveralConceptsError,
    TooFewAnswersError,
)
from core.operations.fitting import NotRefittedError, WritesNothingError
from core.operations.generate import GenerateRequest, generate
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.leaderboard import list_leaderboard
from core.operations.predict import PredictRequest, predict
from core.operations.train import TrainRequest, train
from core.operations.training import TooManyUnusableError
from core.operations.try_text import TryRequest, try_text
from core.operations.writing import NoAnswersError
from core.operations.written import is_written, written_rows
from core.records import TEXT_TO_TEXT, Method
from core.storage.courses import find_course
from core.storage.jobs import list_jobs
from core.storage.models import NoConceptsError, list_model_versions
from tests.core.tiny_models import make_tiny

NAMES = ("Anna", "Bert", "Clara", "David", "Emma", "Frank", "Gina", "Hugo")
PLACES = ("Rome", "Oslo", "Bern", "Lima", "Cairo")


@pytest.fixture(scope="session")
def tiny_writer(tmp_path_factory):
    return make_tiny(tmp_path_factory.mktemp("tiny") / "tiny-neo", "gpt_neo")


@pytest.fixture
def writer(tiny_writer):
    """A base model of this computer that writes."""
    return add_base_model(tiny_writer, Job())


@pytest.fixture
def pairs_app(app):
    texts = [f"{name} lives in {place}" for name in NAMES for place in PLACES]
    answers = [f"{name}: {place}" for name in NAMES for place in PLACES]
    add_texts(app, AddTextsRequest(tuple(texts), targets=tuple(answers)), Job())
    return app


def request_for(writer, template="writer", **values):
    quick = {"num_train_epochs": 2, "max_new_tokens": 12, "device": "cpu"} | values
    settings = OwnTextToTextSettings(base_model=writer.name, **quick)
    return TrainRequest("writes", type=TEXT_TO_TEXT, settings=settings, template=template)


def test_a_model_that_writes_is_trained_and_its_scores_stand_beside_the_untrained_base(
    pairs_app, writer
):
    job = Job()
    job.measure("Loss", 1, 3.0)  # of a training before
    result = train(pairs_app, request_for(writer), job)
    version, evaluation = result.model_version, result.evaluation
    with pairs_app.database() as db:
        assert find_course(db, version.id).measures == tuple(job.measures[1:]) != ()
    assert version.is_writer
    assert version.template == "writer"
    assert version.summary["n_texts"] == 32
    assert evaluation.method == Method.HELD_OUT
    assert is_written(evaluation)
    report = evaluation.report
    assert report["n_texts"] == 8
    measures = ("exact_match", "token_f1", "rouge_l", "chrf", "bleu")
    for scores in (report, report["untrained"], report["copying"]):
        assert all(0 <= scores[name] <= 1 for name in measures)
    assert report["copying"]["token_f1"] > 0.5  # name and place stand in the text
    rows = written_rows(pairs_app, evaluation)
    assert [row.scores["chrf"] for row in rows] == sorted(row.scores["chrf"] for row in rows)
    assert {row.target for row in rows} < {f"{n}: {p}" for n in NAMES for p in PLACES}


def test_a_trained_writer_answers_again_after_the_program_was_closed_its_base_stays_warm(
    pairs_app, writer, monkeypatch
):
    train(pairs_app, request_for(writer), Job())
    job, loads, load = Job(), [], text_to_text.TextToText.untrained
    monkeypatch.setattr(
        text_to_text.TextToText, "untrained", lambda *given: loads.append(given) or load(*given)
    )
    result = generate(
        pairs_app, GenerateRequest("writes", "Ida lives in Rome", asks_untrained=True), job
    )
    template = OwnTextToTextSettings().prompt_template
    assert result.prompt == template.format(text="Ida lives in Rome")
    assert job.written.startswith(result.answer) or result.answer == job.written
    request = GenerateRequest("writes", "Ida lives in Rome", asks_untrained=True)
    again = generate(pairs_app, request, Job())
    assert (again.answer, again.untrained) == (result.answer, result.untrained)
    assert len(loads) <= 1


def test_texts_marked_for_testing_are_not_learned_from(app, writer, tmp_path):
    path = tmp_path / "pairs.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("text", "target", "split"))
        for i, name in enumerate(NAMES * 3):
            rows.writerow(
                (f"{name} is number {i}", f"number {i} of {name}", "test" if i < 4 else "")
            )
    import_texts(app, ImportRequest(path, preview(path).mapping), Job())
    result = train(app, request_for(writer), Job())
    assert result.model_version.summary["n_texts"] == 20
    assert result.evaluation.method == Method.STORED_MODEL
    assert result.evaluation.report["n_texts"] == 4


def test_a_writer_is_evaluated_on_other_texts_and_kept_out_of_the_list_of_concept_scores(
    pairs_app, writer
):
    train(pairs_app, request_for(writer), Job())
    add_texts(
        pairs_app,
        AddTextsRequest(("Ida lives in Rome",), dataset="more", targets=("Ida: Rome",)),
        Job(),
    )
    evaluation = evaluate(pairs_app, EvaluateRequest("writes", dataset="more"), Job()).evaluation
    assert evaluation.report["n_texts"] == 1
    assert written_rows(pairs_app, evaluation)[0].target == "Ida: Rome"
    needs = find_needs(pairs_app, EvaluateRequest("writes", dataset="more"), Job())
    assert (needs.problem, needs.cautions) == ("", ())
    assert find_needs(pairs_app, EvaluateRequest("writes", dataset="texts"), Job()).cautions
    add_texts(pairs_app, AddTextsRequest(("no answer",), dataset="bare"), Job())
    assert (
        "answer" in find_needs(pairs_app, EvaluateRequest("writes", dataset="bare"), Job()).problem
    )
    with pytest.raises(NotRefittedError):
        evaluate(pairs_app, EvaluateRequest("writes", dataset="more", n_folds=3), Job())
    with pairs_app.database() as db:
        assert list_leaderboard(db) == ()


def test_a_file_is_answered_row_by_row_beside_its_own_columns(pairs_app, writer, tmp_path):
    train(pairs_app, request_for(writer), Job())
    path, out = tmp_path / "new.csv", tmp_path / "answers.csv"
    path.write_text("id,text\n1,Ida lives in Rome\n2,\n3,Jan lives in Oslo\n", encoding="utf-8")
    request = PredictRequest("writes", path, out, preview(path).mapping)
    result = predict(pairs_app, request, Job())
    assert (result.n_predicted, result.n_skipped) == (2, 1)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["id", "text", "answer"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert rows[2][2] == ""


def test_where_no_text_has_an_answer_the_name_of_its_concept_is_one(labelled_app, writer):
    result = train(labelled_app, request_for(writer), Job())
    version = result.model_version
    assert version.concepts == ("spam", "ham")
    assert not version.is_writer
    assert result.evaluation.report["concepts"][0]["name"] == "spam"
    answer = try_text(labelled_app, TryRequest("writes", "win a prize"), Job())
    assert {p.concept for p in answer.predictions} == {"spam", "ham"}
    assert sum(p.probability for p in answer.predictions) == pytest.approx(1, abs=1e-5)
    with labelled_app.database() as db:
        assert [row.version.model for row in list_leaderboard(db)] == ["writes"]


def test_a_writer_is_not_asked_for_concepts_nor_a_classifier_for_texts(pairs_app, writer):
    train(pairs_app, request_for(writer), Job())
    with pytest.raises(NoConceptsError):
        try_text(pairs_app, TryRequest("writes", "anything"), Job())


def test_a_classifier_is_not_asked_to_write(labelled_app, fake_embedder):
    train(labelled_app, TrainRequest("first"), Job())
    with pytest.raises(WritesNothingError):
        generate(labelled_app, GenerateRequest("first", "anything"), Job())


@pytest.mark.parametrize(
    ("texts", "targets", "positive", "error"),
    [
        (("a", "b"), (), (), NoAnswersError),
        (("a", "b"), ("x", "y"), (), TooFewAnswersError),
        (("a",) * 12, tuple("abcdefghijkl"), (), TooFewAnswersError),  # nothing to check on
        (tuple("abcdefghijkl"), (), ("one", "two"), SeveralConceptsError),
        (tuple("abcdefghijkl"), (), ("one",), OneConceptError),
        (tuple("abcdefghijkl"), ("x",) * 10 + ("", ""), (), TooManyUnusableError),
    ],
)
def test_what_cannot_be_learned_from_is_one_sentence_and_a_next_step(
    app, writer, texts, targets, positive, error
):
    add_texts(app, AddTextsRequest(texts, positive, targets=targets), Job())
    with pytest.raises(error) as raised:
        train(app, request_for(writer), Job())
    assert raised.value.next_step
    with app.database() as db:
        assert list_model_versions(db) == []
        assert [one.folder for one in list_jobs(db)] == [""]
    assert not app.jobs.is_dir() or list(app.jobs.iterdir()) == []


def test_unusable_texts_within_the_tolerance_are_left_out_and_noted(app, writer):
    texts = tuple(f"text {i}" for i in range(40))
    targets = (*(f"answer {i}" for i in range(38)), "", "")
    add_texts(app, AddTextsRequest(texts, targets=targets), Job())
    job = Job()
    train(app, request_for(writer, invalid_data_tolerance_percent=5.0), job)
    assert any("Left out 2 of 40 texts" in line for line in job.log)


def test_the_command_line_trains_and_asks_a_writer(pairs_app, writer, run):
    quick = (f"base_model={writer.name}", "num_train_epochs=1", "max_new_tokens=8", "device=cpu")
    words = [word for value in quick for word in ("--set", value)]
    told = run("train", pairs_app.path, "--model", "w", "--type", "text-to-text", *words, "--json")
    assert json.loads(told)["evaluation"]["kind"] == "written"
    told = run("generate", pairs_app.path, "w", "Ida lives in Rome", "--json", "--untrained")
    assert set(json.loads(told)) == {"answer", "untrained", "prompt", "elapsed_ms", "ending"}
    assert "Words in common" in run("evaluate", pairs_app.path, "w")
