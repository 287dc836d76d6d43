"""Two people's copies of one app become one: nothing lost, and how far they agree."""

import csv
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from core import cli
from core.app_folder import AppFolder, create_app_folder
from core.jobs import Job, JobCancelled
from core.learning.agreement import Tally, kappa_of
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, ClearRequest, NoteRequest, annotate
from core.operations.edit_concepts import ConceptEdit, edit_concepts
from core.operations.edit_inputs import SplitEdit, TargetEdits, edit_inputs
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.import_app import ImportAppRequest, import_app
from core.operations.merge_app import (
    MergeAppRequest,
    NotACopyError,
    SameAppError,
    merge_app,
)
from core.operations.settle import NotToSettleError, SettleRequest, settle_disagreements
from core.operations.undo import redo, undo
from core.records import Origin
from core.storage.about import update_about
from core.storage.backups import list_backups
from core.storage.concepts import list_concepts
from core.storage.inputs import find_inputs_of_texts, get_inputs
from core.storage.merges import (
    KINDS,
    Said,
    count_open,
    get_merge,
    list_disagreements,
    list_merges,
)
from tests.core.conftest import HAM, SPAM


def rows_of(app):
    """Return every row of texts, labels and merges."""
    tables = ("inputs", "annotations", "concepts", "datasets", "dataset_inputs", "merges")
    with closing(sqlite3.connect(app.path / "app.db")) as db:
        return {name: sorted(map(repr, db.execute(f"SELECT * FROM {name}"))) for name in tables}


def said(app):
    """Return by text the concepts that it carries."""
    with app.database() as db:
        names = {concept.id: concept.name for concept in list_concepts(db)}
        ids = [key for (key,) in db.execute("SELECT id FROM inputs")]
        return {one.text: {names[c] for c in one.positive} for one in get_inputs(db, ids)}


def label(app, text, concept, **options):
    with app.database() as db:
        (key,) = find_inputs_of_texts(db, [text]).values()
    annotate(app, AnnotateRequest((key,), concept, **options), Job())


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """An app and a colleague's copy, in which she labelled, changed and added something."""
    place = tmp_path_factory.mktemp("built")
    mine = create_app_folder("Messages", place / "mine")
    for texts, concept in ((SPAM, "spam"), (HAM, "ham")):
        add_texts(mine, AddTextsRequest(texts, (concept,)), Job())
    add_texts(mine, AddTextsRequest(("nobody said anything",), ()), Job())
    path = export_app(mine, ExportAppRequest(place / "a.textwright"), Job()).path
    hers = import_app(ImportAppRequest(path, place / "hers"), Job()).app
    label(hers, "win a free prize now", "ham", only=True)
    label(hers, "nobody said anything", "other")
    add_texts(hers, AddTextsRequest(("only she has this",), ("spam",)), Job())
    add_texts(hers, AddTextsRequest(("and this",), ()), Job())
    annotate(hers, NoteRequest(2, "her note"), Job())
    with hers.database() as db:
        spam = list_concepts(db)[0]
    edit_concepts(hers, ConceptEdit(spam.id, "spam", "unwanted", spam.colour), Job())
    return mine, hers


@pytest.fixture
def both(built, tmp_path):
    """Both of them, to work on."""
    copies = (shutil.copytree(app.path, tmp_path / app.path.name) for app in built)
    return tuple(AppFolder(Path(copy)) for copy in copies)


def test_a_copy_brings_what_is_new_and_takes_nothing_away(both):
    mine, hers = both
    annotate(mine, NoteRequest(2, "my note"), Job())
    before = said(mine)
    result = merge_app(mine, MergeAppRequest(hers.path), Job())
    after = said(mine)
    assert (result.n_added, result.n_matched, result.n_labelled) == (2, 21, 1)
    assert result.n_concepts == 1
    assert after == before | {
        "nobody said anything": {"other"},
        "only she has this": {"spam"},
        "and this": set(),
    }
    with mine.database() as db:
        assert get_inputs(db, [2])[0].note == "my note\nher note"
        assert list_concepts(db)[0].definition == "unwanted"
        (found,) = db.execute(
            "SELECT COUNT(*) FROM texts_fts WHERE texts_fts MATCH 'she'"
        ).fetchone()
    assert found == 1


