"""Apps whose database holds what Textwright never writes, and all that is done to them."""

import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

from core.app_folder import AppFolder, app_name
from core.files.app_file import DATABASE, MANIFEST
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.check_app import CheckAppRequest, check_app
from core.operations.edit_concepts import ConceptEdit, edit_concepts
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.export_inputs import ExportRequest, export_inputs
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_app import ImportAppRequest, import_app
from core.operations.merge_app import MergeAppRequest, merge_app
from core.operations.settle import SettleRequest, settle_disagreements
from core.operations.try_text import TryRequest, try_text
from core.operations.undo import undo
from core.storage.bin import list_binned
from core.storage.concepts import list_concepts, list_synonyms
from core.storage.counts import count_labels
from core.storage.database import transaction
from core.storage.datasets import list_datasets
from core.storage.evaluations import list_evaluations
from core.storage.filters import InputFilter, count_inputs, list_input_ids, list_saved_filters
from core.storage.inputs import get_inputs
from core.storage.jobs import list_jobs
from core.storage.merges import count_open, list_disagreements, list_merges
from core.storage.models import list_model_versions
from core.storage.searches import list_saved_searches
from core.storage.suggestions import find_round, list_suggestions
from core.storage.versions import iterate_version, list_versions
from core.storage.workflows import list_workflows

NUMBERS = (-1, 0, 1, 2, 3, 7, 99, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 0.5, float("inf"), 1e300)
WORDS = (
    "", " ", "\x00", "\x1b[2J", "\u202egnp.exe", "\u2066", "\ufffe", "a" * 100_000, "💥" * 300,
    "true", "null", "-1", "1e999", "2026-13-45T99:99:99", "2026-01-01", "0000-00-00T00:00:00+00:00",
    "train", "done", "person", "unsure", "text-to-text", "other", "%s{0}{x}", "<b>&amp;</b>",
    "'; DROP TABLE inputs; --", "../../etc/passwd", "/etc/passwd", "C:\\x", "\ud83d".encode(
        "utf-8", "replace"
    ).decode(),
    "[]", "{}", "[[[[1]]]]", '{"a": 1e999}', '{"labels": 1}', '[1, "x"]', "{", "NaN", '{"a":' * 600,
)  # fmt: skip
BYTES = (b"", b"\x00", b"\xff" * 3, b"\x00\x7e" * 64, b"\xff" * 16, b"\x00\x7c" * 32)


def spoil(db: sqlite3.Connection, chance: Random) -> str:
    """Put nonsense into one to three cells; return what was done."""
    told = []
    tables = [
        name
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith("texts_fts")
    ]
    for _turn in range(chance.randint(1, 3)):
        filled = [n for n in tables if db.execute(f'SELECT 1 FROM "{n}" LIMIT 1').fetchone()]
        table = chance.choice(filled)
        columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
        column = chance.choice(columns)
        value = chance.choice(
            chance.choice([NUMBERS, WORDS, BYTES, (None,), _seen(db, table, chance)])
        )
        where = "" if chance.random() < 0.2 else f" WHERE {_some(db, table, columns, chance)}"
        told.append(f"{table}.{column} = {value!r:.80}{where:.80}")
        try:
            if chance.random() < 0.1:
                db.execute(f'DELETE FROM "{table}"{where}')
            else:
                db.execute(f'UPDATE OR IGNORE "{table}" SET "{column}" = ?{where}', [value])
        except sqlite3.Error:  # nobody can write that
            told[-1] = ""
    return "; ".join(told)


def _some(db: sqlite3.Connection, table: str, columns: list[str], chance: Random) -> str:
    """Return a condition that one row fits, or a few."""
    column = columns[0]
    rows = db.execute(f'SELECT quote("{column}") FROM "{table}" LIMIT 30').fetchall()
    return f'"{column}" = {chance.choice(rows)[0]}'


def _seen(db: sqlite3.Connection, table: str, chance: Random) -> list[object]:
    """Return values that stand somewhere else in the table."""
    rows = db.execute(f'SELECT * FROM "{table}" LIMIT 20').fetchall()
    return list(chance.choice(rows))


