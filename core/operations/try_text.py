"""Ask a model about one text."""

import time
from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.i18n import _
from core.jobs import Job
from core.operations.add_texts import checked_text
from core.operations.answers import answerer
from core.operations.neighbours import Neighbour, find_neighbours
from core.records import Prediction
from core.storage.models import find_classifier_version


@dataclass(frozen=True)
class TryRequest:
    """Which model version (0 means the newest), and the text."""

    model: str
    text: str
    number: int = 0
    n_neighbours: int = 4


@dataclass(frozen=True)
class TryResult:
    """What the model says; the most probable concept first.

    Attributes:
        predictions: as the inference settings of the version limit them.
        chosen: the concepts that count as the answer: the first where there is exactly one per
            text, else all from one half on; where thresholds are kept, those that reach theirs.
            Empty for "none of your concepts", or where a person is needed.
        neighbours: the nearest labelled texts, the closest first.
        is_exclusive: whether the probabilities sum to 1.
        elapsed_ms: how long the answer took.
        counts_from: of each prediction, the threshold that is kept for it; empty without any.
        needs_person: whether the thresholds leave the text to a person.
    """

    predictions: tuple[Prediction, ...]
    chosen: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]
    is_exclusive: bool
    elapsed_ms: float
    counts_from: tuple[float, ...] = ()
    needs_person: bool = False
    changes: Changes = Changes.NOTHING


def try_text(app: AppFolder, request: TryRequest, job: Job) -> TryResult:
    """Answer for one text; nothing is stored.

    Raises:
        ModelMissingError: there is no such model.
        NoTextError, TextTooLongError: the text is empty, or longer than a book.
    """
    text = checked_text(request.text)
    began = time.perf_counter()
    job.report(_("Reading the text"))
    with app.database() as db:
        version = find_classifier_version(db, request.model, request.number)
    asked = answerer(app, version)
    (answer,) = asked.answer([text], job)
    return TryResult(
        predictions=answer.listed,
        chosen=answer.chosen,
        neighbours=find_neighbours(app, version, asked.embedding(text, job), request.n_neighbours),
        is_exclusive=asked.is_exclusive,
        elapsed_ms=(time.perf_counter() - began) * 1000,
        counts_from=asked.counts_from(answer),
        needs_person=answer.needs_person,
    )
