"""YAML as plain data: words, numbers, lists and mappings, and nothing that stands for others.

Values are built here from the events of the parser, as YAML 1.2 has them: no tag makes an object,
no alias multiplies a value, `no` is a word and `1e-4` a number.
"""

import re
from collections.abc import Iterator
from typing import Any, NoReturn

import yaml  # type: ignore[import-untyped]

from core.i18n import _
from core.templates.config_errors import ConfigFileError

MAX_DEPTH = 20
MAX_PARTS = 5_000
_BREAKS = set("\x85\u2028\u2029")  # of lines, in YAML 1.1; kept only where they are escaped
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]{1,40}\Z")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_SPECIAL = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z")


def parse_yaml(text: str, file: str) -> object:
    """Return what a YAML document says, in values that JSON knows (and numbers that are none).

    Args:
        text: the document.
        file: the name of its file, for messages.

    Raises:
        ConfigFileError: it is no YAML, several documents, too deep or too long, names a key
            twice, or holds a tag, an anchor or an alias.
    """
    try:
        return _Reader(text, file).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _refused(_("Line {line} of “{file}” is no YAML."), file, mark) from error
    except (ValueError, OverflowError, IndexError) as error:  # of the parser, on escapes
        raise _refused(_("“{file}” is no YAML."), file, None) from error


def write_yaml(value: object) -> str:
    """Return a value that JSON knows as YAML that `parse_yaml`, and others, read back the same."""
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    assert isinstance(text, str)
    return text


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Quotes also the words that only YAML 1.2 takes for something else."""

    def ignore_aliases(self, _value: object) -> bool:
        """Write every value out."""
        return True

    def words(self, value: str) -> object:
        """Return words in quotes with escapes, where they would not come back the same."""
        style = '"' if _BREAKS.intersection(value) else None
        return self.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _Dumper.words)
for _pattern in (_NUMBER, _SPECIAL):
    _Dumper.add_implicit_resolver("tag:yaml.org,2002:float", _pattern, list("-+.0123456789"))


class _Reader:
    """Builds values from events, counting what it builds."""

    def __init__(self, text: str, file: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.SafeLoader)
        self._file = file
        self._left = MAX_PARTS

    def document(self) -> object:
        next(self._events)  # the stream
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        value = self._value(self._next(), 0)
        next(self._events)  # the document's end
        following = next(self._events)
        if not isinstance(following, yaml.StreamEndEvent):
            self._refuse(_("“{file}” holds a second document, in line {line}."), following)
        return value

    def _next(self) -> Any:  # noqa: ANN401  # an event
        event = next(self._events)
        self._left -= 1
        if self._left < 0:
            self._refuse(_("“{file}” has more than {most} values."), event, most=MAX_PARTS)
        if getattr(event, "anchor", None) is not None:
            self._refuse(_("Line {line} of “{file}” stands for a value elsewhere."), event)
        if getattr(event, "tag", None) is not None:
            self._refuse(_("Line {line} of “{file}” holds a tag."), event)
        return event

    def _value(self, event: Any, depth: int) -> object:  # noqa: ANN401
        if depth > MAX_DEPTH:
            self._refuse(_("Line {line} of “{file}” is nested too deeply."), event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(depth + 1)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(depth + 1)
        return _scalar(event.value) if event.style is None else event.value

    def _sequence(self, depth: int) -> list[object]:
        values = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            values.append(self._value(event, depth))
        return values

    def _mapping(self, depth: int) -> dict[str, object]:
        values: dict[str, object] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(_("Line {line} of “{file}” has a name that is no word."), event)
            if event.value in values:
                self._refuse(_("Line {line} of “{file}” names something twice."), event)
            values[event.value] = self._value(self._next(), depth)
        return values

    def _refuse(self, what: str, event: Any, **more: object) -> NoReturn:  # noqa: ANN401
        raise _refused(what, self._file, event.start_mark, **more)


def _refused(what: str, file: str, mark: Any, **more: object) -> ConfigFileError:  # noqa: ANN401
    line = 0 if mark is None else mark.line + 1
    return ConfigFileError(
        what.format(file=file, line=line, **more),
        next_step=_("Write names with plain values there, each once, as “name: value”."),
        line=line,
    )


def _scalar(word: str) -> object:
    if word in _WORDS:
        return _WORDS[word]
    if _WHOLE.match(word):
        return int(word)
    if _NUMBER.match(word):
        return float(word)
    return float(word.replace(".", "")) if _SPECIAL.match(word) else word
