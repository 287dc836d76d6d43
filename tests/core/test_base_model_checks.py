"""What is brought as a base model: every family that is taken, every harm that is refused."""

import json
import os
import shutil
import stat
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.base_models import FAMILIES, ModelKind, check_base_model_folder
from core.base_models.card import read_card
from core.base_models.errors import BaseModelMissingError, BaseModelRefusedError
from core.base_models.sources import MAX_DEPTH, MAX_FILES, open_source
from core.base_models.words import folder_name, shown
from core.errors import UserError
from core.jobs import Job
from tests.core import tiny_models
from tests.core.tiny_models import HIDDEN, LAYERS, POSITIONS, make_sentence_transformer, make_tiny


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a function that gives a model's folder, made once; not to be changed."""
    place = tmp_path_factory.mktemp("made")

    def made(family="bert", make=make_tiny):
        folder = place / f"{make.__name__}-{family}"
        return folder if folder.exists() else make(folder, family)

    return made


@pytest.fixture
def copied(made, tmp_path):
    """Return a function that gives a folder of its own, to be harmed."""

    def copied(family="bert", make=make_tiny):
        return shutil.copytree(made(family, make), tmp_path / "brought")

    return copied


def check(path):
    return check_base_model_folder(path, Job())


def refused(path, match):
    """Make sure that a folder or ZIP is refused, in a sentence and with a next step."""
    with pytest.raises(BaseModelRefusedError, match=match) as raised:
        check(path)
    for words in (str(raised.value), raised.value.next_step):
        assert words.endswith(".")
        assert words.isprintable()
        assert len(words) < 500
    return raised.value


def change(file, **values):
    content = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(content | values), encoding="utf-8")


def head_of(file):
    content = file.read_bytes()
    (n,) = struct.unpack("<Q", content[:8])
    return json.loads(content[8 : 8 + n]), content[8 + n :]


def write_head(file, head, rest):
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    file.write_bytes(struct.pack("<Q", len(text)) + text + rest)


def zipped(folder, path, top=""):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, f"{top}{file.relative_to(folder).as_posix()}")
    return path


# What is taken


def test_tiny_models_are_made_of_every_family_that_is_taken():
    assert tiny_models.FAMILIES.keys() == FAMILIES.keys()


@pytest.mark.parametrize("family", sorted(tiny_models.FAMILIES))
def test_every_family_is_taken_and_described(made, family):
    model = check(made(family))
    known = FAMILIES[family]
    assert (model.kind, model.family, model.model_type) == (known.kind, known.title, family)
    assert (model.hidden_size, model.n_layers, model.max_tokens) == (HIDDEN, LAYERS, POSITIONS)
    assert (model.precision, model.is_built_in) == ("float32", False)
    assert model.n_parameters * 4 < model.n_bytes
    assert model.n_words in (146, 400)
    assert len(model.weights) == 64


def test_a_sentence_transformers_folder_is_a_sentence_encoder(made):
    model = check(made("mpnet", make_sentence_transformer))
    assert (model.kind, model.family, model.max_tokens) == (
        ModelKind.SENTENCE_ENCODER,
        "MPNet",
        64,
    )
    assert model.reads_texts
    assert not model.writes_texts


def test_the_part_that_reads_may_lie_in_a_folder_of_its_own(copied):
    folder = copied("bert", make_sentence_transformer)
    (folder / "0_Transformer").mkdir()
    for name in ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"):
        (folder / name).rename(folder / "0_Transformer" / name)
    parts = json.loads((folder / "modules.json").read_text())
    parts[0]["path"] = "0_Transformer"
    (folder / "modules.json").write_text(json.dumps(parts))
    model = check(folder)
    assert model.model_folder == folder / "0_Transformer"
    assert model.kind == ModelKind.SENTENCE_ENCODER


