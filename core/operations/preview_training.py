"""Show what a model that writes will see of some of the texts, before it is trained."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.app_folder import AppFolder
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.text_to_text.prompts import Pair, pair_of
from core.learning.text_to_text_settings import TextToTextSettings
from core.operations.base_of import base_of
from core.storage.concepts import list_concepts
from core.storage.database import Database
from core.storage.datasets import get_dataset
from core.storage.filters import InputFilter, list_input_ids
from core.storage.inputs import get_inputs
from core.storage.versions import find_version, list_version_input_ids, load_version_page

if TYPE_CHECKING:
    from core.learning.text_to_text import TrainingView

MOST_READ = 500  # texts in which examples are looked for
MOST_SHOWN = 50


class NothingToPreviewError(UserError):
    """No text has an answer or a concept."""

    def __init__(self) -> None:
        super().__init__(
            _("No text has an answer yet, so there is no example to show."),
            next_step=_("Import a table in which a second column holds the answer to each text."),
        )


@dataclass(frozen=True)
class PreviewRequest:
    """Which example to show, and how a training would be set.

    Attributes:
        version: of the dataset; 0 is the dataset as it is now.
        place: of the example, from 0; beyond the last one it goes on with the first.
    """

    dataset: str
    version: int
    settings: TextToTextSettings
    place: int = 0


@dataclass(frozen=True)
class TrainingPreview:
    """What the model sees of one example, its place, and how many examples can be shown."""

    view: "TrainingView"
    place: int
    n_examples: int


def preview_training(app: AppFolder, request: PreviewRequest, job: Job) -> TrainingPreview:
    """Return exactly what a training would see of one of the texts.

    Raises:
        NothingToPreviewError: no text has an answer.
        BaseModelMissingError, TokenizerMissingError: the base model cannot read.
    """
    from core.learning.text_to_text import preview

    job.report(_("Reading texts"))
    folder = base_of(request.settings).model_folder
    with app.database() as db:
        pairs = _examples(db, request.dataset, request.version)
    if not pairs:
        raise NothingToPreviewError
    place = request.place % len(pairs)
    return TrainingPreview(preview(pairs[place], folder, request.settings), place, len(pairs))


def _examples(db: Database, dataset: str, number: int) -> list[Pair]:
    """Return texts with their answers, of a dataset as it is now or of a version of it.

    Where no text has an answer, the concepts are the answers.
    """
    rows = _of_version(db, dataset, number) if number else _of_dataset(db, dataset)
    pairs = [pair_of(text, target) for text, target, _concept in rows]
    if not any(pairs):
        pairs = [Pair(text, concept) for text, _target, concept in rows if concept]
    return [pair for pair in pairs if pair is not None][:MOST_SHOWN]


def _of_dataset(db: Database, dataset: str) -> list[tuple[str, str, str]]:
    key = get_dataset(db, dataset).id
    ids: Sequence[int] = list_input_ids(db, InputFilter(dataset_id=key, has_target="yes"))
    if not ids:
        ids = list_input_ids(db, InputFilter(dataset_id=key))
    names = {concept.id: concept.name for concept in list_concepts(db)}
    return [
        (one.text, one.target, names[one.positive[0]] if one.positive else "")
        for one in get_inputs(db, list(ids[:MOST_READ]))
    ]


def _of_version(db: Database, dataset: str, number: int) -> list[tuple[str, str, str]]:
    version = find_version(db, get_dataset(db, dataset), number)
    ids = list(list_version_input_ids(db, version)[:MOST_READ])
    return [
        (one.text, one.target, one.positive[0] if one.positive else "")
        for one in load_version_page(db, version.id, ids).values()
    ]
