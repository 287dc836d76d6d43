import csv
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace

import openpyxl
import pytest

from core import cli
from core.files import Mapping, preview
from core.files.predicted.growing import aside_of, journal_of
from core.jobs import Job, JobCancelled
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations import run_workflow_on_rows
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.edit_workflows import WorkflowSaving, edit_workflows
from core.operations.growing_rows import NothingToResumeError
from core.operations.predict import OutputIsInputError
from core.operations.predict_rows import KEY
from core.operations.run_workflow_on_rows import (
    NothingToWriteError,
    RunOnFileRequest,
    run_on_file,
    unfinished_run,
)
from core.operations.train import TrainRequest, train
from core.storage.concepts import list_concepts
from core.workflows.graph import IN, GraphError, Node, Workflow
from core.workflows.node_settings import (
    CleanerSettings,
    EmbedderSettings,
    ExpressionSettings,
    KeywordSettings,
    LabelSettings,
    ModelSettings,
)

WORDS = Node(
    "words", "keyword-filter-operator", KeywordSettings(words={"money": "cash", "art": "paint"})
)
LABELS = Node("labels", "annotation-writer", LabelSettings(), ("words",))
CLEAN = Node("clean", "text-cleaner", CleanerSettings(case="upper"), (IN,))
BY_WORDS = Workflow("by words", (WORDS, LABELS))
BOTH = Workflow("both", (WORDS, LABELS, CLEAN))


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text('id,text\n1,"cash, paint"\n2,hello\n3,\n4,=cash()\n', encoding="utf-8")
    return path


@pytest.fixture
def small_batches(monkeypatch):
    """Let a file of a few rows be many batches, and every one of them be kept."""
    monkeypatch.setattr("core.operations.run_workflow_on_rows._Running.most_rows", 4)
    monkeypatch.setattr("core.operations.growing_rows.KEPT_AFTER_S", -1)


@pytest.fixture
def long(tmp_path):
    path = tmp_path / "long.csv"
    lines = [f"{i},{'cash and paint' if i % 3 else 'see you'} number {i % 7}" for i in range(21)]
    lines[9] = "9,"
    path.write_text("\n".join(["id,text", *lines]), encoding="utf-8")
    return path


def asked(workflow, path, out, **more):
    return RunOnFileRequest(workflow, path, out, preview(path).mapping, **more)


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_file_comes_back_with_what_the_last_nodes_say(app, db, letters, tmp_path):
    out = tmp_path / "out.csv"
    result = run_on_file(app, asked(BOTH, letters, out), Job())

    header, *rows = rows_of(out)
    assert header == ["id", "text", "labels", "labels:probability", "clean"]
    assert rows[0] == [
        "1", "cash, paint", "money|art", "1.000000|1.000000", "CASH, PAINT",
    ]  # fmt: skip
    assert rows[1] == ["2", "hello", "", "", "HELLO"]
    assert rows[2] == ["3", "", "", "", ""]
    assert rows[3][2:] == ["money", "1.000000", "'=CASH()"]
    assert (result.n_texts, result.n_skipped, result.not_labelled) == (3, 1, ("labels",))
    assert list_concepts(db) == []


def test_the_end_of_the_name_says_the_format(app, letters, tmp_path):
    lines, sheet, tabs = (tmp_path / f"out.{ending}" for ending in ("jsonl", "xlsx", "tsv"))
    for out in (lines, sheet, tabs):
        run_on_file(app, asked(BOTH, letters, out), Job())
    first, second, third, _fourth = map(json.loads, lines.read_text().splitlines())
    assert first["labels"] == ["money", "art"]
    assert first["labels:probability"] == [1, 1]
    assert (second["labels"], second["clean"]) == ([], "HELLO")
    assert (third["labels"], third["clean"]) == (None, None)
    cells = list(openpyxl.load_workbook(sheet).active.iter_rows(values_only=True))
    assert cells[1][2:4] == ("money|art", "1.000000|1.000000")
    assert cells[4][3:] == (1, "=CASH()")  # a number, and a text that is no formula
    assert tabs.read_text().splitlines()[0] == "id\ttext\tlabels\tlabels:probability\tclean"


