"""The base models on this computer: added, listed, found, removed, and nothing lies about."""

import errno
import json
import shutil
import zipfile
from dataclasses import replace

import pytest
from filelock import FileLock
from safetensors.torch import load_file, save_file

from core import base_models
from core.base_models import (
    READER,
    STARTER,
    BaseModelDamagedError,
    BaseModelExistsError,
    BaseModelMissingError,
    BaseModelRefusedError,
    ModelKind,
    add_base_model,
    built_in,
    find_base_model,
    list_base_models,
    recover_base_models,
    remove_base_model,
)
from core.base_models.errors import (
    BaseModelBuiltInError,
    BaseModelsBusyError,
    NoRoomForBaseModelError,
)
from core.errors import DiskFullError, NotWritableError
from core.jobs import Job, JobCancelled
from core.operations.base_models import (
    AddBaseModelRequest,
    check_base_model,
)
from core.operations.base_models import add_base_model as add_and_try
from core.operations.base_models import remove_base_model as remove_with_all
from core.paths import base_models_folder, embedders_folder
from tests.core.tiny_models import make_sentence_transformer, make_tiny


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    return make_tiny(tmp_path_factory.mktemp("brought") / "tiny-bert", "bert")


@pytest.fixture(scope="module")
def gpt(tmp_path_factory):
    return make_tiny(tmp_path_factory.mktemp("brought") / "tiny-gpt", "gpt_neo")


@pytest.fixture
def brought(bert, tmp_path):
    return shutil.copytree(bert, tmp_path / "brought")


@pytest.fixture
def only_added(monkeypatch):
    """Let nothing be there that came with the program."""
    monkeypatch.setattr("core.base_models.store.list_built_in", list)


def names():
    return [model.name for model in list_base_models() if not model.is_built_in]


def lying_about():
    """Return what lies in the folder of the base models, besides the models."""
    place = base_models_folder()
    return {path.name for path in place.iterdir()} - {".lock"} if place.is_dir() else set()


def packed(folder, path, *, level=None):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for file in folder.rglob("*"):
            archive.write(file, f"{folder.name}/{file.relative_to(folder)}")
    return path


# Adding


def test_a_folder_is_added_and_listed(bert):
    model = add_base_model(bert, Job())
    assert model in list_base_models()
    assert (model.name, model.folder) == ("tiny-bert", base_models_folder() / "tiny-bert")
    copy = (model.folder / "model.safetensors").read_bytes()
    assert copy == (bert / "model.safetensors").read_bytes()


def test_a_zip_is_added_like_its_folder(bert, tmp_path):
    from_zip = add_base_model(packed(bert, tmp_path / "download.zip"), Job())
    assert from_zip.name == "tiny-bert"
    assert {p.name for p in from_zip.folder.iterdir()} == {
        *("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"),
        "base_model.json",
    }


def test_nothing_is_copied_but_what_belongs_to_the_model(brought):
    extras = ("pytorch_model.bin", "modeling.py", "onnx/model.onnx", "training_args.bin",
              ".gitattributes", "base_model.json", "flax_model.msgpack")  # fmt: skip
    (brought / "onnx").mkdir()
    for name in extras:
        (brought / name).write_bytes(b"harm")
    (brought / "LICENSE").write_text("free")
    model = add_base_model(brought, Job())
    kept = {path.relative_to(model.folder).as_posix() for path in model.folder.rglob("*")}
    assert kept.isdisjoint({*extras} - {"base_model.json"})
    assert (model.folder / "LICENSE").read_text() == "free"
    assert json.loads((model.folder / "base_model.json").read_text())["family"] == "BERT"


def test_a_model_can_be_given_a_name_and_a_hub_name_loses_its_owner(bert, gpt):
    assert add_base_model(bert, Job(), "  My reader ").name == "My reader"
    assert add_base_model(gpt, Job(), "EleutherAI/gpt-neo-125m").name == "gpt-neo-125m"
    with pytest.raises(BaseModelRefusedError, match="no name"):
        add_base_model(bert, Job(), "..")


