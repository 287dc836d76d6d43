"""Counting a narrower concept as its broader one, in a training and in what follows from it."""

import pytest

from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.edit_concepts import BroaderEdit, edit_concepts
from core.operations.evaluate import EvaluateRequest, evaluate
from core.operations.train import TrainRequest, train
from core.operations.training_data import as_broader
from core.operations.try_text import TryRequest, try_text
from core.records import FrozenInput
from core.storage.concepts import get_concept

MERGING = EmbeddingClassifierSettings(enrich_dataset="Disabled", count_narrower=True)


def test_a_narrower_concept_counts_as_the_broadest_and_its_absence_says_nothing():
    one = FrozenInput(1, "a", "", ("visa", "card"), ("loan",))
    other = FrozenInput(2, "b", "", ("loan",), ("visa", "money"))
    found = as_broader([one, other], {"visa": "card", "card": "money"})
    assert [(i.positive, i.negative) for i in found] == [
        (("money",), ("loan",)),
        (("loan",), ("money",)),
    ]


@pytest.fixture
def related_app(labelled_app):
    """Return the app with a third concept, of which ham and it are both kinds of "private"."""
    texts = ("kiss the children from me", "i miss you so much", "good night my love")
    add_texts(labelled_app, AddTextsRequest(texts, ("love",)), Job())
    add_texts(labelled_app, AddTextsRequest(("see you soon dear",), ("private",)), Job())
    with labelled_app.database() as db:
        private = get_concept(db, "private").id
        for name in ("ham", "love"):
            edit_concepts(labelled_app, BroaderEdit(get_concept(db, name).id, private), Job())
    return labelled_app


@pytest.mark.usefixtures("fake_embedder")
def test_a_model_learns_is_scored_and_answers_by_the_broader_concepts(related_app):
    trained = train(related_app, TrainRequest("merged", settings=MERGING), Job())
    assert sorted(trained.model_version.concepts) == ["private", "spam"]
    assert trained.model_version.summary["n_texts"] == 24
    scores = evaluate(related_app, EvaluateRequest("merged", dataset="texts"), Job())
    assert scores.evaluation.report["n_texts"] == 24
    answer = try_text(related_app, TryRequest("merged", text="good night my dear"), Job())
    assert answer.neighbours[0].concepts == ("private",)


@pytest.mark.usefixtures("fake_embedder")
def test_concepts_that_were_chosen_are_counted_as_broader_ones_too(related_app):
    request = TrainRequest("merged", concepts=("love", "ham", "spam"), settings=MERGING)
    version = train(related_app, request, Job()).model_version
    assert version.concepts == ("private", "spam")


@pytest.mark.usefixtures("fake_embedder")
def test_without_the_setting_every_concept_is_learned_as_it_is(related_app):
    plain = EmbeddingClassifierSettings(enrich_dataset="Disabled")
    version = train(related_app, TrainRequest("plain", settings=plain), Job()).model_version
    assert sorted(version.concepts) == ["ham", "love", "private", "spam"]