def test_a_folder_and_a_dataset_are_run_on_alike(app, tmp_path):
    add_texts(app, AddTextsRequest(("cash!", "bye")), Job())
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "one.txt").write_text("cash!", encoding="utf-8")
    run_on_file(app, asked(BY_WORDS, folder, tmp_path / "folder.csv"), Job())
    request = RunOnFileRequest(BY_WORDS, tmp_path, tmp_path / "d.csv", Mapping(), dataset="texts")
    assert run_on_file(app, request, Job()).n_texts == 2
    assert rows_of(tmp_path / "folder.csv")[1][-2:] == ["money", "1.000000"]
    header, first, second = rows_of(tmp_path / "d.csv")
    assert (header[0], first[-2], second[-2]) == (KEY, "money", "")


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx"])
def test_a_stopped_run_goes_on_and_becomes_the_same_file(
    app, long, tmp_path, small_batches, impatient, ending
):
    whole, out = tmp_path / f"whole.{ending}", tmp_path / f"out.{ending}"
    expected = run_on_file(app, asked(BOTH, long, whole), Job())
    with pytest.raises(JobCancelled, match="rows are kept"):
        run_on_file(app, asked(BOTH, long, out), impatient(15))
    assert not out.exists()
    n_stops = 0
    while unfinished_run(out):
        try:
            result = run_on_file(app, unfinished_run(out), impatient(22))
        except JobCancelled:
            n_stops += 1
    assert n_stops
    assert out.read_bytes() == whole.read_bytes()
    assert replace(result, out=whole) == expected
    assert not aside_of(out).exists()
    assert not journal_of(out).exists()


def test_a_killed_run_goes_on_from_what_was_safe(app, long, tmp_path, small_batches, monkeypatch):
    whole, out = tmp_path / "whole.csv", tmp_path / "out.csv"
    run_on_file(app, asked(BOTH, long, whole), Job())
    seen, run = [], run_workflow_on_rows.run

    def kill(*arguments, **more):
        seen.append(arguments)
        if len(seen) == 3:
            for left in (aside_of(out), journal_of(out)):
                shutil.copy(left, tmp_path / f"{left.name}.then")  # as they lay on the disk
        return run(*arguments, **more)

    monkeypatch.setattr(run_workflow_on_rows, "run", kill)
    run_on_file(app, asked(BOTH, long, out), Job())
    out.unlink()
    for left in (aside_of(out), journal_of(out)):
        (tmp_path / f"{left.name}.then").rename(left)
    assert unfinished_run(out).workflow == BOTH
    run_on_file(app, asked(BOTH, long, out, resume=True), Job())
    assert out.read_bytes() == whole.read_bytes()
    assert len(seen) == 6 + 4


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")
def test_a_process_that_was_killed_leaves_a_file_that_the_command_goes_on_with(
    app, capfd, tmp_path
):
    path, whole, out = tmp_path / "in.csv", tmp_path / "whole.csv", tmp_path / "out.csv"
    rows = (f"{i},cash and paint number {i} with some more words" for i in range(60_000))
    path.write_text("\n".join(["id,text", *rows]), encoding="utf-8")
    edit_workflows(app, WorkflowSaving(BOTH), Job())
    words = ["workflow", str(app.path), "run", "both", "--file", str(path), "--out"]
    assert cli.main([*words, str(whole)]) == 0
    killed = subprocess.Popen([sys.executable, "-m", "core", *words, str(out)])
    while not unfinished_run(out) and killed.poll() is None:
        time.sleep(0.01)
    killed.kill()
    assert killed.wait() != 0
    assert cli.main([*words, str(out), "--resume"]) == 0
    assert out.read_bytes() == whole.read_bytes()
    assert "60,000 texts were read" in capfd.readouterr().out


def test_what_has_changed_since_is_not_gone_on_from(
    labelled_app, fake_embedder, long, tmp_path, small_batches, impatient
):
    app, out = labelled_app, tmp_path / "out.csv"
    train(
        app,
        TrainRequest("first", settings=EmbeddingClassifierSettings(enrich_dataset="Disabled")),
        Job(),
    )
    asks = Workflow("asks", (Node("ask", "model", ModelSettings(model="first:1")),))
    with pytest.raises(NothingToResumeError, match="No beginning"):
        run_on_file(app, asked(asks, long, out, resume=True), Job())
    with pytest.raises(JobCancelled, match="kept"):
        run_on_file(app, asked(asks, long, out), impatient(30))
    other = Workflow("asks", (*asks.nodes, CLEAN))
    with pytest.raises(NothingToResumeError, match="changed"):
        run_on_file(app, asked(other, long, out, resume=True), Job())
    run_on_file(app, asked(asks, long, out, resume=True), Job())
    assert len(rows_of(out)) == 22


