"""The scores of written answers, and how they are called."""

from core.i18n import N_

WRITTEN = "written"  # a report's "kind": its scores are of texts, not of concepts
MEASURES = {
    "exact_match": N_("Word for word right"),
    "token_f1": N_("Words in common (F1)"),
    "rouge_l": N_("Longest common run of words (ROUGE-L)"),
    "chrf": N_("Letters in common (chrF)"),
    "bleu": N_("Phrases in common (BLEU)"),
}
