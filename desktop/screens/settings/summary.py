"""What will happen: the training told before it starts."""

from PySide6.QtWidgets import QFrame, QVBoxLayout

from core.i18n import _, ngettext
from core.operations.estimate_training import Estimate
from core.storage.counts import LabelCounts
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, Item, column, row
from desktop.widgets.painted import shortened
from desktop.widgets.text import text, wrapped
from desktop.widgets.wording import concepts, duration, number, texts

WIDTH, WORDS_WIDTH = 264, 196
NAME_WIDTH = 180  # pixels of a concept's name among others
NAMED = 3


class WhatWillHappen(QFrame):
    """Texts, concepts, how the model is checked, and how long it takes."""

    def __init__(self) -> None:
        """Say nothing until `show_plan` is called."""
        super().__init__()
        self.setProperty("box", "soft")
        self.setFixedWidth(WIDTH)
        self._facts = [
            (sign, text("", "small_strong"), wrapped("", "small", "ink_2", width=WORDS_WIDTH))
            for sign in ("file-text", "shapes", "scissors", "timer")
        ]
        items: list[Item] = [text(_("What will happen"), "heading"), 2]
        for sign, value, note in self._facts:
            items.append(row((Icon(sign, "ink_3", 16), TOP), column(value, note, gap=2), gap=12))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column(*items, gap=14, margins=(20, 20, 20, 20)))

    def show_plan(
        self, counts: LabelCounts, learned: list[str], left_out: list[str], estimate: Estimate
    ) -> None:
        """Say what a training of these concepts will do."""
        told = (
            _texts(counts),
            _concepts(learned, left_out),
            _checking(counts),
            _time(counts, estimate),
        )
        for (_sign, value, note), (what, why) in zip(self._facts, told, strict=True):
            value.setText(what)
            note.setText(why)
        self.setAccessibleName(". ".join(f"{what}: {why}" for what, why in told))

    def words(self) -> str:
        """Return all that is said."""
        return "\n".join(f"{value.text()}\n{note.text()}" for _sign, value, note in self._facts)


def _texts(counts: LabelCounts) -> tuple[str, str]:
    what = texts(counts.n_learned) if counts.n_learned else _("No texts to learn from")
    left_out = counts.n_inputs - counts.n_labelled
    if not counts.n_inputs:
        return what, _("The dataset is empty")
    if not left_out:
        return what, _("Every text has a concept")
    words = ngettext(
        "{n} without a concept is left out", "{n} without a concept are left out", left_out
    )
    return what, words.format(n=number(left_out))


def _concepts(learned: list[str], left_out: list[str]) -> tuple[str, str]:
    what = concepts(len(learned)) if learned else _("No concepts to learn")
    if not left_out and not learned:
        return what, _("The app has none yet")
    if not left_out:
        return what, _("Each has texts to learn from")
    names = ", ".join(shortened(name, "small", NAME_WIDTH) for name in left_out[:NAMED])
    if len(left_out) > NAMED:
        more = number(len(left_out) - NAMED)
        return what, _("Without texts: {names} and {more} more").format(names=names, more=more)
    return what, _("Without texts: {names}").format(names=names)


def _checking(counts: LabelCounts) -> tuple[str, str]:
    if counts.n_checked:
        what = ngettext("{n} text for checking", "{n} texts for checking", counts.n_checked)
        why = _("Kept apart in your data; the model never sees them while it learns")
        return what.format(n=number(counts.n_checked)), why
    why = _("Each fifth of the texts is predicted by a model that has not seen it")
    return _("Checked in five rounds"), why


def _time(counts: LabelCounts, estimate: Estimate) -> tuple[str, str]:
    if not counts.n_learned:
        return _("No time yet"), _("Known once some texts have a concept")
    why = (
        _("As your last training here; you can go on working")
        if estimate.is_measured
        else _("A careful guess; you can go on working")
    )
    return _("About {time}").format(time=duration(estimate.seconds)), why
