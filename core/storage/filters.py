"""Which inputs a list shows, and in which order. A million are listed by their keys alone."""

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from core.records import Origin, Status
from core.storage.database import Database, upsert
from core.storage.search import match_of

SortKey = Literal["added", "text", "length", "concepts", "id", "split", "status"]
Labelling = Literal["", "labelled", "unlabelled", "none", "unsure", "skipped"]
HasTarget = Literal["", "yes", "no"]


@dataclass(frozen=True)
class InputFilter:
    """Which inputs are meant; what is left empty does not narrow.

    Attributes:
        containing: words that a text or its target has, each from its beginning on; "in quotes"
            as they stand.
        has, lacks: concepts by key; all that it carries, all that it does not carry.
        labelling: "labelled" (a person said anything), "unlabelled", "none" (of the concepts),
            "unsure" or "skipped".
        origin: who or what set one of its labels.
        split: "train", "validation", "test", or "none" for those kept for nothing.
        source: the file that it came in with.
        metadata: names with the value that they have, or "" for any value.
        min_chars, max_chars: the length of the text; 0 does not narrow.
        added_from, added_to: days in ISO 8601, both included.
        has_note: somebody wrote a note.
        has_target: "yes" (there is a text that a model shall write for it), or "no".
        ids: only these inputs.
    """

    dataset_id: int = 0
    containing: str = ""
    has: tuple[int, ...] = ()
    lacks: tuple[int, ...] = ()
    labelling: Labelling = ""
    origin: Origin | None = None
    split: str = ""
    source: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
    min_chars: int = 0
    max_chars: int = 0
    added_from: str = ""
    added_to: str = ""
    has_note: bool = False
    has_target: HasTarget = ""
    ids: tuple[int, ...] = ()

    @property
    def is_narrowing(self) -> bool:
        """Tell whether it leaves out anything of its dataset."""
        return self != InputFilter(dataset_id=self.dataset_id)


@dataclass(frozen=True)
class Sort:
    """The order of a list."""

    key: SortKey = "added"
    is_descending: bool = False


Selection = InputFilter | tuple[int, ...]  # inputs that match, or these


_ORDERS = {
    "added": "i.id",
    "text": "t.text COLLATE NOCASE",
    "length": "i.n_chars",
    "concepts": "i.n_concepts",
    "id": "i.external_id",
    "split": "i.split",
    "status": "i.status",
}


def list_input_ids(
    db: Database,
    wanted: InputFilter = InputFilter(),
    sort: Sort = Sort(),  # frozen
) -> Sequence[int]:
    """Return the keys of all inputs that match, in order.

    Where nothing narrows and nothing was deleted this is a `range`, so that a list of a
    million opens as quickly as a list of ten; else an array of 8 bytes each.
    """
    if not wanted.is_narrowing and sort.key == "added":
        first, last, n = _span(db, wanted.dataset_id)
        if n == 0 or last - first + 1 == n:
            keys = range(first, last + 1)
            return keys[::-1] if sort.is_descending else keys
    query = _Query(db, wanted)
    if sort.key == "text":
        query.join_texts()
    way = "DESC" if sort.is_descending else "ASC"
    order = f"{_ORDERS[sort.key]} {way}, i.id {way}" if sort.key != "added" else f"i.id {way}"
    rows = db.execute(f"SELECT i.id FROM {query.sql} ORDER BY {order}", query.values)
    return array("q", (input_id for (input_id,) in rows))


def count_inputs(db: Database, wanted: InputFilter = InputFilter()) -> int:  # frozen
    """Return how many inputs match."""
    query = _Query(db, wanted)
    return int(db.execute(f"SELECT COUNT(*) FROM {query.sql}", query.values).fetchone()[0])


def selected_ids(db: Database, selection: Selection) -> Sequence[int]:
    """Return the keys of the inputs that are meant and still there."""
    if isinstance(selection, InputFilter):
        return list_input_ids(db, selection)
    return list_input_ids(db, InputFilter(ids=selection)) if selection else ()


def count_splits(db: Database, wanted: InputFilter = InputFilter()) -> dict[str, int]:  # frozen
    """Return how many matching inputs each split has; "" for those kept for nothing."""
    query = _Query(db, wanted)
    return dict(
        db.execute(f"SELECT i.split, COUNT(*) FROM {query.sql} GROUP BY 1", query.values).fetchall()
    )


