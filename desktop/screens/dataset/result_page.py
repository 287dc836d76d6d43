"""What an import did: how many texts came in, which rows did not and why, and what is next."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.errors import UserError
from core.files import Problem
from core.i18n import _, ngettext
from core.operations.import_texts import ImportResult
from core.storage.concepts import list_concepts
from core.storage.imports import list_problems
from desktop.screens.dataset.page import Page
from desktop.screens.dataset.problems import row_name, save_problems
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import Hairline, Item, row, step_body
from desktop.widgets.message_panel import error_panel, success_line
from desktop.widgets.table import TYPE_ROLE, TextTable
from desktop.widgets.text import heading, text, tip
from desktop.widgets.wording import concepts, number

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
LISTED = 1000  # rows; the file that is saved has all
FACT_NAME = 220


class ProblemTableModel(QAbstractTableModel):
    """Rows that could not be added: which, why, and as they stood."""

    def __init__(self, problems: Sequence[Problem], parent: QObject | None = None) -> None:
        """Show the problems."""
        super().__init__(parent)
        self._problems = problems
        self._heads = (_("Reason"), _("Row"), _("As it stands in the file"))

    @override
    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._problems)

    @override
    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._heads)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        problem = self._problems[index.row()]
        cells = (problem.reason, row_name(problem.number), problem.row)
        if role == Qt.ItemDataRole.DisplayRole:
            return cells[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(cells[index.column()])
        if role == TYPE_ROLE:
            return ("small", "small", "mono")[index.column()]
        return None


class ResultPage(Page):
    """The sheet after an import; it stays until the analyst goes on."""

    left = Signal()  # to the list
    next_asked = Signal()

    def __init__(self, session: Session) -> None:
        """Show nothing yet."""
        super().__init__()
        self.session = session
        self.problems: list[Problem] = []
        self.facts: dict[str, str] = {}
        self.show_texts = button(_("Show the texts"))
        self.next = button(_("Next: Concepts"), "primary", "arrow-right", trailing=True)
        self.save = button(_("Save these rows…"))
        self.show_texts.clicked.connect(self.left)
        self.next.clicked.connect(self.next_asked)
        holder = QWidget()
        self._layout = QVBoxLayout(holder)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.lay_out(holder, FooterBar(self.show_texts, self.next))

    @override
    def first_focus(self) -> QWidget:
        return self.next

    def show_result(self, file_name: str, result: ImportResult) -> None:
        """Say what came in and what did not."""
        db = self.session.db
        rows = list_problems(db, result.import_id, LISTED)
        self.problems = [Problem(*found, ()) for found in rows]
        self.facts = _facts(result, len(list_concepts(db)))
        added = ngettext("{n} text added", "{n} texts added", result.n_added)
        done = success_line(_("Added from {file}").format(file=file_name))
        parts: list[Item] = [done, 4, heading(added.format(n=number(result.n_added))), 12]
        parts += [Hairline(), *(_fact(name, value) for name, value in self.facts.items())]
        parts.append(Hairline())
        if self.problems:
            parts += [16, *self._problem_parts(file_name, result)]
        else:
            parts.append(None)
        self._show(step_body(*parts, gap=0, most=1064))
        self._say_next(result)

    def show_error(self, file_name: str, error: UserError) -> None:
        """Say why nothing came in."""
        self.problems, self.facts = [], {}
        what = heading(_("Nothing was added from {file}").format(file=file_name))
        self._show(step_body(what, 12, error_panel(error), None, gap=0, most=1064))
        self.footer.set_note(_("The texts that were there before are as they were."))

    def _problem_parts(self, file_name: str, result: ImportResult) -> list[Item]:
        title = ngettext("{n} row was left out", "{n} rows were left out", result.n_problems)
        table = TextTable(_("Rows that were left out"))
        table.setModel(ProblemTableModel(self.problems, table))
        table.set_columns({1: 110})
        save = button(_("Save these rows…"), "link")
        save.clicked.connect(lambda: self._save_problems(file_name, result.import_id))
        self.save = save
        head = text(title.format(n=number(result.n_problems)), "heading")
        return [row(head, None, save), 4, (table, 1)]

    def _save_problems(self, file_name: str, import_id: int) -> None:
        everything = (Problem(*row, ()) for row in list_problems(self.session.db, import_id))
        save_problems(self.window(), file_name, everything)

    def _say_next(self, result: ImportResult) -> None:
        if result.n_unlabelled:
            words = ngettext(
                "{n} of them has no concept. It is left out of training.",
                "{n} of them have no concept. They are left out of training.",
                result.n_unlabelled,
            )
            self.footer.set_note(
                words.format(n=number(result.n_unlabelled)), "warn", "circle-alert"
            )
        else:
            self.footer.set_note(_("Every one of them has a concept."), "good", "circle-check")

    def _show(self, body: QWidget) -> None:
        while item := self._layout.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._layout.addWidget(body)


def _facts(result: ImportResult, n_concepts: int) -> dict[str, str]:
    n_labelled = result.n_added - result.n_unlabelled
    return {
        _("With a concept"): number(n_labelled),
        _("Without a concept"): number(result.n_unlabelled),
        _("Rows that were left out"): number(result.n_problems),
        _("In this app now"): concepts(n_concepts),
    }


def _fact(name: str, value: str) -> QWidget:
    line = row(text(name, "small", "ink_3", width=FACT_NAME), text(value, "small_strong"), None)
    line.setFixedHeight(32)
    return line
