from dataclasses import astuple

import numpy as np
import pytest

from core.changes import Changes
from core.jobs import Job, JobCancelled
from core.learning.bounds import Bounds
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.extrapolation import Points, forecast
from core.learning.growth import LearningCurve
from core.learning.learning_curve import (
    LEARNING,
    Round,
    draw_share,
    learning_curve,
)
from core.learning.splits import stratified_folds
from core.operations.accept_suggestions import AcceptSuggestionsRequest, accept_suggestions
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.learning_curve import (
    LearningCurveRequest,
    measure_learning_curve,
    read_learning_curve,
)
from core.operations.split_inputs import SplitRequest, split_inputs
from core.operations.suggest import SuggestRequest, suggest
from core.operations.train import TrainRequest, train
from core.storage.filters import InputFilter
from core.storage.learning_curves import find_learning_curve
from core.storage.models import delete_model_version, find_model_version

N_CONCEPTS = 4


class World:
    """Texts, and models whose errors fall as `lasting + lost * (n / n_now) ** -exponent`.

    A text is hard or easy for all models alike, mostly; models differ by what they were shown.
    """

    def __init__(self, seed, n_now, n_checked, n_rounds=1, lost=None):
        self.random = np.random.default_rng(seed)
        self.n_now, self.seed, self.spread = n_now, seed, 0.15
        self.lasting = self.random.uniform(0.0, 0.2)
        self.lost = self.random.uniform(0.02, 0.3) if lost is None else lost
        self.exponent = self.random.uniform(0.25, 0.9)
        n_texts = n_now + n_checked
        self.concepts = self.random.integers(0, N_CONCEPTS, n_texts)
        self.targets = np.eye(N_CONCEPTS, dtype=np.int8)[self.concepts]
        self.groups = np.arange(n_texts)
        self.hardness = self.random.random(n_texts)
        self.rounds = [Round(np.arange(n_now), np.arange(n_now, n_texts))]
        if n_rounds > 1:
            folds = stratified_folds(self.targets, self.groups, n_rounds, seed)
            self.rounds = [
                Round(np.flatnonzero(folds != i), np.flatnonzero(folds == i))
                for i in range(n_rounds)
            ]

    def score(self, n_texts):
        return 1 - self.lasting - self.lost * (n_texts / self.n_now) ** -self.exponent

    def predict(self, learned, checked):
        n = len(checked)
        luck = self.random.normal() * self.spread / len(learned) ** 0.5
        of_its_own = self.random.random(n) < 0.3
        hardness = np.where(of_its_own, self.random.random(n), self.hardness[checked])
        is_wrong = hardness < 1 - self.score(len(learned)) + luck
        other = (self.concepts[checked] + self.random.integers(1, N_CONCEPTS, n)) % N_CONCEPTS
        return np.eye(N_CONCEPTS, dtype=bool)[np.where(is_wrong, other, self.concepts[checked])]

    def curve(self, job=None):
        return learning_curve(
            self.targets,
            self.groups,
            self.rounds,
            self.predict,
            n_labelled=self.n_now,
            seed=self.seed,
            job=job or Job(),
        )


def holds(estimate, truth):
    return estimate.low <= truth <= estimate.high


@pytest.mark.slow
@pytest.mark.parametrize(("n_now", "n_checked", "n_rounds"), [(200, 200, 1), (300, 0, 5)])
def test_intervals_hold_the_truth_in_nine_of_ten_worlds(n_now, n_checked, n_rounds):
    worlds = [World(seed, n_now, n_checked, n_rounds) for seed in range(30)]
    curves = [world.curve() for world in worlds]
    told = [(w, c.accuracy) for w, c in zip(worlds, curves, strict=True) if c.accuracy]
    assert len(told) >= 27
    now = [holds(c.points[-1].accuracy, w.score(c.points[-1].n_texts))
           for w, c in zip(worlds, curves, strict=True)]  # fmt: skip
    then = [holds(told_of.score, world.score(2 * n_now)) for world, told_of in told]
    gain = [
        holds(told_of.gain, world.score(2 * n_now) - world.score(n_now)) for world, told_of in told
    ]
    assert min(np.mean(now), np.mean(then), np.mean(gain)) >= 0.9


def exact(scores, spread=1e-8):
    scores = np.asarray(scores, float)
    held_out = np.random.default_rng(0).normal(0, spread**0.5, (1_000, len(scores)))
    return Points(
        np.array([250.0, 500, 750, 1000]), scores, held_out, spread, np.full(4, spread), 14
    )


@pytest.mark.parametrize("exponent", [0.3, 0.5, 0.8])
def test_a_clean_curve_is_continued_as_it_is(exponent):
    score = lambda n: 0.95 - 0.1 * (n / 1000) ** -exponent  # noqa: E731
    found = forecast(exact([score(n) for n in (250, 500, 750, 1000)]), 1000, 1)
    assert found.n_texts == 2000
    assert found.score.value == pytest.approx(score(2000), abs=0.005)
    assert found.gain.value == pytest.approx(score(2000) - score(1000), abs=0.005)


