"""An evaluation in words: how often the answer was right, how that was found, what to mind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.i18n import _, ngettext
from core.records import Evaluation, Method
from core.wording import number, texts

HUNDRED = 100


def headline(report: Mapping[str, Any]) -> str:
    """Return the share of right answers as a sentence: "Right about 94 times in 100"."""
    n_texts, n_correct = report["n_texts"], count_correct(report)
    times = round(HUNDRED * n_correct / max(n_texts, 1))
    if n_correct == n_texts:
        return _("Right every time")
    if not n_correct:
        return _("Not right once")
    if times == HUNDRED:
        return _("Right more than 99 times in 100")
    if not report["is_exclusive"]:
        return _("All concepts right about {times} times in 100").format(times=times)
    return _("Right about {times} times in 100").format(times=times)


def lead(evaluation: Evaluation) -> str:
    """Return what was checked, how, and how often the answer was right."""
    report = evaluation.report
    if evaluation.method == Method.CROSS_VALIDATION:
        how = _(
            "Each of {texts} was answered by one of {n} models that were trained again without it."
        )
        found = how.format(texts=texts(report["n_texts"]), n=evaluation.n_folds)
    elif report["n_seen"]:
        found = _("The stored model was checked on {texts}.").format(texts=texts(report["n_texts"]))
    else:
        unseen = _("The stored model was checked on {texts} that it had never seen.")
        found = unseen.format(texts=texts(report["n_texts"]))
    return f"{found} {_right_words(report)}"


def count_correct(report: Mapping[str, Any]) -> int:
    """Return how many texts were answered exactly right."""
    right_share: float = report["top1_accuracy"]
    n_texts: int = report["n_texts"]
    return round(right_share * n_texts)


def confusion_of(report: Mapping[str, Any]) -> list[list[int]]:
    """Return what was said against what was answered, (n_concepts, n_concepts) texts.

    Empty where a text may have several concepts: there two of them are not mixed up by occurring
    together.
    """
    counts: list[list[int]] = report["confusion"] if report["is_exclusive"] else []
    return counts


def _right_words(report: Mapping[str, Any]) -> str:
    n_correct = count_correct(report)
    words = (
        ngettext(
            "The first answer was right {n} time.",
            "The first answer was right {n} times.",
            n_correct,
        )
        if report["is_exclusive"]
        else ngettext(
            "Exactly the right concepts were named {n} time.",
            "Exactly the right concepts were named {n} times.",
            n_correct,
        )
    )
    return words.format(n=number(n_correct))


def most_alike(report: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the two concepts that are mixed up most often, or None where none are."""
    counts = confusion_of(report)
    slips = [(counts[i][j] + counts[j][i], i, j) for i in range(len(counts)) for j in range(i)]
    most, i, j = max(slips, default=(0, 0, 0))
    names = [record["name"] for record in report["concepts"]]
    return (names[j], names[i]) if most else None


@dataclass(frozen=True)
class Slips:
    """How often a concept was mixed up with another."""

    name: str
    count: int


def slips_of(report: Mapping[str, Any], name: str) -> list[Slips]:
    """Return what a concept is mixed up with, either way round, the most often first."""
    counts = confusion_of(report)
    names = [record["name"] for record in report["concepts"]]
    if not counts:
        return []
    i = names.index(name)
    both = [Slips(names[j], counts[i][j] + counts[j][i]) for j in range(len(names)) if j != i]
    return sorted((slips for slips in both if slips.count), key=lambda slips: -slips.count)


def warnings(report: Mapping[str, Any]) -> list[str]:
    """Return what keeps the scores from saying what one may think they say."""
    n_texts, n_seen, n_left_out = report["n_texts"], report["n_seen"], report["n_left_out"]
    result = []
    if n_seen:
        words = ngettext(
            "{seen} of {n} text was also learned from: the scores flatter.",
            "{seen} of {n} texts were also learned from: the scores flatter.",
            n_texts,
        )
        result.append(words.format(seen=number(n_seen), n=number(n_texts)))
    if n_left_out:
        words = ngettext(
            "{n} text is left out: it has no concept that the model knows.",
            "{n} texts are left out: they have no concept that the model knows.",
            n_left_out,
        )
        result.append(words.format(n=number(n_left_out)))
    return result
