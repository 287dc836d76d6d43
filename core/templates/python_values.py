"""Works out the plain values that Python expressions write down, without ever running them."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from core.i18n import N_, _
from core.templates.config_errors import ConfigFileError

MAX_PARTS = 20_000
MAX_CHARS = 100_000
MAX_DEPTH = 20
LARGEST = 2.0**63
MOST_POWER = 64
_WHATS: dict[type[ast.AST], str] = {
    ast.Import: N_("an import"),
    ast.ImportFrom: N_("an import"),
    ast.Call: N_("a call"),
    ast.Attribute: N_("a dot behind a name"),
    ast.Subscript: N_("a part of a value"),
    ast.JoinedStr: N_("words with values set in"),
    ast.ListComp: N_("a loop"),
    ast.DictComp: N_("a loop"),
    ast.SetComp: N_("a loop"),
    ast.GeneratorExp: N_("a loop"),
    ast.For: N_("a loop"),
    ast.While: N_("a loop"),
    ast.If: N_("a condition"),
    ast.IfExp: N_("a condition"),
    ast.FunctionDef: N_("a function"),
    ast.Lambda: N_("a function"),
    ast.ClassDef: N_("a class"),
    ast.Set: N_("a set"),
    ast.Compare: N_("a comparison"),
    ast.Starred: N_("a star"),
}
_SIGNS: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_SUMS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}


class Evaluator:
    """Turns expressions of one file into values; what is more than a value is refused.

    Args:
        file: its name, for messages.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._left = MAX_PARTS

    def value(self, node: ast.expr, names: Mapping[str, object], depth: int = 0) -> object:
        """Return the value of an expression; tuples become lists, as files keep them.

        Args:
            node: the expression.
            names: the values of the names that it may use.
            depth: how many values it lies in.

        Raises:
            ConfigFileError: it does more than write a value down, or the value is too large.
        """
        self._count(node, depth)
        readers = {
            ast.Constant: self._constant,
            ast.List: self._sequence,
            ast.Tuple: self._sequence,
            ast.Dict: self._dictionary,
            ast.Call: self._call,
            ast.Name: self._named,
            ast.UnaryOp: self._signed,
            ast.BinOp: self._sum,
        }
        read = readers.get(type(node), self._refused)
        return read(node, names, depth)  # type: ignore[operator]  # each its own kind of node

    def _refused(self, node: ast.expr, *_unused: object) -> NoReturn:
        self.refuse(node)

    def refuse(self, node: ast.AST) -> NoReturn:
        """Say that a statement or an expression is not read.

        Raises:
            ConfigFileError: always.
        """
        what = _(_WHATS.get(type(node), N_("something else than a value")))
        self._refuse(node, _("Line {line} of “{file}” holds {what}, which is not run."), what=what)

    def _refuse(self, node: ast.AST, words: str, **more: object) -> NoReturn:
        line = getattr(node, "lineno", 0)
        raise ConfigFileError(
            words.format(line=line, file=self._file, **more),
            next_step=_("Write the value itself: a number, words, a list or a dictionary."),
            line=line,
        )

    def _count(self, node: ast.AST, depth: int) -> None:
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH:
            self._refuse(node, _("“{file}” holds too much, up to line {line}."))

    def _constant(self, node: ast.Constant, *_unused: object) -> object:
        if isinstance(node.value, bytes | complex) or node.value is ...:
            self.refuse(node)
        if isinstance(node.value, bool | str) or node.value is None:
            return node.value
        return self._number(node, node.value)

    def _sequence(
        self, node: ast.List | ast.Tuple, names: Mapping[str, object], depth: int
    ) -> list[object]:
        return [self.value(one, names, depth + 1) for one in node.elts]

    def _signed(self, node: ast.UnaryOp, names: Mapping[str, object], depth: int) -> object:
        if type(node.op) not in _SIGNS:
            self.refuse(node)
        number = self._number(node, self.value(node.operand, names, depth + 1))
        return _SIGNS[type(node.op)](number)

    def _dictionary(
        self, node: ast.Dict, names: Mapping[str, object], depth: int
    ) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                self._refuse(value, _("A name in line {line} of “{file}” is no word in quotes."))
            self._add(found, key.value, self.value(value, names, depth + 1), key)
        return found

    def _call(self, node: ast.Call, names: Mapping[str, object], depth: int) -> dict[str, object]:
        is_dict = isinstance(node.func, ast.Name) and node.func.id == "dict"
        if not is_dict or node.args or "dict" in names:
            self.refuse(node)
        found: dict[str, object] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                self._refuse(keyword, _("Line {line} of “{file}” holds stars, which are not run."))
            self._add(found, keyword.arg, self.value(keyword.value, names, depth + 1), keyword)
        return found

    def _add(self, found: dict[str, object], name: str, value: object, node: ast.AST) -> None:
        if name in found:
            self._refuse(node, _("Line {line} of “{file}” names something twice."))
        found[name] = value

    def _named(self, node: ast.Name, names: Mapping[str, object], depth: int) -> object:
        if node.id not in names:
            words = _("The name “{name}” in line {line} of “{file}” has no value.")
            self._refuse(node, words, name=node.id)
        return self._copy(names[node.id], node, depth)

    def _copy(self, value: object, node: ast.AST, depth: int) -> object:
        """Return a value once more, counted once more, so that no value grows by its names."""
        self._count(node, depth)
        if isinstance(value, list):
            return [self._copy(one, node, depth + 1) for one in value]
        if isinstance(value, dict):
            return {name: self._copy(one, node, depth + 1) for name, one in value.items()}
        return value

    def _sum(self, node: ast.BinOp, names: Mapping[str, object], depth: int) -> object:
        if type(node.op) not in _SUMS:
            self.refuse(node)
        left = self.value(node.left, names, depth + 1)
        right = self.value(node.right, names, depth + 1)
        if isinstance(node.op, ast.Add):
            if isinstance(left, list) and isinstance(right, list):
                return left + right
            if isinstance(left, str) and isinstance(right, str):
                if len(left) + len(right) > MAX_CHARS:
                    self._refuse(node, _("“{file}” holds too much, up to line {line}."))
                return left + right
        numbers = self._number(node, left), self._number(node, right)
        if isinstance(node.op, ast.Pow) and abs(numbers[1]) > MOST_POWER:
            self._refuse(node, _("A number in line {line} of “{file}” is too large."))
        try:
            return self._number(node, _SUMS[type(node.op)](*numbers))
        except ArithmeticError as error:
            words = _("The sum in line {line} of “{file}” has no result.")
            what = words.format(line=node.lineno, file=self._file)
            next_step = _("Write the number itself.")
            raise ConfigFileError(what, next_step=next_step, line=node.lineno) from error

    def _number(self, node: ast.AST, value: object) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._refuse(node, _("Line {line} of “{file}” reckons with what is no number."))
        if abs(value) > LARGEST or not math.isfinite(value):
            self._refuse(node, _("A number in line {line} of “{file}” is too large."))
        return value
