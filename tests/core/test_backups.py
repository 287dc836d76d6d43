"""Backups: checked when written, never from a damaged database, and a way back that works."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.app_folder import AppFolder, app_name, create_app_folder
from core.asides import ASIDE
from core.errors import DiskFullError, NotWritableError
from core.files import preview
from core.jobs import Job, JobCancelled
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, ClearRequest, annotate
from core.operations.back_up import BackUpRequest, back_up
from core.operations.delete_backup import BackupDeletion, delete_one_backup
from core.operations.edit_concepts import ConceptMerge, edit_concepts
from core.operations.edit_inputs import BinEmptying, InputDeletion, edit_inputs
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.restore import RestoreRequest, restore
from core.operations.train import train
from core.operations.try_text import TryRequest, try_text
from core.operations.undo import undo
from core.storage import backups as stored
from core.storage.backups import (
    BackupDamagedError,
    BackupMissingError,
    BackupRefusedError,
    list_backups,
)
from core.storage.database import AppDamagedError, transaction
from core.storage.embeddings import add_embeddings, find_embeddings
from core.storage.filters import count_inputs
from core.storage.models import list_model_versions
from core.storage.thinning import Reason, fitting, kept
from tests.core.damage import damage_table, files, flip
from tests.core.faults import ROOT, TRAIN, bring_in, state

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def numbers(app):
    return [backup.number for backup in list_backups(app.backups)]


def reasons(app):
    return [backup.reason for backup in list_backups(app.backups)]


def backed_up(app):
    return back_up(app, BackUpRequest(), Job()).backup


# Writing


def test_a_backup_holds_every_row_and_says_what_is_in_it(labelled_app):
    backup = backed_up(labelled_app)
    assert backup.is_whole()
    assert (backup.counts["texts"], backup.counts["labels"], backup.counts["concepts"]) == (
        20,
        20,
        2,
    )
    with labelled_app.database() as db, closing(sqlite3.connect(backup.database)) as copy:
        for table in ("inputs", "texts", "annotations", "concepts", "steps", "undo_log"):
            rows = f"SELECT * FROM {table} ORDER BY 1, 2"
            assert copy.execute(rows).fetchall() == db.execute(rows).fetchall()


def test_a_backup_leaves_out_what_can_be_had_again_and_going_back_keeps_it(
    labelled_app, fake_embedder
):
    with labelled_app.database() as db, transaction(db):
        add_embeddings(db, "fake-1", ["win a free prize now"], fake_embedder.encode(["win"], Job()))
    backup = backed_up(labelled_app)
    with closing(sqlite3.connect(backup.database)) as copy:
        assert copy.execute("SELECT COUNT(*) FROM embeddings").fetchone() == (0,)
    add_texts(labelled_app, AddTextsRequest(("new",)), Job())
    restore(labelled_app, RestoreRequest(), Job())
    with labelled_app.database() as db:
        assert len(find_embeddings(db, "fake-1", ["win a free prize now"], fake_embedder.dim)) == 1


def test_nothing_is_backed_up_twice(labelled_app):
    backed_up(labelled_app)
    again = back_up(labelled_app, BackUpRequest(Reason.TIME, only_if_changed=True), Job())
    assert not again.is_new
    annotate(labelled_app, AnnotateRequest((1,), "ham"), Job())
    assert back_up(labelled_app, BackUpRequest(Reason.TIME, only_if_changed=True), Job()).is_new
    undo(labelled_app, Job())
    assert back_up(labelled_app, BackUpRequest(Reason.TIME, only_if_changed=True), Job()).is_new
    assert numbers(labelled_app) == [3, 2, 1]


def test_a_backup_that_was_damaged_does_not_count_as_one(labelled_app):
    flip(backed_up(labelled_app).database)
    assert back_up(labelled_app, BackUpRequest(Reason.TIME, only_if_changed=True), Job()).is_new


def test_a_backup_is_of_one_moment_while_others_write(labelled_app):
    with labelled_app.database() as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE inputs SET note = 'half done'")
        backup = backed_up(labelled_app)
        db.execute("ROLLBACK")
    with closing(sqlite3.connect(backup.database)) as copy:
        assert copy.execute("SELECT COUNT(*) FROM inputs WHERE note <> ''").fetchone() == (0,)


@pytest.mark.parametrize("patience", [0, 1, 2])
def test_a_stopped_backup_leaves_the_others_as_they_were(labelled_app, impatient, patience):
    backed_up(labelled_app)
    before = files(labelled_app.backups)
    with pytest.raises(JobCancelled):
        back_up(labelled_app, BackUpRequest(), impatient(patience))
    assert files(labelled_app.backups) == before


def test_labels_outlive_the_database_as_a_file_that_can_be_imported(labelled_app, tmp_path):
    readable = back_up(labelled_app, BackUpRequest(), Job()).readable
    other = create_app_folder("Other", tmp_path / "other")
    import_texts(other, ImportRequest(readable, preview(readable).mapping), Job())
    assert told(other) == told(labelled_app)


def told(app):
    with app.database() as db:
        return sorted(
            db.execute(
                "SELECT t.text, c.name, a.is_positive FROM annotations a "
                "JOIN inputs i ON i.id = a.input_id JOIN texts t ON t.id = i.text_id "
                "JOIN concepts c ON c.id = a.concept_id"
            ).fetchall()
        )


# Never from a bad state


def test_a_damaged_database_is_not_backed_up_and_no_backup_is_touched(labelled_app):
    readable = back_up(labelled_app, BackUpRequest(), Job()).readable
    before, words = files(labelled_app.backups), readable.read_bytes()
    damage_table(labelled_app)
    with pytest.raises(BackupRefusedError, match="damaged") as refused:
        back_up(labelled_app, BackUpRequest(), Job())
    assert "Check and repair" in refused.value.next_step
    assert files(labelled_app.backups) == before
    assert readable.read_bytes() == words


def test_labels_of_texts_that_are_gone_are_no_state_to_keep(labelled_app):
    with labelled_app.database() as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM inputs WHERE id = 1")
    with pytest.raises(BackupRefusedError):
        back_up(labelled_app, BackUpRequest(), Job())
    assert numbers(labelled_app) == []


KILLED = """
import sys, time
from pathlib import Path
from core.app_folder import AppFolder
from core.jobs import Job
from core.operations.back_up import BackUpRequest, back_up

