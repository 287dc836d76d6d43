"""Texts that people read: gettext for the engine and the window alike, without Qt."""

import gettext
from pathlib import Path

_CATALOGUE = gettext.translation(
    "textwright",
    localedir=Path(__file__).resolve().parent.parent / "resources" / "translations",
    fallback=True,
)

_ = _CATALOGUE.gettext
ngettext = _CATALOGUE.ngettext
LANGUAGE = _CATALOGUE.info().get("language", "en")


def N_(message: str) -> str:  # noqa: N802  # gettext's own name: marks a constant for translation
    """Return the message unchanged; it is translated where it is shown."""
    return message
