"""What the start screen tells of a recent app, read without opening the app for work."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.app_folder import AppFolder, app_name
from core.errors import UserError
from core.i18n import _, ngettext
from core.storage.about import get_about
from core.storage.concepts import list_concepts
from core.storage.database import Database
from core.storage.evaluations import list_evaluations
from core.storage.filters import InputFilter, count_inputs
from core.storage.models import list_model_versions
from desktop.widgets.wording import concepts, moment, number, percent, texts

UNLABELLED, WITH_TARGET = InputFilter(labelling="unlabelled"), InputFilter(has_target="yes")


@dataclass(frozen=True)
class RecentApp:
    """An app in words; `problem` says why it cannot be opened, "" if it can."""

    path: Path
    name: str
    content: str = ""
    state: str = ""
    when: str = ""
    problem: str = ""


def read_recent(path: Path) -> RecentApp:
    """Return what can be told of the app in a folder; one that cannot be read says why."""
    app = AppFolder(path)
    try:
        if app.is_of_earlier():  # looking at it does not bring it up to date
            words = _("Made with an earlier Textwright")
            return RecentApp(path, app_name(path), words, when=_last_used(path))
        with app.database() as db:
            return RecentApp(
                path, get_about(db, "name", path.name), _content(db), _state(db), _last_used(path)
            )
    except UserError as error:
        return RecentApp(path, path.name, problem=str(error))
    except OSError as error:
        return RecentApp(path, path.name, problem=error.strerror or str(error))


def _content(db: Database) -> str:
    n_texts, n_concepts = count_inputs(db), len(list_concepts(db))
    if not n_texts:
        return texts(0)
    if not n_concepts and (n_targets := count_inputs(db, WITH_TARGET)):
        words = ngettext("{n} with a target", "{n} with a target", n_targets)
        return f"{texts(n_texts)}, {words.format(n=number(n_targets))}"
    return f"{concepts(n_concepts)}, {texts(n_texts)}"


def _state(db: Database) -> str:
    """Say how the best model does, or what the app needs next."""
    versions = list_model_versions(db)
    scores = [
        evaluation.report["top1_accuracy"]
        for version in versions
        for evaluation in list_evaluations(db, version.id)[:1]
        if "top1_accuracy" in evaluation.report
    ]
    if scores:
        return _("{share} right").format(share=percent(max(scores)))
    if versions:
        return _("Trained")
    n_texts = count_inputs(db)
    if not n_texts:
        return _("Needs texts")
    is_bare = n_texts == count_inputs(db, UNLABELLED) and not count_inputs(db, WITH_TARGET)
    return _("Needs labels") if is_bare else _("Ready to train")


def _last_used(path: Path) -> str:
    files = [path / "app.db", path / "app.db-wal"]
    newest = max(file.stat().st_mtime for file in files if file.exists())
    return moment(datetime.fromtimestamp(newest))