def test_where_both_labelled_otherwise_it_is_counted_and_listed(both):
    mine, hers = both
    result = merge_app(mine, MergeAppRequest(hers.path), Job())
    assert result.n_disagreements == 1
    assert (result.whole.n_texts, result.whole.n_both) == (20, 19)
    assert result.whole.share == pytest.approx(0.95)
    assert result.whole.kappa == pytest.approx(0.9)
    spam = next(one for one in result.agreements if one.concept == "spam")
    assert (spam.n_both, spam.n_mine, spam.n_theirs) == (9, 10, 9)
    assert (spam.share, spam.kappa) == (pytest.approx(0.95), pytest.approx(0.9))
    with mine.database() as db:
        (one,) = list_disagreements(db, result.merge_id)
        merge = get_merge(db, result.merge_id)
    assert one.text == "win a free prize now"
    assert (one.mine.labels, one.theirs.labels) == (("spam",), ("ham",))
    assert (merge.n_disagreements, merge.n_open, merge.source) == (1, 1, "Messages")


def test_a_merge_is_one_step_that_can_be_taken_back_and_done_again(both):
    mine, hers = both
    before = rows_of(mine)
    merge_app(mine, MergeAppRequest(hers.path), Job())
    after = rows_of(mine)
    assert undo(mine, Job()).step.name == "merge with Messages"
    assert rows_of(mine) == before
    redo(mine, Job())
    assert rows_of(mine) == after


@pytest.mark.parametrize("side", ["ours", "theirs", "both"])
def test_a_disagreement_is_settled_and_that_can_be_taken_back(both, side):
    mine, hers = both
    result = merge_app(mine, MergeAppRequest(hers.path), Job())
    settle_disagreements(mine, SettleRequest(result.merge_id, side, is_all=True), Job())
    wanted = {"ours": {"spam"}, "theirs": {"ham"}, "both": {"spam", "ham"}}[side]
    assert said(mine)["win a free prize now"] == wanted
    with mine.database() as db:
        assert get_merge(db, result.merge_id).n_open == 0
    undo(mine, Job())
    assert said(mine)["win a free prize now"] == {"spam"}
    with mine.database() as db:
        assert get_merge(db, result.merge_id).n_open == 1


def test_merging_again_adds_nothing(both):
    mine, hers = both
    merge_app(mine, MergeAppRequest(hers.path), Job())
    before = said(mine)
    again = merge_app(mine, MergeAppRequest(hers.path), Job())
    assert (again.n_added, again.n_labelled, again.n_concepts) == (0, 0, 0)
    assert said(mine) == before


def test_texts_that_stand_there_twice_find_their_counterparts(both):
    mine, hers = both
    for app in both:
        add_texts(app, AddTextsRequest(("twice", "twice"), ()), Job())
    result = merge_app(mine, MergeAppRequest(hers.path), Job())
    assert result.n_added == 2


@pytest.mark.parametrize("patience", [1, 3, 5, 7])
def test_a_stopped_merge_leaves_the_app_as_it_was(both, impatient, patience):
    mine, hers = both
    before = rows_of(mine)
    with pytest.raises(JobCancelled):
        merge_app(mine, MergeAppRequest(hers.path), impatient(patience))
    assert rows_of(mine) == before


def test_the_copy_is_only_read(both):
    mine, hers = both
    before = rows_of(hers)
    merge_app(mine, MergeAppRequest(hers.path), Job())
    assert rows_of(hers) == before


def test_labels_that_nobody_read_do_not_come_along_and_give_way_to_those_of_a_person(both):
    mine, hers = both
    label(mine, "nobody said anything", "spam", origin=Origin.MODEL)
    for text in ("and this", "only she has this"):
        label(hers, text, "ham", origin=Origin.MODEL)
    result = merge_app(mine, MergeAppRequest(hers.path), Job())
    assert result.n_disagreements == 1  # not of the text that nobody had read here
    assert said(mine)["nobody said anything"] == {"other"}
    assert said(mine)["and this"] == said(mine)["only she has this"] == set()
    undo(mine, Job())
    assert said(mine)["nobody said anything"] == {"spam"}


def test_an_app_is_not_merged_with_itself(both):
    with pytest.raises(SameAppError):
        merge_app(both[0], MergeAppRequest(both[0].path), Job())


def test_where_she_said_nothing_any_more_ours_stands(both):
    mine, hers = both
    annotate(hers, ClearRequest(tuple(range(1, 11))), Job())
    result = merge_app(mine, MergeAppRequest(hers.path), Job())
    assert result.n_disagreements == 0
    assert said(mine)["win a free prize now"] == {"spam"}


def test_kappa_is_what_the_paper_says():
    assert kappa_of({(1, 1): 20, (1, 0): 5, (0, 1): 10, (0, 0): 15}) == pytest.approx(0.4)
    assert kappa_of({(1, 1): 20}) is None
    tally = Tally()
    tally.add([1, 2], [1])
    assert tally.whole().kappa is None
    assert tally.whole().share == 0


