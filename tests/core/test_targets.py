"""Targets: the texts that a model shall write, from the file to the version and back out."""

import csv
import json

import pytest

from core.files import preview, read, with_columns, with_remembered
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.check_data import CheckRequest, check_data
from core.operations.edit_inputs import InputDeletion, TargetEdits, TextEdits, edit_inputs
from core.operations.export_inputs import ExportRequest, export_inputs
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.remedy import RemedyRequest, remedy
from core.operations.tidy_up import tidy_up
from core.operations.undo import redo, undo
from core.storage.bin import list_binned
from core.storage.counts import count_targets, count_version_targets
from core.storage.database import transaction
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import delete_unused_texts, get_inputs
from core.storage.steps import find_undoable
from core.storage.version_hash import hash_version
from core.storage.version_reports import compare_versions
from core.storage.versions import iterate_version, load_version, load_version_page

PROSE = "It is number {} of what we were asked, and we answer it gladly"


@pytest.fixture
def letters(app):
    """Return the keys of three letters, the first two with an answer."""
    texts, targets = ("Where is it?", "Thank you!", "Hello"), ("On its way.", "Gladly.", "")
    return add_texts(app, AddTextsRequest(texts, targets=targets), Job()).input_ids


def targets(app):
    with app.database() as db:
        return [found.target for found in get_inputs(db, list_input_ids(db))]


def found(app, **wanted):
    with app.database() as db:
        return list(list_input_ids(db, InputFilter(**wanted)))


def frozen(app):
    return freeze_dataset(app, FreezeRequest(), Job()).version


def edited(app, *pairs):
    edit_inputs(app, TargetEdits(pairs), Job())


# --- kept, changed, taken back


def test_a_target_is_kept_beside_its_text_and_makes_no_concept(app, letters):
    with app.database() as db:
        first, _second, third = get_inputs(db, letters)
    assert (first.target, third.target) == ("On its way.", "")
    assert not first.is_labelled


def test_another_target_is_one_step_that_can_be_taken_back_and_done_again(app, letters):
    edited(app, (letters[0], " Tomorrow. "), (letters[1], ""), (letters[2], "Hi"))
    assert targets(app) == ["Tomorrow.", "", "Hi"]
    with app.database() as db:
        assert find_undoable(db).name == "edit 3 answers"
    undo(app, Job())
    assert targets(app) == ["On its way.", "Gladly.", ""]
    redo(app, Job())
    assert targets(app) == ["Tomorrow.", "", "Hi"]


def test_a_target_that_stays_as_it_is_leaves_no_step(app, letters):
    edited(app, (letters[0], "On its way."), (letters[2], ""))
    with app.database() as db:
        assert find_undoable(db).name == "add 3 texts"


def test_targets_that_undo_may_bring_back_are_kept_others_are_forgotten(app, letters):
    edited(app, (letters[0], "Tomorrow."), (letters[2], "Hi"))
    tidy_up(app, Job())
    undo(app, Job())
    assert targets(app) == ["On its way.", "Gladly.", ""]
    with app.database() as db, transaction(db):
        db.execute("DELETE FROM undo_log")
        delete_unused_texts(db, 100)
        assert not db.execute("SELECT 1 FROM texts WHERE text IN ('Tomorrow.', 'Hi')").fetchall()


def test_texts_are_forgotten_though_a_target_was_given_where_none_was(app, letters):
    edit_inputs(app, TextEdits(((letters[1], "Thanks!"),)), Job())
    with app.database() as db, transaction(db):
        db.execute("DELETE FROM undo_log")
    edited(app, (letters[2], "Hi"))
    with app.database() as db, transaction(db):
        assert delete_unused_texts(db, 100) == 1


def test_a_deleted_text_takes_its_target_to_the_bin_and_back(app, letters):
    edit_inputs(app, InputDeletion((letters[0],)), Job())
    with app.database() as db:
        assert list_binned(db)[0][0].target == "On its way."
    undo(app, Job())
    assert targets(app) == ["On its way.", "Gladly.", ""]


