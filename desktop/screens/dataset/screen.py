"""Step 2: the texts of the app, and the pages on which more of them come in."""

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.files import preview
from core.i18n import _
from core.operations.import_texts import ImportRequest, ImportResult, import_texts
from core.resources import folder
from desktop import boxes
from desktop.runner import Task
from desktop.screens.dataset.empty_page import EmptyPage
from desktop.screens.dataset.import_page import ImportPage
from desktop.screens.dataset.list_page import ListPage
from desktop.screens.dataset.page import Page
from desktop.screens.dataset.result_page import ResultPage
from desktop.screens.dataset.type_page import TypeTextPage
from desktop.session import Session
from desktop.widgets.drop_zone import files_in
from desktop.widgets.step_screen import StepScreen

KINDS = "(*.csv *.tsv *.txt *.tab)"


class DatasetScreen(StepScreen):
    """Shows the list, or the empty state; leads through an import to its result.

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
        self.setAcceptDrops(True)
        self.empty, self.list = EmptyPage(), ListPage(session)
        self.importing, self.result = ImportPage(session), ResultPage(session)
        self.typing = TypeTextPage(session)
        self._pages = QStackedWidget()
        for page in (self.empty, self.list, self.importing, self.result, self.typing):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
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

    @override
    def first_focus(self) -> QWidget | None:
        return self.page.first_focus()

    def open_files(self, paths: list[Path]) -> None:
        """Show what will be added from files or folders, one after the other."""
        self._queue, self._n_files = list(paths), len(paths)
        self._open_next()

    def type_texts(self) -> None:
        """Show the page for texts that are typed or pasted."""
        self.typing.begin(self.list.dataset.name)
        self._show(self.typing)

    def _connect(self) -> None:
        for page in (self.empty, self.list):
            page.dropped.connect(self.open_files)
            page.way_chosen.connect(self._choose)
        self.empty.sample_asked.connect(self._add_sample)
        self.importing.import_asked.connect(self._import_shown)
        self.importing.left.connect(self._leave_import)
        self.importing.choose_asked.connect(self._choose_another)
        self.result.left.connect(self._show_home)
        self.typing.left.connect(self._show_home)
        for signal in (self.list.next_asked, self.result.next_asked):
            signal.connect(self._go_on)

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
        has_texts = self.list.dataset.n_inputs > 0 or len(self.list.datasets) > 1
        page = self.list if has_texts or self.imports else self.empty
        if page is not self.page:
            self._show(page)

    def _go_on(self) -> None:
        self.asked_for.emit("concepts")
        if self.page is self.result:
            self._show_home()

    # -- files ------------------------------------------------------------------------------------
    def _choose(self, way: str) -> None:
        if way == "text":
            self.type_texts()
            return
        if way == "folder":
            path = boxes.choose_folder(self.window(), _("Choose a folder of text files"))
        else:
            kinds = f"{_('Tables and texts')} {KINDS};;{_('All files')} (*)"
            path = boxes.choose_file(self.window(), _("Choose a file with texts"), kinds)
        if path:
            self.open_files([path])

    def _choose_another(self) -> None:
        self._choose("file")

    def _open_next(self) -> None:
        path = self._queue.pop(0)
        place = ""
        if self._n_files > 1:
            place = _("file {n} of {all}").format(
                n=self._n_files - len(self._queue), all=self._n_files
            )
        self.importing.open(path, place=place)
        self._show(self.importing)

    def _leave_import(self) -> None:
        self._queue = []
        self._show_home()

    def _add_sample(self, name: str) -> None:
        path = folder("samples") / f"{name}.csv"
        self._import(ImportRequest(path, preview(path).mapping, self.list.dataset.name))

    def _import_shown(self) -> None:
        self._import(self.importing.request(self.list.dataset.name))

    def _import(self, request: ImportRequest) -> None:
        name = request.path.name
        title = _("Adding texts from {file}").format(file=name)
        task = self.session.start(import_texts, request, title=title)
        self.imports.append(task)
        task.updated.connect(self.list.grow_soon)
        task.succeeded.connect(lambda result: self._keep_outcome(name, result))
        task.failed.connect(lambda error: self._keep_outcome(name, error))
        task.ended.connect(lambda: self._end_import(task))
        if self._queue:
            self._open_next()
        else:
            self._show(self.list)

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

    # -- dropping anywhere ------------------------------------------------------------------------
    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_in(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if paths := files_in(event.mimeData()):
            event.acceptProposedAction()
            self.open_files(paths)
