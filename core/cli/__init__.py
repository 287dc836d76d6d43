"""Textwright on the command line: the whole loop without the window, offline."""

import argparse
import io
import json
import os
import sys
from contextlib import suppress

from core.cli import (
    apps,
    base_models,
    comparing,
    data_checks,
    datasets,
    elsewhere,
    explaining,
    generating,
    inputs,
    keeping,
    learning,
    merging,
    models,
    predicting,
    reporting,
    searching,
    suggesting,
    templates,
    thresholds,
    training,
    workflows,
)
from core.cli.helping import example_of, fill_in, overview
from core.cli.terminal import Answer, Parser, Run, TerminalJob, harmless
from core.errors import UserError, out_of_memory_of
from core.i18n import _
from core.jobs import JobCancelled
from core.paths import logs_folder, make_private
from core.reports import describe


def main(argv: list[str] | None = None) -> int:
    """Run one command; return 1, with the next step on stderr, if the user can put it right."""
    job = TerminalJob()
    words = sys.argv[1:] if argv is None else argv
    if not words:
        return job.end(_parser().format_help().rstrip(), 2)
    try:
        arguments = _parser().parse_args(words)
        answer: Answer = arguments.run(arguments, job)
    except UserError as error:
        return job.end(f"{error}\n{error.next_step}", 1)
    except (KeyboardInterrupt, JobCancelled) as stopped:
        return job.end(str(stopped) or _("Stopped. Nothing was changed."), 130)
    except Exception as error:  # noqa: BLE001  # nobody who types can read a traceback
        if reason := out_of_memory_of(error):
            return job.end(f"{reason}\n{reason.next_step}", 1)
        return job.end(_broken(describe(error)), 1)
    job.clear()
    _say(json.dumps(answer.value, indent=2) if arguments.json else harmless(answer.text))
    return answer.status


def _say(text: str) -> None:
    """Write an answer, whatever the terminal can show of it, for as long as somebody reads."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _broken(report: str) -> str:
    """Keep the report of a bug; return what to say."""
    path = logs_folder() / "report.txt"
    with suppress(OSError):
        make_private(path.parent)
        path.write_text(report, encoding="utf-8", errors="replace")
    words = _("Something is broken on our side: {what}\nSend us the report in {path}.")
    return words.format(what=report.strip().rpartition("\n")[2], path=path)


def _parser() -> argparse.ArgumentParser:
    layout = argparse.RawDescriptionHelpFormatter
    name = "textwright-cli"
    parser = Parser(
        prog=name, usage=f"{name} [-h] COMMAND …", description=__doc__, formatter_class=layout
    )
    commands = parser.add_subparsers(
        required=True, metavar="COMMAND", prog=name, help=argparse.SUPPRESS
    )
    abouts = {}

    def add(name: str, run: Run, about: str) -> argparse.ArgumentParser:
        abouts[name] = about
        command = commands.add_parser(
            name, description=about, epilog=example_of(name), formatter_class=layout
        )
        command.add_argument("--json", action="store_true", help="print JSON for machines")
        command.set_defaults(run=run)
        return command

    for group in (
        apps,
        base_models,
        inputs,
        datasets,
        data_checks,
        templates,
        training,
        models,
        predicting,
        comparing,
        learning,
        explaining,
        generating,
        reporting,
        searching,
        suggesting,
        thresholds,
        elsewhere,
        merging,
        keeping,
        workflows,
    ):
        group.add_commands(add)
    for name, command in commands.choices.items():
        fill_in(name, command)
    parser.epilog = overview(abouts)
    return parser
