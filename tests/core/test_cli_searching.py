import pytest

from core.storage.datasets import get_dataset
from core.storage.filters import InputFilter, list_input_ids
from tests.core.conftest import HAM, SPAM
from tests.core.test_find_topics import texts_about


@pytest.fixture(autouse=True)
def _fake(fake_embedder):
    return fake_embedder


def test_a_search_by_example_shows_scores_and_texts(labelled_app, run, run_json):
    found = run_json("search", labelled_app.path, "--like", SPAM[0], "--limit", 3)
    assert found["n"] is None
    assert found["found"][0]["text"] == SPAM[0]
    assert found["found"][0]["score"] == pytest.approx(1, abs=1e-3)
    assert found["found"][0]["concepts"] == ["spam"]
    told = run("search", labelled_app.path, "--like", SPAM[0], "--limit", 3)
    assert "1.00" in told
    assert told.endswith("the best 3 texts\n")


def test_parts_narrow_together_and_each_can_be_negated(labelled_app, run_json):
    words = ("--meaning", "claim cash now", "--words", "now", "--limit", 20)
    both = run_json("search", labelled_app.path, *words, "--filter", "concept=spam")
    assert {row["text"] for row in both["found"]} == {t for t in SPAM if "now" in t}
    other = run_json("search", labelled_app.path, *words, "--not-filter", "concept=spam")
    assert {row["text"] for row in other["found"]} == {t for t in HAM if "now" in t}
    without = run_json("search", labelled_app.path, "--words", "win", "--not-words", "cash")
    assert all("cash" not in row["text"] for row in without["found"])
    far = run_json("search", labelled_app.path, "--unlike", "1", "--limit", 20)
    assert [row["id"] for row in far["found"]][-1] != 1  # the example itself is not found


def test_a_search_is_kept_and_frozen_as_a_dataset(labelled_app, run_json):
    kept = ("--like", SPAM[0], "--limit", 3, "--save", "Prizes", "--freeze", "Golden")
    first = run_json("search", labelled_app.path, *kept)["found"]
    assert (
        run_json("search", labelled_app.path, "--saved", "Prizes", "--limit", 3)["found"] == first
    )
    frozen = run_json("search", labelled_app.path, "--saved", "Golden")
    assert [row["id"] for row in frozen["found"]] == [row["id"] for row in first]
    with labelled_app.database() as db:
        dataset = get_dataset(db, "Golden")
        assert sorted(row["id"] for row in first) == list(
            list_input_ids(db, InputFilter(dataset_id=dataset.id))
        )


def test_what_cannot_be_searched_for_is_refused_with_a_next_step(labelled_app, refused):
    what, _next_step = refused("search", labelled_app.path)
    assert what == "There is nothing to search for."
    refused("search", labelled_app.path, "--concept", "spam")
    refused("search", labelled_app.path, "--concept", "spam", "--model", "None 1", "--above", "0.5")
    said = ("--concept", "spam", "--model", "Mails")
    assert (
        refused("search", labelled_app.path, *said, "--above", "50")[0] == "50 is no probability."
    )
    refused("search", labelled_app.path, "--saved", "nothing")
    words = refused("clusters", labelled_app.path, "--since", "yesterday")
    assert words == ("“yesterday” is no day.", "Give it as 2026-11-21.")
    refused("clusters", labelled_app.path, "--number", "1")


def test_topics_are_listed_with_their_share_and_what_changed(app, run, run_json):
    from core.jobs import Job
    from core.operations.add_texts import AddTextsRequest, add_texts

    for subject in ("parcel", "card", "garden"):
        add_texts(app, AddTextsRequest(texts_about(subject), (subject,)), Job())
    found = run_json("clusters", app.path, "--since", "2026-01-01")
    assert found["inputs"] == found["since"] == 90
    assert {next(iter(topic["concepts"])) for topic in found["topics"]} == {
        "parcel", "card", "garden",
    }  # fmt: skip
    assert "of 90 texts belong to no topic." in run("clusters", app.path)
    assert run_json("index", app.path) == {"embedder": "accurate", "read": 0}
    assert run("index", app.path).startswith("Every text has been read already")


def test_texts_are_found_by_what_a_trained_model_says(labelled_app, run_json):
    run_json("train", labelled_app.path, "--model", "Mails")
    asked = ("--concept", "spam", "--model", "Mails", "--limit", 20)
    above = run_json("search", labelled_app.path, *asked, "--above", 0.5)["found"]
    below = run_json("search", labelled_app.path, *asked, "--below", 0.5)["found"]
    assert len(above) + len(below) == 20
    said = [row["probability"] for row in above]
    assert said == sorted(said, reverse=True)
    assert min(said) >= 0.5 > max(row["probability"] for row in below)
    both = run_json("search", labelled_app.path, *asked, "--above", 0.5, "--like", SPAM[0])["found"]
    assert {row["id"] for row in both} == {row["id"] for row in above}
    assert both[0]["text"] == SPAM[0]
    assert both[0]["probability"] >= 0.5


def test_freezing_keeps_all_that_is_found_whatever_is_listed(labelled_app, run_json, run):
    words = ("--filter", "labelling=labelled", "--limit", 3)
    told = run("search", labelled_app.path, *words, "--save", "Read", "--freeze", "Frozen")
    whole = run_json("search", labelled_app.path, "--saved", "Read")["n"]
    assert whole > 3
    assert f"{whole} texts are kept as the dataset “Frozen”." in told
    frozen = run_json("search", labelled_app.path, "--saved", "Frozen", "--limit", 2)
    assert (frozen["n"], len(frozen["found"])) == (whole, 2)
    best = run("search", labelled_app.path, "--like", SPAM[0], "--limit", 3, "--freeze", "Best")
    assert "3 texts are kept as the dataset “Best”." in best