# --- found


def test_words_are_looked_for_in_targets_too_and_each_text_comes_once(app, letters):
    assert found(app, containing="way") == [letters[0]]
    assert found(app, containing="thank") == [letters[1]]
    edited(app, (letters[1], "Thank you, too"))
    assert found(app, containing="thank") == [letters[1]]
    assert found(app, containing="thank", dataset_id=1) == [letters[1]]
    edited(app, (letters[2], "你好吗"))
    assert found(app, containing="好") == [letters[2]]


def test_a_filter_leaves_texts_with_a_target_or_those_without(app, letters):
    assert found(app, has_target="yes") == [*letters[:2]]
    assert found(app, has_target="no") == [letters[2]]


# --- versions and counts


def test_a_version_keeps_its_targets_and_another_target_makes_another_version(app, letters):
    first = frozen(app)
    edited(app, (letters[0], "Tomorrow."), (letters[2], "Hi"))
    second = frozen(app)
    assert (first.number, second.number) == (1, 2)
    with app.database() as db:
        assert [one.target for one in load_version(db, first.id)] == ["On its way.", "Gladly.", ""]
        assert load_version_page(db, second.id, [letters[2]])[letters[2]].target == "Hi"
        assert next(row.target for row in iterate_version(db, second.id)) == "Tomorrow."
        assert compare_versions(db, first.id, second.id).edited == (letters[0], letters[2])
        assert hash_version(db, first.id) != hash_version(db, second.id)
    undo(app, Job())
    with app.database() as db:
        assert frozen(app).number == 3
        assert hash_version(db, frozen(app).id) == hash_version(db, first.id)


def test_counts_tell_what_a_model_can_learn_to_write_from(app, letters):
    sections = "### Instruction: Sort it. ### Human: Hi ### Assistant: greeting"
    add_texts(app, AddTextsRequest((sections,)), Job())
    with app.database() as db:
        db.execute("UPDATE inputs SET split = 'test' WHERE id = ?", [letters[1]])
        now = count_targets(db, 1)
    assert (now.n_inputs, now.n_targets, now.n_sections, now.n_pairs) == (4, 2, 1, 3)
    assert (now.n_learned, now.n_checked, now.splits) == (2, 1, {"": 2, "test": 1})
    assert now.mean_length == (len("On its way.") + len("Gladly.")) / 2
    version = frozen(app)
    edited(app, (letters[0], ""))
    with app.database() as db:
        assert count_version_targets(db, version.id) == now
        assert count_targets(db, 1).n_pairs == 2


def test_a_data_check_goes_through_texts_with_targets(app, fake_embedder, letters):
    assert check_data(app, CheckRequest(), Job()).n_texts == 3


def test_merged_copies_keep_the_one_target_and_two_different_ones_are_left(app, fake_embedder):
    twins = {"Is it open today?": ("", "Until six."), "Where are you?": ("In town.", "At sea.")}
    for text, answers in twins.items():
        add_texts(app, AddTextsRequest((text, text), targets=answers), Job())
    check = check_data(app, CheckRequest(), Job())
    request = RemedyRequest(check.check_id, "exact-duplicate", "keep-one")
    result = remedy(app, request, Job())
    assert (result.n_inputs, result.n_left) == (2, 1)
    assert targets(app) == ["Until six.", "In town.", "At sea."]


# --- which column it is


def mapping_of(tmp_path, header, *rows):
    path = tmp_path / "pairs.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return preview(path)