def list_sources(db: Database) -> list[str]:
    """Return the names of the files that inputs came in with."""
    rows = db.execute("SELECT DISTINCT source FROM imports ORDER BY 1")
    return [source for (source,) in rows]


def list_metadata_names(db: Database, most: int = 1_000) -> list[str]:
    """Return the names of metadata that the newest inputs have."""
    rows = db.execute(
        """
        SELECT DISTINCT j.key
        FROM (SELECT metadata FROM inputs WHERE metadata <> '{}' ORDER BY id DESC LIMIT ?) i,
             json_each(i.metadata) j ORDER BY 1
        """,
        [most],
    )
    return [name for (name,) in rows]


def add_saved_filter(db: Database, name: str, wanted: InputFilter) -> None:
    """Keep a filter under a name, in the place of one that had it."""
    kept = {k: v for k, v in asdict(wanted).items() if v}
    upsert(db, "saved_filters", "name", {"name": name, "filter": json.dumps(kept)})


def list_saved_filters(db: Database) -> dict[str, InputFilter]:
    """Return the filters that were kept, by name; what names a concept that is gone is left out."""
    rows = db.execute("SELECT name, filter FROM saved_filters ORDER BY name")
    return {name: filter_from(json.loads(kept)) for name, kept in rows}


def delete_saved_filter(db: Database, name: str) -> None:
    """Forget a filter."""
    db.execute("DELETE FROM saved_filters WHERE name = ?", [name])


def filter_from(kept: dict[str, Any]) -> InputFilter:
    """Return the filter that JSON keeps; what a later version knows besides is left out."""
    known = {field.name for field in fields(InputFilter)}
    values: dict[str, Any] = {
        name: tuple(tuple(v) if isinstance(v, list) else v for v in value)
        if isinstance(value, list)
        else value
        for name, value in kept.items()
        if name in known
    }
    found = InputFilter(**values)
    return replace(found, origin=Origin(found.origin)) if found.origin else found


def _span(db: Database, dataset_id: int) -> tuple[int, int, int]:
    """Return the first key, the last, and how many there are; (0, -1, 0) for none."""
    table, key = ("dataset_inputs", "input_id") if dataset_id else ("inputs", "id")
    where = "WHERE dataset_id = :dataset" if dataset_id else ""
    first, last, n = db.execute(  # three selects: each of them is answered by an index alone
        f"""
        SELECT (SELECT MIN({key}) FROM {table} {where}),
               (SELECT MAX({key}) FROM {table} {where}),
               (SELECT COUNT(*) FROM {table} {where})
        """,
        {"dataset": dataset_id},
    ).fetchone()
    return (first, last, n) if n else (0, -1, 0)


class _Query:
    """What comes after FROM, and its values; what narrows most is joined: far faster than IN."""

    def __init__(self, db: Database, wanted: InputFilter) -> None:
        self._tables = ["inputs i"]
        self._conditions: list[str] = []
        self._joined: list[Any] = []
        self._values: list[Any] = []
        if match := match_of(wanted.containing):
            self._join_match(match, has_targets=has_targets(db))
        if wanted.dataset_id:
            self._join(
                "dataset_inputs m ON m.dataset_id = ? AND m.input_id = i.id", wanted.dataset_id
            )
        for n, concept_id in enumerate(wanted.has):
            self._join(
                f"annotations a{n} ON a{n}.concept_id = ? AND a{n}.input_id = i.id "
                f"AND a{n}.is_positive",
                concept_id,
            )
        for condition, *values in _conditions(wanted):
            self._conditions.append(condition)
            self._values += values

    @property
    def sql(self) -> str:
        """The tables and conditions; where words are looked for, they narrow first."""
        joined = " CROSS JOIN " if self._tables[0] in (_MATCHING, _MATCHING_EITHER) else " JOIN "
        return f"{joined.join(self._tables)} WHERE {' AND '.join(self._conditions) or 'TRUE'}"

    @property
    def values(self) -> list[Any]:
        """The values, in the order of their marks."""
        return self._joined + self._values

    def join_texts(self) -> None:
        """Have the texts, as `t`."""
        if not any(table.endswith("ON t.id = i.text_id") for table in self._tables):
            self._tables.append("texts t ON t.id = i.text_id")

    def _join(self, table: str, *values: Any) -> None:  # noqa: ANN401  # what SQLite takes
        self._tables.append(table)
        self._joined += values

    def _join_match(self, match: tuple[str, str], *, has_targets: bool) -> None:
        words, part = match
        if words:
            self._tables[0] = _MATCHING_EITHER if has_targets else _MATCHING
            self._joined.append(words)
        if part:
            self.join_texts()
            either = _HAS_PART_EITHER if has_targets else _HAS_PART
            self._conditions.append(either)
            self._values += [part] * either.count("?")


