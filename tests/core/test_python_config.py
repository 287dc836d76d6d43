"""Python configuration files: read as data, never run."""

import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UserError
from core.records import TEXT_CLASSIFIER
from core.templates import find_template, values_from_config
from core.templates.config_errors import ConfigFileError
from core.templates.python_config import read_python_config


@pytest.fixture
def config(tmp_path):
    """Return a function that writes a file and reads it."""

    def config(words, name="training_config.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")
        return read_python_config(path)

    return config


def assert_two_sentences(error):
    assert str(error).endswith(".")
    assert error.next_step.endswith(".")


def test_a_file_in_the_portals_style_becomes_values(config):
    found = config('''
# A thorough training.
"""What it is for."""
_base_lr = 2e-5
model_config = dict(
    pretrained_model_name_or_path="bert-base" "-cased",
    torch_dtype='torch.float32',
    problem_type="multi_label_classification",
)
trainer_config = {"num_train_epochs": 2 + 1, "learning_rate": _base_lr / 2, "seed": -1}
tokenizer_config: dict = {}
select_concepts = ["a"] + ["b", "c"]
seed = 2**4 - 1
device = "c" + "pu"
count_narrower = True
min_value = +.5
nothing = None
pairs = (1, (2, 3))
pass
''')
    assert found == {
        "model_config": {
            "pretrained_model_name_or_path": "bert-base-cased",
            "torch_dtype": "torch.float32",
            "problem_type": "multi_label_classification",
        },
        "trainer_config": {"num_train_epochs": 3, "learning_rate": 1e-5, "seed": -1},
        "tokenizer_config": {},
        "select_concepts": ["a", "b", "c"],
        "seed": 15,
        "device": "cpu",
        "count_narrower": True,
        "min_value": 0.5,
        "nothing": None,
        "pairs": [1, [2, 3]],
    }


def test_a_file_fits_a_template(config):
    found = config("""
model_config = dict(pretrained_model_name="gpt-neo-125m")
trainer_config = dict(num_train_epochs=3)
peft_config = dict(r=8, lora_alpha=16)
seed = 7
""")
    template = find_template(TEXT_CLASSIFIER, "HF_GPTNeo_125m_lora")
    made = template.with_values(values_from_config(template, found))
    assert made.peft_config == {"r": 8, "lora_alpha": 16}
    assert (made.seed, made.tokenizer_config) == (7, {})


def test_what_a_file_names_twice_counts_as_written_last(config):
    assert config("a = 1\nb = a\na = b = [b, 2]\n") == {"a": [1, 2], "b": [1, 2]}


def test_dictionaries_are_laid_over_those_of_the_base_name_by_name(config):
    config(
        "trainer_config = dict(seed=1, optim=dict(name='adamw', lr=1e-4))\nseed = 1\n", "base.py"
    )
    found = config("""
_base_ = "base.py"
trainer_config = dict(optim=dict(lr=1e-5), num_train_epochs=2)
""")
    assert found == {
        "trainer_config": {
            "seed": 1,
            "optim": {"name": "adamw", "lr": 1e-5},
            "num_train_epochs": 2,
        },
        "seed": 1,
    }


def test_delete_replaces_what_the_base_has(config):
    config("trainer_config = dict(seed=1, optim=dict(name='adamw', lr=1e-4))", "base.py")
    found = config("""
_base_ = ["./base.py"]
trainer_config = dict(optim=dict(_delete_=True, name="sgd"), other=dict(_delete_=True, a=1))
""")
    assert found["trainer_config"] == {"seed": 1, "optim": {"name": "sgd"}, "other": {"a": 1}}


def test_several_bases_are_laid_over_each_other_in_their_order(config):
    config("a = dict(x=1, y=1)\n_helps = 1", "parts/first.py")
    config("a = dict(y=2)", "parts/second.py")
    config("b = 3", "common.py")
    found = config("_base_ = ['parts/first.py', 'parts/second.py', 'common.py']\nc = 4")
    assert found == {"a": {"x": 1, "y": 2}, "b": 3, "c": 4}


