import json

import pytest

from core import cli
from core.base_models import BaseModelMissingError, find_base_model
from core.jobs import Job, JobCancelled
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations.add_texts import AddTextsRequest, NoTextError, add_texts
from core.operations.annotate import SHARE_LABELS, AnnotateRequest, AnswerRequest, annotate
from core.operations.choose_workflow import (
    ChooseWorkflowRequest,
    ReadNewRequest,
    choose_workflow,
    default_of,
    has_new_texts,
    look_at_default,
    read_new_texts,
)
from core.operations.create_app import CreateAppRequest, create_app
from core.operations.edit_workflows import WorkflowSaving, edit_workflows
from core.operations.index_texts import NoIndexError, embedder_of_index, index_embedder
from core.operations.run_workflow import (
    NoTextsError,
    RunOnTextsRequest,
    TryWorkflowRequest,
    run_on_texts,
    try_workflow,
)
from core.operations.train import TrainRequest, train
from core.operations.undo import undo
from core.records import Origin, Status
from core.storage.about import update_about
from core.storage.annotations import list_label_events
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from core.storage.steps import list_steps
from core.storage.workflows import WorkflowMissingError
from core.workflows.graph import IN, Node, Workflow
from core.workflows.node_settings import (
    CleanerSettings,
    EmbedderSettings,
    KeywordSettings,
    LabelSettings,
    ModelSettings,
    ThresholdSettings,
)

PLAIN = EmbeddingClassifierSettings(enrich_dataset="Disabled")
WORDS = Node("words", "keyword-filter-operator", KeywordSettings(words={"money": "cash, prize"}))
LABELS = Node("labels", "annotation-writer", LabelSettings(), ("words",))
BY_WORDS = Workflow("by words", (WORDS, LABELS))
NEW = ("cash for you", "see you soon", "the prize is yours")


@pytest.fixture
def trained_app(labelled_app, fake_embedder):
    train(labelled_app, TrainRequest("first", settings=PLAIN), Job())
    return labelled_app


def by_model():
    return Workflow(
        "by model",
        (
            Node("clean", "text-cleaner", CleanerSettings(case="lower")),
            Node("ask", "model", ModelSettings(model="first:1"), ("clean",)),
            Node("sure", "concept-thresholder", ThresholdSettings(value=0.6), ("ask",)),
            Node("labels", "annotation-writer", LabelSettings(), ("sure",)),
            Node("read", "text-embedder", EmbedderSettings(embedder="accurate"), (IN,)),
        ),
    )


def labels_of(app):
    with app.database() as db:
        names = {concept.id: concept.name for concept in list_concepts(db)}
        inputs = get_inputs(db, list_input_ids(db))
        return {item.text: {names[i] for i in item.positive} for item in inputs}


def test_one_text_shows_what_every_node_makes_of_it_and_nothing_is_stored(trained_app):
    before = labels_of(trained_app)
    request = TryWorkflowRequest(by_model(), "WIN A FREE   Prize Now")
    job = Job()
    nodes = {node.id: node for node in try_workflow(trained_app, request, job).nodes}

    assert (job.progress.stage, job.progress.total) == ("Running the workflow", 1)  # not a node
    assert nodes["clean"].parts == ("win a free prize now",)
    assert nodes["ask"].concepts[0].concept == "spam"
    assert len(nodes["ask"].concepts) == 2
    assert [p.concept for p in nodes["labels"].concepts] == ["spam"]
    assert nodes["read"].dim == 64
    assert labels_of(trained_app) == before
    with pytest.raises(NoTextError):
        try_workflow(trained_app, TryWorkflowRequest(by_model(), "  "), Job())


def test_labels_are_written_as_one_step_that_says_nobody_read_them(app, db):
    add_texts(app, AddTextsRequest(NEW), Job())
    result = run_on_texts(app, RunOnTextsRequest(BY_WORDS), Job())

    assert (result.n_texts, result.n_labelled) == (3, 2)
    assert [(n.id, n.n_texts, n.concepts) for n in result.nodes] == [
        ("words", 2, (("money", 2),)),
        ("labels", 2, (("money", 2),)),
    ]
    assert labels_of(app) == {NEW[0]: {"money"}, NEW[1]: set(), NEW[2]: {"money"}}
    (event,) = list_label_events(db, list_input_ids(db)[0])
    assert event.step.origin == Origin.MODEL
    assert "by words" in event.step.name
    undo(app, Job())
    assert set(map(len, labels_of(app).values())) == {0}


