"""The command line for texts, labels, splits, versions, export and undo."""

import csv

import pytest

ROWS = """id,text,label,split,team
1,Win a prize now,spam,train,red
2,See you at eight,ham,train,blue
3,Claim your prize,spam,test,red
4,,ham,train,
5,Dinner tonight?,,,blue
"""


@pytest.fixture
def mails(run, tmp_path):
    """Make the app “Letters” with four of five rows, one without a concept."""
    path = tmp_path / "mails.csv"
    path.write_text(ROWS, encoding="utf-8")
    run("create-app", "Letters")
    run("import", "Letters", path, "--metadata", "team")
    return path


def texts(run_json, *words):
    return [item["text"] for item in run_json("inputs", "Letters", *words)["inputs"]]


def test_a_dry_run_says_what_would_happen_and_does_nothing(run_json, mails, tmp_path):
    before = run_json("inputs", "Letters")
    told = run_json("import", "Letters", mails, "--dry-run")
    assert (told["added"], told["left_out"]) == (0, 5)
    more = tmp_path / "more.csv"
    more.write_text("text\nNew\nNew\nWin a prize now\n", encoding="utf-8")
    told = run_json("import", "Letters", more, "--dry-run", "--same-text", "skip")
    assert (told["added"], told["left_out"]) == (1, 2)
    assert run_json("inputs", "Letters") == before


def test_refused_rows_are_kept_mended_and_imported(run, run_json, mails, tmp_path):
    rejected = tmp_path / "rejected.csv"
    run("import", "Letters", mails, "--same-id", "keep", "--rejected", rejected)
    rows = list(csv.reader(rejected.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][2:] == ["id", "text", "label", "split", "team"]
    assert (rows[1][0], rows[1][2:]) == ("5", ["4", "", "ham", "train", ""])
    mended = rejected.read_text(encoding="utf-8-sig").replace("4,,ham", "4,Mended,ham")
    rejected.write_text(mended, encoding="utf-8")
    run("import", "Letters", rejected)
    (found,) = run_json("inputs", "Letters", "--search", "mended")["inputs"]
    assert (found["external_id"], found["concepts"], found["split"]) == ("4", ["ham"], "train")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("keep", (6, ["spam"])), ("skip", (5, ["spam"])), ("merge", (5, ["spam", "urgent"]))],
)
def test_the_same_text_is_added_left_out_or_gives_its_labels(
    run, run_json, mails, tmp_path, policy, expected
):
    more = tmp_path / "more.csv"
    more.write_text("text,label\nWin a prize now,urgent\nWholly new,spam\n", encoding="utf-8")
    run("import", "Letters", more, "--same-text", policy)
    found = run_json("inputs", "Letters", "--search", "win")["inputs"]
    assert (run_json("inputs", "Letters")["n"], found[0]["concepts"]) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--search", "pri cla"], [3]),
        (["--filter", "concept=spam"], [1, 3]),
        (["--filter", "not-concept=spam"], [2, 4]),
        (["--filter", "labelling=unlabelled"], [4]),
        (["--filter", "origin=import"], [1, 2, 3]),
        (["--filter", "split=test"], [3]),
        (["--filter", "metadata.team=red", "--filter", "split=train"], [1]),
        (["--filter", "max-chars=15"], [1, 4]),
        (["--filter", "min-chars=16"], [2, 3]),
        (["--filter", "added-from=2020-01-01", "--filter", "added-to=2099-01-01"], [1, 2, 3, 4]),
        (["--filter", "added-to=2020-01-01"], []),
        (["--sort", "text"], [3, 4, 2, 1]),
        (["--sort", "length", "--descending", "--limit", "1"], [3]),
    ],
)
def test_inputs_are_found_by_words_and_filters(run_json, mails, words, expected):
    found = run_json("inputs", "Letters", *words)
    assert [item["id"] for item in found["inputs"]] == expected


@pytest.mark.parametrize(
    "word", ["concept", "nonsense=1", "min-chars=many", "labelling=perhaps", "added-from=tomorrow"]
)
def test_a_filter_that_means_nothing_is_refused(refused, mails, word):
    what, _next_step = refused("inputs", "Letters", "--filter", word)
    assert word.split("=")[-1] in what


def test_a_text_that_is_not_there_is_not_labelled(run_json, mails):
    assert run_json("label", "Letters", "spam", "--input", 99) == {"inputs": 0}