@pytest.mark.parametrize(
    ("header", "pair"),
    [
        (("text", "target"), ("text", "target")),
        (("question", "answer"), ("question", "answer")),
        (("prompt", "completion"), ("prompt", "completion")),
        (("summary", "article"), ("article", "summary")),
        (("source", "translation"), ("source", "translation")),
        (("Input", "Output"), ("Input", "Output")),
        (("frage", "antwort"), ("frage", "antwort")),
    ],
)
def test_a_column_that_is_called_like_an_answer_is_the_target(tmp_path, header, pair):
    rows = [(PROSE.format(i), PROSE.format(-i)) for i in range(30)]
    mapping = mapping_of(tmp_path, header, *rows).mapping
    assert (mapping.text, mapping.target, mapping.concepts) == (*pair, ())


def test_few_words_that_come_again_and_again_are_concepts_whatever_the_column_is_called(tmp_path):
    for name in ("target", "completion"):
        rows = [(PROSE.format(i), ("spam", "ham", "not sure")[i % 3]) for i in range(30)]
        mapping = mapping_of(tmp_path, ("text", name), *rows).mapping
        assert (mapping.text, mapping.target, mapping.concepts) == ("text", "", (name,))


@pytest.mark.parametrize("name", ["answer", "Response", "output", "completion", "target_text"])
@pytest.mark.parametrize("label", ["kind", "category", "topic"])
def test_an_answer_beside_a_column_of_labels_is_the_target(tmp_path, name, label):
    rows = [(i, f"Where is parcel {i}?", PROSE.format(-i), "abc"[i % 3]) for i in range(30)]
    mapping = mapping_of(tmp_path, ("id", "text", name, label), *rows).mapping
    assert (mapping.text, mapping.target, mapping.id) == ("text", name, "id")
    assert mapping.concepts == (() if label == "kind" else (label,))


def test_the_answers_to_one_question_are_the_texts_where_a_column_says_what_they_are_about(
    tmp_path,
):
    rows = [("What did you like?", PROSE.format(i), "ab"[i % 2]) for i in range(30)]
    mapping = mapping_of(tmp_path, ("question", "answer", "topic"), *rows).mapping
    assert (mapping.text, mapping.target, mapping.concepts) == ("answer", "", ("topic",))


def test_a_summary_beside_a_column_of_concepts_is_no_target(tmp_path):
    rows = [(PROSE.format(i), PROSE.format(-i), "ab"[i % 2]) for i in range(30)]
    mapping = mapping_of(tmp_path, ("review", "summary", "rating"), *rows).mapping
    assert (mapping.target, mapping.concepts) == ("", ("rating",))


def test_of_few_rows_short_answers_are_a_target_and_labels_are_none(tmp_path):
    rows = [(i, f"Where is parcel {i}?", f"It comes on day {i}.", "abc"[i % 3]) for i in range(6)]
    mapping = mapping_of(tmp_path, ("id", "text", "answer", "kind"), *rows).mapping
    assert (mapping.target, mapping.metadata) == ("answer", ("kind",))
    rows = [(PROSE.format(i), ("spam", "ham", "not sure")[i]) for i in range(3)]
    assert mapping_of(tmp_path, ("text", "answer"), *rows).mapping.target == ""


def test_short_answers_are_a_target_where_hardly_one_comes_twice(tmp_path):
    rows = [(PROSE.format(i), f"number {i}") for i in range(30)]
    assert mapping_of(tmp_path, ("text", "target"), *rows).mapping.target == "target"


