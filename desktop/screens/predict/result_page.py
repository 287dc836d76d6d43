"""What came of predicting a file: how many, how often each concept, and where it is."""

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _, ngettext
from core.operations.predict import PredictResult
from desktop.theme.tokens import S2, S3
from desktop.widgets.bars import Bar
from desktop.widgets.concept_chip import Mark
from desktop.widgets.layout import RIGHT, Hairline, Item, column, row
from desktop.widgets.message_panel import MessagePanel, success_line
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.wording import number, percent

NAME_WIDTH, COUNT_WIDTH, SHARE_WIDTH, ROW_HEIGHT = 320, 80, 84, 39


class ResultPage(QWidget):
    """Shows a result as a sentence and as bars."""

    def __init__(
        self, result: PredictResult, numbers: Mapping[str, int], *, is_exclusive: bool
    ) -> None:
        """Show it.

        Args:
            result: what was predicted.
            numbers: of the concepts' marks.
            is_exclusive: every text has at most one answer, so what is missing has none.
        """
        super().__init__()
        n = result.n_predicted
        words = ngettext("{n} text predicted", "{n} texts predicted", n).format(n=number(n))
        lead = _("Written to “{file}”, beside the columns that the file had.")
        counts = sorted(result.counts.items(), key=lambda one: -one[1])
        bars = [_bar(name, count, n, Mark(numbers.get(name, 0))) for name, count in counts]
        n_none = n - sum(result.counts.values())
        if result.n_for_people:
            bars.append(_bar(_("Left for people"), result.n_for_people, n, QWidget()))
        elif is_exclusive and n_none:
            bars.append(_bar(_("None of your concepts"), n_none, n, QWidget()))
        items: list[Item] = [
            success_line(_("Done")),
            2,
            text(words, "figure"),
            2,
            wrapped(lead.format(file=result.out.name), "body", "ink_2"),
            S2,
        ]
        if result.n_skipped:
            items += [MessagePanel("warn", _skipped(result.n_skipped)), S3]
        items += [text(_("How often each concept was the answer"), "heading"), 8, Hairline()]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column(*items, *bars, None, gap=0))


def _bar(name: str, count: int, n_texts: int, mark: QWidget) -> QWidget:
    label = Elided(name, middle=True)
    label.setFixedWidth(NAME_WIDTH)
    mark.setFixedWidth(14)
    share = count / max(n_texts, 1)
    line = row(
        mark,
        label,
        (Bar(share, name=name, target=0.0), 1),
        text(number(count), "small_strong", align=RIGHT, width=COUNT_WIDTH),
        text(percent(share), "small", "ink_3", align=RIGHT, width=SHARE_WIDTH),
        gap=12,
    )
    line.setFixedHeight(ROW_HEIGHT)
    return column(line, Hairline(), gap=0)


def _skipped(count: int) -> str:
    words = ngettext(
        "{n} row could not be read. It stands in the file without an answer.",
        "{n} rows could not be read. They stand in the file without an answer.",
        count,
    )
    return words.format(n=number(count))
