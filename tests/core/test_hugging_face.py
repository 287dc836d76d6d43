"""Deep classifiers of the Hugging Face templates, on tiny networks with random weights."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from transformers import BertForSequenceClassification, Trainer

from core.errors import DiskFullError
from core.jobs import Job, JobCancelled
from core.learning.fine_tuning import LOSS_KEPT_APART, TooLittleMemoryError
from core.learning.fine_tuning.hugging_face_arguments import (
    LibraryRefusesError,
    NoGraphicsProcessorError,
)
from core.learning.fine_tuning.hugging_face_networks import (
    OtherStartError,
    WeightsDamagedError,
    tokenizer_of,
)
from core.learning.hugging_face_settings import KeyUnknownError
from core.learning.text_classifier import hugging_face
from core.learning.text_classifier_settings import (
    HuggingFaceClassifierSettings,
    HuggingFaceLoraClassifierSettings,
)
from tests.core.tiny_models import make_tiny

CONCEPTS = ("delivery", "address")
TEXTS = [f"the parcel {i} was late" for i in range(8)] + [f"my address {i}" for i in range(8)]
TARGETS = np.repeat(np.eye(2, dtype=np.int8), 8, axis=0)
KEPT = (TEXTS[::4], TARGETS[::4])
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def bases(tmp_path_factory):
    made = {}

    def find(family):
        if family not in made:
            made[family] = make_tiny(tmp_path_factory.mktemp(family) / "base", family)
        return made[family]

    return find


def settings_of(kind=HuggingFaceClassifierSettings, *, single=False, **trainer):
    problem = "single_label_classification" if single else "multi_label_classification"
    given = {
        "num_train_epochs": 2.0,
        "learning_rate": 1e-2,
        "auto_find_batch_size": True,
        "output_dir": "checkpoint",
        "per_device_train_batch_size": 4.0,
    }
    return kind(
        device="cpu", model_config={"problem_type": problem}, trainer_config=given | trainer
    )


def train(base, settings=None, job=None, **more):
    return hugging_face.train(
        TEXTS,
        TARGETS,
        concepts=CONCEPTS,
        settings=settings or settings_of(),
        base=base,
        job=job or Job(),
        **more,
    )


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        ("bert", HuggingFaceClassifierSettings),
        ("gpt_neo", HuggingFaceLoraClassifierSettings),
        ("t5", HuggingFaceLoraClassifierSettings),
    ],
)
def test_a_kept_network_answers_exactly_as_the_trained_one(bases, tmp_path, family, kind):
    settings, base = settings_of(kind), bases(family)
    trained = train(base, settings)
    trained.save(tmp_path)
    loaded = hugging_face.load(tmp_path, concepts=CONCEPTS, settings=settings, base=base)
    said = trained.logits([*TEXTS, ""], Job())
    assert said.shape == (17, 2)
    assert np.isfinite(said).all()
    assert np.array_equal(loaded.logits([*TEXTS, ""], Job()), said)
    assert np.array_equal(loaded.vectors(TEXTS, Job()), trained.vectors(TEXTS, Job()))
    assert {p.suffix for p in tmp_path.iterdir()} == {".safetensors", ".json"}
    written = " ".join(p.read_text() for p in tmp_path.glob("*.json"))
    assert str(base) not in written


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        ("bert", HuggingFaceClassifierSettings),
        ("bart", HuggingFaceClassifierSettings),
        ("gpt_neo", HuggingFaceLoraClassifierSettings),
        ("t5", HuggingFaceLoraClassifierSettings),
    ],
)
def test_a_network_reads_texts_as_the_mean_of_its_last_states(bases, family, kind):
    trained = train(bases(family), settings_of(kind))
    texts = [*TEXTS[:3], "a much longer text than all of the others, so that they are filled up"]
    vectors = trained.vectors([*texts, ""], Job())
    assert vectors.shape == (5, trained.dim)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(texts, vectors, strict=False):  # one by one, without filling up
        ids = torch.tensor([trained.tokenizer(text)["input_ids"]])
        with torch.inference_mode():
            said = trained.network(input_ids=ids, output_hidden_states=True)
        states = said.get("encoder_last_hidden_state")
        states = said.hidden_states[-1] if states is None else states
        mean = states[0].mean(0).numpy()
        assert np.allclose(vector, mean / np.linalg.norm(mean), atol=1e-4)


def test_of_lora_the_matrices_and_the_head_are_kept_and_nothing_else(bases, tmp_path):
    base = bases("gpt_neo")
    trained = train(base, settings_of(HuggingFaceLoraClassifierSettings))
    trained.save(tmp_path)
    weights = tmp_path / "adapter_model.safetensors"
    assert all("lora_" in name or "score" in name for name in load_file(weights))
    assert json.loads((tmp_path / "adapter_config.json").read_text())["r"] == 16
    assert not (tmp_path / "model.safetensors").exists()


def test_the_concepts_are_learned_with_their_curves_and_no_file_elsewhere(
    bases, tmp_path, monkeypatch, capfd
):
    monkeypatch.chdir(tmp_path)
    job = Job()
    trained = train(bases("gpt_neo"), settings_of(num_train_epochs=6), job, validation=KEPT)
    assert ((trained.logits(TEXTS, Job()) > 0) == (TARGETS == 1)).mean() > 0.9
    kept_apart = [m for m in job.measures if m.series == LOSS_KEPT_APART]
    assert [m.step for m in kept_apart] == [1, 2, 3, 4, 5, 6]
    assert any(m.series == "Loss" for m in job.measures)
    assert not list(tmp_path.iterdir())
    assert capfd.readouterr() == ("", "")


def test_where_a_text_has_one_concept_its_kind_of_loss_is_learned(bases):
    trained = train(bases("bert"), settings_of(single=True))
    assert trained.is_exclusive
    assert trained.network.config.problem_type == "single_label_classification"


def test_the_same_settings_give_the_same_network_and_leave_chance_alone(bases):
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    first = train(bases("bert")).logits(TEXTS, Job())
    assert torch.rand(1) == expected
    assert np.array_equal(train(bases("bert")).logits(TEXTS, Job()), first)


class ImpatientJob(Job):
    """A job whose analyst acts when the training takes its second step."""

    def __init__(self, act):
        super().__init__()
        self._act = act

    def report(self, stage, done=0, total=0):
        if stage == "Learning" and done == 2:
            self._act(self)
        super().report(stage, done, total)


def test_a_stopped_training_ends_at_once(bases, tmp_path):
    with pytest.raises(JobCancelled):
        train(bases("bert"), job=ImpatientJob(Job.cancel), checkpoints=tmp_path)


def test_a_training_that_shall_finish_keeps_the_best_so_far(bases):
    job = ImpatientJob(Job.finish)
    trained = train(bases("bert"), settings_of(num_train_epochs=50), job, validation=KEPT)
    assert max(m.step for m in job.measures) < 1
    assert job.measures[-1].series == LOSS_KEPT_APART
    assert np.isfinite(trained.logits(TEXTS, Job())).all()


def test_short_memory_makes_batches_smaller_and_says_so(bases, monkeypatch):
    _short_of_memory(monkeypatch, most_texts=2)
    job = Job()
    train(bases("bert"), job=job)
    assert job.log == ["Memory was short: from here on, 2 texts at a time."]


def test_too_little_memory_is_said_with_a_remedy(bases, monkeypatch):
    _short_of_memory(monkeypatch, most_texts=0)
    with pytest.raises(TooLittleMemoryError):
        train(bases("bert"))


def _short_of_memory(monkeypatch, *, most_texts):
    forward = BertForSequenceClassification.forward

    def greedy(self, input_ids=None, **more):
        if self.training and len(input_ids) > most_texts:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return forward(self, input_ids=input_ids, **more)

    monkeypatch.setattr(BertForSequenceClassification, "forward", greedy)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("[enforce fail] PytorchStreamWriter failed writing file data/1"),
        SafetensorError("I/O error: No space left on device (os error 28)"),
    ],
)
def test_a_full_disk_is_said_in_our_words(bases, monkeypatch, error):
    def full(*_arguments, **_more):
        raise error

    monkeypatch.setattr(Trainer, "_save_checkpoint", full)
    with pytest.raises(DiskFullError):
        train(bases("bert"), validation=KEPT)


def test_a_key_that_neither_library_nor_base_model_knows_is_named(bases):
    settings = settings_of()
    settings.model_config["hidden_dropout_prop"] = 0.1
    with pytest.raises(KeyUnknownError) as raised:
        train(bases("bert"), settings)
    assert "hidden_dropout_prob" in raised.value.next_step


def test_what_the_base_model_and_its_tokenizer_know_is_handed_on(bases):
    settings = settings_of()
    settings.model_config.update(hidden_dropout_prob=0.3, torch_dtype="torch.bfloat16")
    settings.tokenizer_config.update(model_max_length=9.0)
    trained = train(bases("bert"), settings)
    assert trained.network.config.hidden_dropout_prob == 0.3
    assert trained.network.dtype == torch.bfloat16
    assert trained.max_tokens == 9


def test_what_a_library_has_against_values_is_said_in_a_sentence(bases):
    with pytest.raises(LibraryRefusesError, match="nonsense"):
        train(bases("bert"), settings_of(lr_scheduler_type="nonsense"))


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a computer without CUDA")
def test_quantized_weights_are_refused_without_a_graphics_processor(bases):
    settings = settings_of()
    settings.model_config["quantization_config"] = {"load_in_8bit": True}
    with pytest.raises(NoGraphicsProcessorError, match="quantization_config"):
        train(bases("bert"), settings)


def test_where_files_go_is_the_jobs_business_and_said_so(bases):
    job = Job()
    train(bases("bert"), settings_of(output_dir="mine", dataloader_num_workers=2), job)
    assert [line.split("”")[0] for line in job.log] == ["“output_dir", "“dataloader_num_workers"]


def test_a_model_without_a_mark_that_fills_up_takes_the_one_that_ends(bases, tmp_path):
    folder = make_tiny(tmp_path / "base", "gpt2")
    path = folder / "tokenizer_config.json"
    words = {k: v for k, v in json.loads(path.read_text()).items() if k != "pad_token"}
    path.write_text(json.dumps(words))
    tokenizer = tokenizer_of(folder, settings_of())
    assert tokenizer.pad_token == tokenizer.eos_token
    assert train(folder).network.config.pad_token_id == tokenizer.eos_token_id


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json"])
def test_a_damaged_file_of_a_kept_network_is_noticed(bases, tmp_path, file):
    train(bases("bert")).save(tmp_path)
    (tmp_path / file).write_bytes((tmp_path / file).read_bytes()[:-200])
    with pytest.raises((WeightsDamagedError, LibraryRefusesError)):
        hugging_face.load(tmp_path, concepts=CONCEPTS, settings=settings_of(), base=None)


@pytest.mark.parametrize("kind", [HuggingFaceClassifierSettings, HuggingFaceLoraClassifierSettings])
def test_a_training_goes_on_from_an_earlier_version(bases, tmp_path, kind):
    base = bases("gpt_neo")
    first = train(base, settings_of(kind, num_train_epochs=4), validation=KEPT)
    first.save(tmp_path)
    still = settings_of(kind, num_train_epochs=1, learning_rate=0.0)
    second = train(base, still, start_from=tmp_path)
    assert np.allclose(second.logits(TEXTS, Job()), first.logits(TEXTS, Job()), atol=1e-4)


def test_a_training_cannot_go_on_from_one_of_another_kind(bases, tmp_path):
    with pytest.raises(OtherStartError):
        train(bases("bert"), start_from=tmp_path)


SLOW = """
import sys, time
from pathlib import Path
sys.path[:0] = {paths!r}
from tests.core import test_hugging_face as module
from transformers import Trainer
step = Trainer.training_step
def slow(*arguments):
    time.sleep(0.2)
    return step(*arguments)
