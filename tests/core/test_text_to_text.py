"""Training models that write, on tiny random networks: learning, stopping, going on, keeping."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.jobs import Job, JobCancelled
from core.learning.damage import ModelDamagedError
from core.learning.text_to_text import (
    Generation,
    Pair,
    TextToText,
    fit,
    load,
    save,
)
from core.learning.text_to_text.saving import BaseNeededError
from core.learning.text_to_text.training import TooFewPairsError, split
from core.learning.text_to_text_settings import OwnTextToTextSettings
from tests.core.tiny_models import make_tiny

SETTINGS = OwnTextToTextSettings(
    num_train_epochs=12,
    batch_size=4,
    learning_rate=1e-2,
    max_tokens=48,
    max_new_tokens=8,
    prompt_template="{text} ->",
    patience=100,
    device="cpu",
)
SHORT = replace(SETTINGS, num_train_epochs=3)
PAIRS = [
    Pair(text + end, answer)
    for text, answer in (("you have won", "reward"), ("see you at", "late"))
    for end in (" today", " tonight", " now", " here", " again", "!", "?", " soon")
]
TEXTS = ["you have won today", "see you at eight", "you have won"]


@pytest.fixture(scope="module")
def bases(tmp_path_factory):
    made = {}

    def find(family="gpt_neo"):
        if family not in made:
            made[family] = make_tiny(tmp_path_factory.mktemp(family), family)
        return made[family]

    return find


@pytest.fixture(scope="module")
def model(bases):
    return fit(PAIRS, settings=SETTINGS, base=bases(), job=Job())


@pytest.mark.parametrize("family", ["gpt_neo", "llama", "t5"])
def test_a_causal_and_an_encoder_decoder_model_learn_to_answer_and_to_end(bases, family):
    learned = fit(PAIRS, settings=SETTINGS, base=bases(family), job=Job())
    assert learned.generate(TEXTS) == ["reward", "late", "reward"]


def test_the_untrained_base_model_answers_through_the_same_class(bases):
    base = TextToText.untrained(bases(), SETTINGS)
    assert base.generate(TEXTS) != ["reward", "late", "reward"]


def test_the_same_seed_trains_the_same_model_again(bases):
    first, again = (fit(PAIRS, settings=SHORT, base=bases(), job=Job()) for _time in range(2))
    for one, other in zip(first.network.parameters(), again.network.parameters(), strict=True):
        assert torch.equal(one, other)


def test_training_draws_its_curves_and_reports(bases):
    job = Job()
    fit(PAIRS, settings=replace(SETTINGS, num_train_epochs=2), base=bases(), job=job)
    assert {point.series for point in job.measures} == {"Loss", "Loss on texts kept apart"}


def test_a_saved_model_answers_as_before_and_names_no_place(model, tmp_path):
    save(model, tmp_path)
    again = load(tmp_path)
    assert again.generate(TEXTS) == model.generate(TEXTS)
    assert np.array_equal(
        again.choice_probabilities(TEXTS, ["reward", "late"]),
        model.choice_probabilities(TEXTS, ["reward", "late"]),
    )
    kinds = {path.suffix for path in tmp_path.iterdir()}
    assert kinds <= {".json", ".safetensors", ".txt"}
    for path in tmp_path.glob("*.json"):
        assert str(model.folder.parent) not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["text_to_text.json", "model.safetensors", "tokenizer.json"])
def test_a_damaged_model_is_told_of(model, tmp_path, name):
    save(model, tmp_path)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:20])
    with pytest.raises(ModelDamagedError):
        load(tmp_path)


def test_lora_keeps_only_what_was_learned_and_the_name_of_its_base(bases, tmp_path):
    settings = replace(SHORT, what_learns="lora", learning_rate=3e-2)
    learned = fit(PAIRS, settings=settings, base=bases(), base_identity=("tiny", "1"), job=Job())
    assert learned.generate(TEXTS) != TextToText.untrained(bases(), settings).generate(TEXTS)
    save(learned, tmp_path)
    assert not (tmp_path / "model.safetensors").exists()
    assert json.loads((tmp_path / "text_to_text.json").read_text())["base"] == {
        "name": "tiny",
        "identity": "1",
    }
    assert load(tmp_path, bases()).generate(TEXTS) == learned.generate(TEXTS)
    with pytest.raises(BaseNeededError, match="tiny"):
        load(tmp_path)


@pytest.mark.parametrize("what", ["everything", "lora"])
def test_a_training_goes_on_from_an_earlier_version(bases, tmp_path, what):
    settings = replace(SHORT, what_learns=what, learning_rate=2e-2)
    save(fit(PAIRS, settings=settings, base=bases(), job=Job()), tmp_path)
    begins = []
    for start in (None, tmp_path):
        job = Job()
        fit(
            PAIRS,
            settings=replace(settings, num_train_epochs=1, learning_rate=1e-5),
            base=bases(),
            job=job,
            start_from=start,
        )
        begins.append(next(p.value for p in job.measures if p.series.startswith("Loss on")))
    assert begins[1] < begins[0] - 0.1


class StoppedJob(Job):
    """A job whose analyst stops, or asks to finish, after some reports."""

    def __init__(self, n_reports, *, finishes=False):
        super().__init__()
        self._n_left, self._finishes = n_reports, finishes

    def report(self, *args):
        self._n_left -= 1
        if self._n_left == 0:
            (self.finish if self._finishes else self.cancel)()
        super().report(*args)


def test_a_training_that_was_broken_off_goes_on_and_ends_as_if_nothing_had_been(bases, tmp_path):
    whole = fit(PAIRS, settings=SHORT, base=bases(), job=Job())
    with pytest.raises(JobCancelled):
        fit(PAIRS, settings=SHORT, base=bases(), job=StoppedJob(42), checkpoints=tmp_path)
    job = Job()
    resumed = fit(PAIRS, settings=SHORT, base=bases(), job=job, checkpoints=tmp_path)
    assert any("Going on" in line for line in job.log)
    for one, other in zip(whole.network.parameters(), resumed.network.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_training_that_is_asked_to_finish_keeps_the_best_so_far(bases):
    learned = fit(PAIRS, settings=SETTINGS, base=bases(), job=StoppedJob(32, finishes=True))
    assert 0 < learned.report["n_epochs"] < SETTINGS.num_train_epochs
    assert learned.generate(["you have won"])


def test_training_without_pairs_is_refused(bases):
    with pytest.raises(TooFewPairsError):
        fit([], settings=SETTINGS, base=bases(), job=Job())


def test_pairs_of_the_same_text_are_never_on_both_sides():
    pairs = [Pair(f"text {i // 3}", f"answer {i}") for i in range(60)]
    learned, kept = split(pairs, SETTINGS)
    assert len(kept) == 6
    assert not {p.text for p in learned} & {p.text for p in kept}
    assert split(pairs[:1], SETTINGS) == (pairs[:1], [])


def test_the_whole_text_is_learned_where_that_is_asked(bases):
    settings = replace(SETTINGS, learns_prompt=True, num_train_epochs=1)
    job = Job()
    fit(PAIRS, settings=settings, base=bases(), job=job)
    whole = job.measures[-1].value
    assert np.isfinite(whole)


def test_texts_with_sections_are_answered_with_and_without_them(bases):
    rows = [Pair(f"### Human: {p.text} ### Assistant:", p.target) for p in PAIRS]
    learned = fit(rows, settings=SHORT, base=bases(), job=Job())
    seen = learned.prompt_text("you have won")
    assert seen == "### Human: you have won ### Assistant:"
    assert learned.prompt_text("### Human: you have won") == seen
    answers = learned.generate(["you have won", "### Human: you have won"])
    assert answers[0] == answers[1]


def test_each_choice_is_as_likely_as_the_model_finds_it(model):
    shares = model.choice_probabilities(TEXTS, ["reward", "late", "something else"])
    assert shares.shape == (3, 3)
    assert np.allclose(shares.sum(axis=1), 1)
    assert shares.argmax(axis=1).tolist() == [0, 1, 0]


@pytest.mark.parametrize("family", ["gpt_neo", "opt", "llama", "bart"])
def test_choices_are_scored_alike_alone_and_together(bases, family):
    base = TextToText.untrained(bases(family), SETTINGS)
    choices = ["reward", "late, most of all", "x"]
    together = base.choice_probabilities(TEXTS, choices)
    alone = [base.choice_probabilities([text], choices)[0] for text in TEXTS]
    assert np.allclose(together, alone, atol=1e-5)


def test_choices_are_scored_by_the_loss_that_training_has(bases):
    base = TextToText.untrained(bases(), SETTINGS)
    from core.learning.text_to_text import encode

    choices = ["reward", "late, most of all"]
    losses = []
    for choice in choices:  # as transformers counts it
        one = encode(
            Pair(TEXTS[0], choice), base.reader, template=SETTINGS.prompt_template, max_tokens=48
        )
        ids = torch.tensor([one.ids])
        labels = torch.tensor([one.labels(learns_prompt=False)])
        losses.append(float(base.network(input_ids=ids, labels=labels).loss.detach()))
    expected = torch.tensor(losses).neg().softmax(dim=0).tolist()
    assert base.choice_probabilities(TEXTS[:1], choices)[0].tolist() == pytest.approx(
        expected, abs=1e-5
    )


def test_answers_stop_at_once_when_the_analyst_does(model):
    with pytest.raises(JobCancelled):
        model.generate(TEXTS, Generation(max_new_tokens=8), StoppedJob(2))
