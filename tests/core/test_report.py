"""A report as a file: HTML that needs nothing else, and PDF."""

from datetime import UTC, datetime

import pypdfium2
import pytest

from core.charts.matrix import Matrix, matrix
from core.errors import NotWritableError
from core.files.report import fonts
from core.files.report.document import (
    Chart,
    Column,
    Document,
    Example,
    Examples,
    Facts,
    Figure,
    Figures,
    Paragraph,
    Points,
    Section,
    Table,
    Tone,
    excerpt,
    legible,
)
from core.files.report.html import write_html
from core.files.report.pdf import write_pdf
from tests.core.markup import Outline

HOSTILE = (
    "</style><script>alert(1)</script><b>bold</b> & \"quoted\" 'single'",
    "\u202eright to left\u202c and \u2066isolated",
    "\0NUL \x1b[31mescape \ud800 half",
    "{nb} {0} %s %(x)s **not bold** __nor this__",
    "中文字符 العربية עברית हिन्दी ไทย 😀👍🏽 e\u0301",
    "a" * 2_000,
    "",
    " \n\r\n\t ",
)


def document_with(text):
    """Return a document in which a text stands wherever one can stand."""
    scene = matrix(Matrix((text, "b"), ((3, 1), (0, 2))), (320, 240))
    return Document(
        title=text[:200] or "A title",
        lines=(text,),
        sections=(
            Section(
                text[:200] or "First",
                (
                    Paragraph(text, Tone.LEAD),
                    Paragraph(text, Tone.WARNING),
                    Points((text, "two")),
                    Facts(((text[:50], text),)),
                    Figures((Figure(text[:50], "94.1", "from to", 0.9, 0.8, 0.95),), 0.6),
                ),
            ),
            Section(
                "Second",
                (
                    Table("Table", (Column("Name", False), Column("F1")), ((text[:80], "1.0"),)),
                    Chart(scene),
                    Examples((Example(excerpt(text, 400), "note"),)),
                ),
                level=3,
            ),
        ),
        created=datetime(2026, 3, 4, 12, tzinfo=UTC),
        author=text[:50],
    )


def pages_of(path):
    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_of_anybody_does_harm_in_html(text, tmp_path):
    write_html(tmp_path / "report.html", document_with(text))
    written = (tmp_path / "report.html").read_text(encoding="utf-8")
    found = Outline(written)
    assert not {"script", "link", "img", "iframe", "object"} & set(found.tags)
    assert found.tags.count("h1") == 1
    assert not set("\0\x1b\u202e\u2066") & set(written)
    assert all("://" not in value for name, value in found.attributes if name != "xmlns")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_of_anybody_does_harm_in_a_pdf(text, tmp_path):
    write_pdf(tmp_path / "report.pdf", document_with(text))
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert "Second" in "".join(pages_of(tmp_path / "report.pdf"))


def test_html_shows_the_words_as_they_were_typed(tmp_path):
    write_html(tmp_path / "report.html", document_with(HOSTILE[0]))
    found = Outline((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert HOSTILE[0] in found.words
    assert ("lang", "en") in found.attributes
    assert [tag for tag, _words in found.headings] == ["h1", "h2", "h3"]


def test_a_pdf_has_its_headings_in_the_outline_and_numbered_pages(tmp_path):
    document = document_with("A text. " * 200)
    write_pdf(tmp_path / "report.pdf", document)
    with pypdfium2.PdfDocument(tmp_path / "report.pdf") as pdf:
        outline = [(mark.level, mark.get_title().strip()) for mark in pdf.get_toc()]
        n_pages = len(pdf)
        about = pdf.get_metadata_dict()
    assert [level for level, _title in outline] == [0, 1, 2]
    assert outline[-1][1] == "Second"
    assert about["Title"].startswith("A text.")
    assert n_pages > 1
    for i, words in enumerate(pages_of(tmp_path / "report.pdf"), start=1):
        assert f"Page {i} of {n_pages}" in words


def test_letters_without_a_font_are_marked_and_that_is_said_once(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "_places", list)
    write_pdf(tmp_path / "report.pdf", document_with("one 中 two"))
    words = "".join(pages_of(tmp_path / "report.pdf"))
    assert "one □ two" in words
    assert words.count("This computer has no font for some letters") == 1


@pytest.mark.skipif(not fonts.fallbacks_for({"ب"})[0], reason="no font here has Arabic letters")
def test_arabic_letters_are_joined_and_read_from_the_right(tmp_path):
    ends = {}
    for word in ("ب", "ببب"):
        section = Section("First", (Paragraph(word),))
        write_pdf(
            tmp_path / "report.pdf",
            Document("Title", (), (section,), created=datetime(2026, 3, 4, tzinfo=UTC)),
        )
        with pypdfium2.PdfDocument(tmp_path / "report.pdf") as pdf:
            page = pdf[0].get_textpage()
            places = [i for i, sign in enumerate(page.get_text_range()) if sign == "ب"]
            ends[word] = [page.get_charbox(i)[::2] for i in places]
    (alone,) = ends["ب"]
    first, second, third = ends["ببب"]
    assert first[0] > second[0] > third[0]
    assert first[1] - third[0] < 2.5 * (alone[1] - alone[0])


def test_nothing_is_said_of_letters_where_none_is_missing(tmp_path):
    write_pdf(tmp_path / "report.pdf", document_with("Grüße, Ελληνικά, Привет"))
    words = "".join(pages_of(tmp_path / "report.pdf"))
    assert "Привет" in words
    assert "no font" not in words


@pytest.mark.parametrize("write", [write_html, write_pdf])
def test_where_nothing_can_be_written_the_old_file_stays(write, tmp_path, monkeypatch):
    path = tmp_path / "report"
    path.write_bytes(b"old")

    def refuse(*_arguments):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(NotWritableError):
        write(path, document_with("text"))
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["report"]


def test_an_excerpt_is_one_line_and_says_where_it_was_cut():
    assert excerpt(" one\n two ", 20) == "one two"
    assert excerpt("word " * 50_000, 12) == "word word wo…"
    assert excerpt("a" * 100_000, 5) == "aaaaa…"
    assert legible("a\0b\u202ec\ud800\n") == "a\ufffdb\ufffdc\ufffd\n"