def test_a_name_is_given_once(bert, gpt):
    add_base_model(bert, Job(), "mine")
    with pytest.raises(BaseModelExistsError, match="MINE") as raised:
        add_base_model(gpt, Job(), "MINE")
    assert "another name" in raised.value.next_step
    with pytest.raises(BaseModelExistsError):
        add_base_model(gpt, Job(), READER.lower())


def test_the_same_weights_are_not_kept_twice(bert):
    add_base_model(bert, Job(), "mine")
    with pytest.raises(BaseModelExistsError, match="called “mine”") as raised:
        add_base_model(bert, Job(), "again")
    assert "mine" in raised.value.next_step
    assert lying_about() == {"mine"}


def test_the_same_weights_with_another_pooling_are_another_model(tmp_path):
    first = add_base_model(make_sentence_transformer(tmp_path / "a"), Job())
    second = add_base_model(make_sentence_transformer(tmp_path / "b", pooling="cls"), Job())
    assert first.weights == second.weights
    assert first.identity != second.identity


def test_the_identity_is_that_of_the_weights_and_of_no_card(bert, brought):
    (brought / "README.md").write_text("---\nlicense: mit\n---\n")
    plain, with_card = (base_models.check_base_model_folder(p, Job()) for p in (bert, brought))
    assert plain.identity == with_card.identity
    assert plain.identity.startswith(plain.weights[:12])


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_wherever_it_is_stopped_nothing_is_left(bert, tmp_path, impatient, kind):
    path = bert if kind == "folder" else packed(bert, tmp_path / "a.zip")
    for patience in range(50):
        try:
            add_base_model(path, impatient(patience))
        except JobCancelled:
            assert lying_about() == set()
        else:
            break
    assert patience > 3
    assert names() == ["tiny-bert"]


def test_what_the_try_refuses_leaves_nothing(bert):
    def probe(model, job):
        assert (model.folder / "config.json").is_file()
        raise BaseModelRefusedError("No.")

    with pytest.raises(BaseModelRefusedError):
        add_base_model(bert, Job(), probe=probe)
    assert lying_about() == set()


def test_a_full_disk_leaves_nothing(bert, monkeypatch):
    def no_room(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("core.base_models.store.write_record", no_room)
    with pytest.raises(DiskFullError):
        add_base_model(bert, Job())
    assert lying_about() == set()


def test_too_little_room_is_said_before_anything_is_copied(bert, monkeypatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage._replace(free=10_000))
    with pytest.raises(NoRoomForBaseModelError, match="10"):
        add_base_model(bert, Job())
    assert lying_about() == set()


def test_a_file_that_grows_while_it_is_read_is_refused(brought):
    class Growing(Job):
        def report(self, stage, done=0, total=0):
            with (brought / "model.safetensors").open("ab") as file:
                file.write(b"more")

    with pytest.raises(BaseModelRefusedError, match="changed while"):
        add_base_model(brought, Growing())
    assert lying_about() == set()


def test_a_stick_that_is_pulled_out_is_said(brought):
    class Pulling(Job):
        def report(self, stage, done=0, total=0):
            shutil.rmtree(brought, ignore_errors=True)

    with pytest.raises(BaseModelRefusedError, match="cannot be read"):
        add_base_model(brought, Pulling())
    assert lying_about() == set()


def test_only_one_is_added_at_a_time_and_leftovers_of_a_crash_go(bert):
    leftover = base_models_folder() / ".writing-123"
    leftover.mkdir(parents=True)
    with FileLock(base_models_folder() / ".lock"):
        with pytest.raises(BaseModelsBusyError):
            add_base_model(bert, Job())
        recover_base_models()
        assert leftover.exists()
    recover_base_models()
    assert not leftover.exists()


def test_recovering_makes_no_folder():
    recover_base_models()
    assert not base_models_folder().exists()


# Finding


def test_a_model_is_found_by_name_whatever_its_case_and_owner(bert):
    model = add_base_model(bert, Job())
    for name in ("tiny-bert", "TINY-Bert", "someone/tiny-bert", " tiny-bert/ "):
        assert find_base_model(name) == model


def test_an_unknown_name_is_answered_with_the_known_ones(bert):
    add_base_model(bert, Job())
    with pytest.raises(BaseModelMissingError, match="gpt-neo-125m") as raised:
        find_base_model("EleutherAI/gpt-neo-125m")
    assert "tiny-bert" in raised.value.next_step


@pytest.mark.usefixtures("only_added")
def test_where_there_is_no_model_one_is_to_be_added():
    assert list_base_models() == []
    with pytest.raises(BaseModelMissingError) as raised:
        find_base_model("any")
    assert raised.value.next_step == "Add it from a folder or a ZIP."


@pytest.mark.parametrize("harm", ["gone", "cut"])
def test_weights_that_were_changed_later_are_noticed(bert, harm):
    weights = add_base_model(bert, Job()).folder / "model.safetensors"
    if harm == "gone":
        weights.unlink()
    else:
        weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(BaseModelDamagedError, match="tiny-bert") as raised:
        find_base_model("tiny-bert")
    assert "add it again" in raised.value.next_step


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"version": 9}', '{"version": 1}', "\x00"])
def test_a_folder_whose_record_is_damaged_is_not_listed(bert, record):
    model = add_base_model(bert, Job())
    (model.folder / "base_model.json").write_text(record)
    assert names() == []


