"""Whatever form texts come in, and by whatever way, they are looked at, added and accounted for."""

import csv
import json
import zipfile

import pytest
import xlsxwriter
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication

from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.undo import undo
from core.storage.concepts import list_concepts
from core.storage.filters import InputFilter, count_inputs, list_input_ids
from core.storage.imports import add_import, add_problems
from core.storage.inputs import get_inputs
from desktop import boxes
from desktop.screens.dataset.problem_table import ProblemTableModel
from desktop.screens.dataset.screen import DatasetScreen
from desktop.screens.dataset.type_page import MANY
from desktop.widgets.layout import Frame
from tests.core.test_files_formats import paragraph, pdf, word

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
ROWS = (("Where is my parcel?", "delivery"), ("I was charged twice.", "payment"))


@pytest.fixture
def screen(qtbot, session):
    screen = DatasetScreen(session)
    frame = Frame(screen)
    qtbot.addWidget(frame)
    frame.resize(1280, 800)
    frame.show()
    screen.frame = frame
    return screen


def texts_of(session):
    found = get_inputs(session.db, list_input_ids(session.db, InputFilter()))
    return [item.text for item in found]


def add_shown(qtbot, screen):
    """Add what the import page shows, and wait for the account of it."""
    assert screen.page is screen.importing
    screen.footer.primary.click()
    qtbot.waitUntil(lambda: screen.page is screen.result)


def write_csv(path, delimiter=","):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([("text", "label"), *ROWS])


def write_workbook(path):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate([("text", "label"), *ROWS]):
            sheet.write_row(i, 0, row)


def write_json_lines(path):
    lines = [json.dumps({"text": text, "label": label}) for text, label in ROWS]
    path.write_text("\n".join(lines), encoding="utf-8")


def write_json(path):
    path.write_text(json.dumps([{"text": t, "label": c} for t, c in ROWS]), encoding="utf-8")


def write_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        for i, (text, label) in enumerate(ROWS):
            archive.writestr(f"{label}/{i}.txt", text)


def write_folder(path):
    for i, (text, label) in enumerate(ROWS):
        (path / label).mkdir(parents=True)
        (path / label / f"{i}.txt").write_text(text, encoding="utf-8")


def write_lines(path):
    path.write_text("\n".join(text for text, _label in ROWS), encoding="utf-8")


def write_word(path):
    word(path, "".join(paragraph(f"<w:t>{text}</w:t>") for text, _label in ROWS))


def write_pdf(path):
    pdf(path, *(text for text, _label in ROWS))


# -- formats ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("mails.csv", write_csv),
        ("mails.tsv", lambda path: write_csv(path, "\t")),
        ("mails.xlsx", write_workbook),
        ("mails.jsonl", write_json_lines),
        ("mails.json", write_json),
        ("mails.zip", write_zip),
        ("mails", write_folder),
    ],
)
def test_every_format_with_concepts_comes_in_with_them(qtbot, screen, tmp_path, name, write):
    write(tmp_path / name)
    screen.open_files([tmp_path / name])
    assert screen.footer.primary.text() == "Add 2 texts"
    add_shown(qtbot, screen)
    assert sorted(texts_of(screen.session)) == sorted(text for text, _label in ROWS)
    assert {c.name for c in list_concepts(screen.session.db)} == {"delivery", "payment"}


@pytest.mark.parametrize(
    ("name", "write", "n"),
    [("a.txt", write_lines, 2), ("a.docx", write_word, 1), ("a.pdf", write_pdf, 1)],
)
def test_plain_texts_come_in_without_concepts(qtbot, screen, tmp_path, name, write, n):
    write(tmp_path / name)
    screen.open_files([tmp_path / name])
    assert screen.footer.note() == "No column holds concepts. You can label the texts later."
    add_shown(qtbot, screen)
    assert count_inputs(screen.session.db, InputFilter()) == n


# -- ways in ----------------------------------------------------------------------------------