class Slow(Job):
    def report(self, stage, *counts):
        super().report(stage, *counts)
        if stage == sys.argv[2]:
            print("now", flush=True)
            time.sleep(60)

back_up(AppFolder(Path(sys.argv[1])), BackUpRequest(), Slow())
"""


def killed_during(app, stage, code=KILLED):
    """Start a backup, or other code, in a process of its own, and kill it in a stage."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(app.path), stage], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout.readline() == b"now\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal on Windows")
def test_a_backup_that_was_killed_leaves_the_others_and_nothing_half(labelled_app):
    backed_up(labelled_app)
    before = files(labelled_app.backups)
    killed_during(labelled_app, "Checking texts and labels")
    assert any(path.name.startswith(ASIDE) for path in labelled_app.backups.iterdir())
    assert numbers(labelled_app) == [1]
    with labelled_app.locked():
        assert files(labelled_app.backups) == before
    assert backed_up(labelled_app).number == 2


KILLED_BACK = (
    KILLED.replace("back_up(AppFolder", "restore(AppFolder")
    .replace("BackUpRequest()", "RestoreRequest(1)")
    .replace(
        "core.operations.back_up import BackUpRequest, back_up",
        "core.operations.restore import RestoreRequest, restore",
    )
)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal on Windows")
def test_going_back_that_was_killed_leaves_the_app_as_it_was_or_as_it_should_be(labelled_app):
    backed_up(labelled_app)
    was = state(labelled_app)
    add_texts(labelled_app, AddTextsRequest(("brand new",)), Job())
    before = state(labelled_app)
    killed_during(labelled_app, "Putting it in place", KILLED_BACK)
    with labelled_app.locked():
        assert state(labelled_app) in (before, was)
    assert not list(labelled_app.path.glob(f"{ASIDE}*"))
    assert reasons(labelled_app) == [Reason.RESTORE, Reason.ASKED]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal on Windows")
