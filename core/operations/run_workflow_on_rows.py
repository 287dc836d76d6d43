"""Run a workflow on the rows of a file, a folder or a dataset; stopped, it can go on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.files import Mapping, Problem, Row
from core.files.predicted.columns import Named, Value
from core.files.predicted.lines import Lines
from core.files.predicted.writer import PredictionsFile
from core.i18n import _, ngettext
from core.jobs import Job
from core.operations.growing_rows import Span, begun_from, write_rows
from core.operations.predict import check_is_other
from core.operations.predict_rows import Rows, rows_of
from core.operations.run_workflow import AT_ONCE, NodeCount, Tally, part_of
from core.operations.workflow_tools import AppTools
from core.operations.workflows import check_workflow, kept_nodes, nodes_of
from core.storage.database import Database
from core.storage.models import find_model_version
from core.workflows.graph import CheckedWorkflow, Node, Workflow
from core.workflows.node_settings import LabelSettings, ModelSettings
from core.workflows.run import run
from core.workflows.values import Carries, Output, Outputs

FORMAT = 1  # of what is kept; counted up whenever the same rows come to make another file
PROBABILITY = ":probability"  # behind the name of a node


class NothingToWriteError(UserError):
    """No end of a workflow gives anything that could stand in a file."""

    def __init__(self) -> None:
        super().__init__(
            _("The last steps of this workflow give nothing that could stand in a file."),
            next_step=_("Let it end with a step that gives concepts or a text."),
        )


@dataclass(frozen=True)
class RunOnFileRequest:
    """A workflow, the texts that it runs on, and where the results are written.

    Attributes:
        path, mapping: the file or folder, and how it is read; only its text column matters.
        out: the new file; its ending says the format: CSV, TSV, XLSX or JSON Lines.
        dataset: a dataset of the app to run on instead of a file.
        resume: go on with what was begun, which must be the same in all else.
    """

    workflow: Workflow
    path: Path
    out: Path
    mapping: Mapping
    dataset: str = ""
    resume: bool = False


@dataclass(frozen=True)
class RunOnFileResult:
    """The new file, and how many rows had a text.

    Attributes:
        not_labelled: the nodes that write labels elsewhere; here their concepts are columns.
    """

    out: Path
    n_texts: int
    n_skipped: int
    nodes: tuple[NodeCount, ...] = ()
    not_labelled: tuple[str, ...] = ()
    changes: Changes = Changes.NOTHING


def run_on_file(app: AppFolder, request: RunOnFileRequest, job: Job) -> RunOnFileResult:
    """Write all own columns, then what the last nodes of a workflow say; nothing is labelled.

    Concepts have two columns: `NODE` with their names, `NODE:probability` with their
    probabilities; several are joined by "|", and a list in JSON Lines. A text has one. Where a
    text was dropped they are empty.

    The new file appears when it is whole. Until then it grows aside; stopped, killed or without
    power it can go on with `resume`, and then becomes the same, byte for byte.

    Raises:
        GraphError: the workflow cannot run; the error names the node.
        NothingToWriteError: its last nodes give neither concepts nor texts.
        OutputIsInputError, OwnFileError: the new file cannot be there.
        ColumnMissingError, DatasetMissingError: there is no such thing.
        NothingToResumeError, StoppedByDiskError, JobCancelled: as of `write_rows`.
    """
    app.check_outside(request.out)
    if not request.dataset:
        check_is_other(request.out, request.path)
    with app.database() as db:
        checked = check_workflow(db, request.workflow)
        columns = _columns(checked)
        rows = rows_of(app, request.dataset, request.path, request.mapping)
        file = PredictionsFile(
            request.out, rows.columns, columns, rows.mapping, _about(db, checked, rows)
        )
        filling = _Running(checked, AppTools(app, db))
        write_rows(file, rows, filling, job, resume=request.resume)
    return RunOnFileResult(
        request.out,
        filling.n_texts,
        filling.n_skipped,
        filling.tally.counts(),
        labelling(request.workflow),
    )


def labelling(workflow: Workflow) -> tuple[str, ...]:
    """Return the nodes that write labels, where it runs on texts of the app."""
    return tuple(node.id for node in workflow.nodes if isinstance(node.settings, LabelSettings))


def not_labelled(nodes: Sequence[str]) -> str:
    """Say that nodes write no labels where it runs into a file; "" where there are none."""
    if not nodes:
        return ""
    words = ngettext(
        "Nothing is labelled: what the step {names} says is in columns of the new file.",
        "Nothing is labelled: what the steps {names} say is in columns of the new file.",
        len(nodes),
    )
    more = _("To label texts, bring them into the app and run the workflow on a dataset.")
    return f"{words.format(names=', '.join(f'“{name}”' for name in nodes))} {more}"


def unfinished_run(out: Path) -> RunOnFileRequest | None:
    """Return the request that goes on with a file, if a beginning of it was kept."""
    about = begun_from(out)
    if about.get("workflow") != FORMAT:
        return None
    try:
        rows = dict(about["rows"])
        return RunOnFileRequest(
            Workflow(str(about["name"]), nodes_of(about["nodes"])),
            Path(rows.get("path", "")),
            out,
            Mapping(**rows.get("mapping", {})),
            str(rows.get("dataset", "")),
            resume=True,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, UserError):
        return None  # it is not one of ours


def _about(db: Database, checked: CheckedWorkflow, rows: Rows) -> dict[str, Any]:
    """Return all that the new file depends on."""
    asked = {n.settings.model for n in checked.nodes if isinstance(n.settings, ModelSettings)}
    return {
        "workflow": FORMAT,
        "name": checked.name,
        "nodes": kept_nodes(checked),
        "models": {model: _version(db, model) for model in sorted(asked)},
        "rows": rows.about,
    }


def _version(db: Database, model: str) -> list[Any]:
    name, _colon, number = model.rpartition(":")
    version = find_model_version(db, name, int(number))
    return [version.folder, version.thresholds.concepts]


class _Running:
    """A workflow that says what stands behind rows (see `Filling`)."""

    most_rows = AT_ONCE

    def __init__(self, checked: CheckedWorkflow, tools: AppTools) -> None:
        self._checked, self._tools = checked, tools
        self._ends = list(_written_ends(checked))
        self.tally = Tally(checked)
        self.n_texts, self.n_skipped = 0, 0

    @property
    def n_rows(self) -> int:
        return self.n_texts + self.n_skipped

    def tails(
        self, batch: Sequence[Row | Problem], lines: Lines, job: Job, span: Span
    ) -> list[str]:
        texts = [row.text for row in batch if isinstance(row, Row)]
        part = part_of(job, *span)
        outputs = run(self._checked, texts, self._tools, part, self.tally.unjudged)
        self.tally.add(outputs)
        self.n_texts += len(texts)
        self.n_skipped += len(batch) - len(texts)
        made = iter([lines.tail(self._values(outputs, i)) for i in range(len(texts))])
        return [next(made) if isinstance(row, Row) else lines.nothing for row in batch]

    def _values(self, outputs: dict[str, Outputs], place: int) -> list[Value]:
        return [
            value
            for node, carries in self._ends
            for value in _values(outputs[node.id][place], carries)
        ]

    def counted(self) -> dict[str, Any]:
        return {"texts": self.n_texts, "skipped": self.n_skipped, "nodes": self.tally.as_json()}

    def take_up(self, counted: dict[str, Any]) -> None:
        self.n_texts, self.n_skipped = int(counted["texts"]), int(counted["skipped"])
        self.tally.take_up(counted["nodes"])


def _written_ends(checked: CheckedWorkflow) -> Iterator[tuple[Node, Carries]]:
    """Yield the nodes whose results stand in a file, with what these are."""
    for node in checked.ends:
        carries = checked.carries[node.id]
        if carries in (Carries.CONCEPTS, Carries.TEXT) and not node.is_silent:
            yield node, carries


def _columns(checked: CheckedWorkflow) -> Named:
    """Return the columns of the results.

    Raises:
        NothingToWriteError: there are none.
    """
    names: list[str] = []
    for node, carries in _written_ends(checked):
        names += [node.id, f"{node.id}{PROBABILITY}"] if carries == Carries.CONCEPTS else [node.id]
    if not names:
        raise NothingToWriteError
    numeric = frozenset(i for i, name in enumerate(names) if name.endswith(PROBABILITY))
    return Named(tuple(names), numeric)


def _values(output: Output | None, carries: Carries) -> list[Value]:
    if carries == Carries.TEXT:
        return [output.text if output else None]
    found = output.concepts if output else ()
    return [tuple(p.concept for p in found), tuple(p.probability for p in found)]
