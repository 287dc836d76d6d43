"""Training settings: each declared once, with its default, title, help and what is allowed.

The form, the check, the help and the command line all read the declaration. Nothing heavy is
imported here, so that the window may read it too.
"""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import MISSING, Field, asdict, dataclass, field, fields
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from core.errors import UserError
from core.i18n import _

MAX_WORDS = 10_000  # characters of a setting that is words
SMALLEST = 1e-7  # of the numbers that are written out
SHOWN_WORDS = 100  # characters of a value in a sentence


class Kind(StrEnum):
    """What a form draws for a setting."""

    CHOICE = "choice"
    NUMBER = "number"
    SWITCH = "switch"
    LIST = "list"
    TEXT = "text"  # any words, on one line or more
    MAPPING = "mapping"  # keys with any values that JSON knows
    BASE_MODEL = "base-model"  # the name of one of this computer's
    VERSION = "version"  # "model:number" of one trained before, or ""


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What is known about a setting before it has a value; translated where it is shown.

    Attributes:
        choices: the allowed words, each with its title (of a choice).
        is_open: whether other words are allowed, too: names of base models (of a choice).
        recommended: the word among the choices that suits most, where that is not the default.
        fits: the kinds of base model that can be chosen (of a base model).
        low: the smallest allowed value (of a number).
        high: the largest allowed value (of a number).
        is_whole: whether only whole numbers are allowed (of a number).
        usual: the smallest and the largest value that makes sense, where others are allowed, too.
        is_advanced: folded away until the analyst asks for more.
        is_first: stands before the settings that a class inherits.
    """

    title: str
    help: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()
    is_open: bool = False
    recommended: str = ""
    fits: tuple[str, ...] = ()
    low: float = 0
    high: float = 0
    is_whole: bool = False
    usual: tuple[float, float] | None = None
    is_advanced: bool = False
    is_first: bool = False


@dataclass(frozen=True)
class Setting:
    """One setting of a training: its name, default and declaration."""

    name: str
    default: object
    declaration: Declaration

    def check(self, value: object) -> None:
        """Refuse a value that the declaration does not allow.

        Raises:
            SettingNotAllowedError: it does not.
        """
        _check(self, value)

    def doubt(self, value: object) -> str:
        """Return what speaks against a value that is allowed; "" for nothing."""
        usual = self.declaration.usual
        if usual is None or value == self.default or not _is_number(self.declaration, value):
            return ""
        return doubt_of(value, usual)


def doubt_of(value: object, usual: tuple[float, float]) -> str:
    """Return what speaks against a number that is far from what is usual; "" for nothing."""
    low, high = usual
    assert isinstance(value, int | float)
    if low <= value <= high:
        return ""
    words = _("With {value} the model probably learns nothing; {low} to {high} is usual.")
    return words.format(value=_plainly(value), low=_plainly(low), high=_plainly(high))


def _plainly(number: float) -> str:
    """Return a number without an exponent, unless it is very small."""
    return (
        f"{number:.9f}".rstrip("0").rstrip(".")
        if number == 0 or number >= SMALLEST
        else f"{number:g}"
    )


def value_words(value: object) -> str:
    """Return a value of a setting as people write it, and not as Python does."""
    if isinstance(value, str):
        words = value
    elif isinstance(value, tuple) and all(isinstance(part, str) for part in value):
        words = "|".join(value)
    else:
        words = json.dumps(value, ensure_ascii=False, default=str)
    return words if len(words) <= SHOWN_WORDS else f"{words[: SHOWN_WORDS - 1]}…"


class SettingUnknownError(UserError):
    """A setting was named that this training does not have."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        close = get_close_matches(name, known, n=1)
        all_of_them = _("Choose one of these: {known}. Other templates have others.")
        super().__init__(
            _("There is no setting “{name}”.").format(name=name),
            next_step=_("Perhaps “{close}” is meant.").format(close=close[0])
            if close
            else all_of_them.format(known=", ".join(known)),
        )
        self.name = name


