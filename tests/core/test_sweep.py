"""Training over ranges of settings."""

import json
from dataclasses import replace

import pytest

from core.errors import UserError
from core.jobs import Job, JobCancelled
from core.learning.settings import SettingNotAllowedError, SettingUnknownError
from core.operations.sweep import (
    RangeError,
    SweepRequest,
    TooManyRunsError,
    kept_sweep,
    parse_ranges,
    sweep,
)
from core.operations.train import TrainRequest
from core.records import EMBEDDING_CLASSIFIER
from core.storage.models import delete_model_version, list_model_versions
from core.storage.versions import list_versions
from core.templates import default_template

FIELDS = default_template(EMBEDDING_CLASSIFIER).fields


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("seed=1|2|3", {"seed": (1, 2, 3)}),
        ("seed=1:7:3", {"seed": (1, 4, 7)}),
        ("min_value=0:0.3:0.1", {"min_value": (0.0, 0.1, 0.2, 0.3)}),
        ("enrich_dataset=Automatic|Disabled", {"enrich_dataset": ("Automatic", "Disabled")}),
    ],
)
def test_ranges_are_lists_or_steps(word, values):
    assert parse_ranges(FIELDS, [word]) == {
        name: tuple(pytest.approx(v) if isinstance(v, float) else v for v in found)
        for name, found in values.items()
    }


def test_values_of_a_setting_that_is_named_twice_are_joined_and_each_counts_once():
    words = ["seed=1|1|2", "min_value=0.1|0.10", "seed=2:4:1"]
    assert parse_ranges(FIELDS, words) == {"seed": (1, 2, 3, 4), "min_value": (0.1,)}
    request = SweepRequest(TrainRequest("first"), {"seed": (7, 7), "min_value": (0.1, 0.1)})
    assert [values for values, _run in request.runs()] == [{"seed": 7, "min_value": 0.1}]


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("seed", RangeError),
        ("seed=", RangeError),
        ("seed=1:2:0", RangeError),
        ("seed=3:1:1", RangeError),
        ("seed=a:b:c", RangeError),
        ("seed=1:1e9:1", TooManyRunsError),
        ("seed=0:inf:1", RangeError),
        ("nothing=1|2", SettingUnknownError),
    ],
)
def test_what_is_no_range_is_refused(word, error):
    with pytest.raises(error) as raised:
        parse_ranges(FIELDS, [word])
    assert raised.value.next_step


def test_a_value_that_no_setting_can_have_is_refused_before_anything_starts():
    with pytest.raises(SettingNotAllowedError):
        SweepRequest(TrainRequest("first"), {"seed": (1, -1)})
    with pytest.raises(TooManyRunsError):
        SweepRequest(TrainRequest("first"), {"seed": tuple(range(101))})


@pytest.mark.usefixtures("fake_embedder")
def test_every_combination_becomes_a_version_on_the_same_texts_and_the_best_stands_first(
    labelled_app,
):
    values = {"seed": (1, 2), "enrich_dataset": ("Automatic", "Disabled")}
    job = Job()
    result = sweep(labelled_app, SweepRequest(TrainRequest("first"), values), job)
    assert [row.score for row in result.rows] == sorted(
        (r.score for r in result.rows), reverse=True
    )
    assert len({tuple(row.values.values()) for row in result.rows}) == 4
    for row in result.rows:
        assert row.model_version.settings | row.values == row.model_version.settings
        assert row.score == row.evaluation.report["macro_avg_f1_score"]
    assert [trial.name for trial in job.trials if "seed = " in trial.name]
    with labelled_app.database() as db:
        for row in result.rows:
            assert kept_sweep(db, row.model_version.id) == replace(result, failed=())
        assert len(list_model_versions(db)) == 4
        assert len({v.dataset_version_id for v in list_model_versions(db)}) == 1
        assert len(list_versions(db, 1)) == 1


@pytest.mark.usefixtures("fake_embedder")
def test_a_run_that_fails_is_told_and_the_others_stay(labelled_app):
    values = {"select_concepts": ((), ("nothing",))}
    result = sweep(labelled_app, SweepRequest(TrainRequest("first"), values), Job())
    assert len(result.rows) == 1
    ((failed, why),) = result.failed
    assert failed == {"select_concepts": ("nothing",)}
    assert "nothing" in why
    with labelled_app.database() as db:
        kept = kept_sweep(db, result.rows[0].model_version.id)
        assert kept == result
        delete_model_version(db, result.rows[0].model_version.id)
        assert kept_sweep(db, result.rows[0].model_version.id) is None


class StoppedAtTheSecondRun(Job):
    def note(self, line):
        super().note(line)
        if line.startswith("Run 2"):
            self.cancel()


@pytest.mark.usefixtures("fake_embedder")
def test_versions_that_are_done_stay_when_a_sweep_is_stopped(labelled_app):
    request = SweepRequest(TrainRequest("first"), {"seed": (1, 2, 3)})
    with pytest.raises(JobCancelled):
        sweep(labelled_app, request, StoppedAtTheSecondRun())
    with labelled_app.database() as db:
        assert [v.settings["seed"] for v in list_model_versions(db)] == [1]


@pytest.mark.usefixtures("fake_embedder")
def test_the_command_line_ranks_the_runs(labelled_app, run):
    words = ("sweep", labelled_app.path, "--model", "first", "--try", "seed=1:3:1")
    told = json.loads(run(*words, "--json"))
    assert [one["values"].keys() for one in told["runs"]] == [{"seed"}] * 3
    assert told["failed"] == []
    assert "Rank" in run(*words)


@pytest.mark.usefixtures("fake_embedder")
def test_a_sweep_of_which_nothing_came_leaves_no_version_of_the_dataset(labelled_app):
    request = SweepRequest(TrainRequest("first"), {"select_concepts": (("nothing",), ("none",))})
    with pytest.raises(UserError, match="nothing"):
        sweep(labelled_app, request, Job())
    with labelled_app.database() as db:
        assert list_versions(db, 1) == []


class FinishesTheFirstRun(Job):
    def note(self, line):
        super().note(line)
        if line.startswith("Run 1"):
            self.finish()


@pytest.mark.usefixtures("fake_embedder")
def test_a_sweep_that_is_asked_to_finish_begins_no_other_run(labelled_app):
    request = SweepRequest(TrainRequest("first"), {"seed": (1, 2, 3)})
    result = sweep(labelled_app, request, FinishesTheFirstRun())
    assert [row.values["seed"] for row in result.rows] == [1]
