"""The deep classifier of our own: learning, answering, keeping, going on."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModel

from core.jobs import Job, JobCancelled, Progress
from core.learning import text_classifier
from core.learning.embedding_classifier import (
    ModelDamagedError,
    NoNegativesError,
    NoPositivesError,
)
from core.learning.fine_tuning import loop, padded
from core.learning.text_classifier import CannotGoOnError, contrastive, network
from core.learning.text_classifier.bert import QuickDropout
from core.learning.text_classifier.network import base_network, read_config
from core.learning.text_classifier.words import load_words
from core.learning.text_classifier_settings import (
    ContrastiveSettings,
    EncoderLoraSettings,
    FullFineTuningSettings,
)
from tests.core.tiny_models import make_sentence_transformer, make_tiny

ROOT = Path(__file__).resolve().parents[2]
CARD = ("my card has not arrived", "the card is late again", "where is my card", "card not here")
PRIZE = ("you have won a prize", "claim your cash prize", "free cash for you", "a free reward now")
TEXTS = [f"{text} {i}" for i in range(4) for text in (*CARD, *PRIZE)]
TARGETS = np.array([[1, 0] if "card" in t else [0, 1] for t in TEXTS], np.int8)
CONCEPTS = ("card", "prize")
QUICK = {"num_train_epochs": 6, "learning_rate": 3e-3, "max_tokens": 32}
FULL = FullFineTuningSettings(**QUICK)
LORA = EncoderLoraSettings(**{**QUICK, "learning_rate": 2e-2}, lora_rank=4)
FEW = ContrastiveSettings(learning_rate=1e-3, max_tokens=32)
WAYS = pytest.mark.parametrize("settings", [FULL, LORA, FEW], ids=["full", "lora", "few"])


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return make_tiny(tmp_path_factory.mktemp("base") / "bert")


def fit(base, settings=FULL, texts=TEXTS, targets=TARGETS, concepts=CONCEPTS, **more):
    more.setdefault("job", Job())
    return text_classifier.fit(
        texts, targets, concepts=concepts, settings=settings, base=base, **more
    )


def answers(model, texts=TEXTS):
    return model.probabilities(texts, None, Job())


@WAYS
def test_it_learns_what_it_is_shown_and_a_loaded_model_says_exactly_the_same(
    base, tmp_path, settings
):
    model = fit(base, settings)
    model.save(tmp_path)
    loaded = text_classifier.load(tmp_path, base)

    said = answers(model)
    assert (said.argmax(axis=1) == TARGETS.argmax(axis=1)).mean() > 0.9
    assert np.allclose(said.sum(axis=1), 1, atol=1e-5)
    assert np.array_equal(said, answers(loaded))
    assert loaded.concepts == CONCEPTS
    assert loaded.settings == settings
    assert loaded.stands_on_base is (settings is LORA)
    assert loaded.about == model.about
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} == {
        ".json",
        ".safetensors",
    }


@WAYS
def test_the_same_seed_gives_the_same_model_again(base, settings):
    assert np.array_equal(answers(fit(base, settings)), answers(fit(base, settings)))


@pytest.mark.parametrize(
    "family",
    [
        *("roberta", "distilbert", "mpnet", "electra", "albert", "deberta-v2", "modernbert"),
        *("xlm-roberta", "camembert", "gpt2", "gpt_neo", "opt", "llama", "qwen2"),
    ],
)
def test_every_family_learns_and_is_kept(tmp_path, family):
    base = make_tiny(tmp_path / "base", family)
    (tmp_path / "model").mkdir()
    model = fit(base, replace(FULL, num_train_epochs=1))

    model.save(tmp_path / "model")

    assert np.array_equal(answers(model), answers(text_classifier.load(tmp_path / "model")))


@pytest.mark.parametrize("family", ["roberta", "gpt2"])
def test_matrices_can_be_put_beside_other_families(tmp_path, family):
    base = make_tiny(tmp_path / "base", family)
    (tmp_path / "model").mkdir()
    model = fit(base, replace(LORA, num_train_epochs=1))

    model.save(tmp_path / "model")

    loaded = text_classifier.load(tmp_path / "model", base)
    assert np.array_equal(answers(model), answers(loaded))


def test_our_bert_says_what_that_of_transformers_says(base):
    ours = base_network(base, 2).eval()
    theirs = AutoModel.from_pretrained(base, local_files_only=True).eval()
    ids, mask = padded([[2, 9, 8, 7, 3], [2, 5, 3]], 0, torch.device("cpu"))

    with torch.no_grad():
        said = ours.encoder(ids, mask)
        expected = theirs(input_ids=ids, attention_mask=mask).last_hidden_state
    learning = ours.encoder(ids, mask)

    assert torch.allclose(said[mask == 1], expected[mask == 1], atol=1e-5)
    assert torch.allclose(learning[mask == 1], expected[mask == 1], atol=1e-5)


def test_leaving_words_aside_changes_nothing_but_the_time(base):
    windows = load_words(base, 32).read(TEXTS, Job(), "")
    whole = base_network(base, 2).eval()
    part = base_network(base, 2).eval()
    part.load_state_dict(whole.state_dict())
    part.forget_words(windows, 0)
    few = part.encoder.get_input_embeddings().weight
    assert len(few) < len(whole.encoder.get_input_embeddings().weight) // 2

    assert torch.equal(whole(windows, 0), part(windows, 0))
    with torch.no_grad():
        few += 1.0
    part.remember_words()

    learned = part.encoder.get_input_embeddings().weight
    known = sorted({i for window in windows for i in window} | {0})
    others = [i for i in range(len(learned)) if i not in known]
    before = whole.encoder.get_input_embeddings().weight
    assert torch.equal(learned[others], before[others])
    assert torch.equal(learned[known], before[known] + 1.0)


def test_values_are_left_out_at_random_and_the_others_make_up_for_them():
    values = QuickDropout(0.25).train()(torch.ones(1000, 7))

    assert float((values == 0).float().mean()) == pytest.approx(0.25, abs=0.03)
    assert float(values.mean()) == pytest.approx(1, abs=0.03)
    assert torch.equal(QuickDropout(0.25).eval()(torch.ones(3)), torch.ones(3))


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_a_sentence_encoder_is_pooled_as_it_says(tmp_path, pooling):
    base = make_sentence_transformer(tmp_path, pooling=pooling)

    found = network.pooling_of(base, read_config(base))

    assert found == {"mean": "mean", "cls": "first"}[pooling]
    assert network.most_positions(read_config(base), base) == 64


def test_a_model_that_writes_is_read_from_its_last_token(tmp_path):
    base = make_tiny(tmp_path, "gpt2")

    assert network.pooling_of(base, read_config(base)) == "last"


def test_several_concepts_per_text_are_judged_alone(base):
    both = [*TEXTS, *(f"{a} and {b}" for a, b in zip(CARD, PRIZE, strict=True))]
    targets = np.vstack([TARGETS, np.ones((4, 2), np.int8)])

    model = fit(base, replace(FULL, num_train_epochs=20), both, targets)

    assert not model.is_exclusive
    said = answers(model, both)
    assert ((said > 0.5) == targets).mean() > 0.9


def test_texts_about_none_of_the_concepts_are_learned_from(base):
    texts = [*TEXTS, *(f"the brown fox jumps over {i}" for i in range(16))]
    targets = np.vstack([TARGETS, np.zeros((16, 2), np.int8)])

    model = fit(base, replace(FULL, num_train_epochs=12), texts, targets)

    surest = answers(model, texts).max(axis=1)
    assert surest[32:].mean() < surest[:32].mean() - 0.2


def test_texts_that_teach_nothing_are_refused(base):
    with pytest.raises(NoPositivesError):
        fit(base, targets=TARGETS * np.array([1, 0], np.int8))
    with pytest.raises(NoNegativesError) as refused:
        fit(base, targets=np.ones((32, 1), np.int8), concepts=("card",))
    assert "enrich_dataset" not in refused.value.next_step  # only the quick classifier has it


def test_validation_says_when_to_stop_and_how_sure_to_be(base):
    job = Job()
    model = fit(base, validation=(TEXTS[:8], TARGETS[:8]), job=job)

    assert model.about["n_validation"] == 8
    assert model.about["validation_score"] > 0.9
    assert {m.series for m in job.measures} == {"Loss", "Score on texts kept apart"}


def test_some_texts_are_kept_apart_where_there_are_enough(base):
    texts = [f"{text} {i}" for i in range(30) for text in (*CARD, *PRIZE)]
    targets = np.array([[1, 0] if "card" in t else [0, 1] for t in texts], np.int8)

    model = fit(base, replace(FULL, num_train_epochs=1), texts, targets)

    assert model.about["n_validation"] == pytest.approx(24, abs=3)
    assert model.about["n_learned"] + model.about["n_validation"] == len(texts)


def test_each_text_is_checked_by_a_model_that_has_not_seen_it(base):
    model, told = fit(base), []
    job = Job()
    job.publish = told.append

    found = text_classifier.cross_validate(
        TEXTS, TARGETS, model=model, base=base, n_folds=2, job=job
    )

    stages = [event for event in told if isinstance(event, Progress)]
    assert {event.stage for event in stages} == {"Checking"}, "the rounds are one stage"
    assert [event.done for event in stages] == sorted(event.done for event in stages)
    assert found.n_folds == 2
    assert found.probabilities.shape == (32, 2)
    assert (found.probabilities.argmax(axis=1) == TARGETS.argmax(axis=1)).mean() > 0.8


@pytest.mark.parametrize("settings", [FULL, LORA], ids=["full", "lora"])
def test_an_earlier_version_is_gone_on_from_with_other_concepts(base, tmp_path, settings):
    fit(base, settings).save(tmp_path)
    concepts = ("new", "prize", "card")
    fox = [f"the quick brown fox {i}" for i in range(8)]
    targets = np.array([[0, 0, 1] if "card" in t else [0, 1, 0] for t in TEXTS], np.int8)
    targets = np.vstack([targets, np.tile(np.array([[1, 0, 0]], np.int8), (8, 1))])
    still = replace(settings, num_train_epochs=1, learning_rate=0.0)

    model = fit(base, still, [*TEXTS, *fox], targets, concepts, start_from=tmp_path)

    said = answers(model)[:, 1:]
    assert (said.argmax(axis=1) == TARGETS[:, ::-1].argmax(axis=1)).mean() > 0.9


def test_what_was_made_in_another_way_is_not_gone_on_from(base, tmp_path):
    fit(base).save(tmp_path)

    with pytest.raises(CannotGoOnError):
        fit(base, LORA, start_from=tmp_path)
    with pytest.raises(CannotGoOnError):
        fit(make_tiny(tmp_path / "other", hidden_size=16), start_from=tmp_path)


@WAYS
@pytest.mark.parametrize("damage", ["gone", "cut", "format"])
def test_a_damaged_model_is_said_to_be(base, tmp_path, settings, damage):
    fit(base, replace(settings, seed=1)).save(tmp_path)
    weights = next(tmp_path.glob("*.safetensors"))
    words = tmp_path / "classifier.json"
    match damage:
        case "gone":
            weights.unlink()
        case "cut":
            weights.write_bytes(weights.read_bytes()[:-4])
        case "format":
            words.write_text(json.dumps({**json.loads(words.read_text()), "format": 99}))

    with pytest.raises(ModelDamagedError):
        text_classifier.load(tmp_path, base)


def test_a_model_without_its_tokenizer_is_damaged(base, tmp_path):
    fit(base).save(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{")

    with pytest.raises(ModelDamagedError):
        text_classifier.load(tmp_path)


def test_a_version_is_small(base, tmp_path):
    fit(base).save(tmp_path)

    whole = (base / "model.safetensors").stat().st_size
    assert (tmp_path / "model.safetensors").stat().st_size < 0.6 * whole


def test_texts_without_a_visible_character_are_of_no_use():
    texts = ["words", "", "  \n\t", "\u200b\u200e", ".", "\x00", "字"]

    assert text_classifier.unusable(texts).tolist() == [1, 2, 3, 5]


def test_strange_texts_are_answered(base):
    strange = ["", "\ud800", "\x00", "word " * 5_000, "字" * 300, "🙂"]

    said = answers(fit(base), strange)

    assert np.isfinite(said).all()
    assert answers(fit(base), []).shape == (0, 2)


class Impatient(Job):
    """An analyst who asks for something after some steps."""

    def __init__(self, after, ask):
        super().__init__()
        self.after, self.ask = after, ask

    def report(self, stage, done=0, total=0):
        if stage == "Learning" and done == self.after:
            self.ask(self)
        super().report(stage, done, total)


@WAYS
def test_stop_now_stops_and_stop_and_keep_the_best_gives_a_model(base, settings):
    with pytest.raises(JobCancelled):
        fit(base, settings, job=Impatient(3, Job.cancel))

    model = fit(base, settings, job=Impatient(3, Job.finish))

    assert model.about["n_steps"] == 3
    assert answers(model).shape == (32, 2)


# What a process of its own runs: it says when it has come to a step, and waits to be ended.
CHILD = """
import sys, time
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
from tests.core import test_text_classifier as here
here.loop.CHECKPOINT_S = 0.0

