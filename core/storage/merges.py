"""Merged copies of an app, and the texts of which their people say something else.

What the other said of a text is kept as JSON, only where it is not what is said here: `labels`
(keys of concepts), with `denied` (of those that it is said not to carry), `answer`, `split`;
and `settled`, those of the three that are. Storage versions before answers and splits kept the
list of labels alone.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.errors import UserError
from core.i18n import _
from core.storage.database import Database, chunks, insert, marks, now
from core.storage.inputs import text_hash
from core.storage.names import storable

LABELS, ANSWER, SPLIT = "labels", "answer", "split"  # in what two can differ
KINDS = (LABELS, ANSWER, SPLIT)


class MergeMissingError(UserError):
    """There is no such merge, or it was taken back."""

    def __init__(self) -> None:
        super().__init__(
            _("This merge is not there any more."),
            next_step=_("Merge the copy again."),
        )


@dataclass(frozen=True)
class Merge:
    """A copy that was merged.

    Attributes:
        source: what it is called.
        summary: how much came, and how far both agree.
        n_disagreements: texts in which both differ. n_open: those not settled yet.
    """

    id: int
    created: datetime
    source: str
    summary: dict[str, Any]
    n_disagreements: int
    n_open: int


@dataclass(frozen=True)
class Theirs:
    """What the other said of a text, where it is not what is said here.

    Attributes:
        labels: keys of concepts; None where they are the same. answer, split: "" likewise.
        settled: those of `KINDS` about which nothing is left to say.
        denied: keys of concepts that they say it does not carry, where labels are other ones.
    """

    labels: tuple[int, ...] | None = None
    answer: str = ""
    split: str = ""
    settled: tuple[str, ...] = ()
    denied: tuple[int, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """In what both differ."""
        told = (self.labels is not None, self.answer, self.split)
        return tuple(kind for kind, is_other in zip(KINDS, told, strict=True) if is_other)


@dataclass(frozen=True)
class Said:
    """What one of them says of a text: names of concepts, an answer, what it is kept for.

    Attributes:
        denied: names of concepts that it is said not to carry.
    """

    labels: tuple[str, ...] = ()
    answer: str = ""
    split: str = ""
    denied: tuple[str, ...] = ()


@dataclass(frozen=True)
class Disagreement:
    """A text in which two people differ.

    Attributes:
        kinds: in what. open_kinds: of which something is left to settle.
    """

    input_id: int
    text: str
    mine: Said
    theirs: Said
    kinds: tuple[str, ...]
    open_kinds: tuple[str, ...]

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing is left to settle."""
        return not self.open_kinds


def add_merge(db: Database, source: str) -> int:
    """Note that a copy is merged; return its key."""
    return insert(db, "merges", created=now(), source=storable(source), summary="{}")


def update_merge(db: Database, merge_id: int, summary: dict[str, Any]) -> None:
    """Keep how much came and how far both agree."""
    kept = json.dumps(summary, ensure_ascii=False)
    db.table("merges").update(merge_id, {"summary": kept})


def add_disagreements(db: Database, merge_id: int, said: Iterable[tuple[int, Theirs]]) -> None:
    """Keep what the other said of texts, by the keys of inputs."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO merge_disagreements (merge_id, input_id, theirs) VALUES (?, ?, ?)",
        ((merge_id, input_id, _kept(theirs)) for input_id, theirs in said),
    )


def settle(
    db: Database, merge_id: int, input_ids: Sequence[int], kinds: Sequence[str] = KINDS
) -> None:
    """Note that nothing is left to say of texts, in all in which they differ or some of it."""
    found = find_theirs(db, merge_id, input_ids)
    rows = []
    for input_id, theirs in found.items():
        done = tuple(k for k in theirs.kinds if k in kinds or k in theirs.settled)
        kept = _kept(replace(theirs, settled=done))
        rows.append((kept, done == theirs.kinds, merge_id, input_id))
    db.conn.executemany(
        "UPDATE merge_disagreements SET theirs = ?, is_settled = ? "
        "WHERE merge_id = ? AND input_id = ?",
        rows,
    )


def _kept(theirs: Theirs) -> str:
    told: dict[str, object] = {kind: getattr(theirs, kind) for kind in theirs.kinds}
    if theirs.labels is not None and theirs.denied:
        told["denied"] = theirs.denied
    if theirs.settled:
        told["settled"] = theirs.settled
    return json.dumps(told, ensure_ascii=False)


def _theirs(kept: str, *, is_settled: bool = False) -> Theirs:
    told = json.loads(kept)
    if isinstance(told, list):
        told = {LABELS: told}
    labels = told.get(LABELS)
    theirs = Theirs(
        None if labels is None else tuple(labels),
        told.get(ANSWER, ""),
        told.get(SPLIT, ""),
        tuple(told.get("settled", ())),
        tuple(told.get("denied", ())),
    )
    return replace(theirs, settled=theirs.kinds) if is_settled else theirs


_MERGES = """
    SELECT m.id, m.created, m.source, m.summary, COUNT(d.input_id),
           COALESCE(SUM(d.is_settled = 0), 0)
    FROM merges m LEFT JOIN (
        SELECT e.* FROM merge_disagreements e JOIN inputs i ON i.id = e.input_id
    ) d ON d.merge_id = m.id
