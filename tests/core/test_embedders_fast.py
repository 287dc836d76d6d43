import numpy as np
import pytest
import torch

from core.errors import NotWritableError
from core.jobs import Job, JobCancelled
from core.learning.embedders import base_model_folder, distillation
from core.learning.embedders.distillation import distill, frequency_weights, principal_components
from core.learning.embedders.reading import load_tokenizer
from core.learning.embedders.static import StaticEmbedder, read_vectors, write_vectors
from core.learning.embedders.transformer import Transformer

DIM = 8
WORDS = ["[PAD]", "[UNK]", ".", "card", "cards", "parcel", "late"]


class Preparing:
    """Stands in for the distillation, and counts how often it is asked."""

    def __init__(self):
        self.n_times = 0

    def __call__(self, job):
        job.report("Preparing", 0, 1)
        self.n_times += 1
        return torch.eye(len(WORDS), DIM) + 0.1


@pytest.fixture
def preparing():
    return Preparing()


@pytest.fixture
def make(tmp_path, preparing):
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {word: i for i, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    file = tmp_path / "embedders" / "fast-test-1.safetensors"
    return lambda: StaticEmbedder(file, DIM, tokenizer, preparing)


def test_the_vectors_are_prepared_once_and_then_read_from_disk(make, preparing):
    texts = ["card late", "parcel", "", "unheard of"]

    first = make().encode(texts, Job())
    again = make().encode(texts, Job())

    assert preparing.n_times == 1
    np.testing.assert_array_equal(first, again)
    np.testing.assert_allclose(np.linalg.norm(first, axis=1), 1, atol=1e-6)


def test_nothing_is_prepared_before_there_is_something_to_read_for(make, preparing):
    embedder = make()

    assert (embedder.dim, embedder.identity, preparing.n_times) == (DIM, "fast-test-1", 0)


def test_no_texts_give_no_embeddings(make):
    assert make().encode([], Job()).shape == (0, DIM)


def test_an_embedding_is_the_mean_of_its_token_vectors(make, preparing):
    embedding = make().encode(["card card parcel"], Job())[0]

    card, parcel = preparing(Job())[3], preparing(Job())[5]
    mean = (2 * card + parcel).numpy()
    np.testing.assert_allclose(embedding, mean / np.linalg.norm(mean), atol=1e-3)


@pytest.mark.parametrize("damage", [b"", b"no vectors", None])
def test_a_damaged_file_is_made_anew(make, preparing, damage):
    embedder = make()
    before = embedder.encode(["card"], Job())
    file = embedder._file
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if damage is None else damage)

    after = make().encode(["card"], Job())

    assert preparing.n_times == 2
    np.testing.assert_array_equal(before, after)
    assert file.read_bytes() == whole


def test_a_stopped_preparation_leaves_nothing_behind(make, tmp_path):
    job = Job()
    job.cancel()

    with pytest.raises(JobCancelled):
        make().encode(["card"], job)

    assert list(tmp_path.rglob("*")) == []


def test_a_folder_that_may_not_be_written_to_is_named(tmp_path, monkeypatch):
    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(NotWritableError, match="embedders"):
        write_vectors(tmp_path / "embedders" / "fast.safetensors", torch.ones(2, 2))


def test_a_file_that_is_not_there_has_no_vectors(tmp_path):
    assert read_vectors(tmp_path / "nothing.safetensors") is None


def test_principal_components_do_not_depend_on_the_last_bits():
    made = torch.Generator().manual_seed(0)
    vectors = torch.randn(500, 12, generator=made) * torch.arange(1.0, 13.0)
    nearly = vectors * (1 + 1e-6 * torch.randn(500, 12, generator=made))

    same = torch.cosine_similarity(
        principal_components(vectors, 8), principal_components(nearly, 8)
    )

    assert same.min() > 0.9999


def test_frequent_tokens_weigh_less():
    weights = frequency_weights(30_522)

    assert weights.shape == (30_522, 1)
    assert weights[2_000] < weights[5_000] < weights[30_000] <= 1


@pytest.mark.weights
def test_every_token_of_the_vocabulary_gets_a_vector(monkeypatch):
    def sum_ids(_transformer, windows):
        made = torch.Generator().manual_seed(windows[0][1])
        return torch.randn(len(windows), 384, generator=made)

    monkeypatch.setattr(Transformer, "sum_states", sum_ids)

    vectors = distill(base_model_folder(), Job())

    n_tokens = load_tokenizer(base_model_folder()).get_vocab_size()
    assert vectors.shape == (n_tokens, distillation.DIM)
    assert vectors.isfinite().all()
