"""A training that is taken to other computers, and its model that comes back."""

import json

import pytest

from core.base_models import add_base_model
from core.jobs import Job
from core.learning.fine_tuning.job_folder import NotExportableError, run_job_folder
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.train import TrainRequest, train
from core.operations.train_elsewhere import (
    BringBackRequest,
    NotTrainedThereError,
    TakeAlongRequest,
    bring_training_back,
    take_training_along,
)
from core.operations.try_text import TryRequest, try_text
from core.records import TEXT_CLASSIFIER, TEXT_TO_TEXT, Method
from core.storage.jobs import list_jobs
from core.storage.models import list_model_versions
from core.templates import find_template
from tests.core.tiny_models import make_tiny

WORDS = {"spam": "win free cash prize claim now", "ham": "see you at lunch home tonight"}


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    return make_tiny(tmp_path_factory.mktemp("tiny") / "gpt-neo-125m", "gpt_neo")


@pytest.fixture
def base(tiny_folder):
    return add_base_model(tiny_folder, Job())


@pytest.fixture
def mails(app):
    for concept, words in WORDS.items():
        parts = words.split()
        texts = tuple(f"{parts[i % 6]} {parts[(i // 6) % 6]} {concept} {i}" for i in range(30))
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    return app


def request_for(kind=TEXT_CLASSIFIER, **values):
    template = find_template(kind, "HF_GPTNeo_125m_lora")
    settings = template.with_values({"device": "cpu", **values})
    return TrainRequest("far", type=kind, template=template.name, settings=settings)


def test_a_classifier_trained_elsewhere_is_scored_and_answers_as_if_trained_here(
    mails, base, tmp_path
):
    out = tmp_path / "along"
    taken = take_training_along(mails, TakeAlongRequest(request_for(), out, 2), Job())
    assert taken.command[:2] == ("accelerate", "launch")
    assert "2" in taken.command
    rows = [json.loads(line) for line in (out / "data.jsonl").read_text().splitlines()]
    assert len(rows) == 48  # the others are kept here to score it
    assert {tuple(row["concepts"]) for row in rows} == {("spam",), ("ham",)}
    run_job_folder(out, Job())
    result = bring_training_back(mails, BringBackRequest(out), Job())
    assert result.evaluation.method == Method.HELD_OUT
    assert (result.model_version.summary["n_texts"], result.evaluation.report["n_texts"]) == (
        48,
        12,
    )
    here = train(mails, request_for(), Job())
    scores = [r.evaluation.report["macro_avg_f1_score"] for r in (result, here)]
    assert scores[0] == pytest.approx(scores[1], abs=0.1)
    answer = try_text(mails, TryRequest("far", "win a prize", 1, n_neighbours=0), Job())
    assert {p.concept for p in answer.predictions} == {"spam", "ham"}


def test_a_writer_trained_elsewhere_comes_back(app, base, tmp_path):
    texts = tuple(f"text number {i}" for i in range(20))
    add_texts(app, AddTextsRequest(texts, targets=tuple(f"answer {i}" for i in range(20))), Job())
    out = tmp_path / "along"
    request = TakeAlongRequest(request_for(TEXT_TO_TEXT, max_new_tokens=4), out)
    take_training_along(app, request, Job())
    run_job_folder(out, Job())
    assert bring_training_back(app, BringBackRequest(out), Job()).model_version.is_writer


def test_what_was_not_trained_yet_does_not_come_back_and_nothing_is_lost(mails, base, tmp_path):
    out = tmp_path / "along"
    take_training_along(mails, TakeAlongRequest(request_for(), out), Job())
    mails.jobs.mkdir(exist_ok=True)
    (mails.jobs / "others").mkdir()
    for folder in (out, tmp_path / "nothing"):
        with pytest.raises(NotTrainedThereError):
            bring_training_back(mails, BringBackRequest(folder), Job())
    (out / "model").mkdir()
    with pytest.raises(Exception, match="cannot be read"):
        bring_training_back(mails, BringBackRequest(out), Job())
    assert (mails.jobs / "others").is_dir()
    with mails.database() as db:
        assert list_model_versions(db) == []
        assert len(list_jobs(db)) == 1


def test_other_templates_are_trained_here(mails, base, tmp_path):
    template = find_template(TEXT_CLASSIFIER, "full_fine_tuning")
    settings = template.with_values({"base_model": base.name, "device": "cpu"})
    request = TrainRequest("far", type=TEXT_CLASSIFIER, template=template.name, settings=settings)
    with pytest.raises(NotExportableError):
        take_training_along(mails, TakeAlongRequest(request, tmp_path / "along"), Job())


def test_the_command_line_shows_the_command(mails, base, tmp_path, run):
    words = ("--type", "text-classifier", "--template", "HF_GPTNeo_125m_lora", "--model", "far")
    told = run("take-along", mails.path, *words, "--out", tmp_path / "along", "--processes", 4)
    assert "accelerate launch" in told
    assert "run.py" in told
