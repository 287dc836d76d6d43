"""Check and repair: what is wrong is named, mended where it can be, and kept before that."""

import json
import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from core.jobs import Job, JobCancelled
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.back_up import BackUpRequest, back_up
from core.operations.check_app import CheckAppRequest, check_app
from core.operations.restore import RestoreRequest, restore
from core.operations.salvage import NotDamagedError, NothingToReadError, salvage
from core.operations.train import train
from core.storage.backups import list_backups
from core.storage.database import Database, transaction
from core.storage.filters import InputFilter, count_inputs
from core.storage.salvage import _by_rowid
from tests.core.damage import damage_table, flip, replace_bytes
from tests.core.faults import TRAIN, bring_in, state


def check(app, *, repair=False, job=None):
    return check_app(app, CheckAppRequest(repair), job or Job())


def kinds(result):
    return {fault.kind: fault.n for fault in result.faults}


def spoil(app, *statements):
    """Write to the database past all rules."""
    with closing(sqlite3.connect(app.file, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def test_a_sound_app_is_said_to_be_sound_and_not_touched(labelled_app, fake_embedder):
    train(labelled_app, TRAIN, Job())
    before = state(labelled_app)
    result = check(labelled_app, repair=True)
    assert result.is_sound
    assert result.faults == ()
    assert state(labelled_app) == before
    assert list_backups(labelled_app.backups) == []


SPOILED = {
    "counts": (
        ["UPDATE inputs SET n_labels = 7 WHERE id < 4", "UPDATE concepts SET n_positive = 0"],
        {"counts": 6},  # and what the datasets count of it
    ),
    "datasets": (["UPDATE datasets SET n_inputs = 1, n_labelled = 99"], {"counts": 2}),
    "loose": (["DELETE FROM inputs WHERE id IN (1, 2)"], {"loose": 4, "counts": 2}),
    "search": (["DELETE FROM texts_fts_data WHERE id > 10"], {"search": 1}),
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_can_be_mended_is_counted_and_mended_after_a_backup(labelled_app, name):
    statements, expected = SPOILED[name]
    back_up(labelled_app, BackUpRequest(), Job())
    spoil(labelled_app, *statements)
    found = check(labelled_app)
    assert expected.keys() <= kinds(found).keys()
    assert not found.is_sound
    assert not found.needs_choice
    result = check(labelled_app, repair=True)
    assert result.is_sound
    assert bool(result.kept) != bool(result.damaged)
    assert check(labelled_app).faults == ()


def test_what_belongs_to_nothing_is_taken_out_into_a_readable_file(labelled_app):
    spoil(labelled_app, "DELETE FROM inputs WHERE id = 1")
    result = check(labelled_app, repair=True)
    taken = [json.loads(line) for line in result.taken_out.read_text("utf-8").splitlines()]
    assert {row["table"] for row in taken} == {"annotations", "dataset_inputs"}
    assert all(row["input_id"] == 1 for row in taken)
    with labelled_app.database() as db:
        assert count_inputs(db) == 19


def test_labels_of_a_text_that_is_taken_out_are_in_the_file_too(labelled_app):
    spoil(labelled_app, "DELETE FROM texts WHERE id = 1")
    result = check(labelled_app, repair=True)
    taken = [json.loads(line) for line in result.taken_out.read_text("utf-8").splitlines()]
    assert {row["table"] for row in taken} == {"inputs", "annotations", "dataset_inputs"}


def test_a_text_whose_bytes_were_turned_over_is_named_and_brought_from_a_backup(labelled_app):
    back_up(labelled_app, BackUpRequest(), Job())
    replace_bytes(labelled_app, b"free ringtone text now", b"free ringtone next now")
    assert kinds(check(labelled_app))["texts"] == 1
    assert check(labelled_app, repair=True).is_sound
    with labelled_app.database() as db:
        assert count_inputs(db, InputFilter(containing="ringtone text")) == 1


def test_without_a_backup_a_changed_text_stays_named(labelled_app):
    replace_bytes(labelled_app, b"free ringtone text now", b"free ringtone next now")
    result = check(labelled_app, repair=True)
    assert [fault.is_mended for fault in result.faults if fault.kind == "texts"] == [False]


def test_a_damaged_index_is_made_again(labelled_app):
    was = state(labelled_app)
    spoil(labelled_app, "PRAGMA writable_schema = ON")
    with closing(sqlite3.connect(labelled_app.file, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        sql = "SELECT sql FROM sqlite_master WHERE name = 'inputs_text_id'"
        (was_sql,) = db.execute(sql).fetchone()
        update = "UPDATE sqlite_master SET sql = ? WHERE name = 'inputs_text_id'"
        db.execute(update, [was_sql + " WHERE id < 5"])  # so that rows go past it
    with closing(sqlite3.connect(labelled_app.file, isolation_level=None)) as db:
        db.execute("REINDEX inputs_text_id")
        db.execute("PRAGMA writable_schema = ON")
        db.execute(update, [was_sql])
    assert set(kinds(check(labelled_app))) == {"indexes"}
    assert check(labelled_app, repair=True).is_sound
    assert state(labelled_app) == was


def test_a_damaged_database_is_named_not_touched_and_the_good_backups_are_offered(labelled_app):
    back_up(labelled_app, BackUpRequest(), Job())
    damage_table(labelled_app)
    before = labelled_app.file.read_bytes()
    result = check(labelled_app, repair=True)
    assert result.needs_choice
    assert [backup.number for backup in result.good] == [1]
    assert labelled_app.file.read_bytes() == before


@pytest.mark.parametrize("seed", range(3))
def test_flipped_bytes_are_found_and_a_backup_brings_everything_back(app, many_mails, seed):
    bring_in(app, many_mails)
    back_up(app, BackUpRequest(), Job())
    was = state(app)
    with app.database() as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    flip(app.file, random.Random(seed).uniform(0.05, 0.9), 4_096)
    result = check(app)
    assert not result.is_sound
    with app.locked(as_it_is=True):
        restore(app, RestoreRequest(result.good[0].number), Job())
    assert state(app) == was


def test_models_and_backups_that_were_damaged_are_named(labelled_app, fake_embedder):
    folder = labelled_app.models / train(labelled_app, TRAIN, Job()).model_version.folder
    backup = back_up(labelled_app, BackUpRequest(), Job()).backup
    assert check(labelled_app).is_sound
    flip(backup.database)
    flip(next(folder.glob("*.safetensors")))
    (fault,) = [f for f in check(labelled_app).faults if f.kind == "models"]
    assert fault.detail == "first:1"
    shutil.rmtree(folder)
    result = check(labelled_app, repair=True)
    assert kinds(result) == {"models": 1, "backups": 1}
    assert not result.is_sound
    assert result.good == ()


def test_folders_of_nobody_are_counted_and_go(labelled_app):
    (labelled_app.models / ("a" * 32)).mkdir()
    (labelled_app.models / "mine").mkdir()
    assert kinds(check(labelled_app)) == {"leftovers": 1}
    assert check(labelled_app, repair=True).is_sound
    assert [path.name for path in labelled_app.models.iterdir()] == ["mine"]


@pytest.mark.parametrize("patience", [0, 1, 2])
def test_a_stopped_repair_changes_nothing(labelled_app, impatient, patience):
    spoil(labelled_app, "UPDATE concepts SET n_positive = 0")
    before = state(labelled_app)
    with pytest.raises(JobCancelled):
        check(labelled_app, repair=True, job=impatient(patience))
    assert state(labelled_app) == before


def test_a_repair_can_be_stopped_while_the_database_works(labelled_app, monkeypatch):
    spoil(labelled_app, "UPDATE concepts SET n_positive = 0")
    before = state(labelled_app)
    monkeypatch.setattr("core.storage.copying.CHECK_STEPS", 10)
    with pytest.raises(JobCancelled):
        check(labelled_app, repair=True, job=StoppedWhileMending())
    assert state(labelled_app) == before
    assert check(labelled_app, repair=True).is_sound


class StoppedWhileMending(Job):
    """Is stopped at the first look at it that the database takes while it is being mended."""

    n_looks = 0

    def report(self, stage, done=0, total=0):
        self.n_looks += stage == "Mending"
        if self.n_looks > 1:
            raise JobCancelled


# Salvage


def test_what_can_be_read_of_a_damaged_database_goes_on(app, many_mails):
    bring_in(app, many_mails)
    with app.database() as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = db.execute("PRAGMA page_size").fetchone()
    content = bytearray(app.file.read_bytes())
    place = content.index(b"text number 1000 of many") // size * size
    content[place : place + size] = bytes(size)
    app.file.write_bytes(content)
    assert check(app).needs_choice
    with app.locked(as_it_is=True):
        result = salvage(app, Job())
    assert 1_800 < result.rows["inputs"] < 2_000
    assert result.damaged.is_dir()
    with app.locked(), app.database() as db:
        assert count_inputs(db, InputFilter(containing='"text number 7 of many"')) == 1
        assert count_inputs(db, InputFilter(labelling="labelled")) == result.rows["inputs"]
    assert check(app).faults == ()
    add_texts(app, AddTextsRequest(("one more",), ("c1",)), Job())


def test_one_page_that_hides_many_rows_does_not_end_the_reading():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        db = Database(connection)
        db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, said)")
        unread = range(1, 12_000)
        db.conn.executemany("INSERT INTO t VALUES (?, '')", [(i,) for i in range(1, 12_100)])
        connection.create_function("read", 1, lambda key: key if key not in unread else 1 / 0)
        rows = [row for some in _by_rowid(db, "t", "SELECT read(id) FROM t") for row in some]
    assert len(rows) == 100


def test_labels_are_read_as_far_as_they_can_be(labelled_app):
    damage_table(labelled_app, "annotations")
    with labelled_app.locked(as_it_is=True):
        rows = salvage(labelled_app, Job()).rows
    assert (rows["inputs"], rows["annotations"], rows["concepts"]) == (20, 0, 2)
    assert check(labelled_app).faults == ()


def test_only_a_damaged_database_is_salvaged_and_only_if_it_has_something(labelled_app):
    with pytest.raises(NotDamagedError):
        salvage(labelled_app, Job())
    labelled_app.file.write_text("no database")
    with pytest.raises(NothingToReadError) as refused:
        salvage(labelled_app, Job())
    assert "backup" in refused.value.next_step


def test_the_command_checks_and_says_what_to_do(labelled_app, run, run_json):
    place = labelled_app.path
    assert run("check", place) == "Everything is as it should be.\n"
    with labelled_app.database() as db, transaction(db):
        db.execute("UPDATE concepts SET n_positive = 0")
    assert run("check", place).startswith("2 counts are wrong.\n")
    assert "Mended." in run("check", place, "--repair")
    damage_table(labelled_app)
    said = run("check", place, "--repair")
    assert "The database itself is damaged." in said
    assert "backup 1" in said
    assert "`restore APP 0` goes back" in said
    assert run_json("check", place)["good_backups"] == [1]
    shutil.rmtree(labelled_app.backups)
    said = run("check", place)  # nothing to go back to
    assert "There is no whole backup." in said
    assert "restore" not in said
    assert run_json("check", place, "--salvage")["rows"]["inputs"] == 20


def test_a_database_that_lost_a_trigger_is_named_and_read_out_into_one_that_has_it(labelled_app):
    spoil(labelled_app, "DROP TRIGGER annotation_added")
    assert check(labelled_app, repair=True).needs_choice
    with labelled_app.locked(as_it_is=True):
        assert salvage(labelled_app, Job()).rows["annotations"] == 20
    assert check(labelled_app).is_sound
    assert back_up(labelled_app, BackUpRequest(), Job()).is_new
