"""What an app from elsewhere keeps in plain cells: numbers, moments, words out of a list, bytes.

SQLite lets any value into any column, and whoever sends an app can have written into it what no
Textwright writes. All of it is looked at once, where it comes in, so that no screen has to.
"""

import json
import re
from array import array
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core.i18n import _
from core.records import (
    EMBEDDING_CLASSIFIER,
    SPLITS,
    TEXT_CLASSIFIER,
    TEXT_TO_TEXT,
    JobStatus,
    Method,
    Origin,
    Status,
)
from core.storage.database import Database
from core.storage.steps import DONE, KEPT, OPEN, UNDONE
from core.storage.trust import StrangeDatabaseError

MOST = 2**53  # of any number: exact in JSON, too
MOST_SMALL = 2**31 - 1  # of numbers that are drawn
_KINDS = {"INTEGER": ("integer",), "TEXT": ("text",), "REAL": ("real", "integer")}
_MOMENTS = ("created", "added", "at", "started", "ended", "began", "binned")
_FLAG = re.compile(r"(?:is|was)_(?!step)\w+")
_WORDS = {  # what may stand in a column
    **dict.fromkeys(
        ["inputs.split", "bin_inputs.split", "version_inputs.split", "evaluations.split"],
        ("", *SPLITS),
    ),
    **dict.fromkeys(["inputs.status", "bin_inputs.status"], tuple(Status)),
    "steps.origin": tuple(Origin),
    "steps.state": (OPEN, DONE, UNDONE, KEPT),
    "jobs.status": tuple(JobStatus),
    "evaluations.method": tuple(Method),
    "models.type": (EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, TEXT_TO_TEXT),
}
_SMALL = ("concepts.colour", "jobs.code", "evaluations.n_folds")
_COUNTED_ON = (  # keys that are never given twice, and whose counter says which was the last
    *(("inputs", "id", "inputs"), ("bin_inputs", "id", "inputs")),
    *(("steps", "id", "steps"), ("undo_log", "id", "undo_log")),
)
_MOST_AT_ONCE = 10**8  # inputs of a row of the log
_ODD_ROWS = (  # what no row may hold
    "texts WHERE LENGTH(hash) <> 16",
    "embeddings WHERE LENGTH(vector) % 2 OR LENGTH(vector) = 0",
    "embeddings GROUP BY embedder_id HAVING COUNT(DISTINCT LENGTH(vector)) > 1",
    "said s JOIN model_versions v ON v.id = s.version_id WHERE json_valid(v.concepts) "
    "AND LENGTH(s.probabilities) <> 2 * json_array_length(v.concepts)",
    "suggestions WHERE NOT probability BETWEEN 0 AND 1",
    "suggestions, suggestion_round r WHERE json_valid(r.concepts) "
    "AND NOT concept BETWEEN 0 AND json_array_length(r.concepts) - 1",
    f"sqlite_sequence WHERE typeof(seq) <> 'integer' OR NOT seq BETWEEN 0 AND {MOST}",
    *(
        f"(SELECT MAX({key}) AS last FROM {table}) WHERE last > "
        f"COALESCE((SELECT MIN(seq) FROM sqlite_sequence WHERE name = '{counted}'), 0)"
        for table, key, counted in _COUNTED_ON
    ),
    "undo_log, json_each(cells) WHERE json_valid(cells) AND type IN ('object', 'array')",
    "undo_log WHERE (statement IN ('added', 'hidden', 'deleted', 'restored')) <> "
    "(input_ids IS NOT NULL) OR LENGTH(input_ids) % 16 OR LENGTH(input_ids) = 0",
    "merge_disagreements WHERE json_valid(theirs) AND json_type(theirs) NOT IN ('array', 'object')",
    "merge_disagreements, json_tree(theirs) WHERE json_valid(theirs) "
    "AND json_type(theirs) = 'object' AND type NOT IN ('object', 'array', 'text', 'integer')",
    "merge_disagreements d WHERE json_valid(theirs) AND json_type(theirs) = 'object' AND ("
    "json_type(theirs, '$.labels') <> 'array' OR json_type(theirs, '$.answer') <> 'text' "
    "OR json_type(theirs, '$.split') <> 'text' OR json_type(theirs, '$.settled') <> 'array')",
)
_CIRCLES = """
    concepts c WHERE c.id IN (
        WITH RECURSIVE above (start, id) AS (
            SELECT id, broader_id FROM concepts WHERE broader_id IS NOT NULL
            UNION SELECT start, broader_id FROM concepts JOIN above USING (id)
            WHERE broader_id IS NOT NULL
        ) SELECT start FROM above WHERE start = id
    )
"""


