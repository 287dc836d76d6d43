"""Write the texts behind a number of an evaluation to a file."""

from dataclasses import dataclass, replace
from pathlib import Path

from core.app_folder import AppFolder
from core.changes import Changes
from core.files.csv_writer import csv_aside
from core.files.formulas import harmless
from core.i18n import _
from core.jobs import Job
from core.operations.evaluation_texts import EvaluationTextsRequest, list_evaluation_texts

PAGE = 2_000
COLUMNS = ("text", "concepts", "predicted_concepts", "probability", "also_learned_from")


@dataclass(frozen=True)
class SaveTextsRequest:
    """Which texts, all of them, and where they go; a file that is there is replaced."""

    texts: EvaluationTextsRequest
    path: Path


@dataclass(frozen=True)
class SaveTextsResult:
    """Where the file is, and how many texts are in it."""

    path: Path
    n_texts: int
    changes: Changes = Changes.NOTHING


def save_evaluation_texts(app: AppFolder, request: SaveTextsRequest, job: Job) -> SaveTextsResult:
    """Write texts with what people and the model said as CSV, safe to open as a spreadsheet.

    Raises:
        EvaluationMissingError, TextsNotKeptError: there is nothing to find them by.
        OwnFileError, NotWritableError, DiskFullError: they cannot be written there.
    """
    app.check_outside(request.path)
    n_done, n_texts = 0, 1
    with csv_aside(request.path, encoding="utf-8-sig", delimiter=",") as rows:
        rows.writerow(COLUMNS)
        while n_done < n_texts:
            job.report(_("Writing the file"), n_done, n_texts)
            page = replace(request.texts, limit=PAGE, offset=n_done)
            found = list_evaluation_texts(app, page, Job())
            n_texts = found.n_texts
            for one in found.texts:
                names = ("|".join(said) for said in (one.said, one.answered))
                seen = "yes" if one.is_seen else "no"
                rows.writerow(
                    (harmless(one.text), *map(harmless, names), f"{one.probability:.6f}", seen)
                )
            n_done += PAGE
    return SaveTextsResult(request.path, n_texts)
