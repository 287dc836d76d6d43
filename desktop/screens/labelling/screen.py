"""Label texts: one text at a time, its concepts on keys, everything kept as it is said."""

import time
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.operations.annotate import AnnotateRequest, AnswerRequest, NoteRequest, Said, annotate
from core.operations.edit_concepts import ConceptRequest, ShortcutEdit, edit_concepts
from core.records import Concept, Status
from core.shortcuts import shortcuts_of
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter
from core.storage.inputs import list_twins
from desktop.finding import Finder
from desktop.screens.labelling import answers, states
from desktop.screens.labelling.commands import Commands
from desktop.screens.labelling.concept_key import ConceptKey
from desktop.screens.labelling.helping import Helping
from desktop.screens.labelling.keys_overlay import KeysOverlay
from desktop.screens.labelling.keys_page import KeysPage
from desktop.screens.labelling.label_page import LabelPage
from desktop.screens.labelling.options import Options
from desktop.screens.labelling.queue import Pace, Queue, count_texts
from desktop.screens.labelling.top_row import TopRow
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import column
from desktop.widgets.step_screen import StepScreen

LABEL, STATE, KEYS = range(3)
HIGH = 780  # pixels of the window, from which on there is room for four rows of keys
LONGEST_PAUSE_S = 120  # who takes longer was not at the keyboard


