"""The base models on this computer: listed, found, added, removed."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from core.asides import delete_asides, new_aside, written_aside
from core.base_models.built_in import list_built_in
from core.base_models.checking import Checked, check_source, identified, read_through
from core.base_models.errors import (
    BaseModelBuiltInError,
    BaseModelDamagedError,
    BaseModelExistsError,
    BaseModelRefusedError,
    BaseModelsBusyError,
    NoRoomForBaseModelError,
    missing,
)
from core.base_models.records import BaseModel, read_record, write_record
from core.base_models.sources import open_source
from core.base_models.words import folder_name, shown
from core.errors import writing_to
from core.i18n import _
from core.jobs import Job
from core.paths import base_models_folder

SPARE_BYTES = 50_000_000  # that stay free on the disk
Probe = Callable[[BaseModel, Job], None]


def list_base_models() -> list[BaseModel]:
    """Return the base models on this computer: those that came with it, then by name."""
    place = base_models_folder()
    folders = sorted(place.iterdir(), key=_by_name) if place.is_dir() else []
    added = [read_record(folder) for folder in folders if not folder.name.startswith(".")]
    return [*list_built_in(), *(model for model in added if model)]


def find_base_model(name: str) -> BaseModel:
    """Return the base model of this name, whatever its case; `owner/name` means `name`.

    Raises:
        BaseModelMissingError: there is none.
        BaseModelDamagedError: its weights are not as they were when it came in.
    """
    models = list_base_models()
    asked = name.strip().rstrip("/").rpartition("/")[2].casefold()
    for model in models:
        if model.name.casefold() == asked:
            _check_sizes(model)
            return model
    raise missing(shown(name), (model.name for model in models))


def add_base_model(path: Path, job: Job, name: str = "", probe: Probe | None = None) -> BaseModel:
    """Copy a base model from a folder, a ZIP or a stick to this computer.

    Args:
        path: the folder or the ZIP.
        job: told the bytes; where it is stopped, nothing is left behind.
        name: what to call it; as its folder is called if empty.
        probe: tries the copy before it counts, and raises what it has against it.

    Raises:
        BaseModelMissingError: there is nothing at this path.
        BaseModelRefusedError: it holds no base model that can be used here safely.
        BaseModelExistsError: there is one of this name, or with the same weights.
        BaseModelsBusyError: another one is being added or removed.
        NoRoomForBaseModelError, DiskFullError, NotWritableError: it cannot be kept.
        JobCancelled: the analyst asked to stop.
    """
    with open_source(path) as source, _held():
        checked = check_source(source, path)
        called = folder_name(name) if name else checked.model.name
        if not called:
            raise BaseModelRefusedError(
                _("“{name}” is no name for a base model.").format(name=shown(name)),
                next_step=_("Give it a name of letters and digits."),
            )
        place = base_models_folder() / called
        _refuse_name(called, place)
        _refuse_without_room(checked.model.n_bytes)
        with written_aside(place) as aside:
            found = _copy(checked, aside, job)
            with open_source(aside) as copy:  # what lies here now is what counts
                checked = check_source(copy, aside)
            model = identified(checked, found)
            _refuse_twin(model)
            if probe:
                probe(model, job)
            write_record(replace(model, title=called), aside)
        return replace(model, name=called, title=called, folder=place)


def remove_base_model(name: str) -> BaseModel:
    """Delete an added base model from this computer; return what it was.

    Raises:
        BaseModelMissingError: there is none of this name.
        BaseModelBuiltInError: it came with the program.
        BaseModelsBusyError: another one is being added or removed.
        NotWritableError: its folder may not be deleted, or a program is reading in it.
    """
    models = list_base_models()
    asked = name.strip().rstrip("/").rpartition("/")[2].casefold()
    model = next((model for model in models if model.name.casefold() == asked), None)
    if model is None:
        raise missing(shown(name), (model.name for model in models))
    if model.is_built_in:
        raise BaseModelBuiltInError(model.name)
    with _held():
        with writing_to(model.folder):
            model.folder.rename(new_aside(model.folder.parent))  # gone at once, or not at all
        delete_asides(model.folder.parent)
    return model


def recover_base_models() -> None:
    """Remove what an interrupted adding left behind; leave it where one is going on."""
    if base_models_folder().is_dir():
        try:
            with _held():
                pass
        except BaseModelsBusyError:
            return


@contextmanager
def _held() -> Iterator[None]:
    """Be the only one who adds or removes, in a place where nothing half lies about."""
    place = base_models_folder()
    with ExitStack() as stack:
        with writing_to(place):
            place.mkdir(parents=True, exist_ok=True)
            try:
                stack.enter_context(FileLock(place / ".lock", timeout=0))
            except Timeout as error:
                raise BaseModelsBusyError from error
        delete_asides(place)
        yield


def _copy(checked: Checked, aside: Path, job: Job) -> dict[str, str]:
    with ExitStack() as stack:
        files = {}

        def take(name: str, chunk: bytes) -> None:
            if name not in files:
                stack.pop_all().close()
                (aside / name).parent.mkdir(parents=True, exist_ok=True)
                files[name] = stack.enter_context((aside / name).open("xb"))
            files[name].write(chunk)

        return read_through(checked, job, take=take)


def _check_sizes(model: BaseModel) -> None:
    for name, n_bytes in model.sizes:
        try:
            is_whole = (model.folder / name).stat().st_size == n_bytes
        except OSError:
            is_whole = False
        if not is_whole:
            again = _("Remove it, then add it again.")
            raise BaseModelDamagedError(
                _("The weights of “{name}” are missing or were changed.").format(name=model.name),
                model.folder,
                next_step=again if not model.is_built_in else "",
            )


def _refuse_name(name: str, place: Path) -> None:
    taken = {model.name.casefold() for model in list_built_in()}
    taken |= {folder.name.casefold() for folder in place.parent.iterdir()}
    if name.casefold() in taken:
        raise BaseModelExistsError(
            _("There is already a base model “{name}”.").format(name=name),
            place,
            next_step=_("Give this one another name, or remove the other first."),
        )


def _refuse_twin(model: BaseModel) -> None:
    for known in list_base_models():
        if known.identity == model.identity:
            raise BaseModelExistsError(
                _("The same base model is here already; it is called “{name}”.").format(
                    name=known.name
                ),
                known.folder,
                next_step=_("Choose “{name}”; nothing needs to be added.").format(name=known.name),
            )


def _refuse_without_room(n_bytes: int) -> None:
    place = base_models_folder()
    with writing_to(place):
        free = shutil.disk_usage(place).free
    if free < n_bytes + SPARE_BYTES:
        raise NoRoomForBaseModelError(n_bytes, free)


def _by_name(folder: Path) -> str:
    return folder.name.casefold()
