"""How good written answers are: against the right ones, and against copying the text.

Answers are compared after Unicode is composed and white space is made one space. What can be said
of one answer is said of each; BLEU only of all together.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torchmetrics import Metric
from torchmetrics.functional.text import rouge_score
from torchmetrics.text import SacreBLEUScore

from core.i18n import N_, _
from core.jobs import Job
from core.learning.intervals import INTERVAL, Doubles, Estimate, estimate
from core.learning.resampling import draws
from core.learning.text_to_text import letters
from core.written_words import MEASURES

_PER_ROW = ("exact_match", "token_f1", "rouge_l", "chrf")
_MEANS = ("exact_match", "token_f1", "rouge_l")  # of all is the mean over the rows
COMPARING = N_("Comparing answers")
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class TextMeasures:
    """Scores of answers, all in [0, 1], higher is better.

    Attributes:
        scores: of all answers together, each with its 95 % interval, by the keys of `MEASURES`.
        copying: the same of the texts themselves, taken as the answers; what a model that has
            learned nothing would reach.
        rows: (n_answers,) of each answer, by the keys of `MEASURES` but BLEU.
        worst: places of the answers, the worst first: by common letters, which tell apart where
            words do not.
    """

    scores: Mapping[str, Estimate]
    copying: Mapping[str, float]
    rows: Mapping[str, tuple[float, ...]]
    worst: tuple[int, ...]


def measure(
    texts: Sequence[str],
    answers: Sequence[str],
    targets: Sequence[str],
    *,
    seed: int,
    job: Job | None = None,
) -> TextMeasures:
    """Score answers.

    Args:
        texts: what was answered; "" leaves copying at 0.
        answers: what the model wrote.
        targets: the right answers, one for each.
        seed: of the resampling behind the intervals.
        job: told how far it is.

    Raises:
        ValueError: there are no answers, or not as many as texts and right answers.
        JobCancelled: the analyst asked to stop.
    """
    if not answers or len({len(texts), len(answers), len(targets)}) > 1:
        raise ValueError(f"{len(texts)} texts, {len(answers)} answers, {len(targets)} targets")
    job = job or Job()
    n_all = 2 * len(answers)
    copied, right = _compared(texts), _compared(targets)
    counted = _Counted.of(_compared(answers), right, lambda n: _tell(job, n, n_all))
    baseline = _Counted.of(copied, right, lambda n: _tell(job, len(answers) + n, n_all))
    rows = {name: tuple(values.tolist()) for name, values in counted.rows.items()}
    order = np.lexsort((np.arange(len(answers)), counted.rows["token_f1"], counted.rows["chrf"]))
    return TextMeasures(
        scores=_estimates(counted, seed, job),
        copying=baseline.totals(np.ones(len(answers))),
        rows=rows,
        worst=tuple(order.tolist()),
    )


def _tell(job: Job, n_done: int, n_all: int) -> None:
    job.report(_(COMPARING), n_done, n_all)


def _compared(texts: Sequence[str]) -> list[str]:
    return [normalized(text) for text in texts]


def normalized(text: str) -> str:
    """Return a text with its Unicode composed and each white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def words_of(text: str) -> list[str]:
    """Return the words and signs of a text, in lower case, of any script."""
    return _WORD.findall(text.casefold())


def token_f1(answer: str, target: str) -> float:
    """Return how far two texts have the same words, in [0, 1], whatever their order.

    References:
        Rajpurkar et al. 2016, SQuAD, arXiv:1606.05250, section 6.1; without its English articles.
    """
    found, wanted = Counter(words_of(answer)), Counter(words_of(target))
    if not found or not wanted:
        return float(found == wanted)
    common = (found & wanted).total()
    return 2 * common / (found.total() + wanted.total())


def _rouge_l(answer: str, target: str) -> float:
    found = rouge_score(
        answer,
        target,
        rouge_keys="rougeL",
        normalizer=lambda text: text,
        tokenizer=words_of,
    )
    return float(found["rougeL_fmeasure"])


@dataclass(frozen=True)
class _Counted:
    """What is counted in each answer, so that any choice of answers can be scored.

    Attributes:
        rows: (n_answers,) of each answer.
        chrf, bleu: (n_answers, n_counts) what they count.
    """

    rows: Mapping[str, Doubles]
    chrf: Doubles
    bleu: Doubles
    _phrases: "_Corpus"

    @classmethod
    def of(
        cls, answers: Sequence[str], targets: Sequence[str], tick: Callable[[int], None]
    ) -> "_Counted":
        phrases = _Corpus(SacreBLEUScore(tokenize="13a", compute_with_cache=False))
        rows: dict[str, list[float]] = {name: [] for name in _PER_ROW}
        counts, bleu = [], []
        for done, (answer, target) in enumerate(zip(answers, targets, strict=True)):
            tick(done)
            rows["exact_match"].append(float(answer == target))
            rows["token_f1"].append(token_f1(answer, target))
            rows["rouge_l"].append(_rouge_l(answer, target) if answer and target else 0.0)
            counts.append(letters.counts_of(answer, target))
            rows["chrf"].append(float(letters.chrf(counts[-1])))
            bleu.append(phrases.count(answer, target))
        arrays = {name: np.array(values, np.float64) for name, values in rows.items()}
        return cls(arrays, np.stack(counts), np.stack(bleu), phrases)

    def totals(self, weights: Doubles) -> dict[str, float]:
        """Return the scores of all answers, (n_answers,) weights saying how often each counts."""
        total = weights.sum()
        means = {name: float(weights @ self.rows[name] / total) for name in _MEANS}
        return means | {
            "chrf": float(letters.chrf(weights @ self.chrf)),
            "bleu": self._phrases.score(weights @ self.bleu),
        }


def _estimates(counted: _Counted, seed: int, job: Job) -> dict[str, Estimate]:
    n = len(counted.chrf)
    values = counted.totals(np.ones(n))
    drawn: dict[str, list[float]] = {name: [] for name in MEASURES}
    for weights in draws(np.zeros(n, np.int64), seed):
        job.report(_(COMPARING))
        for column in weights.T.astype(np.float64):
            for name, value in counted.totals(column).items():
                drawn[name].append(value)
    return {
        name: estimate(values[name], np.quantile(drawn[name], INTERVAL), n) for name in MEASURES
    }


class _Corpus:
    """A score of torchmetrics, taken apart into what it counts of each answer."""

    def __init__(self, metric: Metric) -> None:
        self._metric = metric

    def count(self, answer: str, target: str) -> Doubles:
        """Return all that is counted in one answer, one number after the other."""
        self._metric.reset()
        self._metric.update([answer], [[target]])
        states = [state.reshape(-1) for state in self._states().values()]
        return np.asarray(torch.cat(states).double().numpy())

    def score(self, counts: Doubles) -> float:
        """Return the score of the answers whose counts were added up."""
        place = 0
        for name, state in self._states().items():
            part = torch.from_numpy(counts[place : place + state.numel()]).to(state.dtype)
            setattr(self._metric, name, part.reshape(state.shape))
            place += state.numel()
        return float(self._metric.compute())

    def _states(self) -> dict[str, torch.Tensor]:
        return {
            name: state
            for name, state in self._metric.metric_state.items()
            if isinstance(state, torch.Tensor)
        }
