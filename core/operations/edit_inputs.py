"""Correct or delete inputs."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.jobs import Job
from core.operations.add_texts import checked_text
from core.storage.database import transaction
from core.storage.inputs import delete_inputs, update_text


@dataclass(frozen=True)
class TextEdit:
    """Another text for an input; its annotations stay."""

    input_id: int
    text: str


@dataclass(frozen=True)
class InputDeletion:
    """Inputs to delete with their annotations."""

    input_ids: tuple[int, ...]


@dataclass(frozen=True)
class EditInputsResult:
    """What changed."""

    changes: Changes = Changes.INPUTS | Changes.ANNOTATIONS | Changes.CONCEPTS | Changes.DATASETS


def edit_inputs(app: AppFolder, request: TextEdit | InputDeletion, _job: Job) -> EditInputsResult:
    """Change the inputs of an app; frozen dataset versions keep theirs.

    Raises:
        NoTextError, TextTooLongError: the new text is empty, or longer than a book.
    """
    with app.database() as db, transaction(db):
        match request:
            case TextEdit(input_id, text):
                update_text(db, input_id, checked_text(text))
            case InputDeletion(input_ids):
                delete_inputs(db, input_ids)
    return EditInputsResult()