def drop(screen, *paths):
    """Drag files over the screen and let them go."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QPoint(5, 5), action, mime, button, Qt.KeyboardModifier.NoModifier
    screen.dragEnterEvent(QDragEnterEvent(*event))
    assert screen._overlay.isVisible()
    screen.dropEvent(QDropEvent(*event))
    assert not screen._overlay.isVisible()


def test_several_files_are_dropped_anywhere_and_queue(qtbot, screen, tmp_path):
    paths = [tmp_path / f"{i}.csv" for i in range(3)]
    for path in paths:
        write_csv(path)
    drop(screen, *paths[:2])
    assert screen.importing._place.text() == "file 1 of 2"
    drop(screen, paths[2])  # it waits behind the others
    assert screen.importing._place.text() == "file 1 of 3"
    screen.importing.skip.click()
    assert screen.importing.seen.path == paths[1]
    screen.footer.primary.click()
    assert screen.importing._place.text() == "file 3 of 3"
    assert not screen.importing.skip.isVisible()
    add_shown(qtbot, screen)
    qtbot.waitUntil(lambda: not screen.imports)
    assert count_inputs(screen.session.db, InputFilter()) == 4


def test_rows_of_a_spreadsheet_are_pasted_and_looked_at(qtbot, screen):
    rows = "\n".join("\t".join(row) for row in [("text", "label"), *ROWS])
    QGuiApplication.clipboard().setText(rows)
    qtbot.keyClick(screen, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert screen.importing.seen.columns == ("text", "label")
    add_shown(qtbot, screen)
    assert [c.name for c in list_concepts(screen.session.db)] == ["delivery", "payment"]


@pytest.mark.parametrize(
    ("pasted", "label"), [("one line\nanother line\n", "Add 2 texts"), ("one text", "Add text")]
)
def test_plain_lines_are_pasted_where_texts_are_typed(screen, pasted, label):
    QGuiApplication.clipboard().setText(pasted)
    screen.paste()
    assert screen.page is screen.typing
    assert screen.footer.primary.text() == label


def test_pasting_nothing_changes_nothing(screen):
    QGuiApplication.clipboard().setText("  \n")
    screen.paste()
    assert screen.page is screen.empty


def test_very_much_that_is_pasted_goes_through_a_file(qtbot, screen):
    QGuiApplication.clipboard().setText("\n".join(f"line {i} {'x' * 500}" for i in range(2100)))
    screen.paste()
    qtbot.waitUntil(lambda: screen.importing.look.is_whole)
    assert screen.footer.primary.text() == "Add 2,100 texts"
    QGuiApplication.clipboard().clear()


def test_many_typed_texts_go_through_a_file_with_their_concepts(qtbot, screen, session):
    screen.type_texts("\n".join(f"short text {i}" for i in range(MANY + 1)))
    screen.typing._take("first; concept")
    screen.typing._take("second, concept")
    screen.footer.primary.click()
    qtbot.waitUntil(lambda: screen.page is screen.result)
    assert count_inputs(session.db, InputFilter()) == MANY + 1
    counts = {c.name: c.n_positive for c in list_concepts(session.db)}
    assert counts == {"first; concept": MANY + 1, "second, concept": MANY + 1}


# -- duplicates -------------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "counts"), [(0, (2, 1, 1)), (1, (3, 0, 1)), (2, (2, 0, 2))])
def test_the_same_text_is_left_out_added_again_or_merged(qtbot, screen, tmp_path, place, counts):
    n_inputs, n_left_out, n_labels = counts
    session = screen.session
    session.do(add_texts, AddTextsRequest((ROWS[0][0],), ("old",)))
    write_csv(tmp_path / "a.csv")
    screen.open_files([tmp_path / "a.csv"])
    qtbot.waitUntil(screen.importing.duplicates.isVisible)
    screen.importing.duplicates.same_text.set_value(place)
    add_shown(qtbot, screen)
    assert count_inputs(session.db, InputFilter()) == n_inputs
    assert screen.result.facts["Rows that were left out"] == str(n_left_out)
    (first,) = get_inputs(session.db, [1])
    assert len(first.positive) == n_labels


def test_a_file_that_is_here_already_can_still_bring_its_labels(qtbot, screen, session, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,text,label\n1,Where is my parcel?,delivery\n", encoding="utf-8")
    screen.open_files([path])
    add_shown(qtbot, screen)
    path.write_text("id,text,label\n1,Where is my parcel?,late\n", encoding="utf-8")
    screen.open_files([path])
    qtbot.waitUntil(lambda: not screen.importing.add.isEnabled())
    assert screen.footer.note() == "No row of this file can be added."
    screen.importing.duplicates.same_id.set_value(2)
    qtbot.waitUntil(screen.importing.add.isEnabled)
    assert screen.footer.primary.text() == "Merge labels"
    add_shown(qtbot, screen)
    assert screen.footer.note() == "The labels are with the texts that were here already."
    (found,) = get_inputs(session.db, [1])
    assert len(found.positive) == 2


# -- the account ------------------------------------------------------------------------------


def test_rows_that_were_left_out_are_saved_mended_and_imported(
    qtbot, screen, session, tmp_path, monkeypatch
):
    path, saved = tmp_path / "mails.csv", tmp_path / "mails-problems.csv"
    path.write_text(
        "id,message,label,channel\n1,Where is my parcel?,delivery,mail\n2,,payment,=app\n"
        "1,Again the same id,praise,mail\n4,a, comma,payment,mail\n",
        encoding="utf-8",
    )
    screen.open_files([path])
    add_shown(qtbot, screen)
    monkeypatch.setattr(boxes, "choose_save_file", lambda *_: saved)
    screen.result.save.click()
    assert screen.footer.note().startswith("Saved as “mails-problems.csv”.")
    with saved.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["row", "reason", "id", "message", "label", "channel"]
    assert [row[0] for row in rows] == ["3", "4", "5"]
    assert rows[0][2:] == ["2", "", "payment", "'=app"]

    rows[0][3], rows[1][2], rows[2][3:5] = "Now it has a text", "3", ["a, comma"]
    with saved.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    screen.open_files([saved])
    assert screen.importing.seen.mapping.metadata == ("channel",)
    add_shown(qtbot, screen)
    found = get_inputs(session.db, list_input_ids(session.db, InputFilter()))
    assert [(i.external_id, i.text, i.metadata) for i in found] == [
        ("1", "Where is my parcel?", {"channel": "mail"}),
        ("2", "Now it has a text", {"channel": "=app"}),
        ("3", "Again the same id", {"channel": "mail"}),
        ("4", "a, comma", {"channel": "mail"}),
    ]


def test_an_import_is_undone_from_its_account(qtbot, screen, session, tmp_path):
    session.do(add_texts, AddTextsRequest(("It was here before.",)))
    write_csv(tmp_path / "a.csv")
    screen.open_files([tmp_path / "a.csv"])
    add_shown(qtbot, screen)
    screen.result.undo.click()
    qtbot.waitUntil(lambda: screen.page is screen.list)
    assert texts_of(session) == ["It was here before."]


def test_the_account_goes_when_the_import_is_undone_and_offers_nothing_later(
    qtbot, screen, session, tmp_path
):
    write_csv(tmp_path / "a.csv")
    screen.open_files([tmp_path / "a.csv"])
    add_shown(qtbot, screen)
    session.do(add_texts, AddTextsRequest(("Something else was done.",)))
    assert not screen.result.undo.isEnabled()
    session.do(undo)
    assert screen.result.undo.isEnabled()
    session.do(undo)
    assert screen.page is not screen.result


def test_a_hundred_thousand_rows_that_were_left_out_are_read_a_page_at_a_time(
    session, qtmodeltester
):
    n_rows = 100_000
    import_id = add_import(session.db, "long.csv", 0)
    add_problems(session.db, import_id, ((i, "No text.", ("", "x")) for i in range(n_rows)))
    model = ProblemTableModel(session.db, import_id, n_rows)
    assert model.index(99_999, 1).data() == "Row 99,999"
    for place in range(0, n_rows, 1000):
        assert model.problem_at(place).row == " | x"
    assert len(model._pages) <= 16
