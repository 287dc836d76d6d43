"""Explaining the answers of real models, for every kind of quick classifier."""

import pytest

from core.app_folder import create_app_folder
from core.jobs import Job, JobCancelled
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.embedding_classifier import training
from core.learning.embedding_classifier.recipes import Recipe
from core.learning.explaining import Doubt
from core.operations.add_texts import AddTextsRequest, NoTextError, add_texts
from core.operations.create_sample import SampleRequest, create_sample
from core.operations.explain import ConceptNotLearnedError, ExplainRequest, explain
from core.operations.train import TrainRequest, train
from core.operations.try_text import TryRequest, try_text
from core.storage.models import ModelMissingError

RECIPES = {
    "meaning": Recipe(1.0, has_ngrams=False, strength=10.0),
    "wording": Recipe(0.0, has_ngrams=True, strength=10.0),
    "both": Recipe(2.0, has_ngrams=True, strength=10.0),
}
TEXT = "hello mum, I hope all is well with you; claim your free prize tonight, says the man"


def learn(app, model="first", **settings):
    plain = EmbeddingClassifierSettings(**{"enrich_dataset": "Disabled"} | settings)
    return train(app, TrainRequest(model=model, settings=plain), Job())


@pytest.fixture(params=RECIPES)
def recipe(request, monkeypatch):
    """Let every training learn from one kind of features."""
    recipe = RECIPES[request.param]
    monkeypatch.setattr(training, "choose_recipe", lambda *_arguments: recipe)
    return recipe


@pytest.fixture
def trained_app(labelled_app, fake_embedder):
    learn(labelled_app)
    return labelled_app


def count_embeddings(app):
    with app.database() as db:
        return db.execute("SELECT count(*) FROM embeddings").fetchone()[0]


def check_borne_out(result):
    """Check by the model itself what the explanation says of it."""
    found = result.explanation
    assert found.is_verified
    assert found.is_sure
    assert found.top_drop > found.random_drop
    assert found.probability_without < found.probability_random
    assert all(one.importance > 0 for one in found.top)
    places = [(one.start, one.end) for one in found.spans]
    assert places == sorted(places)
    assert set(found.top) <= set(found.spans)


def without(text, spans):
    for one in sorted(spans, key=lambda one: -one.start):
        text = text[: one.start] + text[one.end :]
    return text


def probability_of(app, text, concept, model="first"):
    answer = try_text(app, TryRequest(model, text), Job())
    return next(p.probability for p in answer.predictions if p.concept == concept)


def test_words_are_borne_out_for_every_recipe(labelled_app, fake_embedder, recipe):
    assert learn(labelled_app).model_version.concepts == ("spam", "ham")
    kept = count_embeddings(labelled_app)
    result = explain(labelled_app, ExplainRequest("first", TEXT, concept="spam"), Job())
    check_borne_out(result)
    words = [TEXT[one.start : one.end] for one in result.explanation.top]
    assert {"claim", "free", "prize"} & set(words)
    rest = without(TEXT, result.explanation.top)
    assert result.explanation.probability_without == pytest.approx(
        probability_of(labelled_app, rest, "spam"), abs=1e-4
    )
    assert count_embeddings(labelled_app) == kept  # no variant of the text is kept


def test_without_a_concept_the_likeliest_is_explained(trained_app):
    answer = try_text(trained_app, TryRequest("first", "claim your free prize"), Job())
    result = explain(trained_app, ExplainRequest("first", " claim your free prize "), Job())
    assert result.text == "claim your free prize"
    assert result.prediction == answer.predictions[0]
    assert result.chosen == answer.chosen == ("spam",)
    assert result.neighbours == answer.neighbours
    assert result.explanation.probability == pytest.approx(result.prediction.probability, abs=1e-6)


def test_what_speaks_for_one_of_two_concepts_speaks_against_the_other(trained_app):
    spam, ham = (
        explain(trained_app, ExplainRequest("first", TEXT, concept=name), Job()).explanation
        for name in ("spam", "ham")
    )
    for one, other in zip(spam.spans, ham.spans, strict=True):
        assert one.importance == pytest.approx(-other.importance, abs=1e-4)
    assert not set(spam.top) & set(ham.top)


