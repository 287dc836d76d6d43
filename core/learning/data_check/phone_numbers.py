"""Phone numbers: those that a numbering plan knows and that are written like one."""

import re
from collections.abc import Iterator, Sequence

REGIONS = ("US", "GB", "DE", "FR", "ES", "IT")
MOST_TRIES = 1_000  # of one text
SEPARATED = re.compile(r"\d\D+\d")
CANDIDATE = re.compile(r"(?:\d[\s().\-/\u2010-\u2013\u00a0]{0,3}){7}")
CUE = re.compile(
    r"(?:\b(?:tel|fon|phone|telephone|telefon|téléphone|teléfono|telefono|call|ring|dial|text|sms"
    r"|mobile|mobil|móvil|cell|handy|fax|whatsapp|ruf\w*|anruf\w*|hotline|number is|nummer ist)"
    r"\b[\s.:(#-]*(?:(?:me|us|at|on|is|no|nr|unter|an|mich|uns)\b[\s.:]*){0,2}|☎\ufe0f?\s*|📞\s*)$",
    re.IGNORECASE,
)
NOT_PHONE = re.compile(
    r"(?:\b(?:order|invoice|ticket|case|ref|reference|tracking|account|customer|article|item|id|no"
    r"|nr|bestell\w*|rechnung\w*|auftrag\w*|kunden\w*|vorgang\w*|artikel\w*|commande|facture|pedido"
    r"|factura)\b[\s.:#-]*(?:(?:number|no|nr|id|nummer|n°|num)\b[\s.:#-]*)?|[#€$£])$",
    re.IGNORECASE,
)
DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})"
    r"(?![./-]?\d)"
)
CONTEXT = 30  # characters before a number in which a word may tell what it is


def phone_numbers(text: str, regions: Sequence[str] = ()) -> Iterator[tuple[int, int]]:
    """Yield where phone numbers stand.

    Numbers with "+" must be possible in the country they name. Others must be possible in one of
    the regions, and either follow a word such as "call", or be grouped as numbers are there and
    have a separator.

    Args:
        text: any text.
        regions: countries (ISO 3166, "DE"); `REGIONS` if empty.
    """
    if not any(_may_be_meant(text, match.span()) for match in CANDIDATE.finditer(text)):
        return
    from phonenumbers import Leniency

    for region in regions or REGIONS:
        grouped = _spans(text, region, Leniency.STRICT_GROUPING)
        for span in _spans(text, region, Leniency.VALID):
            is_grouped = span in grouped and _may_be_meant(text, span)
            if is_grouped or _is_introduced(text, span):
                yield span


def _spans(text: str, region: str, leniency: int) -> list[tuple[int, int]]:
    from phonenumbers import PhoneNumberMatcher

    matcher = PhoneNumberMatcher(text, region, leniency, max_tries=MOST_TRIES)
    return [(match.start, match.end) for match in matcher]


def _is_introduced(text: str, span: tuple[int, int]) -> bool:
    """Return whether a plus or a word says that this is a phone number."""
    before = text[max(0, span[0] - CONTEXT) : span[0]]
    return "+" in text[max(0, span[0] - 1) : span[0] + 1] or CUE.search(before) is not None


def _may_be_meant(text: str, span: tuple[int, int]) -> bool:
    """Return whether it is introduced as a phone number, or has separators and is nothing else."""
    if _is_introduced(text, span):
        return True
    number = text[slice(*span)].strip()
    before = text[max(0, span[0] - CONTEXT) : span[0]].rstrip("(")
    is_other = DATE.search(number) or NOT_PHONE.search(before)
    return SEPARATED.search(number) is not None and not is_other
