"""Backups and repair: what is kept of the app, the way back, and whether all of it is sound."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.operations.back_up import READABLE, BackUpRequest, BackUpResult, back_up
from core.operations.check_app import CheckAppRequest, CheckAppResult, check_app
from core.operations.check_words import checked_words
from core.operations.delete_backup import BackupDeletion, delete_one_backup
from core.operations.restore import RestoreRequest, RestoreResult, restore, restored_words
from core.operations.salvage import SalvageResult, salvage, salvaged_words
from core.storage.backups import Backup, list_backups
from core.storage.filters import count_inputs
from desktop import boxes
from desktop.runner import Task
from desktop.screens.keeping.page import KeepingPage
from desktop.screens.keeping.table import when_words
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.footer import FooterBar
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.wording import counted_texts, day


class KeepingScreen(StepScreen):
    """The backups of the app, and its check."""

    SHOWS = ~Changes.JOBS  # risky steps make backups, too
    IS_OF_FILES = True

    def __init__(self, session: Session) -> None:
        """Show the app of the session."""
        super().__init__(session)
        self.page = KeepingPage()
        self.check = button(_("Check the app"), icon_name="clipboard-check")
        self.back_up = button(_("Back up now"), "primary", "save")
        self.lay_out(self.page, FooterBar(self.check, self.back_up))
        self.task: Task | None = None
        self.page.where.back.clicked.connect(lambda: self.asked_for.emit("app"))
        self.back_up.clicked.connect(self._back_up)
        self.check.clicked.connect(lambda: self._check(repair=False))
        self.page.repair_asked.connect(lambda: self._check(repair=True))
        self.page.salvage_asked.connect(self._salvage)
        self.page.copy_asked.connect(self._copy)
        self.page.back_asked.connect(self._go_back)
        self.page.deletion_asked.connect(self._delete)

    def look_again(self) -> None:
        """Show the backups that there are now."""
        backups = list_backups(self.session.app.backups)
        self.page.show_backups(backups)
        if backups:
            words = _("Last backup: {when}.").format(when=when_words(backups[0], within=True))
        else:
            words = _("Nothing of this app is backed up yet.")
        self.footer.set_note(words)

    @override
    def first_focus(self) -> QWidget:
        if self.page.backups.backups:
            return self.page.table
        return self.back_up if self.back_up.isEnabled() else self.page.where.back

    def _back_up(self) -> None:
        task = self._start(back_up, BackUpRequest(), title=_("Backing up"))
        if task:
            task.succeeded.connect(self._tell_backed_up)

    def _tell_backed_up(self, result: BackUpResult) -> None:
        words = _("Backed up and checked. Texts and labels are also in “{file}”.")
        if not result.readable:
            words = _("Backed up and checked.")
        self.page.tell(words.format(file=READABLE))

    def _check(self, *, repair: bool) -> None:
        title = _("Repairing the app") if repair else _("Checking the app")
        task = self._start(check_app, CheckAppRequest(repair), title=title)
        if task:
            task.succeeded.connect(self._show_found)

    def _show_found(self, result: CheckAppResult) -> None:
        self.page.show_found(result)
        if result.is_sound:
            self.page.tell("\n".join(checked_words(result)))
        self._end(is_replaced=bool(result.damaged))

    def _salvage(self) -> None:
        meaning = _(
            "What cannot be read is left out. The damaged database is kept beside the backups, and "
            "so are they."
        )
        act = _("Keep what can be read")
        if boxes.ask(self.window(), f"{act}?", meaning, act):
            task = self._start(salvage, title=_("Reading what can be read"))
            if task:
                task.succeeded.connect(self._show_salvaged)

    def _show_salvaged(self, result: SalvageResult) -> None:
        self.page.tell(salvaged_words(result))
        self._end(is_replaced=True)

    def _copy(self, backup: Backup) -> None:
        name = _("{app}, {day}").format(app=self.session.name, day=day(backup.created))
        title = _("Open as a copy")
        wish = boxes.ask_text(self.window(), title, _("Name of the copy"), name, act=_("Make copy"))
        if wish:
            request = RestoreRequest(backup.number, wish)
            task = self._start(restore, request, title=_("Making a copy of the backup"))
            if task:
                words = _("“{name}” is among your apps now.").format(name=wish)
                task.succeeded.connect(lambda _result: self.page.tell(words))

    def _go_back(self, backup: Backup) -> None:
        question = _("Go back to the backup of {when}?").format(
            when=when_words(backup, within=True)
        )
        meaning = _(
            "The app has {now} now and had {then} then. What you did since leaves it; before, all "
            "of it is kept as a backup, so that you can come back."
        ).format(now=_now(self.session), then=counted_texts(backup.counts["texts"]))
        if boxes.ask(self.window(), question, meaning, _("Go back")):
            request = RestoreRequest(backup.number)
            task = self._start(restore, request, title=_("Going back to a backup"))
            if task:
                task.succeeded.connect(self._show_restored)

    def _show_restored(self, result: RestoreResult) -> None:
        self.page.show_found(None)
        self.page.tell(restored_words(result))
        self._end(is_replaced=bool(result.damaged))

    def _delete(self, backup: Backup) -> None:
        question = _("Delete the backup of {when}?").format(when=when_words(backup, within=True))
        meaning = _("This is final. The app and its other backups stay as they are.")
        if boxes.ask(self.window(), question, meaning, _("Delete backup")):
            try:
                self.session.do(delete_one_backup, BackupDeletion(backup.number))
            except UserError as error:
                boxes.show_error(self.window(), error)

    def _end(self, *, is_replaced: bool) -> None:
        self.look_again()
        if is_replaced:  # the file may be another one now
            self.session.replaced.emit()

    def _start(
        self, operation: Callable[..., object], *arguments: object, title: str
    ) -> Task | None:
        """Start one thing at a time; what went wrong is said on the page."""
        if self.task and not self.task.is_over:
            return None
        self.page.tell()
        self.task = self.session.start(operation, *arguments, title=title)
        for part in (self.check, self.back_up):
            part.setEnabled(False)
        self.task.failed.connect(self._show_failed)
        self.task.ended.connect(self._let_go_on)
        return self.task

    def _let_go_on(self) -> None:
        for part in (self.check, self.back_up):
            part.setEnabled(True)

    def _show_failed(self, error: Exception) -> None:
        next_step = getattr(error, "next_step", "")
        if next_step:
            self.page.tell(failed=f"{error} {next_step}")


def _now(session: Session) -> str:
    """Return how many texts the app has, if that can be read."""
    try:
        return counted_texts(count_inputs(session.db))
    except session.db.conn.DatabaseError:
        return _("texts that cannot be counted")
