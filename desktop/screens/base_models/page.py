"""Base models: listed, added, checked and removed; they belong to this computer, not to an app."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from core.base_models import BaseModel, list_base_models
from core.errors import UserError
from core.i18n import _
from core.operations.base_models import (
    AddBaseModelRequest,
    AddedBaseModel,
    add_base_model,
    check_base_model,
    remove_base_model,
)
from desktop import boxes
from desktop.runner import JobRunner, Task
from desktop.screens.base_models.details import Details
from desktop.screens.base_models.help_page import HelpText
from desktop.screens.base_models.model_table import BaseModelsTable
from desktop.theme.tokens import S2, S3
from desktop.widgets.bars import Bar
from desktop.widgets.buttons import Button, button
from desktop.widgets.drop_zone import DropOverlay, files_in
from desktop.widgets.footer import FooterBar, stand_above
from desktop.widgets.layout import Hairline, boxed, clip, column, row, step_body
from desktop.widgets.message_panel import MessagePanel, error_panel
from desktop.widgets.text import Elided, heading
from desktop.widgets.wording import size

MOST = 1240


class BaseModelsPage(QWidget):
    """The list, what is known of the chosen one, and what is going on.

    Attributes:
        table: the list. details: the chosen one. task: what runs; None if nothing does.
        message: how the last thing ended.
    """

    changed = Signal()  # one was added or removed

    def __init__(self, runner: JobRunner, *before: Button) -> None:
        """Show the base models; `before` stand left of the buttons in the footer."""
        super().__init__()
        self._runner = runner
        self.task: Task | None = None
        self.message: MessagePanel | None = None
        self.setAcceptDrops(True)
        self.table, self.details = BaseModelsTable(), Details()
        self.help = button(_("How to bring one here"), "link", "circle-help")
        self.back_to_list = button(_("Back to the list"), "link", "arrow-left")
        self.add_zip = button(_("Add a ZIP…"))
        self.add_folder = button(_("Add a folder…"), "primary", "folder-plus")
        self.stop = button(_("Stop"), "danger", "square")
        self._what, self._stage = Elided("", "strong"), Elided("", "small", "ink_2")
        self._bar = Bar(0.0, name=_("Progress"))
        self._progress = self._progress_line()
        self._messages = QVBoxLayout()
        self._messages.setContentsMargins(0, 0, 0, 0)
        self.stack = QStackedWidget()
        self._list, self._help_page = self._list_page(), QWidget()
        self.stack.addWidget(self._list)
        self.footer = FooterBar(*before, self.add_zip, self.add_folder)
        stand_above(self.footer, self.stack, self)
        self._overlay = DropOverlay(self, _("Drop a model's folder or ZIP to add it"))
        self._connect()
        self.look_again()

    def _progress_line(self) -> QWidget:
        words = column(row((self._what, 1), self.stop), self._stage, self._bar, gap=4)
        line = boxed("soft", column(words, margins=(S2, 12, S2, 14)))
        line.hide()
        return line

    def _list_page(self) -> QWidget:
        lead = _(
            "What your own models are made from: networks that have read a great many texts "
            "already. They stay on this computer, and every app can use them."
        )
        holder = QWidget()
        holder.setLayout(self._messages)
        side = row(Hairline(vertical=True), clip(self.details), gap=S3)
        side.setFixedWidth(self.details.width() + S3 + 14)
        work = row((self.table, 1), side, gap=S2)
        body = column(
            heading(_("Base models"), lead, self.help),
            *(self._progress, holder, (work, 1)),
            gap=S2,
        )
        return step_body((body, 1), most=MOST)

    def _connect(self) -> None:
        self.help.clicked.connect(self.show_help)
        self.back_to_list.clicked.connect(self.show_list)
        self.add_folder.clicked.connect(self._choose_folder)
        self.add_zip.clicked.connect(self._choose_zip)
        self.stop.clicked.connect(self._stop)
        self.details.check_asked.connect(self._check)
        self.details.remove_asked.connect(self._remove)
        self.table.selectionModel().currentRowChanged.connect(self._show_chosen)

    def first_focus(self) -> QWidget:
        """Return what takes the keyboard when the page opens."""
        return self.table

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look_again()

    # -- the list --------------------------------------------------------------------------------
    def look_again(self, name: str = "") -> None:
        """Show the base models as they are now; choose one by its name."""
        name = name or (self.chosen.name if self.chosen else "")
        models = list_base_models()
        self.table.rows.set_models(models)
        places = [i for i, model in enumerate(models) if model.name == name]
        if models:
            self.table.selectRow(places[0] if places else 0)
        self.details.setVisible(bool(models))
        total = size(sum(model.n_bytes for model in models))
        self.footer.set_note(_("{size} on this computer").format(size=total))

    @property
    def chosen(self) -> BaseModel | None:
        """The chosen base model."""
        place, models = self.table.currentIndex().row(), self.table.rows.models
        return models[place] if 0 <= place < len(models) else None

    def _show_chosen(self) -> None:
        if self.chosen:
            self.details.show_model(self.chosen)

    # -- what can be done ------------------------------------------------------------------------
    def _choose_folder(self) -> None:
        path = boxes.choose_folder(self.window(), _("Add the folder of a model"))
        if path:
            self.add(path)

    def _choose_zip(self) -> None:
        path = boxes.choose_file(self.window(), _("Add the ZIP of a model"), "ZIP (*.zip)")
        if path:
            self.add(path)

    def add(self, path: Path, name: str = "") -> None:
        """Copy a base model to this computer, once it is found to be one."""
        self.show_list()
        title = _("Adding “{name}”").format(name=path.name)
        self._start(title, self._added, add_base_model, AddBaseModelRequest(path, name))

    def _added(self, added: AddedBaseModel) -> None:
        words = _("“{name}” is added.").format(name=added.model.name)
        self._say(MessagePanel("warn" if added.warning else "good", words, added.warning))
        self.look_again(added.model.name)
        self.changed.emit()

    def _check(self) -> None:
        model = self.chosen
        if model:
            title = _("Checking “{name}”").format(name=model.name)
            self._start(title, self._checked, check_base_model, model.folder)

    def _checked(self, found: BaseModel) -> None:
        model = self.chosen
        is_same = model is None or model.weights == found.weights
        if is_same:
            words = _("“{name}” is whole: every byte is as it was.")
            self._say(MessagePanel("good", words.format(name=model.name if model else found.name)))
        else:
            words = _("“{name}” is not what came in: its weights were changed.")
            what = _("Remove it, then add it again.")
            self._say(MessagePanel("bad", words.format(name=model.name if model else ""), what))

    def _remove(self) -> None:
        model = self.chosen
        if model is None:
            return
        question = _("Remove the base model “{name}”?").format(name=model.name)
        meaning = _(
            "{size} are freed. Models that stand on it cannot answer until it is added again."
        ).format(size=size(model.n_bytes))
        if boxes.ask(self.window(), question, meaning, _("Remove base model")):
            title = _("Removing “{name}”").format(name=model.name)
            self._start(title, self._removed, remove_base_model, model.name)

    def _removed(self, model: BaseModel) -> None:
        self._say(MessagePanel("good", _("“{name}” is removed.").format(name=model.name)))
        self.look_again()
        self.changed.emit()

    # -- what is going on ------------------------------------------------------------------------
    def _start(self, title: str, then: Any, operation: Any, *arguments: object) -> None:  # noqa: ANN401
        if self.task:
            return
        self._say(None)
        self.task = task = self._runner.start(operation, *arguments, title=title)
        self._what.setText(title)
        self._stage.setText("")
        self._bar.set_share(0.0)
        self._progress.show()
        self._set_idle(is_idle=False)
        task.updated.connect(self._show_progress)
        task.succeeded.connect(then)
        task.failed.connect(self._refuse)
        task.stopped.connect(self._say_stopped)
        task.ended.connect(self._end)

    def _show_progress(self) -> None:
        if self.task is None:
            return
        progress = self.task.progress
        told = progress.stage
        if progress.total:
            done = _("{done} of {total}").format(
                done=size(progress.done), total=size(progress.total)
            )
            told = f"{progress.stage}: {done}" if progress.stage else done
        self._stage.setText(told)
        self._bar.set_share(progress.done / progress.total if progress.total else 0.0)

    def _stop(self) -> None:
        if self.task:
            self.task.stop()

    def _end(self) -> None:
        had_focus = self.stop.hasFocus()
        self.task = None
        self._progress.hide()
        self._set_idle(is_idle=True)
        if had_focus:
            self.table.setFocus()

    def _set_idle(self, *, is_idle: bool) -> None:
        for one in (self.add_zip, self.add_folder, self.details.check):
            one.setEnabled(is_idle)
        chosen = self.chosen
        self.details.remove.setEnabled(is_idle and chosen is not None and not chosen.is_built_in)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._say(error_panel(error))
        else:
            boxes.show_error(self.window(), error)

    def _say_stopped(self) -> None:
        self._say(MessagePanel("good", _("Stopped. Nothing was left behind.")))

    def _say(self, message: MessagePanel | None) -> None:
        if self.message:
            self._messages.removeWidget(self.message)
            self.message.hide()
            self.message.deleteLater()
        self.message = message
        if message:
            self._messages.addWidget(message)

    # -- the help --------------------------------------------------------------------------------
    def show_help(self) -> None:
        """Show how a base model comes to this computer."""
        top = row(self.back_to_list, None)
        page = step_body((column(top, (HelpText(), 1), gap=8), 1), most=900)
        self.stack.removeWidget(self._help_page)
        self._help_page = page
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self.back_to_list.setFocus()

    def show_list(self) -> None:
        """Show the list again."""
        was_help = self.stack.currentWidget() is not self._list
        self.stack.setCurrentWidget(self._list)
        if was_help:
            self.table.setFocus()

    # -- what is dropped -------------------------------------------------------------------------
    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_in(event.mimeData()) and self.task is None:
            event.acceptProposedAction()
            self._overlay.cover()

    @override
    def dragLeaveEvent(self, event: Any) -> None:
        self._overlay.hide()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._overlay.hide()
        event.acceptProposedAction()
        self.add(files_in(event.mimeData())[0])
