"""A training that was interrupted, and the way to let it go on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from core.i18n import _
from core.records import JobRecord
from desktop.theme.tokens import S2
from desktop.widgets.buttons import button
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, column, row
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import moment


class InterruptedBar(QFrame):
    """Says which training can go on; hidden where there is none.

    Attributes:
        record: the training. resume: lets it go on. forget: lets it go.
    """

    resume_asked = Signal(object)  # the record
    forget_asked = Signal(object)
    shown = Signal(bool)

    def __init__(self) -> None:
        """Be hidden until `show_record` is called."""
        super().__init__()
        self.setProperty("box", "warn")
        self.record: JobRecord | None = None
        self.title, self.lead = text("", "strong"), wrapped("", "small", "ink_2")
        self.resume = button(_("Go on with it"), "small", "play")
        self.forget = button(_("Let it go"), "link")
        self.forget.setToolTip(_("Its checkpoints are deleted; texts and models stay."))
        self.resume.clicked.connect(lambda: self.resume_asked.emit(self.record))
        self.forget.clicked.connect(lambda: self.forget_asked.emit(self.record))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(S2, 12, S2, 12)
        layout.setSpacing(12)
        words = column(self.title, self.lead, gap=2)
        layout.addWidget(
            row((Icon("triangle-alert", "warn", 18), TOP), (words, 1), self.forget, self.resume)
        )
        self.hide()

    def show_record(self, record: JobRecord | None) -> None:
        """Show a training that can go on, or nothing."""
        self.record = record
        self.setVisible(record is not None)
        self.shown.emit(record is not None)
        if record is None:
            return
        when = moment(record.ended or record.started)
        self.title.setText(_("{what} was interrupted").format(what=record.title))
        self.lead.setText(
            _("{when}. It can go on where it was, on the same texts.").format(when=when)
        )
        self.setAccessibleName(f"{self.title.text()}. {self.lead.text()}")
