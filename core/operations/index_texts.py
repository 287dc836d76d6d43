"""The index of an app: the embedder that it uses, and reading the texts that it lacks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job, PartOfJob
from core.operations.model_embedder import load_embedder
from core.operations.read_embeddings import read_embeddings
from core.storage.choices import get_choice, set_choice
from core.storage.database import Database, chunks, transaction
from core.storage.vectors import (
    count_about,
    count_unread,
    find_embedder_key,
    get_texts,
    list_unread,
    standing_of_texts,
)

if TYPE_CHECKING:
    from core.learning.embedders import Embedder

INDEX = "index"  # the key of the choice
# `accurate` finds far better; a minute is little for that, and training has read some of the texts
# already. A million texts take `fast` half a minute, and `accurate` most of an hour.
FEW, MANY = "accurate", "fast"
MOST_FEW = 20_000  # inputs
NO_INDEX = "none"  # chosen where the app shall have no index
CHUNK = 4_096  # texts: what a stopped job has read stays read

_looked_at: dict[tuple[str, int], tuple[int, ...]] = {}  # indexes that lacked nothing, and when


class NoIndexError(UserError):
    """The app has no index, because somebody chose so."""

    def __init__(self) -> None:
        super().__init__(
            _("No text of this app is read for search, so none can be found by its meaning."),
            next_step=_("Choose a default workflow that reads texts, in “Workflows”."),
        )


@dataclass(frozen=True)
class IndexRequest:
    """Which embedder the index uses from now on; "" leaves the one that was chosen."""

    embedder: str = ""


@dataclass(frozen=True)
class IndexResult:
    """What was read.

    Attributes:
        embedder: the name of the index's embedder.
    """

    embedder: str
    n_read: int
    changes: Changes = Changes.NOTHING


@dataclass(frozen=True)
class IndexState:
    """Which embedder the index uses, and how many texts it still lacks."""

    embedder: str
    n_unread: int
    changes: Changes = Changes.NOTHING


def index_embedder(db: Database) -> str:
    """Return the name of the embedder that was chosen for the index, else one by its size."""
    chosen = get_choice(db, INDEX)
    if isinstance(chosen, str) and chosen:
        return chosen
    return FEW if count_about(db) <= MOST_FEW else MANY


def embedder_of_index(app: AppFolder) -> "Embedder":
    """Return the embedder of an app's index, ready to read.

    Raises:
        UnknownEmbedderError, NotAReaderError, BaseModelError: the chosen one is not there any more.
    """
    with app.database() as db:
        return load_index_embedder(db)


def load_index_embedder(db: Database) -> "Embedder":
    """Do so for an app that is open.

    Raises:
        NoIndexError: the app shall have none.
    """
    name = index_embedder(db)
    if name == NO_INDEX:
        raise NoIndexError
    return load_embedder(db, name)


def index_identity(db: Database) -> str:
    """Return under which identity the index's vectors are kept."""
    return load_index_embedder(db).identity


def look_at_index(app: AppFolder, request: IndexRequest, job: Job) -> IndexState:
    """Tell how many texts the index lacks, without reading any."""
    job.report(_("Looking at the texts"))
    with app.database() as db:
        name = request.embedder or index_embedder(db)
        return IndexState(name, _count_unread(app, db, load_embedder(db, name).identity))


def index_texts(app: AppFolder, request: IndexRequest, job: Job) -> IndexResult:
    """Read the texts that the index lacks; stopped, what was read stays read.

    Raises:
        JobCancelled: the analyst asked to stop.
        UnknownEmbedderError, NotAReaderError, BaseModelError: there is no such embedder.
    """
    with app.database() as db:
        if request.embedder and request.embedder != index_embedder(db):
            load_embedder(db, request.embedder)  # refused before it is kept
            with transaction(db):
                set_choice(db, INDEX, request.embedder)
        return IndexResult(index_embedder(db), read_missing(app, db, job))


def read_missing(app: AppFolder, db: Database, job: Job) -> int:
    """Read what the index lacks; return how many texts that were."""
    embedder = load_index_embedder(db)
    if not _count_unread(app, db, embedder.identity):
        return 0
    missing = list_unread(db, find_embedder_key(db, embedder.identity))
    for done, some in enumerate(chunks(missing, CHUNK)):
        start = done * CHUNK
        part = PartOfJob(
            job, _("Reading texts"), start=start, end=start + len(some), total=len(missing)
        )
        read_embeddings(db, embedder, get_texts(db, some), part)
    return len(missing)


def _count_unread(app: AppFolder, db: Database, identity: str) -> int:
    key = find_embedder_key(db, identity)
    standing = standing_of_texts(db)
    if key and _looked_at.get((str(app.path), key)) == standing:
        return 0
    n_unread = count_unread(db, key)
    if not n_unread:
        _looked_at[str(app.path), key] = standing
    return n_unread
