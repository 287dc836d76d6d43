"""A filter in words: one chip for each thing that narrows the list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import QDate

from core.i18n import N_, _, ngettext
from core.records import Concept, Origin
from core.storage.filters import InputFilter
from desktop.widgets.wording import locale, number

LABELLINGS = (
    ("", N_("Any labelling")),
    ("labelled", N_("Labelled")),
    ("unlabelled", N_("Not labelled yet")),
    ("none", N_("None of the concepts")),
    ("unsure", N_("Unsure")),
    ("skipped", N_("Skipped")),
)
SPLITS = (
    ("", N_("Any split")),
    ("train", N_("Train")),
    ("validation", N_("Validation")),
    ("test", N_("Test")),
    ("none", N_("No split")),
)
TARGETS = (
    ("", N_("With or without")),
    ("yes", N_("With an answer")),
    ("no", N_("Without an answer")),
)
ORIGINS = (
    (None, N_("Anybody")),
    (Origin.PERSON, N_("A person")),
    (Origin.IMPORT, N_("An import")),
    (Origin.DATA_CHECK, N_("A data check")),
    (Origin.SUGGESTION, N_("A person, as suggested")),
    (Origin.MODEL, N_("A model, unread")),
)


@dataclass(frozen=True)
class Part:
    """One thing that narrows: in words, and the filter without it."""

    words: str
    rest: InputFilter


def parts_of(wanted: InputFilter, concepts: Mapping[int, Concept]) -> list[Part]:
    """Return what narrows, but for the words that are searched and the dataset."""
    return [Part(words, rest) for words, rest in _parts(wanted, concepts)]


def _parts(
    wanted: InputFilter, concepts: Mapping[int, Concept]
) -> Iterator[tuple[str, InputFilter]]:
    if wanted.ids:
        words = ngettext("{n} text that was chosen", "{n} texts that were chosen", len(wanted.ids))
        yield words.format(n=number(len(wanted.ids))), replace(wanted, ids=())
    for concept_id in wanted.has:
        rest = replace(wanted, has=_without(wanted.has, concept_id))
        yield _name(concept_id, concepts), rest
    for concept_id in wanted.lacks:
        words = _("Not: {concept}").format(concept=_name(concept_id, concepts))
        yield words, replace(wanted, lacks=_without(wanted.lacks, concept_id))
    if wanted.labelling:
        yield _(dict(LABELLINGS)[wanted.labelling]), replace(wanted, labelling="")
    if wanted.origin:
        known = {origin: words for origin, words in ORIGINS if origin}
        words = _(known[wanted.origin]) if wanted.origin in known else _("Nobody knows")
        yield _("Label set by: {who}").format(who=words), replace(wanted, origin=None)
    if wanted.split:
        name = _(dict(SPLITS)[wanted.split])
        words = name if wanted.split == "none" else _("Split: {split}").format(split=name)
        yield words, replace(wanted, split="")
    if wanted.has_target:
        yield _(dict(TARGETS)[wanted.has_target]), replace(wanted, has_target="")
    yield from _facts(wanted)


def _facts(wanted: InputFilter) -> Iterator[tuple[str, InputFilter]]:
    if wanted.source:
        words = _("From {file}").format(file=wanted.source)
        yield words, replace(wanted, source="")
    for name, value in wanted.metadata:
        rest = tuple(pair for pair in wanted.metadata if pair != (name, value))
        words = f"{name} = {value}" if value else _("Has {name}").format(name=name)
        yield words, replace(wanted, metadata=rest)
    if wanted.min_chars or wanted.max_chars:
        words = _span(
            tuple(number(n) if n else "" for n in (wanted.min_chars, wanted.max_chars)),
            (_("{first} to {last} characters"), _("{first} characters or more")),
            _("Up to {last} characters"),
        )
        yield words, replace(wanted, min_chars=0, max_chars=0)
    if wanted.added_from or wanted.added_to:
        words = _span(
            (day_words(wanted.added_from), day_words(wanted.added_to)),
            (_("Added {first} to {last}"), _("Added since {first}")),
            _("Added until {last}"),
        )
        yield words, replace(wanted, added_from="", added_to="")
    if wanted.has_note:
        yield _("Has a note"), replace(wanted, has_note=False)


def day_words(day: str) -> str:
    """Return a day of ISO 8601 as the system writes it; "" for none."""
    if not day:
        return ""
    when = date.fromisoformat(day)
    return locale().toString(QDate(when.year, when.month, when.day), "d MMM yyyy")


def _span(ends: tuple[str, ...], both_or_from: tuple[str, str], upto: str) -> str:
    first, last = ends
    both, since = both_or_from
    words = both if first and last else since if first else upto
    return words.format(first=first, last=last)


def _without(ids: tuple[int, ...], gone: int) -> tuple[int, ...]:
    return tuple(i for i in ids if i != gone)


def _name(concept_id: int, concepts: Mapping[int, Concept]) -> str:
    return concepts[concept_id].name if concept_id in concepts else _("A deleted concept")
