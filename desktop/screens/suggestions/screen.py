"""Suggestions: ask a model about all texts without a label, accept what is sure, read the rest."""

from datetime import datetime

from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.accept_suggestions import (
    AcceptSuggestionsRequest,
    Standing,
    SuggestionsSeen,
    WithdrawRequest,
    accept_suggestions,
    look_at_suggestions,
    sorted_by,
    withdraw_accepted,
)
from core.operations.suggest import (
    NothingToSuggestError,
    Suggestions,
    SuggestRequest,
    suggest,
)
from core.storage.filters import InputFilter
from core.storage.models import list_model_versions
from core.storage.suggestions import list_reviews
from desktop.asking import Asking
from desktop.runner import Task
from desktop.screens.suggestions.bounds_panel import BoundsPanel
from desktop.screens.suggestions.concept_table import ConceptTable
from desktop.session import Session
from desktop.theme.tokens import S2, S4
from desktop.widgets.bars import Bar
from desktop.widgets.breadcrumb import Breadcrumb
from desktop.widgets.buttons import button
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import clip, column, row, step_body
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.text import heading, text, wrapped
from desktop.widgets.versions import VersionSelect, concept_numbers
from desktop.widgets.wording import moment, number, percent, texts, versioned

SUGGESTED, NOT_ASKED, NO_MODEL = range(3)
TABLE_HEIGHT = 240


