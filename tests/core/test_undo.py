"""Undo: every verb is one step, and the way back is the state before, row by row."""

import pytest

from core.changes import Changes
from core.errors import UserError
from core.files import preview
from core.jobs import Job, JobCancelled
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import (
    SHARE_LABELS,
    AnnotateRequest,
    AnswerRequest,
    ClearRequest,
    NoteRequest,
    annotate,
)
from core.operations.edit_concepts import (
    BroaderEdit,
    CodebookEdit,
    ConceptDeletion,
    ConceptEdit,
    ConceptMerge,
    NewConcept,
    ShortcutEdit,
    SynonymEdit,
    edit_concepts,
)
from core.operations.edit_datasets import (
    DatasetDeletion,
    DatasetEdit,
    NewDataset,
    edit_datasets,
)
from core.operations.edit_inputs import (
    BinEmptying,
    InputDeletion,
    InputRestoration,
    MembershipEdit,
    MetadataEdit,
    SplitEdit,
    TextEdits,
    edit_inputs,
)
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.rename_app import rename_app
from core.operations.split_inputs import SplitRequest, split_inputs
from core.operations.tidy_up import tidy_up
from core.operations.undo import NothingToUndoError, redo, undo
from core.records import Origin, Status
from core.storage.about import update_about
from core.storage.annotations import list_label_events
from core.storage.bin import count_binned, list_binned
from core.storage.concepts import get_concept, list_concepts
from core.storage.database import transaction
from core.storage.datasets import add_to_dataset, list_datasets
from core.storage.filters import InputFilter, count_inputs, list_input_ids
from core.storage.inputs import get_inputs, text_hash
from core.storage.steps import find_redoable, find_undoable, list_steps

BESIDES = ("undo_log", "steps", "sqlite_sequence", "texts", "imports", "import_problems")


def everything(app):
    """Return every row that an analyst could miss, keys of steps apart."""
    with app.database() as db:
        tables = [
            t
            for t in db.table_names()
            if t not in BESIDES and not t.startswith(("texts_fts", "bin_"))
        ]
        rows = {t: set(db.execute(f"SELECT * FROM {t}").fetchall()) for t in tables}
        binned = {(i.id, i.text) for i, _when in list_binned(db)}
    return rows | {"bin": binned}


@pytest.fixture
def filled(app, tmp_path):
    """An app with two labelled texts, a text without label, a second dataset, and relations."""
    path = tmp_path / "mails.csv"
    path.write_text(
        "id,text,label,split,team\n1,Win a prize,spam,train,red\n2,See you,ham,test,blue\n"
        "3,Win a prize,,,\n",
        encoding="utf-8",
    )
    import_texts(app, ImportRequest(path, preview(path).mapping), Job())
    edit_datasets(app, NewDataset("mine", "my own"), Job())
    edit_inputs(app, MembershipEdit((1, 2), "mine"), Job())
    edit_concepts(app, NewConcept("advert"), Job())
    edit_concepts(app, BroaderEdit(1, 3), Job())
    edit_concepts(app, SynonymEdit(1, 2), Job())
    annotate(app, AnnotateRequest((2,), "spam", positive=False), Job())
    return app


