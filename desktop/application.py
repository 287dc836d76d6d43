"""Starts Qt: texts, fonts, theme, the hook for our mistakes, and the main window."""

import logging
import math
import sys
import time
from dataclasses import replace
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator, QUrl
from PySide6.QtGui import QDesktopServices, QIcon
from PySide6.QtWidgets import QApplication

from core.asides import delete_lost_asides
from core.base_models import recover_base_models
from core.ends import note_end, note_start, take_lost
from core.errors import UserError
from core.holder import be_the_window
from core.logs import open_log, stop_watching, take_last_end, watch_for_end
from core.paths import apps_folder
from core.preferences import read_preferences, recent_apps, write_preferences
from core.reports import describe
from core.resources import folder
from core.storage.database import reason_of
from core.temporary import delete_left_folders
from core.wording import use_style
from core.worker import prepare_for_frozen
from desktop import boxes
from desktop.main_window import MainWindow
from desktop.runner import BugError
from desktop.theme.apply import ThemeSwitch
from desktop.widgets.wording import number_style

log = logging.getLogger(__name__)

AGAIN_S = 30  # after which what can be put right is told again


def start(arguments: list[str]) -> int:
    """Show the window and stay until it is closed; return the exit code."""
    prepare_for_frozen()
    be_the_window()
    open_log()
    ended, is_lost = take_last_end(), take_lost()
    note_start()
    watch_for_end()
    delete_left_folders()
    recover_base_models()
    delete_lost_asides(apps_folder())
    application = make_application(arguments)
    window = make_window(application)
    if ended or not is_lost:
        window.start.tell_of_end(ended)
    else:
        window.start.tell_of_lost(next(iter(recent_apps()), None))
    window.show()
    QTimer.singleShot(0, window.warm_up)  # after the first paint
    application.aboutToQuit.connect(stop_watching)  # `exec` need not return where a session ends
    application.aboutToQuit.connect(note_end)
    return application.exec()


def make_application(arguments: list[str]) -> QApplication:
    """Return the application with Qt's own texts and our numbers in the language of the system."""
    application = QApplication(arguments)
    use_style(number_style())
    application.setApplicationName("Textwright")
    application.setOrganizationName("Textwright")
    application.setWindowIcon(QIcon(str(folder("icons/textwright.svg"))))
    translator = QTranslator(application)
    places = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(), "qtbase", "_", places):
        application.installTranslator(translator)
    return application


def make_window(application: QApplication) -> MainWindow:
    """Return the main window in the theme of the analyst's choice, with the hook for mistakes."""
    switch = ThemeSwitch(application, read_preferences().theme)
    window = MainWindow()

    def toggle() -> None:
        switch.toggle()
        try:
            write_preferences(replace(read_preferences(), theme=switch.choice))
        except UserError as error:
            boxes.show_error(window, error)

    window.theme_asked.connect(toggle)
    window.help_asked.connect(show_help)
    sys.excepthook = FaultHook(window)
    return window


class FaultHook:
    """Tells of a mistake of ours and lets the window go on: each once, one box at a time."""

    def __init__(self, window: MainWindow) -> None:
        """Say where in the window it was."""
        self._window = window
        self._told: dict[str, float] = {}  # when
        self._is_open = False

    def __call__(
        self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        """Log the mistake and show it."""
        place, words = self._window.place()
        reason = self._reason(error)
        report = describe(error, place)
        last = self._told.get(report, -math.inf)  # what paints would tell it many times a second
        if time.monotonic() - last < (math.inf if reason is None else AGAIN_S):
            return
        self._told[report] = time.monotonic()
        if reason is None:
            log.error("A mistake of ours\n%s", report)
        if not self._is_open:
            self._is_open = True
            try:
                boxes.show_error(self._window, reason or BugError(report, words))
            finally:
                self._is_open = False

    def _reason(self, error: BaseException) -> UserError | None:
        """Return what can be put right and was told by nobody: a disk that fails as it is read."""
        session = self._window.session
        if isinstance(error, UserError):
            return error
        return reason_of(error, session.app.file) if session else None


def show_help() -> None:
    """Open the help that ships with the program."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder("help.html"))))
