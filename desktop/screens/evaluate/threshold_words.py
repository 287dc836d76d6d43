"""What thresholds mean, in words."""

from collections.abc import Mapping
from typing import Any

from core.budget_words import tolerated_words
from core.i18n import _
from core.learning.decisions import USUAL
from core.records import Thresholds
from desktop.widgets.wording import number, percent, texts

SAME = 1e-6  # thresholds that differ less are the same


def usual_threshold(*, is_exclusive: bool) -> float:
    """Return from which probability on a concept counts where nobody chose."""
    return 0.0 if is_exclusive else USUAL


def shared_threshold(thresholds: Mapping[str, float]) -> float | None:
    """Return the threshold that all concepts share, to the per cent; None where they do not."""
    shares = {round(value, 2) for value in thresholds.values()}
    return shares.pop() if len(shares) == 1 else None


def meaning(report: Mapping[str, Any], thresholds: Mapping[str, float]) -> str:
    """Return what follows from thresholds: "An answer below 70 % is left to a person: …"."""
    share = shared_threshold(thresholds)
    n_texts, decided_share = report["n_texts"], report.get("decided_share")
    n_left = None if decided_share is None else n_texts - round(decided_share * n_texts)
    if share == 0:
        if report["is_exclusive"]:
            return _("Every text gets its most probable concept; none is left to a person.")
        return _("Every concept counts for every text.")
    words = _meaning_of_one(share) if report["is_exclusive"] else _meaning_of_several(share)
    if n_left is None:
        return f"{words}."
    counted = _("{n} of {texts}").format(n=number(n_left), texts=texts(n_texts))
    if report["is_exclusive"]:
        return f"{words}: {counted}."
    return f"{words}. {_('Without any concept: {counted}.').format(counted=counted)}"


def _meaning_of_one(share: float | None) -> str:
    if share is None:
        return _("An answer below its concept's own threshold is left to a person")
    return _("An answer below {share} is left to a person").format(share=percent(share, 0))


def _meaning_of_several(share: float | None) -> str:
    if share is None:
        return _("Each concept counts from its own threshold on")
    return _("A concept counts from {share} on").format(share=percent(share, 0))


def in_use(kept: Thresholds, tried: Mapping[str, float], *, is_exclusive: bool) -> str:
    """Return which thresholds predictions use now, beside those that are tried, if any are."""
    if tried and is_kept(kept, tried, is_exclusive=is_exclusive):
        return _("Predictions use these thresholds.")
    if not kept.concepts:
        if is_exclusive:
            return _("Predictions give every text its most probable concept.")
        usual = percent(usual_threshold(is_exclusive=False), 0)
        return _("Predictions use {share} for every concept.").format(share=usual)
    if kept.tolerated_share is not None:
        words = _("Predictions use those found for at most {share} wrong.")
        return words.format(share=tolerated_words(kept.tolerated_share))
    return _("Predictions use those that were kept before.")


def is_kept(kept: Thresholds, tried: Mapping[str, float], *, is_exclusive: bool) -> bool:
    """Tell whether predictions use the thresholds that are tried."""
    usual = usual_threshold(is_exclusive=is_exclusive)
    return all(abs(kept.concepts.get(name, usual) - value) < SAME for name, value in tried.items())
