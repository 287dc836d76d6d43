"""The settings of several model versions, side by side: only what differs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.i18n import _
from core.learning.settings import Setting
from core.records import ModelVersion
from core.storage.database import Database
from core.storage.versions import get_version
from core.templates import shipped_template
from core.wording import counted_texts, versioned


@dataclass(frozen=True)
class DifferingSetting:
    """A setting with its value in each version, in words."""

    title: str
    values: tuple[str, ...]


def differing_settings(
    db: Database, versions: Sequence[ModelVersion]
) -> tuple[DifferingSetting, ...]:
    """Return what sets the versions apart: data, recipe, settings and thresholds."""
    rows: list[tuple[str, Callable[[ModelVersion], str]]] = [
        (_("Type"), lambda version: version.type),
        (_("Template"), lambda version: version.template or "–"),
        (_("Trained on"), lambda version: _trained_on(db, version)),
        (_("Learned from"), lambda version: counted_texts(version.summary.get("n_texts", 0))),
        (_("Concepts"), lambda version: str(len(version.concepts))),
        (_("Recipe"), lambda version: str(version.summary.get("head", ""))),
    ]
    for setting in _settings_of(versions):
        titles = dict(setting.declaration.choices)
        rows.append(
            (
                _(setting.declaration.title),
                lambda version, setting=setting, titles=titles: _value(  # type: ignore[misc]
                    version.settings.get(setting.name, "–"), titles
                ),
            )
        )
    rows.append((_("Own thresholds"), _thresholds))
    told = [DifferingSetting(title, tuple(map(read, versions))) for title, read in rows]
    return tuple(one for one in told if len(set(one.values)) > 1)


def _settings_of(versions: Sequence[ModelVersion]) -> list[Setting]:
    """Return the settings that at least one of the versions has, each once."""
    templates = [shipped_template(version.type, version.template) for version in versions]
    found = {setting.name: setting for template in templates for setting in template.fields}
    return list(found.values())


def _trained_on(db: Database, version: ModelVersion) -> str:
    frozen = get_version(db, version.dataset_version_id)
    return versioned(frozen.dataset, frozen.number)


def _value(value: object, titles: dict[str, str]) -> str:
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case str():
            return _(titles.get(value, value))
        case list() | tuple():
            return ", ".join(map(str, value)) or "–"
        case _:
            return str(value)


def _thresholds(version: ModelVersion) -> str:
    chosen = version.thresholds.concepts
    return ", ".join(f"{name}: {low:.2f}" for name, low in sorted(chosen.items())) or "–"
