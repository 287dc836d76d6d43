"""Keep a search under a name, or what it found: as a list, and as a dataset."""

from dataclasses import dataclass

from core.app_folder import AppFolder
from core.changes import Changes
from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.operations.search_texts import SearchResult
from core.storage.database import transaction
from core.storage.datasets import add_to_dataset, make_dataset
from core.storage.searches import (
    SavedSearch,
    Search,
    add_saved_search,
    delete_saved_search,
)
from core.storage.steps import recorded


class NothingFoundError(UserError):
    """A search that found nothing is to be frozen."""

    def __init__(self) -> None:
        super().__init__(
            _("Nothing was found that could be kept."),
            next_step=_("Search for something else, or narrow less."),
        )


@dataclass(frozen=True)
class SearchDeletion:
    """A search to forget."""

    name: str


@dataclass(frozen=True)
class FreezeSearchRequest:
    """A search with what it found, to become a dataset of its name."""

    saved: SavedSearch


@dataclass(frozen=True)
class KeepSearchResult:
    """What changed."""

    n_inputs: int = 0
    changes: Changes = Changes.NOTHING


def frozen_search(name: str, search: Search, result: SearchResult) -> SavedSearch:
    """Return a search together with what it found, under a name."""
    return SavedSearch(
        name, search, is_frozen=True, input_ids=result.input_ids, scores=result.scores
    )


KeepRequest = SavedSearch | SearchDeletion | FreezeSearchRequest


def keep_search(app: AppFolder, request: KeepRequest, _job: Job) -> KeepSearchResult:
    """Keep a search, forget one, or freeze what one found; the dataset is a step of undo.

    Raises:
        SearchNameError, DatasetNameError: the name is none, or a dataset has it.
        NothingFoundError: there is nothing to freeze.
    """
    with app.database() as db:
        match request:
            case SearchDeletion(name):
                with transaction(db):
                    delete_saved_search(db, name)
            case SavedSearch():
                with transaction(db):
                    add_saved_search(db, request)
            case FreezeSearchRequest(saved):
                if not saved.input_ids:
                    raise NothingFoundError
                words = _("freeze a search as the dataset {name}").format(name=saved.name)
                with recorded(db, words):
                    key = make_dataset(db, saved.name, _("Frozen from a search."))
                    add_to_dataset(db, key, saved.input_ids)
                    add_saved_search(db, saved)
                return KeepSearchResult(len(saved.input_ids), Changes.DATASETS)
    return KeepSearchResult()
