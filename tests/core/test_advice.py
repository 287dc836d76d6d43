import numpy as np
import pytest

from core.learning.advice import Kind, advise
from core.learning.extrapolation import Forecast
from core.learning.intervals import Estimate
from core.learning.metrics import report

NAMES = ["bills", "invoices", "refunds", "login", "rare"]


def scored(confusion, *, exclusive=True):
    """Report on texts of which confusion[i][j] carry i and are taken for j."""
    confusion = np.array(confusion)
    names = NAMES[: len(confusion)]
    rows, columns = np.indices(confusion.shape).reshape(2, -1).repeat(confusion.ravel(), axis=1)
    one_hot = np.eye(len(names))
    found = report(
        one_hot[rows].astype(np.int8),
        one_hot[columns].astype(np.float32),
        exclusive=exclusive,
        names=names,
        seed=1,
    )
    return found.to_json() | {"is_exclusive": exclusive}


def forecast(gain, low, high):
    return Forecast(2000, Estimate(0.8, 0.7, 0.9), Estimate(gain, low, high))


SOUND = [[40, 0, 0, 0, 0], [0, 40, 0, 0, 0], [0, 0, 40, 0, 0], [0, 0, 0, 40, 0], [0, 0, 0, 0, 9]]
PLENTY = dict.fromkeys(NAMES, 200)


def planted(**rows):
    return [rows.get(name, SOUND[i]) for i, name in enumerate(NAMES)]


def test_nothing_is_advised_where_nothing_is_wrong_but_labels_are_judged():
    (only,) = advise(scored(SOUND), PLENTY, forecast(0.015, 0.004, 0.026))
    assert only.kind == Kind.LABELS_PAY
    assert only.words == "Twice as many labels would bring about 1.5 points of F1 (0.4 to 2.6)."
    assert only.numbers["gain_high"] == 0.026


@pytest.mark.parametrize(
    ("told", "kind", "words"),
    [
        (
            forecast(0.001, -0.002, 0.004),
            Kind.LABELS_BRING_LITTLE,
            "More of the same would bring little: under 0.5 points of F1.",
        ),
        (
            forecast(-0.0002, -0.01, 0.012),
            Kind.LABELS_BRING_LITTLE,
            "More of the same would probably bring little: about 0.0 points of F1 (-1.0 to 1.2).",
        ),
        (
            None,
            Kind.CANNOT_BE_TOLD,
            "Whether more labels would help cannot be told yet: too much depends on which texts"
            " were drawn. Label some more, then measure again.",
        ),
    ],
)
def test_what_cannot_be_gained_or_told_is_said(told, kind, words):
    (only,) = advise(scored(SOUND), PLENTY, told)
    assert (only.kind, only.words) == (kind, words)


def test_a_planted_pair_is_found_with_the_cells_behind_it():
    confused = planted(bills=[28, 12, 0, 0, 0], invoices=[9, 31, 0, 0, 0])
    _labels, pair = advise(scored(confused), PLENTY, None)
    assert (pair.kind, pair.concepts) == (Kind.MIXED_UP, ("bills", "invoices"))
    assert pair.words.startswith(
        "“bills” and “invoices” are mixed up: 12 of 40 texts are taken for the other, and 9 of 40"
        " the other way round."
    )
    assert pair.cells == (("bills", "invoices"), ("invoices", "bills"))
    assert pair.numbers["n_wrong"] == 21


def test_a_pair_mixed_up_one_way_only_is_no_case_for_merging():
    assert len(advise(scored(planted(bills=[25, 15, 0, 0, 0])), PLENTY, None)) == 1


def test_concepts_that_may_occur_together_are_not_merged():
    confused = planted(bills=[28, 12, 0, 0, 0], invoices=[9, 31, 0, 0, 0])
    assert len(advise(scored(confused, exclusive=False), PLENTY, None)) == 1


def test_a_planted_rare_concept_needs_texts():
    found = scored(planted(rare=[2, 2, 1, 1, 3], login=[0, 0, 0, 39, 1]))
    _labels, rare = advise(found, PLENTY | {"rare": 12}, None)
    assert (rare.kind, rare.concepts) == (Kind.NEEDS_TEXTS, ("rare",))
    assert rare.words == (
        "“rare” needs texts: learned from 12 texts, it was found in 3 of 9 and right 3 of 4 times."
    )
    assert rare.numbers["n_learned"] == 12
    assert rare.cells == (("rare", ""), ("", "rare"))
    assert len(advise(found, PLENTY, None)) == 1  # with many texts, more are not what it lacks


def test_only_mistakes_that_were_made_are_offered_to_look_at():
    found = scored(planted(rare=[3, 2, 1, 0, 3]))  # never given wrongly
    _labels, rare = advise(found, PLENTY | {"rare": 12}, None)
    assert rare.cells == (("rare", ""),)


def test_a_concept_that_is_never_the_answer_is_called_out():
    found = scored(planted(rare=[5, 2, 1, 1, 0]))
    _labels, never = advise(found, PLENTY | {"rare": 3}, None)
    assert (never.kind, never.concepts) == (Kind.NEVER_PREDICTED, ("rare",))
    assert never.words.startswith("“rare” is never the answer, though 9 texts checked carry it.")


def test_the_costliest_mistakes_come_first_and_there_are_never_many():
    confused = planted(
        bills=[25, 15, 0, 0, 0],
        invoices=[15, 25, 0, 0, 0],
        refunds=[0, 0, 30, 10, 0],
        login=[0, 0, 8, 32, 0],
        rare=[9, 0, 0, 0, 0],
    )
    found = advise(scored(confused), PLENTY | {"rare": 3}, None)
    assert [advice.kind for advice in found[1:]] == [
        Kind.MIXED_UP, Kind.MIXED_UP, Kind.NEVER_PREDICTED,
    ]  # fmt: skip
    assert found[1].concepts == ("bills", "invoices")
