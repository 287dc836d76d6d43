"""How an analyst likes to label, kept in the app."""

from contextlib import suppress

from core.errors import UserError
from core.operations.annotate import SHARE_LABELS
from core.records import Concept
from core.storage.about import get_about, update_about
from core.storage.concepts import list_concepts
from core.storage.database import Database, TookTooLongError, transaction, within
from core.storage.filters import InputFilter, count_inputs

ONE_CONCEPT = "one_concept_per_text"
MOVES_ON = "labelling_moves_on"
CODEBOOK = "labelling_codebook"
ORDER = "labelling_order"
SUGGESTIONS = "labelling_suggestions"
ALONG, NO_SUGGESTIONS = "along", "none"
YES, NO = "1", "0"
PATIENCE_S = 0.2


class Options:
    """The switches of the screen; where nobody switched yet, the data say how they stand."""

    def __init__(self, db: Database) -> None:
        """Read them from an app."""
        self._db = db
        self._one_concept = self._read(ONE_CONCEPT)
        if self._one_concept is None:
            self._one_concept = not _has_several(db)

    @property
    def one_concept(self) -> bool:
        """Whether choosing a concept replaces the other, and moves on."""
        return bool(self._one_concept)

    @one_concept.setter
    def one_concept(self, is_on: bool) -> None:
        self._one_concept = is_on
        self._keep(ONE_CONCEPT, is_on)

    @property
    def moves_on(self) -> bool:
        """Whether a choice moves on to the next text where there may be several concepts."""
        return bool(self._read(MOVES_ON))

    @moves_on.setter
    def moves_on(self, is_on: bool) -> None:
        self._keep(MOVES_ON, is_on)

    @property
    def choice_moves_on(self) -> bool:
        """Whether a choice moves on to the next text."""
        return self.one_concept or self.moves_on

    @property
    def shares_labels(self) -> bool:
        """Whether identical texts have the same labels."""
        return bool(get_about(self._db, SHARE_LABELS))

    @shares_labels.setter
    def shares_labels(self, is_on: bool) -> None:
        with transaction(self._db):
            update_about(self._db, **{SHARE_LABELS: YES if is_on else ""})

    @property
    def order(self) -> str:
        """How the texts to label are ordered; "" as they stand."""
        return get_about(self._db, ORDER)

    @order.setter
    def order(self, strategy: str) -> None:
        if strategy == self.order:
            return
        with suppress(UserError), transaction(self._db):
            update_about(self._db, **{ORDER: strategy})

    @property
    def suggestions(self) -> str:
        """Where suggestions come from: ALONG or "" for the labels so far, or "number model"."""
        return get_about(self._db, SUGGESTIONS)

    @suggestions.setter
    def suggestions(self, source: str) -> None:
        with transaction(self._db):
            update_about(self._db, **{SUGGESTIONS: source})

    @property
    def model(self) -> tuple[str, int]:
        """The trained model that suggests, and its version; ("", 0) where none does."""
        number, _space, model = self.suggestions.partition(" ")
        return (model, int(number)) if model and number.isdecimal() else ("", 0)

    def shows_codebook(self, concepts: list[Concept]) -> bool:
        """Say whether the codebook is open: at first where there is something in it."""
        kept = self._read(CODEBOOK)
        return any(c.definition or c.examples for c in concepts) if kept is None else kept

    def keep_codebook(self, *, shown: bool) -> None:
        """Keep whether the codebook is open."""
        self._keep(CODEBOOK, shown)

    def _read(self, key: str) -> bool | None:
        kept = get_about(self._db, key)
        return kept == YES if kept else None

    def _keep(self, key: str, is_on: bool) -> None:  # noqa: FBT001  # what it is about is named
        with transaction(self._db):
            update_about(self._db, **{key: YES if is_on else NO})


def _has_several(db: Database) -> bool:
    """Say whether any text carries several concepts; yes where that cannot be told quickly."""
    try:
        with within(db, PATIENCE_S):
            n_labelled = count_inputs(db, InputFilter(labelling="labelled"))
            n_texts = n_labelled - count_inputs(db, InputFilter(labelling="none"))
    except TookTooLongError:
        return True
    return sum(concept.n_positive for concept in list_concepts(db)) > n_texts
