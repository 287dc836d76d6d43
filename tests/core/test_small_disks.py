"""A real disk of 2 MB, full to the page: import, label, delete, undo, freeze and export."""

import shutil
import subprocess
import sys
from functools import cache

import pytest

from tests.core.faults import ROOT

TRY = """
import shutil, sys
from pathlib import Path
from core.app_folder import create_app_folder
from core.errors import DiskFullError
from core.files import preview
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.back_up import BackUpRequest, back_up
from core.operations.edit_inputs import InputDeletion, edit_inputs
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.export_inputs import ExportRequest, export_inputs
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.undo import undo
from core.storage.backups import list_backups
from tests.core.faults import state

disk, step = Path(sys.argv[1]), int(sys.argv[2])
kept = disk.with_name("kept")
file = kept / "in.csv"
kept.mkdir()
file.write_text("text,label\\n" + "".join(f"text {i} of many,c{i % 3}\\n" for i in range(200)))
app = create_app_folder("Messages", disk / "app")
add_texts(app, AddTextsRequest(tuple(f"a text {i}" for i in range(20)), ("spam",)), Job())
edit_inputs(app, InputDeletion((3, 4)), Job())
before = state(app)
shutil.copytree(app.path, kept / "app")
older = "older"
out = disk / "out.csv"
verbs = {
    "import": lambda: import_texts(app, ImportRequest(file, preview(file).mapping), Job()),
    "label": lambda: annotate(app, AnnotateRequest((1,), "ham"), Job()),
    "label many": lambda: annotate(app, AnnotateRequest(tuple(range(5, 20)), "ham"), Job()),
    "delete": lambda: edit_inputs(app, InputDeletion(tuple(range(5, 15))), Job()),
    "undo": lambda: undo(app, Job()),
    "freeze": lambda: freeze_dataset(app, FreezeRequest(description="new"), Job()),
    "export inputs": lambda: export_inputs(app, ExportRequest(out), Job()),
    "export the app": lambda: export_app(app, ExportAppRequest(disk / "out.textwright"), Job()),
    "back up": lambda: back_up(app, BackUpRequest(), Job()),
}
lost, tried, refused = [], 0, 0
for name, verb in verbs.items():
    for left in range(0, 60 * 4096, 4096 * step):
        shutil.rmtree(app.path)
        shutil.copytree(kept / "app", app.path)
        for path in disk.glob("out*"):
            path.unlink()
        out.write_text(older)
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - left)))
        tried += 1
        try:
            verb()
            error = None
        except DiskFullError as raised:
            error = raised
        ballast.unlink()
        with app.locked():
            found = state(app)
        there = sorted(p.name for p in disk.iterdir())
        if error is None:
            verb() if name.startswith("export") else None
            assert all(b.is_whole() for b in list_backups(app.backups))
            break  # with more room it works all the more
        refused += 1
        if " left)" not in str(error) or not error.next_step.endswith("."):
            lost.append(f"{name}, {left} bytes left: {error}")
        if found != before or there != ["app", "out.csv"] or out.read_text() != older:
            lost.append(f"{name}, {left} bytes left: {there}")
        if list_backups(app.backups) or list(app.path.rglob(".writing*")):
            lost.append(f"{name}, {left} bytes left: a backup or a part of one")
        verb()
told = f"{tried} times with {len(verbs)} verbs, {refused} without enough room"
print(f"\\n{told}, losses: {len(lost)}")
print("\\n".join(lost))
sys.exit(1 if lost else 0)
"""
MOUNT = 'mount -t tmpfs -o size=2m tmpfs "$1" && exec "$2" -c "$3" "$1" "$4"'


@cache
def may_mount():
    """Tell whether this user may have a disk of its own for a while."""
    if not shutil.which("unshare"):
        return False
    command = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs ."]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def fill_up(place, step, tell):
    if not may_mount():
        pytest.skip("this user may not mount a disk")
    disk = place / "disk"
    disk.mkdir()
    words = ["unshare", "-rm", "sh", "-c", MOUNT, "sh", str(disk), sys.executable, TRY, str(step)]
    done = subprocess.run(words, check=False, capture_output=True, text=True, cwd=ROOT)
    tell(done.stdout.rstrip())
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_full_disk_of_2_mb_loses_nothing_and_works_again_with_room(tmp_path, tell):
    fill_up(tmp_path, 20, tell)


@pytest.mark.slow
def test_wherever_a_disk_of_2_mb_is_full_nothing_is_lost(tmp_path, tell):
    fill_up(tmp_path, 1, tell)
