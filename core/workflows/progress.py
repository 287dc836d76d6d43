"""The progress of a part of a run as progress of the whole run."""

from collections.abc import Callable

from core.jobs import Job, PartOfJob


class Stretch(PartOfJob):
    """Hands on whatever a part reports as one stage, between two places of the whole."""

    def __init__(self, whole: Job, stage: str, *, start: int, end: int, total: int) -> None:
        super().__init__(whole, stage, start=start, end=end, total=total)
        self._tell: Callable[[int], None] = lambda place: whole.report(stage, place, total)
        self._first, self._last, self._place = start, end, start

    def report(self, _stage: str, done: int = 0, total: int = 0) -> None:
        """Publish progress of the whole; raise `JobCancelled` if the analyst asked to stop.

        It never goes back: what a part begins anew is not told.
        """
        if total:
            place = self._first + (self._last - self._first) * min(done, total) // total
            self._place = max(self._place, place)
        self._tell(self._place)
