"""A training as a folder that accelerate runs, on a tiny network."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from core.jobs import Job
from core.learning import text_classifier, text_to_text
from core.learning.fine_tuning.job_folder import (
    BaseElsewhereError,
    JobFolderDamagedError,
    NotExportableError,
    Reference,
    Row,
    export_job_folder,
    launch_command,
    run_job_folder,
)
from core.learning.text_classifier_settings import (
    FullFineTuningSettings,
    HuggingFaceClassifierSettings,
    HuggingFaceLoraClassifierSettings,
)
from core.learning.text_to_text_settings import HuggingFaceTextToTextSettings
from tests.core.tiny_models import make_tiny

ROOT = Path(__file__).resolve().parent.parent.parent
CONCEPTS = ("delivery", "address")
TRAINER = {"num_train_epochs": 2, "learning_rate": 1e-2, "per_device_train_batch_size": 4}
TEXTS = [f"the parcel {i} was late" for i in range(8)] + [f"my address {i}" for i in range(8)]
ROWS = [Row(text, (CONCEPTS["address" in text],), "", i % 4 == 0) for i, text in enumerate(TEXTS)]


@pytest.fixture
def base(tmp_path):
    return Reference(name="tiny", identity="abc", folder=make_tiny(tmp_path / "base", "gpt_neo"))


def classifier(kind=HuggingFaceLoraClassifierSettings):
    return kind(device="cpu", trainer_config=TRAINER)


def export(out, base, settings=None, rows=ROWS, concepts=CONCEPTS):
    settings = settings or classifier()
    return export_job_folder(out, rows, settings=settings, concepts=concepts, base=base)


def test_the_folder_says_all_that_a_training_needs_and_how_it_is_run(tmp_path, base):
    command = export(tmp_path / "job", base)
    files = {path.name: path.read_text() for path in (tmp_path / "job").iterdir()}
    assert files.keys() == {"data.jsonl", "settings.yaml", "run.py", "README.md"}
    assert " ".join(command) in files["README.md"]
    assert command[:2] == ["accelerate", "launch"]
    assert command[-1] == "run.py"
    told = yaml.safe_load(files["settings.yaml"])
    assert told["base"]["name"] == "tiny"
    assert told["concepts"] == list(CONCEPTS)
    assert len(files["data.jsonl"].splitlines()) == len(ROWS)
    compile(files["run.py"], "run.py", "exec")


def test_several_processors_are_asked_for_by_their_number():
    command = launch_command(4)
    assert command[command.index("--num_processes") + 1] == "4"
    assert "--multi_gpu" in command


def launch(folder, n_processes, *more):
    words = launch_command(n_processes, on_processor=True)
    program = [sys.executable, "-m", "accelerate.commands.accelerate_cli", *words[1:], *more]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        program, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.parametrize("n_processes", [1, 2])
def test_accelerate_runs_the_folder_and_the_model_can_be_brought_back(tmp_path, base, n_processes):
    folder = tmp_path / "job"
    export(folder, base)
    ended = launch(folder, n_processes)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1].endswith("model")
    assert "Loss" in ended.stdout
    assert json.loads((folder / "model" / "base.json").read_text()) == {
        "name": "tiny",
        "identity": "abc",
    }
    model = text_classifier.load(folder / "model", base.folder)
    assert model.concepts == CONCEPTS
    assert model.probabilities(TEXTS, None, Job()).shape == (16, 2)


@pytest.mark.slow
def test_a_base_model_that_lies_elsewhere_is_said_and_can_be_given(tmp_path, base):
    folder, place = tmp_path / "job", tmp_path / "elsewhere"
    export(folder, base)
    base.folder.rename(place)
    with pytest.raises(BaseElsewhereError, match="tiny"):
        run_job_folder(folder, Job())
    ended = launch(folder, 1)
    assert ended.returncode == 1
    assert "--base" in ended.stderr


def test_a_model_that_writes_is_trained_from_its_folder_too(tmp_path, base):
    settings = HuggingFaceTextToTextSettings(device="cpu", trainer_config=TRAINER)
    rows = [Row(f"parcel {i}", target="late", is_checked=i == 0) for i in range(8)]
    export(tmp_path / "job", base, settings, rows, ())
    folder = run_job_folder(tmp_path / "job", Job(), base=base.folder)
    assert len(text_to_text.load(folder).generate(["parcel 9"])) == 1


def test_our_own_ways_to_train_are_not_exported(tmp_path, base):
    with pytest.raises(NotExportableError):
        export(tmp_path / "job", base, FullFineTuningSettings())
    assert not (tmp_path / "job").exists()


@pytest.mark.parametrize("file", ["settings.yaml", "data.jsonl"])
def test_a_folder_that_was_changed_is_refused(tmp_path, base, file):
    export(tmp_path / "job", base, classifier(HuggingFaceClassifierSettings))
    (tmp_path / "job" / file).write_text("!!python/object/apply:os.abort []\n")
    with pytest.raises(JobFolderDamagedError):
        run_job_folder(tmp_path / "job", Job())


def test_a_folder_without_the_name_of_its_base_model_is_refused_though_one_is_given(tmp_path, base):
    export(tmp_path / "job", base, classifier(HuggingFaceClassifierSettings))
    path = tmp_path / "job" / "settings.yaml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    del told["base"]
    path.write_text(yaml.safe_dump(told), encoding="utf-8")
    with pytest.raises(JobFolderDamagedError):
        run_job_folder(tmp_path / "job", Job(), base=tmp_path)
