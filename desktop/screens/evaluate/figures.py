"""The main scores, each with its interval, and with what it was before."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from core.evaluation_words import why_unknown
from core.i18n import N_, _
from desktop.widgets.interval import score_block
from desktop.widgets.layout import column
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import percent

COLUMNS = (5, 3, 2)  # how many figures may stand side by side
BLOCK, GAP, WHY_WIDTH = 140, 24, 140
MEANS = (
    ("f1_score", N_("F1"), N_("Precision and recall in one number")),
    ("precision", N_("precision"), N_("Of the texts that got a concept, how many carry it")),
    ("recall", N_("recall"), N_("Of the texts that carry a concept, how many got it")),
    (
        "roc_auc",
        N_("ROC AUC"),
        N_("How well a concept's texts come before all others; 50 is chance"),
    ),
)


class Figures(QWidget):
    """Five scores side by side, or in two rows where there is less room.

    Attributes:
        is_weighted: whether concepts count by their texts instead of all alike.
    """

    def __init__(self) -> None:
        """Be empty."""
        super().__init__()
        self.is_weighted = False
        self._blocks: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(12)

    def show_report(self, report: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        """Show the scores of a report; `before` is another one, or empty."""
        for block in self._blocks:
            block.hide()
            block.deleteLater()
        name = _("Right answers") if report["is_exclusive"] else _("All concepts right")
        hint = _("How often the answer was exactly what people said")
        kind = "weighted_avg" if self.is_weighted else "macro_avg"
        title = _("Weighted {score}") if self.is_weighted else _("Macro {score}")
        alike = _("concepts count by their texts") if self.is_weighted else _("every concept alike")
        self._blocks = [_figure(report, before, "top1_accuracy", name, hint)] + [
            _figure(
                report, before, f"{kind}_{key}", title.format(score=_(score)), f"{_(said)}; {alike}"
            )
            for key, score, said in MEANS
        ]
        self._lay_out()

    def _lay_out(self) -> None:
        """Put as many side by side as there is room for, and as many below."""
        n_columns = next(
            (n for n in COLUMNS if n * (BLOCK + GAP) <= self.width() + GAP), COLUMNS[-1]
        )
        for i in range(len(self._blocks)):
            self._grid.setColumnStretch(i, 1 if i < n_columns else 0)
        for place, block in enumerate(self._blocks):
            self._grid.addWidget(block, place // n_columns, place % n_columns)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(2 * BLOCK + GAP, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()


def _figure(
    report: Mapping[str, Any], before: Mapping[str, Any], key: str, name: str, hint: str
) -> QWidget:
    score, low, high = (report.get(f"{key}{end}") for end in ("", "_low", "_high"))
    if score is None:
        why = wrapped(why_unknown(report, key), "caption", "ink_3", width=WHY_WIDTH)
        return column(text(name, "small", "ink_2"), text(_("Not known"), "title"), why, None, gap=2)
    ends = (score if low is None else low, score if high is None else high)
    block = score_block(name, score, *ends, hint=hint)
    if not before:
        return block
    past = before.get(key)
    words = _("Before: {share}").format(share=_("not known") if past is None else percent(past))
    return column(block, text(words, "small_strong", "ink_2"), None, gap=0)
