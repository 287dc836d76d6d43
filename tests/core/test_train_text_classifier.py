"""Deep classifiers from the labelled texts to the answer, with tiny networks for real ones."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from core.base_models import add_base_model, remove_base_model
from core.base_models.errors import BaseModelMissingError
from core.jobs import Job, JobCancelled
from core.learning.embedding_classifier import ModelDamagedError
from core.learning.text_classifier_settings import (
    ContrastiveSettings,
    EncoderLoraSettings,
    FullFineTuningSettings,
)
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.base_of import BaseModelUnfitError
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.explain import ExplainRequest, explain
from core.operations.fitting import load_model
from core.operations.learning_curve import (
    LearningCurveRequest,
    NoCurveError,
    measure_learning_curve,
)
from core.operations.train import (
    NotResumableError,
    ResumeRequest,
    TrainRequest,
    is_resumable,
    resume,
    train,
)
from core.operations.try_text import TryRequest, try_text
from core.records import TEXT_CLASSIFIER, TEXT_TO_TEXT, JobStatus, Method
from core.storage.jobs import list_jobs
from core.storage.models import ModelMissingError, list_model_versions
from core.storage.versions import list_versions
from core.templates import SHIPPED
from tests.core.tiny_models import make_tiny

STAND_INS = {  # what the templates ask for, and a tiny network of its family
    "all-minilm": "bert",
    "bert-base-cased": "bert",
    "gpt-neo-125m": "gpt_neo",
    "gpt-neo-2.7B": "gpt_neo",
    "opt-125m": "opt",
}
WORDS = {"spam": "win free cash prize claim now", "ham": "see you at lunch home tonight"}


@pytest.fixture(scope="session")
def tiny_folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("tiny")
    return {
        name: make_tiny(place / name, family, seed=seed)
        for seed, (name, family) in enumerate(STAND_INS.items())
    }


@pytest.fixture
def base(tiny_folders):
    return add_base_model(tiny_folders["all-minilm"], Job())


@pytest.fixture
def mails(app):
    """An app with thirty texts of spam and thirty of ham."""
    for concept, words in WORDS.items():
        parts = words.split()
        texts = tuple(f"{parts[i % 6]} {parts[(i // 6) % 6]} {concept} {i}" for i in range(30))
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    return app


def request_for(base, kind=FullFineTuningSettings, template="full_fine_tuning", **values):
    quick = {"device": "cpu", "base_model": base.name} | values
    if kind is not ContrastiveSettings:
        quick = {"num_train_epochs": 2} | quick
    return TrainRequest("deep", type=TEXT_CLASSIFIER, template=template, settings=kind(**quick))


def test_a_fifth_of_the_texts_is_kept_apart_and_gives_the_scores(mails, base):
    job = Job()
    result = train(mails, request_for(base), job)
    version, evaluation = result.model_version, result.evaluation
    assert evaluation.method == Method.HELD_OUT
    assert (version.summary["n_texts"], evaluation.report["n_texts"]) == (48, 12)
    assert evaluation.report["n_seen"] == 0
    assert version.template == "full_fine_tuning"
    assert version.summary["base_model"] == base.name
    assert any("12 texts are kept apart" in line for line in job.log)
    assert {measure.series for measure in job.measures}
    assert list(mails.jobs.iterdir()) == []


def test_it_answers_explains_and_is_evaluated_like_any_classifier(mails, base, fake_embedder):
    train(mails, request_for(base), Job())
    answer = try_text(mails, TryRequest("deep", "win a free prize"), Job())
    assert {p.concept for p in answer.predictions} == {"spam", "ham"}
    assert explain(mails, ExplainRequest("deep", "win a free prize"), Job()).prediction
    add_texts(mails, AddTextsRequest(("win cash",), ("spam",), dataset="more"), Job())
    evaluation = evaluate(mails, EvaluateRequest("deep", dataset="more"), Job()).evaluation
    assert evaluation.method == Method.STORED_MODEL
    again = evaluate(mails, EvaluateRequest("deep", dataset="texts", n_folds=2), Job()).evaluation
    assert (again.method, again.n_folds) == (Method.CROSS_VALIDATION, 2)
    with pytest.raises(NoCurveError):
        measure_learning_curve(mails, LearningCurveRequest("deep"), Job())


def test_texts_that_it_was_checked_on_are_not_called_learned_from(mails, base):
    train(mails, request_for(base), Job())
    evaluation = evaluate(mails, EvaluateRequest("deep", dataset="texts"), Job()).evaluation
    assert evaluation.report["n_texts"] == 60
    assert evaluation.report["n_seen"] == 48


def test_few_examples_are_cross_validated_and_all_of_them_are_learned(labelled_app, base):
    request = request_for(base, ContrastiveSettings, "contrastive_few_shot")
    result = train(labelled_app, request, Job())
    assert result.model_version.summary["n_texts"] == 20
    assert result.evaluation.method == Method.CROSS_VALIDATION


def test_what_was_learned_beside_a_base_model_needs_it_to_answer(mails, tiny_folders, base):
    train(mails, request_for(base, EncoderLoraSettings, "encoder_lora"), Job())
    with mails.database() as db:
        (version,) = list_model_versions(db)
    load_model(mails, version)
    model_bytes = sum(f.stat().st_size for f in (mails.models / version.folder).iterdir())
    assert model_bytes < 5_000_000
    remove_base_model(base.name)
    load_model.__globals__["_loaded"].cache_clear()
    with pytest.raises(BaseModelMissingError):
        load_model(mails, version)


def test_a_training_goes_on_from_an_earlier_version_with_new_texts(mails, base):
    train(mails, request_for(base), Job())
    add_texts(mails, AddTextsRequest(("a third thing",) * 1, ("third",)), Job())
    request = request_for(base, resume_from_model="deep:1", num_train_epochs=1)
    version = train(mails, request, Job()).model_version
    assert version.number == 2
    assert set(version.concepts) == {"spam", "ham", "third"}


def test_a_base_model_that_is_not_there_is_named_before_anything_is_kept(mails):
    request = TrainRequest("deep", type=TEXT_CLASSIFIER, settings=FullFineTuningSettings())
    settings = FullFineTuningSettings(base_model="nobody/bert-of-mars")
    with pytest.raises(BaseModelMissingError, match="bert-of-mars"):
        train(mails, TrainRequest("deep", type=request.type, settings=settings), Job())
    with mails.database() as db:
        assert list_model_versions(db) == []
        assert list_versions(db, 1) == []


def test_a_base_model_of_another_kind_than_the_template_starts_from_is_refused(
    mails, base, tiny_folders
):
    writes = add_base_model(tiny_folders["gpt-neo-125m"], Job())
    with pytest.raises(BaseModelUnfitError, match=writes.name) as refused:
        train(mails, request_for(writes), Job())
    assert base.name in refused.value.next_step
    assert writes.name not in refused.value.next_step


@pytest.mark.slow
@pytest.mark.parametrize(
    "template", [t for t in SHIPPED if t.type == TEXT_CLASSIFIER], ids=lambda t: t.name
)
def test_every_shipped_classifier_template_trains(mails, tiny_folders, template):
    for folder in tiny_folders.values():
        add_base_model(folder, Job())
    quick = {"device": "cpu"}
    if "base_model" in {setting.name for setting in template.fields}:
        quick["base_model"] = "all-minilm"
    request = TrainRequest(
        "deep", type=template.type, template=template.name, settings=template.with_values(quick)
    )
    result = train(mails, request, Job())
    assert result.model_version.template == template.name
    answer = try_text(mails, TryRequest("deep", "win a free prize", n_neighbours=0), Job())
    assert {p.concept for p in answer.predictions} == {"spam", "ham"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "template", [t for t in SHIPPED if t.type == TEXT_TO_TEXT], ids=lambda t: t.name
)
def test_every_shipped_text_to_text_template_trains(app, tiny_folders, template):
    for folder in tiny_folders.values():
        add_base_model(folder, Job())
    texts = tuple(f"text number {i}" for i in range(20))
    add_texts(app, AddTextsRequest(texts, targets=tuple(f"answer {i}" for i in range(20))), Job())
    quick = {"device": "cpu", "max_new_tokens": 4}
    if "base_model" in {setting.name for setting in template.fields}:
        quick |= {"base_model": "gpt-neo-125m", "num_train_epochs": 1}
    request = TrainRequest(
        "writes", type=template.type, template=template.name, settings=template.with_values(quick)
    )
    assert train(app, request, Job()).model_version.is_writer


class StopsWhenItHasLearned(Job):
    """A job whose analyst stops it once a round is done."""

    def measure(self, series, step, value):
        super().measure(series, step, value)
        if step >= 2:
            self.cancel()


def test_a_stopped_training_can_go_on_and_ends_as_if_it_had_not_been_stopped(mails, base):
    values = {"num_train_epochs": 4, "patience": 9}
    with pytest.raises(JobCancelled):
        train(mails, request_for(base, **values), StopsWhenItHasLearned())
    with mails.locked(), mails.database() as db:  # as when the program is started again
        (record,) = list_jobs(db)
        assert record.status == JobStatus.STOPPED
        assert is_resumable(mails, record)
        assert len(list_versions(db, 1)) == 1
    gone_on = resume(mails, ResumeRequest(record.id), Job())
    whole = train(mails, request_for(base, **values), Job())
    scores = [r.evaluation.report["macro_avg_f1_score"] for r in (gone_on, whole)]
    assert scores[0] == pytest.approx(scores[1], abs=1e-6)
    asked = [
        try_text(mails, TryRequest("deep", "win cash", n, n_neighbours=0), Job()).predictions
        for n in (1, 2)
    ]
    for one, other in zip(*asked, strict=True):
        assert one.probability == pytest.approx(other.probability, abs=1e-3)
    with mails.database() as db:
        assert [r.status for r in list_jobs(db)] == [JobStatus.DONE, JobStatus.DONE]
        assert not any(is_resumable(mails, r) for r in list_jobs(db))
    with pytest.raises(NotResumableError):
        resume(mails, ResumeRequest(record.id), Job())


TRAINS = """
import sys
from core.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_training_that_was_killed_goes_on_by_the_command_line(mails, base, run):
    sets = ("base_model=all-minilm", "num_train_epochs=400", "patience=100", "device=cpu")
    words = [word for value in sets for word in ("--set", value)]
    command = ("train", str(mails.path), "--model", "deep", "--type", TEXT_CLASSIFIER, *words)
    with subprocess.Popen([sys.executable, "-c", TRAINS, *command], env=os.environ) as process:
        while process.poll() is None and not any(mails.jobs.glob("*/step-*")):
            time.sleep(0.05)  # until it has written its first checkpoint
        process.send_signal(signal.SIGKILL)
    with mails.locked():  # clears away what was left
        told = json.loads(run("jobs", mails.path, "--json"))
    assert [one["can_go_on"] for one in told] == [True]
    assert "it can go on" in told[0]["message"]
    (job_id,) = [one["job"] for one in told]
    finishing = Job()
    finishing.finish()
    with mails.locked():
        result = resume(mails, ResumeRequest(job_id), finishing)
    assert result.model_version.model == "deep"


@pytest.mark.parametrize("words", ["nobody:²", "nobody:x", "nobody", "nobody:" + "9" * 40])
def test_a_training_goes_on_from_no_version_that_is_not_there(mails, base, words):
    with pytest.raises(ModelMissingError):
        train(mails, request_for(base, resume_from_model=words), Job())


def test_a_model_whose_file_was_changed_is_refused_and_does_not_answer_wrongly(mails, base):
    version = train(mails, request_for(base, num_train_epochs=1), Job()).model_version
    (file,) = (mails.models / version.folder).glob("*.safetensors")
    numbers = bytearray(file.read_bytes())
    numbers[-5] ^= 1
    file.write_bytes(numbers)
    with pytest.raises(ModelDamagedError):
        load_model(mails, version)