@pytest.mark.parametrize("delay_ms", range(300, 1500, 60))
def test_whenever_a_backup_is_killed_the_newest_one_is_whole(labelled_app, many_mails, delay_ms):
    bring_in(labelled_app, many_mails)
    backed_up(labelled_app)
    code = KILLED.replace("if stage == sys.argv[2]", "if False")
    process = subprocess.Popen([sys.executable, "-c", code, str(labelled_app.path), ""], cwd=ROOT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(delay_ms / 1000)
    process.kill()
    process.wait()
    assert all(backup.is_whole() for backup in list_backups(labelled_app.backups))
    add_texts(labelled_app, AddTextsRequest(("new",)), Job())
    restore(labelled_app, RestoreRequest(), Job())
    with labelled_app.locked(), labelled_app.database() as db:
        assert count_inputs(db) == 2_020


@contextmanager
def small_disk(path, n_bytes):
    """Have a disk of so many bytes at a path."""
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={n_bytes}", "tmpfs", str(path)]
    if os.name == "nt" or os.geteuid() or subprocess.run(command, check=False).returncode:
        pytest.skip("only root may have a small disk of its own")
    try:
        yield path
    finally:
        subprocess.run(["umount", str(path)], check=True)


def test_a_full_disk_leaves_backups_and_app_and_works_again_with_room(labelled_app, tmp_path):
    with small_disk(tmp_path / "disk", 1_600_000) as disk:
        app = AppFolder(shutil.copytree(labelled_app.path, disk / "app"))
        backed_up(app)
        filler = disk / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(disk).free - 100_000))
        before = files(app.backups)
        with pytest.raises(DiskFullError) as full:
            back_up(app, BackUpRequest(), Job())
        assert "Free some room" in full.value.next_step
        assert files(app.backups) == before
        with pytest.raises(DiskFullError):
            restore(app, RestoreRequest(), Job())
        filler.unlink()
        assert app_name(app.path) == "Messages"
        assert backed_up(app).number == 2


def test_wherever_the_room_ends_the_backups_stay(labelled_app, monkeypatch):
    backed_up(labelled_app)
    before = files(labelled_app.backups)
    for name in ("copy_database", "_slim", "check_whole", "digest"):
        with monkeypatch.context() as patch:

            def full(*_arguments):
                raise OSError(28, "No space left on device")

            patch.setattr(stored, name, full)
            with pytest.raises(DiskFullError):
                back_up(labelled_app, BackUpRequest(), Job())
        assert files(labelled_app.backups) == before


# Thinning


def hours(*ages):
    """Return backups of these ages in hours, oldest first."""
    ordered = sorted(ages, reverse=True)
    return [(i + 1, NOW - timedelta(hours=age), Reason.TIME) for i, age in enumerate(ordered)]


def test_all_backups_of_two_days_stay():
    ages = [i / 2 for i in range(96)]
    assert kept(hours(*ages), NOW) == set(range(1, 97))


def test_after_two_days_the_last_of_each_day_stays():
    backups = hours(0, 60, 61, 62, 84, 85)  # 84 and 60 hours before noon a day begins
    assert kept(backups, NOW) == {1, 4, 5, 6}


def test_after_two_weeks_the_last_of_each_week_stays_and_later_of_each_month():
    days = [(i + 1, NOW - timedelta(days=400 - i), Reason.TIME) for i in range(401)]
    stay = {number: made for number, made, _why in days if number in kept(days, NOW)}
    ages = [(NOW - made).days for made in stay.values()]
    assert [age for age in ages if age <= 14] == [*range(14, -1, -1)]
    weekly = [made for made in stay.values() if 14 < (NOW - made).days <= 70]
    assert len({made.isocalendar()[:2] for made in weekly}) == len(weekly) == 9
    monthly = [made for made in stay.values() if (NOW - made).days > 70]
    assert len({(made.year, made.month) for made in monthly}) == len(monthly) == 12


