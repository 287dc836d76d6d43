"""Workflows: chains of nodes that texts run through."""

from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path

from PySide6.QtCore import QPoint, QSignalBlocker, Qt
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget
from typing_extensions import override

from core.base_models import list_base_models
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.operations.edit_workflows import (
    WorkflowDeletion,
    WorkflowRenaming,
    WorkflowSaving,
    edit_workflows,
)
from core.operations.run_workflow import run_on_texts
from core.operations.run_workflow_on_rows import RunOnFileRequest, run_on_file
from core.operations.workflow_files import (
    ExportWorkflowRequest,
    ImportWorkflowRequest,
    export_workflow,
    import_workflow,
)
from core.storage.concepts import list_concepts
from core.storage.datasets import list_datasets
from core.storage.models import list_model_versions
from core.storage.workflows import StoredWorkflow, list_workflow_versions, list_workflows
from core.workflows.graph import GraphError
from core.workflows.portal_yaml import portal_id
from desktop import boxes
from desktop.runner import Task
from desktop.screens.workflows.build_page import BuildPage
from desktop.screens.workflows.default_page import DefaultPage
from desktop.screens.workflows.draft import Draft
from desktop.screens.workflows.run_page import Request, RunPage
from desktop.session import Session
from desktop.theme.tokens import S2, font
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.choices import Select
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import Hairline, clip, tabbed_body
from desktop.widgets.painted import text_width
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.tabs import PADDING, Tabs
from desktop.widgets.text import heading
from desktop.widgets.wording import moment_within, texts

BUILD, RUN, DEFAULT = range(3)
NAME_WIDTH, VERSION_WIDTH, MOST_WIDTH, AROUND_WORDS, PAGE_WIDTH = 220, 180, 320, 48, 1176
KINDS = "YAML (*.yaml *.yml)"


