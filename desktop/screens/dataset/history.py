"""What was said of a text, by whom or what, and when."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from core.i18n import N_, _
from core.records import LabelEvent, Origin
from desktop.widgets.fold import Fold
from desktop.widgets.layout import Item, column
from desktop.widgets.text import Elided, wrapped
from desktop.widgets.wording import moment_within

SHOWN_EVENTS = 60
SETTERS = {
    Origin.PERSON: N_("You"),
    Origin.IMPORT: N_("Import"),
    Origin.DATA_CHECK: N_("Data check"),
    Origin.SUGGESTION: N_("You, as suggested"),
    Origin.MODEL: N_("A model, unread"),
}


def setter_of(event: LabelEvent) -> str:
    """Return who or what an event was done by; "" where nobody knows."""
    return _(SETTERS[event.step.origin]) if event.step and event.step.origin in SETTERS else ""


def setters_of(events: Sequence[LabelEvent]) -> dict[str, str]:
    """Return by concept who or what set the label that stands now; events are newest first."""
    found: dict[str, str] = {}
    for event in events:
        found.setdefault(event.concept, setter_of(event))
    return found


def history_fold(events: Sequence[LabelEvent], *, is_open: bool) -> Fold:
    """Return the events as a line that folds away."""
    lines: list[Item] = [_line(event) for event in events[:SHOWN_EVENTS]]
    if not lines:
        lines = [wrapped(_("Nobody has said anything of this text yet."), "small", "ink_3")]
    note = str(len(events)) if events else ""
    content = column(*lines, gap=8, margins=(0, 4, 0, 4))
    return Fold(_("History of labels"), note, content, is_open=is_open)


def _line(event: LabelEvent) -> QWidget:
    concept = event.concept or _("a deleted concept")
    words = {
        True: concept,
        False: _("not {concept}").format(concept=concept),
        None: _("{concept} taken away").format(concept=concept),
    }[event.is_positive]
    when = moment_within(event.step.at) if event.step else _("before this was kept")
    who = " · ".join(part for part in (setter_of(event), when) if part)
    return column(
        Elided(words, "small", "ink", middle=True), Elided(who, "caption", "ink_3"), gap=0
    )
