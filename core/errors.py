"""Failures that the analyst can put right; anything else that is raised is a bug."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.i18n import _

SHOWN_OF_A_NAME = 40
WINDOWS_TOO_LONG = 206


class UserError(Exception):
    """Something went wrong that the analyst can put right.

    Attributes:
        next_step: what to do now, one imperative sentence.
    """

    def __init__(self, what: str, *, next_step: str) -> None:
        super().__init__(_writable(what))
        self.next_step = _writable(next_step)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross the pipe between processes whole: message, next step and attributes."""
        return _rebuild, (type(self), self.args, self.__dict__)


def _writable(words: str) -> str:
    """Return words without halves of characters, which names and files may hold."""
    return words.encode(errors="replace").decode()


def _rebuild(
    kind: type[UserError], args: tuple[object, ...], state: dict[str, object]
) -> UserError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class DiskFullError(UserError):
    """There is no room left where the app is kept."""

    def __init__(self) -> None:
        super().__init__(
            _("The disk is full, so nothing was saved."),
            next_step=_("Free some room on the disk, then try again; the app is as it was before."),
        )


class NotWritableError(UserError):
    """A file or folder may be read but not written."""

    def __init__(self, place: str) -> None:
        super().__init__(
            _("“{place}” cannot be written to.").format(place=place),
            next_step=_("Allow writing there, or choose another folder."),
        )


class NameTooLongError(NotWritableError):
    """A file or folder cannot have a name of this length."""

    def __init__(self, place: str) -> None:
        longest = max(Path(place).parts, key=len, default="")
        name = f"{longest[:SHOWN_OF_A_NAME]}…" if len(longest) > SHOWN_OF_A_NAME else longest
        UserError.__init__(
            self,
            _("“{name}” is too long a name for a file or a folder.").format(name=name),
            next_step=_("Choose a shorter name."),
        )


@contextmanager
def writing_to(place: Path) -> Iterator[None]:
    """Say in the analyst's words what the computer has against writing somewhere.

    Raises:
        DiskFullError: there is no room.
        NameTooLongError: no file or folder can be called so.
        NotWritableError: it is not allowed there, or the folder is gone.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError from error
        if error.errno == errno.ENAMETOOLONG or getattr(error, "winerror", 0) == WINDOWS_TOO_LONG:
            raise NameTooLongError(str(error.filename or place)) from error
        raise NotWritableError(str(place)) from error
