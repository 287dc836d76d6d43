import time

import pytest

from core.errors import UserError
from core.jobs import Job
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.operations.choose_workflow import (
    ChooseWorkflowRequest,
    choose_workflow,
    default_of,
)
from core.operations.edit_workflows import (
    WorkflowDeletion,
    WorkflowInUseError,
    WorkflowRenaming,
    WorkflowSaving,
    edit_workflows,
)
from core.operations.train import TrainRequest, train
from core.operations.undo import redo, undo
from core.operations.workflow_files import (
    ExportWorkflowRequest,
    ImportWorkflowRequest,
    export_workflow,
    import_workflow,
)
from core.operations.workflows import load_workflow
from core.storage.models import find_model_version
from core.storage.workflows import (
    WorkflowMissingError,
    WorkflowNameError,
    list_workflow_versions,
    list_workflows,
)
from core.templates.yaml_text import parse_yaml
from core.workflows.graph import IN, GraphError, Node, Workflow
from core.workflows.node_settings import (
    CleanerSettings,
    ConceptFilterSettings,
    EmbedderSettings,
    ExpressionSettings,
    KeywordSettings,
    LabelSettings,
    LanguageSettings,
    ModelSettings,
    PromptSettings,
    SampleSettings,
    SplitterSettings,
    ThresholdSettings,
)
from core.workflows.nodes import KINDS

PLAIN = EmbeddingClassifierSettings(enrich_dataset="Disabled")
EVERY = (
    Node("clean", "text-cleaner", CleanerSettings(urls="mark", case="lower")),
    Node("cut", "text-splitter", SplitterSettings(max_chars=300, roll_up="mean"), ("clean",)),
    Node("some", "random-sample", SampleSettings(share=0.5, seed=7), ("cut",)),
    Node("read", "text-embedder", EmbedderSettings(embedder="accurate"), (IN,)),
    Node("ask", "model", ModelSettings(model="first:1", keep="answer"), ("read",), True),
    Node("lang", "language-id-operator", LanguageSettings(top_k=3), ("some",)),
    Node("rx", "regex-based-classifier", ExpressionSettings(expressions={"no": r"\bno: \d+"}),
         ("some",)),
    Node("rx2", "regex-based-classifier", ExpressionSettings(expressions={"a": "x", "b": "y|z"}),
         (IN, "clean")),
    Node("words", "keyword-filter-operator", KeywordSettings(words={"late": "late, slow"}), (IN,)),
    Node("t", "concept-thresholder",
         ThresholdSettings(comparison="<=", value=0.4, concepts={"spam": 0.9}), ("ask", "words")),
    Node("f", "concept-filter", ConceptFilterSettings(what="drop", concepts=("ham",)), ("t",),
         is_silent=True),
    Node("write", "annotation-writer", LabelSettings(skip_labelled=False), ("f",)),
    Node("p", "prompter", PromptSettings(prompt_template="say: {text}\n\"yes\""), (IN,)),
)  # fmt: skip


@pytest.fixture
def trained_app(labelled_app, fake_embedder):
    train(labelled_app, TrainRequest("first", settings=PLAIN), Job())
    return labelled_app


def a_workflow(name="flow", *nodes):
    return Workflow(name, nodes or (Node("c", "text-cleaner", CleanerSettings()),))


def save(app, workflow):
    return edit_workflows(app, WorkflowSaving(workflow), Job())


def import_words(app, tmp_path, words, name="flow.yaml"):
    path = tmp_path / name
    path.write_text(words, encoding="utf-8")
    return import_workflow(app, ImportWorkflowRequest(path), Job()).workflow


def test_a_workflow_of_every_kind_of_node_comes_back_from_the_portals_shape(trained_app, tmp_path):
    assert {node.kind for node in EVERY} == set(KINDS)
    save(trained_app, a_workflow("Mail routing", *EVERY))
    path = tmp_path / "out.yaml"
    export_workflow(trained_app, ExportWorkflowRequest("Mail routing", path), Job())

    found = parse_yaml(path.read_text(encoding="utf-8"), path.name)["workflow"]
    with trained_app.database() as db:
        version = find_model_version(db, "first")
        kept = load_workflow(db, "Mail routing")
    nodes = {node["id"]: node for node in found["nodes"]}
    assert found["id"] == "Mail-routing"
    assert nodes["ask"]["model"] == {"model_id": "first", "model_version_id": version.folder}
    assert nodes["ask"]["node_inputs"] == [{"node_id": "read"}]
    assert {name for name, node in nodes.items() if node.get("suppress_output")} == {"ask", "f"}
    assert nodes["rx"]["model"]["output_info"]["params"]["regex"] == r"\bno: \d+"
    threshold = nodes["t"]["model"]["output_info"]["params"]
    assert threshold["concept_threshold_type"] == "LESS_THAN_OR_EQUAL_TO"
    assert threshold["concepts"] == [{"id": "spam", "value": 0.9}]
    assert "node_inputs" not in nodes["clean"]

    again = import_workflow(trained_app, ImportWorkflowRequest(path), Job()).workflow
    assert again.name == "Mail routing"
    assert again.nodes == kept.nodes


