"""Add texts that were typed or pasted."""

from dataclasses import dataclass

from core.app_folder import MAIN_DATASET, AppFolder
from core.changes import Changes
from core.errors import UserError
from core.files.reader import MAX_TEXT_CHARS
from core.i18n import _, ngettext
from core.jobs import Job
from core.storage.concepts import add_concepts
from core.storage.datasets import add_dataset
from core.storage.inputs import NewInput, add_inputs
from core.storage.names import storable
from core.storage.steps import recorded
from core.storage.undo_log import log_new_inputs, not_recording


class NoTextError(UserError):
    """There is no text where one is needed."""

    def __init__(self) -> None:
        super().__init__(
            _("There is no text here."), next_step=_("Type or paste at least one text.")
        )


class TextTooLongError(UserError):
    """A text is longer than what can be learned from."""

    def __init__(self, n_chars: int) -> None:
        super().__init__(
            _("This text has {n_chars:,} characters; the longest may have {most:,}.").format(
                n_chars=n_chars, most=MAX_TEXT_CHARS
            ),
            next_step=_("Part it into several texts."),
        )


def checked_text(text: str) -> str:
    """Return a text as it is kept.

    Raises:
        NoTextError: there is nothing in it.
        TextTooLongError: it is longer than a book.
    """
    kept = checked_target(text)
    if not kept:
        raise NoTextError
    return kept


def checked_target(text: str) -> str:
    """Return a target as it is kept; there may be nothing in it.

    Raises:
        TextTooLongError: it is longer than a book.
    """
    kept = storable(text).strip()
    if len(kept) > MAX_TEXT_CHARS:
        raise TextTooLongError(len(kept))
    return kept


@dataclass(frozen=True)
class AddTextsRequest:
    """Texts that share concepts; a concept that is new is made.

    Attributes:
        targets: of each text what a model shall write for it, "" for none; or empty.
    """

    texts: tuple[str, ...]
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    dataset: str = MAIN_DATASET
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class AddTextsResult:
    """The keys of the new inputs, in order."""

    input_ids: tuple[int, ...]
    changes: Changes = Changes.INPUTS | Changes.CONCEPTS | Changes.ANNOTATIONS | Changes.DATASETS


def add_texts(app: AppFolder, request: AddTextsRequest, _job: Job) -> AddTextsResult:
    """Add texts with their concepts to a dataset.

    Raises:
        NoTextError: no text has a letter in it.
        TextTooLongError: one is longer than a book.
        ConceptNameError, DatasetNameError: one of the names is no name.
    """
    pairs = zip(request.texts, request.targets or ("",) * len(request.texts), strict=True)
    texts = [(checked_text(text), checked_target(target)) for text, target in pairs if text.strip()]
    if not texts:
        raise NoTextError
    name = ngettext("add {n} text", "add {n} texts", len(texts)).format(n=f"{len(texts):,}")
    with app.database() as db, recorded(db, name) as step_id:
        said = dict.fromkeys(request.negative, False) | dict.fromkeys(request.positive, True)
        ids = add_concepts(db, said)
        concepts = tuple({ids[name]: positive for name, positive in said.items()}.items())
        new = [
            NewInput(text=text, source=_("typed in"), concepts=concepts, target=target)
            for text, target in texts
        ]
        dataset_id = add_dataset(db, request.dataset)
        with not_recording(db):
            added = add_inputs(db, new, dataset_id, step_id)
        log_new_inputs(db, step_id, added)
        return AddTextsResult(tuple(added))
