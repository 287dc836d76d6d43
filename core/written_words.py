"""The scores of written answers, how they are called, and what they say in sentences."""

from collections.abc import Mapping
from typing import Any

from core.i18n import N_, _
from core.wording import counted_texts, percent

WRITTEN = "written"  # a report's "kind": its scores are of texts, not of concepts
MEASURES = {
    "exact_match": N_("Word for word right"),
    "token_f1": N_("Words in common (F1)"),
    "rouge_l": N_("Longest common run of words (ROUGE-L)"),
    "chrf": N_("Letters in common (chrF)"),
    "bleu": N_("Phrases in common (BLEU)"),
}

ENDINGS = {
    "longest": N_("Cut off: an answer may not be longer."),
    "repeats": N_("Ended where it began to repeat itself."),
}


def written_headline(report: Mapping[str, Any]) -> str:
    """Return in one sentence how often a model that writes is right."""
    share = float(report.get("exact_match") or 0.0)
    if not share:
        return _("No answer is word for word right")
    if share == 1:
        return _("Word for word right every time")
    times = min(99, max(1, round(share * 100)))
    return _("Word for word right about {n} times in 100").format(n=times)


def written_lead(report: Mapping[str, Any]) -> str:
    """Return how many words agree, and how many did before the training."""
    n, f1 = counted_texts(int(report.get("n_texts", 0))), float(report.get("token_f1") or 0.0)
    said = _("On {texts} that it had not learned from, {share} of the words agree.")
    words = said.format(texts=n, share=percent(f1))
    before = (report.get("untrained") or {}).get("token_f1")
    if before is None:
        return words
    gained = _("Before the training it was {share}.").format(share=percent(before))
    return f"{words} {gained}"
