"""What is predicted, which of its columns holds the texts, and where the answers go."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QStandardPaths, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.app_folder import folder_name
from core.errors import UserError
from core.files import Mapping, Preview, preview, with_columns
from core.i18n import _, ngettext
from core.operations.predict import PredictRequest
from core.records import ModelVersion
from core.storage.database import Database
from core.storage.datasets import list_datasets
from core.storage.versions import list_versions
from desktop import boxes
from desktop.screens.predict.preview_table import MOST_COLUMNS, PreviewTable
from desktop.theme.tokens import S2, S3
from desktop.widgets.buttons import button
from desktop.widgets.choices import Segmented, Select
from desktop.widgets.drop_zone import DropZone
from desktop.widgets.icon import Icon
from desktop.widgets.layout import column, row
from desktop.widgets.message_panel import error_panel
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import file_kinds, number, size, texts, versioned

DROP_HEIGHT, SELECT_WIDTH, TEXTS_WIDTH = 64, 240, 340
FILE, DATASET = 0, 1
OUT_KINDS = "CSV (*.csv);;Excel (*.xlsx);;JSON Lines (*.jsonl);;TSV (*.tsv)"


@dataclass(frozen=True)
class Texts:
    """Texts of the app that can be predicted: a dataset as it is now, or as it was frozen.

    Attributes:
        number: of the version; 0 for as it is now.
    """

    dataset: str
    number: int
    n_inputs: int
    words: str


def texts_of(db: Database) -> list[Texts]:
    """Return what there is, each dataset before its versions; none without a text."""
    found = []
    for dataset in list_datasets(db):
        words = f"{dataset.name} ({texts(dataset.n_inputs)})"
        found.append(Texts(dataset.name, 0, dataset.n_inputs, words))
        for version in list_versions(db, dataset.id):
            words = f"{versioned(dataset.name, version.number)} ({texts(version.n_inputs)})"
            found.append(Texts(dataset.name, version.number, version.n_inputs, words))
    return [one for one in found if one.n_inputs]


class FileForm(QWidget):
    """Shows the beginning of the chosen file as it will be read.

    Attributes:
        seen: the file; None before one is chosen. out: where the answers go.
    """

    changed = Signal()

    def __init__(self, app_name: str = "") -> None:
        """Ask for a file."""
        super().__init__()
        self.seen: Preview | None = None
        self.out: Path | None = None
        self._app_name = app_name
        self._datasets: list[Texts] = []
        self.source = Segmented(
            [_("A file or folder"), _("A dataset")], name=_("What is predicted")
        )
        self.dataset = Select(width=TEXTS_WIDTH, name=_("Dataset"))
        self.name = Elided(_("Drop a file or folder here"))
        self.size_words = text("", "small", "ink_3")
        self.choose = button(_("Choose a file…"), "secondary", "file-text")
        self.choose_folder = button(_("Choose a folder…"), "secondary", "folder-open")
        self.column = Select(width=SELECT_WIDTH, name=_("Column of the texts"))
        self.table, self.note = PreviewTable(), text("", "small", "ink_3")
        self.place, self.change = Elided("", middle=True), button(_("Change…"))
        self._problems = column(gap=0)
        self._build()
        self._connect()
        self._show_parts()

    def _build(self) -> None:
        self._zone = DropZone(
            row(
                Icon("file-plus-2", "ink_2", 20),
                *((self.name, 1), self.size_words, self.choose, self.choose_folder),
                gap=12,
            ),
            DROP_HEIGHT,
        )
        self._of_dataset = row(text(_("All texts of"), "strong"), self.dataset, None, gap=12)
        where = row(text(_("The texts are in"), "strong"), self.column, None, gap=12)
        head = row(text(_("First rows as they will be read"), "heading"), self.note, None)
        self._details = column(where, S2, head, self.table, gap=4)
        self._place = row(text(_("Save as"), "strong"), (self.place, 1), self.change, gap=12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        parts = (row(self.source, None), self._zone, self._of_dataset, self._problems)
        for part in (*parts, self._place, self._details):
            layout.addWidget(part)
        layout.addSpacing(S3 - S2)

    def _connect(self) -> None:
        self.source.chosen.connect(self._choose_source)
        self.dataset.activated.connect(self._choose_dataset)
        self._zone.dropped.connect(lambda paths: self.open(paths[0]))
        self.choose.clicked.connect(self._choose_file)
        self.choose_folder.clicked.connect(self._choose_folder)
        self.change.clicked.connect(self._choose_place)
        self.column.activated.connect(self._choose_column)

    @property
    def is_of_dataset(self) -> bool:
        """Tell whether a dataset of the app is predicted."""
        return self.source.value == DATASET

    @property
    def n_texts(self) -> int | None:
        """How many rows there are, where that is known."""
        if self.is_of_dataset:
            return self._chosen_dataset().n_inputs if self._datasets else None
        return self.seen.n_rows if self.seen else None

    def request(self, version: ModelVersion) -> PredictRequest | None:
        """Return what is asked for; None while something is missing."""
        if self.out is None:
            return None
        if self.is_of_dataset:
            chosen = self._chosen_dataset()
            return PredictRequest(
                version.model,
                Path(),
                self.out,
                Mapping(),
                version.number,
                dataset=chosen.dataset,
                version=chosen.number,
            )
        if self.seen is None:
            return None
        return PredictRequest(
            version.model, self.seen.path, self.out, self.seen.mapping, version.number
        )

    def set_datasets(self, datasets: list[Texts]) -> None:
        """Offer texts of the app; those that were chosen stay."""
        before = self.dataset.currentIndex()
        chosen = self._key(before) if 0 <= before < len(self._datasets) else None
        self._datasets = datasets
        with QSignalBlocker(self.dataset):
            self.dataset.clear()
            self.dataset.addItems([one.words for one in datasets])
            keys = [self._key(place) for place in range(len(datasets))]
            self.dataset.setCurrentIndex(keys.index(chosen) if chosen in keys else 0)

    def _key(self, place: int) -> tuple[str, int]:
        return self._datasets[place].dataset, self._datasets[place].number

    def open(self, path: Path) -> None:
        """Look at a file or a folder."""
        try:
            seen = preview(path)
        except UserError as error:
            self.show_problem(error)
            return
        self.show_problem(None)
        self.source.set_value(FILE)
        self.column.clear()
        self.column.addItems(seen.columns)
        self._set_place(free_place(path))
        self._show(seen)

    def show_problem(self, error: UserError | None) -> None:
        """Say what cannot be done with the file, or nothing any more."""
        layout = self._problems.layout()
        while layout and (item := layout.takeAt(0)):
            if old := item.widget():
                old.hide()
                old.deleteLater()
        if error and layout:
            layout.addWidget(error_panel(error))

    def _show(self, seen: Preview) -> None:
        self.seen = seen
        self.name.setText(seen.path.name)
        self.size_words.setText(size(seen.size_bytes))
        self.choose.setText(_("Choose another file…"))
        self.column.setCurrentText(seen.mapping.text)
        self.table.set_preview(seen)
        n_hidden = max(0, len(seen.columns) - MOST_COLUMNS)
        words = ngettext("{n} more column is kept", "{n} more columns are kept", n_hidden)
        self.note.setText(words.format(n=number(n_hidden)) if n_hidden else "")
        self._show_parts()
        self.changed.emit()

    def _show_parts(self) -> None:
        is_of_file = not self.is_of_dataset
        self._zone.setVisible(is_of_file)
        self._details.setVisible(is_of_file and self.seen is not None)
        self._of_dataset.setVisible(not is_of_file)
        self._place.setVisible(self.out is not None)

    def _choose_source(self, _value: int) -> None:
        self.show_problem(None)
        self.out = None
        if self.is_of_dataset:
            self._choose_dataset()
        elif self.seen:
            self._set_place(free_place(self.seen.path))
        self._show_parts()
        self.changed.emit()

    def _choose_dataset(self) -> None:
        if self._datasets:
            documents = QStandardPaths.StandardLocation.DocumentsLocation
            folder = Path(QStandardPaths.writableLocation(documents))
            chosen = self._chosen_dataset()
            version = f"-{chosen.number}" if chosen.number else ""
            name = folder_name(f"{self._app_name}-{chosen.dataset}{version}")
            self._set_place(free_place(folder / f"{name}.csv"))
        self.changed.emit()

    def _chosen_dataset(self) -> Texts:
        return self._datasets[max(0, self.dataset.currentIndex())]

    def _choose_file(self) -> None:
        path = boxes.choose_file(self, _("Choose a file to predict"), file_kinds())
        if path:
            self.open(path)

    def _choose_folder(self) -> None:
        path = boxes.choose_folder(self, _("Choose a folder of texts to predict"))
        if path:
            self.open(path)

    def _choose_column(self) -> None:
        if self.seen:
            self._show(with_columns(self.seen, text=self.column.currentText()))

    def _choose_place(self) -> None:
        path = boxes.choose_save_file(self, _("Save the answers"), str(self.out or ""), OUT_KINDS)
        if path:
            self._set_place(path)

    def _set_place(self, path: Path) -> None:
        self.out = path
        self.place.setText(str(path))
        self._show_parts()


def free_place(path: Path) -> Path:
    """Return the usual name for the answers to a file, with a number if it is taken."""
    out, n = path.with_name(f"{path.stem}-predicted.csv"), 1
    while out.exists():
        n += 1
        out = path.with_name(f"{path.stem}-predicted-{n}.csv")
    return out
