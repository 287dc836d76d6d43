"""Models that go elsewhere: plain folders, their script, ONNX, and the way back."""

import ast
import importlib.metadata
import importlib.util
import json
import shutil
import subprocess
import sys
import zipfile
from collections import deque
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import paths, resources
from core.app_folder import AppFolder, create_app_folder
from core.base_models import add_base_model
from core.base_models.errors import BaseModelRefusedError
from core.base_models.sources import open_source
from core.errors import UserError
from core.jobs import Job, JobCancelled
from core.learning.calibration import Calibration
from core.learning.classifier_settings import EmbeddingClassifierSettings
from core.learning.devices import in_float32
from core.learning.embedding_classifier import EmbeddingClassifier
from core.learning.embedding_classifier.recipes import Recipe
from core.learning.portable import NotOnnxError, write_onnx, write_plain
from core.learning.portable.readers import exact_embedder
from core.learning.text_classifier import TextClassifier
from core.learning.text_classifier.hugging_face import HuggingFaceNetwork
from core.learning.text_classifier_settings import (
    ContrastiveSettings,
    EncoderLoraSettings,
    FullFineTuningSettings,
    HuggingFaceClassifierSettings,
)
from core.learning.text_to_text import TextToText
from core.learning.text_to_text.loading import quiet
from core.learning.text_to_text_settings import OwnTextToTextSettings
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.answers import answerer
from core.operations.export_app import ExportAppRequest, export_app
from core.operations.export_model import ExportModelRequest, export_model, load_exactly
from core.operations.import_model import (
    BaseNeededError,
    ImportModelRequest,
    ModelRefusedError,
    import_model,
)
from core.operations.train import TrainRequest, train
from core.storage.models import find_model_version
from tests.core.conftest import HAM, SPAM
from tests.core.tiny_models import make_sentence_transformer, make_tiny

