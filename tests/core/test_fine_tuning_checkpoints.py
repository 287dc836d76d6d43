"""A training that was broken off goes on where it was, and ends as if nothing had happened."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from core.errors import DiskFullError
from core.jobs import Job, JobCancelled
from core.learning.fine_tuning import Checked, Group, Plan, checkpoints, loop, train
from core.learning.fine_tuning.checkpoints import Checkpoint, Checkpoints

ROOT = Path(__file__).resolve().parents[2]
# What a process of its own runs: it says when it has come to a step, and waits to be ended.
CHILD = """
import sys, time
from pathlib import Path
sys.path[:0] = [sys.argv[1], str(Path(sys.argv[1]) / "tests" / "core")]
from core.learning.fine_tuning import loop
import test_fine_tuning_checkpoints as here

class Waiting(here.Job):
    def report(self, stage, done=0, total=0):
        if done == 13:
            print("here", flush=True)
            time.sleep(600)

here.learn(Path(sys.argv[2]), Waiting())
"""


class Sums:
    def __init__(self, network):
        random = torch.Generator().manual_seed(1)
        self.network = network
        self.x = torch.randn(40, 4, generator=random)
        self.y = self.x @ torch.tensor([1.0, -2.0, 0.5, 0.0])
        self.lengths = [1 + i % 7 for i in range(40)]

    def weight(self, rows):
        return len(rows)

    def loss(self, rows):
        return (self.network(self.x[rows])[:, 0] - self.y[rows]).square().sum()

    def check(self, tick):
        with torch.no_grad():
            wrong = float((self.network(self.x)[:, 0] - self.y).square().mean())
        return Checked(wrong, -wrong)


def learn(folder, job, identity="a"):
    """Learn for 4 rounds of 5 steps with a checkpoint after each step."""
    loop.CHECKPOINT_S = 0.0
    torch.manual_seed(0)
    network = nn.Sequential(nn.Dropout(0.2), nn.Linear(4, 1))
    plan = Plan(
        n_epochs=4,
        batch_size=8,
        seed=3,
        identity=identity,
        device=torch.device("cpu"),
        precision=torch.float32,
        tokens_at_once=99,
    )
    groups = [Group(tuple(network.parameters()), 0.05)]
    trained = train(network, groups, Sums(network), plan, job, folder)
    return network[1].weight.detach(), trained


@pytest.fixture(autouse=True)
def _checkpoint_each_step(monkeypatch):
    monkeypatch.setattr(loop, "CHECKPOINT_S", 0.0)


def test_a_process_that_is_killed_goes_on_and_ends_as_if_it_had_not_been(tmp_path):
    command = [sys.executable, "-c", CHILD, str(ROOT), str(tmp_path / "kept")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "here\n"
        child.kill()
    assert [p.name for p in sorted((tmp_path / "kept").iterdir())] == [
        "step-000000011",
        "step-000000012",
    ]
    job = Job()

    resumed, trained = learn(tmp_path / "kept", job)

    whole, of_whole = learn(None, Job())
    assert torch.equal(resumed, whole)
    assert trained == of_whole
    assert job.log == ["Going on after 2.4 rounds over the texts."]


class Stopped(Job):
    def __init__(self, at):
        super().__init__()
        self.at = at

    def report(self, stage, done=0, total=0):
        if done == self.at:
            raise JobCancelled
        super().report(stage, done, total)


@pytest.mark.parametrize("at", [1, 5, 6, 15, 19])
def test_wherever_it_is_broken_off_it_ends_the_same(tmp_path, at):
    with pytest.raises(JobCancelled):
        learn(tmp_path, Stopped(at))

    assert torch.equal(learn(tmp_path, Job())[0], learn(None, Job())[0])


@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "words"])
def test_a_damaged_checkpoint_falls_back_to_the_one_before(tmp_path, damage):
    with pytest.raises(JobCancelled):
        learn(tmp_path, Stopped(13))
    newest = sorted(tmp_path.iterdir())[-1]
    numbers = newest / "state.safetensors"
    content = numbers.read_bytes()
    match damage:
        case "cut":
            numbers.write_bytes(content[:-9])
        case "changed":
            numbers.write_bytes(content[:-9] + b"123456789")
        case "gone":
            numbers.unlink()
        case "words":
            (newest / "state.json").write_text('{"format": 1')
    job = Job()

    resumed, _trained = learn(tmp_path, job)

    assert job.log == ["Going on after 2.2 rounds over the texts."]
    assert torch.equal(resumed, learn(None, Job())[0])


def test_a_checkpoint_of_other_texts_or_settings_is_not_gone_on_from(tmp_path):
    with pytest.raises(JobCancelled):
        learn(tmp_path, Stopped(13))
    job = Job()

    learn(tmp_path, job, identity="another")

    assert job.log == []


def test_what_a_dead_process_left_half_written_is_removed(tmp_path):
    (tmp_path / ".writing-1").mkdir()
    (tmp_path / ".writing-1" / "state.safetensors").write_bytes(b"half")

    assert Checkpoints(tmp_path).load("a") is None
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_said_and_leaves_earlier_checkpoints(tmp_path, monkeypatch):
    kept = Checkpoints(tmp_path)
    kept.save(1, Checkpoint({"identity": "a"}, {"w": torch.ones(2)}))

    def full(_path, _content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "_write_through", full)
    with pytest.raises(DiskFullError):
        kept.save(2, Checkpoint({"identity": "a"}, {"w": torch.ones(2)}))

    assert [p.name for p in tmp_path.iterdir()] == ["step-000000001"]
