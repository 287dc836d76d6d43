"""Which column is what: guessed where it is clear, changed by the analyst, remembered."""

import json
from dataclasses import asdict

import pytest

from core.files import (
    Mapping,
    Problem,
    Row,
    preview,
    read,
    signature,
    with_columns,
    with_options,
    with_remembered,
    write_problems,
)
from core.files.errors import ColumnMissingError


def write(folder, content, name="a.csv"):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def rows_of(seen):
    return list(read(seen.path, seen.mapping))


def test_several_text_columns_are_joined_by_blank_lines(tmp_path):
    path = write(tmp_path, "subject,body,sign\nHello,Dear all,Ann\nNo body,,Bob\n,,Cem\n")
    seen = with_columns(preview(path), text="subject", also_text=["body"], metadata=["sign"])
    first, second, third = rows_of(seen)
    assert (first.text, second.text) == ("Hello\n\nDear all", "No body")
    assert isinstance(third, Problem)


def test_columns_of_ones_and_zeros_are_concepts_called_like_their_headers(tmp_path):
    header = "text,spam,urgent,n\n"
    body = "win now,1,0,5\nhello,0,,7\nhelp,no,YES,9\nwhat,,maybe,1\n"
    seen = preview(write(tmp_path, header + body.replace("maybe", "1")))
    assert (seen.mapping.indicators, seen.mapping.concepts) == (("spam", "urgent"), ())
    assert seen.mapping.metadata == ("n",)
    assert [row.concepts for row in rows_of(seen)] == [
        (("spam", True), ("urgent", False)),
        (("spam", False),),
        (("spam", False), ("urgent", True)),
        (("urgent", True),),
    ]
    path = write(tmp_path, header + body, "b.csv")
    said = rows_of(with_columns(preview(path), concepts=(), indicators=("spam", "urgent")))
    assert "“maybe” says neither" in said[-1].reason


def test_ones_and_zeros_beside_a_column_of_labels_are_facts(tmp_path):
    seen = preview(write(tmp_path, "text,label,read,new\none,a,1,0\ntwo,b,0,1\nthree,a,1,1\n"))
    assert (seen.mapping.concepts, seen.mapping.indicators) == (("label",), ())
    assert seen.mapping.metadata == ("read", "new")


def test_one_column_called_like_a_concept_says_yes_and_no(tmp_path):
    seen = preview(write(tmp_path, "text,spam\nwin now,Ja\nhello,Nein\nhi you,Nein\n"))
    assert (seen.mapping.concepts, seen.mapping.yes_value) == (("spam",), "Ja")
    assert [row.concepts for row in rows_of(seen)] == [(("spam", n),) for n in (True, False, False)]
    as_names = with_columns(seen, yes_value="")
    assert {row.concepts for row in rows_of(as_names)} == {(("Ja", True),), (("Nein", True),)}


def test_of_two_labels_one_can_be_made_the_yes(tmp_path):
    path = write(tmp_path, "text,label\nwin now,spam\nhello,ham\nhow are you,\nhi you,ham\n")
    seen = preview(path)
    assert seen.mapping.yes_value == ""
    rows = rows_of(with_columns(seen, yes_value="spam"))
    assert [row.concepts for row in rows] == [
        (("spam", True),),
        (("spam", False),),
        (),
        (("spam", False),),
    ]


def test_labels_one_and_zero_stay_two_concepts(tmp_path):
    seen = preview(write(tmp_path, "text,label\nwin now,1\nhello you,0\nhi you,0\n"))
    assert {row.concepts for row in rows_of(seen)} == {(("1", True),), (("0", True),)}


@pytest.mark.parametrize(
    ("header", "text", "concepts"),
    [
        ("Kundenkommentar;Begriffe", "Kundenkommentar", "Begriffe"),
        ("Nr;Kategorie;Freitext", "Freitext", "Kategorie"),
        ("identifiant;Commentaire;Thème", "Commentaire", "Thème"),
        ("Opinión;Categoría;numero", "Opinión", "Categoría"),
        ("Schlagwort;Rückmeldung", "Rückmeldung", "Schlagwort"),
    ],
)
def test_words_of_other_languages_in_the_header_are_known(tmp_path, header, text, concepts):
    n_columns = header.count(";") + 1
    lines = [";".join(f"w{i}{n}" for n in range(n_columns)) for i in range(6)]
    seen = preview(write(tmp_path, "\n".join([header, *lines])))
    assert (seen.mapping.text, seen.mapping.concepts) == (text, (concepts,))


def test_remaining_columns_are_metadata_unless_they_are_empty_or_huge(tmp_path):
    lines = [f"text {i},{'ab'[i % 2]},phone,,{'x' * 3000}" for i in range(4)]
    seen = preview(write(tmp_path, "\n".join(["text,label,channel,nothing,raw", *lines])))
    assert seen.mapping.metadata == ("channel",)
    assert rows_of(seen)[0].metadata == {"channel": "phone"}
    assert rows_of(with_columns(seen, metadata=[]))[0].metadata == {}


def test_rows_that_say_an_unknown_split_are_counted_and_come_in(tmp_path):
    lines = [f"text {i},{'test' if i % 3 else 'train'}" for i in range(60)]
    path = write(tmp_path, "\n".join(["text,split", *lines, "a,perhaps", "b, later", "c,"]))
    seen = preview(path)
    assert (seen.mapping.split, seen.n_unknown_splits) == ("split", 2)
    assert [row.split for row in rows_of(seen)[-3:]] == ["", "", ""]