def test_an_order_that_there_is_not_is_refused(refused, mails):
    refused("inputs", "Letters", "--sort", "colour")


def test_labels_are_set_refused_and_taken_and_every_step_can_be_undone(run, run_json, mails):
    assert run_json("label", "Letters", "urgent", "--search", "prize") == {"inputs": 2}
    run("label", "Letters", "urgent", "--not", "--input", 2)
    counts = {c["name"]: (c["positive"], c["negative"]) for c in run_json("concepts", "Letters")}
    assert counts["urgent"] == (2, 1)
    assert run("label", "Letters", "urgent", "--remove", "--input", 1) == "Taken off 1 text\n"
    assert run("undo", "Letters") == "Taken back: take urgent from 1 text\n"
    assert run_json("undo", "Letters") == {"step": "label 1 text as not urgent"}
    assert run_json("redo", "Letters") == {"step": "label 1 text as not urgent"}
    counts = {c["name"]: (c["positive"], c["negative"]) for c in run_json("concepts", "Letters")}
    assert counts["urgent"] == (2, 1)


def test_there_is_a_sentence_when_nothing_can_be_undone(run, refused):
    run("create-app", "Empty")
    assert refused("undo", "Empty")[0] == "There is nothing to undo."
    assert refused("redo", "Empty")[0] == "There is nothing to do again."


def test_texts_are_split_by_percentages(run_json, refused, mails):
    counts = run_json("split", "Letters", "--train", 50, "--validation", 0, "--test", 50)
    assert counts == {"train": 2, "test": 2}
    refused("split", "Letters", "--train", 50)


def test_versions_are_listed_and_compared(run, run_json, mails):
    run("freeze", "Letters", "--description", "first")
    run("label", "Letters", "spam", "--input", 4)
    run("add", "Letters", "One more", "--concept", "ham")
    run("freeze", "Letters")
    versions = run_json("versions", "Letters")
    assert [(v["version"], v["inputs"], v["labelled"]) for v in versions] == [(2, 5, 5), (1, 4, 3)]
    diff = run_json("diff", "Letters", 1, 2)
    assert (diff["added"], diff["removed"], diff["edited"], diff["moved"]) == (1, 0, 0, 0)
    assert {c["name"]: (c["before"], c["now"]) for c in diff["concepts"]} == {
        "ham": (1, 2),
        "spam": (2, 3),
    }


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx"])
def test_an_export_is_written_by_its_ending(run_json, mails, tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    assert run_json("export", "Letters", path)["inputs"] == 4
    assert path.stat().st_size > 0


def test_a_version_is_exported_as_it_was_frozen(run, run_json, mails, tmp_path):
    run("freeze", "Letters")
    run("label", "Letters", "spam", "--input", 4)
    path = tmp_path / "frozen.csv"
    run("export", "Letters", path, "--version", 1, "--column", "text", "--column", "concepts")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[3] == {"text": "Dinner tonight?", "concepts": ""}


def test_an_export_of_nothing_is_refused(refused, mails, tmp_path):
    out = tmp_path / "none.csv"
    refused("export", "Letters", out, "--search", "nowhere")
    assert not out.exists()


def test_an_export_under_an_ending_of_no_format_is_refused_unless_the_format_is_said(
    run, refused, mails, tmp_path
):
    out = tmp_path / "letters.doc"
    _what, next_step = refused("export", "Letters", out)
    assert ".xlsx" in next_step
    assert not out.exists()
    run("export", "Letters", out, "--format", "csv")
    assert out.exists()


def test_the_data_is_checked_and_findings_are_told_with_examples(run_json, mails, fake_embedder):
    run_json("add", "Letters", "Win a prize now", "--concept", "ham")
    told = run_json("check-data", "Letters", "--embedder", "accurate")
    kinds = {kind["kind"]: kind for kind in told["kinds"]}
    assert told["n_texts"] == 5
    assert kinds["contradiction"]["count"] == 1
    assert {e["text"] for e in kinds["contradiction"]["examples"]} == {"Win a prize now"}
    assert kinds["contradiction"]["why"].endswith(".")


def test_refused_rows_never_replace_the_file_that_is_read(refused, mails, tmp_path):
    path = tmp_path / "more.csv"
    path.write_text("text\nOne\n", encoding="utf-8")
    refused("import", "Letters", path, "--rejected", path)
    refused("import", "Letters", path, "--rejected", path, "--dry-run")
    assert path.read_text(encoding="utf-8") == "text\nOne\n"
