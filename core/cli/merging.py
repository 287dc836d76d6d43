"""Commands that merge a copy of an app, and settle in what both differ."""

from pathlib import Path
from typing import Any, get_args

from core import tables
from core.app_folder import AppFolder
from core.cli.terminal import Add, Answer, Arguments, UsageError, app_of, key, with_app
from core.errors import UserError
from core.i18n import N_, _, ngettext
from core.jobs import Job
from core.operations.merge_app import MergeAppRequest, MergeAppResult, merge_app
from core.operations.settle import (
    DisagreementsRequest,
    SettleRequest,
    Side,
    export_disagreements,
    settle_disagreements,
    told_labels,
)
from core.storage.database import Database
from core.storage.merges import (
    ANSWER,
    KINDS,
    LABELS,
    SPLIT,
    Disagreement,
    Merge,
    Said,
    get_merge,
    list_disagreements,
    list_merges,
)
from core.wording import number, percent

PARTS = {"labels": LABELS, "answers": ANSWER, "splits": SPLIT}  # as they are typed
LISTED = 100


def add_commands(add: Add) -> None:
    """Add them."""
    command = with_app(add("merge-app", _run_merge_app, "merge a colleague's copy of an app"))
    command.add_argument("copy", type=Path, metavar="FILE", help="or the folder of that app")
    command.add_argument(
        "--disagreements", type=Path, metavar="CSV", help="write where both differ"
    )
    command.add_argument("--anyway", action="store_true", help="also where it is no copy")
    command = with_app(add("settle", _run_settle, "settle in what a merged copy differs"))
    command.add_argument(
        "--input", type=key, action="append", default=[], metavar="ID", help="one of the open texts"
    )
    command.add_argument("--all", action="store_true", help="all texts that are open")
    command.add_argument("--take", choices=get_args(Side), help="else the open ones are listed")
    command.add_argument("--only", choices=PARTS, help="settle or list these alone")
    command.add_argument("--merge", type=key, default=0, metavar="N", help="else the newest")
    command.add_argument("--limit", type=int, default=LISTED, metavar="N", help="of the list")


