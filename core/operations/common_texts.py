"""The texts that several evaluations have in common, so that their models can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from core.app_folder import AppFolder
from core.errors import UserError
from core.i18n import _
from core.learning.answered import Answered, answered
from core.learning.decisions import Bools, thresholds_of
from core.learning.scored import SEEN, Scored
from core.learning.splits import Ints, Targets
from core.learning.verdicts import Basis
from core.operations.scoring import scored_of
from core.records import Evaluation, ModelVersion
from core.storage.database import Database
from core.storage.versions import load_version


class NothingInCommonError(UserError):
    """No text is part of all evaluations."""

    def __init__(self) -> None:
        super().__init__(
            _("These models were not checked on the same texts, so they cannot be compared."),
            next_step=_("Choose a dataset with labelled texts that all of them can be checked on."),
        )


class NoConceptInCommonError(UserError):
    """The models know no concept by the same name."""

    def __init__(self) -> None:
        super().__init__(
            _("These models know no concept of the same name, so they cannot be compared."),
            next_step=_("If concepts were renamed, train the older ones again."),
        )


def check_concepts(versions: Sequence[ModelVersion]) -> None:
    """Make sure that models can be compared at all.

    Raises:
        NoConceptInCommonError: they know no concept by the same name.
    """
    if not set.intersection(*({*version.concepts} for version in versions)):
        raise NoConceptInCommonError


@dataclass(frozen=True)
class Common:
    """What several models answered to the same texts, judged by the same labels.

    Attributes:
        answers: of each model, by the thresholds that its version has now.
    """

    answers: tuple[Answered, ...]
    basis: Basis


def common_texts(
    app: AppFolder,
    db: Database,
    evaluations: Sequence[Evaluation],
    versions: Sequence[ModelVersion],
) -> Common:
    """Find what several evaluations have in common.

    Args:
        app: whose evaluations they are.
        db: its database.
        evaluations: one per model.
        versions: the models, in the same order.

    Raises:
        TextsNotKeptError: what a model said of each text is not there.
        NothingInCommonError, NoConceptInCommonError: they share no text, or no concept.
    """
    check_concepts(versions)
    if len({one.other_app for one in evaluations}) > 1:
        raise NothingInCommonError
    scored = [scored_of(app, one) for one in evaluations]
    concepts = tuple(name for name in scored[0].concepts if _known_by(scored, name) == len(scored))
    shared: Ints = reduce(np.intersect1d, (one.input_ids for one in scored))
    everywhere = len(reduce(np.union1d, (one.input_ids for one in scored)))
    ids = shared[_same_wording(db, evaluations, shared)]
    n_reworded = len(shared) - len(ids)
    newest = max(range(len(scored)), key=lambda i: evaluations[i].dataset_version_id)
    targets = [_targets(one, ids, concepts) for one in scored]
    is_meant = _has_concept(scored, targets[newest])
    seen = np.stack([one.seen[_places(one, ids)] == SEEN for one in scored])[:, is_meant]
    ids, unseen = ids[is_meant], ~seen.any(axis=0)
    is_kept = unseen if unseen.any() else np.ones(len(ids), bool)
    kept = ids[is_kept]
    if not len(kept):
        raise NothingInCommonError
    actual = _targets(scored[newest], kept, concepts) == 1
    basis = Basis(
        concepts=concepts,
        partly_known=_partly_known(scored),
        n_texts=len(kept),
        n_left_out=everywhere - len(shared) + int((~is_meant).sum()),
        n_reworded=n_reworded,
        n_learned=int((~is_kept).sum()),
        has_learned=tuple(int(n) for n in seen[:, is_kept].sum(axis=1)),
        n_relabelled=_count_relabelled(scored, kept, concepts),
        seed=scored[0].seed,
    )
    both = zip(scored, versions, strict=True)
    return Common(tuple(_answers(*one, kept, concepts, actual) for one in both), basis)


def _known_by(scored: Sequence[Scored], name: str) -> int:
    return sum(name in one.concepts for one in scored)


def _partly_known(scored: Sequence[Scored]) -> dict[str, tuple[int, ...]]:
    names = dict.fromkeys(name for one in scored for name in one.concepts)
    known = {
        name: tuple(i for i, one in enumerate(scored) if name in one.concepts) for name in names
    }
    return {name: places for name, places in known.items() if len(places) < len(scored)}


def _places(scored: Scored, ids: Ints) -> Ints:
    """Return where the texts stand among the scored ones."""
    order = np.argsort(scored.input_ids)
    return np.asarray(order[np.searchsorted(scored.input_ids, ids, sorter=order)], np.int64)


def _columns(scored: Scored, concepts: Sequence[str]) -> Ints:
    return np.array([scored.concepts.index(name) for name in concepts], np.int64)


def _targets(scored: Scored, ids: Ints, concepts: Sequence[str]) -> Targets:
    return scored.targets[_places(scored, ids)][:, _columns(scored, concepts)]


def _has_concept(scored: Sequence[Scored], targets: Targets) -> Bools:
    """Tell which texts can be answered: all, unless each has exactly one concept to be found."""
    has_any = targets.any(axis=1)
    return np.asarray(has_any | (not any(one.is_exclusive for one in scored)), bool)


def _same_wording(db: Database, evaluations: Sequence[Evaluation], ids: Ints) -> Bools:
    """Tell which texts read the same in all dataset versions."""
    versions = {one.dataset_version_id for one in evaluations}
    if len(versions) == 1:
        return np.ones(len(ids), bool)
    texts = [{i.input_id: i.text for i in load_version(db, key)} for key in versions]
    return np.array([len({known[key] for known in texts}) == 1 for key in ids.tolist()], bool)


def _count_relabelled(scored: Sequence[Scored], ids: Ints, concepts: Sequence[str]) -> int:
    said = np.stack([_targets(one, ids, concepts) for one in scored])
    return int((said != said[0]).any(axis=(0, 2)).sum())


def _answers(
    scored: Scored,
    version: ModelVersion,
    ids: Ints,
    concepts: Sequence[str],
    actual: Bools,
) -> Answered:
    chosen = version.thresholds.concepts
    thresholds = thresholds_of(scored.concepts, chosen, is_exclusive=scored.is_exclusive)
    some = answered(scored.only(_places(scored, ids)), thresholds)
    found = some.only(np.arange(len(ids)), _columns(scored, concepts))
    return Answered(
        found.names,
        found.is_exclusive,
        found.thresholds,
        actual,
        found.predicted,
        found.probabilities,
    )
