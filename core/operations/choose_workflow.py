"""The default workflow of an app: chosen, looked at, and run on every text that comes in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import N_, _
from core.jobs import Job
from core.operations.index_texts import (
    INDEX,
    NO_INDEX,
    IndexRequest,
    index_embedder,
    look_at_index,
    read_missing,
)
from core.operations.model_embedder import check_embedder
from core.operations.run_workflow import NodeCount, RunOnTextsRequest, run_on_texts
from core.operations.workflows import check_workflow, load_workflow, workflow_of
from core.storage.choices import get_choice, set_choice
from core.storage.database import Database, transaction
from core.storage.filters import list_input_ids
from core.storage.inputs import find_last_input
from core.storage.steps import recorded
from core.storage.workflows import StoredWorkflow, find_workflow, list_workflows
from core.workflows.graph import readers

DEFAULT, READ_UP_TO = "default_workflow", "default_workflow_read_up_to"  # keys of choices
EMPTY = "empty"
BASES = (  # names of workflows that every app has, with what reads texts in them
    ("fast", N_("Fast")),
    ("accurate", N_("Accurate")),
    (EMPTY, N_("Nothing: texts are not read")),
)


@dataclass(frozen=True)
class DefaultWorkflow:
    """What reads every text that comes in.

    Attributes:
        name: of the workflow; where it is a base one, the name of what reads texts, or `EMPTY`.
        workflow_id: 0 for a base workflow.
        embedder: that reads texts for search, whichever workflow it is of; "" for none.
        is_chosen: whether somebody chose it.
    """

    name: str
    workflow_id: int = 0
    embedder: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class ChooseWorkflowRequest:
    """The workflow that shall read every text from now on: a base one, or one of the app.

    Attributes:
        name: of a workflow, else of one of `BASES`, or of an embedder.
        is_reader: whether it is that of an embedder, which then reads and does nothing else, or
            `EMPTY`; not that of a workflow, whatever those are called.
    """

    name: str
    is_reader: bool = False


@dataclass(frozen=True)
class ChooseWorkflowResult:
    """What was chosen."""

    default: DefaultWorkflow
    changes: Changes = Changes.WORKFLOWS


@dataclass(frozen=True)
class ReadNewRequest:
    """Which texts the default workflow reads: those that are new to it, or all again."""

    everything: bool = False


@dataclass(frozen=True)
class ReadNewResult:
    """How many texts were read for the index, run through the nodes, and could not be read."""

    n_indexed: int
    n_processed: int
    n_errors: int
    n_labelled: int = 0
    nodes: tuple[NodeCount, ...] = ()
    changes: Changes = Changes.WORKFLOWS


@dataclass(frozen=True)
class DefaultState:
    """How far the default workflow is.

    Attributes:
        n_to_index: texts that the index lacks.
        n_to_process: inputs that came in since the workflow ran last.
    """

    default: DefaultWorkflow
    n_to_index: int
    n_to_process: int
    changes: Changes = Changes.NOTHING


def default_of(db: Database) -> DefaultWorkflow:
    """Return the default workflow of an app; where nobody chose, the base one that suits it."""
    chosen = get_choice(db, DEFAULT) or {}
    index = index_embedder(db)
    embedder = "" if index == NO_INDEX else index
    stored = _stored(db, chosen.get("workflow_id", 0))
    if stored:
        return DefaultWorkflow(stored.name, stored.workflow_id, embedder, is_chosen=True)
    return DefaultWorkflow(embedder or EMPTY, 0, embedder, bool(chosen))


def _reader_of(db: Database, chosen: Mapping[str, Any]) -> str:
    """Return the name of what reads texts in a workflow that is chosen; `NO_INDEX` for nothing."""
    stored = _stored(db, chosen.get("workflow_id", 0))
    if stored is None:
        base = str(chosen.get("base", EMPTY))
        return NO_INDEX if base == EMPTY else base
    try:
        names = readers(workflow_of(stored).nodes)
    except UserError:  # running it says why; the window still opens
        names = []
    return names[0] if names else NO_INDEX


def _stored(db: Database, workflow_id: int) -> StoredWorkflow | None:
    found = (one for one in list_workflows(db) if one.workflow_id == workflow_id)
    return next(found, None)


def choose_workflow(
    app: AppFolder, request: ChooseWorkflowRequest, _job: Job
) -> ChooseWorkflowResult:
    """Let a workflow read every text that comes in; a step of undo.

    The index goes by its base model from now on. What another one read is kept, so that nothing
    is read again where one goes back to it. Texts that are there already do not run through the
    nodes of a workflow, unless `read_new_texts` is asked for everything.

    Raises:
        WorkflowMissingError: there is no such workflow.
        GraphError: it cannot run any more.
        BaseModelMissingError, ModelMissingError, NotAnEncoderError: there is no such embedder.
    """
    with app.database() as db:
        value = _value_of(db, request)
        with recorded(db, _("choose the default workflow {name}").format(name=request.name)):
            _choose(db, value)
        return ChooseWorkflowResult(default_of(db))


def _value_of(db: Database, request: ChooseWorkflowRequest) -> dict[str, object]:
    """Return what is kept of a choice."""
    if request.is_reader:
        if request.name != EMPTY:
            check_embedder(db, request.name)
        return {"base": request.name}
    own = {stored.name for stored in list_workflows(db)}
    if request.name in dict(BASES) and request.name not in own:
        return {"base": request.name}
    stored = find_workflow(db, request.name)
    check_workflow(db, workflow_of(stored))
    return {"workflow_id": stored.workflow_id}


def begin_with(db: Database, base: str) -> None:
    """Let a new app begin with a base workflow, by its name in `BASES`."""
    with transaction(db):
        _choose(db, {"base": base})


def _choose(db: Database, value: dict[str, object]) -> None:
    set_choice(db, DEFAULT, value)
    set_choice(db, INDEX, _reader_of(db, value))
    set_choice(db, READ_UP_TO, find_last_input(db))


def follow_default(db: Database, workflow_id: int) -> None:
    """Let what reads texts be that of the default workflow, if it is this one that changed."""
    chosen = get_choice(db, DEFAULT) or {}
    if chosen.get("workflow_id") == workflow_id:
        set_choice(db, INDEX, _reader_of(db, chosen))


def _new_inputs(db: Database, *, everything: bool = False) -> tuple[int, ...]:
    """Return the inputs that came in since the default workflow ran last."""
    read_up_to = 0 if everything else int(get_choice(db, READ_UP_TO) or 0)
    return tuple(i for i in list_input_ids(db) if i > read_up_to)


def look_at_default(app: AppFolder, _request: ReadNewRequest, job: Job) -> DefaultState:
    """Tell how much the default workflow has still to read, without reading any."""
    with app.database() as db:
        default = default_of(db)
        n_new = len(_new_inputs(db)) if default.workflow_id else 0
    n_unread = look_at_index(app, IndexRequest(), job).n_unread if default.embedder else 0
    return DefaultState(default, n_unread, n_new)


def read_new_texts(app: AppFolder, request: ReadNewRequest, job: Job) -> ReadNewResult:
    """Run the default workflow on texts: for the index, and through its nodes.

    Stopped, what the index read stays read.

    Raises:
        GraphError: the workflow cannot run any more; the error names the node.
        UserError: a model cannot be asked.
    """
    with app.database() as db:
        default, last = default_of(db), find_last_input(db)
        n_indexed = read_missing(app, db, job) if default.embedder else 0
        ids = _new_inputs(db, everything=request.everything) if default.workflow_id else ()
        workflow = load_workflow(db, default.name) if ids else None
    n_labelled, nodes = 0, ()  # type: int, tuple[NodeCount, ...]
    if workflow:
        ran = run_on_texts(app, RunOnTextsRequest(workflow, inputs=ids), job)
        n_labelled, nodes = ran.n_labelled, ran.nodes
    with app.database() as db, transaction(db):
        set_choice(db, READ_UP_TO, last)
    left = look_at_default(app, request, job)
    changes = Changes.WORKFLOWS
    if n_labelled:
        changes |= Changes.CONCEPTS | Changes.ANNOTATIONS
    return ReadNewResult(n_indexed, len(ids), left.n_to_index, n_labelled, nodes, changes)


def has_new_texts(db: Database) -> bool:
    """Tell whether texts came in that a default workflow, chosen by somebody, has not read."""
    default = default_of(db)
    is_reading = default.is_chosen and default.name != EMPTY
    return is_reading and find_last_input(db) > int(get_choice(db, READ_UP_TO) or 0)


def read_if_new(app: AppFolder, job: Job) -> None:
    """Let the default workflow read what came in, if somebody chose one.

    Raises:
        UserError: as `read_new_texts` does.
    """
    with app.database() as db:
        is_new = has_new_texts(db)
    if is_new:
        read_new_texts(app, ReadNewRequest(), job)