def test_a_text_that_an_expression_takes_too_long_on_is_counted_and_ends_nothing(
    app, run, tmp_path, monkeypatch
):
    monkeypatch.setattr("core.workflows.expressions.MATCH_S", 0.05)
    slow = ExpressionSettings(expressions={"x": r"(?:(?:(?:a{1,9}){1,9}){1,9}){1,9}b"})
    finds = Workflow("finds", (Node("find", "regex-based-classifier", slow),))
    edit_workflows(app, WorkflowSaving(finds), Job())
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text(f"text\naab\n{'a' * 3_000}\n", encoding="utf-8")
    words = ("workflow", app.path, "run", "finds")
    told = run(*words, "--file", path, "--out", out)
    assert "“find” could not judge 1 text: its pattern takes too long on it." in told
    assert [row[1] for row in rows_of(out)] == ["find", "x", ""]
    value = json.loads(run(*words, "--file", path, "--out", out, "--json"))
    assert value["nodes"][0]["unjudged"] == 1
    assert "takes too long on this text" in run(*words, "a" * 3_000)
    add_texts(app, AddTextsRequest(("a" * 3_000,)), Job())
    assert json.loads(run(*words, "--all", "--json"))["nodes"][0]["unjudged"] == 1


def test_what_a_silent_node_gives_is_neither_shown_nor_written(app, run, letters, tmp_path):
    quiet = Workflow("quiet", (WORDS, replace(LABELS, is_silent=True), CLEAN))
    edit_workflows(app, WorkflowSaving(quiet), Job())
    words, out = ("workflow", app.path, "run", "quiet"), tmp_path / "out.csv"
    run(*words, "--file", letters, "--out", out)
    assert rows_of(out)[0] == ["id", "text", "clean"]
    assert [node["node"] for node in json.loads(run(*words, "cash", "--json"))] == [
        "words", "clean",
    ]  # fmt: skip
    add_texts(app, AddTextsRequest(("cash!",)), Job())
    ran = json.loads(run(*words, "--all", "--json"))
    assert (ran["labelled"], ran["nodes"][1]["concepts"]) == (1, {})


def test_what_gives_nothing_to_write_is_refused(app, letters, tmp_path):
    reads = Workflow("reads", (Node("r", "text-embedder", EmbedderSettings(embedder="fast")),))
    with pytest.raises(NothingToWriteError):
        run_on_file(app, asked(reads, letters, tmp_path / "out.csv"), Job())


def test_a_file_is_not_written_over_itself_nor_half(app, letters, tmp_path, impatient):
    out = tmp_path / "out.csv"
    with pytest.raises(OutputIsInputError):
        run_on_file(app, asked(BY_WORDS, letters, letters), Job())
    with pytest.raises(JobCancelled):
        run_on_file(app, asked(BY_WORDS, letters, out), impatient(1))
    with pytest.raises(GraphError):
        run_on_file(app, asked(Workflow("w", (LABELS,)), letters, out), Job())
    assert [p.name for p in tmp_path.iterdir() if "csv" in p.name] == ["in.csv"]


def test_the_command_says_that_a_file_gets_no_labels(app, run, letters, tmp_path):
    edit_workflows(app, WorkflowSaving(BY_WORDS), Job())
    words = ("workflow", app.path, "run", "by words")
    told = run(*words, "--file", letters, "--out", tmp_path / "o.csv")
    assert told.startswith("3 texts were read")
    assert "Nothing is labelled: what the step “labels” says is in columns" in told
    add_texts(app, AddTextsRequest(("cash!",)), Job())
    value = json.loads(run(*words, "--dataset", "texts", "--out", tmp_path / "o.jsonl", "--json"))
    assert (value["texts"], value["not_labelled_by"]) == (1, ["labels"])
    assert json.loads((tmp_path / "o.jsonl").read_text())["labels"] == ["money"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "Nothing is said"),
        (("cash", "--all"), "one thing"),
        (("--file", "x.csv", "--dataset", "texts"), "one thing"),
        (("--file", "x.csv"), "no name"),
        (("--all", "--out", "o.csv"), "made of a file"),
    ],
)
def test_the_command_asks_what_to_run_on_before_it_labels_anything(app, db, capsys, more, said):
    add_texts(app, AddTextsRequest(("cash!",)), Job())
    edit_workflows(app, WorkflowSaving(BY_WORDS), Job())
    assert cli.main(["workflow", str(app.path), "run", "by words", *more]) == 1
    what, step = capsys.readouterr().err.splitlines()
    assert said in what
    assert step
    assert list_concepts(db) == []
    assert cli.main(["workflow", str(app.path), "run", "by words", "--all"]) == 0
    assert [concept.n_positive for concept in list_concepts(db)] == [1]
