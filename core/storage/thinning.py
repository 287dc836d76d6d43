"""Which backups stay: many of the last days, fewer and fewer of the time before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

ALL_KEPT, DAILY_KEPT, WEEKLY_KEPT = timedelta(days=2), timedelta(days=14), timedelta(days=70)
LONGEST_PAUSE = timedelta(days=7)
MOST_SHARE = 0.2  # of what would be free without backups


class Reason(StrEnum):
    """Why a backup was made."""

    TIME = "time"
    ASKED = "asked"
    DELETION = "deletion"
    MERGE = "merge"
    IMPORT = "import"
    MIGRATION = "migration"
    RESTORE = "restore"
    REPAIR = "repair"


def kept(backups: Sequence[tuple[int, datetime, Reason]], now: datetime) -> set[int]:
    """Return the numbers of the backups that stay.

    All of two days, the last of each day for two weeks, of each week for ten, of each month for
    good; always the newest, and those from before the app was brought to a new storage version.

    How old one is counts by the time between backups, of which a week at most: a clock that is
    set back or forward, by years even, makes none too old, nor does an app that nobody opens.

    Args:
        backups: number, moment and reason of each, in any order; numbers go up.
        now: the moment.
    """
    newest = max((number for number, _made, _reason in backups), default=0)
    last: dict[tuple[object, ...], int] = {}
    stay = {newest} if backups else set()
    ages = _ages(backups, now)
    for number, made, reason in sorted(backups):
        if reason is Reason.MIGRATION or ages[number] <= ALL_KEPT:
            stay.add(number)
        else:
            last[_span(made, ages[number])] = number
    return stay | set(last.values())


def fitting(backups: Sequence[tuple[int, int, Reason]], free_bytes: int) -> set[int]:
    """Return the numbers of the backups that there is room for; the oldest go first.

    Together they take a fifth at most of what would be free without them. Always the newest stays,
    the newest that was not made by time alone (what it was made before may have to be taken back),
    and those from before the app was brought to a new storage version.

    Args:
        backups: number, bytes and reason of each, in any order.
        free_bytes: of the disk, beside them.
    """
    most = (free_bytes + sum(n_bytes for _number, n_bytes, _reason in backups)) * MOST_SHARE
    newest = max((number for number, _n, _reason in backups), default=0)
    wanted = max((number for number, _n, why in backups if why is not Reason.TIME), default=0)
    stay: set[int] = set()
    total = 0
    for number, n_bytes, reason in sorted(backups, reverse=True):
        total += n_bytes
        if total <= most or number in (newest, wanted) or reason is Reason.MIGRATION:
            stay.add(number)
    return stay


def _ages(backups: Sequence[tuple[int, datetime, Reason]], now: datetime) -> dict[int, timedelta]:
    """Return how old each backup is, whatever the clock did."""
    ages, age, later = {}, timedelta(), now
    for number, made, _reason in sorted(backups, reverse=True):
        age += min(max(later - made, timedelta()), LONGEST_PAUSE)
        ages[number], later = age, made
    return ages


def _span(made: datetime, age: timedelta) -> tuple[object, ...]:
    if age <= DAILY_KEPT:
        return ("day", made.date())
    if age <= WEEKLY_KEPT:
        return ("week", *made.isocalendar()[:2])
    return ("month", made.year, made.month)
