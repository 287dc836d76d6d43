"""Draw the map of the texts: those that are alike stand close to each other."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _, ngettext
from core.jobs import Job
from core.operations.index_texts import load_index_embedder, read_missing
from core.operations.texts_once import texts_once
from core.storage.database import transaction
from core.storage.filters import InputFilter
from core.storage.maps import TextMap, add_map

FEWEST = 5
EVERYTHING = InputFilter()


class TooFewForMapError(UserError):
    """There are hardly any texts."""

    def __init__(self, found: int) -> None:
        super().__init__(
            ngettext("{n} text makes no map.", "{n} different texts make no map.", found).format(
                n=found
            ),
            next_step=_("Add texts, or narrow less, until there are {n}.").format(n=FEWEST),
        )


@dataclass(frozen=True)
class MapRequest:
    """Which inputs to show."""

    wanted: InputFilter = EVERYTHING


@dataclass(frozen=True)
class MapResult:
    """How many inputs stand on the map."""

    n_inputs: int
    changes: Changes = Changes.NOTHING


def draw_map(app: AppFolder, request: MapRequest, job: Job) -> MapResult:
    """Lay texts out by what they mean, and keep the map; the same texts give the same map.

    Raises:
        TooFewForMapError: there are hardly any texts.
        JobCancelled: the analyst asked to stop; the last map stays.
    """
    from core.learning.projection import lay_out  # torch
    from core.learning.topics import chances_of

    with app.database() as db:
        read_missing(app, db, job)
        identity = load_index_embedder(db).identity
        texts = texts_once(db, identity, request.wanted, job)
        if len(texts.hashes) < FEWEST:
            raise TooFewForMapError(len(texts.hashes))
        points = lay_out(texts.vectors, chances_of(texts.hashes), job)[texts.text_of]
        with transaction(db):
            add_map(db, TextMap(request.wanted, identity, texts.digest, texts.input_ids, points))
    return MapResult(len(texts.input_ids))
