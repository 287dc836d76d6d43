"""What is clicked leads to exactly the texts that its number counts."""

import numpy as np
import pytest

from core.evaluation_words import count_correct, count_left
from core.learning import curves
from core.learning.decisions import decide, thresholds_of
from core.learning.marks import Cell, Learned, Mistakes, Outcome, Range, Together, texts_behind
from core.learning.scored import NEARLY_SEEN, NOT_SEEN, SEEN, Scored
from core.operations.scoring import report_of

KINDS = pytest.mark.parametrize("is_exclusive", [True, False], ids=["one", "several"])
CHOSEN = pytest.mark.parametrize("chosen", [{}, {"c0": 0.7, "c2": 0.35}], ids=["usual", "chosen"])


def made(seed, *, is_exclusive):
    """Predictions with rounded probabilities, so that many lie exactly on a bound."""
    random = np.random.default_rng(seed)
    n_texts, n_concepts = 120, 4
    if is_exclusive:
        targets = np.eye(n_concepts, dtype=np.int8)[random.integers(0, n_concepts, n_texts)]
    else:
        targets = (random.random((n_texts, n_concepts)) < 0.35).astype(np.int8)
    said = 0.45 * targets + 0.6 * random.random(targets.shape)
    if is_exclusive:
        said /= said.sum(axis=1, keepdims=True)
    return Scored(
        concepts=tuple(f"c{i}" for i in range(n_concepts)),
        is_exclusive=is_exclusive,
        input_ids=np.arange(n_texts) + 1_000,
        targets=targets,
        probabilities=said.clip(0, 1).round(2).astype(np.float32),
        seen=random.choice([NOT_SEEN, NEARLY_SEEN, SEEN], n_texts, p=[0.8, 0.1, 0.1]),
        seed=1,
    )


def behind(scored, mark, chosen):
    thresholds = thresholds_of(scored.concepts, chosen, is_exclusive=scored.is_exclusive)
    return texts_behind(scored, mark, thresholds)


@KINDS
@CHOSEN
@pytest.mark.parametrize("seed", range(3))
def test_every_number_of_a_report_leads_to_as_many_texts(seed, is_exclusive, chosen):
    scored = made(seed, is_exclusive=is_exclusive)
    report = report_of(scored, chosen, has_intervals=False)
    for i, concept in enumerate(report["concepts"]):
        for kind, key in (("found", "tp"), ("missed", "fn"), ("wrong", "fp")):
            found = behind(scored, Outcome(concept["name"], kind), chosen)
            assert len(found.places) == concept[key]
        for j, count in enumerate(report["confusion"][i]):
            cell = Cell(concept["name"], scored.concepts[j])
            assert len(behind(scored, cell, chosen).places) == count
    wrong = behind(scored, Mistakes(), chosen)
    n_answered = report["n_texts"] - count_left(report)
    assert len(wrong.places) == n_answered - count_correct(report)
    if is_exclusive and chosen:
        assert count_left(report)
    learned = behind(scored, Learned(), chosen)
    assert len(learned.places) == report["n_seen"] + report["n_nearly_seen"]


@CHOSEN
def test_texts_without_an_answer_are_a_cell_of_their_own(chosen):
    scored = made(5, is_exclusive=True)
    report = report_of(scored, chosen, has_intervals=False)
    n_left = sum(len(behind(scored, Cell(name, ""), chosen).places) for name in scored.concepts)
    assert n_left == round((1 - report["decided_share"]) * report["n_texts"])
    assert (n_left > 0) == bool(chosen)


@KINDS
@pytest.mark.parametrize("seed", range(5))
def test_every_bar_and_bin_leads_to_as_many_texts(seed, is_exclusive):
    scored = made(seed, is_exclusive=is_exclusive)
    columns = [None, 0, 3] if is_exclusive else [0, 3]
    for column in columns:
        concept = "" if column is None else scored.concepts[column]
        for one in curves.reliability(scored, column):
            found = behind(scored, Range(concept, one.low, one.high), {})
            assert len(found.places) == one.n
        bars = curves.histogram(scored, column)
        for i, (right, wrong) in enumerate(zip(bars.right, bars.wrong, strict=True)):
            low, high = bars.edges[i : i + 2]
            for is_right, count in ((True, right), (False, wrong)):
                found = behind(scored, Range(concept, low, high, is_right), {})
                assert len(found.places) == count


def test_of_all_concepts_together_a_text_with_several_in_a_bin_is_listed_once():
    scored = made(1, is_exclusive=False)
    for one in curves.reliability(scored):
        found = behind(scored, Range("", one.low, one.high), {})
        assert len(found.places) == len(set(found.places.tolist())) <= one.n
        inside = (scored.probabilities >= np.float32(one.low)) & (
            (scored.probabilities < np.float32(one.high)) | (one.high == 1)
        )
        assert set(found.places.tolist()) == set(np.flatnonzero(inside.any(axis=1)).tolist())
        assert list(found.probabilities) == sorted(found.probabilities, reverse=True)


@KINDS
def test_concepts_that_occur_together_lead_to_their_texts(is_exclusive):
    scored = made(2, is_exclusive=is_exclusive)
    counts = curves.matrices(scored).together
    for i, one in enumerate(scored.concepts):
        for j, other in enumerate(scored.concepts):
            assert len(behind(scored, Together(one, other), {}).places) == counts[i][j]


@KINDS
def test_the_surest_mistakes_come_first(is_exclusive):
    scored = made(3, is_exclusive=is_exclusive)
    wrong = behind(scored, Outcome("c1", "wrong"), {}).probabilities
    missed = behind(scored, Outcome("c1", "missed"), {}).probabilities
    assert len(wrong) > 1 < len(missed)
    assert list(wrong) == sorted(wrong, reverse=True)
    assert list(missed) == sorted(missed)
    cell = behind(scored, Cell("c0", "c1"), {})
    assert list(cell.probabilities) == sorted(cell.probabilities, reverse=True)
    assert list(cell.probabilities) == list(scored.probabilities[cell.places, 1])


def test_texts_behind_a_mark_are_what_it_says():
    scored = made(4, is_exclusive=True)
    predicted = decide(scored.probabilities, np.zeros(4), is_exclusive=True)
    places = behind(scored, Cell("c2", "c0"), {}).places
    assert (scored.targets[places, 2] == 1).all()
    assert predicted[places, 0].all()


@pytest.mark.parametrize(
    "mark",
    [
        Cell("nothing", "c0"),
        Cell("c0", "nothing"),
        Outcome("nothing", "found"),
        Range("nothing", 0, 1),
        Together("c0", "nothing"),
    ],
)
def test_an_unknown_concept_is_a_mistake_of_the_caller(mark):
    with pytest.raises(ValueError, match="not in"):
        behind(made(0, is_exclusive=True), mark, {})


def test_no_texts_at_all_are_no_fault():
    empty = made(0, is_exclusive=False).only(np.zeros(0, np.int64))
    for mark in (Mistakes(), Learned(), Range("", 0, 1), Outcome("c0", "wrong")):
        assert len(behind(empty, mark, {}).places) == 0
