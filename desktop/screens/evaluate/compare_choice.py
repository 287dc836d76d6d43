"""How what was ticked is to be compared: on which texts, how, and what that takes."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from core.errors import UserError
from core.evaluation_words import split_words
from core.i18n import _
from core.operations import repeating
from core.operations.common_texts import check_concepts
from core.operations.compare_models import FEWEST, CompareDatasetsRequest, CompareModelsRequest
from core.operations.leaderboard import LeaderboardRow
from core.records import SPLITS, ModelVersion
from core.storage.datasets import list_datasets
from core.storage.versions import list_versions
from desktop.runner import Task
from desktop.screens.evaluate.compare_plan import Plan, Request, plan_of, too_few
from desktop.screens.evaluate.new_evaluation import USUAL_FOLDS
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.choices import Segmented, Select
from desktop.widgets.layout import boxed, column, row
from desktop.widgets.notice import Notice
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import out_of, sentence, versioned

WHERE_WIDTH, SPLIT_WIDTH = 280, 230
STORED, REFITTED = range(2)
Place = tuple[str, int, str]  # dataset, the number of its version or 0, split or ""


class CompareChoice(QWidget):
    """Says what a comparison would take, and asks for it.

    Attributes:
        where, split, how: the choices. words: what will happen. plan: what would be asked for.
    """

    asked = Signal(object)  # Plan

    def __init__(self, session: Session) -> None:
        """Have nothing to compare yet."""
        super().__init__()
        self._session = session
        self._versions: list[ModelVersion] = []
        self._places: list[Place] = []
        self._of_one: ModelVersion | None = None
        self._is_chosen_by_hand = False
        self.plan = Plan()
        self._task: Task | None = None
        self.where = Select(name=_("On which texts"))
        splits = [sentence(split_words(split)) for split in ("", *SPLITS)]
        self.split = Select(*splits, name=_("Which of them"))
        self.how = Segmented((_("The stored models"), _("Cross-validation")), name=_("How"))
        self.words, self.cautions = wrapped("", "body", "ink_2"), wrapped("", "small", "warn")
        self.problem = Notice("bad")
        self.compare, self.stop = button(_("Compare"), "secondary"), button(_("Stop"), "small")
        self._lay_out()
        self.where.activated.connect(self._note_choice)
        self.where.currentIndexChanged.connect(self.judge)
        self.split.currentIndexChanged.connect(self.judge)
        self.how.chosen.connect(self.judge)
        self.compare.clicked.connect(lambda: self.asked.emit(self.plan))
        self.stop.clicked.connect(self._stop)
        self.show_task(None)

    def _lay_out(self) -> None:
        self._on = text(_("On"), "body", "ink_2")
        for choice, width in ((self.where, WHERE_WIDTH), (self.split, SPLIT_WIDTH)):
            choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            choice.setMaximumWidth(width)
        where = ((self.where, WHERE_WIDTH), (self.split, SPLIT_WIDTH))
        self._choices = row(self._on, *where, self.how, (QWidget(), 1))
        words = column(self.words, self.cautions, gap=2)
        act = row((words, 1), self.stop, self.compare, gap=12)
        inner = column(self._choices, act, gap=8, margins=(16, 12, 16, 12))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.problem)
        layout.addWidget(boxed("soft", inner))

    # -- what is to be compared ------------------------------------------------------------------
    def set_models(self, rows: Sequence[LeaderboardRow]) -> None:
        """Compare the versions of these evaluations, the oldest being what others are held to."""
        versions = {row.version.id: row.version for row in rows}
        self._versions = [versions[key] for key in sorted(versions)]
        self._of_one, self._places = None, []
        self._offer_texts()
        if rows and not self._is_chosen_by_hand:
            self._follow(rows)
        self.judge()

    def set_places(self, version: ModelVersion | None, places: Sequence[Place]) -> None:
        """Compare how one version does on these texts."""
        self._versions, self._of_one, self._places = [], version, list(places)
        self.judge()

    def _offer_texts(self) -> None:
        """Offer the texts of the trainings, and every dataset with its versions."""
        db, before = self._session.db, self.where.currentData()
        with QSignalBlocker(self.where):
            self.where.clear()
            self.where.addItem(_("As each was checked in training"), ("", 0))
            for dataset in list_datasets(db):
                name = dataset.name
                self.where.addItem(_("{dataset}, as it is now").format(dataset=name), (name, 0))
                for one in list_versions(db, dataset.id):
                    self.where.addItem(versioned(name, one.number), (name, one.number))
            self.where.setCurrentIndex(max(0, self._place_of(before)))

    def _place_of(self, data: object) -> int:
        kept = [self.where.itemData(i) for i in range(self.where.count())]
        return next((i for i, one in enumerate(kept) if one and tuple(one) == data), -1)

    def _follow(self, rows: Sequence[LeaderboardRow]) -> None:
        """Begin with the texts that all ticked evaluations were made on, if they are the same."""
        one, db = rows[0].evaluation, self._session.db
        kinds = {(row.same_texts, row.evaluation.n_folds) for row in rows}
        is_own = all(repeating.is_own(db, row.evaluation) for row in rows)
        is_shared = len(kinds) == 1 and not one.other_app and not is_own
        place = self._place_of((one.dataset, one.dataset_number)) if is_shared else 0
        with QSignalBlocker(self.where), QSignalBlocker(self.split), QSignalBlocker(self.how):
            self.where.setCurrentIndex(max(0, place))
            self.split.setCurrentIndex(("", *SPLITS).index(one.split) if is_shared else 0)
            self.how.set_value(REFITTED if is_shared and one.n_folds else STORED)

    def _note_choice(self) -> None:
        self._is_chosen_by_hand = True

    # -- what it takes ---------------------------------------------------------------------------
    def judge(self) -> None:
        """Look again at what the choices mean."""
        is_models = self._of_one is None
        dataset, _number = self.where.currentData() or ("", 0)
        for part in (self._on, self.where):
            part.setVisible(is_models)
        self.split.setVisible(is_models and bool(dataset))
        self.how.setVisible(bool(dataset) or not is_models)
        self.plan = self._plan()
        self.words.setText(self.plan.words)
        self.cautions.setText(self.plan.cautions)
        self.cautions.setVisible(bool(self.plan.cautions))
        self._tell_button()

    def _plan(self) -> Plan:
        n = len(self._versions) if self._of_one is None else len(self._places)
        if n < FEWEST:
            return too_few(n, _("versions") if self._of_one is None else _("of these"))
        try:
            if self._versions:
                check_concepts(self._versions)
            request = self._request()
        except UserError as error:  # more than can be read, or nothing in common
            return Plan(words=f"{error} {error.next_step}")
        return plan_of(self._session.db, request)

    def _request(self) -> Request:
        n_folds = USUAL_FOLDS if self.how.value == REFITTED else 0
        if self._of_one:
            one = self._of_one
            return CompareDatasetsRequest(one.model, tuple(self._places), one.number, n_folds)
        models = tuple((version.model, version.number) for version in self._versions)
        dataset, number_ = self.where.currentData()
        if not dataset:
            return CompareModelsRequest(models)
        split = ("", *SPLITS)[self.split.currentIndex()]
        return CompareModelsRequest(models, dataset, number_, split, n_folds)

    # -- while it is made ------------------------------------------------------------------------
    def show_task(self, task: Task | None) -> None:
        """Show how a comparison comes along, with the way to stop it; None where none does."""
        self._task = task
        self.stop.setVisible(task is not None)
        self._choices.setEnabled(task is None)
        if task:
            self.problem.say("")
            self.cautions.hide()
            self.words.setText(_("Comparing…"))
            task.updated.connect(self._show_progress)
            self._tell_button()
        else:
            self.judge()

    def show_problem(self, words: str) -> None:
        """Say why there is no comparison; "" takes it away."""
        self.problem.say(words)

    def _show_progress(self) -> None:
        if self._task:
            progress = self._task.progress
            counts = out_of(progress.done, progress.total)
            stage = progress.stage or _("Comparing…")
            words = _("{stage}: {counts}").format(stage=stage, counts=counts)
            self.words.setText(words if counts else stage)

    def _stop(self) -> None:
        if self._task:
            self._task.stop()

    def _tell_button(self) -> None:
        can = self.plan.request is not None and self._task is None
        why_not = _("A comparison is being made.") if self._task else self.plan.words
        self.compare.set_enabled(enabled=can, why_not=why_not)
