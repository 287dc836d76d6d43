"""Step 1: the app, where it is kept, and what is in it."""

from datetime import datetime

from PySide6.QtCore import QDate, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.changes import Changes
from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.rename_app import rename_app
from core.storage.about import get_about
from core.storage.backups import list_backups
from core.storage.concepts import list_concepts
from core.storage.datasets import list_datasets
from core.storage.models import list_model_versions
from core.storage.versions import list_versions
from desktop.screens.app.name_field import NameField
from desktop.screens.app.steps_list import step_lines
from desktop.session import Session
from desktop.theme.tokens import S3
from desktop.widgets.buttons import button
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import Hairline, clip, column, row, step_body
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.wording import concepts, locale, moment_within, number, texts

FACT_NAME = 120


class AppScreen(StepScreen):
    """The open app; its name can be changed, and every step opened from here."""

    SHOWS = ~Changes.JOBS
    IS_OF_FILES = True  # of backups, which are also made before risky steps and elsewhere

    def __init__(self, session: Session) -> None:
        """Show the app of the session."""
        super().__init__(session)
        self.name = NameField()
        self.name.renamed.connect(self._rename)
        self.next = button(_("Next: Dataset"), "primary", "arrow-right", trailing=True)
        self.next.clicked.connect(lambda: self.asked_for.emit("dataset"))
        self.folder_button = button(_("Show folder"), "link")
        self.folder_button.clicked.connect(self._show_folder)
        self.elsewhere = button(_("Copy, merge or take along"), "link")
        self.elsewhere.setToolTip(_("Copy the app to a file, merge a copy, take models along"))
        self.elsewhere.clicked.connect(lambda: self.asked_for.emit("elsewhere"))
        self.keeping = button(_("Backups and repair"), "link")
        self.keeping.clicked.connect(lambda: self.asked_for.emit("keeping"))
        self.facts: dict[str, str] = {}
        self._facts = QWidget()
        self._facts_layout = QVBoxLayout(self._facts)
        self._facts_layout.setContentsMargins(0, 0, 0, 0)
        self._facts_layout.setSpacing(0)
        self.lay_out(clip(self._body()), FooterBar(self.next))
        QShortcut(QKeySequence("F2"), self).activated.connect(self.name.edit)

    def look_again(self) -> None:
        """Show the app as it is now."""
        name = get_about(self.session.db, "name", self.session.name)
        if name != self.name.name():
            self.name.set_name(name)
        self._show_facts()
        n_texts = sum(dataset.n_inputs for dataset in list_datasets(self.session.db))
        self.footer.set_note(
            _("Your work is saved by itself, in the folder of this app.")
            if n_texts
            else _("The first step is to add texts. Ten of each kind are enough to begin.")
        )

    def first_focus(self) -> QWidget:
        """Return the way on."""
        return self.next

    def _body(self) -> QWidget:
        lead = _("An app holds texts, what they are about, and the models that learned it.")
        self.steps = step_lines()
        for line in self.steps:
            line.clicked.connect(lambda _on=False, key=line.key: self.asked_for.emit(key))
        return step_body(
            column(self.name, wrapped(lead, "body", "ink_2"), gap=4),
            *(S3, self._facts, 8, row(self.elsewhere, self.keeping, None, gap=24), S3),
            *(text(_("The way to your model"), "heading"), 4, column(*self.steps, gap=0), None),
            gap=0,
            most=880,
        )

    def _show_facts(self) -> None:
        while item := self._facts_layout.takeAt(0):
            if widget := item.widget():
                if self.folder_button.parentWidget() is widget:
                    self.folder_button.setParent(None)
                widget.deleteLater()
        self.facts = self._read_facts()
        self._facts_layout.addWidget(Hairline())
        for name, value in self.facts.items():
            self._facts_layout.addWidget(_fact(name, text(value, "small", "ink")))
        place = Elided(str(self.session.app.path), "small", "ink", middle=True)
        self._facts_layout.addWidget(_fact(_("Kept in"), place, self.folder_button))
        backups = Elided(self._backup_words(), "small", "ink")
        self._facts_layout.addWidget(_fact(_("Backups"), backups))
        self._facts_layout.addWidget(Hairline())

    def _read_facts(self) -> dict[str, str]:
        db = self.session.db
        datasets, models = list_datasets(db), list_model_versions(db)
        n_versions = sum(len(list_versions(db, dataset.id)) for dataset in datasets)
        facts = {
            _("Texts"): texts(sum(dataset.n_inputs for dataset in datasets)),
            _("Concepts"): concepts(len(list_concepts(db))),
            _("Datasets"): _datasets(len(datasets), n_versions),
            _("Models"): _models(len({version.model for version in models}), len(models)),
        }
        if created := get_about(db, "created"):
            facts[_("Made on")] = _date(datetime.fromisoformat(created).astimezone())
        return facts

    def _backup_words(self) -> str:
        backups = list_backups(self.session.app.backups)
        if not backups:
            return _("No backup yet")
        return _("Last one: {when}").format(when=moment_within(backups[0].created))

    def _rename(self, wish: str) -> None:
        try:
            self.session.name = self.session.do(rename_app, wish).name
        except UserError as error:
            self.name.show_error(error)
            return
        self.name.set_name(self.session.name)

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.session.app.path)))


def _fact(name: str, value: QWidget, *actions: QWidget) -> QWidget:
    stretch = 1 if isinstance(value, Elided) else 0
    label = text(name, "small", "ink_3", width=FACT_NAME)
    spare = [] if stretch else [None]
    line = row(label, (value, stretch), *actions, *spare, gap=0)
    line.setFixedHeight(30)
    return line


def _datasets(n_datasets: int, n_versions: int) -> str:
    found = ngettext("{n} dataset", "{n} datasets", n_datasets).format(n=number(n_datasets))
    if not n_versions:
        return _("{datasets}, no version yet").format(datasets=found)
    versions = ngettext("{n} version", "{n} versions", n_versions).format(n=number(n_versions))
    return f"{found}, {versions}"


def _models(n_models: int, n_versions: int) -> str:
    if not n_models:
        return _("No model yet")
    found = ngettext("{n} model", "{n} models", n_models).format(n=number(n_models))
    versions = ngettext("{n} version", "{n} versions", n_versions).format(n=number(n_versions))
    return f"{found}, {versions}"


def _date(when: datetime) -> str:
    return locale().toString(QDate(when.year, when.month, when.day), "d MMMM yyyy")
