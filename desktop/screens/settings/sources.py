"""What a training can learn from: datasets as they are now, their versions, and what they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QDate

from core.app_folder import MAIN_DATASET
from core.i18n import _
from core.operations.training_data import broadest
from core.records import EMBEDDING_CLASSIFIER, TEXT_TO_TEXT, ModelVersion
from core.storage.concepts import list_concepts
from core.storage.counts import (
    LabelCounts,
    TargetCounts,
    count_labels,
    count_targets,
    count_version_labels,
    count_version_targets,
)
from core.storage.database import Database
from core.storage.datasets import get_dataset, list_datasets
from core.storage.filters import has_targets
from core.storage.versions import list_versions, load_broader
from core.templates import Template, suited_template
from desktop.widgets.wording import locale


@dataclass(frozen=True)
class Source:
    """What to learn from: a dataset as it is now, or a frozen version of it."""

    title: str
    dataset: str
    dataset_id: int
    number: int = 0  # 0 is the dataset as it is now
    version_id: int = 0


@dataclass(frozen=True)
class Offered:
    """What a source offers a training.

    Attributes:
        targets: None where nobody asked, because the model does not write.
    """

    labels: LabelCounts
    targets: TargetCounts | None = None

    @property
    def has_answers(self) -> bool:
        """Whether texts have answers that are texts."""
        return self.targets is not None and self.targets.n_pairs > 0


def list_sources(db: Database) -> list[Source]:
    """Return what can be learned from, the present state of each dataset before its versions."""
    datasets = list_datasets(db)
    sources = []
    for dataset in datasets:
        prefix = f"{dataset.name}: " if len(datasets) > 1 else ""
        sources.append(Source(prefix + _("As it is now"), dataset.name, dataset.id))
        for version in list_versions(db, dataset.id):
            day = version.created.astimezone()
            shown = locale().toString(
                QDate(day.year, day.month, day.day), locale().FormatType.ShortFormat
            )
            title = _("Version {number}, {day}").format(number=version.number, day=shown)
            source = Source(prefix + title, dataset.name, dataset.id, version.number, version.id)
            sources.append(source)
    return sources


def find_source(sources: Sequence[Source], dataset: str, number: int) -> Source:
    """Return what is asked for; a version that is gone gives way to the present."""
    here = [source for source in sources if source.dataset == dataset] or list(sources)
    return next((source for source in here if source.number == number), here[0])


def offered_by(db: Database, source: Source, *, writes: bool) -> Offered:
    """Count what a source offers a training; its answers only where the model writes."""
    if source.version_id:
        labels = count_version_labels(db, source.version_id)
        targets = count_version_targets(db, source.version_id) if writes else None
    else:
        labels = count_labels(db, source.dataset_id)
        targets = count_targets(db, source.dataset_id) if writes else None
    return Offered(labels, targets)


def broader_of(db: Database, source: Source) -> dict[str, str]:
    """Return by name the concepts of a source that are a kind of another, each with that one."""
    if source.version_id:
        return load_broader(db, source.version_id)
    known = {concept.id: concept for concept in list_concepts(db)}
    return {c.name: known[c.broader_id].name for c in known.values() if c.broader_id}


def as_broader(offered: Offered, broader: Mapping[str, str]) -> Offered:
    """Count the texts of narrower concepts for the broadest ones above them."""
    merged: dict[str, int] = {}
    for name, n in offered.labels.concepts.items():
        top = broadest(name, broader)
        merged[top] = merged.get(top, 0) + n
    return replace(offered, labels=replace(offered.labels, concepts=merged))


def suited_to(db: Database, type: str) -> Template:  # noqa: A002  # the field's word
    """Return the template of a type of model that suits the texts of the app's own dataset."""
    dataset = get_dataset(db, MAIN_DATASET)
    return suited_template(type, count_labels(db, dataset.id).concepts.values())


def usual_type(db: Database, past: Sequence[ModelVersion]) -> str:
    """Return the type of model where none was chosen: the newest's, else what the texts allow."""
    if past:
        return past[0].type
    writes = not list_concepts(db) and has_targets(db)
    return TEXT_TO_TEXT if writes else EMBEDDING_CLASSIFIER
