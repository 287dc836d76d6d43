"""The bar that makes one concept of several: what is chosen, which name stays, what it touches."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from core.i18n import _, ngettext
from core.records import Concept
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select
from desktop.widgets.layout import column, row
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import number

NAME_WIDTH, FEWEST = 320, 2


class MergeBar(QFrame):
    """Stands above the list while concepts are chosen in it."""

    kept = Signal()  # merge them
    left = Signal()

    def __init__(self) -> None:
        """Wait hidden until concepts are chosen."""
        super().__init__()
        self.setProperty("box", "soft")
        self.concepts: list[Concept] = []
        self.told = wrapped("", "small", "ink_2")
        self.target = Select(width=NAME_WIDTH, name=_("The name that stays"))
        self._picked = 0  # by the analyst, not by us
        self.merge, self.cancel = button(_("Merge")), button(_("Cancel"), "quiet")
        name = text(_("Keep the name"), "small_strong")
        choice = row(name, self.target, self.merge, self.cancel, None, gap=10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column(self.told, choice, gap=6, margins=(16, 12, 16, 12)))
        self.merge.clicked.connect(self.kept)
        self.cancel.clicked.connect(self.left)
        self.target.currentIndexChanged.connect(self._tell)
        self.target.activated.connect(self._keep_picked)
        self._n_versions = 0
        self.hide()

    def show_chosen(self, concepts: Sequence[Concept], n_versions: int) -> None:
        """Offer the names of what is chosen, that with most texts first.

        Args:
            concepts: those that are chosen.
            n_versions: frozen versions that have one of them.
        """
        before = self._picked
        self.concepts = sorted(concepts, key=lambda c: (-c.n_positive, c.id))
        self._n_versions = n_versions
        ids = [concept.id for concept in self.concepts]
        with QSignalBlocker(self.target):
            self.target.clear()
            self.target.addItems([concept.name for concept in self.concepts])
            self.target.setCurrentIndex(ids.index(before) if before in ids else 0)
        self._tell()

    def _keep_picked(self) -> None:
        self._picked = self.target_id

    @property
    def target_id(self) -> int:
        """The concept whose name stays; 0 while nothing is chosen."""
        place = self.target.currentIndex()
        return self.concepts[place].id if 0 <= place < len(self.concepts) else 0

    @property
    def sources(self) -> list[Concept]:
        """The concepts that go."""
        return [concept for concept in self.concepts if concept.id != self.target_id]

    @property
    def n_labels(self) -> int:
        """How many labels move."""
        return sum(concept.n_positive + concept.n_negative for concept in self.sources)

    def _tell(self) -> None:
        is_enough = len(self.concepts) >= FEWEST
        self.merge.set_enabled(enabled=is_enough, why_not=_("Choose at least two concepts."))
        self.target.setEnabled(is_enough)
        if not is_enough:
            words = _("Click on every concept that means the same, or use the space key.")
            self.told.setText(words)
            return
        words = ngettext(
            "{n} label moves to “{target}”.", "{n} labels move to “{target}”.", self.n_labels
        ).format(n=number(self.n_labels), target=self.target.currentText())
        going = ", ".join(concept.name for concept in self.sources)
        words += " " + _("These go: {names}.").format(names=going)
        self.told.setText(words + " " + kept_by_versions(self._n_versions))


def kept_by_versions(n_versions: int) -> str:
    """Return which frozen versions keep what is merged or deleted; "" where none has it."""
    if not n_versions:
        return ""
    words = ngettext(
        "{n} frozen version keeps it as it was.", "{n} frozen versions keep it as it was.",
        n_versions,
    )  # fmt: skip
    return words.format(n=number(n_versions))
