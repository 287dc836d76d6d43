"""Run a workflow on one text, or on the texts of an app."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.app_folder import MAIN_DATASET, AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _, ngettext
from core.jobs import Job, Stretch
from core.operations.add_texts import checked_text
from core.operations.workflow_labels import write_labels
from core.operations.workflow_tools import AppTools
from core.operations.workflows import check_workflow
from core.records import Prediction
from core.storage.database import Database, chunks
from core.storage.datasets import get_dataset
from core.storage.filters import InputFilter, Selection, selected_ids
from core.storage.inputs import get_inputs
from core.workflows.graph import CheckedWorkflow, Workflow
from core.workflows.node_settings import LabelSettings
from core.workflows.run import run
from core.workflows.unjudged import Unjudged
from core.workflows.values import Carries, Output, Outputs

AT_ONCE = 1_024  # texts
SHOWN_CONCEPTS = 20


class NoTextsError(UserError):
    """There is nothing to run on."""

    def __init__(self) -> None:
        super().__init__(
            _("There are no texts to run the workflow on."),
            next_step=_("Add texts, or choose another dataset."),
        )


@dataclass(frozen=True)
class TryWorkflowRequest:
    """A workflow, saved or not, and one text."""

    workflow: Workflow
    text: str


@dataclass(frozen=True)
class NodeOutput:
    """What a node made of the text.

    Attributes:
        carries: what it gives.
        is_dropped: the text did not come this far, or no further.
        is_unjudged: because an expression takes too long on it.
        parts: of the text, where it carries text.
        concepts: the most probable first; at most `SHOWN_CONCEPTS`.
        dim: of the embedding, 0 for none.
    """

    id: str
    carries: Carries
    is_dropped: bool
    parts: tuple[str, ...] = ()
    concepts: tuple[Prediction, ...] = ()
    dim: int = 0
    is_unjudged: bool = False


@dataclass(frozen=True)
class TryWorkflowResult:
    """What every node made of the text that is not silent, in the order in which they ran."""

    nodes: tuple[NodeOutput, ...]
    elapsed_ms: float
    changes: Changes = Changes.NOTHING


@dataclass(frozen=True)
class RunOnTextsRequest:
    """A workflow, and the texts of the app that it runs on: of a dataset unless they are given."""

    workflow: Workflow
    dataset: str = MAIN_DATASET
    inputs: Selection | None = None


@dataclass(frozen=True)
class NodeCount:
    """How many texts came through a node, and how often it gave each concept, the most first.

    Attributes:
        n_unjudged: texts on which its expressions take too long; they went no further there.
    """

    id: str
    n_texts: int
    concepts: tuple[tuple[str, int], ...] = ()
    n_unjudged: int = 0


def unjudged_words(nodes: Sequence[NodeCount]) -> str:
    """Say which nodes could not judge texts, and how many; "" where all could."""
    told = []
    for node in nodes:
        n = node.n_unjudged
        words = ngettext(
            "“{name}” could not judge {n} text: its pattern takes too long on it.",
            "“{name}” could not judge {n} texts: its pattern takes too long on them.",
            n,
        )
        if n:
            told.append(words.format(name=node.id, n=f"{n:,}"))
    return " ".join(told)


@dataclass(frozen=True)
class RunOnTextsResult:
    """What came of it.

    Attributes:
        nodes: in the order in which they ran.
        n_labelled: the texts that got labels.
    """

    n_texts: int
    nodes: tuple[NodeCount, ...]
    n_labelled: int = 0
    changes: Changes = Changes.NOTHING


def try_workflow(app: AppFolder, request: TryWorkflowRequest, job: Job) -> TryWorkflowResult:
    """Run a workflow on one text; nothing is stored, and nothing is labelled.

    Raises:
        GraphError: the workflow cannot run; the error names the node.
        NoTextError, TextTooLongError: the text is empty, or longer than a book.
    """
    text = checked_text(request.text)
    began = time.perf_counter()
    with app.database() as db:
        checked = check_workflow(db, request.workflow)
        unjudged = Unjudged()
        outputs = run(checked, [text], AppTools(app, db), part_of(job, 0, 1, 1), unjudged)
    made = [
        _node_output(node.id, checked.carries[node.id], outputs[node.id][0])
        for node in checked.nodes
        if not node.is_silent
    ]
    nodes = tuple(replace(one, is_unjudged=bool(unjudged.counts[one.id])) for one in made)
    return TryWorkflowResult(nodes, (time.perf_counter() - began) * 1000)


def _node_output(id: str, carries: Carries, output: Output | None) -> NodeOutput:  # noqa: A002
    if output is None:
        return NodeOutput(id, carries, is_dropped=True)
    return NodeOutput(
        id,
        carries,
        is_dropped=False,
        parts=output.parts if carries == Carries.TEXT else (),
        concepts=output.concepts[:SHOWN_CONCEPTS],
        dim=0 if output.embedding is None else len(output.embedding),
    )


def run_on_texts(app: AppFolder, request: RunOnTextsRequest, job: Job) -> RunOnTextsResult:
    """Run a workflow on texts of the app; labels are written at the end, as one step of undo.

    Stopped, nothing is labelled.

    Raises:
        GraphError: the workflow cannot run; the error names the node.
        DatasetMissingError, NoTextsError: there are no such texts.
    """
    with app.database() as db:
        checked = check_workflow(db, request.workflow)
        chosen = request.inputs
        if chosen is None:
            chosen = InputFilter(dataset_id=get_dataset(db, request.dataset).id)
        ids = selected_ids(db, chosen)
        if not ids:
            raise NoTextsError
        tally = Tally(checked)
        tools = AppTools(app, db, keeps_embeddings=True)
        _run_on_ids(db, ids, tally, tools, job)
        n_labelled = 0
        if tally.labels:
            name = _("label texts by the workflow {name}").format(name=checked.name)
            n_labelled = write_labels(db, tally.labels, name, job)
    changes = Changes.CONCEPTS | Changes.ANNOTATIONS if n_labelled else Changes.NOTHING
    return RunOnTextsResult(len(ids), tally.counts(), n_labelled, changes)


def _run_on_ids(
    db: Database, ids: Sequence[int], tally: "Tally", tools: AppTools, job: Job
) -> None:
    for done, some in enumerate(chunks(ids, AT_ONCE)):
        inputs = get_inputs(db, some)
        part = part_of(job, done * AT_ONCE, done * AT_ONCE + len(some), len(ids))
        texts = [item.text for item in inputs]
        outputs = run(tally.workflow, texts, tools, part, tally.unjudged)
        tally.add(outputs)
        open_ = frozenset(item.id for item in inputs if item.is_open)
        tally.add_labels(outputs, [item.id for item in inputs], open_)


def part_of(job: Job, start: int, end: int, total: int) -> Stretch:
    """Return the job of some of the texts."""
    return Stretch(job, _("Running the workflow"), start=start, end=end, total=total)


@dataclass
class Tally:
    """What came of a workflow so far.

    Attributes:
        labels: by concept the inputs that get it.
        unjudged: what nodes could not judge.
    """

    workflow: CheckedWorkflow
    labels: dict[str, list[int]] = field(default_factory=dict)
    unjudged: Unjudged = field(default_factory=Unjudged)
    _n_texts: Counter[str] = field(default_factory=Counter)
    _concepts: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, outputs: dict[str, Outputs]) -> None:
        """Count what came through each node."""
        for id, of_texts in outputs.items():  # noqa: A001  # the field's word
            counts = self._concepts.setdefault(id, Counter())
            for output in of_texts:
                if output is not None:
                    self._n_texts[id] += 1
                    counts.update(p.concept for p in output.concepts)

    def add_labels(
        self, outputs: dict[str, Outputs], ids: Sequence[int], open_: frozenset[int]
    ) -> None:
        """Take down what the nodes that write labels were given."""
        for node in self.workflow.nodes:
            if not isinstance(node.settings, LabelSettings):
                continue
            for input_id, output in zip(ids, outputs[node.id], strict=True):
                is_left = node.settings.skip_labelled and input_id not in open_
                if output is not None and not is_left:
                    for p in output.concepts:
                        self.labels.setdefault(p.concept, []).append(input_id)

    def as_json(self) -> dict[str, Any]:
        """Return the counts as JSON can hold them; `take_up` goes on from them."""
        return {
            "texts": dict(self._n_texts),
            "concepts": self._concepts,
            "unjudged": self.unjudged.as_json(),
        }

    def take_up(self, counted: dict[str, Any]) -> None:
        """Go on counting.

        Raises:
            KeyError, TypeError, ValueError: `counted` is not what `as_json` returned.
        """
        self.unjudged = Unjudged.of(counted["unjudged"])
        self._n_texts = Counter(counted["texts"])
        self._concepts = {name: Counter(of) for name, of in dict(counted["concepts"]).items()}

    def counts(self) -> tuple[NodeCount, ...]:
        """Return how many texts came through each node, and with which concepts.

        Of silent nodes no concept is told.
        """
        nothing = Counter[str]()
        return tuple(
            NodeCount(
                node.id,
                self._n_texts[node.id],
                tuple(
                    (
                        nothing if node.is_silent else self._concepts.get(node.id, nothing)
                    ).most_common(SHOWN_CONCEPTS)
                ),
                self.unjudged.counts[node.id],
            )
            for node in self.workflow.nodes
        )
