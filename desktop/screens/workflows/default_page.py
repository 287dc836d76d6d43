"""The workflow that reads every text that comes in."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.base_models import list_base_models
from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.choose_workflow import (
    BASES,
    EMPTY,
    ChooseWorkflowRequest,
    DefaultState,
    DefaultWorkflow,
    ReadNewRequest,
    ReadNewResult,
    choose_workflow,
    default_of,
    look_at_default,
    read_new_texts,
)
from core.operations.run_workflow import unjudged_words
from core.storage.models import list_model_versions
from core.storage.workflows import list_workflows
from desktop.asking import Asking
from desktop.runner import Task
from desktop.screens.workflows.readers import offered_readers
from desktop.session import Session
from desktop.theme.tokens import S2, S3
from desktop.widgets.bars import Bar
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select
from desktop.widgets.layout import column, row
from desktop.widgets.message_panel import MessagePanel, error_panel
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import number

FIELD, BAR_WIDTH = 320, 520


class DefaultPage(QWidget):
    """Chooses the default workflow, and says how far it is.

    Attributes:
        select: the workflows, base ones first. read, again: start reading. stop: ends it.
    """

    chosen = Signal(object)  # ChooseWorkflowRequest

    def __init__(self, session: Session) -> None:
        """Offer nothing yet."""
        super().__init__()
        self._session, self._asking = session, Asking(session)
        self._task: Task | None = None
        self._choices: list[ChooseWorkflowRequest] = []
        self.select = Select(width=FIELD, name=_("Default workflow"))
        self.about = wrapped("", "small", "ink_2")
        self.reader = wrapped("", "body", "ink")
        self.counts = wrapped("", "body", "ink")
        self.read = button(_("Read what is new"), "secondary", "play")
        self.again = button(_("Read all texts again"), "secondary", "rotate-cw")
        self.stop = button(_("Stop"), "danger", "square")
        self.bar = Bar(0.0, name=_("Progress"))
        self.bar.setFixedWidth(BAR_WIDTH)
        self.result = column(gap=0)
        lead = _(
            "What happens to every text that you import or add. A base model or a deep classifier "
            "only reads it, so that it can be found by its meaning; a workflow runs on it."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(S2)
        buttons = row(self.read, self.again, self.stop, None, gap=12)
        for part in (
            wrapped(lead, "body", "ink_2"),
            column(text(_("Default workflow"), "strong"), self.select, self.about, gap=6),
            column(self.reader, self.counts, self.bar, gap=6),
            buttons,
            self.result,
        ):
            layout.addWidget(part)
        layout.addSpacing(S3)
        layout.addStretch(1)
        self.select.activated.connect(lambda place: self.chosen.emit(self._choices[place]))
        self.chosen.connect(self._choose)
        self.read.clicked.connect(lambda: self._read(everything=False))
        self.again.clicked.connect(lambda: self._read(everything=True))
        self.stop.clicked.connect(self._stop)
        self.set_running(None)

    def look_again(self) -> None:
        """Show the default workflow as it is now, among those of the app, and how far it is."""
        db = self._session.db
        self.show_default(default_of(db), [one.name for one in list_workflows(db)])
        if self._task and not self._task.is_over:
            self._show_reading()
            return
        request = ReadNewRequest()
        self.counts.setText(_("Looking at the texts"))
        self._asking.ask(self.show_state, look_at_default, request, refused=self._refuse)

    def _choose(self, request: ChooseWorkflowRequest) -> None:
        self.show_panel(None)
        try:
            self._session.do(choose_workflow, request)
        except UserError as error:
            self._refuse(error)
        self.look_again()

    def _read(self, *, everything: bool) -> None:
        title = _("Reading texts by the default workflow")
        request = ReadNewRequest(everything=everything)
        self.show_panel(None)
        self._asking.forget()  # how far it was before
        self._task = task = self._session.start(read_new_texts, request, title=title)
        task.updated.connect(self._show_reading)
        task.succeeded.connect(self.show_result)
        task.failed.connect(self._refuse)
        task.ended.connect(self._end_reading)
        self._show_reading()

    def _show_reading(self) -> None:
        if self._task is None or self._task.is_over:
            return
        progress = self._task.progress
        share = progress.done / progress.total if progress.total else 0.0
        self.set_running(share, progress.stage)

    def _end_reading(self) -> None:
        self.set_running(None)
        self.look_again()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):  # the window tells of the others
            self.show_panel(error_panel(error))

    def _stop(self) -> None:
        if self._task:
            self._task.stop()

    def show_default(self, default: DefaultWorkflow, workflows: list[str]) -> None:
        """Offer the workflows, and mark the default one."""
        readers = offered_readers(list_base_models(), list_model_versions(self._session.db))
        titles = dict(readers)
        if default.embedder not in ("", *titles):
            missing = _("{name} (not here)").format(name=default.embedder)
            readers.append((default.embedder, missing))
        readers.append((EMPTY, _(dict(BASES)[EMPTY])))
        self._choices = [
            *(ChooseWorkflowRequest(name, is_reader=True) for name, _title in readers),
            *(ChooseWorkflowRequest(name) for name in workflows),
        ]
        names = [name for name, _title in readers]
        place = names.index(default.name) if not default.workflow_id else len(names)
        if default.workflow_id:
            place += workflows.index(default.name)
        with QSignalBlocker(self.select):
            self.select.clear()
            self.select.addItems([*(title for _name, title in readers), *workflows])
            self.select.setCurrentIndex(place)
        self.about.setText(_about(default))
        self.reader.setText(_reading(dict(readers).get(default.embedder, "")))
        has_index = bool(default.embedder) or bool(default.workflow_id)
        self.read.setVisible(has_index)
        self.again.setVisible(bool(default.workflow_id))
        self.bar.setVisible(False)

    def show_state(self, state: DefaultState) -> None:
        """Say how far the default workflow is."""
        parts, n_new = [], 0
        if state.default.embedder:
            n = state.n_to_index
            n_new += n
            words = ngettext(
                "{n} text is still to be read.",
                "{n} texts are still to be read.",
                n,
            )
            parts.append(words.format(n=number(n)) if n else _("All texts have been read."))
        if state.default.workflow_id:
            n = state.n_to_process
            n_new += n
            words = ngettext(
                "{n} text came in since the workflow ran last.",
                "{n} texts came in since the workflow ran last.",
                n,
            )
            parts.append(words.format(n=number(n)) if n else _("It ran on every new text."))
        self.counts.setText(" ".join(parts))
        self.read.set_enabled(enabled=n_new > 0, why_not=_("Nothing is new."))

    def set_running(self, share: float | None, stage: str = "") -> None:
        """Show how far reading is; None while nothing is read."""
        is_running = share is not None
        self.stop.setVisible(is_running)
        self.bar.setVisible(is_running)
        self.read.setEnabled(not is_running)
        self.again.setEnabled(not is_running)
        self.select.setEnabled(not is_running)
        if share is not None:
            self.bar.set_share(share)
            self.counts.setText(stage)

    def show_result(self, result: ReadNewResult) -> None:
        """Say what was read."""
        n = result.n_indexed
        told = [ngettext("{n} text was read.", "{n} texts were read.", n)]
        meaning = _("Through the other parts: {p}. With labels: {l}. Not read: {e}.").format(
            p=number(result.n_processed), l=number(result.n_labelled), e=number(result.n_errors)
        )
        meaning = f"{meaning} {unjudged_words(result.nodes)}".strip()
        self._put(MessagePanel("good", told[0].format(n=number(n)), meaning))

    def show_panel(self, panel: QWidget | None) -> None:
        """Show a message below; None for none."""
        self._put(panel)

    def _put(self, content: QWidget | None) -> None:
        layout = self.result.layout()
        assert layout is not None
        while (item := layout.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        if content:
            layout.addWidget(content)


def _reading(title: str) -> str:
    """Say what reads the texts now."""
    if not title:
        return _("Now no text is read for search, topics and the map.")
    return _("Now “{name}” reads the texts for search, topics and the map.").format(name=title)


def _about(default: DefaultWorkflow) -> str:
    if not default.workflow_id and not default.embedder:
        return _("No text is read; searching by meaning, topics and the map are not there.")
    if not default.embedder:
        return _("Nothing in it reads texts for search; the step “Base model” would.")
    return _("What another base model read before is kept: going back reads nothing again.")
