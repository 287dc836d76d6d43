"""What an error budget brings, in four figures."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.budget_words import count_decided, tolerated_words
from core.i18n import _
from core.operations.error_budget import BudgetResult
from core.wording import HOUR_S
from desktop.screens.evaluate.live_figures import LiveFigure
from desktop.theme.tokens import S2
from desktop.widgets.layout import Hairline
from desktop.widgets.wording import counted_texts, decimal, duration, percent


class BudgetFigures(QWidget):
    """Decided, left for people, the time that takes, and what is wrong among the decided.

    Attributes:
        decided, left, time, wrong: the figures.
    """

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.decided, self.left, self.time, self.wrong = (LiveFigure() for _figure in range(4))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        layout.addWidget(self.decided, 1)
        for figure in (self.left, self.time, self.wrong):
            layout.addWidget(Hairline(vertical=True))
            layout.addWidget(figure, 1)

    def set_result(self, result: BudgetResult, seconds_per_text: float) -> None:
        """Show what was found for so many seconds a text by hand."""
        budget, n_texts = result.budget, result.n_texts
        n_decided = count_decided(budget, n_texts)
        n_left = n_texts - n_decided
        self.decided.set_words(
            _("Decided"), percent(budget.decided_share), counted_texts(n_decided)
        )
        self.left.set_words(_("For people"), percent(budget.person_share), counted_texts(n_left))
        instead = _("instead of {time}").format(time=_hours(n_texts * seconds_per_text / HOUR_S))
        self.time.set_words(_("Their time"), _hours(n_left * seconds_per_text / HOUR_S), instead)
        wrong = _("Wrong, at most {share}").format(share=tolerated_words(budget.tolerated_share))
        self.wrong.set_estimate(budget.wrong, wrong, _("Among what is decided automatically"))


def _hours(hours: float) -> str:
    """Return a time of work: days would be read as working days, so hours are counted on."""
    if hours < 1:
        return duration(hours * HOUR_S) if hours else _("None")
    return _("{n} h").format(n=decimal(hours))
