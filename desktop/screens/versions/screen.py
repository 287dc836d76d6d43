"""Versions: the datasets of the app, their frozen versions, and what changed between two."""

from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.operations.compare_versions import CompareRequest, CompareResult, compare, count
from core.operations.edit_datasets import (
    DatasetDeletion,
    DatasetEdit,
    DatasetRequest,
    NewDataset,
    VersionDeletion,
    VersionEdit,
    VersionInUseError,
    edit_datasets,
)
from core.operations.freeze_dataset import FreezeRequest, FreezeResult, freeze_dataset
from core.records import Dataset, DatasetVersion
from core.storage.datasets import list_datasets
from core.storage.filters import InputFilter
from core.storage.version_reports import VersionCounts, count_version, list_labelled_only
from core.storage.versions import is_version_used, list_version_input_ids, list_versions
from desktop import boxes
from desktop.asking import Asking
from desktop.screens.versions.compare_page import ComparePage
from desktop.screens.versions.list_page import ListPage
from desktop.screens.versions.texts_page import TextsPage
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.footer import FooterBar
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.wording import counted_texts, number

FEW = 20_000  # texts that are counted at once
MANY = 500  # texts, from which deleting them is a job


class VersionsScreen(StepScreen):
    """Three pages: the versions of a dataset, the texts of one, and two of them compared."""

    SHOWS = Changes.DATASETS | Changes.INPUTS | Changes.ANNOTATIONS | Changes.CONCEPTS

    def __init__(self, session: Session) -> None:
        """Show nothing yet; `look_again` reads the app."""
        super().__init__(session)
        self.datasets: list[Dataset] = []
        self._dataset_id = self._version_id = 0
        self._counts: dict[int, VersionCounts] = {}  # a frozen version is counted once
        self._comparing = Asking(session)
        self._compared: CompareResult | None = None
        self._came_from: QWidget | None = None
        self.list, self.texts, self.compare = ListPage(), TextsPage(session.db), ComparePage()
        self.stack = QStackedWidget()
        for page in (self.list, self.texts, self.compare):
            self.stack.addWidget(page)
        self.to_texts = button(_("Show the texts"))
        self.freeze = button(_("Freeze a new version"), "primary", "layers")
        self.lay_out(self.stack, FooterBar(self.to_texts, self.freeze))
        self._connect()

    def _connect(self) -> None:
        page, details = self.list, self.list.details
        page.dataset_chosen.connect(self._choose_dataset)
        page.version_chosen.connect(self._show_version)
        page.new_asked.connect(self._make_dataset)
        page.rename_asked.connect(self._rename_dataset)
        page.deletion_asked.connect(self._delete_dataset)
        page.described.connect(self._describe_dataset)
        page.table.row_opened.connect(lambda _place: self._open_version())
        details.described.connect(self._describe_version)
        details.open_asked.connect(self._open_version)
        details.compare_asked.connect(self._open_compare)
        details.export_asked.connect(self._export)
        details.train_asked.connect(self._train)
        details.deletion_asked.connect(self._delete_version)
        self.texts.left.connect(self._leave_texts)
        self.compare.left.connect(lambda: self._open_page(self.list))
        self.compare.versions_chosen.connect(self._compare)
        self.compare.texts_asked.connect(self._show_differing)
        self.compare.labels_asked.connect(self._show_relabelled)
        self.to_texts.clicked.connect(self._show_dataset)
        self.freeze.clicked.connect(self._freeze)

    @override
    def first_focus(self) -> QWidget | None:
        return self.list.table if self.list.versions.n_rows else self.freeze

    @override
    def look_again(self) -> None:
        self.datasets = list_datasets(self.session.db)
        ids = [dataset.id for dataset in self.datasets]
        place = ids.index(self._dataset_id) if self._dataset_id in ids else 0
        self._dataset_id = ids[place]
        self.list.show_datasets(self.datasets, place)
        versions = list_versions(self.session.db, self._dataset_id)
        self.list.show_versions(versions, self._version_id)
        self._tell_state(len(versions))

    @property
    def dataset(self) -> Dataset:
        """The dataset that is shown."""
        return next(found for found in self.datasets if found.id == self._dataset_id)

    @property
    def version(self) -> DatasetVersion:
        """The chosen version; asked for only where there is one."""
        version = self.list.version
        assert version is not None
        return version

    def _tell_state(self, n_versions: int) -> None:
        n = self.dataset.n_inputs
        why = "" if n else _("“{name}” has no texts yet.").format(name=self.dataset.name)
        self.freeze.set_enabled(enabled=bool(n), why_not=why)
        if why:
            self.footer.set_note(why, "warn", "circle-alert")
        elif not n_versions:
            words = _("Freezing keeps {texts} with their labels and splits.")
            self.footer.set_note(words.format(texts=counted_texts(n)))
        else:
            self.footer.set_note(_("Training freezes a version by itself where something changed."))

    # -- datasets ---------------------------------------------------------------------------------
    def _choose_dataset(self, place: int) -> None:
        self._dataset_id = self.datasets[place].id
        self.look_again()

    def _make_dataset(self) -> None:
        name = boxes.ask_text(self, _("New dataset"), _("Name"), act=_("Make dataset"))
        if name and self._do(NewDataset(name)):
            newest = max(list_datasets(self.session.db), key=lambda dataset: dataset.id)
            self._dataset_id = newest.id
            self.look_again()

    def _rename_dataset(self) -> None:
        dataset = self.dataset
        name = boxes.ask_text(self, _("Rename dataset"), _("Name"), dataset.name)
        if name:
            self._do(DatasetEdit(dataset.name, name, dataset.description))

    def _describe_dataset(self, description: str) -> None:
        self._do(DatasetEdit(self.dataset.name, self.dataset.name, description))

    def _delete_dataset(self) -> None:
        name = self.dataset.name
        if len(self.datasets) == 1:
            self.footer.set_note(
                _("It is the only dataset of the app, and cannot be deleted."), "warn"
            )
        elif self._do(DatasetDeletion(name)):
            words = _("The dataset “{name}” is deleted; its texts stay. Ctrl+Z takes that back.")
            self.footer.set_note(words.format(name=name), "good", "circle-check")

    # -- versions ---------------------------------------------------------------------------------
    def _show_version(self, version: DatasetVersion | None) -> None:
        self.list.details.show_version(version)
        if version is None:
            return
        self._version_id = version.id
        if version.id not in self._counts and version.n_inputs > FEW:
            task = self.session.ask(count, version.id)
            task.succeeded.connect(lambda counts: self._keep_counts(version.id, counts))
            return
        self._keep_counts(
            version.id, self._counts.get(version.id) or count_version(self.session.db, version.id)
        )

    def _keep_counts(self, version_id: int, counts: VersionCounts) -> None:
        self._counts[version_id] = counts
        if version_id == self._version_id:
            self.list.details.set_counts(counts)

    def _freeze(self) -> None:
        request, title = FreezeRequest(self.dataset.name), _("Freezing a version")
        task = self.session.start(freeze_dataset, request, title=title)
        self.freeze.setEnabled(False)
        task.succeeded.connect(self._tell_frozen)
        task.ended.connect(lambda: self.freeze.setEnabled(self.dataset.n_inputs > 0))

    def _tell_frozen(self, result: FreezeResult) -> None:
        self._version_id = result.version.id
        self.look_again()
        words = _("Nothing has changed since version {n}, so it stands for now.")
        if result.is_new:
            words = _("Version {n} is frozen. Say what it is for, if you like.")
            self.lead_on(self.list.details.description)
        shown = words.format(n=number(result.version.number))
        self.footer.set_note(shown, "good", "circle-check")

    def _describe_version(self, description: str) -> None:
        self._do(VersionEdit(self.dataset.name, self.version.number, description))

    def _delete_version(self) -> None:
        version = self.version
        if is_version_used(self.session.db, version.id):
            boxes.show_error(self, VersionInUseError(version.number))
            return
        question = _("Delete version {n}?").format(n=number(version.number))
        meaning = _(
            "This is final: what was frozen cannot be had again. Your texts and labels stay as "
            "they are now."
        )
        if not boxes.ask(self, question, meaning, _("Delete version")):
            return
        request = VersionDeletion(self.dataset.name, version.number)
        if version.n_inputs > MANY:
            self.session.start(edit_datasets, request, title=_("Deleting a version"))
        else:
            self._do(request)

    def _export(self) -> None:
        self.session.to_export = (self.dataset.name, self.version.number)
        self.asked_for.emit("dataset")

    def _train(self) -> None:
        self.session.train_from = (self.dataset.name, self.version.number)
        self.asked_for.emit("settings")

    # -- texts and differences --------------------------------------------------------------------
    def _open_page(self, page: QWidget) -> None:
        self.stack.setCurrentWidget(page)
        self.footer.setVisible(page is self.list)

    def _open_version(self) -> None:
        version = self.version
        self._came_from = self.list
        self._open_page(self.texts)
        self.texts.show_texts(version, list_version_input_ids(self.session.db, version))

    def _leave_texts(self) -> None:
        self._open_page(self._came_from or self.list)

    def _open_compare(self) -> None:
        """Compare the chosen version with the one before it, or with any other."""
        db, new = self.session.db, self.version
        here = list_versions(db, self._dataset_id)
        elsewhere = [d.id for d in self.datasets if d.id != self._dataset_id]
        known = here + [v for dataset_id in elsewhere for v in list_versions(db, dataset_id)]
        before = [version for version in here if version.number < new.number]
        self._open_page(self.compare)
        self.compare.offer(known, before[0] if before else new, new)

    def _compare(self, old: DatasetVersion, new: DatasetVersion) -> None:
        request = CompareRequest(old.dataset, old.number, new.number, new.dataset)
        self._comparing.ask(self._show_compared, compare, request)

    def _show_compared(self, result: CompareResult) -> None:
        self._compared = result
        self.compare.show_result(result)

    def _show_differing(self, key: str) -> None:
        """Show inputs in the dataset; those that went are read in the version that had them."""
        assert self._compared is not None
        ids = getattr(self._compared.diff, key)
        if key != "removed":
            self._show_inputs(ids)
            return
        self._came_from = self.compare
        self._open_page(self.texts)
        self.texts.show_texts(self._compared.old, ids, _("Texts removed since"))

    def _show_relabelled(self, concept: str, came: bool) -> None:  # noqa: FBT001  # Qt's signal
        assert self._compared is not None
        old, new = self._compared.old, self._compared.new
        one, other = (new, old) if came else (old, new)
        self._show_inputs(list_labelled_only(self.session.db, one.id, other.id, concept))

    def _show_inputs(self, ids: tuple[int, ...]) -> None:
        self.session.to_show = InputFilter(ids=ids)
        self.asked_for.emit("dataset")

    def _show_dataset(self) -> None:
        self.session.to_show = InputFilter(dataset_id=self._dataset_id)
        self.asked_for.emit("dataset")

    def _do(self, request: DatasetRequest) -> bool:
        """Change the datasets; return False if that was refused, which the analyst was told."""
        try:
            self.session.do(edit_datasets, request)
        except UserError as error:
            boxes.show_error(self, error)
            self.look_again()
            return False
        return True
