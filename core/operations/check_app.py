"""Check an app from the file to its models, and mend what can be mended."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from core.app_folder import AppFolder
from core.asides import flush
from core.changes import Changes
from core.errors import writing_to
from core.i18n import _
from core.jobs import Job
from core.operations.replacing import keep_as_it_is
from core.seals import is_broken
from core.storage.artifacts import list_leftovers
from core.storage.backups import Backup, BackupRefusedError, list_backups
from core.storage.checking import (
    count_loose,
    count_miscounted,
    find_texts,
    is_index_sound,
    is_of_indexes,
    list_altered_texts,
    list_damage,
    make_indexes_again,
    make_search_again,
    put_text_back,
    recount,
    take_out_loose,
)
from core.storage.copying import is_built_as_ours, stoppable
from core.storage.database import (
    AppDamagedError,
    Database,
    chunks,
    open_foreign,
    transaction,
    without_foreign_keys,
)
from core.storage.evaluations import forget_evaluation_folders, list_evaluation_folders
from core.storage.models import list_model_versions
from core.storage.thinning import Reason
from core.storage.trust import StrangeDatabaseError

FILE, INDEXES, TEXTS, LOOSE, COUNTS, SEARCH = (
    "file",
    "indexes",
    "texts",
    "loose",
    "counts",
    "search",
)
MODELS, EVALUATIONS, LEFTOVERS, BACKUPS = "models", "evaluations", "leftovers", "backups"
NOT_MENDED = (FILE, MODELS, BACKUPS)


@dataclass(frozen=True)
class CheckAppRequest:
    """Whether to mend what can be mended."""

    repair: bool = False


@dataclass(frozen=True)
class Fault:
    """Something that is not as it should be.

    Attributes:
        kind: one of the constants above.
        n: how many there are.
        is_mended: it is as it should be again.
        detail: in SQLite's words, or names; for support.
    """

    kind: str
    n: int
    is_mended: bool = False
    detail: str = ""


@dataclass(frozen=True)
class CheckAppResult:
    """What was found.

    Attributes:
        faults: nothing where the app is sound.
        good: the backups that are whole, newest first.
        kept: the backup of the state before a repair; 0 without.
        damaged: where that state is kept if it could not be backed up.
        taken_out: the file with the rows that pointed to nothing; None without.
    """

    faults: tuple[Fault, ...]
    good: tuple[Backup, ...]
    kept: int = 0
    damaged: Path | None = None
    taken_out: Path | None = None
    changes: Changes = Changes.NOTHING

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing is left to mend."""
        return all(fault.is_mended for fault in self.faults)

    @property
    def needs_choice(self) -> bool:
        """Tell whether the file itself is damaged: only a backup or a salvage helps."""
        return any(fault.kind == FILE for fault in self.faults)


def check_app(app: AppFolder, request: CheckAppRequest, job: Job) -> CheckAppResult:
    """Look through an app; with `repair`, back it up and mend what can be mended.

    A file that is damaged itself is not touched: see `salvage` and `restore`.

    Raises:
        DiskFullError, NotWritableError: it cannot be mended so; nothing was changed.
        JobCancelled: the analyst asked to stop; what was being mended is as it was.
    """
    bad, good = _split_backups(app, job)
    folders = (
        [Fault(BACKUPS, len(bad), detail=", ".join(str(b.number) for b in bad))] if bad else []
    )
    try:
        with app.database() as db:
            found = list(_look(app, db, job))
            result = CheckAppResult((*found, *folders), good)
            if request.repair and any(fault.kind not in NOT_MENDED for fault in found):
                result = _repair(app, db, result, job)
    except (AppDamagedError, BackupRefusedError, StrangeDatabaseError) as error:
        return CheckAppResult(
            (Fault(FILE, 1, detail=str(error.__cause__ or error)), *folders), good
        )
    return result


def _split_backups(app: AppFolder, job: Job) -> tuple[list[Backup], tuple[Backup, ...]]:
    whole: dict[bool, list[Backup]] = {True: [], False: []}
    for backup in job.track(list_backups(app.backups), _("Checking backups")):
        whole[backup.is_whole()].append(backup)
    return whole[False], tuple(whole[True])


