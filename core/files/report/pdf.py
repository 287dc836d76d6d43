"""Writes a report as PDF on A4: numbered pages, an outline, charts as lines and not as pixels."""

from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from textwrap import wrap
from typing import Any

from fpdf import FontFace
from fpdf.enums import TableBordersLayout

from core.files.csv_writer import written_aside
from core.files.report.document import (
    Chart,
    Document,
    Examples,
    Facts,
    Figure,
    Figures,
    Paragraph,
    Part,
    Points,
    Section,
    Table,
    Tone,
)
from core.files.report.page import LINE, MARGIN, TYPE, Page, tone_of
from core.files.report.pdf_chart import POINTS, draw_chart
from core.i18n import _

_GAP = 8.0
_BULLET = 12.0
_NAME, _VALUE, _BAND = 0.27, 0.22, 0.22  # parts of the width, of a row of a score
_LONGER = 0.16  # by which a name may be longer
_ROW, _DOT = 27.0, 2.6
_MOST_FACT = 1_500  # characters in a row; of any script they are lower than a page


def write_pdf(path: Path, document: Document) -> None:
    """Write a report; it appears under its name when it is complete.

    Raises:
        UserError: the disk is full, or the place cannot be written to.
    """
    page = Page(document)
    page.heading(document.title, 0)
    for line in document.lines:
        page.words(line, tone="ink_2")
    for section in document.sections:
        _write_section(page, section)
    if not page.has_all_letters:
        missing = _("This computer has no font for some letters; “{sign}” stands for each of them.")
        page.words(missing.format(sign="□"), "small", "ink_2")
    page.number_pages(document.title)
    with written_aside(path) as aside:
        aside.write_bytes(page.finished())


def _write_section(page: Page, section: Section) -> None:
    page.heading(section.title, section.level - 1, sum(map(_room, section.parts[:2])))
    for part in section.parts:
        _WRITERS[type(part)](page, part)


def _room(part: Part) -> float:
    """Return how much of a part should stand on the page of its heading."""
    match part:
        case Chart():
            return part.scene.height * POINTS
        case Figures():
            return len(part.rows) * _ROW
        case _:
            return 2 * TYPE["body"][2] * LINE


def _paragraph(page: Page, part: Paragraph) -> None:
    if part.tone == Tone.WARNING:
        _warning(page, part.words)
    elif part.tone == Tone.QUIET:
        page.words(part.words, "small", "ink_2", below=_GAP)
    else:
        page.words(part.words, "lead" if part.tone == Tone.LEAD else "body", below=_GAP)


