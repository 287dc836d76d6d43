"""An app copied to one file and opened from it: nothing lost, nothing let in."""

import hashlib
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from core.app_folder import AppFolder, app_name, create_app_folder
from core.asides import ASIDE
from core.errors import NameTooLongError, UserError
from core.files import preview
from core.files.app_file import MANIFEST, AppFileRefusedError
from core.jobs import Job, JobCancelled
from core.learning import embedders
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import NoteRequest, annotate
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.export_model import ExportModelRequest, export_model
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_app import ImportAppRequest, import_app
from core.operations.import_model import ImportModelRequest, import_model
from core.operations.merge_app import MergeAppRequest, merge_app
from core.operations.train import TrainRequest, train
from core.operations.undo import undo
from core.storage.database import AppTooNewError
from core.storage.trust import StrangeDatabaseError
from tests.core.conftest import HAM, SPAM, FakeEmbedder


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """An app with a model, an evaluation, versions, a note, and something that was undone."""
    place = tmp_path_factory.mktemp("built")
    app = create_app_folder("Messages", place / "messages")
    for texts, concept in ((SPAM, "spam"), (HAM, "ham")):
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedders, "load", lambda _name: FakeEmbedder())
        train(app, TrainRequest("mail"), Job())
    annotate(app, NoteRequest(1, "ask Ada"), Job())
    add_texts(app, AddTextsRequest(("taken back",), ()), Job())
    undo(app, Job())
    freeze_dataset(app, FreezeRequest(description="before the move"), Job())
    return app, export_app(app, ExportAppRequest(place / "mail.textwright"), Job()).path


@pytest.fixture
def rich_app(built, tmp_path):
    """That app, to work on."""
    return AppFolder(Path(shutil.copytree(built[0].path, tmp_path / "messages")))


def rows_of(path):
    """Return every row of every table of a database."""
    with closing(sqlite3.connect(path)) as db:
        names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, db.execute(f"SELECT * FROM {name}"))) for name in names}


def files_of(folder):
    """Return every file below the folders of an app, with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.parent != folder
    }


def rewritten(path, out, change):
    """Write a ZIP again with `change(name, content)` applied; None leaves a file out."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return out


def with_manifest(change):
    """Return a change of the list of what is in the file."""

    def changed(name, content):
        if name != MANIFEST:
            return content
        told = json.loads(content)
        change(told)
        return json.dumps(told)

    return changed


@pytest.fixture
def moved(built):
    """The app as one file."""
    return built[1]


def test_an_app_opened_from_its_file_has_lost_nothing(rich_app, moved, tmp_path):
    back = import_app(ImportAppRequest(moved, tmp_path / "there"), Job()).app
    assert rows_of(back.path / "app.db") == rows_of(rich_app.path / "app.db")
    assert files_of(back.path) == files_of(rich_app.path)
    assert app_name(back.path) == "Messages"
    with back.locked():
        assert undo(back, Job()).step.name == undo(rich_app, Job()).step.name


def test_an_app_is_copied_as_it_is_while_the_window_writes(rich_app, tmp_path):
    with rich_app.database() as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE inputs SET note = 'half done'")
        path = export_app(rich_app, ExportAppRequest(tmp_path / "now.textwright"), Job()).path
        db.execute("ROLLBACK")
    back = import_app(ImportAppRequest(path, tmp_path / "there"), Job()).app
    assert "half done" not in repr(rows_of(back.path / "app.db"))


def test_an_app_of_the_same_name_gets_a_number(moved, home):
    first = import_app(ImportAppRequest(moved), Job())
    second = import_app(ImportAppRequest(moved), Job())
    assert (first.name, second.name) == ("Messages", "Messages (2)")
    assert app_name(second.app.path) == "Messages (2)"
    assert import_app(ImportAppRequest(moved, name="Hers"), Job()).name == "Hers"


@pytest.mark.parametrize("patience", [0, 1, 2, 3])
def test_a_stopped_copy_leaves_nothing_behind(rich_app, tmp_path, impatient, patience):
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(JobCancelled):
        export_app(rich_app, ExportAppRequest(out / "a.textwright"), impatient(patience))
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("patience", [0, 2, 4])
def test_a_stopped_opening_leaves_nothing_behind(moved, tmp_path, impatient, patience):
    place = tmp_path / "apps" / "there"
    with pytest.raises(JobCancelled):
        import_app(ImportAppRequest(moved, place), impatient(patience))
    assert list(place.parent.iterdir()) == []