def _look(app: AppFolder, db: Database, job: Job) -> Iterator[Fault]:
    """Yield what is wrong; where the file is damaged, nothing else can be asked of it."""
    with stoppable(db, job, _("Checking texts and labels")):
        damage = list_damage(db)
        if damage:
            kind = INDEXES if is_of_indexes(damage) else FILE
            yield Fault(kind, len(damage), detail="\n".join(damage))
        if damage and not is_of_indexes(damage):
            return
        if not is_built_as_ours(db):
            yield Fault(FILE, 1, detail="tables or triggers")
            return
        yield from _counted(LOOSE, count_loose(db))
        yield from _counted(COUNTS, count_miscounted(db))
        yield from _counted(TEXTS, sum(map(len, list_altered_texts(db))))
    with transaction(db):
        yield from _counted(SEARCH, int(not is_index_sound(db)))
    yield from _look_at_folders(app, db, job)


def _look_at_folders(app: AppFolder, db: Database, job: Job) -> Iterator[Fault]:
    broken = [
        version
        for version in job.track(list_model_versions(db), _("Checking models"))
        if not (app.models / version.folder).is_dir() or is_broken(app.models / version.folder)
    ]
    names = ", ".join(f"{version.model}:{version.number}" for version in broken)
    yield from _counted(MODELS, len(broken), names)
    yield from _counted(EVALUATIONS, len(_broken_evaluations(app, db, job)))
    known = app.known_folders(db)
    n_left = sum(len(list_leftovers(place, names)) for place, names in known.items())
    yield from _counted(LEFTOVERS, n_left)


def _broken_evaluations(app: AppFolder, db: Database, job: Job) -> list[str]:
    folders = sorted(list_evaluation_folders(db))
    return [
        folder
        for folder in job.track(folders, _("Checking evaluations"))
        if not (app.evaluations / folder).is_dir() or is_broken(app.evaluations / folder)
    ]


def _counted(kind: str, n: int, detail: str = "") -> Iterator[Fault]:
    if n:
        yield Fault(kind, n, detail=detail)


# -- mending --------------------------------------------------------------------------------------


def _repair(app: AppFolder, db: Database, result: CheckAppResult, job: Job) -> CheckAppResult:
    """Keep the app as it is, then mend one kind after the other."""
    kept, damaged = keep_as_it_is(app, db, Reason.REPAIR, job)
    kinds = {fault.kind for fault in result.faults}
    taken_out = None
    with without_foreign_keys(db), stoppable(db, job, _("Mending")), transaction(db):
        if INDEXES in kinds:
            make_indexes_again(db)
        if TEXTS in kinds:
            _bring_texts(db, result.good)
        if LOOSE in kinds:
            taken_out = _keep_taken(app, take_out_loose(db))
        if kinds & {LOOSE, COUNTS, INDEXES}:
            recount(db)
        if kinds & {SEARCH, TEXTS, LOOSE}:
            make_search_again(db)
        if EVALUATIONS in kinds:
            broken = _broken_evaluations(app, db, job)
            forget_evaluation_folders(db, list_evaluation_folders(db) - set(broken))
    app.recover()
    left = {fault.kind: fault.n for fault in _look(app, db, job)}
    faults = tuple(replace(fault, is_mended=_is_mended(fault, left)) for fault in result.faults)
    return CheckAppResult(faults, result.good, kept, damaged, taken_out, ~Changes.NOTHING)


def _is_mended(fault: Fault, left: dict[str, int]) -> bool:
    return fault.kind != BACKUPS and fault.kind not in left


def _bring_texts(db: Database, backups: tuple[Backup, ...]) -> None:
    """Put texts back that are not as they were written, from the newest backup that has them."""
    altered = [one for some in list_altered_texts(db) for one in some]
    for backup in backups:
        if not altered:
            return
        with suppress(AppDamagedError), open_foreign(backup.database) as there:
            found: dict[bytes, str] = {}
            for some in chunks([digest for _key, digest in altered]):
                found |= find_texts(there, some)
        for key, digest in altered:
            if digest in found:
                put_text_back(db, key, found[digest])
        altered = [one for one in altered if one[1] not in found]


def _keep_taken(app: AppFolder, rows: list[dict[str, object]]) -> Path:
    """Write rows that pointed to nothing to a readable file, so that nothing goes unseen."""
    path = app.backups / f"taken-out-{datetime.now():%Y-%m-%d-%H-%M-%S}.jsonl"
    with writing_to(path.parent):
        path.parent.mkdir(exist_ok=True)
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        flush(path)
    return path