def change(app, text, edit, *values):
    """Give a text another answer or split."""
    with app.database() as db:
        (key,) = find_inputs_of_texts(db, [text]).values()
    request = TargetEdits(((key, *values),)) if edit == "answer" else SplitEdit((key,), *values)
    edit_inputs(app, request, Job())


@pytest.fixture
def unlike(both):
    """Both of them, differing in the labels of a text, the answers of it and of another one, and
    in the splits of that; and what came of merging them."""
    mine, hers = both
    first, second = "win a free prize now", "claim your cash reward"
    for app, answer, split in ((mine, "mine", "train"), (hers, "hers", "test")):
        change(app, first, "answer", answer)
        change(app, second, "answer", answer)
        change(app, second, "split", split)
    change(hers, "you won a prize", "answer", "only hers")
    return mine, merge_app(mine, MergeAppRequest(hers.path), Job())


def told_of(app):
    """Return the target and the split of each text that has one of them."""
    with app.database() as db:
        found = get_inputs(db, [key for (key,) in db.execute("SELECT id FROM inputs")])
    return {one.text: (one.target, one.split) for one in found if one.target or one.split}


def test_answers_and_splits_that_differ_are_counted_and_listed_and_ours_stand(unlike):
    mine, result = unlike
    counts = result.to_json()
    kinds = {"n_labels_differ": 1, "n_answers_differ": 2, "n_splits_differ": 1}
    assert kinds.items() <= counts.items()
    assert result.n_disagreements == 2
    assert told_of(mine) == {
        "win a free prize now": ("mine", ""),
        "claim your cash reward": ("mine", "train"),
        "you won a prize": ("only hers", ""),
    }
    with mine.database() as db:
        first, second = list_disagreements(db, result.merge_id)
        assert count_open(db, result.merge_id) == {"labels": 1, "answer": 2, "split": 1}
        (only,) = list_disagreements(db, result.merge_id, only_open=True, kinds=("labels",))
    assert (first.kinds, second.kinds) == (("labels", "answer"), ("answer", "split"))
    assert only == first
    assert second.theirs == Said((), "hers", "test")
    assert second.mine == Said(("spam",), "mine", "train")


def test_what_differs_can_be_settled_one_after_the_other(unlike):
    mine, result = unlike
    before = rows_of(mine)
    request = SettleRequest(result.merge_id, "theirs", is_all=True, kinds=("answer",))
    assert settle_disagreements(mine, request, Job()).n_inputs == 2
    assert told_of(mine)["claim your cash reward"] == ("hers", "train")
    assert said(mine)["win a free prize now"] == {"spam"}
    with mine.database() as db:
        assert count_open(db, result.merge_id) == {"labels": 1, "answer": 0, "split": 1}
        assert get_merge(db, result.merge_id).n_open == 2
    rest = replace(request, kinds=KINDS)
    assert settle_disagreements(mine, rest, Job()).n_inputs == 2
    assert told_of(mine)["claim your cash reward"] == ("hers", "test")
    with mine.database() as db:
        assert get_merge(db, result.merge_id).n_open == 0
    undo(mine, Job())
    undo(mine, Job())
    assert rows_of(mine) == before
    with mine.database() as db:
        assert get_merge(db, result.merge_id).n_open == 2


def test_both_together_is_for_labels_and_leaves_our_answers_and_splits(unlike):
    mine, result = unlike
    before = told_of(mine)
    settle_disagreements(mine, SettleRequest(result.merge_id, "both", is_all=True), Job())
    assert told_of(mine) == before
    assert said(mine)["win a free prize now"] == {"spam", "ham"}


def test_settling_no_texts_settles_none_and_one_that_is_not_open_is_refused(unlike):
    mine, result = unlike
    request = SettleRequest(result.merge_id, "theirs")
    assert settle_disagreements(mine, request, Job()).n_inputs == 0
    with pytest.raises(NotToSettleError):
        settle_disagreements(mine, replace(request, input_ids=(1, 999)), Job())
    with mine.database() as db:
        assert get_merge(db, result.merge_id).n_open == 2


