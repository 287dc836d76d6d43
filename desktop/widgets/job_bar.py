"""What runs, how far, how long, Stop; its top edge is the progress."""

import math

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _, ngettext
from desktop.theme.tokens import JOB_BAR, S1, S2, S3, colour
from desktop.widgets.buttons import Button, button
from desktop.widgets.icon import Icon, Spinner
from desktop.widgets.painted import text_width
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import number, out_of, time_left

DONE_MS = 6000  # how long the outcome stands
EDGE = 2


class JobBar(QWidget):
    """Shown while something runs and, for six seconds, how it ended; hides itself after that."""

    stop_asked = Signal()
    link_chosen = Signal()

    def __init__(self) -> None:
        """Start hidden: nothing runs."""
        super().__init__()
        self.setFixedHeight(JOB_BAR)
        self.share = 0.0
        self.spinner, self.sign = Spinner(16), Icon("circle-check", "good", 16)
        self.what, self.stage = Elided("", "small_strong"), Elided("", "small", "ink_2")
        self.counts, self.left = text("", "small", "ink_2"), text("", "small", "ink_2")
        self.waiting = text("", "small", "ink_3")
        self._dot = text("·", "small", "ink_3")
        self.link = button("", "link")
        self.stop: Button = button(_("Stop"), "small", tip=_("Stop (Ctrl+.)"))
        self.link.clicked.connect(self.link_chosen)
        self.stop.clicked.connect(self.stop_asked)
        self._away = QTimer(self, singleShot=True, interval=DONE_MS)
        self._away.timeout.connect(self.hide)
        self._lay_out()
        self._show_running(is_running=True)
        self.hide()

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(S3, EDGE, S2, 0)
        layout.setSpacing(S1)
        layout.addWidget(self.spinner)
        layout.addWidget(self.sign)
        layout.addWidget(self.what, 3)
        layout.addWidget(self.link)
        layout.addWidget(self.stage, 1)
        for part in (self.waiting, self.counts, self._dot, self.left):
            layout.addWidget(part)
        layout.addSpacing(S1)
        layout.addWidget(self.stop)

    def set_job(self, what: str) -> None:
        """Show that something begins, for instance "Adding texts from letters.csv"."""
        self._away.stop()
        self._show_running(is_running=True)
        self._say(what)
        self.set_progress("", 0, 0, None)
        self.show()

    def set_progress(
        self, stage: str, done: int, total: int, seconds_left: float | None = None
    ) -> None:
        """Show how far a stage has come; a total of 0 and None seconds mean "not known"."""
        if stage != self.stage.text():
            self.setAccessibleName(f"{self.what.text()}: {stage}")  # told once, not every percent
        self.stage.setText(stage)
        self.counts.setText(out_of(done, total))
        self.left.setText(time_left(seconds_left))
        self._dot.setVisible(bool(self.counts.text()))
        self.share = done / total if total else 0.0
        self.update()

    def set_waiting(self, count: int) -> None:
        """Say how many jobs wait for this one."""
        words = ngettext("{count} waiting", "{count} waiting", count)
        self.waiting.setText(words.format(count=number(count)) if count else "")

    def show_done(self, message: str, link: str = "") -> None:
        """Say for six seconds what was done, with a way to look at it."""
        self._end("circle-check", "good", message, link)

    def show_stopped(self, message: str = "") -> None:
        """Say for six seconds that nothing was changed, or what is kept."""
        self._end("info", "ink_2", message or _("Stopped. Nothing was changed."), "")

    def show_failed(self, message: str, link: str = "") -> None:
        """Say what failed until another job begins or somebody follows the link."""
        self._end("circle-x", "bad", message, link)
        self._away.stop()

    def _end(self, sign: str, tone: str, message: str, link: str) -> None:
        self._show_running(is_running=False)
        self.sign.set_icon(sign, tone)
        self._say(message)
        self.setAccessibleName(message)
        self.link.setText(link)
        self.link.setVisible(bool(link))
        self.share = 0.0
        self.show()
        self._away.start()

    def _say(self, words: str) -> None:
        self.what.setText(words)
        self.what.setMaximumWidth(math.ceil(text_width(words, "small_strong")) + 2)

    def _show_running(self, *, is_running: bool) -> None:
        for part in (self.spinner, self.counts, self._dot, self.left, self.waiting, self.stop):
            part.setVisible(is_running)
        self.stage.setText("")
        self.sign.setVisible(not is_running)
        self.link.setVisible(False)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("rail"))
        painter.fillRect(QRectF(0, 0, self.width(), EDGE), colour("hairline"))
        painter.fillRect(QRectF(0, 0, self.width() * self.share, EDGE), colour("accent"))
