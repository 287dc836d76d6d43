"""Commands that bring inputs in, find, label, split and write them."""

import re
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from core import tables
from core.app_folder import MAIN_DATASET
from core.cli.terminal import Add, Answer, Arguments, app_of, with_app
from core.errors import UserError
from core.files import Mapping, preview, with_columns, with_options
from core.files.export_names import EXPORT_COLUMNS
from core.files.export_tables import FORMATS, Format
from core.i18n import _, ngettext
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.choose_workflow import read_if_new
from core.operations.export_inputs import ExportRequest, export_inputs
from core.operations.import_texts import (
    ImportRequest,
    ImportResult,
    import_texts,
    preview_import,
)
from core.operations.predict import check_is_other
from core.operations.save_rejected import RejectedRequest, save_rejected
from core.operations.split_inputs import SplitRequest, split_inputs
from core.records import SPLITS, Origin
from core.storage.concepts import get_concept, list_concepts
from core.storage.database import Database
from core.storage.datasets import get_dataset
from core.storage.filters import (
    LABELLINGS,
    InputFilter,
    Sort,
    SortKey,
    filter_from,
    list_input_ids,
)
from core.storage.inputs import get_inputs
from core.wording import number

LISTED = 20


class FilterError(UserError):
    """A filter was not typed as KEY=VALUE."""

    def __init__(self, word: str) -> None:
        super().__init__(
            _("“{word}” is no filter.").format(word=word),
            next_step=_("Type it as KEY=VALUE; the keys are {keys}.").format(keys=", ".join(KEYS)),
        )


KEYS = (
    *("concept", "not-concept", "labelling", "origin", "split", "source", "metadata.NAME"),
    *("min-chars", "max-chars", "added-from", "added-to", "has-note", "has-target"),
)
ALLOWED = {
    "labelling": tuple(LABELLINGS),
    "origin": tuple(Origin),
    "split": (*SPLITS, "none"),
    "has-target": ("yes", "no"),
    "min-chars": (),
    "max-chars": (),
    "added-from": (),
    "added-to": (),
}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def add_commands(add: Add) -> None:
    """Add them."""
    _add_import(add)
    command = with_app(add("add", _run_add, "add one text"))
    command.add_argument("text", metavar="TEXT")
    command.add_argument("--target", metavar="TEXT", default="", help="what a model shall write")
    command.add_argument("--concept", metavar="C", action="append", default=[], help="it is this")
    command.add_argument("--not", dest="absent", metavar="C", action="append", default=[])
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    command = with_filter(with_app(add("inputs", _run_inputs, "list inputs")))
    command.add_argument("--limit", type=int, default=LISTED, metavar="N", help="0 for all")
    command.add_argument("--sort", default="added", choices=get_args(SortKey))
    command.add_argument("--descending", action="store_true")
    command = with_filter(with_app(add("label", _run_label, "say what inputs are about")))
    command.add_argument("concept", metavar="CONCEPT")
    command.add_argument("--input", type=int, action="append", default=[], metavar="ID")
    said = command.add_mutually_exclusive_group()
    said.add_argument("--not", dest="is_not", action="store_true", help="they do not carry it")
    said.add_argument("--remove", action="store_true", help="say nothing of it any more")
    command = with_filter(with_app(add("split", _run_split, "split by percentages")))
    command.add_argument("--train", type=float, default=80, metavar="PERCENT")
    command.add_argument("--validation", type=float, default=10, metavar="PERCENT")
    command.add_argument("--test", type=float, default=10, metavar="PERCENT")
    command.add_argument("--seed", type=int, default=555)
    command.add_argument("--not-stratified", action="store_true")
    command = with_filter(with_app(add("export", _run_export, "write inputs and labels")))
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--format", choices=FORMATS, help="else by the file's ending")
    command.add_argument("--version", type=int, default=0, metavar="N", help="of the dataset")
    command.add_argument("--column", action="append", default=[], choices=EXPORT_COLUMNS)


def _add_import(add: Add) -> None:
    command = with_app(add("import", _run_import, "add the texts of a file or folder"))
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--text", metavar="COL", help="column of the text")
    command.add_argument("--also-text", metavar="COL", action="append", help="joined to the text")
    command.add_argument("--target", metavar="COL", help="column of what a model shall write")
    command.add_argument(
        "--concepts", metavar="COL", action="append", help="column of the concepts; may be repeated"
    )
    command.add_argument("--separator", metavar="SEP", help="parts several concepts in one cell")
    command.add_argument(
        "--indicators", metavar="COL", action="append", help="a concept whose cells are 1 or 0"
    )
    command.add_argument("--split", metavar="COL", help="column that says train or test")
    command.add_argument("--id", metavar="COL", help="column of the file's own ids")
    command.add_argument("--metadata", metavar="COL", action="append", help="kept beside the text")
    command.add_argument("--encoding", metavar="NAME")
    command.add_argument("--delimiter", metavar="SIGN")
    command.add_argument("--sheet", metavar="NAME", help="of a workbook")
    command.add_argument("--cut", choices=("line", "paragraph", "file"), help="what one text is")
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    same = {"skip": "leave out", "keep": "add", "merge": "give its labels and target to the other"}
    about = "a row that is there already: " + ", ".join(f"{k} = {v}" for k, v in same.items())
    command.add_argument("--same-id", choices=same, default="skip", help=about)
    command.add_argument("--same-text", choices=same, default="keep", help=about)
    command.add_argument("--dry-run", action="store_true", help="only say what would happen")
    command.add_argument("--rejected", type=Path, metavar="FILE", help="write refused rows there")