def test_a_dense_layer_is_a_part_of_a_sentence_encoder(copied):
    folder = with_dense(copied("bert", make_sentence_transformer))
    assert check(folder).kind == ModelKind.SENTENCE_ENCODER


def with_dense(folder, function="torch.nn.modules.activation.Tanh"):
    parts = json.loads((folder / "modules.json").read_text())
    kind = "sentence_transformers.models.Dense"
    parts.insert(2, {"idx": 2, "name": "dense", "path": "3_Dense", "type": kind})
    (folder / "modules.json").write_text(json.dumps(parts))
    (folder / "3_Dense").mkdir()
    values = {"in_features": HIDDEN, "out_features": 16, "bias": False}
    config = values | {"activation_function": function}
    (folder / "3_Dense" / "config.json").write_text(json.dumps(config))
    size = HIDDEN * 16 * 4
    head = {"linear.weight": {"dtype": "F32", "shape": [16, HIDDEN], "data_offsets": [0, size]}}
    write_head(folder / "3_Dense" / "model.safetensors", head, bytes(size))
    return folder


@pytest.mark.parametrize("top", ["", "gpt-tiny-main/", "a/b/"])
def test_a_zip_is_taken_with_or_without_a_folder_around(made, tmp_path, top):
    folder = made("gpt_neo")
    model = check(zipped(folder, tmp_path / "packed.zip", top))
    assert model.identity == check(folder).identity
    assert model.name == (top.rstrip("/").rpartition("/")[2] or "packed")


def test_a_folder_around_the_folder_is_seen_through(made, tmp_path):
    shutil.copytree(made(), tmp_path / "stick" / "my-bert")
    (tmp_path / "stick" / ".DS_Store").write_bytes(b"")
    (tmp_path / "stick" / "__MACOSX").mkdir()
    assert check(tmp_path / "stick").name == "my-bert"


def test_weights_in_several_files_are_taken_and_have_an_identity(copied):
    folder = copied("gpt2")
    identity = check(folder).identity
    in_parts(folder)
    model = check(folder)
    assert (model.n_parameters, len(model.sizes)) == (42_368, 2)
    assert model.identity != identity


def in_parts(folder):
    """Lay the weights out in two files that an index names."""
    head, rest = head_of(folder / "model.safetensors")
    head.pop("__metadata__", None)
    names = sorted(head, key=lambda name: head[name]["data_offsets"])
    places = {}
    for part, half in enumerate((names[:10], names[10:]), start=1):
        file = f"model-{part:05d}-of-00002.safetensors"
        moved, content = {}, b""
        for name in half:
            start, end = head[name]["data_offsets"]
            offsets = [len(content), len(content) + end - start]
            moved[name] = head[name] | {"data_offsets": offsets}
            content += rest[start:end]
            places[name] = file
        write_head(folder / file, moved, content)
    (folder / "model.safetensors").unlink()
    index = {"metadata": {"total_size": 1}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def test_the_older_files_of_a_tokenizer_are_taken_too(copied):
    folder = copied("bert")
    vocabulary = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    (folder / "vocab.txt").write_text("\n".join(sorted(vocabulary, key=vocabulary.get)) + "\n")
    (folder / "tokenizer.json").unlink()
    assert check(folder).n_words == 146


def test_languages_and_licence_are_those_of_the_card(copied):
    folder = copied()
    (folder / "README.md").write_text(
        "---\nlanguage:\n- en\n- 'de'\nlicense: apache-2.0\ntags: [a]\n---\n# Card\nlicense: x\n"
    )
    model = check(folder)
    assert (model.languages, model.licence) == (("en", "de"), "apache-2.0")


@pytest.mark.parametrize(
    "card", [b"", b"---", b"# no front matter", b"---\nlanguage: [en, fr]\n", b"\xff\xfe---\n\x00"]
)
def test_a_card_that_nobody_can_read_says_nothing(copied, card):
    folder = copied()
    (folder / "README.md").write_bytes(card)
    with open_source(folder) as source:
        assert read_card(source).licence == ""
    assert check(folder)


# What is refused


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.ckpt", "head.pkl"])
def test_only_pickles_are_refused(copied, name):
    folder = copied()
    (folder / "model.safetensors").rename(folder / name)
    assert "safetensors" in refused(folder, "hide programs").next_step


@pytest.mark.parametrize("name", ["model.gguf", "tf_model.h5", "model.onnx"])
def test_formats_of_other_programs_are_refused(copied, name):
    folder = copied()
    (folder / "model.safetensors").rename(folder / name)
    refused(folder, "other programs")
    (folder / "config.json").unlink()
    refused(folder, "other programs")


def test_an_adapter_is_no_whole_model(copied):
    folder = copied()
    (folder / "model.safetensors").rename(folder / "adapter_model.safetensors")
    refused(folder, "adapter")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("config.json", "no config.json"),
        ("model.safetensors", "no “model.safetensors”"),
        ("tokenizer.json", "no tokenizer.json"),
    ],
)
def test_what_is_missing_is_named(copied, name, words):
    folder = copied()
    (folder / name).unlink()
    refused(folder, words)