class SettingNotAllowedError(UserError):
    """A setting was given a value that its declaration does not allow."""

    def __init__(self, name: str, value: object, allowed: str) -> None:
        super().__init__(
            _("“{name}” cannot be “{value}”.").format(name=name, value=value_words(value)),
            next_step=allowed,
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
    declaration = Declaration(title=title, help=help, **{**_kind_of(default, details), **details})
    metadata = {**asdict(declaration), "declaration": declaration}
    if isinstance(default, dict):
        return field(default_factory=lambda: deepcopy(default), metadata=metadata)
    return field(default=default, metadata=metadata)


def declared(kind: type[Settings]) -> tuple[Setting, ...]:
    """Return the settings of a class, in the order in which a form shows them."""
    all_fields = fields(kind)  # type: ignore[arg-type]  # subclasses are dataclasses
    found = [Setting(f.name, _default_of(f), f.metadata["declaration"]) for f in all_fields]
    return tuple(sorted(found, key=lambda setting: not setting.declaration.is_first))


def _default_of(one: "Field[Any]") -> object:
    return one.default if one.default_factory is MISSING else one.default_factory()


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
    """Make settings of `key=value` words, as typed on a command line.

    A list is joined by `|`; a mapping is JSON, or one of its keys: `trainer_config.seed=7`.

    Raises:
        SettingUnknownError: a key is no setting of this kind.
        SettingNotAllowedError: a value is outside its declaration, or there is no `=`.
    """
    return settings_from_values(kind, parse_values(declared(kind), assignments))


def parse_values(settings: Sequence[Setting], assignments: Sequence[str]) -> dict[str, object]:
    """Read `key=value` words as `parse_settings` does, without checking the values.

    Raises:
        SettingUnknownError: a key is none of the settings.
        SettingNotAllowedError: there is no `=`.
    """
    by_name = {setting.name: setting for setting in settings}
    values: dict[str, object] = {}
    for assignment in assignments:
        name, equals, word = (part.strip() for part in assignment.partition("="))
        name, dot, key = name.partition(".")
        if name not in by_name or (dot and by_name[name].declaration.kind != Kind.MAPPING):
            raise SettingUnknownError(name + dot + key, list(by_name))
        if not equals:
            raise SettingNotAllowedError(name, "", _("Write it as {name}=value.").format(name=name))
        if dot:
            whole = values.get(name, by_name[name].default)
            assert isinstance(whole, dict)
            values[name] = {**whole, key: _json_or_word(word)}
        else:
            values[name] = _parse(by_name[name], word)
    return values


def _json_or_word(word: str) -> object:
    """Return what a word means as JSON, also as Python writes it; else the word itself."""
    try:
        return json.loads({"True": "true", "False": "false", "None": "null"}.get(word, word))
    except ValueError:
        return word


def _kind_of(default: object, details: Mapping[str, Any]) -> dict[str, Any]:
    match default:
        case bool():
            return {"kind": Kind.SWITCH}
        case int():
            return {"kind": Kind.NUMBER, "is_whole": True}
        case float():
            return {"kind": Kind.NUMBER}
        case str():
            return {"kind": Kind.CHOICE if details.get("choices") else Kind.TEXT}
        case dict():
            return {"kind": Kind.MAPPING}
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
            return _number_or_word(word, is_whole=setting.declaration.is_whole)
        case Kind.MAPPING:
            return _json_or_word(word)
        case _:
            return word


def _number_or_word(word: str, *, is_whole: bool) -> object:
    try:
        return int(word) if is_whole else float(word)
    except ValueError:
        return word


def _check(setting: Setting, value: object) -> None:
    if not _is_allowed(setting.declaration, value):
        raise SettingNotAllowedError(setting.name, value, _allowed(setting.declaration))


def _allowed(declaration: Declaration) -> str:
    """Return what is allowed, as a next step."""
    sentences = {
        Kind.SWITCH: _("Choose true or false."),
        Kind.LIST: _("Give names, joined by “|”."),
        Kind.MAPPING: _("Give keys with values, as in JSON: {example}."),
        Kind.BASE_MODEL: _("Name a base model of this computer."),
        Kind.TEXT: _("Give at most {most} characters."),
        Kind.VERSION: _("Give the name of a model, and “:” with the number of its version."),
        Kind.NUMBER: _("Give a whole number from {low} to {high}.")
        if declaration.is_whole
        else _("Give a number from {low} to {high}."),
        Kind.CHOICE: _("Choose one of these, or a base model of this computer: {known}.")
        if declaration.is_open
        else _("Choose one of these: {known}."),
    }
    return sentences[declaration.kind].format(
        known=", ".join(word for word, _title in declaration.choices),
        low=declaration.low,
        high=declaration.high,
        most=MAX_WORDS,
        example='{"seed": 7}',
    )


def _is_allowed(declaration: Declaration, value: object) -> bool:
    words = [word for word, _title in declaration.choices]
    match declaration.kind:
        case Kind.CHOICE:
            return value in words or (declaration.is_open and _is_name(value))
        case Kind.SWITCH:
            return isinstance(value, bool)
        case Kind.LIST:
            return isinstance(value, tuple) and not _is_torn("".join(map(str, value)))
        case Kind.NUMBER:
            return _is_number(declaration, value)
        case Kind.MAPPING:
            return _is_mapping(value)
        case _:
            needs_words = declaration.kind == Kind.BASE_MODEL
            return _is_name(value) if needs_words else _is_words(value)


def _is_words(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_WORDS and not _is_torn(value)


def _is_torn(value: str) -> bool:
    """Tell whether words hold half of a character, which no file can be written with."""
    return any("\ud800" <= character <= "\udfff" for character in value)


def _is_name(value: object) -> bool:
    return _is_words(value) and bool(str(value).strip())


def _is_mapping(value: object) -> bool:
    """Tell whether a value is a mapping that JSON can keep as it is."""
    try:
        if not isinstance(value, dict):
            return False
        words = json.dumps(value, allow_nan=False, ensure_ascii=False)
        return not _is_torn(words) and bool(json.loads(words) == value)
    except (TypeError, ValueError, RecursionError):
        return False


def _is_number(declaration: Declaration, value: object) -> bool:
    is_number = isinstance(value, int if declaration.is_whole else int | float)
    if isinstance(value, bool) or not is_number:
        return False
    assert isinstance(value, int | float)
    return declaration.low <= value <= declaration.high
