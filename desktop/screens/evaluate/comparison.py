"""A comparison as it is shown: verdicts and what they stand on, columns, settings."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.charts.scene import Cell, Table
from core.comparison_words import (
    basis_words,
    different_texts,
    f1_verdict,
    names_of,
    place_of,
    signed_points,
    verdict,
)
from core.evaluation_words import method_words
from core.i18n import N_, _, ngettext
from core.learning.verdicts import Difference, Verdict, Versus
from core.operations.compare_models import (
    Compared,
    DatasetComparison,
    ModelComparison,
    overlay_datasets,
    overlay_models,
)
from core.storage.database import Database
from core.storage.versions import get_version
from desktop.widgets.versions import version_name
from desktop.widgets.wording import moment, number, versioned

NOTHING = Table((), ())
WORDS = {
    Verdict.BETTER: N_("better"),
    Verdict.NO_CLEAR_DIFFERENCE: N_("no clear difference"),
    Verdict.WORSE: N_("worse"),
}


@dataclass(frozen=True)
class Comparison:
    """What the view shows.

    Attributes:
        title: the verdict, or how many there are of each kind.
        minor: what macro F1 says. verdicts: one by one, if there are several.
        basis: which texts and concepts count, and what to mind.
        names: of the columns. same_texts: whether all were checked on the same ones.
        settings: what differs, with how it was tested.
        overlay: the operation that finds the curves of one concept.
    """

    title: str
    minor: str
    verdicts: Table
    basis: tuple[str, ...]
    names: tuple[str, ...]
    columns: tuple[Compared, ...]
    same_texts: bool
    settings: Table
    overlay: Callable[..., Any]


def of_models(db: Database, found: ModelComparison) -> Comparison:
    """Return models on the same texts; each is judged beside the first."""
    names = names_of([one.version for one in found.columns])
    pairs = list(zip(found.against, names[1:], strict=True))
    evaluations = [one.evaluation for one in found.columns]
    rows = _design(db, found.columns)
    rows |= {one.title: one.values for one in found.settings}
    is_pair = len(pairs) == 1
    title = verdict(*pairs[0], names[0]) if is_pair else _summary(found.against, names[0])
    return Comparison(
        title=title,
        minor=f1_verdict(*pairs[0], names[0]) if is_pair else "",
        verdicts=NOTHING if is_pair else _verdicts(pairs, names[0]),
        basis=tuple(basis_words(found.basis, names, evaluations)),
        names=names,
        columns=found.columns,
        same_texts=True,
        settings=_table(names, rows),
        overlay=overlay_models,
    )


def _summary(against: Sequence[Versus], reference: str) -> str:
    """Return how many are better than the first, and how many are not."""
    n = Counter(versus.right.verdict for versus in against)
    better, unclear, worse = (n[one] for one in Verdict)
    counts = (
        (better, ngettext("{n} is better", "{n} are better", better)),
        (
            unclear,
            ngettext("{n} shows no clear difference", "{n} show no clear difference", unclear),
        ),
        (worse, ngettext("{n} is worse", "{n} are worse", worse)),
    )
    told = ", ".join(words.format(n=number(count)) for count, words in counts if count)
    return _("Beside {reference}: {told}.").format(reference=reference, told=told)


def _verdicts(pairs: Sequence[tuple[Versus, str]], reference: str) -> Table:
    """Return the verdict on each model, with the texts that tell it from the first."""
    heads = (
        *(_("Beside {reference}").format(reference=reference), _("Right answers")),
        *(_("Right alone"), _("Macro F1"), _("Difference")),
    )
    alone = _("{more} against {less}")
    rows = [
        (
            *(name, _(WORDS[versus.right.verdict])),
            alone.format(more=number(versus.n_only_this), less=number(versus.n_only_reference)),
            *_f1_cells(versus.f1),
        )
        for versus, name in pairs
    ]
    return Table(heads, tuple(rows))


def _f1_cells(found: Difference | None) -> tuple[Cell, Cell]:
    if found is None:
        return None, None
    value, low, high = map(signed_points, (found.value, found.low, found.high))
    words = _("{value} ({low} to {high})").format(value=value, low=low, high=high)
    return _(WORDS[found.verdict]), words


def of_datasets(db: Database, found: DatasetComparison) -> Comparison:
    """Return one model on different texts; nothing is judged."""
    names = tuple(place_of(one.evaluation) for one in found.columns)
    words = _("{model} on {n} sets of texts")
    title = words.format(model=version_name(found.columns[0].version), n=number(len(found.columns)))
    return Comparison(
        title=title,
        minor="",
        verdicts=NOTHING,
        basis=(different_texts(found.n_shared),),
        names=names,
        columns=found.columns,
        same_texts=False,
        settings=_table(names, _design(db, found.columns)),
        overlay=overlay_datasets,
    )


def _design(db: Database, columns: Sequence[Compared]) -> dict[str, tuple[Cell, ...]]:
    """Return on which data each stands and how it was tested."""
    trained = [get_version(db, one.version.dataset_version_id) for one in columns]
    return {
        _("Trained on"): tuple(versioned(one.dataset, one.number) for one in trained),
        _("Checked on"): tuple(place_of(one.evaluation) for one in columns),
        _("How"): tuple(method_words(one.evaluation) for one in columns),
        _("Texts that count"): tuple(number(one.report["n_texts"]) for one in columns),
        _("Checked"): tuple(moment(one.evaluation.created) for one in columns),
    }


def _table(names: Sequence[str], rows: dict[str, tuple[Cell, ...]]) -> Table:
    return Table(("", *names), tuple((title, *values) for title, values in rows.items()))