TEXTS = [
    "win a free prize now, claim your cash",
    "see you at eight, the table is booked",
    "",
    "Où est ma commande ? 我的卡",
    "the parcel was late again and the box was damaged " * 30,
]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A computer with a base model that reads sentences, and an app with a model that uses it."""
    place = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEXTWRIGHT_HOME", str(place / "home"))
        add_base_model(make_sentence_transformer(place / "tiny"), Job())
        app = create_app_folder("Messages", place / "messages")
        for texts, concept in ((SPAM, "spam"), (HAM, "ham")):
            add_texts(app, AddTextsRequest(texts, (concept,)), Job())
        settings = EmbeddingClassifierSettings(base_embed_model="tiny")
        train(app, TrainRequest("mail", settings=settings), Job())
    return place


@pytest.fixture
def quick_app(built, tmp_path, monkeypatch):
    """That app, to work on, on that computer."""
    monkeypatch.setenv("TEXTWRIGHT_HOME", str(built / "home"))
    return AppFolder(Path(shutil.copytree(built / "messages", tmp_path / "messages")))


def exact(model, texts):
    """Return the probabilities of a model in full precision."""
    embeddings = None
    if isinstance(model, EmbeddingClassifier):
        embeddings = exact_embedder(model.settings.base_embed_model).encode(texts, Job())
    with in_float32():
        return model.probabilities(texts, embeddings, Job())


def exact_of(app, name):
    with app.database() as db:
        version = find_model_version(db, name)
    with in_float32():
        return exact(load_exactly(app.models / version.folder, version), TEXTS)


@pytest.fixture
def script_of(monkeypatch):
    """Return a function that gives the module of a script in a folder."""

    def load(folder, name="predict"):
        spec = importlib.util.spec_from_file_location(
            f"{name}_of_{folder.name}", folder / f"{name}.py"
        )
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def take(app, to, **options):
    return export_model(app, ExportModelRequest("mail", to, **options), Job())


def test_a_quick_classifier_says_the_same_elsewhere(quick_app, tmp_path, script_of):
    result = take(quick_app, tmp_path / "out", has_onnx=True)
    wanted = exact_of(quick_app, "mail")
    assert np.abs(script_of(tmp_path / "out").predict(TEXTS) - wanted).max() < 1e-4
    said = script_of(tmp_path / "out", "predict_onnx").predict(TEXTS)
    assert np.abs(said - wanted).max() < 1e-4
    assert result.onnx_difference < 1e-4
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(tmp_path / "out"), local_files_only=True)
    assert plain.encode(["a text"]).shape == (1, 32)


@pytest.mark.parametrize("reader", ["fast:tiny", pytest.param("plain", marks=pytest.mark.slow)])
def test_every_reader_says_the_same_elsewhere(quick_app, tmp_path, script_of, reader):
    if reader == "plain" and not (paths.base_models_folder() / "plain").exists():
        add_base_model(make_tiny(tmp_path / "plain", "roberta"), Job())
    settings = EmbeddingClassifierSettings(base_embed_model=reader)
    train(quick_app, TrainRequest("other", settings=settings), Job())
    export_model(quick_app, ExportModelRequest("other", tmp_path / "out", has_onnx=True), Job())
    wanted = exact_of(quick_app, "other")
    assert np.abs(script_of(tmp_path / "out").predict(TEXTS) - wanted).max() < 1e-4
    said = script_of(tmp_path / "out", "predict_onnx").predict(TEXTS)
    assert np.abs(said - wanted).max() < 1e-4


@pytest.mark.parametrize("scale", [0.0, 2.0])
def test_every_recipe_says_the_same_elsewhere(quick_app, tmp_path, script_of, scale):
    with quick_app.database() as db:
        version = find_model_version(db, "mail")
    model = load_exactly(quick_app.models / version.folder, version)
    n_meaning = len(model.centre)
    if scale:  # without the wording
        weights = np.concatenate([model.weights[:n_meaning], model.weights[-1:]])
        model = replace(model, ngrams=None, weights=weights, recipe=Recipe(scale, False, 1.0))
    else:  # without the meaning
        weights = model.weights[n_meaning:]
        model = replace(model, weights=weights, recipe=Recipe(0.0, True, 1.0))
    model = replace(model, calibration=replace(model.calibration, is_exclusive=False, offset=0.2))
    folder = tmp_path / f"recipe{scale}"
    plain = with_script(folder, model)
    assert np.abs(script_of(folder).predict(TEXTS) - exact(model, TEXTS)).max() < 1e-4
    assert write_onnx(model, plain, folder, Job()) < 1e-4


DEEP = [
    (FullFineTuningSettings(base_model="tiny", num_train_epochs=1), "full_fine_tuning"),
    (EncoderLoraSettings(base_model="tiny", num_train_epochs=1), "encoder_lora"),
    (ContrastiveSettings(base_model="tiny", n_pairs=8), "contrastive_few_shot"),
]


@pytest.mark.parametrize(
    ("settings", "template"),
    [
        pytest.param(*one, id=one[1], marks=() if one[1] == "encoder_lora" else pytest.mark.slow)
        for one in DEEP
    ],
)
def test_a_deep_classifier_says_the_same_elsewhere_and_back(
    quick_app, tmp_path, script_of, settings, template
):
    request = TrainRequest("deep", type="text-classifier", settings=settings, template=template)
    train(quick_app, request, Job())
    request = ExportModelRequest("deep", tmp_path / "out", has_onnx=True)
    export_model(quick_app, request, Job())
    wanted = exact_of(quick_app, "deep")
    assert np.abs(script_of(tmp_path / "out").predict(TEXTS) - wanted).max() < 1e-4
    said = script_of(tmp_path / "out", "predict_onnx").predict(TEXTS)
    assert np.abs(said - wanted).max() < 1e-4
    import_model(quick_app, ImportModelRequest(tmp_path / "out", "again"), Job())
    assert np.array_equal(exact_of(quick_app, "again"), wanted)


def with_script(folder, model):
    """Write a model into a folder with its script."""
    folder.mkdir()
    plain = write_plain(model, folder, {})
    script = resources.read_text(f"elsewhere/predict_{plain.kind}.py")
    (folder / "predict.py").write_text(script, encoding="utf-8")
    return plain


@pytest.mark.parametrize("is_adapted", [False, True])
def test_a_network_of_transformers_says_the_same_elsewhere(tmp_path, script_of, is_adapted):
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    make_tiny(tmp_path / "bert")
    with torch.random.fork_rng(), quiet():
        torch.manual_seed(1)
        network = AutoModelForSequenceClassification.from_pretrained(tmp_path / "bert")
        if is_adapted:
            lora = LoraConfig(task_type="SEQ_CLS", r=2, init_lora_weights=False)
            network = get_peft_model(network, lora)
        network.eval()
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "bert")
    model = TextClassifier(
        concepts=("ham", "spam"),
        settings=HuggingFaceClassifierSettings(),
        network=HuggingFaceNetwork(network, tokenizer, True, 64),
        calibration=Calibration(is_exclusive=True, slope=1.5),
    )
    wanted = model.probabilities(TEXTS, None, Job())
    plain = with_script(tmp_path / "out", model)
    assert np.abs(script_of(tmp_path / "out").predict(TEXTS) - wanted).max() < 1e-4
    assert write_onnx(model, plain, tmp_path / "out", Job()) < 1e-4


@pytest.mark.parametrize("family", ["gpt2", "t5"])
def test_a_model_that_writes_writes_the_same_elsewhere(tmp_path, script_of, family):
    settings = OwnTextToTextSettings(max_new_tokens=12, prompt_template="Text: {text} Answer:")
    model = TextToText.untrained(make_tiny(tmp_path / family, family), settings)
    plain = with_script(tmp_path / "out", model)
    texts = ["the parcel was late", "my card has not arrived"]
    assert script_of(tmp_path / "out").predict(texts) == [t.strip() for t in model.generate(texts)]
    with pytest.raises(NotOnnxError):
        write_onnx(model, plain, tmp_path / "out", Job())


def test_a_model_comes_back_with_everything_and_answers_the_same(quick_app, tmp_path, run_json):
    told = run_json("export-model", quick_app.path, "mail", "--to", tmp_path / "m.zip")
    assert told["to"].endswith("m.zip")
    with quick_app.database() as db:
        before = find_model_version(db, "mail")
    told = run_json("import-model", quick_app.path, tmp_path / "m.zip", "--name", "hers")
    assert told == {"model": "hers", "version": 1, "type": "embedding-classifier"}
    with quick_app.database() as db:
        after = find_model_version(db, "hers")
    assert (after.settings, after.concepts, after.dataset_version_id) == (
        before.settings,
        before.concepts,
        before.dataset_version_id,
    )
    answers = [answerer(quick_app, v).answer(TEXTS, Job()) for v in (before, after)]
    for one, other in zip(*answers, strict=True):
        assert np.array_equal(one.probabilities, other.probabilities)
    shown = run_json("models", quick_app.path)
    assert shown[0]["top1_accuracy"] == shown[1]["top1_accuracy"]


STANDS_ON_A_BASE = {
    "quick": None,
    "fast": EmbeddingClassifierSettings(base_embed_model="fast:tiny"),
    "lora": EncoderLoraSettings(base_model="tiny", num_train_epochs=1),
}


@pytest.mark.parametrize("which", STANDS_ON_A_BASE)
def test_a_model_whose_base_is_missing_says_so_when_it_is_brought_back(
    quick_app, tmp_path, monkeypatch, which
):
    name, settings = "mail", STANDS_ON_A_BASE[which]
    if settings:
        name = "other"
        kind, template = (
            ("text-classifier", "encoder_lora") if which == "lora" else ("embedding-classifier", "")
        )
        train(quick_app, TrainRequest(name, kind, settings=settings, template=template), Job())
    export_model(quick_app, ExportModelRequest(name, tmp_path / "out"), Job())
    monkeypatch.setenv("TEXTWRIGHT_HOME", str(tmp_path / "another computer"))
    before = sorted(quick_app.models.iterdir())
    with pytest.raises(BaseNeededError) as refused:
        import_model(quick_app, ImportModelRequest(tmp_path / "out", "again"), Job())
    assert "needs the base model “tiny”, which is not on this computer" in str(refused.value)
    assert "Add “tiny” under Base models" in refused.value.next_step
    assert sorted(quick_app.models.iterdir()) == before
    if which == "lora":  # what was taken along needs none
        from sentence_transformers import SentenceTransformer

        plain = SentenceTransformer(str(tmp_path / "out"), local_files_only=True)
        assert np.isfinite(plain.encode(["a text"])).all()


def test_an_app_whose_models_stand_on_a_base_that_is_missing_says_so(
    quick_app, tmp_path, monkeypatch, run, run_json
):
    path = export_app(quick_app, ExportAppRequest(tmp_path / "a.textwright"), Job()).path
    assert run_json("import-app", path, "--folder", tmp_path / "here")["missing_base_models"] == []
    monkeypatch.setenv("TEXTWRIGHT_HOME", str(tmp_path / "another computer"))
    told = run_json("import-app", path, "--folder", tmp_path / "there")
    assert told["missing_base_models"] == ["tiny"]
    said = run("import-app", path, "--folder", tmp_path / "once more")
    assert "need the base model “tiny”, which is not on this computer" in said


def test_what_lora_taught_a_writer_is_in_the_weights_that_transformers_open(quick_app, tmp_path):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if not (paths.base_models_folder() / "gpt2").exists():
        add_base_model(make_tiny(tmp_path / "gpt2", "gpt2"), Job())
    settings = OwnTextToTextSettings(
        base_model="gpt2", num_train_epochs=1, what_learns="lora", learning_rate=1e-2
    )
    train(quick_app, TrainRequest("writer", type="text-to-text", settings=settings), Job())
    export_model(quick_app, ExportModelRequest("writer", tmp_path / "out"), Job())
    assert (tmp_path / "out" / "textwright" / "adapter.safetensors").is_file()
    with quick_app.database() as db:
        version = find_model_version(db, "writer")
    with in_float32():
        model = load_exactly(quick_app.models / version.folder, version)
        told = model.network.state_dict()
    with quiet():
        plain = AutoModelForCausalLM.from_pretrained(tmp_path / "out", local_files_only=True)
        AutoTokenizer.from_pretrained(tmp_path / "out", local_files_only=True)
    assert all(
        np.allclose(value, told[key], atol=1e-6) for key, value in plain.state_dict().items()
    )


def test_a_model_of_another_app_brings_an_empty_version(quick_app, tmp_path, run_json):
    take(quick_app, tmp_path / "out")
    run_json("create-app", "Other", "--folder", tmp_path / "other")
    run_json("import-model", tmp_path / "other", tmp_path / "out")
    assert run_json("try", tmp_path / "other", "mail", "claim your prize")
    assert run_json("evaluations", tmp_path / "other", "mail")
    assert run_json("datasets", tmp_path / "other")[1]["name"] == "Trained elsewhere"
    run_json("export-model", tmp_path / "other", "mail", "--to", tmp_path / "further")
    assert "20 texts" in (tmp_path / "further" / "README.md").read_text(encoding="utf-8")


def needs_of(folder):
    """Return the libraries that the scripts of a folder import, as pip calls them."""
    trees = [
        ast.parse((folder / name).read_text(encoding="utf-8"))
        for name in ("predict.py", "predict_onnx.py")
    ]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    tops = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)
    return {top.replace("_", "-") for top in tops}


def test_what_the_scripts_need_is_named_in_versions_that_fit(quick_app, tmp_path):
    from packaging.requirements import Requirement

    take(quick_app, tmp_path / "out", has_onnx=True)
    lines = (tmp_path / "out" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    told = {one.name: one.specifier for one in map(Requirement, lines)}
    assert set(told) == needs_of(tmp_path / "out") | {"torch"}
    for name, specifier in told.items():
        here = importlib.metadata.version(name)
        assert specifier.contains(here), name
        assert not specifier.contains("999"), name
        assert not specifier.contains("0.0.1"), name


def test_the_card_tells_scores_and_shows_texts_only_if_wanted(quick_app, tmp_path):
    take(quick_app, tmp_path / "with")
    take(quick_app, tmp_path / "without", has_examples=False)
    card = (tmp_path / "with" / "README.md").read_text(encoding="utf-8")
    assert "20 texts" in card
    assert "| Right answers |" in card
    assert "see you at eight tonight" in card
    without = tmp_path / "without"
    assert "see you at eight" not in (without / "README.md").read_text(encoding="utf-8")
    assert "see you at eight" not in (without / "textwright.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("patience", [0, 1, 2])
def test_a_stopped_export_leaves_nothing(quick_app, tmp_path, impatient, patience):
    place = tmp_path / "place"
    for name in ("out", "out.zip"):
        with pytest.raises(JobCancelled):
            export_model(quick_app, ExportModelRequest("mail", place / name), impatient(patience))
    assert list(place.iterdir()) == []


def test_a_place_that_is_taken_is_refused(quick_app, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"mine")
    for place in (tmp_path, tmp_path / "x.zip", quick_app.path / "m"):
        with pytest.raises(UserError):
            take(quick_app, place)
    assert (tmp_path / "x.zip").read_bytes() == b"mine"


def _told(folder, change):
    path = folder / "textwright.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    change(told)
    path.write_text(json.dumps(told), encoding="utf-8")


HOSTILE = {
    "no list": lambda f: (f / "textwright.json").unlink(),
    "no JSON": lambda f: (f / "textwright.json").write_text("{"),
    "another type": lambda f: _told(f, lambda t: t.update(type="worm")),
    "a name outside": lambda f: _told(f, lambda t: t["files"].update({"../x.json": "labels.json"})),
    "a pickle": lambda f: _told(f, lambda t: t["files"].update({"a.pkl": "labels.json"})),
    "a hidden file": lambda f: _told(f, lambda t: t["files"].update({".a.json": "labels.json"})),
    "a file missing": lambda f: (f / "weights.safetensors").unlink(),
    "weights cut short": lambda f: (f / "weights.safetensors").write_bytes(
        (f / "weights.safetensors").read_bytes()[:-8]
    ),
    "words changed": lambda f: (f / "classifier.json").write_text("{}"),
    "other concepts": lambda f: _told(f, lambda t: t.update(concepts=["spam", "other"])),
    "scores of nothing": lambda f: _told(f, lambda t: t["evaluation"].update(report={})),
    "scores found in no way": lambda f: _told(f, lambda t: t["evaluation"].update(method="luck")),
    "scores without a method": lambda f: _told(f, lambda t: t["evaluation"].pop("method")),
    "rounds in words": lambda f: _told(f, lambda t: t["evaluation"].update(n_folds="many")),
    "a threshold of seven": lambda f: _told(f, lambda t: t.update(thresholds={"spam": 7})),
    "no thresholds": lambda f: _told(f, lambda t: t.update(thresholds=["spam"])),
    "no seal": lambda f: _told(f, lambda t: [t[k].pop("seal.json") for k in ("files", "sha256")]),
    "a link": lambda f: (f / "link.json").symlink_to("/etc/passwd"),
}


def test_what_is_no_whole_model_is_refused_and_nothing_stays(quick_app, tmp_path):
    take(quick_app, tmp_path / "out")
    before = sorted(quick_app.models.iterdir())
    for n, (name, harm) in enumerate(HOSTILE.items()):
        folder = tmp_path / f"bad{n}"
        shutil.copytree(tmp_path / "out", folder)
        harm(folder)
        with pytest.raises(ModelRefusedError) as refused:
            import_model(quick_app, ImportModelRequest(folder), Job())
        assert refused.value.next_step.endswith("."), name
    assert sorted(quick_app.models.iterdir()) == before


def test_a_zip_with_a_way_out_or_a_bomb_is_refused(quick_app, tmp_path, monkeypatch):
    monkeypatch.setattr("core.unpacking.HARMLESS_BYTES", 1 << 20)
    take(quick_app, tmp_path / "m.zip")
    shutil.copyfile(tmp_path / "m.zip", tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip", "a") as archive:
        archive.writestr("m/../../evil.json", "{}")
    shutil.copyfile(tmp_path / "m.zip", tmp_path / "bomb.zip")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m/zeros.json", b"0" * 15_000_000)
    for name in ("out.zip", "bomb.zip"):
        with pytest.raises(ModelRefusedError):
            import_model(quick_app, ImportModelRequest(tmp_path / name), Job())


def with_a_bomb(path):
    """Add zeros that pack to nothing to a ZIP, beside as much that does not pack."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m/zeros.json", b"0" * 3_000_000)
        noise = np.random.default_rng(1).bytes(3_000_000)
        archive.writestr("m/noise.txt", noise, zipfile.ZIP_STORED)


