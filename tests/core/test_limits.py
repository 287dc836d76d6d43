"""Short of memory, and names and places of every kind: it is said, or it works."""

import sys
from pathlib import Path

import pytest

from core.app_folder import AppFolder
from core.errors import OutOfMemoryError, out_of_memory_of
from core.jobs import Job
from core.storage.models import list_model_versions
from core.worker import run_apart
from tests.core import limits
from tests.core.faults import BUT_VERSIONS, TRAIN, bring_in, state

LITTLE = 8 << 20


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps such a limit")
def test_a_training_that_runs_out_of_memory_says_so_and_leaves_the_app_as_it_was(
    labelled_app, tmp_path
):
    path = tmp_path / "many.csv"
    rows = [f"{' '.join(f'word{i * 7 + k}' for k in range(60))},c{i % 5}" for i in range(4_000)]
    path.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    bring_in(labelled_app, path)
    before = state(labelled_app, BUT_VERSIONS)
    with pytest.raises(OutOfMemoryError) as short:
        run_apart(limits.train_with_little_memory, LITTLE, labelled_app, TRAIN, job=Job())
    assert "too little memory" in str(short.value)
    assert "start it again" in short.value.next_step
    with labelled_app.locked():
        assert state(labelled_app, BUT_VERSIONS) == before


def test_what_libraries_say_of_a_full_memory_is_known():
    assert out_of_memory_of(MemoryError())
    assert out_of_memory_of(RuntimeError("DefaultCPUAllocator: can't allocate memory: 9 bytes"))
    assert out_of_memory_of(OSError(12, "Cannot allocate memory"))
    assert out_of_memory_of(ImportError("libx.so: failed to map segment from shared object"))
    assert out_of_memory_of(RuntimeError("a mistake")) is None
    assert out_of_memory_of(OSError(28, "No space left on device")) is None


def test_a_command_that_runs_out_of_memory_says_so(labelled_app, refused, monkeypatch):
    def full(*_words):
        raise MemoryError

    monkeypatch.setattr("core.cli.inputs.add_texts", full)
    what, next_step = refused("add", labelled_app.path, "a text")
    assert what == "There is too little memory for this."
    assert next_step.startswith("Close other programs")


NAMES = ["Jürgen Müller", "أحمد بن علي", "🦊 fox", "名前 テスト", "it's & (co) #1 %20", "ä" * 60]
SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in NAMES]


@pytest.mark.parametrize("name", ["Zoë بن 🦊's & 名前", *SLOW])
def test_whatever_the_user_is_called_the_whole_loop_works(
    name, tmp_path, monkeypatch, run, run_json, fake_embedder
):
    home = tmp_path / name
    home.mkdir()
    monkeypatch.setenv("TEXTWRIGHT_HOME", str(home / "my data"))
    loop(name, home, run, run_json)


def test_a_path_longer_than_windows_used_to_take_is_none_to_us(
    tmp_path, monkeypatch, run, run_json, fake_embedder
):
    home = tmp_path.joinpath(*["a folder with a long name" * 2] * 5)
    home.mkdir(parents=True)
    assert len(str(home)) > 260
    monkeypatch.setenv("TEXTWRIGHT_HOME", str(home / "data"))
    loop("Letters", home, run, run_json)


def loop(name, home, run, run_json):
    """Create, import, train, predict, export and open again, all of it below a home."""
    letters = home / f"{name[:20]}.csv"
    rows = [("win cash now", "spam"), ("see you at eight", "ham")] * 6
    lines = [f"{text} {i},{label}" for i, (text, label) in enumerate(rows)]
    letters.write_text("\n".join(["text,label", *lines]), encoding="utf-8")
    folder = Path(run_json("create-app", name[:60])["folder"])
    assert folder.is_relative_to(home)
    assert run_json("import", name[:60], letters)["added"] == 12
    run("train", name[:60], "--model", name[:40], "--set", "enrich_dataset=Disabled")
    out = home / f"{name[:20]} out.csv"
    run("predict", name[:60], name[:40], letters, "--out", out)
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 13
    copy = home / f"{name[:20]}.textwright"
    run("export-app", name[:60], copy)
    run("backup", name[:60])
    there = Path(run_json("import-app", copy, "--name", "The copy")["folder"])
    with AppFolder(there).locked(), AppFolder(there).database() as db:
        assert [version.model for version in list_model_versions(db)] == [name[:40]]