VERBS = {
    "label": (annotate, AnnotateRequest((1, 3), "ham")),
    "label with a new concept": (annotate, AnnotateRequest((3,), "new")),
    "label as the only concept": (annotate, AnnotateRequest((1, 2), "advert", only=True)),
    "label as not": (annotate, AnnotateRequest((1, 3), "spam", positive=False)),
    "take a label": (annotate, AnnotateRequest((1, 2), "spam", positive=None)),
    "label all that match": (annotate, AnnotateRequest(InputFilter(containing="win"), "ham")),
    "clear": (annotate, ClearRequest((1, 2, 3))),
    "unsure": (annotate, AnswerRequest((1, 3), Status.UNSURE)),
    "note": (annotate, NoteRequest(1, "ask Ada")),
    "edit texts": (edit_inputs, TextEdits(((1, "Won a prize"), (2, "Win a prize")))),
    "split": (edit_inputs, SplitEdit((1, 2, 3), "validation")),
    "metadata": (edit_inputs, MetadataEdit((1, 2, 3), "team", "green")),
    "metadata away": (edit_inputs, MetadataEdit((1, 2, 3), "team", None)),
    "into a dataset": (edit_inputs, MembershipEdit((3,), "another")),
    "out of a dataset": (edit_inputs, MembershipEdit((1,), "mine", belongs=False)),
    "delete": (edit_inputs, InputDeletion((1, 3))),
    "delete all": (edit_inputs, InputDeletion(InputFilter())),
    "split by shares": (split_inputs, SplitRequest(InputFilter(), 40, 30, 30)),
    "new concept": (edit_concepts, NewConcept("praise")),
    "rename": (edit_concepts, ConceptEdit(1, "junk", "Unwanted", 5)),
    "codebook": (edit_concepts, CodebookEdit(1, ("Win now", "You won"))),
    "keys": (edit_concepts, ShortcutEdit(((1, "s"), (2, "h")))),
    "broader": (edit_concepts, BroaderEdit(2, 1)),
    "no synonym": (edit_concepts, SynonymEdit(2, 1, holds=False)),
    "merge": (edit_concepts, ConceptMerge((1, 3), 2)),
    "delete a concept": (edit_concepts, ConceptDeletion(1)),
    "delete the broader concept": (edit_concepts, ConceptDeletion(3)),
    "new dataset": (edit_datasets, NewDataset("third")),
    "rename a dataset": (edit_datasets, DatasetEdit("mine", "ours", "all of us")),
    "delete a dataset": (edit_datasets, DatasetDeletion("mine")),
    "rename the app": (rename_app, "Mail"),
    "add texts": (add_texts, AddTextsRequest(("One", "Two"), ("spam",), ("new",))),
}


@pytest.mark.parametrize("verb", VERBS)
def test_undo_brings_back_every_row_and_redo_takes_it_away_again(filled, verb):
    operation, request = VERBS[verb]
    before = everything(filled)
    operation(filled, request, Job())
    after = everything(filled)
    assert after != before, "the verb did nothing, so nothing is tested"
    for _round in range(2):
        undo(filled, Job())
        assert everything(filled) == before
        redo(filled, Job())
        assert everything(filled) == after
    undo(filled, Job())
    assert everything(filled) == before


@pytest.mark.parametrize("verb", VERBS)
def test_the_counts_in_view_are_those_of_the_rows(filled, verb):
    operation, request = VERBS[verb]
    operation(filled, request, Job())
    for way in (None, undo, redo):
        if way:
            way(filled, Job())
        with filled.database() as db:
            check_counts(db)


def check_counts(db):
    """Compare every count that is kept with the rows it counts."""
    labels = db.execute("SELECT concept_id, input_id, is_positive FROM annotations").fetchall()
    for concept in list_concepts(db):
        mine = [positive for key, _input, positive in labels if key == concept.id]
        assert (concept.n_positive, concept.n_negative) == (sum(mine), len(mine) - sum(mine))
    for key, n_concepts, n_labels, n_chars, text in db.execute(
        "SELECT i.id, n_concepts, n_labels, n_chars, text FROM inputs i "
        "JOIN texts t ON t.id = i.text_id"
    ):
        mine = [positive for _concept, input_id, positive in labels if input_id == key]
        assert (n_concepts, n_labels, n_chars) == (sum(mine), len(mine), len(text))
    labelled = {input_id for _concept, input_id, _positive in labels}
    for dataset in list_datasets(db):
        members = set(list_input_ids(db, InputFilter(dataset_id=dataset.id)))
        assert dataset.n_inputs == len(members)
        assert dataset.n_unlabelled == len(members - labelled)


def test_steps_are_undone_last_first_and_redone_in_order_after_a_restart(filled):
    states = [everything(filled)]
    for operation, request in VERBS.values():
        try:
            operation(filled, request, Job())
        except UserError:  # what an earlier verb took away
            continue
        now = everything(filled)
        if now != states[-1]:
            states.append(now)
    assert len(states) > 20
    for state in reversed(states[:-1]):
        with filled.locked():  # as if the program had been closed and opened
            undo(filled, Job())
        assert everything(filled) == state
    for state in states[1:]:
        redo(filled, Job())
        assert everything(filled) == state