def test_an_app_of_which_most_was_deleted_is_no_bomb(app, tmp_path, monkeypatch):
    monkeypatch.setattr("core.unpacking.HARMLESS_BYTES", 1 << 16)
    with app.database() as db:
        db.execute("CREATE TABLE waste (zeros BLOB)")
        db.execute("INSERT INTO waste VALUES (zeroblob(20000000))")
        db.execute("DROP TABLE waste")
    path = export_app(app, ExportAppRequest(tmp_path / "a.textwright"), Job()).path
    assert import_app(ImportAppRequest(path, tmp_path / "there"), Job()).name == "Messages"
    assert (tmp_path / "there" / "app.db").stat().st_size < 2_000_000


def test_names_that_come_with_an_app_do_not_steer_the_terminal(app, moved, tmp_path, run, run_json):
    strange = "a\x1b[2J\x07\u202egpj"
    path = changed_database(
        moved, tmp_path, f"UPDATE concepts SET name = '{strange}' WHERE name = 'spam'"
    )
    there = import_app(ImportAppRequest(path, tmp_path / "there"), Job()).app
    assert "a\ufffd[2J\ufffd\ufffdgpj" in run("concepts", there.path)
    assert strange in [concept["name"] for concept in run_json("concepts", there.path)]


def test_what_can_hide_programs_stays_behind_and_is_told(rich_app, tmp_path):
    folder = rich_app.jobs / ("a" * 32)
    folder.mkdir(parents=True)
    (folder / "optimizer.pt").write_bytes(b"x")
    result = export_app(rich_app, ExportAppRequest(tmp_path / "a.textwright"), Job())
    assert result.left_behind == (f"jobs/{'a' * 32}",)
    with zipfile.ZipFile(result.path) as archive:
        assert not any(name.startswith("jobs/") for name in archive.namelist())


def test_a_copy_is_not_written_among_the_files_of_the_app(rich_app):
    with pytest.raises(UserError, match="own files"):
        export_app(rich_app, ExportAppRequest(rich_app.path / "a.textwright"), Job())


def _first_of(told, prefix):
    return next(name for name in told["files"] if name.startswith(prefix))


def _renamed(told, new):
    told["files"][new] = told["files"].pop(_first_of(told, "models/"))


HOSTILE = {
    "a file changed": lambda name, content: content + b"x" if name == "app.db" else content,
    "a file missing": lambda name, content: None if name.startswith("models/") else content,
    "no list": lambda name, content: None if name == MANIFEST else content,
    "a list that is no JSON": lambda name, content: b"{" if name == MANIFEST else content,
    "another format": with_manifest(lambda told: told.update(format=2)),
    "no name": with_manifest(lambda told: told.update(name="")),
    "a way out": with_manifest(lambda told: _renamed(told, "../../out.json")),
    "no checksums": with_manifest(lambda told: told.update(files=["app.db"])),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_is_not_what_it_says_is_refused(moved, tmp_path, change):
    path = rewritten(moved, tmp_path / "bad.textwright", change)
    with pytest.raises(AppFileRefusedError) as refused:
        import_app(ImportAppRequest(path, tmp_path / "there"), Job())
    assert refused.value.next_step.endswith(".")
    assert not (tmp_path / "there").exists()
    assert not list(tmp_path.glob(f"{ASIDE}*"))


def test_programs_links_and_ways_out_are_refused(moved, tmp_path):
    for n, (name, mode) in enumerate(
        [("run.py", 0o644), ("models/x/a.pkl", 0o644), ("../a.json", 0o644), ("l.json", 0o120777)]
    ):
        path = tmp_path / f"bad{n}.textwright"
        shutil.copyfile(moved, path)
        with zipfile.ZipFile(path, "a") as archive:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, "/etc/passwd")
        with pytest.raises(AppFileRefusedError):
            import_app(ImportAppRequest(path, tmp_path / "there"), Job())


