"""What the analyst typed or imported stays in the app: no log, report or temporary file has it."""

import logging
import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from core import cli
from core.app_folder import AppFolder, create_app_folder
from core.jobs import Job
from core.logs import _Discreet, open_log
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import NoteRequest, annotate
from core.operations.edit_inputs import (
    BinEmptying,
    InputDeletion,
    MetadataEdit,
    TextEdits,
    edit_inputs,
)
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_app import ImportAppRequest, import_app
from core.operations.tidy_up import tidy_up
from core.operations.undo import undo
from core.paths import home as own_folder
from core.paths import logs_folder
from core.preferences import remember_app
from core.reports import describe
from core.storage.database import transaction
from core.storage.filters import InputFilter
from core.temporary import delete_left_folders, new_temporary_folder, temporary_folder

MARKER = "zqxsecret"
posix = pytest.mark.skipif(os.name == "nt", reason="Windows keeps profiles apart by itself")


@pytest.fixture
def temp(tmp_path, monkeypatch):
    """Give the test a folder of its own for temporary files."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def files_with(marker, *folders, but=()):
    """Return the files below folders in which the marker stands."""
    there = [p for folder in folders for p in folder.rglob("*") if p.is_file()]
    return [
        path
        for path in there
        if marker.encode() in path.read_bytes() and not any(b in path.parents for b in but)
    ]


# -- reports and logs ------------------------------------------------------------------------------
def raised(act):
    with pytest.raises(Exception) as caught:  # noqa: PT011  # any mistake
        act()
    return caught.value


def test_a_report_says_where_and_what_but_nothing_of_the_text():
    said = describe(raised(lambda: float(f"{MARKER} letter")), "import_texts")
    assert MARKER not in said
    assert said.splitlines()[-1] == "ValueError"
    assert "Doing: import_texts" in said
    assert 'File "tests/core/test_privacy.py"' in said
    assert said.startswith("Textwright ")


def test_causes_are_told_without_what_they_say():
    def act():
        try:
            {}[MARKER]
        except KeyError as error:
            raise ValueError(MARKER) from error

    said = describe(raised(act))
    assert MARKER not in said
    assert [line for line in said.splitlines() if line in ("KeyError", "ValueError")] == [
        "KeyError",
        "ValueError",
    ]


def test_what_speaks_of_code_alone_is_quoted_and_a_failed_file_by_its_reason():
    def missing():
        Path(f"/nowhere/{MARKER}").read_text(encoding="utf-8")

    assert describe(raised(lambda: "".nothing)).endswith("object has no attribute 'nothing'")
    said = describe(raised(missing))
    assert said.endswith("FileNotFoundError: ENOENT")
    assert MARKER not in said


def test_no_path_in_a_report_names_the_person():
    said = describe(raised(lambda: float("a")))
    assert str(Path.home()) not in said
    assert str(Path(__file__).parents[2]) not in said


@pytest.fixture
def logged(monkeypatch):
    """Write the log of this test; return what is in it."""
    root = logging.getLogger()
    before = list(root.handlers)
    open_log()
    (added,) = [handler for handler in root.handlers if handler not in before]
    yield lambda: (logs_folder() / "textwright.log").read_text(encoding="utf-8")
    root.removeHandler(added)
    added.close()


def test_the_log_keeps_our_words_and_of_others_only_where_they_spoke(logged, caplog):
    logging.getLogger("library.part").warning("Cannot read %s", MARKER)
    logging.getLogger("desktop.application").error("A mistake of ours")
    try:
        float(MARKER)
    except ValueError:
        logging.getLogger("core.files").exception("Reading failed")
    caplog.clear()
    said = logged()
    assert MARKER not in said
    assert "library.part: a message at tests/core/test_privacy.py" in said
    assert "A mistake of ours" in said
    assert said.strip().endswith("ValueError")


VERBS = [
    ("add", "A", f"{MARKER} letter"),
    ("inputs", "A", "--search", MARKER),
    ("label", "A", "late", "--search", MARKER),
    ("import", "A", "FILE"),
    ("export", "A", "OUT"),
    ("split", "A", "--search", MARKER),
    ("freeze", "A", "--description", MARKER),
    ("search", "A", "--words", MARKER),
    ("train", "A", "--model", MARKER),
    ("try", "A", "first", f"{MARKER} letter"),
    ("generate", "A", "first", f"{MARKER} letter"),
    ("explain", "A", "first", f"{MARKER} letter"),
    ("predict", "A", "first", "FILE", "--out", "OUT"),
    ("check-data", "A"),
    ("undo", "A"),
]


@pytest.mark.parametrize("words", VERBS, ids=[words[0] for words in VERBS])
@pytest.mark.parametrize("is_bug", [True, False], ids=["our mistake", "can be put right"])
def test_no_verb_that_fails_leaves_a_text_outside_the_app(  # noqa: PLR0917  # fixtures
    words, is_bug, temp, tmp_path, monkeypatch, capsys, fake_embedder
):
    app = create_app_folder("A", tmp_path / "app")
    remember_app(app.path)
    add_texts(app, AddTextsRequest((f"{MARKER} one", "another"), ("late",)), Job())
    file = tmp_path / "given" / "letters.csv"
    file.parent.mkdir()
    file.write_text(f"text,id\n{MARKER} first,1\n{MARKER} second,1\n", encoding="utf-8")
    if is_bug:
        monkeypatch.setattr(AppFolder, "database", _break)
    places = {"FILE": str(file), "OUT": str(tmp_path / "missing" / "out.csv")}
    cli.main([places.get(word, word) for word in words])
    capsys.readouterr()
    assert files_with(MARKER, own_folder(), temp) == []
    if is_bug:
        assert (logs_folder() / "report.txt").exists()


def _break(_app):
    raise ValueError(f"could not convert string to float: '{MARKER}'")


# -- who may look ----------------------------------------------------------------------------------
def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_apps_logs_and_preferences_are_for_their_owner_alone(tmp_path, temp, logged, caplog):
    os.umask(previous := os.umask(0o022))
    app = create_app_folder("A")
    elsewhere = create_app_folder("B", tmp_path / "elsewhere")
    export_app(elsewhere, ExportAppRequest(tmp_path / "b.textwright"), Job())
    given = import_app(ImportAppRequest(tmp_path / "b.textwright", tmp_path / "given"), Job()).app
    private = [own_folder(), logs_folder(), app.path, elsewhere.path, given.path]
    with temporary_folder() as folder:
        private.append(folder)
        assert {path: oct(mode(path)) for path in private} == dict.fromkeys(private, "0o700")
    assert previous is not None


@posix
def test_what_is_written_for_others_may_be_read_by_them(tmp_path, run):
    out = tmp_path / "out.csv"
    run("create-app", "A")
    run("add", "A", "A letter", "--concept", "late")
    run("export", "A", out)
    assert mode(out) & stat.S_IRGRP


def test_what_a_killed_program_left_among_temporary_files_is_cleared_away(temp):
    kept = new_temporary_folder()
    left = temp / "textwright-999999999-abc"
    left.mkdir()
    (left / "typed in.csv").write_text(MARKER, encoding="utf-8")
    (temp / "textwright-other").mkdir()
    delete_left_folders()
    assert sorted(path.name for path in temp.iterdir()) == sorted([kept.name, "textwright-other"])


# -- the bin ---------------------------------------------------------------------------------------
@pytest.fixture
def app(tmp_path):
    """Return an app of which the third text was edited, noted, searched, and then deleted."""
    app = create_app_folder("A", tmp_path / "app")
    texts = (*(f"letter number {n}" for n in range(400)), f"{MARKER} was here")
    add_texts(app, AddTextsRequest(texts, ("late",)), Job())
    (key,) = (401,)
    annotate(app, NoteRequest(key, f"first {MARKER}note"), Job())
    annotate(app, NoteRequest(key, f"second {MARKER}note"), Job())
    edit_inputs(app, MetadataEdit((key,), "who", f"{MARKER}who"), Job())
    edit_inputs(app, MetadataEdit((key,), "who", "somebody"), Job())
    edit_inputs(app, TextEdits(((key, f"{MARKER}edited it is"),)), Job())
    edit_inputs(app, InputDeletion((key,)), Job())
    return app


def terms(app):
    """Return the words of the search index that begin like the marker."""
    with app.database() as db:
        db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'texts_fts', 'row')")
        rows = db.execute("SELECT term FROM temp.words WHERE term LIKE 'zqx%'")
        return [term for (term,) in rows.fetchall()]


def test_what_is_emptied_from_the_bin_is_in_no_file_of_the_app(app):
    assert files_with(MARKER, app.path)
    assert terms(app)
    with app.database():  # somebody else has it open, as the window does
        edit_inputs(app, BinEmptying(), Job())
        assert files_with(MARKER, app.path) == []
    assert files_with(MARKER, app.path) == []
    assert terms(app) == []
    with app.database() as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.table("inputs").count == 400
    assert undo(app, Job()) is not None
    assert files_with(MARKER, app.path) == []


def test_versions_keep_what_they_froze_when_the_bin_is_emptied(tmp_path):
    app = create_app_folder("A", tmp_path / "app")
    add_texts(app, AddTextsRequest((f"{MARKER} was here", "another"), ("late",)), Job())
    freeze_dataset(app, FreezeRequest(), Job())
    edit_inputs(app, InputDeletion(InputFilter()), Job())
    edit_inputs(app, BinEmptying(), Job())
    assert files_with(MARKER, app.path)


def test_what_was_thirty_days_in_the_bin_is_overwritten(app):
    with app.database() as db, transaction(db):
        db.execute("UPDATE bin_inputs SET binned = '2020-01-01T00:00:00+00:00'")
    tidied = tidy_up(app, Job())
    assert (tidied.n_inputs, tidied.n_texts) == (1, 2)
    assert terms(app) == []


@pytest.mark.skipif(sys.platform == "win32", reason="formats are the same everywhere")
def test_the_formatter_survives_a_record_without_an_error():
    record = logging.LogRecord("core.x", logging.ERROR, "x.py", 1, "said", (), (None, None, None))
    assert "said" in _Discreet("%(message)s").format(record)
