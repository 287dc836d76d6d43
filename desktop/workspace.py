"""An open app: the rail, the header, the screens of its steps, and the job bar."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from shiboken6 import isValid
from typing_extensions import override

from core.app_folder import app_name
from core.changes import Changes
from core.errors import OutOfMemoryError, UserError
from core.i18n import _
from core.operations.check_data import check_data
from core.operations.merge_app import NotACopyError
from core.operations.predict import predict
from core.operations.rename_app import rename_app
from core.operations.run_workflow_on_rows import run_on_file
from core.worker import WorkerLostError
from desktop import boxes
from desktop.outcomes import outcome_of
from desktop.reading_along import ReadingAlong
from desktop.runner import Task
from desktop.saving import SavedSession
from desktop.screens.app.screen import AppScreen
from desktop.screens.base_models.screen import BaseModelsScreen
from desktop.screens.concepts.screen import ConceptsScreen
from desktop.screens.data_check.screen import DataCheckScreen
from desktop.screens.dataset.screen import DatasetScreen
from desktop.screens.elsewhere.screen import ElsewhereScreen
from desktop.screens.evaluate.screen import EvaluateScreen
from desktop.screens.explore.screen import ExploreScreen
from desktop.screens.keeping.screen import KeepingScreen
from desktop.screens.labelling.screen import LabellingScreen
from desktop.screens.model_type.screen import ModelTypeScreen
from desktop.screens.predict.screen import PredictScreen
from desktop.screens.settings.screen import SettingsScreen
from desktop.screens.suggestions.screen import SuggestionsScreen
from desktop.screens.train.screen import TrainScreen
from desktop.screens.try_text.screen import TryTextScreen
from desktop.screens.versions.screen import VersionsScreen
from desktop.screens.workflows.screen import WorkflowsScreen
from desktop.steps import STEP_SCREENS, first_screen, read_facts, steps_of
from desktop.undoing import Undoing
from desktop.widgets.drop_zone import files_in
from desktop.widgets.header import HeaderBar
from desktop.widgets.job_bar import JobBar
from desktop.widgets.layout import Frame, Hairline, column, row, surface
from desktop.widgets.notice import Notice
from desktop.widgets.rail import TOOLS, Rail
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.tab_order import go_on

SCREENS: dict[str, type[StepScreen]] = {
    "app": AppScreen,
    "dataset": DatasetScreen,
    "concepts": ConceptsScreen,
    "model_type": ModelTypeScreen,
    "settings": SettingsScreen,
    "train": TrainScreen,
    "try_text": TryTextScreen,
    "labelling": LabellingScreen,
    "suggestions": SuggestionsScreen,
    "data_check": DataCheckScreen,
    "versions": VersionsScreen,
    "evaluate": EvaluateScreen,
    "predict": PredictScreen,
    "explore": ExploreScreen,
    "workflows": WorkflowsScreen,
    "base_models": BaseModelsScreen,
    "elsewhere": ElsewhereScreen,
    "keeping": KeepingScreen,
}
ABOVE = {"elsewhere": "app", "keeping": "app", "suggestions": "labelling"}  # lit in the rail
NEED_TEXTS = ("labelling", "explore", "data_check")
NEED_MODEL = ("evaluate", "predict")


class Workspace(Frame):
    """Everything that is shown of one open app."""

    leave_asked = Signal()
    renamed = Signal(str)
    theme_asked = Signal()
    help_asked = Signal()
    self_test_asked = Signal()

    def __init__(self, session: SavedSession) -> None:
        """Open at the step where there is something to do."""
        self.session = session
        self.facts = read_facts(session.db, len(session.interrupted()))
        self.rail = Rail(steps_of(session, self.facts))
        self.header = HeaderBar(session.name)
        self.stack = QStackedWidget()
        self.job_bar = JobBar()
        self.undoing = Undoing(session, session)
        self.reading = ReadingAlong(session)
        self._screens: dict[str, StepScreen] = {}
        self._shown_task: Task | None = None
        self._lost_task: Task | None = None  # its process ended; it can begin again
        self._outcome_screen = ""  # where what was done last can be looked at
        self.place = Notice("warn")
        main = surface(column(self.header, self.place, (self.stack, 1), gap=0), "page")
        super().__init__(row(self.rail, Hairline(vertical=True), (main, 1), gap=0), self.job_bar)
        self.setAcceptDrops(True)
        self._connect()
        self._add_shortcuts()
        self._look_again(~Changes.NOTHING)

    def open(self, name: str) -> StepScreen:
        """Show a screen by its name; it is made when it is first needed."""
        if name not in self._screens:
            screen = SCREENS[name](self.session)
            screen.asked_for.connect(self.open)
            self._screens[name] = screen
            self.stack.addWidget(screen)
        screen = self._screens[name]
        self.stack.setCurrentWidget(screen)
        lit = ABOVE.get(name, name)
        is_step = lit in STEP_SCREENS
        self.rail.set_current(STEP_SCREENS.index(lit) if is_step else -1)
        self.rail.set_current_tool("" if is_step else lit)
        if name == self._outcome_screen:
            self.job_bar.hide()
        self._show_task()
        focus = screen.first_focus()
        if focus:
            focus.setFocus()
        return screen

    def open_first(self) -> None:
        """Show the step where there is something to do."""
        self.open(first_screen(self.facts))

    def tell_of_place(self, words: str) -> None:
        """Say what speaks against where the app is kept; "" where nothing does."""
        self.place.say(words, _("Close") if words else "")

    @property
    def current(self) -> str:
        """The name of the open screen."""
        shown = self.stack.currentWidget()
        return next((name for name, screen in self._screens.items() if screen is shown), "")

    def current_words(self) -> str:
        """Return what the rail calls the open screen, "" where it does not list it."""
        if self.current in STEP_SCREENS:
            return self.rail.steps[STEP_SCREENS.index(self.current)].name
        return next((_(name) for key, _sign, name in TOOLS if key == self.current), "")

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_in(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        """Files that are dropped on another screen are texts to add."""
        event.acceptProposedAction()
        dataset = self.open("dataset")
        assert isinstance(dataset, DatasetScreen)
        dataset.open_files(files_in(event.mimeData()))

    @override
    def focusNextPrevChild(self, next: bool) -> bool:  # Qt's own names
        return go_on(self, forward=next)

    def _connect(self) -> None:
        session = self.session
        self.rail.step_chosen.connect(lambda place: self.open(STEP_SCREENS[place]))
        self.rail.tool_chosen.connect(self.open)
        session.changed.connect(self._look_again)
        session.plan_changed.connect(self._show_steps)
        session.jobs.changed.connect(self._show_task)
        session.jobs.changed.connect(self._show_saved)
        session.saved_changed.connect(self._show_saved)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow_focus)
        self.place.pressed.connect(lambda: self.tell_of_place(""))
        self.job_bar.stop_asked.connect(self._stop)
        self.job_bar.link_chosen.connect(self._follow_link)
        self.header.rename_asked.connect(self._rename)
        self.header.open_asked.connect(self.leave_asked)
        self.header.folder_asked.connect(self._show_folder)
        self.header.undo_asked.connect(self.undoing.undo)
        self.header.redo_asked.connect(self.undoing.redo)
        self.undoing.done.connect(self._tell)
        self.undoing.refused.connect(lambda error: boxes.show_error(self, error))
        self.header.theme_asked.connect(self.theme_asked)
        self.header.help_asked.connect(self.help_asked)
        self.header.self_test_asked.connect(self.self_test_asked)

    def _add_shortcuts(self) -> None:
        for place, name in enumerate(STEP_SCREENS, start=1):
            self._shortcut(f"Ctrl+{place}", partial(self.open, name))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            self._shortcut(keys, self._go_on)
        self._shortcut("Ctrl+.", self._stop)
        self._shortcut("Ctrl+Z", self.undoing.undo)
        for keys in ("Ctrl+Shift+Z", "Ctrl+Y"):
            self._shortcut(keys, self.undoing.redo)

    def _shortcut(self, keys: str, act: Callable[[], object]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _go_on(self) -> None:
        primary = self._screens[self.current].footer.primary
        if primary and primary.isEnabled():
            primary.click()

    def _stop(self) -> None:
        task = self.session.jobs.current
        if task and task.title:
            task.stop()

    def _follow_focus(self, old: QWidget | None, now: QWidget | None) -> None:
        """Where a button went away under the keyboard, go on from the primary.

        Qt would hand its focus to the next widget in the window: the first row of the rail.
        """
        screen = self.stack.currentWidget()
        if old and screen and screen.isAncestorOf(old) and not (now and screen.isAncestorOf(now)):
            QTimer.singleShot(0, self, partial(self._catch_focus, old))

    def _catch_focus(self, old: QWidget) -> None:
        screen, now = self._screens.get(self.current), self.window().focusWidget()
        is_gone = not isValid(old) or not old.isVisible() or not old.isEnabled()
        if screen is None or not is_gone or (now and screen.isAncestorOf(now)):
            return
        primary = screen.footer.primary
        can_go_on = primary is not None and primary.isVisible() and primary.isEnabled()
        if target := primary if can_go_on else screen.first_focus():
            target.setFocus()

    def _look_again(self, changes: Changes) -> None:
        if changes & Changes.APP:
            self.session.name = app_name(self.session.app.path)
            self.header.set_app(self.session.name)
            self.renamed.emit(self.session.name)
        self.facts = read_facts(self.session.db, len(self.session.interrupted()))
        why_not = {} if self.facts.has_model else dict.fromkeys(NEED_MODEL, _("After training"))
        if not self.facts.n_inputs:
            why_not |= dict.fromkeys(NEED_TEXTS, _("After texts"))
        self.rail.set_tools_ready(why_not)
        self.header.set_undo(self.undoing.undo_words(), self.undoing.redo_words())
        self._show_steps()
        self._show_saved()

    def _show_saved(self) -> None:
        self.header.set_saved(*self.session.saved())

    def _show_steps(self) -> None:
        self.rail.set_steps(steps_of(self.session, self.facts))

    def _show_task(self) -> None:
        """Show what runs, except where the open screen shows the same thing larger."""
        task = self.session.jobs.current
        if task is None or not task.title:
            return
        if task is not self._shown_task:
            self._follow(task)
        if self._is_shown_larger(task):
            self.job_bar.hide()
            return
        if self.job_bar.isHidden() or task.title != self.job_bar.what.text():
            self.job_bar.set_job(task.title)
        progress = task.progress
        self.job_bar.set_progress(progress.stage, progress.done, progress.total, task.seconds_left)
        self.job_bar.set_waiting(len(self.session.jobs.waiting))

    def _is_shown_larger(self, task: Task) -> bool:
        """Tell whether the open screen shows the same progress itself."""
        training = self.session.training
        is_training = training is not None and task is training.task
        is_check = task.request.operation is check_data
        return (is_training and self.current == "train") or (
            is_check and self.current == "data_check"
        )

    def _follow(self, task: Task) -> None:
        """Show how a task ends, wherever the analyst is by then."""
        self._shown_task, self._lost_task, self._outcome_screen = task, None, ""
        self.job_bar.set_job(task.title)
        task.succeeded.connect(lambda result: self._show_done(task, result))
        task.stopped.connect(lambda: self._show_stopped(task))
        task.failed.connect(lambda error: self._show_failed(task, error))

    def _follow_link(self) -> None:
        """Show what came of a job, or begin it again where its process was lost."""
        if self._lost_task:
            task, self._lost_task = self._lost_task, None
            self.session.begin_again(task)
        else:
            self.open(self._outcome_screen)

    def _show_done(self, task: Task, result: object) -> None:
        """Say what was done, unless the open screen is the one that shows it."""
        outcome = outcome_of(task.title, result)
        self._outcome_screen = outcome.screen
        if outcome.screen and outcome.screen == self.current:
            self.job_bar.hide()
        else:
            self.job_bar.show_done(outcome.words, outcome.link)

    def _tell(self, words: str) -> None:
        """Say what was done, unless a job is being shown."""
        if self.session.jobs.current is None:
            self._outcome_screen = ""
            self.job_bar.show_done(words)

    def _show_stopped(self, task: Task) -> None:
        if not self._is_shown_larger(task):
            can_go_on = task.request.operation in (predict, run_on_file)
            words = _("Stopped. What is written is kept; it can go on.") if can_go_on else ""
            self.job_bar.show_stopped(words)

    def _show_failed(self, task: Task, error: Exception) -> None:
        """Say what went wrong, unless the open screen is the one that shows it."""
        if self._is_shown_larger(task):
            return
        if isinstance(error, NotACopyError):  # the screen asks what is meant
            self.job_bar.hide()
        elif isinstance(error, WorkerLostError | OutOfMemoryError):
            self._lost_task = task
            self.job_bar.show_failed(f"{error} {error.next_step}", _("Start it again"))
        elif isinstance(error, UserError):
            self.job_bar.show_failed(f"{error} {error.next_step}")
        elif self.session.training is None or task is not self.session.training.task:
            boxes.show_error(self, error)

    def _rename(self) -> None:
        name = boxes.ask_text(self, _("Rename app"), _("Name"), self.session.name)
        if name is None:
            return
        try:
            self.session.do(rename_app, name)
        except UserError as error:
            boxes.show_error(self, error)

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.session.app.path)))
