"""Full-text search: the index over the texts, and what a person types as its question."""

import re
import unicodedata
from collections.abc import Iterator

from core.storage.database import Database, transaction
from core.storage.names import storable

CHUNK = 50_000  # texts indexed in one transaction
MOST_CHARS = 2_000  # looked for; SQLite takes patterns of 50,000 bytes
UNSPACED = re.compile(  # scripts written without spaces, where a word is no unit to look for
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_TERMS = re.compile(r'"([^"]*)"?|(\S+)')


def index_texts(db: Database, most: int = CHUNK) -> int:
    """Make the next texts searchable; return how many texts are still not."""
    upto, _last = _bounds(db)
    db.execute(
        "INSERT INTO texts_fts (rowid, text) "
        "SELECT id, text FROM texts WHERE id > ? ORDER BY id LIMIT ?",
        [upto, most],
    )
    return count_unsearchable(db)


def count_unsearchable(db: Database) -> int:
    """Return how many texts are not searchable yet."""
    upto, _last = _bounds(db)
    return int(db.execute("SELECT COUNT(*) FROM texts WHERE id > ?", [upto]).fetchone()[0])


def index_all_texts(db: Database) -> Iterator[int]:
    """Make every text searchable, a transaction for each chunk; yield how many are still not."""
    upto, last = _bounds(db)
    while upto < last:
        with transaction(db):
            left = index_texts(db)
        yield left
        upto, last = _bounds(db)


def forget_text(db: Database, text_id: int, text: str) -> None:
    """Take a text that is about to be deleted out of the index."""
    db.execute(
        "INSERT INTO texts_fts (texts_fts, rowid, text) VALUES ('delete', ?, ?)", [text_id, text]
    )


def merge_index(db: Database) -> None:
    """Let the index forget what was taken out of it, which it only crosses out at first."""
    db.execute("INSERT INTO texts_fts (texts_fts) VALUES ('optimize')")


def match_of(typed: str) -> tuple[str, str] | None:
    """Return what is typed as a question to the index, and as a pattern for `LIKE`.

    Each word is looked for from its beginning on, words in quotation marks as they stand; what
    is written without spaces between words is looked for anywhere. Either may be empty; None
    where there is nothing to look for.
    """
    words: list[str] = []
    parts: list[str] = []
    for phrase, word in _TERMS.findall(unicodedata.normalize("NFC", storable(typed))[:MOST_CHARS]):
        term = phrase or word
        if UNSPACED.search(term):
            parts.append(term)
        elif tokens := tokens_of(term):
            words.append('"' + " ".join(tokens) + '"' + ("" if phrase else "*"))
        elif term.strip():
            parts.append(term)  # signs alone, which the index does not keep
    if not words and not parts:
        return None
    escaped = "%".join(re.sub(r"([\\%_])", r"\\\1", part) for part in parts)
    return " AND ".join(words), f"%{escaped}%" if parts else ""


def tokens_of(text: str) -> list[str]:
    """Return the words of a text as the index keeps them: letters and digits, no accents."""
    return re.findall(r"[^\W_]+", folded(text))


def folded(text: str) -> str:
    """Return a text in small letters without accents, a character for a character."""
    return "".join(_folded(character) for character in text)


def hits_in(text: str, typed: str) -> list[tuple[int, int]]:
    """Return where a text has what is typed: pairs of start and end, in order."""
    plain = folded(text)
    hits: list[tuple[int, int]] = []
    for phrase, word in _TERMS.findall(typed):
        term = phrase or word
        tokens = [] if UNSPACED.search(term) else tokens_of(term)
        pattern = r"[\W_]+".join(map(re.escape, tokens)) or re.escape(folded(term.strip()))
        if not pattern:
            continue
        if tokens:
            pattern = rf"(?<![^\W_]){pattern}" + (r"(?![^\W_])" if phrase else "")
        hits += [match.span() for match in re.finditer(pattern, plain)]
    return sorted(hits)


def _folded(character: str) -> str:
    if character.isascii():
        return character.lower()
    plain = unicodedata.normalize("NFD", character)[0].lower()
    return plain if len(plain) == 1 else character


def _bounds(db: Database) -> tuple[int, int]:
    """Return the last text that is searchable, and the last there is."""
    upto, last = db.execute(
        "SELECT (SELECT COALESCE(MAX(id), 0) FROM texts_fts_docsize), "
        "(SELECT COALESCE(MAX(id), 0) FROM texts)"
    ).fetchone()
    return upto, last
