"""Files of settings: what they say, and what a stranger may put into them."""

import json
import os

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UserError
from core.records import TEXT_CLASSIFIER
from core.templates import SHIPPED, find_template, read_config, values_from_config
from core.templates.config_errors import ConfigFileError
from core.templates.template_file import custom_template, from_mapping, to_mapping
from core.templates.yaml_text import parse_yaml, write_yaml


@pytest.fixture
def read(tmp_path):
    """Return a function that writes a file and reads it."""

    def read(words, name="settings.yaml"):
        path = tmp_path / name
        content = words if isinstance(words, bytes) else words.encode("utf-8", "surrogatepass")
        path.write_bytes(content)
        return read_config(path)

    return read


def assert_two_sentences(error):
    assert str(error).endswith(".")
    assert error.next_step.endswith(".")


def test_yaml_is_read_as_its_current_version_has_it(read):
    found = read("""\ufeff
rate: 1e-4
rates: [2E5, .5, 1., -3, +4, 010, 1:30, 0x10, 1_000]
words: [no, yes, on, off, 2024-01-01, "1", 'true', <<, =, 1e-4x]
truths: [true, False, null, ~, ]
nothing:
text: |
  two
  lines
1: one
nested: {a: {b: [1, {c: d}]}}
limits: [.inf, -.inf]
""")
    assert found == {
        "rate": 1e-4,
        "rates": [2e5, 0.5, 1.0, -3, 4, 10, "1:30", "0x10", "1_000"],
        "words": ["no", "yes", "on", "off", "2024-01-01", "1", "true", "<<", "=", "1e-4x"],
        "truths": [True, False, None, None],
        "nothing": None,
        "text": "two\nlines\n",
        "1": "one",
        "nested": {"a": {"b": [1, {"c": "d"}]}},
        "limits": [float("inf"), float("-inf")],
    }


def test_json_is_read(read):
    assert read('{"seed": 7, "trainer_config": {"a": [1, null]}}', "settings.json") == {
        "seed": 7,
        "trainer_config": {"a": [1, None]},
    }
    assert read('{"seed": 7}', "SETTINGS.YML") == {"seed": 7}
    assert read("seed = 7", "settings.py") == {"seed": 7}


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (LAUGHS, "Line 1 .* elsewhere"),
        ("a: 1\nb: *a", "Line 2 .* elsewhere"),
        ("a: !!python/object/apply:os.system ['true']", "a tag"),
        ("a: !!python/name:os.system", "a tag"),
        ("a: !!int ''", "a tag"),
        ("a: !own 1", "a tag"),
        ("! a: 1", "a tag"),
        ("a: 1\nb: 2\na: 3", "Line 3 .* twice"),
        ("a: {b: 1, b: 2}", "twice"),
        ("[a]: 1", "no word"),
        ("? {a: 1}\n: 1", "no word"),
        ("a: 1\n---\nb: 2", "second document, in line 2"),
        ("a: [1", "is no YAML"),
        ("a: b: c", "Line 1 .* is no YAML"),
        ("\ta: 1", "is no YAML"),
        ('a: "\\U99999999"', "is no YAML"),
        ("a: \0", "is no YAML"),
        ("%YAML " + "9" * 5000 + ".1\n---\na: 1", "is no YAML"),
        ("a: " + "[" * 30 + "]" * 30, "too deeply"),
        ("a: " + "[" * 400_000, "too deeply"),
        ("{a: " * 30 + "1" + "}" * 30, "too deeply"),
        ("- " * 50 + "1", "too deeply"),
        ("a: [" + "1, " * 6_000 + "]", "more than 5000"),
        ("a: " + "x" * 1_000_001, "larger than 1"),
        ("", "names no settings"),
        ("- a", "names no settings"),
        ("word", "names no settings"),
        (b"\xff\xfea", "UTF-8"),
        (b"a: \x80", "UTF-8"),
    ],
)
def test_yaml_that_is_more_than_names_with_values_is_refused(words, what, read):
    with pytest.raises(ConfigFileError, match=what) as refused:
        read(words)
    assert refused.value.next_step.endswith(".")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ('{"a": 1, "a": 2}', "twice"),
        ('{"a": NaN}', "no JSON"),
        ('{"a": Infinity}', "no JSON"),
        ('{"a": ' + "9" * 5000 + "}", "no JSON"),
        ('{\n"a": }', "Line 2 .* no JSON"),
        ('{"a": ' * 30 + "1" + "}" * 30, "too deeply"),
        ("[" * 400_000, "no JSON"),
        ("[1]", "names no settings"),
        ("", "no JSON"),
    ],
)
def test_json_that_is_more_than_names_with_values_is_refused(words, what, read):
    with pytest.raises(ConfigFileError, match=what):
        read(words, "settings.json")


