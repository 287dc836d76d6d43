from datetime import UTC, datetime

import pytest

from core.operations import estimate_training as module
from core.operations.estimate_training import estimate_training
from core.records import EMBEDDING_CLASSIFIER, ModelVersion


def trained(n_texts, seconds, base_embed_model="accurate"):
    return ModelVersion(
        *(1, "Letters", EMBEDDING_CLASSIFIER, 1, datetime.now(UTC), 1),
        settings={"base_embed_model": base_embed_model},
        concepts=(),
        summary={"n_texts": n_texts, "seconds": seconds},
        folder="",
        log="",
    )


def test_a_past_training_is_the_measure_of_the_next():
    estimate = estimate_training(2_000, 60, "accurate", [trained(1_000, 16.0)])
    assert (estimate.seconds, estimate.is_measured) == (35, True)


@pytest.mark.parametrize(
    "past", [[], [trained(10, 2.0)], [trained(10_000, 2.0, "fast")], [trained(0, 0.0)]]
)
def test_without_a_comparable_training_the_time_is_guessed(past):
    assert not estimate_training(10_000, 60, "accurate", past).is_measured


def seconds(length, name):
    return estimate_training(5_000, length, name, []).seconds


def test_long_texts_and_accurate_reading_take_longer(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "embedders_folder", lambda: tmp_path)
    (tmp_path / "fast-1.safetensors").touch()
    assert seconds(2_000, "accurate") > 10 * seconds(50, "accurate")
    assert seconds(50, "fast") < seconds(50, "accurate")


def test_the_fast_reader_has_to_be_prepared_once(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "embedders_folder", lambda: tmp_path)
    unprepared = seconds(50, "fast")
    (tmp_path / "fast-1.safetensors").touch()
    assert unprepared - seconds(50, "fast") >= module.PREPARING_S - 5


def test_a_measured_training_of_no_texts_is_no_error():
    assert estimate_training(0, 0, "accurate", [trained(10, 3.0)]).seconds == 1
