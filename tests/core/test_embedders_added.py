"""Added base models as embedders: read as their own library does, and distilled into fast ones."""

import json

import numpy as np
import pytest

from core.base_models import READER, add_base_model
from core.jobs import Job, JobCancelled
from core.learning import embedders
from core.learning.embedders.own_pass import can_read
from core.learning.embedders.sentence_transformer import SentenceEmbedder
from tests.core.tiny_models import HIDDEN, SENTENCES, make_sentence_transformer, make_tiny

TEXTS = [*SENTENCES, "", "card " * 30, "\ud800", "我没收到卡"]
# On processors with bf16 instructions both are rounded, to 8 significant bits.
SAME = 0.9995


@pytest.fixture
def added(tmp_path):
    """Return a function that makes a tiny model and adds it."""

    def added(family="mpnet", make=make_sentence_transformer, name="mine", **options):
        return add_base_model(make(tmp_path / name, family, **options), Job())

    return added


def library_reads(model, texts):
    from sentence_transformers import SentenceTransformer

    library = SentenceTransformer(str(model.folder), device="cpu", local_files_only=True)
    return library.encode(texts, normalize_embeddings=True, show_progress_bar=False)


@pytest.mark.parametrize(
    "family", ["bert", "mpnet", "distilbert", "xlm-roberta", "modernbert", "t5"]
)
@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
def test_added_models_read_as_their_library_does(added, family, pooling):
    model = added(family, pooling=pooling)
    texts = [text for text in TEXTS if text != "\ud800"]
    embeddings = embedders.load("mine").encode(texts, Job())
    assert embeddings.shape == (len(texts), HIDDEN)
    assert (embeddings * library_reads(model, texts)).sum(axis=1).min() >= SAME


def test_a_plain_encoder_gives_the_mean_of_its_states(added):
    added("roberta", make_tiny)
    embeddings = embedders.load("mine").encode(TEXTS, Job())
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)


def test_a_dense_layer_does_its_work(added, tmp_path):
    from tests.core.test_base_model_checks import with_dense

    folder = with_dense(make_sentence_transformer(tmp_path / "dense"))
    weights = folder / "3_Dense" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    made = np.random.default_rng(5).normal(size=(16, HIDDEN)).astype(np.float32)
    content[-made.nbytes :] = made.tobytes()
    weights.write_bytes(content)
    model = add_base_model(folder, Job())
    texts = list(SENTENCES)
    embeddings = embedders.load("dense").encode(texts, Job())
    assert embeddings.shape == (len(texts), 16)
    assert (embeddings * library_reads(model, texts)).sum(axis=1).min() >= SAME


def test_a_bert_with_averaged_states_is_read_by_our_own_pass(added):
    model = added("bert")
    embedder = embedders.load("mine")
    assert isinstance(embedder, SentenceEmbedder)
    assert (embedder.name, embedder.dim) == ("mine", HIDDEN)
    assert model.identity in embedder.identity


@pytest.mark.parametrize(
    ("file", "values"),
    [
        ("config.json", {"hidden_act": "relu"}),
        ("config.json", {"position_embedding_type": "relative_key"}),
        ("sentence_bert_config.json", {"do_lower_case": True}),
        ("sentence_bert_config.json", {"max_seq_length": None}),
        ("1_Pooling/config.json", {"pooling_mode_max_tokens": True}),
        ("1_Pooling/config.json", {"pooling_mode": "cls"}),
    ],
)
def test_other_berts_are_left_to_the_library(added, file, values):
    model = added("bert")
    assert can_read(model)
    path = model.folder / file
    path.write_text(json.dumps(json.loads(path.read_text()) | values))
    assert not can_read(model)


def test_a_long_text_is_averaged_over_its_windows_and_not_cut(added):
    added("mpnet")
    first, second = "parcel late box damaged " * 30, "prize claim cash reward " * 30
    whole, head = embedders.load("mine").encode([first + second, first], Job())
    assert whole @ head < 0.999


def test_a_text_has_the_same_embedding_whatever_comes_with_it(added):
    added("distilbert")
    embedder = embedders.load("mine")
    together = embedder.encode(TEXTS, Job())
    alone = np.concatenate([embedder.encode([text], Job()) for text in TEXTS])
    assert (together * alone).sum(axis=1).min() >= SAME


@pytest.mark.parametrize("family", ["bert", "xlm-roberta", "deberta-v2"])
def test_an_added_model_is_distilled_into_a_fast_one(added, tmp_path, family):
    model = added(family)
    fast = embedders.load("fast:mine", home=tmp_path)
    embeddings = fast.encode(TEXTS, Job())
    assert (fast.name, fast.dim) == ("fast:mine", HIDDEN)
    assert embeddings.shape == (len(TEXTS), HIDDEN)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)
    assert (tmp_path / "embedders" / embedders.fast_file(model.identity)).is_file()
    assert fast.identity != embedders.load("mine").identity


@pytest.mark.parametrize("patience", [0, 1, 2])
def test_reading_and_distilling_can_be_stopped(added, tmp_path, impatient, patience):
    added("mpnet")
    with pytest.raises(JobCancelled):
        embedders.load("mine").encode(["card " * 50] * 300, impatient(patience))
    with pytest.raises(JobCancelled):
        embedders.load("fast:mine", home=tmp_path).encode(["card"], impatient(patience))
    assert not list(tmp_path.glob("embedders/*"))


def test_identities_differ_with_weights_and_pooling(added):
    models = [
        added("mpnet", name="a"),
        added("mpnet", name="b", pooling="cls"),
        added("mpnet", name="c", seed=7),
    ]
    assert len({embedders.load(model.name).identity for model in models}) == 3


def test_a_model_that_writes_does_not_read(added):
    added("gpt2", make_tiny)
    with pytest.raises(embedders.NotAReaderError, match="mine") as raised:
        embedders.load("mine")
    assert "accurate, fast" in raised.value.next_step
    with pytest.raises(embedders.NotAReaderError):
        embedders.load("fast:mine")


def test_the_names_that_can_be_loaded_are_listed(added):
    added("mpnet", name="mine")
    added("gpt2", make_tiny, name="writer")
    assert embedders.list_names() == ["accurate", "fast", "mine"]
    with pytest.raises(embedders.UnknownEmbedderError, match="yours") as raised:
        embedders.load("yours")
    assert "mine" in raised.value.next_step


@pytest.mark.weights
def test_the_built_in_reader_has_its_full_name_too(tmp_path):
    assert embedders.load(READER) is embedders.load("accurate")
    fast = embedders.load("fast", home=tmp_path)
    assert embedders.load(f"fast:{READER}", home=tmp_path) is fast
