"""What lies aside while it is written: it appears whole, and what the dead left is cleared away."""

import os

import pytest

from core import asides
from core.asides import ASIDE, delete_asides, delete_lost_asides, new_aside, parts_aside
from core.asides import written_aside as folder_aside
from core.files.csv_writer import written_aside as file_aside

NOBODY = 999_999_999  # no process has this number


@pytest.fixture
def lost(tmp_path, monkeypatch):
    """A folder, and a file, that a killed process left aside."""
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: NOBODY)
        folder, file = new_aside(tmp_path), new_aside(tmp_path)
        folder.mkdir()
        (folder / "half").write_text("half")
        file.write_text("half")
    return tmp_path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_process_left_beside_a_file_goes_when_the_next_file_is_written(lost):
    with file_aside(lost / "out.csv") as aside:
        aside.write_text("whole")
    assert names(lost) == ["out.csv"]


def test_so_it_does_when_a_folder_is_written(lost):
    with folder_aside(lost / "out") as aside:
        (aside / "part").write_text("whole")
    assert names(lost) == ["out"]


def test_what_others_write_aside_stays(tmp_path, lost, monkeypatch):
    ours = new_aside(tmp_path)
    ours.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: NOBODY)
        patch.setattr(asides, "_computer", lambda: "0" * 8)
        another = new_aside(tmp_path)
    another.mkdir()
    strange = tmp_path / f"{ASIDE}mine"
    strange.mkdir()
    delete_lost_asides(tmp_path)
    assert names(tmp_path) == sorted([ours.name, another.name, strange.name])


def test_where_nobody_writes_all_of_it_goes_folders_and_files(lost):
    (lost / f"{ASIDE}old").mkdir()
    delete_asides(lost)
    assert names(lost) == []


def test_parts_of_a_file_are_for_their_owner_and_go_with_the_block(tmp_path):
    with parts_aside(tmp_path) as folder:
        (folder / "part").write_text("part")
        assert os.name == "nt" or folder.stat().st_mode & 0o077 == 0
    assert names(tmp_path) == []