def test_merges_of_earlier_versions_are_settled_as_before(unlike):
    mine, result = unlike
    with mine.database() as db:
        (ham,) = (concept.id for concept in list_concepts(db) if concept.name == "ham")
        db.execute("UPDATE merge_disagreements SET theirs = ? WHERE input_id = 1", [f"[{ham}]"])
        (one,) = list_disagreements(db, result.merge_id, only_open=True, kinds=("labels",))
    assert (one.kinds, one.theirs) == (("labels",), Said(("ham",)))
    settle_disagreements(mine, SettleRequest(result.merge_id, "theirs", (1,)), Job())
    assert said(mine)["win a free prize now"] == {"ham"}
    with mine.database() as db:
        assert get_merge(db, result.merge_id).n_open == 1


def test_an_app_that_is_no_copy_is_merged_only_by_one_who_is_sure(both, tmp_path, run_json, run):
    mine = both[0]
    other = create_app_folder("Recipes", tmp_path / "other")
    with other.database() as db:
        update_about(db, created="2001-01-01T00:00:00+00:00")
    add_texts(other, AddTextsRequest(("boil the eggs", "win a free prize now"), ()), Job())
    before = rows_of(mine)
    with pytest.raises(NotACopyError) as refused:
        merge_app(mine, MergeAppRequest(other.path), Job())
    assert (refused.value.n_texts, refused.value.n_common) == (2, 1)
    assert "1 of its 2 texts" in str(refused.value)
    assert "--anyway" in refused.value.next_step
    assert rows_of(mine) == before
    assert list_backups(mine.backups) == []
    assert run_json("merge-app", mine.path, other.path, "--anyway")["n_added"] == 1


def test_what_differs_is_settled_on_the_command_line(unlike, run_json, run):
    mine, result = unlike
    told = run_json("settle", mine.path)
    assert (told["merge"], told["open"]) == (result.merge_id, 2)
    assert told["texts"][0]["labels"] == {"ours": "spam", "theirs": "ham"}
    assert told["texts"][1]["splits"] == {"ours": "train", "theirs": "test"}
    assert len(run_json("settle", mine.path, "--only", "splits")["texts"]) == 1
    assert "labels, answers" in run("settle", mine.path)
    told = run_json("settle", mine.path, "--take", "theirs", "--input", 1, "--only", "labels")
    assert told == {"merge": result.merge_id, "settled": 1, "open": 2}
    assert "2 texts are settled." in run("settle", mine.path, "--take", "theirs", "--all")
    assert told_of(mine)["claim your cash reward"] == ("hers", "test")
    assert "nothing to settle" in run("settle", mine.path)


@pytest.mark.parametrize("words", [["--take", "ours"], ["--all"], ["--input", "1"]])
def test_settling_asks_whose_word_counts_and_for_which_texts(unlike, capsys, words):
    assert cli.main(["settle", str(unlike[0].path), *words]) == 1
    assert "It is not said" in capsys.readouterr().err


def test_without_a_merge_there_is_nothing_to_settle(both, capsys):
    assert cli.main(["settle", str(both[0].path)]) == 1
    assert "No copy was merged" in capsys.readouterr().err


def test_two_copies_merge_on_the_command_line(both, tmp_path, run_json, run):
    mine, hers = both
    path = export_app(hers, ExportAppRequest(tmp_path / "hers.textwright"), Job()).path
    table = tmp_path / "open.csv"
    told = run_json("merge-app", mine.path, path, "--disagreements", table)
    assert told["n_disagreements"] == 1
    assert told["whole"]["kappa"] == pytest.approx(0.9)
    with table.open(encoding="utf-8-sig", newline="") as file:
        row = list(csv.reader(file))[1]
    assert row == ["1", "win a free prize now", "spam", "ham", "", "", "", "", "no"]
    assert "95.5" in run("merge-app", mine.path, path)
    with AppFolder(mine.path).database() as db:
        assert len(list_merges(db)) == 2


def test_what_a_colleague_says_a_text_is_not_is_told_and_taken_over(both, tmp_path, run_json, run):
    mine, hers = both
    text = HAM[0]
    label(hers, text, "ham", positive=False)
    table = tmp_path / "open.csv"
    run_json("merge-app", mine.path, hers.path, "--disagreements", table)
    assert "not ham" in run("settle", mine.path)
    assert "ham,not ham" in table.read_text(encoding="utf-8-sig")
    told = {one["text"]: one["labels"] for one in run_json("settle", mine.path)["texts"]}
    assert told[text] == {"ours": "ham", "theirs": "not ham"}
    run("settle", mine.path, "--take", "theirs", "--all")
    with mine.database() as db:
        (key,) = find_inputs_of_texts(db, [text]).values()
        (one,) = get_inputs(db, [key])
        names = {concept.id: concept.name for concept in list_concepts(db)}
    assert (one.positive, [names[c] for c in one.negative]) == ((), ["ham"])