def test_sixty_days_of_work_leave_the_expected_backups_and_always_the_newest():
    there, number, when = [], 0, NOW - timedelta(days=60)
    while when <= NOW:
        if when.weekday() < 5 and 8 <= when.hour < 17:  # changed on working days only
            number += 1
            there.append((number, when, Reason.TIME))
            stay = kept(there, when)
            assert number in stay
            there = [backup for backup in there if backup[0] in stay]
        when += timedelta(minutes=30)
    ages = [(NOW - made) for _number, made, _why in there]
    assert sum(age <= timedelta(days=2) for age in ages) == len(
        {made for _n, made, _w in there if NOW - made <= timedelta(days=2)}
    )
    days = {made.date() for _n, made, _w in there if NOW - made <= timedelta(days=14)}
    assert len(days) == 10
    assert len(there) < 60


def test_a_clock_that_was_set_back_takes_no_backup_away():
    ahead = [
        (1, NOW + timedelta(days=300), Reason.TIME),
        (2, NOW + timedelta(hours=1), Reason.TIME),
    ]
    assert kept([*ahead, (3, NOW, Reason.TIME)], NOW) == {1, 2, 3}
    year_back = NOW - timedelta(days=365)
    assert kept([(1, NOW, Reason.TIME), (2, year_back, Reason.TIME)], NOW) == {1, 2}


def test_what_an_older_textwright_left_stays():
    old = (1, NOW - timedelta(days=300, hours=2), Reason.MIGRATION)
    later = (2, NOW - timedelta(days=300, hours=1), Reason.TIME)
    assert kept([old, later, (3, NOW, Reason.TIME)], NOW) == {1, 2, 3}
    assert kept([], NOW) == set()


def test_backups_take_a_fifth_of_the_free_room_at_most_and_the_oldest_go_first():
    backups = [(n, 100, Reason.TIME) for n in range(1, 11)]
    assert fitting(backups, 9_000) == set(range(1, 11))  # 1,000 of 10,000
    assert fitting(backups, 3_000) == set(range(3, 11))  # 800 of 4,000
    assert fitting(backups, 500) == {8, 9, 10}
    assert fitting(backups, 0) == {9, 10}
    assert fitting([(1, 10**12, Reason.ASKED)], 0) == {1}  # the newest always stays
    assert fitting([], 0) == set()


def test_where_there_is_no_room_the_newest_before_a_risky_step_stays_beside_those_of_the_clock():
    backups = [(1, 100, Reason.IMPORT), (2, 100, Reason.DELETION)]
    backups += [(number, 100, Reason.TIME) for number in (3, 4, 5)]
    assert fitting(backups, 0) == {2, 5}


def test_what_an_older_textwright_left_stays_however_little_room_there_is():
    backups = [(1, 500, Reason.MIGRATION), (2, 500, Reason.TIME), (3, 500, Reason.TIME)]
    assert fitting(backups, 100) == {1, 3}


def test_a_small_disk_keeps_the_newest_good_backup_and_says_nothing_of_it(
    labelled_app, monkeypatch
):
    usage = shutil.disk_usage(labelled_app.path)
    monkeypatch.setattr(stored.shutil, "disk_usage", lambda _path: usage._replace(free=1_000))
    for i in range(5):
        add_texts(labelled_app, AddTextsRequest((f"text {i}",)), Job())
        assert back_up(labelled_app, BackUpRequest(Reason.TIME, only_if_changed=True), Job()).is_new
    assert numbers(labelled_app) == [5]
    edit_inputs(labelled_app, InputDeletion(tuple(range(1, 20))), Job())
    assert numbers(labelled_app) == [5]
    restore(labelled_app, RestoreRequest(), Job())
    with labelled_app.database() as db:
        assert count_inputs(db) == 25


