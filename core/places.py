"""Folders that others write to as well: synchronised ones, and those on a network drive.

A database is several files that belong together; a program that copies them one by one while
somebody works, or a connection that goes, can damage it.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from core.i18n import _

# Names of folders, small letters, and of files that lie in the folder that is synchronised.
_NAMED = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "icloud drive": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "mobile documents": "iCloud",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "box sync": "Box",
    "megasync": "MEGA",
    "pcloud drive": "pCloud",
    "seafile": "Seafile",
    "tresorit": "Tresorit",
    "syncthing": "Syncthing",
}
_MARKED = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".tmp.drivedownload": "Google Drive",
}
_CLOUD_STORAGE = "cloudstorage"  # where macOS keeps what programs synchronise: "Dropbox-Ada"
_BEFORE = (" - ", "-", " (")  # what follows a name: "OneDrive - Firm", "Dropbox (Firm)"
_NETWORK = {
    *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "afs"),
    *("ncpfs", "ceph", "glusterfs", "lustre", "beegfs"),
    *("fuse.sshfs", "fuse.davfs2", "fuse.rclone", "fuse.gvfsd-fuse", "fuse.glusterfs"),
}


def synchronised_by(folder: Path) -> str:
    """Return the name of what synchronises a folder, "" where nothing does that is known."""
    for part in (folder, *folder.parents):
        if name := _called(part):
            return name
        with suppress(OSError):
            for mark, name in _MARKED.items():
                if (part / mark).exists():
                    return name
    return ""


def _called(folder: Path) -> str:
    """Return what synchronises a folder of this name."""
    name = folder.name.casefold()
    for known, title in _NAMED.items():
        if name == known or name.startswith(tuple(known + after for after in _BEFORE)):
            return title
    if folder.parent.name.casefold() == _CLOUD_STORAGE:
        return folder.name.partition("-")[0]
    return ""


def is_on_network(folder: Path) -> bool:
    """Tell whether a folder is on a drive of another computer."""
    if str(folder).startswith(("\\\\", "//")) or "gvfs" in folder.parts:
        return True
    found = [one for one in _mounts() if folder.is_relative_to(one[0])]
    _place, kind, options = max(
        found, key=lambda one: len(Path(one[0]).parts), default=("", "", "")
    )
    return kind.casefold() in _NETWORK or "remote" in options.split(",")


def _mounts() -> Sequence[tuple[str, str, str]]:
    """Return place, kind and options of every disk and drive."""
    import psutil  # only where an app is opened

    with suppress(OSError):
        return [(one.mountpoint, one.fstype, one.opts) for one in psutil.disk_partitions(all=True)]
    return []


def warning_of(folder: Path) -> str:
    """Return what speaks against keeping an app in a folder, with what to do; "" if nothing."""
    place = Path(os.path.realpath(folder))
    if service := synchronised_by(place):
        words = _(
            "This app lies in a folder that {service} synchronises, which can damage it while you "
            "work. Keep it in another folder; to take it elsewhere, copy it to a file."
        )
        return words.format(service=service)
    if is_on_network(place):
        return _(
            "This app lies on a network drive, which can damage it when the connection goes. Keep "
            "it on this computer's own disk; to take it elsewhere, copy it to a file."
        )
    return ""