def test_a_base_in_a_folder_inside_may_name_one_beside_it(config, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "common.py").write_text("b = 3")
    (tmp_path / "parts" / "first.py").write_text("_base_ = '../common.py'\na = 1")
    assert config("_base_ = 'parts/first.py'") == {"a": 1, "b": 3}


def test_bases_are_only_read_in_the_folder_of_the_file(config, tmp_path):
    (tmp_path / "secret.py").write_text("token = 1")
    inside = tmp_path / "inside"
    inside.mkdir()
    if sys.platform != "win32":
        (inside / "link.py").symlink_to(tmp_path / "secret.py")
        (inside / "circle.py").symlink_to(inside / "circle.py")
    names = ["../secret.py", str(tmp_path / "secret.py"), "link.py", "circle.py", "missing.py"]
    for name in [*names, "", ".", "notes.txt", "a\\0.py", "x" * 5000 + ".py"]:
        with pytest.raises(ConfigFileError):
            config(f"_base_ = '{name}'", "inside/training_config.py")
    for value in ("1", "[1]", "dict(a=1)", "None"):
        with pytest.raises(ConfigFileError):
            config(f"_base_ = {value}")


def test_a_file_that_is_based_on_itself_is_refused(config, tmp_path):
    (tmp_path / "a.py").write_text("_base_ = 'training_config.py'")
    with pytest.raises(ConfigFileError, match="based on itself"):
        config("_base_ = 'a.py'")
    with pytest.raises(ConfigFileError, match="based on itself"):
        config("_base_ = 'training_config.py'")


def test_a_tower_of_bases_is_refused(config, tmp_path):
    for i in range(12):
        (tmp_path / f"b{i}.py").write_text(f"_base_ = ['b{i + 1}.py', 'b{i + 1}.py']")
    (tmp_path / "b12.py").write_text("a = 1")
    with pytest.raises(ConfigFileError, match="too many files"):
        config("_base_ = 'b0.py'")
    assert config("_base_ = 'b11.py'") == {"a": 1}


@pytest.mark.parametrize(
    ("words", "line", "what"),
    [
        ("a = 1\nimport os", 2, "an import"),
        ("from os import path", 1, "an import"),
        ("a = open('x')", 1, "a call"),
        ("a = dict([(1, 2)])", 1, "a call"),
        ("a = dict(**b)", 1, "stars"),
        ("dict = 1\na = dict(b=1)", 2, "a call"),
        ("a = [x for x in b]", 1, "a loop"),
        ("a = ().__class__", 1, "a dot"),
        ("a = [1]\nb = a[0]", 2, "a part"),
        ("a = f'{1}'", 1, "words with values"),
        ("a = lambda: 1", 1, "a function"),
        ("def f(): pass", 1, "a function"),
        ("class A: pass", 1, "a class"),
        ("if 1: a = 1", 1, "a condition"),
        ("while 1: pass", 1, "a loop"),
        ("print('x')", 1, "a call"),
        ("a.b = 1", 1, "a dot"),
        ("a[0] = 1", 1, "a part"),
        ("a, b = 1, 2", 1, "something else"),
        ("a += 1", 1, "something else"),
        ("a: int", 1, "something else"),
        ("a = {1, 2}", 1, "a set"),
        ("a = b'x'", 1, "something else"),
        ("a = 1j", 1, "something else"),
        ("a = ...", 1, "something else"),
        ("a = {**{}}", 1, "no word in quotes"),
        ("a = {1: 2}", 1, "no word in quotes"),
        ("a = {'b': 1, 'b': 2}", 1, "twice"),
        ("a = [*[1]]", 1, "a star"),
        ("a = 1 < 2", 1, "a comparison"),
        ("a = 'x' * 10", 1, "no number"),
        ("a = True + 1", 1, "no number"),
        ("a = -'x'", 1, "no number"),
        ("a = not 1", 1, "something else"),
        ("a = ~1", 1, "something else"),
        ("a = 1 << 90", 1, "something else"),
        ("a = (b := 1)", 1, "something else"),
        ("a = 1 if 2 else 3", 1, "a condition"),
        ("a = {{_base_.b}}", 1, "a set"),
        ("a = b", 1, "no value"),
        ("a = 1 / 0", 1, "no result"),
        ("a = 0 ** -1", 1, "no result"),
        ("a = (-1) ** 0.5", 1, "no number"),
        ("a = 9 ** 9 ** 9", 1, "too large"),
        ("a = 10 ** 60", 1, "too large"),
        ("a = 1e999", 1, "too large"),
        ("a = 1e308 * 10", 1, "too large"),
        ("a = 1\n  b = 2", 2, "no Python"),
        ("a = 'x", 1, "no Python"),
    ],
)
def test_what_is_more_than_a_value_is_refused_with_its_line(words, line, what, config):
    with pytest.raises(ConfigFileError, match=what) as refused:
        config(words)
    assert refused.value.line == line
    assert str(line) in str(refused.value)
    assert refused.value.next_step.endswith(".")


