"""Numbers in words: grouped as the reader's language does, with their unit, as exact as useful."""

import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.i18n import _, ngettext

THIN = "\u202f"  # narrow no-break space, between a number and its %
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400
SMALLEST_SHARE = 0.001
TINY = 1e-6  # a share that nothing is divided by less than
EVERY_SECOND_BELOW_S = 20
KILO = 1000


@dataclass(frozen=True)
class NumberStyle:
    """How a language writes numbers; the defaults are English."""

    group: str = ","
    point: str = "."


_in_use = [NumberStyle()]


class Estimate(int):
    """A total that is guessed: how far it is can be told of it as a share, but not as a count."""


def estimate(n_done: int, share: float) -> Estimate:
    """Return how many there are in all, by the share of them, in [0, 1], that is done."""
    return Estimate(max(n_done, round(n_done / max(share, TINY))))


def use_style(style: NumberStyle) -> None:
    """Write all numbers of this process in a style from now on."""
    _in_use[0] = style


def style_in_use() -> NumberStyle:
    """Return the style that numbers are written in, for a request that another process answers."""
    return _in_use[0]


def number(value: int) -> str:
    """Return a whole number with its digits grouped: 10,003."""
    return f"{value:,}".replace(",", _in_use[0].group)


def decimal(value: float, decimals: int = 1) -> str:
    """Return a number with a fixed count of decimals, halves away from nothing: 94.1."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, point, rest = f"{rounded:,f}".partition(".")
    return whole.replace(",", _in_use[0].group) + (_in_use[0].point if point else "") + rest


def percent(share: float, decimals: int = 1) -> str:
    """Return a share in [0, 1] as per cent; what is not quite nothing or all says so.

    Scores and probabilities have one decimal, progress and likeness none.
    """
    if decimals and 0 < share < SMALLEST_SHARE:
        return _("under {share}").format(share=f"{decimal(0.1)}{THIN}%")
    if decimals and 1 - SMALLEST_SHARE < share < 1:
        return _("over {share}").format(share=f"{decimal(99.9)}{THIN}%")
    return f"{decimal(share * 100, decimals)}{THIN}%"


def percent_aloud(share: float) -> str:
    """Return a share in [0, 1] for a screen reader: "96.2 per cent"."""
    return _("{number} per cent").format(number=decimal(share * 100))


def interval_words(low: float, high: float) -> str:
    """Return the bounds of a score, both in [0, 1], in words: "95 % interval 93.0 to 95.1"."""
    return _("{share} interval {low} to {high}").format(
        share=percent(0.95, 0), low=decimal(low * 100), high=decimal(high * 100)
    )


def time_left(seconds: float | None) -> str:
    """Return how long work still takes, rounded to what can be known; None is not known yet."""
    if seconds is None:
        return _("working out the time")
    return _("about {time} left").format(time=duration(_rounded(seconds)))


def _rounded(seconds: float) -> float:
    """Round up to 1 s under 20 s, 5 s under a minute, 1 min under an hour, then 10 min."""
    steps = ((EVERY_SECOND_BELOW_S, 1), (MINUTE_S, 5), (HOUR_S, MINUTE_S))
    step = next((step for below, step in steps if seconds < below), 10 * MINUTE_S)
    return max(1, -(-seconds // step) * step)


def sentence(words: str) -> str:
    """Return words that begin a line, with their first letter as a capital."""
    return words[:1].upper() + words[1:]


def duration(seconds: float) -> str:
    """Return how long something took: "21 ms", "49 s", "1 min 5 s", "2 h 40 min"."""
    if seconds < 1:
        return _("{count} ms").format(count=round(seconds * 1000))
    whole = round(seconds)
    if whole < MINUTE_S:
        return _("{count} s").format(count=whole)
    if whole < HOUR_S:
        return _pair(_("{count} min"), whole // MINUTE_S, _("{count} s"), whole % MINUTE_S)
    minutes = round(whole / MINUTE_S)
    if whole < DAY_S:
        return _pair(_("{count} h"), minutes // 60, _("{count} min"), minutes % 60)
    hours = round(whole / HOUR_S)
    return _pair(
        ngettext("{count} day", "{count} days", hours // 24),
        hours // 24,
        _("{count} h"),
        hours % 24,
    )


def _pair(large: str, n_large: int, small: str, n_small: int) -> str:
    parts = [large.format(count=number(n_large))]
    return " ".join([*parts, small.format(count=n_small)] if n_small else parts)


def size(n_bytes: int) -> str:
    """Return the size of a file: "640 bytes", "12 kB", "1.2 GB"."""
    if n_bytes < KILO:
        return ngettext("{count} byte", "{count} bytes", n_bytes).format(count=n_bytes)
    value = n_bytes / KILO
    for unit in ("kB", "MB", "GB"):
        if value < KILO:
            return f"{decimal(value, 1 if value < 10 else 0)} {unit}"  # noqa: PLR2004  # 2 digits
        value /= KILO
    return f"{decimal(value)} TB"


def texts(count: int) -> str:
    """Return a count of texts: "No texts yet", "1 text", "10,003 texts"."""
    return counted_texts(count) if count else _("No texts yet")


def counted_texts(count: int) -> str:
    """Return a count of texts where none is a number like any other: "0 texts", "1 text"."""
    return ngettext("{count} text", "{count} texts", count).format(count=number(count))


def concepts(count: int) -> str:
    """Return a count of concepts: "No concepts yet", "1 concept", "77 concepts"."""
    if not count:
        return _("No concepts yet")
    return ngettext("{count} concept", "{count} concepts", count).format(count=number(count))


def alphabetical(name: str) -> tuple[str, str]:
    """Return by what names are put in order: small and capital letters together, as are é and e."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign)), name


def versioned(name: str, n: int) -> str:
    """Return a version with what it is of: "mails, version 3"."""
    return _("{name}, version {n}").format(name=name, n=number(n))


def out_of(done: int, total: int) -> str:
    """Return how much is done: "6,200 of 10,003", or the bare count where no total is known.

    Of a total that is only guessed, the share is told: "62 %".
    """
    if not total:
        return number(done) if done else ""
    if isinstance(total, Estimate):
        return percent(min(1.0, done / total), 0)
    return _("{done} of {total}").format(done=number(done), total=number(total))
