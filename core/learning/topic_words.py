"""The words that set a topic apart from the others, by which it is called."""

import math
import re
from collections import Counter
from collections.abc import Iterable

from core.learning.stop_words import STOP_WORDS

LONGEST, SHORTEST = 30, 3  # letters of a word
STEM = 5  # letters that two words share when one says nothing new beside the other
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def words_of(text: str) -> set[str]:
    """Return what a text may give a topic as its name: words, or pairs of signs without spaces."""
    words: set[str] = set()
    for run in UNSPACED.findall(text):
        words.update(run[i : i + 2] for i in range(len(run) - 1))
    for word in _WORD.findall(UNSPACED.sub(" ", text).casefold()):
        if SHORTEST <= len(word) <= LONGEST and word not in STOP_WORDS:
            words.add(word)
    return words


class TopicWords:
    """Counts in how many texts of each topic every word stands.

    The weight of a word in a topic is its share of the topic's words, times
    log(1 + words per topic / its number in all): the class-based TF-IDF of Grootendorst 2022
    (BERTopic, arXiv:2203.05794), counted by texts so that one text does not name a topic.
    """

    def __init__(self, n_topics: int) -> None:
        """Count nothing yet."""
        self._counts: list[Counter[str]] = [Counter() for _topic in range(n_topics)]
        self._n_texts = [0] * n_topics

    def add(self, texts: Iterable[str], topics: Iterable[int]) -> None:
        """Count texts of these topics."""
        for text, topic in zip(texts, topics, strict=True):
            if topic >= 0:
                self._counts[topic].update(words_of(text))
                self._n_texts[topic] += 1

    def best(self, most: int) -> list[tuple[str, ...]]:
        """Return the words that set each topic apart, the strongest first."""
        everywhere: Counter[str] = Counter()
        for counts in self._counts:
            everywhere.update(counts)
        per_topic = everywhere.total() / max(1, len(self._counts))
        return [
            self._best_of(counts, everywhere, per_topic, n_texts, most)
            for counts, n_texts in zip(self._counts, self._n_texts, strict=True)
        ]

    def _best_of(
        self,
        counts: Counter[str],
        everywhere: Counter[str],
        per_topic: float,
        n_texts: int,
        most: int,
    ) -> tuple[str, ...]:
        total = max(1, counts.total())
        least = 2 if n_texts > SHORTEST else 1
        weights = {
            word: n / total * math.log(1 + per_topic / everywhere[word])
            for word, n in counts.items()
            if n >= least
        }
        chosen: list[str] = []
        for word in sorted(weights, key=lambda word: (-weights[word], word)):
            if not any(_is_alike(word, other) for other in chosen):
                chosen.append(word)
            if len(chosen) == most:
                break
        return tuple(chosen)


def _is_alike(word: str, other: str) -> bool:
    """Tell whether two words are forms of one, as far as their beginning says."""
    if UNSPACED.match(word):
        return bool(set(word) & set(other))
    shared = min(len(word), len(other))
    return word[:shared] == other[:shared] or (shared > STEM and word[:STEM] == other[:STEM])
