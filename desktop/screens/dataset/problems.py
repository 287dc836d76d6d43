"""Rows that cannot be added: counted, the first ones shown, all of them to save."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QWidget

from core.errors import UserError
from core.files import Problem
from core.i18n import _
from core.operations.save_rejected import RejectedRequest, save_rejected
from desktop import boxes
from desktop.session import Session
from desktop.widgets.buttons import Button
from desktop.widgets.icon import Icon
from desktop.widgets.layout import Item, boxed, column, row
from desktop.widgets.text import Elided, text
from desktop.widgets.wording import number

SHOWN = 3
NUMBER_WIDTH = 84
MANY = 5_000  # rows, from which saving some of them is a job


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


def save_problems(
    page: QWidget,
    session: Session,
    request: RejectedRequest,
    file_name: str,
    n_rows: int,
    tell: Callable[[Path], object] = lambda _path: None,
) -> None:
    """Ask where the rows shall be saved, and do so.

    Args:
        page: what asks.
        session: the open app.
        request: which rows; its path is asked for.
        file_name: of the file that they are from.
        n_rows: how many have to be read for it.
        tell: hears where they are, once they are.
    """
    suggestion = _("{file}-problems.csv").format(file=Path(file_name).stem)
    path = boxes.choose_save_file(page.window(), _("Save these rows"), suggestion, "CSV (*.csv)")
    if path is None:
        return
    path = path if path.suffix.lower() in (".csv", ".tsv") else path.with_name(f"{path.name}.csv")
    request = replace(request, path=path)
    if n_rows > MANY:
        title = _("Saving the rows that were left out")
        session.start(save_rejected, request, title=title).succeeded.connect(lambda _r: tell(path))
        return
    try:
        session.do(save_rejected, request)
    except UserError as error:
        boxes.show_error(page.window(), error)
        return
    tell(path)
