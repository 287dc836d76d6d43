"""The data of a chart as a CSV file."""

from pathlib import Path

from core.charts.scene import Table
from core.files.csv_writer import csv_aside
from core.files.formulas import harmless


def write_chart_table(path: Path, table: Table) -> None:
    """Write the table: shares as numbers in [0, 1], nothing where a value is undefined.

    Raises:
        UserError: the disk is full, or the place cannot be written to.
    """
    with csv_aside(path, encoding="utf-8-sig", delimiter=",") as rows:
        rows.writerow(map(harmless, table.heads))
        for row in table.rows:
            rows.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
