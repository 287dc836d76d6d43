"""The rows that an import left out, read a page at a time: there may be a hundred thousand."""

from collections import OrderedDict

from PySide6.QtCore import QObject, Qt
from typing_extensions import override

from core.i18n import _
from core.storage.database import Database
from core.storage.imports import ProblemRow, list_problems
from desktop.screens.dataset.problems import row_name
from desktop.widgets.table import TYPE_ROLE, Index, RowsModel
from desktop.widgets.text import tip

PAGE, KEPT_PAGES = 128, 16


class ProblemTableModel(RowsModel):
    """Rows that could not be added: which, why, and as they stood."""

    def __init__(
        self, db: Database, import_id: int, n_problems: int, parent: QObject | None = None
    ) -> None:
        """Show the problems of an import."""
        super().__init__((_("Reason"), _("Row"), _("As it stands in the file")), parent)
        self._db, self._import_id, self._n_problems = db, import_id, n_problems
        self._pages: OrderedDict[int, list[ProblemRow]] = OrderedDict()

    def problem_at(self, place: int) -> ProblemRow | None:
        """Return the problem of a row; None if the import is gone."""
        number, i = divmod(place, PAGE)
        if number not in self._pages:
            found = list_problems(self._db, self._import_id, PAGE, number * PAGE)
            self._pages[number] = [problem._replace(cells=()) for problem in found]
            if len(self._pages) > KEPT_PAGES:
                self._pages.popitem(last=False)
        page = self._pages[number]
        return page[i] if i < len(page) else None

    @override
    def count(self) -> int:
        return self._n_problems

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == TYPE_ROLE:
            return ("small", "small", "mono")[index.column()]
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        problem = self.problem_at(index.row())
        if problem is None:
            return None
        words = (problem.reason, row_name(problem.number), problem.row)[index.column()]
        return words if role == Qt.ItemDataRole.DisplayRole else tip(words)
