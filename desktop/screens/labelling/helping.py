"""Labelling with help: what is suggested and which texts come next, without making anybody wait.

The screen goes on with the order that it has; when another one is there, the texts ahead change.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.annotate import AcceptRequest
from core.operations.next_texts import (
    USUAL_SHARE,
    NextRequest,
    NextResult,
    NoTextsToChooseError,
    ShareEstimate,
    next_texts,
)
from core.operations.suggest import LookAheadRequest, LookAheadResult, look_ahead
from core.records import Input, ModelVersion, Prediction
from core.storage.annotations import list_unread
from core.storage.models import list_model_versions
from core.storage.suggestions import find_round, suggestions_of
from desktop.asking import Asking
from desktop.screens.labelling.options import ALONG, NO_SUGGESTIONS
from desktop.screens.labelling.queue import AHEAD
from desktop.screens.labelling.queue_filter import SEEK
from desktop.widgets.wording import number, percent, versioned

if TYPE_CHECKING:
    from desktop.screens.labelling.screen import LabellingScreen

EVERY = 10  # answers, after which it learns again
N_TEXTS = 40  # asked for at once: enough to go on with while it learns
TOLD = 3  # concepts in view of the estimate; the others are told where the pointer rests
JUST_SHOWN_S = 0.5  # so soon nobody has begun to read, and the first text may change as well
LIKELY = 0.5  # of several concepts, those from here on are meant by the key


class Helping:
    """Fills the row of suggestions, and orders the texts ahead.

    Attributes:
        result: the newest order; None before the first.
    """

    def __init__(self, screen: LabellingScreen) -> None:
        """Help on a screen."""
        self._screen = screen
        self._row = screen.page.suggestions
        self._asking = Asking(screen.session)
        self.result: NextResult | None = None
        self._said: dict[int, tuple[Prediction, ...]] = {}
        self._by_chance: set[int] = set()
        self._is_exclusive = True
        self._n_since = 0
        self._began = 0.0
        self._trouble = ""
        self._unread = False  # the shown text has a label that nobody read
        self._row.taken.connect(lambda concept: self.accept((concept,)))
        screen.top.suggestions_asked.connect(lambda: screen.asked_for.emit("suggestions"))
        screen.top.source_chosen.connect(self._choose_source)
        screen.top.menu.aboutToShow.connect(self._offer_sources)

    @property
    def strategy(self) -> str:
        """How the texts ahead are ordered; "" as they stand."""
        return self._screen.top.filter.strategy

    @property
    def _model(self) -> tuple[str, int]:
        """The trained model that suggests; ("", 0) where it is what was learned from the labels."""
        return self._screen.options.model

    def begin(self) -> None:
        """The texts to go through are others now."""
        self._asking.forget()
        self.result, self._n_since, self._trouble = None, 0, ""
        self._said, self._by_chance = {}, set()
        self._began = time.monotonic()
        if self.strategy and len(self._screen.queue):
            self._ask()

    def pause(self) -> None:
        """Leave the computer to others while nobody labels."""
        self._asking.forget()

    def go_on(self) -> None:
        """Ask again for what was not answered before somebody went away."""
        if self.strategy and self.result is None and not self._asking.is_waiting:
            self.begin()

    def count(self) -> None:
        """One more text was answered."""
        self._n_since += 1
        if self.strategy and self._n_since >= EVERY and not self._asking.is_waiting:
            self._ask()

    def show(self, shown: Input) -> None:
        """Show what is suggested for a text."""
        screen, row = self._screen, self._row
        if shown.id not in self._said:
            self._read_kept(shown.id)
        is_open = not (shown.is_labelled or shown.status)
        is_wanted = is_open and screen.options.suggestions != NO_SUGGESTIONS
        said = self._said.get(shown.id, ()) if is_wanted else ()
        self._unread = bool(shown.is_labelled and list_unread(screen.session.db, [shown.id]))
        meant = self._meant(said)
        known = screen.concepts.values()
        row.set_suggested(meant, {c.name: c.colour for c in known}, len(meant))
        row.set_nothing(self._why_nothing(is_open=is_open))
        row.set_random(is_random=shown.id in self._by_chance)
        row.set_state(*self._state())
        row.setVisible(bool(self.strategy or self._model[0] or self._said or self._unread))
        keys = {concept.name: concept.id for concept in known}
        likely = {keys[p.concept]: p.probability for p in said if p.concept in keys}
        screen.bar.set_likely(likely)
        if is_wanted and not said and not self.strategy and self._model[0]:
            self._look_ahead()

    def accept(self, concepts: tuple[str, ...] = ()) -> None:
        """Make labels of what is suggested, or of these concepts; or confirm what nobody read."""
        screen, shown = self._screen, self._screen.queue.current()
        if shown is None:
            return
        if self._unread:
            taken = tuple(screen.concepts[key].name for key in shown.positive)
        elif shown.is_labelled or shown.status:
            return
        else:
            said = self._meant(self._said.get(shown.id, ()))
            taken = concepts or tuple(one.concept for one in said)
        if taken:
            only = screen.options.one_concept
            screen.answer(AcceptRequest((shown.id,), taken, only=only))

    def _offer_sources(self) -> None:
        """Offer what was learned from the labels so far, and the newest of every classifier."""
        newest: dict[str, ModelVersion] = {}
        for version in list_model_versions(self._screen.session.db):
            if not version.is_writer:
                newest.setdefault(version.model, version)
        models = [
            (f"{one.number} {one.model}", versioned(one.model, one.number))
            for one in newest.values()
        ]
        usual = [(ALONG, _("The labels so far")), (NO_SUGGESTIONS, _("Nowhere"))]
        chosen = self._screen.options.suggestions or ALONG
        self._screen.top.set_sources([usual[0], *models, usual[1]], chosen)

    def _choose_source(self, source: str) -> None:
        self._screen.options.suggestions = source
        self.begin()
        if shown := self._screen.queue.current():
            self.show(shown)

    def _meant(self, said: tuple[Prediction, ...]) -> tuple[Prediction, ...]:
        """Return what the key accepts: the likeliest, or all that are likely."""
        if self._is_exclusive or self._screen.options.one_concept:
            return said[:1]
        return tuple(p for p in said if p.probability >= LIKELY) or said[:1]

    def _ask(self) -> None:
        self._n_since = 0
        self._asking.ask(self._take, next_texts, self._request(), refused=self._refuse)

    def _request(self) -> NextRequest:
        panel, (model, version) = self._screen.top.filter, self._model
        request = NextRequest(
            wanted=panel.wanted(),
            random_share=USUAL_SHARE,
            n_texts=N_TEXTS,
            model=model,
            number=version,
        )
        if self.strategy != SEEK:
            return replace(request, strategy=self.strategy)  # type: ignore[arg-type]  # of ORDERS
        hints = panel.hints.text().strip()
        like = (hints,) if hints else ()
        return replace(request, concept=panel.sought.currentText(), like=like, words=hints)

    def _take(self, result: NextResult) -> None:
        """Let the new order hold from the next text on."""
        self.result, self._trouble = result, ""
        self._is_exclusive = result.is_exclusive
        self._said.update((one.input_id, one.predictions) for one in result.texts)
        self._by_chance |= {one.input_id for one in result.texts if one.is_random}
        queue = self._screen.queue
        is_untouched = time.monotonic() - self._began < JUST_SHOWN_S and not self._n_since
        queue.put_next([one.input_id for one in result.texts], instead=is_untouched)
        if self._screen.is_labelling:
            self._screen.show_text()

    def _refuse(self, error: UserError) -> None:
        is_over = isinstance(error, NoTextsToChooseError)
        self._trouble = "" if is_over else f"{error} {error.next_step}"
        if shown := self._screen.queue.current():
            self.show(shown)

    def _read_kept(self, input_id: int) -> None:
        """Read what the model that was asked last suggested for the texts that come next."""
        if self.strategy or self._screen.options.suggestions not in ("", ALONG):
            return
        asked = find_round(self._screen.session.db)
        if asked is None:
            return
        queue = self._screen.queue
        ahead = [input_id, *queue.ids[queue.place : queue.place + AHEAD]]
        kept = suggestions_of(self._screen.session.db, asked, ahead)
        self._is_exclusive = asked.is_exclusive
        for key in ahead:
            self._said[key] = tuple(Prediction(*pair) for pair in kept.get(key, ()))

    def _look_ahead(self) -> None:
        if self._asking.is_waiting:
            return
        queue, (model, version) = self._screen.queue, self._model
        ahead = tuple(queue.ids[queue.place : queue.place + AHEAD])
        request = LookAheadRequest(ahead, model, version)
        self._asking.ask(self._take_ahead, look_ahead, request, refused=self._refuse)

    def _take_ahead(self, result: LookAheadResult) -> None:
        self._is_exclusive = result.is_exclusive
        self._said.update(result.predictions)
        if shown := self._screen.queue.current():
            self.show(shown)

    def _why_nothing(self, *, is_open: bool) -> str:
        if self._unread:
            return _("A model set this label. The full stop says that you have read the text.")
        if not is_open or self._trouble:
            return self._trouble if is_open else ""
        if self.result is None and self._asking.is_waiting:
            return _("Reading the texts; you can begin meanwhile.")
        if self.strategy and self.result is not None and not self.result.n_learned:
            return _("Suggestions come after a few labels.")
        return ""

    def _state(self) -> tuple[str, str]:
        """Return how far the help is, and the estimate in full."""
        if self.result is None or not self.strategy:
            return "", ""
        left = max(0, EVERY - self._n_since)
        again = ngettext("Learns again after {n} text", "Learns again after {n} texts", left)
        words = _("Learning…") if self._asking.is_waiting else again.format(n=number(left))
        n = self.result.n_drawn
        if not n:
            return words, ""
        if not self.result.shares:
            so_far = ngettext("{n} random text so far", "{n} random texts so far", n)
            return f"{words}  ·  {so_far.format(n=number(n))}", ""
        told = ", ".join(
            f"{one.concept} {percent(one.share, 0)}" for one in self.result.shares[:TOLD]
        )
        drawn = ngettext("by {n} random text: {shares}", "by {n} random texts: {shares}", n)
        estimate = drawn.format(n=number(n), shares=told)
        return f"{words}  ·  {estimate}", "\n".join(map(_in_full, self.result.shares))


def _in_full(one: ShareEstimate) -> str:
    words = _("{concept}: {share} of all texts, between {low} and {high}")
    return words.format(
        concept=one.concept, share=percent(one.share), low=percent(one.low), high=percent(one.high)
    )
