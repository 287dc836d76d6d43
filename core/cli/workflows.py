"""The command about workflows: chains of nodes that texts run through."""

from pathlib import Path
from typing import Any

from core import tables
from core.app_folder import AppFolder
from core.cli.inputs import mapping_of
from core.cli.predicting import kept_words
from core.cli.terminal import Add, Answer, Arguments, UsageError, app_of, with_app
from core.files import Mapping
from core.i18n import _, ngettext
from core.jobs import Job, JobCancelled
from core.operations.choose_workflow import (
    BASES,
    ChooseWorkflowRequest,
    ReadNewRequest,
    choose_workflow,
    default_of,
    read_new_texts,
)
from core.operations.growing_rows import count_kept
from core.operations.run_workflow import (
    NodeCount,
    NodeOutput,
    RunOnTextsRequest,
    TryWorkflowRequest,
    run_on_texts,
    try_workflow,
    unjudged_words,
)
from core.operations.run_workflow_on_rows import (
    RunOnFileRequest,
    RunOnFileResult,
    not_labelled,
    run_on_file,
)
from core.operations.workflow_files import (
    ExportWorkflowRequest,
    ImportWorkflowRequest,
    export_workflow,
    import_workflow,
)
from core.operations.workflows import kept_nodes, load_workflow
from core.storage.filters import InputFilter
from core.storage.workflows import list_workflows
from core.wording import number
from core.workflows.graph import Workflow

OUT = "new file of what it says, in place of labels; one of that name is replaced"
HEADS = (_("Step"), _("Kind"), _("Takes from"), _("Settings"))
VERBS = ("list", "show", "run", "export", "import", "default")


def add_commands(add: Add) -> None:
    """Add it."""
    command = with_app(add("workflow", _run_workflow, "list, run, export or choose workflows"))
    command.add_argument("verb", choices=VERBS, metavar="VERB", help=", ".join(VERBS))
    command.add_argument("name", nargs="?", default="", metavar="NAME", help="or a file to import")
    command.add_argument("what", nargs="?", default="", metavar="TEXT", help="or a file to write")
    command.add_argument("--number", type=int, default=0, metavar="N", help="else the newest")
    command.add_argument("--file", type=Path, metavar="FILE", help="or a folder, to run on")
    command.add_argument("--dataset", metavar="NAME", default="", help="whose texts it runs on")
    command.add_argument("--all", action="store_true", help="run on all texts of the app")
    command.add_argument("--out", type=Path, metavar="FILE", help=OUT)
    command.add_argument("--text", metavar="COL", help="column of the text")
    command.add_argument("--resume", action="store_true", help="go on with what was stopped")
    command.add_argument("--again", action="store_true", help="read all texts by the new default")


def _run_workflow(arguments: Arguments, job: Job) -> Answer:
    app = app_of(arguments)
    if not arguments.name and arguments.verb not in ("list", "default"):
        raise UsageError(
            _("Nothing is named."), next_step=_("See `textwright-cli workflow --help`.")
        )
    runs = {
        "list": _list,
        "show": _show,
        "run": _run,
        "export": _export,
        "import": _import,
        "default": _default,
    }
    return runs[arguments.verb](app, arguments, job)


def _list(app: AppFolder, _arguments: Arguments, _job: Job) -> Answer:
    with app.database() as db:
        stored, default = list_workflows(db), default_of(db)
    rows = [
        (
            one.name,
            one.number,
            len(one.nodes or ()),
            _("default") * (one.workflow_id == default.workflow_id),
        )
        for one in stored
    ]
    value: list[dict[str, Any]] = [
        {"workflow": name, "version": number, "nodes": n, "is_default": bool(is_default)}
        for name, number, n, is_default in rows
    ]
    if not rows:
        return Answer(value, _("No workflows yet"))
    return Answer(value, tables.table((_("Workflow"), _("Version"), _("Steps"), ""), rows))


