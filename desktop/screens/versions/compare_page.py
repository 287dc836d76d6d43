"""What changed between two versions; every number opens its texts."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from core.operations.compare_versions import CompareResult
from core.records import DatasetVersion
from desktop.screens.versions.tables import DiffTable
from desktop.theme.tokens import S2, S4, font
from desktop.widgets.buttons import Button, button
from desktop.widgets.choices import Select
from desktop.widgets.icon import Icon
from desktop.widgets.layout import Hairline, column, row
from desktop.widgets.table import TextTable
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import moment_within, number

SELECT_WIDTH, FACT_WIDTH = 300, 170


class ComparePage(QWidget):
    """Two versions to choose, four numbers, and the concepts before and after."""

    left = Signal()
    versions_chosen = Signal(object, object)  # the older and the newer DatasetVersion
    texts_asked = Signal(str)  # "added", "removed", "edited" or "moved"
    labels_asked = Signal(str, bool)  # the concept; whether those that came, or those that went

    def __init__(self) -> None:
        """Compare nothing yet."""
        super().__init__()
        self.versions: Sequence[DatasetVersion] = ()
        self.back = button(_("Back"), "secondary", "arrow-left")
        self.old = Select(width=SELECT_WIDTH, name=_("Before"))
        self.new = Select(width=SELECT_WIDTH, name=_("Now"))
        self.facts = {key: self._fact(key, label) for key, label in _facts().items()}
        self.told = wrapped("", "body", "ink_2")
        self.concepts = DiffTable()
        self.table = TextTable(_("Concepts before and now"))
        self.table.setModel(self.concepts)
        self.table.set_columns(self.concepts.WIDTHS)
        numbers = [
            column(row(fact, None), text(_facts()[key], "small", "ink_2", width=FACT_WIDTH), gap=0)
            for key, fact in self.facts.items()
        ]
        arrow = Icon("arrow-right", "ink_3", 16)
        page = column(
            row(self.back, 8, text(_("What changed"), "title"), None, gap=12),
            row(self.old, arrow, self.new, None, gap=12),
            *(row(*numbers, None, gap=0), self.told, Hairline(), (self.table, 1)),
            gap=14,
            margins=(S4, 12, S4, S2),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
        self._connect()

    def _fact(self, key: str, label: str) -> Button:
        fact = button("–", "link")
        fact.setFont(font("title"))
        fact.setToolTip(label)
        fact.clicked.connect(lambda: self.texts_asked.emit(key))
        return fact

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.old.currentIndexChanged.connect(self._choose)
        self.new.currentIndexChanged.connect(self._choose)
        self.table.clicked.connect(self._open_cell)
        self.table.row_opened.connect(
            lambda place: self._open(place, self.table.currentIndex().column())
        )

    def offer(
        self, versions: Sequence[DatasetVersion], old: DatasetVersion, new: DatasetVersion
    ) -> None:
        """Offer all versions of the app, and compare two of them."""
        self.versions = versions
        for chooser, chosen in ((self.old, old), (self.new, new)):
            with QSignalBlocker(chooser):
                chooser.clear()
                chooser.addItems([_title(version) for version in versions])
                chooser.setCurrentIndex([v.id for v in versions].index(chosen.id))
        self._choose()

    def _choose(self) -> None:
        old, new = (self.versions[chooser.currentIndex()] for chooser in (self.old, self.new))
        for fact in self.facts.values():
            fact.setText("…")
            fact.setEnabled(False)
        self.told.setText(_("Comparing…"))
        self.versions_chosen.emit(old, new)

    def show_result(self, result: CompareResult) -> None:
        """Show what changed."""
        for key, fact in self.facts.items():
            n = len(getattr(result.diff, key))
            fact.setText(number(n))
            fact.setEnabled(n > 0)
            fact.setAccessibleName(f"{_facts()[key]}: {number(n)}")
        words = _("Click on a number to see its texts.")
        if result.diff.is_empty:
            words = _("Nothing differs: texts, labels and splits are the same.")
        self.told.setText(words)
        self.concepts.show(result.diff)

    def _open_cell(self, index: QModelIndex) -> None:
        if index.column() in {DiffTable.ADDED, DiffTable.TAKEN}:
            self._open(index.row(), index.column())

    def _open(self, place: int, column_: int) -> None:
        name, (_before, _now, n_added, n_taken) = self.concepts.rows[place]
        came = bool(n_added) if column_ != DiffTable.TAKEN else False
        if n_added if came else n_taken:
            self.labels_asked.emit(name, came)


def _facts() -> dict[str, str]:
    return {
        "added": _("Texts added"),
        "removed": _("Texts removed"),
        "edited": _("Texts edited"),
        "moved": _("Moved to another split"),
    }


def _title(version: DatasetVersion) -> str:
    words = _("{dataset}, version {n}, {moment}")
    return words.format(
        dataset=version.dataset, n=number(version.number), moment=moment_within(version.created)
    )
