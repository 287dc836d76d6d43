"""What will be added from a file: its columns, its first rows, what cannot come in."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import UserError
from core.files import Preview, preview, with_options
from core.i18n import _
from core.operations.import_texts import ImportRequest
from core.storage.concepts import list_concepts
from desktop.screens.dataset.columns_grid import ColumnsGrid, GridArea
from desktop.screens.dataset.look import Look, all_problems, look_at
from desktop.screens.dataset.options import ReadingOptions
from desktop.screens.dataset.page import Page
from desktop.screens.dataset.problems import problems_panel, save_problems
from desktop.screens.dataset.roles import Role, roles_of, with_role, with_roles
from desktop.screens.dataset.sentences import add_words, how_it_is_read, problem_words, stand_of
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
        roles: what each column is; one of them has to be the text.
    """

    import_asked = Signal(object)  # Preview
    left = Signal()
    choose_asked = Signal()

    def __init__(self, session: Session) -> None:
        """Show nothing yet; `open` shows a file."""
        super().__init__()
        self.session = session
        self.seen: Preview | None = None
        self.look: Look | None = None
        self.roles: dict[str, Role] = {}
        self.back = button(_("Dataset"), "link")
        self.other = button(_("Choose another file"))
        self.add = button(_("Add texts"), "primary")
        self.options, self.grid = ReadingOptions(), ColumnsGrid()
        self._place = text("", "small", "ink_3")
        self._lead = Elided("", "body", "ink_2")
        self._changing, self._panel = QWidget(), QWidget()
        for holder in (self._changing, self._panel):
            layout = QVBoxLayout(holder)
            layout.setContentsMargins(0, 0, 0, 0)
        self._build()
        self.back.clicked.connect(self.left)
        self.other.clicked.connect(self.choose_asked)
        self.add.clicked.connect(self._ask_import)
        self.options.changed.connect(self._change_options)
        self.grid.role_chosen.connect(self._change_role)

    def open(self, path: Path, *, place: str = "") -> None:
        """Show a file or folder; `place` says which of several it is."""
        self._place.setText(place)
        self.seen = None
        self._read(lambda: preview(path))

    def first_focus(self) -> QWidget:
        """Return the primary, or the way to another file where this one cannot be read."""
        return self.add if self.add.isEnabled() else self.other

    def request(self, dataset: str) -> ImportRequest:
        """Return what is to be imported."""
        assert self.seen is not None
        return ImportRequest(self.seen.path, self.seen.mapping, dataset)

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
        self._file = column(self.options, GridArea(self.grid), gap=10)
        body = step_body(
            column(crumbs, 2, title, 4, self._lead, gap=0),
            self._changing,
            self._file,
            self._panel,
            self.options.more,
            None,
            gap=12,
        )
        self.lay_out(clip(body), FooterBar(self.other, self.add))

    def _read(self, reading: Callable[[], Preview]) -> None:
        """Show the file read in a new way; where that fails, say so and keep the old one."""
        _empty(self._changing)
        try:
            seen = reading()
            colours = {c.name: c.colour for c in list_concepts(self.session.db)}
            look = look_at(seen, colours)
        except UserError as error:
            self._show_error(error)
            return
        self.seen, self.look, self.roles = seen, look, roles_of(seen)
        first_new = max(colours.values(), default=-1) + 1
        colours |= {name: i for i, name in enumerate(look.new_concepts, start=first_new)}
        self._file.show()
        self._lead.setText(how_it_is_read(seen))
        self.options.show_file(seen)
        self.grid.show_file(seen, self.roles, look, colours)
        self._show_problems(seen, look)
        self._show_stand(look)

    def _show_error(self, error: UserError) -> None:
        if self.seen is not None:  # it was a way of reading; the old one stands
            self.options.show_file(self.seen)
            self.grid.show_roles(self.roles)
            _put(self._changing, field_error(f"{error} {error.next_step}"))
            return
        self._lead.setText("")
        self._file.hide()
        self.options.more.hide()
        _empty(self._panel)
        _put(self._changing, error_panel(error))
        self.add.set_enabled(enabled=False, why_not=str(error))
        self.add.setText(_("Add texts"))
        self.footer.set_note(_("Nothing was added."))

    def _show_problems(self, seen: Preview, look: Look) -> None:
        _empty(self._panel)
        if not look.n_problems:
            return
        save = button(_("Save these rows…"), "link")
        save.clicked.connect(
            lambda: save_problems(self.window(), seen.path.name, all_problems(seen))
        )
        _put(self._panel, problems_panel(problem_words(look), look.problems, save))

    def _show_stand(self, look: Look) -> None:
        can_add = look.n_rows > 0
        self.add.setText(add_words(look))
        self.add.set_enabled(enabled=can_add, why_not=_("No row of this file can be added."))
        self.footer.set_note(*stand_of(look, has_concepts=Role.CONCEPTS in self.roles.values()))

    def _change_options(self, chosen: dict[str, object]) -> None:
        seen = self.seen
        if seen is not None:
            self._read(lambda: with_options(seen, **chosen))  # type: ignore[arg-type]  # by name

    def _change_role(self, name: str, role: Role) -> None:
        seen, roles = self.seen, with_role(self.roles, name, role)
        if seen is None:
            return
        if Role.TEXT in roles.values():
            self._read(lambda: with_roles(seen, roles))
            return
        self.roles = roles  # nothing can be read without a text; the next choice may name it
        self.grid.show_roles(roles)
        words = _("Say which column holds the text.")
        self.add.set_enabled(enabled=False, why_not=words)
        self.footer.set_note(words, "warn", "circle-alert")

    def _ask_import(self) -> None:
        self.import_asked.emit(self.seen)


def _put(holder: QWidget, content: QWidget) -> None:
    layout = holder.layout()
    if layout is not None:
        layout.addWidget(content)
        holder.show()


def _empty(holder: QWidget) -> None:
    layout = holder.layout()
    holder.hide()
    while layout is not None and (item := layout.takeAt(0)):
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
