"""Check data: what is wrong with the texts and labels, and one click to put it right."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.check_data import CheckRequest, check_data
from core.operations.finding_kinds import CURES
from core.operations.remedy import (
    DismissRequest,
    RemedyRequest,
    RemedyResult,
    dismiss,
    remedy,
)
from core.operations.review_findings import Review, ReviewRequest, review, review_findings
from core.records import Dataset
from core.storage.concepts import list_concepts
from core.storage.data_checks import CONCEPT_KINDS, DataCheck, find_check
from core.storage.database import TookTooLongError, within
from core.storage.datasets import list_datasets
from core.storage.filters import InputFilter
from core.storage.steps import find_last_step_id
from desktop import boxes
from desktop.asking import Asking
from desktop.runner import Task
from desktop.screens.data_check.intro import intro
from desktop.screens.data_check.kind_list import KindList
from desktop.screens.data_check.kind_page import KindPage
from desktop.screens.data_check.running import RunningPage
from desktop.session import Session
from desktop.theme.tokens import S1, S2, S3, S4
from desktop.widgets.buttons import Button, button
from desktop.widgets.choices import Select
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import Hairline, clip, column, row, step_body
from desktop.widgets.message_panel import success_line
from desktop.widgets.step_screen import StepScreen, put_in_front
from desktop.widgets.text import Elided, heading, text, wrapped
from desktop.widgets.wording import counted_texts, duration, moment, number

MANY = 200  # findings, from which on a remedy goes to the background
PATIENCE_S = 0.1


class DataCheckScreen(StepScreen):
    """Checks a dataset, and shows what was found kind by kind."""

    SHOWS = Changes.INPUTS | Changes.ANNOTATIONS | Changes.CONCEPTS | Changes.DATASETS

    def __init__(self, session: Session) -> None:
        """Show the newest check of the first dataset, or what a check would look for."""
        super().__init__(session)
        self.datasets: list[Dataset] = []
        self.chooser = Select(kind="filter", name=_("Dataset"), width=180)
        self.kinds, self.page = KindList(), KindPage(session.db)
        self.start = button(_("Check the data"), "primary", "search")
        self.again = button(_("Check again"), "secondary", "rotate-cw")
        self.stop = button(_("Stop"), "danger", "square", tip=_("Stop (Ctrl+.)"))
        self.other_cure = button("")
        self.cure_all = button("", "primary")
        self._buttons = (self.again, self.stop, self.other_cure, self.start, self.cure_all)
        self._when, self._note = Elided("", "small", "ink_2"), ""
        self._noted_at = find_last_step_id(session.db)
        self._check: DataCheck | None = None
        self._review = Review()
        self._task: Task | None = None
        self._reviewing = Asking(session)
        self._is_fresh = True  # the worst kind is shown first
        self.stack = QStackedWidget()
        self._result = self._result_page()
        self.stack.addWidget(self._result)
        self.lay_out(self.stack, FooterBar(*self._buttons))
        self._connect()

    def _result_page(self) -> QWidget:
        top = row(text(_("Check data"), "title"), (self._when, 1), self.chooser, gap=S2)
        left = clip(self.kinds)
        left.setFixedWidth(self.kinds.width() + 12)
        words = _("None of the defects that are looked for is in these texts and labels.")
        self._clean = column(success_line(_("Nothing was found")), wrapped(words), None, gap=4)
        right = row((self.page, 1), (self._clean, 1), gap=0)
        work = row(left, Hairline(vertical=True), (right, 1), gap=S2)
        return column(top, 12, (work, 1), gap=0, margins=(S4, 12, S4, S1))

    def _connect(self) -> None:
        self.start.clicked.connect(self._run_check)
        self.again.clicked.connect(self._run_check)
        self.stop.clicked.connect(self._stop)
        self.chooser.currentIndexChanged.connect(self._choose_dataset)
        self.kinds.chosen.connect(self._choose_kind)
        self.page.changed.connect(self._look_at_findings)
        self.page.cure_asked.connect(self._cure)
        self.page.dismiss_asked.connect(self._dismiss)
        self.page.show_asked.connect(self._show_in_dataset)
        self.cure_all.clicked.connect(lambda: self._cure_all(0))
        self.other_cure.clicked.connect(lambda: self._cure_all(1))

    @override
    def first_focus(self) -> QWidget | None:
        if self._is_running():
            return self.stop
        if self.stack.currentWidget() is not self._result:
            return self.start
        return self.again if self.page.table.isHidden() else self.page.table

    @property
    def dataset(self) -> Dataset:
        """The dataset that is checked."""
        return self.datasets[max(0, self.chooser.currentIndex())]

    # -- which page ------------------------------------------------------------------------------
    @override
    def look_again(self) -> None:
        db = self.session.db
        if self._noted_at != find_last_step_id(db):
            self._note = ""  # what it says was undone, or something else was done
        self.datasets = list_datasets(db)
        self._show_datasets()
        if self._is_running():
            return
        self._check = find_check(db, self.dataset.id)
        if self._check is None:
            self._show_intro()
        else:
            self._look_at_findings()

    def _is_running(self) -> bool:
        return self._task is not None and not self._task.is_over

    def _show_datasets(self) -> None:
        names = [dataset.name for dataset in self.datasets]
        chosen = self.chooser.currentText()
        with QSignalBlocker(self.chooser):
            self.chooser.clear()
            self.chooser.addItems(names)
            self.chooser.setCurrentIndex(max(0, self.chooser.findText(chosen)))
        self.chooser.setVisible(len(names) > 1)

    def _choose_dataset(self) -> None:
        self._is_fresh = True
        self.look_again()

    def _show_intro(self) -> None:
        has_texts = self.dataset.n_inputs > 0
        if has_texts:
            body = column(heading(_("Check data")), S3, intro(self.dataset), None, gap=0)
        else:
            empty = EmptyState(
                _("Nothing to check yet"),
                _("Once there are texts, this page finds what is wrong with them."),
                [Way("dataset", "file-plus-2", _("Open Dataset"), _("Add texts from a file"))],
            )
            empty.way_chosen.connect(self.asked_for)
            middle = row(None, empty, None)
            body = column(heading(_("Check data")), None, middle, None, None)
        self._show(clip(step_body((body, 1), most=1240 if has_texts else 4000)))
        self._offer(self.start)
        self.start.set_enabled(enabled=has_texts, why_not=_("There are no texts yet."))
        note = _("You can go on working meanwhile.") if has_texts else _("There are no texts yet.")
        self.footer.set_note(self._note or note)

    def _show(self, page: QWidget) -> None:
        put_in_front(self.stack, page, kept=self._result)

    def _offer(self, *offered: Button) -> None:
        for one in self._buttons:
            one.setVisible(one in offered)
        self.footer.primary = self.start if self.start in offered else self.cure_all

    # -- a check ---------------------------------------------------------------------------------
    def _run_check(self) -> None:
        self._note = ""
        title = _("Checking the data")
        request = CheckRequest(self.dataset.name)
        task = self.session.start(check_data, request, title=title)
        self._task = task
        if task.is_over:  # it was refused at once
            return
        page = RunningPage(task)
        task.updated.connect(page.refresh)
        task.succeeded.connect(self._show_result)
        task.failed.connect(self._show_failure)
        task.stopped.connect(self._show_stopped)
        self._show(page)
        self._offer(self.stop)
        self.footer.set_note(_("You can go on working meanwhile. Nothing is changed by checking."))
        self.lead_on(self.stop)

    def _stop(self) -> None:
        if self._task:
            self._task.stop()

    def _show_result(self) -> None:
        self._is_fresh = True
        self.look_again()
        self.lead_on(self.page.table)

    def _show_stopped(self) -> None:
        self._noted_at = find_last_step_id(self.session.db)
        self._note = _("Stopped. What was found before is still there.")
        if self._check is None:
            self._note = _("Stopped. Nothing was changed.")
        self.look_again()

    def _show_failure(self, error: Exception) -> None:
        self.look_again()
        if isinstance(error, UserError):
            self.footer.set_note(f"{error} {error.next_step}", "bad", "circle-x")

    # -- what was found --------------------------------------------------------------------------
    def _look_at_findings(self) -> None:
        """Ask how the findings stand: at once where that is quick, else in the background."""
        if self._check is None:
            return
        self._reviewing.forget()
        request = ReviewRequest(
            self._check.id,
            self.page.kind.key,
            self.page.shown_state,
            self.page.least_similar,
        )
        try:
            with within(self.session.db, PATIENCE_S):
                found = review(self.session.db, request)
        except TookTooLongError:
            self._reviewing.ask(self._show_findings, review_findings, request)
            return
        self._show_findings(found)

    def _show_findings(self, found: Review) -> None:
        self._review = found
        check = self._check
        if check is None or self._is_running():
            return
        kinds = self.kinds.show_counts(check.summary["kinds"], found.counts)
        if kinds and (self._is_fresh or self.page.kind.key not in kinds):
            self._is_fresh = False
            open_ones = [key for key in kinds if found.counts[key]["open"]]
            self._choose_kind((open_ones or kinds)[0])
            return
        self._is_fresh = False
        concepts = {concept.id: concept for concept in list_concepts(self.session.db)}
        self.kinds.choose(self.page.kind.key)
        self.page.setVisible(bool(kinds))
        self._clean.setVisible(not kinds)
        if kinds:
            self.page.show_review(check, found, concepts)
        self._show(self._result)
        self._show_when(check)
        self._show_footer(has_found=bool(kinds))

    def _choose_kind(self, key: str) -> None:
        self._note = ""
        self.page.show_kind(key)
        self._offer(self.again)
        self._look_at_findings()

    def _show_when(self, check: DataCheck) -> None:
        words = _("{when}, {texts} in {time}").format(
            when=moment(check.created),
            texts=counted_texts(check.summary["n_texts"]),
            time=duration(max(1, check.summary["seconds"])),
        )
        if not check.summary["embedder"]:
            missing = _("The base embedding model is missing, so meaning was not compared.")
            words = f"{words}. {missing}"
        if check.is_stale:
            words = _("{words}. The data has changed since.").format(words=words.rstrip("."))
        self._when.setText(words)

    def _show_footer(self, *, has_found: bool) -> None:
        kind = self.page.kind
        n_open = self._review.counts.get(kind.key, {}).get("open", 0) if has_found else 0
        cures = kind.cures if n_open else ()
        shown = [self.again]
        for part, cure in zip((self.cure_all, self.other_cure), cures, strict=False):
            words = _("{what}: all {n}") if n_open > 1 else "{what}"
            part.setText(words.format(what=_(cure.label), n=number(n_open)))
            part.setToolTip(_(cure.meaning))
            shown.append(part)
        if kind.can_label and n_open:
            self.cure_all.setText(_("Label texts"))
            self.cure_all.setToolTip(_("Goes through the texts that nobody has labelled."))
            shown.append(self.cure_all)
        self._offer(*shown)
        if self._note:
            self.footer.set_note(self._note, "good", "circle-check")
        elif not any(counts["open"] for counts in self._review.counts.values()):
            self.footer.set_note(_("Nothing is left to do."), "good", "circle-check")
        elif cures:
            self.footer.set_note(_(cures[0].meaning))
        else:
            self.footer.set_note("")

    # -- what is done ----------------------------------------------------------------------------
    def _cure_all(self, place: int) -> None:
        kind = self.page.kind
        if kind.can_label:
            wanted = InputFilter(dataset_id=self.dataset.id, labelling="unlabelled")
            self.session.to_label = wanted
            self.asked_for.emit("labelling")
            return
        n_open = self._review.counts[kind.key]["open"]
        self._remedy(kind.cures[place].key, (), n_open)

    def _cure(self, key: str, numbers: tuple[int, ...]) -> None:
        if numbers:
            self._remedy(key, numbers, len(numbers))

    def _remedy(self, key: str, numbers: tuple[int, ...], n_findings: int) -> None:
        if self._check is None:
            return
        kind = self.page.kind.key
        at_least = self.page.least_similar if kind == "near-duplicate" else 0.0
        request = RemedyRequest(self._check.id, kind, key, numbers, at_least)
        if n_findings > MANY:
            task = self.session.start(remedy, request, title=_(CURES[key].label))
            task.succeeded.connect(self._tell)
            return
        try:
            self._tell(self.session.do(remedy, request))
        except UserError as error:
            boxes.show_error(self.window(), error)

    def _tell(self, result: RemedyResult) -> None:
        """Say what a remedy did, and what it left."""
        n, n_left = result.n_inputs, result.n_left
        words = ngettext("{n} text changed.", "{n} texts changed.", n).format(n=number(n))
        if n_left:
            left = ngettext(
                "{n} finding is left: its labels are in dispute.",
                "{n} findings are left: their labels are in dispute.",
                n_left,
            )
            words = f"{words} {left.format(n=number(n_left))}"
        self._note = _("{what} Undo takes it back.").format(what=words)
        self._noted_at = find_last_step_id(self.session.db)
        self.footer.set_note(self._note, "good", "circle-check")

    def _dismiss(self, numbers: tuple[int, ...], is_fine: bool) -> None:  # noqa: FBT001  # signal
        if self._check is None or not numbers:
            return
        request = DismissRequest(self._check.id, self.page.kind.key, numbers, is_fine)
        try:
            self.session.do(dismiss, request)
        except UserError as error:
            boxes.show_error(self.window(), error)
            return
        self._note = ""
        self._look_at_findings()

    def _show_in_dataset(self, ids: tuple[int, ...]) -> None:
        if self.page.kind.key in CONCEPT_KINDS:
            self.session.to_show = InputFilter(dataset_id=self.dataset.id, has=ids)
        else:
            self.session.to_show = InputFilter(ids=ids)
        self.asked_for.emit("dataset")
