import pickle

import pytest

from core.errors import UserError
from core.files import Mapping, Problem, Row, preview, read, with_columns, with_options
from core.files.errors import ColumnMissingError
from core.files.reader import MAX_TEXT_CHARS


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows_of(path, **options):
    seen = with_options(preview(path), **options) if options else preview(path)
    return list(read(path, seen.mapping))


def labelled(rows):
    return [(row.text, *(name for name, _positive in row.concepts)) for row in rows]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "text,label\nI like it,good\nI hate it,bad\nSo so,good\n"),
        ("a.csv", "Kategorie;Nachricht\ngood;I like it\nbad;I hate it\ngood;So so\n"),
        ("a.tsv", "text\tlabel\nI like it\tgood\nI hate it\tbad\nSo so\tgood\n"),
        ("a.csv", "label|text\ngood|I like it\nbad|I hate it\ngood|So so\n"),
        ("a.csv", "good,I like it\nbad,I hate it\ngood,So so\n"),
        ("a.csv", "text,label\r\nI like it,good\r\nI hate it,bad\r\nSo so,good"),
        ("a.csv", "text,label\rI like it,good\rI hate it,bad\rSo so,good\r"),
        ("a.csv", "text,label\nI like it,good\r\nI hate it,bad\r\n\nSo so,good\n,\n"),
        ("a.csv", "Survey of May\n\ntext,label\nI like it,good\nI hate it,bad\nSo so,good\n"),
        ("a.txt", "I like it\tgood\nI hate it\tbad\nSo so\tgood\n"),
    ],
    ids=["comma", "semicolon", "tab", "pipe", "headless", "crlf", "cr", "mixed", "title", "txt"],
)
def test_texts_and_labels_are_found_whatever_the_layout(tmp_path, name, content):
    rows = rows_of(write(tmp_path, name, content))
    assert labelled(rows) == [("I like it", "good"), ("I hate it", "bad"), ("So so", "good")]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Grüße aus Köln"),
        ("utf-8-sig", "Grüße aus Köln"),
        ("utf-16", "Grüße aus Köln"),
        ("utf-16-le", "Grüße aus Köln"),
        ("utf-16-be", "Grüße aus Köln"),
        ("utf-32", "Grüße aus Köln"),
        ("cp1252", "Schöne Grüße aus Köln für „Jürgen“"),
        ("shift_jis", "これはとても良い映画でした。サービスが悪かったです。"),
        ("gb18030", "很新的也很好的。拥有豪华的设备设施。气派非凡。住着舒服"),
        ("cp1251", "Привет, как дела? Это хороший фильм, мне очень понравилось."),
    ],
)
def test_the_encoding_is_found(tmp_path, encoding, text):
    content = f'text,label\n"{text}",a\nplain,b\n"{text}",a\n'
    rows = rows_of(write(tmp_path, "a.csv", content.encode(encoding)))
    assert labelled(rows) == [(text, "a"), ("plain", "b"), (text, "a")]


def test_a_quoted_cell_may_hold_lines_delimiters_and_quotation_marks(tmp_path):
    path = write(tmp_path, "a.csv", 'text,label\n"Dear ""you"",\r\nbye",a\nshort,b\n')
    assert labelled(rows_of(path)) == [('Dear "you",\nbye', "a"), ("short", "b")]


def test_quotation_marks_that_wrap_nothing_belong_to_the_text(tmp_path):
    path = write(tmp_path, "a.tsv", 'ham\t"Hi" he said\nspam\t"win now\nham\tok "\nspam\tbuy\n')
    assert [row.text for row in rows_of(path)] == ['"Hi" he said', '"win now', 'ok "', "buy"]


def test_a_column_of_texts_with_commas_is_one_column(tmp_path):
    path = write(tmp_path, "a.csv", "text\nhello, you\nbye, all\nwell, well\n")
    assert [row.text for row in rows_of(path)] == ["hello, you", "bye, all", "well, well"]


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path):
    path = write(tmp_path, "a.csv", 'text,label\n"two\nlines",a\n\n,b\nlast,a\n')
    assert [row.number for row in rows_of(path)] == [2, 4, 5]


