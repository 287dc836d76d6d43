import pytest

from core.learning.settings import SettingNotAllowedError
from core.workflows.editing import added, given_by, moved_up, new_id, renamed, without
from core.workflows.graph import (
    IN,
    MAX_NODES,
    GraphError,
    ModelFacts,
    Node,
    Workflow,
    check,
)
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
    ThresholdSettings,
)
from core.workflows.values import Carries

MODELS = {
    "spam:1": ModelFacts(writes=False, reads_with="accurate"),
    "writer:1": ModelFacts(writes=True),
}


def node(name, kind, settings, *inputs):
    return Node(name, kind, settings, inputs or (IN,))


def clean(name, *inputs):
    return node(name, "text-cleaner", CleanerSettings(), *inputs)


def model(name, asked, *inputs):
    return node(name, "model", ModelSettings(model=asked), *inputs)


def threshold(name, *inputs, **settings):
    return node(name, "concept-thresholder", ThresholdSettings(**settings), *inputs)


def labels(name, *inputs):
    return node(name, "annotation-writer", LabelSettings(), *inputs)


def checked(*nodes):
    return check(Workflow("w", nodes), MODELS.get)


def refused(*nodes):
    with pytest.raises(GraphError) as caught:
        checked(*nodes)
    assert caught.value.next_step
    return caught.value


def test_a_chain_runs_in_the_order_of_its_inputs_whatever_order_it_was_written_in():
    found = checked(threshold("t", "m"), model("m", "spam:1", "c"), clean("c"))

    assert [one.id for one in found.nodes] == ["c", "m", "t"]
    assert found.carries == {"c": Carries.TEXT, "m": Carries.CONCEPTS, "t": Carries.CONCEPTS}
    assert [one.id for one in found.ends] == ["t"]


def test_branches_part_and_meet_again():
    found = checked(
        clean("c"),
        model("m", "spam:1", "c"),
        node("l", "language-id-operator", LanguageSettings(), "c"),
        threshold("both", "m", "l"),
        labels("w", "both"),
        model("answer", "writer:1"),
    )
    assert [one.id for one in found.ends] == ["answer", "w"] or {one.id for one in found.ends} == {
        "answer",
        "w",
    }
    assert found.carries["answer"] == Carries.TEXT


def test_a_circle_is_refused_and_names_a_node_of_it():
    error = refused(clean("start"), clean("a", "start", "b"), clean("b", "a"), clean("end", "b"))
    assert error.node in ("a", "b")
    assert refused(clean("self", "self")).node == "self"


@pytest.mark.parametrize(
    ("nodes", "named"),
    [
        ([clean("c", "nowhere")], "c"),
        ([model("m", "ghost:4")], "m"),
        ([model("m", "")], "m"),
        ([clean("c"), threshold("t", "c")], "t"),
        ([threshold("t")], "t"),
        ([model("m", "spam:1"), clean("c", "m")], "c"),
        ([model("m", "spam:1"), labels("w", "m"), clean("c", "w")], "c"),
        ([model("answer", "writer:1"), labels("w", "answer")], "w"),
        ([clean("same"), clean("same")], "same"),
        ([clean("with space")], "with space"),
        ([clean("-edge")], "-edge"),
        ([clean("edge_")], "edge_"),
        ([clean("")], ""),
        ([clean("x" * 49)], "x" * 49),
        ([clean("ümlaut")], "ümlaut"),
        ([clean(IN)], IN),
        ([clean("c", IN, IN)], "c"),
        ([Node("c", "text-cleaner", CleanerSettings(), ())], "c"),
        ([clean("c"), model("m", "spam:1"), node("s", "random-sample", SampleSettings(), "c", "m")],
         "s"),
        ([node("k", "keyword-filter-operator", KeywordSettings())], "k"),
        ([node("k", "keyword-filter-operator", KeywordSettings(words={"a": " , "}))], "k"),
        ([node("r", "regex-based-classifier", ExpressionSettings())], "r"),
        ([node("r", "regex-based-classifier", ExpressionSettings(expressions={"a": "("}))], "r"),
        ([node("p", "prompter", PromptSettings(prompt_template="no place"))], "p"),
        ([model("m", "spam:1"), threshold("t", "m", concepts={"a": 7})], "t"),
        ([model("m", "spam:1"), threshold("t", "m", concepts={"a": "high"})], "t"),
        ([Node("s", "email-sender", SampleSettings())], "s"),
    ],
)  # fmt: skip
def test_a_wrong_graph_is_refused_with_the_node_in_the_way(nodes, named):
    error = refused(*nodes)
    assert error.node == named


