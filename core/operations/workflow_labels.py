"""Labels that a workflow says: written as one step, whose origin says that nobody read them."""

from collections.abc import Mapping, Sequence

from core.i18n import _
from core.jobs import Job
from core.operations.annotate import SHARE_LABELS
from core.operations.parts import in_parts
from core.records import Origin, Status
from core.storage.about import get_about
from core.storage.annotations import annotate
from core.storage.concepts import add_concepts
from core.storage.database import Database
from core.storage.inputs import list_twins, update_status
from core.storage.suggestions import list_text_rows


def write_labels(db: Database, labels: Mapping[str, Sequence[int]], name: str, job: Job) -> int:
    """Say of inputs that they carry concepts; concepts that are new are made.

    Args:
        db: of the app.
        labels: by concept the keys of its inputs.
        name: of the step.
        job: told of many.

    Returns:
        How many inputs got labels.

    Raises:
        ConceptNameError: a concept's name is too long.
    """
    job.report(_("Writing labels"))
    shares = bool(get_about(db, SHARE_LABELS))
    meant = {c: frozenset(_with_twins(db, ids) if shares else ids) for c, ids in labels.items()}
    every = sorted(frozenset().union(*meant.values()))
    with in_parts(db, every, name, job, origin=Origin.MODEL) as parts:
        for step_id, some in parts:
            keys = add_concepts(db, meant)
            for concept, ids in meant.items():
                annotate(
                    db, [i for i in some if i in ids], keys[concept], positive=True, step_id=step_id
                )
            update_status(db, some, Status.NONE)
    return len(every)


def _with_twins(db: Database, ids: Sequence[int]) -> list[int]:
    """Return inputs and those of the same texts that have no label and no answer."""
    twins = list_text_rows(db, sorted({*list_twins(db, ids)} - {*ids}))
    return [*ids, *(twin.input_id for twin in twins if not (twin.is_answered or twin.has_labels))]
