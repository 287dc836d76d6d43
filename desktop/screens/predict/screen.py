"""Predict files: choose a file, see how it is read, get a new one with the answers."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.operations.predict import PredictRequest, PredictResult, predict
from core.records import ModelVersion
from core.storage.models import list_model_versions
from desktop import boxes
from desktop.runner import Task
from desktop.screens.predict.file_form import FileForm
from desktop.screens.predict.result_page import ResultPage
from desktop.session import Session
from desktop.theme.tokens import S2
from desktop.widgets.buttons import button
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import clip, column, row, step_body
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.text import heading
from desktop.widgets.versions import VersionSelect, concept_numbers
from desktop.widgets.wording import texts

FORM, NO_MODEL, RESULT = range(3)


class PredictScreen(StepScreen):
    """Runs a model version over a file."""

    SHOWS = Changes.MODELS

    def __init__(self, session: Session) -> None:
        """Ask for a file."""
        super().__init__(session)
        self.versions, self.form = VersionSelect(), FileForm()
        self.empty = EmptyState(
            _("No model to predict with yet"),
            _("Once a model is trained, it answers for every text of a file."),
            [Way("train", "play", _("Open Train"), _("See what a training needs"))],
        )
        self.another = button(_("Predict another file"))
        self.start = button(_("Predict"), "primary", "file-check-2")
        self.folder = button(_("Show in folder"), "primary", "folder-open")
        self._task: Task | None = None
        self._asked: ModelVersion | None = None  # the version that the task uses
        self._out: Path | None = None
        self.stack = QStackedWidget()
        for page in (self._form_page(), self._empty_page()):
            self.stack.addWidget(page)
        self.lay_out(self.stack, FooterBar(self.another, self.start, self.folder))
        self._connect()

    def _form_page(self) -> QWidget:
        lead = _("Every text of a file gets an answer, written into a new file beside its columns.")
        title = heading(_("Predict files"), lead, self.versions)
        return clip(step_body(title, S2, self.form, None, gap=4))

    def _empty_page(self) -> QWidget:
        middle = row(None, self.empty, None)
        body = column(heading(_("Predict files")), None, middle, None, None)
        return clip(step_body((body, 1), most=4000))

    def _connect(self) -> None:
        self.form.changed.connect(self._tell_state)
        self.empty.way_chosen.connect(self.asked_for)
        self.start.clicked.connect(self._predict)
        self.another.clicked.connect(self._begin_anew)
        self.folder.clicked.connect(self._show_folder)

    @override
    def first_focus(self) -> QWidget | None:
        return self.form.choose if self.versions.version else self.empty.ways[0]

    @override
    def look_again(self) -> None:
        self.versions.set_versions(list_model_versions(self.session.db))
        if self.stack.currentIndex() != RESULT:
            self.stack.setCurrentIndex(FORM if self.versions.version else NO_MODEL)
        self._tell_state()

    def _tell_state(self) -> None:
        is_result = self.stack.currentIndex() == RESULT
        self.another.setVisible(is_result)
        self.folder.setVisible(is_result)
        self.start.setVisible(not is_result)
        self.footer.primary = self.folder if is_result else self.start
        if is_result:
            self.footer.set_note(_("The file that was read is as it was."))
            return
        seen, missing = self.form.seen, ""
        if not self.versions.version:
            missing = _("No model is trained yet.")
        elif self._task and not self._task.is_over:
            missing = _("The file is being predicted. You can go on working.")
        elif seen is None:
            missing = _("Choose a file with a text in every row.")
        n_rows = seen.n_rows if seen else None
        label = _("Predict {texts}").format(texts=texts(n_rows)) if n_rows else _("Predict")
        self.start.setText(label)
        self.start.set_enabled(enabled=not missing, why_not=missing)
        self.footer.set_note(missing or _("The file itself stays as it is."))

    def _predict(self) -> None:
        version, seen, out = self.versions.version, self.form.seen, self.form.out
        if version is None or seen is None or out is None:
            return
        self.form.show_problem(None)
        request = PredictRequest(version.model, seen.path, out, seen.mapping, version.number)
        title = _("Predicting “{file}”").format(file=seen.path.name)
        task = self.session.start(predict, request, title=title)
        task.succeeded.connect(self._show_result)
        task.failed.connect(self._show_error)
        task.ended.connect(self._tell_state)
        self._task, self._asked = task, version
        self._tell_state()

    def _show_result(self, result: PredictResult) -> None:
        version, self._out = self._asked, result.out
        if version is None:
            return
        numbers = concept_numbers(self.session.db, version.concepts)
        is_exclusive = bool(version.summary.get("is_exclusive"))
        page = clip(step_body(ResultPage(result, numbers, is_exclusive=is_exclusive), None))
        self._drop_result()
        self.stack.addWidget(page)
        self.stack.setCurrentIndex(RESULT)
        self._tell_state()
        self.lead_on(self.folder)

    def _show_error(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.form.show_problem(error)
        else:
            boxes.show_error(self, error)

    def _begin_anew(self) -> None:
        self._drop_result()
        self.stack.setCurrentIndex(FORM)
        self._tell_state()

    def _drop_result(self) -> None:
        page = self.stack.widget(RESULT)
        if page:
            self.stack.removeWidget(page)
            page.deleteLater()

    def _show_folder(self) -> None:
        if self._out:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._out.parent)))
