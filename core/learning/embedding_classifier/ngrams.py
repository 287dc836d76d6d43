"""From a text to the n-grams of its words and characters, weighted by how telling they are."""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array, hstack

from core.i18n import _
from core.jobs import Job
from core.learning.embedding_classifier.pairs import KnownWords
from core.learning.embedding_classifier.runs import KnownRuns
from core.learning.splits import Floats, normalised

TOKEN = re.compile(r"\w+|[^\w\s]")
CHARACTERS = range(2, 6)  # lengths of character n-grams; from 2, as Chinese words are short
READ_CHARACTERS = 20_000  # of one text; what follows rarely changes what it is about
MOST_TERMS = 100_000  # of one kind; the rarest are forgotten first
MANY_TEXTS = 1_000  # from here on, a term of a single text is forgotten
TEXTS_PER_REPORT = 500

Terms = Callable[[str], Iterable[str]]


def word_terms(text: str) -> Iterable[str]:
    """Return words and punctuation marks, pairs of neighbours, and pairs with one in between.

    Where the text begins and ends counts as a neighbour.
    """
    tokens: list[str] = TOKEN.findall(text)
    bounded = ["", *tokens, ""]
    pairs = [f"{left} {right}" for left, right in pairwise(bounded)]
    apart = [f"{left} * {right}" for left, right in zip(bounded, tokens[1:], strict=False)]
    return [*tokens, *pairs, *apart]


def character_terms(text: str) -> Iterator[str]:
    """Yield the runs of 2 to 5 characters within words, whose ends count as a space."""
    for word in text.split():
        padded = f" {word} "
        for length in CHARACTERS:
            if length > len(padded):
                break
            for start in range(len(padded) - length + 1):
                yield padded[start : start + length]


KINDS: dict[str, Terms] = {"words": word_terms, "characters": character_terms}


@dataclass(frozen=True)
class Vocabulary:
    """The terms of one kind that are known, and how telling each is.

    Attributes:
        kind: a key of `KINDS`.
        terms: their column is their position.
        idf: (n_terms,) smoothed inverse document frequency, as scikit-learn's default.
    """

    kind: str
    terms: tuple[str, ...]
    idf: Floats

    def weigh(self, texts: Sequence[str]) -> csr_array:
        """Return the weights of the known terms in normalised texts, rows of unit length."""
        return _weigh(self._known.count(texts), self.idf)

    @cached_property
    def _known(self) -> KnownWords | KnownRuns:
        is_of_words = self.kind == "words"
        return KnownWords(self.terms) if is_of_words else KnownRuns(self.terms, CHARACTERS)


@dataclass(frozen=True)
class NgramSpace:
    """Both kinds of terms side by side, words first; a column is a term."""

    words: Vocabulary
    characters: Vocabulary

    @property
    def n_terms(self) -> int:
        """Return the number of columns."""
        return len(self.words.terms) + len(self.characters.terms)

    def weigh(self, texts: Sequence[str], job: Job, stage: str) -> csr_array:
        """Return the weights of the terms in the texts, (n_texts, n_terms)."""
        rows = []
        for start in range(0, len(texts), TEXTS_PER_REPORT):
            job.report(stage, start, len(texts))
            some = [readable(text) for text in texts[start : start + TEXTS_PER_REPORT]]
            rows.append(_beside([self.words.weigh(some), self.characters.weigh(some)]))
        return _below(rows) if rows else csr_array((0, self.n_terms), dtype=np.float32)


def readable(text: str) -> str:
    """Return as much of the text as is read, in the form in which terms are found."""
    return normalised(text[:READ_CHARACTERS])


def fit_ngrams(texts: Sequence[str], job: Job) -> tuple[NgramSpace, csr_array]:
    """Find the terms worth knowing in the texts, and weigh them; labels play no part in it."""
    found = [_fit_kind(kind, [readable(text) for text in texts], job) for kind in KINDS]
    (words, of_words), (characters, of_characters) = found
    return NgramSpace(words, characters), _beside([of_words, of_characters])


def _fit_kind(kind: str, texts: Sequence[str], job: Job) -> tuple[Vocabulary, csr_array]:
    columns: defaultdict[str, int] = defaultdict(lambda: len(columns))
    counted = []
    for start in range(0, len(texts), TEXTS_PER_REPORT):
        job.report(_("Reading texts"), start, len(texts))
        counted.append(_count(texts[start : start + TEXTS_PER_REPORT], KINDS[kind], columns))
    for counts in counted:
        counts.resize((counts.shape[0], len(columns)))
    counts = _below(counted)
    n_texts_with = np.bincount(counts.indices, minlength=len(columns))
    kept = _kept(n_texts_with, len(texts))
    terms = np.array(list(columns), dtype=object)[kept]
    idf = (np.log((1 + len(texts)) / (1 + n_texts_with[kept])) + 1).astype(np.float32)
    return Vocabulary(kind, tuple(terms), idf), _weigh(counts[:, kept], idf)


def _kept(n_texts_with: np.ndarray, n_texts: int) -> np.ndarray:
    """Return the columns worth keeping, in their order: in enough texts, the commonest first."""
    enough = np.flatnonzero(n_texts_with >= (2 if n_texts >= MANY_TEXTS else 1))
    commonest = np.argsort(-n_texts_with[enough], kind="stable")[:MOST_TERMS]
    return np.sort(enough[commonest])


def _count(texts: Sequence[str], terms: Terms, columns: defaultdict[str, int]) -> csr_array:
    """Count terms per text and learn new ones."""
    indices, counts, ends = array("i"), array("f"), [0]
    for text in texts:
        for term, count in Counter(terms(text)).items():
            indices.append(columns[term])
            counts.append(count)
        ends.append(len(indices))
    content = (np.frombuffer(counts, np.float32), np.frombuffer(indices, np.int32), ends)
    return csr_array(content, shape=(len(texts), len(columns)), dtype=np.float32)


def _weigh(counts: csr_array, idf: Floats) -> csr_array:
    """Turn counts into (1 + log count) * idf, rows of unit length."""
    weights = counts.astype(np.float32)
    weights.data = (1 + np.log(weights.data)) * idf[weights.indices]
    lengths = np.sqrt(np.add.reduceat(np.append(weights.data**2, 0.0), weights.indptr[:-1]))
    n_found = np.diff(weights.indptr)
    lengths[n_found == 0] = 1.0
    weights.data = (weights.data / np.repeat(lengths, n_found)).astype(np.float32)
    return weights


def _beside(blocks: Sequence[csr_array]) -> csr_array:
    return csr_array(hstack(blocks, format="csr", dtype=np.float32))


def _below(blocks: Sequence[csr_array]) -> csr_array:
    from scipy.sparse import vstack

    return csr_array(vstack(blocks, format="csr", dtype=np.float32))
