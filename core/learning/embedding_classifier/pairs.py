"""Counts known words and pairs of words in many texts at once, by their hashes.

What `ngrams.word_terms` names one by one is found side by side: words and single signs by where
runs of letters begin and end, their hashes by those of all beginnings of the text, and a pair by
the hashes of its two words.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, vstack

from core.learning.embedding_classifier.runs import (
    FACTOR,
    Hashes,
    KnownHashes,
    mixed,
    signs_of,
    some_at_once,
)

WORD, NEXT, AFTER_NEXT = (np.uint64(kind) for kind in (1, 2, 3))  # what a hash is of
NOTHING = np.uint64(0)  # the hash of what is before and behind a text
Columns = NDArray[np.int32]


class KnownWords:
    """The columns of known words, pairs of neighbours, and pairs with one word in between."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._n_terms = len(terms)
        parts = [term.split(" ") for term in terms]
        kinds = np.array([len(part) for part in parts], np.uint64)
        first = _hashes_of([part[0] for part in parts])
        last = _hashes_of([part[-1] if len(part) > 1 else "" for part in parts])
        self._known = KnownHashes(_together(first, last, kinds))

    def count(self, texts: Sequence[str]) -> csr_array:
        """Count the known terms, (n_texts, n_terms) float32."""
        rows = [self._count(some) for some in some_at_once(texts)]
        if not rows:
            return csr_array((0, self._n_terms), dtype=np.float32)
        return csr_array(vstack(rows, format="csr", dtype=np.float32))

    def _count(self, texts: Sequence[str]) -> csr_array:
        words, text_of = _words(texts)
        is_end = np.ones(len(words) + 1, bool)  # before a word: another text, or the beginning
        is_end[1:-1] = text_of[1:] != text_of[:-1]
        before = np.where(is_end[:-1], NOTHING, np.concatenate([[NOTHING], words[:-1]]))
        two_before = np.concatenate([[NOTHING], before[:-1]])
        last = np.flatnonzero(is_end[1:])
        empty = np.setdiff1d(np.arange(len(texts), dtype=np.int32), text_of)
        hashes = np.concatenate(
            [
                np.full(len(empty), AROUND_NOTHING),
                _together(words, NOTHING, WORD),
                _together(before, words, NEXT),
                _together(words[last], NOTHING, NEXT),
                _together(two_before, words, AFTER_NEXT)[~is_end[:-1]],
            ]
        )
        texts_of = np.concatenate([empty, text_of, text_of, text_of[last], text_of[~is_end[:-1]]])
        places, columns = self._known.find(hashes, np.ones(len(hashes), bool))
        ones = np.ones(len(places), np.float32)
        counts = coo_array((ones, (texts_of[places], columns)), (len(texts), self._n_terms))
        return csr_array(counts.tocsr())


def _words(texts: Sequence[str]) -> tuple[Hashes, Columns]:
    """Return the hash of each word or sign in the texts, and which text it is in."""
    signs = signs_of("\n".join(texts))
    text_of = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) + 1 for text in texts])
    kinds = _kinds(signs)
    is_letter, is_blank = kinds == LETTER, kinds == BLANK
    goes_on = np.zeros(len(signs), bool)
    goes_on[1:] = is_letter[1:] & is_letter[:-1]
    begins = np.flatnonzero(~is_blank & ~goes_on)
    ends_here = np.ones(len(signs), bool)
    ends_here[:-1] = ~goes_on[1:]
    ends = np.flatnonzero(~is_blank & ends_here) + 1
    return _of_parts(signs, begins, ends), text_of[begins]


LETTER, SIGN, BLANK = range(3)


def _kinds(signs: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return what each character is, as the expression of a token has it."""
    distinct, places = np.unique(signs, return_inverse=True)
    kinds = [_kind(chr(sign)) for sign in distinct.tolist()]
    return np.asarray(np.array(kinds, np.int64)[places])


def _kind(sign: str) -> int:
    if sign.isalnum() or sign == "_":
        return LETTER
    return BLANK if sign.isspace() else SIGN


def _of_parts(
    signs: NDArray[np.uint32], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> Hashes:
    """Return the hashes of parts of a text: the sum of its characters times powers, by length."""
    lengths = ends - begins
    if not len(begins):
        return np.empty(0, np.uint64)
    within = np.repeat(begins - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    places = np.arange(len(within)) + within
    from_begin = places - np.repeat(begins, lengths)
    powers = np.full(int(lengths.max()), FACTOR, np.uint64)
    powers[0] = 1
    powers = np.cumprod(powers, dtype=np.uint64)
    worth = (signs[places].astype(np.uint64) + np.uint64(1)) * powers[from_begin]
    sums = np.add.reduceat(worth, np.concatenate([[0], np.cumsum(lengths)[:-1]]))
    return mixed(sums, lengths.astype(np.uint64))


def _hashes_of(words: Sequence[str]) -> Hashes:
    """Return the hash of each word by itself; of no word, `NOTHING`."""
    lengths = np.array([len(word) for word in words], np.int64)
    ends = np.cumsum(lengths)
    is_one = lengths > 0
    found = np.zeros(len(words), np.uint64)
    found[is_one] = _of_parts(signs_of("".join(words)), (ends - lengths)[is_one], ends[is_one])
    return found


def _together(first: Hashes, second: Hashes | np.uint64, kind: Hashes | np.uint64) -> Hashes:
    """Return the hash of two words, or of one, as a term of a kind."""
    return mixed(first * FACTOR + second, kind)


AROUND_NOTHING = _together(np.zeros(1, np.uint64), NOTHING, NEXT)[0]  # of a text without words