def test_sentencepiece_alone_is_refused(copied):
    folder = copied("t5")
    (folder / "tokenizer.json").rename(folder / "spiece.model")
    assert "tokenizer.json" in refused(folder, "SentencePiece").next_step


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("config.json", {"auto_map": {"AutoModel": "modeling_x.XModel"}}),
        ("config.json", {"trust_remote_code": True}),
        ("config.json", {"text": [{"deep": {"auto_map": {"AutoModel": "x.X"}}}]}),
        ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["x.X", None]}}),
        ("sentence_bert_config.json", {"model_args": {"trust_remote_code": True}}),
        ("1_Pooling/config.json", {"auto_map": {"a": "b"}}),
    ],
)
def test_code_that_comes_along_is_refused(copied, name, values):
    folder = copied("bert", make_sentence_transformer)
    change(folder / name, **values)
    refused(folder, "program of its own")


@pytest.mark.parametrize(
    "kind", ["nomic_bert_custom", "", None, 7, ["bert"], "x" * 5_000, "\x1b[2J"]
)
def test_unknown_kinds_are_refused_with_the_known_ones(copied, kind):
    folder = copied()
    change(folder / "config.json", model_type=kind)
    assert "ModernBERT" in refused(folder, "not known here").next_step


def test_squeezed_weights_are_refused(copied):
    folder = copied("llama")
    change(folder / "config.json", quantization_config={"quant_method": "gptq", "bits": 4})
    refused(folder, "quantized")
    change(folder / "config.json", quantization_config=None)
    size = 10**6
    head, rest = head_of(folder / "model.safetensors")
    offsets = [len(rest), len(rest) + size]
    head["x.qweight"] = {"dtype": "I8", "shape": [size], "data_offsets": offsets}
    write_head(folder / "model.safetensors", head, rest + bytes(size))
    refused(folder, "quantized")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("modeling_x.Reader", "not known here"),
        ("os.system", "not known here"),
        ("sentence_transformers.models.WordEmbeddings", "not known here"),
        ("sentence_transformers.util.Pooling", "not known here"),
        ("sentence_transformers.models.Pooling.x.y", "not known here"),
        (7, "damaged"),
    ],
)
def test_unknown_parts_are_refused(copied, kind, words):
    folder = copied("bert", make_sentence_transformer)
    parts = json.loads((folder / "modules.json").read_text())
    parts[1]["type"] = kind
    (folder / "modules.json").write_text(json.dumps(parts))
    refused(folder, words)


@pytest.mark.parametrize("path", ["../1_Pooling", "/etc", "a/../..", "..", "1_Pooling/..", None, 5])
def test_parts_that_lie_elsewhere_are_refused(copied, path):
    folder = copied("bert", make_sentence_transformer)
    parts = json.loads((folder / "modules.json").read_text())
    parts[1]["path"] = path
    (folder / "modules.json").write_text(json.dumps(parts))
    refused(folder, "outside")