def test_a_workflow_has_at_least_one_node_and_at_most_twenty():
    refused()
    many = [clean(f"c{i}") for i in range(MAX_NODES + 1)]
    assert refused(*many).node == "c20"
    assert len(checked(*many[:MAX_NODES]).nodes) == MAX_NODES


def test_a_quick_classifier_may_follow_the_base_model_that_it_stands_on_and_no_other():
    def reader(name):
        return node("r", "text-embedder", EmbedderSettings(embedder=name))

    assert checked(reader("accurate"), model("m", "spam:1", "r")).carries["m"] == Carries.CONCEPTS
    assert refused(reader("fast"), model("m", "spam:1", "r")).node == "m"
    sample = node("s", "random-sample", SampleSettings(), "r")
    assert refused(reader("fast"), sample, model("m", "spam:1", "s")).node == "m"


def test_what_a_node_is_set_to_is_checked_by_its_declaration():
    with pytest.raises(SettingNotAllowedError):
        ThresholdSettings(comparison="~")
    with pytest.raises(SettingNotAllowedError):
        ThresholdSettings(value=1.5)
    with pytest.raises(SettingNotAllowedError):
        ConceptFilterSettings(what="maybe")


def test_a_removed_node_leaves_those_after_it_with_what_came_before():
    nodes = (clean("a"), clean("b", "a"), clean("c", "b", "a"))
    left = without(Workflow("w", nodes), "b")
    assert [(one.id, one.inputs) for one in left.nodes] == [("a", (IN,)), ("c", ("a",))]


def test_a_renamed_node_is_still_taken_from():
    found = renamed(Workflow("w", (clean("a"), clean("b", "a"))), "a", "first")
    assert [(one.id, one.inputs) for one in found.nodes] == [("first", (IN,)), ("b", ("first",))]


def test_a_new_node_gets_a_name_that_is_free():
    assert new_id("text-cleaner", []) == "cleaner"
    assert new_id("text-cleaner", ["cleaner", "cleaner-2"]) == "cleaner-3"


def test_a_node_added_after_another_stands_between_it_and_what_came_next():
    flow = Workflow("w", (clean("c"), model("m", "spam:1", "c")))
    between, name = added(flow, "c", "text-splitter", MODELS.get, between=True)
    assert [(one.id, one.inputs) for one in between.nodes] == [
        ("c", (IN,)), ("m", ("splitter",)), ("splitter", ("c",)),
    ]  # fmt: skip
    assert name == "splitter"
    branch, _name = added(flow, "c", "text-splitter", MODELS.get, between=False)
    assert branch.node("m").inputs == ("c",)
    unfit, _name = added(flow, "c", "language-id-operator", MODELS.get, between=True)
    assert unfit.node("m").inputs == ("c",)


def test_a_node_moves_before_the_one_that_it_took_from():
    flow = Workflow("w", (clean("a"), clean("b", "a"), clean("c", "b"), clean("d", "b")))
    up = moved_up(flow, "b")
    assert [(one.id, one.inputs) for one in up.nodes] == [
        ("a", ("b",)), ("b", (IN,)), ("c", ("a",)), ("d", ("a",)),
    ]  # fmt: skip
    assert moved_up(up, "b") == up


def test_what_a_node_gives_is_told_before_the_workflow_can_run():
    flow = Workflow("w", (node("s", "random-sample", SampleSettings(), "m"), model("m", "")))
    assert given_by(flow, MODELS.get) == {
        IN: Carries.TEXT, "m": Carries.CONCEPTS, "s": Carries.CONCEPTS,
    }  # fmt: skip
