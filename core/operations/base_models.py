"""Bring base models to this computer, check and remove them; no app is involved."""

from dataclasses import dataclass
from pathlib import Path

from core import base_models
from core.base_models import BaseModel, check_base_model_folder
from core.jobs import Job
from core.paths import embedders_folder


@dataclass(frozen=True)
class AddBaseModelRequest:
    """The folder or ZIP of a model, and what to call it; as its folder is called if empty."""

    path: Path
    name: str = ""


@dataclass(frozen=True)
class AddedBaseModel:
    """A base model that was added; `warning` is what should be known about it, mostly nothing."""

    model: BaseModel
    warning: str = ""


def add_base_model(request: AddBaseModelRequest, job: Job) -> AddedBaseModel:
    """Copy a base model to this computer, once it is found safe, whole, and of use.

    Raises:
        BaseModelError, NotWritableError, DiskFullError: see `core.base_models.add_base_model`.
        JobCancelled: the analyst asked to stop; nothing is left behind.
    """
    from core.learning.embedders.probing import try_base_model  # torch

    warnings = []
    model = base_models.add_base_model(
        request.path,
        job,
        request.name,
        probe=lambda model, job: warnings.append(try_base_model(model, job)),
    )
    warning = " ".join(filter(None, warnings))
    if warning:
        job.note(warning)
    return AddedBaseModel(model, warning)


def check_base_model(path: Path, job: Job) -> BaseModel:
    """Return what a folder or a ZIP holds, without adding it.

    Raises:
        BaseModelError: it holds no base model that can be used here safely.
        JobCancelled: the analyst asked to stop.
    """
    return check_base_model_folder(path, job)


def remove_base_model(name: str, job: Job) -> BaseModel:
    """Delete an added base model, and the fast reader that was made of it; return what it was.

    Raises:
        BaseModelError, NotWritableError: see `core.base_models.remove_base_model`.
        JobCancelled: the analyst asked to stop.
    """
    job.report("")
    model = base_models.remove_base_model(name)
    for file in embedders_folder().glob(f"fast-{model.identity}-*.safetensors"):
        file.unlink(missing_ok=True)
    return model
