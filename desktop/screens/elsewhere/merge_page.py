"""How far two people agree, and the texts that they labelled otherwise, to be settled."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.i18n import N_, _, ngettext
from core.storage.merges import Disagreement, Merge
from core.wording import decimal, percent
from desktop.theme.tokens import S2
from desktop.widgets.buttons import button
from desktop.widgets.layout import LEFT, RIGHT, V_CENTRE, row, step_body
from desktop.widgets.table import Index, RowsModel, TextTable
from desktop.widgets.text import text, tip, wrapped
from desktop.widgets.wording import number

Roles = Qt.ItemDataRole
AGREEMENT_WIDTH, SHOWN_ROWS, ROW_HEIGHT = 560, 6, 40
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
        open_ones: the texts that are not settled yet.
    """

    settle_asked = Signal(str, object)  # the side; keys of inputs, none for all
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
        self.disagreements = _Table((_("Text"), _("Yours"), _("Theirs")))
        self.texts = TextTable(_("Texts to settle"))
        self.texts.setModel(self.disagreements)
        self.texts.set_columns({1: 180, 2: 180})
        self.left = text("", "heading")
        self.mine = button(_("Keep yours"))
        self.theirs = button(_("Take theirs"))
        self.both = button(_("Take both"))
        self.save = button(_("Save as CSV…"), "link")
        self._connect()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._body())

    def show(self, merge: Merge, open_ones: Sequence[Disagreement]) -> None:  # type: ignore[override]
        """Show a merge with the texts that are left to settle."""
        self.merge, self.open_ones = merge, list(open_ones)
        whole: Mapping[str, Any] = merge.summary.get("whole", {})
        self.headline.setText(_headline(whole))
        self.sentence.setText(_sentence(merge))
        self.agreements.show([_agreement(one) for one in merge.summary.get("agreements", ())])
        n_rows = min(SHOWN_ROWS, self.agreements.count()) + 1
        self.concepts.setFixedHeight(n_rows * ROW_HEIGHT)
        self.concepts.setVisible(self.agreements.count() > 0)
        self.disagreements.show(
            [(one.text, _names(one.mine), _names(one.theirs)) for one in self.open_ones]
        )
        self.left.setText(_left(len(self.open_ones), merge.n_disagreements))
        for part in (self.texts, self.mine, self.theirs, self.both):
            part.setVisible(bool(self.open_ones))
        self.save.setVisible(merge.n_disagreements > 0)
        if self.open_ones:
            self.texts.selectRow(0)

    def _connect(self) -> None:
        for side, part in (("mine", self.mine), ("theirs", self.theirs), ("both", self.both)):
            part.clicked.connect(lambda _on=False, side=side: self._settle(side))
        self.save.clicked.connect(self.table_asked)

    def _settle(self, side: str) -> None:
        chosen = tuple(self.open_ones[place].input_id for place in self.texts.selected_rows())
        if chosen:
            self.settle_asked.emit(side, chosen)

    def _body(self) -> QWidget:
        acts = row(self.left, None, self.save, self.both, self.mine, self.theirs, gap=12)
        return step_body(
            *(self.headline, 4, self.sentence, S2, self.concepts, S2),
            *(acts, 8, (self.texts, 1)),
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
    words = _brought(merge)
    kappa = whole.get("kappa")
    if kappa is None:
        return words
    verdict = next(said for least, said in KAPPA_TOLD if kappa >= least)
    beyond = _("Beyond what chance gives, agreement is {kappa} of 1 (Cohen's kappa).")
    return f"{words} {beyond.format(kappa=decimal(kappa, 2))} {_(verdict)}"


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


def _names(names: Sequence[str]) -> str:
    return ", ".join(names) or _("None of them")


def _left(n_open: int, n_all: int) -> str:
    if n_open:
        words = ngettext("{n} text to settle", "{n} texts to settle", n_open)
        return words.format(n=number(n_open))
    return _("Everything is settled") if n_all else _("There is nothing to settle")
