"""Undo when other things happened meanwhile: bins emptied, texts tidied away, imports stopped."""

import pytest

from core.errors import UserError
from core.files import preview
from core.jobs import Job, JobCancelled
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.back_up import BackUpRequest, back_up
from core.operations.edit_concepts import BroaderEdit, ConceptMerge, NewConcept, edit_concepts
from core.operations.edit_inputs import (
    BinEmptying,
    InputDeletion,
    InputRestoration,
    MembershipEdit,
    TextEdits,
    edit_inputs,
)
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.restore import RestoreRequest, restore
from core.operations.tidy_up import tidy_up
from core.operations.undo import NothingToUndoError, redo, undo
from core.storage.backups import list_backups
from core.storage.bin import list_binned, list_binned_ids
from core.storage.concepts import list_concepts
from core.storage.database import transaction
from core.storage.datasets import DatasetMissingError, list_datasets
from core.storage.filters import InputFilter, count_inputs, list_input_ids
from core.storage.inputs import get_inputs
from core.storage.steps import find_undoable
from core.storage.undo_log import _trigger as _real
from tests.core.test_undo import check_counts, everything


@pytest.fixture
def bring_in(app, tmp_path):
    """Return a function that imports lines into the app."""

    def bring_in(*lines, job=None, **policy):
        path = tmp_path / "mails.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return import_texts(app, ImportRequest(path, preview(path).mapping, **policy), job or Job())

    return bring_in


@pytest.fixture
def filled(app, bring_in):
    """An app with three labelled texts that have ids."""
    bring_in("id,text,label", "1,Win a prize,spam", "2,See you,ham", "3,Bye,ham")
    return app


@pytest.fixture
def many():
    """Lines of more texts than an import writes at once."""
    return ["text,label", *(f"text {n},new" for n in range(15_000))]


class Meanwhile(Job):
    """A job during which something else is done, after its first batch; it can be stopped then."""

    def __init__(self, act, *, stops=False):
        super().__init__()
        self._act, self._stops, self._n = act, stops, 0

    def report(self, *progress):
        self._n += 1
        if self._n == 2:
            self._act()
            if self._stops:
                self.cancel()
        super().report(*progress)


@pytest.fixture
def without_backups(monkeypatch):
    """Let no backup before a large import be what is stopped."""
    monkeypatch.setattr("core.operations.import_texts.BULK_IMPORT", 1_000_000)


def text_of(app, input_id):
    with app.database() as db:
        return get_inputs(db, [input_id])[0].text


def test_an_edited_text_comes_back_though_the_app_was_tidied_up_meanwhile(filled):
    edit_inputs(filled, TextEdits(((2, "Another"),)), Job())
    tidy_up(filled, Job())
    undo(filled, Job())
    assert text_of(filled, 2) == "See you"
    tidy_up(filled, Job())
    redo(filled, Job())
    assert text_of(filled, 2) == "Another"


def test_a_step_on_a_text_that_is_gone_for_good_can_be_passed_by_undo(filled):
    annotate(filled, AnnotateRequest((1,), "spam", positive=None), Job())
    edit_inputs(filled, InputDeletion((1,)), Job())
    edit_concepts(filled, ConceptMerge((1,), 2), Job())
    edit_inputs(filled, BinEmptying(), Job())
    for _step in range(4):
        undo(filled, Job())
    with filled.database() as db:
        assert count_inputs(db) == 0


def test_an_import_can_be_undone_though_its_dataset_was_frozen(filled, bring_in):
    bring_in("text", "One", dataset="mine")
    freeze_dataset(filled, FreezeRequest("mine"), Job())
    undo(filled, Job())
    with filled.database() as db:
        assert [(d.name, d.n_inputs) for d in list_datasets(db)] == [("texts", 3), ("mine", 0)]
    redo(filled, Job())
    with filled.database() as db:
        assert list_datasets(db)[1].n_inputs == 1


@pytest.mark.usefixtures("without_backups")
def test_a_stopped_import_leaves_what_was_done_with_its_concept_meanwhile(filled, bring_in, many):
    def use_its_concept():
        edit_concepts(filled, BroaderEdit(1, 3), Job())
        annotate(filled, AnnotateRequest((4,), "new", positive=None), Job())  # one of its texts

    with pytest.raises(JobCancelled):
        bring_in(*many, job=Meanwhile(use_its_concept, stops=True))
    with filled.locked(), filled.database() as db:
        assert count_inputs(db) == 3
        assert {c.name: c.broader_id for c in list_concepts(db)} == {"ham": 3, "spam": 0, "new": 0}
    undo(filled, Job())
    undo(filled, Job())
    with filled.database() as db:
        assert find_undoable(db).name == "import mails.csv"


@pytest.mark.usefixtures("without_backups")
def test_the_index_knows_nothing_of_a_stopped_import_and_stays_whole(filled, bring_in, many):
    with pytest.raises(JobCancelled):
        bring_in(*many, job=Meanwhile(lambda: None, stops=True))
    tidy_up(filled, Job())
    with filled.locked():
        assert tidy_up(filled, Job()).n_texts == 10_000
    with filled.database() as db:
        assert list(list_input_ids(db, InputFilter(containing="prize"))) == [1]
        db.execute("INSERT INTO texts_fts (texts_fts, rank) VALUES ('integrity-check', 1)")


def test_a_version_frozen_during_an_import_is_not_the_dataset_after_it(filled, bring_in, many):
    bring_in(*many, job=Meanwhile(lambda: freeze_dataset(filled, FreezeRequest(), Job())))
    assert freeze_dataset(filled, FreezeRequest(), Job()).version.n_inputs == 15_003


