"""Evaluating, comparing and ranking models on the command line."""

import pytest

from core.cli.comparing import _model_of

pytestmark = pytest.mark.usefixtures("fake_embedder")

PLAIN = ("--set", "enrich_dataset=Disabled")


@pytest.fixture
def letters(run, tmp_path, fake_embedder):
    """Make the app “Letters” with two versions of “first”, one of “second”, and “more” texts."""
    path = tmp_path / "mails.csv"
    rows = [f"win a free prize number {i},spam\nsee you tonight at {i},ham" for i in range(10)]
    path.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    run("create-app", "Letters")
    run("import", "Letters", path)
    for model, seed in (("first", 1), ("first", 2), ("second", 3)):
        run("train", "Letters", "--model", model, *PLAIN, "--set", f"seed={seed}")
    for text, concept in (("win a car", "spam"), ("see you at ten", "ham"), ("my sonnet", "poem")):
        run("add", "Letters", text, "--concept", concept, "--dataset", "more")


@pytest.mark.usefixtures("letters")
def test_versions_and_models_are_compared_in_words_and_numbers(run, run_json):
    found = run_json("compare", "Letters", "first:1", "first:2", "second")
    names = [(one["model"], one["version"]) for one in found["models"]]
    assert names == [("first", 1), ("first", 2), ("second", 1)]
    assert len(found["against_first"]) == 2
    assert found["basis"]["n_texts"] == 20
    assert found["settings"]["Seed"] == ["1", "2", "3"]
    for one in found["against_first"]:
        assert one["right"]["verdict"] in ("better", "no clear difference", "worse")
        assert one["right"]["low"] <= one["right"]["value"] <= one["right"]["high"]
    out = run("compare", "Letters", "first:1", "first:2")
    assert "Version 2 and Version 1" in out
    assert "Macro F1" in out
    assert "What differs  Version 1  Version 2" in out
    assert "All models answered the same 20 texts" in out


@pytest.mark.usefixtures("letters")
def test_missing_evaluations_are_made_for_a_named_dataset(run_json, run):
    words = ("compare", "Letters", "first", "second", "--dataset", "more")
    found = run_json(*words)
    assert [one["is_new"] for one in found["models"]] == [True, True]
    assert found["basis"]["n_texts"] == 2
    assert [one["is_new"] for one in run_json(*words)["models"]] == [False, False]
    again = run_json(*words, "--dataset-version", 1, "--cross-validate", 2)
    assert {one["method"] for one in again["models"]} == {"cross-validation"}


@pytest.mark.usefixtures("letters")
def test_one_model_on_several_datasets_is_put_side_by_side(run, run_json):
    words = ("compare", "Letters", "first", "--dataset", "more", "--dataset", "texts")
    found = run_json(*words)
    assert [one["dataset"] for one in found["datasets"]] == ["more", "texts"]
    assert [one["report"]["n_texts"] for one in found["datasets"]] == [2, 20]
    assert "different texts" in run(*words)


@pytest.mark.usefixtures("letters")
def test_the_leaderboard_lists_all_evaluations(run, run_json):
    run("compare", "Letters", "first", "second", "--dataset", "more")
    rows = run_json("leaderboard", "Letters", "--by", "right")
    assert len(rows) == 5
    values = [row["scores"]["right"]["value"] for row in rows]
    assert values == sorted(values, reverse=True)
    assert {row["dataset"] for row in run_json("leaderboard", "Letters", "--dataset", "more")} == {
        "more"
    }
    out = run("leaderboard", "Letters", "--concept", "spam")
    assert out.splitlines()[0].startswith("Rank")
    assert "Scores found on different texts cannot be compared." in out
    assert run("leaderboard", "Letters", "--dataset", "none") == "No evaluation fits\n"


@pytest.mark.usefixtures("letters")
def test_evaluations_are_listed_and_deleted(run, run_json, refused):
    made = run_json("evaluate", "Letters", "first", "--dataset", "more")
    listed = run_json("evaluations", "Letters", "first")
    assert [one["evaluation"] for one in listed] == [made["evaluation"], 2]
    assert [one["is_stale"] for one in listed] == [False, False]
    run("add", "Letters", "cash", "--concept", "spam", "--dataset", "more")
    assert "the dataset has changed since" in run("evaluations", "Letters", "first")
    assert run("delete-evaluation", "Letters", made["evaluation"]) == "The evaluation is deleted\n"
    assert len(run_json("evaluations", "Letters", "first")) == 1
    what, _next = refused("delete-evaluation", "Letters", 2)
    assert "found while the model was trained" in what


@pytest.mark.usefixtures("letters")
def test_an_evaluation_takes_any_version_split_or_app(run, run_json, refused):
    run("freeze", "Letters", "--dataset", "more")
    run("add", "Letters", "cash", "--concept", "spam", "--dataset", "more")
    then = run_json("evaluate", "Letters", "first", "--dataset", "more", "--dataset-version", 1)
    now = run_json("evaluate", "Letters", "first", "--dataset", "more")
    assert (then["dataset_version"], then["n_texts"], now["n_texts"]) == (1, 2, 3)
    run("create-app", "Others")
    run("add", "Others", "win a boat", "--concept", "spam")
    words = ("evaluate", "Letters", "first", "--dataset", "texts", "--app", "Others")
    assert run_json(*words)["n_texts"] == 1
    what, _next = refused(*words, "--split", "test")
    assert "No text there" in what


@pytest.mark.usefixtures("letters")
def test_an_evaluation_names_what_is_undefined_and_tells_seen_texts_apart(run):
    run("add", "Letters", "win a free prize number 1", "--concept", "spam", "--dataset", "more")
    out = run("evaluate", "Letters", "first", "--dataset", "more")
    assert "Weighted F1" in out
    assert "Texts with an answer" in out
    assert "1 of these texts were also learned from" in out
    assert "Without texts learned from" in out
    run("add", "Letters", "win a boat", "--concept", "spam", "--dataset", "only")
    out = run("evaluate", "Letters", "first", "--dataset", "only")
    assert "no texts: recall and ROC AUC undefined" in out
    assert "ROC AUC is undefined for 2 concepts" in out


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize(
    "words",
    [
        ("compare", "Letters", "first"),
        ("compare", "Letters", "first", "first"),
        ("compare", "Letters", "first", "nothing"),
        ("compare", "Letters", "first", "second", "--dataset", "texts", "--dataset", "more"),
        ("compare", "Letters", "first", "second", "--dataset", "nothing"),
        ("compare", "Letters", "first", "second", "--cross-validate", "1"),
        ("delete-evaluation", "Letters", "99"),
        ("delete-evaluation", "Letters", str(10**30)),
        ("leaderboard", "Letters", "--by", "beauty"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_next_step(refused, words):
    refused(*words)


def test_a_model_may_have_a_colon_in_its_name():
    assert _model_of("mails: new:3") == ("mails: new", 3)
    assert _model_of("mails: new") == ("mails: new", 0)