def test_a_flat_curve_says_that_more_brings_little():
    found = forecast(exact([0.8] * 4), 1000, 1)
    assert abs(found.gain.value) < 0.001
    assert found.gain.high < 0.005


def test_a_noisy_curve_tells_nothing():
    assert forecast(exact([0.5, 0.7, 0.4, 0.6], spread=0.05**2), 1000, 1) is None


@pytest.mark.parametrize("scores", [(0.1, 0.5, 0.9, 1.0), (0.02, 0.01, 0.0, 0.0), (1.0,) * 4])
@pytest.mark.parametrize("spread", [1e-8, 1e-4])
def test_no_forecast_leaves_what_a_score_can_be(scores, spread):
    found = forecast(exact(scores, spread), 1000, 1)
    if found is not None:
        assert 0 <= found.score.low <= found.score.value <= found.score.high <= 1
        assert -1 <= found.gain.low <= found.gain.value <= found.gain.high <= 1


def test_the_same_seed_gives_the_same_curve_and_json_keeps_it():
    curve = World(3, 200, 200).curve()
    assert curve == World(3, 200, 200).curve()
    assert curve != World(4, 200, 200).curve()
    assert LearningCurve.from_json(curve.to_json()) == curve


def test_models_that_are_always_right_are_still_not_proven_so():
    world = World(1, 200, 100, lost=0.0)
    world.lasting = world.spread = 0.0
    point = world.curve().points[0]
    assert point.accuracy.value == 1
    assert 0.95 < point.accuracy.low < 0.97  # Wilson's for 100 of 100


def test_every_share_is_stratified_and_lacks_no_concept():
    random = np.random.default_rng(5)
    concepts = np.concatenate([random.integers(0, 3, 397), [3, 3, 4]])
    targets = np.eye(5, dtype=np.int8)[concepts]
    pool = random.permutation(400)
    for quarters in (1, 2, 3, 4):
        rows = draw_share(targets, np.arange(400), pool, quarters, seed=7)
        counts, drawn = targets.sum(axis=0), targets[rows].sum(axis=0)
        assert len(set(rows.tolist())) == len(rows)
        assert (abs(drawn[:3] - quarters * counts[:3] / 4) <= 1).all()
        assert (drawn[3:] >= 1).all()
    assert sorted(rows) == sorted(pool)


def test_equal_texts_are_drawn_together():
    targets = np.eye(2, dtype=np.int8)[np.arange(80) % 2]
    groups = np.arange(80) % 20  # each text four times
    rows = draw_share(targets, groups, np.arange(80), 2, seed=1)
    drawn = np.bincount(groups[rows], minlength=20)
    assert set(drawn) == {0, 4}


def test_progress_counts_every_model():
    job = Job()
    world = World(0, 40, 30)
    seen = []
    job.publish = lambda event: seen.append(astuple(event))
    curve = world.curve(job)
    n_models = sum(point.n_models for point in curve.points)
    learning = [tuple(counts) for stage, *counts in seen if stage == LEARNING]
    assert learning == [(i, n_models) for i in range(n_models + 1)]


TOPICS = {
    "refund": ["money", "back", "refund", "please", "return", "order", "paid"],
    "delivery": ["parcel", "late", "where", "driver", "order", "street", "today"],
    "login": ["password", "account", "cannot", "enter", "reset", "please", "today"],
}


@pytest.fixture
def trained_app(app, fake_embedder):
    """An app with a model “letters” of three concepts that share some of their words."""
    random = np.random.default_rng(8)
    everywhere = sorted({word for words in TOPICS.values() for word in words})
    for concept, words in TOPICS.items():
        texts = tuple(
            " ".join([*random.choice(words, 3), *random.choice(everywhere, 3), f"n{concept}{i}"])
            for i in range(40)
        )
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    train(app, TrainRequest("letters", settings=SETTINGS), Job())
    return app


SETTINGS = EmbeddingClassifierSettings(enrich_dataset="Disabled")
ASKED = LearningCurveRequest("letters")


def test_scores_rise_with_the_texts_of_a_model(trained_app, db):
    result = measure_learning_curve(trained_app, ASKED, Job())
    points = result.curve.points
    assert [point.share for point in points] == [0.25, 0.5, 0.75, 1.0]
    assert [point.n_texts for point in points] == [24, 48, 72, 96]  # of four folds out of five
    assert (result.curve.n_rounds, result.curve.n_checked, result.curve.n_labelled) == (5, 120, 120)
    for score in ("f1", "accuracy"):
        first, last = (getattr(points[i], score).value for i in (0, -1))
        assert last > first + 0.02
        steps = np.diff([getattr(point, score).value for point in points])
        assert (steps > -0.02).all()
    assert result.changes == Changes.MODELS
    version = find_model_version(db, "letters")
    kept = read_learning_curve(trained_app, ASKED, Job())
    assert (kept.curve, kept.advice) == (result.curve, result.advice)
    measure_learning_curve(trained_app, ASKED, Job())  # takes the place of the first
    delete_model_version(db, version.id)
    assert find_learning_curve(db, version.id) is None


