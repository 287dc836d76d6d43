"""Tables for people who read a terminal."""

from collections.abc import Sequence
from typing import Any

from core.i18n import N_, _, ngettext
from core.records import Evaluation, Method
from core.written_words import MEASURES, WRITTEN

GAP = "  "
MAX_WIDTH = 60


def table(
    heads: Sequence[str], rows: Sequence[Sequence[object]], *, is_last_whole: bool = False
) -> str:
    """Return rows under their heads; words stand left, numbers right, long cells are cut.

    Args:
        heads: of the columns.
        rows: a value for each of them.
        is_last_whole: the last column is not cut.
    """
    lines = [[_cell(value) for value in row] for row in [heads, *rows]]
    if is_last_whole:
        for line, row in zip(lines[1:], rows, strict=True):
            line[-1] = " ".join(str(row[-1]).split())
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
    elif evaluation.method == Method.HELD_OUT:
        how = _("Checked on {texts} texts that were kept apart while it learned")
    else:
        how = _("Checked with the stored model, on {texts} texts")
    lines = [how.format(n=evaluation.n_folds, texts=report["n_texts"])]
    if report.get("kind") == WRITTEN:
        return "\n".join(lines) + f"\n\n{_written(report)}"
    lines += _cautions(report)
    heads = (_("Score"), _("Value"), _("95 % from"), _("to"))
    headline = [
        (_(title), report.get(key), report.get(f"{key}_low"), report.get(f"{key}_high"))
        for title, key in HEADLINE
        if key in report
    ]
    parts = (table(heads, headline), _without(report), _concepts(report["concepts"]))
    return "\n".join(lines) + "".join(f"\n\n{part}" for part in parts if part)


def _written(report: dict[str, Any]) -> str:
    """Return the scores of written answers beside what the base model and copying reach."""
    heads = (
        _("Score"), _("Value"), _("95 % from"), _("to"), _("Before the training"), _("Copying"),
    )  # fmt: skip
    before = report.get("untrained") or {}
    rows = [
        (
            _(title),
            report.get(key),
            report.get(f"{key}_low"),
            report.get(f"{key}_high"),
            before.get(key),
            report["copying"].get(key),
        )
        for key, title in MEASURES.items()
    ]
    warning = f"\n\n{report['warning']}" if report.get("warning") else ""
    return table(heads, rows) + warning


HEADLINE = (  # old evaluations lack some of them
    (N_("Right answers"), "top1_accuracy"),
    (N_("Macro F1"), "macro_avg_f1_score"),
    (N_("Macro precision"), "macro_avg_precision"),
    (N_("Macro recall"), "macro_avg_recall"),
    (N_("Macro ROC AUC"), "macro_avg_roc_auc"),
    (N_("Macro average precision"), "macro_avg_average_precision"),
    (N_("Weighted F1"), "weighted_avg_f1_score"),
    (N_("Weighted precision"), "weighted_avg_precision"),
    (N_("Weighted recall"), "weighted_avg_recall"),
    (N_("Weighted ROC AUC"), "weighted_avg_roc_auc"),
    (N_("Weighted average precision"), "weighted_avg_average_precision"),
    (N_("Texts with an answer"), "decided_share"),
    (N_("Right of the concepts given"), "decided_right"),
)
WITHOUT = HEADLINE[:4]


def _cautions(report: dict[str, Any]) -> list[str]:
    """Return what to mind: texts learned from, texts left out, scores that are undefined."""
    told = (
        (report["n_seen"], _("{n} of these texts were also learned from: the scores flatter")),
        (report.get("n_nearly_seen"), _("{n} of these texts are nearly like one learned from")),
        (report["n_left_out"], _("{n} texts are left out: the model knows none of their concepts")),
        (
            report["n_undefined"],
            ngettext(
                "ROC AUC is undefined for {n} concept, and is the mean of the others",
                "ROC AUC is undefined for {n} concepts, and is the mean of the others",
                report["n_undefined"],
            ),
        ),
    )
    return [words.format(n=n) for n, words in told if n]


def _without(report: dict[str, Any]) -> str:
    """Return the main scores with and without the texts that the model had learned from."""
    others = (
        (_("Without texts learned from"), report.get("without_seen")),
        (_("Without nearly the same ones"), report.get("without_nearly_seen")),
    )
    columns = [(title, found) for title, found in others if found]
    if not columns:
        return ""
    found = [report, *(one for _title, one in columns)]
    rows = [(_("Texts"), *(str(one["n_texts"]) for one in found))]
    rows += [(_(title), *(_shown(one[key]) for one in found)) for title, key in WITHOUT]
    return table((_("Score"), _("All texts"), *(title for title, _one in columns)), rows)


def _shown(score: float | None) -> str:
    return _("undefined") if score is None else f"{score:.3f}"


def _concepts(records: list[dict[str, Any]]) -> str:
    heads = (_("Concept"), _("Precision"), _("Recall"), _("F1"), _("ROC AUC"), _("Texts"), "")
    keys = ("name", "precision", "recall", "f1", "roc_auc", "n_positive")
    rows = [
        [*(record[key] for key in keys), _remark(record)]
        for record in sorted(records, key=lambda record: record["f1"] or 0.0)
    ]
    return table(heads, rows)


def _remark(record: dict[str, Any]) -> str:
    """Return why scores of a concept are undefined."""
    if record["never_predicted"]:
        return _("never the answer: precision undefined")
    if not record["n_positive"]:
        return _("no texts: recall and ROC AUC undefined")
    return _("all texts carry it: ROC AUC undefined") if record["roc_auc"] is None else ""
