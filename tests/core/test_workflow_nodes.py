import time

import numpy as np
import pytest

from core.jobs import Job, JobCancelled
from core.records import Prediction
from core.workflows.expressions import ExpressionError, ExpressionSlowError, compiled, matches
from core.workflows.graph import IN, ModelFacts, Node, Workflow, check
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
from core.workflows.operators import change_parts, classify_part, narrow, rolled_up
from core.workflows.run import run
from core.workflows.texts import cleaned, parts_of
from core.workflows.unjudged import Unjudged
from core.workflows.values import Said

MAIL = """Hello,

my   parcel is late, see https://example.org/p?1 please.
Write to ann@example.org.

On Monday, Bob wrote:
> We sent it.
> Bob
--
Ann
Tel 123"""


class FakeTools:
    """Models that need no weights: spam by the share of capitals, embeddings by the length."""

    def __init__(self):
        self.asked = []

    def embed(self, embedder, texts, job):
        self.asked.append((embedder, len(texts)))
        return np.array([[len(text), 1.0] for text in texts], np.float32)

    def classify(self, model, texts, job):
        self.asked.append((model, len(texts)))
        job.report("Asking", 1, 2)
        shares = [sum(map(str.isupper, text)) / len(text) for text in texts]
        return [self.said(share) for share in shares]

    def said(self, share):
        both = sorted([("spam", share), ("ham", 1 - share)], key=lambda pair: -pair[1])
        return Said(tuple(Prediction(*pair) for pair in both), frozenset([both[0][0]]))

    def write(self, model, texts, job):
        return [text.upper() for text in texts]


def facts(model):
    return ModelFacts(writes=model.startswith("writer"))


def ran(texts, *nodes, tools=None):
    checked = check(Workflow("w", nodes), facts)
    return run(checked, texts, tools or FakeTools(), Job())


def concepts(output):
    return None if output is None else {p.concept: round(p.probability, 3) for p in output.concepts}


def test_a_mail_is_cleaned_of_what_was_asked_for():
    assert cleaned(MAIL, CleanerSettings()).splitlines() == [
        "Hello,", "", "my parcel is late, see https://example.org/p?1 please.",
        "Write to ann@example.org.", "", "--", "Ann", "Tel 123",
    ]  # fmt: skip
    settings = CleanerSettings(urls="mark", addresses="remove", signature=True, case="lower")
    assert cleaned(MAIL, settings).splitlines() == [
        "hello,", "", "my parcel is late, see url please.", "write to .",
    ]  # fmt: skip
    assert cleaned("a<br/>b <b>c</b> 1 < 2", CleanerSettings(tags=True)) == "a b c 1 < 2"


def test_nothing_is_cleaned_that_was_not_asked_for():
    plain = CleanerSettings(spaces=False, quoted_mail=False)
    assert cleaned("a  b\n> c", plain) == "a  b\n> c"


@pytest.mark.parametrize("sign", ["<", "a@", "a.", "> ", "\n ", "www.", "On ", "-", "(", " "])
def test_no_text_makes_the_cleaner_slow(sign):
    settings = CleanerSettings(urls="mark", addresses="mark", tags=True, signature=True)
    began = time.perf_counter()
    cleaned(sign * 100_000, settings)
    parts_of(sign * 50_000, 100)
    assert time.perf_counter() - began < 1.5


def test_a_long_text_is_cut_where_a_paragraph_a_sentence_or_a_word_ends():
    text = "First part. " * 6 + "\n\n" + "Second part here. " * 6
    parts = parts_of(text, 100)

    assert all(0 < len(part) <= 100 for part in parts)
    assert " ".join(" ".join(parts).split()) == " ".join(text.split())
    assert parts[0].endswith("First part.")
    assert parts[1].startswith("Second")
    assert parts_of("x" * 250, 100) == ("x" * 100, "x" * 100, "x" * 50)
    assert parts_of("字" * 120 + "。" + "文" * 100, 150)[0] == "字" * 120 + "。"


def test_concepts_of_parts_are_rolled_up_by_the_highest_or_the_mean():
    parts = [(Prediction("a", 0.8), Prediction("b", 0.2)), (Prediction("b", 0.4),)]
    assert {p.concept: p.probability for p in rolled_up(parts, "max")} == {"a": 0.8, "b": 0.4}
    mean = rolled_up(parts, "mean")
    assert [(p.concept, round(p.probability, 6)) for p in mean] == [("a", 0.4), ("b", 0.3)]


@pytest.mark.parametrize(
    ("comparison", "kept"),
    [(">", {"a"}), (">=", {"a", "b"}), ("<", {"c"}), ("<=", {"b", "c"}), ("=", {"b"})],
)
def test_every_comparison_lets_through_what_it_says(comparison, kept):
    given = (Prediction("a", 0.9), Prediction("b", 0.5), Prediction("c", 0.1))
    settings = ThresholdSettings(comparison=comparison, value=0.5)
    assert {p.concept for p in narrow(given, settings)} == kept


