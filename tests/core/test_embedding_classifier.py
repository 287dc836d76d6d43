import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from core.errors import UserError
from core.jobs import Job, JobCancelled
from core.learning import embedding_classifier
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.embedding_classifier import (
    ModelDamagedError,
    NoNegativesError,
    NoPositivesError,
    TooFewTextsError,
)
from core.learning.splits import groups_of

ROOT = Path(__file__).resolve().parents[2]
WORDS = {
    "sport": [
        "goal",
        "match",
        "team",
        "coach",
        "league",
        "striker",
        "referee",
        "stadium",
        "season",
        "trophy",
    ],
    "money": [
        "bank",
        "loan",
        "interest",
        "invoice",
        "price",
        "tax",
        "account",
        "credit",
        "budget",
        "salary",
    ],
    "food": [
        "soup",
        "bread",
        "cheese",
        "recipe",
        "oven",
        "butter",
        "dinner",
        "kitchen",
        "pepper",
        "salad",
    ],
}
FILLER = ["the", "a", "is", "was", "with", "for", "very", "our", "near", "on", "today", "again"]
GENERAL = [
    "river",
    "cloud",
    "window",
    "train",
    "music",
    "garden",
    "winter",
    "letter",
    "bridge",
    "doctor",
]
DIM = 24


@cache
def vector(word):
    """Return a random direction, near that of the words about the same."""
    own = np.random.default_rng(crc32(word.encode())).normal(size=DIM)
    subjects = [name for name, words in {**WORDS, "general": GENERAL}.items() if word in words]
    return sum((2 * vector(subject) for subject in subjects if subject != word), own)


def embed(texts):
    """Stand in for an embedder: the mean of a random vector per word, unit length."""
    sums = np.array([sum((vector(w) for w in t.split()), np.zeros(DIM)) for t in texts])
    return (sums / np.linalg.norm(sums, axis=1, keepdims=True).clip(min=1e-9)).astype(np.float32)


def sentences(words, n_texts, seed):
    random = np.random.default_rng(seed)
    return [" ".join([*random.choice(words, 3), *random.choice(FILLER, 4)]) for _ in range(n_texts)]


def labelled(n_per_concept, seed=0, concepts=("sport", "money", "food")):
    texts = [text for c in concepts for text in sentences(WORDS[c], n_per_concept, seed)]
    return texts, np.repeat(np.eye(len(concepts), dtype=np.int8), n_per_concept, axis=0)


def fit(texts, targets, job=None, negatives=None, **settings):
    return embedding_classifier.fit(
        texts,
        embed(texts),
        targets,
        concepts=["sport", "money", "food"][: targets.shape[1]],
        settings=EmbeddingClassifierSettings(**settings),
        job=job or Job(),
        negatives=negatives and (negatives, embed(negatives)),
    )


def predict(model, texts):
    return model.probabilities(texts, embed(texts), Job())


@pytest.fixture(scope="module")
def model():
    return fit(*labelled(30), negatives=sentences(GENERAL, 100, 5))


def test_a_concept_per_text_is_learned_and_the_probabilities_sum_to_1(model):
    texts, targets = labelled(20, seed=1)
    probabilities = predict(model, texts)
    assert model.is_exclusive
    assert probabilities.dtype == np.float32
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert np.mean(probabilities.argmax(axis=1) == targets.argmax(axis=1)) > 0.95


def test_what_is_none_of_the_concepts_is_told_and_gets_even_probabilities(model):
    strange, own = sentences(GENERAL, 40, 9), labelled(20, seed=2)[0]
    assert model.none_shares(embed(strange)).mean() > 0.5
    assert model.none_shares(embed(own)).mean() < 0.1
    assert predict(model, strange).max(axis=1).mean() < predict(model, own).max(axis=1).mean()


def test_enriching_never_changes_which_concept_comes_first():
    texts, targets = labelled(20)
    asked = labelled(30, seed=3)[0] + sentences(GENERAL, 30, 4)
    plain, enriched = fit(texts, targets), fit(texts, targets, negatives=sentences(GENERAL, 80, 5))
    first = [predict(model, asked).argmax(axis=1) for model in (plain, enriched)]
    assert np.array_equal(*first)
    assert not plain.none_shares(embed(asked)).any()


def test_several_concepts_per_text_are_judged_each_by_itself():
    words = sentences(WORDS["sport"], 40, 0), sentences(WORDS["money"], 40, 1)
    texts = [*words[0], *words[1], *(f"{a} {b}" for a, b in zip(*words, strict=True))]
    targets = np.repeat(np.array([[1, 0], [0, 1], [1, 1]], np.int8), 40, axis=0)
    model = fit(texts, targets, negatives=sentences(GENERAL, 60, 5))
    assert not model.is_exclusive
    asked = f"{sentences(WORDS['sport'], 1, 7)[0]} {sentences(WORDS['money'], 1, 7)[0]}"
    assert (predict(model, [asked])[0] > 0.5).all()
    out_of_fold = model.cross_validated.probabilities
    assert np.mean((out_of_fold > 0.5) == targets) > 0.9


