"""An evaluation in words: how often the answer was right, how that was found, what to mind."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.i18n import _, ngettext
from core.records import Evaluation, Method
from core.wording import decimal, number, percent, texts, versioned

HUNDRED = 100
Kind = Literal["found", "missed", "wrong", ""]


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
    elif evaluation.method == Method.HELD_OUT:
        apart = _("The model was checked on {texts} that were kept apart while it learned.")
        found = apart.format(texts=texts(report["n_texts"]))
    elif count_learned(report):
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


def count_left(report: Mapping[str, Any]) -> int:
    """Return how many texts have no answer and are left to a person.

    None where a text may have several concepts: there "no concept" is an answer.
    """
    n_texts: int = report["n_texts"]
    decided_share: float = report.get("decided_share", 1.0)  # an older program left none
    return n_texts - round(decided_share * n_texts) if report["is_exclusive"] else 0


def count_learned(report: Mapping[str, Any]) -> int:
    """Return how many of the texts the model had learned from, word for word or nearly."""
    n_seen: int = report["n_seen"]
    n_nearly_seen: int = report.get("n_nearly_seen", 0)
    return n_seen + n_nearly_seen


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


@dataclass(frozen=True)
class MixUp:
    """Texts of one concept that got another one."""

    person: str
    model: str
    count: int


def mix_ups(report: Mapping[str, Any]) -> list[MixUp]:
    """Return what is taken for what, the most often first; empty where concepts go together."""
    names = [record["name"] for record in report["concepts"]]
    found = [
        MixUp(names[i], names[j], count)
        for i, counts in enumerate(confusion_of(report))
        for j, count in enumerate(counts)
        if count and i != j
    ]
    return sorted(found, key=lambda one: -one.count)


def warnings(report: Mapping[str, Any]) -> list[str]:
    """Return what keeps the scores from saying what one may think they say."""
    return [words for words in (learned_words(report), left_out_words(report)) if words]


def left_out_words(report: Mapping[str, Any]) -> str:
    """Return how many texts could not be checked; "" where all were."""
    n_left_out = report["n_left_out"]
    words = ngettext(
        "{n} text is left out: it has no concept that the model knows.",
        "{n} texts are left out: they have no concept that the model knows.",
        n_left_out,
    )
    return words.format(n=number(n_left_out)) if n_left_out else ""


@dataclass(frozen=True)
class Highlight:
    """What stands out about a concept, in one sentence.

    Attributes:
        kind: of its texts, those to look at first: "missed", "wrong" or "found"; "" for none.
    """

    words: str
    concept: str
    kind: Kind


def highlights(report: Mapping[str, Any]) -> list[Highlight]:
    """Return one sentence on every concept, the weakest first; the sentence leaves out its name."""
    records = sorted(report["concepts"], key=_weakness)
    return [Highlight(_told(record), record["name"], _telling(record)) for record in records]


def _weakness(record: Mapping[str, Any]) -> tuple[bool, bool, float]:
    """Sort what was never the answer before low F1, and what had no text to the end."""
    return not record["n_positive"], not record["never_predicted"], record["f1"] or 0.0


def _told(record: Mapping[str, Any]) -> str:
    n_texts, n_given = record["n_positive"], record["n_predicted"]
    if not n_texts and not n_given:
        return _("Not known: none of the texts is about it, and it was never the answer.")
    if not n_texts:
        words = ngettext(
            "No text is about it, yet it was given to {n}.",
            "No text is about it, yet it was given to {n}.",
            n_given,
        )
        return words.format(n=number(n_given))
    if record["never_predicted"]:
        words = ngettext(
            "Never the answer: its {n} text is missed.",
            "Never the answer: all its {n} texts are missed.",
            n_texts,
        )
        return words.format(n=number(n_texts))
    return f"{_found_words(record)} {_given_words(record)}"


def _found_words(record: Mapping[str, Any]) -> str:
    n_texts, n_found = record["n_positive"], record["tp"]
    if n_found == n_texts:
        return ngettext("Finds its only text;", "Finds all {n} texts;", n_texts).format(
            n=number(n_texts)
        )
    return _("Finds {found} of {n} texts;").format(found=number(n_found), n=number(n_texts))


def _given_words(record: Mapping[str, Any]) -> str:
    n_given, n_wrong = record["n_predicted"], record["fp"]
    if not n_wrong:
        return ngettext(
            "the {n} it flags is right.", "all {n} it flags are right.", n_given
        ).format(n=number(n_given))
    words = ngettext(
        "of the {n} it flags, {wrong} is wrong.",
        "of the {n} it flags, {wrong} are wrong.",
        n_wrong,
    )
    return words.format(n=number(n_given), wrong=number(n_wrong))


def _telling(record: Mapping[str, Any]) -> Kind:
    if record["fn"] or record["fp"]:
        return "missed" if record["fn"] >= record["fp"] else "wrong"
    return "found" if record["tp"] else ""


def method_words(evaluation: Evaluation) -> str:
    """Return in a word or two how the scores were found."""
    if evaluation.method == Method.CROSS_VALIDATION:
        return _("Cross-validation")
    return _("Part kept apart") if evaluation.method == Method.HELD_OUT else _("Stored model")


def source_words(evaluation: Evaluation) -> str:
    """Return which texts were checked: "texts, version 2, kept for testing"."""
    parts = [versioned(evaluation.dataset, evaluation.dataset_number)]
    if evaluation.split:
        parts.append(split_words(evaluation.split))
    if evaluation.method == Method.HELD_OUT:
        parts.append(_("a part kept apart"))
    if evaluation.other_app:
        parts.append(_("of “{app}”").format(app=Path(evaluation.other_app).name))
    return ", ".join(parts)


def split_words(split: str) -> str:
    """Return what some texts are kept for, "" being all texts."""
    return {
        "": _("all texts"),
        "train": _("those to learn from"),
        "validation": _("those kept for validation"),
        "test": _("those kept for testing"),
    }[split]


def before_words(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Return the share of right answers as it was found before, and as it is now."""
    return _("Right answers before: {before}. Now: {now}.").format(
        before=percent(before["top1_accuracy"]), now=percent(now["top1_accuracy"])
    )


