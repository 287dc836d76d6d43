"""An error budget in words: what is decided, how often that is wrong, what is left for people."""

from core.i18n import _, ngettext
from core.learning.decided import Budget
from core.wording import HOUR_S, counted_texts, decimal, duration, number, percent

DIGITS = 3  # of counts that are rounded


def budget_words(budget: Budget, n_texts: int, seconds_per_text: float) -> str:
    """Say what a budget means for so many texts, or why it cannot be kept.

    Args:
        budget: what was found.
        n_texts: that are to be decided.
        seconds_per_text: that a person takes for one.
    """
    if not budget.is_kept:
        return f"{_not_kept(budget)} {_way_out(budget)}"
    n_decided = count_decided(budget, n_texts)
    parts = [_decided(budget, n_decided, n_texts), _left(n_texts - n_decided, seconds_per_text)]
    if not budget.is_exclusive:
        missed = _("Of the concepts that people gave, {share} are not found so.")
        parts.append(missed.format(share=percent(budget.missed_share)))
    return " ".join(parts)


def count_decided(budget: Budget, n_texts: int) -> int:
    """Return how many of so many texts are decided automatically, rounded as it is said."""
    return _rounded(budget.decided_share * n_texts, n_texts)


def tolerated_words(share: float) -> str:
    """Return a tolerated share without needless decimals: "2 %", "0.5 %"."""
    return percent(share, 0 if float(round(share * 100)) == round(share * 100, 6) else 1)


def time_words(n_texts: int, seconds_per_text: float) -> str:
    """Return how long people take: "about 17.5 hours", "about 40 min"."""
    seconds = n_texts * seconds_per_text
    if seconds < HOUR_S:
        return _("about {time}").format(time=duration(seconds))
    return _("about {n} hours").format(n=decimal(seconds / HOUR_S))


def _decided(budget: Budget, n_decided: int, n_texts: int) -> str:
    wrong = percent(budget.wrong.value or 0.0)
    tolerated = tolerated_words(budget.tolerated_share)
    words = (
        _(
            "Of {texts} about {n} are decided automatically, "
            "about {wrong} of them wrong (at most {tolerated})."
        )
        if budget.is_exclusive
        else _(
            "Of {texts} about {n} get concepts automatically, "
            "about {wrong} of these concepts wrong (at most {tolerated})."
        )
    )
    return words.format(
        texts=counted_texts(n_texts), n=number(n_decided), wrong=wrong, tolerated=tolerated
    )


def _left(n_left: int, seconds_per_text: float) -> str:
    if not n_left:
        return _("None is left for people.")
    words = ngettext(
        "{n} is left for people: {time} at {pace} a text.",
        "{n} are left for people: {time} at {pace} a text.",
        n_left,
    )
    time, pace = time_words(n_left, seconds_per_text), duration(seconds_per_text)
    return words.format(n=number(n_left), time=time, pace=pace)


def _not_kept(budget: Budget) -> str:
    words = _(
        "The {texts} that were checked do not prove that at most {tolerated} would be wrong, "
        "so nothing is decided automatically."
    )
    tolerated = tolerated_words(budget.tolerated_share)
    return words.format(texts=counted_texts(budget.n_texts), tolerated=tolerated)


def _way_out(budget: Budget) -> str:
    if budget.n_needed is None:
        return _(
            "More of them would hardly do: the model is wrong too often even where it is surest. "
            "Teach it with more labelled texts, or tolerate more."
        )
    words = _("It would take about {texts}; or tolerate more.")
    return words.format(texts=counted_texts(budget.n_needed))


def _rounded(count: float, n_texts: int) -> int:
    """Round a count so that it and the rest of the texts are easily read."""
    step: int = 10 ** max(0, len(str(n_texts)) - DIGITS)
    return min(round(count / step) * step, n_texts)
