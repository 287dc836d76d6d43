"""Failures that the analyst can put right; anything else that is raised is a bug."""

from core.i18n import _


class UserError(Exception):
    """Something went wrong that the analyst can put right.

    Attributes:
        next_step: what to do now, one imperative sentence.
    """

    def __init__(self, what: str, *, next_step: str) -> None:
        super().__init__(what)
        self.next_step = next_step

    def __reduce__(self) -> tuple[object, ...]:
        """Cross the pipe between processes whole: message, next step and attributes."""
        return _rebuild, (type(self), self.args, self.__dict__)


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
