"""Running a checked workflow on texts, node by node."""

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import cast

import numpy as np

from core.i18n import _
from core.jobs import Job, Stretch
from core.records import Prediction
from core.workflows.expressions import ExpressionSlowError
from core.workflows.graph import IN, CheckedWorkflow, Node
from core.workflows.node_settings import (
    EmbedderSettings,
    ExpressionSettings,
    KeywordSettings,
    LabelSettings,
    LanguageSettings,
    ModelSettings,
    SampleSettings,
    SplitterSettings,
)
from core.workflows.operators import (
    change_parts,
    classify_part,
    is_sampled,
    merged,
    narrow,
    rolled_up,
)
from core.workflows.unjudged import Unjudged
from core.workflows.values import Carries, Output, Outputs, Said, Tools

STEPS = 1_000  # of progress
REPORTED = 64  # texts


def run(
    workflow: CheckedWorkflow,
    texts: Sequence[str],
    tools: Tools,
    job: Job,
    unjudged: Unjudged | None = None,
) -> dict[str, Outputs]:
    """Return what every node makes of each text, by the node's id, in the order of the nodes.

    Args:
        workflow: that can run.
        texts: (n_texts,).
        tools: what asks models.
        job: told at least after every few texts, over all nodes.
        unjudged: counts texts on which an expression takes too long; they go no further there.

    Raises:
        UserError: a model cannot be asked, or an expression takes too long on many texts.
    """
    unjudged = Unjudged() if unjudged is None else unjudged
    done: dict[str, Outputs] = {IN: [Output(Carries.TEXT, (text,)) for text in texts]}
    for i, node in enumerate(workflow.nodes):
        start, end = (STEPS * n // len(workflow.nodes) for n in (i, i + 1))
        stage = _("Running “{node}”").format(node=node.id)
        part = Stretch(job, stage, start=start, end=end, total=STEPS)
        part.report(stage, 0, 1)
        before = _gathered([done[name] for name in node.inputs])
        running = _Running(node, workflow.carries[node.id], tools, part, stage, unjudged)
        done[node.id] = running.run(before)
    del done[IN]
    return done


def _gathered(inputs: Sequence[Outputs]) -> Outputs:
    """Return as one what several nodes gave; a text that all of them dropped stays dropped."""
    gathered: Outputs = []
    for of_text in zip(*inputs, strict=True):
        left = [output for output in of_text if output is not None]
        gathered.append(merged(left) if left else None)
    return gathered


class _Running:
    """One node at work."""

    def __init__(
        self,
        node: Node,
        carries: Carries,
        tools: Tools,
        job: Job,
        stage: str,
        unjudged: Unjudged,
    ) -> None:
        self._id, self._settings, self._carries = node.id, node.settings, carries
        self._tools, self._job, self._stage = tools, job, stage
        self._unjudged = unjudged

    def run(self, before: Outputs) -> Outputs:
        """Return what the node makes of what comes before it."""
        places = [i for i, output in enumerate(before) if output is not None]
        given = cast("list[Output]", [before[i] for i in places])
        self._unjudged.given[self._id] += len(given)
        after: Outputs = [None] * len(before)
        for i, output in zip(places, self._all(given), strict=True):
            after[i] = output
        return after

    def _all(self, given: list[Output]) -> Outputs:
        match self._settings:
            case EmbedderSettings(embedder=name):
                return self._embed(given, name)
            case ModelSettings() as settings:
                is_writer = self._carries == Carries.TEXT
                ask = self._write if is_writer else self._classify
                return ask(given, settings)
            case LabelSettings():
                return list(given)
        return self._each(given, self._one)

    def _one(self, output: Output) -> Output | None:
        match self._settings:
            case SampleSettings() as settings:
                return output if is_sampled(output.text, settings) else None
            case ExpressionSettings() | KeywordSettings() | LanguageSettings():
                return self._find(output)
        return self._change(output) if self._carries == Carries.TEXT else self._narrow(output)

    def _each(self, given: list[Output], make: Callable[[Output], Output | None]) -> Outputs:
        after = []
        for i, output in enumerate(given):
            if i % REPORTED == 0:
                self._job.report(self._stage, i, len(given))
            after.append(make(output))
        return after

    def _change(self, output: Output) -> Output | None:
        parts = change_parts(output.parts, self._settings)
        how = self._settings.roll_up if isinstance(self._settings, SplitterSettings) else ""
        return Output(Carries.TEXT, parts, roll_up=how or output.roll_up) if parts else None

    def _narrow(self, output: Output) -> Output | None:
        left = narrow(output.concepts, self._settings)
        return Output(Carries.CONCEPTS, output.parts, left) if left else None

    def _find(self, output: Output) -> Output | None:
        each = []
        try:
            for part in output.parts:
                self._job.report(self._stage)
                each.append(classify_part(part, self._settings))
        except ExpressionSlowError as error:
            self._unjudged.add(self._id, error)
            return None
        found = rolled_up(each, output.roll_up)
        return Output(Carries.CONCEPTS, output.parts, found) if found else None

    def _embed(self, given: list[Output], name: str) -> Outputs:
        parts, ends = _flat(given)
        vectors = self._tools.embed(name, parts, self._job)
        after: Outputs = []
        for output, start, end in zip(given, ends, ends[1:], strict=False):
            mean = vectors[start:end].mean(axis=0)
            mean = mean / max(float(np.linalg.norm(mean)), 1e-9)
            after.append(Output(Carries.EMBEDDING, output.parts, (), mean, output.roll_up))
        return after

    def _classify(self, given: list[Output], settings: ModelSettings) -> Outputs:
        parts, ends = _flat(given)
        said = self._tools.classify(settings.model, parts, self._job)
        after: Outputs = []
        for output, start, end in zip(given, ends, ends[1:], strict=False):
            each = [_handed_on(one, settings) for one in said[start:end]]
            found = [
                p for p in rolled_up(each, output.roll_up) if p.probability >= settings.min_value
            ]
            concepts = tuple(found[: settings.max_concepts or None])
            after.append(Output(Carries.CONCEPTS, output.parts, concepts) if concepts else None)
        return after

    def _write(self, given: list[Output], settings: ModelSettings) -> Outputs:
        parts, ends = _flat(given)
        written = self._tools.write(settings.model, parts, self._job)
        return [
            Output(Carries.TEXT, tuple(written[start:end]), roll_up=output.roll_up)
            for output, start, end in zip(given, ends, ends[1:], strict=False)
        ]


def _flat(given: Sequence[Output]) -> tuple[list[str], list[int]]:
    """Return the parts of all texts, and where those of each text begin, with the end behind."""
    parts = [part for output in given for part in output.parts]
    return parts, [0, *accumulate(len(output.parts) for output in given)]


def _handed_on(said: Said, settings: ModelSettings) -> tuple[Prediction, ...]:
    if settings.keep == "all":
        return said.concepts
    return tuple(p for p in said.concepts if p.concept in said.chosen)
