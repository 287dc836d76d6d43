"""Which texts are gone through: a quiet button that says it, and a panel that changes it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from core.i18n import N_, _
from core.records import Concept
from core.storage.filters import InputFilter, Labelling
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select, line_edit
from desktop.widgets.layout import column, row
from desktop.widgets.text import text

WIDTH = 320
SEEK = "seek"
LABELLINGS: tuple[tuple[Labelling, str], ...] = (
    ("unlabelled", N_("Without a label")),
    ("", N_("All texts")),
    ("unsure", N_("Unsure")),
    ("skipped", N_("Skipped")),
    ("labelled", N_("With a label")),
    ("none", N_("None of the concepts")),
)
LONGEST = 20  # letters of the button
ORDERS: tuple[tuple[str, str], ...] = (
    ("", N_("As they stand")),
    ("mixed", N_("What helps most")),
    ("uncertain", N_("What is unclear")),
    ("diverse", N_("What is unlike the labelled ones")),
    ("rare", N_("What may be rare")),
    ("random", N_("By chance")),
    (SEEK, N_("What may be about…")),
)


class QueueFilter(QFrame):
    """The panel; its `button` opens it.

    Attributes:
        base: what the screen was opened for; the panel narrows it further.
    """

    changed = Signal(object)  # InputFilter

    def __init__(self, parent: QWidget) -> None:
        """Stand at texts without a label."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("box", "line")
        self.setProperty("surface", "raised")
        self.setFixedWidth(WIDTH)
        self.base = InputFilter()
        self.button = button("", "quiet", "chevron-down", trailing=True)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.labelling = Select(*(_(label) for _key, label in LABELLINGS), name=_("Answers"))
        self.concept = Select(name=_("Concept"))
        self.words = line_edit("", _("Words in the text"), "search")
        self.order = Select(*(_(label) for _key, label in ORDERS), name=_("Order"))
        self.sought = Select(name=_("Concept to find"))
        self.hints = line_edit("", _("A few words, or a whole example"), "search")
        self.seeking = column(
            text(_("Concept to find"), "small_strong"), self.sought, self.hints, gap=6
        )
        self.take = button(_("Show these texts"), "primary")
        self._lay_out()
        self.words.returnPressed.connect(self._take)
        self.hints.returnPressed.connect(self._take)
        self.order.currentIndexChanged.connect(self._show_seeking)
        self._show_seeking()
        self.take.clicked.connect(self._take)
        self.button.clicked.connect(self.open)
        self.set_concepts([])
        self._name()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(6)
        for label, part in (
            (_("Answers"), self.labelling),
            (_("Concept"), self.concept),
            (_("Words"), self.words),
            (_("Order"), self.order),
        ):
            layout.addWidget(text(label, "small_strong"))
            layout.addWidget(part)
        layout.addWidget(self.seeking)
        layout.addSpacing(8)
        layout.addWidget(row(None, self.take))

    def begin(self, base: InputFilter) -> None:
        """Start anew from what the screen was opened for."""
        self.base = base
        wanted = base.labelling or ("" if base.is_narrowing else "unlabelled")
        self._choose(wanted)
        self.concept.setCurrentIndex(0)
        self.words.clear()
        self._name()

    def show_labelling(self, wanted: Labelling) -> None:
        """Go through other answers, whatever else was chosen."""
        self.base = replace(self.base, labelling="")
        self._choose(wanted)
        self.concept.setCurrentIndex(0)
        self.words.clear()
        self._take()

    def wanted(self) -> InputFilter:
        """Return the texts to go through."""
        concept_id, words = self.concept.currentData(), self.words.text().strip()
        return replace(
            self.base,
            labelling=LABELLINGS[self.labelling.currentIndex()][0],
            has=(*self.base.has, concept_id) if concept_id else self.base.has,
            containing=" ".join(part for part in (self.base.containing, words) if part),
        )

    @property
    def strategy(self) -> str:
        """How the texts are ordered: a key of `ORDERS`."""
        return ORDERS[self.order.currentIndex()][0]

    def choose_order(self, strategy: str) -> None:
        """Order the texts like that from now on."""
        self.order.setCurrentIndex([key for key, _label in ORDERS].index(strategy))
        self._name()

    def set_concepts(self, concepts: Sequence[Concept]) -> None:
        """Offer these concepts; the chosen one stays chosen."""
        known = [(concept.name, concept.id) for concept in concepts]
        any_or_one = [(_("Any concept"), 0), *known]
        for part, offered in ((self.concept, any_or_one), (self.sought, known)):
            places = range(part.count())
            if offered != [(part.itemText(i), part.itemData(i)) for i in places]:
                chosen = part.currentData()
                part.clear()
                for name, key in offered:
                    part.addItem(name, key)
                part.setCurrentIndex(max(0, part.findData(chosen)))

    def open(self) -> None:
        """Show the panel below its button."""
        corner = self.button.mapToGlobal(QPoint(0, self.button.height() + 4))
        right = self.button.window().mapToGlobal(QPoint(self.button.window().width(), 0)).x()
        self.move(min(corner.x(), right - WIDTH - 8), corner.y())
        self.show()
        self.labelling.setFocus()

    def _show_seeking(self) -> None:
        self.seeking.setVisible(self.strategy == SEEK)
        self.adjustSize()

    def _choose(self, wanted: Labelling) -> None:
        keys = [key for key, _label in LABELLINGS]
        self.labelling.setCurrentIndex(keys.index(wanted))

    def _take(self) -> None:
        self.close()
        self._name()
        self.changed.emit(self.wanted())

    def _name(self) -> None:
        parts = [_(ORDERS[self.order.currentIndex()][1])] if self.strategy else []
        wanted, label = LABELLINGS[self.labelling.currentIndex()]
        if not parts or wanted != "unlabelled":  # what is to be labelled has no label
            parts.append(_(label))
        if self.concept.currentData():
            parts.append(self.concept.currentText())
        if self.words.text().strip():
            parts.append(f"“{self.words.text().strip()}”")
        label = ", ".join(parts)
        self.button.setText(label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…")
        self.button.setAccessibleName(_("Texts to go through: {which}").format(which=label))
        self.button.setToolTip(_("Which texts are gone through (Ctrl+F)"))
