"""Trained versions as screens show them: by name, to choose from, with the marks of concepts."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal

from core.i18n import _
from core.records import ModelVersion
from core.storage.concepts import list_concepts
from core.storage.database import Database
from desktop.widgets.choices import Select
from desktop.widgets.painted import shortened, text_width
from desktop.widgets.text import tip
from desktop.widgets.wording import versioned

WIDTH, AROUND_NAME = 264, 46  # pixels; the second is what the box draws beside the words


def version_name(version: ModelVersion) -> str:
    """Return a version by its name in full: "Bank questions, version 2"."""
    return versioned(version.model, version.number)


def concept_numbers(db: Database, names: Sequence[str]) -> dict[str, int]:
    """Return the numbers of concepts' marks by name; one deleted since gets its place's number."""
    known = {concept.name: concept.colour for concept in list_concepts(db)}
    return {name: known.get(name, place) for place, name in enumerate(names)}


class VersionSelect(Select):
    """Chooses a trained version; long names of models leave room for the number."""

    version_chosen = Signal()  # another one, by the analyst or because there are others now

    def __init__(self) -> None:
        """Offer nothing."""
        super().__init__(width=WIDTH, name=_("Model version"))
        self._versions: list[ModelVersion] = []
        self.currentIndexChanged.connect(self._tell)

    @property
    def version(self) -> ModelVersion | None:
        """The chosen version; None where there are none."""
        place = self.currentIndex()
        return self._versions[place] if 0 <= place < len(self._versions) else None

    def set_versions(self, versions: Sequence[ModelVersion]) -> None:
        """Offer the versions, newest first; the choice stays, but the newest gives way to a newer.

        `version_chosen` is emitted if the choice is another one now.
        """
        before, was_newest = self.version, self.currentIndex() <= 0
        self._versions = list(versions)
        with QSignalBlocker(self):
            self.clear()
            for version in self._versions:
                self.addItem(short_name(version))
                shown = tip(version_name(version))
                self.setItemData(self.count() - 1, shown, Qt.ItemDataRole.ToolTipRole)
            places = [] if before is None or was_newest else self._places_of(before.id)
            self.setCurrentIndex((places or [0])[0] if self._versions else -1)
        if (before and before.id) != (self.version and self.version.id):
            self._tell()

    def choose(self, version_id: int) -> None:
        """Choose the version of this key, if it is offered."""
        for place in self._places_of(version_id):
            self.setCurrentIndex(place)

    def _places_of(self, version_id: int) -> list[int]:
        return [i for i, version in enumerate(self._versions) if version.id == version_id]

    def _tell(self) -> None:
        if self.version:
            self.setToolTip(tip(version_name(self.version)))
        self.version_chosen.emit()


def short_name(version: ModelVersion) -> str:
    """Return a version's name with room for its number in a box that is `WIDTH` wide."""
    room = WIDTH - AROUND_NAME - text_width(versioned("", version.number), "body")
    return versioned(shortened(version.model, "body", room), version.number)
