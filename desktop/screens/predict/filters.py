"""Which rows of a file of predictions are shown, and in which order."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.i18n import _
from core.operations.look_into_predictions import LookResult, PredictionFilter
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select
from desktop.widgets.layout import row
from desktop.widgets.text import text
from desktop.widgets.wording import number, percent, texts

STEPS = 20  # of the probability
CONCEPT_WIDTH, WHICH_WIDTH, SHARE_WIDTH, ORDER_WIDTH = 190, 170, 92, 170


class Filters(QWidget):
    """Selects side by side; with "show all" where they leave something out."""

    changed = Signal()

    def __init__(self) -> None:
        """Leave everything."""
        super().__init__()
        self.concept = Select(width=CONCEPT_WIDTH, kind="filter", name=_("Answer"))
        self.which = Select(width=WHICH_WIDTH, kind="filter", name=_("Which texts"))
        shares = [percent(i / STEPS, 0) for i in range(STEPS + 1)]
        from_name, to_name = _("Sure from"), _("Sure up to")
        self.low = Select(*shares[:-1], width=SHARE_WIDTH, kind="filter", name=from_name)
        self.high = Select(*shares[1:], width=SHARE_WIDTH, kind="filter", name=to_name)
        orders = (_("As in the file"), _("Least sure first"), _("Surest first"))
        self._order = Select(*orders, width=ORDER_WIDTH, kind="filter", name=_("Order"))
        self.count = text("", "small", "ink_2")
        self.all = button(_("Show all"), "link")
        self._concepts: list[str] = []
        self._flags: list[str] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(row(self.concept, self.which, self._order, None, gap=8))
        self._last = QHBoxLayout()
        sure = row(
            *(text(_("Sure from"), "small", "ink_2"), self.low),
            *(text(_("to"), "small", "ink_2"), self.high, 8, self.count, self.all, None),
            gap=8,
        )
        self._last.addWidget(sure, 1)
        layout.addLayout(self._last)
        self._selects = (self.concept, self.which, self.low, self.high, self._order)
        for select in self._selects:
            select.currentIndexChanged.connect(self._hear)
        self.all.clicked.connect(self._show_all)
        self.reset()

    def put_last(self, part: QWidget) -> None:
        """Put a part behind the filters."""
        self._last.addWidget(part)

    @property
    def order(self) -> int:
        """The place of the chosen order."""
        return max(0, self._order.currentIndex())

    @property
    def wanted(self) -> PredictionFilter:
        """What is chosen."""
        place, flag = self.concept.currentIndex(), self.which.currentIndex()
        is_none = place == len(self._concepts) + 1
        return PredictionFilter(
            concept=self._concepts[place - 1] if 0 < place <= len(self._concepts) else "",
            is_none=is_none,
            needs_person=flag > 0 and self._flags[flag - 1] == "people",
            is_unlike=flag > 0 and self._flags[flag - 1] == "unlike",
            low=self.low.currentIndex() / STEPS,
            high=(self.high.currentIndex() + 1) / STEPS,
        )

    def offer(self, found: LookResult) -> None:
        """Offer what is in a file; everything is left."""
        self._concepts = [name for name, _count in found.counts]
        told = (
            ("people", found.columns.tells_people, found.n_for_people, _("Left for people ({n})")),
            ("unlike", found.columns.tells_unlike, found.n_unlike, _("Unlike training ({n})")),
        )
        self._flags = [key for key, is_told, _n, _words in told if is_told]
        names = [f"{name} ({number(n)})" for name, n in found.counts]
        none = [_("No answer ({n})").format(n=number(found.n_none))] if found.n_none else []
        which = [words.format(n=number(n)) for _key, is_told, n, words in told if is_told]
        with QSignalBlocker(self.concept), QSignalBlocker(self.which):
            self.concept.clear()
            self.concept.addItems([_("All answers"), *names, *none])
            self.which.clear()
            self.which.addItems([_("All texts"), *which])
        self.which.setVisible(bool(which))

    def reset(self) -> None:
        """Leave everything, and tell nobody."""
        for select in self._selects:
            with QSignalBlocker(select):
                select.setCurrentIndex(select.count() - 1 if select is self.high else 0)

    def set_bin(self, place: int, n_bins: int) -> None:
        """Leave the rows of one bar of the histogram."""
        with QSignalBlocker(self.low), QSignalBlocker(self.high):
            self.low.setCurrentIndex(place * STEPS // n_bins)
            self.high.setCurrentIndex((place + 1) * STEPS // n_bins - 1)
        self._hear()

    def tell(self, n_found: int, n_rows: int) -> None:
        """Say how many rows are left."""
        is_narrow = self.wanted != PredictionFilter()
        words = _("{n} of {texts}").format(n=number(n_found), texts=texts(n_rows))
        self.count.setText(words if is_narrow else "")
        self.all.setVisible(is_narrow)

    def _show_all(self) -> None:
        order = self.order
        self.reset()
        with QSignalBlocker(self._order):
            self._order.setCurrentIndex(order)
        self._hear()

    def _hear(self) -> None:
        if self.low.currentIndex() > self.high.currentIndex():
            with QSignalBlocker(self.high):
                self.high.setCurrentIndex(self.low.currentIndex())
        self.changed.emit()
