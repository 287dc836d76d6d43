"""Words of strangers, made fit to be shown, and names fit for a folder."""

import re
import unicodedata

MAX_NAME = 80
_LONGEST_SHOWN = 80
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|accurate|fast)(\..*)?", re.IGNORECASE)


def shown(words: str) -> str:
    """Return a stranger's words in one short line without signs that would do harm on a screen."""
    kept = "".join(sign if unicodedata.category(sign)[0] != "C" else "\ufffd" for sign in words)
    line = " ".join(kept.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[: _LONGEST_SHOWN - 1]}…"


def folder_name(wish: str) -> str:
    """Return the wish as a name that every system takes for a folder; empty if nothing is left.

    Of a name as hubs write it, `owner/model`, the last part counts.
    """
    last = wish.strip().rstrip("/").rpartition("/")[2]
    name = _FORBIDDEN.sub("-", shown(last))[:MAX_NAME].strip(" .-\ufffd")
    return f"{name}-model" if _RESERVED.fullmatch(name) else name
