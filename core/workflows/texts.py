"""What the nodes do that work on a text alone: cleaning it, and cutting it into parts."""

import re

from core.workflows.node_settings import CleanerSettings

_TAG = re.compile(r"<(?:/?[a-zA-Z!][^<>]{0,2000}|!--[^<>]{0,2000}--)>")
_URL = re.compile(r"(?:https?:" + r"//|www\.)[^\s<>\"]{1,2000}", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\n{3,}")
_QUOTED = re.compile(
    r"^(?:>|-{2,} ?(?:original message|forwarded message|ursprüngliche nachricht|message d.origine)"
    r"|_{10,}$"
    r"|(?:on|am|le|el) .{1,200}(?:wrote|schrieb.{0,100}|a écrit|escribió) ?:$)",
    re.IGNORECASE,
)
_ENDS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…](?=\s)|[\u3002\uff01\uff1f]"),
    re.compile(r"\s"),
)
_SIGNATURE = "--"


def cleaned(text: str, settings: CleanerSettings) -> str:
    """Return a text as the settings clean it; "" where nothing is left."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if settings.quoted_mail:
        text = _without_quotes(text)
    if settings.signature:
        text = _without_signature(text)
    if settings.tags:
        text = _TAG.sub(" ", text)
    for pattern, how, mark in (
        (_URL, settings.urls, "URL"),
        (_ADDRESS, settings.addresses, "ADDRESS"),
    ):
        if how != "keep":
            text = pattern.sub(mark if how == "mark" else " ", text)
    if settings.case != "keep":
        text = text.lower() if settings.case == "lower" else text.upper()
    if settings.spaces:
        lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
        text = _LINES.sub("\n\n", "\n".join(lines))
    return text.strip()


def _without_quotes(text: str) -> str:
    """Return a mail without the lines that it quotes, and without what stands above them."""
    return "\n".join(line for line in text.split("\n") if not _QUOTED.match(line.strip()[:400]))


def _without_signature(text: str) -> str:
    """Return a mail up to the line of two hyphens that parts it from its signature."""
    lines = text.split("\n")
    ends = [i for i, line in enumerate(lines) if line.rstrip() == _SIGNATURE]
    return "\n".join(lines[: ends[-1]]) if ends else text


def parts_of(text: str, max_chars: int) -> tuple[str, ...]:
    """Cut a text into parts of at most `max_chars`, where a paragraph, sentence or word ends."""
    parts, start = [], 0
    while len(text) - start > max_chars:
        end = _end(text, start, max_chars)
        parts.append(text[start:end].strip())
        start = end
    parts.append(text[start:].strip())
    return tuple(part for part in parts if part)


def _end(text: str, start: int, max_chars: int) -> int:
    """Return where a part ends: as late as it can, but not before half of it is used."""
    latest = start + max_chars
    for end in _ENDS:
        found = list(end.finditer(text, start + max_chars // 2, latest))
        if found:
            return found[-1].end()
    return latest
