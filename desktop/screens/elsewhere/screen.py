"""Elsewhere: copy and merge the app, take its models along, bring them back."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.app_folder import folder_name
from core.changes import Changes
from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.export_app import SUFFIX, ExportAppRequest, export_app
from core.operations.export_model import ExportModelRequest, export_model
from core.operations.import_model import ImportModelRequest, import_model
from core.operations.merge_app import (
    MergeAppRequest,
    MergeAppResult,
    NotACopyError,
    merge_app,
)
from core.operations.settle import (
    DisagreementsRequest,
    SettleRequest,
    export_disagreements,
    settle_disagreements,
)
from core.storage.merges import (
    KINDS,
    MergeMissingError,
    count_open,
    get_merge,
    list_disagreements,
    list_merges,
)
from core.storage.models import list_model_versions
from core.wording import number
from desktop import boxes
from desktop.screens.elsewhere.merge_page import MergePage
from desktop.screens.elsewhere.ways import WaysPage
from desktop.session import Session
from desktop.theme.tokens import S4
from desktop.widgets.breadcrumb import Breadcrumb
from desktop.widgets.buttons import button
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import column
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.versions import version_name

SHOWN = 500  # texts to settle at once; the others follow
MANY = 100  # texts, from which on settling is a job


class ElsewhereScreen(StepScreen):
    """The ways in and out of the app, and what came of merging a copy."""

    SHOWS = ~Changes.JOBS

    def __init__(self, session: Session) -> None:
        """Show the app of the session."""
        super().__init__(session)
        self.ways, self.merged = WaysPage(), MergePage()
        self.stack = QStackedWidget()
        for page in (self.ways, self.merged):
            self.stack.addWidget(page)
        self.back = button(_("Back"), icon_name="arrow-left")
        self.where = Breadcrumb(_("App"), _("Copy, merge or take along"))
        above = column(self.where, margins=(S4, 14, S4, 0))
        self.lay_out(column(above, (self.stack, 1), gap=0), FooterBar(self.back))
        self.footer.primary = None  # nothing here leads on
        self._merge_id = 0
        self._connect()
        self._show_ways()

    def look_again(self) -> None:
        """Show the models and merges that there are now."""
        self.ways.show_models(list_model_versions(self.session.db))
        self.ways.show_merges(list_merges(self.session.db))
        if self._merge_id:
            self._show_merge(self._merge_id)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.session.to_take:
            self._show_ways()
            self.ways.choose(self.session.to_take)
            self.session.to_take = 0

    @override
    def first_focus(self) -> QWidget:
        shown = self.stack.currentWidget()
        return self.ways.copy if shown is self.ways else self.merged.texts

    def _connect(self) -> None:
        ways, merged = self.ways, self.merged
        ways.copy_asked.connect(self._copy)
        ways.merge_asked.connect(self._merge)
        ways.take_asked.connect(self._take)
        ways.bring_asked.connect(self._bring)
        ways.merge_chosen.connect(self._show_merge)
        merged.settle_asked.connect(self._settle)
        merged.narrowed.connect(lambda: self._show_merge(self._merge_id))
        merged.table_asked.connect(self._save_table)
        self.back.clicked.connect(self._show_ways)
        self.where.back.clicked.connect(lambda: self.asked_for.emit("app"))

    def _show_ways(self) -> None:
        self._merge_id = 0
        self.stack.setCurrentWidget(self.ways)
        self.back.hide()
        self.footer.set_note(_("Nothing is sent anywhere: files are written where you say."))

    def _show_merge(self, merge_id: int) -> None:
        db = self.session.db
        try:
            merge = get_merge(db, merge_id)
        except MergeMissingError:  # it was undone
            self._show_ways()
            return
        kinds, n_of = self.merged.kinds, count_open(db, merge_id)
        if merge_id != self._merge_id or not any(n_of[kind] for kind in kinds):
            kinds = self.merged.kinds = KINDS
        self._merge_id = merge_id
        found = list_disagreements(db, merge_id, only_open=True, kinds=kinds, limit=SHOWN)
        self.merged.show(merge, found, n_of)
        self.stack.setCurrentWidget(self.merged)
        self.back.show()
        if not self.merged.texts.hasFocus():
            self.lead_on(self.merged.texts if self.merged.open_ones else self.back)
        self.footer.set_note(_("The merge is one step: undo takes it back."))

    def _copy(self) -> None:
        kinds = _("Copies of apps") + f" (*{SUFFIX})"
        suggestion = f"{folder_name(self.session.name)}{SUFFIX}"
        path = boxes.choose_save_file(self, _("Copy this app to a file"), suggestion, kinds)
        if path:
            title = _("Copying the app to “{file}”").format(file=path.name)
            self.session.start(export_app, ExportAppRequest(path), title=title)

    def _merge(self, is_folder: bool) -> None:  # noqa: FBT001  # from a signal
        title = _("Merge with a colleague's copy")
        kinds = _("Copies of apps") + f" (*{SUFFIX} *.zip)"
        path = self._chosen(title, kinds, is_folder=is_folder)
        if path:
            words = _("Merging “{file}”").format(file=path.name)
            self._start_merge(MergeAppRequest(path), words)

    def _start_merge(self, request: MergeAppRequest, title: str) -> None:
        task = self.session.start(merge_app, request, title=title)
        task.succeeded.connect(self._show_merged)
        task.failed.connect(lambda error: self._ask_if_meant(request, title, error))

    def _ask_if_meant(self, request: MergeAppRequest, title: str, error: Exception) -> None:
        """Ask what shall become of an app that is no copy of this one."""
        if isinstance(error, NotACopyError) and boxes.ask(
            self,
            _("Merge with “{name}”, which is no copy of this app?").format(name=error.name),
            _not_a_copy(error),
            _("Merge them anyway"),
        ):
            self._start_merge(replace(request, is_sure=True), title)

    def _show_merged(self, result: MergeAppResult) -> None:
        self._show_merge(result.merge_id)

    def _take(self, is_zip: bool) -> None:  # noqa: FBT001
        version = self.ways.version
        if version is None:
            return
        name = folder_name(version_name(version))
        title = _("Take this model elsewhere")
        if is_zip:
            path = boxes.choose_save_file(self, title, f"{name}.zip", "ZIP (*.zip)")
            to = path.with_suffix(".zip") if path else None
        else:
            above = boxes.choose_folder(self, _("Where to put the folder of the model"))
            to = _free(above / name) if above else None
        if to:
            request = ExportModelRequest(
                version.model,
                to,
                version.number,
                has_onnx=self.ways.onnx.isChecked(),
                has_examples=self.ways.examples.isChecked(),
            )
            words = _("Writing “{model}”").format(model=version.model)
            self.session.start(export_model, request, title=words)

    def _bring(self, is_folder: bool) -> None:  # noqa: FBT001
        path = self._chosen(_("Bring a model back"), "ZIP (*.zip)", is_folder=is_folder)
        if path:
            words = _("Bringing back “{file}”").format(file=path.name)
            self.session.start(import_model, ImportModelRequest(path), title=words)

    def _chosen(self, title: str, kinds: str, *, is_folder: bool) -> Path | None:
        if is_folder:
            return boxes.choose_folder(self, title)
        return boxes.choose_file(self, title, kinds)

    def _settle(self, side: str, input_ids: tuple[int, ...] | None) -> None:
        is_all, kinds = input_ids is None, self.merged.kinds
        match side:
            case "ours" | "theirs" | "both":
                request = SettleRequest(self._merge_id, side, input_ids or (), is_all, kinds)
        n_texts = self.merged.n_open if input_ids is None else len(input_ids)
        if n_texts > MANY:
            self.session.start(settle_disagreements, request, title=_("Settling texts"))
            return
        try:
            self.session.do(settle_disagreements, request)
        except UserError as error:
            boxes.show_error(self, error)

    def _save_table(self) -> None:
        kinds = "CSV (*.csv)"
        path = boxes.choose_save_file(self, _("Save as CSV"), "to-settle.csv", kinds)
        if path:
            request = DisagreementsRequest(self._merge_id, path)
            self.session.start(export_disagreements, request, title=_("Writing texts"))


def _not_a_copy(error: NotACopyError) -> str:
    """Say with numbers what merging it would do."""
    words = ngettext(
        "It has {n} text, of which {common} is in this app, too.",
        "It has {n} texts, of which {common} are in this app, too.",
        error.n_texts,
    )
    told = words.format(n=number(error.n_texts), common=number(error.n_common))
    n_new = error.n_texts - error.n_common
    adds = _("Its concepts and labels would be added.")
    if n_new:
        adds = ngettext(
            "{n} text would be added, and all its concepts.",
            "{n} texts would be added, and all its concepts.",
            n_new,
        ).format(n=number(n_new))
    back = _("The app is backed up before, and undo takes it back.")
    return f"{told} {adds} {back}"


def _free(path: Path) -> Path:
    """Return the path, or one with a number where something is there already."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}-{number}")
    return found