PORTAL = """
workflow:
  id: auto-annotation
  nodes:
    - id: find
      model:
        model_id: bucket-finder
        model_type_id: regex-based-classifier
        description: Finds the word
        output_info:
          params: {regex: '\\bbucket\\b'}
          data: {concepts: [{id: bucket, value: 1.0}]}
      suppress_output: false
    - id: limit
      model:
        model_id: limit
        model_type_id: concept-threshold
        output_info:
          params: {concept_threshold_type: 1}
          data: {concepts: [{id: bucket, value: 0.8}]}
      node_inputs: [{node_id: find}]
    - id: write
      model:
        model_id: writer
        model_type_id: annotation-writer
        output_info: {params: {annotation_status: ANNOTATION_SUCCESS, annotation_user_id: me}}
      node_inputs: [{node_id: limit}]
"""


def test_a_workflow_of_the_portals_is_read(app, tmp_path):
    workflow = import_words(app, tmp_path, PORTAL)

    assert workflow.name == "auto-annotation"
    assert [node.settings for node in workflow.nodes] == [
        ExpressionSettings(expressions={"bucket": r"\bbucket\b"}),
        ThresholdSettings(comparison=">", concepts={"bucket": 0.8}, others="drop"),
        LabelSettings(),
    ]


def test_a_model_is_found_by_its_version_or_else_by_its_name(trained_app, tmp_path):
    words = "workflow: {id: w, nodes: [{id: m, model: {model_id: first%s}}]}"
    with trained_app.database() as db:
        folder = find_model_version(db, "first").folder
    for more in ("", f", model_version_id: {folder}", ", model_type_id: embedding-classifier"):
        workflow = import_words(trained_app, tmp_path, words % more)
        assert workflow.nodes[0].settings == ModelSettings(model="first:1")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("nodes: [{id: a, model: {model_id: ghost}}]", "a"),
        ("nodes: [{id: a, model: {model_id: g, model_version_id: 12}}]", "a"),
        (f"nodes: [{{id: a, model: {{model_id: g, model_version_id: {'ab' * 16}}}}}]", "a"),
        ("nodes: [{id: a, model: {model_id: g, model_type_id: visual-detector}}]", "a"),
        (f"nodes: [{{id: a, model: {{model_id: g, model_version_id: {'ab' * 16},"
         " output_info: {params: {}}}}]", "a"),
        ("nodes: [{id: a, model: {model_id: g, model_type_id: text-cleaner,"
         " output_info: {params: {colour: red}}}}]", "a"),
        ("nodes: [{id: a, model: {model_id: g, model_type_id: text-splitter,"
         " output_info: {params: {max_chars: 3}}}}]", "a"),
        ("nodes: [{id: a, model: {model_type_id: text-cleaner}, node_inputs: [{node_id: b}]}]",
         "a"),
        ("nodes: [{id: a, model: {model_type_id: text-cleaner}, extra: 1}]", "a"),
        ("nodes: [{id: a, model: [1, 2]}]", "a"),
        ("nodes: [just words]", "?"),
        ("nodes: [{id: 'a b', model: {model_type_id: text-cleaner}}]", "a b"),
        ("nodes: [{id: a, model: {model_type_id: regex-based-classifier,"
         " output_info: {params: {regex: '((a{999}){999}){999}', concepts: [{id: x}]}}}}]", "a"),
        ("nodes: [{id: a, model: {model_type_id: concept-thresholder, output_info: {params: "
         "{concepts: 7}}}, node_inputs: [{node_id: a}]}]", "a"),
    ],
)  # fmt: skip
def test_a_file_with_a_wrong_node_is_refused_by_the_nodes_name(app, tmp_path, words, named):
    with pytest.raises(GraphError) as caught:
        import_words(app, tmp_path, f"workflow: {{id: w, {words}}}")
    assert caught.value.node == named
    with app.database() as db:
        assert list_workflows(db) == []


