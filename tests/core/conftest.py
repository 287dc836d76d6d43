"""An app to work on, for the tests of the engine."""

import json
import zlib

import numpy as np
import pytest

from core import cli
from core.app_folder import create_app_folder
from core.jobs import Job
from core.learning import embedders
from core.operations.add_texts import AddTextsRequest, add_texts


@pytest.fixture
def app(tmp_path):
    return create_app_folder("Messages", tmp_path / "messages")


@pytest.fixture
def db(app):
    with app.database() as opened:
        yield opened


class ImpatientJob(Job):
    """A job whose analyst stops it after some reports."""

    def __init__(self, patience):
        super().__init__()
        self._patience = patience

    def report(self, *args):
        if self._patience == 0:
            self.cancel()
        self._patience -= 1
        super().report(*args)


@pytest.fixture
def impatient():
    return ImpatientJob


class FakeEmbedder:
    """Embeds by the letters of a text: no weights, but texts with the same words are close."""

    name, identity, dim = "accurate", "fake-1", 64

    def encode(self, texts, job):
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for i, text in enumerate(job.track(texts, "Reading texts")):
            for word in text.lower().split():
                vectors[i, zlib.crc32(word.encode()) % self.dim] += 1
            vectors[i, 0] += 1e-3
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def fake_embedder(monkeypatch):
    """Let nothing load the real weights."""
    embedder = FakeEmbedder()
    monkeypatch.setattr(embedders, "load", lambda _name: embedder)
    return embedder


SPAM = (
    "win a free prize now",
    "claim your cash reward",
    "free entry win cash",
    "you won a prize",
    "urgent claim your free voucher",
    "cash prize waiting claim now",
    "win tickets free entry",
    "reward for you claim today",
    "free ringtone text now",
    "you have won a reward",
)
HAM = (
    "see you at eight tonight",
    "running late save me a seat",
    "call mum when you can",
    "lunch at noon tomorrow",
    "on my way home now",
    "the meeting is at ten",
    "can you bring milk home",
    "happy birthday dear friend",
    "where are you tonight",
    "thanks for dinner yesterday",
)


@pytest.fixture
def labelled_app(app):
    """An app with ten texts of spam and ten of ham."""
    for texts, concept in ((SPAM, "spam"), (HAM, "ham")):
        add_texts(app, AddTextsRequest(texts, (concept,)), Job())
    return app


@pytest.fixture
def many_mails(tmp_path):
    """A file of 2,000 texts of five concepts."""
    path = tmp_path / "mails.csv"
    lines = [f"text number {i} of many,c{i % 5}" for i in range(2_000)]
    path.write_text("\n".join(["text,label", *lines]), encoding="utf-8")
    return path


@pytest.fixture
def run(capsys):
    """Return a function that runs a command and gives what it printed."""

    def run(*words):
        status = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        assert (status, printed.err) == (0, "")
        return printed.out

    return run


@pytest.fixture
def run_json(run):
    """Return a function that runs a command with --json and gives the value."""
    return lambda *words: json.loads(run(*words, "--json"), parse_constant=pytest.fail)


@pytest.fixture
def refused(capsys):
    """Return a function that runs a command that must be refused; it gives the two sentences."""

    def refused(*words):
        status = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        assert (status, printed.out) == (1, "")
        what, next_step = printed.err.splitlines()
        assert what.endswith(".")
        assert next_step.endswith(".")
        return what, next_step

    return refused