def test_rows_of_alpaca_become_texts_with_sections(tmp_path):
    path = tmp_path / "alpaca.json"
    rows = [
        {"instruction": "Sort it.", "input": PROSE.format(i) if i else "", "output": PROSE}
        for i in range(3)
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    first, second, _third = read(path, preview(path).mapping)
    assert first.text == "### Instruction:\nSort it.\n\n### Response:"
    assert second.text == (
        f"### Instruction:\nSort it.\n\n### Input:\n{PROSE.format(1)}\n\n### Response:"
    )
    assert second.target == PROSE


def test_what_is_said_of_the_target_is_believed(tmp_path):
    rows = [("a b", "c d", f"{i}", "no") for i in range(3)]
    seen = mapping_of(tmp_path, ("text", "more", "label", "note"), *rows)
    chosen = with_columns(seen, target="label").mapping
    assert (chosen.target, chosen.concepts) == ("label", ())
    swapped = with_columns(seen, target="text").mapping
    assert (swapped.target, swapped.text != "text") == ("text", True)
    back = with_columns(with_columns(seen, target="label"), concepts=("label",)).mapping
    assert (back.target, back.concepts) == ("", ("label",))


def test_columns_remembered_before_there_were_targets_keep_their_roles(tmp_path):
    rows = [(PROSE.format(i), PROSE.format(-i)) for i in range(30)]
    seen = mapping_of(tmp_path, ("text", "target"), *rows)
    kept = {"kind": "table", "text": "text", "metadata": ["target"]}
    mapping = with_remembered(seen, kept).mapping
    assert (mapping.target, mapping.metadata) == ("", ("target",))


# --- in and out


@pytest.fixture
def pairs_csv(tmp_path):
    path = tmp_path / "pairs.csv"
    rows = "\n".join(f"ask {i},{PROSE.format(i).replace(',', '')},train" for i in range(3))
    path.write_text(f"text,target,split\n{rows}\nask 9,,test\n", encoding="utf-8")
    return path


def imported(app, path, **policy):
    return import_texts(app, ImportRequest(path, preview(path).mapping, **policy), Job())


def test_an_import_brings_targets_and_is_one_step(app, pairs_csv):
    result = imported(app, pairs_csv)
    assert (result.n_added, result.n_targets, result.n_bare, result.n_repeated) == (4, 3, 1, 0)
    assert targets(app) == [PROSE.format(i).replace(",", "") for i in range(3)] + [""]
    assert found(app, containing="gladly") == [1, 2, 3]
    undo(app, Job())
    assert targets(app) == []


def test_a_row_with_a_text_that_is_there_can_give_it_its_target(app, pairs_csv, tmp_path):
    imported(app, pairs_csv)
    path = tmp_path / "more.csv"
    path.write_text(f"text,target\nask 9,{PROSE.format(9)}\nask 0,\n".replace(", and", " and"))
    result = imported(app, path, same_text="merge")
    assert (result.n_added, result.n_merged, result.n_targets) == (0, 2, 1)
    assert targets(app)[0]
    assert "number 9" in targets(app)[3]
    undo(app, Job())
    assert targets(app)[3] == ""


@pytest.mark.parametrize("export_format", ["csv", "jsonl", "xlsx", "portal"])
def test_an_export_carries_targets_only_where_there_are_any(app, letters, tmp_path, export_format):
    path = tmp_path / ("out.csv" if export_format == "portal" else f"out.{export_format}")
    export_inputs(app, ExportRequest(path, export_format), Job())
    rows = read(path, preview(path).mapping)
    assert [row.target for row in rows] == ["On its way.", "Gladly.", ""]
    edited(app, *((key, "") for key in letters))
    export_inputs(app, ExportRequest(path, export_format), Job())
    assert "target" not in preview(path).columns


def test_the_command_line_brings_lists_and_writes_targets(run, run_json, pairs_csv, tmp_path):
    run("create-app", "Letters")
    odd = tmp_path / "odd.csv"
    odd.write_text("a,b\nask one,answer one\nask two,answer two\n", encoding="utf-8")
    told = run_json("import", "Letters", odd, "--text", "a", "--target", "b")
    assert (told["added"], told["targets"]) == (2, 2)
    run("add", "Letters", "ask three", "--target", "answer three")
    listed = run_json("inputs", "Letters", "--filter", "has-target=yes")["inputs"]
    assert [row["target"] for row in listed] == ["answer one", "answer two", "answer three"]
    assert "answer one" in run("inputs", "Letters")
    out = tmp_path / "out.csv"
    run("export", "Letters", out, "--column", "text", "--column", "target")
    assert out.read_text(encoding="utf-8-sig").splitlines()[0] == "text,target"
