"""The command line: for people, for machines, and when something was typed wrongly."""

import csv
import json
import os
import re
import sys

import pytest

from core import cli
from core.app_folder import find_app_folder
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.paths import logs_folder
from core.storage.models import list_model_versions
from tests.core.faults import run_python
from tests.desktop.fake_models import keep_writer

SCORES = ("roc_auc", "f1_score", "precision", "recall")

pytestmark = pytest.mark.usefixtures("fake_embedder")


@pytest.fixture
def mails(tmp_path):
    path = tmp_path / "mails.csv"
    rows = ["text,label"]
    rows += [f"win a free prize number {i},spam" for i in range(10)]
    rows += [f"see you tonight at {i},ham" for i in range(10)]
    path.write_text("\n".join([*rows, ",ham"]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def letters(run, mails, fake_embedder):
    """Make the app “Letters” with a model “first”."""
    run("create-app", "Letters")
    run("import", "Letters", mails)
    run("train", "Letters", "--model", "first", "--set", "enrich_dataset=Disabled")


def test_an_app_is_made_and_found_by_name_and_by_folder(run, run_json, tmp_path):
    made = run_json("create-app", "Kundenpost   März", "--folder", tmp_path / "post")
    place = str(tmp_path / "post")
    assert made == {"name": "Kundenpost März", "folder": place, "warning": None}
    assert "Kundenpost März" in run("create-app", "Kundenpost März")
    run("add", tmp_path / "post", "A letter", "--concept", "late")
    assert run_json("concepts", tmp_path / "post")[0]["name"] == "late"
    assert run_json("concepts", "Kundenpost März") == []


def test_an_import_says_what_came_in_and_what_did_not(run, run_json, mails):
    run("create-app", "Letters")
    out = run("import", "Letters", mails)
    assert "20 texts added, 1 row left out" in out
    assert "Row 22: There is no text in this row" in out
    found = run_json("import", "Letters", mails, "--dataset", "again")
    assert (found["added"], found["left_out"], found["unlabelled"]) == (20, 1, 0)
    assert found["problems"][0]["row"] == 22


def test_columns_and_separator_may_be_named(run, run_json, tmp_path):
    path = tmp_path / "odd.tsv"
    path.write_text("kind\tnote\nlate/angry\tWhere is it\nlate\tStill waiting\n")
    run("create-app", "Letters")
    run("import", "Letters", path, "--text", "note", "--concepts", "kind", "--separator", "/")
    assert {c["name"]: c["positive"] for c in run_json("concepts", "Letters")} == {
        "angry": 1,
        "late": 2,
    }


def test_a_text_is_added_with_what_it_is_and_what_it_is_not(run, run_json):
    run("create-app", "Letters")
    assert "1 text added" in run("add", "Letters", "Win", "--concept", "spam", "--concept", "ad")
    assert run_json("add", "Letters", "Hello", "--not", "spam") == {"input_id": 2}
    assert run_json("concepts", "Letters") == [
        {"name": "spam", "positive": 1, "negative": 1, "definition": ""},
        {"name": "ad", "positive": 1, "negative": 0, "definition": ""},
    ]
    assert run("concepts", "Letters").splitlines()[1].split() == ["spam", "1", "1"]


def test_freezing_makes_a_version_only_if_something_changed(run, run_json):
    run("create-app", "Letters")
    run("add", "Letters", "Win", "--concept", "spam")
    assert "Version 1 of “texts”: 1 texts, 1 of them labelled" in run("freeze", "Letters")
    again = run_json("freeze", "Letters", "--dataset", "texts")
    assert (again["version"], again["is_new"], again["labelled"]) == (1, False, 1)


def test_training_prints_the_scores_and_takes_the_portals_names(run, run_json, mails):
    run("create-app", "Letters")
    run("import", "Letters", mails)
    settings = {
        "base_embed_model": "fast",
        "concepts_mutually_exclusive": "false",
        "count_narrower": "true",
        "enrich_dataset": "disabled",
        "max_concepts": "1",
        "min_value": "0.25",
        "select_concepts": "spam|ham",
        "seed": "7",
    }
    assert set(settings) == set(EmbeddingClassifierSettings.__dataclass_fields__)
    sets = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    words = ("train", "Letters", "--model", "first", "--type", "embedding-classifier")
    found = run_json(*words, "--dataset", "texts", "--concept", "spam", "--concept", "ham", *sets)
    assert (found["model"], found["version"], found["status"]) == ("first", 1, "MODEL_TRAINED")
    assert found["summary"]["is_exclusive"] is False
    check_scores(found["evaluation"])
    with find_app_folder("Letters").database() as db:
        kept = list_model_versions(db)[0].settings
    assert kept["select_concepts"] == ["spam", "ham"]
    assert (kept["min_value"], kept["seed"], kept["enrich_dataset"]) == (0.25, 7, "Disabled")
    assert "“first”, version 2, is trained" in run(*words, "--version", 1)


def check_scores(report):
    for name in (*(f"macro_avg_{score}" for score in SCORES), "top1_accuracy"):
        assert report[f"{name}_low"] <= report[name] <= report[f"{name}_high"]
    assert [concept["name"] for concept in report["concepts"]] == ["spam", "ham"]
    assert {"precision", "recall", "f1", "roc_auc"} <= report["concepts"][0].keys()


@pytest.mark.usefixtures("letters")
def test_models_are_listed_with_their_scores(run, run_json):
    (model,) = run_json("models", "Letters")
    assert (model["model"], model["version"]) == ("first", 1)
    assert model["type"] == "embedding-classifier"
    assert 0 <= model["macro_avg_f1_score"] <= 1
    assert run("models", "Letters").splitlines()[1].startswith("first")


def test_a_model_that_writes_is_listed_with_scores_of_its_own(run, run_json):
    run("create-app", "Letters")
    run("add", "Letters", "Where is my parcel?", "--target", "On its way")
    keep_writer(find_app_folder("Letters", ()), exact_match=0.25, token_f1=0.5)
    (model,) = run_json("models", "Letters")
    assert (model["exact_match"], model["token_f1"]) == (0.25, 0.5)
    heads, line = run("models", "Letters").splitlines()
    assert "Word for word right" in heads
    assert line.endswith("0.500")


def test_an_app_without_models_says_so(run, run_json):
    run("create-app", "Letters")
    assert run("models", "Letters") == "No models yet\n"
    assert run_json("models", "Letters") == []


@pytest.mark.usefixtures("letters")
def test_an_evaluation_has_the_portals_names_and_says_how_it_was_found(run, run_json):
    own = run_json("evaluate", "Letters", "first")
    assert own["method"] == "cross-validation"
    check_scores(own)
    on_set = run_json("evaluate", "Letters", "first", "--dataset", "texts")
    assert (on_set["method"], on_set["n_folds"], on_set["n_seen"]) == ("stored-model", 0, 20)
    refitted = run_json("evaluate", "Letters", "first", "--cross-validate", 3)
    assert (refitted["method"], refitted["n_folds"]) == ("cross-validation", 3)
    out = run("evaluate", "Letters", "first", "--dataset", "texts")
    assert "Checked with the stored model, on 20 texts" in out
    assert "Macro F1" in out


@pytest.mark.usefixtures("letters")
def test_a_text_is_answered_with_probabilities_and_neighbours(run, run_json):
    answer = run_json("try", "Letters", "first", "win a free prize")
    assert answer["chosen"] == ["spam"]
    assert answer["predictions"][0]["concept"] == "spam"
    assert answer["neighbours"][0]["concepts"] == ["spam"]
    assert run("try", "Letters", "first", "win a free prize").startswith("spam\n")


@pytest.mark.usefixtures("letters")
def test_predictions_stand_behind_the_files_own_columns(run, run_json, tmp_path):
    source, out = tmp_path / "new.csv", tmp_path / "out.csv"
    source.write_text("id,note\n7,win a free prize\n8,\n9,see you tonight\n", encoding="utf-8")
    words = ("predict", "Letters", "first", source, "--out", out, "--text", "note")
    found = run_json(*words)
    assert found == {
        "out": str(out),
        "predicted": 2,
        "for_people": 0,
        "unlike_training": None,
        "skipped": 1,
        "counts": {"spam": 1, "ham": 1},
    }
    with out.open(newline="") as file:
        head, first, second, third = csv.reader(file)
    ours = ["predicted_concepts", "probability", "runner_up", "runner_up_probability"]
    assert head == ["id", "note", *ours, "p:spam", "p:ham"]
    assert first[:3] == ["7", "win a free prize", "spam"]
    assert second == ["8", *[""] * 7]
    assert (third[2], third[4]) == ("ham", "spam")
    assert float(first[3]) == max(map(float, first[6:]))
    assert "2 texts predicted into" in run(*words)
    used = run_json("use-predictions", "Letters", out, "--accept", "0", "--dataset", "new")
    assert used == {"added": 2, "labelled": 2, "kept": 0, "below": 0, "dataset": "new"}


@pytest.mark.usefixtures("letters")
def test_texts_of_a_predicted_file_are_written_by_themselves(run, run_json, tmp_path):
    source, out, chosen = (tmp_path / name for name in ("new.csv", "out.csv", "spam.jsonl"))
    source.write_text("id,note\n7,win a free prize\n9,see you tonight\n", encoding="utf-8")
    run("predict", "Letters", "first", source, "--out", out)
    words = ("use-predictions", "Letters", out, "--out", chosen, "--concept", "spam")
    assert run_json(*words)["written"] == 1
    assert "win a free prize" in chosen.read_text()


@pytest.mark.usefixtures("letters")
def test_a_dataset_is_predicted_and_what_was_not_begun_cannot_go_on(run_json, refused, tmp_path):
    out = tmp_path / "out.jsonl"
    found = run_json("predict", "Letters", "first", "--dataset", "texts", "--out", out)
    assert found["predicted"] == len(out.read_text().splitlines())
    refused("predict", "Letters", "first", "--dataset", "texts", "--out", out, "--resume")
    refused("predict", "Letters", "first", "--out", out)


def test_a_sample_is_ready_to_train(run, run_json):
    made = run_json("sample", "spam-or-not")
    assert made["n_texts"] > 100
    assert len(run_json("concepts", "spam-or-not")) == made["n_concepts"] == 2
    assert "“Mine” is ready" in run("sample", "Mine", "--of", "bank-questions")


def test_an_app_with_answers_is_told_by_its_answers(run, run_json):
    assert ": 150 texts, 150 with an answer" in run("sample", "Mine", "--of", "write-answers")
    listed = run("datasets", "Mine")
    assert "With an answer" in listed
    assert "Without label" not in listed
    assert run_json("datasets", "Mine")[0]["with_answer"] == 150
    assert "150 of them with an answer" in run("freeze", "Mine")


@pytest.mark.parametrize(
    "words",
    [
        ("dance",),
        ("import", "Letters"),
        ("train", "Letters"),
        ("train", "Letters", "--model", "m", "--version", "two"),
        ("create-app", ""),
        ("create-app", "x" * 10_000),
        ("concepts", "Nothing"),
        ("concepts", "x" * 10_000),
        ("concepts", "nul\0name"),
        ("concepts", ""),
        ("concepts", "~nobody-of-this-name/app"),
        ("add", "Letters", " \0 "),
        ("add", "Letters", "text", "--concept", ""),
        ("add", "Letters", "text", "--concept", "c" * 201),
        ("add", "Letters", "text", "--dataset", ""),
        ("add", "Letters", "text", "--dataset", "d" * 5_000),
        ("freeze", "Letters", "--dataset", "nothing"),
        ("train", "Letters", "--model", "m", "--set", "nothing=1"),
        ("train", "Letters", "--model", "m", "--set", "seed"),
        ("train", "Letters", "--model", "m", "--set", "min_value=1.1"),
        ("train", "Letters", "--model", "m", "--set", "min_value=nan"),
        ("train", "Letters", "--model", "m", "--set", "max_concepts=1e3"),
        ("train", "Letters", "--model", "m", "--set", "concepts_mutually_exclusive=maybe"),
        ("train", "Letters", "--model", "m", "--set", "select_concepts=nothing"),
        ("train", "Letters", "--model", "m", "--concept", "nothing"),
        ("train", "Letters", "--model", "m", "--type", "clusterer"),
        ("train", "Letters", "--model", "m", "--version", "99"),
        ("train", "Letters", "--model", "m", "--version", "-1"),
        ("evaluate", "Letters", "nothing"),
        ("evaluate", "Letters", "first", "--cross-validate", "1"),
        ("evaluate", "Letters", "first", "--cross-validate", "1000"),
        ("evaluate", "Letters", "first", "--number", "5"),
        ("try", "Letters", "nothing", "text"),
        ("try", "Letters", "first", " "),
        ("predict", "Letters", "first", "nowhere.csv", "--out", "out.csv"),
        ("sample", "Mine", "--of", "nothing"),
    ],
)
@pytest.mark.usefixtures("letters")
def test_what_was_typed_wrongly_is_one_sentence_and_a_next_step(refused, words):
    refused(*words)


def test_what_is_missing_is_named_with_what_there_is(run, refused, mails):
    run("create-app", "Letters")
    what, next_step = refused("import", "Letters", mails, "--text", "body")
    assert "“body”" in what
    assert "text, label" in next_step
    _what, next_step = refused("train", "Letters", "--model", "m", "--set", "epochs=3")
    assert "base_embed_model" in next_step


def test_characters_that_cannot_be_kept_do_no_harm(run, run_json):
    made = run_json("create-app", "odd\udcff\0name\nhere")
    assert made["name"] == "odd?name here"
    run("add", "odd?name here", "half\ud83d a \0text", "--concept", "c\udcff")
    run("freeze", "odd?name here", "--description", "d\udcff")
    assert run_json("concepts", "odd?name here")[0]["name"] == "c?"


def test_names_of_any_script_and_any_sql_are_names(run, run_json):
    for name in ("🎉 party", "مرحبا بكم", "'; DROP TABLE inputs; --", "../../up", "..", "a%b_c"):
        run("create-app", name)
        run("add", name, "text'); DROP TABLE inputs; --", "--concept", name)
        assert [c["name"] for c in run_json("concepts", name)] == [name]


def test_what_a_terminal_cannot_show_is_replaced(home):
    words = ("-m", "core", "create-app", "Übung 🎉")
    env = {"PYTHONIOENCODING": "ascii", "TEXTWRIGHT_HOME": str(home / "textwright")}
    made, again = (run_python(*words, env=env) for _ in range(2))
    assert (made.returncode, made.stderr) == (0, "")
    assert "?bung ?" in made.stdout
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 2)


def test_a_reader_that_has_seen_enough_is_no_fault(monkeypatch, tmp_path):
    read_end, write_end = os.pipe()
    os.close(read_end)
    with monkeypatch.context() as patch, os.fdopen(write_end, "w") as unread:
        patch.setattr(sys, "stdout", unread)
        assert cli.main(["create-app", "Letters", "--folder", str(tmp_path / "letters")]) == 0


def test_stopping_from_the_keyboard_leaves_the_app_as_it_was(run, mails, monkeypatch, capsys):
    run("create-app", "Letters")

    def interrupt(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(cli.TerminalJob, "report", interrupt)
        assert cli.main(["import", "Letters", str(mails)]) == 130
        assert cli.main(["train", "Letters", "--model", "m"]) == 130
    assert capsys.readouterr().err == "Stopped. Nothing was changed.\n" * 2
    assert cli.main(["concepts", "Letters", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_bug_of_ours_is_a_sentence_and_a_report(run, monkeypatch, capsys):
    run("create-app", "Letters")

    def broken(_db):
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr(cli.datasets, "list_concepts", broken)
    assert cli.main(["concepts", "Letters"]) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert "a mistake of ours" in (logs_folder() / "report.txt").read_text(encoding="utf-8")


def test_help_is_there_for_every_command(capsys):
    names = re.findall(r"^  ([a-z][a-z-]+)  ", helped(capsys, "--help"), re.MULTILINE)
    assert len(names) > 30
    assert "create-app Mail\n" in helped(capsys, "--help")  # where to begin
    for name in names:
        assert f"textwright-cli {name}" in helped(capsys, name, "--help")


def helped(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        cli.main([*words])
    assert ended.value.code == 0
    return capsys.readouterr().out