@pytest.mark.parametrize("parts", [{}, [], [{}], "x", [[]], [{"type": "a", "path": ""}] * 99])
def test_a_list_of_parts_that_is_none_is_refused(copied, parts):
    folder = copied("bert", make_sentence_transformer)
    (folder / "modules.json").write_text(json.dumps(parts))
    refused(folder, r"modules\.json")


def test_parts_with_the_same_name_are_refused(copied):
    folder = copied("bert", make_sentence_transformer)
    parts = json.loads((folder / "modules.json").read_text())
    parts[2]["name"] = parts[1]["name"]
    (folder / "modules.json").write_text(json.dumps(parts))
    refused(folder, r"modules\.json")


def test_parts_need_their_files_and_a_known_order(copied):
    folder = copied("bert", make_sentence_transformer)
    parts = json.loads((folder / "modules.json").read_text())
    (folder / "modules.json").write_text(json.dumps(parts[1:]))
    refused(folder, "put together")
    (folder / "modules.json").write_text(json.dumps(parts))
    (folder / "1_Pooling" / "config.json").unlink()
    refused(folder, "1_Pooling/config.json")


@pytest.mark.parametrize(
    "function", ["os.system", "torch.hub.load", "torch.nn.modules.activation.x.y"]
)
def test_functions_of_others_are_refused(copied, function):
    refused(with_dense(copied("bert", make_sentence_transformer), function), "function")


def test_a_dense_layer_as_pickle_is_refused(copied):
    folder = with_dense(copied("bert", make_sentence_transformer))
    (folder / "3_Dense" / "model.safetensors").rename(folder / "3_Dense" / "pytorch_model.bin")
    refused(folder, "hide programs")


def test_models_that_only_compare_are_refused(copied):
    folder = copied("bert", make_sentence_transformer)
    change(folder / "config_sentence_transformers.json", model_type="SparseEncoder")
    refused(folder, "SparseEncoder")


@pytest.mark.parametrize("cut", [0, 4, 8, 60, -1, -4_000])
def test_weights_that_were_cut_are_refused(copied, cut):
    file = copied() / "model.safetensors"
    file.write_bytes(file.read_bytes()[:cut])
    refused(file.parent, "cut off")


def test_a_byte_too_many_is_refused(copied):
    file = copied() / "model.safetensors"
    file.write_bytes(file.read_bytes() + b"x")
    refused(file.parent, "damaged")


def test_a_pointer_to_the_weights_is_not_the_weights(copied):
    folder = copied()
    (folder / "model.safetensors").write_text("version spec of git-lfs\noid sha256:0\nsize 9\n")
    assert "megabytes" in refused(folder, "only says where").next_step


@pytest.mark.parametrize(
    "values",
    [
        {"dtype": "F33"},
        {"dtype": 5},
        {"shape": [3]},
        {"shape": [-1, -1]},
        {"shape": "x"},
        {"shape": [True]},
        {"shape": [2] * 99},
        {"data_offsets": [0, 2**70]},
        {"data_offsets": [8, 4]},
        {"data_offsets": [0]},
        {"data_offsets": None},
        {"shape": [1.5]},
    ],
)
def test_a_tensor_that_cannot_be_is_refused(copied, values):
    file = copied() / "model.safetensors"
    head, rest = head_of(file)
    head[next(name for name in head if name != "__metadata__")].update(values)
    write_head(file, head, rest)
    refused(file.parent, "damaged|kind")


@pytest.mark.parametrize(
    "head", [b"[]", b"{", b"{}", b'{"a": 1, "a": 2}', b'{"a": NaN}', b"[" * 100_000, b"\xff" * 9]
)
def test_a_head_that_is_none_is_refused(copied, head):
    file = copied() / "model.safetensors"
    write_head(file, head, b"")
    refused(file.parent, "damaged|empty")


