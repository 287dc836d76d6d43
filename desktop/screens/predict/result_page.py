"""What came of a prediction: how many texts, and how often each concept was the answer."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _, ngettext
from core.operations.predict import PredictResult
from desktop.theme.tokens import S2, S3
from desktop.widgets.bars import Bar
from desktop.widgets.concept_chip import Mark
from desktop.widgets.layout import RIGHT, Hairline, Item, column, hide_below, row
from desktop.widgets.message_panel import MessagePanel, success_line
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.wording import number, percent

COUNT_WIDTH, SHARE_WIDTH, ROW_HEIGHT = 54, 54, 35
FROM, BAR_FROM = 1100, 1400  # pixels of the window: in narrower ones the name needs the room


class WrittenPage(QWidget):
    """Tells what came of a model that writes: its answers stand in the file alone."""

    def __init__(self, result: PredictResult) -> None:
        """Show it."""
        super().__init__()
        n = result.n_predicted
        words = ngettext("{n} text answered", "{n} texts answered", n).format(n=number(n))
        lead = _("Written to “{file}”, in the column “answer” beside the columns that it had.")
        items: list[Item] = [
            success_line(_("Done")),
            2,
            text(words, "figure"),
            2,
            wrapped(lead.format(file=result.out.name), "body", "ink_2"),
            S2,
        ]
        if result.n_skipped:
            items += [MessagePanel("warn", skipped_words(result.n_skipped)), S3]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column(*items, None, gap=0))


def concept_bars(
    counts: Sequence[tuple[str, int]], n_texts: int, numbers: Mapping[str, int]
) -> list[QWidget]:
    """Return a bar for each concept: how often it is the answer."""
    return [_bar(name, count, n_texts, Mark(numbers.get(name, 0))) for name, count in counts]


def other_bar(name: str, count: int, n_texts: int) -> QWidget:
    """Return the bar of texts without an answer."""
    return _bar(name, count, n_texts, QWidget())


def _bar(name: str, count: int, n_texts: int, mark: QWidget) -> QWidget:
    mark.setFixedWidth(14)
    share = count / max(n_texts, 1)
    bar = Bar(share, name=name, target=0.0)
    line = row(
        mark,
        (Elided(name, middle=True), 5),
        (hide_below(bar, BAR_FROM), 2),
        text(number(count), "small_strong", align=RIGHT, width=COUNT_WIDTH),
        hide_below(text(percent(share), "small", "ink_3", align=RIGHT, width=SHARE_WIDTH), FROM),
        gap=8,
    )
    line.setFixedHeight(ROW_HEIGHT)
    return column(line, Hairline(), gap=0)


def skipped_words(count: int) -> str:
    """Say that rows could not be read."""
    words = ngettext(
        "{n} row could not be read. It stands in the file without an answer.",
        "{n} rows could not be read. They stand in the file without an answer.",
        count,
    )
    return words.format(n=number(count))