@dataclass(frozen=True)
class Without:
    """The scores of a part of the texts: of those that the model had not seen.

    Attributes:
        words: which texts those are.
        scores: the main scores, under the keys of a report.
    """

    words: str
    n_texts: int
    scores: Mapping[str, Any]


NOTABLE_POINTS = 1.0  # of a hundred, from which on flattery is worth a warning


def without_learned(report: Mapping[str, Any]) -> list[Without]:
    """Return the scores again without texts that the model had seen, exactly and nearly."""
    parts = (
        (_("Without word-for-word copies"), "without_seen"),
        (_("Without near copies, too"), "without_nearly_seen"),
    )
    found = [(words, report.get(key)) for words, key in parts]
    rows = [Without(words, scores["n_texts"], scores) for words, scores in found if scores]
    return rows[:1] if len(rows) > 1 and rows[0].n_texts == rows[1].n_texts else rows


def learned_words(report: Mapping[str, Any]) -> str:
    """Return how many texts the model had learned from, and what that does to the scores.

    "" where that is less than a point, or where it had not seen any.
    """
    n_seen = count_learned(report)
    if not n_seen:
        return ""
    words = ngettext(
        "{seen} of {n} text was also learned from, word for word or nearly.",
        "{seen} of {n} texts were also learned from, word for word or nearly.",
        report["n_texts"],
    )
    counted = words.format(seen=number(n_seen), n=number(report["n_texts"]))
    told = _flattery(report)
    return f"{counted} {told}" if told else ""


def _flattery(report: Mapping[str, Any]) -> str:
    drops = [
        (HUNDRED * (report["top1_accuracy"] - part.scores["top1_accuracy"]), part)
        for part in without_learned(report)
    ]
    drop, part = max(drops, key=lambda one: abs(one[0]), default=(0.0, None))
    is_small, is_most = abs(drop) < NOTABLE_POINTS, 2 * count_learned(report) > report["n_texts"]
    if part is None or (is_small and is_most):  # the others are none, unknown, or too few to tell
        return _("The scores flatter.")
    if is_small:
        return ""
    words = (
        _("On the {texts} that were not, {points} fewer in 100 answers are right.")
        if drop > 0
        else _("On the {texts} that were not, {points} more in 100 answers are right.")
    )
    return words.format(texts=texts(part.n_texts), points=decimal(abs(drop)))


def why_unknown(report: Mapping[str, Any], key: str) -> str:
    """Return why a score of a report is not known."""
    if key not in report:
        return _("Evaluations made before did not find it yet.")
    return _("No concept has both texts that are about it and texts that are not.")


def missing_words(report: Mapping[str, Any]) -> list[str]:
    """Return what the scores do not cover: concepts never predicted, without texts, or unranked."""
    records = report["concepts"]
    silent = sum(record["never_predicted"] for record in records)
    empty = sum(not record["n_positive"] for record in records)
    unranked = report.get("n_undefined", 0)
    lines = []
    if silent:
        words = ngettext(
            "{n} concept is never the answer; its precision counts as 0.",
            "{n} concepts are never the answer; their precision counts as 0.",
            silent,
        )
        lines.append(words.format(n=number(silent)))
    if empty:
        words = ngettext(
            "{n} concept had no text to check; its recall is not known.",
            "{n} concepts had no text to check; their recall is not known.",
            empty,
        )
        lines.append(words.format(n=number(empty)))
    if empty < unranked < len(records):
        words = ngettext(
            "ROC AUC is not known for {n} concept and is a mean of the others.",
            "ROC AUC is not known for {n} concepts and is a mean of the others.",
            unranked,
        )
        lines.append(words.format(n=number(unranked)))
    return lines
