"""kill -9 at hundreds of places: at most the last action is missing, and nothing is half done.

Every run copies a real app, lets a child do a verb to it, and kills the child: before the n-th
time that it touches the disk, now and then in the middle of a page that SQLite writes, or after
some time. Then the app is opened as the program opens it. `test -m slow` runs them all and prints
how many of them hit the verb midway; a sample of them runs with the other tests. TEXTWRIGHT_KILLS
says how often each verb is killed, TEXTWRIGHT_SEED where.
"""

import os
import random
import shutil
import sys
import zipfile
from dataclasses import dataclass

import pytest

from tests.core.killed_checks import Reference, Server, check, content_of
from tests.core.killed_verbs import VERBS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs fork and a SQLite to follow")
SEED = os.environ.get("TEXTWRIGHT_SEED", "555")
SLOW_VERBS = ("train deep",)
SAMPLE = {
    "import": 2,
    "label": 4,
    "delete, undo, redo": 3,
    "train": 2,
    "back up": 2,
    "restore": 2,
}


@dataclass
class Figures:
    """How the runs of a verb went."""

    n_runs: int = 0
    n_midway: int = 0
    n_before: int = 0
    n_after: int = 0


class Runs:
    """The runs of this module; the places that they begin with are made once."""

    def __init__(self, folder):
        self.folder, self.server = folder, Server(folder / "server.log")
        self._templates, self._references = {}, {}

    def reference(self, name):
        """Return the states that a verb goes through when nobody kills it."""
        if name not in self._references:
            template = self._template(VERBS[name].template)
            folder = self.folder / f"reference {name.replace('/', ' ')}"
            self._references[name] = Reference(self.server, name, template, folder)
        return self._references[name]

    def _template(self, name):
        if name not in self._templates:
            place = self.folder / f"template {name}"
            for part in ("home", "tmp"):
                (place / part).mkdir(parents=True)
            self.server.run(f"build {name}", place)
            self._templates[name] = place
        return self._templates[name]

    def kill(self, name, share, chance, figures):
        """Kill a verb at a share of its way, and check what is left."""
        reference = self.reference(name)
        place = self.folder / "run"
        shutil.rmtree(place, ignore_errors=True)  # of a run that failed
        shutil.copytree(reference.template, place)
        by_time = chance.random() < 0.25
        how = (
            {"after_s": share * reference.seconds}
            if by_time
            else {"at": 1 + int(share * reference.n_touches), "tears": chance.random() < 0.5}
        )
        told = self.server.run(name, place, **how, dies=True)
        self._count(told, len(VERBS[name].steps), figures)
        try:
            check(self.server, reference, place, told)
        except BaseException as error:
            error.add_note(f"{name}: {how}, died at {told}")
            raise

    @staticmethod
    def _count(told, n_steps, figures):
        figures.n_runs += 1
        if not told["was_killed"] or told["n_done"] == n_steps:
            figures.n_after += 1
        elif told["n_touches"] < 2:  # nothing was written yet
            figures.n_before += 1
        else:
            figures.n_midway += 1


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    found = Runs(tmp_path_factory.mktemp("kills"))
    yield found
    found.server.close()


def shares(n, chance):
    """Return n shares of a way, one in every n-th of it."""
    return [(i + chance.random()) / n for i in range(n)]


@pytest.mark.parametrize("name", SAMPLE)
def test_whoever_is_killed_loses_at_most_what_was_being_done(runs, name):
    chance = random.Random(f"{SEED} {name}")
    for share in shares(SAMPLE[name], chance):
        runs.kill(name, share, chance, Figures())


@pytest.mark.slow
def test_two_hundred_kills_and_more_lose_nothing(runs, tell):
    n_each = int(os.environ.get("TEXTWRIGHT_KILLS", "16"))
    lines, total = [], Figures()
    for name in VERBS:
        if name.startswith(("build ", "between ")):
            continue
        figures = Figures()
        chance = random.Random(f"{SEED} {name}")
        for share in shares(n_each // 4 if name in SLOW_VERBS else n_each, chance):
            runs.kill(name, share, chance, figures)
        lines.append(told_of(name, figures))
        for part in ("n_runs", "n_midway", "n_before", "n_after"):
            setattr(total, part, getattr(total, part) + getattr(figures, part))
    tell("\n".join([*lines, told_of("all", total) + "; losses: 0"]))
    assert total.n_midway >= 200


def told_of(name, figures):
    return (
        f"{name:28} {figures.n_runs:4} runs: {figures.n_midway:4} killed midway, "
        f"{figures.n_before:3} before anything was written, {figures.n_after:3} after it was done"
    )


def test_a_file_that_was_half_written_would_be_found(tmp_path):
    half = tmp_path / "half.zip"
    half.write_bytes(b"PK\x03\x04 not whole")
    with pytest.raises(zipfile.BadZipFile):
        content_of(half)