def test_an_import_is_one_step(app, tmp_path):
    path = tmp_path / "mails.csv"
    path.write_text("text,label\nWin,spam\nBye,ham\n", encoding="utf-8")
    before = everything(app)
    import_texts(app, ImportRequest(path, preview(path).mapping, dataset="new"), Job())
    after = everything(app)
    with app.database() as db:
        assert find_undoable(db).name == "import mails.csv"
        assert find_undoable(db).origin == Origin.IMPORT
    assert undo(app, Job()).changes & Changes.INPUTS
    assert everything(app) == before
    redo(app, Job())
    assert everything(app) == after


def test_what_was_undone_cannot_be_redone_after_something_else(filled):
    annotate(filled, AnnotateRequest((3,), "ham"), Job())
    undo(filled, Job())
    annotate(filled, AnnotateRequest((3,), "spam"), Job())
    with pytest.raises(NothingToUndoError, match="nothing to do again"):
        redo(filled, Job())


def test_there_is_nothing_to_undo_in_a_new_app(app):
    with pytest.raises(NothingToUndoError, match="nothing to undo"):
        undo(app, Job())


def test_a_verb_that_changes_nothing_is_no_step(filled):
    with filled.database() as db:
        before = list_steps(db)
    annotate(filled, AnnotateRequest((1,), "spam"), Job())  # it is spam already
    edit_inputs(filled, SplitEdit((1,), "train"), Job())
    with filled.database() as db:
        assert list_steps(db) == before


def test_a_verb_that_fails_leaves_no_step(filled):
    before = everything(filled)
    with pytest.raises(UserError):
        edit_concepts(filled, ConceptEdit(2, "ham", "", 0), Job())
    assert everything(filled) == before
    with filled.database() as db:
        assert find_redoable(db) is None
        assert find_undoable(db).name.startswith("label 1 text as not spam")


def test_a_long_verb_that_is_stopped_is_taken_back_whole(filled, impatient):
    texts = tuple(f"text {n}" for n in range(12_000))
    add_texts(filled, AddTextsRequest(texts), Job())
    before = everything(filled)
    with pytest.raises(JobCancelled):
        annotate(filled, AnnotateRequest(InputFilter(), "new"), impatient(2))
    assert everything(filled) == before
    annotate(filled, AnnotateRequest(InputFilter(), "new"), Job())
    with filled.database() as db:
        assert find_undoable(db).name == "label 12,003 texts as new"
        assert get_concept(db, "new").n_positive == 12_003
    with pytest.raises(JobCancelled):
        undo(filled, impatient(1))
    with filled.database() as db:
        assert get_concept(db, "new").n_positive == 12_003
    undo(filled, Job())
    assert everything(filled) == before


