"""The evaluations that a model version has, newest first."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from typing_extensions import override

from core.i18n import N_, _
from core.records import Evaluation, Method
from desktop.theme.tokens import ROW
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE
from desktop.widgets.table import Index, RowsModel, TextTable
from desktop.widgets.wording import moment, number, percent

HEADS = (N_("How"), N_("When"), N_("Texts"), N_("Right answers"))
HOW, WHEN, TEXTS, RIGHT_ANSWERS = range(4)
WIDTHS = {WHEN: 190, TEXTS: 110, RIGHT_ANSWERS: 130}
MOST_ROWS, HEAD_HEIGHT = 4, 36


def how(evaluation: Evaluation) -> str:
    """Return in a few words how an evaluation was found."""
    if evaluation.method == Method.CROSS_VALIDATION:
        words = _("Cross-validation: {n} models trained again")
        return words.format(n=evaluation.n_folds)
    if evaluation.report["n_seen"]:
        return _("Stored model, also on texts that it learned from")
    return _("Stored model, on texts kept apart")


class EvaluationModel(RowsModel):
    """One row per evaluation."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Be empty."""
        super().__init__([_(head) for head in HEADS], parent)
        self.evaluations: list[Evaluation] = []

    def set_evaluations(self, evaluations: Sequence[Evaluation]) -> None:
        """Hold other evaluations, in the given order."""
        self.beginResetModel()
        self.evaluations = list(evaluations)
        self.endResetModel()

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return _(HEADS[section]) if role == Qt.ItemDataRole.DisplayRole else None

    @override
    def count(self) -> int:
        return len(self.evaluations)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        evaluation = self.evaluations[index.row()]
        match index.column():
            case 0:
                return how(evaluation)
            case 1:
                return moment(evaluation.created)
            case 2:
                return number(evaluation.report["n_texts"])
        return percent(evaluation.report["top1_accuracy"])


def _alignment(column: int) -> Qt.AlignmentFlag:
    return (RIGHT if column in {TEXTS, RIGHT_ANSWERS} else LEFT) | V_CENTRE


class EvaluationTable(TextTable):
    """Chooses one evaluation."""

    chosen = Signal(object)  # Evaluation

    def __init__(self) -> None:
        """Be empty."""
        super().__init__(_("Evaluations of this version"))
        self.model_of_rows = EvaluationModel(self)
        self.setModel(self.model_of_rows)
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.set_columns(WIDTHS)
        self.selectionModel().currentRowChanged.connect(self._tell)

    def set_evaluations(self, evaluations: Sequence[Evaluation], chosen_id: int = 0) -> None:
        """Show these evaluations and choose the one of this key, or else the first."""
        self.model_of_rows.set_evaluations(evaluations)
        n_rows = min(len(evaluations), MOST_ROWS)
        self.setFixedHeight(HEAD_HEIGHT + n_rows * ROW)
        places = [i for i, evaluation in enumerate(evaluations) if evaluation.id == chosen_id]
        if evaluations:
            self.selectRow((places or [0])[0])

    def _tell(self, current: Index) -> None:
        if current.isValid():
            self.chosen.emit(self.model_of_rows.evaluations[current.row()])