# What came with the program


@pytest.mark.weights
def test_the_built_in_reader_is_a_base_model():
    model = find_base_model("sentence-transformers/all-minilm-l6-v2")
    assert (model.name, model.kind, model.is_built_in) == (READER, ModelKind.SENTENCE_ENCODER, True)
    assert (model.hidden_size, model.n_layers, model.max_tokens) == (384, 6, 256)
    assert model.weights == base_models.SHA256
    assert model.licence == "apache-2.0"


@pytest.mark.weights
def test_the_built_in_reader_is_checked_like_any_other():
    checked = base_models.check_base_model_folder(base_models.base_model_folder(), Job())
    assert checked.weights == base_models.SHA256
    assert checked.identity == find_base_model(READER).identity


def test_a_starter_is_listed_where_it_is_shipped(gpt, monkeypatch):
    built_in._known.cache_clear()
    monkeypatch.setattr(built_in, "_places", lambda: iter([(STARTER, gpt)]))
    (starter,) = list_base_models()
    assert (starter.name, starter.is_built_in, starter.kind) == (STARTER, True, ModelKind.CAUSAL)
    assert starter.folder == gpt


def test_a_built_in_model_that_is_damaged_is_not_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(built_in, "_places", lambda: iter([(STARTER, tmp_path)]))
    assert list_base_models() == []


# Removing


def test_a_model_is_removed(bert, gpt):
    add_base_model(bert, Job())
    add_base_model(gpt, Job())
    assert remove_base_model("TINY-BERT").name == "tiny-bert"
    assert lying_about() == {"tiny-gpt"}
    with pytest.raises(BaseModelMissingError):
        remove_base_model("tiny-bert")


def test_what_came_with_the_program_stays(bert, monkeypatch):
    model = replace(add_base_model(bert, Job()), name="built", is_built_in=True)
    monkeypatch.setattr("core.base_models.store.list_built_in", lambda: [model])
    with pytest.raises(BaseModelBuiltInError, match="built") as raised:
        remove_base_model("built")
    assert raised.value.next_step
    assert model.folder.exists()


def test_a_damaged_model_can_be_removed(bert):
    model = add_base_model(bert, Job())
    (model.folder / "model.safetensors").unlink()
    remove_base_model("tiny-bert")
    assert lying_about() == set()


def test_a_folder_that_may_not_be_removed_is_said(bert, monkeypatch):
    def refuse(*_args):
        raise PermissionError(13, "Permission denied")

    add_base_model(bert, Job())
    monkeypatch.setattr("pathlib.Path.rename", refuse)
    with pytest.raises(NotWritableError, match="tiny-bert"):
        remove_base_model("tiny-bert")
    assert names() == ["tiny-bert"]


# The verbs, with the libraries


