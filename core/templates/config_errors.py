"""What can be wrong with a file of settings, or with a template that an analyst made."""

from collections.abc import Sequence

from core.errors import UserError
from core.i18n import _, ngettext

SHOWN_NAMES = 8


class ConfigFileError(UserError):
    """A file of settings cannot be read.

    Attributes:
        line: where in it, from 1; 0 if it is about the file as a whole.
    """

    def __init__(self, what: str, *, next_step: str, line: int = 0) -> None:
        super().__init__(what, next_step=next_step)
        self.line = line


class ConfigNamesUnknownError(UserError):
    """A file names settings that this template does not have.

    Attributes:
        names: all of them.
    """

    def __init__(self, names: Sequence[str], known: Sequence[str]) -> None:
        shown = ", ".join(f"“{name[:60]}”" for name in names[:SHOWN_NAMES])
        what = ngettext(
            "There is no setting {names}.", "There are no settings {names}.", len(names)
        )
        super().__init__(
            what.format(names=shown),
            next_step=_("Choose one of these: {known}.").format(known=", ".join(known)),
        )
        self.names = tuple(names)


class ChosenWhenTrainingError(UserError):
    """A file names the dataset or the concepts, which a template knows nothing of."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” is no setting of a template.").format(name=name),
            next_step=_("Leave it empty in the file; it is chosen when you train."),
        )


class TemplateTypeError(UserError):
    """The type of model is not clear, or another one."""


class TemplateNameError(UserError):
    """A template cannot have this name."""
