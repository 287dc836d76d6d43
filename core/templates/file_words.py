"""The characters of a small file that somebody gave us."""

from pathlib import Path
from typing import NoReturn

from core.i18n import _
from core.templates.config_errors import ConfigFileError
from core.wording import size

MAX_BYTES = 1_000_000


def read_words(path: Path, most: int = MAX_BYTES) -> str:
    """Return the characters of a file.

    Raises:
        ConfigFileError: it is missing, larger than `most` bytes, or no text.
    """
    try:
        if not path.is_file():  # a folder, or something that never ends
            _refuse(path, _("There is no file “{file}”."), _("Choose a file that is there."))
        with path.open("rb") as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise ConfigFileError(
            _("“{file}” cannot be read.").format(file=path.name),
            next_step=_("Allow reading it, or choose another file."),
        ) from error
    if len(content) > most:
        what = _("“{file}” is larger than {most}.")
        _refuse(path, what, _("Choose a file that holds settings alone."), most=size(most))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigFileError(
            _("“{file}” is no text in UTF-8.").format(file=path.name),
            next_step=_("Save it as UTF-8, then try again."),
        ) from error


def _refuse(path: Path, what: str, next_step: str, **more: str) -> NoReturn:
    raise ConfigFileError(what.format(file=path.name, **more), next_step=next_step)
