"""Models and their versions."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from core.errors import UserError
from core.i18n import _
from core.records import ModelVersion, Thresholds
from core.storage.database import Database, insert, now
from core.storage.names import checked

MAX_NAME_LENGTH = 80


class ModelMissingError(UserError):
    """The app has no trained model of that name."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            _("This app has no trained model “{name}”.").format(name=name),
            next_step=_("Choose one of: {names}.").format(names=", ".join(known))
            if known
            else _("Train a model first."),
        )


class ModelVersionMissingError(ModelMissingError):
    """The model has no version of that number."""

    def __init__(self, name: str, number: int, known: list[int]) -> None:
        UserError.__init__(
            self,
            _("“{name}” has no version {number}.").format(name=name, number=number),
            next_step=_("Choose one of: {names}.").format(names=", ".join(map(str, known))),
        )


class NoConceptsError(UserError):
    """A model that writes texts is asked for concepts."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” writes texts; it knows no concepts.").format(name=name),
            next_step=_("Ask it for a text, or choose a classifier."),
        )


class ModelNameError(UserError):
    """The name belongs to a model of another type, or is empty."""


def checked_model_name(name: str) -> str:
    """Return the name as it is kept.

    Raises:
        ModelNameError: it is empty or too long.
    """
    what = _("A model's name has 1 to {most} characters.")
    return checked(name, MAX_NAME_LENGTH, ModelNameError, what)


def add_model_version(db: Database, version: ModelVersion) -> ModelVersion:
    """Keep a trained version as the next of its model; return it with its key and number.

    Raises:
        ModelNameError: a model of another type has the name.
    """
    model_id = _add_model(db, checked_model_name(version.model), version.type)
    (number,) = db.execute(
        "SELECT COALESCE(MAX(number), 0) + 1 FROM model_versions WHERE model_id = ?", [model_id]
    ).fetchone()
    version_id = insert(
        db,
        "model_versions",
        model_id=model_id,
        number=number,
        created=now(),
        dataset_version_id=version.dataset_version_id,
        settings=_json(version.settings),
        concepts=_json(version.concepts),
        summary=_json(version.summary),
        folder=version.folder,
        log=version.log,
        template=version.template,
    )
    return get_model_version(db, version_id)


def _add_model(db: Database, name: str, kind: str) -> int:
    row = db.execute("SELECT id, type FROM models WHERE name = ?", [name]).fetchone()
    if row is None:
        return insert(db, "models", name=name, type=kind)
    if row[1] != kind:
        raise ModelNameError(
            _("“{name}” is a model of another type.").format(name=name),
            next_step=_("Choose another name for the new model."),
        )
    return int(row[0])


_VERSIONS = """
    SELECT v.id, m.name, m.type, v.number, v.created, v.dataset_version_id, v.settings, v.concepts,
           v.summary, v.thresholds, v.folder, v.log, v.template
    FROM model_versions v JOIN models m ON m.id = v.model_id
"""


def list_model_versions(db: Database) -> list[ModelVersion]:
    """Return all trained versions, newest first."""
    return [_model_version(row) for row in db.execute(f"{_VERSIONS} ORDER BY v.id DESC")]


def get_model_version(db: Database, version_id: int) -> ModelVersion:
    """Return one version by its key."""
    return _model_version(db.execute(f"{_VERSIONS} WHERE v.id = ?", [version_id]).fetchone())


def find_model_version(db: Database, name: str, number: int = 0) -> ModelVersion:
    """Return the version of this number of the model of this name; 0 means the newest.

    Raises:
        ModelMissingError: there is none.
    """
    versions = list_model_versions(db)
    own = {version.number: version for version in versions if version.model == name}
    if not own:
        raise ModelMissingError(name, sorted({version.model for version in versions}))
    if number and number not in own:
        raise ModelVersionMissingError(name, number, sorted(own))
    return own[number or max(own)]


def find_classifier_version(db: Database, name: str, number: int = 0) -> ModelVersion:
    """Return a version as `find_model_version` does, of a model that answers with concepts.

    Raises:
        ModelMissingError: there is none.
        NoConceptsError: it writes texts.
    """
    version = find_model_version(db, name, number)
    if version.is_writer:
        raise NoConceptsError(name)
    return version


def delete_model_version(db: Database, version_id: int) -> None:
    """Forget a version and its evaluations; a model without versions goes with its last one."""
    db.table("model_versions").delete(version_id)
    db.execute("DELETE FROM models WHERE id NOT IN (SELECT model_id FROM model_versions)")


def update_thresholds(db: Database, version_id: int, thresholds: Thresholds) -> None:
    """Let a version answer by other thresholds from now on."""
    kept = _json(asdict(thresholds)) if thresholds.concepts else "{}"
    db.table("model_versions").update(version_id, {"thresholds": kept})


def _model_version(row: tuple[Any, ...]) -> ModelVersion:
    key, model, kind, number, created, dataset_version_id, *kept, folder, log, template = row
    settings, concepts, summary, thresholds = map(json.loads, kept)
    return ModelVersion(
        id=key,
        model=model,
        type=kind,
        number=number,
        created=datetime.fromisoformat(created),
        dataset_version_id=dataset_version_id,
        settings=settings,
        concepts=tuple(concepts),
        summary=summary,
        folder=folder,
        log=log,
        template=template,
        thresholds=Thresholds(**thresholds),
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
