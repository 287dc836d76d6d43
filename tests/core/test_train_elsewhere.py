"""A training that is taken to other computers, and its model that comes back."""

import json
from pathlib import Path

import pytest

from core.app_folder import create_app_folder
from core.base_models import add_base_model
from core.errors import DiskFullError
from core.jobs import Job
from core.learning.fine_tuning.job_folder import NotExportableError, run_job_folder
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.train import TrainRequest, train
from core.operations.train_elsewhere import (
    BringBackRequest,
    FolderTakenError,
    NotTrainedThereError,
    ProcessesError,
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


def n_versions(app):
    with app.database() as db:
        return db.execute("SELECT COUNT(*) FROM dataset_versions").fetchone()[0]


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


def test_other_templates_are_trained_here(mails, tmp_path):
    template = find_template(TEXT_CLASSIFIER, "full_fine_tuning")
    settings = template.with_values({"device": "cpu"})
    request = TrainRequest("far", type=TEXT_CLASSIFIER, template=template.name, settings=settings)
    with pytest.raises(NotExportableError):
        take_training_along(mails, TakeAlongRequest(request, tmp_path / "along"), Job())
    assert n_versions(mails) == 0  # none is frozen for a training that does not come about


def test_a_training_of_another_app_does_not_come_back_whatever_its_numbers(mails, base, tmp_path):
    out = tmp_path / "along"
    take_training_along(mails, TakeAlongRequest(request_for(), out), Job())
    (out / "model").mkdir()
    other = create_app_folder("Other", tmp_path / "other app")
    for concept in WORDS:
        texts = tuple(f"quite another text {concept} {i}" for i in range(30))
        add_texts(other, AddTextsRequest(texts, (concept,)), Job())
    take_training_along(other, TakeAlongRequest(request_for(), tmp_path / "other"), Job())
    with pytest.raises(NotTrainedThereError):
        bring_training_back(other, BringBackRequest(out), Job())


@pytest.mark.parametrize(
    "told",
    ["[]", "{}", '{"dataset_version_id": 1, "type": "text-classifier", "lesson": ""}'],
)
def test_what_only_looks_like_a_training_does_not_come_back(mails, base, tmp_path, told):
    out = tmp_path / "along"
    take_training_along(mails, TakeAlongRequest(request_for(), out), Job())
    (out / "model").mkdir()
    (out / "training.json").write_text(told, encoding="utf-8")
    with pytest.raises(NotTrainedThereError):
        bring_training_back(mails, BringBackRequest(out), Job())


def test_a_folder_that_is_there_is_left_as_it_is(mails, base, tmp_path):
    out = tmp_path / "along"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    with pytest.raises(FolderTakenError):
        take_training_along(mails, TakeAlongRequest(request_for(), out), Job())
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_a_disk_that_fills_up_at_the_end_leaves_no_half_training(
    mails, base, tmp_path, monkeypatch
):
    write = Path.write_text

    def full(self, *args, **kwargs):
        if self.name == "training.json":
            raise OSError(28, "No space left on device")
        return write(self, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(DiskFullError):
        take_training_along(mails, TakeAlongRequest(request_for(), tmp_path / "along"), Job())
    assert not (tmp_path / "along").exists()


@pytest.mark.parametrize("n", [0, -1, 10**9])
def test_a_training_needs_a_number_of_processors_that_can_be(tmp_path, n):
    with pytest.raises(ProcessesError):
        TakeAlongRequest(request_for(), tmp_path / "along", n)


def test_the_command_line_shows_the_command(mails, base, tmp_path, run):
    words = ("--type", "text-classifier", "--template", "HF_GPTNeo_125m_lora", "--model", "far")
    told = run("take-along", mails.path, *words, "--out", tmp_path / "along", "--processes", 4)
    assert "accelerate launch" in told
    assert "run.py" in told
