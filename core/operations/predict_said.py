"""What a model says of the rows of a file, ready to be written behind them."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from core.app_folder import AppFolder
from core.files.predicted.columns import Added, Said
from core.files.predicted.lines import Lines
from core.i18n import N_, _
from core.jobs import Job, PartOfJob
from core.operations.answers import Answers, answerer
from core.operations.fitting import load_writer
from core.operations.predict_rows import BATCH_ROWS
from core.records import ModelVersion

STAGE = N_("Predicting texts")
WITHIN = (N_("Reading texts"), N_("Reading"), N_("Predicting"), N_("Writing answers"))
WRITTEN_AT_ONCE = 256  # rows of a model that writes


class Tail(NamedTuple):
    """What stands behind a row, and what is counted of it."""

    tail: str
    chosen: tuple[str, ...] = ()
    needs_person: bool = False
    is_unlike: bool = False


class Predictor(Protocol):
    """Says what stands behind texts.

    Attributes:
        added: the columns of it.
        most_rows: that are read, predicted and written together.
    """

    added: Added
    most_rows: int

    def say(self, texts: Sequence[str], lines: Lines, job: Job) -> list[Tail]:
        """Return what stands behind each text."""
        ...


class OfBatch(PartOfJob):
    """Hands on the progress within a batch, whatever the model calls it, as rows of the whole."""

    def __init__(self, whole: Job, start: int, end: int, total: int) -> None:
        super().__init__(whole, _(STAGE), start=start, end=end, total=total)
        self._within = set(map(_, WITHIN))
        self.report(self._stage, 0, 1)

    def report(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Publish progress of the whole; raise `JobCancelled` if the analyst asked to stop."""
        super().report(self._stage if stage in self._within and total else stage, done, total)


def predictor_of(app: AppFolder, version: ModelVersion) -> Predictor:
    """Return what predicts with a model version.

    Raises:
        ModelDamagedError, BaseModelMissingError: it cannot be loaded.
    """
    return _Writer(app, version) if version.is_writer else _Classifier(app, version)


class _Classifier:
    """A model that answers with concepts."""

    most_rows = BATCH_ROWS

    def __init__(self, app: AppFolder, version: ModelVersion) -> None:
        self._asked = answerer(app, version)
        self.added = Added(
            self._asked.concepts,
            tells_people=self._asked.has_thresholds,
            tells_unlike=self._asked.tells_unlike,
        )

    def say(self, texts: Sequence[str], lines: Lines, job: Job) -> list[Tail]:
        """Return what stands behind each text; equal ones are asked about once."""
        distinct = list(dict.fromkeys(texts))
        answers = self._asked.answer_all(distinct, job)
        said = [
            Tail(lines.tail(one), one.predicted, one.needs_person, one.is_unlike)
            for one in self._said(answers)
        ]
        if len(distinct) == len(texts):
            return said
        known = dict(zip(distinct, said, strict=True))
        return [known[text] for text in texts]

    def _said(self, answers: Answers) -> list[Said]:
        concepts = self._asked.concepts
        needs_person = answers.need_person.tolist()
        are_unlike = [False] * len(needs_person)
        if answers.are_unlike is not None:
            are_unlike = answers.are_unlike.tolist()
        said = []
        rows = zip(
            answers.probabilities.tolist(), answers.order.tolist(), answers.chosen.tolist(),
            needs_person, are_unlike, strict=True,
        )  # fmt: skip
        for probabilities, order, chosen, needs, unlike in rows:
            predicted = [i for i in order if chosen[i]] if any(chosen) else []
            best = predicted[0] if predicted else order[0]
            other = next((i for i in order if not chosen[i]), -1)
            said.append(
                Said(
                    tuple(concepts[i] for i in predicted),
                    probabilities[best],
                    concepts[other] if other >= 0 else "",
                    probabilities[other] if other >= 0 else 0.0,
                    tuple(probabilities),
                    needs,
                    unlike,
                )
            )
        return said


class _Writer:
    """A model that writes."""

    added = Added(is_written=True)
    most_rows = WRITTEN_AT_ONCE

    def __init__(self, app: AppFolder, version: ModelVersion) -> None:
        self._model = load_writer(app, version)

    def say(self, texts: Sequence[str], lines: Lines, job: Job) -> list[Tail]:
        """Return the answer to each text, as it stands behind it."""
        return [Tail(lines.written(one)) for one in self._model.generate(texts, job=job)]