def test_labels_are_written_as_a_file_before_risky_steps_too(labelled_app, monkeypatch):
    monkeypatch.setattr("core.operations.edit_inputs.BULK", 5)
    annotate(labelled_app, AnnotateRequest((1,), "only in the file"), Job())
    edit_inputs(labelled_app, InputDeletion(tuple(range(1, 11))), Job())
    told = (labelled_app.path / "labels.jsonl").read_text(encoding="utf-8")
    assert "only in the file" in told
    assert told.count("\n") == 20


def test_a_backup_counts_also_where_there_is_no_room_for_the_file_of_labels(
    labelled_app, monkeypatch
):
    def full(*_words):
        raise DiskFullError

    monkeypatch.setattr("core.operations.back_up.write_inputs", full)
    result = back_up(labelled_app, BackUpRequest(), Job())
    assert (result.is_new, result.readable) == (True, None)
    assert numbers(labelled_app) == [1]


def test_thinning_deletes_only_after_a_new_backup_is_there(labelled_app, monkeypatch):
    backed_up(labelled_app)
    monkeypatch.setattr(stored, "kept", lambda backups, _now: {max(b[0] for b in backups)})
    damaged = labelled_app.file.read_bytes()
    damage_table(labelled_app)
    with pytest.raises(BackupRefusedError):
        back_up(labelled_app, BackUpRequest(), Job())
    assert numbers(labelled_app) == [1]
    labelled_app.file.write_bytes(damaged)
    assert back_up(labelled_app, BackUpRequest(), Job()).n_thinned == 1
    assert numbers(labelled_app) == [2]


# Before risky steps


def test_a_large_import_backs_up_what_was_there_before_it(labelled_app, many_mails):
    bring_in(labelled_app, many_mails)
    (backup,) = list_backups(labelled_app.backups)
    assert (backup.reason, backup.counts["texts"]) == (Reason.IMPORT, 20)


def test_an_import_into_an_empty_app_needs_no_backup(app, many_mails):
    bring_in(app, many_mails)
    assert numbers(app) == []


def test_deleting_and_merging_many_backs_up_first_and_few_does_not(app, many_mails):
    bring_in(app, many_mails)
    edit_inputs(app, InputDeletion(tuple(range(1, 100))), Job())
    assert reasons(app) == []
    edit_inputs(app, InputDeletion(tuple(range(100, 700))), Job())
    edit_inputs(app, BinEmptying(), Job())
    assert reasons(app) == [Reason.DELETION, Reason.DELETION]
    edit_concepts(app, ConceptMerge((1, 2, 3), 4), Job())
    assert reasons(app)[0] == Reason.MERGE
    assert list_backups(app.backups)[0].counts["concepts"] == 5
    annotate(app, ClearRequest(tuple(range(700, 1_201))), Job())
    assert reasons(app)[:2] == [Reason.DELETION, Reason.MERGE]


def test_a_risky_step_is_not_taken_where_no_backup_can_be_made(app, many_mails):
    bring_in(app, many_mails)
    damage_table(app)
    with pytest.raises((BackupRefusedError, AppDamagedError)):
        bring_in(app, many_mails)


