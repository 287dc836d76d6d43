"""How far two people agree, and the texts in which they differ, to be settled."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import N_, _, ngettext
from core.operations.settle import told_labels
from core.storage.merges import ANSWER, KINDS, LABELS, SPLIT, Disagreement, Merge, Said
from core.wording import decimal, percent
from desktop.theme.tokens import S2
from desktop.widgets.buttons import button
from desktop.widgets.choices import Select
from desktop.widgets.filter_words import SPLITS
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE, row, step_body
from desktop.widgets.table import Index, RowsModel, TextTable
from desktop.widgets.text import text, tip, wrapped
from desktop.widgets.wording import number

Roles = Qt.ItemDataRole
AGREEMENT_WIDTH, SHOWN_ROWS, ROW_HEIGHT, ABOUT_WIDTH = 560, 6, 40, 200
ABOUT = {  # what the texts to settle are narrowed to, and how many are
    "": N_("Everything ({n})"),
    LABELS: N_("Labels ({n})"),
    ANSWER: N_("Answers ({n})"),
    SPLIT: N_("Splits ({n})"),
}
DIFFERS = {LABELS: N_("Labels"), ANSWER: N_("Answer"), SPLIT: N_("Split")}
KAPPA_TOLD = (  # Landis and Koch 1977, in plain words
    (0.81, N_("Nearly complete.")),
    (0.61, N_("Substantial.")),
    (0.41, N_("Moderate: the concepts may need clearer definitions.")),
    (-1.0, N_("Low: talk about what the concepts mean before you train.")),
)


class _Table(RowsModel):
    """Rows of words, some of them numbers."""

    def __init__(self, heads: Sequence[str], numbers: Sequence[int] = ()) -> None:
        super().__init__(heads)
        self._numbers = numbers
        self.rows: list[tuple[str, ...]] = []

    def show(self, rows: list[tuple[str, ...]]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    @override
    def count(self) -> int:
        return len(self.rows)

    @override
    def alignment(self, section: int) -> Qt.AlignmentFlag:
        return (RIGHT if section in self._numbers else LEFT) | V_CENTRE

    @override
    def data(self, index: Index, role: int = Roles.DisplayRole) -> object:
        words = self.rows[index.row()][index.column()]
        match role:
            case Roles.DisplayRole:
                return words
            case Roles.ToolTipRole if index.column() not in self._numbers:
                return tip(words)
            case Roles.TextAlignmentRole:
                return self.alignment(index.column())
        return None


class MergePage(QWidget):
    """Shows what came of a merge; what is asked for is done by the screen.

    Attributes:
        merge: that is shown.
        open_ones: the texts that are shown of those not settled yet. n_open: of all these.
        kinds: about what they are, of `KINDS`. is_all: whether all are chosen, shown or not.
    """

    settle_asked = Signal(str, object)  # the side; keys of inputs, None for all that are open
    narrowed = Signal()  # to other kinds
    table_asked = Signal()
    WIDTHS: ClassVar[Mapping[int, int]] = {1: 72, 2: 72, 3: 72, 4: 100, 5: 72}

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.merge: Merge | None = None
        self.open_ones: list[Disagreement] = []
        self.headline = text("", "title")
        self.sentence = wrapped("", "body", "ink_2")
        heads = (_("Concept"), _("Both"), _("Yours"), _("Theirs"), _("Agreement"), _("Kappa"))
        self.agreements = _Table(heads, (1, 2, 3, 4, 5))
        self.concepts = TextTable(_("Agreement by concept"))
        self.concepts.setModel(self.agreements)
        self.concepts.set_columns(self.WIDTHS)
        self.concepts.setMaximumWidth(AGREEMENT_WIDTH + 200)
        self._make_list()
        self.save = button(_("Save as CSV…"), "link")
        self._connect()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._body())

    def _make_list(self) -> None:
        """Make the list of texts, and what can be done to them."""
        self.kinds: tuple[str, ...] = KINDS
        self.n_open = 0
        self.is_all = False
        self.disagreements = _Table((_("Text"), _("About"), _("Yours"), _("Theirs")))
        self.texts = TextTable(_("Texts to settle"))
        self.texts.setModel(self.disagreements)
        self.texts.set_columns({1: 150, 2: 220, 3: 220})
        self.left = text("", "heading")
        self.about = Select(width=ABOUT_WIDTH, name=_("About what"))
        self.ours = button(_("Keep yours"))
        self.theirs = button(_("Take theirs"))
        self.both = button(_("Take both"))
        self.all = button("", "link")
        self.chosen = text("", "small", "ink_2")
        self.rest = QWidget()  # the room below where there is no list

    def show(  # type: ignore[override]
        self, merge: Merge, open_ones: Sequence[Disagreement], n_of: Mapping[str, int]
    ) -> None:
        """Show a merge with the texts that are left to settle; `n_of` counts them by kind."""
        self.merge, self.open_ones = merge, list(open_ones)
        whole: Mapping[str, Any] = merge.summary.get("whole", {})
        self.headline.setText(_headline(whole))
        self.sentence.setText(_sentence(merge))
        self.agreements.show([_agreement(one) for one in merge.summary.get("agreements", ())])
        n_rows = min(SHOWN_ROWS, self.agreements.count()) + 1
        self.concepts.setFixedHeight(n_rows * ROW_HEIGHT)
        self.concepts.setVisible(self.agreements.count() > 0)
        self.disagreements.show([_row(one, self.kinds) for one in self.open_ones])
        self.left.setText(_left(merge.n_open, merge.n_disagreements))
        self._offer({"": merge.n_open, **n_of})
        acts = (self.ours, self.theirs, self.both, self.all, self.chosen)
        for part in (self.texts, *acts):
            part.setVisible(bool(self.open_ones))
        self.rest.setVisible(not self.open_ones)
        self.save.setVisible(merge.n_disagreements > 0)
        if self.open_ones:
            self.texts.selectRow(0)
        self._look_at_chosen()

    def _offer(self, n_of: Mapping[str, int]) -> None:
        """Let the texts be narrowed to what there is."""
        several = sum(n_of[kind] > 0 for kind in KINDS) > 1
        chosen = self.kinds[0] if len(self.kinds) == 1 else ""
        offered = [kind for kind in ABOUT if n_of[kind] or not kind]
        self.about.blockSignals(True)  # noqa: FBT003  # Qt's own signature
        self.about.clear()
        for kind in offered:
            self.about.addItem(_(ABOUT[kind]).format(n=number(n_of[kind])), kind)
        self.about.setCurrentIndex(offered.index(chosen))
        self.about.blockSignals(False)  # noqa: FBT003
        self.about.setVisible(several)
        self.n_open = n_of[chosen]
        self.all.setText(_("Choose all {n}").format(n=number(self.n_open)))

    def _connect(self) -> None:
        for side, part in (("ours", self.ours), ("theirs", self.theirs), ("both", self.both)):
            part.clicked.connect(lambda _on=False, side=side: self._settle(side))
        self.save.clicked.connect(self.table_asked)
        self.about.currentIndexChanged.connect(self._narrow)
        self.all.clicked.connect(self._choose_all)
        self.texts.selectionModel().selectionChanged.connect(self._look_at_chosen)

    def _narrow(self) -> None:
        chosen = self.about.currentData()
        self.kinds = (chosen,) if chosen else KINDS
        self.narrowed.emit()

    def _choose_all(self) -> None:
        table = self.disagreements
        last = table.index(table.count() - 1, table.columnCount() - 1)
        rows = QItemSelection(table.index(0, 0), last)
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.texts.selectionModel().select(rows, how)
        self._look_at_chosen(is_all=True)

    def _look_at_chosen(self, *_selected: object, is_all: bool = False) -> None:
        self.is_all = is_all
        n_chosen = self.n_open if is_all else len(self.texts.selected_rows())
        words = ngettext("{n} text chosen", "{n} texts chosen", n_chosen)
        self.chosen.setText(words.format(n=number(n_chosen)))
        for part in (self.ours, self.theirs):
            part.setEnabled(n_chosen > 0)
        self.both.setEnabled(n_chosen > 0 and LABELS in self.kinds)

    def _settle(self, side: str) -> None:
        if self.is_all:
            self.settle_asked.emit(side, None)
            return
        chosen = tuple(self.open_ones[place].input_id for place in self.texts.selected_rows())
        if chosen:
            self.settle_asked.emit(side, chosen)

    def _body(self) -> QWidget:
        over = row(self.left, self.about, None, self.save, gap=12)
        acts = row(self.chosen, self.all, None, self.both, self.ours, self.theirs, gap=12)
        return step_body(
            *(self.headline, 4, self.sentence, S2, self.concepts, S2),
            *(over, 8, (self.texts, 1), 8, acts, (self.rest, 1)),
            gap=0,
        )


def _headline(whole: Mapping[str, Any]) -> str:
    if not whole.get("n_texts"):
        return _("You labelled no texts that your colleague labelled, too")
    return _("You both say the same of {share} of {n} texts").format(
        share=percent(whole["share"]), n=number(whole["n_texts"])
    )


def _sentence(merge: Merge) -> str:
    whole = merge.summary.get("whole", {})
    words = " ".join(filter(None, (_brought(merge), _differ(merge))))
    kappa = whole.get("kappa")
    if kappa is None:
        return words
    verdict = next(said for least, said in KAPPA_TOLD if kappa >= least)
    beyond = _("Beyond what chance gives, agreement is {kappa} of 1 (Cohen's kappa).")
    return f"{words} {beyond.format(kappa=decimal(kappa, 2))} {_(verdict)}"


def _differ(merge: Merge) -> str:
    """Say in what both differ beside labels; "" for nothing."""
    answers, splits = (merge.summary.get(f"n_{what}_differ", 0) for what in ("answers", "splits"))
    told = []
    if answers:
        words = ngettext("the answer of {n} text", "the answers of {n} texts", answers)
        told.append(words.format(n=number(answers)))
    if splits:
        words = ngettext("the split of {n} text", "the splits of {n} texts", splits)
        told.append(words.format(n=number(splits)))
    return _("You differed in {what}.").format(what=_(" and ").join(told)) if told else ""


def _brought(merge: Merge) -> str:
    n_added, n_labelled = (merge.summary.get(key, 0) for key in ("n_added", "n_labelled"))
    if not n_added and not n_labelled:
        return _("“{name}” brought no new texts and no new labels.").format(name=merge.source)
    added = ngettext("{n} new text", "{n} new texts", n_added).format(n=number(n_added))
    labels = ngettext("labels for {n} text", "labels for {n} texts", n_labelled)
    words = _("“{name}” brought {added} and {labels} of yours.")
    return words.format(name=merge.source, added=added, labels=labels.format(n=number(n_labelled)))


def _agreement(one: Mapping[str, Any]) -> tuple[str, ...]:
    counts = (number(one[key]) for key in ("n_both", "n_mine", "n_theirs"))
    kappa = "–" if one["kappa"] is None else decimal(one["kappa"], 2)
    return one["concept"], *counts, percent(one["share"]), kappa


def _row(one: Disagreement, kinds: Sequence[str]) -> tuple[str, ...]:
    shown = [kind for kind in one.open_kinds if kind in kinds]
    about = ", ".join(_(DIFFERS[kind]) for kind in shown)
    pairs = ((one.mine, one.theirs), (one.theirs, one.mine))
    sides = ("; ".join(_words(*two, kind) for kind in shown) for two in pairs)
    return one.text, about, *sides


def _words(said: Said, other: Said, kind: str) -> str:
    if kind == LABELS:
        return _names(told_labels(said, other))
    if kind == ANSWER:
        return _("“{answer}”").format(answer=said.answer)
    return _(dict(SPLITS).get(said.split, "")) or said.split


def _names(names: Sequence[str]) -> str:
    return ", ".join(names) or _("None of them")


def _left(n_open: int, n_all: int) -> str:
    if n_open:
        words = ngettext("{n} text to settle", "{n} texts to settle", n_open)
        return words.format(n=number(n_open))
    return _("Everything is settled") if n_all else _("There is nothing to settle")