PAYLOADS = (
    "import os; os.mkdir({place!r})",
    "a = __import__('os').mkdir({place!r})",
    "a: __import__('os').mkdir({place!r}) = 1",
    "def f(a=open({place!r}, 'w')): pass",
    "@open({place!r}, 'w')\nclass A: pass",
    "a = dict(b=eval('open({place!r}, \"w\")'))",
    "a = f'{{open({place!r}, \"w\")}}'",
    "_base_ = open({place!r}, 'w').name",
    "# -*- coding: unicode_escape -*-\na = 1\n# \\nopen({place!r}, 'w')",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_a_file_is_run(payload, config, tmp_path):
    planted = tmp_path / "planted"
    with suppress(UserError):
        config(payload.format(place=str(planted)))
    assert not planted.exists()
    assert "training_config" not in sys.modules


@pytest.mark.parametrize(
    "words",
    [
        "a = [1, 1]\n" + "a = [a, a]\n" * 60,
        "a = [1, 1]\n" + "a = a + a\n" * 60,
        "a = 'xx'\n" + "a = a + a\n" * 60,
        "a = dict(b=1)\n" + "a = dict(b=a, c=a)\n" * 60,
        "a = " + "[" * 60 + "]" * 60,
        "a = " + "1," * 60_000,
        "a = " + "+".join(["1"] * 60_000),
        "a = 1" + "\n" * 300_000,
        "a = 1\0",
        "a = '\\ud800'",
        "\ufeffa = 1" + "\ufeff",
    ],
)
def test_a_file_that_grows_without_end_is_refused_at_once(words, config):
    try:
        found = config(words)
    except ConfigFileError:
        return
    assert found == {"a": "\ud800"}


DEEP = ("[", "(", "-", "a.", "f(", "{1:", "not ", "lambda:", "1+(", "x[", "if 1:\n ", "1**")


def test_what_is_nested_too_deeply_ends_no_process(tmp_path):
    for i, opening in enumerate(DEEP):
        words = "a = " + opening * (190_000 // len(opening))
        (tmp_path / f"deep{i:02}.py").write_text(words, encoding="utf-8")
    code = f"""
from pathlib import Path
from core.errors import UserError
from core.templates.python_config import read_python_config
for path in sorted(Path({str(tmp_path)!r}).iterdir()):
    try:
        read_python_config(path)
    except UserError:
        print(path.name)
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode == 0, ended.stderr[-300:]
    assert ended.stdout.split() == sorted(path.name for path in tmp_path.iterdir())


TOKENS = st.sampled_from(
    (
        *"=()[]{},:.+-*/%\n\\ab1@#\t\0é; ",
        *("_base_", "_delete_", "dict", "2.5", "'x'", "None", "True", "**", '"""'),
        *("import os", "for x in a", "f'{a}'", "lambda"),
    )
)


@given(words=st.lists(TOKENS, max_size=40).map("".join) | st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_whatever_a_file_holds_it_is_read_or_refused(words, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "fuzzed.py"
    path.write_bytes(words.encode("utf-8", "surrogatepass"))
    try:
        assert isinstance(read_python_config(path), dict)
    except UserError as error:
        assert_two_sentences(error)


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_number_of_hundreds_of_digits_is_refused_with_its_line(config, sign):
    with pytest.raises(ConfigFileError, match=r"line 1 of .* too large"):
        config(f"seed = {sign}{'1' * 400}")
