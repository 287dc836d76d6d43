"""The help of the command line: every command, every option, and where to begin."""

import argparse
import shlex

import pytest

from core import cli
from core.cli.helping import EXAMPLES, GROUPS, OWN_WORDS
from core.jobs import Job
from core.operations.growing_rows import NothingToResumeError
from core.wording import Estimate, estimate, out_of


@pytest.fixture(scope="module")
def commands():
    (commands,) = (
        action
        for action in cli._parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return commands.choices


def test_every_option_and_file_of_every_command_says_what_it_is(commands):
    silent = [
        (name, action.dest)
        for name, command in commands.items()
        for action in command._actions
        if not action.help
    ]
    assert silent == []


def test_every_command_stands_in_one_group_of_the_help(commands):
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(commands)
    assert set(OWN_WORDS) <= set(commands)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_the_help_can_be_typed(name):
    arguments = cli._parser().parse_args(shlex.split(EXAMPLES[name]))
    assert arguments.app == "Mail" if "app" in vars(arguments) and name != "templates" else True


def test_the_bare_command_shows_the_help(capsys):
    assert cli.main([]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "an app and its texts:" in said.err
    assert "first steps:" in said.err


def test_a_total_that_is_guessed_is_told_as_a_share():
    job = Job()
    job.report("Reading texts", 500, estimate(500, 0.25))
    assert job.progress.total == 2000
    assert "2,000" not in out_of(500, job.progress.total)
    assert out_of(500, job.progress.total).startswith("25")
    assert out_of(500, 2000) == "500 of 2,000"
    assert out_of(3, Estimate(2)).startswith("100")


def test_a_file_that_is_finished_is_said_to_be(tmp_path):
    path = tmp_path / "out.csv"
    assert "No beginning" in str(NothingToResumeError(path, is_other=False))
    path.write_text("text", encoding="utf-8")
    refused = NothingToResumeError(path, is_other=False)
    assert "is finished" in str(refused)
    assert "write it from the beginning" in refused.next_step


def test_an_app_without_texts_says_so(app, run):
    assert run("inputs", app.path).strip() == "There are no texts yet."
    assert run("inputs", app.path, "--search", "money").strip() == "No text matches."