def test_a_long_verb_that_is_refused_is_taken_back_and_says_why(filled):
    add_texts(filled, AddTextsRequest(tuple(f"text {n}" for n in range(6_000))), Job())
    with pytest.raises(DatasetMissingError):
        edit_inputs(filled, MembershipEdit(InputFilter(), "nowhere", belongs=False), Job())
    with filled.database() as db:
        assert find_undoable(db).name == "add 6,000 texts"
        assert not db.execute("SELECT 1 FROM steps WHERE state = 'open'").fetchone()


def test_two_texts_that_had_the_same_id_can_both_be_restored(filled, bring_in):
    edit_inputs(filled, InputDeletion((1,)), Job())
    bring_in("id,text", "1,Another")
    edit_inputs(filled, InputDeletion((4,)), Job())
    edit_inputs(filled, InputRestoration(), Job())
    with filled.database() as db:
        assert [i.external_id for i in get_inputs(db, [1, 4])] == ["1", ""]
    for _step in range(4):
        undo(filled, Job())
    with filled.database() as db:
        assert get_inputs(db, [1])[0].external_id == "1"


def test_what_is_not_in_the_bin_is_not_restored_and_so_not_binned_by_undo(filled):
    edit_inputs(filled, InputDeletion((1,)), Job())
    for _again in range(2):
        edit_inputs(filled, InputRestoration((1,)), Job())
    undo(filled, Job())
    with filled.database() as db:
        assert list_binned_ids(db) == [1]
        assert find_undoable(db).name == "delete 1 text"


def test_a_verb_that_changes_nothing_leaves_what_can_be_done_again(filled):
    annotate(filled, AnnotateRequest((3,), "spam"), Job())
    undo(filled, Job())
    annotate(filled, AnnotateRequest((1,), "spam"), Job())  # it is spam already
    redo(filled, Job())


@pytest.mark.slow
def test_more_steps_than_are_kept_can_be_done_again_where_all_were_undone(filled):
    for n in range(210):
        annotate(filled, AnnotateRequest((1,), "ham", positive=not n % 2), Job())
    for _step in range(211):
        undo(filled, Job())
    with filled.database() as db, transaction(db):
        db.execute("UPDATE bin_inputs SET binned = '2020-01-01T00:00:00+00:00'")
    tidy_up(filled, Job())
    for _step in range(211):
        redo(filled, Job())
    with pytest.raises(NothingToUndoError):
        redo(filled, Job())
    with filled.database() as db:
        assert get_inputs(db, [1])[0].negative == (1,)


def test_an_import_that_merged_many_rows_is_undone_in_a_moment(filled, bring_in, monkeypatch):
    opened = []
    monkeypatch.setattr("core.storage.undo_log._trigger", lambda *_: opened.append(1) or _real(*_))
    texts = tuple(f"text {n}" for n in range(200))
    add_texts(filled, AddTextsRequest(texts), Job())
    bring_in(
        "text,label", *(f"{text},a{len(text)}" for text in texts), same_text="merge", dataset="m"
    )
    opened.clear()
    undo(filled, Job())
    assert len(opened) < 100, "the triggers are made once, not for every row"


@pytest.mark.parametrize("merged", [(1,), (1, 3), (2,)])
def test_concepts_that_are_kinds_of_each_other_merge_without_a_ring(filled, merged):
    edit_concepts(filled, NewConcept("advert"), Job())
    edit_concepts(filled, BroaderEdit(3, 2), Job())
    edit_concepts(filled, BroaderEdit(2, 1), Job())
    edit_concepts(filled, ConceptMerge(merged, 3), Job())
    with filled.database() as db:
        above = {concept.id: concept.broader_id for concept in list_concepts(db)}
    assert 3 in above
    assert all(above.get(above.get(place)) != place for place in above)


def test_a_label_that_no_text_can_have_is_not_made_by_taking_it_back(filled):
    with pytest.raises(UserError, match="no concept “typo”"):
        annotate(filled, AnnotateRequest((1,), "typo", positive=None), Job())


@pytest.mark.parametrize(
    "typed", ["好" * 60_000, "!" * 60_000, "w " * 60_000, "\ud800", "a\0b", '"a']
)
def test_whatever_is_typed_can_be_looked_for(filled, typed):
    with filled.database() as db:
        list_input_ids(db, InputFilter(containing=typed))


def test_deleting_undoing_deleting_and_redoing_leaves_no_ghosts(filled):
    """labelme PR#2265: with a save between each of them, deleted shapes came back."""
    before = everything(filled)
    for step, request in enumerate((InputDeletion((1, 2)), InputDeletion((2, 3)))):
        edit_inputs(filled, request, Job())
        back_up(filled, BackUpRequest(), Job())  # as it is done by itself, in between
        tidy_up(filled, Job())
        deleted = everything(filled)
        undo(filled, Job())
        back_up(filled, BackUpRequest(), Job())
        tidy_up(filled, Job())
        assert everything(filled) == before, step
    redo(filled, Job())
    back_up(filled, BackUpRequest(), Job())
    with filled.locked():  # the program is started again
        tidy_up(filled, Job())
    assert everything(filled) == deleted
    with filled.database() as db:
        assert [i.id for i in get_inputs(db, [1, 2, 3])] == [1]
        assert sorted(i.id for i, _when in list_binned(db)) == [2, 3]
        check_counts(db)
    with pytest.raises(NothingToUndoError):
        redo(filled, Job())
    newest = list_backups(filled.backups)[0]
    undo(filled, Job())
    restore(filled, RestoreRequest(newest.number), Job())
    assert everything(filled) == deleted
