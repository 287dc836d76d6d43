"""Data checks and what they found: a million findings are written and read in pages.

A finding is kept with what was so when it was found: the text, and the labels or the split where
it is about them. Whether it still holds is asked of the app as it is now, so a remedy takes it
away and an undo brings it back without anybody writing it down.
"""

import hashlib
import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from core.storage.database import Database, chunks, insert, marks, now, transaction
from core.storage.steps import find_last_step_id

State = Literal["open", "done", "dismissed"]
STATES: tuple[State, ...] = ("open", "done", "dismissed")
CONCEPT_KINDS = ("few-texts", "imbalance")  # their findings are concepts, by key
GROUP_KINDS = ("exact-duplicate", "near-duplicate")  # two texts at least, or there is none
DISPUTE_KINDS = ("contradiction", "leak")  # two texts at least whose states differ
WRITTEN_AT_ONCE = 20_000


class CheckedInputs(NamedTuple):
    """The inputs of a dataset, column by column, in the order they came in."""

    ids: list[int]
    text_ids: list[int]
    texts: list[str]
    splits: list[str]
    statuses: list[str]


class NewFinding(NamedTuple):
    """A text, or a concept, that a check found something about."""

    number: int
    input_id: int
    text_id: int = 0
    state: str = ""
    score: float = 1.0
    detail: str = "{}"  # JSON


@dataclass(frozen=True)
class DataCheck:
    """A check of a dataset that was done; `is_stale` where steps were done since."""

    id: int
    dataset_id: int
    created: datetime
    last_step_id: int
    summary: dict[str, Any]
    is_stale: bool


@dataclass(frozen=True)
class Finding:
    """One text of a group, or one concept; `is_standing` where it is still as it was found."""

    input_id: int
    is_standing: bool
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FindingGroup:
    """Texts that belong together in a finding, with how alike or how strange they are."""

    number: int
    score: float
    findings: tuple[Finding, ...]

    @property
    def input_ids(self) -> tuple[int, ...]:
        """The inputs, or the concepts."""
        return tuple(finding.input_id for finding in self.findings)


@contextmanager
def reading(db: Database) -> Iterator[None]:
    """Let a block read one state of the app, whatever the window writes meanwhile."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("COMMIT")


def read_checked_inputs(db: Database, dataset_id: int) -> CheckedInputs:
    """Return all inputs of a dataset with their texts."""
    rows = db.execute(
        """
        SELECT i.id, i.text_id, t.text, i.split, i.status
        FROM dataset_inputs m JOIN inputs i ON i.id = m.input_id JOIN texts t ON t.id = i.text_id
        WHERE m.dataset_id = ? ORDER BY i.id
        """,
        [dataset_id],
    ).fetchall()
    return CheckedInputs(*(list(map(itemgetter(place), rows)) for place in range(5)))


def read_labels(db: Database, dataset_id: int) -> list[tuple[int, int, int]]:
    """Return what is said of a dataset's inputs: (input, concept, is positive)."""
    return db.execute(
        """
        SELECT a.input_id, a.concept_id, a.is_positive
        FROM dataset_inputs m JOIN annotations a ON a.input_id = m.input_id
        WHERE m.dataset_id = ? ORDER BY a.input_id, a.concept_id
        """,
        [dataset_id],
    ).fetchall()


def add_check(db: Database, dataset_id: int, last_step_id: int) -> int:
    """Begin a check; it counts from `end_check` on."""
    return insert(
        db,
        "data_checks",
        dataset_id=dataset_id,
        created=now(),
        last_step_id=last_step_id,
        summary="",
    )


