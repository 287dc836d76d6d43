"""Evaluate: check a model version, and look at the scores it has."""

from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.operations.evaluate import EvaluateResult, evaluate
from core.storage.datasets import list_datasets
from core.storage.evaluations import list_evaluations
from core.storage.models import list_model_versions
from desktop import boxes
from desktop.runner import Task
from desktop.screens.evaluate.evaluation_table import EvaluationTable
from desktop.screens.evaluate.form import EvaluationForm
from desktop.session import Session
from desktop.theme.tokens import S2, S3
from desktop.widgets.buttons import button
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import clip, column, row, step_body
from desktop.widgets.message_panel import MessagePanel, error_panel
from desktop.widgets.scores_panel import ScoresPanel
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.text import heading, text
from desktop.widgets.versions import VersionSelect, version_name

WIDEST = 1640


class EvaluateScreen(StepScreen):
    """Checks a model version in one of three ways, and shows all its evaluations."""

    SHOWS = Changes.MODELS | Changes.DATASETS

    def __init__(self, session: Session) -> None:
        """Show the newest version's newest scores."""
        super().__init__(session)
        self.versions = VersionSelect()
        self.form = EvaluationForm()
        self.table = EvaluationTable()
        self.scores = ScoresPanel(session)
        self.empty = EmptyState(
            _("No model to evaluate yet"),
            _("Once a model is trained, its scores stand here."),
            [Way("train", "play", _("Open Train"), _("See what a training needs"))],
        )
        self.start = button(_("Evaluate"), "primary", "chart-no-axes-column")
        self._problem: MessagePanel | None = None
        self._task: Task | None = None
        self._newest_id = 0  # of the evaluation that was made here last
        self.stack = QStackedWidget()
        for page in (self._work_page(), self._empty_page()):
            self.stack.addWidget(page)
        self.lay_out(self.stack, FooterBar(self.start))
        self._connect()

    def _work_page(self) -> QWidget:
        self._problems = column(gap=0)
        body = column(
            *(heading(_("Evaluate"), "", self.versions), 12, self.form, S2, self._problems),
            *(text(_("Evaluations of this version"), "heading"), 4, self.table, S3),
            (self.scores, 1),
            gap=0,
        )
        return clip(step_body((body, 1), most=WIDEST))

    def _empty_page(self) -> QWidget:
        middle = row(None, self.empty, None)
        body = column(heading(_("Evaluate")), None, middle, None, None)
        return clip(step_body((body, 1), most=4000))

    def _connect(self) -> None:
        self.versions.version_chosen.connect(self._show_evaluations)
        self.table.chosen.connect(self.scores.show_evaluation)
        self.empty.way_chosen.connect(self.asked_for)
        self.start.clicked.connect(self._evaluate)

    @override
    def first_focus(self) -> QWidget | None:
        return self.table if self.versions.version else self.empty.ways[0]

    @override
    def look_again(self) -> None:
        self.form.set_datasets(list_datasets(self.session.db))
        self.versions.set_versions(list_model_versions(self.session.db))
        self.stack.setCurrentIndex(0 if self.versions.version else 1)
        self._show_evaluations()
        self._tell_state()

    def _show_evaluations(self) -> None:
        version = self.versions.version
        if version:
            evaluations = list_evaluations(self.session.db, version.id)
            self.scores.setVisible(bool(evaluations))
            self.table.set_evaluations(evaluations, self._newest_id)

    def _tell_state(self) -> None:
        is_running = self._task is not None and not self._task.is_over
        missing = "" if self.versions.version else _("No model is trained yet.")
        if is_running:
            missing = _("The model is being evaluated. You can go on working.")
        self.start.set_enabled(enabled=not missing, why_not=missing)
        self.footer.set_note(missing or _("Evaluating changes neither the model nor your texts."))

    def _evaluate(self) -> None:
        version = self.versions.version
        if version is None:
            return
        self._show_problem(None)
        title = _("Evaluating “{model}”").format(model=version_name(version))
        task = self.session.start(evaluate, self.form.request(version), title=title)
        task.succeeded.connect(self._show_result)
        task.failed.connect(self._show_error)
        task.ended.connect(self._tell_state)
        self._task = task
        self._tell_state()

    def _show_result(self, result: EvaluateResult) -> None:
        self._newest_id = result.evaluation.id
        self.versions.choose(result.evaluation.model_version_id)
        self._show_evaluations()

    def _show_error(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._show_problem(error_panel(error))
        else:
            boxes.show_error(self, error)

    def _show_problem(self, panel: MessagePanel | None) -> None:
        if self._problem:
            self._problem.hide()
            self._problem.deleteLater()
        self._problem = panel
        layout = self._problems.layout()
        if panel and layout:
            layout.addWidget(panel)