FAMILIES = ("bert", "mpnet", "gpt2", "opt", "t5", "bart", "qwen2", "deberta-v2", "modernbert")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_model_is_tried_before_it_counts(tmp_path, family):
    added = add_and_try(AddBaseModelRequest(make_tiny(tmp_path / family, family)), Job())
    assert added.warning == ""
    assert find_base_model(family) == added.model


def test_weights_that_are_missing_are_never_made_up(tmp_path):
    folder = make_tiny(tmp_path / "short", "bert")
    weights = load_file(folder / "model.safetensors")
    del weights["encoder.layer.1.output.dense.bias"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(BaseModelRefusedError, match="parts of the weights are missing"):
        add_and_try(AddBaseModelRequest(folder), Job())
    assert lying_about() == set()


def test_weights_of_another_shape_are_refused_in_words(tmp_path):
    folder = make_tiny(tmp_path / "wrong", "bert")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"intermediate_size": 48}))
    with pytest.raises(base_models.BaseModelError, match="cannot load it") as raised:
        add_and_try(AddBaseModelRequest(folder), Job())
    assert raised.value.next_step.startswith("Choose")
    assert lying_about() == set()


def test_a_model_that_cannot_read_is_refused_in_words(tmp_path):
    folder = make_tiny(tmp_path / "chunks", "bert")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"chunk_size_feed_forward": 10**9}))
    with pytest.raises(base_models.BaseModelError, match="cannot load it"):
        add_and_try(AddBaseModelRequest(folder), Job())
    assert lying_about() == set()


def test_weights_that_are_no_numbers_are_refused(tmp_path):
    folder = make_tiny(tmp_path / "nan", "bert")
    content = bytearray((folder / "model.safetensors").read_bytes())
    content[-4:] = b"\xff\xff\xff\x7f"
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(BaseModelRefusedError, match="no numbers"):
        add_and_try(AddBaseModelRequest(folder), Job())


def test_a_sentence_encoder_that_tells_nothing_apart_comes_with_a_warning(tmp_path):
    job = Job()
    folder = make_sentence_transformer(tmp_path / "same", pooling="cls")  # random: all alike
    added = add_and_try(AddBaseModelRequest(folder), job)
    assert "hardly tells" in added.warning
    assert job.log == [added.warning]


def test_a_model_too_large_for_the_memory_is_added_untried(bert, monkeypatch):
    monkeypatch.setattr("psutil.virtual_memory", type("Memory", (), {"available": 1_000}))
    assert "was not tried" in add_and_try(AddBaseModelRequest(bert), Job()).warning


def test_removing_takes_the_fast_reader_along(bert):
    model = add_base_model(bert, Job())
    embedders_folder().mkdir(parents=True, exist_ok=True)
    file = embedders_folder() / f"fast-{model.identity}-1.safetensors"
    file.write_bytes(b"vectors")
    assert check_base_model(bert, Job()).identity == model.identity
    remove_with_all("tiny-bert", Job())
    assert not file.exists()


# The command line


def test_base_models_on_the_command_line(bert, tmp_path, run, run_json, refused):
    assert run_json("base-models", "check", bert)["family"] == "BERT"
    added = run_json("base-models", "add", packed(bert, tmp_path / "b.zip"), "--name", "mine")
    assert (added["name"], added["kind"], added["parameters"]) == ("mine", "encoder", 27_040)
    assert "mine" in [model["name"] for model in run_json("base-models")]
    assert "mine" in run("base-models", "list")
    shown = run("base-models", "show", "mine")
    assert "27,040" in shown
    assert "not said" in shown
    assert "can be added" in run("base-models", "check", bert)
    assert refused("base-models", "add", bert)[0].startswith("The same base model is here")
    assert refused("base-models", "show", "yours")[0].startswith("There is no base model")
    assert refused("base-models", "show")[0].startswith("`base-models show` needs")
    assert run("base-models", "remove", "mine") == "“mine” is removed.\n"
    assert refused("base-models", "add", tmp_path / "nowhere")[0].startswith("There is nothing at")
