"""Concepts: which there are, which need more texts; add, rename, define, mark, delete."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.changes import Changes
from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.edit_concepts import (
    BroaderEdit,
    CodebookEdit,
    ConceptDeletion,
    ConceptEdit,
    ConceptRequest,
    NewConcept,
    SynonymEdit,
    edit_concepts,
)
from core.records import Concept
from core.shortcuts import shortcuts_of
from core.storage.concepts import list_concepts, list_synonyms
from core.storage.versions import count_versions_with
from desktop import boxes
from desktop.screens.concepts.beside import Beside
from desktop.screens.concepts.concept_list import PADDING, ConceptList
from desktop.screens.concepts.concept_texts import ConceptTexts
from desktop.screens.concepts.editors import NewConceptRow, RowField, taken
from desktop.screens.concepts.menu import concept_menu
from desktop.screens.concepts.palette import Palette
from desktop.screens.concepts.relating import Relating
from desktop.screens.concepts.rows import (
    ORDERS,
    TREE,
    ConceptModel,
    arranged,
    as_tree,
    deleted,
    needs_more,
)
from desktop.session import Session
from desktop.steps import ENOUGH_TEXTS
from desktop.theme.tokens import S2, S4
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select, line_edit
from desktop.widgets.empty_state import EmptyState, Way
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import clip, column, row, step_body
from desktop.widgets.step_screen import StepScreen
from desktop.widgets.text import heading, wrapped
from desktop.widgets.wording import concepts, number

WIDEST, WITH_TEXTS_WIDTH = 1240, 1600
FIRST_TRY_TEXTS = 10

MANY = 500  # labels, from which a change is a job


class ConceptsScreen(StepScreen):
    """The concepts of the app in two groups: those that need more texts, and the others."""

    SHOWS = Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.INPUTS

    def __init__(self, session: Session) -> None:
        """Show the concepts of an app."""
        super().__init__(session)
        self.add = button(_("Add concept"), "secondary", "plus")
        self.search = line_edit("", _("Search concepts"), "search", 260)
        orders = (*(_(title) for title, _key in ORDERS), _("As a tree"))
        self.order = Select(*orders, width=190, kind="filter", name=_("Order"))
        self.merge = button(_("Merge…"), "quiet")
        self.new_row = NewConceptRow()
        self.list = ConceptList(ConceptModel(self))
        self.texts = ConceptTexts(session.db)
        self.beside = Beside(self, self.texts, WITH_TEXTS_WIDTH)
        self.relating = Relating(session, self.list, self._do_told)
        self.field = RowField(self.list.viewport())
        self._anchor = QWidget(self)
        self._anchor.resize(1, 1)
        self.empty = self._empty_state()
        self.nothing_found = wrapped("", "body", "ink_2")
        self.next = button(_("Next: Model type"), "primary", "arrow-right", trailing=True)
        self.label_more = button(_("Label more texts"))
        self._concepts: list[Concept] = []
        self._synonyms: dict[int, list[int]] = {}
        self._edited: tuple[Concept, str] | None = None
        self.stack = QStackedWidget()
        for page in (self._list_page(), self._empty_page()):
            self.stack.addWidget(page)
        self.lay_out(self.stack, FooterBar(self.label_more, self.next))
        self._connect()

    def _list_page(self) -> QWidget:
        lead = _(
            "What a text can be about. A concept with {enough} texts or more is learned well; "
            "{few} are enough for a first try."
        ).format(enough=ENOUGH_TEXTS, few=FIRST_TRY_TEXTS)
        upper = column(
            heading(_("Concepts"), lead, self.add),
            row(self.search, self.order, None, self.merge),
            self.new_row,
            self.relating.hint,
            self.relating.bar,
            self.nothing_found,
            gap=12,
            margins=(PADDING, 0, PADDING, 0),
        )
        margins = (S4 - PADDING, 12, S4 - PADDING, S2)
        inner = column(upper, (self.list, 1), gap=8, margins=margins)
        inner.setMaximumWidth(WIDEST)
        return row((inner, WIDEST), (QWidget(), 1), self.beside.dock, gap=0)

    def _empty_page(self) -> QWidget:
        body = column(heading(_("Concepts")), None, row(None, self.empty, None), None, None)
        return clip(step_body((body, 1), most=4000))

    def _empty_state(self) -> EmptyState:
        ways = (
            Way("dataset", "upload", _("Import labelled texts"),
                _("A file with a column of concepts brings them all at once.")),
            Way("add", "plus", _("Add a concept by hand"),
                _("Type its name; say later which texts carry it.")),
        )  # fmt: skip
        lead = _("A concept is what a text can be about: “delivery”, “praise”, “spam”.")
        return EmptyState(_("No concepts yet"), lead, ways)

    def _connect(self) -> None:
        self.add.clicked.connect(self.new_row.begin)
        self.search.textChanged.connect(self._arrange)
        self.order.currentIndexChanged.connect(self._arrange)
        self.new_row.kept.connect(self._add)
        self.new_row.left.connect(self._close_new_row)
        self.field.kept.connect(self._keep)
        self.field.left.connect(self._leave)
        self.field.edit.editingFinished.connect(self._keep_on_leaving)
        self.list.edit_asked.connect(self.edit)
        self.list.menu_asked.connect(self._open_menu)
        self.list.mark_asked.connect(self._open_palette)
        self.list.deletion_asked.connect(self._delete)
        self.list.chosen.connect(self._show_details)
        self._connect_relations()
        self.list.verticalScrollBar().valueChanged.connect(self._place_field)
        self.empty.way_chosen.connect(self._begin)
        self.label_more.clicked.connect(lambda: self.asked_for.emit("dataset"))
        self.next.clicked.connect(lambda: self.asked_for.emit("model_type"))
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.search.setFocus)

    def _connect_relations(self) -> None:
        relating, about = self.relating, self.texts.about
        self.merge.clicked.connect(lambda: relating.begin_merging(*self.list.selected()))
        relating.merged.connect(self._do_many)
        about.broader_asked.connect(relating.choose_broader)
        about.synonym_asked.connect(relating.choose_synonym)
        about.broader_removed.connect(lambda one: self._do_told(BroaderEdit(one.id, 0)))
        about.synonym_removed.connect(
            lambda one, other: self._do_told(SynonymEdit(one.id, other, holds=False))
        )
        about.examples_changed.connect(
            lambda one, examples: self._do_told(CodebookEdit(one.id, examples))
        )
        self.texts.closed.connect(self._close_details)

    @override
    def first_focus(self) -> QWidget | None:
        return self.list if self._concepts else self.empty.ways[0]

    @override
    def look_again(self) -> None:
        self._concepts = list_concepts(self.session.db)
        self._synonyms = list_synonyms(self.session.db)
        self.list.rows.keys = shortcuts_of(self._concepts)
        self.merge.setVisible(len(self._concepts) > 1)
        is_list = bool(self._concepts) or not self.new_row.isHidden()
        self.stack.setCurrentIndex(0 if is_list else 1)
        n_concepts = concepts(len(self._concepts))
        self.search.setPlaceholderText(_("Search in {concepts}").format(concepts=n_concepts))
        self.relating.show_known(self._concepts, self._synonyms)
        self._arrange()
        self._tell_state()

    def _arrange(self) -> None:
        words, order = self.search.text(), self.order.currentIndex()
        self._leave()
        if order == TREE:
            rows, depths = as_tree(self._concepts, words)
            self.list.show_rows(rows, depths)
        else:
            rows = arranged(self._concepts, words, order)
            self.list.show_rows(rows)
        self.relating.show_selection()
        is_searching = bool(self._concepts and words and not rows)
        self.nothing_found.setVisible(is_searching)
        if is_searching:
            told = _("No concept has “{words}” in its name or definition.")
            self.nothing_found.setText(told.format(words=words))

    def _tell_state(self) -> None:
        n, few = len(self._concepts), sum(map(needs_more, self._concepts))
        missing = ""
        if not n:
            missing = _("A model learns from texts with concepts: add at least one concept first.")
        elif not any(concept.n_positive for concept in self._concepts):
            missing = _("No text has a concept yet: say of some texts what they are about.")
        self.next.set_enabled(enabled=not missing, why_not=missing)
        self.label_more.setVisible(bool(n and few))
        if missing:
            self.footer.set_note(missing, "warn", "circle-alert")
        elif few:
            words = ngettext(
                "{few} of {concepts} has few texts. You can go on and add more later.",
                "{few} of {concepts} have few texts. You can go on and add more later.",
                few,
            ).format(few=number(few), concepts=concepts(n))
            self.footer.set_note(words, "warn", "circle-alert")
        else:
            words = _("Every concept has {enough} texts or more.")
            self.footer.set_note(words.format(enough=ENOUGH_TEXTS))

    # -- adding ---------------------------------------------------------------------------------
    def _begin(self, way: str) -> None:
        if way == "dataset":
            self.asked_for.emit("dataset")
            return
        self.stack.setCurrentIndex(0)
        self.new_row.begin()

    def _add(self, name: str) -> None:
        kept = " ".join(name.split())
        known = next((concept for concept in self._concepts if concept.name == kept), None)
        if known:
            self.search.clear()
            self.list.choose(known.id)
            self.new_row.show_problem(taken(kept))
            return
        error = self._do(NewConcept(name))
        if error:
            self.new_row.show_problem(error)
            return
        self.new_row.begin()
        self.list.choose(next((c.id for c in self._concepts if c.name == kept), 0))

    def _close_new_row(self) -> None:
        self.new_row.hide()
        self.look_again()
        focus = self.first_focus()
        if focus:
            focus.setFocus()

    # -- changing one concept -------------------------------------------------------------------
    def edit(self, concept: Concept, part: str) -> None:
        """Open the field over a concept's "name" or "definition"."""
        self._edited = (concept, part)
        self.list.choose(concept.id)
        self.list.make_room(concept.id)
        self._place_field()
        titles = {"name": _("Name of the concept"), "definition": _("Definition of the concept")}
        self.field.open(getattr(concept, part), titles[part])

    def _place_field(self) -> None:
        if self._edited is None:
            return
        concept = self._edited[0]
        at = self.list.places_of(concept.id)
        if at:
            area = self.list.visualRect(self.list.rows.index(self.list.rows.place_of(concept.id)))
            self.field.place(at.name, area.toRectF())

    def _keep(self, value: str) -> None:
        if self._edited is None:
            return
        concept, part = self._edited
        if value == getattr(concept, part):
            self._leave()
            self.list.setFocus()
            return
        values = {"name": concept.name, "definition": concept.definition, part: value}
        self._edited = None  # what follows hides the field, which then loses the focus
        error = self._do(ConceptEdit(concept.id, colour=concept.colour, **values))
        if error:
            self._edited = (concept, part)
            self.list.make_room(concept.id)
            self.field.show()
            self.field.show_problem(error)
        else:
            self.list.choose(concept.id)
            self.list.setFocus()

    def _keep_on_leaving(self) -> None:
        if not self.field.edit.hasFocus():
            self._keep(self.field.edit.text())

    def _leave(self) -> None:
        had_focus = self.field.edit.hasFocus()
        self._edited = None
        self.list.make_room(0)
        self.field.hide()
        if had_focus:
            self.list.setFocus()

    def _open_menu(self, concept: Concept, point: QPoint) -> None:
        relating, anchor = self.relating, self._anchor_at(point)
        menu = concept_menu(
            self,
            (
                (_("Rename"), "F2", lambda: self.edit(concept, "name")),
                (_("Change the definition"), "", lambda: self.edit(concept, "definition")),
                (_("Colour and shape"), "", lambda: self._open_palette(concept, point)),
                (_("Examples, relations and texts"), "", self._open_details),
            ),
            (
                (_("Is a kind of…"), "", lambda: relating.choose_broader(concept, anchor)),
                (_("Means the same as…"), "", lambda: relating.choose_synonym(concept, anchor)),
                (_("Merge with…"), "", lambda: relating.begin_merging(concept)),
            ),
            ((_("Delete"), "Del", lambda: self._delete(concept)),),
        )
        menu.popup(point)

    def _anchor_at(self, point: QPoint) -> QWidget:
        """Return what a choice opens below, where the menu stood."""
        self._anchor.move(self.mapFromGlobal(point))
        return self._anchor

    def _open_palette(self, concept: Concept, point: QPoint) -> None:
        palette = Palette(concept.colour, self)
        palette.chosen.connect(lambda chosen: self._recolour(concept, chosen))
        palette.open_at(point)

    def _recolour(self, concept: Concept, colour: int) -> None:
        edit = ConceptEdit(concept.id, concept.name, concept.definition, colour)
        self._show_error(self._do(edit))

    def _delete(self, concept: Concept) -> None:
        n_versions = count_versions_with(self.session.db, [concept.id])
        request, n = ConceptDeletion(concept.id), concept.n_positive + concept.n_negative
        self._do_many(deleted(concept, n_versions), request, n)
        self.list.setFocus()

    # -- relations, examples and texts, beside the list or over it --------------------------------
    def _show_details(self, concept: Concept | None) -> None:
        self.texts.show_concept(concept, self._concepts, self._synonyms)

    def _open_details(self) -> None:
        self.beside.open()
        self._show_details(self.list.current())
        self.texts.about.example.setFocus()

    def _close_details(self) -> None:
        self.beside.close()
        self.list.setFocus()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.beside.place()

    def _show_error(self, error: UserError | None) -> None:
        if error:
            boxes.show_error(self, error)

    def _do(self, edit: ConceptRequest) -> UserError | None:
        """Change the concepts; return what could not be done."""
        try:
            self.session.do(edit_concepts, edit)
        except UserError as error:
            return error
        return None

    def _do_told(self, edit: ConceptRequest) -> UserError | None:
        """Do so, and say what could not be done."""
        error = self._do(edit)
        self._show_error(error)
        return error

    def _do_many(self, words: str, edit: ConceptRequest, n_labels: int) -> None:
        """Do at once what touches few labels, else in the background; then say what was done."""
        if n_labels > MANY:
            task = self.session.start(edit_concepts, edit, title=_("Changing concepts"))
            task.succeeded.connect(lambda _result: self._tell(words))
        elif self._do_told(edit) is None:
            self._tell(words)

    def _tell(self, words: str) -> None:
        self.footer.set_note(words, "good", "circle-check")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.search.hasFocus():
            self.search.clear()
        elif event.key() == Qt.Key.Key_Escape and self.relating.chosen is not None:
            self.relating.leave_merging()
        elif event.key() == Qt.Key.Key_Escape and self.beside.is_over:
            self._close_details()
        else:
            super().keyPressEvent(event)