def add_findings(db: Database, check_id: int, kind: str, found: Iterable[NewFinding]) -> None:
    """Keep findings of a kind; those that somebody dismissed before are dismissed again."""
    rows = [(check_id, kind, *finding) for finding in found]
    for some in chunks(rows, WRITTEN_AT_ONCE):
        with transaction(db):
            db.conn.executemany(
                """
                INSERT INTO findings
                    (check_id, kind, number, input_id, text_id, state, score, detail)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                some,
            )
    known = {
        d for (d,) in db.execute("SELECT digest FROM dismissed_findings WHERE kind = ?", [kind])
    }
    if known:
        again = [n for n, digest in _digests(db, check_id, kind) if digest in known]
        with transaction(db):
            _set_dismissed(db, check_id, kind, again, is_dismissed=True)


def end_check(db: Database, check_id: int, summary: dict[str, Any]) -> None:
    """Let a check count from now on, in the place of the dataset's earlier ones."""
    db.execute(
        "UPDATE data_checks SET summary = ? WHERE id = ?",
        [json.dumps(summary, ensure_ascii=False), check_id],
    )
    db.execute(
        "DELETE FROM data_checks WHERE id <> :id AND "
        "dataset_id = (SELECT dataset_id FROM data_checks WHERE id = :id)",
        {"id": check_id},
    )


def delete_check(db: Database, check_id: int) -> None:
    """Forget a check that was stopped."""
    db.execute("DELETE FROM data_checks WHERE id = ?", [check_id])


def delete_unfinished_checks(db: Database) -> None:
    """Forget the checks that never ended."""
    with transaction(db):
        db.execute("DELETE FROM data_checks WHERE summary = ''")


def find_check(db: Database, dataset_id: int) -> DataCheck | None:
    """Return the newest check of a dataset."""
    row = db.execute(f"{_CHECKS} AND dataset_id = ? ORDER BY id DESC", [dataset_id]).fetchone()
    return _check(db, row) if row else None


def get_check(db: Database, check_id: int) -> DataCheck | None:
    """Return a check; None if a newer one took its place."""
    row = db.execute(f"{_CHECKS} AND id = ?", [check_id]).fetchone()
    return _check(db, row) if row else None


def count_groups(
    db: Database, check: DataCheck, kind: str, at_least: float = 0
) -> dict[State, int]:
    """Return how many groups of a kind are open, done (they hold no more), or dismissed."""
    rows = dict(
        db.execute(
            f"SELECT stands, COUNT(*) FROM ({_groups(kind)}) GROUP BY 1",
            _values(check, kind, at_least),
        ).fetchall()
    )
    return {state: rows.get(state, 0) for state in STATES}


def list_groups(
    db: Database, check: DataCheck, kind: str, *, at_least: float = 0, state: State = "open"
) -> "array[int]":
    """Return the numbers of the groups of a kind, in the order the check put them."""
    rows = db.execute(
        f"SELECT number FROM ({_groups(kind)}) WHERE stands = :stands ORDER BY number",
        _values(check, kind, at_least) | {"stands": state},
    )
    return array("q", (number for (number,) in rows))


def get_groups(
    db: Database, check: DataCheck, kind: str, numbers: Sequence[int]
) -> list[FindingGroup]:
    """Return these groups with their texts or concepts, in the order of their numbers."""
    found: list[FindingGroup] = []
    for some in chunks(sorted(numbers)):
        rows = db.execute(
            f"""
            SELECT f.number, f.score, f.input_id, {_standing(kind)}, f.detail
            FROM {_joined(kind)} WHERE f.check_id = :check AND f.kind = :kind
            AND f.number IN (SELECT value FROM json_each(:numbers)) ORDER BY f.number, f.id
            """,
            _values(check, kind) | {"numbers": json.dumps(some)},
        )
        for number, members in groupby(rows, key=itemgetter(0)):
            group = list(members)
            findings = (Finding(r[2], bool(r[3]), json.loads(r[4])) for r in group)
            found.append(FindingGroup(number, group[0][1], tuple(findings)))
    return found


def dismiss_groups(
    db: Database, check: DataCheck, kind: str, numbers: Sequence[int], *, is_dismissed: bool
) -> None:
    """Say that findings are fine, now and in later checks; or that they are not after all."""
    digests = [(kind, digest) for _n, digest in _digests(db, check.id, kind, numbers)]
    verb = (
        "INSERT OR IGNORE INTO dismissed_findings (kind, digest) VALUES (?, ?)"
        if is_dismissed
        else "DELETE FROM dismissed_findings WHERE kind = ? AND digest = ?"
    )
    db.conn.executemany(verb, digests)
    _set_dismissed(db, check.id, kind, numbers, is_dismissed=is_dismissed)


_CHECKS = (
    "SELECT id, dataset_id, created, last_step_id, summary FROM data_checks WHERE summary <> ''"
)


def _check(db: Database, row: tuple[Any, ...]) -> DataCheck:
    key, dataset_id, created, last_step_id, summary = row
    is_stale = find_last_step_id(db) != last_step_id
    when = datetime.fromisoformat(created)
    return DataCheck(key, dataset_id, when, last_step_id, json.loads(summary), is_stale)


def _values(check: DataCheck, kind: str, at_least: float = 0) -> dict[str, object]:
    values = {"check": check.id, "kind": kind, "at_least": at_least}
    return values if kind in CONCEPT_KINDS else values | {"dataset": check.dataset_id}


_LABELS = """
    i.status || '|' || COALESCE((SELECT GROUP_CONCAT(concept_id || ':' || is_positive) FROM
        (SELECT concept_id, is_positive FROM annotations WHERE input_id = i.id ORDER BY 1)), '')
"""
_STATES_NOW = {
    "contradiction": _LABELS,
    "doubtful-label": _LABELS,
    "leak": "i.split",
    "unlabelled": "i.status || i.n_labels",
}


def labels_state(status: str, labels: Iterable[tuple[int, int]]) -> str:
    """Return the state of an input that `contradiction` and `doubtful-label` keep."""
    return f"{status}|{','.join(f'{concept}:{positive}' for concept, positive in labels)}"


def _standing(kind: str) -> str:
    """Return the condition that a row is as it was found."""
    if kind in CONCEPT_KINDS:  # fewer texts are missing than then
        return "COALESCE(c.n_positive < f.state + f.score, 0)"
    state = _STATES_NOW.get(kind)
    return "(m.input_id IS NOT NULL" + (f" AND f.state = {state})" if state else ")")


def _joined(kind: str) -> str:
    if kind in CONCEPT_KINDS:
        return "findings f LEFT JOIN concepts c ON c.id = f.input_id"
    return """
        findings f LEFT JOIN inputs i ON i.id = f.input_id AND i.text_id = f.text_id
        LEFT JOIN dataset_inputs m ON m.dataset_id = :dataset AND m.input_id = i.id
    """


def _groups(kind: str) -> str:
    """Return the statement that lists groups by number and tells how they stand."""
    if kind in GROUP_KINDS:
        holds = f"SUM({_standing(kind)}) >= 2"
    elif kind in DISPUTE_KINDS:
        holds = f"COUNT(DISTINCT CASE WHEN {_standing(kind)} THEN f.state END) >= 2"
    else:
        holds = f"MAX({_standing(kind)})"
    return f"""
        SELECT f.number AS number, CASE WHEN NOT ({holds}) THEN 'done'
            WHEN MAX(f.is_dismissed) THEN 'dismissed' ELSE 'open' END AS stands
        FROM {_joined(kind)}
        WHERE f.check_id = :check AND f.kind = :kind AND f.score >= :at_least GROUP BY f.number
    """


def _digests(
    db: Database, check_id: int, kind: str, numbers: Sequence[int] | None = None
) -> Iterator[tuple[int, bytes]]:
    """Yield groups by number, each with what it is known by in any check: its texts or concepts."""
    of_concepts = "concepts x ON x.id = f.input_id", "CAST(x.name AS BLOB)"
    table, known_by = (
        of_concepts if kind in CONCEPT_KINDS else ("texts x ON x.id = f.text_id", "x.hash")
    )
    select = f"SELECT f.number, {known_by} FROM findings f JOIN {table}"
    parts = [None] if numbers is None else list(chunks(numbers))
    for some in parts:
        only = f" AND f.number IN ({marks(some)})" if some is not None else ""
        rows = db.execute(
            f"{select} WHERE f.check_id = ? AND f.kind = ?{only} ORDER BY f.number",
            [check_id, kind, *(some or ())],
        )
        for number, members in groupby(rows.fetchall(), key=itemgetter(0)):
            parts_of_group = sorted({part for _number, part in members})
            yield number, hashlib.blake2b(b"\0".join(parts_of_group), digest_size=16).digest()


def _set_dismissed(
    db: Database, check_id: int, kind: str, numbers: Sequence[int], *, is_dismissed: bool
) -> None:
    db.conn.executemany(
        "UPDATE findings SET is_dismissed = ? WHERE check_id = ? AND kind = ? AND number = ?",
        ((is_dismissed, check_id, kind, number) for number in numbers),
    )
