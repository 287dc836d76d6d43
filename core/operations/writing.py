"""What text-to-text learns from in a frozen version, and how what it wrote is scored."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.text_to_text.prompts import Pair, pair_of
from core.learning.text_to_text_settings import TextToTextSettings
from core.operations.training import check_tolerance
from core.operations.written import Written, WrittenRow
from core.records import FrozenInput, ModelStatus
from core.written_words import WRITTEN

if TYPE_CHECKING:
    from core.learning.text_to_text import Reader, TextMeasures, TextToText


class NoAnswersError(UserError):
    """No text of the dataset has an answer to learn from."""

    status = ModelStatus.MODEL_TRAINING_NO_DATA

    def __init__(self, dataset: str) -> None:
        super().__init__(
            _("No text of “{dataset}” has an answer yet.").format(dataset=dataset),
            next_step=_(
                "Import texts with a second column of answers, or texts whose last “###” section "
                "is the answer."
            ),
        )


@dataclass(frozen=True)
class Pairs:
    """Texts with their answers, and the keys of the inputs that they are of, in one order."""

    pairs: list[Pair]
    input_ids: list[int]

    def only(self, places: Sequence[int]) -> "Pairs":
        """Return some of them."""
        return Pairs([self.pairs[i] for i in places], [self.input_ids[i] for i in places])


def has_answers(inputs: Sequence[FrozenInput]) -> bool:
    """Tell whether texts have answers that are texts, in a column of their own or a section."""
    return any(one.target.strip() or pair_of(one.text) for one in inputs)


def answered(inputs: Sequence[FrozenInput]) -> Pairs:
    """Return the inputs that have an answer."""
    found = [(pair_of(one.text, one.target), one.input_id) for one in inputs]
    return Pairs(
        [pair for pair, _id in found if pair is not None],
        [key for pair, key in found if pair is not None],
    )


def usable_pairs(
    inputs: Sequence[FrozenInput], settings: TextToTextSettings, reader: "Reader", job: Job
) -> Pairs:
    """Return the inputs that can be learned from.

    Raises:
        TooManyUnusableError: too few of those that have, or should have, an answer can.
        PromptTemplateError: what is written around the texts does not say where they go.
    """
    from core.learning.text_to_text import FAULT_WORDS, Fault, faults_of

    rows = [(one.text, one.target) for one in inputs]
    faults = faults_of(
        rows, template=settings.prompt_template, max_tokens=settings.max_tokens, reader=reader
    )
    found: Mapping[Fault, int] = Counter(faults.values())
    check_tolerance({_(FAULT_WORDS[f]): n for f, n in found.items()}, len(rows), settings, job)
    return answered([one for place, one in enumerate(inputs) if place not in faults])


def score_written(
    model: "TextToText",
    untrained: "TextToText | None",
    checked: Pairs,
    learned: Sequence[str],
    job: Job,
) -> Written:
    """Let a model answer texts, and score its answers beside those of its base model.

    Args:
        model: that was trained.
        untrained: its base model; None leaves the comparison out.
        checked: the texts, with the right answers.
        learned: the answers that the model learned from, to find what is only copied.
        job: told how far it is.
    """
    from core.learning.text_to_text import copied_from_training, measure

    texts = [pair.text for pair in checked.pairs]
    targets = [pair.target for pair in checked.pairs]
    answers = model.generate(texts, job=job)
    before = untrained.generate(texts, job=job) if untrained else [""] * len(texts)
    seed = model.settings.seed
    measured = measure(texts, answers, targets, seed=seed, job=job)
    copied = copied_from_training(answers, learned, targets)
    rows = [
        WrittenRow(
            input_id=checked.input_ids[i],
            text=texts[i],
            target=targets[i],
            answer=answers[i],
            untrained=before[i],
            scores={name: values[i] for name, values in measured.rows.items()},
            is_copied=i in set(copied.rows),
        )
        for i in measured.worst
    ]
    report = _report(measured, len(texts), seed) | {
        "copied": {**asdict(copied), "rows": []},
        "warning": copied.warning,
        "untrained": _values(measure(texts, before, targets, seed=seed, job=job))
        if untrained
        else None,
    }
    return Written(rows, report)


def _report(measured: "TextMeasures", n_texts: int, seed: int) -> dict[str, Any]:
    report: dict[str, Any] = {"kind": WRITTEN, "n_texts": n_texts, "seed": seed}
    for name, found in measured.scores.items():
        report |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
    return report | {"copying": dict(measured.copying)}


def _values(measured: "TextMeasures") -> dict[str, float | None]:
    return {name: found.value for name, found in measured.scores.items()}
