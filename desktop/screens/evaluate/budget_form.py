"""The sentence that asks for an error budget: what is tolerated, for how many texts."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import _
from core.operations.error_budget import LEAST, MOST, MOST_TEXTS, BudgetRequest
from core.records import Evaluation, ModelVersion
from desktop.theme.tokens import CONTROL, S1, font
from desktop.widgets.layout import RIGHT, row
from desktop.widgets.text import text
from desktop.widgets.wording import THIN, locale

USUAL_SHARE, USUAL_TEXTS, USUAL_SECONDS = 0.02, 10_000, 30
MOST_SECONDS = 3_600
SHARE_WIDTH, TEXTS_WIDTH, SECONDS_WIDTH = 84, 116, 84
PER_CENT, STEP = 100, 0.5


class _PerCent(QDoubleSpinBox):
    """Shows no more decimals than there are: "2 %", "0.5 %"."""

    @override
    def textFromValue(self, val: float) -> str:
        return self.locale().toString(val, "g", 3)


class BudgetForm(QWidget):
    """Two sentences with fields in them; `changed` is emitted when a number was typed to its end.

    Attributes:
        tolerated: in per cent. n_texts: to be decided. seconds: that a person takes for one.
    """

    changed = Signal()

    def __init__(self) -> None:
        """Ask for 2 %."""
        super().__init__()
        self.tolerated, self.n_texts, self.seconds = _PerCent(), QSpinBox(), QSpinBox()
        self.tolerated.setDecimals(1)
        self.tolerated.setRange(LEAST * PER_CENT, MOST * PER_CENT)
        self.tolerated.setSingleStep(STEP)
        self.tolerated.setSuffix(f"{THIN}%")
        self.n_texts.setRange(1, MOST_TEXTS)
        self.n_texts.setSingleStep(1_000)
        self.n_texts.setGroupSeparatorShown(True)
        self.seconds.setRange(1, MOST_SECONDS)
        self.seconds.setSuffix(_(" s"))
        self.tolerated.setValue(USUAL_SHARE * PER_CENT)
        self.n_texts.setValue(USUAL_TEXTS)
        self.seconds.setValue(USUAL_SECONDS)
        self._name_fields()
        self._lay_out()
        self.tolerated.valueChanged.connect(self.changed)
        for whole in (self.n_texts, self.seconds):
            whole.valueChanged.connect(self.changed)

    def _name_fields(self) -> None:
        names = (
            _("Per cent wrong at most, among what is decided automatically"),
            _("Texts to be decided"),
            _("Seconds that a person takes for a text"),
        )
        fields = (self.tolerated, self.n_texts, self.seconds)
        widths = (SHARE_WIDTH, TEXTS_WIDTH, SECONDS_WIDTH)
        for field, name, width in zip(fields, names, widths, strict=True):
            field.setFont(font("strong"))
            field.setAccessibleName(name)
            field.setAlignment(RIGHT)
            field.setFixedSize(width, CONTROL)
            field.setKeyboardTracking(False)  # a number is meant when it is typed to its end
            field.setLocale(locale())

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S1)
        asked = text(_("wrong among what is decided automatically."), "strong")
        layout.addWidget(row(text(_("At most"), "strong"), self.tolerated, asked, None))
        parts = (text(_("For"), "body", "ink_2"), text(_("texts, and"), "body", "ink_2"))
        end = text(_("a text by hand:"), "body", "ink_2")
        layout.addWidget(row(parts[0], self.n_texts, parts[1], self.seconds, end, None))

    @property
    def tolerated_share(self) -> float:
        """The share of wrong answers that is tolerated, in [0, 1]."""
        return round(self.tolerated.value() / PER_CENT, 4)

    def set_tolerated(self, share: float) -> None:
        """Tolerate another share; `changed` is emitted if it is another."""
        self.tolerated.setValue(share * PER_CENT)

    def request(self, version: ModelVersion, evaluation: Evaluation) -> BudgetRequest:
        """Return what is asked for of a version."""
        return BudgetRequest(
            version.model,
            version.number,
            tolerated_share=self.tolerated_share,
            evaluation_id=evaluation.id,
            n_texts=self.n_texts.value(),
            seconds_per_text=self.seconds.value(),
        )
