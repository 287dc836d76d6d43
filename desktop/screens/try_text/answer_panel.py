"""What a model says of a text: the answer as a title, how sure, and the bars."""

from collections.abc import Mapping

from PySide6.QtWidgets import QGraphicsOpacityEffect, QVBoxLayout, QWidget

from core.i18n import _, ngettext
from core.operations.try_text import TryResult
from desktop.theme.tokens import S3
from desktop.widgets.buttons import button
from desktop.widgets.icon import Icon
from desktop.widgets.layout import column, row
from desktop.widgets.probability_bars import STALE, Answer, ProbabilityBars
from desktop.widgets.text import Elided, text, wrapped
from desktop.widgets.wording import duration, number, percent

SHOWN, COUNTS_FROM = 5, 0.5


class AnswerPanel(QWidget):
    """Shows one answer; while a newer one is on its way it fades and keeps its place."""

    def __init__(self) -> None:
        """Have no answer."""
        super().__init__()
        self.result: TryResult | None = None
        self._numbers: Mapping[str, int] = {}
        self._shows_all = False
        self.title = Elided("", "title", middle=True)
        self.sure = wrapped("", "body", "ink_2")
        self.bars = ProbabilityBars()
        self.rule = wrapped("", "caption", "ink_3")
        self.more = button("", "link")
        self.time = text("", "caption", "ink_3")
        self.answered = row(Icon("zap", "ink_3", 14), self.time, None, gap=6)
        self.more.clicked.connect(self._toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.head = text("", "small", "ink_2")
        words = column(
            self.head,
            2,
            self.title,
            4,
            self.sure,
            S3,
            self.bars,
            self.rule,
            gap=0,
        )
        layout.addWidget(words)
        layout.addWidget(self.more)
        self._words = words

    def show_answer(self, result: TryResult, numbers: Mapping[str, int]) -> None:
        """Show an answer; `numbers` are those of the concepts' marks."""
        self.result, self._numbers = result, numbers
        about, left = _("This text is about"), _("Not decided automatically")
        self.head.setText(left if result.needs_person else about)
        self.title.setText(title_of(result))
        self.sure.setText(sureness_of(result))
        self.rule.setText(_rule_of(result))
        self.time.setText(_("Answered in {time}").format(time=duration(result.elapsed_ms / 1000)))
        self._show_bars()
        self.set_stale(is_stale=False)

    def set_stale(self, *, is_stale: bool) -> None:
        """Fade the answer while a newer one is on its way."""
        fade(self._words, is_faded=is_stale)

    def _show_bars(self) -> None:
        if self.result is None:
            return
        predictions = self.result.predictions
        shown = predictions if self._shows_all else predictions[:SHOWN]
        limits = self.result.counts_from or (None,) * len(predictions)
        answers = [
            Answer(p.concept, self._numbers.get(p.concept, 0), p.probability, limit)
            for p, limit in zip(shown, limits, strict=False)
        ]
        self.bars.set_answers(answers, 0.0 if self.result.is_exclusive else COUNTS_FROM)
        self.more.setVisible(len(predictions) > SHOWN)
        every = _("All {n}").format(n=number(len(predictions)))
        self.more.setText(_("Only the first {n}").format(n=SHOWN) if self._shows_all else every)

    def _toggle(self) -> None:
        self._shows_all = not self._shows_all
        self._show_bars()


def fade(part: QWidget, *, is_faded: bool) -> None:
    """Show a part weaker that belongs to an older text, or as it is."""
    effect = QGraphicsOpacityEffect(part) if is_faded else None
    if effect:
        effect.setOpacity(STALE)
    part.setGraphicsEffect(effect)  # type: ignore[arg-type]  # None takes it away


def title_of(result: TryResult) -> str:
    """Return the answer in as few words as it can be said."""
    if result.needs_person:
        return _("Left for a person")
    return ", ".join(result.chosen) or _("None of your concepts")


def sureness_of(result: TryResult) -> str:
    """Return how sure the model is, in one sentence."""
    probabilities = {p.concept: p.probability for p in result.predictions}
    if result.needs_person and probabilities:
        return _reason_of(result)
    if not result.chosen:
        best = max(probabilities.values(), default=0.0)
        words = _("The likeliest one has {share}.")
        return words.format(share=percent(best)) if probabilities else ""
    if len(result.chosen) > 1:
        words = ngettext("{n} concept counts.", "{n} concepts count.", len(result.chosen))
        return words.format(n=len(result.chosen))
    share = percent(probabilities.get(result.chosen[0], 0.0))
    return _("The model is {share} sure.").format(share=share)


def _reason_of(result: TryResult) -> str:
    """Return why a text is left for a person."""
    both = list(zip(result.predictions, result.counts_from, strict=True))
    rivals = both[:1] if result.is_exclusive else both
    if any(prediction.probability >= limit for prediction, limit in rivals):
        return _("It seems to be about none of your concepts.")
    best, limit = both[0]
    words = _("“{concept}” is the likeliest with {share}; to count it needs {limit}.")
    share, limit_words = percent(best.probability), percent(limit)
    return words.format(concept=best.concept, share=share, limit=limit_words)


def _rule_of(result: TryResult) -> str:
    if result.counts_from:
        return _("A concept counts from its line on; else a person decides.")
    if not result.is_exclusive:
        return _("An answer counts from {share} (the line).").format(share=percent(COUNTS_FROM, 0))
    if not result.chosen:
        return _("No concept is likely enough for this text.")
    return _("Exactly one concept per text: the likeliest counts.")
