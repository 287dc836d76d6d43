"""The page before an import shows a file as it will be read, and heals when it is changed."""

import csv

import pytest

from core.operations.add_texts import AddTextsRequest, add_texts
from desktop import boxes
from desktop.screens.dataset.import_page import ImportPage
from desktop.screens.dataset.roles import Role
from desktop.widgets.concept_chip import Chip


@pytest.fixture
def page(qtbot, session):
    page = ImportPage(session)
    qtbot.addWidget(page)
    page.resize(1064, 748)
    page.show()
    return page


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "letters.csv"
    path.write_text(
        "kundentext;kategorie;datum\n"
        "Where is my parcel?;delivery;2026-03-04\n"
        "I was charged twice.;payment|complaint;2026-03-05\n"
        ";delivery;2026-03-06\n"
        "لم تصل بطاقتي;;2026-03-07\n",
        encoding="utf-8",
    )
    return path


def chips(page):
    return [chip.name for cell in page.grid._cells for chip in cell.findChildren(Chip)]


def roles(page):
    return list(page.roles.values())


def test_columns_separators_and_counts_are_guessed_and_said(page, letters):
    page.open(letters)
    assert roles(page) == [Role.TEXT, Role.CONCEPTS, Role.UNUSED]
    assert chips(page) == ["delivery", "payment", "complaint"]
    assert page._lead.text().startswith("letters.csv. 4 rows, separated by semicolons, UTF-8.")
    assert page.add.text() == "Add 3 texts"
    assert page.footer.note().startswith("Of these, 1 has no concept yet.")
    assert page.look.n_problems == 1


def test_another_role_is_read_at_once(page, letters):
    page.open(letters)
    page.grid.role_chosen.emit("kategorie", Role.NOTE)
    assert chips(page) == []
    assert page.seen.mapping.metadata == ("kategorie",)
    assert page.footer.note() == "No column holds concepts. You can label the texts later."


def test_only_one_column_is_the_text(page, letters):
    page.open(letters)
    page.grid.role_chosen.emit("datum", Role.TEXT)
    assert roles(page) == [Role.UNUSED, Role.CONCEPTS, Role.TEXT]
    assert page.seen.mapping.text == "datum"


def test_without_a_text_column_nothing_can_be_added_until_one_is_named(page, letters):
    page.open(letters)
    page.grid.role_chosen.emit("kundentext", Role.UNUSED)
    assert not page.add.isEnabled()
    assert page.footer.note() == "Say which column holds the text."
    page.grid.role_chosen.emit("kundentext", Role.TEXT)
    assert page.add.isEnabled()


def test_header_and_separator_can_be_switched(page, letters):
    page.open(letters)
    page.options.header.click()
    assert page.look.rows[0].text == "kundentext"
    page.options.header.click()
    page.options.changed.emit({"separator": ""})
    assert chips(page) == ["delivery", "payment|complaint"]


def test_another_delimiter_is_seen_at_once(page, letters):
    page.open(letters)
    page.options.changed.emit({"delimiter": ","})
    assert len(page.seen.columns) == 1


def test_another_encoding_is_read_at_once_and_one_that_cannot_be_leaves_the_old_one(page, tmp_path):
    path = tmp_path / "umlaute.csv"
    path.write_bytes("text,label\nGrüße aus Köln,good\nschöne Übung,good\n".encode("cp1252"))
    page.open(path)
    assert page.look.rows[0].text == "Grüße aus Köln"
    page.options.changed.emit({"encoding": "cp1251"})
    assert page.look.rows[0].text == "GrьЯe aus Kцln"
    page.options.changed.emit({"encoding": "utf-16"})
    assert page._changing.isVisible()
    assert page.seen.mapping.encoding == "cp1251"
    assert page.add.isEnabled()


def test_known_concepts_keep_their_colour(page, session, letters):
    session.do(add_texts, AddTextsRequest(("a",), ("other", "payment")))
    page.open(letters)
    number = {chip.name: chip.number for chip in page.grid.findChildren(Chip)}
    assert (number["payment"], number["complaint"], number["delivery"]) == (1, 2, 3)


@pytest.mark.parametrize(
    ("name", "content"), [("empty.csv", b""), ("picture.csv", b"\x89PNG\0\0\0\1" * 200)]
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(page, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    page.open(path)
    assert not page.add.isEnabled()
    assert not page.grid.isVisible()
    assert page._changing.isVisible()
    assert page.first_focus() is page.other


def test_a_file_of_which_no_row_can_be_added_says_so(page, tmp_path):
    path = tmp_path / "bare.csv"
    path.write_text("text,label\n,spam\n,ham\n")
    page.open(path)
    page.grid.role_chosen.emit("text", Role.TEXT)
    assert not page.add.isEnabled()
    assert page.footer.note() == "No row of this file can be added."


def test_the_rows_that_cannot_be_added_can_be_saved(page, letters, tmp_path, monkeypatch):
    saved = tmp_path / "rows.csv"
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_: saved)
    page.open(letters)
    (button,) = [b for b in page._panel.findChildren(type(page.add)) if "Save" in b.text()]
    button.click()
    with saved.open(encoding="utf-8-sig", newline="") as file:
        (_head, row) = csv.reader(file)
    assert row[0] == "4"
    assert "no text" in row[1]


def test_the_columns_of_the_portal_show_yes_and_no(page, tmp_path):
    path = tmp_path / "portal.csv"
    head = "input.id,input.data.text.raw,input.data.concepts[0].id,input.data.concepts[0].value"
    path.write_text(f"{head}\na,first text here,spam,1\nb,second text here,spam,0\n")
    page.open(path)
    assert roles(page) == [Role.ID, Role.TEXT, Role.CONCEPTS, Role.VALUE]
    assert not page.grid.selects["input.data.concepts[0].value"].isEnabled()
    assert page.footer.note().startswith("Of these, 1 has no concept")


def test_a_folder_of_texts_becomes_concepts(page, tmp_path):
    for concept in ("sport", "politics"):
        (tmp_path / "news" / concept).mkdir(parents=True)
        (tmp_path / "news" / concept / "1.txt").write_text(f"about {concept}")
    page.open(tmp_path / "news")
    assert chips(page) == ["politics", "sport"]
    assert page.add.text() == "Add 2 texts"
    assert not page.options.header.isVisible()


def test_a_text_file_can_be_one_text_or_many(page, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("first line of it\nsecond line of it\nthird line\n")
    page.open(path)
    assert page.add.text() == "Add 3 texts"
    page.options.one_text.click()
    assert page.add.text() == "Add 1 text"


def test_many_columns_scroll_sideways_and_long_names_do_not_widen_the_page(page, tmp_path):
    path = tmp_path / "wide.csv"
    names = ["text", *(f"column {i} {'x' * 150}" for i in range(30))]
    path.write_text(",".join(names) + "\n" + "some text," + ",".join(["value"] * 30) + "\n")
    page.open(path)
    assert page.grid.least_width > page.width()
    assert page.width() == 1064