Trainer.training_step = slow
module.train(Path({base!r}), module.settings_of(**{trainer!r}), checkpoints=Path({folder!r}))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no signal ends a process so there")
def test_a_killed_training_ends_as_one_that_was_never_interrupted(bases, tmp_path):
    base, trainer = (
        bases("bert"),
        {"num_train_epochs": 6, "save_strategy": "steps", "save_steps": 3},
    )
    folder = tmp_path / "checkpoints"
    code = SLOW.format(
        paths=[str(ROOT)],
        base=str(base),
        folder=str(folder),
        trainer=trainer,
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path)
    try:
        while not list(folder.glob("checkpoint-*/whole.json")):
            assert process.poll() is None
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    job = Job()
    resumed = train(base, settings_of(**trainer), job, checkpoints=folder)
    assert job.log == ["Going on from where the training was broken off."]
    assert job.measures[0].step > 0.5
    whole = train(base, settings_of(**trainer))
    assert np.allclose(resumed.logits(TEXTS, Job()), whole.logits(TEXTS, Job()), atol=1e-5)


def test_a_damaged_checkpoint_and_one_of_other_texts_are_passed_over(bases, tmp_path):
    base = bases("bert")
    whole = train(base, checkpoints=tmp_path)
    for damaged in tmp_path.glob("checkpoint-*/optimizer.pt"):
        damaged.write_bytes(damaged.read_bytes() + b"x")
    job = Job()
    again = train(base, job=job, checkpoints=tmp_path)
    assert job.log == []
    assert np.array_equal(again.logits(TEXTS, Job()), whole.logits(TEXTS, Job()))
    job = Job()
    train(base, settings_of(learning_rate=1e-3), job, checkpoints=tmp_path)
    assert job.log == []
    assert not list(tmp_path.rglob("training_args.bin"))
