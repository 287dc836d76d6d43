"""The report of a model that writes: how near its answers are to those that people gave."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.files.report.document import (
    Column,
    Example,
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
    excerpt,
)
from core.i18n import _
from core.operations import report_details as details
from core.operations import report_sections as sections
from core.operations.report_material import N_EXAMPLES, Material
from core.operations.written import WrittenRow
from core.wording import percent
from core.written_words import MEASURES, written_headline, written_lead

MOST_TEXT, MOST_ANSWER = 400, 300  # characters


def written_sections(
    material: Material, note: str, written: datetime, author: str
) -> list[Section]:
    """Return the sections of the report, in the order in which they are read."""
    told = [
        _purpose(material),
        _summary(material, note),
        _quality(material),
        sections.test(material),
        _copied(material),
        *_answers(material),
        _limits(),
        details.origin(material, written, author),
    ]
    return [section for section in told if section]


def _purpose(material: Material) -> Section:
    version = material.version
    facts = (
        (_("App"), material.app_name),
        (_("Model"), _("{name}, version {n}").format(name=version.model, n=version.number)),
        (_("Answers"), _("A text of its own for each text")),
        (_("Trained"), sections.moment(version.created)),
    )
    return Section(_("What the model is for"), (Facts(facts),))


def _summary(material: Material, note: str) -> Section:
    report = material.report
    cautions = [str(report.get("warning") or "")]
    if material.is_stale:
        cautions.append(_("The texts or their answers have changed since; evaluate again."))
    parts = [
        Paragraph(f"{written_headline(report)}.", Tone.LEAD),
        Paragraph(written_lead(report)),
        *(Paragraph(words, Tone.WARNING) for words in cautions if words),
    ]
    if note.strip():
        parts.append(Paragraph(note.strip()))
    return Section(_("In short"), tuple(parts))


def _quality(material: Material) -> Section:
    report = material.report
    names = [name for name in MEASURES if report.get(name) is not None]
    figures = Figures(tuple(_figure(report, name) for name in names))
    about = Paragraph(
        _(
            "Each score compares the answers with those that people gave; 100 is the same text. "
            "An interval says how far a score could be off because the test is only so large."
        ),
        Tone.QUIET,
    )
    columns = (
        Column(_("Score"), is_number=False, width=2.6),
        Column(_("This model")),
        Column(_("Before the training"), width=1.2),
        Column(_("Copying the text"), width=1.2),
    )
    rows = tuple(
        (
            _(MEASURES[name]),
            sections.score(report, name),
            sections.score(report.get("untrained") or {}, name),
            sections.score(report.get("copying") or {}, name),
        )
        for name in names
    )
    beside = Table(_("Beside the base model, and beside giving the text back"), columns, rows)
    return Section(_("Is it good enough?"), (figures, about, beside))


def _figure(report: Mapping[str, Any], name: str) -> Figure:
    low, high = report.get(f"{name}_low"), report.get(f"{name}_high")
    return Figure(
        name=_(MEASURES[name]),
        value=sections.score(report, name),
        interval=sections.interval(report, name) if low is not None else "",
        share=report.get(name),
        low=low,
        high=high,
    )


def _copied(material: Material) -> Section | None:
    """Say how many answers are those of the training."""
    found = material.report.get("copied")
    if not found:
        return None
    columns = (Column(_("Answers"), is_number=False, width=4), Column(_("Share of all")))
    rows = (
        (_("Word for word an answer from the training"), percent(found["exact"])),
        (_("Of these, wrong: another answer is the right one"), percent(found["wrong_exact"])),
        (_("Nearly an answer from the training"), percent(found["near"])),
        (_("Right answers that are themselves in the training"), percent(found["right_exact"])),
    )
    table = Table(_("How many answers the model takes over from the training"), columns, rows)
    return Section(_("Does it write, or repeat?"), (table,), level=3)


def _answers(material: Material) -> list[Section]:
    """Show the worst answers, and the best."""
    rows = material.rows
    if not rows:
        words = _("What the model wrote for each text is not kept; evaluate again.")
        return [Section(_("Answers to read"), (Paragraph(words),))]
    worst = rows[:N_EXAMPLES]
    best = tuple(reversed(rows[len(worst) :]))[:N_EXAMPLES]
    parts: list[Part] = [
        Paragraph(_("The answers that are furthest from those that people gave:")),
        Examples(tuple(map(_example, worst))),
    ]
    if best:
        parts.append(Paragraph(_("Those that are nearest:")))
        parts.append(Examples(tuple(map(_example, best))))
    return [Section(_("Answers to read"), tuple(parts))]


def _example(row: WrittenRow) -> Example:
    words = _("People wrote: {target} The model wrote: {answer}").format(
        target=_quoted(row.target), answer=_quoted(row.answer)
    )
    if row.is_copied:
        words = f"{words} {_('It is an answer from the training.')}"
    return Example(excerpt(row.text, MOST_TEXT) or _("(an empty text)"), words)


def _quoted(text: str) -> str:
    shown = excerpt(text, MOST_ANSWER)
    return _("“{text}”").format(text=shown) if shown else _("nothing.")


def _limits() -> Section:
    points = (
        _(
            "The scores count words and letters; none of them tells whether an answer is true, or "
            "well said. Read some of the answers."
        ),
        _(
            "The test tells how the model does on texts like these. Texts of another source, time "
            "or language may be harder for it."
        ),
        _("It takes as right what people wrote; there may be other good answers."),
    )
    return Section(_("What this test cannot tell"), (Points(points),))