def _warning(page: Page, words: str) -> None:
    width = page.epw - 2 * _GAP
    height = page.height_of(words, "body", width)
    if page.will_page_break(height + 2 * _GAP):
        page.add_page()
    with page.local_context(fill_color=tone_of("warn_soft")):
        page.rect(MARGIN, page.y, page.epw, height + 2 * _GAP, style="F", round_corners=True)
    line = page.use("body", "warn")
    page.set_xy(MARGIN + _GAP, page.y + _GAP)
    page.multi_cell(width, line, page.own(words), align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(2 * _GAP)


def _points(page: Page, part: Points) -> None:
    for item in part.items:
        if page.will_page_break(TYPE["body"][2] * LINE):
            page.add_page()
        line = page.use("body", "ink_3")
        page.line_at(MARGIN, page.y, _BULLET, "•", height=line)
        page.set_left_margin(MARGIN + _BULLET)
        page.set_x(MARGIN + _BULLET)
        page.words(item, below=3)
        page.set_left_margin(MARGIN)
    page.set_xy(MARGIN, page.y + _GAP / 2)


def _facts(page: Page, part: Facts) -> None:
    page.use("body")
    with page.table(
        borders_layout=TableBordersLayout.NONE,
        col_widths=(20, 80),
        first_row_as_headings=False,
        line_height=TYPE["body"][2] * LINE,
        padding=(0, _GAP, 3, 0),
        text_align="LEFT",
        v_align="T",
    ) as table:
        for name, value in part.rows:
            pieces = wrap(page.own(value), _MOST_FACT) or [""]  # a row is never parted by a page
            for title, piece in zip_longest([page.own(name)], pieces, fillvalue=""):
                row = table.row()
                row.cell(title, style=FontFace(color=tone_of("ink_2")))
                row.cell(piece)
    page.ln(_GAP)


def _figures(page: Page, part: Figures) -> None:
    page.use("body")
    widest = max((page.get_string_width(page.own(row.name)) for row in part.rows), default=0.0)
    longer = min(max(0.0, widest + 2 * _GAP - page.epw * _NAME), page.epw * _LONGER)
    for row in part.rows:
        if page.will_page_break(_ROW):
            page.add_page()
        _figure(page, row, part.start, longer)
    page.set_xy(MARGIN, page.y + _GAP)


def _figure(page: Page, row: Figure, start: float, longer: float) -> None:
    """Draw a score; by as much as names are `longer`, the other columns are narrower."""
    y, width = page.y, page.epw
    name, value, band = (width * part for part in (_NAME, _VALUE, _BAND))
    name, value, band = name + longer, value - longer / 2, band - longer / 2
    page.use("body")
    page.line_at(MARGIN, y, name, row.name, height=_ROW)
    page.use("value")
    page.line_at(MARGIN + name, y, value, row.value, height=_ROW)
    x = MARGIN + name + value
    if row.share is not None and row.low is not None and row.high is not None:
        places = [max(0.0, (v - start) / (1 - start)) for v in (row.low, row.share, row.high)]
        _band(page, x, y + _ROW / 2, band, [x + place * band for place in places])
    page.use("small", "ink_2")
    page.line_at(x + band + 2 * _GAP, y, width, row.interval, height=_ROW)
    page.set_draw_color(tone_of("hairline"))
    page.set_line_width(0.5)
    page.line(MARGIN, y + _ROW, MARGIN + width, y + _ROW)
    page.set_xy(MARGIN, y + _ROW)


def _band(page: Page, x: float, y: float, room: float, places: list[float]) -> None:
    low, middle, high = places
    page.set_draw_color(tone_of("outline"))
    page.set_line_width(0.5)
    page.line(x, y, x + room, y)
    width = max(high - low, 2 * _DOT)
    left = (low + high - width) / 2
    with page.local_context(fill_color=tone_of("accent"), fill_opacity=0.3):
        page.rect(
            *(left, y - _DOT, width, 2 * _DOT), style="F", round_corners=True, corner_radius=_DOT
        )
    with page.local_context(fill_color=tone_of("accent")):
        page.circle(middle, y, _DOT, style="F")


def _table(page: Page, part: Table) -> None:
    page.words(part.name, "small", "ink_2", below=2)
    page.use("small")
    page.set_draw_color(tone_of("hairline"))
    page.set_line_width(0.5)
    with page.table(
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        col_widths=tuple(column.width for column in part.columns),
        headings_style=FontFace(family="Inter", emphasis="", color=tone_of("ink_2")),
        line_height=TYPE["small"][2] * LINE,
        padding=(3, _GAP, 3, 0),
        text_align=tuple("RIGHT" if column.is_number else "LEFT" for column in part.columns),
        v_align="T",
    ) as table:
        for cells in (tuple(column.title for column in part.columns), *part.rows):
            row = table.row()
            for cell in cells:
                row.cell(page.own(cell))
    page.ln(1.5 * _GAP)


def _chart(page: Page, part: Chart) -> None:
    draw_chart(page, part.scene)
    page.ln(_GAP)


def _examples(page: Page, part: Examples) -> None:
    page.set_left_margin(MARGIN + _BULLET)
    for row in part.rows:
        width = page.epw
        height = page.height_of(row.text, "body", width) + page.height_of(row.note, "small", width)
        if page.will_page_break(height + _GAP):
            page.add_page()
        top = page.y
        page.set_x(MARGIN + _BULLET)
        page.words(row.text)
        page.words(row.note, "small", "ink_2")
        page.set_draw_color(tone_of("outline"))
        page.set_line_width(1.5)
        page.line(MARGIN + 1, top + 1, MARGIN + 1, page.y - 1)
        page.ln(_GAP)
    page.set_left_margin(MARGIN)
    page.set_xy(MARGIN, page.y + _GAP / 2)


_WRITERS: dict[type[Any], Callable[[Page, Any], None]] = {
    Paragraph: _paragraph,
    Points: _points,
    Facts: _facts,
    Figures: _figures,
    Table: _table,
    Chart: _chart,
    Examples: _examples,
}
