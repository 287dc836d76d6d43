"""Train before the first training: what is missing, and the way there."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.layout import clip, column, row, step_body
from desktop.widgets.text import heading


class EmptyPage(QWidget):
    """Says that nothing is trained, and where a training begins.

    Attributes:
        empty: its ways are named as the screens they lead to.
    """

    def __init__(self, *, has_labels: bool) -> None:
        """Lead to Settings; where no text has a concept, to the texts first."""
        super().__init__()
        label = Way(
            "dataset",
            "tag",
            _("Say what some texts are about"),
            _("A model learns from texts with concepts; none has one yet"),
        )
        settings = Way(
            "settings",
            "sliders-horizontal",
            _("Open Settings"),
            _("The defaults suit most; the training starts there"),
        )
        lead = (
            _("Your texts are ready. Training starts from Settings and runs in the background.")
            if has_labels
            else _("Before a model can be trained, some texts need concepts.")
        )
        ways = [settings] if has_labels else [label, settings]
        self.empty = EmptyState(_("Nothing is trained yet"), lead, ways)
        middle = row(None, self.empty, None)
        body = column(heading(_("Train")), None, middle, None, None)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(clip(step_body((body, 1), most=4000)))
