"""What can be wrong with a base model."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import UserError
from core.i18n import _
from core.wording import size


class BaseModelError(UserError):
    """A base model cannot be used.

    Attributes:
        folder: where it was looked for; None if it lies nowhere.
    """

    def __init__(self, what: str, folder: Path | None = None, *, next_step: str = "") -> None:
        again = _("Run the set-up again; it puts the model back in its place.")
        super().__init__(what, next_step=next_step or again)
        self.folder = folder


class BaseModelMissingError(BaseModelError):
    """The model, or one of its files, is not there."""


class BaseModelDamagedError(BaseModelError):
    """A file of the model is not what it was when the model came in."""


class BaseModelRefusedError(BaseModelError):
    """What was brought is no base model that can be used here safely."""

    def __init__(self, what: str, folder: Path | None = None, *, next_step: str = "") -> None:
        other = _("Choose another model, or ask for this one with its weights as .safetensors.")
        super().__init__(what, folder, next_step=next_step or other)


class BaseModelExistsError(BaseModelError):
    """There is a base model of this name already, or one with the same weights."""


class BaseModelBuiltInError(BaseModelError):
    """The base model came with the program and stays."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” came with Textwright and cannot be removed.").format(name=name),
            next_step=_("Remove one that you added, if you need room on the disk."),
        )


class BaseModelsBusyError(BaseModelError):
    """Another base model is being added or removed."""

    def __init__(self) -> None:
        super().__init__(
            _("Another base model is being added or removed just now."),
            next_step=_("Wait until that is done, then try again."),
        )


class NoRoomForBaseModelError(BaseModelError):
    """The disk has too little room for the copy."""

    def __init__(self, needed: int, free: int) -> None:
        super().__init__(
            _("The base model needs {needed} on the disk, and {free} are free.").format(
                needed=size(needed), free=size(free)
            ),
            next_step=_("Free some room on the disk, then add the model again."),
        )


@contextmanager
def said_as(refused: Callable[[str, str], UserError]) -> Iterator[None]:
    """Say with another error, of a sentence and a next step, what the door has against a file.

    Where the file is there, the next step is the other error's own, which "" asks for.
    """
    try:
        yield
    except BaseModelMissingError as error:
        raise refused(str(error), error.next_step) from error
    except BaseModelError as error:
        raise refused(str(error), "") from error


def missing(name: str, known: Iterable[str]) -> BaseModelMissingError:
    """Return what to raise where no base model has this name."""
    names = ", ".join(known)
    return BaseModelMissingError(
        _("There is no base model “{name}” on this computer.").format(name=name),
        next_step=_("Choose one of these: {names}; or add it from a folder or a ZIP.").format(
            names=names
        )
        if names
        else _("Add it from a folder or a ZIP."),
    )
