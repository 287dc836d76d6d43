"""Failures that the analyst can put right; anything else that is raised is a bug."""

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.i18n import _
from core.wording import size

FAILING = (errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN)

SHOWN_OF_A_NAME = 40
_NO_MEMORY = ("allocate memory", "not enough memory", "out of memory", "failed to map segment")
SHOWN_ENDS = 200  # characters, of the two ends of what is quoted
_ENDLESS = re.compile("“([^“”]{500,})”")
LONGEST = 4_000  # characters of a sentence, whatever is quoted in it
_BREAKS = re.compile("[\t\n\r\x0b\x0c\x85\u2028\u2029]+")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
WINDOWS_TOO_LONG = 206


class UserError(Exception):
    """Something went wrong that the analyst can put right.

    Attributes:
        next_step: what to do now, one imperative sentence.
    """

    def __init__(self, what: str, *, next_step: str) -> None:
        super().__init__(_showable(what))
        self.next_step = _showable(next_step)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross the pipe between processes whole: message, next step and attributes."""
        return _rebuild, (type(self), self.args, self.__dict__)


def _showable(words: str) -> str:
    """Return a sentence as one line that can be written, whatever the names in it are.

    Names, cells and files may hold halves of characters, line ends, signs that turn the order of
    all that follows, and no end.
    """
    whole = _ENDLESS.sub(lambda name: f"“{name[1][:SHOWN_ENDS]}…{name[1][-SHOWN_ENDS:]}”", words)
    if len(whole) > LONGEST:
        whole = f"{whole[: LONGEST // 2]}…{whole[-LONGEST // 2 :]}"
    return _UNSEEN.sub("\ufffd", _BREAKS.sub(" ", whole))


def _rebuild(
    kind: type[UserError], args: tuple[object, ...], state: dict[str, object]
) -> UserError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class DiskFullError(UserError):
    """There is no room left where something is kept."""

    def __init__(self, place: Path | None = None, needed: int = 0) -> None:
        """Say how much room there is, and how much is needed.

        Args:
            place: what could not be written, or the folder that it should be in.
            needed: in bytes; 0 where nobody can tell.
        """
        free, folder = _room(place)
        what = _("The disk is full, so nothing was saved.")
        if free is not None:
            words = _(
                "Nothing was saved: the disk of “{folder}” has too little room ({size} left)."
            )
            what = words.format(folder=folder, size=size(free))
        next_step = _("Free some room on the disk, then try again; the app is as it was before.")
        if needed:
            words = _("Free some room on the disk, {size} at least, then try again.")
            next_step = words.format(size=size(max(0, needed - (free or 0))))
        super().__init__(what, next_step=next_step)


def _room(place: Path | None) -> tuple[int | None, Path | None]:
    """Return how many bytes are free at a place, and the folder that is there."""
    for folder in (place, *place.parents) if place else ():
        with suppress(OSError):
            if folder.is_dir():
                return shutil.disk_usage(folder).free, folder
    return None, None


class NotWritableError(UserError):
    """A file or folder may be read but not written."""

    def __init__(self, place: str) -> None:
        super().__init__(
            _("“{place}” cannot be written to.").format(place=place),
            next_step=_("Allow writing there, or choose another folder."),
        )


class DiskFailedError(NotWritableError):
    """A disk does not do what it should, or is not there any more."""

    def __init__(self, place: str) -> None:
        UserError.__init__(
            self,
            _("The disk of “{place}” does not answer as it should.").format(place=place),
            next_step=_("See that it is connected, then try again; nothing was changed."),
        )


class OutOfMemoryError(UserError):
    """Something needs more memory than there is."""

    def __init__(self) -> None:
        super().__init__(
            _("There is too little memory for this."),
            next_step=_(
                "Close other programs, or take fewer texts, then start it again; nothing was "
                "changed."
            ),
        )


def out_of_memory_of(error: BaseException) -> OutOfMemoryError | None:
    """Return what to say of an error by which a library tells that memory is full; else None."""
    words = str(error).lower()
    is_told = isinstance(error, (RuntimeError, ImportError)) and any(
        said in words for said in _NO_MEMORY
    )
    is_system = isinstance(error, OSError) and error.errno == errno.ENOMEM
    return OutOfMemoryError() if isinstance(error, MemoryError) or is_told or is_system else None


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
        DiskFailedError: the disk of the place failed.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(place) from error
        if error.errno in FAILING:
            raise DiskFailedError(str(place)) from error
        if error.errno == errno.ENAMETOOLONG or getattr(error, "winerror", 0) == WINDOWS_TOO_LONG:
            raise NameTooLongError(str(error.filename or place)) from error
        raise NotWritableError(str(place)) from error
