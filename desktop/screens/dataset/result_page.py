"""What an import did: how many texts came in, which rows did not and why, and what is next."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from core.errors import UserError
from core.i18n import _, ngettext
from core.operations.import_texts import ImportResult
from core.operations.save_rejected import RejectedRequest
from core.operations.undo import undo
from core.storage.concepts import list_concepts
from core.storage.imports import find_import_step
from core.storage.steps import find_undoable
from desktop.screens.dataset.page import Page
from desktop.screens.dataset.problem_table import ProblemTableModel
from desktop.screens.dataset.problems import save_problems
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import Hairline, Item, row, step_body
from desktop.widgets.message_panel import error_panel, success_line
from desktop.widgets.table import TextTable
from desktop.widgets.text import heading, text, wrapped
from desktop.widgets.wording import concepts, number

FACT_NAME = 220
MOST = 1064


class ResultPage(Page):
    """The sheet after an import; it stays until the analyst goes on.

    Attributes:
        import_id: of the import that is shown; 0 for none.
        problems: the rows that were left out; None if there are none.
        saved: where they were saved last; None if they were not.
        facts: what is said, by its name.
    """

    left = Signal()  # to the list
    next_asked = Signal()

    def __init__(self, session: Session) -> None:
        """Show nothing yet."""
        super().__init__()
        self.session = session
        self.import_id = 0
        self.problems: ProblemTableModel | None = None
        self.saved: Path | None = None
        self.facts: dict[str, str] = {}
        self.show_texts = button(_("Show the texts"))
        self.next = button(_("Next: Concepts"), "primary", "arrow-right", trailing=True)
        self.save, self.undo = button(_("Save these rows…")), button(_("Undo this import"))
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
        self.import_id, self.saved = result.import_id, None
        self.facts = _facts(result, len(list_concepts(self.session.db)))
        done = success_line(_("Added from {file}").format(file=file_name))
        parts: list[Item] = [done, 4, heading(_headline(result)), 12]
        parts += [Hairline(), *(_fact(name, value) for name, value in self.facts.items())]
        parts += [Hairline(), 8, self._undo_line()]
        if result.n_problems:
            parts += [16, *self._problem_parts(file_name, result)]
        else:
            self.problems = None
            parts.append(None)
        self._show(step_body(*parts, gap=0, most=MOST))
        self._say_next(result)

    def show_error(self, file_name: str, error: UserError) -> None:
        """Say why nothing came in."""
        self.import_id, self.problems, self.facts = 0, None, {}
        what = heading(_("Nothing was added from {file}").format(file=file_name))
        self._show(step_body(what, 12, error_panel(error), None, gap=0, most=MOST))
        self.footer.set_note(_("The texts that were there before are as they were."))

    def is_undone(self) -> bool:
        """Tell whether the import that is shown was taken back since."""
        return self.import_id > 0 and not find_import_step(self.session.db, self.import_id)

    def look_again(self) -> None:
        """Offer the way back while the import is what was done last."""
        step = find_undoable(self.session.db)
        is_last = step is not None and step.id == find_import_step(self.session.db, self.import_id)
        why_not = _("Something else was done since; undo that first.")
        self.undo.set_enabled(enabled=is_last, why_not=why_not)

    def _undo_line(self) -> QWidget:
        words = _("The whole import is one step: Ctrl+Z takes it back.")
        self.undo = button(_("Undo this import"), "link", "undo-2")
        self.undo.clicked.connect(self._undo)
        self.look_again()
        return row(text(words, "small", "ink_2"), self.undo, None, gap=8)

    def _undo(self) -> None:
        self.undo.setEnabled(False)
        self.session.start(undo, title=_("Taking the import back"))

    def _problem_parts(self, file_name: str, result: ImportResult) -> list[Item]:
        title = ngettext("{n} row was left out", "{n} rows were left out", result.n_problems)
        table = TextTable(_("Rows that were left out"))
        db, n_problems = self.session.db, result.n_problems
        self.problems = ProblemTableModel(db, result.import_id, n_problems, table)
        table.setModel(self.problems)
        table.set_columns({1: 110})
        self.save = button(_("Save these rows…"), "link")
        self.save.clicked.connect(lambda: self._save_problems(file_name, result))
        head = text(title.format(n=number(n_problems)), "heading")
        how = _("Save them with their numbers and reasons, mend them, and import that file.")
        return [row(head, None, self.save), wrapped(how, "small", "ink_2"), 4, (table, 1)]

    def _save_problems(self, file_name: str, result: ImportResult) -> None:
        request = RejectedRequest(Path(), result.import_id, result.columns)
        save_problems(self, self.session, request, file_name, result.n_problems, self._tell_saved)

    def _tell_saved(self, path: Path) -> None:
        self.saved = path
        words = _("Saved as “{file}”. Mend the rows there, then import the file.")
        self.footer.set_note(words.format(file=path.name), "good", "circle-check")

    def _say_next(self, result: ImportResult) -> None:
        if not result.n_added:
            self.footer.set_note(_("The labels are with the texts that were here already."))
        elif result.n_targets:
            self._say_next_of_targets(result)
        elif result.n_unlabelled:
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

    def _say_next_of_targets(self, result: ImportResult) -> None:
        if not result.n_bare:
            self.footer.set_note(_("A model can learn from every one."), "good", "circle-check")
            return
        words = ngettext(
            "{n} of them has no target. It is left out of training.",
            "{n} of them have no target. They are left out of training.",
            result.n_bare,
        )
        self.footer.set_note(words.format(n=number(result.n_bare)), "warn", "circle-alert")

    def _show(self, body: QWidget) -> None:
        while item := self._layout.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._layout.addWidget(body)


def _headline(result: ImportResult) -> str:
    n = result.n_added
    if n:
        return ngettext("{n} text added", "{n} texts added", n).format(n=number(n))
    n = result.n_merged
    words = ngettext("The labels of {n} row merged", "The labels of {n} rows merged", n)
    return words.format(n=number(n))


def _facts(result: ImportResult, n_concepts: int) -> dict[str, str]:
    n_labelled = result.n_added - result.n_unlabelled
    facts = {}
    if result.n_targets:
        facts[_("With an answer")] = number(result.n_targets)
    if n_labelled or not result.n_targets:
        facts[_("With a concept")] = number(n_labelled)
        facts[_("Without a concept")] = number(result.n_unlabelled)
    if result.n_repeated:
        facts[_("Of these, the same text as another")] = number(result.n_repeated)
    if result.n_merged:
        facts[_("Rows merged into texts that were here")] = number(result.n_merged)
    facts[_("Rows that were left out")] = number(result.n_problems)
    if n_concepts or not result.n_targets:
        facts[_("In this app now")] = concepts(n_concepts)
    return facts


def _fact(name: str, value: str) -> QWidget:
    line = row(text(name, "small", "ink_3", width=FACT_NAME), text(value, "small_strong"), None)
    line.setFixedHeight(32)
    return line