def wait(_job):
    print("here", flush=True)
    time.sleep(600)

here.fit(Path(sys.argv[2]), checkpoints=Path(sys.argv[3]), job=here.Impatient(7, wait))
"""


@pytest.mark.slow
def test_a_process_that_is_killed_goes_on_and_its_model_says_the_same(base, tmp_path):
    kept = tmp_path / "kept"
    command = [sys.executable, "-c", CHILD, str(ROOT), str(base), str(kept)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "here\n"
        child.kill()
    assert len(list(kept.iterdir())) == 2
    job = Job()

    resumed = fit(base, checkpoints=kept, job=job)

    assert any("Going on after" in line for line in job.log)
    assert np.abs(answers(resumed) - answers(fit(base))).max() < 1e-3


@pytest.mark.parametrize("way", [FULL, FEW], ids=["full", "few"])
def test_memory_that_is_short_ends_in_smaller_parts(base, monkeypatch, way):
    vectors = network.Network.vectors

    def short(self, windows, padding):
        if self.training and len(windows) > 2:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to ...")
        return vectors(self, windows, padding)

    monkeypatch.setattr(network.Network, "vectors", short)
    job = Job()

    fit(base, way, job=job)

    assert any("2 texts at a time" in line for line in job.log)


def test_other_texts_do_not_go_on_from_a_checkpoint(base, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "CHECKPOINT_S", 0.0)
    kept = tmp_path / "kept"
    with pytest.raises(JobCancelled):
        fit(base, checkpoints=kept, job=Impatient(7, Job.cancel))
    job = Job()

    fit(base, texts=[*TEXTS[:-1], "another"], checkpoints=kept, job=job)

    assert not any("Going on" in line for line in job.log)


@pytest.mark.weights
@pytest.mark.slow
def test_the_built_in_base_model_learns_and_loads_without_the_large_library(tmp_path):
    from core.base_models import base_model_folder

    fit(base_model_folder(), replace(FULL, num_train_epochs=1)).save(tmp_path)
    shutil.copytree(tmp_path, tmp_path / "moved")
    code = (
        "import sys; from pathlib import Path; from core.jobs import Job\n"
        "from core.learning import text_classifier\n"
        "model = text_classifier.load(Path(sys.argv[1]))\n"
        "model.probabilities(['my card'], None, Job())\n"
        "print('transformers' in sys.modules)\n"
    )

    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "moved")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )

    assert run.stdout.strip() == "False"


def test_after_comparing_no_recipe_is_chosen_by_vectors_of_texts_the_network_has_seen(base):
    job = Tried()

    model = fit(base, FEW, job=job)

    assert model.head.recipe == contrastive.RECIPE
    assert job.names == []


class Tried(Job):
    """Remembers what was tried out."""

    def __init__(self):
        super().__init__()
        self.names = []

    def tried(self, name, *score):
        self.names.append(name)
        super().tried(name, *score)
