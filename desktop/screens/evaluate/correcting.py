"""What the model being right would mean for a text's label."""

from core.learning.marks import Cell, Mark, Outcome
from core.operations.annotate import AnnotateRequest
from core.operations.evaluation_texts import EvaluatedText


def concept_of(mark: Mark) -> str:
    """Return the concept that the model's answer is about, where a mark is about one."""
    match mark:
        case Cell(_person, model):
            return model
        case Outcome(concept, _kind):
            return concept
        case _:
            return ""


def believing_the_model(
    text: EvaluatedText, mark: Mark, *, is_exclusive: bool
) -> AnnotateRequest | None:
    """Return the label that the model would give; None where it gave none, or the same.

    Where texts have several concepts, it is the one that the mark is about.
    """
    now = text.said if text.now is None else text.now
    if is_exclusive:
        if not text.answered or text.answered == now:
            return None
        return AnnotateRequest((text.input_id,), text.answered[0], positive=True, only=True)
    concept = concept_of(mark)
    is_given = concept in text.answered
    if not concept or is_given == (concept in now):
        return None
    return AnnotateRequest((text.input_id,), concept, positive=is_given)


def saying(text: EvaluatedText, concept: str, *, is_exclusive: bool) -> AnnotateRequest:
    """Return the label that somebody chose instead, or besides where there may be several."""
    return AnnotateRequest((text.input_id,), concept, positive=True, only=is_exclusive)