# An input comes once, though its text and its target may both have the words.
_MATCHING = (
    "(SELECT rowid AS text_id FROM texts_fts WHERE texts_fts MATCH ?) f "
    "CROSS JOIN inputs i ON i.text_id = f.text_id"
)
_MATCHING_EITHER = (
    "(SELECT DISTINCT n.id FROM texts_fts w CROSS JOIN inputs n "
    "ON n.text_id = w.rowid OR n.target_id = w.rowid WHERE texts_fts MATCH ?) f "
    "CROSS JOIN inputs i ON i.id = f.id"
)
_HAS_PART = r"t.text LIKE ? ESCAPE '\'"
_HAS_PART_EITHER = (
    rf"({_HAS_PART} OR "
    r"EXISTS (SELECT 1 FROM texts g WHERE g.id = i.target_id AND g.text LIKE ? ESCAPE '\'))"
)


def has_targets(db: Database) -> bool:
    """Tell whether any input of the app has a target, or had one in a version."""
    query = """
        SELECT EXISTS (SELECT 1 FROM inputs WHERE target_id IS NOT NULL)
            OR EXISTS (SELECT 1 FROM version_inputs WHERE target_id IS NOT NULL)
    """
    return bool(db.execute(query).fetchone()[0])


def _conditions(wanted: InputFilter) -> Iterator[tuple[Any, ...]]:
    """Yield what narrows, each condition with its values."""
    for concept_id in wanted.lacks:
        yield _LACKS, concept_id
    for name, value in wanted.metadata:
        yield _HAS_METADATA, name, value
    if wanted.labelling:
        yield (LABELLINGS[wanted.labelling],)
    if wanted.has_note:
        yield ("i.note <> ''",)
    if wanted.has_target:
        yield ("i.target_id IS NOT NULL" if wanted.has_target == "yes" else "i.target_id IS NULL",)
    if wanted.split:
        yield "i.split = ?", "" if wanted.split == "none" else wanted.split
    plain = (
        (_HAS_ORIGIN, wanted.origin),
        ("i.source = ?", wanted.source),
        ("i.n_chars >= ?", wanted.min_chars),
        ("i.n_chars <= ?", wanted.max_chars),
        ("i.added >= ?", wanted.added_from),
        ("i.added < DATE(?, '+1 day')", wanted.added_to),
        ("i.id IN (SELECT value FROM json_each(?))", json.dumps(wanted.ids) if wanted.ids else ""),
    )
    yield from (condition for condition in plain if condition[1])


_LACKS = (
    "NOT EXISTS (SELECT 1 FROM annotations l WHERE l.concept_id = ? "
    "AND l.input_id = i.id AND l.is_positive)"
)
_HAS_METADATA = (
    "EXISTS (SELECT 1 FROM json_each(i.metadata) j WHERE j.key = ? AND ? IN ('', j.value))"
)
_HAS_ORIGIN = (
    "EXISTS (SELECT 1 FROM annotations o LEFT JOIN steps s ON s.id = o.step_id "
    "WHERE o.input_id = i.id AND COALESCE(s.origin, 'unknown') = ?)"
)
LABELLINGS = {
    "labelled": "i.n_labels > 0",
    "unlabelled": "i.n_labels = 0",
    "none": "i.n_labels > 0 AND i.n_concepts = 0",
    "unsure": f"i.status = '{Status.UNSURE}'",
    "skipped": f"i.status = '{Status.SKIPPED}'",
}
