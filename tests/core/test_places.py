"""Apps in folders that are synchronised or on a network drive: said once, kindly, with a way."""

from pathlib import Path

import pytest

from core import places
from core.places import is_on_network, synchronised_by, warning_of
from core.preferences import warn_once


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("Users/ada/OneDrive/apps/letters", "OneDrive"),
        ("Users/ada/OneDrive - The Firm/letters", "OneDrive"),
        ("people/ada/Dropbox (Firm)/letters", "Dropbox"),
        ("people/ada/Nextcloud/a/b/letters", "Nextcloud"),
        ("Users/ada/Library/Mobile Documents/com~apple~CloudDocs/letters", "iCloud"),
        ("Users/ada/Library/CloudStorage/GoogleDrive-ada/My Drive/letters", "Google Drive"),
        ("Users/ada/Library/CloudStorage/Strato-ada/letters", "Strato"),
        ("people/ada/onedriver/letters", ""),
        ("people/ada/box/letters", ""),
        ("people/ada/letters about Dropbox", ""),
    ],
)
def test_who_synchronises_a_folder_is_known_by_its_name(folder, service):
    assert synchronised_by(Path("/") / folder) == service


@pytest.mark.parametrize(("mark", "service"), [(".stfolder", "Syncthing"), (".dropbox", "Dropbox")])
def test_or_by_what_it_leaves_there(tmp_path, mark, service):
    (tmp_path / mark).mkdir()
    assert synchronised_by(tmp_path / "some" / "where") == service


MOUNTS = [
    ("/", "ext4", "rw"),
    ("/people/ada/server", "nfs4", "rw"),
    ("/people/ada/server/local", "ext4", "rw"),
    ("/drives/team", "CIFS", "rw"),
    ("/drives/far", "fuse.sshfs", "rw"),
]


@pytest.mark.parametrize(
    ("folder", "is_far"),
    [
        ("/people/ada/letters", False),
        ("/people/ada/server/letters", True),
        ("/people/ada/server/local/letters", False),
        ("/people/ada/server2", False),
        ("/drives/team/letters", True),
        ("/drives/far/a/b", True),
        ("//server/team/letters", True),
        ("/run/user/1000/gvfs/smb-share:server=x/letters", True),
    ],
)
def test_a_drive_of_another_computer_is_known_by_its_kind(folder, is_far, monkeypatch):
    monkeypatch.setattr(places, "_mounts", lambda: MOUNTS)
    assert is_on_network(Path(folder)) == is_far


def test_the_disks_of_this_computer_can_be_read(tmp_path):
    assert not is_on_network(tmp_path)
    assert warning_of(tmp_path) == ""


def test_it_is_said_once_for_each_app_with_what_to_do_instead(tmp_path):
    one, other = (tmp_path / "Dropbox" / name for name in ("one", "other"))
    said = warn_once(one)
    assert said.startswith("This app lies in a folder that Dropbox synchronises, which can damage")
    assert "copy it to a file" in said
    assert warn_once(one) == ""
    assert warn_once(other) == said
    assert warn_once(tmp_path / "plain") == ""


def test_a_link_into_such_a_folder_is_one(tmp_path):
    there = tmp_path / "Nextcloud" / "letters"
    there.mkdir(parents=True)
    (tmp_path / "letters").symlink_to(there)
    assert "Nextcloud" in warning_of(tmp_path / "letters")


def test_the_commands_say_it_when_an_app_is_made_and_checked(tmp_path, run, run_json):
    folder = tmp_path / "OneDrive" / "letters"
    said = run("create-app", "Letters", "--folder", folder)
    assert "OneDrive synchronises" in said.splitlines()[1]
    assert "OneDrive" in run_json("check", folder)["warning"]
    assert run_json("create-app", "Plain", "--folder", tmp_path / "plain")["warning"] is None
