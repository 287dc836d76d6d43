"""What the cells of metadata say: a value under the column's name, or several as JSON has them."""

import ast
import json
import warnings

MAX_METADATA_CHARS = 100_000  # what may be parsed; longer stays as it stands


def parsed_details(cell: str) -> dict[str, str]:
    """Return what JSON, or the dict in single quotes of the portal's SDK, says; {} if neither."""
    if not cell.startswith("{") or len(cell) > MAX_METADATA_CHARS:
        return {}
    try:
        content = json.loads(cell)
    except (ValueError, RecursionError):
        content = _literal(cell)
    if not isinstance(content, dict):
        return {}
    try:
        return {_plain(str(name)): _plain(value) for name, value in content.items()}
    except RecursionError:
        return {}


def _plain(value: object) -> str:
    """Return what can be stored: JSON may escape characters that are none."""
    if not isinstance(value, str):
        value = json.dumps(value, default=str, ensure_ascii=False, skipkeys=True)
    return value.replace("\0", "").encode(errors="replace").decode()


def _literal(cell: str) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about backslashes in a text that is not ours
        try:
            return ast.literal_eval(cell)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            return None
