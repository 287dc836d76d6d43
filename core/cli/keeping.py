"""Commands that keep an app: backups, the way back to them, check and repair."""

from pathlib import Path

from core.app_folder import AppFolder, AppMissingError, folder_name
from core.cli.terminal import Add, Answer, Arguments, app_of, with_app
from core.i18n import _
from core.jobs import Job
from core.operations.back_up import BackUpRequest, back_up, reason_words
from core.operations.check_app import CheckAppRequest, check_app
from core.operations.check_words import checked_words
from core.operations.delete_backup import BackupDeletion, delete_one_backup
from core.operations.restore import RestoreRequest, restore, restored_words
from core.operations.salvage import salvage, salvaged_words
from core.paths import apps_folder
from core.places import warning_of
from core.storage.backups import Backup, list_backups
from core.wording import counted_texts, number, size


def add_commands(add: Add) -> None:
    """Add them."""
    with_app(add("backup", _run_backup, "keep a checked copy of an app's texts and labels"))
    command = with_app(add("backups", _run_backups, "list the backups of an app"))
    command.add_argument("--delete", metavar="BACKUP", type=int, default=0, help="delete this one")
    command = with_app(add("restore", _run_restore, "go back to a backup"))
    command.add_argument("backup", metavar="BACKUP", type=int, help="its number; 0 for the newest")
    command.add_argument(
        "--as", dest="name", default="", metavar="NAME", help="into a new app of this name"
    )
    command = with_app(add("check", _run_check, "check an app, and mend it"))
    command.add_argument("--repair", action="store_true", help="mend what can be mended")
    command.add_argument(
        "--salvage", action="store_true", help="go on with what a damaged database still holds"
    )


def app_as_it_is(arguments: Arguments) -> AppFolder:
    """Return the app that was named, even if its database cannot be read.

    Raises:
        AppMissingError: there is none.
    """
    try:
        return app_of(arguments)
    except AppMissingError:
        for path in (Path(arguments.app).absolute(), apps_folder() / folder_name(arguments.app)):
            if (path / "backups").is_dir() or (path / "app.db").is_file():
                return AppFolder(path)
        raise


def _run_backup(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked():
        result = back_up(app, BackUpRequest(), job)
    words = _("Backup {number} is kept and checked: {texts}, {size}.")
    lines = [words.format(**_told(result.backup))]
    lines.append(_("Models are not in it: their folders never change and stay in the app."))
    if result.readable:
        lines.append(_("Texts and labels are also in {path}.").format(path=result.readable))
    return Answer(_value(result.backup) | {"thinned": result.n_thinned}, "\n".join(lines))


def _run_backups(arguments: Arguments, job: Job) -> Answer:
    app = app_as_it_is(arguments)
    if arguments.delete:
        with app.locked(as_it_is=True):
            delete_one_backup(app, BackupDeletion(arguments.delete), job)
    backups = list_backups(app.backups)
    lines = [_line(backup) for backup in backups]
    if not backups:
        lines = [_("There are no backups yet.")]
    return Answer([_value(backup) for backup in backups], "\n".join(lines))


def _run_restore(arguments: Arguments, job: Job) -> Answer:
    app = app_as_it_is(arguments)
    with app.locked(as_it_is=True):
        result = restore(app, RestoreRequest(arguments.backup, arguments.name), job)
    value = {
        "folder": str(result.app.path),
        "backup": result.backup.number,
        "models_lost": result.n_models_lost,
        "kept": result.kept or None,
        "damaged": str(result.damaged) if result.damaged else None,
    }
    return Answer(value, restored_words(result))


def _run_check(arguments: Arguments, job: Job) -> Answer:
    app = app_as_it_is(arguments)
    with app.locked(as_it_is=True):
        if arguments.salvage:
            salvaged = salvage(app, job)
            found = {"rows": salvaged.rows, "damaged": str(salvaged.damaged)}
            return Answer(found, salvaged_words(salvaged))
        result = check_app(app, CheckAppRequest(arguments.repair), job)
    faults = [
        {"kind": f.kind, "n": f.n, "mended": f.is_mended, "detail": f.detail} for f in result.faults
    ]
    value = {
        "sound": result.is_sound,
        "faults": faults,
        "good_backups": [backup.number for backup in result.good],
        "kept": result.kept or None,
        "damaged": str(result.damaged) if result.damaged else None,
        "taken_out": str(result.taken_out) if result.taken_out else None,
        "warning": warning_of(app.path) or None,
    }
    lines = [*checked_words(result), *filter(None, [warning_of(app.path)])]
    if result.needs_choice:
        salvages = _("`check APP --salvage` keeps what can be read.")
        goes_back = _("`restore APP 0` goes back to the newest whole backup.")
        lines.append(f"{goes_back} {salvages}" if result.good else salvages)
    return Answer(value, "\n".join(lines))


def _line(backup: Backup) -> str:
    when = backup.created.astimezone().strftime("%Y-%m-%d %H:%M")
    told = _told(backup)
    return f"{told['number']:>5}  {when}  {told['texts']:>14}  {told['size']:>8}  {told['why']}"


def _told(backup: Backup) -> dict[str, str]:
    return {
        "number": number(backup.number),
        "texts": counted_texts(backup.counts["texts"]),
        "size": size(backup.n_bytes),
        "why": reason_words(backup.reason),
    }


def _value(backup: Backup) -> dict[str, object]:
    return {
        "number": backup.number,
        "created": backup.created.isoformat(),
        "reason": backup.reason,
        "name": backup.name,
        "counts": backup.counts,
        "bytes": backup.n_bytes,
        "folder": str(backup.path),
    }
