"""An evaluation for people: the sentence first, then the scores, the concepts, what is mixed up."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from core.charts.mixed_up import MOST
from core.evaluation_words import (
    Slips,
    confusion_of,
    headline,
    lead,
    most_alike,
    slips_of,
    warnings,
)
from core.i18n import N_, _, ngettext
from core.records import Evaluation
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from desktop.session import Session
from desktop.theme.tokens import ROW
from desktop.widgets.buttons import button
from desktop.widgets.concept_chip import Chip
from desktop.widgets.concept_scores import ConceptScore, ConceptScores
from desktop.widgets.confusion_matrix import ConfusionMatrix
from desktop.widgets.interval import score_block
from desktop.widgets.layout import Hairline, Item, column, hide_below, row, stack_below
from desktop.widgets.message_panel import MessagePanel
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.versions import concept_numbers
from desktop.widgets.wording import concepts, counted_texts, number, texts

WIDE_WINDOW, STACKED_WINDOW = 1600, 1180  # pixels
DETAIL_WIDTH, SHOWN_TEXTS, SHOWN_SLIPS, SHOWN_LETTERS = 336, 6, 5, 150
STRONG = '<span style="font-weight:600">'  # <b> is a weight that our fonts have not
LEAD_MEASURE, HEAD_HEIGHT, MOST_ROOM = 960, 32, 1000
FIGURES_HEIGHT, FIGURE_GAP, TABLE_HEAD, FEWEST_ROWS = 98, 12, 36, 7

SCORES = (
    ("macro_avg_f1_score", N_("Macro F1"), N_("Precision and recall in one, every concept alike")),
    (
        "macro_avg_precision",
        N_("Macro precision"),
        N_("Of the texts that got a concept, how many carry it; every concept alike"),
    ),
    (
        "macro_avg_roc_auc",
        N_("ROC AUC"),
        N_("How well a concept's texts come before all others; 50 is chance"),
    ),
)


def _score_of(record: Mapping[str, Any], mark: int) -> ConceptScore:
    return ConceptScore(
        name=record["name"],
        number=mark,
        precision=record["precision"],
        recall=record["recall"],
        f1=record["f1"] or 0.0,
        roc_auc=record["roc_auc"],
        n_texts=record["n_positive"],
        never_predicted=record["never_predicted"],
    )


class ScoresPanel(QWidget):
    """Shows one evaluation; on wide windows a column on the right tells of the chosen concept.

    Attributes:
        headline: the sentence. table: by concept. matrix: what gets mixed up.
        detail: the chosen concept, the weakest to begin with; on wide windows only.
    """

    def __init__(self, session: Session) -> None:
        """Be empty; `show_evaluation` fills it."""
        super().__init__()
        self._session = session
        self._report: dict[str, Any] = {}
        self._numbers: dict[str, int] = {}
        self.headline, self.lead = text("", "figure"), wrapped("", "body", "ink_2", html=True)
        self.warnings, self.figures = Holder(QVBoxLayout()), Holder(QHBoxLayout(), FIGURE_GAP)
        self.figures.setFixedHeight(FIGURES_HEIGHT)
        self.lead.set_measure(LEAD_MEASURE)
        self.table, self.matrix = ConceptScores(), ConfusionMatrix()
        self.table_note, self.matrix_note = text("", "small", "ink_3"), text("", "small", "ink_3")
        self.all_mixed_up = button("", "link")
        self.cell_words = Elided("", "caption", "ink_2", middle=True)
        self.mixed_up = self._mixed_up_part()
        self.detail = ConceptDetail(session)
        self._lay_out()
        self.all_mixed_up.clicked.connect(self._toggle_all)
        self.matrix.cell_chosen.connect(self._choose_cell)
        self.table.clicked.connect(lambda index: self._choose_row(index.row()))
        self.table.row_opened.connect(self._choose_row)

    def _mixed_up_part(self) -> QWidget:
        head = row(
            text(_("What gets mixed up"), "heading"), self.matrix_note, None, self.all_mixed_up
        )
        head.setFixedHeight(HEAD_HEIGHT)
        return column(head, (self.matrix, MOST_ROOM), self.cell_words, None, gap=0)

    def _lay_out(self) -> None:
        head = row(text(_("By concept"), "heading"), self.table_note, None)
        head.setFixedHeight(HEAD_HEIGHT)
        by_concept = column(head, (self.table, MOST_ROOM), None, gap=0)
        self.parts = stack_below(row((by_concept, 9), (self.mixed_up, 10), gap=40), STACKED_WINDOW)
        main = column(
            self.headline,
            2,
            self.lead,
            4,
            self.warnings,
            16,
            self.figures,
            8,
            (self.parts, 1),
            gap=0,
        )
        side = row(40, Hairline(vertical=True), 28, self.detail, gap=0, margins=(0, 12, 0, 0))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(main, 1)
        layout.addWidget(hide_below(side, WIDE_WINDOW))

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Show the scores of an evaluation."""
        self._report = report = evaluation.report
        self._numbers = concept_numbers(self._session.db, [r["name"] for r in report["concepts"]])
        self.headline.setText(headline(report))
        self.lead.setText(marked_lead(evaluation))
        self.warnings.fill([MessagePanel("warn", words) for words in warnings(report)])
        self.figures.fill(_figures(report))
        self._show_concepts()
        self._show_mixed_up()

    def _show_concepts(self) -> None:
        records = [record for record in self._report["concepts"] if record["n_positive"]]
        scores = [_score_of(record, self._numbers[record["name"]]) for record in records]
        self.table.set_scores(scores)
        n_unchecked = len(self._report["concepts"]) - len(records)
        note = _("{concepts}, weakest first").format(concepts=concepts(len(records)))
        if n_unchecked:
            words = ngettext("{n} had no text to check", "{n} had no texts to check", n_unchecked)
            note = f"{note}; {words.format(n=number(n_unchecked))}"
        self.table_note.setText(note)
        rows = ROW * len(scores) + TABLE_HEAD
        self.table.setMinimumHeight(min(rows, ROW * FEWEST_ROWS + TABLE_HEAD))
        self.table.setMaximumHeight(rows)
        if scores:  # the weakest
            self._show_detail(self.table.scores.scores[0].name)

    def _show_mixed_up(self) -> None:
        counts = confusion_of(self._report)
        self.mixed_up.setVisible(bool(counts))
        if counts:
            self.matrix.set_matrix([r["name"] for r in self._report["concepts"]], counts)
            self._show_all(shows_all=False)

    def _toggle_all(self) -> None:
        n_concepts = len(self._report["concepts"])
        self._show_all(shows_all=len(self.matrix.shown) < n_concepts)

    def _show_all(self, *, shows_all: bool) -> None:
        n_concepts = len(self._report["concepts"])
        self.matrix.show_all(shows_all=shows_all)
        self.all_mixed_up.setVisible(n_concepts > MOST)
        few, every = _("The {n} most alike"), _("All {n}")
        shown = few.format(n=MOST) if shows_all else every.format(n=number(n_concepts))
        self.all_mixed_up.setText(shown)
        is_cut = n_concepts > MOST and not shows_all
        self.matrix_note.setText(_("the {n} most alike").format(n=MOST) if is_cut else "")
        self.cell_words.setText(_("Choose a field to read it in words."))

    def _choose_row(self, place: int) -> None:
        scores = self.table.scores.scores
        self._show_detail(scores[place].name)

    def _choose_cell(self, person: int, model: int) -> None:
        self.cell_words.setText(self.matrix.words(person, model))
        self._show_detail(self._report["concepts"][person]["name"])

    def _show_detail(self, name: str) -> None:
        record = next(r for r in self._report["concepts"] if r["name"] == name)
        self.detail.show_concept(record, self._numbers[name], slips_of(self._report, name))