class LabellingScreen(StepScreen):
    """Goes through the texts that `session.to_label` names, with the keyboard alone."""

    SHOWS = Changes.INPUTS | Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.DATASETS

    def __init__(self, session: Session) -> None:
        """Show the texts that are to be labelled."""
        super().__init__(session)
        self.options = Options(session.db)
        self.queue = Queue(session.db, ())
        self.pace = Pace()
        self.concepts: dict[int, Concept] = {}
        self.finder = Finder(session, self)
        self._opened_for: InputFilter | None = None
        self._n_texts, self._shown_at = 0, 0.0
        self._is_ours = False  # what changes now was done here
        self._make_parts()
        self.lay_out(self._work(), FooterBar(self.previous, self.skip, self.next))
        self.overlay = KeysOverlay(self)
        self.helping = Helping(self)
        self.commands = Commands(self)
        self._connect()

    def _make_parts(self) -> None:
        self.top = TopRow()
        self.page = LabelPage()
        self.pane, self.bar, self.codebook = self.page.pane, self.page.bar, self.page.codebook
        self.keys_page = KeysPage()
        self.states = states.StatePage()
        self.previous, self.skip = button(_("Previous")), button(_("Skip"))
        self.next = button(_("Save and next"), "primary", "corner-down-left", trailing=True)
        for part in (self.previous, self.skip, self.next):
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _work(self) -> QWidget:
        self.stack = QStackedWidget()
        for page in (self.page, self.states, self.keys_page):
            self.stack.addWidget(page)
        return column(self.top, (self.stack, 1), gap=0)

    def _connect(self) -> None:
        top, bar, book = self.top, self.bar, self.codebook
        for asked in (self.previous.clicked, self.states.back_asked):
            asked.connect(lambda: self.go(self.queue.place - 1))
        self.skip.clicked.connect(self.skip_text)
        self.next.clicked.connect(self.go_on)
        self.states.way_chosen.connect(self._take_way)
        self.finder.found.connect(self._begin)
        self.finder.waiting.connect(lambda: self._show_state(states.looking()))
        top.dataset_asked.connect(lambda: self.asked_for.emit("dataset"))
        top.filter.changed.connect(self._find)
        top.jump_asked.connect(self.go)
        top.codebook_asked.connect(self.toggle_codebook)
        top.keys_asked.connect(self.open_keys)
        top.help_asked.connect(self.overlay.open)
        top.option_changed.connect(self._set_option)
        bar.chosen.connect(self.choose)
        bar.named.connect(self.make_concept)
        bar.looked_at.connect(book.look_at)
        bar.several.chosen.connect(self._set_several)
        book.edit_asked.connect(self._edit)
        self.pane.note_written.connect(lambda i, note: self.say(NoteRequest(i, note)))
        self.keys_page.keys_given.connect(lambda keys: self._edit(ShortcutEdit(keys)))
        self.keys_page.left.connect(self.close_keys)
        for part in (top, book, self.pane, self.overlay):
            part.left.connect(self.give_keyboard_to_text)
        bar.left.connect(self.pane.text.setFocus)

    @override
    def first_focus(self) -> QWidget | None:
        if self.stack.currentIndex() == STATE:
            return self.states.first_focus()
        return self.pane.text if self.concepts else self.bar.search

    @property
    def is_labelling(self) -> bool:
        """Say whether a text is shown."""
        return self.stack.currentIndex() == LABEL

    @property
    def is_going_through(self) -> bool:
        """Say whether there are texts to go through, even if we are behind the last."""
        return self.is_labelling or (self.stack.currentIndex() == STATE and len(self.queue) > 0)

    def give_keyboard_to_text(self) -> None:
        """Let the next key be one of the screen's."""
        if focus := self.first_focus():
            focus.setFocus()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        is_other = self.session.to_label is not self._opened_for
        if is_other or self.queue.is_over or self._n_texts != count_texts(self.session.db):
            self._opened_for = None
            self._is_stale = True
        self._shown_at = time.monotonic()
        super().showEvent(event)
        self.helping.go_on()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self.pane.keep_note()
        self.helping.pause()  # the computer is for others then
        super().hideEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.set_most_rows(4 if self.window().height() >= HIGH else 3)
        self.overlay.setGeometry(self.rect())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.commands.run(event):
            super().keyPressEvent(event)

    @override
    def look_again(self) -> None:
        self._show_concepts()
        if self._opened_for is None:
            self._open()
            return
        is_answer = self._is_ours and not self.options.shares_labels
        (self.queue.forget_current if is_answer else self.queue.forget)()
        if not self._is_ours:
            self.queue.go_back_to_undone()
            self.footer.set_note(_("Saved as you go."), "ink_2", "check")
        self.show_text()

    def _open(self) -> None:
        """Begin with the texts that the screen was opened for."""
        self._opened_for = self.session.to_label
        self._n_texts = count_texts(self.session.db)
        known = list(self.concepts.values())
        self.page.show_codebook(shown=self.options.shows_codebook(known))
        self._show_options()
        self.top.filter.begin(self.session.to_label)
        self.top.filter.choose_order(self.options.order)
        self._find(self.top.filter.wanted())

    def _find(self, wanted: InputFilter) -> None:
        self.options.order = self.top.filter.strategy
        self.queue = Queue(self.session.db, ())
        if self._n_texts:
            self.finder.look(wanted)
        else:
            self._begin(())

    def _begin(self, ids: Sequence[int]) -> None:
        self.queue = Queue(self.session.db, ids)
        self.helping.begin()
        self.show_text()
        if self.isVisible():
            self.give_keyboard_to_text()

    def show_text(self) -> None:
        """Show the text at the queue's place, or what there is to do where there is none."""
        shown = self.queue.current()
        seconds = self.pace.seconds_for(len(self.queue) - self.queue.place)
        place = min(self.queue.place + 1, len(self.queue))
        self.top.set_progress(place, len(self.queue), seconds if shown else None)
        if shown is None:
            self._show_nothing()
            return
        if self.pane.shown is None or shown.id != self.pane.shown.id:
            self._shown_at = time.monotonic()
            self.commands.forget()
        shares = self.options.shares_labels
        n_twins = len(list_twins(self.session.db, [shown.id])) - 1 if shares else 0
        if self.stack.currentIndex() == STATE:
            self.stack.setCurrentIndex(LABEL)
        self.pane.show_input(shown, self.top.filter.wanted().containing, n_twins)
        self.bar.set_said(shown.positive, shown.negative)
        self.codebook.example = shown.text
        if shown.positive:
            self.codebook.look_at(shown.positive[-1])
        self.helping.show(shown)
        self._show_footer()

    def _show_nothing(self) -> None:
        n_texts, panel = self._n_texts, self.top.filter
        self._show_state(states.behind(self.session.db, n_texts, len(self.queue), panel))

    def _show_state(self, state: EmptyState) -> None:
        self.states.show_state(state)
        self.stack.setCurrentIndex(STATE)
        self._show_footer()
        if self.isVisible():
            self.give_keyboard_to_text()

    def _take_way(self, way: str) -> None:
        if way in {"all", "unsure", "skipped"}:
            self.top.filter.show_labelling("" if way == "all" else Status(way).value)
        else:
            self.asked_for.emit(way)

    def _show_footer(self) -> None:
        page = self.stack.currentIndex()
        label, icon_name = {
            LABEL: (_("Save and next"), "corner-down-left"),
            STATE: (_("Back to the dataset"), "arrow-right"),
            KEYS: (_("Done"), "check"),
        }[page]
        if self.next.text() != label:
            self.next.setText(label)
            self.next.set_icon(icon_name)
        self.skip.setVisible(page == LABEL)
        self.previous.setVisible(page == LABEL or (page == STATE and len(self.queue) > 0))
        self.previous.setEnabled(self.queue.place > 0)
        if page == LABEL and not self.footer.note():
            self.footer.set_note(_("Saved as you go."), "ink_2", "check")

    def _show_concepts(self) -> None:
        known = list_concepts(self.session.db)
        if known == list(self.concepts.values()) and self._opened_for is not None:
            return
        keys_before = [(c.id, c.shortcut) for c in self.concepts.values()]
        self.concepts = {concept.id: concept for concept in known}
        if keys_before != [(c.id, c.shortcut) for c in known]:
            self.shortcuts = shortcuts_of(known)
            self.commands.set_shortcuts(self.shortcuts)
        self.bar.set_concepts(known, self.shortcuts if known else {})
        self.top.filter.set_concepts(known)
        if self.page.shows_codebook:
            self.codebook.set_concepts(known)
        if self.stack.currentIndex() == KEYS:
            self.keys_page.show_concepts(known)

    # What the keys and buttons do.

    def choose(self, concept_id: int, is_it: bool = True) -> None:  # noqa: FBT001, FBT002  # a slot
        """Say that the text is about a concept or not; the same again takes it back."""
        shown, concept = self.queue.current(), self.concepts.get(concept_id)
        if shown and concept:
            only = self.options.one_concept
            said = answers.choice(shown, concept, is_it=is_it, only=only)
            self.answer(said, moves_on=self.options.choice_moves_on)

    def make_concept(self, name: str) -> None:
        """Say that the text is about a concept that there may not be yet."""
        if shown := self.queue.current():
            said = AnnotateRequest((shown.id,), name, only=self.options.one_concept)
            self.answer(said, moves_on=self.options.choice_moves_on)
            self.give_keyboard_to_text()

    def say_none(self) -> None:
        """Say that none of the concepts fits."""
        if (shown := self.queue.current()) and self.concepts:
            self.answer(answers.none_of(shown, len(self.concepts)))

    def say_unsure(self) -> None:
        """Say that nobody can tell."""
        if shown := self.queue.current():
            self.answer(answers.unsure(shown))

    def skip_text(self) -> None:
        """Leave the text for later."""
        if shown := self.queue.current():
            if answers.is_answered(shown):
                self.go_on()
            else:
                self.answer(AnswerRequest((shown.id,), Status.SKIPPED))

    def go_on(self) -> None:
        """Go to the next text; what was said of this one is kept already."""
        if self.stack.currentIndex() == KEYS:
            self.close_keys()
        elif self.stack.currentIndex() == STATE:
            self.asked_for.emit("dataset")
        else:
            self._remember()
            self.go(self.queue.place + 1)

    def go(self, place: int) -> None:
        """Go to a place of the queue, from 0."""
        self.pane.keep_note()
        if self.stack.currentIndex() != KEYS:
            self.queue.go(place)
            self.show_text()
            if not isinstance(self.focusWidget(), ConceptKey):  # reached by Tab, it keeps the keys
                self.give_keyboard_to_text()

    def say(self, request: Said) -> bool:
        """Keep what is said; return whether that went well."""
        return self._do(annotate, request, answers.in_words(request))

    def answer(self, request: Said, *, moves_on: bool = True) -> None:
        """Keep an answer, and go on to the next text where it settles this one."""
        if self.say(request) and moves_on and answers.settles(request):
            self._remember()
            self.go(self.queue.place + 1)

    def _remember(self) -> None:
        shown, seconds = self.queue.current(), time.monotonic() - self._shown_at
        if shown and answers.is_answered(shown):
            self.queue.mark_answered()
            self.helping.count()
            if seconds < LONGEST_PAUSE_S:
                self.pace.add(seconds)

    def _do(self, operation: object, request: object, words: str) -> bool:
        self._is_ours = True
        try:
            self.session.do(operation, request)  # type: ignore[arg-type]  # one of two verbs
        except UserError as error:
            self.footer.set_note(f"{error} {error.next_step}", "bad", "circle-alert")
            return False
        finally:
            self._is_ours = False
        self.footer.set_note(words, "ink_2", "check")
        return True

    def _edit(self, request: ConceptRequest) -> bool:
        return self._do(edit_concepts, request, _("Saved."))

    # What is switched.

    def toggle_codebook(self) -> None:
        """Show or hide the codebook."""
        shows = not self.page.shows_codebook
        self.options.keep_codebook(shown=shows)
        if shows:
            self.codebook.set_concepts(list(self.concepts.values()))
        self.page.show_codebook(shown=shows)
        self.give_keyboard_to_text()

    def open_keys(self) -> None:
        """Show the page on which keys are given to concepts."""
        if self.concepts:
            self.stack.setCurrentIndex(KEYS)
            self.keys_page.show_concepts(list(self.concepts.values()))
            self._show_footer()
            next(iter(self.keys_page.rows.values())).field.setFocus()

    def close_keys(self) -> None:
        """Go back to the text."""
        self.stack.setCurrentIndex(LABEL)
        self._show_footer()
        self.show_text()
        self.give_keyboard_to_text()

    def _set_several(self, place: int) -> None:
        self.options.one_concept = place == 0
        self._show_options()
        self.give_keyboard_to_text()

    def _set_option(self, name: str, is_on: bool) -> None:  # noqa: FBT001  # a signal's value
        setattr(self.options, name, is_on)
        self._show_options()
        self.show_text()

    def _show_options(self) -> None:
        options, is_one = self.options, self.options.one_concept
        self.bar.set_one_concept(is_one=is_one)
        self.top.set_options(
            moves_on=options.choice_moves_on, can_stay=not is_one, shares=options.shares_labels
        )
