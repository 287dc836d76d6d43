"""What stands between concepts: kinds, synonyms, merging, and names that look alike."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.edit_concepts import (
    BroaderEdit,
    ConceptMerge,
    ConceptRequest,
    NewConcept,
    SynonymEdit,
)
from core.records import Concept
from core.storage.concepts import list_concepts
from core.storage.versions import count_versions_with
from desktop.screens.concepts.alike import alike
from desktop.screens.concepts.concept_list import ConceptList
from desktop.screens.concepts.merge_bar import MergeBar
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.concept_picker import ConceptPicker
from desktop.widgets.icon import Icon
from desktop.widgets.layout import row
from desktop.widgets.text import Elided
from desktop.widgets.wording import number

Do = Callable[[ConceptRequest], UserError | None]


class AlikeHint(QWidget):
    """One line about two concepts that may be one."""

    merge_asked = Signal()
    left = Signal()

    def __init__(self) -> None:
        """Wait hidden until there are two."""
        super().__init__()
        self.words = Elided("", "small", "ink_2")
        self.merge, self.differ = button(_("Merge?"), "link"), button(_("They differ"), "link")
        self.merge.clicked.connect(self.merge_asked)
        self.differ.clicked.connect(self.left)
        sign = Icon("info", "ink_3", 16)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(row(sign, (self.words, 1), self.merge, self.differ, gap=10))
        self.hide()


class Relating(QObject):
    """Does what the analyst asks for, in one list of concepts.

    Attributes:
        chosen: the keys of the concepts that are to be merged; None while nothing is merged.
    """

    merged = Signal(str, object, int)  # what was done, the request, how many labels it moves

    def __init__(self, session: Session, shown: ConceptList, do: Do) -> None:
        """Belong to a list; `do` does a request and returns what could not be done."""
        super().__init__(shown)
        self._session, self._list, self._do = session, shown, do
        self.bar, self.hint = MergeBar(), AlikeHint()
        self.chosen: set[int] | None = None
        self._known: list[Concept] = []
        self._alike: list[tuple[Concept, Concept]] = []
        self._differ: set[frozenset[int]] = set()  # said to differ, until the app is closed
        shown.shift_asked.connect(self.shift)
        shown.several_chosen.connect(self._choose)
        self.bar.left.connect(self.leave_merging)
        self.bar.kept.connect(self._merge)
        self.hint.merge_asked.connect(self._merge_alike)
        self.hint.left.connect(self._keep_apart)

    def show_known(self, known: list[Concept], synonyms: dict[int, list[int]]) -> None:
        """Look at the concepts anew."""
        self._known = known
        self._alike = alike(known, synonyms)
        self._show_hint()
        if self.chosen is not None:
            self.chosen &= {concept.id for concept in known}
            self._show_chosen()

    def show_selection(self) -> None:
        """Tick what is chosen, after other rows are shown."""
        if self.chosen is not None:
            self._list.choose_several(self.chosen)

    # -- kinds and synonyms -----------------------------------------------------------------------
    def choose_broader(self, concept: Concept, anchor: QWidget) -> None:
        """Offer what a concept can be a kind of; what is below it cannot."""
        below = {concept.id}
        for _level in self._known:
            below |= {other.id for other in self._known if other.broader_id in below}
        self._pick(
            anchor, below, lambda found: self._do_shown(BroaderEdit(concept.id, found), concept)
        )

    def choose_synonym(self, concept: Concept, anchor: QWidget) -> None:
        """Offer what can mean the same."""
        self._pick(
            anchor,
            {concept.id},
            lambda found: self._do_shown(SynonymEdit(concept.id, found), concept),
        )

    def shift(self, concept: Concept, step: int) -> None:
        """Make a concept a kind of the one above it in the tree (1), or no kind of it (-1)."""
        by_id = {other.id: other for other in self._known}
        if step < 0:
            broader = by_id.get(concept.broader_id)
            if broader:
                self._do_shown(BroaderEdit(concept.id, broader.broader_id), concept)
            return
        rows = [found for found in self._list.rows.rows if isinstance(found, Concept)]
        above = rows[: [found.id for found in rows].index(concept.id)]
        beside = [found for found in above if found.broader_id == concept.broader_id]
        if beside:
            self._do_shown(BroaderEdit(concept.id, beside[-1].id), concept)

    def _pick(self, anchor: QWidget, without: set[int], act: Callable[[int], None]) -> None:
        picker = ConceptPicker(self._list.window())
        picker.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        taken = [concept.name for concept in self._known if concept.id in without]

        def take(name: str) -> None:
            if name not in taken and (found := self._id_of(name)):
                act(found)

        picker.picked.connect(take)
        picker.open_below(anchor, self._known, taken)

    def _id_of(self, name: str) -> int:
        """Return the key of a concept, made if it is new; 0 where it cannot be."""
        if name not in {concept.name for concept in self._known} and self._do(NewConcept(name)):
            return 0
        return next((c.id for c in list_concepts(self._session.db) if c.name == name), 0)

    def _do_shown(self, request: ConceptRequest, concept: Concept) -> None:
        self._do(request)
        self._list.choose(concept.id)

    # -- merging ----------------------------------------------------------------------------------
    def begin_merging(self, *concepts: Concept) -> None:
        """Let concepts be chosen, beginning with these."""
        self.chosen = {concept.id for concept in concepts}
        self._list.choose_several(self.chosen)
        self._show_chosen()
        self.bar.show()
        self.hint.hide()
        self._list.setFocus()

    def leave_merging(self) -> None:
        """Merge nothing."""
        if self.chosen is not None:
            self.chosen = None
            self.bar.hide()
            self._show_hint()
            self._list.choose_one()
            self._list.setFocus()

    def _choose(self) -> None:
        if self.chosen is None:
            return
        shown = {found.id for found in self._list.rows.rows if isinstance(found, Concept)}
        self.chosen = (self.chosen - shown) | {concept.id for concept in self._list.selected()}
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = [concept for concept in self._known if concept.id in (self.chosen or ())]
        n_versions = count_versions_with(self._session.db, [concept.id for concept in chosen])
        self.bar.show_chosen(chosen, n_versions)

    def _merge(self) -> None:
        sources, target, n_labels = self.bar.sources, self.bar.target_id, self.bar.n_labels
        self.leave_merging()
        self._tell_merged(sources, target, n_labels)

    def _tell_merged(self, sources: list[Concept], target_id: int, n_labels: int) -> None:
        request = ConceptMerge(tuple(concept.id for concept in sources), target_id)
        target = next(concept.name for concept in self._known if concept.id == target_id)
        words = ngettext(
            "Merged into “{target}”: {n} label moved. Ctrl+Z takes it back.",
            "Merged into “{target}”: {n} labels moved. Ctrl+Z takes it back.",
            n_labels,
        )
        self.merged.emit(words.format(target=target, n=number(n_labels)), request, n_labels)

    # -- names that look alike --------------------------------------------------------------------
    def _show_hint(self) -> None:
        pairs = [p for p in self._alike if frozenset((p[0].id, p[1].id)) not in self._differ]
        self._alike = pairs
        self.hint.setVisible(bool(pairs) and self.chosen is None)
        if not pairs:
            return
        one, other = pairs[0]
        words = ngettext(
            "“{one}” looks like “{other}”. Merging moves {n} label.",
            "“{one}” looks like “{other}”. Merging moves {n} labels.",
            one.n_positive + one.n_negative,
        ).format(one=one.name, other=other.name, n=number(one.n_positive + one.n_negative))
        if len(pairs) > 1:
            more = ngettext("{n} more pair", "{n} more pairs", len(pairs) - 1)
            words += f" ({more.format(n=number(len(pairs) - 1))})"
        self.hint.words.setText(words)

    def _merge_alike(self) -> None:
        source, target = self._alike[0]
        self._tell_merged([source], target.id, source.n_positive + source.n_negative)

    def _keep_apart(self) -> None:
        one, other = self._alike[0]
        self._differ.add(frozenset((one.id, other.id)))
        self._show_hint()