def test_a_migration_keeps_the_old_file(tmp_path):
    folder = tmp_path / "old"
    folder.mkdir()
    script = (ROOT / "tests" / "old_apps" / "storage_3.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(folder / "app.db")) as db:
        db.executescript(script)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        rows = db.execute("SELECT * FROM annotations").fetchall()
    app = AppFolder(folder)
    assert app_name(folder)
    assert app.is_of_earlier()  # its name is read without bringing it up to date
    with app.database():
        pass
    with app.database():
        pass
    (backup,) = list_backups(app.backups)
    assert (backup.reason, backup.storage) == (Reason.MIGRATION, version)
    with closing(sqlite3.connect(backup.database)) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (version,)
        assert copy.execute("SELECT * FROM annotations").fetchall() == rows
    assert restore(app, RestoreRequest(backup.number), Job()).kept == 2


# The way back


def test_going_back_brings_every_row_and_keeps_the_state_before(labelled_app):
    backup = backed_up(labelled_app)
    was = state(labelled_app)
    edit_inputs(labelled_app, InputDeletion(tuple(range(1, 11))), Job())
    add_texts(labelled_app, AddTextsRequest(("brand new",), ("ham",)), Job())
    before = state(labelled_app)
    result = restore(labelled_app, RestoreRequest(backup.number), Job())
    assert state(labelled_app) == was
    assert result.kept == 2
    restore(labelled_app, RestoreRequest(2), Job())
    assert state(labelled_app) == before


def test_going_back_is_seen_by_a_window_that_has_the_app_open(labelled_app, db):
    backed_up(labelled_app)
    add_texts(labelled_app, AddTextsRequest(("brand new",)), Job())
    assert count_inputs(db) == 21
    restore(labelled_app, RestoreRequest(1), Job())
    assert count_inputs(db) == 20


def test_a_copy_of_a_backup_is_an_app_of_its_own(labelled_app, fake_embedder):
    train(labelled_app, TRAIN, Job())
    backed_up(labelled_app)
    add_texts(labelled_app, AddTextsRequest(("brand new",)), Job())
    copy = restore(labelled_app, RestoreRequest(name="As it was"), Job()).app
    assert app_name(copy.path) == "As it was"
    assert try_text(copy, TryRequest("first", "win a prize"), Job()).predictions
    with copy.locked(), copy.database() as there, labelled_app.database() as here:
        assert (count_inputs(there), count_inputs(here)) == (20, 21)
    assert app_name(labelled_app.path) == "Messages"


def test_a_model_that_is_newer_than_the_backup_is_back_with_the_state_before(
    labelled_app, fake_embedder
):
    backed_up(labelled_app)
    train(labelled_app, TRAIN, Job())
    restore(labelled_app, RestoreRequest(1), Job())
    with labelled_app.locked(), labelled_app.database() as db:
        assert list_model_versions(db) == []
    assert restore(labelled_app, RestoreRequest(2), Job()).n_models_lost == 0
    assert try_text(labelled_app, TryRequest("first", "win a prize"), Job()).predictions


def test_a_model_whose_folder_is_gone_is_told_and_left_out(labelled_app, fake_embedder):
    folder = train(labelled_app, TRAIN, Job()).model_version.folder
    backed_up(labelled_app)
    shutil.rmtree(labelled_app.models / folder)
    assert restore(labelled_app, RestoreRequest(), Job()).n_models_lost == 1
    with labelled_app.database() as db:
        assert list_model_versions(db) == []


@pytest.mark.parametrize("harm", ["labels", "header", "cut", "text", "gone"])
def test_a_damaged_database_is_kept_aside_and_a_backup_takes_its_place(labelled_app, harm):
    was = state(labelled_app)
    backed_up(labelled_app)
    match harm:
        case "labels":
            damage_table(labelled_app)
        case "header":
            flip(labelled_app.file, 0, 100)
        case "cut":
            labelled_app.file.write_bytes(labelled_app.file.read_bytes()[:5_000])
        case "text":
            labelled_app.file.write_text("no database")
        case "gone":
            labelled_app.file.unlink()
    with labelled_app.locked(as_it_is=True):
        result = restore(labelled_app, RestoreRequest(), Job())
    assert state(labelled_app) == was
    assert result.kept == 0
    assert result.damaged.is_dir()
    assert (result.damaged / "app.db").exists() == (harm != "gone")
    assert numbers(labelled_app) == [1]


def test_a_model_that_only_the_damaged_database_knows_stays_beside_it(labelled_app, fake_embedder):
    backed_up(labelled_app)
    folder = labelled_app.models / train(labelled_app, TRAIN, Job()).model_version.folder
    flip(labelled_app.file, 0, 100)
    with labelled_app.locked(as_it_is=True):
        restore(labelled_app, RestoreRequest(), Job())
    with labelled_app.locked():
        assert folder.is_dir()


def test_a_damaged_backup_is_refused_and_the_app_stays(labelled_app):
    flip(backed_up(labelled_app).database)
    before = state(labelled_app)
    with pytest.raises(BackupDamagedError) as refused:
        restore(labelled_app, RestoreRequest(), Job())
    assert refused.value.next_step.endswith(".")
    with pytest.raises(BackupMissingError, match="7"):
        restore(labelled_app, RestoreRequest(7), Job())
    assert state(labelled_app) == before
    assert numbers(labelled_app) == [1]


@pytest.mark.parametrize("patience", [0, 1, 2, 3, 4])
def test_a_stopped_way_back_leaves_the_app_as_it_was(labelled_app, impatient, patience):
    backed_up(labelled_app)
    add_texts(labelled_app, AddTextsRequest(("brand new",)), Job())
    before = state(labelled_app)
    with pytest.raises(JobCancelled):
        restore(labelled_app, RestoreRequest(1), impatient(patience))
    assert state(labelled_app) == before
    assert not list(labelled_app.path.glob(f"{ASIDE}*"))


# In the terminal


def test_the_commands_back_up_list_and_go_back(labelled_app, run, run_json, refused):
    place = str(labelled_app.path)
    assert run("backups", place) == "There are no backups yet.\n"
    made = run_json("backup", place)
    assert (made["number"], made["counts"]["texts"], made["reason"]) == (1, 20, "asked")
    run("add", place, "brand new")
    (line,) = run("backups", place).splitlines()
    assert "20 texts" in line
    assert "You asked for it" in line
    assert "kept as backup 2" in run("restore", place, "1")
    assert [backup["number"] for backup in run_json("backups", place)] == [2, 1]
    assert "newest backup stays" in refused("backups", place, "--delete", "2")[0]
    copy = run_json("restore", place, "2", "--as", "Later")
    with AppFolder(labelled_app.path.__class__(copy["folder"])).database() as db:
        assert count_inputs(db) == 21
    assert "There is no backup 9." in refused("restore", place, "9")


def test_an_app_that_cannot_be_opened_is_found_by_its_backups(labelled_app, run):
    run("backup", labelled_app.path)
    labelled_app.file.write_text("no database")
    assert "The damaged database is kept" in run("restore", labelled_app.path, "0")
    assert run("inputs", labelled_app.path)


def test_a_backup_is_deleted_for_good_when_asked(labelled_app, run_json, refused):
    for _once in range(2):
        backed_up(labelled_app)
    place = labelled_app.path
    assert [b["number"] for b in run_json("backups", place, "--delete", "1")] == [2]
    assert "There is no backup 1." in refused("backups", place, "--delete", "1")
    assert [path.name[:5] for path in labelled_app.backups.iterdir()] == ["00002"]


def test_a_backup_that_another_program_has_open_stays_and_no_new_one_fails(
    labelled_app, monkeypatch
):
    backed_up(labelled_app)
    monkeypatch.setattr(stored, "kept", lambda backups, _now: {max(b[0] for b in backups)})
    rename = Path.rename

    def held(path, target):
        if path.name.startswith("00001"):
            raise PermissionError(13, "held")  # as Windows does
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", held)
    assert back_up(labelled_app, BackUpRequest(), Job()).n_thinned == 0
    assert numbers(labelled_app) == [2, 1]
    with pytest.raises(NotWritableError):
        delete_one_backup(labelled_app, BackupDeletion(1), Job())


def test_a_backup_whose_deletion_was_killed_is_none_and_goes_when_the_app_is_opened(
    labelled_app, monkeypatch
):
    for _once in range(2):
        backed_up(labelled_app)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_words, **_more: None)  # as far as it came
        delete_one_backup(labelled_app, BackupDeletion(1), Job())
    assert numbers(labelled_app) == [2]
    assert len(list(labelled_app.backups.iterdir())) == 2
    with labelled_app.locked():
        assert [path.name[:5] for path in labelled_app.backups.iterdir()] == ["00002"]
