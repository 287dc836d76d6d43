"""Texts and labels out into a file: which, in what format, which columns, where to."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget
from typing_extensions import override

from core.errors import UserError
from core.files import EXPORT_COLUMNS, Format, columns_of
from core.i18n import N_, _
from core.operations.export_inputs import (
    ExportPreview,
    ExportRequest,
    ExportResult,
    export_inputs,
    preview_inputs_export,
)
from core.storage.filters import InputFilter, has_targets
from desktop import boxes
from desktop.runner import Task
from desktop.screens.dataset.export_preview import hidden_words, preview_table
from desktop.screens.dataset.export_scopes import Scope, scopes_of
from desktop.screens.dataset.page import Page
from desktop.screens.dataset.slot import Slot
from desktop.session import Session
from desktop.theme.tokens import S4
from desktop.widgets.buttons import button
from desktop.widgets.choices import Radio, Select
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import TOP, boxed, clip, column, row, stack_below, step_body
from desktop.widgets.message_panel import error_panel, success_line
from desktop.widgets.text import text, wrapped
from desktop.widgets.tick import Tick
from desktop.widgets.wording import texts

FORMAT_NAMES: dict[Format, tuple[str, str]] = {
    "csv": (N_("CSV"), N_("a table that every program opens")),
    "xlsx": (N_("Excel (XLSX)"), N_("a workbook in which texts stay texts")),
    "jsonl": (N_("JSON Lines"), N_("for programs; lists stay lists")),
    "portal": (N_("Portal columns (CSV)"), N_("as the portal takes texts in")),
}
SUFFIXES = {"csv": ".csv", "xlsx": ".xlsx", "jsonl": ".jsonl", "portal": ".csv"}
KINDS = {"csv": "CSV (*.csv)", "xlsx": "Excel (*.xlsx)", "jsonl": "JSON Lines (*.jsonl)"}
COLUMN_NAMES = {
    "id": N_("Id"),
    "text": N_("Text"),
    "target": N_("Answer"),
    "concepts": N_("Concepts"),
    "not_concepts": N_("Not these concepts"),
    "split": N_("Split"),
    "note": N_("Note"),
    "source": N_("Source"),
    "added": N_("Added on"),
    "metadata": N_("Metadata"),
}
FORMAT_WIDTH, SCOPE_WIDTH, STACKED_BELOW = 480, 400, 1200
TICKS_ACROSS = 2


class ExportPage(Page):
    """Shows the first rows of the file while it is chosen what goes into it.

    Attributes:
        written: what was exported last; None if nothing was.
    """

    left = Signal()

    def __init__(self, session: Session) -> None:
        """Show nothing yet; `open` does."""
        super().__init__()
        self.session = session
        self.written: ExportResult | None = None
        self.shown: ExportPreview | None = None
        self._scopes: list[Scope] = []
        self._looking: Task | None = None
        self._has_targets = False
        self.back = button(_("Dataset"), "link")
        self.cancel = button(_("Back to the list"))
        self.export = button(_("Export…"), "primary", "download")
        self.folder = button(_("Show in folder"), "small", "folder-open")
        self.scope = Select(name=_("Which texts"), width=SCOPE_WIDTH)
        self.formats = {key: Radio(_(name)) for key, (name, _words) in FORMAT_NAMES.items()}
        self.columns = {name: Tick(_(COLUMN_NAMES[name]), on=True) for name in EXPORT_COLUMNS}
        self._done, self._error, self._preview = Slot(), Slot(), Slot()
        self._more = text("", "small", "ink_3")
        self._build()
        self._connect()

    def open(self, wanted: InputFilter, dataset: str = "", version: int = 0) -> None:
        """Offer what the list shows, everything, every dataset and its versions.

        Args:
            wanted: what the filters of the list leave, or what is selected in it.
            dataset: whose version is chosen at first, if one is.
            version: its number; 0 for none.
        """
        self.written = None
        self._scopes = scopes_of(self.session.db, wanted)
        chosen = [
            place
            for place, scope in enumerate(self._scopes)
            if (scope.dataset, scope.version) == (dataset, version) and scope.wanted == wanted
        ]
        with QSignalBlocker(self.scope):
            self.scope.clear()
            self.scope.addItems([scope.words for scope in self._scopes])
            self.scope.setCurrentIndex(chosen[0] if chosen else 0)
        self._done.clear()
        self._has_targets = has_targets(self.session.db)
        self.look_again()

    @override
    def first_focus(self) -> QWidget:
        return self.scope

    @property
    def format(self) -> Format:
        """The chosen format."""
        return next(name for name, radio in self.formats.items() if radio.isChecked())

    def request(self, path: Path) -> ExportRequest:
        """Return what is to be written."""
        scope = self._scopes[max(0, self.scope.currentIndex())]
        columns = tuple(
            name
            for name, tick in self.columns.items()
            if tick.isChecked() and (name != "target" or self._has_targets)
        )
        return ExportRequest(path, self.format, scope.wanted, scope.dataset, scope.version, columns)

    def look_again(self) -> None:
        """Show the first rows as they would be written now."""
        self.leave()
        self._show_ticks()
        self.export.set_enabled(enabled=False, why_not=_("The first rows are being read."))
        task = self.session.ask(preview_inputs_export, self.request(Path()))
        task.succeeded.connect(lambda shown: self._show(task, shown))
        task.failed.connect(lambda error: self._show_refusal(task, error))
        self._looking = task

    def _show_ticks(self) -> None:
        """Offer the columns that there are, without a gap where one is not."""
        allowed = columns_of(self.format)
        offered = [n for n in self.columns if n in allowed and (n != "target" or self._has_targets)]
        for name, tick in self.columns.items():
            tick.setVisible(name in offered)
        for i, name in enumerate(offered):
            self._ticks.addWidget(self.columns[name], i // TICKS_ACROSS, i % TICKS_ACROSS)

    def leave(self) -> None:
        """Look no further: nobody waits any more."""
        if self._looking:
            self._looking.stop()
        self._looking = None

    # -- parts ------------------------------------------------------------------------------------
    def _build(self) -> None:
        self.formats["csv"].setChecked(True)
        self.columns["text"].setEnabled(False)
        self.columns["text"].setToolTip(_("A file without texts could not be imported again."))
        crumbs = row(
            *(self.back, text("/", "small", "ink_3"), text(_("Export"), "small", "ink_2"), None),
            gap=6,
        )
        lead = _("Importing the file again gives the same texts and labels.")
        choices = row((self._left(), TOP), (self._right(), TOP), None, gap=S4)
        self._heading = row(
            text(_("The first rows of the file"), "strong"), self._more, None, gap=10
        )
        body = step_body(
            column(
                crumbs,
                2,
                text(_("Export texts and labels"), "title"),
                4,
                wrapped(lead, "body", "ink_2"),
                gap=0,
            ),
            *(self._done, stack_below(choices, STACKED_BELOW), self._error),
            column(self._heading, self._preview, gap=4),
            None,
            gap=16,
        )
        self.lay_out(clip(body), FooterBar(self.cancel, self.export))

    def _left(self) -> QWidget:
        group, rows = QButtonGroup(self), []
        for key, (name, words) in FORMAT_NAMES.items():
            group.addButton(self.formats[key])
            names = text(_(name), "body"), text(_(words), "small", "ink_2")
            rows.append(row(self.formats[key], *names, None, gap=8))
        side = column(
            *(text(_("Which texts"), "strong"), 2, self.scope, 14),
            *(text(_("Format"), "strong"), 0, column(*rows, gap=4)),
            gap=4,
        )
        side.setFixedWidth(FORMAT_WIDTH)
        return side

    def _right(self) -> QWidget:
        grid_holder = QWidget()
        self._ticks = QGridLayout(grid_holder)
        self._ticks.setContentsMargins(0, 0, 0, 0)
        self._ticks.setHorizontalSpacing(S4)
        self._ticks.setVerticalSpacing(0)
        self._ticks.setColumnStretch(TICKS_ACROSS, 1)
        for i, tick in enumerate(self.columns.values()):
            self._ticks.addWidget(tick, i // TICKS_ACROSS, i % TICKS_ACROSS)
        return column(text(_("Columns"), "strong"), grid_holder, gap=4)

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.cancel.clicked.connect(self.left)
        self.export.clicked.connect(self._export)
        self.scope.activated.connect(self.look_again)
        for radio in self.formats.values():
            radio.clicked.connect(self.look_again)
        for tick in self.columns.values():
            tick.toggled.connect(self.look_again)

    # -- what is shown ----------------------------------------------------------------------------
    def _show(self, task: Task, shown: ExportPreview) -> None:
        if task is not self._looking:
            return
        self.shown = shown
        self._error.clear()
        self._preview.put(preview_table(shown))
        self._more.setText(hidden_words(shown))
        self._heading.show()
        self.export.setText(_("Export {texts}…").format(texts=texts(shown.n_inputs)))
        self.export.set_enabled(enabled=True)
        self.footer.set_note(_("The texts in the app stay as they are."))

    def _show_refusal(self, task: Task | None, error: Exception) -> None:
        if task is not self._looking or not isinstance(error, UserError):
            return
        self._error.put(error_panel(error))
        self._preview.clear()
        self._heading.hide()
        self.export.setText(_("Export…"))
        self.export.set_enabled(enabled=False, why_not=str(error))
        self.footer.set_note(str(error), "warn", "circle-alert")

    # -- what is done -----------------------------------------------------------------------------
    def _export(self) -> None:
        suffix = SUFFIXES[self.format]
        kinds = KINDS.get(self.format, KINDS["csv"])
        name = f"{self.session.name}{suffix}"
        path = boxes.choose_save_file(self.window(), _("Export texts and labels"), name, kinds)
        if path is None:
            return
        self._done.clear()
        title = _("Exporting to {file}").format(file=path.name)
        task = self.session.start(export_inputs, self.request(path), title=title)
        task.succeeded.connect(self._tell)
        task.failed.connect(self._tell_failure)
        task.ended.connect(lambda: self.export.setEnabled(True))
        self.export.set_enabled(enabled=False, why_not=_("The file is being written."))

    def _tell(self, result: ExportResult) -> None:
        self.written = result
        words = _("{texts} are in “{file}”.").format(
            texts=texts(result.n_inputs), file=result.path.name
        )
        self.folder = button(_("Show in folder"), "small", "folder-open")
        self.folder.clicked.connect(self._show_folder)
        line = row(success_line(words), None, self.folder, margins=(16, 8, 12, 8))
        self._done.put(boxed("good", line))

    def _tell_failure(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._done.put(error_panel(error))

    def _show_folder(self) -> None:
        if self.written:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.written.path.parent)))
