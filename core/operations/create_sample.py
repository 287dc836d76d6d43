"""Make a ready app of texts that come with the program."""

import json
from dataclasses import dataclass
from pathlib import Path

from core.app_folder import AppFolder
from core.errors import UserError
from core.files import preview
from core.i18n import _
from core.jobs import Job
from core.operations.create_app import CreateAppRequest, create_app
from core.operations.import_texts import ImportRequest, import_texts
from core.resources import folder, read_text


class SampleMissingError(UserError):
    """No sample of that name comes with the program."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            _("There is no sample “{name}”.").format(name=name),
            next_step=_("Choose one of: {names}.").format(names=", ".join(known)),
        )


@dataclass(frozen=True)
class Sample:
    """A sample that comes with the program; its texts have concepts, or targets."""

    name: str
    title: str
    description: str
    n_texts: int
    n_concepts: int
    n_targets: int = 0


@dataclass(frozen=True)
class SampleRequest:
    """Which sample, what the new app is called, and where it is kept."""

    sample: str
    app_name: str
    folder: Path | None = None


def list_samples() -> list[Sample]:
    """Return the samples that come with the program."""
    return [
        Sample(
            s["name"],
            s["title"],
            s["description"],
            s["n_texts"],
            len(s["concepts"]),
            s.get("n_targets", 0),
        )
        for s in json.loads(read_text("samples/samples.json"))
    ]


def find_sample(name: str, *, is_needed: bool) -> Sample:
    """Return the sample of this name or title, or the first one where none `is_needed`.

    Raises:
        SampleMissingError: there is none, and it is needed.
    """
    samples = list_samples()
    for sample in samples:
        if name in (sample.name, sample.title):
            return sample
    if is_needed:
        raise SampleMissingError(name, [sample.name for sample in samples])
    return samples[0]


def create_sample(request: SampleRequest, job: Job) -> AppFolder:
    """Make an app with the texts and the concepts or targets of a sample, ready to train.

    Raises:
        AppNameError, AppExistsError: see `create_app`.
    """
    app = create_app(CreateAppRequest(request.app_name, request.folder), job)
    path = folder("samples") / f"{request.sample}.csv"
    import_texts(app, ImportRequest(path, preview(path).mapping), job)
    return app
