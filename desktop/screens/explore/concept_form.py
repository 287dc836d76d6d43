"""A small form: which concept, by which model, and how surely."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from core.i18n import _
from core.records import ModelVersion
from core.storage.searches import Predicted
from desktop.theme.tokens import S2
from desktop.widgets.buttons import button
from desktop.widgets.choices import Segmented, Select, line_edit
from desktop.widgets.layout import column, row
from desktop.widgets.text import text, wrapped
from desktop.widgets.versions import VersionSelect

WIDTH, SHARE_WIDTH = 360, 72
HALF, ALL = 50, 100  # per cent


class ConceptForm(QFrame):
    """A popup below its button; Enter in the field presses its own, Esc closes."""

    asked = Signal(object)  # Predicted

    def __init__(self, parent: QWidget) -> None:
        """Belong to a window; `open_below` shows it."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("box", "line")
        self.setProperty("surface", "raised")
        self.setFixedWidth(WIDTH)
        self.version, self.concept = VersionSelect(), Select(name=_("Concept"))
        self.side = Segmented([_("At least"), _("Less than")], name=_("How sure"))
        self.share = line_edit(str(HALF), width=SHARE_WIDTH)
        self.share.setAccessibleName(_("Probability in per cent"))
        self.act = button(_("Search for it"), "primary")
        lead = _("Finds texts by what a model says of them, also those that nobody has labelled.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, S2, 20, S2)
        layout.addWidget(
            column(
                text(_("What a model says"), "strong"),
                wrapped(lead, "small", "ink_2", width=WIDTH - 40),
                4,
                self.version,
                self.concept,
                row(self.side, self.share, text("%", "small", "ink_2"), None, gap=8),
                4,
                row(None, self.act),
                gap=8,
            )
        )
        self.version.version_chosen.connect(self._offer)
        self.share.returnPressed.connect(self._ask)
        self.act.clicked.connect(self._ask)

    def open_below(self, anchor: QWidget, versions: Sequence[ModelVersion]) -> None:
        """Open under a button with these versions to choose from."""
        self.version.set_versions(versions)
        self._offer()
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(anchor.width() - WIDTH, anchor.height() + 4))
        left = anchor.window().mapToGlobal(QPoint(8, 0)).x()
        self.move(max(corner.x(), left), corner.y())
        self.show()
        self.concept.setFocus()

    def _offer(self) -> None:
        before = self.concept.currentText()
        self.concept.clear()
        if self.version.version:
            self.concept.addItems(list(self.version.version.concepts))
        self.concept.setCurrentIndex(max(0, self.concept.findText(before)))

    def _ask(self) -> None:
        version = self.version.version
        digits = "".join(sign for sign in self.share.text() if sign.isdecimal())
        if version is None or not digits or int(digits) > ALL:
            self.share.set_wrong(wrong=True)
            return
        self.share.set_wrong(wrong=False)
        self.close()
        self.asked.emit(
            Predicted(
                self.concept.currentText(),
                int(digits) / ALL,
                version.model,
                version.number,
                is_negated=self.side.value == 1,
            )
        )