def test_the_portals_columns_are_read(tmp_path):
    header = (
        "input.id,input.data.text.raw,input.data.concepts[0].id,input.data.concepts[0].value,"
        "input.data.concepts[1].id,input.data.concepts[1].value,input.data.metadata"
    )
    path = write(
        tmp_path,
        "a.csv",
        header + '\nx1,hello,greeting,1,spam,0,"{""n"": 3, ""by"": ""me""}"\nx2,bye,greeting,,,,\n',
    )
    first, second = rows_of(path)
    assert first.concepts == (("greeting", True), ("spam", False))
    assert (first.external_id, first.metadata) == ("x1", {"n": "3", "by": "me"})
    assert second.concepts == (("greeting", True),)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("{0}[*].id,{0}[*].value,{0}[*].id,{0}[*].value", "a,1,b,0"),
        ("{0}[*].id,{0}[*].id,{0}[*].value,{0}[*].value", "a,b,1,0"),
        ("{0}[i].id,{0}[i].value,{0}[i].id,{0}[i].value", "a,1,b,0"),
        ("{0}[0..n].id,{0}[0..n].value,{0}[0..n].id,{0}[0..n].value", "a,1,b,0"),
    ],
)
def test_the_portals_repeated_headers_pair_in_order(tmp_path, header, cells):
    columns = header.format("input.data.concepts")
    path = write(tmp_path, "a.csv", f"input.data.text.raw,{columns}\nhello,{cells}\n")
    assert rows_of(path)[0].concepts == (("a", True), ("b", False))


def test_the_portals_template_without_concepts_is_unlabelled_text(tmp_path):
    path = write(tmp_path, "a.csv", "input.data.text.raw,input.data.concepts[*].id\nhello,\nyou,\n")
    assert labelled(rows_of(path)) == [("hello",), ("you",)]


def test_the_sdks_columns_are_read(tmp_path):
    path = write(
        tmp_path,
        "a.csv",
        "input,concepts,inputid,metadata,geopoints\n"
        """Some text,"llm,mobile",one,"{'split': 'train', 'note': ""it's""}","12.5,41.9"\n""",
    )
    (row,) = rows_of(path)
    assert labelled([row]) == [("Some text", "llm", "mobile")]
    assert (row.external_id, row.split) == ("one", "train")
    assert (row.split, row.note) == ("train", "it's")
    assert row.metadata == {"geopoints": "12.5,41.9"}


@pytest.mark.parametrize(
    ("cell", "metadata"),
    [
        ("{'a': [1, 'ü']}", {"a": '[1, "ü"]'}),
        ('{""a"": ""\\ud800""}', {"a": "?"}),
        ("{'a': __import__('os')}", {"metadata": "{'a': __import__('os')}"}),
        ("{" * 5000, {"metadata": "{" * 5000}),
        ("just a note", {"metadata": "just a note"}),
    ],
    ids=["literal", "surrogate", "code", "deep", "words"],
)
def test_metadata_is_read_or_kept_as_it_stands_and_never_run(tmp_path, cell, metadata):
    path = write(tmp_path, "a.csv", f'input,concepts,metadata\nhello,a,"{cell}"\n')
    assert rows_of(path)[0].metadata == metadata


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        (["a|b", "c", "d|e"], "|"),
        (["a; b", "a", "b; c", "c"], ";"),
        (["a,b", "a", "b,c", "c"], ","),
        (["food, drinks", "toys", "food, drinks", "toys"], ""),
        (["a", "b", "a"], ""),
    ],
)
def test_several_concepts_in_a_cell_are_told_from_a_name_with_a_comma(tmp_path, cells, separator):
    lines = [f'text {i},"{cell}"' for i, cell in enumerate(cells)]
    path = write(tmp_path, "a.csv", "\n".join(["text,labels", *lines]))
    seen = preview(path)
    assert seen.mapping.separator == separator
    first = next(iter(read(path, seen.mapping)))
    expected = cells[0].split(separator) if separator else cells[:1]
    assert [name for name, _positive in first.concepts] == [part.strip() for part in expected]


