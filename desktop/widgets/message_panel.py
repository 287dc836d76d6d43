"""What went wrong or needs care, at the place where it matters; and the one line of success."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from core.errors import UserError
from core.i18n import _
from desktop.theme.tokens import S3, font
from desktop.widgets.buttons import Button, button
from desktop.widgets.fold import Fold
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, Hairline, Item, column, row
from desktop.widgets.text import text, wrapped

Kind = Literal["bad", "warn", "good"]
SIGNS = {"bad": "circle-x", "warn": "triangle-alert", "good": "circle-check"}
MEASURE = 640
DETAILS_HEIGHT = 160


class MessagePanel(QFrame):
    """What happened, what it means for the work, what to do; details folded away."""

    def __init__(
        self,
        kind: Kind,
        heading: str,
        meaning: str = "",
        *,
        actions: Sequence[Button] = (),
        details: str = "",
    ) -> None:
        """Say it on the kind's soft surface.

        Args:
            kind: bad, warn or good.
            heading: what happened, with the thing's name in “quotes”; for warnings the count first.
            meaning: what it means for the work, and what was not lost.
            actions: what can be done about it, the most likely first.
            details: for support; shown folded and never with texts of the analyst.
        """
        super().__init__()
        self.setProperty("box", kind)
        self.heading, self.meaning = wrapped(heading, "heading"), wrapped(meaning)
        self.setAccessibleName(f"{heading} {meaning}".strip())
        for label in (self.heading, self.meaning):
            label.set_measure(MEASURE)
        items: list[Item] = [self.heading]
        if meaning:
            items += [4, self.meaning]
        if actions:
            items += [16, row(*actions, None)]
        if details:
            items += [12, details_fold(details)]
        self._words = column(*items, gap=0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(S3, 20, S3, 20)
        layout.setSpacing(16)
        layout.addWidget(Icon(SIGNS[kind], kind, 24), alignment=TOP)
        layout.addWidget(self._words, 1)

    def add_row(self, *parts: Item) -> None:
        """Add a line below the words, for instance a row that cannot be added, with the reason."""
        layout = self._words.layout()
        if isinstance(layout, QVBoxLayout):
            layout.addSpacing(6)
            layout.addWidget(row(*parts))


def error_panel(error: UserError, *actions: Button) -> MessagePanel:
    """Return the panel for a failure that the analyst can put right."""
    return MessagePanel("bad", str(error), error.next_step, actions=actions)


def details_fold(details: str) -> QWidget:
    """Return the details for support, folded, with a link that copies them."""
    shown = QPlainTextEdit(details)
    shown.setFont(font("mono"))
    shown.setReadOnly(True)
    shown.setTabChangesFocus(True)
    shown.setFixedHeight(DETAILS_HEIGHT)
    shown.setAccessibleName(_("Details for support"))
    note = _("What was being done, versions, no texts of yours")
    fold = Fold(_("Details for support"), note, shown)
    copy = button(_("Copy details"), "link")
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
    return row((fold, 1), (row(copy, margins=(0, 4, 0, 4)), TOP))


def what_helps(lines: Sequence[str]) -> QWidget:
    """Return what can be done, the likeliest first, as a short numbered list."""
    items: list[Item] = [text(_("What helps"), "heading"), 8]
    for number, line in enumerate(lines, start=1):
        sign = text(str(number), "small_strong", "ink_3", width=24)
        items += [row((sign, TOP), (wrapped(line), 1), gap=0, margins=(0, 11, 0, 11)), Hairline()]
    return column(*items, gap=0)


def success_line(words: str) -> QWidget:
    """Return the one green line over a headline that says what has been done."""
    return row(Icon("circle-check", "good", 18), text(words, "small", "good"), None)


def field_error(words: str) -> QWidget:
    """Return the line below a field whose value cannot stay."""
    sign = column(2, Icon("circle-alert", "bad", 14), gap=0)
    return row((sign, TOP), (wrapped(words, "small", "bad"), 1), gap=6)