def _run_merge_app(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked():
        if arguments.disagreements:
            app.check_outside(arguments.disagreements)  # before anything is changed
        result = merge_app(app, MergeAppRequest(arguments.copy, arguments.anyway), job)
        if arguments.disagreements:
            request = DisagreementsRequest(result.merge_id, arguments.disagreements)
            export_disagreements(app, request, job)
    value = {"merge": result.merge_id, "source": result.source, **result.to_json()}
    return Answer(value, _merge_words(result))


def _merge_words(result: MergeAppResult) -> str:
    came = ", ".join(
        ngettext(one, several, n).format(n=number(n))
        for one, several, n in (
            (N_("{n} new text"), N_("{n} new texts"), result.n_added),
            (N_("{n} that both have"), N_("{n} that both have"), result.n_matched),
            (N_("{n} newly labelled"), N_("{n} newly labelled"), result.n_labelled),
            (N_("{n} new concept"), N_("{n} new concepts"), result.n_concepts),
        )
    )
    told = _("Merged with “{source}”: {came}.").format(source=result.source, came=came)
    if result.n_disagreements:
        told += "\n" + _differ_words(result)
    if not result.whole.n_texts:
        return told
    heads = (_("Concept"), _("Both"), _("Yours"), _("Theirs"), _("Agreement"), _("Kappa"))
    rows = [
        (one.concept, one.n_both, one.n_mine, one.n_theirs, percent(one.share), one.kappa)
        for one in result.agreements
    ]
    agreed = ngettext(
        "Both labelled {n} text, and say the same of {share}.",
        "Both labelled {n} texts, and say the same of {share}.",
        result.whole.n_texts,
    ).format(n=number(result.whole.n_texts), share=percent(result.whole.share))
    return f"{told}\n{agreed}\n\n{tables.table(heads, rows)}"


def _differ_words(result: MergeAppResult) -> str:
    counts = (
        (_("labels of {n}"), result.n_labels_differ),
        (_("answers of {n}"), result.n_answers_differ),
        (_("splits of {n}"), result.n_splits_differ),
    )
    what = ", ".join(words.format(n=number(n)) for words, n in counts if n)
    words = ngettext(
        "You differ in {n} text ({what}). What you said stands; `settle` lists and settles it.",
        "You differ in {n} texts ({what}). What you said stands; `settle` lists and settles them.",
        result.n_disagreements,
    )
    return words.format(n=number(result.n_disagreements), what=what)


def _run_settle(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    kinds = (PARTS[arguments.only],) if arguments.only else KINDS
    if arguments.take is None:
        if arguments.input or arguments.all:
            raise UsageError(
                _("It is not said whose word counts."),
                next_step=_("Add --take ours, --take theirs or --take both."),
            )
        return _list(app, arguments.merge, kinds, arguments.limit)
    if bool(arguments.input) == arguments.all:
        raise UsageError(
            _("It is not said which texts are to be settled."),
            next_step=_("Give their ids with --input, or --all."),
        )
    with app.locked(), app.database() as db:
        merge_id = _merge_of(db, arguments.merge).id
        request = SettleRequest(
            merge_id, arguments.take, tuple(arguments.input), arguments.all, kinds
        )
        n_settled = settle_disagreements(app, request, job).n_inputs
        n_open = get_merge(db, merge_id).n_open
    text = ngettext("{n} text is settled.", "{n} texts are settled.", n_settled)
    value = {"merge": merge_id, "settled": n_settled, "open": n_open}
    words = text.format(n=number(n_settled))
    return Answer(value, f"{words} {_open_words(n_open)}" if n_open else words)


def _open_words(n_open: int) -> str:
    words = ngettext("{n} text is still open.", "{n} texts are still open.", n_open)
    return words.format(n=number(n_open))


def _merge_of(db: Database, merge_id: int) -> Merge:
    """Return the merge that was named, else the newest with something to settle, else that."""
    merges = list_merges(db)
    if merge_id:
        return get_merge(db, merge_id)
    if not merges:
        raise UserError(
            _("No copy was merged into this app yet."),
            next_step=_("Merge one with `merge-app`; what differs can be settled then."),
        )
    return next((merge for merge in merges if merge.n_open), merges[0])


def _list(app: AppFolder, merge_id: int, kinds: tuple[str, ...], limit: int) -> Answer:
    """Say in what both differ, as far as it is open."""
    with app.database() as db:
        merge = _merge_of(db, merge_id)
        found = list_disagreements(db, merge.id, only_open=True, kinds=kinds, limit=limit)
    records = [_record(one) for one in found]
    value = {"merge": merge.id, "source": merge.source, "open": merge.n_open, "texts": records}
    if not found:
        return Answer(value, _("There is nothing to settle."))
    heads = (_("Id"), _("Text"), _("About"), _("Yours"), _("Theirs"))
    rows = []
    for one in found:
        parts = [part for part, kind in PARTS.items() if kind in one.open_kinds]
        mine, theirs = (
            "; ".join(_words(said, other, PARTS[part]) or _none(part) for part in parts)
            for said, other in ((one.mine, one.theirs), (one.theirs, one.mine))
        )
        rows.append((one.input_id, one.text, ", ".join(parts), mine, theirs))
    table = tables.table(heads, rows)
    return Answer(value, f"{table}\n\n{_open_words(merge.n_open)}")


def _record(one: Disagreement) -> dict[str, Any]:
    sides = {
        part: {
            "ours": _words(one.mine, one.theirs, kind),
            "theirs": _words(one.theirs, one.mine, kind),
        }
        for part, kind in PARTS.items()
        if kind in one.open_kinds
    }
    return {"id": one.input_id, "text": one.text, **sides}


def _words(said: Said, other: Said, kind: str) -> str:
    return "|".join(told_labels(said, other)) if kind == LABELS else str(getattr(said, kind))


def _none(part: str) -> str:
    return _("no concept") if PARTS[part] == LABELS else "–"
