"""Looks into a file of predictions: filters, a histogram of how sure, and the texts."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.charts.histogram import Scores, histogram
from core.errors import UserError
from core.i18n import _
from core.jobs import Progress
from core.operations.look_into_predictions import (
    N_BINS,
    LookRequest,
    LookResult,
    Order,
    PredictionFilter,
    look_into_predictions,
)
from desktop.asking import Asking
from desktop.screens.predict.filters import Filters
from desktop.screens.predict.result_page import concept_bars, other_bar, skipped_words
from desktop.screens.predict.results_table import ResultsTable, notes_of, runner_up_of
from desktop.session import Session
from desktop.theme.tokens import S2, S3
from desktop.widgets.bars import Bar
from desktop.widgets.buttons import button
from desktop.widgets.chart_view import ChartView, sized
from desktop.widgets.layout import clip, column, row
from desktop.widgets.message_panel import error_panel
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.wording import out_of, texts

READING_HEIGHT, BAR_WIDTH = 92, 360  # pixels
SIDES = ((1300, 430, 250), (820, 330, 230), (0, 280, 180))
"""From which width of the page on the side is how wide, and its chart how high, in pixels."""
ORDERS: tuple[Order, ...] = ("file", "least-sure", "surest")


class ResultsPage(QWidget):
    """Shows one file.

    Attributes:
        path, text: the file, and the column of its texts.
        found: what was found last; None while it is being read.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        """Show nothing yet; `open` does."""
        super().__init__()
        self.path, self.text = Path(), ""
        self.found: LookResult | None = None
        self._asking, self._more = Asking(session), Asking(session)
        self._numbers: Mapping[str, int] = {}
        self.head, self.lead = text("", "figure"), Elided("")
        self.filters = Filters()
        self.table, self.chart = ResultsTable(), ChartView()
        self._problem = QVBoxLayout()
        self._bars = QVBoxLayout()
        self._bars.setSpacing(0)
        self._bars.setContentsMargins(0, 0, 0, 0)
        self.whole, self.known = wrapped("", "body"), wrapped("", "small", "ink_2")
        self.progress = Bar(0.0, name=_("Progress"))
        self.progress.setFixedWidth(BAR_WIDTH)
        self.stop = button(_("Stop reading"), "small", "square")
        self.save = button(_("Save these as…"), "small", "download")
        self._work = self._lay_out()
        self.filters.changed.connect(self._ask)
        self.table.rows.more_asked.connect(self._ask_more)
        self.chart.mark_chosen.connect(lambda key: self.filters.set_bin(key[1], N_BINS))
        chosen = self.table.selectionModel()
        chosen.currentRowChanged.connect(lambda now, _before: self._read(now.row()))

    def _lay_out(self) -> QWidget:
        bars = QWidget()
        bars.setLayout(self._bars)
        side = column(
            text(_("How sure the model is"), "heading"),
            4,
            self.chart,
            S2,
            text(_("How often each is the answer"), "heading"),
            (clip(bars), 1),
            gap=4,
        )
        self._side = side
        self._reading = clip(column(self.whole, self.known, None, gap=4))
        self._reading.setFixedHeight(READING_HEIGHT)
        self._reading.setAccessibleName(_("The whole text"))
        self.filters.put_last(self.save)
        left = column((self.table, 1), self._reading, gap=12)
        work = column(self.filters, (row((left, 1), side, gap=S3), 1), gap=8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(column(self.head, self.lead, gap=2))
        layout.addLayout(self._problem)
        self._wait = row(self.progress, self.stop, None, gap=S2)
        self._wait.hide()
        layout.addWidget(self._wait)
        layout.addWidget(work, 1)
        return work

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width()
        side, chart = next(sizes for least, *sizes in SIDES if width >= least)
        self._side.setFixedWidth(side)
        self.chart.setFixedHeight(chart)

    @property
    def wanted(self) -> PredictionFilter:
        """The rows that the filters leave."""
        return self.filters.wanted

    def open(self, path: Path, text_column: str, numbers: Mapping[str, int]) -> None:
        """Show a file.

        Args:
            path: the file.
            text_column: of its texts; "" to guess it.
            numbers: of the concepts' marks.
        """
        self.path, self.text, self._numbers = path, text_column, numbers
        self.table.rows.numbers = numbers
        self.found = None
        self._say_problem(None)
        self._work.hide()
        self.head.setText(_("Reading predictions…"))
        self.progress.set_share(0.0)
        self._wait.show()
        self.lead.setText(str(path))
        self.filters.reset()
        self._ask()

    def _request(self, start: int = 0) -> LookRequest:
        return LookRequest(self.path, self.text, self.wanted, ORDERS[self.filters.order], start)

    def _ask(self) -> None:
        self._more.forget()
        self._asking.ask(
            self._show,
            look_into_predictions,
            self._request(),
            refused=self._say_problem,
            progressed=self._show_progress,
        )

    def _show_progress(self, progress: Progress) -> None:
        """Say how far the reading of a long file is."""
        if self.found is None and progress.total:
            self.progress.set_share(min(1.0, progress.done / progress.total))
            done = out_of(progress.done, progress.total)
            self.head.setText(_("Reading predictions: {n}").format(n=done))

    def forget(self) -> None:
        """Let a file be that is being read."""
        self._asking.forget()
        self._more.forget()

    def _ask_more(self, start: int) -> None:
        self._more.ask(self._add, look_into_predictions, self._request(start))

    def _read(self, place: int) -> None:
        """Show the whole of a text, which the table has no room for."""
        rows = self.table.rows.rows
        is_one = 0 <= place < len(rows)
        self._reading.setVisible(is_one)
        if not is_one:
            self.whole.setText("")
            return
        runner_up = runner_up_of(rows[place])
        line = _("Runner-up: {name}").format(name=runner_up) if runner_up else ""
        self.whole.setText(rows[place].text)  # each in its own direction
        self.known.setText(" · ".join(part for part in (line, notes_of(rows[place])) if part))

    def _add(self, found: LookResult) -> None:
        self.table.rows.add_rows(found.rows)

    def _show(self, found: LookResult) -> None:
        is_new = self.found is None
        self._wait.hide()
        self.found = found
        if is_new:
            self._show_whole(found)
        self.filters.tell(found.n_found, found.n_rows)
        self.table.rows.set_rows(found.rows, found.n_found)
        self.table.scrollToTop()
        self._read(-1)
        edges = tuple(i / N_BINS for i in range(N_BINS + 1))
        names = (_("with an answer"), _("without"))
        scores = Scores(edges, found.decided, found.left, names)
        self.chart.set_chart(sized(partial(histogram, scores)), _("How sure the model is"))
        self.changed.emit()

    def _show_whole(self, found: LookResult) -> None:
        """Show what does not depend on the filters."""
        self._work.show()
        self.head.setText(_("{texts} predicted").format(texts=texts(found.n_rows)))
        lead = _("In “{file}”, beside the columns that it had.").format(file=self.path.name)
        skipped = f" {skipped_words(found.n_without)}" if found.n_without else ""
        self.lead.setText(lead + skipped)
        self.filters.offer(found)
        self.table.make_room(
            found.counts,
            has_several=sum(n for _name, n in found.counts) > found.n_rows - found.n_none,
            has_notes=found.n_for_people + found.n_unlike > 0,
        )
        while item := self._bars.takeAt(0):
            if old := item.widget():
                old.hide()
                old.deleteLater()
        for bar in concept_bars(found.counts, found.n_rows, self._numbers):
            self._bars.addWidget(bar)
        if found.n_none:
            words = _("Left for people") if found.columns.tells_people else _("No answer")
            self._bars.addWidget(other_bar(words, found.n_none, found.n_rows))
        self._bars.addStretch(1)

    def _say_problem(self, error: UserError | None) -> None:
        while item := self._problem.takeAt(0):
            if old := item.widget():
                old.hide()
                old.deleteLater()
        if error:
            self._wait.hide()
            self.head.setText(self.path.name)
            self.lead.setText("")
            self._problem.addWidget(error_panel(error))
            self.changed.emit()
