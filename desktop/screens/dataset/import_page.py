"""What will be added from a file: its columns, its first rows, what cannot come in."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.app_folder import MAIN_DATASET
from core.errors import UserError
from core.files import Preview, preview, signature, with_columns, with_options, with_remembered
from core.i18n import _
from core.operations.import_texts import ImportRequest, ImportResult, preview_import
from core.operations.save_rejected import RejectedRequest
from core.preferences import remember_mapping, remembered_mapping
from core.storage.concepts import list_concepts
from desktop.runner import Task
from desktop.screens.dataset.columns_grid import SHOWN_COLUMNS, ColumnsGrid, GridArea
from desktop.screens.dataset.duplicates import DuplicatesPanel
from desktop.screens.dataset.import_facts import FactsRow, note_line
from desktop.screens.dataset.look import Look, look_at, near_names, with_check
from desktop.screens.dataset.options import ReadingOptions
from desktop.screens.dataset.page import Page
from desktop.screens.dataset.problems import problems_panel, save_problems
from desktop.screens.dataset.roles import Role, roles_of, with_role, with_roles
from desktop.screens.dataset.sentences import (
    add_words,
    column_words,
    how_it_is_read,
    near_words,
    problem_words,
    split_words,
    stand_of,
    why_it_is_read_so,
)
from desktop.screens.dataset.slot import Slot
from desktop.session import Session
from desktop.widgets.buttons import button
from desktop.widgets.footer import FooterBar
from desktop.widgets.layout import clip, column, row, step_body
from desktop.widgets.message_panel import error_panel, field_error
from desktop.widgets.text import Elided, text


class ImportPage(Page):
    """Shows a file exactly as it will be read; every change is seen at once.

    Attributes:
        seen: the file as it is read now; None where it cannot be read at all.
        look: what becomes of its rows.
        roles: what each column is; one of them has to be the text.
    """

    import_asked = Signal()
    left = Signal()
    choose_asked = Signal()
    skip_asked = Signal()  # this file, for the next one

    def __init__(self, session: Session) -> None:
        """Show nothing yet; `open` shows a file."""
        super().__init__()
        self.session = session
        self.seen: Preview | None = None
        self.look: Look | None = None
        self.roles: dict[str, Role] = {}
        self._path = Path()
        self._dataset = MAIN_DATASET
        self._colours: dict[str, int] = {}
        self._checking: Task | None = None
        self._is_remembered = False
        self._can_count = False  # some rows can be read, be they here already or not
        self.back = button(_("Dataset"), "link")
        self.other, self.skip = button(_("Choose another file")), button(_("Skip this file"))
        self.add = button(_("Add texts"), "primary")
        self.anew = button(_("Guess anew"), "link")
        self.options, self.grid, self.facts = ReadingOptions(), ColumnsGrid(), FactsRow()
        self.duplicates = DuplicatesPanel()
        self._place = text("", "small", "ink_3")
        self._lead, self._why = Elided("", "body", "ink_2"), Elided("", "small", "ink_3")
        self._changing, self._notes, self._panel = Slot(), Slot(gap=4), Slot()
        self._build()
        self._connect()

    def open(self, path: Path, dataset: str = MAIN_DATASET) -> None:
        """Show a file or folder, whose texts are to go to a dataset."""
        self._path, self._dataset = path, dataset
        self.set_place("", has_more=False)
        self.duplicates.reset()
        self._open()

    def set_place(self, place: str, *, has_more: bool) -> None:
        """Say which of several files it is, and whether others follow."""
        self._place.setText(place)
        self.skip.setVisible(has_more)
        self.other.setVisible(not has_more)

    @override
    def first_focus(self) -> QWidget:
        if self.add.isEnabled():
            return self.add
        return self.other if self.skip.isHidden() else self.skip

    def request(self) -> ImportRequest:
        """Return what is to be imported."""
        assert self.seen is not None
        same_id, same_text = self.duplicates.policy()
        return ImportRequest(self.seen.path, self.seen.mapping, self._dataset, same_id, same_text)

    def leave(self) -> None:
        """Count no further: nobody looks any more."""
        if self._checking:
            self._checking.stop()
        self._checking = None

    def _build(self) -> None:
        crumbs = row(
            self.back,
            text("/", "small", "ink_3"),
            text(_("Add texts"), "small", "ink_2"),
            self._place,
            None,
            gap=6,
        )
        title = text(_("Check what will be added"), "title")
        self._reasons = row((self._why, 1), self.anew, gap=8)
        self._file = column(
            self.options, GridArea(self.grid), self.facts, self.duplicates, self._notes, gap=12
        )
        body = step_body(
            column(crumbs, 2, title, 4, self._lead, self._reasons, gap=0),
            *(self._changing, self._file, self._panel, self.options.more, None),
            gap=12,
        )
        self.lay_out(clip(body), FooterBar(self.other, self.skip, self.add))

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.other.clicked.connect(self.choose_asked)
        self.skip.clicked.connect(self.skip_asked)
        self.add.clicked.connect(self._ask_import)
        self.anew.clicked.connect(partial(self._open, remembers=False))
        self.options.changed.connect(self._change_options)
        self.grid.role_chosen.connect(self._change_role)
        self.duplicates.changed.connect(self._check)

    # -- reading ----------------------------------------------------------------------------------
    def _open(self, *, remembers: bool = True) -> None:
        self.seen = None
        self._is_remembered = False

        def reading() -> Preview:
            seen = preview(self._path)
            kept = remembered_mapping(signature(seen)) if remembers else None
            if kept is None or len(seen.columns) == 1:
                return seen
            fitting = with_remembered(seen, kept)
            self._is_remembered = fitting is not seen
            return fitting

        self._read(reading)

    def _read(self, reading: Callable[[], Preview]) -> None:
        """Show the file read in a new way; where that fails, say so and keep the old one."""
        self._changing.clear()
        known = {c.name: c.colour for c in list_concepts(self.session.db)}
        try:
            seen = reading()
            look = look_at(seen, known)
        except UserError as error:
            self._show_error(error)
            return
        self.seen, self.roles = seen, roles_of(seen)
        self._colours = known
        self._file.show()
        self._lead.setText(how_it_is_read(seen))
        self._why.setText(why_it_is_read_so(seen, is_remembered=self._is_remembered))
        self._reasons.setVisible(bool(self._why.text()))
        self.anew.setVisible(self._is_remembered)
        self.options.show_file(seen, look)
        self._show_grid(seen, look)
        self._can_count = look.n_rows > 0
        self._show(look)
        self._check()

    def _check(self) -> None:
        """Count what would become of all rows, in the background."""
        self.leave()
        if self.seen is None or not self._can_count:
            return
        task = self.session.ask(preview_import, self.request())
        task.succeeded.connect(lambda result: self._take_in(task, result))
        task.failed.connect(lambda error: self._show_failure(task, error))
        self._checking = task

    def _take_in(self, task: Task, result: ImportResult) -> None:
        if task is self._checking and self.look:
            self._show(with_check(self.look, result, self._colours))

    def _show_failure(self, task: Task, error: Exception) -> None:
        if task is self._checking and isinstance(error, UserError):
            self._changing.put(field_error(f"{error} {error.next_step}"))

    # -- what is shown ----------------------------------------------------------------------------
    def _show_grid(self, seen: Preview, look: Look) -> None:
        first_new = max(self._colours.values(), default=-1) + 1
        new = {name: i for i, name in enumerate(look.new_concepts, start=first_new)}
        self.grid.show_file(seen, self.roles, look, self._colours | new)

    def _show(self, look: Look) -> None:
        """Show the counts, and what is to be said of them."""
        self.look = look
        roles = {*self.roles.values()}
        target = next((c for c, role in self.roles.items() if role == Role.TARGET), "")
        has_concepts = bool(look.concepts) or not roles.isdisjoint(
            {Role.CONCEPTS, Role.NOT_CONCEPTS, Role.YES_NO}
        )
        self.facts.show_look(look, has_target=bool(target), has_concepts=has_concepts)
        if look.check:
            self.duplicates.show_counts(look.check)
        self._show_notes(look)
        self._show_problems(look)
        self.add.setText(add_words(look))
        can_add = look.n_rows > 0
        self.add.set_enabled(enabled=can_add, why_not=_("No row of this file can be added."))
        stand = stand_of(look, has_concepts=has_concepts, target=target)
        self.footer.set_note(*stand)

    def _show_notes(self, look: Look) -> None:
        seen = self.seen
        if seen is None:
            return
        n_hidden = len(seen.columns) - SHOWN_COLUMNS
        notes = [
            near_words(near_names(look.new_concepts, list(self._colours))),
            split_words(seen.n_unknown_splits) if seen.n_unknown_splits else "",
            column_words(n_hidden) if n_hidden > 0 else "",
        ]
        self._notes.put(*(note_line(words) for words in notes if words))

    def _show_problems(self, look: Look) -> None:
        self._panel.clear()
        if look.n_problems:
            save = button(_("Save these rows…"), "link")
            save.clicked.connect(self._save_problems)
            self._panel.put(problems_panel(problem_words(look), look.problems, save))

    def _save_problems(self) -> None:
        request = RejectedRequest(Path(), self.request())
        n_rows = self.look.n_rows + self.look.n_problems if self.look else 0
        save_problems(self, self.session, request, self._path.name, n_rows)

    def _show_error(self, error: UserError) -> None:
        if self.seen is not None and self.look is not None:  # a way of reading; the old one stands
            self.options.show_file(self.seen, self.look)
            self.grid.show_roles(self.roles)
            self._changing.put(field_error(f"{error} {error.next_step}"))
            return
        self.leave()
        self._lead.setText("")
        for part in (self._reasons, self._file, self.options.more):
            part.hide()
        self._panel.clear()
        self._changing.put(error_panel(error))
        self.add.set_enabled(enabled=False, why_not=str(error))
        self.add.setText(_("Add texts"))
        self.footer.set_note(_("Nothing was added."))

    # -- what is chosen ---------------------------------------------------------------------------
    def _change_options(self, chosen: dict[str, str]) -> None:
        if (seen := self.seen) is None:
            return
        self._is_remembered = False
        change = with_columns if "yes_value" in chosen else with_options
        self._read(lambda: change(seen, **chosen))  # type: ignore[arg-type]  # by name

    def _change_role(self, name: str, role: Role) -> None:
        seen, roles = self.seen, with_role(self.roles, name, role)
        if seen is None:
            return
        self._is_remembered = False
        if Role.TEXT in roles.values():
            self._read(lambda: with_roles(seen, roles))
            return
        self.leave()
        self.roles = roles  # nothing can be read without a text; the next choice may name it
        self.grid.show_roles(roles)
        words = _("Say which column holds the text.")
        self.add.set_enabled(enabled=False, why_not=words)
        self.footer.set_note(words, "warn", "circle-alert")

    def _ask_import(self) -> None:
        if (seen := self.seen) is not None:
            self.leave()
            if len(seen.columns) > 1:
                remember_mapping(signature(seen), asdict(seen.mapping))
            self.import_asked.emit()
