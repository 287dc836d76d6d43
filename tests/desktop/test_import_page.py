"""The page before an import shows a file as it will be read, and heals when it is changed."""

import csv

import pytest
import xlsxwriter

from core.operations.add_texts import AddTextsRequest, add_texts
from core.preferences import MAX_MAPPINGS, remember_mapping, remembered_mapping
from desktop import boxes
from desktop.screens.dataset.import_page import ImportPage
from desktop.screens.dataset.roles import Role
from desktop.widgets.concept_chip import Chip
from desktop.widgets.text import Wrapped


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


def choose(select, value):
    """Choose what stands for the value, as a click on it does."""
    place = [select.itemData(i) for i in range(select.count())].index(value)
    select.setCurrentIndex(place)
    select.activated.emit(place)


def test_columns_separators_and_counts_are_guessed_and_said(page, letters):
    page.open(letters)
    assert roles(page) == [Role.TEXT, Role.CONCEPTS, Role.METADATA]
    assert chips(page) == ["delivery", "payment", "complaint"]
    assert page._lead.text().startswith("letters.csv. 4 rows, separated by semicolons, UTF-8.")
    assert page.add.text() == "Add 3 texts"
    assert page.footer.note().startswith("Of these, 1 has no concept yet.")
    assert page.look.n_problems == 1


def test_another_role_is_read_at_once(page, letters):
    page.open(letters)
    page.grid.role_chosen.emit("kategorie", Role.METADATA)
    assert chips(page) == []
    assert page.seen.mapping.metadata == ("kategorie", "datum")
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
    assert page.footer.note() == "All of them are labelled."


def test_the_column_that_holds_the_answers_is_named(page, tmp_path):
    path = tmp_path / "answers.csv"
    rows = [f"{i},Where is parcel {i}?,It comes on day {i}.,{'abc'[i % 3]}" for i in range(6)]
    path.write_text("\n".join(["id,text,answer,kind", *rows]))
    page.open(path)
    assert roles(page)[:3] == [Role.ID, Role.TEXT, Role.TARGET]
    assert (
        page.footer.note() == "“answer” holds what a model shall write. All of them have an answer."
    )


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
    choose(page.options.cut, "file")
    assert page.add.text() == "Add 1 text"
    assert page._lead.text().startswith("notes.txt. 1 text, UTF-8.")
    path.write_text("first\nparagraph\n\nsecond paragraph\n")
    choose(page.options.cut, "paragraph")
    assert [row.text for row in page.look.rows] == ["first\nparagraph", "second paragraph"]


def test_many_columns_scroll_sideways_and_long_names_do_not_widen_the_page(page, tmp_path):
    path = tmp_path / "wide.csv"
    names = ["text", *(f"column {i} {'x' * 150}" for i in range(30))]
    path.write_text(",".join(names) + "\n" + "some text," + ",".join(["value"] * 30) + "\n")
    page.open(path)
    assert page.grid.least_width > page.width()
    assert page.width() == 1064


# -- what will happen -------------------------------------------------------------------------


def test_the_page_says_what_will_happen_before_anything_does(page, session, letters):
    session.do(add_texts, AddTextsRequest(("a",), ("payment",)))
    page.open(letters)
    said = {key: value.text() for key, value in page.facts.values.items()}
    assert said == {
        "texts": "3",
        "targets": "0",
        "concepts": "3, 2 of them new",
        "unlabelled": "1",
        "problems": "1",
    }
    assert (
        page._why.text()
        == "“kundentext” has the longest cells; “kategorie” is called like concepts."
    )


def test_a_long_file_is_counted_in_the_background(qtbot, page, tmp_path):
    path = tmp_path / "long.csv"
    rows = [f"text number {i} {'x' * 120},spam" for i in range(12_000)]
    path.write_text("\n".join(["text,label", *rows, ",spam", ""]))
    page.open(path)
    assert page.seen.n_rows is None
    assert page.facts.values["texts"].text() == "…"
    assert page.add.isEnabled()
    qtbot.waitUntil(lambda: page.look.is_whole)
    assert page.add.text() == "Add 12,000 texts"
    assert page.facts.values["problems"].text() == "1"


def test_texts_that_are_here_already_are_found_and_one_says_what_becomes_of_them(
    qtbot, page, session, tmp_path
):
    session.do(add_texts, AddTextsRequest(("I am here already",), ("known",)))
    path = tmp_path / "some.csv"
    path.write_text("id,text,label\n1,I am here already,new\n2,another,new\n2,a third,new\n")
    page.open(path)
    assert not page.duplicates.isVisible()
    qtbot.waitUntil(lambda: page.look.check is not None)
    ids, texts = page.duplicates._ids.text(), page.duplicates._texts.text()
    assert ids == "1 row has an id that came before, with another text."
    assert texts == "1 row has a text that came before, here or in this file."
    qtbot.waitUntil(lambda: page.add.text() == "Add 3 texts")  # its id is that of another list
    page.duplicates.same_text.set_value(2)
    qtbot.waitUntil(lambda: page.look.check.n_merged == 1)
    assert page.add.text() == "Add 2 texts"
    request = page.request()
    assert (request.same_id, request.same_text) == ("keep", "merge")


