"""Every failure says what happened in a sentence, and what to do now in another."""

import ast
import time
from functools import cache
from pathlib import Path

from core.errors import LONGEST, UserError

ROOT = Path(__file__).resolve().parents[2]
SPOKEN = {"_", "ngettext", "N_"}
ENDS = (".", "}", "”")  # a placeholder may bring the sentence's end along


def calls_with_next_step():
    """Yield file, line, and the call, wherever a next step is given."""
    for top in ("core", "desktop"):
        for path in sorted((ROOT / top).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(source)) if "next_step" in source else ():
                if isinstance(node, ast.Call) and any(k.arg == "next_step" for k in node.keywords):
                    yield path.relative_to(ROOT).as_posix(), node


def spoken(node):
    """Return the sentences that an expression is, not those that are put into its places."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=args) if name in SPOKEN:
            return [a.value for a in args if isinstance(a, ast.Constant) and str(a.value)[1:]]
        case ast.Call(func=ast.Attribute(value=value)):
            return spoken(value)
        case ast.IfExp(body=body, orelse=orelse):
            return spoken(body) + spoken(orelse)
        case ast.BoolOp(values=values):
            return [words for value in values for words in spoken(value)]
    return []


@cache
def sentences():
    """Return file, line and words of every sentence."""
    return tuple(_sentences())


def _sentences():
    for file, call in calls_with_next_step():
        (next_step,) = (k.value for k in call.keywords if k.arg == "next_step")
        for node in (*call.args[:1], next_step):
            for words in spoken(node):
                yield file, call.lineno, words


def begins_well(words):
    """Tell whether a sentence begins with a capital, a name in quotes, a file or an option."""
    return words[0].isupper() or words[0] in "“{`-" or "." in words.split()[0]


def test_what_happened_and_what_to_do_are_sentences():
    assert [
        one for one in sentences() if not one[2].endswith(ENDS) or not begins_well(one[2])
    ] == []


def test_no_failure_blames_begs_or_shouts():
    odd = [
        (file, line, words)
        for file, line, words in sentences()
        if any(
            sign in words.lower()
            for sign in ("please", "!", "invalid", "illegal", "error", "failed")
        )
    ]
    assert odd == []


def test_enough_failures_are_looked_at():
    assert len(sentences()) > 150


def test_a_name_of_quotation_marks_alone_takes_no_time_and_no_room():
    began = time.perf_counter()
    what = str(UserError("“" * 200_000, next_step="Choose another one."))
    assert time.perf_counter() - began < 1
    assert len(what) <= LONGEST + 1