def test_a_bomb_is_seen_beside_weights_that_hide_it(quick_app, tmp_path, monkeypatch):
    monkeypatch.setattr("core.unpacking.HARMLESS_BYTES", 1 << 20)
    take(quick_app, tmp_path / "m.zip")
    with_a_bomb(tmp_path / "m.zip")
    with pytest.raises(ModelRefusedError, match="far more than it should"):
        import_model(quick_app, ImportModelRequest(tmp_path / "m.zip"), Job())


def test_what_an_entry_says_of_its_size_is_not_believed(tmp_path, monkeypatch):
    path = tmp_path / "m.zip"
    with_a_bomb(path)
    with open_source(path) as source, source.unwrapped().open("zeros.json") as file:
        monkeypatch.setattr("core.unpacking.HARMLESS_BYTES", 1 << 20)  # as if it had told less
        with pytest.raises(BaseModelRefusedError, match="far more than it should"):
            deque(iter(lambda: file.read(1 << 16), b""), maxlen=0)


def test_without_its_packages_onnx_is_refused_before_anything_is_written(
    quick_app, tmp_path, monkeypatch
):
    monkeypatch.setattr("core.learning.portable.to_onnx.NEEDED", ("a_package_nobody_has",))
    with pytest.raises(UserError, match="two more packages"):
        take(quick_app, tmp_path / "out", has_onnx=True)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_ray_predicts_a_file_as_the_script_does(quick_app, tmp_path, script_of):
    if importlib.util.find_spec("ray") is None:
        pytest.skip("ray is not installed")
    take(quick_app, tmp_path / "out")
    lines = ["id,text", *(f'{i},"{text}"' for i, text in enumerate([TEXTS[0], TEXTS[3]] * 20))]
    (tmp_path / "texts.csv").write_text("\n".join(lines), encoding="utf-8")
    words = [tmp_path / "texts.csv", "--text", "text", "--out", tmp_path / "said", "--workers", 2]
    done = subprocess.run(
        [sys.executable, tmp_path / "out" / "predict_with_ray.py", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(tmp_path / "said").sort_by("id").to_pydict()
    assert table["id"] == list(range(40))
    wanted = script_of(tmp_path / "out").predict(table["text"])
    assert np.abs(np.array(table["p:spam"]) - wanted[:, 0]).max() < 1e-4
    assert table["label"][0] == "spam"