def test_a_role_with_a_column_that_is_missing_is_refused(tmp_path):
    seen = preview(write(tmp_path, "text,label\none,a\ntwo,b\n"))
    for roles in ({"also_text": ["x"]}, {"indicators": ["x"]}, {"not_concepts": ["x"]}):
        with pytest.raises(ColumnMissingError, match="“x”"):
            with_columns(seen, **roles)


def test_what_a_column_is_stays_when_the_header_is_switched(tmp_path):
    seen = with_columns(
        preview(write(tmp_path, "a,b,c,d\none,1,two,0\nthree,0,four,1\n")),
        text="a",
        also_text=["c"],
        concepts=[],
        indicators=["b", "d"],
    )
    bare = with_options(seen, has_header=False)
    assert (bare.mapping.also_text, bare.mapping.indicators) == (
        ("Column 3",),
        ("Column 2", "Column 4"),
    )
    assert with_options(bare, has_header=True) == seen


def test_files_with_one_header_have_one_signature(tmp_path):
    seen = preview(write(tmp_path, "Text;Label\none;a\ntwo;b\n"))
    other = preview(write(tmp_path, "text, label\nthree,c\nfour,d\n", "b.csv"))
    third = preview(write(tmp_path, "text,topic\nthree,c\nfour,d\n", "c.csv"))
    assert signature(seen) == signature(other) != signature(third)


def test_roles_are_remembered_for_the_next_file_with_this_header(tmp_path):
    seen = preview(write(tmp_path, "one,two,three\na b c d,x,1\ne f g h,y,2\n"))
    seen = with_columns(seen, text="two", concepts=["three"], metadata=["one"])
    kept = json.loads(json.dumps(asdict(seen.mapping)))
    later = preview(write(tmp_path, "one;two;three\ni j k l;z;3\nm n o p;ü;4\n", "b.csv"))
    again = with_remembered(later, kept)
    assert (again.mapping.text, again.mapping.concepts) == ("two", ("three",))
    assert (again.mapping.delimiter, again.mapping.metadata) == (";", ("one",))
    assert [row.text for row in rows_of(again)] == ["z", "ü"]


@pytest.mark.parametrize(
    "change",
    [
        {"text": "gone"},
        {"text": 3},
        {"concepts": "label"},
        {"concepts": ["label", None]},
        {"values": ["label", "text"]},
        {"kind": "folder"},
        {"metadata": [["text"]]},
    ],
)
def test_what_is_remembered_but_does_not_fit_is_ignored(tmp_path, change):
    seen = preview(write(tmp_path, "text,label\none,a\ntwo,b\n"))
    assert with_remembered(seen, asdict(seen.mapping) | change) == seen
    assert with_remembered(seen, {}) == seen


def test_how_a_text_file_is_cut_is_remembered(tmp_path):
    path = write(tmp_path, "one\n\ntwo\nthree\n", "a.txt")
    kept = asdict(with_options(preview(path), cut="paragraph").mapping)
    assert [row.text for row in rows_of(with_remembered(preview(path), kept))] == [
        "one",
        "two\nthree",
    ]


def test_a_cell_that_our_export_made_harmless_is_restored(tmp_path):
    path = write(tmp_path, "text,label\n'=1+1,'-x\n''@you,'tis\n'quoted',a\n")
    first, second, third = rows_of(preview(path))
    assert (first.text, first.concepts[0][0]) == ("=1+1", "-x")
    assert (second.text, second.concepts[0][0], third.text) == ("'@you", "'tis", "'quoted'")


def test_rejected_rows_can_be_mended_and_imported_again(tmp_path):
    body = 'one,a,mail\n,b,phone\n"  ",=c,mail\nfour,b,mail\nfive,b,mail,more\n'
    seen = preview(write(tmp_path, f"text,label,channel\n{body}"))
    problems = [row for row in rows_of(seen) if isinstance(row, Problem)]
    rejected = tmp_path / "rejected.csv"
    write_problems(rejected, problems, seen.columns)
    again = preview(rejected)
    assert again.columns == ("row", "reason", "text", "label", "channel")
    assert (again.mapping.text, again.mapping.concepts) == ("text", ("label",))
    assert (again.mapping.metadata, again.mapping.id) == (("channel",), "")
    assert len(rows_of(again)) == len(problems) == 3

    mended = rejected.read_text(encoding="utf-8-sig")
    mended = mended.replace(",,b,phone", ",two,b,phone").replace(",  ,", ",three,")
    rejected.write_text(mended.replace("mail,more", "mail"), encoding="utf-8-sig")
    rows = rows_of(preview(rejected))
    assert [(row.text, row.concepts[0][0]) for row in rows] == [
        ("two", "b"),
        ("three", "=c"),
        ("five", "b"),
    ]


def test_rejected_rows_without_their_columns_are_a_table_with_one_of_its_own(tmp_path):
    problems = [Problem(7, "It is; so it is, too.", "the row as it stood", ())]
    rejected = tmp_path / "rejected.csv"
    write_problems(rejected, problems)
    assert preview(rejected).columns == ("row", "reason", "content")
    assert [row.text for row in rows_of(preview(rejected))] == ["the row as it stood"]


def test_a_mapping_with_every_role_survives_json():
    mapping = Mapping(
        text="a",
        also_text=("b",),
        not_concepts=("c",),
        indicators=("d",),
        yes_value="x",
        sheet="s",
        cut="paragraph",
    )
    assert Mapping(**json.loads(json.dumps(asdict(mapping)))) == mapping
    assert isinstance(Row(1, "a", (), ("a",), "", "", {}), Row)
