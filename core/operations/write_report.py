"""Write an evaluation as a report that opens without this program and without a network."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.files.report.document import Document, Section
from core.i18n import _
from core.jobs import Job
from core.operations import report_details as details
from core.operations import report_sections as sections
from core.operations.report_material import Material, find_evaluation, gather
from core.operations.report_written import written_sections
from core.wording import NumberStyle, number, style_in_use, use_style

ENDINGS = (".html", ".pdf")
LONGEST_NOTE = 5_000


class ReportEndingError(UserError):
    """A report is either HTML or PDF."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("A report cannot be written as “{name}”.").format(name=path.name),
            next_step=_("Choose a name that ends in {endings}.").format(
                endings=_(" or ").join(ENDINGS)
            ),
        )


class NoteTooLongError(UserError):
    """What is added to a report is no note any more."""

    def __init__(self) -> None:
        super().__init__(
            _("The note has more than {n} characters.").format(n=number(LONGEST_NOTE)),
            next_step=_("Shorten it, or send the rest along as a file of its own."),
        )


@dataclass(frozen=True)
class ReportRequest:
    """Which evaluation to tell of, and where.

    Attributes:
        model: the model's name. number: its version; 0 means the newest.
        out: the new file, which ends in .html or .pdf; one that is there is replaced.
        evaluation_id: 0 means the newest of that version.
        note: what the author adds. author: who that is.
        number_style: how numbers are written, as where the report is asked for.
    """

    model: str
    out: Path
    number: int = 0
    evaluation_id: int = 0
    note: str = ""
    author: str = ""
    number_style: NumberStyle = field(default_factory=style_in_use)

    def __post_init__(self) -> None:
        """Refuse other kinds of files and endless notes, before anything starts."""
        if self.out.suffix.lower() not in ENDINGS:
            raise ReportEndingError(self.out)
        if len(self.note) > LONGEST_NOTE:
            raise NoteTooLongError


@dataclass(frozen=True)
class ReportResult:
    """Where the report is."""

    path: Path
    changes: Changes = Changes.NOTHING


def write_report(app: AppFolder, request: ReportRequest, job: Job) -> ReportResult:
    """Write a report of an evaluation; an older file of that name stays until it is complete.

    Raises:
        ModelMissingError, EvaluationMissingError: there is nothing to tell of.
        OwnFileError: it would be among the app's own files.
        UserError: the disk is full, or the place cannot be written to.
    """
    app.check_outside(request.out)
    use_style(request.number_style)
    job.report(_("Reading the scores"))
    with app.database() as db:
        version, evaluation = find_evaluation(
            db, request.model, request.number, request.evaluation_id
        )
    material = gather(app, version, evaluation, job)
    job.report(_("Writing the report"))
    document = document_of(material, request)
    job.report(_("Writing the file"))
    _writer(request.out)(request.out, document)
    return ReportResult(request.out)


def document_of(material: Material, request: ReportRequest) -> Document:
    """Return the report as data."""
    written = datetime.now(UTC)
    name, author = material.version.model, request.author.strip()
    if material.version.is_writer:
        told = written_sections(material, request.note, written, author)
    else:
        told = _about_concepts(material, request.note, written, author)
    version = _("Version {n} in the app “{app}”").format(
        n=material.version.number, app=material.app_name
    )
    return Document(
        title=_("How good is “{model}”?").format(model=name),
        lines=(version, " · ".join(filter(None, (sections.moment(written), author)))),
        sections=tuple(told),
        created=written,
        author=author,
    )


def _about_concepts(material: Material, note: str, written: datetime, author: str) -> list[Section]:
    told: list[Section | None] = [
        sections.purpose(material),
        sections.summary(material, note),
        sections.quality(material),
        sections.decisions(material),
        sections.test(material),
        sections.seen(material),
        details.concept_scores(material),
        *details.pictures(material),
        details.weaknesses(material),
        details.limits(material),
        details.origin(material, written, author),
    ]
    return [section for section in told if section]


def _writer(path: Path) -> Callable[[Path, Document], None]:
    """Return what writes this kind of file; the one for PDF is slow to load."""
    if path.suffix.lower() == ".pdf":
        from core.files.report.pdf import write_pdf

        return write_pdf
    from core.files.report.html import write_html

    return write_html
