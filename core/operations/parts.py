"""How a verb is done to many inputs: in parts that let others write in between, as one step."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager

from core.i18n import _
from core.jobs import Job
from core.records import Origin
from core.storage.database import Database, chunks, transaction
from core.storage.steps import recorded, recorded_in_parts
from core.storage.undo_log import recording

PART = 5_000


@contextmanager
def in_parts(
    db: Database,
    ids: Sequence[int],
    name: str,
    job: Job,
    *,
    origin: Origin = Origin.PERSON,
) -> Iterator[Iterator[tuple[int, list[int]]]]:
    """Yield pairs of the step's key and some of the inputs; what is written for them is recorded.

    Few inputs are one transaction. Many are one transaction each part; stopped or failed, all
    parts are taken back.
    """
    if len(ids) <= PART:
        with recorded(db, name, origin) as step_id:
            yield iter([(step_id, list(ids))])
        return
    with recorded_in_parts(db, name, job, origin) as step_id:
        parts = _parts(db, step_id, ids, job)
        try:
            yield parts
        except BaseException as error:
            parts.throw(error)  # ends the part's transaction, before all is taken back
            raise


def _parts(
    db: Database, step_id: int, ids: Sequence[int], job: Job
) -> Generator[tuple[int, list[int]]]:
    n_done = 0
    for some in chunks(ids, PART):
        job.report(_("Changing texts"), n_done, len(ids))
        with transaction(db), recording(db, step_id):
            yield step_id, some
        n_done += len(some)
    job.report(_("Changing texts"), n_done, n_done)