def test_texts_that_are_labelled_are_left_alone_unless_asked_for(app):
    add_texts(app, AddTextsRequest(("cash is king",), ("other",)), Job())
    assert run_on_texts(app, RunOnTextsRequest(BY_WORDS), Job()).n_labelled == 0
    both = Node("labels", "annotation-writer", LabelSettings(skip_labelled=False), ("words",))
    run_on_texts(app, RunOnTextsRequest(Workflow("w", (WORDS, both))), Job())
    assert labels_of(app) == {"cash is king": {"other", "money"}}


def test_a_text_that_somebody_was_unsure_of_gets_no_label_nor_does_a_labelled_twin(app, db):
    add_texts(app, AddTextsRequest((NEW[0], NEW[0], NEW[2])), Job())
    first, second, third = list_input_ids(db)
    annotate(app, AnnotateRequest((second,), "other"), Job())
    annotate(app, AnswerRequest((third,), Status.UNSURE), Job())
    update_about(db, **{SHARE_LABELS: "1"})
    assert run_on_texts(app, RunOnTextsRequest(BY_WORDS), Job()).n_labelled == 1
    carried = [len(one.positive) for one in get_inputs(db, [first, second, third])]
    assert carried == [1, 1, 0]
    assert get_inputs(db, [third])[0].status == Status.UNSURE


def test_a_run_on_chosen_texts_touches_no_other(app, db):
    add_texts(app, AddTextsRequest(NEW), Job())
    first = list_input_ids(db)[0]
    run_on_texts(app, RunOnTextsRequest(BY_WORDS, inputs=InputFilter(ids=(first,))), Job())
    assert labels_of(app)[NEW[2]] == set()
    with pytest.raises(NoTextsError):
        run_on_texts(app, RunOnTextsRequest(BY_WORDS, inputs=()), Job())


@pytest.mark.parametrize("patience", [0, 1, 2, 3, 4])
def test_a_run_that_is_stopped_labels_nothing(app, impatient, patience):
    add_texts(app, AddTextsRequest(NEW), Job())
    with pytest.raises(JobCancelled):
        run_on_texts(app, RunOnTextsRequest(BY_WORDS), impatient(patience))
    assert set(map(len, labels_of(app).values())) == {0}


def test_an_app_begins_with_a_base_workflow_that_reads_when_it_is_needed(app, db):
    default = default_of(db)
    assert (default.name, default.embedder, default.is_chosen) == ("accurate", "accurate", False)
    assert not has_new_texts(db)


def test_a_chosen_base_workflow_is_what_the_index_reads_with(app, db, fake_embedder):
    choose_workflow(app, ChooseWorkflowRequest("accurate"), Job())
    assert (default_of(db).embedder, has_new_texts(db)) == ("accurate", False)
    add_texts(app, AddTextsRequest(NEW), Job())
    assert has_new_texts(db)
    assert look_at_default(app, ReadNewRequest(), Job()).n_to_index == 3

    result = read_new_texts(app, ReadNewRequest(), Job())

    assert (result.n_indexed, result.n_errors) == (3, 0)
    assert look_at_default(app, ReadNewRequest(), Job()).n_to_index == 0
    assert not has_new_texts(db)
    undo(app, Job())
    undo(app, Job())
    assert not default_of(db).is_chosen


def test_a_new_app_begins_with_the_base_workflow_that_was_asked_for(tmp_path):
    app = create_app(CreateAppRequest("Mails", tmp_path / "mails", base="empty"), Job())
    with app.database() as db:
        assert (default_of(db).name, default_of(db).is_chosen) == ("empty", True)
        assert list_steps(db) == []
    with pytest.raises(WorkflowMissingError):
        create_app(CreateAppRequest("Other", tmp_path / "other", base="universal"), Job())
    assert not (tmp_path / "other").exists()


def test_an_empty_default_keeps_no_index(app, db, fake_embedder):
    choose_workflow(app, ChooseWorkflowRequest("empty"), Job())
    add_texts(app, AddTextsRequest(NEW), Job())
    assert read_new_texts(app, ReadNewRequest(), Job()).n_indexed == 0
    with pytest.raises(NoIndexError):
        embedder_of_index(app)


