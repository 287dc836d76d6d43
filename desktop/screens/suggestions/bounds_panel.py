"""The two bounds, for all concepts or for one, with what becomes of the texts by them."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _, ngettext
from core.learning.bounds import Bounds, Sorted
from desktop.theme.tokens import S2, S3
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select
from desktop.widgets.layout import column, row
from desktop.widgets.slider import EDGE, ShareSlider
from desktop.widgets.text import text
from desktop.widgets.wording import number

LABELS, NAMES = 120, 264  # pixels


class Figure(QWidget):
    """A number with what it counts."""

    def __init__(self, tone: str) -> None:
        """Show nothing yet."""
        super().__init__()
        self.value, self.label = text("", "title", tone), text("", "small", "ink_2")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, S3, 0)
        layout.setSpacing(0)
        layout.addWidget(self.value)
        layout.addWidget(self.label)

    def show_count(self, n: int, label: str) -> None:
        """Show how many texts that are."""
        self.value.setText(number(n))
        self.label.setText(label)
        self.setAccessibleName(f"{number(n)} {label}")


class BoundsPanel(QWidget):
    """Asks for the bounds; every change is told while it is made.

    Attributes:
        bounds: as they stand. concept: that the sliders are about; "" for all.
    """

    changed = Signal()
    concept_chosen = Signal(str)

    def __init__(self) -> None:
        """Begin with the usual bounds."""
        super().__init__()
        self.bounds, self.concept = Bounds(), ""
        self.which = Select(width=NAMES, name=_("The bounds hold for"))
        self.like_all = button(_("As for all"), "link")
        self.accept = ShareSlider(_("Accept from"))
        self.review = ShareSlider(_("Read from"))
        self.accepted, self.to_read, self.left = (Figure(t) for t in ("ink", "ink", "ink_2"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        layout.addWidget(row(self.accepted, self.to_read, self.left, None, gap=S3))
        layout.addWidget(
            column(
                self._line(_("These hold for"), row(self.which, self.like_all, None)),
                self._line(_("Accept from"), self.accept, EDGE),
                self._line(_("Read from"), self.review, EDGE),
                gap=4,
            )
        )
        self.accept.moved.connect(self._set_accept)
        self.review.moved.connect(self._set_review)
        self.which.currentIndexChanged.connect(self._choose)
        self.like_all.clicked.connect(self._forget_own)
        self.set_concepts(())

    def _line(self, label: str, part: QWidget, inset: float = 0) -> QWidget:
        """Return a part behind its label; `inset` is how far within itself it begins."""
        words = text(label, "strong")
        words.setFixedWidth(LABELS - round(inset))
        return row(words, (part, 1), gap=S2)

    def set_concepts(self, names: tuple[str, ...]) -> None:
        """Offer these concepts beside all together."""
        with QSignalBlocker(self.which):
            self.which.clear()
            self.which.addItem(_("All concepts"), "")
            for name in names:
                self.which.addItem(name, name)
            self.which.setCurrentIndex(max(0, self.which.findData(self.concept)))
        self.concept = self.which.currentData()
        self._show()

    def set_bounds(self, bounds: Bounds) -> None:
        """Stand at these bounds."""
        self.bounds = bounds
        self._show()

    def choose(self, concept: str) -> None:
        """Be about a concept, or about all: ""."""
        self.which.setCurrentIndex(max(0, self.which.findData(concept)))

    def show_fates(self, fates: Sorted) -> None:
        """Say what becomes of the texts."""
        n = fates.n_accepted
        self.accepted.show_count(n, ngettext("text is labelled", "texts are labelled", n))
        n = fates.n_to_review
        self.to_read.show_count(n, ngettext("you read", "you read", n))
        n = fates.n_left
        self.left.show_count(n, ngettext("stays as it is", "stay as they are", n))

    def _show(self) -> None:
        accept, review = self.bounds.of(self.concept)
        self.accept.set_share(accept)
        self.review.set_share(review)
        self.like_all.setVisible(self.concept in self.bounds.concepts)

    def _choose(self) -> None:
        self.concept = self.which.currentData() or ""
        self._show()
        self.concept_chosen.emit(self.concept)

    def _set_accept(self, share: float) -> None:
        self._set(share, min(share, self.bounds.of(self.concept)[1]))

    def _set_review(self, share: float) -> None:
        self._set(max(share, self.bounds.of(self.concept)[0]), share)

    def _set(self, accept: float, review: float) -> None:
        own = dict(self.bounds.concepts)
        if self.concept:
            own[self.concept] = (accept, review)
            self.bounds = replace(self.bounds, concepts=own)
        else:
            self.bounds = Bounds(accept, review, own)
        self._show()
        self.changed.emit()

    def _forget_own(self) -> None:
        own = {name: pair for name, pair in self.bounds.concepts.items() if name != self.concept}
        self.bounds = replace(self.bounds, concepts=own)
        self._show()
        self.changed.emit()
