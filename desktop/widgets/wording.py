"""The window's door to wording: that of the engine, and what only Qt knows of the system."""

from datetime import datetime

from PySide6.QtCore import QDate, QLocale, QTime

from core.files import ENDINGS
from core.i18n import _
from core.wording import (
    THIN,
    NumberStyle,
    alphabetical,
    concepts,
    counted_texts,
    decimal,
    duration,
    interval_words,
    number,
    out_of,
    percent,
    percent_aloud,
    sentence,
    size,
    texts,
    time_left,
    versioned,
)

__all__ = [
    "THIN",
    "alphabetical",
    "clock",
    "concepts",
    "counted_texts",
    "day",
    "decimal",
    "duration",
    "file_kinds",
    "interval_words",
    "locale",
    "moment",
    "number",
    "number_style",
    "out_of",
    "percent",
    "percent_aloud",
    "sentence",
    "size",
    "texts",
    "time_left",
    "versioned",
]


def locale() -> QLocale:
    """Return the system's locale; the bare "C" groups no digits, so English stands in for it."""
    default = QLocale()
    return (
        default if default.language() != QLocale.Language.C else QLocale(QLocale.Language.English)
    )


def number_style() -> NumberStyle:
    """Return how the system writes numbers; English where it has digits other than 0 to 9."""
    system = locale()
    if system.zeroDigit() != "0":
        return NumberStyle()
    return NumberStyle(group=system.groupSeparator(), point=system.decimalPoint())


def clock(when: datetime) -> str:
    """Return a time of day as the system writes it: "12:04"."""
    local = when.astimezone()
    return locale().toString(QTime(local.hour, local.minute), locale().FormatType.ShortFormat)


def day(when: datetime) -> str:
    """Return a day of the past within a sentence: "today", "14 November", "3 May 2024"."""
    local = when.astimezone()
    date, today = QDate(local.year, local.month, local.day), QDate.currentDate()
    if date == today:
        return _("today")
    if date.daysTo(today) == 1:
        return _("yesterday")
    return locale().toString(date, "d MMMM" if date.year() == today.year() else "d MMMM yyyy")


def moment(when: datetime) -> str:
    """Return a moment of the past: "Today, 12:04", "Yesterday", "14 November"."""
    return sentence(moment_within(when))


def moment_within(when: datetime) -> str:
    """Return a moment of the past within a sentence: "today, 12:04", "yesterday"."""
    is_today = when.astimezone().date() == datetime.now().astimezone().date()
    return _("today, {time}").format(time=clock(when)) if is_today else day(when)


def file_kinds() -> str:
    """Return the kinds of files that texts can be read from, as a file dialog takes them."""
    endings = " ".join(f"*.{ending}" for ending in ENDINGS)
    return f"{_('Tables and texts')} ({endings});;{_('All files')} (*)"
