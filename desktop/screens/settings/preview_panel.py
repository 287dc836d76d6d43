"""Exactly what a model that writes will see of an example: part by part, and counted."""

from html import escape

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QFont, QHideEvent, QTextOption
from PySide6.QtWidgets import QTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from core.errors import UserError
from core.i18n import _, ngettext
from core.learning.text_to_text_settings import TextToTextSettings
from core.operations.preview_training import PreviewRequest, TrainingPreview, preview_training
from desktop.asking import Asking
from desktop.session import Session
from desktop.theme.tokens import colour, font
from desktop.widgets.buttons import button
from desktop.widgets.layout import Hairline, boxed, column, row
from desktop.widgets.painted import repaints
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import number

TYPING_MS = 250
HEIGHT, REFUSED_HEIGHT = 190, 64
KINDS = ("frame", "text", "answer", "end")
SHORTEST_SHOWN, ENDS_SHOWN = 1_200, 400  # characters of a part, and of what is kept of a long one


def legend_words(kind: str) -> str:
    """Return what a kind of part is called."""
    return {
        "frame": _("around every text"),
        "text": _("the text"),
        "answer": _("the answer, which it learns"),
        "end": _("the end"),
    }[kind]


class PreviewPanel(QWidget):
    """Shows one example as the model will see it; another one at a press."""

    def __init__(self, session: Session) -> None:
        """Be empty until `show_request` is called."""
        super().__init__()
        self._asking = Asking(session)
        self._request: PreviewRequest | None = None
        self._preview: TrainingPreview | None = None
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self._ask)
        self.shown = QTextEdit()
        self.shown.setReadOnly(True)
        self.shown.setTabChangesFocus(True)
        self.shown.setFont(_plain_mono())
        self.shown.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.shown.setAccessibleName(_("What the model sees of this example"))
        self.counts, self.place = wrapped("", "small", "ink_2"), text("", "small", "ink_3")
        self.another = button(_("Show another text"), "link")
        self.another.clicked.connect(self._show_next)
        self._box = boxed("line", column(self.shown, margins=(10, 8, 6, 8)))
        self._box.setFixedHeight(HEIGHT)
        self._legend = wrapped("", "small", "ink_2", html=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        top = row(text(_("As the model will see it"), "strong"), None, self.place, self.another)
        parts = (top, self._box, self._legend, self.counts)
        layout.addWidget(column(*parts, gap=6, margins=(0, 15, 0, 15)))
        layout.addWidget(Hairline())

    def show_request(self, dataset: str, version: int, settings: TextToTextSettings | None) -> None:
        """Show an example of these texts; without settings the last one stays, paler."""
        self._box.setEnabled(settings is not None)
        if settings is None:
            return
        place = self._request.place if self._request else 0
        request = PreviewRequest(dataset, version, settings, place)
        if request != self._request:
            self._request = request
            self._typing.start()

    def words(self) -> str:
        """Return what is shown of the example."""
        return self.shown.toPlainText()

    def _show_next(self) -> None:
        if self._request and self._preview:
            place = self._preview.place + 1
            old = self._request
            self._request = PreviewRequest(old.dataset, old.version, old.settings, place)
            self._ask()

    def _ask(self) -> None:
        if self._request and self.isVisible():
            self._asking.ask(self._show, preview_training, self._request, refused=self._refuse)

    def look_again(self) -> None:
        """Ask once more: the texts have changed, or the panel has come up."""
        self._typing.start()

    def _show(self, preview: TrainingPreview) -> None:
        self._preview = preview
        self._box.setFixedHeight(HEIGHT)
        view = preview.view
        self.shown.setHtml("".join(_span(s.kind, s.text, is_cut=s.is_cut) for s in view.spans))
        words = _("example {place} of {n}")
        shown = words.format(place=number(preview.place + 1), n=number(preview.n_examples))
        self.place.setText(shown)
        self.another.setVisible(preview.n_examples > 1)
        n_cut = sum(len(span.text) for span in view.spans if span.is_cut)
        self.counts.setText(_counts(view.n_prompt_tokens, view.n_answer_tokens, view.limit, n_cut))
        self.counts.set_tone("warn" if n_cut else "ink_2")
        present = {str(span.kind) for span in view.spans}
        self._legend.setText(
            " &nbsp; ".join(_mark(k, escape(legend_words(k))) for k in KINDS if k in present)
        )

    def _refuse(self, error: UserError) -> None:
        self._preview = None
        self._box.setFixedHeight(REFUSED_HEIGHT)
        self.shown.setPlainText(f"{error} {error.next_step}")
        self.counts.setText("")
        self._legend.setText("")
        self.place.setText("")
        self.another.hide()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if repaints(event) and self._preview:
            self._show(self._preview)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._asking.forget()


def _plain_mono() -> QFont:
    """Return the type of keys and logs, with every sign on its own: "<|" stays two of them."""
    plain = QFont(font("mono"))
    plain.setFeature(QFont.Tag("calt"), 0)
    return plain


def _counts(n_prompt: int, n_answer: int, limit: int, n_cut: int) -> str:
    words = _("{n_prompt} tokens before the answer, {n_answer} of the answer; {limit} is the most.")
    said = words.format(n_prompt=number(n_prompt), n_answer=number(n_answer), limit=number(limit))
    if not n_cut:
        return f"{said} {_('Nothing is cut.')}"
    cut = ngettext("{n} character is cut, struck through above.",
                   "{n} characters are cut, struck through above.", n_cut)  # fmt: skip
    return f"{said} {cut.format(n=number(n_cut))}"


def _span(kind: str, words: str, *, is_cut: bool) -> str:
    shown = escape(_short(words)).replace("\n", "↵<br>").replace("  ", "&nbsp; ")
    if is_cut:
        return f'<s style="color: {colour("warn").name()}">{shown}</s>'
    return _mark(kind, shown)


def _short(words: str) -> str:
    """Return a part as it is; of a very long one, its two ends."""
    if len(words) <= SHORTEST_SHOWN:
        return words
    return f"{words[:ENDS_SHOWN]} […] {words[-ENDS_SHOWN:]}"


def _mark(kind: str, shown: str) -> str:
    """Return markup in the look of a kind: by tint and by line, not by colour alone."""
    match kind:
        case "answer":
            style = f"background-color: {colour('accent_soft').name()}; text-decoration: underline"
        case "text":
            style = f"color: {colour('ink').name()}"
        case _:
            style = f"color: {colour('ink_3').name()}; font-style: italic"
    return f'<span style="{style}">{shown}</span>'
