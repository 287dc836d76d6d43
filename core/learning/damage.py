"""A trained model that cannot be read."""

from pathlib import Path

from core.errors import UserError
from core.i18n import _


class ModelDamagedError(UserError):
    """The folder of a model is incomplete, changed, or from a later version of the program."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("The model in “{folder}” cannot be read.").format(folder=folder),
            next_step=_("Train it again; the labelled texts are still in the app."),
        )
