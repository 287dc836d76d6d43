"""A comparison in words: which model is better, on what, and what to mind."""

from collections.abc import Sequence

from core.i18n import _, ngettext
from core.learning.verdicts import Basis, Difference, Verdict, Versus
from core.records import Evaluation, Method, ModelVersion
from core.wording import THIN, counted_texts, decimal, number, versioned

MOST_NAMED = 5


def names_of(versions: Sequence[ModelVersion]) -> tuple[str, ...]:
    """Return short names: only the numbers where all are versions of one model."""
    if len({version.model for version in versions}) == 1 and len(versions) > 1:
        return tuple(_("Version {n}").format(n=version.number) for version in versions)
    return tuple(versioned(version.model, version.number) for version in versions)


def verdict(versus: Versus, name: str, reference: str) -> str:
    """Return whether a model is better than the reference at right answers, with the counts."""
    counts = {
        "name": name,
        "reference": reference,
        "more": number(versus.n_only_this),
        "less": number(versus.n_only_reference),
        "texts": counted_texts(versus.n_texts),
    }
    if not versus.n_only_this and not versus.n_only_reference:
        words = _(
            "No difference between {name} and {reference}: of {texts}, both are right on the same."
        )
    elif versus.right.verdict is Verdict.BETTER:
        words = _(
            "{name} is better than {reference}: of {texts}, it alone is right on {more}, "
            "{reference} alone on {less}."
        )
    elif versus.right.verdict is Verdict.WORSE:
        words = _(
            "{name} is worse than {reference}: of {texts}, it alone is right on {more}, "
            "{reference} alone on {less}."
        )
    else:
        words = _(
            "No clear difference between {name} and {reference}: of {texts}, the one alone is "
            "right on {more}, the other alone on {less}, which chance explains."
        )
    return words.format(**counts)


def f1_verdict(versus: Versus, name: str, reference: str) -> str:
    """Return whether a model is better than the reference on average over the concepts."""
    names = {"name": name, "reference": reference}
    if versus.f1 is None:
        return _("Macro F1 is undefined here.")
    points = points_words(versus.f1)
    match versus.f1.verdict:
        case Verdict.BETTER:
            words = _("By macro F1, {name} is better than {reference}: {points}.")
        case Verdict.WORSE:
            words = _("By macro F1, {name} is worse than {reference}: {points}.")
        case Verdict.NO_CLEAR_DIFFERENCE:
            words = _("By macro F1, no clear difference between {name} and {reference}: {points}.")
    return words.format(points=points, **names)


def points_words(difference: Difference) -> str:
    """Return a difference with its interval: "+2.1 points (95 % interval +0.4 to +3.8)"."""
    value, low, high = map(signed_points, (difference.value, difference.low, difference.high))
    words = _("{value} points ({share} interval {low} to {high})")
    return words.format(value=value, share=f"95{THIN}%", low=low, high=high)


def signed_points(share: float) -> str:
    """Return a difference of shares, in [-1, 1], in points: "+2.1", "−0.4", "0.0"."""
    text = decimal(abs(share) * 100)
    return text if not float(round(share * 100, 1)) else f"{'+' if share > 0 else '−'}{text}"


def basis_words(basis: Basis, names: Sequence[str], evaluations: Sequence[Evaluation]) -> list[str]:
    """Return on which texts and concepts models were compared, and what to mind."""
    lines = [_tested(basis, evaluations)]
    counts = (
        (
            basis.n_left_out,
            ngettext(
                "{n} text is left out: not all of the models were checked on it.",
                "{n} texts are left out: not all of the models were checked on them.",
                basis.n_left_out,
            ),
        ),
        (
            basis.n_learned,
            ngettext(
                "{n} text is left out: at least one of the models had learned from it.",
                "{n} texts are left out: at least one of the models had learned from them.",
                basis.n_learned,
            ),
        ),
        (
            basis.n_reworded,
            ngettext(
                "{n} text is left out: its wording has changed in between.",
                "{n} texts are left out: their wording has changed in between.",
                basis.n_reworded,
            ),
        ),
        (
            basis.n_relabelled,
            ngettext(
                "{n} text was labelled anew in between: its newest labels count for all models.",
                "{n} texts were labelled anew in between: their newest labels count for all "
                "models.",
                basis.n_relabelled,
            ),
        ),
    )
    lines += [words.format(n=number(n)) for n, words in counts if n]
    lines += _learned(basis, names)
    return lines + _partly_known(basis, names)


def _tested(basis: Basis, evaluations: Sequence[Evaluation]) -> str:
    n_crossed = sum(one.method == Method.CROSS_VALIDATION for one in evaluations)
    texts = counted_texts(basis.n_texts)
    if not n_crossed:
        return _("All stored models answered the same {texts}.").format(texts=texts)
    if n_crossed == len(evaluations):
        return _(
            "All models answered the same {texts}, each text by a model trained again without it; "
            "the rounds may differ from model to model."
        ).format(texts=texts)
    return _(
        "All models answered the same {texts}, some as stored, some as models trained again "
        "without the text: that compares a model with a recipe."
    ).format(texts=texts)


def _learned(basis: Basis, names: Sequence[str]) -> list[str]:
    words = _("{name} had learned from {n} of these texts: its numbers flatter.")
    told = zip(names, basis.has_learned, strict=True)
    return [words.format(name=name, n=number(n)) for name, n in told if n]


def _partly_known(basis: Basis, names: Sequence[str]) -> list[str]:
    if not basis.partly_known:
        return []
    told = [
        _("“{concept}” (only {names})").format(
            concept=concept, names=", ".join(names[i] for i in places)
        )
        for concept, places in list(basis.partly_known.items())[:MOST_NAMED]
    ]
    n_more = len(basis.partly_known) - len(told)
    if n_more:
        told.append(ngettext("{n} more", "{n} more", n_more).format(n=number(n_more)))
    words = _("Only concepts that all models know are compared; left out: {concepts}.")
    return [words.format(concepts=", ".join(told))]


def place_of(evaluation: Evaluation) -> str:
    """Return what a model was checked on: "mails, version 3, test"."""
    place = versioned(evaluation.dataset, evaluation.dataset_number)
    return ", ".join(part for part in (place, evaluation.split, evaluation.other_app) if part)


def different_texts(n_shared: int) -> str:
    """Return why numbers of several datasets are no verdict."""
    caution = _("These numbers were found on different texts: a dataset may simply be harder.")
    if not n_shared:
        return caution
    words = ngettext("{n} text is in all of them.", "{n} texts are in all of them.", n_shared)
    return f"{caution} {words.format(n=number(n_shared))}"
