"""What the program keeps on this computer, and what comes back to it, each with its reader."""

import itertools
import json
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from core.app_folder import AppFolder
from core.base_models import list_base_models
from core.files import preview, preview_pasted, read
from core.files.remembered import with_remembered
from core.holder import NOTE, find_holder, this_process
from core.jobs import Job
from core.learning.damage import ModelDamagedError
from core.learning.fine_tuning import hugging_face_checkpoints
from core.learning.fine_tuning.checkpoints import Checkpoint, Checkpoints
from core.learning.fine_tuning.job_folder import BaseElsewhereError, run_job_folder
from core.learning.scored import Scored, ScoredDamagedError, load_scored, save_scored
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.import_app import ImportAppRequest, import_app
from core.operations.train_elsewhere import (
    BringBackRequest,
    NotTrainedThereError,
    bring_training_back,
)
from core.operations.undo import NothingToUndoError, undo
from core.operations.written import Written, WrittenRow, save_written, written_rows
from core.paths import home, templates_folder
from core.preferences import Preferences, read_preferences, recent_apps, remember_app
from core.records import Evaluation, Method
from core.storage.choices import get_choice, set_choice
from core.storage.filters import InputFilter, add_saved_filter, list_input_ids
from core.storage.inputs import get_inputs
from core.storage.searches import Meaning, Narrowed, SavedSearch, Search, Words, add_saved_search
from core.storage.versions import iterate_version, list_versions
from core.storage.workflows import list_workflows
from core.templates import damaged_templates, list_custom, shipped_template
from core.templates.template_file import to_mapping
from core.templates.yaml_text import write_yaml
from tests.core.hostile import Case, Files, as_file, as_folder, of_folder

CELLS = {  # what an app keeps as JSON
    "inputs": ("metadata",),
    "concepts": ("examples",),
    "saved_filters": ("filter",),
    "saved_searches": ("search",),
    "choices": ("value",),
    "model_versions": ("settings", "concepts", "summary", "thresholds"),
    "evaluations": ("report",),
    "jobs": ("request",),
    "undo_log": ("cells",),
    "workflow_versions": ("nodes",),
}


def home_cases(place: Path) -> dict[str, Case]:
    """Return what lies in the home of the program."""
    fine = to_mapping(shipped_template("text-classifier", "HuggingFace_AdvancedConfig"))
    table = place / "seen.csv"
    table.write_text("text,label\none,a\ntwo,b\n")
    seen = preview(table)
    liked = Preferences("dark", (str(place),), {"x": asdict(seen.mapping)})
    models = of_folder(home() / "base_models")

    def preferences(path):
        shutil.copy(path, home() / "preferences.json")
        recent_apps()
        for kept in read_preferences().mappings.values():
            list(read(table, with_remembered(seen, kept).mapping))
        remember_app(place)

    def template(path):
        templates_folder().mkdir(parents=True, exist_ok=True)
        shutil.copy(path, templates_folder() / "own.yaml")
        assert len(list_custom()) + len(damaged_templates()) == 1

    def base_models(path):
        shutil.rmtree(home() / "base_models")
        shutil.copytree(path, home() / "base_models")
        list_base_models()

    def pasted(path):
        words = path.read_bytes().decode(errors="surrogateescape")
        list(read((kept := preview_pasted(words, path.parent)).path, kept.mapping))

    def holder(path):
        shutil.copy(path, path.parent / NOTE)
        if found := find_holder(path.parent):
            assert found.words().isprintable() or found.is_running in (True, False)

    return {
        "who has it open": Case(
            {"": json.dumps(asdict(this_process())).encode()}, as_file("a.json"), holder
        ),
        "preferences": Case(
            {"": json.dumps(asdict(liked)).encode()}, as_file("a.json"), preferences
        ),
        "own template": Case({"": write_yaml(fine).encode()}, as_file("a.yaml"), template),
        "records of base models": Case(
            {name: words for name, words in models.items() if name.endswith(".json")},
            as_folder,
            base_models,
        ),
        "pasted cells": Case({"": b"text\tlabel\none\ta\ntwo\tb\n"}, as_file("a"), pasted),
        "pasted lines": Case({"": b"one text\n\nanother text\n"}, as_file("a"), pasted),
    }


def returning_cases(along: Path, app: AppFolder) -> dict[str, Case]:
    """Return a training that was taken along: as it runs elsewhere, and as it comes back."""

    def run(path):
        with suppress(BaseElsewhereError):  # which is said when all has been read
            run_job_folder(path, Job(), base=path / "nowhere")

    def bring_back(path):
        (path / "model").mkdir()
        with suppress(NotTrainedThereError, ModelDamagedError):  # it is empty, or of other texts
            bring_training_back(app, BringBackRequest(path), Job())

    files = of_folder(along)
    told = {name: files[name] for name in files if name.endswith((".yaml", ".jsonl"))}
    return {
        "training elsewhere": Case(told, as_folder, run),
        "training coming back": Case(
            {name: files[name] for name in files.keys() - told.keys() if name.endswith(".json")},
            as_folder,
            bring_back,
        ),
    }