def marked_lead(evaluation: Evaluation) -> str:
    """Return the lead as markup, ending in the two concepts that are most alike to the model."""
    words = escape(lead(evaluation))
    if pair := most_alike(evaluation.report):
        one, other = (f"{STRONG}{escape(_cut(name, 60))}</span>" for name in pair)
        alike = _("It is least sure between {one} and {other}.").format(one=one, other=other)
        words = f"{words} {alike}"
    return words


def _figures(report: Mapping[str, Any]) -> list[QWidget]:
    first = _("Right answers") if report["is_exclusive"] else _("All concepts right")
    hint = _("How often the answer was exactly what people said")
    blocks: list[QWidget] = [_figure(report, "top1_accuracy", first, hint)]
    for key, name, meaning in SCORES:
        blocks += [Hairline(vertical=True), _figure(report, key, _(name), _(meaning))]
    return blocks


def _figure(report: Mapping[str, Any], key: str, name: str, hint: str) -> QWidget:
    score, low, high = (report[f"{key}{end}"] for end in ("", "_low", "_high"))
    if score is None:
        return column(text(name, "small", "ink_2"), text(_("Not known"), "title"), None, gap=2)
    return score_block(
        name, score, score if low is None else low, score if high is None else high, hint=hint
    )


def _cut(value: str, most: int) -> str:
    return value if len(value) <= most else f"{value[: most // 2]}…{value[-most // 2 :]}"