def test_a_head_as_long_as_no_head_is_refused(copied):
    file = copied() / "model.safetensors"
    with file.open("wb") as writing:
        writing.write(struct.pack("<Q", 2**31))
        writing.truncate(2**31 + 100)
    refused(file.parent, "damaged")


def test_parts_of_the_weights_must_all_be_there(copied):
    folder = copied("gpt2")
    in_parts(folder)
    index = folder / "model.safetensors.index.json"
    whole = json.loads(index.read_text())
    places = dict(whole["weight_map"])
    name, file = next(iter(places.items()))
    for harmed, words in (
        ({**places, name: "../elsewhere.safetensors"}, "outside"),
        ({**places, name: "/etc/passwd"}, "outside"),
        ({**places, name: "model.bin"}, "outside"),
        ({**places, name: 5}, "damaged"),
        ({**places, "extra": file}, "does not hold"),
        ({k: v for k, v in places.items() if k != name}, "does not hold"),
        ({}, "names none"),
        ([], "names none"),
    ):
        change(index, weight_map=harmed)
        refused(folder, words)
    change(index, weight_map=places)
    (folder / file).unlink()
    refused(folder, "part of the weights is missing")


def test_a_tokenizer_of_another_model_is_refused(copied):
    folder = copied("bert")
    shutil.copy(make_tiny(folder.parent / "other", "gpt2") / "tokenizer.json", folder)
    assert "same model" in refused(folder, "400 word pieces, and its weights are for 146").next_step


def test_weights_for_another_number_of_words_are_refused(copied):
    folder = copied("bert")
    change(folder / "config.json", vocab_size=147)
    refused(folder, "147 word pieces, and its weights are for 146")
    change(folder / "config.json", vocab_size=10**400)
    refused(folder, "word pieces")


def test_weights_without_the_table_of_words_are_refused(copied):
    file = copied("bert") / "model.safetensors"
    head, rest = head_of(file)
    head["other"] = head.pop("embeddings.word_embeddings.weight")
    write_head(file, head, rest)
    refused(file.parent, "lack the table")


@pytest.mark.parametrize(
    "tokenizer",
    [
        {},
        {"model": []},
        {"model": {"vocab": {}}},
        {"model": {"vocab": {"a": -1}}},
        {"model": {"vocab": {"a": True}}},
        {"model": {"vocab": {"a": 1e999}}},
        {"model": {"vocab": "abc"}},
        {"model": {"vocab": {"a": 1}}, "added_tokens": [{"id": "x"}]},
        {"model": {"vocab": {"a": 1}}, "added_tokens": [5]},
        {"model": {"vocab": {"a": 1}}, "added_tokens": 5},
    ],
)
def test_a_damaged_tokenizer_is_refused(copied, tokenizer):
    folder = copied()
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    refused(folder, "tokenizer.json")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"a":' * 200_000,
        '{"model_type": NaN}',
        '{"model_type": "bert", "of": "\\udfff"}',
        r'{"model_type": "bert", "x": "\udfff"}',
        '{"model_type": "bert", "model_type": "gpt2"}',
        '{"vocab_size": ' + "9" * 5_000 + "}",
        "null",
        "",
        "\x00",
        '"\\ud800"',
        "x" * 9_000_000,
        json.dumps({"a": json.loads("[" * 60 + "]" * 60)}),
    ],
)
def test_hostile_json_is_refused(copied, text):
    folder = copied()
    (folder / "config.json").write_text(text)
    refused(folder, "damaged|not known here|far")


@pytest.mark.parametrize("key", ["hidden_size", "num_hidden_layers"])
@pytest.mark.parametrize("value", [None, -1, 0, True, "768", 1e9, 10**30])
def test_a_model_without_a_size_is_refused(copied, key, value):
    folder = copied()
    change(folder / "config.json", **{key: value})
    refused(folder, "how large")


