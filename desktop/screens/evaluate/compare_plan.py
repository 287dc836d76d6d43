"""What a comparison would take, in words, before it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import UserError
from core.evaluation_words import split_words
from core.i18n import _, ngettext
from core.operations.compare_models import (
    FEWEST,
    CompareDatasetsRequest,
    CompareModelsRequest,
    missing_evaluations,
)
from core.operations.evaluate import EvaluateRequest
from core.operations.evaluation_needs import needs_for
from core.storage.database import Database
from core.storage.datasets import get_dataset
from core.storage.models import find_model_version
from core.storage.versions import find_version
from desktop.widgets.wording import counted_texts, number, versioned

Request = CompareModelsRequest | CompareDatasetsRequest
MOST_NAMED = 3


@dataclass(frozen=True)
class Plan:
    """A comparison that may be asked for.

    Attributes:
        request: None while it cannot be.
        n_missing: evaluations that are made first.
        words: what will happen, or why it cannot. cautions: what to mind.
    """

    request: Request | None = None
    n_missing: int = 0
    words: str = ""
    cautions: str = ""


def too_few(n: int, things: str) -> Plan:
    """Return that more has to be chosen; `things` is what: "versions"."""
    if n:
        words = _("{n} chosen. Choose {fewest} or more {things} to compare.")
    else:
        words = _("Choose {fewest} or more {things} to compare: a click on their box, or Space.")
    shown = words.format(n=number(n), fewest=number(FEWEST), things=things)
    return Plan(words=shown)


def plan_of(db: Database, request: Request) -> Plan:
    """Return what a comparison takes: which models are asked on what."""
    try:
        missing = missing_evaluations(db, request)
        judged = [_needs(db, one) for one in missing]
    except UserError as error:
        return Plan(words=f"{error} {error.next_step}")
    problems = [problem for problem, _cautions in judged if problem]
    if problems:
        return Plan(words=problems[0])
    cautions = dict.fromkeys(words for _problem, found in judged for words in found)
    return Plan(request, len(missing), _words(db, request, missing), " ".join(cautions))


def _needs(db: Database, one: EvaluateRequest) -> tuple[str, tuple[str, ...]]:
    if not one.dataset:
        return "", ()
    needs = needs_for(db, find_model_version(db, one.model, one.number), one)
    return (f"{_name(one)}: {needs.problem}" if needs.problem else ""), needs.cautions


def _words(db: Database, request: Request, missing: Sequence[EvaluateRequest]) -> str:
    n = len(missing)
    if not n:
        return _("All of them are checked there already: nothing has to be asked.")
    is_models = isinstance(request, CompareModelsRequest)
    if is_models and request.n_folds:
        words = ngettext(
            "{n} model is first trained {folds} times anew and asked on {where}: {names}.",
            "{n} models are first trained {folds} times anew each and asked on {where}: {names}.",
            n,
        )
    elif is_models:
        words = ngettext(
            "{n} model is asked first, on {where}: {names}.",
            "{n} models are asked first, on {where}: {names}.",
            n,
        )
    elif request.n_folds:
        words = _("The model is first trained {folds} times anew for each and asked on {names}.")
    else:
        words = _("The model is asked first, on {names}.")
    named = [_name(one) if is_models else place_words(db, one) for one in missing]
    return words.format(
        n=number(n),
        folds=number(request.n_folds),
        where=place_words(db, missing[0]),
        names=_listed(named),
    )


def _name(one: EvaluateRequest) -> str:
    return versioned(one.model, one.number)


def _listed(names: Sequence[str]) -> str:
    told = list(names[:MOST_NAMED])
    n_more = len(names) - len(told)
    if n_more:
        told.append(ngettext("{n} more", "{n} more", n_more).format(n=number(n_more)))
    return "; ".join(told)


def place_words(db: Database, one: EvaluateRequest) -> str:
    """Return which texts are meant: "Texts, version 3 (60 texts), those kept for testing"."""
    if not one.dataset:
        return _("the texts of each training")
    dataset = get_dataset(db, one.dataset)
    if one.dataset_number:
        frozen = find_version(db, dataset, one.dataset_number)
        words, n_texts = _("{dataset}, version {number} ({texts})"), frozen.n_inputs
    else:
        words, n_texts = _("{dataset} as it is now ({texts})"), dataset.n_inputs
    shown = words.format(
        dataset=dataset.name, number=number(one.dataset_number), texts=counted_texts(n_texts)
    )
    return f"{shown}, {split_words(one.split)}" if one.split else shown