def test_a_place_that_is_no_file_of_settings_is_refused(tmp_path, read):
    (tmp_path / "folder.yaml").mkdir()
    places = [tmp_path / "missing.yaml", tmp_path / "folder.yaml", tmp_path / ("x" * 300 + ".yaml")]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.yaml")
        places.append(tmp_path / "pipe.yaml")
    for path in places:
        with pytest.raises(ConfigFileError):
            read_config(path)
    with pytest.raises(ConfigFileError, match="no file of settings"):
        read("a: 1", "settings.txt")


PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False)
    | st.text(max_size=30)
    | st.sampled_from(
        (
            *("no", "09", "1e5", "-.5", "1.", "1_0", "~", "<<", "=", "1:30", ".inf", "2024-01-01"),
            *(" x", "x ", "a: b", "# c", "\u2028", "\x85", "\ud800", "x" * 200, "a\n\n b\n", "0o7"),
        )
    )
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=140), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_every_value_is_written_so_that_it_is_read_back_the_same(value):
    found = parse_yaml(write_yaml(value), "file")
    assert found == value
    assert repr(found) == repr(value)  # 1 is not 1.0, nor True


JSON_VALUES = st.recursive(
    PLAIN.filter(lambda one: not isinstance(one, float) or abs(one) < 1e300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@given(
    template=st.sampled_from(SHIPPED),
    key=st.data(),
    value=JSON_VALUES,
    wraps=st.sampled_from(["plain", "portal", "own"]),
)
@settings(max_examples=60, deadline=None)
def test_any_value_under_any_name_is_taken_or_refused_and_travels_whole(
    template, key, value, wraps
):
    mapping = to_mapping(template) | {"name": "fuzzed"}
    names = list(mapping if wraps == "own" else mapping["settings"])
    name = key.draw(st.sampled_from(names) | st.text(max_size=9))
    try:
        if wraps == "own":
            made = from_mapping(mapping | {name: value})
        else:
            changed = mapping["settings"] | {name: value}
            wrapped = {"train_params": changed} if wraps == "portal" else changed
            values = values_from_config(template, wrapped)
            made = custom_template("fuzzed", "", "", template, values)
    except UserError as error:
        assert_two_sentences(error)
        return
    again = from_mapping(parse_yaml(write_yaml(to_mapping(made)), "file"))
    assert again == made


PIECES = st.sampled_from(
    (
        *"-:,[]{}&*!|>'\"%@#?\n\r\t\0\x85\\ ~a1é",
        *("\n  ", "---", "...", "a: ", "- ", "? ", "seed: 1\n", "settings:\n"),
        *("<<: ", "!!int ", "&a", "*a", "\\x", "\\U9999"),
    )
)


@given(
    words=st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60), ending=st.booleans()
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_file_holds_it_is_read_or_refused(words, ending, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / ("fuzzed.json" if ending else "fuzzed.yaml")
    path.write_bytes(words.encode("utf-8", "surrogatepass"))
    template = find_template(TEXT_CLASSIFIER)
    try:
        template.with_values(values_from_config(template, read_config(path)))
    except UserError as error:
        assert_two_sentences(error)


def test_what_is_written_others_read_too():
    value = {"rate": 1e-4, "word": "1e-4", "no": "no", "umlaut": "ü", "n": None, "many": ["a", 1]}
    assert yaml.safe_load(write_yaml(value)) == value
    assert json.loads(json.dumps(value)) == value
