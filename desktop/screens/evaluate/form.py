"""What a model version is to be checked on, and how."""

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from core.i18n import _
from core.operations.evaluate import EvaluateRequest
from core.records import Dataset, ModelVersion
from desktop.theme.tokens import CONTROL
from desktop.widgets.choices import Segmented, Select
from desktop.widgets.layout import row
from desktop.widgets.text import text, wrapped

AS_TRAINED, DATASET, CROSS_VALIDATION = range(3)
FEWEST_FOLDS, MOST_FOLDS, USUAL_FOLDS = 2, 10, 5


class EvaluationForm(QWidget):
    """Offers the three ways, each with the one thing that it needs to know."""

    def __init__(self) -> None:
        """Offer the scores of the training first."""
        super().__init__()
        ways = (_("As trained"), _("On a dataset"), _("Cross-validation"))
        self.way = Segmented(ways, name=_("How to check"))
        self.dataset = Select(width=220, name=_("Dataset"))
        folds = [str(n) for n in range(FEWEST_FOLDS, MOST_FOLDS + 1)]
        self.folds = Select(*folds, width=80, name=_("Number of models"))
        self.folds.setCurrentText(str(USUAL_FOLDS))
        self.details = QStackedWidget()
        self.details.setFixedHeight(CONTROL)
        for part in (
            QWidget(),
            row(self.dataset, None),
            row(self.folds, text(_("models"), "body", "ink_2"), None),
        ):
            self.details.addWidget(part)
        self.meaning = wrapped("", "body", "ink_2")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(row(self.way, (self.details, 1), gap=16))
        layout.addWidget(self.meaning)
        self.way.chosen.connect(self._explain)
        self._explain(AS_TRAINED)

    def set_datasets(self, datasets: Sequence[Dataset]) -> None:
        """Offer these datasets; the choice stays."""
        names = [dataset.name for dataset in datasets]
        before = self.dataset.currentText()
        self.dataset.clear()
        self.dataset.addItems(names)
        if before in names:
            self.dataset.setCurrentText(before)

    def request(self, version: ModelVersion) -> EvaluateRequest:
        """Return what is asked for of a version."""
        is_dataset, is_refitted = (self.way.value == way for way in (DATASET, CROSS_VALIDATION))
        return EvaluateRequest(
            version.model,
            version.number,
            dataset=self.dataset.currentText() if is_dataset else "",
            n_folds=int(self.folds.currentText()) if is_refitted else 0,
        )

    def _explain(self, way: int) -> None:
        meanings = (
            _(
                "The scores that the training found: on texts kept apart from it, "
                "or else by cross-validation."
            ),
            _("The stored model on the texts of a dataset as they are now."),
            _(
                "Models of the same recipe are trained anew, each without the texts that it is "
                "checked on. Says how good the recipe is; the stored model stays as it is."
            ),
        )
        self.meaning.setText(meanings[way])
        self.details.setCurrentIndex(way)
