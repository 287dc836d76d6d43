"""Save some rows of a file of predictions as a file of their own."""

from dataclasses import dataclass
from pathlib import Path

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.files.predicted.reading import PredictedReader
from core.files.predicted.saving import rows_saved
from core.i18n import _
from core.jobs import Job
from core.operations.look_into_predictions import ALL, PredictionFilter
from core.operations.predict import check_is_other
from core.operations.use_predictions import is_wanted
from core.wording import estimate

REPORTED_ROWS = 1_000


class NothingToSaveError(UserError):
    """The filter leaves no row."""

    def __init__(self) -> None:
        super().__init__(_("No text is left by the filters."), next_step=_("Choose other filters."))


@dataclass(frozen=True)
class SaveRequest:
    """Which rows of which file, and where to write them.

    Attributes:
        text: the column of the texts; "" to guess it.
        out: the new file; its ending says the format: CSV, TSV, XLSX or JSON Lines.
    """

    path: Path
    out: Path
    text: str = ""
    wanted: PredictionFilter = ALL


@dataclass(frozen=True)
class SaveResult:
    """How many rows were written."""

    out: Path
    n_rows: int
    changes: Changes = Changes.NOTHING


def save_predictions(app: AppFolder, request: SaveRequest, job: Job) -> SaveResult:
    """Write the rows that are wanted with all their columns; the file appears when it is whole.

    Raises:
        NoPredictionsError: the file has no predictions.
        NothingToSaveError: no row is wanted.
        OutputIsInputError: the new file would replace the one that is read.
        UserError: the place cannot be written to, the disk is full, a sheet has no room.
    """
    app.check_outside(request.out)
    check_is_other(request.out, request.path)
    reader = PredictedReader(request.path, request.text)
    n_read = n_rows = 0
    with rows_saved(request.out, reader.header, reader.columns) as add_row:
        for row, cells in reader.with_cells():
            if n_read % REPORTED_ROWS == 0:
                n_all = estimate(n_read, reader.share_read)
                job.report(_("Writing the file"), n_read, n_all)
            n_read += 1
            if is_wanted(row, request.wanted):
                add_row(cells)
                n_rows += 1
        if not n_rows:
            raise NothingToSaveError
    return SaveResult(request.out, n_rows)
