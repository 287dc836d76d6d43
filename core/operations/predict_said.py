"""What a model says of the rows of a file, ready to be written behind them."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from core.app_folder import AppFolder
from core.files.predicted.columns import Added, Said
from core.files.predicted.lines import MILLION, Lines
from core.i18n import N_, _
from core.jobs import Job, PartOfJob
from core.learning.splits import Ints
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
        written = lines.numbers(answers.probabilities)
        said = [
            Tail(
                lines.tail(self.added.values_of(one), numbers),
                one.predicted,
                one.needs_person,
                one.is_unlike,
            )
            for one, numbers in zip(self._said(answers), written, strict=True)
        ]
        if len(distinct) == len(texts):
            return said
        known = dict(zip(distinct, said, strict=True))
        return [known[text] for text in texts]

    def _said(self, answers: Answers) -> Iterator[Said]:
        order = answers.order
        probabilities = np.rint(answers.probabilities.astype(np.float64) * MILLION) / MILLION
        names = self._asked.concepts
        ranked = np.take_along_axis(answers.chosen, order, axis=1)
        best = _ranked(order, ranked.argmax(axis=1))  # the likeliest where none is chosen
        others = _ranked(order, (~ranked).argmax(axis=1))
        has_other = np.asarray(~ranked.all(axis=1))
        are_unlike = (
            np.zeros(len(order), bool) if answers.are_unlike is None else answers.are_unlike
        )
        rows = zip(
            ranked.sum(axis=1).tolist(), best.tolist(), _ranked(probabilities, best).tolist(),
            others.tolist(), _ranked(probabilities, others).tolist(), has_other.tolist(),
            answers.need_person.tolist(), are_unlike.tolist(), strict=True,
        )  # fmt: skip
        for i, (n_chosen, first, sure, other, next_sure, has, needs, unlike) in enumerate(rows):
            predicted = (names[first],) if n_chosen else ()
            if n_chosen > 1:
                predicted = tuple(names[k] for k in order[i] if answers.chosen[i, k])
            name, share = (names[other], next_sure) if has else ("", 0.0)
            yield Said(predicted, sure, name, share, needs, unlike)


def _ranked(values: NDArray[Any], places: Ints) -> NDArray[Any]:
    """Return of each row the value at its place."""
    return np.take_along_axis(values, places[:, None], axis=1)[:, 0]


class _Writer:
    """A model that writes."""

    added = Added(is_written=True)
    most_rows = WRITTEN_AT_ONCE

    def __init__(self, app: AppFolder, version: ModelVersion) -> None:
        self._model = load_writer(app, version)

    def say(self, texts: Sequence[str], lines: Lines, job: Job) -> list[Tail]:
        """Return the answer to each text, as it stands behind it."""
        return [Tail(lines.tail((one,))) for one in self._model.generate(texts, job=job)]
