"""Account and card numbers that pass their own arithmetic."""

import re
from collections.abc import Iterator

# Length of an IBAN by country: SWIFT, IBAN Registry (ISO 13616).
_LENGTHS = (
    "NO15 BE16 DK18 FI18 FK18 FO18 GL18 NL18 SD18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 MN20"
    " XK20 CH21 HR21 LI21 LV21 BG22 BH22 CR22 DE22 GB22 GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23"
    " IQ23 OM23 SO23 TL23 AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 VG24 LY25 PT25 ST25"
    " IS26 TR26 BI27 DJ27 FR27 GR27 IT27 MC27 MR27 SM27 AL28 AZ28 BY28 CY28 DO28 GT28 HN28 HU28"
    " LB28 NI28 PL28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 MU30 YE30 MT31 SC32 LC32 RU33"
)
IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _LENGTHS.split()}
IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?=[ -]?[A-Za-z0-9])")
CARD = re.compile(r"(?<![\w.,+-])[2-6](?:[ -]?[0-9]){12,18}(?![\w-]|[.,][0-9])")
LETTER_OFFSET = ord("A") - 10

# Prefixes and lengths of the large card brands (ISO/IEC 7812 ranges as the brands publish them).
CARD_BRANDS = re.compile(
    r"4\d{12}(?:\d{3}){0,2}"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}"  # Discover
    r"|3(?:0[0-5]|[689]\d)\d{11}"  # Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12}"  # JCB
    r"|62\d{14,17}"  # UnionPay
    r"|(?:50[0-9]{2}|5[6-8]\d\d|6[37]\d\d)\d{12}"  # Maestro, as it is mostly issued
)


def ibans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where international account numbers stand: known country, length, check digits."""
    for match in IBAN_START.finditer(text):
        length = IBAN_LENGTHS.get(match.group()[:2].upper())
        end = length and _end_of(text, match.start(), length)
        if end and _is_iban(text[match.start() : end]):
            yield match.start(), end


def card_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield where card numbers stand: known prefix and length, Luhn's check digit."""
    for match in CARD.finditer(text):
        digits = re.sub("[ -]", "", match.group())
        if CARD_BRANDS.fullmatch(digits) and passes_luhn(digits):
            yield match.span()


def passes_luhn(digits: str) -> bool:
    """Return whether the last digit checks the others (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[::-2]))) % 10 == 0


def _end_of(text: str, start: int, length: int) -> int | None:
    """Return where the given number of letters and digits ends, single spaces left out."""
    place, n_found = start, 0
    while place < len(text) and n_found < length:
        letter = text[place]
        if letter.isascii() and letter.isalnum():
            n_found += 1
        elif letter not in " -" or text[place - 1] in " -":
            return None
        place += 1
    is_whole = n_found == length and not text[place : place + 1].isalnum()
    return place if is_whole else None


def _is_iban(candidate: str) -> bool:
    """Return whether the check digits are right (ISO 7064, MOD 97-10)."""
    compact = re.sub("[ -]", "", candidate).upper()
    turned = compact[4:] + compact[:4]
    number = "".join(c if c.isdigit() else str(ord(c) - LETTER_OFFSET) for c in turned)
    return int(number) % 97 == 1
