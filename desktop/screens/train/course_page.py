"""How the training of a version went: the curves that were drawn while it learned."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from core.records import ModelVersion
from core.storage.courses import Course
from desktop.widgets.layout import column, step_body
from desktop.widgets.live_curve import LiveCurve
from desktop.widgets.text import Elided, heading
from desktop.widgets.training_curves import TrainingCurves
from desktop.widgets.versions import version_name

WIDEST = 1240


class CoursePage(QWidget):
    """Shows what a training measured, or else the candidates that it tried.

    Attributes:
        curves: what was measured. curve: the candidates.
    """

    def __init__(self, version: ModelVersion, course: Course) -> None:
        """Show how it went."""
        super().__init__()
        self.curves, self.curve = TrainingCurves(), LiveCurve()
        self.curves.set_measures(course.measures)
        self.curve.set_trials(course.trials)
        shown: QWidget = self.curves if course.measures else self.curve
        lead = _("Each candidate was scored on texts that it had not seen.")
        head = heading(_("How it learned"), "" if course.measures else lead)
        name = Elided(version_name(version), "body", "ink_2", middle=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(step_body((column(head, 2, name, 8, (shown, 1), gap=0), 1), most=WIDEST))
