import random
from collections import Counter

import numpy as np
import pytest

from core.learning.embedding_classifier.ngrams import CHARACTERS, character_terms, word_terms
from core.learning.embedding_classifier.pairs import KnownWords
from core.learning.embedding_classifier.runs import KnownRuns

ODD = ["", "  ", "a", "a b", "中文 字", "😀 x", "é" * 3, "a\u3000b", "x\ud800y", "ab ab ab"]


def counted_one_by_one(texts, runs, terms=character_terms):
    column = {run: i for i, run in enumerate(runs)}
    counts = np.zeros((len(texts), len(runs)), np.float32)
    for row, text in zip(counts, texts, strict=True):
        for run, count in Counter(terms(text)).items():
            if run in column:
                row[column[run]] = count
    return counts


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_runs_are_counted_side_by_side_as_one_by_one(share):
    rng = random.Random(0)
    made = ["".join(rng.choices("abé 中😀-", k=rng.randrange(60))) for _ in range(200)]
    texts = ODD + made
    everything = sorted({run for text in texts for run in character_terms(text)})
    runs = rng.sample(everything, round(share * len(everything)))
    found = KnownRuns(runs, CHARACTERS).count(texts)
    assert (found.toarray() == counted_one_by_one(texts, runs)).all()


def test_long_texts_are_counted_in_parts(monkeypatch):
    monkeypatch.setattr("core.learning.embedding_classifier.runs.CHARS_AT_ONCE", 10)
    texts = ["one two three", "four", "", "five six seven eight"] * 3
    runs = ["ee", " f", "five", "x"]
    found = KnownRuns(runs, CHARACTERS).count(texts)
    assert (found.toarray() == counted_one_by_one(texts, runs)).all()


def test_no_runs_and_no_texts_are_counted_too():
    assert KnownRuns([], CHARACTERS).count(["abc"]).shape == (1, 0)
    assert KnownRuns(["ab"], CHARACTERS).count([]).shape == (0, 1)


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_words_and_pairs_are_counted_side_by_side_as_one_by_one(share):
    rng = random.Random(0)
    signs = "ab_é 中😀-*. \n\t٣"
    made = ["".join(rng.choices(signs, k=rng.randrange(40))) for _ in range(200)]
    texts = [*ODD, "* * *", "a * b", "a*b", "", *made, ""]
    everything = sorted({term for text in texts for term in word_terms(text)})
    terms = rng.sample(everything, round(share * len(everything)))
    found = KnownWords(terms).count(texts)
    assert (found.toarray() == counted_one_by_one(texts, terms, word_terms)).all()


def test_long_words_that_begin_alike_are_told_apart():
    words = ["heard", "heart", "called", "caller", "psychiatrist", "psychologist"]
    words += [f"0871246{i:05}" for i in range(2_000)]
    found = KnownWords(words).count(words)
    assert (found.indices == np.arange(len(words))).all()
    assert (found.data == 1).all()


def test_no_words_are_counted_too():
    assert KnownWords([]).count(["a b"]).shape == (1, 0)
    assert KnownWords(["a"]).count([]).shape == (0, 1)
    assert KnownWords(["a"]).count(["", " "]).nnz == 0
