"""What the banner and the footer of Evaluate say, and what they offer to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.evaluation_words import count_correct, count_left, learned_words
from core.i18n import _, ngettext
from core.operations.standing import Standing
from core.wording import number

Act = Literal["", "train", "evaluate", "look", "learned"]


@dataclass(frozen=True)
class Offer:
    """What the footer says.

    Attributes:
        act: what the primary does. other: what the second way does.
    """

    words: str
    act: Act = ""
    other: Act = ""
    tone: str = "ink_2"
    sign: str = ""


def label_of(act: Act, report: Mapping[str, Any]) -> str:
    """Return the words of the button that does it."""
    n = _count_wrong(report) if report else 0
    look = ngettext("Look at the mistake", "Look at {n} mistakes", n).format(n=number(n))
    return {
        "": "",
        "train": _("Train again"),
        "evaluate": _("Evaluate again"),
        "look": look,
        "learned": _("Show them"),
    }[act]


def offer_of(report: Mapping[str, Any], standing: Standing, *, keeps_texts: bool) -> Offer:
    """Return what there is to do about an evaluation."""
    if standing.n_corrected:
        return _after_corrections(standing)
    other: Act = "train" if standing.is_stale else ""
    n_left, n_wrong = count_left(report), _count_wrong(report)
    left = ngettext(" {n} text is left to a person.", " {n} texts are left to a person.", n_left)
    rest = left.format(n=number(n_left)) if n_left else ""
    if not n_wrong:
        return Offer(_("No answer is wrong.") + rest, "", other, "good", "circle-check")
    words = ngettext(
        "{n} of {texts} answer is wrong, or its label is.",
        "{n} of {texts} answers are wrong, or their labels are.",
        n_wrong,
    )
    said = words.format(n=number(n_wrong), texts=number(report["n_texts"] - n_left))
    return Offer(said + rest, "look" if keeps_texts else "evaluate", other)


def _count_wrong(report: Mapping[str, Any]) -> int:
    n_wrong: int = report["n_texts"] - count_left(report) - count_correct(report)
    return n_wrong


def _after_corrections(standing: Standing) -> Offer:
    n = standing.n_corrected
    done = ngettext("{n} label corrected.", "{n} labels corrected.", n).format(n=number(n))
    if standing.learns:
        next_step = _("Train again to see what it brings.")
        return Offer(f"{done} {next_step}", "train", "evaluate", "good", "circle-check")
    next_step = _("The model does not learn from these texts; evaluate it again.")
    return Offer(f"{done} {next_step}", "evaluate", "", "good", "circle-check")


def banner_of(
    report: Mapping[str, Any], standing: Standing, *, keeps_texts: bool
) -> tuple[str, Act]:
    """Return what has to be known before the numbers are read, and what helps."""
    if not keeps_texts:
        words = _("This evaluation keeps its scores only, not what was said of each text.")
        return words, "evaluate"
    if standing.is_stale and not standing.n_corrected:
        return _("Labels or texts have changed since this evaluation."), "evaluate"
    if words := learned_words(report):
        return words, "learned"
    return "", ""