def check_cells(db: Database) -> None:
    """Look at every cell, once, in a database of the newest version.

    Raises:
        StrangeDatabaseError: one holds what Textwright does not write.
    """
    for table, conditions in _conditions(db).items():
        found = " OR ".join(conditions)
        if db.execute(f'SELECT 1 FROM "{table}" WHERE {found} LIMIT 1').fetchone():
            raise _odd()
    for rows in (*_ODD_ROWS, _CIRCLES):
        if db.execute(f"SELECT 1 FROM {rows} LIMIT 1").fetchone():
            raise _odd()
    if not all(map(_is_moment, _moments(db))) or not all(_ways_back(db)):
        raise _odd()


def _odd() -> StrangeDatabaseError:
    return StrangeDatabaseError(_("This app holds values that Textwright does not write."))


def _conditions(db: Database) -> dict[str, list[str]]:
    """Return by table what is true of a row with a cell that is none of ours."""
    found = {
        table: [
            condition
            for _n, column, kind, is_needed, _default, in_key in _columns(db, table)
            for condition in _of_column(f"{table}.{column}", kind, is_needed or in_key)
        ]
        for table in _tables(db)
    }
    return {table: conditions for table, conditions in found.items() if conditions}


def _of_column(name: str, kind: str, is_needed: int) -> Iterator[str]:
    column = name.partition(".")[2]
    kinds = _KINDS.get(kind, ("blob",)) if kind != "BLOB" else ("blob",)
    if not is_needed:
        kinds = (*kinds, "null")
    told = ", ".join(f"'{one}'" for one in kinds)
    yield f'typeof("{column}") NOT IN ({told})'
    if name in _WORDS:
        words = ", ".join(f"'{word}'" for word in _WORDS[name])
        yield f'"{column}" NOT IN ({words})'
    elif kind == "INTEGER":
        high = 1 if _FLAG.fullmatch(column) else MOST_SMALL if name in _SMALL else MOST
        yield f'"{column}" NOT BETWEEN 0 AND {high}'
    elif kind == "REAL":
        yield f'ABS("{column}") > {MOST}'


def _ways_back(db: Database) -> Iterator[bool]:
    """Tell of what undo would run whether SQLite can, and whether it names inputs in ranges."""
    for statement, fewest, most, cells in db.execute(
        "SELECT statement, MIN(json_array_length(cells)), MAX(json_array_length(cells)), cells "
        "FROM undo_log WHERE input_ids IS NULL AND json_valid(cells) GROUP BY statement"
    ).fetchall():
        yield fewest == most and _can_run(db, statement, json.loads(cells))
    for (cells,) in db.execute(r"SELECT cells FROM undo_log WHERE cells LIKE '%\ud%'").fetchall():
        yield _is_text(cells)
    for (packed,) in db.execute("SELECT input_ids FROM undo_log WHERE input_ids IS NOT NULL"):
        pairs = array("q", packed)
        sizes = [last - first for first, last in zip(pairs[::2], pairs[1::2], strict=True)]
        yield min(pairs) >= 0 <= min(sizes) and sum(sizes) <= _MOST_AT_ONCE


def _can_run(db: Database, statement: str, cells: list[Any]) -> bool:
    try:
        db.execute(f"EXPLAIN {statement}", cells).fetchall()
    except (db.conn.Error, OverflowError, UnicodeEncodeError):
        return False
    return True


def _is_text(cells: str) -> bool:
    """Tell whether no half of a character is in what JSON holds: SQLite takes none."""
    try:
        json.dumps(json.loads(cells), ensure_ascii=False).encode()
    except ValueError:
        return False
    return True


def _moments(db: Database) -> Iterator[str]:
    for table in _tables(db):
        for _n, column, *_rest in _columns(db, table):
            if column in _MOMENTS:
                rows = db.execute(f'SELECT DISTINCT "{column}" FROM "{table}"').fetchall()
                yield from (moment for (moment,) in rows if moment is not None)


def _is_moment(words: str) -> bool:
    try:
        return datetime.fromisoformat(words).tzinfo is not None
    except ValueError:
        return False


def _tables(db: Database) -> list[str]:
    rows = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return [name for (name,) in rows.fetchall() if not name.startswith("texts_fts")]


def _columns(db: Database, table: str) -> list[tuple[int, str, str, int, object, int]]:
    return db.execute(f'PRAGMA table_info("{table}")').fetchall()
