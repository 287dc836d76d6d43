"""What an evaluation needs, said before it starts; and whether one is still up to date."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from core.app_folder import AppFolder, app_at
from core.changes import Changes
from core.i18n import _, ngettext
from core.jobs import Job
from core.operations.evaluate import EvaluateRequest
from core.operations.training_data import broadest
from core.records import Dataset, Evaluation, ModelVersion
from core.storage.concepts import list_concepts
from core.storage.counts import (
    KEPT_APART,
    count_positives,
    count_targets,
    count_version_positives,
    count_version_targets,
)
from core.storage.database import Database
from core.storage.datasets import get_dataset
from core.storage.models import find_model_version
from core.storage.versions import find_current_version, find_version, get_version, load_broader
from core.wording import counted_texts, number

ENOUGH_TEXTS, FEWEST_CONCEPTS = 10, 2


@dataclass(frozen=True)
class Needs:
    """How an evaluation would stand.

    Attributes:
        problem: why it cannot be made; "" if it can.
        cautions: why its numbers would be rough.
    """

    problem: str = ""
    cautions: tuple[str, ...] = ()
    changes: Changes = Changes.NOTHING


def needs_of(counts: Mapping[str, int], version: ModelVersion) -> Needs:
    """Judge the texts that a model is to be checked on.

    Args:
        counts: by concept, how many texts carry it.
        version: whose concepts are meant.
    """
    known = {name: counts.get(name, 0) for name in version.concepts}
    n_present = sum(n > 0 for n in known.values())
    if not n_present:
        return Needs(_("No text there has a concept that the model knows."))
    cautions = []
    if len(known) >= FEWEST_CONCEPTS > n_present:
        cautions.append(_("Only one concept has texts there, so nothing can be mixed up."))
    rare = {name: n for name, n in known.items() if 0 < n < ENOUGH_TEXTS}
    if rare:
        words = ngettext(
            "{n} concept has fewer than {texts}; its scores will be rough.",
            "{n} concepts have fewer than {texts} each; their scores will be rough.",
            len(rare),
        )
        cautions.append(words.format(n=number(len(rare)), texts=counted_texts(ENOUGH_TEXTS)))
    absent = sum(n == 0 for n in known.values())
    if absent:
        words = ngettext(
            "{n} concept has no texts there and gets no score.",
            "{n} concepts have no texts there and get no scores.",
            absent,
        )
        cautions.append(words.format(n=number(absent)))
    return Needs(cautions=tuple(cautions))


def find_needs(app: AppFolder, request: EvaluateRequest, job: Job) -> Needs:
    """Say what a request needs, before it is started.

    Raises:
        ModelMissingError, AppMissingError, DatasetMissingError, VersionMissingError: there is no
            such thing.
    """
    job.report(_("Counting texts"))
    with app.database() as db:
        version = find_model_version(db, request.model, request.number)
        if request.other_app is None:
            return needs_for(db, version, request)
    with app_at(request.other_app).database() as source:
        return needs_for(source, version, request)


def needs_for(source: Database, version: ModelVersion, request: EvaluateRequest) -> Needs:
    """Judge the texts that a request means.

    Args:
        source: the database that their dataset is in.
        version: of the model that is asked for.
        request: names the dataset.

    Raises:
        DatasetMissingError, VersionMissingError: there is no such thing.
    """
    dataset = get_dataset(source, request.dataset)
    if version.is_writer:
        return _writer_needs(source, dataset, version, request)
    merges = bool(version.settings.get("count_narrower"))
    if request.dataset_number:
        key = find_version(source, dataset, request.dataset_number).id
        counts = count_version_positives(source, key, request.split)
        broader = load_broader(source, key) if merges else {}
    else:
        counts = count_positives(source, dataset.id, request.split)
        broader = _broader_now(source) if merges else {}
    merged: Counter[str] = Counter()
    for name, n_texts in counts.items():
        merged[broadest(name, broader)] += n_texts
    needs = needs_of(merged, version)
    if not needs.problem and _flatters(version, request, source):
        flatter = _("The stored model learned from texts of this dataset; the scores may flatter.")
        return Needs(cautions=(*needs.cautions, flatter))
    return needs


def _writer_needs(
    source: Database, dataset: Dataset, version: ModelVersion, request: EvaluateRequest
) -> Needs:
    """Judge the texts that a model which writes is to be checked on."""
    if request.n_folds:
        return Needs(_("A model that writes texts cannot be cross-validated."))
    if request.dataset_number:
        key = find_version(source, dataset, request.dataset_number).id
        counts = count_version_targets(source, key)
    else:
        counts = count_targets(source, dataset.id)
    if not counts.n_targets + counts.n_sections:
        return Needs(_("No text there has an answer to compare with."))
    if not _flatters(version, request, source):
        return Needs()
    flatter = _("The stored model learned from texts of this dataset; the scores may flatter.")
    return Needs(cautions=(flatter,))


def _broader_now(db: Database) -> dict[str, str]:
    concepts = list_concepts(db)
    names = {concept.id: concept.name for concept in concepts}
    return {c.name: names[c.broader_id] for c in concepts if c.broader_id}


def _flatters(version: ModelVersion, request: EvaluateRequest, db: Database) -> bool:
    if request.n_folds or request.other_app or request.split in KEPT_APART:
        return False
    return get_version(db, version.dataset_version_id).dataset == request.dataset


def is_stale(db: Database, evaluation: Evaluation) -> bool:
    """Tell whether the dataset has changed since the evaluation; unknown of another app's."""
    if evaluation.other_app:
        return False
    current = find_current_version(db, get_dataset(db, evaluation.dataset))
    return current is None or current.id != evaluation.dataset_version_id
