"""Damaged and malicious files: a sentence or a problem, never endless time or memory."""

import gzip
import io
import json
import os
import random
import struct
import tracemalloc
import zipfile
from itertools import islice

import pytest

from core.errors import UserError
from core.files import Problem, Row, preview, read, with_options
from core.files.errors import (
    DamagedFileError,
    FileUnreadableError,
    FormatUnsupportedError,
    UnpacksTooFarError,
)
from tests.core.test_files_formats import packed, paragraph, pdf, word, workbook

LAUGHS = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
LAUGHS = f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>'


def outcome(path):
    """Return how many rows came in and how many did not, or the sentence of the refusal."""
    try:
        rows = list(read(path, preview(path).mapping))
    except UserError as error:
        refusal = error
    else:
        refusal = None
    if refusal:
        assert str(refusal).endswith(".")
        assert refusal.next_step.endswith(".")
        return str(refusal)
    assert all(isinstance(row, Row | Problem) for row in rows)
    return sum(isinstance(row, Row) for row in rows), sum(isinstance(row, Problem) for row in rows)


def replace_part(path, name, change):
    """Rewrite one file inside an office file."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    return packed(path, parts | {name: change(parts[name])})


def test_what_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("core.unpacking.HARMLESS_BYTES", 1 << 20)
    zeros = b"text\n" + b"0,0,0\n" * 1_000_000
    packing = tmp_path / "a.csv.gz"
    packing.write_bytes(gzip.compress(zeros))
    with pytest.raises(UnpacksTooFarError):
        list(read(packing, preview(packing).mapping))
    for path in (
        packed(tmp_path / "a.zip", {"a.csv": zeros}),
        packed(tmp_path / "b.zip", {f"{i}.txt": zeros for i in range(3)}),
        packed(tmp_path / "a.xlsx", {"xl/workbook.xml": zeros}),
        packed(tmp_path / "a.docx", {"word/document.xml": zeros}),
    ):
        with pytest.raises(UnpacksTooFarError):
            preview(path)


def test_a_zip_that_lies_about_its_size_is_damaged(tmp_path):
    path = packed(tmp_path / "a.zip", {"a.csv": b"text\n" + b"words\n" * 100_000})
    raw = bytearray(path.read_bytes())
    struct.pack_into("<I", raw, 22, 100)  # the size that the member has unpacked
    struct.pack_into("<I", raw, raw.index(b"PK\x01\x02") + 24, 100)
    path.write_bytes(raw)
    with pytest.raises(DamagedFileError):
        preview(path)


def test_xml_that_grows_without_end_is_refused(tmp_path):
    with pytest.raises(DamagedFileError):
        preview(word(tmp_path / "a.docx", paragraph("<w:t>&a11;</w:t>"), LAUGHS))
    path = workbook(tmp_path / "a.xlsx", {"A": [["text"], ["one"]]})
    replace_part(
        path,
        "xl/worksheets/sheet1.xml",
        lambda old: LAUGHS.encode() + old.replace(b">one<", b">&a11;<"),
    )
    with pytest.raises(DamagedFileError):
        preview(path)


def test_xml_cannot_read_other_files(tmp_path):
    (tmp_path / "secret.txt").write_text("the secret")
    declaration = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    path = word(tmp_path / "a.docx", paragraph("<w:t>words &e;</w:t>"), declaration)
    assert "damaged" in str(outcome(path)) or "the secret" not in str(
        [row.cells for row in read(path, preview(path).mapping)]
    )


def test_a_sheet_with_a_cell_in_its_last_corner_takes_no_memory(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"A": [["text"], ["one"]]})
    corner = b'<c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c>'
    replace_part(
        path,
        "xl/worksheets/sheet1.xml",
        lambda old: old.replace(
            b"</sheetData>", b'<row r="1048576">' + corner + b"</row></sheetData>"
        ),
    )
    resource = pytest.importorskip("resource")  # which Windows has not
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(outcome(path)) == 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KB


@pytest.mark.parametrize("opening", ['[{"a":', "[", '{"text": "x", "a":'])
def test_deeply_nested_json_is_a_problem_or_refused(tmp_path, opening):
    for name in ("a.json", "a.jsonl"):
        path = tmp_path / name
        path.write_text(opening * 200_000)
        assert "Traceback" not in str(outcome(path))
    lines = tmp_path / "b.jsonl"
    lines.write_text(f'{{"text": "one"}}\n{opening * 100_000}\n{{"text": "two"}}\n')
    assert outcome(lines) == (2, 1)


def test_json_with_strange_values_comes_in_or_is_a_problem(tmp_path):
    path = tmp_path / "a.jsonl"
    lines = ['{"text": NaN}', "1" * 5000, "null", '"a text"', "[1, [2]]", '{"": {"": "x"}}', "{}"]
    path.write_text("\n".join(['{"text": "one"}', *lines, '{"text": "\\u0000"}']))
    n_rows, n_problems = outcome(path)
    assert (n_rows, n_problems) == (3, 4)


def test_an_object_of_many_columns_is_cut_to_what_a_window_can_show(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{f"c{i}": "x" for i in range(20_000)} | {"text": "one"}]))
    assert outcome(path) == (1, 0)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: workbook(
            path.with_suffix(".xlsx"), {"A": [["text", "l"], *[["a", "b"]] * 50]}
        ),
        lambda path: word(path.with_suffix(".docx"), paragraph("<w:t>words</w:t>") * 50),
        lambda path: pdf(path.with_suffix(".pdf"), *["a line of words"] * 20),
        lambda path: packed(path.with_suffix(".zip"), {f"{i}/a.txt": "words" for i in range(9)}),
        lambda path: packed(path.with_suffix(".zip"), {"a.csv": "text\n" + "words\n" * 999}),
    ],
    ids=["xlsx", "docx", "pdf", "zip", "zipped-csv"],
)
def test_a_file_that_is_cut_off_or_scrambled_never_breaks_the_program(tmp_path, make):
    path = make(tmp_path / "a")
    whole = path.read_bytes()
    chance = random.Random(13)
    assert outcome(path)[0] > 0
    for i in range(60):
        raw = bytearray(whole)
        if i % 3 == 0:
            raw = raw[: chance.randrange(len(raw))]
        else:
            for _ in range(1 + i % 7):
                raw[chance.randrange(len(raw))] = chance.randrange(256)
        path.write_bytes(raw)
        outcome(path)


def test_an_old_workbook_that_is_scrambled_never_breaks_the_program(tmp_path, shared_data):
    whole = (shared_data("messy_csv") / "csvkit__test.xls").read_bytes()
    path, chance = tmp_path / "a.xls", random.Random(13)
    for i in range(60):
        raw = bytearray(whole) if i % 3 else bytearray(whole[: chance.randrange(len(whole))])
        for _ in range(1 + i % 7):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        path.write_bytes(raw)
        outcome(path)


def test_a_packed_table_that_is_cut_off_is_refused(tmp_path):
    path = tmp_path / "a.csv.gz"
    lines = "".join(f"text number {i * 7919 % 10007},a\n" for i in range(20_000))
    path.write_bytes(gzip.compress(f"text,label\n{lines}".encode())[:-5000])
    with pytest.raises(DamagedFileError):
        list(read(path, preview(path).mapping))


def test_an_archive_in_an_archive_is_refused(tmp_path):
    inner = gzip.compress(b"text\none\n")
    twice = tmp_path / "a.csv.gz"
    twice.write_bytes(gzip.compress(inner))
    with pytest.raises(FormatUnsupportedError):
        preview(twice)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", "text\none\n")
    assert "no .txt" in outcome(packed(tmp_path / "a.zip", {"b.zip": buffer.getvalue()}))


@pytest.mark.slow
def test_marks_that_are_opened_again_and_again_do_not_take_forever(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,label\n" + 'x"y,"a\n' * 40_000)
    reader = read(path, with_options(preview(path), delimiter=",").mapping)
    assert sum(1 for _row in reader) == 40_000


def test_a_row_may_not_be_as_long_as_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("core.files.records.MAX_RECORD_CHARS", 1 << 16)
    monkeypatch.setattr("core.files.sources.json_rows.MAX_RECORD_CHARS", 1 << 16)
    table = tmp_path / "a.csv"
    table.write_text('text,label\n"one,a\n' + "two words,b\n" * 30_000)
    assert outcome(table) == (30_000, 1)
    array = tmp_path / "a.json"
    array.write_text('["one", "' + "x" * 500_000 + '", "three"]')
    assert outcome(array) == (1, 1)


def test_a_folder_that_leads_into_itself_is_read_once(tmp_path):
    folder = tmp_path / "texts"
    (folder / "a").mkdir(parents=True)
    (folder / "a/1.txt").write_text("one")
    (folder / "a/again").symlink_to(folder, target_is_directory=True)
    (folder / "a/loop.txt").symlink_to(folder / "a/loop.txt")
    (folder / "a/gone.txt").symlink_to(folder / "nowhere.txt")
    assert outcome(folder) == (1, 0)


def test_a_folder_that_may_not_be_read_is_said(tmp_path, monkeypatch):
    (tmp_path / "open").mkdir()
    (tmp_path / "open/1.txt").write_text("one")
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def refuse(place):
        if str(place).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(place))
        return scan(place)

    monkeypatch.setattr("os.scandir", refuse)
    rows = list(read(tmp_path, preview(tmp_path).mapping))
    assert [type(row) for row in rows] == [Row, Problem]
    assert "closed" in rows[1].row
    with pytest.raises(FileUnreadableError):
        preview(tmp_path / "closed")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(FileUnreadableError, match=r"a\.csv"):
        preview(tmp_path / "a.csv")


def test_a_long_array_is_not_held_in_memory(tmp_path):
    path = tmp_path / "a.json"
    item = json.dumps({"text": "some words of a text " * 5, "label": "a"})
    path.write_text("[" + ",".join([item] * 40_000) + "]")
    mapping = preview(path).mapping
    tracemalloc.start()
    rows = iter(read(path, mapping))
    assert sum(1 for _row in islice(rows, 20_000)) == 20_000
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 << 20