def spoilt(app: AppFolder, folder: Path, seed: int) -> tuple[Path, str]:
    """Return a file of an app with nonsense in it, and what that is."""
    chance = Random(seed)
    copy = folder / DATABASE
    shutil.copyfile(app.file, copy)
    with closing(sqlite3.connect(copy)) as db:
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            if chance.random() < 0.5:
                continue
            (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()
            db.execute(f'DROP TRIGGER "{name}"')
            told = spoil(db, chance)
            db.execute(sql)
            break
        else:
            told = spoil(db, chance)
        db.commit()
    files = {DATABASE: copy.read_bytes()}
    for path in sorted(app.path.rglob("*")):
        if path.is_file() and path.parent != app.path and "backups" not in path.parts:
            files[path.relative_to(app.path).as_posix()] = path.read_bytes()
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    path = folder / "nonsense.textwright"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(MANIFEST, json.dumps({"format": 1, "name": "Messages", "files": digests}))
        for name, content in files.items():
            archive.writestr(name, content)
    return path, told


def looks(app: AppFolder, other: AppFolder, folder: Path) -> list[Callable[[], object]]:
    """Return all that is done to an app that came in; each may say no with a sentence."""
    return [
        lambda: app_name(app.path),
        lambda: _locked(app),
        *(lambda look=look: _look(app, look) for look in _LOOKS),
        lambda: check_app(app, CheckAppRequest(), Job()),
        lambda: export_inputs(app, ExportRequest(folder / "a.csv"), Job()),
        lambda: add_texts(app, AddTextsRequest(("brought later",), ("spam", "new")), Job()),
        lambda: annotate(app, AnnotateRequest((1, 2), "ham", only=True), Job()),
        lambda: undo(app, Job()),
        lambda: undo(app, Job()),
        lambda: undo(app, Job()),
        lambda: freeze_dataset(app, FreezeRequest(), Job()),
        lambda: _renamed(app),
        lambda: try_text(app, TryRequest("mail", "claim your prize"), Job()),
        lambda: _settled(app),
        lambda: export_app(app, ExportAppRequest(folder / "again.textwright"), Job()),
        lambda: merge_app(other, MergeAppRequest(app.path, is_sure=True), Job()),
        lambda: check_app(app, CheckAppRequest(repair=True), Job()),
        lambda: import_app(ImportAppRequest(folder / "again.textwright", folder / "2"), Job()),
    ]


def _locked(app: AppFolder) -> None:
    with app.locked():
        pass


def _look(app: AppFolder, look: Callable[..., object]) -> None:
    with app.database() as db, transaction(db):
        look(db)


def _renamed(app: AppFolder) -> None:
    with app.database() as db:
        concept = list_concepts(db)[0]
    edit_concepts(app, ConceptEdit(concept.id, "junk", "words", concept.colour), Job())


def _settled(app: AppFolder) -> None:
    with app.database() as db:
        merges = list_merges(db)
    for merge in merges:
        settle_disagreements(app, SettleRequest(merge.id, "theirs", is_all=True), Job())


_LOOKS: tuple[Callable[..., object], ...] = (
    lambda db: get_inputs(db, list_input_ids(db)),
    lambda db: count_inputs(db, InputFilter(containing="prize")),
    lambda db: (list_concepts(db), list_synonyms(db)),
    lambda db: [count_labels(db, dataset.id) for dataset in list_datasets(db)],
    lambda db: [
        list(iterate_version(db, version.id))
        for dataset in list_datasets(db)
        for version in list_versions(db, dataset.id)
    ],
    lambda db: (list_model_versions(db), list_evaluations(db), list_jobs(db)),
    lambda db: (list_saved_filters(db), list_saved_searches(db), list_workflows(db)),
    lambda db: (find_round(db), list_suggestions(db), list_binned(db)),
    lambda db: [
        (count_open(db, merge.id), list_disagreements(db, merge.id, only_open=True))
        for merge in list_merges(db)
    ],
)
