"""A new evaluation: which model, on which texts, and how; what it needs is said before."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.app_folder import AppFolder, app_name
from core.errors import UserError
from core.evaluation_words import split_words
from core.i18n import _
from core.operations.evaluate import EvaluateRequest
from core.operations.evaluation_needs import Needs, find_needs
from core.records import SPLITS, ModelVersion
from core.storage.database import Database
from core.storage.datasets import get_dataset, list_datasets
from core.storage.versions import get_version, list_versions
from desktop import boxes
from desktop.asking import Asking
from desktop.session import Session
from desktop.theme.tokens import S2, S3
from desktop.widgets.buttons import button
from desktop.widgets.choices import Segmented, Select
from desktop.widgets.layout import TOP, Hairline, clip, column, row, step_body
from desktop.widgets.message_panel import MessagePanel
from desktop.widgets.notice import Notice
from desktop.widgets.text import Elided, heading, text, wrapped
from desktop.widgets.versions import VersionSelect
from desktop.widgets.wording import counted_texts, number, sentence

TRAINING, HERE, ELSEWHERE = range(3)
STORED, REFITTED = range(2)
FEWEST_FOLDS, MOST_FOLDS, USUAL_FOLDS = 2, 10, 5
LABEL_WIDTH, MEASURE, FIELD, SHORT_FIELD = 200, 640, 250, 80
T = TypeVar("T")


class NewEvaluation(QWidget):
    """Asks three questions, and says what the answers mean.

    Attributes:
        needs: how an evaluation as it is asked for would stand; None while that is being counted.
    """

    changed = Signal()  # the needs may be others
    left = Signal()

    def __init__(self, session: Session) -> None:
        """Ask of the newest version; `begin` asks of another."""
        super().__init__()
        self._session = session
        self._other: Path | None = None
        self.needs: Needs | None = None
        self._counting = Asking(session)
        self.versions = VersionSelect()
        ways = (_("Texts of the training"), _("A dataset"), _("Another app"))
        self.where = Segmented(ways, name=_("On which texts"))
        self.folder, self.folder_name = button(_("Choose its folder…")), Elided("", "body", "ink_2")
        self.dataset = Select(width=FIELD, name=_("Dataset"))
        self.number = Select(width=FIELD, name=_("Version"))
        self.split = Select(
            *(sentence(split_words(split)) for split in ("", *SPLITS)),
            width=FIELD,
            name=_("Which of its texts"),
        )
        self.how = Segmented((_("The stored model"), _("Cross-validation")), name=_("How"))
        folds = [str(n) for n in range(FEWEST_FOLDS, MOST_FOLDS + 1)]
        self.folds = Select(*folds, width=SHORT_FIELD, name=_("Number of models"))
        self.folds.setCurrentText(str(USUAL_FOLDS))
        self.where_meaning, self.how_meaning = (wrapped("", "small", "ink_2") for _i in range(2))
        self.problem, self.cautions = Notice("bad"), Notice("warn")
        self._panel: MessagePanel | None = None
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._elsewhere = row(self.folder, (self.folder_name, 1))
        self._datasets = row(self.dataset, self.number, None)
        self._folds = row(self.folds, text(_("models"), "body", "ink_2"), None)
        lead = _("Evaluating changes neither the model nor your texts.")
        self._failures = column(gap=0)
        body = column(
            *(heading(_("Evaluate differently"), lead), S3, self._failures),
            *(_question(_("Which model"), self.versions), Hairline()),
            _question(
                _("On which texts"),
                self.where,
                self.where_meaning,
                self._elsewhere,
                self._datasets,
                self.split,
            ),
            *(Hairline(), _question(_("How"), self.how, self.how_meaning, self._folds)),
            *(S2, self.problem, self.cautions, None),
            gap=0,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(clip(step_body((body, 1), most=1064)))

    def _connect(self) -> None:
        self.versions.version_chosen.connect(self._offer_datasets)
        self.where.chosen.connect(self._offer_datasets)
        self.folder.clicked.connect(self._choose_folder)
        self.dataset.currentIndexChanged.connect(self._offer_numbers)
        for choice in (self.number, self.split):
            choice.currentIndexChanged.connect(self._judge)
        self.how.chosen.connect(self._judge)

    def begin(self, versions: Sequence[ModelVersion], chosen_id: int) -> None:
        """Ask of a version, with the choices as they were made before."""
        with QSignalBlocker(self.versions):
            self.versions.set_versions(versions)
            self.versions.choose(chosen_id)
        self.show_failure(None)
        self._offer_datasets()

    def first_focus(self) -> QWidget:
        """Return what takes the keyboard when the page opens."""
        return self.where

    def request(self) -> EvaluateRequest | None:
        """Return what is asked for; None while something has to be chosen yet."""
        version, dataset = self.versions.version, self.dataset.currentText()
        if version is None or not dataset:
            return None
        return EvaluateRequest(
            version.model,
            version.number,
            dataset=dataset,
            dataset_number=self.number.currentData() or 0,
            split=("", *SPLITS)[self.split.currentIndex()],
            other_app=self._other if self.where.value == ELSEWHERE else None,
            n_folds=int(self.folds.currentText()) if self.how.value == REFITTED else 0,
        )

    def show_failure(self, panel: MessagePanel | None) -> None:
        """Say what kept an evaluation from being made; None takes it away."""
        if self._panel:
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = panel
        layout = self._failures.layout()
        if panel and layout:
            layout.addWidget(panel)

    # -- what there is to choose -----------------------------------------------------------------
    def _choose_folder(self) -> None:
        path = boxes.choose_folder(self, _("Choose the folder of the other app"))
        if path is None:
            return
        try:
            name = app_name(path)
        except UserError as error:
            boxes.show_error(self, error)
            return
        self._other = path
        self.folder_name.setText(name)
        self._offer_datasets()

    def _read(self, read: Callable[[Database], T], otherwise: T) -> T:
        """Read the database that the dataset is in; `otherwise` while no other app is chosen."""
        if self.where.value != ELSEWHERE:
            return read(self._session.db)
        if self._other is None:
            return otherwise
        try:
            with AppFolder(self._other).database() as db:
                return read(db)
        except UserError as error:  # it went away
            boxes.show_error(self, error)
            self._other = None
            self.folder_name.setText("")
            return otherwise

    def _offer_datasets(self) -> None:
        before = self.dataset.currentText()
        with QSignalBlocker(self.dataset):
            self.dataset.clear()
            self.dataset.addItems(self._read(self._names, []))
            self.dataset.setCurrentIndex(max(0, self.dataset.findText(before)))
        self._offer_numbers()

    def _names(self, db: Database) -> list[str]:
        version = self.versions.version
        if self.where.value == TRAINING:
            return [get_version(db, version.dataset_version_id).dataset] if version else []
        return [dataset.name for dataset in list_datasets(db)]

    def _offer_numbers(self) -> None:
        with QSignalBlocker(self.number):
            self.number.clear()
            for words, key in self._read(self._numbers, list[tuple[str, int]]()):
                self.number.addItem(words, key)
        self._judge()

    def _numbers(self, db: Database) -> list[tuple[str, int]]:
        """Return the versions of the dataset in words with their numbers, 0 for as it is now."""
        version = self.versions.version
        if not self.dataset.currentText() or version is None:
            return []
        dataset = get_dataset(db, self.dataset.currentText())
        now = _("As it is now, {texts}").format(texts=counted_texts(dataset.n_inputs))
        kept = [
            (
                _("Version {n}, {texts}").format(
                    n=number(v.number), texts=counted_texts(v.n_inputs)
                ),
                v,
            )
            for v in list_versions(db, dataset.id)
        ]
        if self.where.value == TRAINING:
            return [(words, v.number) for words, v in kept if v.id == version.dataset_version_id]
        return [(now, 0), *((words, v.number) for words, v in kept)]

    # -- what the answers mean -------------------------------------------------------------------
    def _judge(self) -> None:
        is_elsewhere = self.where.value == ELSEWHERE
        self._elsewhere.setVisible(is_elsewhere)
        self._datasets.setVisible(self.where.value != TRAINING and self.dataset.count() > 0)
        self.split.setVisible(self.dataset.count() > 0)
        self._folds.setVisible(self.how.value == REFITTED)
        self.where_meaning.setText(self._where_words())
        self.how_meaning.setText(_how_words(self.how.value))
        self._counting.forget()  # what was asked for before
        self.cautions.say("")
        request = self.request()
        if request is None:
            self._show_needs(Needs(_("Choose the folder of the other app first.")))
            return
        self.needs = None
        self.changed.emit()
        self._counting.ask(self._show_needs, find_needs, request, refused=self._refuse)

    def _show_needs(self, needs: Needs) -> None:
        self.needs = needs
        self.problem.say(needs.problem)
        self.cautions.say("\n".join(needs.cautions))
        self.changed.emit()

    def _refuse(self, error: UserError) -> None:
        self._show_needs(Needs(f"{error} {error.next_step}"))

    @property
    def why_not(self) -> str:
        """Why an evaluation cannot be started as it is asked for; "" if it can."""
        return _("Counting the texts.") if self.needs is None else self.needs.problem

    def _where_words(self) -> str:
        return (
            _("The dataset as it was frozen for the training."),
            _("A dataset of this app, as it is now or as it was frozen."),
            _("A dataset that others labelled; their app is read and stays as it is."),
        )[self.where.value]


def _how_words(way: int) -> str:
    if way == STORED:
        return _(
            "The model that is stored answers every text. Says how good this model is, if it has "
            "not learned from these texts."
        )
    return _(
        "New models are trained in the same way, each without the texts that it is checked on. "
        "Says how good the recipe is; the stored model stays as it is."
    )


def _question(label: str, *answers: QWidget) -> QWidget:
    for answer in answers:
        answer.setMaximumWidth(min(answer.maximumWidth(), MEASURE))
    asked = column(7, text(label, "strong", width=LABEL_WIDTH), None, gap=0)
    parts = [row(answer, None) if isinstance(answer, Segmented) else answer for answer in answers]
    return row((asked, TOP), (column(*parts, gap=10), 1), gap=S3, margins=(0, 16, 0, 16))