@pytest.mark.parametrize(
    "words",
    [
        "", "just words", "workflow: 3", "workflow: {id: w}", "workflow: {nodes: []}", "[1, 2]",
        "workflow: {nodes: {}}", "workflow: !!python/object:os.system {nodes: [1]}",
        "a: &a [x]\nb: *a", "workflow: {nodes: [&n {id: a}, *n]}", "{" * 2_000, "[" * 50_000,
        "a: " + "[" * 40 + "]" * 40, "- x\n" * 60_000, "\x00\x01", "workflow: [\n",
        "workflow:\n  nodes:\n" + "    - id: n\n      model: {model_type_id: text-cleaner}\n" * 400,
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_soon(app, tmp_path, words):
    began = time.perf_counter()
    with pytest.raises(UserError):
        import_words(app, tmp_path, words)
    assert time.perf_counter() - began < 2


def test_each_saved_change_is_a_version_and_nothing_is_kept_twice(app, db):
    save(app, a_workflow())
    assert save(app, a_workflow()).number == 1
    other = Node("c", "text-cleaner", CleanerSettings(case="lower"))
    assert save(app, a_workflow("flow", other)).number == 2

    assert [one.number for one in list_workflow_versions(db, "flow")] == [2, 1]
    assert load_workflow(db, "flow").nodes == (other,)
    assert load_workflow(db, "flow", 1) == a_workflow()
    with pytest.raises(WorkflowMissingError, match="version 3"):
        load_workflow(db, "flow", 3)


def test_a_workflow_that_cannot_run_is_not_kept(app, db):
    with pytest.raises(GraphError):
        save(app, a_workflow("flow", Node("c", "text-cleaner", CleanerSettings(), ("nowhere",))))
    with pytest.raises(WorkflowNameError):
        save(app, a_workflow(" "))
    assert list_workflows(db) == []


def test_saving_renaming_and_deleting_are_taken_back_and_done_again(app, db):
    save(app, a_workflow())
    save(app, a_workflow("flow", Node("d", "text-cleaner", CleanerSettings())))
    edit_workflows(app, WorkflowRenaming("flow", "Post"), Job())
    edit_workflows(app, WorkflowDeletion("Post"), Job())
    assert list_workflows(db) == []

    undo(app, Job())
    assert [one.number for one in list_workflow_versions(db, "Post")] == [2, 1]
    undo(app, Job())
    assert [one.name for one in list_workflows(db)] == ["flow"]
    undo(app, Job())
    undo(app, Job())
    assert list_workflows(db) == []
    for _step in range(4):
        redo(app, Job())
    assert list_workflows(db) == []


def test_a_name_that_is_taken_is_refused_or_gets_a_number(app, db, tmp_path):
    save(app, a_workflow("a"))
    save(app, a_workflow("b"))
    with pytest.raises(WorkflowNameError):
        edit_workflows(app, WorkflowRenaming("a", "b"), Job())
    export_workflow(app, ExportWorkflowRequest("a", tmp_path / "a.yaml"), Job())
    path = tmp_path / "a.yaml"
    path.write_text(path.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    kept = import_workflow(app, ImportWorkflowRequest(path), Job())
    assert kept.workflow.name == "a 2"


def test_an_exported_workflow_comes_back_under_its_own_name_as_a_version(app, db, tmp_path):
    path = tmp_path / "mine.yaml"
    save(app, a_workflow("My workflow – ü"))
    export_workflow(app, ExportWorkflowRequest("My workflow – ü", path), Job())
    kept = import_workflow(app, ImportWorkflowRequest(path), Job())
    assert (kept.workflow.name, kept.number) == ("My workflow – ü", 1)  # nothing is kept twice
    words = path.read_text(encoding="utf-8")
    assert "id: My-workflow\n" in words
    save(
        app, a_workflow("My workflow – ü", Node("c", "text-cleaner", CleanerSettings(case="lower")))
    )
    kept = import_workflow(app, ImportWorkflowRequest(path), Job())
    assert (kept.workflow.name, kept.number) == ("My workflow – ü", 3)
    assert [one.name for one in list_workflows(db)] == ["My workflow – ü"]
    path.write_text("# name in Textwright: [1\n" + words.partition("\n")[2], encoding="utf-8")
    kept = import_workflow(app, ImportWorkflowRequest(path), Job())
    assert kept.workflow.name == "My-workflow"


def test_the_default_workflow_is_not_deleted(app):
    save(app, a_workflow())
    choose_workflow(app, ChooseWorkflowRequest("flow"), Job())
    with pytest.raises(WorkflowInUseError):
        edit_workflows(app, WorkflowDeletion("flow"), Job())


NO_NODES = (
    "", "[", "7", "[7]", "[{}]", '[{"kind": "text-cleaner"}]', '[{"kind": [], "id": 1}]',
    '[{"id": "a", "kind": "text-cleaner", "settings": 3, "inputs": 1}]',
)  # fmt: skip


@pytest.mark.parametrize("words", NO_NODES)
def test_a_damaged_workflow_is_said_to_be_and_the_app_still_opens(app, db, words):
    save(app, a_workflow())
    choose_workflow(app, ChooseWorkflowRequest("flow"), Job())
    db.execute("UPDATE workflow_versions SET nodes = ?", [words])
    with pytest.raises(UserError):
        load_workflow(db, "flow")
    assert default_of(db).name == "flow"
    assert len(list_workflows(db)) == 1
