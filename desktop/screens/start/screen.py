"""The start screen: what this is for on the left, where to go on from on the right."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.ends import last_saved
from core.errors import UserError
from core.i18n import _
from core.operations.create_sample import list_samples
from core.preferences import recent_apps
from desktop import boxes
from desktop.screens.start.create_form import CreateForm
from desktop.screens.start.promise import MarkedTexts
from desktop.screens.start.recent import RecentApp, read_recent
from desktop.screens.start.rows import RecentRow, SampleRow
from desktop.theme.tokens import S2, S3, S4, is_dark
from desktop.widgets.buttons import IconButton, button, icon_button
from desktop.widgets.drop_zone import files_in
from desktop.widgets.help_button import HelpButton
from desktop.widgets.icon import Icon
from desktop.widgets.layout import Frame, clip, column, row, surface
from desktop.widgets.notice import Notice
from desktop.widgets.painted import repaints
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import clock, day
from desktop.widgets.wordmark import Wordmark

HALF = 528  # pixels; each half is never wider
SHOWN_APPS = 5
APP_FILE = ".textwright"
WAYS_HEIGHT = 124  # the form needs as much, so that nothing moves when it opens


class StartScreen(QWidget):
    """Create an app, open one, or try a sample. It makes and opens nothing itself."""

    create_asked = Signal(str, object, str)  # name; folder or None; base workflow
    open_asked = Signal(object)  # Path of an app's folder
    check_asked = Signal(object)  # the same, to look at its backups and whether it is sound
    sample_asked = Signal(str)
    theme_asked = Signal()
    help_asked = Signal()
    self_test_asked = Signal()
    base_models_asked = Signal()
    file_asked = Signal(object)  # Path of a file that an app was copied to

    def __init__(self) -> None:
        """Show the recent apps; their content is read once the window stands."""
        super().__init__()
        self.setAcceptDrops(True)
        self.recent_rows: list[RecentRow] = []
        self.create_button = button(_("Create app"), "primary", "plus")
        self.open_button = button(_("Open…"), "secondary", "folder-open")
        self.file_button = button(_("Open an app from a file…"), "link")
        self.file_button.clicked.connect(self._choose_file)
        self.base_models = button(_("Base models of this computer"), "link")
        self.base_models.clicked.connect(self.base_models_asked)
        self.form = CreateForm()
        self._ways = column(
            row(self.create_button, self.open_button, None, gap=12),
            row(self.file_button, None),
            gap=12,
        )
        self.form.hide()
        self._theme_button: IconButton = icon_button("moon", _("Change between light and dark"))
        self._help_button = HelpButton()
        self.ended = Notice("warn")
        self._recent = QWidget()
        self._recent_layout = QVBoxLayout(self._recent)
        self._recent_layout.setContentsMargins(0, 0, 0, 0)
        self._recent_layout.setSpacing(0)
        self._reading = QTimer(self, singleShot=True, interval=0)
        self._reading.timeout.connect(self._read_next)
        self._to_read: list[Path] = []
        self._connect()
        left, right = surface(_half(self._left()), "rail"), surface(_half(self._right()), "page")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Frame(row((left, 1), (right, 1), gap=0)))
        self._draw_theme()
        self.look_again()

    def look_again(self) -> None:
        """Show the recent apps as they are now, one after the other."""
        self._show_form(is_shown=False)
        self._clear()
        self._to_read = list(recent_apps()[:SHOWN_APPS])
        self._recent.setVisible(bool(self._to_read))
        if self._to_read:
            self._reading.start()

    def tell_of_end(self, report: str) -> None:
        """Offer the report of what ended the program the last time, "" if nothing did."""
        if not report:
            return
        words = _("Textwright was ended unexpectedly the last time. What you did is kept.")
        self.ended.say(words, _("Show the report"))
        self.ended.pressed.connect(lambda: self._show_end(report))

    def tell_of_lost(self, path: Path | None) -> None:
        """Say that the program did not end properly, and offer to look at the app of a folder."""
        words = _("Textwright did not end properly last time. What was saved is there.")
        when = last_saved(path) if path else None
        if when:
            words = _("Textwright did not end properly last time. Your work up to {when} is there.")
            words = words.format(when=_when_words(when))
        self.ended.say(words, _("Check the app") if path else "")
        if path:
            self.ended.pressed.connect(lambda: self._check(path))

    def _check(self, path: Path) -> None:
        self.ended.say("")
        self.check_asked.emit(path)

    def _show_end(self, report: str) -> None:
        boxes.show_last_end(self.window(), report)
        self.ended.say("")

    def show_error(self, error: UserError) -> None:
        """Say why the app could not be made, where it was asked for."""
        self._show_form(is_shown=True)
        self.form.show_error(error)

    def first_focus(self) -> QWidget:
        """Return what takes the keyboard when the screen opens."""
        return next((row for row in self.recent_rows if row.isEnabled()), self.create_button)

    def _connect(self) -> None:
        self.create_button.clicked.connect(self._name_app)
        self.open_button.clicked.connect(self._choose_app)
        self.form.create_asked.connect(self.create_asked)
        self.form.cancelled.connect(self._leave_form)
        self._theme_button.clicked.connect(self.theme_asked)
        self._help_button.help_asked.connect(self.help_asked)
        self._help_button.self_test_asked.connect(self.self_test_asked)

    def _left(self) -> QWidget:
        ways = column(self._ways, self.form, None, gap=0)
        ways.setMinimumHeight(WAYS_HEIGHT)
        lead = _(
            "Show it some examples and say what each one is about. It learns to sort the rest. "
            "No code, no cloud: your texts stay here."
        )
        promise = row(Icon("shield-check", "ink_3", 16), _promise(), None, self.base_models)
        return column(
            *(row(Wordmark(1.1), None), None),
            text(_("Teach this computer<br>to sort your texts"), "hero", html=True),
            *(S2, wrapped(lead, "body", "ink_2", width=440), 28),
            *(ways, 16, MarkedTexts(), None, promise),
            gap=0,
            margins=(0, 36, 0, S4),
        )

    def _right(self) -> QWidget:
        self.sample_rows = [SampleRow(sample) for sample in list_samples()]
        for sample_row in self.sample_rows:
            sample_row.clicked.connect(
                lambda _on=False, name=sample_row.sample.name: self.sample_asked.emit(name)
            )
        lead = _("Ready to train. Two minutes from here to your first model.")
        content = column(
            *(None, self._recent),
            *(text(_("Try a sample"), "heading"), 4, text(lead, "small", "ink_2"), 8),
            *(*self.sample_rows, None, S3),
            gap=0,
        )
        top = row(None, self._theme_button, self._help_button)
        return column(top, self.ended, (clip(content), 1), gap=0, margins=(0, 8, 0, S3))

    def _name_app(self) -> None:
        self._show_form(is_shown=True)
        self.form.begin()

    def _leave_form(self) -> None:
        self._show_form(is_shown=False)
        self.create_button.setFocus()

    def _show_form(self, *, is_shown: bool) -> None:
        self._ways.setVisible(not is_shown)
        self.form.setVisible(is_shown)

    def _choose_app(self) -> None:
        folder = boxes.choose_folder(self.window(), _("Open the folder of an app"))
        if folder:
            self.open_asked.emit(folder)

    def _choose_file(self) -> None:
        kinds = _("Copies of apps") + f" (*{APP_FILE} *.zip)"
        path = boxes.choose_file(self.window(), _("Open an app from a file"), kinds)
        if path:
            self.file_asked.emit(path)

    def _clear(self) -> None:
        self.recent_rows = []
        while item := self._recent_layout.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        self._recent_layout.addWidget(text(_("Recent apps"), "heading"))
        self._recent_layout.addSpacing(6)
        self._recent_layout.addSpacing(36)

    def _read_next(self) -> None:
        """Read one app per turn of the event loop: a large one does not hold up the window."""
        self._add(read_recent(self._to_read.pop(0)))
        if self._to_read:
            self._reading.start()

    def _add(self, app: RecentApp) -> None:
        added = RecentRow(app, len(self.recent_rows))
        added.clicked.connect(lambda: self.open_asked.emit(app.path))
        self._recent_layout.insertWidget(2 + len(self.recent_rows), added)
        self.recent_rows.append(added)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_in(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if paths := files_in(event.mimeData()):
            event.acceptProposedAction()
            path = paths[0]
            if path.suffix == APP_FILE:
                self.file_asked.emit(path)
                return
            self.open_asked.emit(path if path.is_dir() else path.parent)  # its app.db was dropped

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if repaints(event):
            self._draw_theme()

    def _draw_theme(self) -> None:
        self._theme_button.set_icon("sun" if is_dark() else "moon")


def _when_words(when: datetime) -> str:
    """Return a moment within a sentence: "12:04", "yesterday, 12:04"."""
    is_today = when.astimezone().date() == datetime.now().astimezone().date()
    words = _("{day}, {time}").format(day=day(when), time=clock(when))
    return clock(when) if is_today else words


def _promise() -> QWidget:
    return text(_("Works without the internet"), "caption", "ink_3")


def _half(content: QWidget) -> QWidget:
    """Return the content in the middle of its half, wherever the window's edge is."""
    content.setMaximumWidth(HALF)
    return row((QWidget(), 1), (content, 100), (QWidget(), 1), gap=0, margins=(S4, 0, S4, 0))