@pytest.mark.parametrize(("word", "is_exclusive"), [("true", True), ("false", False)])
def test_the_settings_can_say_whether_concepts_exclude_each_other(word, is_exclusive):
    texts, targets = labelled(5)
    targets[0] = [1, 1, 0]
    model = fit(texts, targets, concepts_mutually_exclusive=word)
    assert model.is_exclusive == is_exclusive
    assert not fit(texts, targets).is_exclusive


def test_texts_without_a_concept_teach_an_exclusive_model_what_is_none_of_them():
    texts, targets = labelled(20)
    texts = texts + sentences(GENERAL, 30, 1)
    targets = np.concatenate([targets, np.zeros((30, 3), np.int8)])
    model = fit(texts, targets, concepts_mutually_exclusive="true")
    assert model.none_shares(embed(sentences(GENERAL, 20, 8))).mean() > 0.5


def test_one_concept_alone_is_told_from_general_sentences():
    texts, targets = labelled(12, concepts=("sport",))
    model = fit(texts, targets, negatives=sentences(GENERAL, 60, 5))
    assert not model.is_exclusive
    assert predict(model, sentences(WORDS["sport"], 20, 3)).mean() > 0.8
    assert predict(model, sentences(GENERAL, 20, 8)).mean() < 0.2
    assert model.cross_validated.probabilities.shape == (12, 1)


def test_one_concept_alone_needs_something_to_be_told_from():
    texts, targets = labelled(5, concepts=("sport",))
    with pytest.raises(NoNegativesError):
        fit(texts, targets)
    explicit = texts + sentences(WORDS["food"], 5, 1)
    model = fit(explicit, np.concatenate([targets, np.zeros((5, 1), np.int8)]))
    assert predict(model, texts).mean() > predict(model, explicit[5:]).mean()


def test_a_concept_without_texts_is_refused_by_name():
    texts, targets = labelled(5)
    targets[:, 1] = 0
    with pytest.raises(NoPositivesError, match="money") as refused:
        fit(texts, targets)
    assert refused.value.concept == "money"


def test_equal_texts_only_are_refused():
    with pytest.raises(TooFewTextsError):
        fit(["Goal!", "goal!"], np.eye(2, dtype=np.int8))


@pytest.mark.parametrize("n_per_concept", [1, 2, 3])
@pytest.mark.parametrize("negatives", [None, sentences(GENERAL, 40, 5)])
def test_the_fewest_texts_work(n_per_concept, negatives):
    texts, targets = labelled(n_per_concept, concepts=("sport", "money"))
    model = fit(texts, targets, negatives=negatives)
    probabilities = predict(model, texts)
    assert np.array_equal(probabilities.argmax(axis=1), targets.argmax(axis=1))
    assert np.isfinite(model.cross_validated.probabilities).all()


def test_a_concept_with_a_single_text_does_not_stop_the_others():
    texts, targets = labelled(20)
    few = [*range(40), 40]
    model = fit([texts[i] for i in few], targets[few])
    asked, expected = labelled(10, seed=4)
    right = predict(model, asked).argmax(axis=1) == expected.argmax(axis=1)
    assert right[:20].mean() > 0.9
    assert predict(model, [texts[40]]).argmax() == 2


def test_cross_validation_predicts_every_text_by_models_without_it_or_its_equals():
    texts, targets = labelled(20)
    texts, targets = texts + [t.upper() for t in texts], np.concatenate([targets] * 2)
    checked = fit(texts, targets).cross_validated
    assert checked.probabilities.shape == targets.shape
    groups = groups_of(texts)
    assert all(len(set(checked.folds[groups == group])) == 1 for group in np.unique(groups))
    assert set(checked.folds) == set(range(checked.n_folds))


def test_words_that_mean_nothing_to_labels_score_no_better_than_chance_out_of_fold():
    texts = [f"{text} {i}" for i, text in enumerate(sentences(FILLER, 120, 0))]
    targets = np.eye(2, dtype=np.int8)[np.random.default_rng(0).integers(0, 2, 120)]
    out_of_fold = fit(texts, targets).cross_validated.probabilities
    assert 0.3 < np.mean(out_of_fold.argmax(axis=1) == targets.argmax(axis=1)) < 0.7
    assert out_of_fold.max(axis=1).mean() < 0.75  # and says so


