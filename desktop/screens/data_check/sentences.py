"""What is said of single findings, in words."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QLocale

from core.i18n import N_, _
from core.learning.data_check.personal_data import TITLES
from core.operations.finding_kinds import FindingKind
from core.records import Concept
from core.storage.data_checks import FindingGroup
from desktop.widgets.wording import counted_texts, number, percent

SPLITS = {"train": N_("Training"), "validation": N_("Validation"), "test": N_("Test")}


def split_name(split: str) -> str:
    """Return what a text is kept for."""
    return _(SPLITS[split]) if split in SPLITS else ""


def short_words(kind: FindingKind, group: FindingGroup, concepts: Mapping[int, Concept]) -> str:
    """Return what stands at the right of a finding's row."""
    detail, words = group.findings[0].detail, ""
    match kind.key:
        case "exact-duplicate":
            words = number(len(group.findings))
        case "near-duplicate" | "contradiction" | "leak":
            words = percent(group.score, 0)
        case "few-texts" | "imbalance":
            words = counted_texts(detail["n"])
        case "doubtful-label":
            words = _name_of(detail["suggested"], concepts)
        case "language":
            words = language_name(detail["language"])
        case "script":
            words = str(detail["script"]).capitalize()
        case "personal-data":
            found = dict.fromkeys(_(TITLES[name]) for name, _start, _end in detail["spans"])
            words = ", ".join(found)
    return words


def head_words(kind: FindingKind) -> str:
    """Return the head of the column that `short_words` fill."""
    return {
        "exact-duplicate": _("Copies"),
        "near-duplicate": _("Alike"),
        "contradiction": _("Alike"),
        "leak": _("Alike"),
        "few-texts": _("Labelled"),
        "imbalance": _("Labelled"),
        "doubtful-label": _("Suggested"),
        "language": _("Language"),
        "script": _("Script"),
        "personal-data": _("What"),
    }.get(kind.key, "")


def long_words(
    kind: FindingKind, detail: Mapping[str, Any], concepts: Mapping[int, Concept]
) -> str:
    """Return what is said over the texts of a finding; "" where there is nothing to add."""
    match kind.key:
        case "doubtful-label":
            given, suggested = (_name_of(detail[key], concepts) for key in ("given", "suggested"))
            if not given:
                words = _("“{suggested}” may be missing.")
            elif not suggested:
                words = _("“{given}” may be one too many.")
            else:
                words = _("Labelled “{given}”; “{suggested}” seems more likely.")
            return words.format(given=given, suggested=suggested)
        case "imbalance":
            name, texts = _name_of(detail["largest"], concepts), counted_texts(detail["of"])
            return _("“{largest}” has {texts}.").format(largest=name, texts=texts)
    return ""


def language_name(code: str) -> str:
    """Return a language's name by its ISO 639 code: "German"."""
    language = QLocale.codeToLanguage(code)
    known = language != QLocale.Language.AnyLanguage
    return QLocale.languageToString(language) if known else code


def _name_of(concept_id: int, concepts: Mapping[int, Concept]) -> str:
    return concepts[concept_id].name if concept_id in concepts else ""
