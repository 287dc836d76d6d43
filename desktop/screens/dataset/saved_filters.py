"""Filters under a name: saving, choosing and deleting them."""

from PySide6.QtCore import QObject

from core.i18n import _
from core.storage.database import transaction
from core.storage.filters import (
    InputFilter,
    add_saved_filter,
    delete_saved_filter,
    list_metadata_names,
    list_saved_filters,
    list_sources,
)
from desktop import boxes
from desktop.screens.dataset.filters import FilterBar
from desktop.session import Session
from desktop.widgets.filter_panel import Known


class SavedFilters(QObject):
    """Tells the panel what there is to choose from, and keeps filters, whatever the dataset."""

    def __init__(self, session: Session, bar: FilterBar) -> None:
        """Serve the panel of a filter bar."""
        super().__init__(bar)
        self._session, self._bar = session, bar
        bar.panel.opened.connect(self._tell)
        bar.panel.save_asked.connect(self._save)
        bar.panel.delete_asked.connect(self._delete)

    def _tell(self) -> None:
        db = self._session.db
        self._bar.panel.set_known(
            Known(
                tuple(self._bar.concepts.values()),
                list_sources(db),
                list_metadata_names(db),
                list_saved_filters(db),
            )
        )

    def _save(self) -> None:
        wanted: InputFilter = self._bar.wanted
        self._bar.panel.hide()  # or the question stands behind it
        title = _("Save this filter")
        name = boxes.ask_text(self._bar.window(), title, _("Name"), act=_("Save"))
        if name:
            with transaction(self._session.db):
                add_saved_filter(self._session.db, name, wanted)

    def _delete(self, name: str) -> None:
        with transaction(self._session.db):
            delete_saved_filter(self._session.db, name)
        self._tell()