@pytest.mark.parametrize(
    ("word", "split"),
    [("Train", "train"), ("dev", "validation"), ("VALID", "validation"), ("test", "test")],
)
def test_words_for_the_split_are_understood(tmp_path, word, split):
    path = write(tmp_path, "a.csv", f"text,label,split\nhello,a,{word}\nyou,b,train\n")
    assert rows_of(path)[0].split == split


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b",a", "There is no text"),
        (b"too,many,cells", "3 cells"),
        (b"b\xfcse gr\xfc\xdfe,a", "cannot be read"),
        (b"dam\0age,a", "NUL"),
        (b"x" * (MAX_TEXT_CHARS + 1) + b",a", "1,000,001 characters"),
        (b"x," + b"long" * 100, "too long for a concept"),
    ],
    ids=["empty", "wide", "undecodable", "nul", "huge", "long-name"],
)
def test_a_row_that_cannot_be_taken_says_why_and_the_rest_goes_in(tmp_path, bad, reason):
    path = write(
        tmp_path, "a.csv", b"text,label\n\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4,a\n" + bad + b"\nlast,b\n"
    )
    rows = rows_of(path, encoding="utf-8")
    problems = [row for row in rows if isinstance(row, Problem)]
    assert labelled(row for row in rows if isinstance(row, Row)) == [("äöüä", "a"), ("last", "b")]
    assert [problem.number for problem in problems] == [3]
    assert reason in problems[0].reason
    assert len(problems[0].row) <= 500


@pytest.mark.slow
def test_ten_megabytes_in_one_cell_are_one_problem(tmp_path):
    path = write(
        tmp_path,
        "a.csv",
        'text,label\nok,b\n"'
        + "many words in one line after another\n" * 280_000
        + '",a\nfine,a\n',
    )
    first, problem, last = rows_of(path)
    assert isinstance(problem, Problem)
    assert labelled([first, last]) == [("ok", "b"), ("fine", "a")]


def test_an_endless_row_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("core.files.records.MAX_RECORD_CHARS", 1000)
    path = write(tmp_path, "a.csv", "text,label\nok,a\n" + "x" * 5000 + ",a\nlast,b\n")
    rows = rows_of(path)
    assert labelled(row for row in rows if isinstance(row, Row)) == [("ok", "a"), ("last", "b")]
    assert "endless" in rows[1].reason


def test_a_quotation_mark_never_closed_does_not_swallow_the_rest(tmp_path):
    path = write(tmp_path, "a.csv", 'text,label\n"on,e",a\n"two,b\nthree,a\nfour,b\n')
    rows = rows_of(path)
    assert labelled(row for row in rows if isinstance(row, Row)) == [
        ("on,e", "a"),
        ("three", "a"),
        ("four", "b"),
    ]
    assert rows[1].number == 3
    assert "never closed" in rows[1].reason
    assert rows[1].row == '"two,b'


def test_short_rows_are_filled_and_empty_extra_cells_are_dropped(tmp_path):
    path = write(tmp_path, "a.csv", "text,label,note\none\ntwo,b,x,,\nthree,a,y\n")
    assert labelled(rows_of(path)) == [("one",), ("two", "b"), ("three", "a")]


def test_yes_and_no_to_one_concept_is_a_problem(tmp_path):
    path = write(
        tmp_path,
        "a.csv",
        "input.data.text.raw,input.data.concepts[0].id,input.data.concepts[0].value,"
        "input.data.concepts[1].id,input.data.concepts[1].value\nhello,a,1,a,0\nhello,a,7,b,0\n",
    )
    both, seven = rows_of(path)
    assert "both yes and no" in both.reason
    assert "“7”" in seven.reason


