"""Starts Qt: texts, fonts, theme, the hook for our mistakes, and the main window."""

import logging
import sys
import traceback
from dataclasses import replace
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator, QUrl
from PySide6.QtGui import QDesktopServices, QIcon
from PySide6.QtWidgets import QApplication

from core.base_models import recover_base_models
from core.errors import UserError
from core.logs import open_log
from core.preferences import read_preferences, write_preferences
from core.resources import folder
from core.wording import use_style
from desktop import boxes
from desktop.main_window import MainWindow
from desktop.runner import BugError, prepare_for_frozen
from desktop.theme.apply import ThemeSwitch
from desktop.widgets.wording import number_style

log = logging.getLogger(__name__)


def start(arguments: list[str]) -> int:
    """Show the window and stay until it is closed; return the exit code."""
    prepare_for_frozen()
    open_log()
    recover_base_models()
    application = make_application(arguments)
    window = make_window(application)
    window.show()
    QTimer.singleShot(0, window.warm_up)  # after the first paint
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

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        report = "".join(traceback.format_exception(kind, error, trace))
        log.error("A mistake of ours\n%s", report)
        boxes.show_error(window, BugError(report))

    window.theme_asked.connect(toggle)
    window.help_asked.connect(show_help)
    sys.excepthook = hook
    return window


def show_help() -> None:
    """Open the help that ships with the program."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder("help.html"))))