HUGE = 10**9


@pytest.mark.parametrize(
    ("family", "key", "value"),
    [
        ("bert", "num_hidden_layers", HUGE),
        ("bert", "num_hidden_layers", LAYERS + 1),
        ("bert", "intermediate_size", HUGE),
        ("bert", "num_labels", HUGE),
        ("bert", "pruned_heads", {str(i): [0] for i in range(LAYERS + 1)}),
        ("albert", "num_hidden_layers", HUGE),
        ("albert", "num_hidden_groups", HUGE),
        ("t5", "num_decoder_layers", HUGE),
        ("gpt_neo", "attention_types", [[["global", "local"], HUGE]]),
        ("gpt_neo", "max_position_embeddings", HUGE),
        ("llama", "head_dim", HUGE),
        ("llama", "rope_parameters", {"rope_theta": 10_000, "partial_rotary_factor": 1e9}),
        ("gpt_neox", "rotary_pct", 1e9),
    ],
)
def test_sizes_that_the_weights_do_not_have_are_refused_before_anything_is_built(
    copied, family, key, value
):
    folder = copied(family)
    change(folder / "config.json", **{key: value})
    asked = next(iter(set(value) - {"rope_theta"})) if key == "rope_parameters" else key
    assert "same model" in refused(folder, f"“{asked}” is .*; its weights allow").next_step


@pytest.mark.parametrize("file", ["1_Pooling", "3_Dense"])
def test_parts_wider_than_the_weights_are_refused(copied, file):
    folder = with_dense(copied("bert", make_sentence_transformer))
    key = "word_embedding_dimension" if file == "1_Pooling" else "in_features"
    change(folder / file / "config.json", **{key: HUGE})
    refused(folder, f"“{key}” is 1e.09; its weights allow")


# Folders and archives


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize("name", ["model.safetensors", "extra.txt", "folder"])
def test_links_are_refused(copied, tmp_path, name):
    folder = copied()
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(tmp_path if name == "folder" else tmp_path / "elsewhere")
    refused(folder, "link")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes among the files here")
def test_what_is_no_file_is_refused(copied):
    folder = copied()
    os.mkfifo(folder / "pipe.json")
    refused(folder, "no plain file")


def test_far_too_much_is_refused(copied, tmp_path, monkeypatch):
    folder = copied()
    (folder / "/".join(["deep"] * (MAX_DEPTH + 1))).mkdir(parents=True)
    refused(folder, "too deep")
    shutil.rmtree(folder / "deep")
    monkeypatch.setattr("core.base_models.sources.MAX_FILES", 3)
    refused(folder, "too many")
    monkeypatch.setattr("core.base_models.sources.MAX_FILES", MAX_FILES)
    with (folder / "huge.bin").open("wb") as huge:
        huge.truncate(10**12)
    refused(folder, "too large")


def test_a_name_longer_than_any_can_be_names_nothing(tmp_path):
    with pytest.raises(BaseModelMissingError, match="nothing at"):
        check(tmp_path / ("x" * 300))


def test_nothing_is_no_model(tmp_path):
    with pytest.raises(BaseModelMissingError, match="nothing at"):
        check(tmp_path / "nowhere")
    refused(tmp_path, "no config.json")
    (tmp_path / "notes.txt").write_text("no archive")
    refused(tmp_path / "notes.txt", "neither a folder nor a ZIP")


@pytest.mark.parametrize(
    "name", ["../evil.json", "/etc/evil.json", "a//b.json", "C:/evil.json", "a/../../b", "a\\..\\b"]
)
def test_names_that_leave_the_zip_are_refused(made, tmp_path, name):
    path = zipped(made(), tmp_path / "model.zip")
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, b"{}")
    refused(path, "outside")


