"""What is said of the shown text, as requests to the engine; every one is kept at once."""

from core.i18n import _
from core.operations.annotate import (
    AcceptRequest,
    AnnotateRequest,
    AnswerRequest,
    ClearRequest,
    NoneRequest,
    NoteRequest,
    Said,
)
from core.records import Concept, Input, Status


def choice(shown: Input, concept: Concept, *, is_it: bool, only: bool) -> AnnotateRequest:
    """Say that the text is about a concept or not; the same thing again takes it back.

    With `only`, choosing it replaces the other concepts.
    """
    said = shown.positive if is_it else shown.negative
    is_again = concept.id in said
    positive = None if is_again else is_it
    return AnnotateRequest((shown.id,), concept.name, positive, only=only and positive is True)


def none_of(shown: Input, n_concepts: int) -> Said:
    """Say that no concept fits of those left open; again, where none fits at all, takes it back."""
    is_none = not shown.positive and len(shown.negative) == n_concepts
    return ClearRequest((shown.id,)) if is_none else NoneRequest((shown.id,))


def unsure(shown: Input) -> AnswerRequest:
    """Say that nobody can tell, or take that back."""
    is_again = shown.status is Status.UNSURE
    return AnswerRequest((shown.id,), Status.NONE if is_again else Status.UNSURE)


def is_answered(shown: Input) -> bool:
    """Say whether anything was said of a text, be it "unsure" or "skip"."""
    return shown.is_labelled or shown.status is not Status.NONE


def settles(request: Said) -> bool:
    """Say whether a request is an answer after which one goes on, and not one taken back."""
    match request:
        case AnnotateRequest(positive=positive):
            return positive is True
        case AnswerRequest(status=status):
            return status is not Status.NONE
        case _:
            return isinstance(request, NoneRequest | AcceptRequest)


def in_words(request: Said) -> str:
    """Return what was kept, for the footer."""
    match request:
        case AnnotateRequest(concept=concept, positive=bool(is_it)):
            words = _("Saved: about “{concept}”.") if is_it else _("Saved: not about “{concept}”.")
            return words.format(concept=concept)
        case AnswerRequest(status=status) if status:
            return _("Saved: unsure.") if status is Status.UNSURE else _("Saved: skipped.")
        case AcceptRequest(concepts=concepts):
            return _("Accepted: {concepts}.").format(concepts=", ".join(concepts))
        case NoneRequest():
            return _("Saved: none of these.")
        case NoteRequest():
            return _("Saved: your note.")
    return _("Saved: taken back.")
