"""The texts that are gone through, one after the other, and how long that will take."""

from array import array
from collections.abc import Sequence
from statistics import median

import numpy as np

from core.records import Input
from core.storage.database import Database
from core.storage.datasets import list_datasets
from core.storage.filters import list_input_ids
from core.storage.inputs import get_inputs

AHEAD = 12  # texts read at once
LOOKED_AT, PART = 5_000, 250  # for the first text without an answer


def count_texts(db: Database) -> int:
    """Return how many texts the app has, each as often as it is in a dataset."""
    return sum(dataset.n_inputs for dataset in list_datasets(db))


MOST_ANSWERS = 200  # whose places are known, to go back to when they are undone


class Queue:
    """A fixed list of inputs and a place in it: who was labelled stays where it stands.

    Attributes:
        ids: the inputs. place: where we are, from 0; `len(ids)` after the last.
    """

    def __init__(self, db: Database, ids: Sequence[int]) -> None:
        """Stand at the first text that has no answer yet."""
        self._db = db
        self._read: dict[int, Input] = {}
        self._answered: list[tuple[int, Input]] = []  # where the last answers were given
        self.ids = ids
        self.place = self._first_open()

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.ids)

    @property
    def is_over(self) -> bool:
        """Say whether we are behind the last text."""
        return self.place >= len(self.ids)

    def current(self) -> Input | None:
        """Return the text at this place as it is now; those that were deleted drop out."""
        while not self.is_over:
            wanted = self.ids[self.place]
            if wanted not in self._read:
                ahead = self.ids[self.place : self.place + AHEAD]
                self._read.update((i.id, i) for i in get_inputs(self._db, list(ahead)))
            if wanted in self._read:
                return self._read[wanted]
            self._drop_deleted()
        return None

    def _drop_deleted(self) -> None:
        all_ids = list_input_ids(self._db)
        there = all_ids if isinstance(all_ids, range) else frozenset(all_ids)
        self.place -= sum(i not in there for i in self.ids[: self.place])
        self.ids = array("q", (i for i in self.ids if i in there))

    def mark_answered(self) -> None:
        """Remember how the text at this place is answered."""
        if shown := self.current():
            earlier = [(place, was) for place, was in self._answered if was.id != shown.id]
            self._answered = [*earlier[-MOST_ANSWERS:], (self.place, shown)]

    def go_back_to_undone(self) -> None:
        """Go where the last answer was given, if it is not there any more: somebody undid it."""
        if not self._answered:
            return
        place, was = self._answered[-1]
        for now in get_inputs(self._db, [was.id]):
            said, before = ((i.positive, i.negative, i.status) for i in (now, was))
            if said != before:
                self._answered.pop()
                self.go(place)

    def go(self, place: int) -> None:
        """Go to a place, or to the nearest there is."""
        self.place = max(0, min(place, len(self.ids)))

    def put_next(self, ids: Sequence[int], *, instead: bool = False) -> None:
        """Let these come next, in this order; what was gone through keeps its place.

        Those that were passed already are left out. With `instead`, the first of them takes the
        place of the text that is shown.
        """
        everything = np.asarray(self.ids, np.int64)
        first = self.place + (not instead)
        passed, ahead = everything[:first], everything[first:]
        wanted = np.array(ids, np.int64)
        wanted = wanted[~np.isin(wanted, passed)]
        rest = ahead[~np.isin(ahead, wanted)]
        self.ids = array("q", np.concatenate([passed, wanted, rest]).tobytes())

    def forget(self) -> None:
        """Read the texts anew when they are next asked for."""
        self._read.clear()

    def forget_current(self) -> None:
        """Read the text at this place anew; those that come next are still as they were read."""
        if not self.is_over:
            self._read.pop(self.ids[self.place], None)

    def _first_open(self) -> int:
        for start in range(0, min(len(self.ids), LOOKED_AT), PART):
            some = get_inputs(self._db, list(self.ids[start : start + PART]))
            for place, found in enumerate(some, start=start):
                if not (found.is_labelled or found.status):
                    return place
        return 0


class Pace:
    """How long an answer takes, by the last ones."""

    FEWEST, MOST = 5, 30

    def __init__(self) -> None:
        """Know nothing yet."""
        self._seconds: list[float] = []

    def add(self, seconds: float) -> None:
        """Take one more answer into account."""
        self._seconds = [*self._seconds[1 - self.MOST :], seconds]

    def seconds_for(self, n_texts: int) -> float | None:
        """Return how long so many texts take; None while too few answers are known."""
        if len(self._seconds) < self.FEWEST:
            return None
        return median(self._seconds) * n_texts
