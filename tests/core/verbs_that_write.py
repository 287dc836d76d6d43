"""The verbs that write, each with what has to be there before: what faults are tried on."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from core.app_folder import AppFolder, create_app_folder
from core.base_models import add_base_model
from core.files import preview
from core.jobs import Job
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.annotate import AnnotateRequest, annotate
from core.operations.back_up import BackUpRequest, back_up
from core.operations.create_app import CreateAppRequest, create_app
from core.operations.edit_inputs import BinEmptying, InputDeletion, edit_inputs
from core.operations.edit_workflows import WorkflowSaving, edit_workflows
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.export_inputs import ExportRequest, export_inputs
from core.operations.export_model import ExportModelRequest, export_model
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.import_app import ImportAppRequest, import_app
from core.operations.import_model import ImportModelRequest, import_model
from core.operations.import_texts import ImportRequest, import_texts
from core.operations.merge_app import MergeAppRequest, merge_app
from core.operations.predict import PredictRequest, predict
from core.operations.restore import RestoreRequest, restore
from core.operations.train import train
from core.operations.undo import undo
from core.preferences import read_preferences, write_preferences
from core.storage.backups import list_backups
from core.templates import default_template, save_template
from core.workflows.graph import Node, Workflow
from core.workflows.node_settings import KeywordSettings, LabelSettings
from tests.core.conftest import HAM, SPAM
from tests.core.faults import TRAIN, state
from tests.core.tiny_models import make_sentence_transformer

NEVER_THE_SAME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)?|[0-9a-f]{32}|[0-9a-f]{8}(?=')"
    r"|\d+\.\d{3,}(e-?\d+)?|(?<=seconds\": )[\d.]+"
)

SQLITES = (".lock", "-wal", "-shm", "-journal")  # they come and go with whoever has an app open


@dataclass(frozen=True)
class Place:
    """A folder with all that a verb can reach: the home, the app, and files beside it."""

    root: Path

    @property
    def app(self):
        return AppFolder(self.root / "app")

    @property
    def files(self):
        return self.root / "files"

    def make(self, *, has_base=False):
        """Make an app with labels, a model, a backup, something to undo and something to import.

        Args:
            has_base: with a base model, tiny and real, and a model file that came of it.
        """
        self.files.mkdir(parents=True)
        app = create_app_folder("Messages", self.root / "app")
        for texts, concept in ((SPAM, "spam"), (HAM, "ham")):
            add_texts(app, AddTextsRequest(texts, (concept,)), Job())
        lines = [f"text {i} of many,c{i % 3}" for i in range(50)]
        (self.files / "in.csv").write_text("\n".join(["text,label", *lines]), encoding="utf-8")
        if has_base:
            make_sentence_transformer(self.root / "other", seed=13)
            add_base_model(make_sentence_transformer(self.root / "tiny"), Job())
            settings = replace(TRAIN.settings, base_embed_model="tiny")
            train(app, replace(TRAIN, settings=settings), Job())
            export_model(app, ExportModelRequest("first", self.files / "model.zip"), Job())
        else:
            train(app, TRAIN, Job())
        export_app(app, ExportAppRequest(self.files / "copy.textwright"), Job())
        back_up(app, BackUpRequest(), Job())
        edit_inputs(app, InputDeletion((3, 4)), Job())
        return self

    def told(self):
        """Return all that counts, in a form in which two runs of a verb are equal."""
        rows = {k: v for k, v in state(self.app).items() if isinstance(v, list)}
        words = {k: NEVER_THE_SAME.sub("~", repr(v)) for k, v in rows.items()}
        there = [p for p in self.root.rglob("*") if p.is_file() or p.name.startswith(".")]
        names = [path.relative_to(self.root).as_posix() for path in there]
        names = [name for name in names if not name.startswith("app/backups/0")]
        files = sorted(NEVER_THE_SAME.sub("~", n) for n in names if not n.endswith(SQLITES))
        return words | {"files": files}

    def n_backups(self):
        """Return how many backups are whole; fail if one is not."""
        backups = list_backups(self.app.backups)
        assert all(backup.is_whole() for backup in backups)
        return len(backups)


def _import(place):
    path = place.files / "in.csv"
    import_texts(place.app, ImportRequest(path, preview(path).mapping), Job())


def _predict(place):
    path = place.files / "in.csv"
    request = PredictRequest("first", path, place.files / "out.csv", preview(path).mapping)
    predict(place.app, request, Job())


def _settings(place):
    save_template("mine", "Mine", "", default_template("embedding-classifier"), {}, replaces=True)


def _preferences(_place):
    write_preferences(replace(read_preferences(), theme="dark"))


def _workflow(place):
    words = Node("words", "keyword-filter-operator", KeywordSettings(words={"money": "cash"}))
    labels = Node("labels", "annotation-writer", LabelSettings(), ("words",))
    edit_workflows(place.app, WorkflowSaving(Workflow("by words", (words, labels))), Job())


VERBS = {
    "create an app": lambda p: create_app(CreateAppRequest("New", p.root / "new"), Job()),
    "create an app with a base": lambda p: create_app(
        CreateAppRequest("New", p.root / "new", "fast"), Job()
    ),
    "import": _import,
    "add texts": lambda p: add_texts(p.app, AddTextsRequest(("brand new", "other")), Job()),
    "label": lambda p: annotate(p.app, AnnotateRequest((1,), "ham"), Job()),
    "label many": lambda p: annotate(p.app, AnnotateRequest(tuple(range(5, 20)), "new"), Job()),
    "delete": lambda p: edit_inputs(p.app, InputDeletion(tuple(range(5, 15))), Job()),
    "undo": lambda p: undo(p.app, Job()),
    "freeze": lambda p: freeze_dataset(p.app, FreezeRequest(description="new"), Job()),
    "train": lambda p: train(p.app, TRAIN, Job()),
    "predict a file": _predict,
    "export inputs": lambda p: export_inputs(p.app, ExportRequest(p.files / "out.csv"), Job()),
    "export to a workbook": lambda p: export_inputs(
        p.app, ExportRequest(p.files / "out.xlsx", "xlsx"), Job()
    ),
    "export the app": lambda p: export_app(
        p.app, ExportAppRequest(p.files / "out.textwright"), Job()
    ),
    "import an app": lambda p: import_app(
        ImportAppRequest(p.files / "copy.textwright", p.root / "new"), Job()
    ),
    "back up": lambda p: back_up(p.app, BackUpRequest(), Job()),
    "go back": lambda p: restore(p.app, RestoreRequest(1), Job()),
    "go back as a copy": lambda p: restore(p.app, RestoreRequest(1, "As it was"), Job()),
    "empty the bin": lambda p: edit_inputs(p.app, BinEmptying(), Job()),
    "save settings": _settings,
    "save preferences": _preferences,
    "save a workflow": _workflow,
    "merge": lambda p: merge_app(p.app, MergeAppRequest(p.files / "copy.textwright"), Job()),
}
MODEL_VERBS = {
    "export a model": lambda p: export_model(
        p.app, ExportModelRequest("first", p.files / "out.zip"), Job()
    ),
    "import a model": lambda p: import_model(
        p.app, ImportModelRequest(p.files / "model.zip", "brought"), Job()
    ),
    "add a base model": lambda p: add_base_model(p.root / "other", Job()),
}
