import pytest

from core.jobs import Job
from core.operations import suggest as suggesting
from core.operations.add_texts import AddTextsRequest, add_texts
from tests.core.fake_classifier import WordClassifier
from tests.desktop.fake_models import keep_model


@pytest.fixture
def asked(app, monkeypatch):
    add_texts(app, AddTextsRequest(("one", "two"), ("delivery",)), Job())
    add_texts(app, AddTextsRequest(("three",), ("payment",)), Job())
    keep_model(app)
    texts = ("delivery 0.95", "delivery 0.91", "payment 0.60", "praise 0.20")
    add_texts(app, AddTextsRequest(texts, ()), Job())
    monkeypatch.setattr(suggesting, "load_model", lambda *_: WordClassifier())
    return app.path


def test_suggest_counts_and_writes_only_where_it_is_told_to(asked, run_json):
    counted = run_json("suggest", asked, "Letters 1", "--accept", 0.9, "--dry-run")
    assert counted["is_dry"]
    assert counted["texts"] == {"n_accepted": 2, "n_to_review": 1, "n_left": 1}
    assert run_json("inputs", asked, "--filter", "labelling=unlabelled")["n"] == 4
    done = run_json("suggest", asked, "Letters 1", "--accept", 0.9, "--review", 0.5)
    assert done["review"] == {"to_read": 1, "read": 0, "share_read": 0.0, "accepted_unread": 2}
    assert run_json("inputs", asked, "--filter", "origin=model")["n"] == 2
    assert run_json("suggest", asked, "Letters 1", "--take-back") == {"taken_back": 2}


def test_without_a_bound_suggest_only_counts(asked, run):
    assert "would be accepted: 2" in run("suggest", asked, "Letters 1")


def test_a_concept_can_have_bounds_of_its_own(asked, run_json):
    found = run_json("suggest", asked, "Letters 1", "--own", "delivery=0.94:0.92")
    assert found["concepts"]["delivery"] == {"n_accepted": 1, "n_to_review": 0, "n_left": 1}


@pytest.mark.parametrize("word", ["delivery", "delivery=0.9", "delivery=a:b", "=0.9:0.5"])
def test_bounds_that_say_nothing_are_refused(asked, refused, word):
    assert refused("suggest", asked, "Letters 1", "--own", word)[0].startswith(f"“{word}”")


def test_bounds_the_wrong_way_round_are_refused(asked, refused):
    refused("suggest", asked, "Letters 1", "--accept", 0.4, "--review", 0.6)


@pytest.mark.usefixtures("fake_embedder")
def test_next_lists_texts_and_the_shares_of_the_concepts(asked, run, run_json):
    found = run_json("next", asked, "--limit", 3)
    assert len(found["texts"]) == 3
    assert found["n_open"] == 4
    assert {"input_id", "text", "is_random", "predictions"} == set(found["texts"][0])
    assert "Suggested" in run("next", asked, "--strategy", "random")


@pytest.mark.usefixtures("fake_embedder")
def test_next_finds_a_concept_by_an_example_and_words(asked, run_json):
    words = ("--concept", "praise", "--like", "praise 0.20", "--words", "praise")
    add_concept = ("add", asked, "well done", "--concept", "praise")
    run_json(*add_concept)
    found = run_json("next", asked, "--limit", 1, *words)
    assert [one["text"] for one in found["texts"]] == ["praise 0.20"]


@pytest.mark.usefixtures("fake_embedder")
def test_next_can_show_what_a_model_suggests(asked, run_json):
    found = run_json("next", asked, "--model", "Letters 1", "--limit", 4)
    best = {one["text"]: one["predictions"][0]["concept"] for one in found["texts"]}
    assert best["payment 0.60"] == "payment"
