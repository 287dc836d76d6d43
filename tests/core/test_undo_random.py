"""Undo, at random: whatever is done in whatever order, undo goes back and redo goes forth again."""

import shutil
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.app_folder import create_app_folder
from core.errors import UserError
from core.files import preview
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import (
    AnnotateRequest,
    AnswerRequest,
    ClearRequest,
    NoneRequest,
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
    VersionDeletion,
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
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.split_inputs import SplitRequest, split_inputs
from core.operations.tidy_up import tidy_up
from core.operations.undo import redo, undo
from core.records import Status
from core.storage.concepts import list_concepts
from core.storage.datasets import list_datasets
from core.storage.filters import InputFilter, list_input_ids
from core.storage.steps import find_redoable, find_undoable

TEXTS = ("Win a prize", "See you", "“Quoted” – it's 100 %", "שלום", "🎉 _party_")
NAMES = ("spam", "ham", "a'b\"c", "DROP TABLE inputs;", "🙂", "עברית")
DATASETS = ("texts", "mine", 'it\'s "theirs" %')
IDS = st.lists(st.integers(1, 8), min_size=1, max_size=3, unique=True).map(tuple)
SELECTIONS = st.one_of(IDS, st.sampled_from([InputFilter(), InputFilter(containing="win")]))
KEYS = st.integers(1, 5)
NAME, DATASET, TEXT = st.sampled_from(NAMES), st.sampled_from(DATASETS), st.sampled_from(TEXTS)
STATE = {
    "inputs": "SELECT i.id, t.text, external_id, source, split, metadata, status, note, added "
    "FROM inputs i JOIN texts t ON t.id = i.text_id",
    "annotations": "SELECT input_id, concept_id, is_positive, step_id FROM annotations",
    "history": "SELECT input_id, concept_id, was_positive, was_step_id, step_id "
    "FROM annotation_history",
    "members": "SELECT input_id, dataset_id FROM dataset_inputs",
    "bin": "SELECT b.id, t.text, external_id, source, split, metadata, status, note, added "
    "FROM bin_inputs b JOIN texts t ON t.id = b.text_id WHERE NOT is_undone",
    "binned annotations": "SELECT a.* FROM bin_annotations a "
    "JOIN bin_inputs b ON b.id = a.input_id WHERE NOT is_undone",
    "binned members": "SELECT m.* FROM bin_dataset_inputs m "
    "JOIN bin_inputs b ON b.id = m.input_id WHERE NOT is_undone",
    "concepts": "SELECT id, name, definition, colour, shortcut, examples, broader_id FROM concepts",
    "synonyms": "SELECT * FROM concept_synonyms",
    "datasets": "SELECT id, name, description FROM datasets",
}
OF_INPUTS = tuple(STATE)[:7]  # tables whose rows begin with the key of an input


class Undoing(RuleBasedStateMachine):
    """Does what an analyst could do, and remembers what was there before and after each step."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.app = create_app_folder("Random", self.folder / "app")
        self.held = ExitStack()
        self.db = self.held.enter_context(self.app.database())  # as the window holds one
        self.gone = set()  # inputs that were deleted for good
        self.done, self.undone = [], []  # steps: (id, state before, state after)
        self.do(add_texts, AddTextsRequest(TEXTS, ("spam",), ("ham",)))

    def teardown(self):
        self.held.close()
        shutil.rmtree(self.folder)

    def state(self):
        return {name: set(self.db.execute(query).fetchall()) for name, query in STATE.items()}

    def do(self, operation, request):
        before = self.state()
        with suppress(UserError):
            operation(self.app, request, Job())
        after = self.state()
        step = find_undoable(self.db)
        if step and step.id not in [key for key, *_states in self.done]:
            self.done.append((step.id, before, after))
            self.undone.clear()
        else:
            assert after == before, "something was written that is no step"

    def without_gone(self, state):
        return {
            name: {row for row in rows if name not in OF_INPUTS or row[0] not in self.gone}
            for name, rows in state.items()
        }

    def expect(self, state):
        """Compare, but for what is gone for good, and datasets that stay for their versions."""
        now, then = self.without_gone(self.state()), self.without_gone(state)
        kept = {key for (key,) in self.db.execute("SELECT dataset_id FROM dataset_versions")}
        known = {row[0] for row in then["datasets"]}
        now["datasets"] = {r for r in now["datasets"] if r[0] not in kept or r[0] in known}
        assert now == then

    @rule(texts=st.lists(TEXT, min_size=1, max_size=2), name=NAME, dataset=DATASET)
    def add(self, texts, name, dataset):
        self.do(add_texts, AddTextsRequest(tuple(texts), (name,), dataset=dataset))

    @rule(
        ids=st.lists(st.integers(1, 4), min_size=1, max_size=3),
        name=NAME,
        dataset=DATASET,
        same_id=st.sampled_from(["skip", "keep", "merge"]),
        same_text=st.sampled_from(["skip", "keep", "merge"]),
    )
    def bring_in(self, ids, name, dataset, same_id, same_text):
        path = self.folder / "more.csv"
        label = name.replace('"', '""')
        rows = [f'{i},"{TEXTS[i]}","{label}",red' for i in ids]
        path.write_text("\n".join(["id,text,label,team", *rows]), encoding="utf-8")
        request = ImportRequest(path, preview(path).mapping, dataset, same_id, same_text)
        self.do(import_texts, request)

    @rule(
        inputs=SELECTIONS,
        name=NAME,
        positive=st.sampled_from([True, False, None]),
        only=st.booleans(),
    )
    def label(self, inputs, name, positive, only):
        self.do(annotate, AnnotateRequest(inputs, name, positive, only=only))

    @rule(
        request=st.one_of(
            st.builds(ClearRequest, SELECTIONS),
            st.builds(NoneRequest, SELECTIONS),
            st.builds(AnswerRequest, SELECTIONS, st.sampled_from(Status)),
            st.builds(NoteRequest, st.integers(1, 8), TEXT),
        )
    )
    def answer(self, request):
        self.do(annotate, request)

    @rule(
        request=st.one_of(
            st.builds(SplitEdit, SELECTIONS, st.sampled_from(["train", "test", ""])),
            st.builds(MetadataEdit, SELECTIONS, NAME, st.one_of(st.none(), TEXT)),
            st.builds(MembershipEdit, SELECTIONS, DATASET, st.booleans()),
        )
    )
    def edit(self, request):
        self.do(edit_inputs, request)

    @rule(
        request=st.one_of(
            st.builds(InputDeletion, SELECTIONS),
            st.builds(InputRestoration, st.one_of(st.just(()), IDS)),
        )
    )
    def delete_or_restore(self, request):
        self.do(edit_inputs, request)

    @rule(input_id=st.integers(1, 5), text=TEXT, again=st.integers(0, 9))
    def correct(self, input_id, text, again):
        self.do(edit_inputs, TextEdits(((input_id, f"{text} {again}"),)))

    @rule(inputs=IDS)
    def split(self, inputs):
        self.do(split_inputs, SplitRequest(inputs, 40, 30, 30))

    @rule(
        request=st.one_of(
            st.builds(NewConcept, NAME),
            st.builds(CodebookEdit, KEYS, st.tuples(TEXT)),
            st.builds(ShortcutEdit, st.tuples(st.tuples(KEYS, st.sampled_from(["a", "b", ""])))),
            st.builds(ConceptEdit, KEYS, NAME, TEXT, KEYS),
            st.builds(BroaderEdit, KEYS, KEYS),
            st.builds(SynonymEdit, KEYS, KEYS, st.booleans()),
            st.builds(ConceptMerge, st.tuples(KEYS, KEYS), KEYS),
            st.builds(ConceptDeletion, KEYS),
        )
    )
    def edit_concept(self, request):
        known = {concept.id for concept in list_concepts(self.db)}
        values = vars(request)
        named = {values[name] for name in values if name.endswith("_id")}
        named |= {*values.get("source_ids", ()), *(k for k, _v in values.get("shortcuts", ()))}
        if named <= known:  # the window offers no others
            self.do(edit_concepts, request)

    @rule(
        request=st.one_of(
            st.builds(NewDataset, DATASET, TEXT),
            st.builds(DatasetEdit, DATASET, DATASET, TEXT),
            st.builds(DatasetDeletion, DATASET),
        )
    )
    def edit_dataset(self, request):
        self.do(edit_datasets, request)

    @rule(dataset=DATASET, number=st.integers(1, 2), deletes=st.booleans())
    def freeze(self, dataset, number, deletes):
        """A version is no step, and what it holds stays whatever is undone."""
        with suppress(UserError):
            if deletes:
                edit_datasets(self.app, VersionDeletion(dataset, number), Job())
            else:
                freeze_dataset(self.app, FreezeRequest(dataset, "mine"), Job())

    @rule(opens=st.booleans())
    def tidy(self, opens):
        """What can still be undone or redone survives that the app is closed, opened and tidied."""
        before = self.state()
        if opens:
            with self.app.locked():
                pass
        tidy_up(self.app, Job())
        assert self.state() == before

    @rule()
    def empty_bin(self):
        self.gone |= {row[0] for row in self.state()["bin"]}
        edit_inputs(self.app, BinEmptying(), Job())

    @precondition(lambda self: self.done)
    @rule(most=st.integers(1, 6))
    def undo(self, most):
        for _time in range(min(most, len(self.done))):
            step_id, before, after = self.done.pop()
            assert undo(self.app, Job()).step.id == step_id
            self.expect(before)
            self.undone.append((step_id, before, after))

    @precondition(lambda self: self.undone)
    @rule(most=st.integers(1, 6))
    def redo(self, most):
        for _time in range(min(most, len(self.undone))):
            step_id, before, after = self.undone.pop()
            assert redo(self.app, Job()).step.id == step_id
            self.expect(after)
            self.done.append((step_id, before, after))

    @invariant()
    def the_steps_are_those_that_were_done(self):
        undoable, redoable = find_undoable(self.db), find_redoable(self.db)
        assert (undoable.id if undoable else None) == (self.done[-1][0] if self.done else None)
        assert (redoable.id if redoable else None) == (self.undone[-1][0] if self.undone else None)

    @invariant()
    def the_counts_are_those_of_the_rows(self):
        assert not self.db.execute("PRAGMA foreign_key_check").fetchall()
        check_counts(self.db)
        broader = {concept.id: concept.broader_id for concept in list_concepts(self.db)}
        for place in broader.values():
            seen, above = set(), place
            while above:
                assert above not in seen, "a concept is a kind of itself"
                seen.add(above)
                above = broader[above]


def check_counts(db):
    """Compare every count that is kept with the rows it counts."""
    for table, key, counts in (
        ("inputs", "input_id", {"n_concepts": "SUM(is_positive)", "n_labels": "COUNT(*)"}),
        (
            "concepts",
            "concept_id",
            {"n_positive": "SUM(is_positive)", "n_negative": "SUM(NOT is_positive)"},
        ),
    ):
        for column, counted in counts.items():
            wrong = db.execute(
                f"SELECT id FROM {table} x WHERE {column} <> COALESCE("
                f"(SELECT {counted} FROM annotations WHERE {key} = x.id), 0)"
            ).fetchall()
            assert wrong == [], (table, column)
    for dataset in list_datasets(db):
        members = list_input_ids(db, InputFilter(dataset_id=dataset.id))
        unlabelled = InputFilter(dataset_id=dataset.id, labelling="unlabelled")
        counted = len(members), len(list_input_ids(db, unlabelled))
        assert (dataset.n_inputs, dataset.n_unlabelled) == counted
    wrong = db.execute(
        "SELECT i.id FROM inputs i JOIN texts t ON t.id = i.text_id WHERE n_chars <> LENGTH(text)"
    ).fetchall()
    assert wrong == []


TestUndoing = Undoing.TestCase
TestUndoing.settings = settings(
    max_examples=35,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
