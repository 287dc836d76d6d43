"""Tables for people who read a terminal."""

from collections.abc import Sequence
from typing import Any

from core.i18n import _
from core.records import Evaluation, Method

GAP = "  "
MAX_WIDTH = 60


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return rows under their heads; words stand left, numbers right, long cells are cut."""
    lines = [[_cell(value) for value in row] for row in [heads, *rows]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    right = [
        bool(rows) and all(isinstance(row[i], int | float) or row[i] is None for row in rows)
        for i in range(len(heads))
    ]
    return "\n".join(
        GAP.join(
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def _cell(value: object) -> str:
    match value:
        case None:
            return "–"
        case float():
            return f"{value:.3f}"
        case _:
            text = " ".join(str(value).split())
            return text if len(text) <= MAX_WIDTH else f"{text[: MAX_WIDTH - 1]}…"


def scores(evaluation: Evaluation) -> str:
    """Return an evaluation as a person reads it: how it was found, headline scores, concepts."""
    report = evaluation.report
    if evaluation.method == Method.CROSS_VALIDATION:
        how = _("Checked by cross-validation in {n} rounds: every text by a model without it")
    else:
        how = _("Checked with the stored model, on {texts} texts")
    lines = [how.format(n=evaluation.n_folds, texts=report["n_texts"])]
    if report["n_seen"]:
        seen = _("{n} of these texts were also learned from: the scores flatter")
        lines.append(seen.format(n=report["n_seen"]))
    heads = (_("Score"), _("Value"), _("95 % from"), _("to"))
    names = (
        (_("Right answers"), "top1_accuracy"),
        (_("Macro F1"), "macro_avg_f1_score"),
        (_("Macro precision"), "macro_avg_precision"),
        (_("Macro recall"), "macro_avg_recall"),
        (_("Macro ROC AUC"), "macro_avg_roc_auc"),
    )
    headline = [
        (title, report[key], report[f"{key}_low"], report[f"{key}_high"]) for title, key in names
    ]
    lines += ["", table(heads, headline), "", _concepts(report["concepts"])]
    return "\n".join(lines)


def _concepts(records: list[dict[str, Any]]) -> str:
    heads = (_("Concept"), _("Precision"), _("Recall"), _("F1"), _("ROC AUC"), _("Texts"), "")
    keys = ("name", "precision", "recall", "f1", "roc_auc", "n_positive")
    rows = [
        [*(record[key] for key in keys), _("never the answer") if record["never_predicted"] else ""]
        for record in sorted(records, key=lambda record: record["f1"] or 0.0)
    ]
    return table(heads, rows)
