"""Read out of a damaged database what can be read, and go on with that."""

import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from core.app_folder import AppFolder
from core.asides import ASIDE
from core.changes import Changes
from core.errors import UserError, writing_to
from core.i18n import _
from core.jobs import Job
from core.operations.replacing import replace_database
from core.storage.backups import DATABASE, list_backups
from core.storage.checking import list_damage
from core.storage.copying import is_built_as_ours
from core.storage.database import AppDamagedError, open_database, open_foreign
from core.storage.salvage import salvage_database
from core.storage.thinning import Reason
from core.wording import number


class NotDamagedError(UserError):
    """The database can be read as it is."""

    def __init__(self) -> None:
        super().__init__(
            _("The database of this app is not damaged."),
            next_step=_("Check the app for what else can be mended."),
        )


class NothingToReadError(UserError):
    """Not even the list of what is in the database can be read."""

    def __init__(self) -> None:
        super().__init__(
            _("Nothing can be read out of the damaged database."),
            next_step=_(
                "Go back to a backup; without one, import its “labels.jsonl” into a new app."
            ),
        )


@dataclass(frozen=True)
class SalvageResult:
    """What came out.

    Attributes:
        rows: by table. damaged: where the damaged database is kept.
        n_before: texts in the newest backup, to compare with; 0 where there is none.
    """

    rows: dict[str, int]
    damaged: Path
    n_before: int
    changes: Changes = ~Changes.NOTHING


def salvage(app: AppFolder, job: Job) -> SalvageResult:
    """Put what can be read in place of a damaged database, which is kept beside the backups.

    Raises:
        NotDamagedError, NothingToReadError: there is nothing to do, or nothing that can be done.
        DiskFullError, NotWritableError, JobCancelled: the app is as it was.
    """
    if not app.file.is_file():
        raise NothingToReadError
    if not is_damaged(app):
        raise NotDamagedError
    with (
        writing_to(app.path),
        tempfile.TemporaryDirectory(dir=app.path, prefix=ASIDE) as place,
    ):
        new = Path(place) / DATABASE
        with closing(open_database(new)) as db:
            try:
                rows = salvage_database(app.file, db, job)
            except AppDamagedError as error:
                raise NothingToReadError from error
        _number, damaged = replace_database(app, new, Reason.REPAIR, job)
    app.recover()
    newest = next(iter(list_backups(app.backups)), None)
    assert damaged is not None
    return SalvageResult(rows, damaged, newest.counts["texts"] if newest else 0)


def is_damaged(app: AppFolder) -> bool:
    """Tell whether the database itself is damaged, or not built as ours."""
    try:
        with open_foreign(app.file) as db:
            return bool(list_damage(db)) or not is_built_as_ours(db)
    except AppDamagedError:
        return True


def salvaged_words(result: SalvageResult) -> str:
    """Return what came out, in sentences."""
    words = _("{texts} texts with {labels} labels could be read, and are the app now.")
    lines = [
        words.format(texts=number(result.rows["inputs"]), labels=number(result.rows["annotations"]))
    ]
    if result.n_before:
        words = _("The newest backup has {texts} texts.")
        lines.append(words.format(texts=number(result.n_before)))
    lines.append(_("The damaged database is kept in {path}.").format(path=result.damaged))
    return "\n".join(lines)
