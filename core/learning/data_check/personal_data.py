"""Personal data in texts: e-mail addresses, phone, account and card numbers, names of files.

Precision comes first: what looks like an order number, a date or a price is left alone.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from core.i18n import N_, _
from core.jobs import Job
from core.learning.data_check.account_numbers import card_numbers, ibans
from core.learning.data_check.phone_numbers import phone_numbers

TITLES = {
    "e-mail": N_("e-mail"),
    "iban": N_("IBAN"),
    "card": N_("card number"),
    "file": N_("file"),
    "phone": N_("phone number"),
}
TEXTS_PER_REPORT = 500
EMAIL = re.compile(
    r"(?<![\w.+%-])[\w+%-]+(?:\.[\w+%-]+)*@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,24}(?![\w@])"
)
ENDINGS = (
    "avi|bak|bmp|csv|docm|docx?|eml|epub|gif|html?|jpe?g|json|log|m4a|mov|mp3|mp4|msg|od[pst]|pdf"
    "|png|pptx?|pst|rar|rtf|svg|tar|tiff?|tsv|txt|wav|webp|xlsm|xlsx?|xml|ya?ml|zip|7z"
)
FILE_NAME = re.compile(
    rf"(?<![\w./\\:@-])[\w()-]+(?:\.[\w()-]+)*\.(?:{ENDINGS})(?![\w-]|\.\w)", re.I
)
PART = r"[^\s\\/:*?\"<>|,;]+"
PATH = re.compile(
    rf"(?<![\w/\\])(?:[A-Za-z]:\\|\\\\{PART}\\){PART}(?:\\{PART})*"
    rf"|(?<![\w/:.<])(?:~|/(?:home|users|mnt|media|var|etc|usr|tmp|opt|volumes))/{PART}(?:/{PART})*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hit:
    """A piece of personal data in a text: its kind (a key of `TITLES`) and where it stands."""

    kind: str
    start: int
    end: int


Spans = Iterator[tuple[int, int]]


def personal_data(
    texts: Sequence[str], job: Job, *, regions: Sequence[str] = ()
) -> dict[int, tuple[Hit, ...]]:
    """Find personal data.

    Args:
        texts: (n_texts,) any texts.
        job: told every few hundred texts.
        regions: countries (ISO 3166, "DE") whose phone numbers are known without "+"; those of
            `phone_numbers.REGIONS` if none is given.

    Returns:
        The hits of each text that has any, by its number; they rise and do not overlap.
    """
    found = {}
    for i, text in enumerate(texts):
        if i % TEXTS_PER_REPORT == 0:
            job.report(_("Looking for personal data"), i, len(texts))
        if hits := hits_in(text, regions=regions):
            found[i] = hits
    return found


def hits_in(text: str, *, regions: Sequence[str] = ()) -> tuple[Hit, ...]:
    """Find the personal data in one text; of two that overlap, the surer kind stays."""
    kept: list[Hit] = []
    for kind, find in _FINDERS.items():
        for start, end in find(text):
            _keep(kept, Hit(kind, start, end))
    for start, end in phone_numbers(text, regions):
        _keep(kept, Hit("phone", start, end))
    return tuple(sorted(kept, key=lambda hit: hit.start))


def masked(text: str, hits: Sequence[Hit]) -> str:
    """Replace every hit by its kind in brackets: "write to [e-mail]"."""
    for hit in sorted(hits, key=lambda hit: hit.start, reverse=True):
        text = f"{text[: hit.start]}[{_(TITLES[hit.kind])}]{text[hit.end :]}"
    return text


def _keep(kept: list[Hit], new: Hit) -> None:
    if all(new.end <= hit.start or hit.end <= new.start for hit in kept):
        kept.append(new)


def _emails(text: str) -> Spans:
    return (match.span() for match in EMAIL.finditer(text)) if "@" in text else iter(())


def _files(text: str) -> Spans:
    if "." not in text and "/" not in text and "\\" not in text:
        return
    for match in chain(PATH.finditer(text), FILE_NAME.finditer(text)):
        yield match.start(), match.start() + len(match.group().rstrip(".!?)'"))


_FINDERS: dict[str, Callable[[str], Spans]] = {
    "e-mail": _emails,
    "iban": ibans,
    "card": card_numbers,
    "file": _files,
}