"""


def list_merges(db: Database) -> list[Merge]:
    """Return what was merged, newest first."""
    return [_merge(row) for row in db.execute(f"{_MERGES} GROUP BY m.id ORDER BY m.id DESC")]


def get_merge(db: Database, merge_id: int) -> Merge:
    """Return one merge by its key.

    Raises:
        MergeMissingError: there is none.
    """
    row = db.execute(f"{_MERGES} WHERE m.id = ? GROUP BY m.id", [merge_id]).fetchone()
    if row is None:
        raise MergeMissingError
    return _merge(row)


_LIST = " OR json_type(d.theirs) = 'array'"
_TOLD = "(json_type(d.theirs, '$.{0}') IS NOT NULL{1})"
_DIFFERS = {  # SQL: whether a text differs so, and that is open
    kind: f"NOT d.is_settled AND {_TOLD.format(kind, _LIST if kind == LABELS else '')} AND "
    f"'{kind}' NOT IN (SELECT value FROM json_each(d.theirs, '$.settled'))"
    for kind in KINDS
}


def count_open(db: Database, merge_id: int) -> dict[str, int]:
    """Return of how many texts something is left to settle, for each of `KINDS`."""
    counts = ", ".join(f"COALESCE(SUM({differs}), 0)" for differs in _DIFFERS.values())
    row = db.execute(
        f"SELECT {counts} FROM merge_disagreements d JOIN inputs i ON i.id = d.input_id "
        "WHERE d.merge_id = ?",
        [merge_id],
    ).fetchone()
    return dict(zip(KINDS, row, strict=True))


def list_disagreements(
    db: Database,
    merge_id: int,
    *,
    only_open: bool = False,
    kinds: Sequence[str] = KINDS,
    limit: int = -1,
) -> list[Disagreement]:
    """Return the texts in which both differ, by their keys; those that are gone are left out.

    Args:
        db: of the app.
        merge_id: of the merge.
        only_open: without those of whose `kinds` nothing is left to settle.
        kinds: of those in what they differ, where only open ones are meant.
        limit: the most; -1 for all.
    """
    names = dict(db.execute("SELECT id, name FROM concepts").fetchall())
    is_meant = _is_open(kinds) if only_open else "1"
    rows = db.execute(
        f"""
        SELECT d.input_id, t.text, d.theirs, d.is_settled, COALESCE(a.text, ''), i.split, (
            SELECT json_group_array(concept_id) FROM annotations a
            WHERE a.input_id = d.input_id AND a.is_positive
        ), (
            SELECT json_group_array(concept_id) FROM annotations a
            WHERE a.input_id = d.input_id AND NOT a.is_positive
        )
        FROM merge_disagreements d JOIN inputs i ON i.id = d.input_id
        JOIN texts t ON t.id = i.text_id LEFT JOIN texts a ON a.id = i.target_id
        WHERE d.merge_id = ? AND ({is_meant}) ORDER BY d.input_id LIMIT ?
        """,
        [merge_id, limit],
    )
    found = []
    for input_id, text, kept, is_settled, answer, split, mine, not_mine in rows:
        theirs = _theirs(kept, is_settled=bool(is_settled))
        has, lacks = (_names(sorted(json.loads(keys)), names) for keys in (mine, not_mine))
        ours = Said(has, answer, split, lacks)
        has, lacks = (_names(keys, names) for keys in (theirs.labels or (), theirs.denied))
        others = Said(has, theirs.answer, theirs.split, lacks)
        left = tuple(kind for kind in theirs.kinds if kind not in theirs.settled)
        found.append(Disagreement(input_id, text, ours, others, theirs.kinds, left))
    return found


def list_open_ids(db: Database, merge_id: int, kinds: Sequence[str] = KINDS) -> list[int]:
    """Return the keys of the inputs in which something of these kinds is left to settle."""
    rows = db.execute(
        "SELECT d.input_id FROM merge_disagreements d JOIN inputs i ON i.id = d.input_id "
        f"WHERE d.merge_id = ? AND ({_is_open(kinds)}) ORDER BY d.input_id",
        [merge_id],
    )
    return [key for (key,) in rows]


def _is_open(kinds: Sequence[str]) -> str:
    return " OR ".join(f"({_DIFFERS[kind]})" for kind in kinds)


def _names(keys: Iterable[int], names: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(names[key] for key in keys if key in names)


def find_theirs(db: Database, merge_id: int, input_ids: Sequence[int]) -> dict[int, Theirs]:
    """Return what the other said of texts; of concepts, the keys of those still there."""
    known = {key for (key,) in db.execute("SELECT id FROM concepts")}
    found: dict[int, Theirs] = {}
    for some in chunks(input_ids):
        for input_id, kept, is_settled in db.execute(
            "SELECT input_id, theirs, is_settled FROM merge_disagreements "
            f"WHERE merge_id = ? AND input_id IN ({marks(some)})",
            [merge_id, *some],
        ):
            theirs = _theirs(kept, is_settled=bool(is_settled))
            if theirs.labels is not None:
                has, lacks = (
                    tuple(k for k in keys if k in known) for keys in (theirs.labels, theirs.denied)
                )
                theirs = replace(theirs, labels=has, denied=lacks)
            found[input_id] = theirs
    return found


def list_input_ids(db: Database, after: int, limit: int) -> list[int]:
    """Return the next inputs of a copy, by their keys."""
    rows = db.execute("SELECT id FROM inputs WHERE id > ? ORDER BY id LIMIT ?", [after, limit])
    return [key for (key,) in rows]


def count_common(db: Database, other: Database) -> int:
    """Return how many inputs of another app have a text that an input of this one has."""
    rows = other.execute(
        "SELECT t.hash, COUNT(*) FROM inputs i JOIN texts t ON t.id = i.text_id GROUP BY t.id"
    ).fetchall()
    n_of, n_common = dict(rows), 0
    for some in chunks(list(n_of), 5_000):
        for (digest,) in db.execute(
            "SELECT DISTINCT t.hash FROM texts t JOIN inputs i ON i.text_id = t.id "
            f"WHERE t.hash IN ({marks(some)})",
            some,
        ):
            n_common += n_of[digest]
    return n_common


def find_all_inputs_of_texts(db: Database, texts: Sequence[str]) -> dict[str, list[int]]:
    """Return by text all inputs that have it, oldest first; texts that are new are left out."""
    hashes = {text_hash(text): text for text in texts}
    found: dict[str, list[int]] = {}
    for some in chunks(sorted(hashes), 5_000):
        for digest, input_id in db.execute(
            f"SELECT t.hash, i.id FROM texts t JOIN inputs i ON i.text_id = t.id "
            f"WHERE t.hash IN ({marks(some)}) ORDER BY i.id",
            some,
        ):
            found.setdefault(hashes[digest], []).append(input_id)
    return found


def list_memberships(db: Database, input_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the names of the datasets that each input is in."""
    found: dict[int, list[str]] = {}
    for some in chunks(input_ids):
        for input_id, name in db.execute(
            "SELECT m.input_id, d.name FROM dataset_inputs m JOIN datasets d ON d.id = m.dataset_id"
            f" WHERE m.input_id IN ({marks(some)}) ORDER BY d.id",
            some,
        ):
            found.setdefault(input_id, []).append(name)
    return found


def _merge(row: tuple[Any, ...]) -> Merge:
    key, created, source, summary, n_disagreements, n_open = row
    return Merge(
        key, datetime.fromisoformat(created), source, json.loads(summary), n_disagreements, n_open
    )