def test_wording_alone_wins_where_embeddings_know_nothing_and_predicting_needs_none():
    texts, targets = labelled(60)
    random = np.random.default_rng(0).normal(size=(len(texts), DIM)).astype(np.float32)
    model = embedding_classifier.fit(
        texts,
        random,
        targets,
        concepts=["sport", "money", "food"],
        settings=EmbeddingClassifierSettings(),
        job=Job(),
    )
    asked, expected = labelled(20, seed=6)
    wording_only = replace(model.recipe, embedding_scale=0.0)
    if model.recipe == wording_only:
        probabilities = model.probabilities(asked, None, Job())
        assert np.mean(probabilities.argmax(axis=1) == expected.argmax(axis=1)) > 0.95
    assert model.recipe.has_ngrams


def test_the_same_seed_gives_the_same_model():
    one, other = (fit(*labelled(15), negatives=sentences(GENERAL, 40, 5)) for _ in range(2))
    assert np.array_equal(one.weights, other.weights)
    assert np.array_equal(one.cross_validated.probabilities, other.cross_validated.probabilities)
    assert one.calibration == other.calibration


def test_every_candidate_is_told_and_the_stages_are_words_an_analyst_knows():
    seen = []

    class Watching(Job):
        def report(self, stage, done=0, total=0):
            seen.append(stage)
            super().report(stage, done, total)

    job = Watching()
    fit(*labelled(20), job=job)
    assert len(job.trials) >= 8
    assert all(0 <= trial.score <= 1 for trial in job.trials)
    assert set(seen) == {"Reading texts", "Learning", "Checking"}
    assert "Learned from" in job.log[-1]


@pytest.mark.parametrize("patience", [0, 1, 2, 20, 60, 150])
def test_a_training_can_be_stopped_at_any_report(impatient, patience):
    with pytest.raises(JobCancelled):
        fit(*labelled(15), job=impatient(patience), negatives=sentences(GENERAL, 40, 5))


def test_a_later_cross_validation_refits_the_same_recipe(model):
    texts, targets = labelled(30)
    checked = embedding_classifier.cross_validate(
        texts, embed(texts), targets, model=model, n_folds=4, job=Job()
    )
    assert checked.n_folds == 4
    assert np.mean(checked.probabilities.argmax(axis=1) == targets.argmax(axis=1)) > 0.9


@pytest.mark.parametrize("is_one_concept", [True, False])
def test_a_saved_model_answers_exactly_as_before(model, tmp_path, is_one_concept):
    if is_one_concept:
        model = fit(*labelled(12, concepts=("sport",)), negatives=sentences(GENERAL, 60, 5))
    model.save(tmp_path)
    assert {file.suffix for file in tmp_path.iterdir()} == {".safetensors", ".json"}
    loaded = embedding_classifier.load(tmp_path)
    texts = labelled(10, seed=8)[0] + ["", "Ünïcödé 漢字 \x00"]
    assert np.array_equal(predict(loaded, texts), predict(model, texts))
    assert np.array_equal(loaded.none_shares(embed(texts)), model.none_shares(embed(texts)))
    assert (loaded.concepts, loaded.settings) == (model.concepts, model.settings)


def _cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path):
    path.write_text("{}")


def _change_terms(path):
    if path.suffix == ".json":
        words = json.loads(path.read_text(encoding="utf-8"))
        words["terms"]["words"] = words["terms"]["words"][1:]
        path.write_text(json.dumps(words), encoding="utf-8")
    else:
        path.write_bytes(b"")


@pytest.mark.parametrize("damage", [Path.unlink, _cut, _empty, _change_terms])
@pytest.mark.parametrize("name", ["weights.safetensors", "classifier.json"])
def test_a_damaged_folder_is_a_user_error(model, tmp_path, name, damage):
    model.save(tmp_path)
    damage(tmp_path / name)
    with pytest.raises(ModelDamagedError) as refused:
        embedding_classifier.load(tmp_path)
    assert isinstance(refused.value, UserError)
    assert refused.value.next_step


def test_a_model_that_memory_is_too_small_for_is_not_called_damaged(model, tmp_path, monkeypatch):
    def full(_file):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 GB")

    model.save(tmp_path)
    monkeypatch.setattr("core.learning.embedding_classifier.saving.load_file", full)
    with pytest.raises(RuntimeError, match="allocate memory"):
        embedding_classifier.load(tmp_path)


def test_an_enormous_text_is_read_in_part(model):
    assert predict(model, ["goal match " * 500_000]).argmax() == 0


def test_no_texts_give_no_probabilities(model):
    assert predict_none(model).shape == (0, 3)


def predict_none(model):
    return model.probabilities([], np.empty((0, DIM), np.float32), Job())


def test_predicting_loads_neither_torch_nor_scikit_learn(model, tmp_path):
    model.save(tmp_path)
    script = (
        "import sys; from pathlib import Path; from core.learning import embedding_classifier;"
        "embedding_classifier.load(Path(sys.argv[1]));"
        "print([name for name in ('torch', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