def _show(app: AppFolder, arguments: Arguments, _job: Job) -> Answer:
    with app.database() as db:
        return _shown(load_workflow(db, arguments.name, arguments.number))


def _shown(workflow: Workflow) -> Answer:
    nodes = kept_nodes(workflow)
    rows = [
        (
            node["id"],
            node["kind"],
            ", ".join(node["inputs"]),
            ", ".join(f"{key}={value}" for key, value in node["settings"].items()),
        )
        for node in nodes
    ]
    return Answer({"workflow": workflow.name, "nodes": nodes}, tables.table(HEADS, rows))


def _run(app: AppFolder, arguments: Arguments, job: Job) -> Answer:
    with app.database() as db:
        workflow = load_workflow(db, arguments.name, arguments.number)
    places = (arguments.what, arguments.file, arguments.dataset, arguments.all)
    if sum(map(bool, places)) != 1:
        raise _unclear(workflow.name, is_nothing=not any(places))
    if arguments.what:
        return _run_on_text(app, arguments, workflow, job)
    if arguments.file or arguments.out:
        return _run_on_file(app, arguments, workflow, job)
    return _run_on_texts(app, arguments, workflow, job)


def _unclear(name: str, *, is_nothing: bool) -> UsageError:
    nothing = _("Nothing is said of what “{name}” shall run on.")
    several = _("“{name}” can run on one thing at a time.")
    return UsageError(
        (nothing if is_nothing else several).format(name=name),
        next_step=_("Give a text, --file FILE, --dataset NAME, or --all for all texts of the app."),
    )


def _run_on_texts(app: AppFolder, arguments: Arguments, workflow: Workflow, job: Job) -> Answer:
    chosen = RunOnTextsRequest(workflow, arguments.dataset)
    if arguments.all:
        chosen = RunOnTextsRequest(workflow, inputs=InputFilter())
    with app.locked():
        result = run_on_texts(app, chosen, job)
    text = ngettext("{n} text was read", "{n} texts were read", result.n_texts)
    labelled = ngettext("{n} text got labels", "{n} texts got labels", result.n_labelled)
    told = (text.format(n=number(result.n_texts)), labelled.format(n=number(result.n_labelled)))
    value = {"texts": result.n_texts, "labelled": result.n_labelled, "nodes": _counts(result.nodes)}
    return Answer(value, _paragraphs(", ".join(told), *_of_nodes(result.nodes)))


def _run_on_text(app: AppFolder, arguments: Arguments, workflow: Workflow, job: Job) -> Answer:
    result = try_workflow(app, TryWorkflowRequest(workflow, arguments.what), job)
    value = [_output(node) for node in result.nodes]
    rows = [(node.id, _words(node)) for node in result.nodes]
    return Answer(value, tables.table((_("Step"), _("What it gives")), rows))


def _run_on_file(app: AppFolder, arguments: Arguments, workflow: Workflow, job: Job) -> Answer:
    if not arguments.out:
        raise UsageError(_("The new file has no name."), next_step=_("Name it with --out FILE."))
    if arguments.all:
        raise UsageError(
            _("A new file is made of a file or of a dataset."),
            next_step=_("Give --file FILE or --dataset NAME in place of --all."),
        )
    request = RunOnFileRequest(
        workflow,
        arguments.file or Path(),
        arguments.out,
        Mapping() if arguments.dataset else mapping_of(arguments),
        arguments.dataset,
        arguments.resume,
    )
    try:
        result = run_on_file(app, request, job)
    except KeyboardInterrupt as stop:
        raise JobCancelled(kept_words(count_kept(arguments.out))) from stop
    return _of_file(result)


