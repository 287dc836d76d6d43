"""What the form holds: not yet a request, because some of it may not be allowed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.app_folder import MAIN_DATASET
from core.base_models import BaseModel
from core.errors import UserError
from core.i18n import _
from core.learning.hugging_face_settings import check_dictionaries
from core.learning.settings import Setting, Settings
from core.operations.base_of import BaseNotNamedError, base_name
from core.operations.train import TrainRequest
from core.records import TEXT_TO_TEXT, ModelVersion
from core.storage.models import ModelNameError, checked_model_name
from core.templates import Template, find_model_type, settings_of_version
from desktop.screens.settings.sources import Offered

MODEL, CONCEPTS, TEMPLATE = "model", "concepts", "template"  # fields beside the settings
FEWEST_CONCEPTS = 2


class TooLittleToLearnError(UserError):
    """There are too few concepts or answers for a model to learn anything."""


class BaseModelNotHereError(UserError):
    """The base model that is chosen is not on this computer."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("The base model “{name}” is not on this computer.").format(name=name),
            next_step=_("Choose another one, or add it under Base models."),
        )


@dataclass(frozen=True)
class Draft:
    """The values of the form.

    Attributes:
        template: whose settings they are.
        concepts: what to predict; None means every concept that has texts.
        values: of the template's settings, allowed or not.
    """

    model: str
    template: Template
    dataset: str = MAIN_DATASET
    version: int = 0
    concepts: tuple[str, ...] | None = None
    values: dict[str, object] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether the model writes texts, and does not answer with concepts."""
        return self.template.type == TEXT_TO_TEXT

    def with_value(self, name: str, value: object) -> "Draft":
        """Return a draft in which one setting has another value."""
        return replace(self, values={**self.values, name: value})

    def with_template(self, template: Template) -> "Draft":
        """Return a draft with another template's settings; what was changed here stays, if it can.

        What the other template sets on purpose counts more than what was changed here.
        """
        was_changed = {s.name for s in changed(self)} - set(template.defaults)
        values = defaults_of(template)
        for setting in template.fields:
            value = self.values.get(setting.name)
            if setting.name in was_changed and _is_allowed(template, setting.name, value):
                values[setting.name] = value
        return replace(self, template=template, values=values)


def defaults_of(template: Template) -> dict[str, object]:
    """Return the values of a template as nobody changed them."""
    return {setting.name: setting.default for setting in template.fields}


def first_draft(app_name: str, suited: Template, past: Sequence[ModelVersion]) -> Draft:
    """Return what the form holds at first: as the last model of a type, or the defaults.

    Args:
        app_name: the name of the first model.
        suited: the template of the type that suits the texts.
        past: the versions that there are, newest first.
    """
    type = suited.type  # noqa: A001  # the field's word
    mine = [version for version in past if version.type == type]
    if not mine:
        taken = {version.model for version in past}
        name = app_name if app_name not in taken else _other_name(app_name, type)
        return Draft(name, suited, values=defaults_of(suited))
    kept = settings_of_version(mine[0])
    values = defaults_of(kept.template) | vars(kept.settings)
    return Draft(mine[0].model, kept.template, values=values)


def _other_name(app_name: str, type: str) -> str:  # noqa: A002
    title = _(find_model_type(type).title)
    return _("{app}, {type}").format(app=app_name, type=title[:1].lower() + title[1:])


def learnable(draft: Draft, offered: Offered) -> list[str]:
    """Return the chosen concepts that have texts to learn from."""
    return [name for name, n in offered.labels.concepts.items() if n and _is_chosen(draft, name)]


def without_texts(draft: Draft, offered: Offered) -> list[str]:
    """Return the chosen concepts that are left out, because no text to learn from has them."""
    concepts = offered.labels.concepts
    return [name for name, n in concepts.items() if not n and _is_chosen(draft, name)]


def _is_chosen(draft: Draft, name: str) -> bool:
    return draft.concepts is None or name in draft.concepts


def changed(draft: Draft, settings: Sequence[Setting] | None = None) -> list[Setting]:
    """Return the settings that are not at their template's defaults, of some or of all."""
    settings = draft.template.fields if settings is None else settings
    return [s for s in settings if draft.values[s.name] != s.default]