def said_cases(place: Path) -> dict[str, Case]:
    """Return what models said of the texts of an evaluation."""
    folder = place / "said"
    folder.mkdir()
    answers = np.array([[0.9, 0.1], [0.2, 0.8]], np.float32)
    ids = np.array([1, 2], np.int64)
    right = answers.round().astype(np.int8)
    save_scored(Scored(("a", "b"), True, ids, right, answers, ids, 1), folder)
    rows = [WrittenRow(n, "text", "target", "answer", "", {"f1": 0.5}) for n in (1, 2)]
    save_written(Written(rows, {}), folder)
    numbers, words = (
        {name: content}
        for name, content in sorted(of_folder(folder).items(), key=lambda one: one[0], reverse=True)
    )

    def scored(path):
        with suppress(ScoredDamagedError):  # the evaluation stands without its texts then
            load_scored(path, ("a", "b"), is_exclusive=True, seed=1)

    def written(path):
        app = AppFolder(path)
        app.evaluations.mkdir()
        shutil.copytree(path, app.evaluations / "x", ignore=lambda *_: ["evaluations"])
        when = datetime.now(UTC)
        for row in written_rows(app, Evaluation(1, 1, 1, Method.HELD_OUT, 1, when, {}, folder="x")):
            assert row.answer + row.target + row.text

    return {
        "what was said": Case(numbers, as_folder, scored),
        "what was written": Case(words, as_folder, written),
    }


def cells_cases(app: AppFolder, tmp_path: Path) -> dict[str, Case]:
    """Return what an app from elsewhere keeps as JSON."""
    numbers = itertools.count()
    where = InputFilter(containing="win", has=(1,), metadata=(("a", ""),))
    parts = (Words("win"), Meaning("a prize"), Narrowed(where))
    with app.database() as db:
        set_choice(db, "bounds", {"accept": 0.9})
        add_saved_filter(db, "mine", where)
        add_saved_search(db, SavedSearch("mine", Search(parts), True, (1,), (0.5,)))
        db.conn.commit()
        files = {
            f"{table}/{column}/{key}": words.encode()
            for table, columns in CELLS.items()
            for column in columns
            for key, words in db.execute(f"SELECT {_key(table)}, {column} FROM {table} LIMIT 2")
        }

    def write(folder: Path, files: Files) -> Path:
        copy = AppFolder(Path(shutil.copytree(app.path, folder / "app")))
        with closing(sqlite3.connect(copy.file)) as db:
            for name, words in files.items():
                table, column, key = name.split("/")
                db.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {_key(table)} = ?",
                    [words.decode(errors="replace"), key],
                )
            db.commit()
        export_app(copy, ExportAppRequest(folder / "a.textwright"), Job())
        return folder / "a.textwright"

    def brought(path):
        place = tmp_path / "cells" / f"{next(numbers)}"
        there = import_app(ImportAppRequest(path, place), Job()).app
        with there.database() as db:
            list_workflows(db)
            get_choice(db, "bounds")
            get_inputs(db, list_input_ids(db))
            for version in list_versions(db, 1):
                list(iterate_version(db, version.id))
        with suppress(NothingToUndoError):
            undo(there, Job())
        shutil.rmtree(place)

    return {"cells of an app": Case(files, write, brought)}


def checkpoint_cases(place: Path) -> dict[str, Case]:
    """Return the states of trainings that were broken off."""
    import torch

    ours, theirs = place / "ours", place / "theirs"
    numbers = {"weights": torch.zeros(2, 2)}
    Checkpoints(ours).save(1, Checkpoint({"identity": "x", "step": 1}, numbers))
    (theirs / "checkpoint-1").mkdir(parents=True)
    (theirs / "checkpoint-1" / "state.json").write_text("{}")
    hugging_face_checkpoints.seal(theirs / "checkpoint-1", "x", {"best": 1.0})
    return {
        "checkpoint": Case(of_folder(ours), as_folder, lambda path: Checkpoints(path).load("x")),
        "checkpoint of a Trainer": Case(
            of_folder(theirs), as_folder, lambda path: hugging_face_checkpoints.newest(path, "x")
        ),
    }


def _key(table: str) -> str:
    return {"saved_filters": "name", "saved_searches": "name", "choices": "key"}.get(table, "rowid")
