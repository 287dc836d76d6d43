"""A trained model that cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import UserError, out_of_memory_of
from core.i18n import _
from core.jobs import JobCancelled


class ModelDamagedError(UserError):
    """The folder of a model is incomplete, changed, or from a later version of the program."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("The model in “{folder}” cannot be read.").format(folder=folder),
            next_step=_("Train it again; the labelled texts are still in the app."),
        )


_STAYS = (ModelDamagedError, JobCancelled, MemoryError, KeyboardInterrupt, SystemExit)


@contextmanager
def damaged(folder: Path, *told: type[Exception]) -> Iterator[None]:
    """Say of whatever is raised while a model is read that it cannot be read.

    Libraries raise anything on a damaged file; a tokenizer in Rust that panics raises no Exception.

    Args:
        folder: of the model.
        told: what says more than that, and stays as it is.

    Raises:
        ModelDamagedError: it cannot be read.
    """
    stays: tuple[type[BaseException], ...] = (*_STAYS, *told)
    try:
        yield
    except stays:
        raise
    except BaseException as error:
        if out_of_memory_of(error):
            raise
        raise ModelDamagedError(folder) from error