def problems(
    draft: Draft, offered: Offered, past: Sequence[ModelVersion], bases: Sequence[BaseModel]
) -> dict[str, UserError]:
    """Return what keeps the draft from being trained, by field."""
    found: dict[str, UserError] = {}
    for setting in draft.template.fields:
        try:
            draft.template.with_values({setting.name: draft.values[setting.name]})
        except UserError as error:
            found[setting.name] = error
    if not found:
        found = _problems_of(draft.template.with_values(draft.values), bases)
    try:
        name = checked_model_name(draft.model)
        _check_type(name, draft.template.type, past)
    except ModelNameError as error:
        found[MODEL] = error
    too_little = _too_few_answers(draft, offered) if draft.writes else _too_few(draft, offered)
    return {**found, CONCEPTS: too_little} if too_little else found


def _problems_of(settings: Settings, bases: Sequence[BaseModel]) -> dict[str, UserError]:
    """Return what is wrong with settings each of which is allowed, by field."""
    mappings = [name for name, value in vars(settings).items() if isinstance(value, dict)]
    for name in mappings:
        try:
            check_dictionaries(_only(settings, name, mappings))
        except UserError as error:
            return {name: error}
    has_base = hasattr(settings, "base_model") or "model_config" in mappings
    place = "base_model" if hasattr(settings, "base_model") else "model_config"
    try:
        name = base_name(settings) if has_base else ""
    except BaseNotNamedError as error:
        return {place: error}
    if has_base and find_base(bases, name) is None:
        return {place: BaseModelNotHereError(name)}
    return {}


def _only(settings: Settings, name: str, mappings: Sequence[str]) -> Settings:
    """Return the settings with all mappings but one empty, to find out which is at fault."""
    values: dict[str, object] = {one: {} for one in mappings if one != name}
    return replace(settings, **values)  # type: ignore[type-var]  # subclasses are dataclasses


def find_base(bases: Sequence[BaseModel], name: str) -> BaseModel | None:
    """Return the base model of a name as settings give it, whatever its case or its owner."""
    asked = name.strip().rstrip("/").rpartition("/")[2].casefold()
    return next((base for base in bases if base.name.casefold() == asked), None)


def _is_allowed(template: Template, name: str, value: object) -> bool:
    try:
        template.with_values({name: value})
    except UserError:
        return False
    return True


def _check_type(name: str, type: str, past: Sequence[ModelVersion]) -> None:  # noqa: A002
    if any(version.model == name and version.type != type for version in past):
        raise ModelNameError(
            _("“{name}” is a model of another type.").format(name=name),
            next_step=_("Choose another name for the new model."),
        )


def _too_few(draft: Draft, offered: Offered) -> UserError | None:
    if not any(offered.labels.concepts.values()):
        return TooLittleToLearnError(
            _("No text to learn from has a concept yet."),
            next_step=_("Say of some texts what they are about, ten of each kind to begin with."),
        )
    if len(learnable(draft, offered)) >= FEWEST_CONCEPTS:
        return None
    if draft.concepts is not None:
        return TooLittleToLearnError(
            _("A model tells concepts apart, so it needs at least two that have texts."),
            next_step=_("Choose more concepts."),
        )
    return TooLittleToLearnError(
        _("Only one concept has texts to learn from; a model needs two to tell apart."),
        next_step=_("Label texts of a second concept, for instance what is none of the first."),
    )


def _too_few_answers(draft: Draft, offered: Offered) -> UserError | None:
    """Return what is missing to learn to write: answers, or else concepts to answer with."""
    if offered.has_answers:
        if offered.targets and offered.targets.n_learned:
            return None
        return TooLittleToLearnError(
            _("All texts with an answer are kept for checking, so none is left to learn from."),
            next_step=_("Put some of them into the split for training, under Dataset."),
        )
    if any(offered.labels.concepts.values()):
        return _too_few(draft, offered)
    return TooLittleToLearnError(
        _("No text has an answer yet."),
        next_step=_("Import a table in which a second column holds the answer to each text."),
    )


def request_of(draft: Draft, offered: Offered) -> TrainRequest:
    """Return the draft as what can be started.

    Raises:
        UserError: one of the values is not allowed; see `problems`.
    """
    takes_all = draft.concepts is None or (draft.writes and offered.has_answers)
    return TrainRequest(
        model=checked_model_name(draft.model),
        type=draft.template.type,
        dataset=draft.dataset,
        version=draft.version,
        concepts=() if takes_all else tuple(learnable(draft, offered)),
        settings=draft.template.with_values(draft.values),
        template=draft.template.name,
    )


def named_version(value: str, past: Sequence[ModelVersion]) -> ModelVersion | None:
    """Return the version that "model:number" names, if it is there."""
    return next((v for v in past if f"{v.model}:{v.number}" == value), None)
