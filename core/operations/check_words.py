"""What a check of an app says, in sentences."""

from core.i18n import N_, _, ngettext
from core.operations.check_app import (
    BACKUPS,
    COUNTS,
    EVALUATIONS,
    FILE,
    INDEXES,
    LEFTOVERS,
    LOOSE,
    MODELS,
    SEARCH,
    TEXTS,
    CheckAppResult,
    Fault,
)
from core.storage.backups import Backup
from core.wording import counted_texts, number

WORDS = {
    FILE: (N_("The database itself is damaged."), ""),
    INDEXES: (N_("Indexes of the database are damaged; its texts and labels are not."), ""),
    TEXTS: (
        N_("{n} text is not as it was written."),
        N_("{n} texts are not as they were written."),
    ),
    LOOSE: (
        N_("{n} entry belongs to something that is not there."),
        N_("{n} entries belong to something that is not there."),
    ),
    COUNTS: (N_("{n} count is wrong."), N_("{n} counts are wrong.")),
    SEARCH: (N_("The search does not know all texts."), ""),
    MODELS: (
        N_("{n} version of a model is damaged or gone: {detail}. Train it again."),
        N_("{n} versions of models are damaged or gone: {detail}. Train them again."),
    ),
    EVALUATIONS: (
        N_("{n} evaluation has lost its texts; its scores stand."),
        N_("{n} evaluations have lost their texts; their scores stand."),
    ),
    LEFTOVERS: (N_("{n} folder belongs to nothing."), N_("{n} folders belong to nothing.")),
    BACKUPS: (
        N_("{n} backup is damaged: {detail}. The others are whole."),
        N_("{n} backups are damaged: {detail}. The others are whole."),
    ),
}


def fault_words(fault: Fault) -> str:
    """Return what was found, and whether it is mended."""
    one, several = WORDS[fault.kind]
    words = ngettext(one, several, fault.n) if several else _(one)
    said = words.format(n=number(fault.n), detail=fault.detail)
    return _("{what} Mended.").format(what=said) if fault.is_mended else said


def checked_words(result: CheckAppResult) -> list[str]:
    """Return everything that a check has to say, a sentence or two in each line."""
    lines = [fault_words(fault) for fault in result.faults]
    if not lines:
        lines = [_("Everything is as it should be.")]
    if result.needs_choice:
        lines.append(choice_words(result))
    elif not result.is_sound and not result.kept and not result.damaged:
        lines.append(_("Repairing mends what can be mended, and backs the app up before."))
    if result.kept:
        words = _("What it was before is kept as backup {number}.")
        lines.append(words.format(number=number(result.kept)))
    if result.damaged:
        lines.append(_("What it was before is kept in {path}.").format(path=result.damaged))
    if result.taken_out:
        lines.append(_("What was taken out is in {path}.").format(path=result.taken_out))
    return lines


def choice_words(result: CheckAppResult) -> str:
    """Return which two ways there are where the database itself is damaged."""
    if not result.good:
        return _("There is no whole backup. What can still be read, if anything, may be kept.")
    words = _(
        "Go back to {backup}, or keep what can still be read, which may be newer, but is not all."
    )
    return words.format(backup=backup_words(result.good[0]))


def backup_words(backup: Backup) -> str:
    """Return a backup within a sentence."""
    return _("backup {number} of {when} ({texts})").format(
        number=number(backup.number),
        when=f"{backup.created.astimezone():%Y-%m-%d %H:%M}",
        texts=counted_texts(backup.counts["texts"]),
    )
