"""What will happen: the training told before it starts."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from core.i18n import _, ngettext
from core.learning.settings import Settings
from core.learning.text_classifier_settings import ContrastiveSettings
from core.operations.estimate_training import Estimate
from core.records import EMBEDDING_CLASSIFIER
from core.storage.counts import LabelCounts, TargetCounts
from desktop.screens.settings.draft import Draft, learnable, without_texts
from desktop.screens.settings.sources import Offered
from desktop.widgets.buttons import Button, button
from desktop.widgets.icon import Icon
from desktop.widgets.layout import TOP, column, row
from desktop.widgets.painted import shortened
from desktop.widgets.text import Wrapped, text, tip, wrapped
from desktop.widgets.wording import concepts, duration, number, size, texts

WIDTH, WORDS_WIDTH = 264, 196
NAME_WIDTH = 180  # pixels of a concept's name among others
NAMED = 3
FEW = 500  # texts, up to which pairs of texts are checked in five rounds
FEW_ROUNDS_FROM = 1_000  # texts, beyond which the quick classifier is checked in three
SIGNS = ("file-text", "shapes", "scissors", "timer", "database", "monitor")


@dataclass(frozen=True)
class Outlook:
    """What is known of a training before it starts.

    Attributes:
        settings: those of the draft; None while they are not allowed.
        estimate: None while it is being worked out; a sentence where there can be none.
        n_runs: how many trainings one after the other.
    """

    draft: Draft
    offered: Offered
    settings: Settings | None
    estimate: Estimate | str | None
    n_runs: int = 1


class WhatWillHappen(QFrame):
    """Texts, concepts or answers, how the model is checked, how long it takes, how much memory.

    Attributes:
        remedies: the buttons for what helps where memory is short.
    """

    remedy_chosen = Signal(object)  # a Remedy

    def __init__(self) -> None:
        """Say nothing until `show_outlook` is called."""
        super().__init__()
        self.setProperty("box", "soft")
        self.setFixedWidth(WIDTH)
        self._facts = [
            (Icon(sign, "ink_3", 16), text("", "small_strong"), _note()) for sign in SIGNS
        ]
        self._rows = [
            row((icon, TOP), column(value, note, gap=2), gap=12)
            for icon, value, note in self._facts
        ]
        self.remedies: list[Button] = []
        self._help = QVBoxLayout()
        self._help.setContentsMargins(28, 0, 0, 0)
        self._help.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(14)
        layout.addWidget(text(_("What will happen"), "heading"))
        for sign, one in zip(SIGNS, self._rows, strict=True):
            layout.addWidget(one)
            if sign == "database":
                layout.addLayout(self._help)

    def show_outlook(self, outlook: Outlook) -> None:
        """Say what a training of the draft will do."""
        told = [*_learning(outlook), _checking(outlook), _time(outlook), *_where(outlook)]
        told += [("", "")] * (len(self._facts) - len(told))
        for (_icon, value, note), shown, (what, why) in zip(
            self._facts, self._rows, told, strict=True
        ):
            value.setText(what)
            note.setText(why)
            note.setVisible(bool(why))
            shown.setVisible(bool(what))
        estimate = outlook.estimate
        is_short = isinstance(estimate, Estimate) and not estimate.fits
        icon, value, _said = self._facts[SIGNS.index("database")]
        icon.set_icon("triangle-alert" if is_short else "database", "warn" if is_short else "ink_3")
        value.set_tone("warn" if is_short else "ink")
        self._offer(estimate if isinstance(estimate, Estimate) else None)
        self.setAccessibleName(". ".join(f"{what}: {why}" for what, why in told if what))

    def _offer(self, estimate: Estimate | None) -> None:
        """Offer what helps, each as a button that does it."""
        wanted = [] if estimate is None or estimate.fits else list(estimate.remedies)
        if [one.text() for one in self.remedies] == [remedy.words for remedy in wanted]:
            return
        for old in self.remedies:
            old.hide()
            old.deleteLater()
        self.remedies = [button(remedy.words, "small") for remedy in wanted]
        for one, remedy in zip(self.remedies, wanted, strict=True):
            one.setToolTip(tip(remedy.about))
            one.clicked.connect(lambda _on=False, r=remedy: self.remedy_chosen.emit(r))
            self._help.addWidget(one)

    def words(self) -> str:
        """Return all that is said."""
        return "\n".join(
            f"{value.text()}\n{note.text()}" for _sign, value, note in self._facts if value.text()
        )


def _note() -> Wrapped:
    return wrapped("", "small", "ink_2", width=WORDS_WIDTH)


def _learning(outlook: Outlook) -> list[tuple[str, str]]:
    """Return what is learned from, and what is learned."""
    draft, offered = outlook.draft, outlook.offered
    if draft.writes and offered.has_answers:
        assert offered.targets is not None
        return [_answered(offered.targets), _answers(offered.targets)]
    learned, left_out = learnable(draft, offered), without_texts(draft, offered)
    return [_texts(offered.labels), _concepts(learned, left_out, writes=draft.writes)]


def _answered(counts: TargetCounts) -> tuple[str, str]:
    what = texts(counts.n_learned) if counts.n_learned else _("No texts to learn from")
    left_out = counts.n_inputs - counts.n_pairs
    if not left_out:
        return what, _("Every text has an answer")
    words = ngettext(
        "{n} without an answer is left out", "{n} without an answer are left out", left_out
    )
    return what, words.format(n=number(left_out))


def _answers(counts: TargetCounts) -> tuple[str, str]:
    words = ngettext("{n} answer to learn", "{n} answers to learn", counts.n_learned)
    why = (
        _("About {n} characters each").format(n=number(round(counts.mean_length)))
        if counts.n_targets
        else _("The last ### section of each text")
    )
    return words.format(n=number(counts.n_learned)), why


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


def _concepts(learned: list[str], left_out: list[str], *, writes: bool) -> tuple[str, str]:
    what = concepts(len(learned)) if learned else _("No concepts to learn")
    if not left_out and not learned:
        return what, _("The app has none yet")
    if not left_out:
        its_names = _("The model writes the name of the concept")
        return what, its_names if writes else _("Each has texts to learn from")
    names = ", ".join(shortened(name, "small", NAME_WIDTH) for name in left_out[:NAMED])
    if len(left_out) > NAMED:
        more = number(len(left_out) - NAMED)
        return what, _("Without texts: {names} and {more} more").format(names=names, more=more)
    return what, _("Without texts: {names}").format(names=names)


def _checking(outlook: Outlook) -> tuple[str, str]:
    offered, draft = outlook.offered, outlook.draft
    counts = offered.targets if draft.writes and offered.has_answers else offered.labels
    assert counts is not None
    if counts.n_checked:
        what = ngettext("{n} text for checking", "{n} texts for checking", counts.n_checked)
        why = _("Kept apart in your data; the model never sees them while it learns")
        return what.format(n=number(counts.n_checked)), why
    is_quick = draft.template.type == EMBEDDING_CLASSIFIER
    compares = draft.template.settings is ContrastiveSettings
    if is_quick or (compares and counts.n_learned <= FEW):
        if is_quick and counts.n_learned > FEW_ROUNDS_FROM:
            why = _("Each third of the texts is predicted by a model that has not seen it")
            return _("Checked in three rounds"), why
        why = _("Each fifth of the texts is predicted by a model that has not seen it")
        return _("Checked in five rounds"), why
    why = _("Chosen by lot; the model never sees them while it learns")
    return _("A fifth kept for checking"), why


def _time(outlook: Outlook) -> tuple[str, str]:
    estimate = outlook.estimate
    if isinstance(estimate, str):
        return _("No time yet"), estimate
    if estimate is None:
        return _("Working out the time"), ""
    why = (
        _("As your last training here; you can go on working")
        if estimate.is_measured
        else _("A careful guess; you can go on working")
    )
    what = _("About {time}").format(time=duration(estimate.seconds * outlook.n_runs))
    if outlook.n_runs > 1:
        why = _("{n} trainings, each about {time}").format(
            n=number(outlook.n_runs), time=duration(estimate.seconds)
        )
    return what, why


def _where(outlook: Outlook) -> list[tuple[str, str]]:
    """Return how much memory it takes, and where the numbers are worked out."""
    estimate = outlook.estimate
    if not isinstance(estimate, Estimate) or not estimate.n_bytes:
        return []
    needed, free = size(estimate.n_bytes), size(estimate.free_bytes)
    memory = (_("{size} of memory").format(size=needed), "")
    if estimate.free_bytes and estimate.fits:
        memory = (memory[0], _("{size} are free").format(size=free))
    elif estimate.free_bytes:
        why = _("Only {size} are free, so it may end early. What helps:").format(size=free)
        memory = (memory[0], why)
    return [memory, (estimate.device, _("Where the numbers are worked out"))]
