"""Step 2: the texts of the app, and the pages on which more come in, or all go out."""

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.files import preview, preview_pasted
from core.i18n import _
from core.operations.import_texts import ImportRequest, ImportResult, import_texts
from core.resources import folder
from core.storage.filters import InputFilter
from desktop import boxes
from desktop.runner import Task
from desktop.screens.dataset.bin_page import BinPage
from desktop.screens.dataset.empty_page import EmptyPage
from desktop.screens.dataset.export_page import ExportPage
from desktop.screens.dataset.import_page import ImportPage
from desktop.screens.dataset.list_page import ListPage
from desktop.screens.dataset.page import Page
from desktop.screens.dataset.pasting import folder_until_gone, is_for_preview
from desktop.screens.dataset.result_page import ResultPage
from desktop.screens.dataset.type_page import TypeTextPage
from desktop.session import Session
from desktop.widgets.drop_zone import DropOverlay, files_in
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.wording import file_kinds


class DatasetScreen(StepScreen):
    """Shows the list, or the empty state; leads through an import to its result, or to an export.

    Attributes:
        imports: the imports that were started here and still run.
    """

    SHOWS = Changes.INPUTS | Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.DATASETS

    def __init__(self, session: Session) -> None:
        """Show what the app has."""
        super().__init__(session)
        self.imports: list[Task] = []
        self._queue: list[Path] = []
        self._n_files = 0
        self._outcomes: list[tuple[str, ImportResult | UserError]] = []
        self._pasted: Path | None = None
        self.empty, self.list = EmptyPage(), ListPage(session)
        self.importing, self.result = ImportPage(session), ResultPage(session)
        self.typing = TypeTextPage(session, self._pasted_folder)
        self.exporting, self.bin = ExportPage(session), BinPage(session)
        self._pages = QStackedWidget()
        for page in self._all_pages():
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self.setAcceptDrops(True)
        self._overlay = DropOverlay(self, _("Drop it here to see what will be added"))
        self.footer = self.empty.footer
        self._connect()
        self.list.look_again()
        self._show_home()

    @property
    def page(self) -> Page:
        """The page that is shown."""
        shown = self._pages.currentWidget()
        assert isinstance(shown, Page)
        return shown

    @override
    def look_again(self) -> None:
        self.list.look_again()
        if self.page in {self.empty, self.list}:
            self._show_home()
        elif self.page is self.result:
            self._look_at_result()
        elif self.page is self.exporting:
            self.exporting.look_again()
        elif self.page is self.bin:
            self.bin.look_again()

    @override
    def first_focus(self) -> QWidget | None:
        return self.page.first_focus()

    def open_files(self, paths: list[Path]) -> None:
        """Show what will be added from files or folders, one after the other."""
        is_busy = self.page is self.importing and self.importing.seen is not None
        if is_busy:  # they wait behind the one that is being looked at
            self._queue += paths
            self._n_files += len(paths)
            self.importing.set_place(self._place(), has_more=True)
            return
        self._queue, self._n_files = list(paths), len(paths)
        self._open_next()

    def type_texts(self, pasted: str = "") -> None:
        """Show the page for texts that are typed or pasted."""
        self.typing.begin(self.list.dataset.name, pasted)
        self._show(self.typing)

    def paste(self) -> None:
        """Take in what the clipboard holds."""
        self._take_in(QGuiApplication.clipboard().mimeData())

    def export(self, wanted: InputFilter, dataset: str = "", version: int = 0) -> None:
        """Show what an export would write: of some inputs, or of a version of a dataset."""
        self.exporting.open(wanted, dataset, version)
        self._show(self.exporting)

    def _export_as_asked(self, name: str, version: int) -> None:
        """Show the export of a dataset, or of a version of it, that another screen asked for."""
        ids = {dataset.name: dataset.id for dataset in self.list.datasets}
        wanted = InputFilter(dataset_id=0 if version else ids.get(name, 0))
        self.export(wanted, name if version else "", version)

    def _all_pages(self) -> tuple[Page, ...]:
        more = (self.importing, self.result, self.typing, self.exporting, self.bin)
        return (self.empty, self.list, *more)

    def _connect(self) -> None:
        for page in (self.empty, self.list):
            page.dropped.connect(self.open_files)
            page.way_chosen.connect(self._choose)
        self.empty.sample_asked.connect(self._add_sample)
        self.importing.import_asked.connect(lambda: self._import(self.importing.request()))
        self.importing.left.connect(self._leave_import)
        self.importing.choose_asked.connect(self._choose_another)
        self.importing.skip_asked.connect(self._open_next)
        for left in (self.result.left, self.typing.left, self.exporting.left, self.bin.left):
            left.connect(self._show_home)
        self.list.bin_asked.connect(self._show_bin)
        self.list.export_asked.connect(self.export)
        self.list.screen_asked.connect(self.asked_for)
        self.typing.import_asked.connect(self._start_import)
        for signal in (self.list.next_asked, self.result.next_asked):
            signal.connect(self._go_on)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self).activated.connect(self.paste)

    # -- pages ------------------------------------------------------------------------------------
    def _show(self, page: Page) -> None:
        self._pages.setCurrentWidget(page)
        self.footer = page.footer
        focus = page.first_focus()
        if focus and self.isVisible():
            focus.setFocus()

    def _show_home(self) -> None:
        """Show what an import did, if that was not seen yet; else the list, or its emptiness."""
        if self._outcomes:
            self._show_outcome()
            return
        page = self.list if self.list.has_anything or self.imports else self.empty
        if page is not self.page:
            self._show(page)

    def _show_bin(self) -> None:
        self.bin.look_again()
        self._show(self.bin)

    def _go_on(self) -> None:
        self.asked_for.emit("concepts")
        if self.page is self.result:
            self._show_home()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if asked := self.session.to_export:
            self.session.to_export = None
            self._export_as_asked(*asked)
        elif self.session.to_show is not None and self.page is not self.list:
            self._show(self.list)

    # -- files ------------------------------------------------------------------------------------
    def _choose(self, way: str) -> None:
        if way == "text":
            self.type_texts()
        elif paths := self._ask_for(way):
            self.open_files(paths)

    def _ask_for(self, way: str) -> list[Path]:
        if way == "folder":
            path = boxes.choose_folder(self.window(), _("Choose a folder of texts"))
            return [path] if path else []
        return boxes.choose_files(self.window(), _("Choose files with texts"), file_kinds())

    def _choose_another(self) -> None:
        if paths := self._ask_for("file"):
            self._queue, self._n_files = paths, len(paths)
            self._open_next()

    def _open_next(self) -> None:
        path = self._queue.pop(0)
        self.importing.open(path, self.list.dataset.name)
        self.importing.set_place(self._place(), has_more=bool(self._queue))
        self._show(self.importing)

    def _place(self) -> str:
        if self._n_files <= 1:
            return ""
        n = self._n_files - len(self._queue)
        return _("file {n} of {all}").format(n=n, all=self._n_files)

    def _leave_import(self) -> None:
        self._queue = []
        self.importing.leave()
        self._show_home()

    def _add_sample(self, name: str) -> None:
        path = folder("samples") / f"{name}.csv"
        self._import(ImportRequest(path, preview(path).mapping, self.list.dataset.name))

    def _import(self, request: ImportRequest) -> None:
        self._start_import(request)
        if self._queue:
            self._open_next()
        else:
            self._show(self.list)

    def _start_import(self, request: ImportRequest) -> None:
        name = request.path.name
        title = _("Adding texts from {file}").format(file=name)
        task = self.session.start(import_texts, request, title=title)
        self.imports.append(task)
        task.updated.connect(self.list.grow_soon)
        task.succeeded.connect(lambda result: self._keep_outcome(name, result))
        task.failed.connect(lambda error: self._keep_outcome(name, error))
        task.ended.connect(lambda: self._end_import(task))

    def _keep_outcome(self, name: str, outcome: ImportResult | Exception) -> None:
        if isinstance(outcome, ImportResult | UserError):
            self._outcomes.append((name, outcome))

    def _end_import(self, task: Task) -> None:
        self.imports.remove(task)
        self.list.look_again()
        if self.page in {self.empty, self.list}:
            self._show_home()

    def _show_outcome(self) -> None:
        name, outcome = self._outcomes.pop(0)
        if isinstance(outcome, UserError):
            self.result.show_error(name, outcome)
        else:
            self.result.show_result(name, outcome)
        self._show(self.result)

    def _look_at_result(self) -> None:
        """Leave the account of an import that was taken back."""
        if self.result.is_undone():
            self._show_home()
        else:
            self.result.look_again()

    # -- dropping anywhere, pasting ---------------------------------------------------------------
    def _take_in(self, mime: QMimeData) -> None:
        if paths := files_in(mime):
            self.open_files(paths)
            return
        pasted = mime.text()
        if not pasted.strip():
            return
        if not is_for_preview(pasted):
            self.type_texts(pasted)
            return
        try:
            self.open_files([preview_pasted(pasted, self._pasted_folder()).path])
        except UserError as error:
            boxes.show_error(self.window(), error)

    def _pasted_folder(self) -> Path:
        if self._pasted is None:
            self._pasted = folder_until_gone(self)
        return self._pasted

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if files_in(mime) or mime.hasText():
            event.acceptProposedAction()
            self._overlay.cover()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._overlay.hide()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._overlay.hide()
        event.acceptProposedAction()
        self._take_in(event.mimeData())
