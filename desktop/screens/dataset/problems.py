"""Rows that cannot be added: counted, the first ones shown, all of them to save."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from core.errors import UserError
from core.files import Problem, write_problems
from core.i18n import _
from desktop import boxes
from desktop.widgets.buttons import Button
from desktop.widgets.icon import Icon
from desktop.widgets.layout import Item, boxed, column, row
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import number

SHOWN = 3
NUMBER_WIDTH = 84


def problems_panel(words: str, problems: Sequence[Problem], save: Button) -> QWidget:
    """Return the warning with the count first, the first rows, and the button that saves all."""
    head = row(Icon("triangle-alert", "warn", 18), (Elided(words, "strong"), 1), save, gap=10)
    lines: list[Item] = [_line(problem) for problem in problems[:SHOWN]]
    content = column(head, 4, *lines, gap=6, margins=(20, 14, 20, 16))
    return boxed("warn", content)


def _line(problem: Problem) -> QWidget:
    where = text(row_name(problem.number), "small", "ink_2", width=NUMBER_WIDTH)
    reason = Elided(problem.reason, "small")
    return row(where, (reason, 3), (Elided(problem.row, "mono", "ink_3"), 2), gap=12)


def row_name(count: int) -> str:
    """Return how a row is called, numbered as a spreadsheet does."""
    return _("Row {number}").format(number=number(count))


def save_problems(parent: QWidget, file_name: str, problems: Iterable[Problem]) -> Path | None:
    """Ask where the rows shall be saved, and do so; return where, or None."""
    suggestion = _("{file}-problems.csv").format(file=Path(file_name).stem)
    path = boxes.choose_save_file(parent, _("Save these rows"), suggestion, "CSV (*.csv)")
    if path is None:
        return None
    try:
        write_problems(path, problems)
    except UserError as error:
        boxes.show_error(parent, error)
        return None
    return path
