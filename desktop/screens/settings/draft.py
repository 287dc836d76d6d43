"""What the form holds: not yet a request, because some of it may not be allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from PySide6.QtCore import QDate

from core.app_folder import MAIN_DATASET
from core.errors import UserError
from core.i18n import _
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.settings import (
    Setting,
    SettingNotAllowedError,
    SettingUnknownError,
    declared,
    settings_from_values,
)
from core.operations.train import TrainRequest
from core.operations.training_data import broadest
from core.records import EMBEDDING_CLASSIFIER, ModelVersion
from core.storage.concepts import list_concepts
from core.storage.counts import LabelCounts, count_labels, count_version_labels
from core.storage.database import Database
from core.storage.datasets import list_datasets
from core.storage.models import ModelNameError, checked_model_name
from core.storage.versions import list_versions, load_broader
from desktop.widgets.wording import locale

MODEL, CONCEPTS = "model", "concepts"  # fields beside the declared settings
SETTINGS = declared(EmbeddingClassifierSettings)
FEWEST_CONCEPTS = 2


class TooFewConceptsError(UserError):
    """A model cannot tell apart what there is only one of."""


@dataclass(frozen=True)
class Source:
    """What to learn from: a dataset as it is now, or a frozen version of it."""

    title: str
    dataset: str
    dataset_id: int
    number: int = 0  # 0 is the dataset as it is now
    version_id: int = 0


@dataclass(frozen=True)
class Draft:
    """The values of the form.

    Attributes:
        concepts: what to predict; None means every concept that has texts.
        values: of the declared settings, allowed or not.
    """

    model: str
    dataset: str = MAIN_DATASET
    version: int = 0
    concepts: tuple[str, ...] | None = None
    values: dict[str, object] = field(
        default_factory=lambda: {setting.name: setting.default for setting in SETTINGS}
    )

    def with_value(self, name: str, value: object) -> "Draft":
        """Return a draft in which one setting has another value."""
        return replace(self, values={**self.values, name: value})


def first_draft(app_name: str, past: Sequence[ModelVersion]) -> Draft:
    """Return what the form holds at first: the last model's name and settings, or the defaults."""
    mine = [version for version in past if version.type == EMBEDDING_CLASSIFIER]
    if not mine:
        return Draft(app_name)
    try:
        settings = settings_from_values(EmbeddingClassifierSettings, mine[0].settings)
    except (SettingUnknownError, SettingNotAllowedError):  # of another Textwright
        return Draft(mine[0].model)
    return Draft(mine[0].model, values=asdict(settings))


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


def find_source(sources: Sequence[Source], draft: Draft) -> Source:
    """Return what the draft learns from; a version that is gone gives way to the present."""
    here = [source for source in sources if source.dataset == draft.dataset] or list(sources)
    return next((source for source in here if source.number == draft.version), here[0])


def counts_of(db: Database, source: Source) -> LabelCounts:
    """Count what a source offers a training."""
    if source.version_id:
        return count_version_labels(db, source.version_id)
    return count_labels(db, source.dataset_id)


def broader_of(db: Database, source: Source) -> dict[str, str]:
    """Return by name the concepts of a source that are a kind of another, each with that one."""
    if source.version_id:
        return load_broader(db, source.version_id)
    known = {concept.id: concept for concept in list_concepts(db)}
    return {c.name: known[c.broader_id].name for c in known.values() if c.broader_id}


def as_broader(counts: LabelCounts, broader: Mapping[str, str]) -> LabelCounts:
    """Count the texts of narrower concepts for the broadest ones above them."""
    merged: dict[str, int] = {}
    for name, n in counts.concepts.items():
        top = broadest(name, broader)
        merged[top] = merged.get(top, 0) + n
    return replace(counts, concepts=merged)


def learnable(draft: Draft, counts: LabelCounts) -> list[str]:
    """Return the chosen concepts that have texts to learn from."""
    return [
        name
        for name, n in counts.concepts.items()
        if n and (draft.concepts is None or name in draft.concepts)
    ]


def without_texts(draft: Draft, counts: LabelCounts) -> list[str]:
    """Return the chosen concepts that are left out, because no text to learn from has them."""
    return [
        name
        for name, n in counts.concepts.items()
        if not n and (draft.concepts is None or name in draft.concepts)
    ]


def changed(draft: Draft, settings: Sequence[Setting] = SETTINGS) -> list[Setting]:
    """Return the settings that are not at their defaults."""
    return [setting for setting in settings if draft.values[setting.name] != setting.default]


def problems(
    draft: Draft, counts: LabelCounts, past: Sequence[ModelVersion]
) -> dict[str, UserError]:
    """Return what keeps the draft from being trained, by field."""
    found: dict[str, UserError] = {}
    for setting in SETTINGS:
        try:
            EmbeddingClassifierSettings(**{setting.name: draft.values[setting.name]})  # type: ignore[arg-type]  # refused
        except SettingNotAllowedError as error:
            found[setting.name] = error
    try:
        name = checked_model_name(draft.model)
        _check_type(name, past)
    except ModelNameError as error:
        found[MODEL] = error
    too_few = _too_few(draft, counts)
    return {**found, CONCEPTS: too_few} if too_few else found


def _check_type(name: str, past: Sequence[ModelVersion]) -> None:
    if any(version.model == name and version.type != EMBEDDING_CLASSIFIER for version in past):
        raise ModelNameError(
            _("“{name}” is a model of another type.").format(name=name),
            next_step=_("Choose another name for the new model."),
        )


def _too_few(draft: Draft, counts: LabelCounts) -> UserError | None:
    if not any(counts.concepts.values()):
        return TooFewConceptsError(
            _("No text to learn from has a concept yet."),
            next_step=_("Say of some texts what they are about, ten of each kind to begin with."),
        )
    if len(learnable(draft, counts)) >= FEWEST_CONCEPTS:
        return None
    if draft.concepts is not None:
        return TooFewConceptsError(
            _("A model tells concepts apart, so it needs at least two that have texts."),
            next_step=_("Choose more concepts."),
        )
    return TooFewConceptsError(
        _("Only one concept has texts to learn from; a model needs two to tell apart."),
        next_step=_("Label texts of a second concept, for instance what is none of the first."),
    )


def request_of(draft: Draft, counts: LabelCounts) -> TrainRequest:
    """Return the draft as what can be started.

    Raises:
        UserError: one of the values is not allowed; see `problems`.
    """
    return TrainRequest(
        model=checked_model_name(draft.model),
        dataset=draft.dataset,
        version=draft.version,
        concepts=() if draft.concepts is None else tuple(learnable(draft, counts)),
        settings=settings_from_values(EmbeddingClassifierSettings, draft.values),
    )
