"""One kind of findings: why it matters, the findings, and what can be done about some."""

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from core.i18n import _, ngettext
from core.operations.finding_kinds import KINDS, FindingKind
from core.operations.review_findings import Review
from core.records import Concept
from core.storage.data_checks import CONCEPT_KINDS, STATES, DataCheck, State
from core.storage.database import Database
from desktop.screens.data_check.comparison import Comparison
from desktop.screens.data_check.group_table import GroupTable, GroupTableModel
from desktop.theme.tokens import S1, S2
from desktop.widgets.buttons import Button, button
from desktop.widgets.choices import Select
from desktop.widgets.layout import RIGHT, Hairline, column, row, stack_below
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import number, percent

LEAST, DEFAULT = 80, 90  # per cent alike
SLIDE_MS = 150
SLIDER_WIDTH, STATE_WIDTH = 180, 200
DETAIL_MINIMUM = 120
NARROW = 1200  # the buttons for chosen findings stand in two rows below
NO_LIMIT = 16777215  # QWIDGETSIZE_MAX, which PySide does not name
MOST_SHOWN = 5_000  # texts that the list of the dataset is asked to show


class KindPage(QWidget):
    """Shows the findings of a kind; what is asked for goes out by signals."""

    cure_asked = Signal(str, object)  # key, numbers of the findings
    dismiss_asked = Signal(object, bool)  # numbers, whether they are fine
    show_asked = Signal(object)  # keys of inputs, or of a concept
    changed = Signal()  # the slider or the state: look again

    def __init__(self, db: Database) -> None:
        """Show nothing yet."""
        super().__init__()
        self.kind: FindingKind = KINDS["leak"]
        self.model = GroupTableModel(db, self)
        self.table = GroupTable(self.model)
        self.comparison = Comparison()
        self.comparison.setMinimumHeight(DETAIL_MINIMUM)
        self.state = Select(
            *("" for _state in STATES), kind="filter", name=_("Which findings"), width=STATE_WIDTH
        )
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(LEAST, 100)
        self.slider.setValue(DEFAULT)
        self.slider.setFixedWidth(SLIDER_WIDTH)
        self.slider.setAccessibleName(_("How alike near duplicates are at least"))
        self._alike = text("", "small", "ink_2")
        self.slider_row = row(self.slider, self._alike, gap=S1)
        self._soon = QTimer(self, singleShot=True, interval=SLIDE_MS)
        self._title, self._why = text("", "heading"), wrapped("", "body", "ink_2")
        self._nothing = wrapped("", "body", "ink_2")
        self._empty = column(S2, self._nothing, None, gap=0)
        self.dismiss = button(_("This is fine"), "small", "check")
        self.show_them = button(_("Show in dataset"), "small")
        self.cures: list[Button] = []
        self._cure_row = QHBoxLayout()
        self._build()
        self._connect()

    @property
    def least_similar(self) -> float:
        """From where on two texts count as near duplicates."""
        return self.slider.value() / 100

    @property
    def shown_state(self) -> State:
        """Which findings are listed."""
        return STATES[max(0, self.state.currentIndex())]

    def show_kind(self, key: str) -> None:
        """Be about another kind; its open findings are listed."""
        self.kind = KINDS[key]
        self.model.clear()
        with QSignalBlocker(self.state):
            self.state.setCurrentIndex(0)
        self._title.setText(self.kind.title)
        self._why.setText(self.kind.why)
        self.slider_row.setVisible(key == "near-duplicate")
        self._make_cures()

    def show_review(
        self, check: DataCheck, review: Review, concepts: Mapping[int, Concept]
    ) -> None:
        """Show the findings as they stand now."""
        counts = review.counts.get(self.kind.key, dict.fromkeys(STATES, 0))
        words = (_("{n} open"), _("{n} settled"), _("{n} said to be fine"))
        with QSignalBlocker(self.state):
            for place, (state, said) in enumerate(zip(STATES, words, strict=True)):
                self.state.setItemText(place, said.format(n=number(counts[state])))
        self._alike.setText(
            _("at least {share} alike").format(share=percent(self.least_similar, 0))
        )
        self.table.show_groups(check, self.kind, review.numbers, concepts)
        has_some = bool(len(review.numbers))
        for part in (self.table, self._bottom):
            part.setVisible(has_some)
        self._fit_table(len(review.numbers))
        self._empty.setVisible(not has_some)
        self._nothing.setText(_nothing_words(self.shown_state))
        self._show_chosen()

    def _build(self) -> None:
        self._cure_row.setContentsMargins(0, 0, 0, 0)
        self._cure_row.setSpacing(S1)
        self._acts = QWidget()
        self._acts.setLayout(self._cure_row)
        self._chosen = text("", "small", "ink_2")
        self._bottom = column(
            (self.comparison, 1),
            stack_below(
                row(
                    (row(self._chosen, None, self.show_them, self.dismiss), 1),
                    (self._acts, RIGHT),
                ),
                NARROW,
            ),
            gap=S1,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part, gap in (
            (row(self._title, None, self.state, gap=S2), 2),
            (self._why, S1),
            (self.slider_row, S1),
            (Hairline(), 0),
        ):
            layout.addWidget(part)
            layout.addSpacing(gap)
        layout.addWidget(self.table, 3)
        layout.addWidget(self._empty, 1)
        layout.addSpacing(S1)
        layout.addWidget(self._bottom, 2)

    def _connect(self) -> None:
        self._soon.timeout.connect(self.changed)
        self.slider.valueChanged.connect(self._slide)
        self.state.currentIndexChanged.connect(self.changed)
        self.table.selectionModel().selectionChanged.connect(self._show_chosen)
        self.table.selectionModel().currentChanged.connect(self._show_chosen)
        self.table.row_opened.connect(self._show_in_dataset)
        self.dismiss.clicked.connect(self._dismiss)
        self.show_them.clicked.connect(self._show_in_dataset)

    def _fit_table(self, n_rows: int) -> None:
        """Let a short list be no higher than its rows, so that the texts stand right below."""
        rows, heads = self.table.verticalHeader(), self.table.horizontalHeader()
        height = heads.sizeHint().height() + n_rows * rows.defaultSectionSize() + 2
        self.table.setMaximumHeight(min(height, NO_LIMIT))

    def _make_cures(self) -> None:
        for old in self.cures:
            self._cure_row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.cures = [
            button(_(cure.label), "small", tip=_(cure.meaning)) for cure in self.kind.cures
        ]
        for part, cure in zip(self.cures, self.kind.cures, strict=True):
            part.clicked.connect(lambda _on=False, key=cure.key: self._cure(key))
            self._cure_row.addWidget(part)

    def _slide(self) -> None:
        self._alike.setText(
            _("at least {share} alike").format(share=percent(self.least_similar, 0))
        )
        self._soon.start()

    def _show_chosen(self) -> None:
        """Show the finding under the keyboard, and how many the buttons are about."""
        shown = self.table.current_group()
        self.comparison.show_group(self.kind, shown, self.model.concepts)
        n = len(self.table.chosen_numbers())
        words = ngettext("{n} finding chosen", "{n} findings chosen", n)
        self._chosen.setText(words.format(n=number(n)) if n > 1 else "")
        state = self.shown_state
        has_others = state == "open" and len(self.model.numbers) > 1
        self._acts.setVisible(bool(self.cures) and has_others)
        self.dismiss.setVisible(state != "done")
        self.dismiss.setText(_("This is fine") if state == "open" else _("Not fine after all"))
        self.show_them.setVisible(shown is not None and bool(shown.inputs or shown.concept))

    def _cure(self, key: str) -> None:
        self.cure_asked.emit(key, self.table.chosen_numbers())

    def _dismiss(self) -> None:
        self.dismiss_asked.emit(self.table.chosen_numbers(), self.shown_state == "open")

    def _show_in_dataset(self) -> None:
        shown = self.table.current_group()
        if shown is None:
            return
        if self.kind.key in CONCEPT_KINDS:
            self.show_asked.emit(shown.group.input_ids[:1])
            return
        places = {n: i for i, n in enumerate(self.model.numbers)}
        groups = (self.model.group_at(places[n]) for n in self.table.chosen_numbers()[:MOST_SHOWN])
        ids = dict.fromkeys(i for group in groups if group for i in group.ids)
        self.show_asked.emit(tuple(ids)[:MOST_SHOWN])


def _nothing_words(state: State) -> str:
    return {
        "open": _("Nothing is left to do here. What was settled or said to be fine is in the list "
                  "above, and undo brings back what a remedy changed."),
        "done": _("Nothing of this kind was settled yet."),
        "dismissed": _("You have not said of anything here that it is fine."),
    }[state]  # fmt: skip
