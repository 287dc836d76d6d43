"""One text in full, and what can be said of its label."""

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from core.i18n import _
from core.operations.annotate import AnnotateRequest
from core.operations.evaluation_texts import EvaluatedText
from desktop.widgets.buttons import Button, button
from desktop.widgets.key_cap import KeyCap
from desktop.widgets.layout import Hairline, clip, column, row
from desktop.widgets.marked import marked_html
from desktop.widgets.painted import shortened
from desktop.widgets.text import wrapped

SHORT, TALL, AROUND = 92, 260, 24
NAME_WIDTH = 150.0


class TextReader(QWidget):
    """The whole text, which scrolls, above the keys that correct its label.

    Attributes:
        believe, other, keep, why, open: the buttons.
        verdict: what the marked words are worth; empty until somebody asked why.
    """

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.words, self.verdict = wrapped("", "body", html=True), wrapped("", "small", "ink_2")
        self._area = clip(column(self.words, self.verdict, None, gap=4, margins=(16, 10, 12, 4)))
        self._area.setFixedHeight(SHORT)
        self.believe, self.other = button("", "small"), button(_("Another concept…"), "small")
        self.keep = button(_("The label is right"), "small")
        self.why, self.open = button(_("Why?"), "small"), button(_("Open in dataset"), "link")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        keys = column(
            self._line("M", self.believe),
            row(*self._parts("C", self.other), None, *self._parts("W", self.why), gap=8),
            row(*self._parts("K", self.keep), None, self.open, gap=8),
            gap=6,
            margins=(16, 8, 12, 12),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (Hairline(), self._area, keys):
            layout.addWidget(part)

    def show_text(
        self, one: EvaluatedText, belief: AnnotateRequest | None, *, can_correct: bool
    ) -> None:
        """Show a text.

        Args:
            one: the text.
            belief: the label that the model would give; None if that is no other.
            can_correct: whether the text is still there, in this app.
        """
        self.show_why(one.text)
        self.believe.setText(_belief_words(belief))
        why = _("This text is not in this app any more.")
        self.believe.set_enabled(
            enabled=can_correct and belief is not None,
            why_not=why if not can_correct else _("The model gave no other label."),
        )
        for part in (self.other, self.keep, self.open):
            part.set_enabled(enabled=can_correct, why_not=why)

    def show_why(
        self,
        text: str,
        marks: Sequence[tuple[int, int]] = (),
        verdict: str = "",
        *,
        is_sure: bool = True,
    ) -> None:
        """Show a text with the words that spoke for an answer, grey where that is not sure."""
        tint = "accent_soft" if is_sure else "hairline"
        self.words.setText(marked_html(text, marks, tint))
        self.verdict.setText(verdict)
        self.verdict.setVisible(bool(verdict))
        self._area.verticalScrollBar().setValue(0)
        if verdict:
            needed = self.words.height() + self.verdict.height() + AROUND
            self._area.setFixedHeight(min(max(needed, self._area.height()), TALL))

    def toggle(self) -> None:
        """Give the text more room, or as much as before."""
        self._area.setFixedHeight(TALL if self._area.height() == SHORT else SHORT)

    def _line(self, key: str, act: Button) -> QWidget:
        return row(*self._parts(key, act), None, gap=8)

    def _parts(self, key: str, act: Button) -> tuple[QWidget, QWidget]:
        return KeyCap(key), act


def _belief_words(belief: AnnotateRequest | None) -> str:
    if belief is None:
        return _("The model is right")
    words = _("The model is right: {concept}")
    if not belief.positive:
        words = _("The model is right: not {concept}")
    return words.format(concept=shortened(belief.concept, "small_strong", NAME_WIDTH))
