"""Train a model that writes answers, and find its scores on texts kept apart."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import UserError
from core.i18n import _, ngettext
from core.jobs import Job
from core.learning.splits import groups_of
from core.learning.text_to_text_settings import TextToTextSettings
from core.operations.base_of import base_of
from core.operations.fitting import untrained_of
from core.operations.held_out import part
from core.operations.scoring import Found, found_of
from core.operations.training import Example, Fitted, Lesson
from core.operations.training_data import concepts_of, scorable_texts, to_check, to_learn
from core.operations.writing import NoAnswersError, Pairs, has_answers, score_written, usable_pairs
from core.operations.written import Written
from core.records import TEXT_TO_TEXT, FrozenInput, Method, ModelStatus

if TYPE_CHECKING:
    from core.base_models import BaseModel
    from core.learning.text_to_text import Reader, TextToText

FEWEST = 10  # texts with answers; a fifth of fewer tells nothing
MOST_CHECKED = 500  # texts of those kept apart here; writing answers takes its time


class TooFewAnswersError(UserError):
    """There are too few different texts with answers to learn from some and check on others."""

    status = ModelStatus.MODEL_TRAINING_INSUFFICIENT_DATA

    def __init__(self, n: int) -> None:
        super().__init__(
            ngettext(
                "Only {n} text has an answer; {fewest} different ones are needed.",
                "Only {n} different texts have an answer; {fewest} are needed.",
                n,
            ).format(n=n, fewest=FEWEST),
            next_step=_("Give more texts an answer; from 200 on it becomes good."),
        )


class SeveralConceptsError(UserError):
    """A model that writes the name of a concept is shown texts with several of them."""

    def __init__(self) -> None:
        super().__init__(
            _("Some texts have several concepts, and a text-to-text model writes just one."),
            next_step=_("Train a classifier on them, or give the texts answers of their own."),
        )


class OneConceptError(UserError):
    """A model that writes the name of a concept would always write the same one."""

    def __init__(self, concept: str) -> None:
        super().__init__(
            _("“{concept}” would be the answer to every text.").format(concept=concept),
            next_step=_("Add a second concept, or give the texts answers of their own."),
        )


def fit_text_to_text(lesson: Lesson, job: Job) -> Fitted:
    """Train on texts with answers; where no text has one, the name of its concept is the answer.

    Texts marked for "test" (or else "validation") are not learned from and give the scores; where
    none is marked, a fifth is kept apart, at most 500 texts. The base model answers the same texts
    untrained, for comparison.

    Raises:
        NoAnswersError: no text has an answer or a concept.
        SeveralConceptsError: texts have no answers and several concepts.
        OneConceptError: no text has an answer, and all have the same concept.
        TooManyUnusableError, BaseModelMissingError: see there.
    """
    from core.learning.text_to_text.loading import load_reader

    settings = lesson.settings
    assert isinstance(settings, TextToTextSettings)
    base = base_of(settings)
    concepts = () if has_answers(lesson.inputs) else _concepts(lesson)
    inputs = [_with_concept(one, concepts) for one in lesson.inputs] if concepts else lesson.inputs
    used = [i for i in inputs if i.target.strip()] if concepts else inputs
    reader = load_reader(base.folder)
    learned = usable_pairs(to_learn(used), settings, reader, job)
    if not learned.pairs:
        raise NoAnswersError(lesson.version.dataset)
    apart = to_check(used)
    checked = usable_pairs(apart, settings, reader, job) if apart else Pairs([], [])
    is_held_out = not checked.pairs
    if is_held_out:
        learned, checked = _parted(learned, settings.seed)
    words = _("“{dataset}”, version {number}: {n} texts with answers, {n_checked} to check on")
    version, n = lesson.version, len(learned.pairs)
    job.note(
        words.format(
            dataset=version.dataset, number=version.number, n=n, n_checked=len(checked.pairs)
        )
    )
    model = _fit(lesson, learned, _stopping(used, apart, settings, reader, job), base, job)
    found = _found(lesson, model, concepts, checked, learned, job)
    return Fitted(
        model=model,
        settings=settings,
        concepts=concepts,
        found=found,
        method=Method.HELD_OUT if is_held_out else Method.STORED_MODEL,
        n_folds=0,
        n_texts=n,
        about={"base_model": base.name, "is_exclusive": True, **model.report},
        stands_on_base=model.adapter is not None,
    )


def _concepts(lesson: Lesson) -> tuple[str, ...]:
    """Return the concepts whose names are the answers."""
    concepts = lesson.concepts or tuple(concepts_of(to_learn(lesson.inputs)))
    if not concepts:
        raise NoAnswersError(lesson.version.dataset)
    if any(len(set(one.positive) & set(concepts)) > 1 for one in lesson.inputs):
        raise SeveralConceptsError
    if len(concepts) == 1:
        raise OneConceptError(concepts[0])
    return concepts


def _with_concept(one: FrozenInput, concepts: Sequence[str]) -> FrozenInput:
    """Return an input whose answer is the name of its concept; "" if it has none of them."""
    return replace(one, target=next((name for name in one.positive if name in concepts), ""))


def _parted(pairs: Pairs, seed: int) -> tuple[Pairs, Pairs]:
    """Return the pairs to learn from, and a fifth, at most `MOST_CHECKED`, to check on."""
    texts = [pair.text for pair in pairs.pairs]
    n_different = len(set(groups_of(texts).tolist()))  # equal ones stay on one side
    if n_different < FEWEST:
        raise TooFewAnswersError(n_different)
    learned, checked = part(texts, seed, most=MOST_CHECKED)
    return pairs.only(learned.tolist()), pairs.only(checked.tolist())


def _stopping(
    used: Sequence[FrozenInput],
    apart: Sequence[FrozenInput],
    settings: TextToTextSettings,
    reader: "Reader",
    job: Job,
) -> Pairs | None:
    """Return the pairs marked for "validation" that say when to stop, where others are tested."""
    if not apart or apart[0].split != "test":
        return None
    marked = [one for one in used if one.split == "validation"]
    return usable_pairs(marked, settings, reader, job) if marked else None


def _fit(
    lesson: Lesson, learned: Pairs, stopping: Pairs | None, base: "BaseModel", job: Job
) -> "TextToText":
    from core.learning.text_to_text import TextToText, fit

    if lesson.elsewhere:
        found = ((learned, False), *([(stopping, True)] if stopping else []))
        examples = [
            Example(pair.text, target=pair.target, is_checked=is_checked)
            for some, is_checked in found
            for pair in some.pairs
        ]
        model = lesson.elsewhere(examples, ())
        assert isinstance(model, TextToText)
        return model
    assert isinstance(lesson.settings, TextToTextSettings)
    return fit(
        learned.pairs,
        settings=lesson.settings,
        base=base.folder,
        job=job,
        base_identity=(base.name, base.identity),
        checkpoints=lesson.checkpoints,
        validation=stopping.pairs if stopping else None,
        start_from=lesson.earlier_folder(TEXT_TO_TEXT),
    )


def _found(
    lesson: Lesson,
    model: "TextToText",
    concepts: tuple[str, ...],
    checked: Pairs,
    learned: Pairs,
    job: Job,
) -> "Found | Written":
    """Score the model like a classifier where its answers are concepts, else as what it wrote."""
    from core.learning.leakage import seen_among
    from core.learning.text_to_text.as_classifier import WritingClassifier

    if concepts:
        keys = set(checked.input_ids)
        inputs = [one for one in lesson.inputs if one.input_id in keys]
        labelled = scorable_texts(inputs, concepts)
        classifier = WritingClassifier(model, concepts)
        probabilities = classifier.probabilities(labelled.texts, None, job)
        seen = seen_among(labelled.texts, [pair.text for pair in learned.pairs], job)
        return found_of(labelled, probabilities, seen, classifier, chosen={})
    settings = lesson.settings
    assert isinstance(settings, TextToTextSettings)
    untrained = untrained_of(settings)
    return score_written(model, untrained, checked, [p.target for p in learned.pairs], job)