def changed_database(moved, tmp_path, *statements):
    """Return the file with its database changed, and its checksum made to fit."""
    with zipfile.ZipFile(moved) as archive:
        archive.extract("app.db", tmp_path / "x")
    path = tmp_path / "x" / "app.db"
    with closing(sqlite3.connect(path)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    change = with_manifest(lambda told: told["files"].update({"app.db": digest}))
    return rewritten(
        moved,
        tmp_path / "changed.textwright",
        lambda name, old: content if name == "app.db" else change(name, old),
    )


def with_garbage(moved, tmp_path, change):
    """Return the file with other bytes for a database, and its checksum made to fit."""
    with zipfile.ZipFile(moved) as archive:
        content = change(archive.read("app.db"))
    digest = hashlib.sha256(content).hexdigest()
    told = with_manifest(lambda told: told["files"].update({"app.db": digest}))
    return rewritten(
        moved,
        tmp_path / "garbage.textwright",
        lambda name, old: content if name == "app.db" else told(name, old),
    )


@pytest.mark.parametrize(
    "change", [lambda c: b"x" * 5_000, lambda c: b"", lambda c: c[:8_192] + b"\xff" * 9_000]
)
def test_what_is_no_database_inside_is_for_whom_it_came_from(moved, app, tmp_path, change):
    path = with_garbage(moved, tmp_path, change)
    for bring in (
        lambda: import_app(ImportAppRequest(path, tmp_path / "there"), Job()),
        lambda: merge_app(app, MergeAppRequest(path), Job()),
    ):
        with pytest.raises((AppFileRefusedError, StrangeDatabaseError)) as refused:
            bring()
        assert "ask whoever gave it to you" in refused.value.next_step.lower()
        assert ASIDE not in str(refused.value)
    assert not (tmp_path / "there").exists()


def test_a_name_that_no_file_can_have_is_said_to_be_too_long(rich_app, moved, tmp_path, run_json):
    long = tmp_path / ("a" * 300)
    for write in (
        lambda: export_app(rich_app, ExportAppRequest(long), Job()),
        lambda: export_app(rich_app, ExportAppRequest(long / "a.textwright"), Job()),
        lambda: import_app(ImportAppRequest(moved, long), Job()),
        lambda: create_app_folder("Messages", long),
        lambda: export_model(rich_app, ExportModelRequest("mail", long), Job()),
    ):
        with pytest.raises(NameTooLongError, match="too long a name") as refused:
            write()
        assert refused.value.next_step == "Choose a shorter name."
        assert len(str(refused.value)) < 120
    for read in (
        lambda: import_app(ImportAppRequest(long), Job()),
        lambda: merge_app(rich_app, MergeAppRequest(long), Job()),
        lambda: import_model(rich_app, ImportModelRequest(long), Job()),
    ):
        with pytest.raises(UserError, match="There is nothing at") as refused:
            read()
        assert refused.value.next_step.startswith("Check the name")
    with pytest.raises(UserError):
        preview(long)


STRANGE = [
    "CREATE TABLE other (a)",
    "CREATE VIEW inside AS SELECT * FROM texts",
    "CREATE TRIGGER t AFTER INSERT ON inputs BEGIN DELETE FROM texts; END",
    "DROP INDEX inputs_split",
    "UPDATE model_versions SET folder = '../../elsewhere'",
    "UPDATE undo_log SET statement = 'ATTACH ''x'' AS y'",
    "UPDATE undo_log SET statement = 'DELETE FROM texts WHERE 1'",
    "UPDATE concepts SET name = x'00ff' WHERE id = 1",
]


@pytest.mark.parametrize("statement", STRANGE)
def test_a_database_that_is_not_ours_is_refused(moved, tmp_path, statement):
    path = changed_database(moved, tmp_path, statement)
    with pytest.raises(StrangeDatabaseError):
        import_app(ImportAppRequest(path, tmp_path / "there"), Job())


def test_an_app_of_a_later_program_is_refused_with_a_sentence(moved, tmp_path):
    path = changed_database(moved, tmp_path, "PRAGMA user_version = 99")
    with pytest.raises(AppTooNewError, match=r"“changed\.textwright” was made by a newer"):
        import_app(ImportAppRequest(path, tmp_path / "there"), Job())


def test_what_is_no_app_at_all_is_refused(tmp_path):
    for content in (b"", b"PK\x03\x04 cut", b"text,label\n"):
        path = tmp_path / "mail.csv"
        path.write_bytes(content)
        with pytest.raises(AppFileRefusedError):
            import_app(ImportAppRequest(path), Job())


def test_an_app_moves_on_the_command_line(run_json, rich_app, tmp_path):
    path = tmp_path / "a.textwright"
    told = run_json("export-app", rich_app.path, path)
    assert told["file"] == str(path)
    assert told["files"] > 4
    told = run_json("import-app", path, "--folder", tmp_path / "there", "--name", "Hers")
    assert told["name"] == "Hers"
    assert AppFolder(tmp_path / "there").models.is_dir()
