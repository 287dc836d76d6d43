"""What a deep training takes, with the remedies that are settings; what it will see; letting go."""

from dataclasses import replace

import pytest

from core.base_models import BaseModel, ModelKind
from core.jobs import Job
from core.learning.costs import Remedy as Cure
from core.learning.costs import remedies
from core.operations import estimate_training as module
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.estimate_training import EstimateRequest, estimate
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.let_go import let_go
from core.operations.preview_training import _examples
from core.operations.train import NotResumableError, ResumeRequest
from core.operations.training_work import Place, Texts, remedy_of, work_of
from core.records import TEXT_CLASSIFIER
from core.storage.database import transaction
from core.storage.inputs import update_targets
from core.storage.jobs import add_job, get_job, update_job, update_request
from core.templates import find_template

TEXTS = Texts(n_texts=1000, mean_length=120, most_chars=3000)
HERE = Place("Processor", is_graphics=False, is_half=True, free_bytes=20_000_000_000)
FULL, LORA = find_template(TEXT_CLASSIFIER), find_template(TEXT_CLASSIFIER, "encoder_lora")
BY_HAND = find_template(TEXT_CLASSIFIER, "HuggingFace_AdvancedConfig")
WRITER = find_template("text-to-text")


@pytest.fixture
def base(tmp_path):
    return BaseModel(
        *("bert", "bert", ModelKind.ENCODER, "BERT", "bert", tmp_path, ""),
        *(110_000_000, 440_000_000, 512, 768, 12),
        n_words=30_000,
        precision="float32",
        languages=(),
        licence="",
        is_built_in=False,
        weights="w",
        identity="i",
        sizes=(),
    )


def test_the_work_follows_the_settings_and_the_texts(base):
    work = work_of(FULL.with_values({"batch_size": 8}), TEXTS, base, HERE)
    assert (work.batch_size, work.n_epochs, work.trained_share) == (8, 6, 1.0)
    assert work.n_tokens == 256  # cut off by the settings
    assert work.mean_tokens == 32
    assert work_of(LORA.with_values({}), TEXTS, base, HERE).trained_share < 0.1
    short = replace(TEXTS, most_chars=300)
    assert work_of(FULL.with_values({}), short, base, HERE).n_tokens == 102


def test_the_work_of_a_template_by_hand_follows_its_dictionaries(base):
    trainer = {"num_train_epochs": 2, "per_device_train_batch_size": 4}
    work = work_of(BY_HAND.with_values({"trainer_config": trainer}), TEXTS, base, HERE)
    assert (work.batch_size, work.n_epochs) == (4, 2)
    usual = work_of(BY_HAND.with_values({"trainer_config": {}}), TEXTS, base, HERE)
    assert (usual.batch_size, usual.n_epochs) == (8, 3)


def test_every_remedy_is_a_change_of_settings_that_needs_less(base):
    settings = FULL.with_values({"batch_size": 256})
    work = work_of(settings, TEXTS, base, HERE)
    changed = replace(work, batch_size=4, n_tokens=64)
    assert remedy_of(Cure.SMALLER_BATCH, changed, settings).values == {"batch_size": 4}
    assert remedy_of(Cure.SHORTER_TEXTS, changed, settings).values == {"max_tokens": 64}
    saving = remedy_of(Cure.SAVE_MEMORY, changed, settings).values
    assert saving == {"gradient_checkpointing": True}
    assert remedy_of(Cure.LORA, changed, settings).template == "encoder_lora"
    assert remedy_of(Cure.SMALLER_MODEL, changed, settings).values == {}
    writer = WRITER.with_values({})
    assert remedy_of(Cure.LORA, changed, writer).values == {"what_learns": "lora"}


def test_a_remedy_without_a_setting_is_not_offered_and_dictionaries_keep_their_keys(base):
    settings = BY_HAND.with_values({"trainer_config": {"seed": 7}})
    work = replace(work_of(settings, TEXTS, base, HERE), batch_size=1)
    batch = remedy_of(Cure.SMALLER_BATCH, work, settings)
    assert batch.values == {"trainer_config": {"seed": 7, "per_device_train_batch_size": 1}}
    assert remedy_of(Cure.SHORTER_TEXTS, work, settings) is None


def test_each_remedy_can_be_applied_to_its_template(base):
    settings = FULL.with_values({})
    work = work_of(settings, TEXTS, base, HERE)
    for cure, changed in remedies(work, 1_500_000_000):
        remedy = remedy_of(cure, changed, settings)
        if not remedy.template:
            FULL.with_values(dict(remedy.values))


@pytest.fixture
def told(monkeypatch, base):
    monkeypatch.setattr(module, "base_of", lambda _settings: base)
    monkeypatch.setattr(module, "_place", lambda _settings: HERE)


def test_a_training_that_fits_has_a_time_and_no_remedy(app, told):
    request = EstimateRequest(TEXT_CLASSIFIER, FULL.with_values({}), 1000, 120)
    found = estimate(app, request, Job())
    assert found.fits
    assert found.remedies == ()
    assert found.seconds > 60
    assert found.n_bytes > 440_000_000
    assert not found.is_measured


def test_one_that_does_not_fit_says_what_helps(app, told, monkeypatch):
    monkeypatch.setattr(module, "_place", lambda _s: replace(HERE, free_bytes=2_000_000_000))
    request = EstimateRequest(TEXT_CLASSIFIER, FULL.with_values({}), 1000, 120)
    found = estimate(app, request, Job())
    assert not found.fits
    assert found.remedies


def rows(app, number=0):
    with app.database() as db:
        return [(pair.text, pair.target) for pair in _examples(db, "texts", number)]


def test_examples_are_texts_with_answers_or_else_with_their_concepts(app):
    add_texts(app, AddTextsRequest(("one",), ("praise",)), Job())
    add_texts(app, AddTextsRequest(("two",)), Job())
    assert rows(app) == [("one", "praise")]
    with app.database() as db, transaction(db):
        update_targets(db, [(2, "deux")])
    assert rows(app) == [("two", "deux")]
    freeze_dataset(app, FreezeRequest(), Job())
    assert rows(app, 1) == [("two", "deux")]


def test_letting_go_deletes_the_checkpoints_once(app):
    with app.database() as db, transaction(db):
        job_id = add_job(db, kind="train", title="Training", folder="left")
        update_request(db, job_id, {"model": "Letters"})
        update_job(db, job_id, status="stopped", code=0, message="", log="kept")
    (app.jobs / "left").mkdir(parents=True)
    (app.jobs / "left" / "state.json").write_text("{}")
    let_go(app, ResumeRequest(job_id), Job())
    assert not (app.jobs / "left").exists()
    with app.database() as db:
        assert get_job(db, job_id).log == "kept"
    with pytest.raises(NotResumableError):
        let_go(app, ResumeRequest(job_id), Job())
