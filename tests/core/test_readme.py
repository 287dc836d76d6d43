"""What README and licences say is there: commands, options, files, packages."""

import argparse
import re
import tomllib
from pathlib import Path

import pytest

from core import cli, resources

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAP = README.partition("## The map of the house")[2].partition("## Measured")[0]
EVERYWHERE = {"--help", "--json"}
TOPS = {"core", "desktop", "packaging", "resources", "tests"}
IN_WORDS = {"platformdirs", "typing-extensions", "filelock"}  # listed by licence, not by version


def commands_told():
    """Return what README says of each command: the rest of its lines."""
    listed = re.sub(r"\n +", " ", README.partition("## The command line")[2].split("```")[1])
    return dict(re.findall(r"^textwright-cli (\S+) ?(.*?)(?: +#.*)?$", listed, re.MULTILINE))


def commands_there():
    """Return the parser of each command."""
    (commands,) = (
        action
        for action in cli._parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return commands.choices


def test_readme_lists_the_commands_that_there_are():
    assert sorted(commands_told()) == sorted(commands_there())


@pytest.mark.parametrize("name", sorted(commands_there()))
def test_readme_names_the_options_that_a_command_takes(name):
    told, parser = commands_told()[name], commands_there()[name]
    options = {word for action in parser._actions for word in action.option_strings[-1:]}
    assert set(re.findall(r"--[a-z-]+", told)) == options - EVERYWHERE
    while "[" in told:
        told = re.sub(r"\[[^\[\]]*\]…?", "", told)
    asked = [
        action.metavar
        for action in parser._actions
        if not action.option_strings and action.nargs != "?"
    ]
    assert re.sub(r"--\S+ \S+", "", told).replace("…", "").split() == asked


def test_every_file_and_folder_of_the_map_is_there():
    there = {path.name for top in TOPS for path in (ROOT / top).rglob("*")}
    named = re.findall(r"([a-z0-9_]+\.py)\b|\b([a-z_]+)/", MAP.split("```")[1])
    assert {file or folder for file, folder in named} <= there | TOPS


def test_the_map_names_every_package_and_what_stands_at_their_doors():
    paths = [*ROOT.glob("core/*.py"), *ROOT.glob("desktop/*.py"), *ROOT.glob("packaging/*.py")]
    assert [p.name for p in paths if not p.name.startswith("__") and p.name not in MAP] == []
    packages = {p.parent for p in ROOT.glob("core/**/__init__.py")}
    assert [p.name for p in packages if f"{p.name}/" not in MAP] == []


def test_every_benchmark_that_readme_tells_of_is_there():
    told = set(re.findall(r"tests[./]benchmarks[./](\w+?)(?:\.py)?`", README))
    there = {path.stem for path in (ROOT / "tests" / "benchmarks").glob("*.py")}
    assert told <= there
    assert there - told == {"frames", "speed_embedders"}  # parts of “speed”


def test_licences_name_every_package_that_is_needed_in_its_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = resources.read_text("licenses.md").casefold().replace("pyside6 ess", "pyside6-ess")
    for needed in project["dependencies"]:
        name, version = needed.casefold().split("==")
        lines = [line for line in table.splitlines() if re.search(rf"\b{re.escape(name)}\b", line)]
        assert lines, name
        if name not in IN_WORDS:
            assert any(version in line for line in lines), needed
    extras = project["optional-dependencies"]
    for needed in (*extras["dev"], *extras["slow"]):
        assert re.split(r"==|\[", needed)[0] in table


def test_every_promise_names_a_test_that_is_there():
    table = README.partition("## Promises")[2].partition("## Measured")[0]
    held = re.findall(r"\| `(\S+)::(\S+)`", table)
    assert len(held) == table.count("\n| ") - 1
    for file, name in held:
        assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")


@pytest.mark.weights
def test_the_example_in_python_runs_as_it_stands(monkeypatch, tmp_path, capsys):
    example = README.partition("## From Python")[2].split("```python\n")[1].split("```")[0]
    monkeypatch.setenv("TEXTWRIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    sample = ROOT / "resources" / "samples" / "spam-or-not.csv"
    exec(example.replace("resources/samples/spam-or-not.csv", sample.as_posix()), {})
    score, chosen, counts = capsys.readouterr().out.splitlines()
    assert float(score) > 0.9
    assert chosen == "('spam',)"
    assert "'spam'" in counts
    assert (tmp_path / "answers.csv").exists()