def test_an_explanation_is_the_same_every_time(trained_app):
    one, other = (explain(trained_app, ExplainRequest("first", TEXT), Job()) for _i in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (ExplainRequest("second", TEXT), ModelMissingError),
        (ExplainRequest("first", TEXT, number=2), ModelMissingError),
        (ExplainRequest("first", TEXT, concept="late"), ConceptNotLearnedError),
        (ExplainRequest("first", " \0 "), NoTextError),
    ],
)
def test_what_cannot_be_explained_is_refused(trained_app, request_, error):
    with pytest.raises(error) as refused:
        explain(trained_app, request_, Job())
    assert refused.value.next_step


@pytest.mark.parametrize("patience", [0, 1, 3, 30])
def test_explaining_stops_when_asked(trained_app, impatient, patience):
    with pytest.raises(JobCancelled):
        explain(trained_app, ExplainRequest("first", TEXT), impatient(patience))


def test_the_command_says_what_spoke_for_and_against(trained_app, run, run_json):
    words = ("explain", trained_app.path, "first", TEXT)
    found = run_json(*words)
    assert found["concept"] == found["chosen"][0]
    assert found["is_verified"] is True
    assert found["probability_without_top"] < found["probability"]
    for one in found["spans"]:
        assert TEXT[one["start"] : one["end"]] == one["words"]
        assert (one["probability_without"] < found["probability"]) == (one["importance"] > 0)
    out = run(*words)
    assert out.startswith(f"{found['concept']}\n")
    assert "Spoke for it" in out
    assert "Spoke against it" in out
    assert found["verdict"] in out
    assert f"Without “{found['top'][0]['words']}”" in out
    assert found["neighbours"][0]["text"] in out


def test_the_command_takes_a_concept_and_a_version(trained_app, run_json, refused):
    words = ("explain", trained_app.path, "first", TEXT)
    assert run_json(*words, "--concept", "ham", "--number", 1)["concept"] == "ham"
    what, next_step = refused(*words, "--concept", "late")
    assert "late" in what
    assert "spam, ham" in next_step
    refused(*words, "--number", 7)
    refused("explain", trained_app.path, "first", " ")


def test_a_single_word_is_not_said_to_have_decided(trained_app, run, run_json):
    found = run_json("explain", trained_app.path, "first", "prize")
    assert (found["is_sure"], found["doubt"]) == (False, Doubt.NO_OTHERS)
    assert "too short to tell" in run("explain", trained_app.path, "first", "prize")


@pytest.mark.weights
@pytest.mark.slow
@pytest.mark.parametrize("embedder", ["accurate", "fast"])
def test_words_are_borne_out_for_every_recipe_with_real_weights(tmp_path, recipe, embedder):
    app = create_sample(SampleRequest("spam-or-not", "Spam", tmp_path / "spam"), Job())
    learn(app, base_embed_model=embedder, enrich_dataset="Automatic")
    texts = {
        "spam": "Dear customer, you won a free holiday! Claim it now: send WIN to 80122 today.",
        "ham": "Sorry I am late, the bus broke down. Are we still having dinner with mum tonight?",
    }
    for concept, text in texts.items():
        result = explain(app, ExplainRequest("first", text, concept=concept), Job())
        check_borne_out(result)


@pytest.mark.weights
@pytest.mark.slow
def test_any_script_and_length_is_explained_within_the_text(tmp_path):
    app = create_app_folder("Few", tmp_path / "few")
    add_texts(app, AddTextsRequest(("My card is lost", "I lost my card"), ("lost",)), Job())
    add_texts(app, AddTextsRequest(("The rate is bad", "Why this rate"), ("rate",)), Job())
    learn(app)
    for text in ("卡丢了，请帮我", "🎉🎉", "لم تصل بطاقتي", "x" * 20_000, "card " * 4_000):
        found = explain(app, ExplainRequest("first", text), Job()).explanation
        assert all(0 <= one.start < one.end <= len(text) for one in found.spans)
