"""Training settings: each declared once, with its default, title, help and what is allowed.

The form, the check, the help and the command line all read the declaration. Nothing heavy is
imported here, so that the window may read it too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar

from core.errors import UserError
from core.i18n import N_, _


class Kind(StrEnum):
    """What a form draws for a setting."""

    CHOICE = "choice"
    NUMBER = "number"
    SWITCH = "switch"
    LIST = "list"


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What is known about a setting before it has a value; translated where it is shown.

    Attributes:
        choices: the allowed words, each with its title (of a choice).
        low: the smallest allowed value (of a number).
        high: the largest allowed value (of a number).
        is_whole: whether only whole numbers are allowed (of a number).
        is_advanced: folded away until the analyst asks for more.
    """

    title: str
    help: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()
    low: float = 0
    high: float = 0
    is_whole: bool = False
    is_advanced: bool = False


@dataclass(frozen=True)
class Setting:
    """One setting of a training: its name, default and declaration."""

    name: str
    default: object
    declaration: Declaration


class SettingUnknownError(UserError):
    """A setting was named that this training does not have."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            _("There is no setting “{name}”.").format(name=name),
            next_step=_("Choose one of these: {known}.").format(known=", ".join(known)),
        )
        self.name = name


class SettingNotAllowedError(UserError):
    """A setting was given a value that its declaration does not allow."""

    def __init__(self, name: str, value: object, allowed: str) -> None:
        super().__init__(
            _("“{name}” cannot be “{value}”.").format(name=name, value=value), next_step=allowed
        )
        self.name = name


class Settings:
    """Base of all training settings: a value that exists is a value that is allowed."""

    def __post_init__(self) -> None:
        """Refuse what a declaration does not allow.

        Raises:
            SettingNotAllowedError: one of the values is outside its declaration.
        """
        for setting in declared(type(self)):
            _check(setting, getattr(self, setting.name))


def declare(default: object, title: str, help: str, **details: Any) -> Any:  # noqa: A002, ANN401
    """Declare a setting, as a field of a settings class; the kind follows from the default.

    Args:
        default: the value that suits most analysts.
        title: what the form shows beside it.
        help: one or two sentences, beneath it.
        details: the remaining attributes of `Declaration`.
    """
    declaration = Declaration(title=title, help=help, **_kind_of(default), **details)
    return field(default=default, metadata={**asdict(declaration), "declaration": declaration})


def declared(kind: type[Settings]) -> tuple[Setting, ...]:
    """Return the settings of a class, in the order in which a form shows them."""
    return tuple(
        Setting(setting.name, setting.default, setting.metadata["declaration"])
        for setting in fields(kind)  # type: ignore[arg-type]  # subclasses are dataclasses
    )


S = TypeVar("S", bound=Settings)


def settings_from_values(kind: type[S], values: Mapping[str, object]) -> S:
    """Make settings of values as JSON keeps them: what `dataclasses.asdict` gave, lists for tuples.

    Raises:
        SettingUnknownError: a key is no setting of this kind.
        SettingNotAllowedError: a value is outside its declaration.
    """
    known = [setting.name for setting in declared(kind)]
    for name in values:
        if name not in known:
            raise SettingUnknownError(name, known)
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


def parse_settings(kind: type[S], assignments: Sequence[str]) -> S:
    """Make settings of `key=value` words, as typed on a command line; a list is joined by `|`.

    Raises:
        SettingUnknownError: a key is no setting of this kind.
        SettingNotAllowedError: a value is outside its declaration, or there is no `=`.
    """
    by_name = {setting.name: setting for setting in declared(kind)}
    values: dict[str, object] = {}
    for assignment in assignments:
        name, equals, word = (part.strip() for part in assignment.partition("="))
        if name not in by_name:
            raise SettingUnknownError(name, list(by_name))
        if not equals:
            raise SettingNotAllowedError(name, "", _("Write it as {name}=value.").format(name=name))
        values[name] = _parse(by_name[name], word)
    return settings_from_values(kind, values)


def _kind_of(default: object) -> dict[str, Any]:
    match default:
        case bool():
            return {"kind": Kind.SWITCH}
        case int():
            return {"kind": Kind.NUMBER, "is_whole": True}
        case float():
            return {"kind": Kind.NUMBER}
        case str():
            return {"kind": Kind.CHOICE}
        case _:
            return {"kind": Kind.LIST}


def _parse(setting: Setting, word: str) -> object:
    """Read what was typed as well as it can be read; `_check` refuses the rest."""
    folded = word.casefold()
    match setting.declaration.kind:
        case Kind.CHOICE:
            words = {value.casefold(): value for value, _title in setting.declaration.choices}
            return words.get(folded, word)
        case Kind.SWITCH:
            return {"true": True, "false": False}.get(folded, word)
        case Kind.LIST:
            return tuple(part.strip() for part in word.split("|") if part.strip())
        case Kind.NUMBER:
            try:
                return int(word) if setting.declaration.is_whole else float(word)
            except ValueError:
                return word


def _check(setting: Setting, value: object) -> None:
    allowed, is_allowed = _allowed(setting.declaration, value)
    if not is_allowed:
        raise SettingNotAllowedError(setting.name, value, allowed)


def _allowed(declaration: Declaration, value: object) -> tuple[str, bool]:
    """Return what is allowed, as a next step, and whether the value is."""
    match declaration.kind:
        case Kind.CHOICE:
            words = [word for word, _title in declaration.choices]
            return _("Choose one of these: {known}.").format(known=", ".join(words)), value in words
        case Kind.SWITCH:
            return _("Choose true or false."), isinstance(value, bool)
        case Kind.LIST:
            return _("Give names, joined by “|”."), isinstance(value, tuple)
        case Kind.NUMBER:
            return _allowed_number(declaration, value)


def _allowed_number(declaration: Declaration, value: object) -> tuple[str, bool]:
    words = (
        _("Give a whole number from {low} to {high}.")
        if declaration.is_whole
        else _("Give a number from {low} to {high}.")
    )
    allowed = words.format(low=declaration.low, high=declaration.high)
    is_number = isinstance(value, int if declaration.is_whole else int | float)
    if isinstance(value, bool) or not is_number:
        return allowed, False
    assert isinstance(value, int | float)
    return allowed, declaration.low <= value <= declaration.high


DEFAULT_MAX_CONCEPTS = 20


@dataclass(frozen=True, kw_only=True)
class EmbeddingClassifierSettings(Settings):
    """How the quick classifier learns and answers; the defaults suit ten texts and ten thousand."""

    base_embed_model: str = declare(
        "accurate",
        N_("How to read texts"),
        N_(
            "Accurate understands meaning better. Fast reads 20,000 texts a second, once it has "
            "prepared itself. Both know English best; elsewhere the wording counts."
        ),
        choices=(("accurate", N_("Accurate")), ("fast", N_("Fast"))),
    )
    concepts_mutually_exclusive: str = declare(
        "automatic",
        N_("How many concepts per text"),
        N_("With one, the probabilities sum to 100 %. With several, each concept is judged alone."),
        choices=(
            ("automatic", N_("Automatic")),
            ("true", N_("One")),
            ("false", N_("Several or none")),
        ),
    )
    count_narrower: bool = declare(
        default=False,
        title=N_("Count narrower concepts as broader ones"),
        help=N_("A text about a kind of something counts as being about that, up to the broadest."),
    )
    enrich_dataset: str = declare(
        "Automatic",
        N_("Add everyday sentences"),
        N_(
            "Shows the model 1,200 sentences of ours that belong to none of your concepts, so "
            "that it dares to say “none of these”."
        ),
        choices=(("Automatic", N_("Automatic")), ("Disabled", N_("Off"))),
    )
    max_concepts: int = declare(
        DEFAULT_MAX_CONCEPTS,
        N_("Most concepts in an answer"),
        N_("The most probable come first; 0 means 20."),
        low=0,
        high=10_000,
        is_advanced=True,
    )
    min_value: float = declare(
        0.0,
        N_("Smallest probability shown"),
        N_("Concepts that are less probable are left out of an answer."),
        low=0,
        high=1,
        is_advanced=True,
    )
    select_concepts: tuple[str, ...] = declare(
        (),
        N_("Concepts shown"),
        N_("Only these are listed in an answer; none chosen means all."),
        is_advanced=True,
    )
    seed: int = declare(
        13,
        N_("Seed"),
        N_("The same seed, texts and settings give the same model again."),
        low=0,
        high=2**32 - 1,
        is_advanced=True,
    )
