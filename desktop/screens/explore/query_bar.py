"""What is searched for: a field, what a model says, filters, and searches that were kept."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from core.i18n import _
from core.operations.keep_search import SearchDeletion, keep_search
from core.records import Concept
from core.storage.concepts import list_concepts
from core.storage.filters import (
    InputFilter,
    list_metadata_names,
    list_saved_filters,
    list_sources,
)
from core.storage.models import list_model_versions
from core.storage.searches import (
    Meaning,
    Narrowed,
    Part,
    SavedSearch,
    Search,
    Words,
    list_saved_searches,
)
from desktop.screens.explore.concept_form import ConceptForm
from desktop.screens.explore.part_chips import PartChips
from desktop.screens.explore.part_words import merged, pieces_of
from desktop.session import Session
from desktop.theme.tokens import font
from desktop.widgets.buttons import button
from desktop.widgets.choices import Segmented, line_edit
from desktop.widgets.filter_panel import FilterPanel, Known
from desktop.widgets.layout import row

MEANING = 0  # the place of this way in the control


class QueryBar(QWidget):
    """The search in use. Enter adds what is typed to it; `changed` is emitted with every change.

    Attributes:
        search: what is searched for.
    """

    changed = Signal()
    frozen_chosen = Signal(object)  # SavedSearch that keeps what it found

    def __init__(self, session: Session) -> None:
        """Search for nothing."""
        super().__init__()
        self._session = session
        self.search = Search()
        self.concepts: Mapping[int, Concept] = {}
        self.field = line_edit("", _("Find texts that mean this"), "search")
        self.way = Segmented([_("Meaning"), _("Words")], name=_("Search by"))
        self.model = button(_("Model"), icon_name="sparkles", tip=_("Search by what a model says"))
        self.more = button(_("Filters"), icon_name="sliders-horizontal")
        self.kept = button(_("Saved"), "secondary", "chevron-down", trailing=True)
        self.panel, self.form, self.chips = FilterPanel(self), ConceptForm(self), PartChips()
        self.panel.save.hide()  # searches are kept as a whole
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(row((self.field, 1), self.way, self.model, self.more, self.kept, gap=8))
        layout.addWidget(self.chips)
        self._connect()

    def look_again(self) -> None:
        """Offer what the app has now."""
        db = self._session.db
        self.concepts = {concept.id: concept for concept in list_concepts(db)}
        has_model = any(not version.is_writer for version in list_model_versions(db))
        self.model.set_enabled(enabled=has_model, why_not=_("Train a model first."))
        self.chips.show_parts(self.search.parts, self.concepts)

    def set_search(self, search: Search) -> None:
        """Search for something else."""
        self.search = search
        self.chips.show_parts(search.parts, self.concepts)
        self.changed.emit()

    def add(self, *parts: Part) -> None:
        """Search for this as well; what is there already stays once."""
        new = tuple(part for part in parts if part not in self.search.parts)
        self.set_search(Search((*self.search.parts, *new)))

    def _connect(self) -> None:
        self.field.returnPressed.connect(self._add_typed)
        self.way.chosen.connect(self._say_way)
        self.model.clicked.connect(self._open_form)
        self.form.asked.connect(self.add)
        self.more.clicked.connect(lambda: self.panel.open_below(self.more, self.wanted))
        self.panel.opened.connect(self._tell_panel)
        self.panel.chosen.connect(self._take_filter)
        self.kept.clicked.connect(self._open_kept)
        self.chips.turned.connect(self._turn)
        self.chips.removed.connect(self._remove)
        self.chips.cleared.connect(lambda: self.set_search(Search()))

    def _add_typed(self) -> None:
        typed = self.field.text().strip()
        if typed:
            self.field.clear()
            self.add(Meaning(typed) if self.way.value == MEANING else Words(typed))

    def _say_way(self, place: int) -> None:
        words = _("Find texts that mean this") if place == MEANING else _("Find texts with words")
        self.field.setPlaceholderText(words)
        self.field.setAccessibleName(words)
        self.field.setFocus()

    def _open_form(self) -> None:
        versions = [v for v in list_model_versions(self._session.db) if not v.is_writer]
        self.form.open_below(self.model, versions)

    # -- filters ----------------------------------------------------------------------------------
    @property
    def wanted(self) -> InputFilter:
        """The filters in use, but for those that leave out."""
        return merged(self.search.filters_alone(is_negated=False))

    def _tell_panel(self) -> None:
        db = self._session.db
        self.panel.set_known(
            Known(
                tuple(self.concepts.values()),
                list_sources(db),
                list_metadata_names(db),
                list_saved_filters(db),
            )
        )

    def _take_filter(self, wanted: InputFilter) -> None:
        others = tuple(p for p in self.search.parts if not isinstance(p, Narrowed) or p.is_negated)
        self.set_search(Search((*others, *(Narrowed(piece) for piece in pieces_of(wanted)))))
        self.panel.show_filter(self.wanted)

    # -- chips ------------------------------------------------------------------------------------
    def _turn(self, place: int) -> None:
        parts = list(self.search.parts)
        parts[place] = replace(parts[place], is_negated=not parts[place].is_negated)
        self.set_search(Search(tuple(parts)))

    def _remove(self, place: int) -> None:
        parts = self.search.parts
        self.set_search(Search((*parts[:place], *parts[place + 1 :])))

    # -- searches that were kept ------------------------------------------------------------------
    def _open_kept(self) -> None:
        menu = QMenu(self)
        menu.setFont(font("body"))
        for saved in list_saved_searches(self._session.db):
            name = saved.name.replace("&", "&&")
            words = _("{name} (frozen)").format(name=name) if saved.is_frozen else name
            menu.addAction(words).triggered.connect(lambda _on=False, one=saved: self._take(one))
        if not menu.isEmpty():
            forget = menu.addMenu(_("Forget"))
            forget.setFont(font("body"))
            for name in [one.name for one in list_saved_searches(self._session.db)]:
                action = forget.addAction(name.replace("&", "&&"))
                action.triggered.connect(lambda _on=False, name=name: self._forget(name))
        if menu.isEmpty():
            menu.addAction(_("No search is kept yet")).setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.kept.mapToGlobal(QPoint(0, self.kept.height() + 2)))

    def _forget(self, name: str) -> None:
        self._session.do(keep_search, SearchDeletion(name))

    def _take(self, saved: SavedSearch) -> None:
        if saved.is_frozen:
            self.search = saved.search
            self.chips.show_parts(saved.search.parts, self.concepts)
            self.frozen_chosen.emit(saved)
        else:
            self.set_search(saved.search)
