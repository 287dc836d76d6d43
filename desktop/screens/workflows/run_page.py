"""A workflow run on the texts of a dataset, or on a file or folder."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import UserError
from core.files import Preview, preview, with_columns
from core.i18n import N_, _, ngettext
from core.operations.growing_rows import count_kept
from core.operations.run_workflow import RunOnTextsRequest, RunOnTextsResult, unjudged_words
from core.operations.run_workflow_on_rows import (
    RunOnFileRequest,
    RunOnFileResult,
    labelling,
    not_labelled,
    unfinished_run,
)
from core.records import Dataset
from core.workflows.graph import Workflow
from desktop import boxes
from desktop.screens.workflows.counts_table import counts_table
from desktop.theme.tokens import S2
from desktop.widgets.buttons import Button, button
from desktop.widgets.choices import Segmented, Select
from desktop.widgets.layout import column, row
from desktop.widgets.message_panel import MessagePanel, error_panel
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.wording import file_kinds, number, texts

DATASET, FILE = range(2)
FIELD = 280
COUNTED = N_(
    "Counted are the texts to which a step gives a concept, however probable. A step “Your model” "
    "gives all its concepts unless “Hand on” says “The answer”; “Compare probabilities” leaves "
    "those that are sure enough."
)
OUT_KINDS = "CSV (*.csv);;Excel (*.xlsx);;JSON Lines (*.jsonl);;TSV (*.tsv)"
Request = RunOnTextsRequest | RunOnFileRequest


class RunPage(QWidget):
    """Says what the workflow runs on; shows what came of it.

    Attributes:
        where: a dataset or a file. dataset, column: the choices. choose: asks for a file.
        choose_folder: asks for a folder of texts. go_on: goes on with a file that was begun.
        seen: the file; None before one is chosen. out: where the results go.
    """

    changed = Signal()
    resumed = Signal(object)  # RunOnFileRequest

    def __init__(self) -> None:
        """Offer nothing yet."""
        super().__init__()
        self.seen: Preview | None = None
        self.out: Path | None = None
        self._datasets: list[Dataset] = []
        self._workflow: Workflow | None = None
        self._is_running = False
        self.where = Segmented((_("A dataset"), _("A file or folder")), name=_("Run on"))
        self.dataset = Select(width=FIELD, name=_("Dataset"))
        self.choose = button(_("Choose a file…"), "secondary", "file-text")
        self.choose_folder = button(_("Choose a folder…"), "secondary", "folder-open")
        self.file, self.place = Elided("", middle=True), Elided("", middle=True)
        self.column = Select(width=FIELD, name=_("Column of the texts"))
        self.change = button(_("Change…"))
        self.go_on = button(_("Go on"), "small", "play")
        self.begun = wrapped("", "body", "ink")
        self.labels = wrapped("", "small", "ink_2")
        self.result = column(gap=S2)
        self._of_dataset = row(text(_("All texts of"), "strong"), self.dataset, None, gap=12)
        self._of_file = column(
            row(self.choose, self.choose_folder, (self.file, 1), gap=12),
            row(text(_("The texts are in"), "strong"), self.column, None, gap=12),
            row(text(_("Save as"), "strong"), self.change, (self.place, 1), gap=12),
            row(self.go_on, (self.begun, 1), gap=12),
            gap=12,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        parts = (row(self.where, None), self._of_dataset, self._of_file, self.labels, self.result)
        for part in parts:
            layout.addWidget(part)
        layout.addStretch(1)
        self._connect()
        self._show_where(DATASET)

    def _connect(self) -> None:
        self.where.chosen.connect(self._show_where)
        self.dataset.activated.connect(lambda _place: self.changed.emit())
        self.choose.clicked.connect(self._choose_file)
        self.choose_folder.clicked.connect(self._choose_folder)
        self.go_on.clicked.connect(self._go_on)
        self.change.clicked.connect(self._choose_place)
        self.column.activated.connect(self._choose_column)

    def show_workflow(self, workflow: Workflow | None, datasets: list[Dataset]) -> None:
        """Be about a workflow that can run, or about none."""
        self._workflow = workflow
        before = self.dataset.currentData()
        self._datasets = [one for one in datasets if one.n_inputs]
        with QSignalBlocker(self.dataset):
            self.dataset.clear()
            for one in self._datasets:
                self.dataset.addItem(f"{one.name} ({texts(one.n_inputs)})", one.name)
            self.dataset.setCurrentIndex(max(0, self.dataset.findData(before)))
        self._show_labels()
        self.changed.emit()

    @property
    def n_texts(self) -> int | None:
        """How many texts there are, where that is known."""
        if self.where.value == FILE:
            return self.seen.n_rows if self.seen else None
        place = self.dataset.currentIndex()
        return self._datasets[place].n_inputs if place >= 0 else 0

    def missing(self) -> str:
        """Return what has to be chosen first; "" for nothing."""
        if self._workflow is None:
            return _("The workflow cannot run yet.")
        if self.where.value == FILE:
            return "" if self.seen else _("Choose a file with a text in every row.")
        return "" if self._datasets else _("There are no texts yet.")

    def request(self) -> Request | None:
        """Return what is asked for; None while something is missing."""
        if self.missing() or self._workflow is None:
            return None
        if self.where.value == DATASET:
            name = self._datasets[self.dataset.currentIndex()].name
            return RunOnTextsRequest(self._workflow, name)
        if self.seen is None or self.out is None:
            return None
        return RunOnFileRequest(self._workflow, self.seen.path, self.out, self.seen.mapping)

    def open(self, path: Path) -> None:
        """Look at a file or folder."""
        try:
            self.seen = preview(path)
        except UserError as error:
            self.show_error(error)
            return
        self._put(None)
        self.out = free_place(path)
        self.where.set_value(FILE)
        self._show_where(FILE)

    def _choose_file(self) -> None:
        path = boxes.choose_file(self, _("Choose a file"), file_kinds())
        if path:
            self.open(path)

    def _choose_folder(self) -> None:
        path = boxes.choose_folder(self, _("Choose a folder of texts"))
        if path:
            self.open(path)

    def _choose_place(self) -> None:
        path = boxes.choose_save_file(self, _("Save as"), str(self.out or ""), OUT_KINDS)
        if path:
            self.out = path
            self._show_where(FILE)

    def _go_on(self) -> None:
        request = unfinished_run(self.out) if self.out else None
        if request:
            self.resumed.emit(request)

    def set_running(self, *, is_running: bool) -> None:
        """Know whether a workflow runs just now."""
        self._is_running = is_running
        self._show_begun()

    def _show_begun(self) -> None:
        """Offer to go on with the new file if it was begun before and nothing runs."""
        request = unfinished_run(self.out) if self.out and not self._is_running else None
        self.begun.setVisible(request is not None)
        self.go_on.setVisible(request is not None)
        if request:
            n = count_kept(request.out)
            words = ngettext(
                "“{name}” was stopped after {n} row of this file, which is kept.",
                "“{name}” was stopped after {n} rows of this file, which are kept.",
                n,
            )
            self.begun.setText(words.format(name=request.workflow.name, n=number(n)))

    def _choose_column(self, place: int) -> None:
        if self.seen:
            self.seen = with_columns(self.seen, text=self.seen.columns[place])
            self.changed.emit()

    def _show_where(self, where: int) -> None:
        self._of_dataset.setVisible(where == DATASET)
        self._of_file.setVisible(where == FILE)
        seen = self.seen
        self.file.setText(seen.path.name if seen else _("No file is chosen yet."))
        self.place.setText(str(self.out or ""))
        self.change.setEnabled(seen is not None)
        with QSignalBlocker(self.column):
            self.column.clear()
            self.column.setEnabled(seen is not None)
            if seen:
                self.column.addItems(list(seen.columns))
                self.column.setCurrentText(seen.mapping.text)
        self._show_begun()
        self._show_labels()
        self.changed.emit()

    def _show_labels(self) -> None:
        writers = labelling(self._workflow) if self._workflow else ()
        if self.where.value == FILE:
            words = not_labelled(writers) or _("What the last steps say is written in every row.")
        elif writers:
            words = _("It writes labels, all at once; undo takes them back.")
        else:
            words = _("It has no step that writes labels, so the texts stay as they are.")
        self.labels.setText(words)

    def show_result(self, result: RunOnTextsResult | RunOnFileResult) -> None:
        """Show what came of it."""
        n = result.n_texts
        words = ngettext("{n} text was read.", "{n} texts were read.", n).format(n=number(n))
        acts: list[Button] = []
        if isinstance(result, RunOnFileResult):
            more = _("Written to “{file}”.").format(file=result.out.name)
            acts = [_opener(_("Open"), result.out), _opener(_("Show in folder"), result.out.parent)]
        else:
            labelled = result.n_labelled
            more = ngettext("{n} text got labels.", "{n} texts got labels.", labelled)
            more = more.format(n=number(labelled))
        parts: list[QWidget] = [MessagePanel("good", words, more, actions=acts)]
        if n := sum(node.n_unjudged for node in result.nodes):
            words = ngettext(
                "{n} text could not be judged.", "{n} texts could not be judged.", n
            ).format(n=number(n))
            parts.append(MessagePanel("warn", words, unjudged_words(result.nodes)))
        about = wrapped(_(COUNTED), "small", "ink_2")
        self._put(column(*parts, column(counts_table(result.nodes), about), gap=S2))

    def show_error(self, error: UserError) -> None:
        """Say why it could not be done."""
        self._put(error_panel(error))

    def _put(self, content: QWidget | None) -> None:
        layout = self.result.layout()
        assert layout is not None
        while (item := layout.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        if content:
            layout.addWidget(content)


def _opener(words: str, path: Path) -> Button:
    act = button(words, icon_name="folder-open" if path.is_dir() else "file-text")
    act.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
    return act


def free_place(path: Path) -> Path:
    """Return the usual name for what comes of a file, with a number if it is taken."""
    stem, n = f"{path.stem}-{_('workflow')}", 1
    out = path.with_name(f"{stem}.csv")
    while out.exists():
        n += 1
        out = path.with_name(f"{stem}-{n}.csv")
    return out
