"""The chosen version beside the list: what it holds, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.i18n import _
from core.records import DatasetVersion
from core.storage.version_reports import VersionCounts
from desktop.screens.versions.tables import SPLIT_NAMES, CountsTable
from desktop.theme.tokens import S2, S3
from desktop.widgets.buttons import button
from desktop.widgets.choices import line_edit
from desktop.widgets.layout import Hairline, Item, column, row
from desktop.widgets.table import TextTable
from desktop.widgets.text import text
from desktop.widgets.wording import moment, number

WIDTH = 320
LABEL_WIDTH = 160


class VersionDetails(QWidget):
    """One version; `set_counts` fills in what takes a moment to count."""

    described = Signal(str)
    open_asked = Signal()
    compare_asked = Signal()
    export_asked = Signal()
    train_asked = Signal()
    deletion_asked = Signal()

    def __init__(self) -> None:
        """Show nothing until `show_version` is called."""
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.version: DatasetVersion | None = None
        self._title, self._when = text("", "heading"), text("", "small", "ink_3")
        self.description = line_edit("", _("What is this version for?"))
        self.description.editingFinished.connect(self._keep_description)
        self.facts = {key: text("", "small_strong") for key in _labels()}
        self.rows: dict[str, QWidget] = {}
        self.concepts = CountsTable()
        self.table = TextTable(_("Concepts of the version"))
        self.table.setModel(self.concepts)
        self.table.set_columns(self.concepts.WIDTHS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S3, 12, S3, S2)
        layout.setSpacing(12)
        layout.addWidget(column(row(self._title, None, self._when), self.description, gap=8))
        layout.addWidget(self._facts())
        layout.addWidget(self.table, 1)
        layout.addWidget(self._verbs())

    def _facts(self) -> QWidget:
        for key, label in _labels().items():
            name = text(label, "small", "ink_2", width=LABEL_WIDTH)
            self.rows[key] = column(
                row(name, None, self.facts[key], margins=(0, 3, 0, 3)), Hairline(), gap=0
            )
        items: list[Item] = list(self.rows.values())
        return column(*items, gap=0)

    def _verbs(self) -> QWidget:
        verbs = (
            (_("Open its texts"), self.open_asked),
            (_("Compare…"), self.compare_asked),
            (_("Train from it"), self.train_asked),
            (_("Export…"), self.export_asked),
        )
        self.verbs = []
        for label, asked in verbs:
            verb = button(label, "small")
            verb.clicked.connect(asked)
            self.verbs.append(verb)
        self.delete = button(_("Delete this version"), "danger", "trash-2")
        self.delete.clicked.connect(self.deletion_asked)
        first, second, third, fourth = self.verbs
        return column(
            row(first, second, None), row(third, fourth, None), row(self.delete, None), gap=8
        )

    def show_version(self, version: DatasetVersion | None) -> None:
        """Show a version without its counts; None shows nothing."""
        is_other = version is None or self.version is None or version.id != self.version.id
        self.version = version
        self.setVisible(version is not None)
        if version is None:
            return
        self._title.setText(_("Version {n}").format(n=number(version.number)))
        self._when.setText(moment(version.created))
        self.description.setText(version.description)
        self.description.setCursorPosition(0)
        n_unlabelled = version.n_inputs - version.n_labelled
        counts = (version.n_inputs, version.n_labelled, n_unlabelled)
        for key, n in zip(("inputs", "labelled", "unlabelled"), counts, strict=True):
            self.facts[key].setText(number(n))
        if is_other:
            for split in SPLIT_NAMES:
                self.rows[f"split {split}"].hide()
            self.concepts.show(VersionCounts(0, 0, {}, {}))

    def set_counts(self, counts: VersionCounts) -> None:
        """Show the texts by split and by concept; splits that nobody used stay away."""
        for split in SPLIT_NAMES:
            n = counts.splits.get(split, 0)
            self.facts[f"split {split}"].setText(number(n))
            self.rows[f"split {split}"].setVisible(n > 0 and counts.splits.keys() != {""})
        self.concepts.show(counts)
        has_negatives = any(n for _positive, n in counts.concepts.values())
        self.table.setColumnHidden(CountsTable.NOT, not has_negatives)

    def _keep_description(self) -> None:
        typed = self.description.text().strip()
        if self.version and typed != self.version.description:
            self.described.emit(typed)


def _labels() -> dict[str, str]:
    first = {
        "inputs": _("Texts"),
        "labelled": _("With a label"),
        "unlabelled": _("Without a label"),
    }
    return first | {f"split {split}": _(name) for split, name in SPLIT_NAMES.items()}
