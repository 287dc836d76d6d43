"""A chart as a file: a picture, a drawing, or its data."""

from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QWidget

from core.charts.scene import Scene, Table
from core.errors import NotWritableError, UserError
from core.files.chart_table import write_chart_table
from core.files.csv_writer import text_aside, written_aside
from core.files.svg import write_svg
from core.i18n import _
from desktop import boxes
from desktop.theme.tokens import theme
from desktop.widgets.scene_painter import scene_image

FORMATS = ("png", "svg", "csv")
PNG_RATIO = 2.0


class Chart(Protocol):
    """A widget that shows a scene."""

    @property
    def scene(self) -> Scene:
        """The chart as it is drawn now."""

    def window(self) -> QWidget:
        """The window it belongs to."""


def save_chart(chart: Chart, title: str, ending: str) -> None:
    """Ask where to, and save the chart as it looks now; say it if that fails.

    Args:
        chart: the widget that shows it.
        title: what the file is called at first.
        ending: of `FORMATS`.
    """
    words = _("Save as {format}").format(format=ending.upper())
    kinds = f"{ending.upper()} (*.{ending})"
    path = boxes.choose_save_file(chart.window(), words, f"{title}.{ending}", kinds)
    if path is None:
        return
    try:
        write_chart(path, chart.scene, ending)
    except UserError as error:
        boxes.show_error(chart.window(), error)


def save_table(window: QWidget, title: str, table: Table) -> None:
    """Ask where to, and save a table as CSV; say it if that fails.

    Args:
        window: what asks.
        title: what the file is called at first.
        table: shares are written as numbers in [0, 1].
    """
    path = boxes.choose_save_file(window, _("Save as CSV"), f"{title}.csv", "CSV (*.csv)")
    if path is None:
        return
    try:
        write_chart_table(path, table)
    except UserError as error:
        boxes.show_error(window, error)


def write_chart(path: Path, scene: Scene, ending: str) -> None:
    """Write a scene: as a picture of twice its size, as a drawing, or as its table.

    Raises:
        UserError: the disk is full, or the place cannot be written to.
    """
    if ending == "csv":
        write_chart_table(path, scene.table)
    elif ending == "svg":
        with text_aside(path, encoding="utf-8") as file:
            file.write(write_svg(scene, theme().name))
    else:
        with written_aside(path) as aside:
            if not scene_image(scene, PNG_RATIO).save(str(aside), "PNG"):  # type: ignore[call-overload]
                raise NotWritableError(str(path))
