"""A long job as a headline: time left, how far, and its stages in words with their times."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from core.i18n import _
from desktop.theme.tokens import S2
from desktop.widgets.bars import Bar
from desktop.widgets.icon import Icon, Spinner
from desktop.widgets.layout import Hairline, row
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import duration, out_of, percent, sentence, time_left

WIDTH, STAGE_HEIGHT, BAR = 336, 38, 8


class StageRow(QWidget):
    """A stage: done with its time, running, or still to come."""

    def __init__(self, name: str) -> None:
        """Show a stage that is still to come."""
        super().__init__()
        self.setFixedHeight(STAGE_HEIGHT)
        self._sign, self._spinner = Icon("circle-dashed", "ink_3", 16), Spinner(16)
        self.name, self._took = Elided(name, "body", "ink_3"), text("", "small", "ink_3")
        signs = QWidget()
        signs.setFixedSize(16, 16)
        self._stack = QStackedLayout(signs)
        self._stack.addWidget(self._sign)
        self._stack.addWidget(self._spinner)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(signs)
        layout.addWidget(self.name, 1)
        layout.addWidget(self._took)

    def show_running(self, seconds: float) -> None:
        """Turn the sign and count the time."""
        self._stack.setCurrentWidget(self._spinner)
        self.name.set_tone("ink")
        self._tell(_("running"), seconds)

    def show_done(self, seconds: float) -> None:
        """Set the tick and say how long it took."""
        self._stack.setCurrentWidget(self._sign)
        self._sign.set_icon("check", "accent_text")
        self.name.set_tone("ink")
        self._tell(_("done"), seconds)

    def show_failed(self) -> None:
        """Set the cross."""
        self._stack.setCurrentWidget(self._sign)
        self._sign.set_icon("circle-x", "bad")
        self.name.set_tone("bad")
        self._tell(_("failed"), 0)

    def _tell(self, state: str, seconds: float) -> None:
        self._took.setText(duration(seconds) if seconds >= 1 else "")
        self.setAccessibleName(f"{self.name.text()}, {state} {self._took.text()}".strip())


class ProgressPanel(QWidget):
    """The left half of Train while it runs."""

    def __init__(self, stages: Sequence[str] = ()) -> None:
        """Show the stages, none of them begun; stages not named here are added as they come."""
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.headline = text(_("Starting"), "figure")
        self.sentence = Elided("", "body", "ink_2")
        self.bar = Bar(0.0, name=_("Progress"), thick=BAR)
        self._percent, self._elapsed = text("", "small_strong"), text("", "small", "ink_3")
        self._stages = QVBoxLayout()
        self._stages.setSpacing(0)
        self.rows: dict[str, StageRow] = {}
        self._spent_s: dict[str, float] = {}
        self._stage, self._began_s = "", 0.0
        for stage in stages:
            self._add(stage)
        self._lay_out()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part, gap in (
            (self.headline, 2),
            (self.sentence, S2),
            (self.bar, 2),
            (row(self._percent, None, self._elapsed), S2),
        ):
            layout.addWidget(part)
            layout.addSpacing(gap)
        layout.addLayout(self._stages)
        layout.addStretch(1)

    def _add(self, stage: str) -> None:
        """Add a stage at the end, or after the one that runs: those still to come follow it."""
        running = self.rows.get(self._stage)
        place = self._stages.indexOf(running) + 1 if running else self._stages.count()
        self.rows[stage] = StageRow(stage)
        if place:
            self._stages.insertWidget(place, Hairline())
        self._stages.insertWidget(place + bool(place), self.rows[stage])

    def set_progress(
        self, stage: str, done: int, total: int, *, seconds_left: float | None, elapsed_s: float
    ) -> None:
        """Show how far the job is.

        Args:
            stage: name of the running stage; the ones before it are done.
            done: steps of the stage that are done.
            total: steps of the stage; 0 if not known.
            seconds_left: for the whole job; None if not known yet.
            elapsed_s: seconds since the job began.
        """
        known = seconds_left is not None
        self.headline.setText(sentence(time_left(seconds_left)) if known else _("Working"))
        counts = out_of(done, total)
        self.sentence.setText(f"{stage}: {counts}" if counts else stage)
        share = _share(done, total, seconds_left, elapsed_s)
        self.bar.set_share(share)
        self._percent.setText(percent(share, 0) if share else "")
        self._elapsed.setText(_("{time} so far").format(time=duration(max(1, elapsed_s))))
        self._show_stage(stage, elapsed_s)

    def _show_stage(self, stage: str, elapsed_s: float) -> None:
        """Let a stage go on, which may have run before; its times add up."""
        if stage not in self.rows:
            self._add(stage)
        if stage != self._stage:
            if self._stage:
                self._spent_s[self._stage] = self._seconds_of(self._stage, elapsed_s)
                self.rows[self._stage].show_done(self._spent_s[self._stage])
            self._stage, self._began_s = stage, elapsed_s
        self.rows[stage].show_running(self._seconds_of(stage, elapsed_s))

    def _seconds_of(self, stage: str, elapsed_s: float) -> float:
        return self._spent_s.get(stage, 0.0) + elapsed_s - self._began_s


def _share(done: int, total: int, seconds_left: float | None, elapsed_s: float) -> float:
    """Return the part of the whole time that has passed, or of the stage where no time is known."""
    if seconds_left is not None:
        return elapsed_s / max(elapsed_s + seconds_left, 0.001)
    return done / total if total else 0.0
