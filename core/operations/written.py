"""What a text-to-text model wrote for texts whose answers people gave, and its scores."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.app_folder import AppFolder
from core.operations.scoring import TextsNotKeptError
from core.records import Evaluation
from core.storage.kept import is_as_declared
from core.written_words import WRITTEN

FILE = "answers.json"
FORMAT = 1


@dataclass(frozen=True)
class WrittenRow:
    """One text with the answer that people gave, the model's, and that of the base model.

    Attributes:
        untrained: what the base model wrote before it was trained; "" where it was not asked.
        scores: of the model's answer, by the name of the measure, in [0, 1].
        is_copied: whether the answer is one of the training, and not the right one.
    """

    input_id: int
    text: str
    target: str
    answer: str
    untrained: str
    scores: dict[str, float]
    is_copied: bool = False


@dataclass(frozen=True)
class Written:
    """The texts of an evaluation, worst first, and its scores."""

    rows: Sequence[WrittenRow]
    report: dict[str, Any]

    @property
    def said(self) -> "Written":
        """Return what is kept of each text."""
        return self


def is_written(evaluation: Evaluation) -> bool:
    """Tell whether an evaluation is of texts that a model wrote, not of concepts."""
    return evaluation.report.get("kind") == WRITTEN


def save_written(written: Written, folder: Path) -> None:
    """Write the rows into an existing, empty folder."""
    told = {"format": FORMAT, "rows": [asdict(row) for row in written.rows]}
    (folder / FILE).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def written_rows(app: AppFolder, evaluation: Evaluation) -> list[WrittenRow]:
    """Return what the model wrote for each text of an evaluation, worst first.

    Raises:
        TextsNotKeptError: it is not kept, or its file is damaged.
    """
    try:
        told = json.loads((app.evaluations / evaluation.folder / FILE).read_text(encoding="utf-8"))
        if not evaluation.folder or told["format"] != FORMAT:
            raise TextsNotKeptError
        rows = [WrittenRow(**row) for row in told["rows"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise TextsNotKeptError from error
    if not is_as_declared(rows):
        raise TextsNotKeptError
    return rows
