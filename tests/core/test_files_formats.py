"""Workbooks, JSON, archives, documents and pasted cells, all as rows of cells."""

import datetime
import gzip
import io
import json
import zipfile

import openpyxl
import pytest

from core.errors import UserError
from core.files import Problem, Row, preview, preview_pasted, read, with_options
from core.files.errors import (
    EmptyFileError,
    EncryptedFileError,
    FormatUnsupportedError,
    NoTextFilesError,
    NoWordsError,
    SeveralTablesError,
    SheetMissingError,
)

OFFICE = "http:" + "//schemas.openxmlformats.org"  # a name, not an address
WORD = f"{OFFICE}/wordprocessingml/2006/main"
RELATIONS = f'<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="r1" '
RELATIONS += f'Type="{OFFICE}/officeDocument/2006/relationships/officeDocument" '
RELATIONS += 'Target="word/document.xml"/></Relationships>'


def rows_of(path, **options):
    seen = with_options(preview(path), **options) if options else preview(path)
    return list(read(path, seen.mapping))


def texts_of(path, **options):
    return [row.text for row in rows_of(path, **options)]


def workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def packed(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def paragraph(*runs):
    return "<w:p>" + "".join(f"<w:r>{run}</w:r>" for run in runs) + "</w:p>"


def word(path, body, declaration=""):
    document = f'{declaration}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    types = f'<Types xmlns="{OFFICE}/package/2006/content-types"></Types>'
    files = {"[Content_Types].xml": types, "_rels/.rels": RELATIONS, "word/document.xml": document}
    return packed(path, files)


def pdf(path, *lines):
    """Write a page with these lines, as small as a PDF can be; without lines it is blank."""
    shown = " ".join(f"({line}) Tj 0 -20 Td" for line in lines)
    stream = f"BT /F1 12 Tf 50 700 Td {shown} ET" if lines else ""
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 6\n0000000000 65535 f \n{table}trailer << /Size 6 /Root 1 0 R >>\n"
    path.write_bytes(f"{content}{end}startxref\n{len(content)}\n%%EOF".encode())
    return path


def test_a_workbook_is_a_table_with_plain_numbers_and_iso_dates(tmp_path):
    table = [
        ["id", "text", "label", "stars", "day", "at", "is_new"],
        [1.0, "Nice room", "good", 3.0, datetime.date(2024, 5, 1), None, True],
        [2, "So so", "bad", 2.5, None, datetime.datetime(2024, 5, 1, 13, 45), False],
        [None, None, None, None, None, None, None],
        [4, "Fine", "good", -1, None, None, None],
    ]
    path = workbook(tmp_path / "a.xlsx", {"Reviews": table})
    seen = preview(path)
    assert (seen.kind, seen.sheets, seen.mapping.sheet) == ("workbook", ("Reviews",), "Reviews")
    assert seen.columns == ("id", "text", "label", "stars", "day", "at", "is_new")
    assert (seen.mapping.id, seen.mapping.concepts, seen.n_rows) == ("id", ("label",), 3)
    first, second, last = rows_of(path)
    assert first.cells == ("1", "Nice room", "good", "3", "2024-05-01", "", "true")
    assert second.cells[3:] == ("2.5", "", "2024-05-01T13:45:00", "false")
    assert (first.number, last.number, last.concepts) == (2, 5, (("good", True),))


def test_the_sheet_can_be_chosen_and_the_first_filled_one_is_guessed(tmp_path):
    one = [["text", "label"], ["one", "a"], ["two", "b"]]
    other = [["Nachricht", "Kategorie", "Nummer"], ["drei", "x", 7], ["vier", "y", 8]]
    path = workbook(tmp_path / "a.xlsx", {"Leer": [], "Erste": one, "Zweite": other})
    seen = preview(path)
    assert (seen.sheets, seen.mapping.sheet) == (("Leer", "Erste", "Zweite"), "Erste")
    switched = with_options(seen, sheet="Zweite")
    assert (switched.mapping.text, switched.mapping.concepts) == ("Nachricht", ("Kategorie",))
    assert texts_of(path, sheet="Zweite") == ["drei", "vier"]
    assert with_options(switched, sheet="Erste") == seen
    assert with_options(seen, has_header=False).n_rows == 3
    with pytest.raises(SheetMissingError, match="Dritte"):
        with_options(seen, sheet="Dritte")


def test_a_formula_is_never_run_and_its_kept_value_is_taken(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"A": [["text", "n"], ["hello", "=1+1"], ["you", 2]]})
    assert [row.cells for row in rows_of(path)] == [("hello", ""), ("you", "2")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", '{"text": "one", "label": "a"}\n\n{"label": "b", "text": "two"}\n'),
        ("a.ndjson", '\ufeff{"text": "one", "label": "a"}\r\n{"text": "two", "label": "b"}'),
        ("a.json", '{"text": "one", "label": "a"}\n{"text": "two", "label": "b"}\n'),
        ("a.json", '[{"text": "one", "label": "a"}, {"text": "two", "label": "b"}]'),
        ("a.json", '{"n": 2, "data": [{"text": "one", "label": "a"}, {"text": "two"}]}'),
    ],
    ids=["lines", "ndjson", "lines-in-json", "array", "object"],
)
def test_json_of_every_layout_is_a_table(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    rows = rows_of(path)
    assert [row.text for row in rows] == ["one", "two"]
    assert rows[0].concepts == (("a", True),)


def test_nested_values_become_columns_and_lists_several_concepts(tmp_path):
    path = tmp_path / "a.json"
    items = [
        {"data": {"text": "one", "by": {"name": "Ann"}}, "tags": ["a", "b|c"], "n": 3.0},
        {"data": {"text": "two"}, "tags": [], "more": [{"x": None}], "n": True},
    ]
    path.write_text(json.dumps(items))
    seen = preview(path)
    assert seen.columns == ("data.text", "data.by.name", "tags", "n", "more")
    assert (seen.mapping.text, seen.mapping.concepts) == ("data.text", ("tags",))
    first, second = rows_of(path)
    assert [name for name, _positive in first.concepts] == ["a", "b|c"]
    assert first.metadata == {"data.by.name": "Ann", "n": "3"}
    assert second.metadata == {"n": "true", "more": '[{"x": null}]'}


def test_an_array_of_texts_and_a_long_array_are_read_item_by_item(tmp_path):
    path = tmp_path / "a.json"
    texts = [f"text number {i} with ümläuts, [brackets] and “quotes”" for i in range(5000)]
    path.write_text(json.dumps(texts, indent=1, ensure_ascii=False), encoding="utf-8")
    assert texts_of(path) == texts
    path.write_text(json.dumps([1, 2.0, "three"]))
    assert texts_of(path) == ["1", "2", "three"]


def test_a_line_that_is_no_json_is_a_problem_and_the_others_come_in(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "one"}\n{"text": \n{"text": "\\ud800"}\n{"text": "four"}\n')
    rows = rows_of(path)
    assert [isinstance(row, Row) for row in rows] == [True, False, False, True]
    assert [row.number for row in rows] == [1, 2, 3, 4]


def test_an_array_that_breaks_off_keeps_what_came_before(tmp_path):
    path = tmp_path / "a.json"
    for end in ('{"text": "thr', "", ","):
        path.write_text(f'[{{"text": "one"}}, {{"text": "two"}}, {end}')
        *rows, last = rows_of(path)
        assert [row.text for row in rows] == ["one", "two"]
        assert (last.number, "breaks off" in last.reason) == (3, True)


def test_a_zip_of_texts_is_like_a_folder(tmp_path):
    files = {
        "mails/sport/1.txt": "goal",
        "mails/food/1.md": "# Soup",
        "__MACOSX/mails/._1.txt": "junk",
        "mails/.DS_Store": "junk",
        "mails/photo.jpg": "junk",
    }
    rows = rows_of(packed(tmp_path / "a.zip", files))
    assert [(row.text, row.concepts, row.external_id) for row in rows] == [
        ("goal", (("sport", True),), "mails/sport/1.txt"),
        ("# Soup", (("food", True),), "mails/food/1.md"),
    ]


def test_a_zip_with_an_outer_folder_around_its_splits_is_understood(tmp_path):
    files = {f"set/{s}/{c}/1.txt": f"{s} {c}" for s in ("train", "test") for c in ("pos", "neg")}
    rows = rows_of(packed(tmp_path / "a.zip", files))
    assert sorted((row.text, row.split, row.concepts[0][0]) for row in rows) == [
        (f"{split} {concept}", split, concept)
        for split in ("test", "train")
        for concept in ("neg", "pos")
    ]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.json", "a.jsonl", "a.xlsx", "a.txt"])
def test_a_table_may_be_packed(tmp_path, name):
    plain = tmp_path / name
    if name == "a.xlsx":
        workbook(plain, {"A": [["text", "label"], ["one", "a"], ["two", "b"]]})
    elif "json" in name:
        items = [json.dumps({"text": text}) for text in ("one", "two")]
        plain.write_text("\n".join(items) if name == "a.jsonl" else f"[{','.join(items)}]")
    else:
        plain.write_text("one\ntwo\n" if name == "a.txt" else "text\none\ntwo\n")
    zipped = packed(tmp_path / "a.zip", {f"{name}": plain.read_bytes()})
    gzipped = tmp_path / f"{name}.gz"
    gzipped.write_bytes(gzip.compress(plain.read_bytes()))
    for path in (plain, zipped, gzipped):
        assert texts_of(path) == ["one", "two"]


def test_a_zip_with_a_table_and_a_note_is_the_table_and_with_two_tables_is_refused(tmp_path):
    files = {"data.csv": "text,label\none,a\ntwo,b\n", "README.txt": "About it"}
    assert texts_of(packed(tmp_path / "a.zip", files)) == ["one", "two"]
    with pytest.raises(SeveralTablesError):
        preview(packed(tmp_path / "b.zip", files | {"more.csv": "text\nthree\n"}))
    with pytest.raises(NoTextFilesError):
        preview(packed(tmp_path / "c.zip", {"inner.zip": "PK\x03\x04", "photo.jpg": "x"}))


def test_names_that_lead_out_of_a_zip_lead_nowhere(tmp_path):
    files = {"../../up/1.txt": "one", "/etc/2.txt": "two", "c:\\x\\3.txt": "three"}
    rows = rows_of(packed(tmp_path / "a.zip", files))
    assert sorted((row.text, row.external_id) for row in rows) == [
        ("one", "up/1.txt"),
        ("three", "c:/x/3.txt"),
        ("two", "etc/2.txt"),
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_word_file_is_one_text_or_one_per_paragraph(tmp_path):
    cell = paragraph("<w:t>in a cell</w:t>")
    body = (
        paragraph("<w:t>Dear all,</w:t>", "<w:br/><w:t>good day.</w:t>")
        + f"<w:tbl><w:tr><w:tc>{cell}</w:tc></w:tr></w:tbl>"
        + f"<w:sdt><w:sdtContent>{paragraph('<w:t>In a form.</w:t>')}</w:sdtContent></w:sdt>"
    )
    path = word(tmp_path / "letter.docx", body)
    assert preview(path).kind == "document"
    assert texts_of(path) == ["Dear all,\ngood day.\n\nin a cell\n\nIn a form."]
    pieces = ["Dear all,\ngood day.", "in a cell", "In a form."]
    assert texts_of(path, cut="paragraph") == pieces
    with pytest.raises(NoWordsError):
        preview(word(tmp_path / "empty.docx", paragraph()))


def test_a_pdf_is_one_text_or_one_per_paragraph(tmp_path):
    lines = ("The first paragraph goes on and on over", "two lines.", "And here is the second one.")
    path = pdf(tmp_path / "letter.pdf", *lines)
    first, second = "\n".join(lines[:2]), lines[2]
    assert texts_of(path) == [f"{first}\n\n{second}"]
    assert texts_of(path, cut="paragraph") == [first, second]
    with pytest.raises(NoWordsError, match=r"scan\.pdf"):
        preview(pdf(tmp_path / "scan.pdf"))


def test_a_folder_holds_documents_of_all_kinds_and_none_is_lost(tmp_path):
    folder = tmp_path / "letters"
    (folder / "praise").mkdir(parents=True)
    (folder / "praise/a.txt").write_text("one\n\ntwo")
    (folder / "praise/b.md").write_text("# three")
    word(folder / "praise/c.docx", paragraph("<w:t>four</w:t>"))
    pdf(folder / "praise/d.pdf", "five")
    pdf(folder / "praise/e.pdf")
    (folder / "praise/f.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "praise/g.csv").write_text("text\nsix\n")
    (folder / "praise/h.docx").write_bytes(b"PK\x03\x04 cut off")
    rows = rows_of(folder)
    taken = [row.text for row in rows if isinstance(row, Row)]
    assert taken == ["one\n\ntwo", "# three", "four", "five"]
    assert [row.cells[0][-5:] for row in rows if isinstance(row, Problem)] == [
        "e.pdf",
        "f.doc",
        "g.csv",
        ".docx",
    ]
    by_paragraph = rows_of(folder, cut="paragraph")
    assert [row.text for row in by_paragraph[:3]] == ["one", "two", "# three"]
    assert by_paragraph[1].metadata == {"file": "praise/a.txt"}


def test_plain_text_is_cut_by_line_paragraph_or_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"One\r\nstill one\r\n \r\n\r\nTwo\r\n")
    seen = preview(path)
    assert texts_of(path) == ["One", "still one", "Two"]
    assert texts_of(path, cut="paragraph") == ["One\nstill one", "Two"]
    assert texts_of(path, cut="file") == ["One\nstill one\n \n\nTwo"]
    assert with_options(with_options(seen, cut="paragraph"), cut="line") == seen


def test_what_is_pasted_from_a_spreadsheet_is_a_table(tmp_path):
    pasted = 'text\tlabel\r\n"Dear ""you"",\nbye"\tgood\r\nNo\tbad\r\n=1+1\tgood\r\n'
    seen = preview_pasted(pasted, tmp_path)
    rows = list(read(seen.path, seen.mapping))
    assert [row.text for row in rows] == ['Dear "you",\nbye', "No", "=1+1"]
    assert (seen.path.parent, seen.mapping.concepts) == (tmp_path, ("label",))
    again = preview_pasted("One, two\nthree\n", tmp_path)
    assert [row.text for row in read(again.path, again.mapping)] == ["One, two", "three"]
    assert preview_pasted("four\nfive", tmp_path).path != again.path


def test_a_table_that_is_called_a_workbook_is_read_and_a_web_page_refused(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text("text\tlabel\none\ta\ntwo\tb\n")
    assert texts_of(path) == ["one", "two"]
    path.write_text("<html><table><tr><td>text</td></tr></table></html>")
    with pytest.raises(FormatUnsupportedError):
        preview(path)


@pytest.mark.parametrize("pasted", ["", " \n\t\n"])
def test_nothing_pasted_is_said(tmp_path, pasted):
    with pytest.raises(EmptyFileError):
        preview_pasted(pasted, tmp_path)


def test_a_broken_character_that_is_pasted_costs_one_row(tmp_path):
    seen = preview_pasted("fine words\nbroken \ud800 words\n", tmp_path)
    assert [type(row) for row in read(seen.path, seen.mapping)] == [Row, Problem]


def test_files_with_a_password_are_refused(tmp_path):
    locked = tmp_path / "a.zip"
    content = io.BytesIO(packed(tmp_path / "plain.zip", {"a/1.txt": "one"}).read_bytes())
    raw = bytearray(content.getvalue())
    raw[6] |= 1  # the flag in front of the member
    raw[raw.index(b"PK\x01\x02") + 8] |= 1  # and in the list of members
    locked.write_bytes(raw)
    (problem,) = rows_of(locked)
    assert "password" in problem.reason
    for name in ("a.docx", "a.xlsx"):  # Office encrypts into the container of its old formats
        (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
        with pytest.raises(EncryptedFileError if name == "a.docx" else UserError):
            preview(tmp_path / name)


def test_a_field_that_first_comes_late_in_a_long_file_is_kept_as_metadata(tmp_path):
    path = tmp_path / "long.jsonl"
    lines = [json.dumps({"text": f"text {i}", "label": "a"}) for i in range(1_500)]
    lines.append(json.dumps({"text": "the last", "label": "b", "channel": "mail", "tags": ["x"]}))
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = list(read(path, preview(path).mapping))
    assert rows[-1].text == "the last"
    assert rows[-1].metadata == {"channel": "mail", "tags": "x"}
    assert rows[0].metadata == {}
