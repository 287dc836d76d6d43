"""The head of Evaluate: which version, which of its evaluations, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from core.evaluation_words import method_words, source_words
from core.i18n import _
from core.records import Evaluation
from core.wording import counted_texts
from desktop.theme.tokens import font
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.choices import Select
from desktop.widgets.layout import hide_below
from desktop.widgets.painted import text_width
from desktop.widgets.text import text, tip
from desktop.widgets.versions import VersionSelect
from desktop.widgets.wording import clock, day

WITH_BUTTON_WIDTH = 1200  # of the window, below which the menu alone leads to a new evaluation
WIDEST_CHOICE, LIST_PADDING = 520, 64


class EvaluationSelect(Select):
    """Chooses one of the evaluations of a version, newest first."""

    evaluation_chosen = Signal(object)  # Evaluation, by the analyst

    def __init__(self) -> None:
        """Offer nothing."""
        super().__init__(name=_("Evaluation"))
        self._evaluations: list[Evaluation] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(WIDEST_CHOICE)
        self.currentIndexChanged.connect(self._tell)

    def set_evaluations(
        self, evaluations: Sequence[Evaluation], chosen_id: int, home: int
    ) -> Evaluation | None:
        """Offer the evaluations and choose the one of this key, or else the newest; return it.

        Args:
            evaluations: newest first.
            chosen_id: 0 for the newest.
            home: the dataset version of the training, which goes without saying.
        """
        self._evaluations = list(evaluations)
        ids = [evaluation.id for evaluation in evaluations]
        lines = [words_of(evaluation, home) for evaluation in evaluations]
        with QSignalBlocker(self):
            self.clear()
            self.addItems(lines)
            for place, line in enumerate(lines):
                self.setItemData(place, tip(line), Qt.ItemDataRole.ToolTipRole)
            self.setCurrentIndex(ids.index(chosen_id) if chosen_id in ids else 0)
        self.setToolTip(tip(self.currentText()))
        widest = max((text_width(line, "body") for line in lines), default=0)
        self.view().setMinimumWidth(round(widest) + LIST_PADDING)
        place = self.currentIndex()
        return self._evaluations[place] if place >= 0 else None

    def _tell(self, place: int) -> None:
        if 0 <= place < len(self._evaluations):
            self.evaluation_chosen.emit(self._evaluations[place])


def words_of(evaluation: Evaluation, home: int) -> str:
    """Return an evaluation in one line: "Cross-validation, 60 texts, today 12:04".

    The dataset is named where it is not the version that the training learned from, `home`.
    """
    parts = [method_words(evaluation)]
    if evaluation.split or evaluation.other_app or evaluation.dataset_version_id != home:
        parts.append(source_words(evaluation))
    when = _("{day} {time}").format(day=day(evaluation.created), time=clock(evaluation.created))
    return ", ".join([*parts, counted_texts(evaluation.report["n_texts"]), when])


class Head(QWidget):
    """Title, the two choices, the way to a new evaluation, and the menu.

    Attributes:
        again, forget, tables: the actions that not every evaluation offers alike.
    """

    new_asked = Signal()
    again_asked = Signal()
    report_asked = Signal()
    export_asked = Signal()
    elsewhere_asked = Signal()
    delete_asked = Signal()

    def __init__(self) -> None:
        """Offer nothing yet."""
        super().__init__()
        self.versions, self.evaluations = VersionSelect(), EvaluationSelect()
        self.new = button(_("Evaluate differently"))
        self.more = icon_button("ellipsis", _("More"))
        self.menu = QMenu(self)
        self.menu.setFont(font("body"))
        self._add(_("Evaluate differently"), self.new_asked)
        self.again = self._add(_("Evaluate again"), self.again_asked)
        self.menu.addSeparator()
        self._add(_("Report…"), self.report_asked)
        self.tables = self._add(_("Tables and charts…"), self.export_asked)
        self._add(_("Take this model elsewhere…"), self.elsewhere_asked)
        self.menu.addSeparator()
        self.forget = self._add(_("Delete this evaluation"), self.delete_asked)
        self.new.clicked.connect(self.new_asked)
        self.more.clicked.connect(self._open_menu)
        self._lay_out()

    def set_offers(self, *, is_writer: bool) -> None:
        """Offer what there is for the version: tables and charts tell of concepts."""
        self.tables.setVisible(not is_writer)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(text(_("Evaluate"), "title"))
        layout.addSpacing(8)
        layout.addWidget(self.versions)
        layout.addWidget(self.evaluations, 1)
        layout.addStretch(0)
        layout.addWidget(hide_below(self.new, WITH_BUTTON_WIDTH))
        layout.addWidget(self.more)

    def _add(self, label: str, signal: SignalInstance) -> QAction:
        action = self.menu.addAction(label)
        action.triggered.connect(signal)
        return action

    def _open_menu(self) -> None:
        below = QPoint(self.more.width() - self.menu.sizeHint().width(), self.more.height())
        self.menu.popup(self.more.mapToGlobal(below))