def test_a_base_model_alone_can_be_the_default_and_a_workflow_may_change_what_it_reads_with(
    app, db, monkeypatch
):
    def find(name):
        return name if name == "tiny" else find_base_model(name)

    monkeypatch.setattr("core.operations.model_embedder.find_base_model", find)
    choose_workflow(app, ChooseWorkflowRequest("tiny", is_reader=True), Job())
    assert (default_of(db).name, default_of(db).embedder) == ("tiny", "tiny")
    with pytest.raises(BaseModelMissingError):
        choose_workflow(app, ChooseWorkflowRequest("ghost", is_reader=True), Job())

    def save(embedder):
        reads = Node("read", "text-embedder", EmbedderSettings(embedder=embedder))
        edit_workflows(app, WorkflowSaving(Workflow("reads", (reads,))), Job())

    save("fast")
    choose_workflow(app, ChooseWorkflowRequest("reads"), Job())
    save("accurate")
    assert default_of(db).embedder == index_embedder(db) == "accurate"


def test_a_default_workflow_runs_on_texts_that_come_in_and_on_all_when_asked(
    app, db, fake_embedder
):
    add_texts(app, AddTextsRequest(("cash before",)), Job())
    reads = Node("read", "text-embedder", EmbedderSettings(embedder="fast"))
    edit_workflows(app, WorkflowSaving(Workflow("both", (*BY_WORDS.nodes, reads))), Job())
    choose_workflow(app, ChooseWorkflowRequest("both"), Job())
    assert default_of(db).embedder == "fast"

    add_texts(app, AddTextsRequest(NEW), Job())
    assert look_at_default(app, ReadNewRequest(), Job()).n_to_process == 3
    result = read_new_texts(app, ReadNewRequest(), Job())
    assert (result.n_processed, result.n_labelled, result.n_indexed) == (3, 2, 4)
    assert labels_of(app)["cash before"] == set()
    assert read_new_texts(app, ReadNewRequest(), Job()).n_processed == 0

    again = read_new_texts(app, ReadNewRequest(everything=True), Job())
    assert (again.n_processed, again.n_labelled, again.n_indexed) == (4, 1, 0)
    assert labels_of(app)["cash before"] == {"money"}


def test_a_workflow_of_a_model_labels_by_what_the_model_says(trained_app):
    add_texts(trained_app, AddTextsRequest(("claim the free cash prize",)), Job())
    result = run_on_texts(trained_app, RunOnTextsRequest(by_model()), Job())
    assert result.n_labelled == 1
    assert labels_of(trained_app)["claim the free cash prize"] == {"spam"}


def test_the_command_imports_shows_runs_exports_and_chooses(app, run, tmp_path, fake_embedder):
    add_texts(app, AddTextsRequest(NEW), Job())
    edit_workflows(app, WorkflowSaving(BY_WORDS), Job())
    out = tmp_path / "flow.yaml"
    run("workflow", app.path, "export", "by words", out)
    shown = json.loads(run("workflow", app.path, "import", out, "--json"))
    assert [node["id"] for node in shown["nodes"]] == ["words", "labels"]
    assert (shown["workflow"], shown["version"]) == ("by words", 1)  # the same, kept once
    assert "by-words" not in run("workflow", app.path, "list")
    assert "cash, prize" in run("workflow", app.path, "show", "by words")

    said = json.loads(run("workflow", app.path, "run", "by words", "cash!", "--json"))
    assert said[1]["concepts"] == [{"concept": "money", "probability": 1.0}]
    assert "money 1.000" in run("workflow", app.path, "run", "by words", "cash!")
    ran = json.loads(run("workflow", app.path, "run", "by words", "--dataset", "texts", "--json"))
    assert (ran["texts"], ran["labelled"]) == (3, 2)
    told = run("workflow", app.path, "default", "by words", "--again", "--json")
    assert json.loads(told)["processed"] == 3
    assert json.loads(run("workflow", app.path, "list", "--json"))[0]["is_default"]
    assert json.loads(run("workflow", app.path, "default", "--json"))["default"] == "by words"


def test_texts_that_come_in_by_command_run_through_the_default_workflow(app, run, tmp_path):
    edit_workflows(app, WorkflowSaving(BY_WORDS), Job())
    run("workflow", app.path, "default", "by words")
    table = tmp_path / "in.csv"
    table.write_text("text\nfree cash\nhello you\n", encoding="utf-8")
    run("import", app.path, table)
    run("add", app.path, "another prize")
    assert labels_of(app) == {
        "free cash": {"money"},
        "hello you": set(),
        "another prize": {"money"},
    }


@pytest.mark.parametrize(
    "words", [("show",), ("show", "ghost"), ("run", "ghost", "text"), ("import", "ghost.yaml"),
              ("default", "ghost"), ("dance", "x")],
)  # fmt: skip
def test_the_command_refuses_what_is_not_there_with_a_next_step(app, capsys, words):
    assert cli.main(["workflow", str(app.path), *words]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
