"""Whether answers are written, or only taken over from the answers that the model learned from."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.i18n import _
from core.learning.text_to_text.measures import normalized, words_of

NEAR = 0.8  # of the runs of three words, this share is in one learned answer
RUN = 3
_SOME = 10  # answers; of fewer nothing is said
_TOO_MANY = 0.2  # of all answers are copied though the right one is another


@dataclass(frozen=True)
class Copied:
    """How many answers are those of the training, in shares of all.

    Attributes:
        exact: word for word.
        near: nearly, the exact ones not counted.
        right_exact: the right answers that are themselves in the training: as many may be copied.
        wrong_exact: answers that are copied although the right one is another.
        rows: places of the latter.
        n: answers.
    """

    exact: float
    near: float
    right_exact: float
    wrong_exact: float
    rows: tuple[int, ...]
    n: int

    @property
    def warning(self) -> str:
        """Return what the analyst should know of it, or ""."""
        if self.n < _SOME or self.wrong_exact < _TOO_MANY:
            return ""
        return _(
            "{percent} % of the answers are word for word answers from the training, although"
            " another one is right: the model repeats what it has seen."
        ).format(percent=round(100 * self.wrong_exact))


def copied_from_training(
    answers: Sequence[str], training_targets: Sequence[str], targets: Sequence[str]
) -> Copied:
    """Compare answers with those that the model learned from.

    Args:
        answers: what the model wrote; empty ones are no copies.
        training_targets: the answers that it learned from.
        targets: the right answers.
    """
    known = {normalized(target) for target in training_targets}
    written, right = [normalized(a) for a in answers], [normalized(t) for t in targets]
    is_exact = [bool(answer) and answer in known for answer in written]
    near = _Runs(sorted(known))
    is_near = [
        not exact and near.holds(answer) for exact, answer in zip(is_exact, written, strict=True)
    ]
    rows = [i for i, exact in enumerate(is_exact) if exact and written[i] != right[i]]
    n = max(len(answers), 1)
    return Copied(
        exact=sum(is_exact) / n,
        near=sum(is_near) / n,
        right_exact=sum(target in known for target in right) / n,
        wrong_exact=len(rows) / n,
        rows=tuple(rows),
        n=len(answers),
    )


class _Runs:
    """Finds learned answers that have most runs of words with an answer in common."""

    def __init__(self, known: Sequence[str]) -> None:
        self._where: dict[tuple[str, ...], list[int]] = {}
        for i, text in enumerate(known):
            for run in _runs(text):
                self._where.setdefault(run, []).append(i)

    def holds(self, answer: str) -> bool:
        """Tell whether one learned answer holds nearly all runs of an answer."""
        runs = _runs(answer)
        if not runs:
            return False
        counts: dict[int, int] = {}
        for run in runs:
            for i in self._where.get(run, ()):
                counts[i] = counts.get(i, 0) + 1
        return max(counts.values(), default=0) >= NEAR * len(runs)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}
