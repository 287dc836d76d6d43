"""What to do about a model's mistakes, in plain sentences, each with the numbers behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import Any

from core.i18n import _, ngettext
from core.learning.extrapolation import Forecast
from core.wording import decimal, number

MOST_OF_A_KIND, MOST = 2, 4
FEW_TEXTS = 20  # of a concept, in any case; else half as many as concepts usually have
FAR_BELOW = 0.1  # under the mean F1 of the concepts
MIXED_UP_SHARE = 0.1  # of the texts of either concept, taken for the other
MIXED_UP_TEXTS = 4  # at least, so that it is no chance
LITTLE = 0.005  # half a point of F1

Record = Mapping[str, Any]


class Kind(StrEnum):
    """What is advised."""

    LABELS_PAY = "labels-pay"
    LABELS_BRING_LITTLE = "labels-bring-little"
    CANNOT_BE_TOLD = "cannot-be-told"
    NEVER_PREDICTED = "never-predicted"
    NEEDS_TEXTS = "needs-texts"
    MIXED_UP = "mixed-up"


@dataclass(frozen=True)
class Advice:
    """One thing to do, and why.

    Attributes:
        words: one or two sentences for the analyst.
        concepts: that it is about; empty for all of them.
        numbers: what the words say, by name: counts, and scores in [-1, 1].
        cells: pairs of the concept that texts carry and the one that they were taken for, ("", x)
            and (x, "") for any other: where the texts behind it are found.
    """

    kind: Kind
    words: str
    concepts: tuple[str, ...] = ()
    numbers: dict[str, float] = field(default_factory=dict)
    cells: tuple[tuple[str, str], ...] = ()


def advise(
    report: Mapping[str, Any], n_learned: Mapping[str, int], forecast: Forecast | None
) -> tuple[Advice, ...]:
    """Say what would help a model most: whether to label more, then the costliest mistakes.

    Args:
        report: of an evaluation, as `core.learning.metrics.Report.to_json` gives it, with
            "is_exclusive".
        n_learned: by concept, how many texts carry it among those learned from.
        forecast: of macro F1 for twice the labels; None if it cannot be told.
    """
    found = [*_never_predicted(report), *_needing_texts(report, n_learned), *_mixed_up(report)]
    worst = sorted(found, key=lambda advice: -advice.numbers["n_wrong"])
    return (_of_labelling(forecast), *worst[:MOST])


def _of_labelling(forecast: Forecast | None) -> Advice:
    if forecast is None:
        words = _(
            "Whether more labels would help cannot be told yet: too much depends on which texts"
            " were drawn. Label some more, then measure again."
        )
        return Advice(Kind.CANNOT_BE_TOLD, words)
    gain = forecast.gain
    assert gain.value is not None
    assert gain.low is not None
    assert gain.high is not None
    numbers = {
        "gain": gain.value,
        "gain_low": gain.low,
        "gain_high": gain.high,
        "n_texts": forecast.n_texts,
    }
    if gain.high < LITTLE:
        words = _("More of the same would bring little: under {points} points of F1.")
        return Advice(
            Kind.LABELS_BRING_LITTLE, words.format(points=decimal(LITTLE * 100)), numbers=numbers
        )
    kind = Kind.LABELS_PAY
    words = _("Twice as many labels would bring about {gain} points of F1 ({low} to {high}).")
    if gain.value < LITTLE:
        kind = Kind.LABELS_BRING_LITTLE
        words = _(
            "More of the same would probably bring little: about {gain} points of F1"
            " ({low} to {high})."
        )
    shown = {"gain": gain.value, "low": gain.low, "high": gain.high}
    points = {key: _points(value) for key, value in shown.items()}
    return Advice(kind, words.format(**points), numbers=numbers)


def _points(gain: float) -> str:
    """Return a gain in points, without a sign where it rounds to nothing."""
    return decimal(round(gain * 100, 1) or 0.0)


def _never_predicted(report: Mapping[str, Any]) -> Iterator[Advice]:
    records = sorted(
        (record for record in report["concepts"] if record["never_predicted"]),
        key=lambda record: -record["n_positive"],
    )
    for record in records[:MOST_OF_A_KIND]:
        name, n_texts = record["name"], record["n_positive"]
        words = ngettext(
            "“{name}” is never the answer, though {n} text checked carries it."
            " Label more texts of it, or do without it.",
            "“{name}” is never the answer, though {n} texts checked carry it."
            " Label more texts of it, or do without it.",
            n_texts,
        )
        yield Advice(
            Kind.NEVER_PREDICTED,
            words.format(name=name, n=number(n_texts)),
            (name,),
            {"n_wrong": n_texts, "n_texts": n_texts},
            ((name, ""),),
        )


def _needing_texts(report: Mapping[str, Any], n_learned: Mapping[str, int]) -> Iterator[Advice]:
    """Yield the concepts that are learned from few texts and known worse than most."""
    few = max(FEW_TEXTS, median(n_learned.values()) / 2 if n_learned else 0)
    low = (report["macro_avg_f1_score"] or 0.0) - FAR_BELOW
    records = [
        record
        for record in report["concepts"]
        if record["tp"] + record["fp"] and record["n_positive"]
        if record["f1"] < low and n_learned.get(record["name"], 0) < few
    ]
    for record in sorted(records, key=lambda record: record["f1"])[:MOST_OF_A_KIND]:
        yield _needs_texts(record, n_learned.get(record["name"], 0))


def _needs_texts(record: Record, n_learned: int) -> Advice:
    name = record["name"]
    words = ngettext(
        "“{name}” needs texts: learned from {n} text, it was found in {tp} of {n_positive} and"
        " right {tp} of {n_predicted} times.",
        "“{name}” needs texts: learned from {n} texts, it was found in {tp} of {n_positive} and"
        " right {tp} of {n_predicted} times.",
        n_learned,
    )
    shown = {key: number(record[key]) for key in ("tp", "n_positive", "n_predicted")}
    return Advice(
        Kind.NEEDS_TEXTS,
        words.format(name=name, n=number(n_learned), **shown),
        (name,),
        {
            "n_wrong": record["fn"] + record["fp"],
            "n_learned": n_learned,
            "f1": record["f1"],
            **{key: record[key] for key in ("tp", "fp", "fn", "n_positive")},
        },
        tuple(cell for cell, key in (((name, ""), "fn"), (("", name), "fp")) if record[key]),
    )


def _mixed_up(report: Mapping[str, Any]) -> Iterator[Advice]:
    """Yield the pairs taken for each other both ways: a one-way street is no case for merging."""
    if not report["is_exclusive"]:
        return
    counts, records = report["confusion"], report["concepts"]
    shares = {
        (i, j): min(
            counts[i][j] / max(records[i]["n_positive"], 1),
            counts[j][i] / max(records[j]["n_positive"], 1),
        )
        for i in range(len(records))
        for j in range(i)
        if counts[i][j] + counts[j][i] >= MIXED_UP_TEXTS
    }
    worst = sorted(shares, key=lambda pair: -shares[pair])[:MOST_OF_A_KIND]
    for i, j in worst:
        if shares[i, j] >= MIXED_UP_SHARE:
            yield _merge(records[j], records[i], counts[j][i], counts[i][j])


def _merge(one: Record, other: Record, there: int, back: int) -> Advice:
    words = _(
        "“{one}” and “{other}” are mixed up: {there} of {n_one} texts are taken for the other, and"
        " {back} of {n_other} the other way round. If nothing depends on the difference, merge"
        " them; else say in their definitions what it is."
    )
    names = (one["name"], other["name"])
    numbers = {
        "there": there,
        "back": back,
        "n_one": one["n_positive"],
        "n_other": other["n_positive"],
    }
    shown = {key: number(value) for key, value in numbers.items()}
    return Advice(
        Kind.MIXED_UP,
        words.format(one=names[0], other=names[1], **shown),
        names,
        {"n_wrong": there + back, **numbers},
        (names, names[::-1]),
    )