class WorkflowsScreen(StepScreen):
    """Builds, tries, keeps and runs workflows.

    Attributes:
        draft: the one that is open. build, run_page, default_page: the three tabs.
    """

    SHOWS = (
        Changes.WORKFLOWS | Changes.MODELS | Changes.DATASETS | Changes.CONCEPTS | Changes.INPUTS
    )

    def __init__(self, session: Session) -> None:
        """Open the first workflow, or begin one."""
        super().__init__(session)
        self.draft = Draft(session.db)
        self.draft.begin(_("My workflow"))
        self._stored: list[StoredWorkflow] = []
        self._task: Task | None = None
        self.names = Select(width=NAME_WIDTH, name=_("Workflow"))
        self.versions = Select(width=VERSION_WIDTH, name=_("Version"))
        self.more = icon_button("ellipsis", _("New, rename, import, export or delete"))
        self.tabs = Tabs((_("Build"), _("Run"), _("Default workflow")), name=_("Workflows"))
        self.build = BuildPage(session, self.draft)
        self.run_page, self.default_page = RunPage(), DefaultPage(session)
        self.save = button(_("Save"), "primary", "save")
        self.start = button(_("Run"), "primary", "play")
        self.lay_out(self._work(), FooterBar(self.save, self.start))
        self._connect()

    def _work(self) -> QWidget:
        lead = _("Chains of models and rules, built once and run on one text or a million.")
        title = heading(_("Workflows"), lead, self.names, self.versions, self.more)
        self.stack = QStackedWidget()
        for narrow in (self.run_page, self.default_page):
            narrow.setMaximumWidth(PAGE_WIDTH)
        for page in (self.build, clip(self.run_page), clip(self.default_page)):
            self.stack.addWidget(page)
        below = (Hairline(), S2 // 2, (self.stack, 1))
        return tabbed_body(title, self.tabs, *below, gap=8, inset=PADDING)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._show_tab)
        self.names.activated.connect(self._choose)
        self.versions.activated.connect(self._choose_version)
        self.more.clicked.connect(self._show_menu)
        self.build.changed.connect(self._tell_state)
        self.run_page.changed.connect(self._tell_state)
        self.save.clicked.connect(self.keep)
        self.start.clicked.connect(self._run)
        self.run_page.resumed.connect(self._start)

    @override
    def first_focus(self) -> QWidget | None:
        return self.build.picture.boxes.get(self.draft.current)

    @override
    def look_again(self) -> None:
        db = self.session.db
        self._stored = list_workflows(db)
        names = [one.name for one in self._stored]
        if self.draft.saved is None and names and not self.draft.workflow.nodes:
            self._open(names[0])
        elif self.draft.saved is not None and self.draft.saved.name not in names:
            self._open(names[0]) if names else self.draft.begin(_("My workflow"))
        elif self.draft.saved is not None:
            self._follow_kept()
        concepts = list_concepts(db)
        self.build.panel.offer(list_base_models(), list_model_versions(db), concepts)
        self.build.trial.set_numbers({concept.name: concept.colour for concept in concepts})
        self._show()

    def _follow_kept(self) -> None:
        """Show the version that is kept now, which undo may have changed, unless it was edited."""
        try:
            self.draft.look_again()
        except UserError as error:
            boxes.show_error(self, error)

    def _open(self, name: str, number: int = 0) -> None:
        try:
            self.draft.open(name, number)
        except UserError as error:  # a later Textwright kept it
            boxes.show_error(self, error)

    def _show(self) -> None:
        """Show the draft everywhere."""
        names = [one.name for one in self._stored]
        if self.draft.saved is None:
            names.append(self.draft.workflow.name)
        kept = list_workflow_versions(self.session.db, self.draft.workflow.name)
        versions = [
            _("Version {number}, {day}").format(number=one.number, day=moment_within(one.created))
            for one in kept
        ] or [_("Not kept yet")]
        _fit(self.names, names, NAME_WIDTH)
        _fit(self.versions, versions, VERSION_WIDTH)
        with QSignalBlocker(self.names), QSignalBlocker(self.versions):
            self.names.clear()
            self.names.addItems(names)
            self.names.setCurrentText(self.draft.workflow.name)
            self.versions.clear()
            self.versions.addItems(versions)
            numbers = [one.number for one in kept]
            is_old = self.draft.number in numbers
            self.versions.setCurrentIndex(numbers.index(self.draft.number) if is_old else 0)
        self.build.show_draft()
        self.build.trial.look_again()
        self._show_tab(self.tabs.value)

    def _show_tab(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        if place == RUN:
            self._show_run()
        if place == DEFAULT:
            self.default_page.look_again()
        self._tell_state()

    def _show_run(self) -> None:
        workflow = None if self.draft.problem() else self.draft.workflow
        self.run_page.show_workflow(workflow, list_datasets(self.session.db))

    def _tell_state(self) -> None:
        tab = self.tabs.value
        self.save.setVisible(tab == BUILD)
        self.start.setVisible(tab == RUN)
        self.footer.primary = {BUILD: self.save, RUN: self.start}.get(tab)
        if tab == RUN:
            self._tell_run()
        elif tab == DEFAULT:
            self.footer.set_note(_("What was read before is kept, so you can always go back."))
        else:
            self._tell_build()

    def _tell_build(self) -> None:
        error = self.draft.problem() if self.draft.workflow.nodes else None
        refused = next(iter(self.draft.refused.values()), "")
        is_empty, is_changed = not self.draft.workflow.nodes, self.draft.is_changed
        if is_empty:
            why = _("Add a step: it begins with what happens to a text first.")
        elif error or refused:
            why = f"{error} {error.next_step}" if error else refused
        else:
            why = "" if is_changed else _("This workflow is kept.")
        self.save.set_enabled(enabled=not why, why_not=why)
        bad = bool(error or refused)
        self.footer.set_note(
            why or _("There are changes that are not kept yet."),
            "warn" if bad else "ink_2",
            "circle-alert" if bad else "",
        )

    def _tell_run(self) -> None:
        missing = self.run_page.missing()
        if self._task and not self._task.is_over:
            missing = _("The workflow is running. You can go on working.")
        n = self.run_page.n_texts
        self.start.setText(_("Run on {texts}").format(texts=texts(n)) if n else _("Run"))
        self.start.set_enabled(enabled=not missing, why_not=missing)
        self.footer.set_note(missing or _("The workflow runs as it stands under “Build”."))

    # -- keeping ---------------------------------------------------------------------------------
    def keep(self) -> None:
        """Keep the draft as a new version."""
        try:
            kept = self.session.do(edit_workflows, WorkflowSaving(self.draft.workflow))
            self.draft.open(kept.name)
        except GraphError as error:
            self.draft.current = error.node or self.draft.current
            boxes.show_error(self, error)
        except UserError as error:
            boxes.show_error(self, error)
        self.look_again()

    def _may_leave(self) -> bool:
        if not self.draft.is_changed:
            return True
        question = _("Leave the changes of “{name}”?").format(name=self.draft.workflow.name)
        meaning = _("They are not kept yet. The versions that you kept stay as they are.")
        return boxes.ask(self, question, meaning, _("Leave the changes"))

    def _choose(self, place: int) -> None:
        if place < len(self._stored) and self._may_leave():
            self._open(self._stored[place].name)
        self._show()

    def _choose_version(self, place: int) -> None:
        kept = list_workflow_versions(self.session.db, self.draft.workflow.name)
        if place < len(kept) and self._may_leave():
            self._open(self.draft.workflow.name, kept[place].number)
        self._show()

    def _show_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

    def menu(self) -> QMenu:
        """Return what can be done with workflows as wholes."""
        menu = QMenu(self)
        menu.setFont(font("body"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_kept = self.draft.saved is not None
        verbs: tuple[tuple[str, Callable[[], None], bool], ...] = (
            (_("New workflow…"), self._begin, True),
            (_("Import…"), self._import, True),
            (_("Rename…"), self._rename, is_kept),
            (_("Export…"), self._export, is_kept),
            (_("Delete…"), self._delete, is_kept),
        )
        for words, act, is_possible in verbs:
            action = menu.addAction(words)
            action.triggered.connect(act)
            action.setEnabled(is_possible)
        return menu

    def _begin(self) -> None:
        if not self._may_leave():
            return
        name = boxes.ask_text(self, _("New workflow"), _("Name"), "", act=_("Begin"))
        if name:
            self.draft.begin(name)
            self._show()

    def _rename(self) -> None:
        old = self.draft.workflow.name
        name = boxes.ask_text(self, _("Rename workflow"), _("Name"), old)
        if name and self._may_leave():
            self._do(WorkflowRenaming(old, name), name)

    def _delete(self) -> None:
        name = self.draft.workflow.name
        question = _("Delete “{name}”?").format(name=name)
        meaning = _("All its versions go. Undo brings them back.")
        if boxes.ask(self, question, meaning, _("Delete the workflow")):
            self._do(WorkflowDeletion(name), "")

    def _do(self, request: WorkflowRenaming | WorkflowDeletion, name: str) -> None:
        try:
            self.session.do(edit_workflows, request)
        except UserError as error:
            boxes.show_error(self, error)
            return
        self.draft.begin(_("My workflow"))
        if name:
            self._open(name)
        self.look_again()

    def _import(self) -> None:
        path = boxes.choose_file(self, _("Import a workflow"), KINDS)
        if path and self._may_leave():
            self.bring_in(path)

    def bring_in(self, path: Path) -> None:
        """Keep the workflow of a file, and show it."""
        try:
            result = self.session.do(import_workflow, ImportWorkflowRequest(path))
        except UserError as error:
            boxes.show_error(self, error)
            return
        self._open(result.workflow.name)
        self.look_again()

    def _export(self) -> None:
        name = self.draft.workflow.name
        suggestion = f"{portal_id(name)}.yaml"
        path = boxes.choose_save_file(self, _("Export a workflow"), suggestion, KINDS)
        if not path:
            return
        try:
            request = ExportWorkflowRequest(name, path, self.draft.number)
            self.session.do(export_workflow, request)
        except UserError as error:
            boxes.show_error(self, error)

    # -- running ---------------------------------------------------------------------------------
    def _run(self) -> None:
        if request := self.run_page.request():
            self._start(request)

    def _start(self, request: Request) -> None:
        operation = run_on_file if isinstance(request, RunOnFileRequest) else run_on_texts
        title = _("Running “{name}”").format(name=request.workflow.name)
        self._task = task = self.session.start(operation, request, title=title)
        task.succeeded.connect(self.run_page.show_result)
        task.failed.connect(self._refuse_run)
        task.ended.connect(self._end_run)
        self.run_page.set_running(is_running=True)
        self._tell_state()

    def _end_run(self) -> None:
        self.run_page.set_running(is_running=False)
        self._tell_state()

    def _refuse_run(self, error: Exception) -> None:
        if isinstance(error, UserError):  # the window tells of the others
            self.run_page.show_error(error)


def _fit(select: Select, words: Sequence[str], least: int) -> None:
    """Let a list be as wide as its words need, up to a limit."""
    widest = ceil(max(text_width(one, "body") for one in words)) + AROUND_WORDS
    select.setFixedWidth(max(least, min(widest, MOST_WIDTH)))
