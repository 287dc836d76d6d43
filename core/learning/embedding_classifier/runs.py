"""Counts known runs of characters in many texts at once: the slow half of reading n-grams.

Every run is hashed to 64 bits, character by character for all texts side by side, and looked up
in a table of the known ones. It finds what counting one by one finds; two of the runs that occur
in a text would have to share all 64 bits to be mistaken for each other.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, vstack

from core.learning.splits import Ints

Hashes = NDArray[np.uint64]

SPACE = ord(" ")
FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no character is lost at the upper end
AFTER = np.uint64(0xD6E8FEB86659FD93)  # mixes the upper bits, by which the table is parted
CHARS_AT_ONCE = 1 << 18
EMPTY_PARTS = 3  # bits by which the table has more parts than runs, so that most are empty


class KnownHashes:
    """Finds the columns of known hashes."""

    def __init__(self, hashes: Hashes) -> None:
        n_bits = max(1, len(hashes)).bit_length() + EMPTY_PARTS
        self._shift = np.uint64(64 - n_bits)
        parts = (hashes >> self._shift).astype(np.int64)
        self._columns = np.argsort(parts, kind="stable").astype(np.int32)
        self._hashes = hashes[self._columns]
        n_in = np.bincount(parts, minlength=1 << n_bits)
        self._begins = np.concatenate([[0], np.cumsum(n_in)]).astype(np.int32)
        self._n_in = n_in.astype(np.uint8)

    def find(self, hashes: Hashes, which: NDArray[np.bool_]) -> tuple[Ints, NDArray[np.int32]]:
        """Return the places of those that are known, and their columns."""
        parts = (hashes >> self._shift).astype(np.int64)
        places = np.flatnonzero(which & (self._n_in[parts] > 0))
        parts, hashes = parts[places], hashes[places]
        found_places, found_columns = [], []
        for nth in range(int(self._n_in.max(initial=0))):
            there = self._begins[parts] + nth
            is_it = self._hashes[there] == hashes
            found_places.append(places[is_it])
            found_columns.append(self._columns[there[is_it]])
            more = ~is_it & (self._n_in[parts] > nth + 1)
            places, parts, hashes = places[more], parts[more], hashes[more]
        if not found_places:
            return places[:0], np.empty(0, np.int32)
        return np.concatenate(found_places), np.concatenate(found_columns)


class KnownRuns:
    """The columns of known runs.

    Attributes:
        lengths: of runs, in characters; ascending.
    """

    def __init__(self, runs: Sequence[str], lengths: range) -> None:
        self.lengths = lengths
        self._n_runs = len(runs)
        self._known = KnownHashes(_hashes_of(runs))

    def count(self, texts: Sequence[str]) -> csr_array:
        """Count the known runs within the words of texts, whose ends count as a space.

        Returns:
            (n_texts, n_runs) float32.
        """
        rows = [self._count(some) for some in some_at_once(texts)]
        if not rows:
            return csr_array((0, self._n_runs), dtype=np.float32)
        return csr_array(vstack(rows, format="csr", dtype=np.float32))

    def _count(self, texts: Sequence[str]) -> csr_array:
        padded = [f" {'  '.join(words)} " if (words := text.split()) else "" for text in texts]
        signs = signs_of("".join(padded))
        text_of = np.repeat(np.arange(len(texts), dtype=np.int32), list(map(len, padded)))
        is_space = signs == SPACE
        begins = is_space.copy()
        begins[1:] &= is_space[:-1]
        if len(begins):
            begins[0] = True
        word_of = np.cumsum(begins, dtype=np.int32)
        found_texts, found_columns = [], []
        for length, hashes in _rolling(signs, self.lengths):
            ends = slice(length - 1, None)
            within = word_of[: len(hashes)] == word_of[ends]
            places, columns = self._known.find(hashes, within)
            found_texts.append(text_of[places])
            found_columns.append(columns)
        where = (np.concatenate(found_texts), np.concatenate(found_columns))
        ones = np.ones(len(where[0]), np.float32)
        counts = coo_array((ones, where), shape=(len(texts), self._n_runs))
        return csr_array(counts.tocsr())


def some_at_once(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the texts in parts that bound the memory that they take."""
    start = n_chars = 0
    for i, text in enumerate(texts):
        n_chars += len(text)
        if n_chars > CHARS_AT_ONCE:
            yield texts[start : i + 1]
            start, n_chars = i + 1, 0
    if start < len(texts):
        yield texts[start:]


def signs_of(text: str) -> NDArray[np.uint32]:
    """Return the characters of a text as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _rolling(signs: NDArray[np.uint32], lengths: range) -> Iterator[tuple[int, Hashes]]:
    """Yield each length with the hashes of all runs of it, by where they begin."""
    wide = signs.astype(np.uint64) + np.uint64(1)
    hashes = np.zeros(len(wide), np.uint64)
    for length in range(1, lengths.stop):
        n_runs = max(0, len(wide) - length + 1)
        hashes = hashes[:n_runs] * FACTOR + wide[length - 1 :][:n_runs]
        if length in lengths:
            yield length, mixed(hashes, np.uint64(length))


def mixed(hashes: Hashes, kind: Hashes | np.uint64) -> Hashes:
    """Return hashes of hashes and of what they are of, evenly spread."""
    spread = (hashes + kind) * AFTER
    spread ^= spread >> np.uint64(29)
    spread *= FACTOR
    return spread


def _hashes_of(runs: Sequence[str]) -> Hashes:
    """Return the hash of each run by itself."""
    hashes = np.zeros(len(runs), np.uint64)
    by_length: dict[int, list[int]] = {}
    for i, run in enumerate(runs):
        by_length.setdefault(len(run), []).append(i)
    for length, places in by_length.items():
        signs = signs_of("".join(runs[i] for i in places)).reshape(len(places), length)
        wide = signs.astype(np.uint64) + np.uint64(1)
        found = np.zeros(len(places), np.uint64)
        for k in range(length):
            found = found * FACTOR + wide[:, k]
        hashes[places] = mixed(found, np.uint64(length))
    return hashes