def test_all_texts_give_the_scores_of_the_stored_model(trained_app):
    split_inputs(trained_app, SplitRequest(InputFilter(), 60, 0, 40), Job())
    evaluation = train(trained_app, TrainRequest("letters", settings=SETTINGS), Job()).evaluation
    curve = measure_learning_curve(trained_app, ASKED, Job()).curve
    assert (curve.n_rounds, curve.n_checked) == (1, evaluation.report["n_texts"])
    last = curve.points[-1]
    assert last.n_texts == curve.n_labelled
    assert last.accuracy.value == pytest.approx(evaluation.report["top1_accuracy"])
    assert last.f1.value == pytest.approx(evaluation.report["macro_avg_f1_score"])


def test_a_concept_that_stands_for_itself_has_a_curve_too(trained_app):
    settings = EmbeddingClassifierSettings(
        enrich_dataset="Disabled", concepts_mutually_exclusive="false"
    )
    train(trained_app, TrainRequest("letters", settings=settings), Job())
    points = measure_learning_curve(trained_app, ASKED, Job()).curve.points
    assert points[-1].accuracy.value > points[0].accuracy.value


def test_a_single_concept_is_told_from_our_own_sentences(app, fake_embedder):
    texts = tuple(f"win a free prize number {i}" for i in range(60))
    add_texts(app, AddTextsRequest(texts, ("spam",)), Job())
    train(app, TrainRequest("letters"), Job())
    curve = measure_learning_curve(app, ASKED, Job()).curve
    assert curve.points[-1].accuracy.value > 0.9


@pytest.fixture
def accepted(trained_app):
    """The app with 30 more texts whose labels were accepted from its model and read by nobody."""
    words = list(TOPICS.values())
    texts = [f"{' '.join(words[i % 3][:4])} unread{i}" for i in range(30)]
    add_texts(trained_app, AddTextsRequest(tuple(texts), ()), Job())
    suggest(trained_app, SuggestRequest("letters"), Job())
    accept_suggestions(trained_app, AcceptSuggestionsRequest(Bounds(0.0, 0.0)), Job())
    return trained_app


def test_labels_that_nobody_read_teach_and_check_nothing(accepted, monkeypatch):
    train(accepted, TrainRequest("letters", settings=SETTINGS), Job())
    seen = []
    monkeypatch.setattr(
        "core.learning.embedding_classifier.refitting.learning_curve",
        lambda targets, groups, rounds, *rest, **others: (
            seen.extend(rounds) or learning_curve(targets, groups, rounds, *rest, **others)
        ),
    )
    curve = measure_learning_curve(accepted, ASKED, Job()).curve
    assert (curve.n_labelled, curve.n_checked) == (150, 120)
    unread = set(range(120, 150))
    assert all(not unread & set(one.checked.tolist()) for one in seen)
    assert any(unread & set(one.pool.tolist()) for one in seen)


def test_where_nearly_all_labels_were_read_by_nobody_that_is_said(app, fake_embedder, refused):
    words = list(TOPICS.values())
    for concept, some in TOPICS.items():
        texts = tuple(f"{' '.join(some[:3])} read{i}" for i in range(6))
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    train(app, TrainRequest("letters", settings=SETTINGS), Job())
    more = tuple(f"{' '.join(words[i % 3][:4])} unread{i}" for i in range(60))
    add_texts(app, AddTextsRequest(more, ()), Job())
    suggest(app, SuggestRequest("letters"), Job())
    accept_suggestions(app, AcceptSuggestionsRequest(Bounds(0.0, 0.0)), Job())
    train(app, TrainRequest("letters", settings=SETTINGS), Job())
    what, next_step = refused("learning-curve", app.path, "letters")
    assert what.startswith("18 texts have labels that a person read")
    assert "12 more" in next_step


def test_too_few_texts_are_refused(labelled_app, fake_embedder, refused):
    train(labelled_app, TrainRequest("letters"), Job())
    what, next_step = refused("learning-curve", labelled_app.path, "letters")
    assert what == "20 labelled texts are too few to say what more would bring."
    assert next_step == "Label at least 20 more, train again, and ask again then."


@pytest.mark.parametrize("patience", [0, 1, 5, 200])
def test_a_stopped_measurement_leaves_nothing(trained_app, db, impatient, patience):
    with pytest.raises(JobCancelled):
        measure_learning_curve(trained_app, ASKED, impatient(patience))
    assert find_learning_curve(db, find_model_version(db, "letters").id) is None


def test_the_command_prints_points_forecast_and_advice(trained_app, run, run_json):
    value = run_json("learning-curve", trained_app.path, "letters", "--number", 1)
    assert [point["n_texts"] for point in value["points"]] == [24, 48, 72, 96]
    assert value["advice"][0]["kind"] in ("labels-pay", "labels-bring-little", "cannot-be-told")
    out = run("learning-curve", trained_app.path, "letters")
    lines = out.splitlines()
    assert lines[0].split()[:3] == ["Texts", "Macro", "F1"]
    assert sum(line.endswith("measured") for line in lines) == 4
    assert value["advice"][0]["words"] in lines