def _of_file(result: RunOnFileResult) -> Answer:
    text = _("{n} texts were read into {path}; {skipped} rows could not be read").format(
        n=number(result.n_texts), path=result.out, skipped=number(result.n_skipped)
    )
    value = {
        "out": str(result.out),
        "texts": result.n_texts,
        "skipped": result.n_skipped,
        "not_labelled_by": list(result.not_labelled),
        "nodes": _counts(result.nodes),
    }
    left = not_labelled(result.not_labelled)
    return Answer(value, _paragraphs(text, left, *_of_nodes(result.nodes)))


def _of_nodes(nodes: tuple[NodeCount, ...]) -> tuple[str, str]:
    return unjudged_words(nodes), _count_table(nodes)


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _output(node: NodeOutput) -> dict[str, Any]:
    return {
        "node": node.id,
        "carries": node.carries,
        "is_dropped": node.is_dropped,
        "is_unjudged": node.is_unjudged,
        "texts": list(node.parts),
        "concepts": [{"concept": p.concept, "probability": p.probability} for p in node.concepts],
        "dim": node.dim,
    }


def _words(node: NodeOutput) -> str:
    if node.is_unjudged:
        return _("nothing: a pattern takes too long on this text")
    if node.is_dropped:
        return _("nothing: the text goes no further")
    if node.concepts:
        return ", ".join(f"{p.concept} {p.probability:.3f}" for p in node.concepts)
    if node.dim:
        return _("{n} numbers").format(n=node.dim)
    return " | ".join(node.parts)


def _counts(nodes: tuple[NodeCount, ...]) -> list[dict[str, Any]]:
    return [
        {
            "node": node.id,
            "texts": node.n_texts,
            "unjudged": node.n_unjudged,
            "concepts": dict(node.concepts),
        }
        for node in nodes
    ]


def _count_table(nodes: tuple[NodeCount, ...]) -> str:
    rows = [
        (
            node.id,
            number(node.n_texts),
            ", ".join(f"{concept} {number(n)}" for concept, n in node.concepts),
        )
        for node in nodes
    ]
    return tables.table((_("Step"), _("Texts"), _("Concepts")), rows)


def _export(app: AppFolder, arguments: Arguments, job: Job) -> Answer:
    path = Path(arguments.what or f"{arguments.name}.yaml")
    export_workflow(app, ExportWorkflowRequest(arguments.name, path, arguments.number), job)
    return Answer({"path": str(path)}, _("Written to {path}").format(path=path))


def _import(app: AppFolder, arguments: Arguments, job: Job) -> Answer:
    with app.locked():
        result = import_workflow(app, ImportWorkflowRequest(Path(arguments.name)), job)
    shown = _shown(result.workflow)
    words = _("“{name}”, version {number}").format(name=result.workflow.name, number=result.number)
    return Answer(shown.value | {"version": result.number}, f"{words}\n\n{shown.text}")


def _default(app: AppFolder, arguments: Arguments, job: Job) -> Answer:
    if not arguments.name:
        with app.database() as db:
            default = default_of(db)
        bases = ", ".join(name for name, _title in BASES)
        words = _("{name} (base workflows: {bases})").format(name=default.name, bases=bases)
        return Answer({"default": default.name, "index": default.embedder}, words)
    with app.locked():
        chosen = choose_workflow(app, ChooseWorkflowRequest(arguments.name), job).default
        value: dict[str, Any] = {"default": chosen.name, "index": chosen.embedder}
        words = _("“{name}” reads every text from now on").format(name=chosen.name)
        if arguments.again:
            result = read_new_texts(app, ReadNewRequest(everything=True), job)
            value |= {
                "indexed": result.n_indexed,
                "processed": result.n_processed,
                "errors": result.n_errors,
                "labelled": result.n_labelled,
            }
            counts = _("{n} texts read for search, {p} through the workflow, {e} errors").format(
                n=number(result.n_indexed),
                p=number(result.n_processed),
                e=number(result.n_errors),
            )
            words = "\n".join(filter(None, (words, counts, unjudged_words(result.nodes))))
    return Answer(value, words)
