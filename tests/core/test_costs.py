"""What a training will take is told before it starts, with what would need less."""

import subprocess
import sys
from dataclasses import replace

import pytest

from core.learning.costs import (
    Remedy,
    Work,
    estimate,
    fits,
    remedies,
    remedy_words,
)

MINILM = Work(
    n_parameters=22_700_000,
    hidden_size=384,
    n_layers=6,
    batch_size=32,
    n_tokens=256,
    mean_tokens=30,
    n_texts=10_000,
    n_epochs=3,
    words_share=0.52,
)
LARGE = replace(MINILM, n_parameters=2_700_000_000, hidden_size=2560, n_layers=32, words_share=0.05)


def test_a_small_model_takes_about_a_gigabyte_and_a_large_one_does_not_fit():
    assert 0.8e9 < estimate(MINILM).memory < 2.5e9
    assert estimate(LARGE).memory > 40e9


@pytest.mark.parametrize(
    "change",
    [
        {"trained_share": 0.01},
        {"saves_memory": True},
        {"batch_size": 2},
        {"n_tokens": 64},
        {"n_parameters": 1_000_000},
    ],
    ids=str,
)
def test_whatever_needs_less_is_estimated_to_need_less(change):
    long = replace(MINILM, tokens_at_once=100_000)

    assert estimate(replace(long, **change)).memory < estimate(long).memory


def test_time_grows_with_texts_rounds_and_tokens():
    hour = estimate(MINILM).seconds

    assert estimate(replace(MINILM, n_texts=20_000)).seconds == pytest.approx(2 * hour)
    assert estimate(replace(MINILM, n_epochs=6)).seconds == pytest.approx(2 * hour)
    assert estimate(replace(MINILM, saves_memory=True)).seconds > hour
    assert estimate(MINILM, speed=1e15).seconds < 1


def test_what_fits_needs_no_remedy():
    assert fits(MINILM, 8_000_000_000)
    assert remedies(MINILM, 8_000_000_000) == []


def test_each_remedy_makes_it_fit_and_has_words():
    long = replace(MINILM, hidden_size=768, n_layers=12, tokens_at_once=100_000, n_tokens=1_024)
    free = 16_000_000_000

    found = remedies(long, free)

    assert [remedy for remedy, _work in found][:2] == [Remedy.SMALLER_BATCH, Remedy.SAVE_MEMORY]
    assert all(fits(work, free) for _remedy, work in found)
    assert all(remedy_words(remedy).endswith(".") for remedy in Remedy)


def test_where_only_lora_fits_it_is_the_remedy_and_where_nothing_does_a_smaller_model():
    work = replace(LARGE, n_parameters=1_000_000_000, hidden_size=1024, n_layers=12)

    assert [remedy for remedy, _work in remedies(work, 16_000_000_000)] == [Remedy.LORA]
    assert [remedy for remedy, _work in remedies(LARGE, 4_000_000_000)] == [Remedy.SMALLER_MODEL]


def test_remedies_that_are_not_enough_alone_are_told_together():
    work = replace(
        LARGE, n_parameters=1_000_000_000, n_tokens=2_048, batch_size=64, tokens_at_once=999_999
    )

    found = remedies(work, 16_000_000_000)

    assert Remedy.LORA in [remedy for remedy, _work in found]
    assert len(found) > 1
    assert all(fits(changed, 16_000_000_000) for _remedy, changed in found)


def test_estimating_loads_nothing_heavy():
    code = "import sys, core.learning.costs; print('torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
