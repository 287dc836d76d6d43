"""Overview: how good the model is in a sentence, in figures, and what stands out."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from core.comparison_words import basis_words, names_of, verdict
from core.evaluation_words import (
    Highlight,
    MixUp,
    Without,
    before_words,
    headline,
    highlights,
    left_out_words,
    missing_words,
    mix_ups,
    without_learned,
)
from core.i18n import N_, _, ngettext
from core.learning.marks import Cell, Learned, Mark, Outcome
from core.operations.judge_improvement import Judgement, JudgeRequest, judge_improvement
from core.records import Evaluation
from core.storage.models import get_model_version
from desktop.asking import Asking
from desktop.screens.evaluate.figures import Figures
from desktop.screens.evaluate.finding_row import FindingRow
from desktop.screens.evaluate.page import Page
from desktop.screens.evaluate.state import EvaluationState
from desktop.widgets.buttons import button
from desktop.widgets.icon import Icon
from desktop.widgets.layout import RIGHT, TOP, Hairline, Item, column, row
from desktop.widgets.scores_panel import HEAD_HEIGHT, LEAD_MEASURE, Holder, marked_lead
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.wording import counted_texts, number, percent

SHOWN_CONCEPTS, SHOWN_MIX_UPS = 6, 5
BESIDE_WIDTH, NARROWEST, SCORE_WIDTH, COUNT_WIDTH = 820, 340, 76, 64


_TRIED = N_("By the shares that are being tried; under Concepts they can be put back.")


class OverviewPage(Page):
    """The sentence first, the figures next, then where to look.

    Attributes:
        headline, lead: the sentences. notices: what to mind. figures: with their intervals.
        concepts, mix_ups: what stands out, each leading to its texts.
    """

    def __init__(self, state: EvaluationState) -> None:
        """Be empty."""
        super().__init__(state)
        self.headline, self.lead = wrapped("", "figure"), wrapped("", "body", "ink_2", html=True)
        for sentence in (self.headline, self.lead):
            sentence.set_measure(LEAD_MEASURE)
        self.before, self.basis = wrapped("", "heading"), Holder(QVBoxLayout(), 2)
        self.before.set_measure(LEAD_MEASURE)
        self._judging = Asking(state.session)
        self._compared: tuple[int, int] | None = (0, 0)  # nothing is hidden yet
        self.notices = Holder(QVBoxLayout(), 4)
        self.figures = Figures()
        self.weighting = button("", "link")
        self.concepts, self.mix_ups = Holder(QVBoxLayout(), 0), Holder(QVBoxLayout(), 0)
        self.without = Holder(QVBoxLayout(), 0)
        self.all_concepts, self.all_mix_ups = button("", "link"), button(_("Show all"), "link")
        self._parts = self._columns()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        words = column(self.headline, 2, self.lead, gap=0)
        judged = column(self.before, self.basis, gap=4)
        weighting = row(self.weighting, None)
        parts: list[Item] = [words, judged, self.notices, self.figures, weighting]
        layout.addWidget(column(*parts, 4, self._parts, None, gap=12))
        self.weighting.clicked.connect(self._weigh_otherwise)
        self.all_concepts.clicked.connect(lambda: state.tab_asked.emit("concepts"))
        self.all_mix_ups.clicked.connect(lambda: state.tab_asked.emit("mixed_up"))

    def _columns(self) -> QWidget:
        concepts_head = row(text(_("By concept"), "heading"), None, self.all_concepts)
        mixed_head = row(text(_("What gets mixed up"), "heading"), None, self.all_mix_ups)
        for head in (concepts_head, mixed_head):
            head.setFixedHeight(HEAD_HEIGHT)
        self._mixed = column(mixed_head, 4, self.mix_ups, 20, gap=0)
        left = column(concepts_head, 4, self.concepts, None, gap=0)
        right = column(self._mixed, self.without, None, gap=0)
        return row((left, 1), (right, 1), gap=40)

    @override
    def look(self) -> None:
        report, evaluation = self.state.report, self.state.evaluation
        if evaluation is None:
            return
        self.headline.setText(headline(report))
        self.lead.setText(marked_lead(evaluation))
        tried = [_TRIED] if self.state.tries_thresholds else []
        self.notices.fill([_notice(words) for words in (*map(_, tried), *_notices(report))])
        self._show_before()
        self._show_figures()
        self._show_concepts()
        self._show_mix_ups()
        parts = without_learned(report)
        self.without.fill([self._without_head(), *_without_rows(report, parts)] if parts else [])

    def _show_before(self) -> None:
        before, now = self.state.before, self.state.evaluation
        shown = (before.id, now.id) if before and now else None
        if shown == self._compared:
            return  # scores by other thresholds change no verdict
        self._compared = shown
        self._judging.forget()
        self.before.setVisible(before is not None)
        self.basis.fill([])
        if before and now:
            self.before.setText(before_words(before.report, now.report))
            self._judge(before, now)

    def _judge(self, before: Evaluation, now: Evaluation) -> None:
        """Say whether the version is better than the one before, on the texts of both."""
        is_other = now.model_version_id != before.model_version_id
        if is_other and now.folder and before.folder:
            request = JudgeRequest(before.id, now.id)
            show = partial(self._show_judgement, before, now)
            self._judging.ask(show, judge_improvement, request, refused=lambda _error: None)

    def _show_judgement(self, before: Evaluation, now: Evaluation, found: Judgement) -> None:
        db = self.state.session.db
        both = [get_model_version(db, one.model_version_id) for one in (before, now)]
        names = names_of(both)
        self.before.setText(verdict(found.versus, names[1], names[0]))
        lines = basis_words(found.basis, names, (before, now))
        self.basis.fill([wrapped(words, "small", "ink_2") for words in lines])

    def _show_figures(self) -> None:
        before = self.state.before.report if self.state.before else {}
        self.figures.show_report(self.state.report, before)
        is_weighted = self.figures.is_weighted
        label = _("Every concept alike") if is_weighted else _("Weighted by the texts of each")
        self.weighting.setText(label)
        self.weighting.setVisible("weighted_avg_f1_score" in self.state.report)

    def _weigh_otherwise(self) -> None:
        self.figures.is_weighted = not self.figures.is_weighted
        self._show_figures()

    def _show_concepts(self) -> None:
        found = highlights(self.state.report)
        shown = [self._concept_row(one) for one in found[:SHOWN_CONCEPTS]]
        self.concepts.fill(shown)
        words = ngettext("{n} concept", "All {n} concepts", len(found))
        self.all_concepts.setText(words.format(n=number(len(found))))

    def _concept_row(self, one: Highlight) -> FindingRow:
        mark = Outcome(one.concept, one.kind) if one.kind else None
        numbers = (self.state.numbers[one.concept],)
        return self._row(FindingRow((one.concept,), numbers, one.words), mark)

    def _show_mix_ups(self) -> None:
        found = mix_ups(self.state.report)
        self._mixed.setVisible(bool(found))
        self.mix_ups.fill([self._mix_up_row(one) for one in found[:SHOWN_MIX_UPS]])
        self.all_mix_ups.setVisible(len(found) > SHOWN_MIX_UPS)

    def _mix_up_row(self, one: MixUp) -> FindingRow:
        names = (one.person, one.model)
        numbers = tuple(self.state.numbers[name] for name in names)
        words = ngettext(
            "{n} text is the first, and was taken for the second.",
            "{n} texts are the first, and were taken for the second.",
            one.count,
        )
        found = FindingRow(names, numbers, words.format(n=number(one.count)))
        return self._row(found, Cell(*names))

    def _row(self, found: FindingRow, mark: Mark | None) -> FindingRow:
        found.setEnabled(mark is not None and self.state.keeps_texts)
        found.clicked.connect(lambda: self.state.choose(mark))
        return found

    def _without_head(self) -> QWidget:
        show = button(_("Show them"), "link")
        show.setEnabled(self.state.keeps_texts)
        show.clicked.connect(lambda: self.state.choose(Learned()))
        head = row(text(_("Texts it had learned from"), "heading"), None, show)
        head.setFixedHeight(HEAD_HEIGHT)
        return head

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        layout, directions = self._parts.layout(), QBoxLayout.Direction
        is_wide = self.width() >= BESIDE_WIDTH
        if isinstance(layout, QBoxLayout):
            layout.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)


def _notices(report: Mapping[str, Any]) -> list[str]:
    """Return what to mind; how many texts it had learned from is in the banner above."""
    left_out = left_out_words(report)
    return [*([left_out] if left_out else []), *missing_words(report)]


def _notice(words: str) -> QWidget:
    sign = column(2, Icon("circle-alert", "warn", 14), gap=0)
    return row((sign, TOP), (wrapped(words, "small", "ink_2"), 1), gap=8)


def _without_rows(report: Mapping[str, Any], parts: Sequence[Without]) -> list[QWidget]:
    whole = Without(_("All texts"), report["n_texts"], report)
    heads = row(
        None,
        *(_cell(words, width, "caption_strong", "ink_3") for words, width in (
            (_("Texts"), COUNT_WIDTH), (_("Right"), SCORE_WIDTH), (_("Macro F1"), SCORE_WIDTH),
        )),
        margins=(0, 4, 0, 8),
    )  # fmt: skip
    rows: list[QWidget] = [heads]
    for part in (whole, *parts):
        rows += [Hairline(), _without_row(part)]
    return rows


def _without_row(part: Without) -> QWidget:
    scores = [part.scores[key] for key in ("top1_accuracy", "macro_avg_f1_score")]
    told = [_("Not known") if score is None else percent(score) for score in scores]
    cells = [_cell(words, SCORE_WIDTH) for words in told]
    texts = _cell(number(part.n_texts), COUNT_WIDTH)
    line = row((Elided(part.words, "small"), 1), texts, *cells, margins=(0, 9, 0, 9))
    said = f"{counted_texts(part.n_texts)}, {_('Right')} {told[0]}, {_('Macro F1')} {told[1]}"
    line.setAccessibleName(f"{part.words}: {said}")
    return line


def _cell(words: str, width: int, role: str = "small", tone: str = "ink") -> QWidget:
    return text(words, role, tone, align=RIGHT, width=width)
