"""What a mark is about, in words."""

from core.i18n import N_, _
from core.learning.marks import Cell, Learned, Mark, Mistakes, Outcome, Range, Together
from desktop.widgets.wording import percent

OUTCOMES = {
    "found": N_("“{concept}”, rightly found"),
    "missed": N_("“{concept}”, missed by the model"),
    "wrong": N_("“{concept}”, given wrongly"),
}


def words_of(mark: Mark) -> str:
    """Return what the texts behind a mark have in common."""
    match mark:
        case Cell():
            return _cell_words(mark)
        case Outcome(concept, kind):
            return _(OUTCOMES[kind]).format(concept=concept)
        case Range():
            return _range_words(mark)
        case Together(one, other):
            words = _("Texts with both “{one}” and “{other}”")
            if one == other:
                words = _("All texts of “{one}”")
            return words.format(one=one, other=other)
        case Mistakes():
            return _("All wrong answers")
        case Learned():
            return _("Texts that the model had learned from")


def order_of(mark: Mark) -> str:
    """Return which of the texts behind a mark come first, in words."""
    match mark:
        case Cell(person, model) if model in {"", person}:
            return _("the least sure first")
        case Outcome(kind="found") | Together():
            return _("the least sure first")
        case Range() | Learned():
            return _("the surest first")
    return _("the surest mistakes first")


def _cell_words(cell: Cell) -> str:
    words = _("People said “{person}”, the model said “{model}”")
    if not cell.model:
        words = _("“{person}”, left for a person")
    elif cell.person == cell.model:
        words = _("“{person}”, rightly found")
    return words.format(person=cell.person, model=cell.model)


def _range_words(mark: Range) -> str:
    words = _("{low} to {high} for “{concept}”") if mark.concept else _("{low} to {high} sure")
    if mark.is_right is not None:
        ending = _("{words}, and it is so") if mark.is_right else _("{words}, and it is not so")
        words = ending.format(words=words)
    return words.format(low=percent(mark.low, 0), high=percent(mark.high, 0), concept=mark.concept)