def test_a_concept_may_have_a_value_of_its_own():
    given = (Prediction("a", 0.9), Prediction("b", 0.5), Prediction("c", 0.6))
    own = ThresholdSettings(comparison=">", value=0.55, concepts={"a": 0.95, "b": 0.1})
    assert {p.concept for p in narrow(given, own)} == {"b", "c"}
    listed = ThresholdSettings(comparison=">", concepts={"a": 0.5}, others="drop")
    assert {p.concept for p in narrow(given, listed)} == {"a"}


def test_concepts_are_kept_or_dropped_by_name():
    given = (Prediction("a", 0.9), Prediction("b", 0.5))
    names = {what: narrow(given, ConceptFilterSettings(what=what, concepts=("a",)))
             for what in ("keep", "drop")}  # fmt: skip
    assert [p.concept for p in names["keep"]] == ["a"]
    assert [p.concept for p in names["drop"]] == ["b"]


def test_expressions_and_words_give_concepts():
    found = classify_part(
        "Order 1234 is LATE", ExpressionSettings(expressions={"order": r"\border \d+", "x": "y"})
    )
    assert found == (Prediction("order", 1.0),)
    settings = KeywordSettings(words={"late": "late, delayed parcel", "art": ["art"]})
    assert classify_part("It is a delayed  parcel, in parts", settings) == (
        Prediction("late", 1.0),
    )
    both = KeywordSettings(words={"late": "late, parcel"}, match="all")
    assert classify_part("late", both) == ()
    assert classify_part("late parcel", both)
    inside = KeywordSettings(words={"a": "包裹"}, whole_words=False)
    assert classify_part("我的包裹没有到", inside)


@pytest.mark.parametrize(
    "expression",
    ["((a{1000}){1000}){1000}", "(?:(?:(?:x{99}){99}){99}){9}", "(" * 400, "a{2000000}", "[",
     "(?P<a", "x" * 1_001, "(?<r>(?&q))", "\\"],
)  # fmt: skip
def test_an_expression_that_is_none_or_too_large_is_refused_at_once(expression):
    began = time.perf_counter()
    with pytest.raises(ExpressionError):
        compiled(expression, ignores_case=True)
    assert time.perf_counter() - began < 1


def test_an_expression_that_would_run_for_ever_is_ended(monkeypatch):
    monkeypatch.setattr("core.workflows.expressions.MATCH_S", 0.1)
    began = time.perf_counter()
    with pytest.raises(ExpressionSlowError):
        matches(r"(?:(?:(?:a{1,9}){1,9}){1,9}){1,9}b", "a" * 3_000, ignores_case=False)
    assert time.perf_counter() - began < 3


SLOW = r"(?:(?:(?:a{1,9}){1,9}){1,9}){1,9}b"
HARD = "a" * 3_000


def by_expression():
    settings = ExpressionSettings(expressions={"x": SLOW})
    words = KeywordSettings(words={"late": "late"})
    return check(
        Workflow(
            "w",
            (
                Node("e", "regex-based-classifier", settings),
                Node("k", "keyword-filter-operator", words),
                Node("t", "concept-thresholder", ThresholdSettings(), ("e", "k")),
            ),
        ),
        facts,
    )


def test_a_text_on_which_an_expression_is_too_slow_ends_nothing_and_is_counted(monkeypatch):
    monkeypatch.setattr("core.workflows.expressions.MATCH_S", 0.05)
    unjudged = Unjudged()
    texts = ["aab", f"{HARD} late", "late aab"]
    outputs = run(by_expression(), texts, FakeTools(), Job(), unjudged)
    assert [concepts(o) for o in outputs["e"]] == [{"x": 1}, None, {"x": 1}]
    assert [concepts(o) for o in outputs["t"]] == [{"x": 1}, {"late": 1}, {"x": 1, "late": 1}]
    assert unjudged.counts == {"e": 1}
    assert Unjudged.of(unjudged.as_json()) == unjudged


def test_an_expression_that_is_too_slow_on_many_texts_ends_the_run(monkeypatch):
    def take_too_long(expression, text, **_how):
        if text == HARD:
            raise ExpressionSlowError(expression)
        return True

    monkeypatch.setattr("core.workflows.operators.matches", take_too_long)
    with pytest.raises(ExpressionSlowError, match="on many texts, 21 so far"):
        run(by_expression(), [HARD] * 40, FakeTools(), Job())
    unjudged = Unjudged()
    for _batch in range(3):  # one in a hundred is not many, however many that are
        run(by_expression(), [HARD, *["ab"] * 99] * 10, FakeTools(), Job(), unjudged)
    assert unjudged.counts == {"e": 30}


def test_the_language_of_a_text_is_told_with_its_probability():
    said = classify_part(
        "The parcel has still not arrived and nobody answers.",
        LanguageSettings(top_k=2, threshold=0),
    )
    assert said[0].concept == "en"
    assert said[0].probability > 0.9
    assert len(said) == 2
    assert classify_part("12345 !!", LanguageSettings(threshold=0)) == ()


def test_a_prompt_takes_the_text_in_its_place_however_it_looks():
    text = "costs {data.text.raw} or {text}"
    for place in ("{text}", "{data.text.raw}"):
        settings = PromptSettings(prompt_template=f"Sum up: {place}\nAnswer:")
        assert change_parts([text], settings) == (f"Sum up: {text}\nAnswer:",)