def test_a_folder_of_folders_labels_by_folder(tmp_path):
    for name, text in [("sport/1.txt", "goal"), ("sport/2.txt", "ball"), ("food/1.txt", "soup")]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path, name, text)
    write(tmp_path, "loose.txt", "Grüße".encode("cp1252"))
    write(tmp_path, "sport/empty.txt", "")
    rows = rows_of(tmp_path)
    taken = [row for row in rows if isinstance(row, Row)]
    assert labelled(taken) == [("soup", "food"), ("Grüße",), ("goal", "sport"), ("ball", "sport")]
    assert taken[0].external_id == "food/1.txt"
    assert [row.row.split(" | ")[0] for row in rows if isinstance(row, Problem)] == [
        "sport/empty.txt"
    ]


def test_a_folder_without_folders_labels_by_its_own_name(tmp_path):
    folder = tmp_path / "complaints"
    folder.mkdir()
    write(folder, "1.txt", "It broke")
    assert labelled(rows_of(folder)) == [("It broke", "complaints")]


def test_folders_called_train_and_test_are_the_split(tmp_path):
    for name in ("train/pos/1.txt", "test/neg/1.txt"):
        (tmp_path / name).parent.mkdir(parents=True)
        write(tmp_path, name, "words")
    assert [(row.concepts[0][0], row.split) for row in rows_of(tmp_path)] == [
        ("neg", "test"),
        ("pos", "train"),
    ]


def test_a_text_file_is_one_text_per_line_or_one_in_all(tmp_path):
    path = write(tmp_path, "a.txt", 'First, of all\n\n"second\nthird; and last\n')
    assert [row.text for row in rows_of(path)] == ["First, of all", '"second', "third; and last"]
    (whole,) = rows_of(path, cut="file")
    assert whole.text == 'First, of all\n\n"second\nthird; and last'


def test_a_reader_says_how_far_it_is(tmp_path):
    path = write(tmp_path, "a.csv", "text,label\n" + "some words of text,a\n" * 20_000)
    reader = read(path, preview(path).mapping)
    shares = [reader.share_read for _row in reader]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.2
    assert 0.4 < shares[len(shares) // 2] < 0.6
    assert shares[-1] == 1


def test_a_missing_column_is_named_with_those_there_are(tmp_path):
    path = write(tmp_path, "a.csv", "text,label\nhello,a\n")
    with pytest.raises(ColumnMissingError, match="“topic”") as caught:
        read(path, Mapping(text="text", concepts=("topic",)))
    assert "text, label" in caught.value.next_step
    with pytest.raises(ColumnMissingError):
        with_columns(preview(path), concepts=["topic"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("blank.csv", b"\n \n"),
        ("picture.csv", bytes(range(256)) * 40),
        ("table.xlsx", b"PK\x03\x04 and so on"),
        ("really-zipped.csv", b"PK\x03\x04 and so on"),
        ("lines.jsonl", b'{"text": '),
        ("lines.json", b'{"text": '),
        ("folder-without-texts", None),
        ("nowhere.csv", None),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence_and_a_next_step(tmp_path, name, content):
    if content is not None:
        write(tmp_path, name, content)
    elif "." not in name:
        (tmp_path / name).mkdir()
    with pytest.raises(UserError) as caught:
        preview(tmp_path / name)
    assert name in str(caught.value)
    assert str(caught.value).endswith(".")
    assert caught.value.next_step.endswith(".")


@pytest.mark.parametrize("encoding", ["no-such-thing", "base64", "idna", "undefined"])
def test_an_encoding_that_is_none_is_refused(tmp_path, encoding):
    path = write(tmp_path, "a.csv", "text,label\nhello,a\n")
    with pytest.raises(UserError):
        with_options(preview(path), encoding=encoding)


def test_rows_problems_and_errors_cross_processes(tmp_path):
    path = write(tmp_path, "a.csv", "text,label\nhello,a\n,b\n")
    seen = preview(path)
    values = [seen, *read(path, seen.mapping), ColumnMissingError("x", ("y",)).columns]
    assert pickle.loads(pickle.dumps(values)) == values
