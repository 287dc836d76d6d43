"""Steps: every verb that writes is one, named and with the way back.

with recorded(db, _("rename a concept")):          # a quick verb: one transaction
    ...
with recorded_in_parts(db, _("label 9,000 texts"), job) as step_id:   # a long one: several
    for some in parts:
        with transaction(db), recording(db, step_id):
            ...

What one of these writes is written down by triggers, row by row, with its inverse. A long step
that does not come to its end is taken back, at once or when the app is opened again.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from core.errors import UserError
from core.i18n import _
from core.jobs import Job, Progress
from core.records import Origin, Step
from core.storage.database import Database, insert, now, transaction
from core.storage.names import storable
from core.storage.undo_log import count_log, forget_log, has_log, recording, reverse

OPEN, DONE, UNDONE, KEPT = "open", "done", "undone", "kept"
LONG_LOG = 300  # rows, from which on a step is undone in the background


@contextmanager
def recorded(db: Database, name: str, origin: Origin = Origin.PERSON) -> Iterator[int]:
    """Make a transaction of a block, and a step of what it writes; yield the step's key.

    A block that writes nothing leaves no step.
    """
    with transaction(db):
        step_id = _add_step(db, name, origin, DONE)
        with recording(db, step_id):
            yield step_id
        _end(db, step_id)


@contextmanager
def recorded_in_parts(
    db: Database, name: str, job: Job, origin: Origin = Origin.PERSON
) -> Iterator[int]:
    """Make a step of a block with transactions of its own, which records what they write."""
    with transaction(db):
        step_id = _add_step(db, name, origin, OPEN)
    try:
        yield step_id
        if _is_open(db, step_id):
            with transaction(db):
                end_step(db, step_id)
    except BaseException:
        with suppress(UserError):  # a full disk stays the reason; it is undone when opened
            take_back(db, step_id, job)
        raise


def end_step(db: Database, step_id: int) -> None:
    """Note, in the caller's transaction, that a step that was recorded in parts is whole."""
    db.execute("UPDATE steps SET state = ? WHERE id = ?", [DONE, step_id])
    _end(db, step_id)


def _is_open(db: Database, step_id: int) -> bool:
    question = "SELECT 1 FROM steps WHERE id = ? AND state = ?"
    return db.execute(question, [step_id, OPEN]).fetchone() is not None


def take_back(db: Database, step_id: int, job: Job) -> None:
    """Take back what a step did so far, without a way forward; killed, it goes on when opened."""
    n_log = count_log(db, step_id)
    rounds = reverse(db, step_id, is_final=True)
    while True:
        with transaction(db):
            n_done = next(rounds, None)
        if n_done is None:
            break
        job.publish(Progress(_("Taking it back"), n_done, n_log))  # it cannot be stopped again
    with transaction(db):
        db.execute("DELETE FROM steps WHERE id = ?", [step_id])


def take_back_open_steps(db: Database) -> None:
    """Take back the steps that never ended, because the program or the lights went out."""
    for (step_id,) in db.execute("SELECT id FROM steps WHERE state = ?", [OPEN]).fetchall():
        take_back(db, step_id, Job())


def find_undoable(db: Database) -> Step | None:
    """Return the step that "undo" takes back."""
    return _find(db, "state = 'done' ORDER BY id DESC")


def find_redoable(db: Database) -> Step | None:
    """Return the step that "redo" does again; None while a long step is being done."""
    none_open = "NOT EXISTS (SELECT 1 FROM steps WHERE state = 'open')"
    return _find(db, f"state = 'undone' AND {none_open} ORDER BY id")


def undo(db: Database, job: Job) -> Step | None:
    """Take the newest step back and return it; stopped, nothing of it is. None if there is none."""
    with transaction(db):  # looked for inside it: somebody else may undo at the same time
        if step := find_undoable(db):
            _reverse(db, step, UNDONE, job, _("Taking it back"))
    return step


def redo(db: Database, job: Job) -> Step | None:
    """Do again what was taken back last and return it; stopped, nothing of it is."""
    with transaction(db):
        if step := find_redoable(db):
            _reverse(db, step, DONE, job, _("Doing it again"))
    return step


def is_long(db: Database, step: Step) -> bool:
    """Tell whether undoing or redoing a step takes so long that nobody should wait for it."""
    rows = db.execute(
        "SELECT LENGTH(input_ids) FROM undo_log WHERE step_id = ? LIMIT ?", [step.id, LONG_LOG]
    ).fetchall()
    return len(rows) == LONG_LOG or any(size for (size,) in rows)


def list_steps(db: Database, limit: int = 100) -> list[Step]:
    """Return what can be undone, newest first."""
    rows = db.execute(f"{_STEPS} WHERE state = 'done' ORDER BY id DESC LIMIT ?", [limit])
    return [step_of(row) for row in rows]


def find_last_step_id(db: Database) -> int:
    """Return the key of the newest step that stands; 0 if there is none, or one is being done."""
    row = db.execute(
        "SELECT (SELECT MAX(id) FROM steps WHERE state <> 'undone') "
        "WHERE NOT EXISTS (SELECT 1 FROM steps WHERE state = 'open')"
    ).fetchone()
    return int(row[0] or 0) if row else 0


def forget_old_steps(db: Database, most: int) -> None:
    """Make all but the newest steps final; what was undone waits for the next step."""
    rows = db.execute(
        "SELECT id FROM steps WHERE state = 'done' ORDER BY id DESC LIMIT -1 OFFSET ?",
        [most],
    ).fetchall()
    for (step_id,) in rows:
        forget_log(db, step_id)
        db.execute("UPDATE steps SET state = ? WHERE id = ?", [KEPT, step_id])


def step_of(row: tuple[Any, ...]) -> Step:
    """Return the step of a row (id, name, origin, at)."""
    key, name, origin, at = row
    return Step(key, name, Origin(origin), datetime.fromisoformat(at))


_STEPS = "SELECT id, name, origin, at FROM steps"


def _find(db: Database, which: str) -> Step | None:
    row = db.execute(f"{_STEPS} WHERE {which} LIMIT 1").fetchone()
    return step_of(row) if row else None


def _add_step(db: Database, name: str, origin: Origin, state: str) -> int:
    return insert(db, "steps", name=storable(name), origin=origin, at=now(), state=state)


def _end(db: Database, step_id: int) -> None:
    if has_log(db, step_id):
        _forget_undone(db)
    else:
        db.execute("DELETE FROM steps WHERE id = ?", [step_id])


def _forget_undone(db: Database) -> None:
    """Let what was undone not be done again, since something else was done."""
    for (step_id,) in db.execute("SELECT id FROM steps WHERE state = 'undone'").fetchall():
        forget_log(db, step_id)
        db.execute("DELETE FROM steps WHERE id = ?", [step_id])


def _reverse(db: Database, step: Step, state: str, job: Job, stage: str) -> None:
    n_log = count_log(db, step.id)
    for n_done in reverse(db, step.id):
        job.report(stage, n_done, n_log)
    db.execute("UPDATE steps SET state = ? WHERE id = ?", [state, step.id])
