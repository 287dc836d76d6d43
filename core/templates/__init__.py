"""Ready-made recipes: one file each, the list here, and those that the analyst made."""

from core.errors import UserError
from core.i18n import _
from core.records import EMBEDDING_CLASSIFIER
from core.templates.custom import (
    DamagedTemplate,
    damaged_templates,
    delete_template,
    export_template,
    import_template,
    list_custom,
    save_template,
)
from core.templates.reading import read_config
from core.templates.shipped import (
    SHIPPED,
    TemplateMissingError,
    default_template,
    shipped_template,
    suited_template,
)
from core.templates.template import Template
from core.templates.types import MODEL_TYPES, ModelType, ModelTypeMissingError, find_model_type
from core.templates.values import (
    Config,
    KeptSettings,
    config_of,
    settings_of_version,
    template_of_version,
    values_from_config,
    values_of,
)

__all__ = [
    "MODEL_TYPES",
    "SHIPPED",
    "Config",
    "DamagedTemplate",
    "KeptSettings",
    "ModelType",
    "ModelTypeMissingError",
    "Template",
    "TemplateAmbiguousError",
    "TemplateMissingError",
    "config_of",
    "damaged_templates",
    "default_template",
    "delete_template",
    "export_template",
    "find_model_type",
    "find_template",
    "import_template",
    "list_templates",
    "read_config",
    "save_template",
    "settings_of_version",
    "shipped_template",
    "suited_template",
    "template_of_version",
    "values_from_config",
    "values_of",
]


class TemplateAmbiguousError(UserError):
    """Several types of model have a template of that name."""

    def __init__(self, name: str, types: list[str]) -> None:
        super().__init__(
            _("There is a template “{name}” for several types of model.").format(name=name),
            next_step=_("Name the type, too: {names}.").format(names=", ".join(types)),
        )


def list_templates(type: str = "") -> list[Template]:  # noqa: A002  # the field's word
    """Return the templates, those of one type or all: the shipped ones, then the analyst's."""
    return [one for one in SHIPPED if type in ("", one.type)] + list_custom(type)


def find_template(type: str = "", name: str = "") -> Template:  # noqa: A002
    """Return the template of this name, or without a name the one that suits most.

    Args:
        type: of model; "" takes the type that has a template of this name.
        name: of the template.

    Raises:
        ModelTypeMissingError: there is no such type.
        TemplateMissingError: this type of model has none of that name.
        TemplateAmbiguousError: no type is given, and several have one of that name.
    """
    if type:
        find_model_type(type)
    if not name:
        return default_template(type or EMBEDDING_CLASSIFIER)
    known = [one for one in SHIPPED if type in ("", one.type)]
    found = [one for one in known if one.name == name]
    if not found:  # only then are the analyst's own files read
        known += list_custom(type)
        found = [one for one in known if one.name == name]
    if not found:
        raise TemplateMissingError(name, [one.name for one in known])
    if len(found) > 1:
        raise TemplateAmbiguousError(name, [one.type for one in found])
    return found[0]