def test_links_in_a_zip_are_refused(made, tmp_path):
    path = zipped(made(), tmp_path / "model.zip")
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("link.json")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, b"elsewhere")
    refused(path, "link")


def test_a_zip_with_a_password_is_refused(made, tmp_path):
    path = zipped(made(), tmp_path / "model.zip")
    content = bytearray(path.read_bytes())
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 8] |= 1
    path.write_bytes(content)
    refused(path, "password")


def test_a_packing_that_nobody_knows_is_refused(made, tmp_path):
    path = zipped(made(), tmp_path / "model.zip")
    content = bytearray(path.read_bytes())
    content[content.rfind(b"PK\x01\x02") + 10] = 97
    path.write_bytes(content)
    refused(path, "packed in a way")


def test_a_bomb_is_not_opened(made, tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for i in range(3):
            archive.writestr(f"model{i}.safetensors", bytes(60_000_000))
    refused(path, "unpacks to far more")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_in_a_zip_is_refused(made, tmp_path):
    path = zipped(made(), tmp_path / "model.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("config.json", b"{}")
    refused(path, "twice")


@pytest.mark.parametrize("place", [0.3, 0.6])
def test_a_damaged_zip_is_refused(made, tmp_path, place):
    path = zipped(made(), tmp_path / "model.zip")
    content = bytearray(path.read_bytes())
    for i in range(40):
        content[int(len(content) * place) + i] ^= 0xFF
    path.write_bytes(content)
    refused(path, "read to its end|damaged")
    path.write_bytes(content[: len(content) // 2])
    refused(path, "neither")


# Whatever comes


def mutated(file, data):
    """Change some bytes of a file, the way chance would."""
    content = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    return bytes(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["model_type", "vocab_size", "hidden_size", "num_hidden_layers", "auto_map", "weight_map",
     "max_position_embeddings", "quantization_config", "architectures", "dtype", "shape"]
)  # fmt: skip
FUZZ = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def only_words(folder):
    try:
        check(folder)
    except UserError as error:
        assert error.next_step  # noqa: PT017  # that it is a UserError is the test


@FUZZ
@given(st.data())
def test_chance_in_a_file_ends_in_words(made, tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("chance") / "model"
    shutil.copytree(made("bert", make_sentence_transformer), folder)
    names = ["config.json", "model.safetensors", "modules.json", "tokenizer.json"]
    file = folder / data.draw(st.sampled_from(names))
    file.write_bytes(mutated(file, data))
    only_words(folder)


@FUZZ
@given(st.dictionaries(KEYS, JSON), st.sampled_from(["config.json", "tokenizer_config.json"]))
def test_whatever_a_config_says_ends_in_words(made, tmp_path_factory, values, name):
    folder = tmp_path_factory.mktemp("config") / "model"
    shutil.copytree(made(), folder)
    change(folder / name, **values)
    only_words(folder)


@FUZZ
@given(JSON, st.binary(max_size=40))
def test_whatever_a_head_says_ends_in_words(made, tmp_path_factory, head, rest):
    folder = tmp_path_factory.mktemp("head") / "model"
    shutil.copytree(made(), folder)
    write_head(folder / "model.safetensors", {"a": head} if rest else head, rest)
    only_words(folder)


@FUZZ
@given(st.text())
def test_names_of_strangers_are_fit_for_folders_and_screens(name):
    kept = folder_name(name)
    assert "/" not in kept
    assert not kept.startswith(".")
    assert len(kept.encode()) <= 4 * 86
    assert shown(name).isprintable() or shown(name) == ""


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("EleutherAI/gpt-neo-125m", "gpt-neo-125m"),
        ("  my model ", "my model"),
        ("../..", ""),
        ("con", "con-model"),
        ("Fast", "Fast-model"),
        ("a:b|c", "a-b-c"),
        ("...", ""),
    ],
)
def test_a_name_becomes_a_folder(wish, name):
    assert folder_name(wish) == name
