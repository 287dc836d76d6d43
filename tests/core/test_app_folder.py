"""An app on disk."""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.app_folder import (
    AppExistsError,
    AppInUseError,
    AppMissingError,
    AppNameError,
    app_name,
    create_app_folder,
    find_app_folder,
    folder_name,
)
from core.errors import NotWritableError
from core.paths import apps_folder
from core.preferences import (
    Preferences,
    read_preferences,
    recent_apps,
    remember_app,
    write_preferences,
)
from core.records import JobStatus
from core.storage.database import insert, now, transaction
from core.storage.filters import count_inputs
from core.storage.imports import add_import
from core.storage.inputs import NewInput, add_inputs
from core.storage.jobs import add_job, list_jobs
from core.storage.undo_log import log_new_inputs


def test_an_app_is_found_by_its_name_and_by_its_folder():
    app = create_app_folder("Kundenpost März")
    assert app.path.parent == apps_folder()
    assert find_app_folder("Kundenpost März") == app
    assert find_app_folder(str(app.path)) == app
    assert app_name(app.path) == "Kundenpost März"


def test_an_app_that_cannot_be_read_is_found_by_its_name_and_says_why():
    app = create_app_folder("Letters")
    app.file.write_bytes(b"no database at all" * 300)
    assert find_app_folder("Letters") == app
    with pytest.raises(AppMissingError):
        find_app_folder("Lette")


def test_an_app_elsewhere_is_found_by_name_among_the_recent_ones(tmp_path):
    app = create_app_folder("Letters", tmp_path / "some" / "where")
    with pytest.raises(AppMissingError):
        find_app_folder("Letters")
    assert find_app_folder("Letters", (app.path,)) == app


def test_an_app_never_overwrites_what_is_there(tmp_path):
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(AppExistsError):
        create_app_folder("Letters", tmp_path)
    create_app_folder("Letters")
    with pytest.raises(AppExistsError):
        create_app_folder("Letters")


@pytest.mark.parametrize("name", ["", " \n", "x" * 81])
def test_an_app_needs_a_name_of_a_sensible_length(name):
    with pytest.raises(AppNameError):
        create_app_folder(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bank questions", "Bank-questions"),
        ("../../etc/passwd", "etc-passwd"),
        ("con", "con-app"),
        ("???", "app"),
        ("报告 2026", "报告-2026"),
        ("x" + "合" * 80, "x" + "合" * 39),  # nothing ends in half a character
    ],
)
def test_folder_names_suit_every_file_system(name, expected):
    assert folder_name(name) == expected


def test_a_very_long_name_in_another_script_still_makes_a_folder():
    app = create_app_folder("合" * 80)
    assert app.path.is_dir()
    assert app_name(app.path) == "合" * 80


def test_an_app_is_open_in_one_place_at_a_time(app):
    code = (
        "import sys\nfrom core.app_folder import *\nfrom pathlib import Path\n"
        "try:\n"
        "    with AppFolder(Path(sys.argv[1])).locked(): pass\n"
        "except AppInUseError as error: print(error.next_step)\n"
    )
    with app.locked():
        other = subprocess.run(
            [sys.executable, "-c", code, app.path], capture_output=True, text=True, check=True
        )
    assert other.stdout.strip() == "Close it there, then try again."
    with app.locked():
        pass
    assert issubclass(AppInUseError, Exception)


def test_opening_clears_away_what_a_killed_program_left(app):
    aside = app.models / ".writing-123"
    aside.mkdir()
    (aside / "half").write_text("a model")
    with app.database() as db, transaction(db):
        step = insert(db, "steps", name="import", origin="import", at=now(), state="open")
        import_id = add_import(db, "a.csv", step)
        half = add_inputs(db, [NewInput("half an import", "a.csv")], 1, step, import_id)
        log_new_inputs(db, step, half)
        add_inputs(db, [NewInput("mine", "typed in")], 1)
        add_job(db, kind="train", title="Training")
    with app.locked(), app.database() as db:
        assert not aside.exists()
        assert count_inputs(db) == 1
        (job,) = list_jobs(db)
        assert job.status == JobStatus.FAILED
        assert "Nothing was changed" in job.message


@contextmanager
def without_root():
    """Be nobody for a while, because root may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions work otherwise on Windows")
def test_a_folder_that_may_not_be_written_to_is_said():
    with tempfile.TemporaryDirectory() as place:  # pytest's own folders are root's alone
        Path(place).chmod(0o755)
        app = create_app_folder("Letters", Path(place) / "letters")
        app.path.chmod(0o555)
        with without_root(), pytest.raises(NotWritableError, match="letters"), app.locked():
            pass
        with without_root(), pytest.raises(NotWritableError, match="letters"):
            create_app_folder("More", app.path / "more")
        app.path.chmod(0o755)


def test_a_place_that_is_a_file_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritableError):
        create_app_folder("Letters", tmp_path / "file" / "app")


def test_preferences_are_sparse_and_survive_damage(home):
    write_preferences(Preferences(theme="dark"))
    assert read_preferences() == Preferences(theme="dark")
    (file,) = Path(os.environ["TEXTWRIGHT_HOME"]).glob("preferences.json")
    assert "recent" not in file.read_text()
    file.write_text("{ broken")
    assert read_preferences() == Preferences()


def test_recent_apps_are_the_newest_first_and_still_there(tmp_path):
    one = create_app_folder("One", tmp_path / "one")
    two = create_app_folder("Two", tmp_path / "two")
    for path in (one.path, two.path, one.path, tmp_path / "gone", Path("9" * 5_000)):
        remember_app(path)  # the last is no name of a folder
    assert recent_apps() == (one.path, two.path)
