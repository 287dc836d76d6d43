"""The datasets of the app and the versions of one of them."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from core.i18n import _
from core.records import Dataset, DatasetVersion
from desktop.screens.versions.chart import VersionsChart
from desktop.screens.versions.details import VersionDetails
from desktop.screens.versions.tables import VersionTable
from desktop.theme.tokens import S2, S4, font
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.choices import Select, line_edit
from desktop.widgets.layout import Hairline, column, row
from desktop.widgets.table import TextTable
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.wording import counted_texts, number

NAME_WIDTH = 220


class ListPage(QWidget):
    """Chooses a dataset and a version; what is asked for is done by the screen."""

    dataset_chosen = Signal(int)  # its place
    version_chosen = Signal(object)  # DatasetVersion, or None
    new_asked = Signal()
    rename_asked = Signal()
    deletion_asked = Signal()
    described = Signal(str)

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.dataset: Dataset | None = None
        self.chooser = Select(name=_("Dataset"), width=NAME_WIDTH)
        self.counts = Elided("", "small", "ink_2")
        self.new = button(_("New dataset"), "secondary", "plus")
        self.more = icon_button("ellipsis", _("Rename or delete the dataset"))
        self.description = line_edit("", _("What is this dataset for?"))
        self.chart, self.details = VersionsChart(), VersionDetails()
        self.versions = VersionTable()
        self.table = TextTable(_("Versions"))
        self.table.setModel(self.versions)
        self.table.set_columns(self.versions.WIDTHS)
        lead = _(
            "A version keeps texts, labels and splits as they are at one moment. Whatever is "
            "edited later does not change it, so that scores can be compared."
        )
        none = wrapped(_("No version yet. The first training makes one, or freeze one now."))
        self._none = column(12, none, None)
        head = row(text(_("Versions"), "title"), None, self.new, gap=8)
        about = row(self.chooser, (self.counts, 1), self.more, gap=12)
        left = column(
            *(head, wrapped(lead, "body", "ink_2"), 4, about, self.description, 4),
            *(self.chart, (self.table, 1), (self._none, 1)),
            gap=8,
            margins=(S4, 12, S4, S2),
        )
        line = Hairline(vertical=True)
        self._beside = row(line, self.details, gap=0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(row((left, 1), self._beside, gap=0))
        self._connect()

    def _connect(self) -> None:
        self.chooser.currentIndexChanged.connect(self.dataset_chosen)
        self.new.clicked.connect(self.new_asked)
        self.more.clicked.connect(self._open_menu)
        self.description.editingFinished.connect(self._keep_description)
        self.table.selectionModel().currentRowChanged.connect(self._choose)

    @property
    def version(self) -> DatasetVersion | None:
        """The chosen version."""
        place = self.table.currentIndex().row()
        return self.versions.versions[place] if 0 <= place < self.versions.n_rows else None

    def show_datasets(self, datasets: list[Dataset], chosen: int) -> None:
        """Offer the datasets; the one at `chosen` is shown."""
        with QSignalBlocker(self.chooser):
            self.chooser.clear()
            self.chooser.addItems([dataset.name for dataset in datasets])
            self.chooser.setCurrentIndex(chosen)
        self.dataset = dataset = datasets[chosen]
        self.description.setText(dataset.description)
        self.description.setCursorPosition(0)
        words = counted_texts(dataset.n_inputs)
        if dataset.n_unlabelled:
            words += ", " + _("{n} without a label").format(n=number(dataset.n_unlabelled))
        self.counts.setText(words)

    def show_versions(self, versions: list[DatasetVersion], chosen_id: int) -> None:
        """Show the versions; the one of the key stays chosen, else the newest is."""
        ids = [version.id for version in versions]
        with QSignalBlocker(self.table.selectionModel()):
            self.versions.show(versions)
        self.chart.set_versions(versions)
        self.table.setVisible(bool(versions))
        self._none.setVisible(not versions)
        self._beside.setVisible(bool(versions))
        if versions:
            self.table.selectRow(ids.index(chosen_id) if chosen_id in ids else 0)
        self._choose()

    def _choose(self) -> None:
        self.version_chosen.emit(self.version)

    def _keep_description(self) -> None:
        typed = self.description.text().strip()
        if self.dataset and typed != self.dataset.description:
            self.described.emit(typed)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setFont(font("body"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Rename the dataset…")).triggered.connect(self.rename_asked)
        menu.addAction(_("Delete the dataset")).triggered.connect(self.deletion_asked)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