def mapping_of(arguments: Arguments) -> Mapping:
    """Guess how a file is read, then believe what was said."""

    def said(*names: str) -> dict[str, Any]:
        given = {name: getattr(arguments, name, None) for name in names}
        return {name: value for name, value in given.items() if value is not None}

    seen = preview(arguments.file)
    if ways := said("encoding", "delimiter", "sheet", "cut"):
        seen = with_options(seen, **ways)
    columns = ("text", "also_text", "target", "concepts", "indicators", "split", "id", "metadata")
    if roles := said(*columns):
        seen = with_columns(seen, **roles)
    if parted := said("separator"):
        seen = with_options(seen, **parted)
    return seen.mapping


def _run_import(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    if arguments.rejected:
        app.check_outside(arguments.rejected)
        check_is_other(arguments.rejected, arguments.file)
    request = ImportRequest(
        arguments.file,
        mapping_of(arguments),
        arguments.dataset,
        same_id=arguments.same_id,
        same_text=arguments.same_text,
    )
    if arguments.dry_run:
        if arguments.rejected:
            save_rejected(app, RejectedRequest(arguments.rejected, request), job)
        result = preview_import(app, request, job)
        added = ngettext("{n} text would be added", "{n} texts would be added", result.n_added)
        return _told(result, added)
    with app.locked():
        result = import_texts(app, request, job)
        if arguments.rejected:
            columns = preview(arguments.file).columns
            save_rejected(app, RejectedRequest(arguments.rejected, result.import_id, columns), job)
        read_if_new(app, job)
    return _told(result, ngettext("{n} text added", "{n} texts added", result.n_added))


def _told(result: ImportResult, added: str) -> Answer:
    left_out = ngettext("{n} row left out", "{n} rows left out", result.n_problems)
    lines = [
        f"{added.format(n=number(result.n_added))}, {left_out.format(n=number(result.n_problems))}",
    ]
    if result.n_merged:
        words = ngettext(
            "{n} row gave what it says to a text that had come before",
            "{n} rows gave what they say to texts that had come before",
            result.n_merged,
        )
        lines.append(words.format(n=number(result.n_merged)))
    if result.n_targets:
        words = ngettext("{n} row with a target", "{n} rows with a target", result.n_targets)
        lines.append(words.format(n=number(result.n_targets)))
    if result.n_repeated:
        lines.append(_("Texts that had come before: {n}").format(n=number(result.n_repeated)))
    lines += [
        _("Row {number}: {reason}").format(number=p.number, reason=p.reason)
        for p in result.problems
    ]
    problems = [{"row": p.number, "reason": p.reason, "text": p.row} for p in result.problems]
    counts = {
        "added": result.n_added,
        "left_out": result.n_problems,
        "merged": result.n_merged,
        "repeated": result.n_repeated,
        "unlabelled": result.n_unlabelled,
        "targets": result.n_targets,
    }
    return Answer(counts | {"problems": problems}, "\n".join(lines))


def _run_add(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    request = AddTextsRequest(
        (arguments.text,),
        tuple(arguments.concept),
        tuple(arguments.absent),
        arguments.dataset,
        (arguments.target,),
    )
    with app.locked():
        result = add_texts(app, request, job)
        read_if_new(app, job)
    return Answer({"input_id": result.input_ids[0]}, _("1 text added"))


def _run_inputs(arguments: Arguments, _job: Job) -> Answer:
    with app_of(arguments).database() as db:
        wanted = filter_of(db, arguments)
        ids = list_input_ids(db, wanted, Sort(arguments.sort, arguments.descending))
        found = get_inputs(db, ids[: max(0, arguments.limit) or None])
        names = {concept.id: concept.name for concept in list_concepts(db)}
    rows: list[dict[str, Any]] = [
        {
            "id": item.id,
            "text": item.text,
            "target": item.target,
            "concepts": [names[i] for i in item.positive],
            "not_concepts": [names[i] for i in item.negative],
            "split": item.split,
            "external_id": item.external_id,
            "status": item.status,
            "note": item.note,
            "source": item.source,
            "metadata": item.metadata,
        }
        for item in found
    ]
    shown = _shown_columns(rows)
    count = _("{shown} of {n} texts").format(shown=number(len(rows)), n=number(len(ids)))
    text = f"{tables.table(*shown)}\n\n{count}" if rows else _no_text(arguments)
    return Answer({"n": len(ids), "inputs": rows}, text)


def _no_text(arguments: Arguments) -> str:
    if arguments.filter or arguments.search:
        return _("No text matches.")
    if arguments.dataset != MAIN_DATASET:
        return _("There are no texts in “{name}” yet.").format(name=arguments.dataset)
    return _("There are no texts yet.")


def _shown_columns(
    rows: list[dict[str, Any]],
) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return the heads and the cells of a list; targets only where there are any."""
    columns = {
        _("Id"): [row["id"] for row in rows],
        _("Text"): [row["text"] for row in rows],
        _("Answer"): [row["target"] for row in rows],
        _("Concepts"): [", ".join(row["concepts"]) for row in rows],
        _("Split"): [row["split"] for row in rows],
    }
    if not any(columns[_("Answer")]):
        del columns[_("Answer")]
    return tuple(columns), list(zip(*columns.values(), strict=True))


def _run_label(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.database() as db:
        wanted = filter_of(db, arguments)
    positive = None if arguments.remove else not arguments.is_not
    request = AnnotateRequest(tuple(arguments.input) or wanted, arguments.concept, positive)
    with app.locked():
        result = annotate(app, request, job)
    if arguments.remove:
        text = ngettext("Taken off {n} text", "Taken off {n} texts", result.n_inputs)
    else:
        text = ngettext("{n} text labelled", "{n} texts labelled", result.n_inputs)
    return Answer({"inputs": result.n_inputs}, text.format(n=number(result.n_inputs)))


def _run_split(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.database() as db:
        wanted = filter_of(db, arguments)
    request = SplitRequest(
        wanted,
        arguments.train,
        arguments.validation,
        arguments.test,
        seed=arguments.seed,
        is_stratified=not arguments.not_stratified,
    )
    with app.locked():
        result = split_inputs(app, request, job)
    counts = ", ".join(f"{name} {number(n)}" for name, n in result.counts.items())
    return Answer(result.counts, counts)


def _format_of(file: Path) -> Format:
    ending = file.suffix.lower().removeprefix(".")
    if ending in FORMATS:
        return ending
    if ending:
        raise UserError(
            _("“{name}” has an ending that no file can be written in here.").format(name=file.name),
            next_step=_("Let the name end in .csv, .jsonl or .xlsx, or add --format."),
        )
    return "csv"


def _run_export(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.database() as db:
        wanted = filter_of(db, arguments)
    request = ExportRequest(
        arguments.file,
        arguments.format or _format_of(arguments.file),
        wanted,
        dataset=arguments.dataset,
        version=arguments.version,
        columns=tuple(arguments.column),
    )
    result = export_inputs(app, request, job)
    text = _("{n} texts written to {path}").format(n=number(result.n_inputs), path=result.path)
    return Answer({"path": str(result.path), "inputs": result.n_inputs}, text)


def with_filter(command: ArgumentParser) -> ArgumentParser:
    """Let a command be about the inputs that a filter leaves."""
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    command.add_argument("--search", metavar="WORDS", default="", help="words the texts have")
    command.add_argument(
        "--filter", metavar="KEY=VALUE", action="append", default=[], help=", ".join(KEYS)
    )
    return command


def filter_of(db: Database, arguments: Arguments) -> InputFilter:
    """Return what --dataset, --search and --filter mean together.

    Raises:
        FilterError, ConceptMissingError, DatasetMissingError: one of them means nothing.
    """
    dataset_id = get_dataset(db, arguments.dataset).id
    return filter_by(db, arguments.filter, dataset_id=dataset_id, containing=arguments.search)


def filter_by(db: Database, words: Sequence[str], **kept: Any) -> InputFilter:  # noqa: ANN401
    """Return the filter that words of KEY=VALUE mean, with other fields that are known.

    Raises:
        FilterError, ConceptMissingError: one of them means nothing.
    """
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise FilterError(word)
        _narrow(db, kept, key, value)
    return filter_from(kept)


def _narrow(db: Database, kept: dict[str, Any], key: str, value: str) -> None:
    match key:
        case "concept" | "not-concept":
            name = "has" if key == "concept" else "lacks"
            kept[name] = [*kept.get(name, ()), get_concept(db, value).id]
        case "min-chars" | "max-chars" if value.isdecimal():
            kept[key.replace("-", "_")] = int(value)
        case "has-note":
            kept["has_note"] = value.lower() not in ("0", "no", "false")
        case _ if key.startswith("metadata."):
            kept["metadata"] = [*kept.get("metadata", ()), [key.removeprefix("metadata."), value]]
        case "added-from" | "added-to" if DAY.fullmatch(value):
            kept[key.replace("-", "_")] = value
        case _ if value in ALLOWED.get(key, (value,)) and key in KEYS:
            kept[key.replace("-", "_")] = value
        case _:
            raise FilterError(f"{key}={value}")
