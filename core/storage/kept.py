"""What an app from elsewhere keeps as JSON: each part as we write it, or the app is refused.

SQLite keeps any words in a column. What a list, a search or a model says of itself is read when
a screen needs it, far from where an app came in; so everything is read once at the door.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from core.i18n import _
from core.storage.concepts import list_concepts
from core.storage.courses import find_course
from core.storage.data_checks import find_check
from core.storage.database import Database
from core.storage.datasets import list_datasets
from core.storage.evaluations import list_evaluations
from core.storage.filters import list_saved_filters
from core.storage.jobs import list_jobs
from core.storage.learning_curves import find_learning_curve
from core.storage.maps import find_map
from core.storage.merges import list_merges
from core.storage.models import list_model_versions
from core.storage.searches import list_saved_searches
from core.storage.suggestions import find_round
from core.storage.sweeps import find_sweep
from core.storage.topics import find_topic_run
from core.storage.trust import StrangeDatabaseError

_LISTS: tuple[Callable[[Database], object], ...] = (
    *(list_concepts, list_saved_filters, list_saved_searches, list_jobs, list_merges),
    *(find_map, find_topic_run, find_round, list_model_versions, list_evaluations),
)
_OF_MODELS = (find_course, find_sweep, find_learning_curve)
_CELLS = (  # of which there may be millions: what no row may hold
    *(f"{table} WHERE NOT json_valid(metadata)" for table in ("inputs", "bin_inputs")),
    *(
        f"{table} WHERE json_type(metadata) <> 'object' OR EXISTS "
        "(SELECT 1 FROM json_each(metadata) WHERE type <> 'text')"
        for table in ("inputs", "bin_inputs")
    ),
    "findings WHERE NOT json_valid(detail) OR json_type(detail) <> 'object'",
    "undo_log WHERE NOT json_valid(cells) OR json_type(cells) <> 'array'",
    "merge_disagreements WHERE NOT json_valid(theirs)",
    "choices WHERE NOT json_valid(value)",
)


def check_kept(db: Database) -> None:
    """Read all that is kept as JSON, once, in a database of the newest version.

    Raises:
        StrangeDatabaseError: some of it is not as Textwright writes it.
    """
    try:
        kept = [one(db) for one in _LISTS]
        kept += [one(db, v.id) for v in list_model_versions(db) for one in _OF_MODELS]
        kept += [find_check(db, dataset.id) for dataset in list_datasets(db)]
        is_ours = all(map(is_as_declared, kept)) and not any(
            db.execute(f"SELECT 1 FROM {cells} LIMIT 1").fetchone() for cells in _CELLS
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise _not_ours() from error
    if not is_ours:
        raise _not_ours()


def _not_ours() -> StrangeDatabaseError:
    return StrangeDatabaseError(_("What this app says of its searches or models is damaged."))


def is_as_declared(value: object) -> bool:
    """Tell whether every field of every record in a value has the type that it declares."""
    if is_dataclass(value) and not isinstance(value, type):
        hints = get_type_hints(type(value))
        return all(_fits(getattr(value, one.name), hints[one.name]) for one in fields(value))
    if isinstance(value, Mapping):
        return all(map(is_as_declared, value.values()))
    return not isinstance(value, list | tuple) or all(map(is_as_declared, value))


def _fits(value: object, wanted: Any) -> bool:  # noqa: ANN401  # any of Python's types
    kind, inner = get_origin(wanted) or wanted, get_args(wanted)
    if kind in (Union, UnionType):
        return any(_fits(value, one) for one in inner)
    if kind is Literal:
        return value in inner
    if kind in (Any, None):
        return kind is Any or value is None
    return _is_a(value, kind) and _fits_within(value, inner)


def _is_a(value: object, kind: type) -> bool:
    if kind in (bool, int):  # a bool is an int to Python
        return type(value) is kind
    return isinstance(value, int | float if kind is float else kind)


def _fits_within(value: object, inner: tuple[Any, ...]) -> bool:
    if isinstance(value, tuple) and inner:
        parts = inner[:1] * len(value) if inner[1:] == (...,) else inner
        return len(value) == len(parts) and all(map(_fits, value, parts))
    if isinstance(value, dict) and inner:
        return all(_fits(k, inner[0]) and _fits(v, inner[1]) for k, v in value.items())
    return is_as_declared(value)