class SuggestionsScreen(StepScreen):
    """Shows what becomes of suggestions by two bounds, before anything is written."""

    SHOWS = Changes.MODELS | Changes.ANNOTATIONS | Changes.INPUTS | Changes.SUGGESTIONS

    def __init__(self, session: Session) -> None:
        """Read what was suggested last."""
        super().__init__(session)
        self.versions = VersionSelect()
        self.ask = button(_("Ask the model"), "secondary", "sparkles")
        self.panel, self.table = BoundsPanel(), ConceptTable()
        self.found: Suggestions | None = None
        self.standing, self._has_open = Standing(), True
        self.where = Breadcrumb(_("Label texts"), _("Suggestions"))
        self.problem = text("", "small", "bad")
        self.about = text("", "small", "ink_2")
        self.read_words, self.read_bar = text("", "strong"), Bar(0.0, name=_("Read"))
        self.take_back = button(_("Take back"), "secondary", "undo-2")
        self.read = button(_("Read"), "secondary", "tags")
        self.read_on = button(_("Read"), "primary", "tags")  # where nothing is left to accept
        self.accept = button(_("Accept"), "primary", "check")
        self._asking = Asking(session)
        self._task: Task | None = None
        self.stack = QStackedWidget()
        for page in (self._page(), self._not_asked_page(), self._no_model_page()):
            self.stack.addWidget(page)
        body = column(self._head(), (self.stack, 1), gap=0)
        self.lay_out(body, FooterBar(self.take_back, self.read, self.read_on, self.accept))
        self._connect()

    def _head(self) -> QWidget:
        lead = _("A model says what texts without a label are about; nothing is a label yet.")
        title = heading(_("Suggestions"), lead, self.versions, self.ask)
        return column(self.where, title, self.problem, gap=4, margins=(S4, 14, S4, 0))

    def _page(self) -> QWidget:
        self.review = row(self.read_words, (self.read_bar, 1), gap=12, margins=(0, 0, 0, S2))
        self.table.setMinimumHeight(TABLE_HEIGHT)
        note = wrapped(
            _("Labels that nobody read teach a model, and are never counted in its scores."),
            "small",
            "ink_2",
        )
        body = (self.about, S2, self.panel, S2, self.review, (self.table, 1), note)
        return clip(step_body(*body, gap=4))

    def _not_asked_page(self) -> QWidget:
        self.not_asked = EmptyState(
            _("No model was asked yet"),
            _("It reads every text without a label, and says how sure it is of each."),
            [Way("ask", "sparkles", _("Ask the model"), _("Nothing is labelled by that."))],
        )
        return clip(step_body((column(None, row(None, self.not_asked, None), None), 1)))

    def _no_model_page(self) -> QWidget:
        self.no_model = EmptyState(
            _("No model to ask yet"),
            _("Once a model is trained, it suggests labels for the other texts."),
            [
                Way("train", "play", _("Open Train"), _("See what a training needs.")),
                Way("labelling", "tags", _("Label texts"), _("In the order that helps most.")),
            ],
        )
        return clip(step_body((column(None, row(None, self.no_model, None), None), 1)))

    def _connect(self) -> None:
        self.where.back.clicked.connect(lambda: self.asked_for.emit("labelling"))
        self.ask.clicked.connect(self.ask_model)
        self.not_asked.way_chosen.connect(lambda _way: self.ask_model())
        self.no_model.way_chosen.connect(self.asked_for)
        self.panel.changed.connect(self._sort)
        self.panel.concept_chosen.connect(self.table.choose)
        chosen = self.table.selectionModel().selectionChanged
        chosen.connect(lambda *_changes: self._choose(self.table.chosen()))
        self.accept.clicked.connect(self.accept_all)
        for part in (self.read, self.read_on):
            part.clicked.connect(self.read_texts)
        self.take_back.clicked.connect(self.withdraw)

    @override
    def first_focus(self) -> QWidget | None:
        page = self.stack.currentIndex()
        if page == SUGGESTED:
            return self.panel.accept
        way = (self.not_asked if page == NOT_ASKED else self.no_model).ways[0]
        return way if way.isEnabled() else self.where.back

    @override
    def look_again(self) -> None:
        """Show the suggestions that are still open."""
        db = self.session.db
        self.versions.set_versions([v for v in list_model_versions(db) if not v.is_writer])
        self._asking.ask(self._take, look_at_suggestions)
        self._show()

    def _take(self, seen: SuggestionsSeen) -> None:
        before, found = self.found, seen.found
        self.found, self.standing, self._has_open = found, seen.standing, seen.has_open
        if found is not None:
            if before is None or before.asked.created != found.asked.created:
                self.panel.set_bounds(found.bounds)
            self._sort()
            self.panel.set_concepts(tuple(self.table.rows.names))
        self._show()

    def _sort(self) -> None:
        """Say what becomes of the texts by the bounds that stand; nothing is written."""
        if self.found is None:
            return
        self.fates = sorted_by(self.found, self.panel.bounds)
        names = self.found.asked.concepts
        numbers = concept_numbers(self.session.db, names)
        self.panel.show_fates(self.fates)
        self.table.rows.show(names, numbers, self.fates, self.panel.bounds)
        self._show_footer()

    def _choose(self, concept: str) -> None:
        if concept:
            self.panel.choose(concept)

    def _show(self) -> None:
        page = NOT_ASKED if self.versions.version else NO_MODEL
        if self.found is not None:
            page = SUGGESTED
            asked = self.found.asked
            words = _("{moment}: {model} was asked.")
            model = versioned(asked.model, asked.number)
            self.about.setText(
                words.format(model=model, moment=moment(datetime.fromisoformat(asked.created)))
            )
        self.stack.setCurrentIndex(page)
        self.ask.setVisible(page == SUGGESTED)
        self.ask.setText(_("Ask again"))
        self.versions.setVisible(page != NO_MODEL)
        self._show_review()
        self._show_footer()

    def _show_review(self) -> None:
        stands = self.standing
        self.review.setVisible(stands.n_to_read > 0)
        words = _("Read: {n} of {total} ({share})").format(
            n=number(stands.n_read),
            total=number(stands.n_to_read),
            share=percent(stands.share_read, 0),
        )
        self.read_words.setText(words)
        self.read_bar.set_share(stands.share_read if stands.n_to_read else 0.0)

    def _show_footer(self) -> None:
        is_there, stands = self.stack.currentIndex() == SUGGESTED, self.standing
        n, n_review = (self.fates.n_accepted, self.fates.n_to_review) if is_there else (0, 0)
        n_open = stands.n_to_read - stands.n_read
        is_put_up = n == 0 and n_review == n_open > 0
        self.take_back.setVisible(stands.n_unread > 0)
        self.take_back.setText(_("Take back {texts}").format(texts=texts(stands.n_unread)))
        for part in (self.read, self.read_on):
            part.setText(_("Read {texts}").format(texts=texts(n_open)))
        self.read.setVisible(n_open > 0 and not is_put_up)
        self.read_on.setVisible(is_put_up)
        self.accept.setVisible(is_there and not is_put_up)
        self.footer.primary = self.read_on if is_put_up else self.accept
        accept = _("Accept {texts}").format(texts=texts(n))
        self.accept.setText(accept if n else _("Put up for reading"))
        busy = self._busy_words()
        self.take_back.set_enabled(enabled=not busy, why_not=busy)
        nothing = busy or self._nothing_words()
        self.ask.set_enabled(enabled=not nothing, why_not=nothing)
        way = self.not_asked.ways[0]
        way.setEnabled(not nothing)
        way.setToolTip(nothing)
        if self.stack.currentIndex() == NOT_ASKED and nothing:
            self.footer.set_note(nothing)
            self.accept.set_enabled(enabled=False, why_not=nothing)
            return
        why = self._why_not(n + n_review) if is_there else ""
        self.accept.set_enabled(enabled=not why, why_not=why)
        self.footer.set_note((why or self._unread_words()) if is_there else "")

    def _why_not(self, n_sure: int) -> str:
        """Return why nothing can be accepted now."""
        unsure = "" if n_sure else _("No text is sure enough for these bounds.")
        return self._busy_words() or unsure

    def _nothing_words(self) -> str:
        """Return why there is nothing to ask about; "" where there is."""
        return "" if self._has_open else str(NothingToSuggestError())

    def _busy_words(self) -> str:
        """Return why nothing can be begun now; "" where nothing runs."""
        is_busy = self._task is not None and not self._task.is_over
        return _("This is being done.") if is_busy else ""

    def _unread_words(self) -> str:
        n = self.standing.n_unread
        words = ngettext(
            "{n} text has a label that nobody read.", "{n} texts have labels that nobody read.", n
        )
        return words.format(n=number(n)) if n else _("Nothing is written before you accept.")

    def ask_model(self) -> None:
        """Ask the chosen model about every text without a label."""
        if version := self.versions.version:
            title = _("Asking “{model}”").format(model=version.model)
            request = SuggestRequest(version.model, version.number)
            self._start(self.session.start(suggest, request, title=title))

    def accept_all(self) -> None:
        """Make labels of what is sure enough, and put up for reading what is less sure."""
        request = AcceptSuggestionsRequest(self.panel.bounds)
        self._start(
            self.session.start(accept_suggestions, request, title=_("Accepting suggestions"))
        )

    def withdraw(self) -> None:
        """Make suggestions again of labels that nobody read."""
        title = _("Taking labels back")
        self._start(self.session.start(withdraw_accepted, WithdrawRequest(), title=title))

    def read_texts(self) -> None:
        """Go through the texts that are to be read, one by one."""
        ids = tuple(list_reviews(self.session.db, only_open=True))
        self.session.to_label = InputFilter(ids=ids)
        self.asked_for.emit("labelling")

    def _start(self, task: Task) -> None:
        self._task = task
        self.problem.setText("")
        task.failed.connect(self._refuse)
        task.ended.connect(self._show_footer)
        self._show_footer()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):  # the window tells of the others
            self.problem.setText(f"{error} {error.next_step}")
