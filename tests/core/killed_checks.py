"""What must be true of an app whose program was killed, and of the files beside it."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.app_folder import AppFolder
from core.asides import delete_lost_asides
from core.jobs import Job
from core.operations.check_app import CheckAppRequest, check_app
from core.operations.tidy_up import tidy_up
from core.operations.undo import redo, undo
from core.storage.backups import list_backups
from core.storage.models import list_model_versions
from core.storage.steps import find_undoable
from tests.core.faults import CACHES, ROOT
from tests.core.killed_verbs import SECRET, VERBS

LOGS = ("steps", "undo_log")  # written anew when a step is undone and done again
OUT = re.compile(r"/[^']*/out/")
KINDS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4"}
CHANGING = re.compile(
    rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(?:\+00:00)?|[0-9a-f]{32}|\"seconds\": [\d.]+"
)


class Server:
    """The process that forks children; see `tests.core.killed`."""

    def __init__(self, log):
        env = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._log = log.open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.core.killed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            cwd=ROOT,
            env=env,
        )

    def run(self, verb, place, *, dies=False, **how):
        """Let a child do a verb; return how far it came."""
        self._process.stdin.write(json.dumps({"verb": verb, "place": str(place), **how}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, Path(self._log.name).read_text(encoding="utf-8")
        told = json.loads(line)
        assert not told["failed"], told["failed"]
        assert dies or not told["was_killed"], told
        return told

    def close(self):
        self._process.kill()
        self._process.communicate()
        self._log.close()


class Reference:
    """The states that a verb goes through when nobody kills it.

    Attributes:
        states: before the first step, and after each.
        between: states that may be left as well, by the number of the step.
        last: what an analyst sees in the end. weights: of the models then.
        faults: what the program finds wrong with the app in any case.
    """

    def __init__(self, server, name, template, folder):
        self.name, self.template = name, template
        folder.mkdir()
        places = [folder / "0", *(folder / str(i + 1) for i in range(len(VERBS[name].steps)))]
        shutil.copytree(template, places[0])
        shutil.copytree(template, folder / "place")
        told = server.run(name, folder / "place", states=str(folder))
        self.n_touches, self.seconds = told["n_touches"], told["seconds"]
        opened = [open_again(place) for place in places]
        self.states = [state_of(place) for place in opened]
        self.last, self.weights = seen_in(opened[-1]), weights_of(opened[-1])
        self.faults = faults_of(AppFolder(opened[-1] / "app"))  # old apps are without their models
        self.between = {}
        for step in VERBS[name].between or {}:
            shutil.copytree(template, folder / f"between {step}")
            server.run(f"between {name}", folder / f"between {step}")
            self.between[step] = state_of(open_again(folder / f"between {step}"))
        shutil.rmtree(folder)


def check(server, reference, place, told):
    """Fail where something of an app, or beside it, is not as it should be after a kill."""
    app = AppFolder(place / "app")
    open_again(place)
    assert (found := faults_of(app)) == reference.faults, found
    state = state_of(place)
    n_done = _place_in_chain(reference, state, told["n_done"])
    check_undo(app)
    _check_files_of(app, reference, n_done)
    _finish(server, reference, place, n_done)


def faults_of(app):
    """Return what the program itself finds wrong with an app."""
    found = check_app(app, CheckAppRequest(), Job()).faults
    return [(fault.kind, fault.n, fault.detail) for fault in found]


def open_again(place):
    """Open an app as the program does when it starts; return its place."""
    app = AppFolder(place / "app")
    with app.locked():  # no lock of the killed one is in the way
        tidy_up(app, Job())
    return place


def state_of(place):
    """Return all that counts of an app, part by part, without what no two runs share."""
    app = AppFolder(place / "app")
    found = rows_of(app)
    for top in (app.models, app.evaluations):
        folders = [content_of(folder) for folder in top.iterdir()] if top.is_dir() else []
        found[top.name] = sorted(map(repr, folders))
    return found | {"backups": len(list_backups(app.backups)), "out": outside(place)}


def rows_of(app):
    """Return the rows of each table."""
    with app.database() as db:
        tables = [t for t in db.table_names() if t not in CACHES and "texts_fts_" not in t]
        rows = {t: repr(db.execute(f"SELECT * FROM {t}").fetchall()) for t in tables}
    return {t: _plain(OUT.sub("/out/", some)) for t, some in rows.items()}


def outside(place):
    """Return what lies beside the app, but for what waits to be gone on with."""
    paths = (p for p in (place / "out").iterdir() if not p.name.startswith("."))
    return {path.name: content_of(path) for path in sorted(paths)}


def content_of(path):
    """Return what a file or a folder holds; of what can be packed, what it is when unpacked."""
    if path.is_dir():
        inside = sorted(p for p in path.rglob("*") if p.is_file() and not _is_of_sqlite(p))
        return {_plain(p.relative_to(path).as_posix()): _content(p.read_bytes(), p) for p in inside}
    if path.suffix in (".textwright", ".zip"):
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            return sorted(_plain(name) for name in archive.namelist())
    return _content(path.read_bytes(), path)


def _is_of_sqlite(path):
    return path.name.endswith(("-wal", "-shm", ".lock"))


def _content(content, path):
    return "a database" if path.suffix == ".db" else CHANGING.sub(b"*", content)


def _plain(words):
    return CHANGING.sub(b"*", words.encode("utf-8", "surrogatepass")).decode(errors="replace")


def _place_in_chain(reference, state, n_done):
    """Return how many steps an app has behind it: those that were told, or one more."""
    allowed = [(n_done, reference.states[n_done])]
    if n_done in reference.between:
        allowed.append((n_done, reference.between[n_done]))
    if n_done + 1 < len(reference.states):
        allowed.append((n_done + 1, reference.states[n_done + 1]))
    for n, expected in allowed:
        if not _unlike(state, expected):
            return n
    return pytest.fail("\n".join(f"not state {n}: {_unlike(state, s)}" for n, s in allowed))


def _unlike(state, expected):
    """Return which parts of two states differ; backups and files may already be the next."""
    return {
        part: (state.get(part), expected.get(part))
        for part in state.keys() | expected.keys()
        if part not in ("backups", "out") and state.get(part) != expected.get(part)
    }


def _check_files_of(app, reference, n_done):
    """Every backup is whole, none is lost, files beside are old or new, nothing is left aside."""
    states = reference.states[n_done : n_done + 2]
    backups = list_backups(app.backups)
    assert all(backup.is_whole() for backup in backups)
    counts = [state["backups"] for state in (*states, *reference.states[max(0, n_done - 1) :][:1])]
    one_more = reference.name.startswith("migrate")  # of the state that the killed one began with
    n_most = max(counts) + one_more
    assert min(counts) <= len(backups) <= n_most, f"{len(backups)} backups of {counts}"
    there = {path.name for path in app.backups.iterdir()} if app.backups.is_dir() else set()
    assert there == {backup.path.name for backup in backups}, f"among the backups: {there}"
    for name, content in outside(app.path.parent).items():
        near = [state["out"].get(name) for state in reference.states[max(0, n_done - 1) :][:3]]
        assert content in near, f"{name} is neither the old nor the new one"
    left = [path.name for path in app.path.iterdir() if path.name.startswith(".")]
    assert set(left) <= {".lock"}, f"left in the app: {left}"


def check_undo(app):
    """Undo and redo whatever there is, and find the app as it was."""
    with app.locked():
        with app.database() as db:
            if not find_undoable(db):
                return
        before = _told(app)
        undo(app, Job())
        assert _told(app) != before, "undo did nothing"
        redo(app, Job())
        after = _told(app)
        assert after == before, [part for part in after if after[part] != before[part]]


def _told(app):
    return {table: rows for table, rows in rows_of(app).items() if table not in LOGS}


def seen_in(place):
    """Return what an analyst sees of an app: no keys, which may be others when it is done again."""
    app = AppFolder(place / "app")
    questions = (
        "SELECT t.text, i.split, i.status, i.note, "
        "(SELECT group_concat(c.name || a.is_positive) FROM annotations a "
        "JOIN concepts c ON c.id = a.concept_id WHERE a.input_id = i.id) "
        "FROM inputs i JOIN texts t ON t.id = i.text_id",
        "SELECT name, n_positive, n_negative FROM concepts",
        "SELECT COUNT(*) FROM bin_inputs WHERE NOT is_undone",
        "SELECT COUNT(*) FROM dataset_versions",
        "SELECT m.name, v.number FROM model_versions v JOIN models m ON m.id = v.model_id",
        "SELECT COUNT(*) FROM evaluations",
    )
    with app.database() as db:
        return [sorted(db.execute(sql).fetchall(), key=repr) for sql in questions] + [
            sorted(outside(place))
        ]


def weights_of(place):
    """Return the numbers of every model, in the order in which they were trained."""
    app = AppFolder(place / "app")
    with app.database() as db:
        folders = [app.models / version.folder for version in list_model_versions(db)]
    files = [path for folder in folders for path in sorted(folder.rglob("*.safetensors"))]
    return [numbers for path in files for numbers in _numbers_in(path.read_bytes())]


def _numbers_in(content):
    """Return the arrays of a safetensors file; those of halves, which numpy has not, as floats."""
    size = 8 + int.from_bytes(content[:8], "little")
    head = json.loads(content[8:size])
    for name in sorted(head.keys() - {"__metadata__"}):
        kind, (start, end) = head[name]["dtype"], head[name]["data_offsets"]
        raw = np.frombuffer(content[size + start : size + end], KINDS[kind])
        halves = kind == "BF16"
        yield (raw.astype(np.uint32) << 16).view(np.float32) if halves else raw


def check_weights(weights, expected):
    """Fail where a model is another one than it would have been, but for the rounding of sums."""
    assert len(weights) == len(expected), "a model has other parts"
    for one, other in zip(weights, expected, strict=True):
        assert one.shape == other.shape
        assert np.allclose(one, other, atol=1e-3), "a model is another one"


def _finish(server, reference, place, n_done):
    """Do the rest of the verb: it succeeds, and all is as if nobody had been killed."""
    if n_done < len(VERBS[reference.name].steps):
        server.run(reference.name, place, first=n_done)
    open_again(place)
    assert (seen := seen_in(place)) == reference.last, (seen, reference.last)
    check_weights(weights_of(place), reference.weights)
    out = outside(place)
    for name, content in reference.states[-1]["out"].items():
        assert out[name] == content, f"{name} is another one in the end"
    for folder in (place / "out", place / "home"):
        delete_lost_asides(folder)  # as the next file does that is written there
    left = [p.name for p in (place / "out").rglob(".*") if p.name != ".lock"]
    left += [p.name for p in (*(place / "tmp").iterdir(), *(place / "home").glob(".*"))]
    assert not left, f"left beside the app: {left}"
    if "bin" in reference.name:
        telling = [p.name for p in _own_files(place / "app") if SECRET.encode() in p.read_bytes()]
        assert not telling, f"what is emptied from the bin is in {telling}"


def _own_files(folder):
    return [p for p in folder.rglob("*") if p.is_file() and "backups" not in p.parts]