def test_a_sample_takes_its_share_and_the_same_texts_again():
    texts = [f"text {i}" for i in range(2_000)]
    sample = Node("s", "random-sample", SampleSettings(share=0.25))
    once, again = ran(texts, sample)["s"], ran(list(reversed(texts)), sample)["s"]

    assert [o and o.text for o in once] == [o and o.text for o in reversed(again)]
    assert 430 < sum(output is not None for output in once) < 570
    other = ran(texts, Node("s", "random-sample", SampleSettings(share=0.25, seed=1)))["s"]
    assert [o and o.text for o in other] != [o and o.text for o in once]


def test_a_text_with_no_concept_left_goes_no_further():
    outputs = ran(
        ["BUY NOW", "see you"],
        Node("m", "model", ModelSettings(model="spam:1")),
        Node("t", "concept-thresholder", ThresholdSettings(value=0.7), ("m",)),
        Node("f", "concept-filter", ConceptFilterSettings(concepts=("spam",)), ("t",)),
        Node("end", "annotation-writer", LabelSettings(), ("f",)),
    )  # fmt: skip
    assert concepts(outputs["m"][1]) == {"ham": 1.0, "spam": 0.0}
    assert [concepts(output) for output in outputs["end"]] == [{"spam": 0.857}, None]


def test_a_long_text_is_classified_in_parts_and_its_concepts_are_those_of_the_whole():
    text = "A" * 40 + " " + "quiet words " * 20
    for how, expected in (("max", 0.526), ("mean", 0.132)):
        outputs = ran(
            [text, "short"],
            Node("cut", "text-splitter", SplitterSettings(max_chars=80, roll_up=how)),
            Node("clean", "text-cleaner", CleanerSettings(), ("cut",)),
            Node("m", "model", ModelSettings(model="spam:1"), ("clean",)),
        )
        assert len(outputs["clean"][0].parts) == 4
        spam = concepts(outputs["m"][0])["spam"]
        assert abs(spam - expected) < 0.01
        assert concepts(outputs["m"][1]) == {"ham": 1.0, "spam": 0.0}


def test_a_model_hands_on_all_or_its_answer_and_no_more_than_asked():
    for changes, names in (
        ({}, ["spam", "ham"]),
        ({"keep": "answer"}, ["spam"]),
        ({"max_concepts": 1}, ["spam"]),
        ({"min_value": 0.2}, ["spam"]),
    ):
        outputs = ran(["BUY NOW"], Node("m", "model", ModelSettings(model="spam:1", **changes)))
        assert [p.concept for p in outputs["m"][0].concepts] == names


def test_branches_meet_with_the_highest_probability_of_each_concept():
    outputs = ran(
        ["BUY now", "the meeting is at ten o'clock in the large room"],
        Node("m", "model", ModelSettings(model="spam:1")),
        Node("k", "keyword-filter-operator", KeywordSettings(words={"spam": "buy"})),
        Node("all", "concept-thresholder", ThresholdSettings(value=0.0), ("m", "k")),
    )
    assert concepts(outputs["all"][0]) == {"spam": 1.0, "ham": 0.571}
    assert outputs["k"][1] is None
    assert concepts(outputs["all"][1])["ham"] == 1.0


def test_a_writer_and_a_base_model_are_asked_once_for_all_texts():
    tools = FakeTools()
    outputs = ran(
        ["abc", "defgh"],
        Node("p", "prompter", PromptSettings(prompt_template="say {text}")),
        Node("w", "model", ModelSettings(model="writer:1"), ("p",)),
        Node("e", "text-embedder", EmbedderSettings(embedder="fast"), (IN,)),
        tools=tools,
    )
    assert [output.text for output in outputs["w"]] == ["SAY ABC", "SAY DEFGH"]
    assert tools.asked == [("fast", 2)]
    assert np.allclose([np.linalg.norm(o.embedding) for o in outputs["e"]], 1)


@pytest.mark.parametrize("patience", [0, 1, 2, 3])
def test_a_run_can_be_stopped_at_every_report(patience, impatient):
    nodes = (
        Node("c", "text-cleaner", CleanerSettings()),
        Node("m", "model", ModelSettings(model="spam:1"), ("c",)),
    )
    checked = check(Workflow("w", nodes), facts)
    with pytest.raises(JobCancelled):
        run(checked, ["a text"] * 300, FakeTools(), impatient(patience))


def test_progress_never_goes_back():
    class Watched(Job):
        seen = ()

        def report(self, stage, done=0, total=0):
            self.seen = (*self.seen, done)

    job = Watched()
    nodes = (
        Node("m", "model", ModelSettings(model="spam:1")),
        Node("k", "keyword-filter-operator", KeywordSettings(words={"spam": "buy"})),
    )
    run(check(Workflow("w", nodes), facts), ["one", "two"] * 200, FakeTools(), job)
    assert list(job.seen) == sorted(job.seen)
    assert len(job.seen) > 5