def test_what_was_killed_half_way_is_taken_back_when_the_app_is_opened(filled, monkeypatch):
    add_texts(filled, AddTextsRequest(tuple(f"text {n}" for n in range(6_000))), Job())
    before = everything(filled)

    class Killed(Job):
        def report(self, _stage, done=0, _total=0):
            if done:
                raise KeyboardInterrupt

    monkeypatch.setattr("core.operations.edit_inputs.BULK", 1_000_000)  # not killed in a backup
    monkeypatch.setattr("core.storage.steps.take_back", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        edit_inputs(filled, InputDeletion(InputFilter()), Killed())
    monkeypatch.undo()
    assert everything(filled) != before
    with filled.locked():
        assert everything(filled) == before


def test_deleted_texts_wait_in_the_bin_and_come_back_with_all_they_had(filled):
    before = everything(filled)
    edit_inputs(filled, InputDeletion((1, 2)), Job())
    with filled.database() as db:
        assert [i.text for i, _when in list_binned(db)] == ["See you", "Win a prize"]
        assert count_inputs(db) == 1
    edit_inputs(filled, InputRestoration((1,)), Job())
    edit_inputs(filled, InputRestoration(), Job())
    after = everything(filled)
    assert {t: rows for t, rows in after.items() if t != "annotation_history"} == {
        t: rows for t, rows in before.items() if t != "annotation_history"
    }


def test_a_text_comes_back_without_what_is_gone_by_then(filled):
    edit_inputs(filled, InputDeletion((1,)), Job())
    edit_concepts(filled, ConceptDeletion(2), Job())
    edit_datasets(filled, DatasetDeletion("mine"), Job())
    edit_inputs(filled, InputRestoration(), Job())
    with filled.database() as db:
        (back,) = get_inputs(db, [1])
        assert (back.text, back.positive, back.split) == ("Win a prize", (), "train")
        check_counts(db)


def test_an_id_that_was_given_away_is_not_taken_back(filled, tmp_path):
    edit_inputs(filled, InputDeletion((1,)), Job())
    path = tmp_path / "more.csv"
    path.write_text("id,text\n1,Another\n", encoding="utf-8")
    import_texts(filled, ImportRequest(path, preview(path).mapping), Job())
    edit_inputs(filled, InputRestoration(), Job())
    with filled.database() as db:
        assert {i.text: i.external_id for i in get_inputs(db, [1, 4])} == {
            "Win a prize": "",
            "Another": "1",
        }


def test_an_emptied_bin_is_empty_for_good(filled):
    edit_inputs(filled, InputDeletion((2,)), Job())
    edit_inputs(filled, BinEmptying(), Job())
    undo(filled, Job())
    with filled.database() as db:
        assert count_binned(db) == 0
        assert get_inputs(db, [2]) == []
        check_counts(db)


def test_tidying_up_forgets_what_is_thirty_days_in_the_bin(filled):
    edit_inputs(filled, InputDeletion((1, 2)), Job())
    with filled.database() as db, transaction(db):
        db.execute("UPDATE bin_inputs SET binned = '2020-01-01T00:00:00+00:00' WHERE id = 2")
    assert tidy_up(filled, Job()).n_inputs == 1
    with filled.database() as db:
        assert [i.id for i, _when in list_binned(db)] == [1]
        kept = {text for (text,) in db.execute("SELECT text FROM texts")}
    assert kept == {"Win a prize"}  # "See you" belonged to nobody any more


def test_tidying_up_keeps_what_redo_needs(filled):
    add_texts(filled, AddTextsRequest(("One", "Two")), Job())
    after = everything(filled)
    undo(filled, Job())
    tidy_up(filled, Job())
    redo(filled, Job())
    assert everything(filled) == after
    undo(filled, Job())
    annotate(filled, AnnotateRequest((1,), "ham"), Job())
    assert tidy_up(filled, Job()).n_inputs == 2
    with filled.database() as db:
        assert not db.execute("SELECT 1 FROM texts WHERE hash = ?", [text_hash("One")]).fetchone()


def test_identical_texts_share_labels_where_that_is_wanted(filled):
    annotate(filled, AnnotateRequest((1,), "advert"), Job())
    with filled.database() as db, transaction(db):
        assert get_inputs(db, [3])[0].positive == ()
        update_about(db, **{SHARE_LABELS: "1"})
    annotate(filled, AnnotateRequest((1,), "ham"), Job())
    with filled.database() as db:
        assert 1 in get_inputs(db, [3])[0].positive


def test_the_history_of_a_label_says_who_set_it_and_what_it_was_before(filled):
    annotate(filled, AnnotateRequest((1,), "spam", positive=False), Job())
    annotate(filled, AnnotateRequest((1,), "spam", positive=None), Job())
    annotate(filled, AnnotateRequest((1,), "spam", origin=Origin.DATA_CHECK), Job())
    with filled.database() as db:
        events = list_label_events(db, 1)
    assert [(e.concept, e.is_positive, e.step.origin) for e in events] == [
        ("spam", True, Origin.DATA_CHECK),
        ("spam", None, Origin.PERSON),
        ("spam", False, Origin.PERSON),
        ("spam", True, Origin.IMPORT),
    ]
    undo(filled, Job())
    undo(filled, Job())
    undo(filled, Job())
    with filled.database() as db:
        assert [e.is_positive for e in list_label_events(db, 1)] == [True]


def test_a_label_of_an_older_app_has_a_history_too(filled):
    with filled.database() as db, transaction(db):
        db.execute("UPDATE annotations SET step_id = 0")
        add_to_dataset(db, 1, [1])
    with filled.database() as db:
        (event,) = list_label_events(db, 1)
        assert event.step is None
        assert list(list_input_ids(db, InputFilter(origin=Origin.UNKNOWN))) == [1, 2]
