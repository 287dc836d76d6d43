"""The loop of our own: batches, rates, checks, stopping, memory."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from core.jobs import Job, JobCancelled
from core.learning.fine_tuning import (
    Checked,
    DivergedError,
    Group,
    Plan,
    TooLittleMemoryError,
    draw_batches,
    is_out_of_memory,
    layer_groups,
    padded,
    parts_of,
    rate_factor,
    train,
)

CPU = torch.device("cpu")


def plan(**changes):
    usual = {
        "n_epochs": 4,
        "batch_size": 8,
        "seed": 3,
        "identity": "a",
        "device": CPU,
        "precision": torch.float32,
        "tokens_at_once": 10_000,
        "patience": 10,
    }
    return Plan(**{**usual, **changes})


class Sums:
    """A line to be found, with noise that is left out at random, and a check that it is found."""

    def __init__(self, network, n=40, check=True, most=None):
        random = np.random.default_rng(1)
        self.network, self.has_check, self.most = network, check, most
        self.x = torch.tensor(random.normal(size=(n, 4)), dtype=torch.float32)
        self.y = self.x @ torch.tensor([1.0, -2.0, 0.5, 0.0])
        self.lengths = random.integers(1, 9, n).tolist()
        self.largest = 0

    def weight(self, rows):
        return len(rows)

    def loss(self, rows):
        if self.most and len(rows) > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        self.largest = max(self.largest, len(rows))
        found = self.network(self.x[rows])[:, 0]
        return functional.mse_loss(found, self.y[rows], reduction="sum")

    def check(self, tick):
        tick()
        if not self.has_check:
            return None
        with torch.no_grad():
            wrong = float(functional.mse_loss(self.network(self.x)[:, 0], self.y))
        return Checked(1 / (1 + wrong), -wrong)


def learn(job=None, checkpoints=None, lessons=None, rate=0.05, **changes):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Dropout(0.1), nn.Linear(4, 1))
    made = (lessons or Sums)(network)
    trained = train(
        network,
        [Group(tuple(network.parameters()), rate)],
        made,
        plan(**changes),
        job or Job(),
        checkpoints,
    )
    return network, trained, made


@given(st.lists(st.integers(1, 300), min_size=1, max_size=200), st.integers(1, 40))
def test_every_text_is_in_exactly_one_batch_and_the_order_depends_on_seed_and_round_only(
    lengths, size
):
    batches = draw_batches(lengths, size, seed=1, epoch=2)

    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    assert len(batches) == math.ceil(len(lengths) / size)
    assert batches == draw_batches(lengths, size, seed=1, epoch=2)


def test_texts_of_similar_length_are_learned_from_together():
    lengths = np.random.default_rng(0).integers(1, 200, 2_000)

    spans = [np.ptp(lengths[batch]) for batch in draw_batches(lengths, 16, seed=0, epoch=0)]

    assert np.mean(spans) < 10


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40), st.integers(1, 9))
def test_parts_of_a_batch_hold_all_of_it_and_never_too_much(lengths, most_texts):
    batch = list(range(len(lengths)))

    parts = parts_of(batch, lengths, most_texts=most_texts, most_tokens=100)

    assert sorted(i for part in parts for i in part) == batch
    for part in parts:
        assert len(part) <= most_texts
        assert len(part) == 1 or len(part) * max(lengths[i] for i in part) <= 100


def test_windows_are_padded_to_the_longest_and_masked():
    ids, mask = padded([[5, 6, 7], [8]], 1, CPU)

    assert ids.tolist() == [[5, 6, 7], [8, 1, 1]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]


def test_the_rate_rises_then_falls_and_never_is_nothing():
    factors = [rate_factor(step, 100, 0.1) for step in range(100)]

    assert factors[:11] == sorted(factors[:11])
    assert factors[10:] == sorted(factors[10:], reverse=True)
    assert min(factors) > 0
    assert max(factors) == 1


def test_layers_near_the_words_learn_least_and_offsets_have_no_decay():
    network = nn.ModuleDict(
        {
            "embeddings": nn.Embedding(5, 4),
            "layer": nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 4)]),
            "head": nn.Linear(4, 2),
        }
    )
    groups = layer_groups(network, 1.0, layer_decay=0.5, weight_decay=0.1)
    of = {id(p): (g.rate, g.decay) for g in groups for p in g.parameters}

    assert of[id(network["head"].weight)] == (1.0, 0.1)
    assert of[id(network["head"].bias)] == (1.0, 0.0)
    assert of[id(network["layer"][1].weight)] == (1.0, 0.1)
    assert of[id(network["layer"][0].weight)] == (0.5, 0.1)
    assert of[id(network["embeddings"].weight)] == (0.25, 0.1)


def test_it_learns_and_publishes_its_loss_and_its_score():
    job = Job()
    network, trained, _lessons = learn(job, n_epochs=20)

    assert trained.best.value > 0.9
    assert network[1].weight[0].tolist() == pytest.approx([1, -2, 0.5, 0], abs=0.3)
    series = {measure.series for measure in job.measures}
    assert series == {"Loss", "Score on texts kept apart"}
    assert [m.step for m in job.measures if m.series != "Loss"] == list(range(1, 21))


def test_the_same_seed_gives_the_same_network_again():
    first, second = learn()[0], learn()[0]

    assert torch.equal(first[1].weight, second[1].weight)


def test_working_out_a_batch_in_parts_changes_nothing_but_rounding():
    weights = []
    for tokens in (10_000, 9):
        network = nn.Linear(4, 1)
        nn.init.constant_(network.weight, 0.1)
        nn.init.constant_(network.bias, 0.0)
        lessons = Sums(network)
        groups = [Group(tuple(network.parameters()), 0.05)]
        train(network, groups, lessons, plan(tokens_at_once=tokens), Job())
        weights.append(network.weight.detach())

    assert torch.allclose(*weights, atol=1e-5)


class Worsening(Sums):
    """A check that finds the second round best, and every later one worse."""

    def __init__(self, network):
        super().__init__(network)
        self.ranks, self.seen = iter([1, 5, 4, 3, 2, 1, 0]), []

    def check(self, tick):
        self.seen.append(self.network[1].weight.detach().clone())
        rank = next(self.ranks)
        return Checked(rank / 10, rank)


def test_it_ends_when_nothing_is_gained_and_keeps_the_best_state():
    network, trained, lessons = learn(lessons=Worsening, n_epochs=7, patience=2)

    assert trained.n_epochs == 4
    assert trained.best.value == 0.5
    assert torch.equal(network[1].weight, lessons.seen[1])


def test_without_texts_kept_apart_the_last_state_is_kept():
    _network, trained, _lessons = learn(lessons=lambda n: Sums(n, check=False))

    assert trained.best is None
    assert trained.n_epochs == 4


class Impatient(Job):
    """An analyst who asks for something after some steps."""

    def __init__(self, after, ask):
        super().__init__()
        self.after, self.ask = after, ask

    def report(self, stage, done=0, total=0):
        if done == self.after:
            self.ask(self)
        super().report(stage, done, total)


def test_stop_and_keep_the_best_checks_once_more_and_ends_after_the_step():
    job = Impatient(7, Job.finish)
    _network, trained, _lessons = learn(job)

    assert trained.n_steps == 7
    assert trained.best is not None
    assert [m.step for m in job.measures if m.series != "Loss"] == [1.0, 1.4]


@pytest.mark.parametrize("after", [0, 1, 9])
def test_stop_now_stops(after):
    with pytest.raises(JobCancelled):
        learn(Impatient(after, Job.cancel))


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), True),
        (MemoryError(), True),
        (
            RuntimeError(
                "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't "
                "allocate memory: you tried to allocate 400000000 bytes. Error code 12"
            ),
            True,
        ),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9.05 GB)"), True),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_all_the_ways_to_say_that_memory_is_short_are_understood(error, is_memory):
    assert is_out_of_memory(error) is is_memory


def test_short_memory_ends_in_smaller_parts_and_a_sentence_in_the_log():
    job = Job()
    whole, _trained, _lessons = learn(lessons=lambda n: Sums(n, most=None))
    parts, trained, lessons = learn(job, lessons=lambda n: Sums(n, most=3))

    assert trained.most_texts == 2
    assert lessons.largest == 2
    assert job.log == [
        "Memory was short: from here on, 4 texts at a time.",
        "Memory was short: from here on, 2 texts at a time.",
    ]
    # what is left out at random is another, the lesson is the same
    assert torch.allclose(whole[1].weight, parts[1].weight, atol=0.2)


def test_memory_for_not_even_one_text_is_said_with_a_next_step():
    with pytest.raises(TooLittleMemoryError) as error:
        learn(lessons=lambda n: Sums(n, most=0.5))

    assert "LoRA" in error.value.next_step


class Thrifty(nn.Sequential):
    """A network that fits only when what it found is worked out again."""

    supports_gradient_checkpointing = True
    is_thrifty = False

    def activation_checkpointing_enable(self, _how):
        self.is_thrifty = True


def test_when_one_text_is_too_much_less_is_kept():
    network = Thrifty(nn.Linear(4, 1))
    lessons = Sums(network, most=0.5)

    def loss(rows, fails=lessons.loss):
        lessons.most = None if network.is_thrifty else 0.5
        return fails(rows)

    lessons.loss = loss
    job = Job()
    train(network, [Group(tuple(network.parameters()), 0.01)], lessons, plan(), job)

    assert network.is_thrifty
    assert job.log[-1] == "Memory was short: from here on, less is kept and worked out again."


def test_steps_that_are_too_large_are_said_with_a_next_step():
    class Broken(Sums):
        def loss(self, rows):
            return super().loss(rows) * math.inf

    with pytest.raises(DivergedError):
        learn(lessons=Broken)
