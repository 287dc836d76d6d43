"""Write the tables and charts of an evaluation into a new folder."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError, writing_to
from core.files.chart_table import write_chart_table
from core.files.csv_writer import csv_aside
from core.files.formulas import harmless
from core.files.svg import write_svg
from core.i18n import _
from core.jobs import Job
from core.learning.decisions import decide, thresholds_of
from core.learning.scored import NOT_SEEN, Scored
from core.operations.evaluation_texts import named, source_of
from core.operations.report_charts import charts_of
from core.operations.report_material import Material, find_evaluation, gather, thresholds_in
from core.storage.artifacts import written_aside
from core.storage.models import NoConceptsError
from core.storage.versions import load_version_page

TEXTS_AT_ONCE = 2_000
Cells = Sequence[object]


class FolderTakenError(UserError):
    """The folder of an export already holds something."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("There is already something at “{path}”.").format(path=folder),
            next_step=_("Choose a new folder."),
        )


@dataclass(frozen=True)
class ExportEvaluationRequest:
    """Which evaluation, and the folder that is made for it."""

    evaluation_id: int
    folder: Path


@dataclass(frozen=True)
class ExportEvaluationResult:
    """Where the files are, and what they are called."""

    folder: Path
    files: tuple[str, ...]
    changes: Changes = Changes.NOTHING


def export_evaluation(
    app: AppFolder, request: ExportEvaluationRequest, job: Job
) -> ExportEvaluationResult:
    """Write all tables as CSV and all charts as SVG; the folder appears when all are there.

    Raises:
        EvaluationMissingError: there is none.
        NoConceptsError: the model writes texts.
        FolderTakenError: the folder holds something.
        OwnFileError: it would be among the app's own files.
        UserError: the disk is full, or the place cannot be written to.
    """
    app.check_outside(request.folder)
    _check_new(request.folder)
    with app.database() as db:
        version, evaluation = find_evaluation(db, "", evaluation_id=request.evaluation_id)
    if version.is_writer:
        raise NoConceptsError(version.model)
    material = gather(app, version, evaluation, job)
    with written_aside(request.folder) as aside:
        _write_scores(aside, material)
        _write_charts(aside, material, job)
        if material.scored and material.tested:
            _write_texts(aside / "texts.csv", app, material, material.scored, job)
        files = tuple(sorted(path.name for path in aside.iterdir()))
    return ExportEvaluationResult(request.folder, files)


def _check_new(folder: Path) -> None:
    """See to it that there is no such folder; an empty one is taken away.

    Raises:
        FolderTakenError: it holds something, or is a file.
        NotWritableError: nothing may be there, or its name is too long.
    """
    with writing_to(folder):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        if folder.exists():
            raise FolderTakenError(folder)


def _write_scores(folder: Path, material: Material) -> None:
    report = material.report
    keys = [key.removesuffix("_low") for key in report if key.endswith("_low")]
    rows = [(key, *(report[f"{key}{end}"] for end in ("", "_low", "_high"))) for key in keys]
    counts = ("n_texts", "n_seen", "n_nearly_seen", "n_left_out", "n_undefined")
    rows += [(key, report[key], None, None) for key in counts if key in report]
    _write(folder / "scores.csv", ("score", "value", "low", "high"), rows)
    records: list[dict[str, Any]] = report["concepts"]
    _write(folder / "concepts.csv", tuple(records[0]), [tuple(r.values()) for r in records])
    names = material.names
    _write(
        folder / "matrix.csv",
        ("said", *names),
        [(name, *row) for name, row in zip(names, report["confusion"], strict=True)],
    )


def _write_charts(folder: Path, material: Material, job: Job) -> None:
    """Write each chart, and beside it what it shows as a table, curves of every concept."""
    scenes = charts_of(material)
    every = charts_of(material, every_curve=True)
    for name in job.track(tuple(scenes), _("Drawing charts")):
        (folder / f"{name}.svg").write_text(write_svg(scenes[name]), encoding="utf-8")
        write_chart_table(folder / f"{name}.csv", every[name].table)


def _write_texts(path: Path, app: AppFolder, material: Material, scored: Scored, job: Job) -> None:
    names = scored.concepts
    heads = ("id", "text", "said", "answered", "seen", *(f"p:{name}" for name in names))
    with csv_aside(path, encoding="utf-8-sig", delimiter=",") as rows:
        rows.writerow(map(_cell, heads))
        rows.writerows(_text_rows(app, material, scored, job))


def _text_rows(app: AppFolder, material: Material, scored: Scored, job: Job) -> Iterator[Cells]:
    """Yield what people and the model said of each text, and all probabilities."""
    chosen, exclusive = thresholds_in(material.report), scored.is_exclusive
    thresholds = thresholds_of(scored.concepts, chosen, is_exclusive=exclusive)
    n_texts = len(scored.input_ids)
    with app.database() as db, source_of(app, db, material.evaluation) as (source, version_id):
        for start in range(0, n_texts, TEXTS_AT_ONCE):
            job.report(_("Writing texts"), start, n_texts)
            some = scored.only(np.arange(start, min(start + TEXTS_AT_ONCE, n_texts)))
            answered = decide(some.probabilities, thresholds, is_exclusive=exclusive)
            ids = some.input_ids.tolist()
            frozen = load_version_page(source, version_id, ids)
            for i, input_id in enumerate(ids):
                yield (
                    input_id,
                    _cell(frozen[input_id].text if input_id in frozen else ""),
                    _cell("|".join(named(some.concepts, some.targets[i] == 1))),
                    _cell("|".join(named(some.concepts, answered[i]))),
                    int(some.seen[i] != NOT_SEEN),
                    *(f"{probability:.6f}" for probability in some.probabilities[i]),
                )


def _write(path: Path, heads: Sequence[str], rows: Iterable[Cells]) -> None:
    with csv_aside(path, encoding="utf-8-sig", delimiter=",") as lines:
        lines.writerow(map(_cell, heads))
        lines.writerows(map(_cell, row) for row in rows)


def _cell(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value
