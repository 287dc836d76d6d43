"""The window: the start screen, or the workspace of the open app; nothing else, ever."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget
from typing_extensions import override

from core.app_folder import AppExistsError, AppFolder, HeldElsewhereError, find_app_folder
from core.errors import UserError
from core.holder import forget_holder
from core.i18n import _
from core.jobs import Job
from core.operations.create_app import CreateAppRequest, create_app
from core.operations.create_sample import SampleRequest, create_sample, list_samples
from core.operations.import_app import ImportAppRequest, ImportAppResult, import_app, lack_words
from core.operations.restore import RestoreRequest, restore
from core.preferences import warn_once
from core.storage.backups import BackupRefusedError, list_backups
from core.storage.database import AppDamagedError
from core.worker import warm_up
from desktop import boxes
from desktop.runner import LOADING_MS, JobRunner, Task
from desktop.screens.start.screen import StartScreen
from desktop.widgets.buttons import button
from desktop.widgets.layout import surface
from desktop.widgets.wording import counted_texts, day

if TYPE_CHECKING:
    from desktop.screens.base_models.page import BaseModelsPage
    from desktop.screens.self_test.page import SelfTestPage
    from desktop.session import Session
    from desktop.workspace import Workspace

SIZE = (1280, 800)


class MainWindow(QMainWindow):
    """Opens and leaves apps."""

    theme_asked = Signal()
    help_asked = Signal()

    def __init__(self) -> None:
        """Show the start screen."""
        super().__init__()
        self.setWindowTitle("Textwright")
        self.resize(*SIZE)
        self.jobs = JobRunner(self)
        self.answers = JobRunner(self, LOADING_MS)
        self.session: Session | None = None
        self.workspace: Workspace | None = None
        self.self_test: SelfTestPage | None = None
        self.start = StartScreen()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self.setCentralWidget(self._stack)
        self.start.create_asked.connect(self.create_app)
        self.start.open_asked.connect(self.open_path)
        self.start.check_asked.connect(self.check_path)
        self.start.sample_asked.connect(self.open_sample)
        self.start.theme_asked.connect(self.theme_asked)
        self.start.help_asked.connect(self.help_asked)
        self.start.self_test_asked.connect(self.show_self_test)
        self.start.base_models_asked.connect(self.show_base_models)
        self.start.file_asked.connect(self.open_file)
        QShortcut(QKeySequence("F1"), self).activated.connect(self.help_asked)
        geometry = QSettings().value("geometry")
        if geometry:
            self.restoreGeometry(geometry)

    def warm_up(self) -> None:
        """Load what learns in the background, once the window is there."""
        self.jobs.warm_up(warm_up)
        self.answers.warm_up(warm_up)

    def create_app(self, name: str, folder: Path | None = None, base: str = "") -> None:
        """Make an app and open it."""
        try:
            self._open(create_app(CreateAppRequest(name, folder, base), Job()), "dataset")
        except UserError as error:
            self.start.show_error(error)

    def open_path(self, path: Path) -> None:
        """Open the app in a folder."""
        try:
            self._open(find_app_folder(str(path)))
        except UserError as error:
            boxes.show_error(self, error)

    def check_path(self, path: Path) -> None:
        """Open the app in a folder where its backups are, and see whether it is sound."""
        self.open_path(path)
        if self.workspace:
            from desktop.screens.keeping.screen import KeepingScreen

            screen = self.workspace.open("keeping")
            assert isinstance(screen, KeepingScreen)
            screen.check.click()

    def open_file(self, path: Path) -> None:
        """Unpack an app that comes as one file, with progress, and open it."""
        title = _("Opening “{file}”").format(file=path.name)
        task = self.jobs.start(import_app, ImportAppRequest(path), title=title)
        self._follow_opening(task)
        task.succeeded.connect(self._tell_what_lacks)

    def _tell_what_lacks(self, result: ImportAppResult) -> None:
        is_open = self.session is not None and self.session.app.path == result.app.path
        if self.workspace and is_open and result.missing_bases:
            said = self.workspace.place.words.text()
            words = " ".join(filter(None, (said, lack_words(result.missing_bases))))
            self.workspace.tell_of_place(words)

    def _follow_opening(self, task: Task) -> None:
        """Show how far an app is that is being made, and open it then."""
        from desktop.screens.start.opening import OpeningPage

        page = OpeningPage(task)
        surface(page, "page")
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.stop.setFocus()
        task.ended.connect(lambda: self._leave_opening(page))
        task.succeeded.connect(lambda result: self._open(result.app))
        task.failed.connect(lambda error: boxes.show_error(self, error))

    def open_sample(self, name: str) -> None:
        """Open a sample's app, made on the first visit."""
        title = next(_(s.title) for s in list_samples() if s.name == name)
        try:
            self._open(create_sample(SampleRequest(name, title), Job()))
        except AppExistsError as error:
            self.open_path(error.path)
        except UserError as error:
            boxes.show_error(self, error)

    def show_base_models(self) -> None:
        """Show what all models are made from; no app needs to be open."""
        from desktop.screens.base_models.page import BaseModelsPage

        back = button(_("Back"), icon_name="arrow-left")
        page = BaseModelsPage(self.answers, back)
        back.clicked.connect(lambda: self._leave_page(page))
        surface(page, "page")
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.first_focus().setFocus()

    def _leave_page(self, page: "BaseModelsPage") -> None:
        """Go back to the start; what the page is doing is stopped."""
        if page.task:
            page.task.stop()
        self._stack.setCurrentWidget(self.start)
        self._stack.removeWidget(page)
        page.deleteLater()
        self.start.base_models.setFocus()

    def _leave_opening(self, page: QWidget) -> None:
        """Go back to the start, unless the app is open by now."""
        if self._stack.currentWidget() is page:
            self._stack.setCurrentWidget(self.start)
            self.start.file_button.setFocus()
        self._stack.removeWidget(page)
        page.deleteLater()

    def show_self_test(self) -> None:
        """Show the self-test over what is open."""
        from desktop.screens.self_test.page import SelfTestPage

        back = button(_("Back"), icon_name="arrow-left")
        self.self_test = page = SelfTestPage(back)
        back.clicked.connect(self._leave_self_test)
        surface(page, "page")
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.first_focus().setFocus()

    def _leave_self_test(self) -> None:
        """Show again what is open; a test that runs is ended."""
        page, self.self_test = self.self_test, None
        if page:
            page.close_process()
            self._stack.setCurrentWidget(self.workspace or self.start)
            self._stack.removeWidget(page)
            page.deleteLater()

    def place(self) -> tuple[str, str]:
        """Return where in the window the analyst is: for a report, and in words."""
        if self._stack.currentWidget() is not self.workspace or not self.workspace:
            return "start", _("Start")
        return self.workspace.current, self.workspace.current_words()

    def leave(self) -> None:
        """Close the open app and show the start screen."""
        if not self._may_stop_work():
            return
        self._close_session()
        self._stack.setCurrentWidget(self.start)
        self.start.look_again()
        self.setWindowTitle("Textwright")

    def _open(self, app: AppFolder, screen: str = "") -> None:
        from desktop.keeping import BackingUp
        from desktop.saving import SavedSession  # the start screen is there sooner without all
        from desktop.workspace import Workspace  # the others

        try:
            session = SavedSession(app, self.jobs, self.answers, self)
        except (AppDamagedError, BackupRefusedError) as error:
            self._offer_backup(app, error)
            return
        except HeldElsewhereError as error:
            self._offer_anyway(app, error, screen)
            return
        except UserError as error:
            boxes.show_error(self, error)
            return
        self._close_session()
        self.session = session
        self.workspace = Workspace(session)
        self._show_workspace(self.workspace)
        if screen:
            self.workspace.open(screen)
        else:
            self.workspace.open_first()
        self._show_title(session.name)
        self.workspace.tell_of_place(warn_once(app.path))
        session.replaced.connect(lambda: self._reopen("keeping"))
        session.came_back.connect(lambda: self._reopen(self.place()[0]))
        session.tidy_up()
        BackingUp(session)

    def _show_workspace(self, workspace: "Workspace") -> None:
        workspace.leave_asked.connect(self.leave)
        workspace.renamed.connect(self._show_title)
        workspace.theme_asked.connect(self.theme_asked)
        workspace.help_asked.connect(self.help_asked)
        workspace.self_test_asked.connect(self.show_self_test)
        self._stack.addWidget(workspace)
        self._stack.setCurrentWidget(workspace)

    def _reopen(self, screen: str) -> None:
        """Open the app anew, because its database is another file now."""
        session = self.session
        assert session is not None
        self._close_session()
        self._open(session.app, screen)

    def _offer_anyway(self, app: AppFolder, error: HeldElsewhereError, screen: str) -> None:
        """Let an app be opened that another computer did not close, once that is asked."""
        meaning = _(
            "Two computers that write to the same app can damage it. Open it here only if it is "
            "not open there any more."
        )
        if boxes.ask(self, str(error), meaning, _("Open it here")):
            forget_holder(app.path)
            self._open(app, screen)

    def _offer_backup(self, app: AppFolder, error: UserError) -> None:
        """Let an app that cannot be opened go back to its newest whole backup."""
        backups = list_backups(app.backups)
        if not backups:
            boxes.show_error(self, error)
            return
        meaning = _(
            "Its newest backup is of {day} and has {texts}. The damaged database is kept beside it."
        ).format(day=day(backups[0].created), texts=counted_texts(backups[0].counts["texts"]))
        if boxes.ask(self, str(error), meaning, _("Go back to the backup")):
            self._go_back(app)

    def _go_back(self, app: AppFolder) -> None:
        """Restore the newest whole backup, with progress, and open the app."""
        held = ExitStack()
        try:
            held.enter_context(app.locked(as_it_is=True))
        except UserError as error:
            boxes.show_error(self, error)
            return
        task = self.jobs.start(restore, app, RestoreRequest(), title=_("Going back to a backup"))
        for outcome in (task.succeeded, task.failed, task.stopped):
            outcome.connect(lambda *_result: held.close())  # before it is opened
        self._follow_opening(task)

    def _show_title(self, name: str) -> None:
        self.setWindowTitle(f"{name} – Textwright")

    def _close_session(self) -> None:
        if self.session and self.workspace:
            self._stack.removeWidget(self.workspace)
            self.workspace.deleteLater()
            self.session.close()
            self.session.deleteLater()
            self.session = self.workspace = None

    def _may_stop_work(self) -> bool:
        """Ask before work in the background is thrown away."""
        running = (self.jobs.current, *self.jobs.waiting, self.answers.current)
        tasks = [task for task in running if task and task.title]
        if not tasks:
            return True
        return boxes.ask(
            self,
            _("Stop what is running?"),
            _("“{what}” is not done. If you stop it, the app stays as it was before.").format(
                what=tasks[0].title
            ),
            _("Stop and close"),
        )

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_stop_work():
            event.ignore()
            return
        QSettings().setValue("geometry", self.saveGeometry())
        self._close_session()
        self._leave_self_test()
        self.jobs.close()
        self.answers.close()
        event.accept()
