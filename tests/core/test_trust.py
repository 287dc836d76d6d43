"""An app's folder that somebody else made: no code of its own, no way out of it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core import cli
from core.app_folder import AppFolder, create_app_folder
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.edit_inputs import InputDeletion, edit_inputs
from core.operations.undo import undo
from core.storage.database import count_storage_versions, make_schema, open_database
from core.storage.filters import list_input_ids
from core.storage.trust import StrangeDatabaseError, code_of


@pytest.fixture
def app(tmp_path):
    app = create_app_folder("Given", tmp_path / "given")
    add_texts(app, AddTextsRequest(("One letter", "Another letter"), ("late",)), Job())
    return app


def change(app, *statements):
    """Let somebody else change the database, with his own tools."""
    with closing(sqlite3.connect(app.file)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


CODE = [
    "CREATE TRIGGER evil AFTER INSERT ON annotations BEGIN DELETE FROM inputs; END",
    "CREATE TRIGGER evil AFTER UPDATE ON about BEGIN SELECT writefile('x', 'y'); END",
    "CREATE VIEW evil AS SELECT readfile('/etc/passwd')",
    "CREATE TRIGGER annotation_added2 AFTER INSERT ON annotations BEGIN DELETE FROM texts; END",
]


@pytest.mark.parametrize("statement", CODE)
def test_triggers_and_views_of_others_are_refused_before_anything_is_written(app, statement):
    change(app, statement)
    for door in (app.locked, app.database):
        with pytest.raises(StrangeDatabaseError), door():
            pass
    with closing(sqlite3.connect(app.file)) as db:
        assert db.execute("SELECT COUNT(*) FROM inputs").fetchone() == (2,)


def test_one_of_our_triggers_that_was_rewritten_is_refused(app):
    change(
        app,
        "DROP TRIGGER annotation_added",
        "CREATE TRIGGER annotation_added AFTER INSERT ON annotations BEGIN DELETE FROM inputs; END",
    )
    with pytest.raises(StrangeDatabaseError), app.database():
        pass


def test_tables_under_the_name_of_a_view_or_a_function_of_the_shell_do_nothing(app):
    change(app, "CREATE TABLE other (a DEFAULT (load_extension('evil')))")
    with app.database() as db, pytest.raises(sqlite3.OperationalError):
        db.execute("INSERT INTO other DEFAULT VALUES")


@pytest.mark.parametrize("folder", ["../../victim", "/", "C:\\Users", ".", "a" * 65])
def test_no_folder_outside_the_app_is_read_or_deleted(app, tmp_path, folder):
    victim = tmp_path / "victim"
    victim.mkdir()
    change(app, f"INSERT INTO jobs (kind, title, status, started, folder) "
                f"VALUES ('train', 'x', 'failed', '2026-01-01', '{folder}')")  # fmt: skip
    with pytest.raises(StrangeDatabaseError), app.locked():
        pass
    assert victim.is_dir()


@pytest.mark.parametrize(
    "statement",
    [
        "ATTACH DATABASE 'stolen.db' AS stolen",
        "DELETE FROM texts WHERE 1",
        "DROP TABLE inputs",
        "PRAGMA writable_schema = ON",
        "DELETE FROM inputs WHERE 1; DROP TABLE texts",
    ],
)
def test_undo_runs_nothing_that_we_did_not_log(app, tmp_path, monkeypatch, statement):
    monkeypatch.chdir(tmp_path)
    with app.database() as db:
        edit_inputs(app, InputDeletion(tuple(list_input_ids(db))), Job())
    change(app, f"UPDATE undo_log SET input_ids = X'', cells = '[]', statement = '{statement}'"
                .replace("'stolen.db'", "''stolen.db''"))  # fmt: skip
    with pytest.raises(StrangeDatabaseError):
        undo(app, Job())
    assert not Path("stolen.db").exists()
    with app.database() as db:
        assert db.table("bin_inputs").count == 2


def test_an_app_of_others_is_refused_with_a_sentence_on_the_command_line(app, capsys):
    change(app, CODE[0])
    assert cli.main(["concepts", str(app.path)]) == 1
    assert "Do not use it" in capsys.readouterr().err


def test_what_our_migrations_make_is_trusted_at_every_version(tmp_path):
    for version in range(1, count_storage_versions() + 1):
        path = tmp_path / f"{version}.db"
        with closing(make_schema(version)) as db, closing(sqlite3.connect(path)) as file:
            db.conn.backup(file)
            file.execute(f"PRAGMA user_version = {version}")
        open_database(path).close()


def test_an_app_that_was_compacted_or_copied_is_still_ours(app, tmp_path):
    change(app, "ANALYZE")
    with closing(sqlite3.connect(app.file, isolation_level=None)) as db:
        db.execute(f"VACUUM INTO '{tmp_path / 'app.db'}'")
    with AppFolder(tmp_path).database() as db:
        assert len(code_of(db)) > 5