class Holder(QWidget):
    """Parts that are replaced as a whole."""

    def __init__(self, layout: QBoxLayout, gap: int = 8) -> None:
        super().__init__()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap)
        self.setLayout(layout)
        self._layout = layout

    def fill(self, parts: Sequence[QWidget]) -> None:
        """Show these parts instead; where there are none, take no room."""
        while item := self._layout.takeAt(0):
            if old := item.widget():
                old.hide()
                old.deleteLater()
        for part in parts:
            self._layout.addWidget(part, 0 if isinstance(part, Hairline) else 1)
        self.setVisible(bool(parts))


class ConceptDetail(QWidget):
    """A concept in words: how often it was found, what it is mixed up with, some of its texts."""

    def __init__(self, session: Session) -> None:
        """Be empty."""
        super().__init__()
        self._session = session
        self._name = ""
        self.setFixedWidth(DETAIL_WIDTH)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._content = QWidget()
        self._layout.addWidget(self._content)
        self._layout.addStretch(1)
        self._shown: tuple[Mapping[str, Any], int, list[Slips]] | None = None
        self._is_filled = False

    def show_concept(self, record: Mapping[str, Any], mark: int, slips: list[Slips]) -> None:
        """Tell of a concept.

        Args:
            record: its record in the report.
            mark: the number of its mark.
            slips: what it is mixed up with.
        """
        self._shown, self._is_filled = (record, mark, slips), False
        if self.isVisible():
            self._fill()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_filled:
            self._fill()

    def _fill(self) -> None:
        if self._shown is None:
            return
        record, mark, slips = self._shown
        items: list[Item] = [
            row(Chip(record["name"], mark, most=DETAIL_WIDTH), None), 12,
            *_found_words(record), *_slips_part(slips), *self._texts_part(record["name"]),
        ]  # fmt: skip
        content = column(*items, gap=0)
        self._layout.replaceWidget(self._content, content)
        self._content.deleteLater()
        self._content, self._is_filled = content, True

    def _texts_part(self, name: str) -> list[Item]:
        db = self._session.db
        concept = next((c for c in list_concepts(db) if c.name == name), None)
        if concept is None:
            return []
        ids = list_input_ids(db, InputFilter(has=(concept.id,)))[:SHOWN_TEXTS]
        items: list[Item] = [text(_("Some of its texts"), "small_strong"), 6]
        for one in get_inputs(db, ids):
            words = wrapped(_cut_end(one.text), "small", "ink_2", width=DETAIL_WIDTH)
            items += [Hairline(), 8, words, 8]
        return items if ids else []


def _found_words(record: Mapping[str, Any]) -> list[Item]:
    found = _("Found {n} of {texts}.").format(
        n=number(record["tp"]), texts=counted_texts(record["n_positive"])
    )
    wrong = _("Given to no other text.")
    if record["fp"]:
        words = ngettext(
            "Given wrongly to {n} other text.", "Given wrongly to {n} other texts.", record["fp"]
        )
        wrong = words.format(n=number(record["fp"]))
    return [wrapped(f"{found} {wrong}", width=DETAIL_WIDTH), 20]


def _slips_part(slips: list[Slips]) -> list[Item]:
    if not slips:
        return []
    items: list[Item] = [text(_("Mixed up with"), "small_strong"), 6]
    for one in slips[:SHOWN_SLIPS]:
        count = text(texts(one.count), "small", "ink_3")
        line = row((Elided(one.name, "small", "ink", middle=True), 1), count, margins=(0, 7, 0, 7))
        items += [Hairline(), line]
    return [*items, 20]


def _cut_end(value: str) -> str:
    line = " ".join(value[: 4 * SHOWN_LETTERS].split())
    return line if len(line) <= SHOWN_LETTERS else f"{line[:SHOWN_LETTERS]}…"
