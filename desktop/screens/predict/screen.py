"""Predict files: choose texts, get a new file with the answers, look into it, make use of it."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.operations.predict import PredictRequest, PredictResult, predict, unfinished
from core.operations.save_predictions import SaveRequest, save_predictions
from core.operations.use_predictions import UseResult, use_predictions
from core.storage.concepts import list_concepts
from core.storage.models import list_model_versions
from core.storage.predicted_files import PredictedFile, list_predicted_files
from desktop import boxes
from desktop.runner import Task
from desktop.screens.predict.earlier import EarlierList, look_for
from desktop.screens.predict.file_form import OUT_KINDS, FileForm, texts_of
from desktop.screens.predict.result_page import WrittenPage
from desktop.screens.predict.results_page import ResultsPage
from desktop.screens.predict.use_page import UsePage
from desktop.session import Session
from desktop.theme.tokens import S2, S3, S4
from desktop.widgets.buttons import Button, button
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import clip, column, row, step_body
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.text import heading
from desktop.widgets.versions import VersionSelect
from desktop.widgets.wording import file_kinds, texts

FORM, NO_MODEL, RESULT, USE, WRITTEN = range(5)


class PredictScreen(StepScreen):
    """Runs a model version over a file or a dataset."""

    SHOWS = Changes.MODELS | Changes.INPUTS | Changes.DATASETS | Changes.CONCEPTS

    def __init__(self, session: Session) -> None:
        """Ask for a file."""
        super().__init__(session)
        self.versions, self.form = VersionSelect(), FileForm(session.name)
        self.earlier, self.results = EarlierList(), ResultsPage(session)
        self.use_page = UsePage(self.results)
        self.empty = EmptyState(
            _("No model to predict with yet"),
            _("Once a model is trained, it answers for every text of a file."),
            [Way("train", "play", _("Open Train"), _("See what a training needs"))],
        )
        self.another, self.back = button(_("Predict another file")), button(_("Back"))
        self.start = button(_("Predict"), "primary", "file-check-2")
        self.folder = button(_("Show in folder"), icon_name="folder-open")
        self.use = button(_("Use these texts…"), "primary", "tag")
        self.accept = button(_("Use"), "primary", "check")
        self._task: Task | None = None
        self._using: Task | None = None
        self._request: PredictRequest | None = None  # of the task
        self._is_writer = False  # the model of the task
        self._out: Path | None = None
        self.stack = QStackedWidget()
        for page in (self._form_page(), self._empty_page(), self._results_page(), self._use_page()):
            self.stack.addWidget(page)
        buttons = (self.another, self.back, self.folder, self.start, self.use, self.accept)
        self.lay_out(self.stack, FooterBar(*buttons))
        self._connect()

    def _form_page(self) -> QWidget:
        lead = _("Every text gets an answer, written into a new file beside all that it had.")
        title = heading(_("Predict files"), lead, self.versions)
        return clip(step_body(title, S2, self.form, S2, self.earlier, None, gap=4))

    def _empty_page(self) -> QWidget:
        middle = row(None, self.empty, None)
        body = column(heading(_("Predict files")), None, middle, None, None)
        return clip(step_body((body, 1), most=4000))

    def _results_page(self) -> QWidget:
        return column((self.results, 1), margins=(S4, 12, S4, S2))

    def _use_page(self) -> QWidget:
        lead = _("Texts become labelled without anybody reading them one by one.")
        return clip(step_body(heading(_("Use the answers"), lead), S3, self.use_page, None, gap=4))

    def _connect(self) -> None:
        self.form.changed.connect(self._tell_state)
        self.results.changed.connect(self._tell_state)
        self.earlier.opened.connect(self._open_file)
        self.earlier.resumed.connect(self._go_on)
        self.earlier.other_asked.connect(self._choose_predicted)
        self.empty.way_chosen.connect(self.asked_for)
        self.start.clicked.connect(self._predict)
        self.another.clicked.connect(self._begin_anew)
        self.back.clicked.connect(lambda: self._show_page(RESULT))
        self.use.clicked.connect(self._begin_use)
        self.accept.clicked.connect(self._use)
        self.use_page.name.textChanged.connect(lambda _words: self._tell_state())
        self.use_page.what.chosen.connect(lambda _value: self._tell_state())
        self.folder.clicked.connect(self._show_folder)
        self.results.save.clicked.connect(self._save)
        self.results.stop.clicked.connect(self._begin_anew)

    @override
    def first_focus(self) -> QWidget | None:
        if self.stack.currentIndex() == RESULT:
            return self.results.table
        return self.form.choose if self.versions.version else self.empty.ways[0]

    @override
    def look_again(self) -> None:
        db = self.session.db
        self.versions.set_versions(list_model_versions(db))
        self.form.set_datasets(texts_of(db))
        if self.stack.currentIndex() in (FORM, NO_MODEL):
            self.stack.setCurrentIndex(FORM if self.versions.version else NO_MODEL)
        self._show_earlier()
        self._tell_state()

    @property
    def is_predicting(self) -> bool:
        """Tell whether a file is being written."""
        return self._task is not None and not self._task.is_over

    def _show_earlier(self) -> None:
        running = self._request.out if self._request and self.is_predicting else None
        self.earlier.show_files(look_for(list_predicted_files(self.session.db)), running=running)

    def _show_page(self, page: int) -> None:
        self.stack.setCurrentIndex(page)
        self._tell_state()

    def _tell_state(self) -> None:
        page = self.stack.currentIndex()
        shown: dict[Button, tuple[int, ...]] = {
            self.another: (RESULT, WRITTEN),
            self.back: (USE,),
            self.folder: (RESULT, WRITTEN),
            self.start: (FORM, NO_MODEL),
            self.use: (RESULT,),
            self.accept: (USE,),
        }
        for one, pages in shown.items():
            one.setVisible(page in pages)
        primaries = {RESULT: self.use, USE: self.accept, WRITTEN: self.folder}
        self.footer.primary = primaries.get(page, self.start)
        match page:
            case 2:
                self._tell_of_results()
            case 3:
                self._tell_of_use()
            case 4:
                self.footer.set_note(_("The file that was read is as it was."))
            case _:
                self._tell_of_form()

    def _tell_of_form(self) -> None:
        missing = ""
        if not self.versions.version:
            missing = _("No model is trained yet.")
        elif self.is_predicting:
            missing = _("The file is being predicted. You can go on working.")
        elif self.form.is_of_dataset and self.form.n_texts is None:
            missing = _("There are no texts in the app yet.")
        elif self.form.request(self.versions.version) is None:
            missing = _("Choose a file with a text in every row.")
        n_rows = self.form.n_texts
        label = _("Predict {texts}").format(texts=texts(n_rows)) if n_rows else _("Predict")
        self.start.setText(label)
        self.start.set_enabled(enabled=not missing, why_not=missing)
        self.footer.set_note(missing or _("What is read stays as it is."))

    def _tell_of_results(self) -> None:
        found = self.results.found
        n = found.n_found if found else 0
        self.use.setText(_("Use {texts}…").format(texts=texts(n)) if n else _("Use these texts…"))
        missing = "" if n else _("No text is left by the filters.")
        if found is None:
            missing = _("The file is being read.")
        self.use.set_enabled(enabled=bool(n), why_not=missing)
        self.footer.set_note(_("The file that was read is as it was.") if n else missing)

    def _tell_of_use(self) -> None:
        request, missing = self.use_page.request(), ""
        if request.adds_texts and not request.dataset:
            missing = _("Give the dataset a name.")
        elif self._using and not self._using.is_over:
            missing = _("The texts are being labelled. You can go on working.")
        self.accept.setText(_("Use {texts}").format(texts=texts(self.use_page.n_texts)))
        self.accept.set_enabled(enabled=not missing, why_not=missing)
        self.footer.set_note(missing or _("The file stays as it is."))

    # -- predicting -------------------------------------------------------------------------------
    def _predict(self) -> None:
        version = self.versions.version
        request = self.form.request(version) if version else None
        if version is not None and request is not None:
            self._is_writer = version.is_writer
            self._start(request)

    def _go_on(self, out: Path) -> None:
        request = unfinished(out)
        if request is None or self.is_predicting:
            return
        versions = list_model_versions(self.session.db)
        asked = [v for v in versions if (v.model, v.number) == (request.model, request.number)]
        self._is_writer = bool(asked) and asked[0].is_writer
        self._start(request)

    def _start(self, request: PredictRequest) -> None:
        self.form.show_problem(None)
        title = _("Predicting “{file}”").format(file=request.source)
        self._request = request
        task = self.session.start(predict, request, title=title)
        task.succeeded.connect(self._show_result)
        task.failed.connect(self._show_error)
        task.ended.connect(self._settle)
        self._task = task
        self._show_earlier()
        self._tell_state()

    def _settle(self) -> None:
        self._show_earlier()
        self._tell_state()

    def _show_result(self, result: PredictResult) -> None:
        if self._is_writer:
            self._drop_written()
            self.stack.addWidget(clip(step_body(WrittenPage(result), None)))
            self._out = result.out
            self._show_page(WRITTEN)
            self.lead_on(self.folder)
            return
        request = self._request
        is_of_file = request is not None and not request.dataset
        self._look_into(result.out, request.mapping.text if request and is_of_file else "text")

    def _show_error(self, error: Exception) -> None:
        if isinstance(error, UserError):  # the window tells of the others
            self.form.show_problem(error)

    def _begin_anew(self) -> None:
        self.results.forget()
        self._drop_written()
        self._show_page(FORM if self.versions.version else NO_MODEL)
        self._show_earlier()

    def _drop_written(self) -> None:
        page = self.stack.widget(WRITTEN)
        if page:
            self.stack.removeWidget(page)
            page.deleteLater()

    # -- looking into files -----------------------------------------------------------------------
    def _open_file(self, file: PredictedFile) -> None:
        self._look_into(file.path, file.text_column)

    def _choose_predicted(self) -> None:
        path = boxes.choose_file(self, _("Choose a predicted file"), file_kinds())
        if path:
            self._look_into(path, "")

    def _look_into(self, path: Path, text_column: str) -> None:
        self._out = path
        numbers = {concept.name: concept.colour for concept in list_concepts(self.session.db)}
        self.results.open(path, text_column, numbers)
        self._show_page(RESULT)
        self.lead_on(self.results.table)

    def _show_folder(self) -> None:
        if self._out:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._out.parent)))

    def _save(self) -> None:
        results = self.results
        place = results.path.with_name(f"{results.path.stem}-chosen.csv")
        out = boxes.choose_save_file(self, _("Save these texts"), str(place), OUT_KINDS)
        if out is None:
            return
        request = SaveRequest(results.path, out, results.text, results.wanted)
        title = _("Writing “{file}”").format(file=out.name)
        self.session.start(save_predictions, request, title=title)

    # -- using them -------------------------------------------------------------------------------
    def _begin_use(self) -> None:
        self.use_page.begin()
        self._show_page(USE)
        self.lead_on(self.use_page.accept)

    def _use(self) -> None:
        title = _("Using the answers in “{file}”").format(file=self.results.path.name)
        task = self.session.start(use_predictions, self.use_page.request(), title=title)
        task.succeeded.connect(self._show_used)
        task.ended.connect(self._tell_state)
        self._using = task
        self._tell_state()

    def _show_used(self, _result: UseResult) -> None:
        self._show_page(RESULT)
