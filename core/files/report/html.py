"""Writes a report as one HTML file: no script, no outside address, light or dark as the reader."""

from collections.abc import Callable, Iterable
from html import escape as _escape
from pathlib import Path
from typing import Any

from core.files.csv_writer import text_aside
from core.files.report.document import (
    Chart,
    Column,
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
    legible,
)
from core.files.report.style import OF_THE_PAGE, STYLE
from core.files.svg import svg_element
from core.i18n import _

# Whatever a browser is asked to load, it loads nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_DRAWN = '<td class="drawn" aria-hidden="true">{}</td>'


def write_html(path: Path, document: Document) -> None:
    """Write a report; it appears under its name when it is complete.

    Raises:
        UserError: the disk is full, or the place cannot be written to.
    """
    with text_aside(path, encoding="utf-8") as file:
        file.writelines(_lines(document))


def _lines(document: Document) -> Iterable[str]:
    yield f'<!DOCTYPE html>\n<html lang="{escape(document.language)}">\n<head>\n'
    yield '<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    if document.author:
        yield f'<meta name="author" content="{escape(document.author)}">\n'
    yield f"<title>{escape(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n"
    yield f"<body>\n<main>\n<header>\n<h1>{_own(document.title)}</h1>\n"
    yield from (f"<p>{_own(line)}</p>\n" for line in document.lines)
    yield _contents(document.sections)
    yield "</header>\n"
    for i, section in enumerate(document.sections):
        yield f'<h{section.level} id="part-{i}">{_own(section.title)}</h{section.level}>\n'
        yield from map(_part, section.parts)
    yield "</main>\n</body>\n</html>\n"


def escape(words: str) -> str:
    """Return words as they stand in HTML, between tags or in quotation marks."""
    return _escape(legible(words))


def _own(words: str) -> str:
    """Return words that may hold somebody's, so that their direction stays their own."""
    return f"<bdi>{escape(words)}</bdi>"


def _contents(sections: Iterable[Section]) -> str:
    items = (
        f'<li><a href="#part-{i}">{escape(section.title)}</a></li>'
        for i, section in enumerate(sections)
        if section.level == 2  # noqa: PLR2004  # the headings below the title
    )
    return f'<nav aria-label="{escape(_("Contents"))}"><ol>{"".join(items)}</ol></nav>\n'


def _part(part: Part) -> str:
    return _WRITERS[type(part)](part)


def _paragraph(part: Paragraph) -> str:
    name = "" if part.tone == Tone.PLAIN else f' class="{part.tone}"'
    return f"<p{name}>{escape(part.words)}</p>\n"


def _points(part: Points) -> str:
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in part.items)}</ul>\n"


def _facts(part: Facts) -> str:
    rows = (f"<dt>{_own(name)}</dt><dd>{_own(value)}</dd>\n" for name, value in part.rows)
    return f"<dl>\n{''.join(rows)}</dl>\n"


def _figures(part: Figures) -> str:
    titles = (_("Score"), _("Value"), "", _("How sure that is"))
    head = "".join(
        f'<th scope="col">{escape(title)}</th>' if title else _DRAWN.format("") for title in titles
    )
    rows = "".join(_figure(row, part.start) for row in part.rows)
    return f'<table class="figures"><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>\n'


def _figure(row: Figure, start: float) -> str:
    return (
        f'<tr><th scope="row">{escape(row.name)}</th><td class="value">{escape(row.value)}</td>'
        f"{_DRAWN.format(_band(row, start))}<td>{escape(row.interval)}</td></tr>\n"
    )


def _band(row: Figure, start: float) -> str:
    if row.share is None or row.low is None or row.high is None:
        return ""
    share, low, high = (
        max(0.0, (value - start) / (1 - start)) for value in (row.share, row.low, row.high)
    )
    return (
        f'<span class="band"><i style="left:{low:.2%};width:{high - low:.2%}">'
        f'</i><b style="left:{share:.2%}"></b></span>'
    )


def _table(part: Table) -> str:
    head = "".join(
        f'<th scope="col"{_side(column)}>{escape(column.title)}</th>' for column in part.columns
    )
    rows = "".join(_row(part.columns, row) for row in part.rows)
    return (
        f'<div class="wide"><table><caption>{escape(part.name)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>\n"
    )


def _row(columns: tuple[Column, ...], cells: tuple[str, ...]) -> str:
    first, *others = cells
    rest = (
        f"<td{_side(column)}>{escape(cell)}</td>"
        for column, cell in zip(columns[1:], others, strict=True)
    )
    return f'<tr><th scope="row">{_own(first)}</th>{"".join(rest)}</tr>\n'


def _side(column: Column) -> str:
    return ' class="number"' if column.is_number else ""


def _chart(part: Chart) -> str:
    return f"<figure>{legible(svg_element(part.scene, OF_THE_PAGE))}</figure>\n"


def _examples(part: Examples) -> str:
    return "".join(
        f'<blockquote><p dir="auto">{_own(row.text)}</p>'
        f'<p class="note">{escape(row.note)}</p></blockquote>\n'
        for row in part.rows
    )


_WRITERS: dict[type[Any], Callable[[Any], str]] = {
    Paragraph: _paragraph,
    Points: _points,
    Facts: _facts,
    Figures: _figures,
    Table: _table,
    Chart: _chart,
    Examples: _examples,
}
