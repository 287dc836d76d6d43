"""Commands about concepts, datasets and their versions."""

from core import tables
from core.app_folder import MAIN_DATASET
from core.cli.terminal import Add, Answer, Arguments, app_of, with_app
from core.i18n import _
from core.jobs import Job
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.storage.concepts import list_concepts
from core.storage.counts import count_version_targets
from core.storage.datasets import get_dataset, list_datasets
from core.storage.filters import InputFilter, count_inputs
from core.storage.version_reports import compare_versions
from core.storage.versions import find_version, list_versions
from core.wording import number


def add_commands(add: Add) -> None:
    """Add them."""
    with_app(add("concepts", _run_concepts, "list the concepts"))
    with_app(add("datasets", _run_datasets, "list the datasets"))
    command = with_app(add("freeze", _run_freeze, "freeze a version of a dataset"))
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    command.add_argument("--description", default="")
    command = with_app(add("versions", _run_versions, "list the versions of a dataset"))
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)
    command = with_app(add("diff", _run_diff, "say what changed between two versions"))
    command.add_argument("old", type=int, metavar="OLD")
    command.add_argument("new", type=int, metavar="NEW")
    command.add_argument("--dataset", metavar="NAME", default=MAIN_DATASET)


def _run_concepts(arguments: Arguments, _job: Job) -> Answer:
    with app_of(arguments).database() as db:
        concepts = list_concepts(db)
    heads = (_("Concept"), _("Texts"), _("Texts that are not"), _("Definition"))
    rows = [(c.name, c.n_positive, c.n_negative, c.definition) for c in concepts]
    keys = ("name", "positive", "negative", "definition")
    return Answer([dict(zip(keys, row, strict=True)) for row in rows], tables.table(heads, rows))


def _run_freeze(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    with app.locked():
        result = freeze_dataset(app, FreezeRequest(arguments.dataset, arguments.description), job)
    version = result.version
    with app.database() as db:
        n_targets = count_version_targets(db, version.id).n_targets
    words = _("Version {number} of “{dataset}”: {n} texts, {labelled} of them labelled")
    if n_targets:
        words = _("Version {number} of “{dataset}”: {n} texts, {answered} of them with an answer")
    text = words.format(
        number=version.number,
        dataset=version.dataset,
        n=number(version.n_inputs),
        labelled=number(version.n_labelled),
        answered=number(n_targets),
    )
    value = {"dataset": version.dataset, "version": version.number, "is_new": result.is_new}
    value |= {"inputs": version.n_inputs, "labelled": version.n_labelled}
    return Answer(value | {"with_answer": n_targets}, text)


def _run_datasets(arguments: Arguments, _job: Job) -> Answer:
    with app_of(arguments).database() as db:
        datasets = list_datasets(db)
        answered = [
            count_inputs(db, InputFilter(dataset_id=one.id, has_target="yes")) for one in datasets
        ]
    pairs = list(zip(datasets, answered, strict=True))
    rows = [(d.name, d.n_inputs, d.n_unlabelled, n, d.description) for d, n in pairs]
    keys = ("name", "inputs", "unlabelled", "with_answer", "description")
    value = [dict(zip(keys, row, strict=True)) for row in rows]
    if any(answered):
        heads = (_("Dataset"), _("Texts"), _("With an answer"), _("Description"))
        told = [(d.name, d.n_inputs, n, d.description) for d, n in pairs]
    else:
        heads = (_("Dataset"), _("Texts"), _("Without label"), _("Description"))
        told = [(d.name, d.n_inputs, d.n_unlabelled, d.description) for d in datasets]
    return Answer(value, tables.table(heads, told))


def _run_versions(arguments: Arguments, _job: Job) -> Answer:
    with app_of(arguments).database() as db:
        versions = list_versions(db, get_dataset(db, arguments.dataset).id)
    heads = (_("Version"), _("Frozen"), _("Texts"), _("Labelled"), _("Concepts"), _("Description"))
    rows = [
        (
            v.number,
            f"{v.created:%Y-%m-%d %H:%M}",
            *(v.n_inputs, v.n_labelled, v.n_concepts),
            v.description,
        )
        for v in versions
    ]
    keys = ("version", "created", "inputs", "labelled", "concepts", "description")
    value = [dict(zip(keys, row, strict=True)) for row in rows]
    return Answer(value, tables.table(heads, rows) if rows else _("No version yet"))


def _run_diff(arguments: Arguments, _job: Job) -> Answer:
    with app_of(arguments).database() as db:
        dataset = get_dataset(db, arguments.dataset)
        old, new = (find_version(db, dataset, n) for n in (arguments.old, arguments.new))
        diff = compare_versions(db, old.id, new.id)
    counts = {
        "added": len(diff.added),
        "removed": len(diff.removed),
        "edited": len(diff.edited),
        "moved": len(diff.moved),
    }
    words = _("{added} texts added, {removed} removed, {edited} edited, {moved} in another split")
    heads = (_("Concept"), _("Before"), _("Now"), _("Labels added"), _("Labels taken"))
    rows = [
        (name, before, now, diff.labelled.get(name, 0), diff.unlabelled.get(name, 0))
        for name, (before, now) in diff.concepts.items()
    ]
    keys = ("name", "before", "now", "labelled", "unlabelled")
    value = counts | {"concepts": [dict(zip(keys, row, strict=True)) for row in rows]}
    return Answer(value, f"{words.format(**counts)}\n\n{tables.table(heads, rows)}")