def test_without_duplicates_nothing_is_asked(qtbot, page, letters):
    page.open(letters)
    qtbot.waitUntil(lambda: page.look.check is not None)
    assert not page.duplicates.isVisible()


def test_a_concept_nearly_written_like_another_is_pointed_out(page, session, tmp_path):
    session.do(add_texts, AddTextsRequest(("a",), ("Late delivery",)))
    path = tmp_path / "some.csv"
    path.write_text("text,label\nwhere is it then,late_delivery\nvery good,praise\n")
    page.open(path)
    (note,) = page._notes.findChildren(Wrapped)
    assert note.text().startswith("“late_delivery” is nearly written like “Late delivery”.")


def test_splits_that_are_not_known_are_pointed_out(page, tmp_path):
    path = tmp_path / "some.csv"
    rows = [f"text {i} of many,spam,train" for i in range(30)]
    path.write_text("\n".join(["text,label,split", *rows, "one more text,ham,holdout", ""]))
    page.open(path)
    (note,) = page._notes.findChildren(Wrapped)
    assert note.text().startswith("1 row names a split other than")


# -- columns ----------------------------------------------------------------------------------


def test_several_columns_can_be_joined_to_one_text(page, tmp_path):
    path = tmp_path / "mails.csv"
    path.write_text("subject,body,label\nParcel,Where is it?,delivery\nThanks,Well done,praise\n")
    page.open(path)
    page.grid.role_chosen.emit("subject", Role.TEXT)
    page.grid.role_chosen.emit("body", Role.MORE_TEXT)
    assert page.look.rows[0].text == "Parcel\n\nWhere is it?"
    assert roles(page) == [Role.TEXT, Role.MORE_TEXT, Role.CONCEPTS]


def test_columns_of_1_and_0_are_concepts(page, tmp_path):
    path = tmp_path / "flags.csv"
    path.write_text("text,late,broken\nwhere is my parcel,1,0\nit is in pieces,0,1\n")
    page.open(path)
    assert roles(page) == [Role.TEXT, Role.YES_NO, Role.YES_NO]
    assert chips(page) == ["late", "broken", "late", "broken"]
    assert page._why.text().endswith("columns that say 1 or 0 are concepts.")


def test_two_labels_can_mean_yes_and_no(page, tmp_path):
    path = tmp_path / "mails.csv"
    path.write_text("text,label\nwin a prize now,spam\nsee you at eight,ham\n")
    page.open(path)
    assert page.options.yes_value.isVisible()
    choose(page.options.yes_value, "spam")
    assert [row.concepts for row in page.look.rows] == [(("spam", True),), (("spam", False),)]
    assert chips(page) == ["spam", "spam"]
    choose(page.options.yes_value, "")
    assert chips(page) == ["spam", "ham"]


def test_the_sheet_of_a_workbook_can_be_chosen(page, tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in (("March", 2), ("April", 3)):
            sheet = book.add_worksheet(name)
            for i, row in enumerate([("text", "label"), *[("a text to sort", "spam")] * rows]):
                sheet.write_row(i, 0, row)
    page.open(path)
    assert page.add.text() == "Add 2 texts"
    choose(page.options.sheet, "April")
    assert page.add.text() == "Add 3 texts"
    assert "on the sheet “April”" in page._lead.text()


def test_what_columns_are_is_remembered_for_files_with_the_same_header(page, letters, tmp_path):
    page.open(letters)
    page.grid.role_chosen.emit("datum", Role.ID)
    page.add.click()
    other = tmp_path / "april.csv"
    other.write_text("kundentext;kategorie;datum\nWhere is it?;delivery;4\nThanks;praise;5\n")
    page.open(other)
    assert roles(page) == [Role.TEXT, Role.CONCEPTS, Role.ID]
    assert page._why.text() == "As last time with these columns."
    page.anew.click()
    assert roles(page) == [Role.TEXT, Role.CONCEPTS, Role.METADATA]
    assert page._why.text() != "As last time with these columns."


def test_what_does_not_fit_a_file_any_more_is_not_said_to_be_as_last_time(page, letters, tmp_path):
    page.open(letters)
    page.add.click()
    other = tmp_path / "other.csv"
    other.write_text("KUNDENTEXT;KATEGORIE;DATUM\nWhere is it?;delivery;4\nThanks;praise;5\n")
    page.open(other)
    assert page._why.text() != "As last time with these columns."


def test_only_so_many_headers_are_remembered_the_newest(home):
    for i in range(MAX_MAPPINGS + 5):
        remember_mapping(f"signature {i}", {"text": f"column {i}"})
    assert remembered_mapping("signature 4") is None
    assert remembered_mapping("signature 5") == {"text": "column 5"}
    assert remembered_mapping(f"signature {MAX_MAPPINGS + 4}")
