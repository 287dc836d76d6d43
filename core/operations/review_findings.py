"""How the findings of a check stand now: which are open, done, or dismissed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.app_folder import AppFolder
from core.changes import Changes
from core.jobs import Job
from core.storage.data_checks import State, count_groups, get_check, list_groups
from core.storage.database import Database

Counts = Mapping[str, Mapping[State, int]]


@dataclass(frozen=True)
class ReviewRequest:
    """Which check, of which kind and state the findings are listed, and the slider of that kind.

    Attributes:
        least_similar: of the near duplicates that count, in [0, 1].
    """

    check_id: int
    kind: str = ""
    state: State = "open"
    least_similar: float = 0.0

    def at_least(self, kind: str) -> float:
        """Return the lowest score that counts for a kind."""
        return self.least_similar if kind == "near-duplicate" else 0.0


@dataclass(frozen=True)
class Review:
    """How many findings of each kind stand how, and those that are listed, by number."""

    counts: Counts = field(default_factory=dict)
    numbers: Sequence[int] = ()
    changes: Changes = Changes.NOTHING


def review_findings(app: AppFolder, request: ReviewRequest, _job: Job) -> Review:
    """Return how the findings of a check stand now; nothing where a newer one took its place."""
    with app.database() as db:
        return review(db, request)


def review(db: Database, request: ReviewRequest) -> Review:
    """Return how the findings of a check stand now; see `review_findings`."""
    check = get_check(db, request.check_id)
    if check is None:
        return Review()
    counts = {
        kind: count_groups(db, check, kind, request.at_least(kind))
        for kind in check.summary["kinds"]
    }
    numbers: Sequence[int] = ()
    if request.kind in counts:
        numbers = list_groups(
            db,
            check,
            request.kind,
            at_least=request.at_least(request.kind),
            state=request.state,
        )
    return Review(counts, numbers)
